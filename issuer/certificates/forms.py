"""Vector art as ready-made, compressed PDF form objects, in the shape in which WeasyPrint takes an image.

WeasyPrint looks an image up in the `cache` mapping by URL before it would fetch anything, and asks of it only a size,
a way to draw itself and an object to put into the file. Art that never changes is compressed once per process.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import pydyf

from issuer.certificates import engraving, qr

Box = tuple[float, float, float, float]

ACCENT = (0x0F / 255, 0x5C / 255, 0x4D / 255)
TINT = 0.62  # how much of the accent the frame's ink holds: present, and quieter than any text
MARGIN = 12  # points round a tile's axis: more than the strands swing


class CompressedStream(pydyf.Stream):  # type: ignore[misc]
    """A PDF stream whose bytes were deflated beforehand."""

    def __init__(self, deflated: bytes, extra: pydyf.Dictionary) -> None:
        super().__init__([], extra)
        self._deflated = deflated

    @property
    def data(self) -> bytes:
        """The serialised stream; read by pydyf when it writes the file."""
        extra = pydyf.Dictionary({**self.extra, "Filter": "/FlateDecode", "Length": len(self._deflated)})
        return b"\n".join((extra.data, b"stream", self._deflated + b"\r", b"endstream"))


class Form:
    """One drawing: PDF operators within `box` (left, bottom, right, top), and the smaller forms drawn by name."""

    def __init__(self, box: Box, operators: str, parts: Mapping[str, Form] | None = None) -> None:
        self.box = box
        self.parts = dict(parts or {})
        self.id = hashlib.sha256(operators.encode()).hexdigest()[:16]
        self._deflated = zlib.compress(operators.encode(), 9)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the box."""
        left, bottom, right, top = self.box
        return right - left, top - bottom

    def get_intrinsic_size(self, *_: Any) -> tuple[float, float, float]:
        """Width, height and their ratio, as WeasyPrint asks for them."""
        width, height = self.size
        return width, height, width / height

    def draw(self, stream: Any, concrete_width: float, concrete_height: float, _style: Any) -> None:
        """Place the form on the page; WeasyPrint's canvas has y pointing down, a form has it pointing up."""
        name = stream.add_image(self, False, 1)
        width, height = self.size
        stream.transform(concrete_width / width, 0, 0, -concrete_height / height, 0, concrete_height)
        stream.draw_x_object(name)

    def get_x_object(self, *_: Any) -> CompressedStream:
        """A new object for one file: pydyf numbers objects, so they cannot be shared between files."""
        resources = pydyf.Dictionary(
            {
                "XObject": pydyf.Dictionary({name: part.get_x_object() for name, part in self.parts.items()}),
                "Font": None,
            }
        )
        extra = {"Type": "/XObject", "Subtype": "/Form", "BBox": pydyf.Array(self.box), "Resources": resources}
        return CompressedStream(self._deflated, pydyf.Dictionary(extra))


@cache
def frame() -> Form:
    """The guilloche frame of the page."""
    pen = f"0.28 w {' '.join(f'{1 - (1 - value) * TINT:.3f}' for value in ACCENT)} RG\n"
    reach = engraving.TILE + MARGIN
    box = (-MARGIN, -MARGIN, reach, reach)
    parts = {"t": Form(box, pen + engraving.tile()), "c": Form(box, pen + engraving.corner())}
    return Form((0, 0, *engraving.PAGE), engraving.frame("t", "c"), parts)


def qr_code(url: str) -> Form:
    """The QR code of `url` with its quiet zone."""
    modules = qr.matrix(url)
    return Form((0, 0, qr.side(modules), qr.side(modules)), qr.outlines(modules))
