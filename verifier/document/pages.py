"""Compares a PDF that was handed in with the one that its credential draws: as pictures, then by text.

Called in a disposable child. Pictures decide: what looks the same everywhere says the same. Text only tells a change
from a document that is merely laid out in another way, so that nothing is called altered that is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

from verifier.document import additions, lines
from verifier.document.answers import ADDED, BLANK, CHANGED, COVERED, DIFFERS, ELSE, PICTURE, SAME, Compared
from verifier.document.lines import Line, folded
from verifier.document.signed import Signed
from verifier.reading.pages import opened

#: 144 dots per inch: the dot of an i is three pixels wide.
SCALE = 2.0
#: No picture gets larger than this many pixels; A3 at 144 dpi has four million.
MAX_PIXELS = 5_000_000
#: Two programs that save the same page place it within this many points.
SAME_SIZE = 1.0
#: Pages on which a certificate is looked for.
MAX_PAGES = 4
#: Of the words that are the same on every certificate, the share by which a page is known to be one.
RECOGNISED = 0.6
#: Fewer such words recognise nothing.
LEAST_COMMON = 4
#: Texts shorter than this are found in others by chance.
SHORT = 3
_NUMBER = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?(?![\w])")


@dataclass(frozen=True, slots=True)
class Expected:
    """A line that the signed data draws, and which part of that data it says: "name", "title", "hours", "dates",
    "text"; None for words that stand on every certificate."""

    line: Line
    kind: str | None


def kind_of(text: str, signed: Signed) -> str | None:
    """Which part of the signed data a printed line says; None for words that stand on every certificate."""
    line = folded(text)
    for kind, value in (("name", signed.name), ("title", signed.title)):
        if _shared(line, folded(value)):
            return kind
    numbers = set(_NUMBER.findall(text))
    if {day[:4] for day in signed.days} & numbers:
        return "dates"
    if signed.hours in numbers:
        return "hours"
    return "text" if any(_shared(line, folded(other)) for other in signed.others) else None


def _shared(line: str, value: str) -> bool:
    """Whether one is a part of the other; of very short ones (a name of two letters) only the whole counts."""
    if min(len(line), len(value)) < SHORT:
        return line == value
    return value in line or line in value


def compare(handed: bytes, expected: bytes, signed: Signed) -> Compared:
    """Compare every page of `handed` with those of `expected`, which was drawn here from the signed data."""
    with opened(handed) as shown, opened(expected) as drawn:
        shown.init_forms()
        differing = _differences(shown, drawn)
        if differing is not None and not any(mask.getbbox() for mask in differing):
            added = additions.additions(handed, expected)
            return Compared(ADDED, added) if added else Compared(SAME)
        return _by_text(shown, drawn, signed, differing) or Compared(_nature(shown))


def look(handed: bytes, signed: Signed) -> Compared:
    """For a document that is not drawn here: whether its page is text, a picture or blank. `about`: what was found."""
    with opened(handed) as shown:
        shown.init_forms()
        nature, whole = text_of(shown)
        found = [kind for kind in ("name", "title") if (value := folded(getattr(signed, kind))) and value in whole]
        return Compared(nature, tuple(found))


def text_of(shown: pypdfium2.PdfDocument) -> tuple[str, str]:
    """What the first pages show (text, a picture, nothing), and their text, folded."""
    return _nature(shown), "".join(line.folded for line in _all_lines(shown))


def _differences(shown: pypdfium2.PdfDocument, drawn: pypdfium2.PdfDocument) -> list[Image.Image] | None:
    """For each page that was drawn, white where what is shown differs; None when there is no such page, or its size."""
    if len(shown) < len(drawn):
        return None
    masks = []
    for number in range(len(drawn)):
        page, own = shown[number], drawn[number]
        if any(abs(a - b) > SAME_SIZE for a, b in zip(page.get_size(), own.get_size(), strict=True)):
            return None
        masks.append(_differing(lines.drawn(page, SCALE), lines.drawn(own, SCALE)))
    return masks


def _differing(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where the pictures differ by more than a pixel's shift: a pixel must be like one of the other's nearby."""
    mask = Image.new("L", other.size)
    if one.size != other.size:
        one = one.resize(other.size)
    place = lines.difference(one, other).getbbox()
    if place is not None:
        left, top, right, bottom = place
        around = (left - 2, top - 2, right + 2, bottom + 2)
        near, far = one.crop(around), other.crop(around)
        mask.paste(ImageChops.lighter(_beyond(near, far), _beyond(far, near)), around[:2])
    return mask


