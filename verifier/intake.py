"""Turns whatever a person hands in into the bytes of one credential. Pure: it fetches, stores and judges nothing.

What a file is, is told by its content alone; its name and its declared type are never looked at, so a PDF called
`photo.png` is a PDF. Same credential, same bytes, whichever way it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from credentials import short_code
from credentials.compact_claim import MAX_DIGITS
from credentials.errors import PlauditError
from verifier import baked, pdf
from verifier.document.answers import Answer, Asked
from verifier.document.glance import InPdf
from verifier.problems import NoCredentialInFile, NothingGiven, NotRecognised
from verifier.reading.codes import Code
from verifier.reading.leads import Leads
from verifier.reading.png_size import check_png_size
from verifier.reading.web_page import Offered

#: What a file holds: the bytes of one credential, or the QR codes that may lead to one.
Contents = bytes | tuple[Code, ...]
#: Reads the embedded credential out of a PDF.
PdfReader = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The files of an archive by name, each with what it holds or what is wrong; `left_out` are past a limit."""

    files: tuple[tuple[str, Contents | InPdf | PlauditError], ...]
    left_out: int


class PictureReader(Protocol):
    """Reads untrusted pictures."""

    def read_picture(self, data: bytes) -> tuple[Code, ...]:
        """Return the QR codes in a JPEG, PNG or WebP picture."""
        ...


class FileReader(PictureReader, Protocol):
    """Reads untrusted files; the web hands in one that works in disposable children (`sandbox.FileSandbox`)."""

    def read_pdf(self, data: bytes) -> Contents:
        """Return the credential embedded in a PDF, else the QR codes on its pages."""
        ...

    def read_resume(self, data: bytes) -> Leads:
        """Return the links and QR codes on the pages of a PDF."""
        ...

    def read_page(self, data: bytes, address: str) -> Offered:
        """Return what the web page at `address` holds and links to."""
        ...

    def examine(self, asked: Asked) -> Answer:
        """Look into a PDF as a whole: its signatures, and its pages."""
        ...

    def read_archive(self, data: bytes) -> Unpacked:
        """Return what is in each file of a ZIP archive."""
        ...


#: The header of a PDF may stand anywhere in its first kilobyte (ISO 32000-1, implementation note 13).
_PDF_WINDOW = 1024
_COMPACT = re.compile(rb"eyJ[A-Za-z0-9_-]+={0,2}\.[A-Za-z0-9_-]*={0,2}\.[A-Za-z0-9_-]*={0,2}(?:~[A-Za-z0-9._=~-]*)?")
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
#: How far the first element of an XML document is looked for, and past how many pieces of its prologue.
_XML_WINDOW = 8192
_XML_PROLOGUE = 16
#: A web page, by its document type or by what it begins with (HTML, 13.1).
_HTML = re.compile(rb"<(?:!doctype[ \t\r\n]+html|html|head|body)(?=[ \t\r\n/>])", re.IGNORECASE)
#: The compact claim of a printed code, behind the # of its address.
_CLAIM = re.compile(rf"9[0-9]{{1,{MAX_DIGITS}}}", re.ASCII)
_SVG_ELEMENT = re.compile(rb"<(?:[A-Za-z][A-Za-z0-9]{0,20}:)?svg[ \t\r\n/>]")
#: CBOR tag 18: a credential secured with COSE (RFC 9052, 4.2).
_COSE_SIGN1 = b"\xd2"
_JPEG = b"\xff\xd8\xff"
_UTF8_BOM = b"\xef\xbb\xbf"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


def contents(data: bytes, reader: FileReader) -> Contents:
    """Return the credential in `data` as `credential_bytes` does, or the QR codes of a picture or document without one.

    Raises what `credential_bytes` raises, and what `reader` does.
    """
    return reader.read_pdf(data) if is_pdf(data) else contents_of_no_pdf(data, reader)


def contents_of_no_pdf(data: bytes, reader: PictureReader) -> Contents:
    """Do so for everything but a PDF."""
    if data.startswith(baked.PNG_SIGNATURE):
        return _png(data, reader)
    return reader.read_picture(data) if is_photo(data) else credential_bytes(data)


def _png(data: bytes, reader: PictureReader) -> Contents:
    """What is baked into a PNG; where nothing is, it is a screenshot."""
    try:
        return baked.png_credential(data)
    except NoCredentialInFile:
        check_png_size(data)
        return reader.read_picture(data)


