"""Puts into WeasyPrint's PDF what PDF/A-3a and PDF/UA-1 ask for beyond what WeasyPrint 70 writes.

* XMP: the PDF/UA identifier with its PDF/A extension schema; the stream uncompressed, as PDF/A demands.
* One `/AF` entry an attachment, where WeasyPrint lists each twice.
* Every glyph mapped to some character: a mark that shares its cluster's text maps to WORD JOINER, not to nothing.
* Streams that end where their /Length says, whatever their last byte.
* `/ActualText` and `/Lang` on marked text whose glyphs alone would not give its characters back in order.

This is the only module that knows how WeasyPrint builds its file and its boxes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf.stream import Stream

from issuer.certificates import scripts
from issuer.certificates.errors import CertificateFault

_RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""'

#: ISO 14289-1, 5 (the identifier) and ISO 19005-3, 6.6.2.3 (a schema that PDF/A does not know must be described).
_UA_IDENTIFIER = f"""\
<rdf:Description {_RDF} xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description {_RDF} xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


_WORD_JOINER = b"2060"  # shows nothing and breaks no word; an empty mapping is malformed


def _close_streams_unmistakably() -> None:
    """Make pydyf end every stream with CR LF.

    It writes LF. When the last byte of the deflated data happens to be CR, readers take that for part of the line end,
    and the stream is one byte shorter than its /Length, which PDF/A forbids; one stream in 256 is like that. pydyf
    writes its object and cross-reference streams itself, past any subclass, so the property is replaced for the whole
    process.
    """
    written = pydyf.Stream.data.fget
    pydyf.Stream.data = property(lambda stream: written(stream).removesuffix(b"\nendstream") + b"\r\nendstream")


_close_streams_unmistakably()


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """Finish a WeasyPrint document's file in place, just before it is written."""
    _identify(pdf)
    pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])
    texts = [box for page in document.pages for box in _text_boxes(page._page_box)]
    _speak(texts, [one for one in pdf.objects if isinstance(one, Stream)])
    _map_every_glyph(one for one in pdf.objects if isinstance(one, pydyf.Stream))
    pdf.objects[:] = [_Written(one) if isinstance(one, pydyf.Stream) else one for one in pdf.objects]


class _Written(pydyf.Stream):  # type: ignore[misc]
    """A finished stream, deflated once; pydyf would do it twice, for the file's identifier and for the file."""

    def __init__(self, finished: pydyf.Stream) -> None:
        super().__init__()
        self.number, self.generation, self.free = finished.number, finished.generation, finished.free
        self._data: bytes = finished.data

    @property
    def data(self) -> bytes:
        """The serialised stream."""
        return self._data


def _map_every_glyph(streams: Iterable[pydyf.Stream]) -> None:
    for stream in streams:
        if b"begincmap" in stream.stream:
            stream.stream = [line.replace(b"<>", b"<" + _WORD_JOINER + b">") for line in stream.stream]


def _identify(pdf: pydyf.PDF) -> None:
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    packet = b"".join(metadata.stream)
    metadata.stream = [packet.replace(b"</rdf:RDF>", _UA_IDENTIFIER.encode() + b"</rdf:RDF>")]
    metadata.compress = False


def _text_boxes(box: Any) -> Iterator[Any]:
    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    if isinstance(box, boxes.TextBox):
        yield box
    for child in getattr(box, "children", ()):
        yield from _text_boxes(child)


def _speak(texts: list[Any], streams: list[Any]) -> None:
    """Give marked content its characters and language.

    Glyphs map back to characters one by one, which fails where a mark or a reordered vowel is a glyph of its own. Text
    that runs right to left is left alone: readers reorder it themselves, and would turn ActualText round.
    """
    marks = any(_has_marks(box.text) for box in texts)
    wanted = {
        _place(box.position_x, box.position_y + box.baseline): _properties(box, marks)
        for box in texts
        if box.text.strip()
    }
    for stream in streams:
        opened = None
        for index, operation in enumerate(stream.stream):
            line = _bytes(operation)
            if line.startswith(b"<<") and b"/MCID" in line:
                opened = index
            elif line.endswith(b" Tm") and opened is not None:
                numbers = line.split()
                added = wanted.pop(_place(float(numbers[4]), float(numbers[5])), b"")
                stream.stream[opened] = _bytes(stream.stream[opened]).replace(b">>", added + b">>", 1)
                opened = None
    if wanted:
        raise CertificateFault("a text of the page has no marked content")


def _place(x: float, y: float) -> tuple[float, float]:
    return round(x, 2), round(y, 2)


def _properties(box: Any, marks: bool) -> bytes:
    properties = b""
    if box.style["lang"]:
        properties += b"/Lang " + pydyf.String(box.style["lang"]).data
    if marks and scripts.direction(box.text) == "ltr":
        properties += b"/ActualText <feff" + box.text.encode("utf-16-be").hex().encode() + b">"
    return properties


def _has_marks(text: str) -> bool:
    return any(unicodedata.category(character).startswith("M") for character in text)


def _bytes(operation: Any) -> bytes:
    if isinstance(operation, bytes):
        return operation
    return operation.data if hasattr(operation, "data") else str(operation).encode()
