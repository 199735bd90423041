"""Small images to bake into, and chunks that a hostile one may hold."""

from __future__ import annotations

import struct
import zlib

OB3 = "https://purl.imsglobal.org/ob/v3p0"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, body: bytes) -> bytes:
    """One PNG chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes) -> bytes:
    """A PNG of one pixel with `chunks` before the pixel."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return SIGNATURE + header + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def itxt(text: bytes, *, keyword: bytes = b"openbadgecredential", flags: bytes = b"\0\0") -> bytes:
    """An iTXt chunk; `flags` are the compression flag and method."""
    return chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


def svg(inside: str = "", attributes: str = "", before: str = "") -> bytes:
    """An SVG with these children, attributes of its root, and text before it."""
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg"{attributes}>{inside}</svg>'.encode()