def credential_bytes(data: bytes, *, read_pdf: PdfReader = pdf.embedded_credential) -> bytes:
    """Return the credential in `data`: JSON, a compact token or COSE itself, or the one a PDF, PNG or SVG carries.

    JSON comes back byte for byte, so that what is judged is what was handed in. Raises a `BadData` from
    `verifier.problems` that says what the bytes are instead.
    """
    start = data.lstrip(b" \t\r\n")
    if not start:
        raise NothingGiven("There is nothing in what was handed in.")
    if start[:1] in (b"{", b"[") or start.startswith(_UTF8_BOM):
        return data
    if is_compact(start.strip()):
        return start.strip()
    if data.startswith(_COSE_SIGN1):
        return data
    if data.startswith(baked.PNG_SIGNATURE):
        return baked.png_credential(data)
    if is_pdf(data):
        return read_pdf(data)
    if _is_svg(start):
        return baked.svg_credential(data)
    raise NotRecognised(_what_it_is(start))


def is_compact(credential: bytes) -> bool:
    """Tell a compact token (JWS, SD-JWT) from JSON."""
    return _COMPACT.fullmatch(credential) is not None


def is_json(credential: bytes) -> bool:
    """Tell JSON from the formats that are none."""
    return not is_compact(credential) and not credential.startswith(_COSE_SIGN1)


def is_written_credential(text: bytes) -> bool:
    """Tell JSON and compact tokens from every other text; whether it is a credential is for the verification to say."""
    return text.lstrip(b" \t\r\n")[:1] == b"{" or is_compact(text.strip())


def address_in(text: str) -> str | None:
    """Return the web address when the pasted text is one and nothing else, without what stands behind its #."""
    stripped = text.strip()
    return without_fragment(stripped) if _ADDRESS.fullmatch(stripped) else None


def without_fragment(address: str) -> str:
    """An address as it is asked for (RFC 3986, 3.5): the fragment is its reader's own, like the claim in our codes."""
    return address.partition("#")[0]


def claim_in(text: str) -> str | None:
    """Return the compact claim behind the # of a pasted address, as its text `9…`; None when there is none."""
    fragment = text.strip().partition("#")[2]
    return fragment if _CLAIM.fullmatch(fragment) else None


def is_short_code(text: str) -> bool:
    """Tell a code that was typed from paper, perhaps with a mistake in it, from everything else that people paste."""
    return short_code.resembles(text)


def is_web_page(data: bytes) -> bool:
    """Tell an HTML page, as answers to an address often are, by its content; XHTML counts."""
    start = data.removeprefix(_UTF8_BOM)[:_XML_WINDOW].lstrip(b" \t\r\n")
    for _ in range(_XML_PROLOGUE):
        if _HTML.match(start):
            return True
        ending = _ending_of_prologue(start)
        if ending is None:
            return False
        start = start.partition(ending)[2].lstrip(b" \t\r\n")
    return False


def is_photo(data: bytes) -> bool:
    """Tell a picture of the kinds that carry no credential, JPEG and WebP: there is at most a code on it."""
    return data.startswith(_JPEG) or (data[:4], data[8:12]) == (b"RIFF", b"WEBP")


def is_pdf(data: bytes) -> bool:
    """Tell a PDF from everything that may begin with something else: text and JSON never hold its header so early."""
    start = data.lstrip(b" \t\r\n")
    return b"%PDF-" in data[:_PDF_WINDOW] and start[:1] not in (b"{", b"[")


def _is_svg(start: bytes) -> bool:
    """Tell an SVG from a web page or other XML by its first element, past declaration, comments and document type."""
    window = start[:_XML_WINDOW]
    for _ in range(_XML_PROLOGUE):
        window = window.lstrip(b" \t\r\n")
        ending = _ending_of_prologue(window)
        if ending is None:
            break
        window = window.partition(ending)[2]
    return _SVG_ELEMENT.match(window) is not None


def _ending_of_prologue(window: bytes) -> bytes | None:
    """Return what ends the piece that `window` begins with; None when it begins with an element or with text."""
    if window.startswith(b"<!DOCTYPE"):
        return b"]>" if b"[" in window.partition(b">")[0] else b">"
    return b"?>" if window.startswith(b"<?") else b"-->" if window.startswith(b"<!--") else None


def _what_it_is(start: bytes) -> str:
    """Say in a few words what the bytes look like, so that the next try is the right one."""
    lower = start[:200].lower()
    if lower.startswith((b"<!doctype html", b"<html")):
        return "This is a web page, not a credential; use the page's address."
    if lower.startswith((b"\xff\xd8\xff", b"gif8", b"riff", b"bm")):
        return "This is a picture of a kind that cannot carry a credential; a QR code is read from JPEG, PNG and WebP."
    if lower.startswith(b"pk\x03\x04"):
        return "This is a ZIP archive or an office document; hand in the PDF or JSON file itself."
    if start.startswith(_UTF16_BOMS):
        return "This text is in UTF-16; a credential is UTF-8."
    return "The bytes are no JSON, compact token, PDF, PNG or SVG."
