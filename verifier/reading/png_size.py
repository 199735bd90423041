"""Looks at the size that a picture claims, before anything of it is unpacked. It reads no pixel."""

from __future__ import annotations

import struct

from verifier.problems import PictureTooLarge

#: Cameras of phones give up to 50 million pixels; a code needs a hundredth of that.
MAX_PIXELS = 50_000_000
_PNG_HEADER = struct.Struct(">8s4x4sII")


def check_size(width: int, height: int) -> None:
    """Raise `PictureTooLarge` when there are more pixels than are ever unpacked."""
    if width * height > MAX_PIXELS:
        raise too_large()


def too_large() -> PictureTooLarge:
    """The problem of a picture with too many pixels."""
    return PictureTooLarge(f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.")


def check_png_size(data: bytes) -> None:
    """Do so for a PNG, by the 24 bytes of its signature and header (PNG, 11.2.1); what is no PNG is left alone."""
    if len(data) >= _PNG_HEADER.size:
        _, kind, width, height = _PNG_HEADER.unpack_from(data)
        if kind == b"IHDR":
            check_size(width, height)
