"""Draws the QR code of a URL as filled outlines for a PDF. It does not read codes.

Each dark area becomes one closed outline, so there are no hairlines between modules at any zoom or print resolution,
which rows of rectangles would show. Units are modules, the quiet zone of ISO/IEC 18004 (four modules) included.
"""

from __future__ import annotations

from typing import Any

import zxingcpp

QUIET_ZONE = 4  # modules, ISO/IEC 18004, 5.3.8
CORRECTION = "Q"  # a quarter of the code words may be lost: a fold, a coffee ring, a stamp

Matrix = list[list[bool]]
Corner = tuple[int, int]


def matrix(url: str) -> Matrix:
    """The modules of the QR code for `url`, true where dark, without quiet zone."""
    code = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level=CORRECTION)
    image: Any = code.to_image(scale=1, add_quiet_zones=False)  # a buffer of grey levels, which its stub does not say
    rows: Any = memoryview(image).tolist()
    return [[level == 0 for level in row] for row in rows]


def side(modules: Matrix) -> int:
    """Side of the drawn square in modules, quiet zone included."""
    return len(modules) + 2 * QUIET_ZONE


def outlines(modules: Matrix) -> str:
    """PDF operators: a white square with the quiet zone, and the dark modules on it in black."""
    size = side(modules)
    drawn = [f"1 g 0 0 {size} {size} re f 0 g"]
    for loop in _loops(modules):
        corners = [f"{x + QUIET_ZONE} {size - QUIET_ZONE - y}" for x, y in loop]
        drawn.append(f"{corners[0]} m " + " ".join(f"{corner} l" for corner in corners[1:]) + " h")
    return "\n".join([*drawn, "f*"])


def _loops(modules: Matrix) -> list[list[Corner]]:
    """Closed outlines round dark modules. Edges run clockwise, so an edge shared by two modules cancels out."""
    edges = _edges(modules)
    loops = []
    for start, ends in edges.items():
        while ends:
            loop, here = [start], ends.pop()
            while here != start:
                loop.append(here)
                here = edges[here].pop()
            loops.append(_straight(loop))
    return loops


def _edges(modules: Matrix) -> dict[Corner, list[Corner]]:
    directed: set[tuple[Corner, Corner]] = set()
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            if not dark:
                continue
            square = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
            for start, end in zip(square, [*square[1:], square[0]], strict=True):
                if (end, start) in directed:
                    directed.remove((end, start))
                else:
                    directed.add((start, end))
    starting: dict[Corner, list[Corner]] = {}
    for start, end in sorted(directed):
        starting.setdefault(start, []).append(end)
    return starting


def _straight(loop: list[Corner]) -> list[Corner]:
    """The loop without the corners that lie on a straight line."""
    return [
        corner
        for before, corner, after in zip([loop[-1], *loop[:-1]], loop, [*loop[1:], loop[0]], strict=True)
        if (before[0] == corner[0]) != (corner[0] == after[0])
    ]
