r"""N-Quads: terms in the canonical form of RDFC-1.0 (section 5), and a strict reader; it never resolves or fetches.

A term is kept as the text it will have: `<iri>`, `_:label`, `"literal"`, `"literal"@en`, `"literal"^^<datatype>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from credentials import errors

#: Subject, predicate, object, graph; the default graph is "".
Quad = tuple[str, str, str, str]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_ESCAPES: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
#: Control characters, DEL and what XML 1.1 does not allow as a character are written as \u and four digits.
_TO_ESCAPE = re.compile('[\x00-\x1f"\\\\\x7f\ud800-\udfff\ufffe\uffff]')
#: Finds a character of a text that a literal holds only escaped.
to_escape: Final = _TO_ESCAPE.search
_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\ud800-\udfff]*")

_HEX = "[0-9A-Fa-f]"
_UCHAR = rf"(?:\\u{_HEX}{{4}}|\\U{_HEX}{{8}})"
_IRIREF = rf"<(?:[^\x00-\x20<>\"{{}}|^`\\]|{_UCHAR})*>"
_LABEL_START = "A-Za-zÀ-ÖØ-öø-˿Ͱ-ͽͿ-῿‌-‍⁰-↏Ⰰ-⿯、-퟿豈-﷏ﷰ-�𐀀-󯿿_:0-9"
_LABEL = rf"_:[{_LABEL_START}](?:[{_LABEL_START}.·\-̀-ͯ‿-⁀]*[{_LABEL_START}·\-̀-ͯ‿-⁀])?"
_STRING = rf'"(?:[^"\\\n\r]|\\[tbnrf"\'\\]|{_UCHAR})*"'
_LITERAL = rf"(?P<string>{_STRING})(?:\^\^(?P<datatype>{_IRIREF})|(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*))?"
_LINE = re.compile(
    rf"[ \t]*(?P<subject>{_IRIREF}|{_LABEL})[ \t]*(?P<predicate>{_IRIREF})[ \t]*"
    rf"(?:(?P<resource>{_IRIREF}|{_LABEL})|{_LITERAL})[ \t]*(?P<graph>{_IRIREF}|{_LABEL})?[ \t]*\.[ \t]*(?:#.*)?"
)
_BLANK_LINE = re.compile(r"[ \t]*(?:#.*)?")
_ESCAPED = re.compile(rf"{_UCHAR}|\\.")
_UNESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def is_iri(text: str) -> bool:
    """Say whether `text` is an absolute IRI without characters that N-Quads cannot hold."""
    return _ABSOLUTE_IRI.fullmatch(text) is not None


def iri(text: str) -> str:
    """The term for an absolute IRI, which the caller has checked with `is_iri`."""
    return f"<{text}>"


def literal(text: str, *, datatype: str | None = None, language: str | None = None) -> str:
    """The canonical term for a literal; the datatype xsd:string is left out, as RDFC-1.0 demands."""
    if language is not None:
        return f'"{escape(text)}"@{language}'
    return f'"{escape(text)}{closing(datatype)}'


def closing(datatype: str | None) -> str:
    """What ends a literal of this datatype: the quotation mark, and the datatype unless it is xsd:string."""
    return '"' if datatype is None or datatype == XSD + "string" else f'"^^<{datatype}>'


def escape(text: str) -> str:
    """Escape what may not stand in a canonical literal; surrogates raise `errors.NotCanonicalizable`."""
    return _TO_ESCAPE.sub(_escape_one, text) if _TO_ESCAPE.search(text) else text


def write_quad(quad: Quad) -> str:
    """One line of N-Quads, with its line feed."""
    subject, predicate, object_, graph = quad
    return f"{subject} {predicate} {object_} {graph} .\n" if graph else f"{subject} {predicate} {object_} .\n"


def parse_nquads(text: str) -> list[Quad]:
    """Read N-Quads (RDF 1.1); terms come back in canonical form. Raises `errors.MalformedNQuads` with the line."""
    return list(_parse(text))


def _parse(text: str) -> Iterator[Quad]:
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            if _BLANK_LINE.fullmatch(line):
                continue
            raise errors.MalformedNQuads(f"line {number} is not an N-Quads statement")
        object_ = _resource(match["resource"]) if match["resource"] else _parsed_literal(match)
        yield _resource(match["subject"]), _resource(match["predicate"]), object_, _resource(match["graph"] or "")


def _resource(term: str) -> str:
    if not term.startswith("<"):
        return term
    text = _unescape(term[1:-1])
    if not is_iri(text):
        raise errors.MalformedNQuads(f"{term} is not an absolute IRI")
    return iri(text)


def _parsed_literal(match: re.Match[str]) -> str:
    datatype = _resource(match["datatype"])[1:-1] if match["datatype"] else None
    language = match["language"][1:] if match["language"] else None
    return literal(_unescape(match["string"][1:-1]), datatype=datatype, language=language)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_unescape_one, text) if "\\" in text else text


def _unescape_one(match: re.Match[str]) -> str:
    escaped = match.group()
    if escaped[1] not in "uU":
        return _UNESCAPES[escaped[1]]
    code = int(escaped[2:], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise errors.MalformedNQuads(f"{escaped} is not a character")
    return chr(code)


def _escape_one(match: re.Match[str]) -> str:
    character = match.group()
    if "\ud800" <= character <= "\udfff":
        raise errors.NotCanonicalizable("half a character (a lone surrogate) has no UTF-8 form")
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
