"""The four outcomes of a check as small drawings: each has a shape of its own, so that it is told without colour."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from issuer.certificates.forms import Form

_BOX = (0.0, 0.0, 24.0, 24.0)
_ROUND = "1 J 1 j "
#: A circle of radius 11 about the middle, by four Bézier curves.
_CIRCLE = (
    "23 12 m 23 18.075 18.075 23 12 23 c 5.925 23 1 18.075 1 12 c 1 5.925 5.925 1 12 1 c 18.075 1 23 5.925 23 12 c h "
)
#: Operators in a square of 24 with y pointing up.
_DRAWN: Mapping[str, str] = {
    "passed": f"0.059 0.361 0.302 rg {_CIRCLE} f 1 G 2.4 w {_ROUND} 7 11.6 m 10.4 8.2 l 17 15.2 l S",
    "failed": (
        "0.647 0.102 0.141 rg 7.5 23 m 16.5 23 l 23 16.5 l 23 7.5 l 16.5 1 l 7.5 1 l 1 7.5 l 1 16.5 l h f "
        f"1 G 2.4 w {_ROUND} 8 16 m 16 8 l S 16 16 m 8 8 l S"
    ),
    "not_checked": (
        f"0.604 0.384 0 rg 12 22.6 m 23.4 2.4 l 0.6 2.4 l h f 1 G 2.4 w {_ROUND} 12 15.5 m 12 9.6 l S 12 6 m 12 5.9 l S"
    ),
    "not_applicable": (
        f"0.42 0.475 0.459 RG 1.8 w 0.9 0 0 0.9 1.2 1.2 cm {_CIRCLE} S 2.2 w {_ROUND} 7.5 12 m 16.5 12 l S"
    ),
}


def url(outcome: str) -> str:
    """The address by which a style sheet of ours names the mark."""
    return f"plaudit:mark-{outcome}"


@cache
def images() -> Mapping[str, Form]:
    """The marks by their addresses."""
    return {url(outcome): Form(_BOX, operators) for outcome, operators in _DRAWN.items()}
