"""Knows the bundled fonts: which characters each covers, and which families a given text needs, in which order.

It reads `bundle.json` only; no font is opened here and the system's fonts play no part. A text with a character that
no bundled font covers is refused before anything is drawn.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from issuer.certificates.errors import MissingGlyph

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "certificate"
FONTS = TEMPLATES / "fonts"
BUNDLE = FONTS / "bundle.json"
FONTCONFIG = FONTS / "fonts.conf"

#: Faces of the design; every other family is there for a script that they lack.
DISPLAY = "Source Serif 4 Display"
SERIF = "Source Serif 4"
SANS = "Inter"

#: Letters of the same point size look larger in some scripts than in Latin. Factors that make names look alike, and
#: keep tall stacks (Myanmar, Khmer, Tibetan) off the lines above and below.
OPTICAL_SIZES = {
    "Noto Naskh Arabic": 1.05,
    "Noto Serif Armenian": 0.9,
    "Noto Serif CJK JP": 0.92,
    "Noto Serif Ethiopic": 0.92,
    "Noto Serif Georgian": 0.92,
    "Noto Serif Khmer": 0.8,
    "Noto Serif Malayalam": 0.86,
    "Noto Serif Myanmar": 0.74,
    "Noto Serif Tamil": 0.84,
    "Noto Serif Tibetan": 0.8,
}


@dataclass(frozen=True, slots=True)
class BundledFont:
    """One font file, its family as fontconfig calls it, and its characters as ascending range starts and ends."""

    file: str
    sha256: str
    family: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def covers(self, character: str) -> bool:
        """Whether the font has a glyph for the character."""
        point = ord(character)
        at = bisect_right(self.starts, point) - 1
        return at >= 0 and point <= self.ends[at]

    def covers_all(self, characters: Iterable[str]) -> bool:
        """Whether the font has a glyph for every one of them."""
        return all(self.covers(character) for character in characters)


@cache
def fonts() -> tuple[BundledFont, ...]:
    """The bundle in order of preference."""
    entries = json.loads(BUNDLE.read_text(encoding="utf-8"))
    return tuple(
        BundledFont(
            entry["file"],
            entry["sha256"],
            entry["family"],
            tuple(entry["ranges"][::2]),
            tuple(entry["ranges"][1::2]),
        )
        for entry in entries
    )


@cache
def _first_of(family: str) -> BundledFont:
    return next(font for font in fonts() if font.family == family)


def needs_glyph(character: str) -> bool:
    """Whether the character leaves a mark: not for spaces, controls, joiners and variation selectors."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Zs", "Zl", "Zp"} and not _is_selector(character)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def families(text: str, primary: str) -> tuple[str, ...]:
    """The families to set `text` in, most wanted first: `primary`, and what it lacks.

    A word that `primary` covers only in part is set wholly in one other font, so that a single rare letter does not
    stand out in its own name. Raises MissingGlyph when no font has a character.
    """
    main = _first_of(primary)
    before: list[str] = []
    after: list[str] = []
    for word in text.split():
        letters = [character for character in word if needs_glyph(character)]
        if main.covers_all(letters):
            continue
        chosen = _cover(letters)
        partly = any(main.covers(letter) and letter.isalpha() for letter in letters)
        (before if partly else after).extend(chosen)
    return tuple(dict.fromkeys([*before, primary, *after]))


def optical_size(used: Iterable[str]) -> float:
    """The factor for a text set in these families: the smallest of theirs, so that no part of it is too tall."""
    return min((OPTICAL_SIZES[family] for family in used if family in OPTICAL_SIZES), default=1.0)


def _cover(letters: list[str]) -> list[str]:
    """One family for all the letters, or else the fewest that the order of preference gives."""
    for font in fonts():
        if font.covers_all(letters):
            return [font.family]
    chosen: list[str] = []
    missing: set[str] = set()
    for letter in letters:
        covering = next((font.family for font in fonts() if font.covers(letter)), None)
        if covering is None:
            missing.add(letter)
        elif covering not in chosen:
            chosen.append(covering)
    if missing:
        raise _missing(missing)
    return chosen


def _missing(characters: set[str]) -> MissingGlyph:
    ordered = "".join(sorted(characters))
    named = ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, 'unassigned')}" for one in ordered)
    return MissingGlyph(f"no bundled font can draw: {named}", characters=ordered)
