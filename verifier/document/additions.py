"""Names what in a PDF could look different in another program, or another time: notes, forms, layers, scripts, pages.

Called in a disposable child. It runs and draws nothing; it only looks whether such things are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf

#: More pages than this are not looked at, because they count as added anyway.
MAX_PAGES = 8
MAX_NOTES = 200
MAX_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """What our own drawing has of such things: pages, addresses that links lead to, attached files, and its title."""

    pages: int
    links: frozenset[str]
    files: int
    title: str | None


def additions(handed: bytes, expected: bytes) -> tuple[str, ...]:
    """What stands in `handed` beyond what `expected`, drawn here, has; each kind once, sorted."""
    with pikepdf.open(BytesIO(expected)) as pdf:
        links = {address for page in pdf.pages for note in _notes(page) if (address := _address(note)) is not None}
        drawn = Drawn(len(pdf.pages), frozenset(links), len(pdf.attachments), _title(pdf))
    with pikepdf.open(BytesIO(handed), suppress_warnings=True) as pdf:
        return tuple(sorted(set(_found(pdf, drawn))))


def _found(pdf: pikepdf.Pdf, drawn: Drawn) -> Iterator[str]:
    root = pdf.Root
    if len(pdf.pages) != drawn.pages:
        yield "page"
    if len(pdf.attachments) > drawn.files:
        yield "file"
    if _title(pdf) not in (drawn.title, None):  # a reader shows it above the page
        yield "title"
    if "/OCProperties" in root:
        yield "layer"
    names = root.get("/Names")
    if "/OpenAction" in root or "/AA" in root or (isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names):
        yield "script"
    yield from _forms(root.get("/AcroForm"))
    for page in pdf.pages[:MAX_PAGES]:
        if "/AA" in page:
            yield "script"
        for note in _notes(page):
            yield from _judged(note, drawn.links)


def _title(pdf: pikepdf.Pdf) -> str | None:
    """The document's title: of its metadata (XMP), which readers prefer, else of its information dictionary."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        title = metadata.get("dc:title") or pdf.docinfo.get("/Title")
    return None if title is None else str(title)


def _forms(form: Any) -> Iterator[str]:
    if not isinstance(form, pikepdf.Dictionary):
        return
    fields = form.get("/Fields", pikepdf.Array())
    if "/XFA" in form or len(fields) > MAX_FIELDS:
        yield "form"
        return
    if any(not _signs(field) for field in fields):
        yield "form"


def _notes(page: Any) -> list[Any]:
    notes = page.get("/Annots")
    return list(notes)[:MAX_NOTES] if isinstance(notes, pikepdf.Array) else []


def _judged(note: Any, links: frozenset[str]) -> Iterator[str]:
    """A signature that shows nothing and a link of the certificate's own are no additions."""
    if not isinstance(note, pikepdf.Dictionary):
        return
    kind = str(note.get("/Subtype"))
    if kind == "/Link":
        if _address(note) not in links:
            yield "link"
    elif not (kind == "/Widget" and _signs(note) and _shows_nothing(note)):
        yield "note"


def _address(note: Any) -> str | None:
    action = note.get("/A") if isinstance(note, pikepdf.Dictionary) else None
    address = action.get("/URI") if isinstance(action, pikepdf.Dictionary) else None
    return None if address is None else str(address)


def _signs(field: Any) -> bool:
    return isinstance(field, pikepdf.Dictionary) and str(field.get("/FT")) == "/Sig"


def _shows_nothing(note: pikepdf.Dictionary) -> bool:
    corners = [float(corner) for corner in note.get("/Rect", pikepdf.Array([0, 0, 0, 0]))]
    return len(corners) == 4 and (corners[0] == corners[2] or corners[1] == corners[3])
