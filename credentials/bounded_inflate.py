"""Unpacks DEFLATE streams of strangers (gzip, zlib), never to more than a stated size; it reads no files."""

from __future__ import annotations

import zlib
from typing import Final

from credentials.errors import PlauditError

#: What stands around the DEFLATE data, as zlib calls it: an RFC 1950 (zlib) or RFC 1952 (gzip) header and checksum.
ZLIB: Final = 15
GZIP: Final = 31


def inflate(
    data: bytes, *, wrapper: int, limit: int, malformed: type[PlauditError], too_large: type[PlauditError]
) -> bytes:
    """Unpack one whole stream in `wrapper` (`ZLIB` or `GZIP`) and nothing after it, to at most `limit` bytes.

    Raises `too_large` having unpacked no more than one byte over the limit, and `malformed` for damaged data, a wrong
    checksum, an end too early, or bytes after the end.
    """
    unpacker = zlib.decompressobj(wrapper)
    try:
        unpacked = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise malformed(f"the compressed data does not unpack: {error}") from error
    if len(unpacked) > limit:
        raise too_large(f"the compressed data unpacks to more than {limit} bytes")
    if not unpacker.eof:
        raise malformed("the compressed data ends too early")
    if unpacker.unused_data:
        raise malformed("the compressed data goes on after its end")
    return unpacked
