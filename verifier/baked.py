"""Takes the credential out of a baked PNG or SVG image (Open Badges 3.0 §5.3). It decodes no pixel and draws nothing.

A PNG carries it in an `iTXt` chunk with the keyword `openbadgecredential`, uncompressed; an SVG in an element
`credential` of the Open Badges namespace, as text, or as a compact JWS in the attribute `verify`. An SVG is only ever
read as text for that one element: a document type declaration, and with it every entity, is refused.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from verifier.problems import DamagedFile, NoCredentialInFile, SeveralCredentialsInFile

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
#: The keyword of Open Badges 1 and 2, whose assertions are not verifiable credentials.
OLD_KEYWORD = b"openbadges"
NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
#: More chunks than this are not an image but an attempt to keep us busy.
MAX_CHUNKS = 50_000
MAX_XML_DEPTH = 200


def png_credential(data: bytes) -> bytes:
    """Return the credential (JSON or compact JWS) that is baked into a PNG."""
    texts = [body for kind, body in _chunks(data) if kind == b"iTXt"]
    found = {text for text in (_baked_text(body) for body in texts) if text is not None}
    if not found and any(body.startswith(OLD_KEYWORD + b"\0") for body in texts):
        raise NoCredentialInFile(
            "The image carries an Open Badges 2.0 assertion, which is not a verifiable credential."
        )
    return _only(found)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(PNG_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if position == len(data):
            return
        if position + 12 > len(data):
            raise DamagedFile("The PNG image ends in the middle.")
        (length,) = struct.unpack_from(">I", data, position)
        kind, body = data[position + 4 : position + 8], data[position + 8 : position + 8 + length]
        check = data[position + 8 + length : position + 12 + length]
        if len(check) < 4:
            raise DamagedFile("The PNG image ends in the middle.")
        if kind == b"iTXt" and zlib.crc32(kind + body) != int.from_bytes(check, "big"):
            raise DamagedFile("The text in the PNG image is damaged (its checksum is wrong).")
        yield kind, body
        position += 12 + length


def _baked_text(body: bytes) -> bytes | None:
    """Return the text of an `iTXt` chunk with our keyword; None for another keyword (PNG §11.3.3.4)."""
    keyword, _, rest = body.partition(b"\0")
    if keyword != KEYWORD:
        return None
    if rest[:1] != b"\0":
        raise DamagedFile("The credential in the PNG image is compressed, which Open Badges does not allow.")
    parts = rest[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise DamagedFile("The text in the PNG image is not well formed.")
    return parts[2]


def svg_credential(data: bytes) -> bytes:
    """Return the credential (JSON or compact JWS) that is baked into an SVG."""
    reader = _SvgReader()
    try:
        reader.parse(data)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DamagedFile("The SVG image is not well-formed XML.") from error
    return _only({text.strip().encode() for text in reader.found if text.strip()})


class _SvgReader:
    """Collects the text of every credential element; knows nothing else of SVG."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._depth = 0
        self._inside = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def parse(self, data: bytes) -> None:
        self._parser.Parse(data, True)

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise DamagedFile("The SVG image declares a document type, which is not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_XML_DEPTH:
            raise DamagedFile("The SVG image is nested too deeply.")
        if name == f"{NAMESPACE} credential" and not self._inside:
            self._inside = self._depth
            self.found.append(attributes.get("verify", ""))

    def _end(self, _name: str) -> None:
        if self._depth == self._inside:
            self._inside = 0
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._inside:
            self.found[-1] += text


def _only(found: set[bytes]) -> bytes:
    if not found:
        raise NoCredentialInFile("The image has no credential baked into it.")
    if len(found) > 1:
        raise SeveralCredentialsInFile("The image has several credentials baked into it.")
    return found.pop()
