"""The lines of text on a PDF's page, as they are extracted and as they are seen. Called in a disposable child.

Extracted text proves nothing: letters may be white, covered, or outside of the page. So each letter can be asked
whether it leaves a mark: the page is drawn once more without it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops

#: A certificate has some 700 letters. What is longer is another kind of document.
MAX_LETTERS = 20_000
#: Letters that print nothing, and forms of one letter that different writers of PDFs choose.
_UNPRINTED = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
#: Differences of colour (of 255) below this are not seen.
VISIBLE = 24

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its text, the same folded for comparison, and the places of its letters in the text page."""

    text: str
    folded: str
    letters: tuple[int, ...]


def folded(text: str) -> str:
    """The text without spaces and unprinted characters, in one normal form: what two extractions have in common."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(one for one in plain if unicodedata.category(one) not in _UNPRINTED and not _selects(one))


def _selects(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def lines_of(text: pypdfium2.PdfTextPage) -> list[Line]:
    """The page's lines in their order; none when there is more text than a certificate ever has."""
    count = pdfium.FPDFText_CountChars(text)
    if not 0 < count <= MAX_LETTERS:
        return []
    return list(_split(text, range(count)))


def _split(text: pypdfium2.PdfTextPage, indices: Iterable[int]) -> Iterator[Line]:
    characters: list[str] = []
    letters: list[int] = []
    for index in (*indices, None):
        character = "\n" if index is None else _character(pdfium.FPDFText_GetUnicode(text, index))
        if character in "\r\n":
            written = _rejoined(characters)
            if comparable := folded(written):
                yield Line(written, comparable, tuple(letters))
            characters, letters = [], []
        elif index is not None:
            characters.append(character)
            letters.append(index)


def _character(point: int) -> str:
    return chr(point) if 0 < point <= 0x10FFFF else "\ufffd"


def _rejoined(characters: Sequence[str]) -> str:
    """Characters past U+FFFF may come as two halves (UTF-16)."""
    return "".join(characters).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def box_of(text: pypdfium2.PdfTextPage, line: Line) -> Box:
    """Left, bottom, right and top of the line's letters, in points from the page's lower left corner."""
    boxes = [text.get_charbox(index, loose=True) for index in line.letters]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def unseen(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, lines: Sequence[Line], scale: float) -> list[Line]:
    """Those of `lines` of which a letter leaves no mark on the page; draws the page twice and changes it for good."""
    before = drawn(page, scale)
    for line in lines:
        for index in line.letters:
            if letter := pdfium.FPDFText_GetTextObject(text, index):
                pdfium.FPDFPageObj_SetIsActive(letter, False)
    marks = difference(before, drawn(page, scale))
    height = page.get_height()
    return [
        line for line in lines if not all(_leaves_mark(text, index, marks, scale, height) for index in line.letters)
    ]


def _leaves_mark(text: pypdfium2.PdfTextPage, index: int, marks: Image.Image, scale: float, height: float) -> bool:
    character = _character(pdfium.FPDFText_GetUnicode(text, index))
    if not character.isalnum():  # spaces and marks have no place of their own, or share one
        return True
    return crop(marks, text.get_charbox(index), scale, height).getbbox() is not None


def drawn(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    """The page as people see it, with its notes and form fields."""
    picture: Image.Image = page.render(scale=scale, may_draw_forms=True, draw_annots=True).to_pil()
    return picture.convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where two pictures of one size differ visibly, black elsewhere."""
    bands = ImageChops.difference(one, other).split()
    strongest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    return strongest.point([0] * VISIBLE + [255] * (256 - VISIBLE))


def crop(picture: Image.Image, box: Box, scale: float, height: float, margin: float = 0.0) -> Image.Image:
    """The part of a page's picture at `box`, in points from the lower left corner, and `margin` points around it."""
    left, bottom, right, top = box
    corners = (left - margin, height - top - margin, right + margin, height - bottom + margin)
    x0, y0, x1, y1 = (round(corner * scale) for corner in corners)
    return picture.crop((x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)))
