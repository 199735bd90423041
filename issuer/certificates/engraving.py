"""Computes the certificate's engraved ornament as PDF path operators. Pure arithmetic: no files, no randomness.

The frame is a guilloche: strands that cross each other at fixed harmonics of one tile. The tile's length divides both
sides of the frame and the arc of its corners exactly, so the strands run round the page without a seam and the PDF
holds one straight tile and one corner, drawn sixty times. Units are points with the origin at the bottom left.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, pi, sin

MM = 72 / 25.4
PAGE = (297 * MM, 210 * MM)

#: Tiles along the long and the short side. Their difference over 87 mm (297 - 210) fixes the tile at 14.5 mm, and so
#: the frame stands equally far from all four edges.
TILES = (18, 12)
TILE = 87 * MM / (TILES[0] - TILES[1])
RADIUS = TILE * 2 / pi  # the quarter circle is exactly one tile long
SIDES = (TILES[0] * TILE, TILES[1] * TILE)
ORIGIN = ((PAGE[0] - SIDES[0]) / 2, (PAGE[1] - SIDES[1]) / 2)

#: Strands: (harmonic of the tile, phase in turns, amplitude in points).
STRANDS = tuple((2, phase / 6, 4.1) for phase in range(6)) + tuple((1, phase / 2, 2.3) for phase in range(2))
SAMPLES = (
    8  # Bézier pieces a period; the error against the true sine (h⁴/384 of its fourth derivative) is under 0.005 pt
)

Point = tuple[float, float]
Place = Callable[[float, float], Point]


def tile() -> str:
    """The strands along one tile, from (0, 0) to the right."""
    return _strands(lambda along, across: (along, across))


def corner() -> str:
    """The strands round one corner: from (0, 0) heading right, turning left, to (RADIUS, RADIUS)."""

    def place(along: float, across: float) -> Point:
        angle = along / RADIUS
        return (RADIUS - across) * sin(angle), RADIUS - (RADIUS - across) * cos(angle)

    return _strands(place)


def frame(tile_name: str, corner_name: str) -> str:
    """The whole frame, as draws of the two forms under the names they have in the resources."""
    x, y = ORIGIN
    width, height = SIDES
    turns = (
        (x, y - RADIUS, (1, 0), TILES[0]),
        (x + width + RADIUS, y, (0, 1), TILES[1]),
        (x + width, y + height + RADIUS, (-1, 0), TILES[0]),
        (x - RADIUS, y + height, (0, -1), TILES[1]),
    )
    drawn = []
    for start_x, start_y, (c, s), count in turns:
        for step in range(count + 1):
            at = (start_x + c * TILE * step, start_y + s * TILE * step)
            name = tile_name if step < count else corner_name
            drawn.append(f"q {c} {s} {-s} {c} {_number(at[0])} {_number(at[1])} cm /{name} Do Q")
    return "\n".join(drawn)


def _strands(place: Place) -> str:
    return "\n".join(_strand(place, *strand) for strand in STRANDS)


def _strand(place: Place, harmonic: int, phase: float, amplitude: float) -> str:
    """One strand as a chain of Bézier curves that share position and slope with the curve at every joint."""
    pieces = SAMPLES * harmonic
    step = TILE / pieces

    def at(along: float) -> Point:
        return place(along, amplitude * cos(2 * pi * (harmonic * along / TILE + phase)))

    def slope(along: float) -> Point:
        (x0, y0), (x1, y1) = at(along - step / 1000), at(along + step / 1000)
        return (x1 - x0) * 500 / 3, (y1 - y0) * 500 / 3

    drawn = [f"{_pair(at(0))} m"]
    for piece in range(pieces):
        start, end = at(piece * step), at((piece + 1) * step)
        out, into = slope(piece * step), slope((piece + 1) * step)
        first = (start[0] + out[0], start[1] + out[1])
        second = (end[0] - into[0], end[1] - into[1])
        drawn.append(f"{_pair(first)} {_pair(second)} {_pair(end)} c")
    return "\n".join([*drawn, "S"])


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Two decimals of a point (3.5 µm) without needless zeros, and never "-0"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
