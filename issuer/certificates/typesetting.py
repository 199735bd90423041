"""Chooses size and line breaks for each text of a certificate, so that none is ever cut or runs over. It draws nothing.

A `Slot` is a place of the design: its width, and the sizes to try there with the lines that each may take. Texts that
surely fit at the first size are not measured; the others are laid out once, all sizes side by side, by the same engine
that will draw them. A text on several lines is then narrowed until its lines are evenly long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from issuer.certificates import bundle, scripts
from issuer.certificates.errors import DoesNotFit

MM = 72 / 25.4

#: Widths in ems that the characters of our own faces stay under; everything else counts as one and a half ems, which
#: sends texts in other scripts to be measured unless they are very short.
_NARROW, _CAPITAL, _SMALL, _OTHER = 0.45, 1.0, 0.68, 1.5
_NARROW_ONES = frozenset("fijlrtI1 .,:;'’!|/()-·")
_WIDE_ONES = frozenset("mwMW@%&—…")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for text: width in points, (size in points, most lines) to try in order, face, line height in ems."""

    width: float
    steps: tuple[tuple[float, int], ...]
    face: str = bundle.SANS
    leading: float = 1.35


#: The places of the design. The last steps hold the longest text that a record may have (names 200, lines 300).
SLOTS: Mapping[str, Slot] = {
    "issuer": Slot(200 * MM, ((13, 1), (11, 1), (10, 2), (8, 2), (6, 3)), bundle.SERIF),
    "name": Slot(
        228 * MM,
        (
            *((40, 1), (36, 1), (32, 1), (28, 1), (25, 2), (23, 2), (21, 2)),
            *((18, 2), (15, 2), (12, 2), (9.5, 2), (7.5, 2), (6, 2), (5, 2)),
        ),
        bundle.DISPLAY,
        1.3,
    ),
    "statement": Slot(228 * MM, ((11, 1), (10, 1), (9.5, 2), (8, 2), (6.5, 3), (5, 3)), bundle.SERIF),
    "title": Slot(
        216 * MM, ((21, 1), (19, 1), (17, 1), (16, 2), (14, 2), (12, 2), (10, 3), (8, 3), (6, 4)), bundle.DISPLAY, 1.25
    ),
    "skills": Slot(200 * MM, ((9.5, 1), (9, 2), (8, 2), (7, 3), (6, 3), (5, 4)), bundle.SANS, 1.45),
    "supervisor": Slot(74 * MM, ((13, 1), (11, 1), (10, 2), (8, 2), (6, 3), (5, 4)), bundle.SERIF, 1.25),
    "supervisor_title": Slot(74 * MM, ((9, 1), (8.5, 2), (7, 3), (6, 3), (5, 5)), bundle.SANS, 1.35),
    "url": Slot(60 * MM, ((8, 2), (7, 3), (6, 3), (5, 5)), bundle.SANS, 1.35),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A text with all that is needed to set it; `lines` is how many it takes at `size`, `width` what it is held to."""

    text: str
    families: tuple[str, ...]
    direction: str
    language: str | None
    size: float
    width: float
    lines: int
    leading: float

    @property
    def style(self) -> str:
        """The CSS declarations of this text.

        Inter's contextual alternates are switched off: they would print "7x4" as "7×4", in an address too. Fonts of
        other scripts need theirs.
        """
        families = ",".join(f"'{family}'" for family in self.families)
        features = "'calt' 0" if self.families == (bundle.SANS,) else "normal"
        return (
            f"font-family:{families};font-size:{self.size:g}pt;line-height:{self.leading:g};"
            f"font-feature-settings:{features}"
        )


#: Lays lines out, each at its own size and width, and says how many lines each took.
Counter = Callable[[Sequence[Line]], Sequence[int]]


def set_texts(texts: Mapping[str, tuple[str, str | None]], count: Counter) -> dict[str, Line]:
    """A Line for each slot's (text, language); the slots by name as in SLOTS.

    Raises MissingGlyph, or DoesNotFit naming the slot.
    """
    first = {slot: _at(slot, text, language, 0) for slot, (text, language) in texts.items()}
    unsure = {slot: line for slot, line in first.items() if not _surely_fits(line)}
    return first | _fit(unsure, count) if unsure else first


def _at(slot: str, text: str, language: str | None, step: int) -> Line:
    place = SLOTS[slot]
    size, lines = place.steps[step]
    families = bundle.families(text, place.face)
    return Line(
        text,
        families,
        scripts.direction(text),
        language,
        size * bundle.optical_size(families),
        place.width,
        lines,
        place.leading,
    )


def _surely_fits(line: Line) -> bool:
    """Whether the text fits its first size by an estimate that errs on the wide side, so that it need not be measured.

    Of further lines only 70 % is counted on: a word that does not fit moves on whole.
    """
    room = line.width * (1 + 0.7 * (line.lines - 1))
    return sum(map(_width, line.text)) * line.size <= room


def _width(character: str) -> float:
    if character in _NARROW_ONES:
        return _NARROW
    if character.isascii():
        return _CAPITAL if character in _WIDE_ONES or character.isupper() else _SMALL
    return _CAPITAL if character in _WIDE_ONES or (character.isalpha() and character <= "\u024f") else _OTHER


def _fit(lines: Mapping[str, Line], count: Counter) -> dict[str, Line]:
    tries = [
        (slot, replace(line, size=size * bundle.optical_size(line.families), lines=most))
        for slot, line in lines.items()
        for size, most in SLOTS[slot].steps
    ]
    taken = count([line for _, line in tries])
    fitting: dict[str, Line] = {}
    for (slot, line), lines_taken in zip(tries, taken, strict=True):
        if lines_taken <= line.lines:
            fitting.setdefault(slot, replace(line, lines=lines_taken))
    if not_fitting := lines.keys() - fitting.keys():
        slot = min(not_fitting)
        raise DoesNotFit(f"{slot.replace('_', ' ')} is too long to be printed legibly: {lines[slot].text[:60]}…")
    return fitting | _balance({slot: line for slot, line in fitting.items() if line.lines > 1}, count)


#: Shares of the slot's width at which to try a text of several lines, narrowest first.
_NARROWER = tuple(share / 40 for share in range(14, 40))


def _balance(lines: Mapping[str, Line], count: Counter) -> dict[str, Line]:
    """The same lines held to the narrowest width that needs no further line: no lone word on the last one."""
    tries = [(slot, replace(line, width=line.width * share)) for slot, line in lines.items() for share in _NARROWER]
    if not tries:
        return {}
    balanced: dict[str, Line] = {}
    for (slot, line), taken in zip(tries, count([line for _, line in tries]), strict=True):
        if taken <= line.lines:
            balanced.setdefault(slot, line)
    return balanced