def _beyond(one: Image.Image, other: Image.Image) -> Image.Image:
    lightest, darkest = other.filter(ImageFilter.MaxFilter(3)), other.filter(ImageFilter.MinFilter(3))
    outside = ImageChops.add(ImageChops.subtract(one, lightest), ImageChops.subtract(darkest, one))
    return lines.difference(outside, Image.new("RGB", outside.size))


def _by_text(
    shown: pypdfium2.PdfDocument, drawn: pypdfium2.PdfDocument, signed: Signed, masks: Sequence[Image.Image] | None
) -> Compared | None:
    """What the text gives away of a page that is laid out as a certificate; None when there is no such page."""
    own = drawn[0].get_textpage()
    expected = [Expected(line, kind_of(line.text, signed)) for line in lines.lines_of(own)]
    common = {one.line.folded for one in expected if one.kind is None}
    height = drawn[0].get_height()
    answer = None
    for number in range(min(len(shown), MAX_PAGES)):
        page = shown[number]
        text = page.get_textpage()  # of this very page: loaded again, its letters would be others
        found = lines.lines_of(text)
        if len(common) < LEAST_COMMON or len(common & {line.folded for line in found}) < RECOGNISED * len(common):
            continue
        mask = masks[0] if masks and number == 0 else None
        suspects = {one.line.folded: one.kind for one in expected if one.kind and _differs(own, one.line, mask, height)}
        compared = _missing(suspects, found) or _covered(page, text, suspects, found)
        if compared:
            return compared
        answer = answer or Compared(DIFFERS, tuple(sorted(set(suspects.values()))))
    return answer


def _differs(text: pypdfium2.PdfTextPage, line: Line, mask: Image.Image | None, height: float) -> bool:
    """Whether the place of an expected line looks different; where pictures can't be laid over each other, perhaps."""
    return mask is None or lines.crop(mask, lines.box_of(text, line), SCALE, height, 1.0).getbbox() is not None


def _missing(suspects: Mapping[str, str], found: Sequence[Line]) -> Compared | None:
    present = {line.folded for line in found}
    kinds = {kind for line, kind in suspects.items() if line not in present}
    return Compared(CHANGED, tuple(sorted(kinds))) if kinds else None


def _covered(
    page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, suspects: Mapping[str, str], found: Sequence[Line]
) -> Compared | None:
    hidden = lines.unseen(page, text, [line for line in found if line.folded in suspects], _scale(page, SCALE))
    about = {suspects[line.folded] for line in hidden}
    return Compared(COVERED, tuple(sorted(about))) if about else None


def _scale(page: pypdfium2.PdfPage, wanted: float) -> float:
    """`wanted`, or less for a page so large that its picture would be."""
    width, height = page.get_size()
    return float(min(wanted, (MAX_PIXELS / max(width * height, 1)) ** 0.5))


def _nature(shown: pypdfium2.PdfDocument) -> str:
    """Whether there is text to read on the first pages, only a picture, or nothing at all."""
    if _all_lines(shown):
        return ELSE
    for number in range(min(len(shown), MAX_PAGES)):
        picture = lines.drawn(shown[number], _scale(shown[number], 1.0))
        if picture.convert("L").getextrema() != (255, 255):
            return PICTURE
    return BLANK


def _all_lines(shown: pypdfium2.PdfDocument) -> list[Line]:
    return [
        line for number in range(min(len(shown), MAX_PAGES)) for line in lines.lines_of(shown[number].get_textpage())
    ]
