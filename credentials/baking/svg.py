"""Bakes a credential into an SVG and reads it back: one element of the Open Badges namespace. Nothing is rendered.

An SVG is only ever read as text for that one element; a document type declaration, and with it every entity, is
refused, so no declared text is repeated and no address in it is opened. Source: Open Badges 3.0, 5.3.2.
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from credentials import errors
from credentials.baking import content

_NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"
_ELEMENT: Final = f"{_NAMESPACE} credential"
_SVG: Final = "http://www.w3.org/2000/svg svg"
_OLD_ELEMENT: Final = "http://openbadges.org assertion"
_PREFIX: Final = "openbadges"
#: Drawing programs nest groups some twenty deep.
_MAX_DEPTH: Final = 200


def bake_svg(image: bytes, credential: bytes) -> bytes:
    """The image with the credential in it, as the first child of the `svg` element; nothing else of it changes.

    A compact JWS goes into the attribute `verify`, JSON into the body as CDATA. Raises `errors.BakedTwice` for an image
    that carries one already, `errors.ImageDamaged` and `errors.ImageTooLarge` as `read_svg`,
    `errors.MalformedEncoding` for JSON with characters that XML would change, and what `content.is_token` raises.
    """
    token = content.is_token(credential)
    reader = _Reader(image)
    if reader.found:
        raise errors.BakedTwice("the image carries a credential already")
    opened, closed = _start_tag(image, reader.root_at)
    tag = image[reader.root_at : opened]
    name = tag[1:].split(None, 1)[0].rstrip(b"/")
    declaration = f' xmlns:{_PREFIX}="{_NAMESPACE}"'.encode()
    own, inherited = (b"", declaration) if _PREFIX not in reader.prefixes else (declaration, b"")
    attribute = b' verify="' + credential + b'"' if token else b""
    body = b"" if token else b"<![CDATA[" + credential.replace(b"]]>", b"]]]]><![CDATA[>") + b"]]>"
    element = b"<openbadges:credential" + own + attribute + b">" + body + b"</openbadges:credential>"
    ending = b"</" + name + b">" if closed else b""
    after = opened + (2 if closed else 1)
    baked = b"".join((image[: reader.root_at], tag, inherited, b">", element, ending, image[after:]))
    if read_svg(baked) != credential.strip():
        raise errors.MalformedEncoding("XML would change a character of the credential: leave out line endings of CR")
    return baked


def read_svg(image: bytes) -> bytes:
    """The credential in the image: JSON or a compact JWS, without white space around it.

    Raises `errors.NotBaked`, `errors.BakedTwice`, `errors.OpenBadges2`, `errors.ImageDamaged` (not well-formed XML in
    UTF-8, another root element, a document type) and `errors.ImageTooLarge`.
    """
    reader = _Reader(image)
    texts = [text.strip() for text in reader.found if text.strip()]
    if len(texts) > 1:
        raise errors.BakedTwice(f"the image carries {len(texts)} credentials")
    if texts:
        return texts[0].encode()
    if reader.old:
        raise errors.OpenBadges2("the image carries an Open Badges 2.0 assertion")
    raise errors.NotBaked("the image has no credential element")


def _start_tag(image: bytes, position: int) -> tuple[int, bool]:
    """Where the start tag at `position` ends, at its `>` or `/>`, and whether it is the latter; quotes are skipped."""
    quote = 0
    while True:
        byte = image[position]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == 0x3E:
            closed = image[position - 1] == 0x2F
            return position - closed, closed
        position += 1


class _Reader:
    """Reads a whole image at once and keeps what every credential element holds; knows nothing else of SVG.

    `root_at` is the position of the root's start tag, `prefixes` are the namespace prefixes that it declares. `found`
    has one text for each attribute `verify` and one for each body.
    """

    def __init__(self, image: bytes) -> None:
        self.found: list[str] = []
        self.old = False
        self.prefixes: set[str | None] = set()
        self.root_at = 0
        self._depth = 0
        self._inside = 0
        self._size = 0
        content.refuse_large(image)
        self._parse(image)

    def _parse(self, image: bytes) -> None:
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            image.decode("utf-8")
            parser.Parse(image, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise errors.ImageDamaged("the image is not well-formed XML in UTF-8") from error

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise errors.ImageDamaged("the image is in another encoding than UTF-8")

    def _refuse_doctype(self, *_declaration: object) -> None:
        raise errors.ImageDamaged("the image declares a document type, which is not read")

    def _namespace(self, prefix: str | None, _uri: str) -> None:
        """Declarations of an element are reported before the element itself."""
        if self._depth == 0:
            self.prefixes.add(prefix)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 0:
            self.root_at = self._parser.CurrentByteIndex
            if name != _SVG:
                raise errors.ImageDamaged("the image is not an SVG")
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise errors.ImageDamaged(f"the image is nested deeper than {_MAX_DEPTH}")
        self.old = self.old or name == _OLD_ELEMENT
        if name == _ELEMENT:
            self._keep(attributes.get("verify", ""))
            if not self._inside:
                self._inside = self._depth
                self.found.append("")

    def _end(self, _name: str) -> None:
        if self._depth == self._inside:
            self._inside = 0
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._inside:
            self._count(text)
            self.found[-1] += text

    def _keep(self, text: str) -> None:
        self._count(text)
        self.found.append(text)

    def _count(self, text: str) -> None:
        self._size += len(text)
        if self._size > content.MAX_CREDENTIAL:
            raise errors.ImageTooLarge(f"more than {content.MAX_CREDENTIAL} characters in the credential")
