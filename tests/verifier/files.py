"""Makes the files that carry credentials, good and hostile: PDFs, baked PNGs and SVGs."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pikepdf

CREDENTIAL = '{"type": ["VerifiableCredential"], "name": "Nguyễn"}'.encode()
OB = "https://purl.imsglobal.org/ob/v3p0"


def pdf(*attachments: bytes, name: str = "credential.json", **saving: Any) -> bytes:
    """Return a one-page PDF with these attachments."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    for index, content in enumerate(attachments):
        filename = name if index == 0 else f"{index}-{name}"
        document.attachments[filename] = pikepdf.AttachedFileSpec(
            document,
            content,
            filename=filename,
            mime_type="application/json",
            description="",
            creation_date="",
            mod_date="",
        )
    out = BytesIO()
    document.save(out, **saving)
    return out.getvalue()


def pdf_with_stream(data: bytes, filters: str, name: str = "credential.json") -> bytes:
    """Return a PDF whose attachment is the stream `data` with the filters as written, so that it can lie."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(c) 4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        f"<</Type/Filespec/F({name})/UF({name})/EF<</F 5 0 R>>>>".encode(),
        f"<</Type/EmbeddedFile/Filter{filters}/Length {len(data)}>>".encode() + b"\nstream\n" + data + b"\nendstream",
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    head = b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + head + b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)


def deflated_zeros(size: int) -> bytes:
    """Return `size` zero bytes, compressed a thousandfold without ever being in memory at once."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(size >> 20)]
    return b"".join(parts) + packer.flush()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def itxt(text: bytes, *, keyword: bytes = b"openbadgecredential", compressed: bool = False) -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + (b"\1\0" if compressed else b"\0\0") + b"\0\0" + text)


def png(*chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def svg(inside: str, before: str = '<?xml version="1.0"?>\n<!-- made for a test -->\n') -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{OB}">{inside}</svg>'.encode()
