"""Open Badges 3.0 baking: puts a signed credential into a PNG or SVG image and takes it out again; it draws nothing.

A credential is JSON with its proof inside, or a compact JWS (Open Badges 3.0, 5.3). Whether it is good is for
`credentials.verify` to say. Badges of the generation before are recognised and named by `open_badges_2`.
"""

from __future__ import annotations

from credentials.baking.open_badges_2 import Assertion, recognise_open_badges_2, refuse_open_badges_2
from credentials.baking.png import PNG_SIGNATURE, bake_png, read_png
from credentials.baking.svg import bake_svg, read_svg

__all__ = [
    "PNG_SIGNATURE",
    "Assertion",
    "bake_png",
    "bake_svg",
    "read_png",
    "read_svg",
    "recognise_open_badges_2",
    "refuse_open_badges_2",
]
