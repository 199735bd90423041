"""Tells what kind of résumé was handed in and has it read. Told by its content alone; nothing is opened or judged."""

from __future__ import annotations

from verifier import baked, intake
from verifier.problems import NothingGiven, ResumeNotRead
from verifier.reading import leads
from verifier.reading.leads import Lead, Leads
from verifier.reading.png_size import check_png_size

#: A ZIP (which a Word or OpenDocument file is), and the compound file of older programs.
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def leads_in(data: bytes, reader: intake.FileReader) -> Leads:
    """Return every link and QR code of a PDF, a picture or a UTF-8 text.

    Raises `NothingGiven`, `ResumeNotRead`, and what `reader` raises.
    """
    if not data.strip():
        raise NothingGiven("There is nothing in what was handed in.")
    if intake.is_pdf(data):
        return reader.read_resume(data)
    if intake.is_photo(data) or data.startswith(baked.PNG_SIGNATURE):
        check_png_size(data)
        return Leads(tuple(Lead(code.text, "QR code", code.place) for code in reader.read_picture(data)))
    return leads.in_text(_text(data))


def _text(data: bytes) -> str:
    if data.startswith(_OFFICE):
        raise ResumeNotRead("This is an office document or an archive.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ResumeNotRead("The bytes are no PDF, no picture and no text in UTF-8.") from error
    if "\0" in text:
        raise ResumeNotRead("The bytes are no PDF, no picture and no text in UTF-8.")
    return text
