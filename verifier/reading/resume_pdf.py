"""Finds the links and QR codes on the pages of a résumé in PDF. Called in a disposable child; it opens no address."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from verifier.reading import pages, places
from verifier.reading.leads import MAX_ADDRESS, MAX_LEADS, Lead, Leads
from verifier.reading.places import Place

#: A résumé has two pages, an academic one a dozen.
MAX_PAGES = 12
#: PDFium turns a place on the page into whole units of the drawing: ten to the point.
_FINE = 10
#: No page is larger than 200 inches (ISO 32000-2, annex C.2).
_MAX_POINTS = 14_400


def leads_in(data: bytes) -> Leads:
    """Return what the first pages of a PDF point to; raises `DamagedFile` and `EncryptedFile`."""
    with pages.opened(data) as document:
        total = len(document)
        read = min(total, MAX_PAGES)
        found = [lead for number in range(read) for lead in _on_page(document, number)]
    return Leads(tuple(found[:MAX_LEADS]), total, read)


def _on_page(document: pypdfium2.PdfDocument, index: int) -> Iterator[Lead]:
    page = document[index]
    for address, place in (*_annotations(document, page, index + 1), *_written(page, index + 1)):
        if address.lower().startswith(("https://", "http://")):
            yield Lead(address, "link", place)
    for code in pages.codes_on(page, index + 1):
        yield Lead(code.text, "QR code", code.place)


def _annotations(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, number: int) -> Iterator[tuple[str, Place]]:
    """The links that can be clicked."""
    position, link, box = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    for _ in range(MAX_LEADS):
        if not pdfium.FPDFLink_Enumerate(page.raw, ctypes.byref(position), ctypes.byref(link)):
            return
        action = pdfium.FPDFLink_GetAction(link)
        size = pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0) if action else 0
        if 1 < size <= MAX_ADDRESS + 1 and pdfium.FPDFLink_GetAnnotRect(link, box):
            text = ctypes.create_string_buffer(size)
            pdfium.FPDFAction_GetURIPath(document.raw, action, text, size)
            yield text.value.decode("utf-8", "replace").strip(), _place(page, number, box.left, box.top)


def _written(page: pypdfium2.PdfPage, number: int) -> Iterator[tuple[str, Place]]:
    """The addresses that are printed, as PDFium finds them in the text."""
    text_page = page.get_textpage()
    links = pdfium.FPDFLink_LoadWebLinks(text_page.raw)
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    try:
        for index in range(min(pdfium.FPDFLink_CountWebLinks(links), MAX_LEADS)):
            size = pdfium.FPDFLink_GetURL(links, index, None, 0)
            if 1 < size <= MAX_ADDRESS + 1 and pdfium.FPDFLink_GetRect(links, index, 0, left, top, right, bottom):
                yield _address(links, index, size), _place(page, number, left.value, top.value)
    finally:
        pdfium.FPDFLink_CloseWebLinks(links)


def _address(links: pdfium.FPDF_PAGELINK, index: int, size: int) -> str:
    """The text of one link; PDFium counts in units of UTF-16 with a zero at the end."""
    units = (ctypes.c_ushort * size)()
    pdfium.FPDFLink_GetURL(links, index, units, size)
    return bytes(units).decode("utf-16-le", "replace").rstrip("\0")


def _place(page: pypdfium2.PdfPage, number: int, left: float, top: float) -> Place:
    """A place as the reader sees the page: turned and cropped as it is shown."""
    width, height = (min(side, _MAX_POINTS) for side in page.get_size())
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(
        page.raw, 0, 0, int(width * _FINE), int(height * _FINE), 0, left, top, ctypes.byref(across), ctypes.byref(down)
    )
    return places.on_page(number, left=across.value / _FINE, top=down.value / _FINE)
