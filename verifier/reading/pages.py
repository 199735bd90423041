"""Reads the QR codes on the pages of a PDF, with their places. Called in a disposable child; it opens no address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import zxingcpp

from verifier.problems import DamagedFile, EncryptedFile
from verifier.reading import pictures, places
from verifier.reading.codes import Code

#: A certificate has one page, a printed dossier a few.
MAX_PAGES = 6
#: 150 dots per inch: a module of half a millimetre is three pixels wide.
SCALE = 150 / 72
#: A page of any size becomes a picture no larger than this.
MAX_SIDE = 2_400
#: ISO 32000-2, 7.6.4: what PDFium says when a document opens only with its password.
_PASSWORD_NEEDED = 4


def codes_on_pages(data: bytes, *, most: int = MAX_PAGES) -> tuple[Code, ...]:
    """Return every readable QR code on the first `most` pages, each text once, with the place where it first stands.

    Raises `DamagedFile` and `EncryptedFile`.
    """
    with opened(data) as document:
        found = [code for number in range(min(len(document), most)) for code in codes_on(document[number], number + 1)]
    return tuple({code.text: code for code in reversed(found)}.values())[::-1][: pictures.MAX_CODES]


@contextmanager
def opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed again afterwards; whatever goes wrong with it is the file's fault."""
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            yield document
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_NEEDED:
            raise EncryptedFile("The PDF is encrypted: it opens only with a password.") from error
        raise DamagedFile("The PDF's structure is broken, so its pages can't be read.") from error


def codes_on(page: pypdfium2.PdfPage, number: int) -> Iterator[Code]:
    """Draw one page in grey and yield the codes that can be read on it."""
    width, height = page.get_size()
    scale = min(SCALE, MAX_SIDE / max(width, height, 1))
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")
    for code in pictures.codes_of(picture):
        if code.valid:
            yield Code(code.text, _place(code, number, scale))


def _place(code: zxingcpp.Barcode, page: int, scale: float) -> places.Place:
    corners = [code.position.top_left, code.position.top_right, code.position.bottom_left, code.position.bottom_right]
    left, top = min(corner.x for corner in corners), min(corner.y for corner in corners)
    return places.on_page(page, left=left / scale, top=top / scale)
