"""Reads finished certificates back, with other libraries than the one that wrote them."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import page
import pikepdf
import pypdfium2
import zxingcpp


def failures(pdf: bytes) -> list[str]:
    """What page-validation has against the file as PDF/A-3a and as PDF/UA-1."""
    reports = [page.validate_pdf_bytes(pdf, profile=profile) for profile in ("3a", "ua1")]
    return [f"{one.rule_id}: {one.message}" for report in reports for one in report.failures]


def syntax_problems(pdf: bytes) -> list[str]:
    """What `qpdf --check` would say."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return file.check_pdf_syntax()


def text(pdf: bytes) -> str:
    """The text of the page as PDFium gives it, spaces made plain and invisible characters taken out."""
    drawn = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    shown = "".join(one for one in drawn if unicodedata.category(one) not in {"Cf", "Cn"} and ord(one) != 0xFFFE)
    return unicodedata.normalize("NFC", " ".join(shown.split()))


def attachments(pdf: bytes) -> dict[str, tuple[bytes, str, str]]:
    """Name → (bytes, media type, AFRelationship) of what is embedded."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return {
            name: (spec.get_file().read_bytes(), spec.get_file().mime_type, str(spec.obj.AFRelationship))
            for name, spec in file.attachments.items()
        }


def font_names(pdf: bytes) -> set[str]:
    """The embedded fonts' PostScript names without the subset's prefix, as the font program itself says them."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return {str(font.BaseFont).split("+", 1)[-1] for font in file.pages[0].Resources.Font.values()}


def fonts_not_embedded(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        missing = []
        for font in file.pages[0].Resources.Font.values():
            descriptor = font.DescendantFonts[0].FontDescriptor
            if not any(key in descriptor for key in ("/FontFile2", "/FontFile3")):
                missing.append(str(font.BaseFont))
        return missing


def shows_notdef(pdf: bytes) -> bool:
    """Whether any shown string holds glyph 0; strings are two bytes a glyph (Identity-H)."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for one in pikepdf.parse_content_stream(file.pages[0]):
            if str(one.operator) in {"Tj", "TJ"}:
                pieces: Any = one.operands[0] if str(one.operator) == "TJ" else one.operands
                strings = [bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String)]
                if any(string[at : at + 2] == b"\0\0" for string in strings for at in range(0, len(string), 2)):
                    return True
    return False


def names_in_objects(pdf: bytes, name: bytes) -> int:
    """How often a PDF name occurs anywhere once every object is written out."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        out = io.BytesIO()
        file.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True)
        return len(re.findall(re.escape(name) + rb"\b", out.getvalue()))


def qr_codes(pdf: bytes, dpi: int) -> list[Any]:
    """The QR codes in a picture of the page at that resolution."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=dpi / 72).to_pil()
    return list(zxingcpp.read_barcodes(picture))


def text_boxes(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """(left, bottom, right, top) in points of every character that leaves ink."""
    words = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    boxes = (words.get_charbox(index) for index in range(words.count_chars()))
    return [box for box in boxes if box[2] > box[0] and box[3] > box[1]]


def left_edge(pdf: bytes, word: str) -> float:
    """The left edge in points of the first place where the page shows `word`."""
    words = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    found = words.search(word).get_next()
    assert found, f"{word} is not on the page"
    index, count = found
    return min(float(words.get_charbox(one)[0]) for one in range(index, index + count))


def place_of(pdf: bytes, words: str) -> tuple[float, float, float, float]:
    """Where these words stand on the page: left, bottom, right, top, in points."""
    page_ = pypdfium2.PdfDocument(pdf)[0]
    shown = page_.get_textpage()
    found = shown.search(words).get_next()
    assert found is not None, words
    boxes = [shown.get_charbox(found[0] + offset) for offset in range(found[1])]
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)
