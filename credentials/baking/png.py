"""Bakes a credential into a PNG and reads it back: text in an `iTXt` chunk. No pixel is ever decoded.

Source: Open Badges 3.0, 5.3.1; PNG (Third Edition), 5.3 (chunks), 11.3.3.4 (iTXt), 11.2.5 (IEND).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from credentials import bounded_inflate, errors
from credentials.baking import content

PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEYWORD: Final = b"openbadgecredential"
#: The keyword of Open Badges 1 and 2; the address of an assertion stood in a `tEXt` chunk, the assertion in an `iTXt`.
_OLD_KEYWORD: Final = b"openbadges"
#: Compression flag and method of a text chunk; there is only one method.
_PLAIN: Final = b"\0\0"
_COMPRESSED: Final = b"\1\0"
#: More chunks than this are not an image but an attempt to keep us busy.
_MAX_CHUNKS: Final = 50_000
#: Length before and checksum after the body of a chunk, and its type: bytes that every chunk has.
_FRAME: Final = 12
#: The IHDR chunk with its frame always comes first and has this many bytes.
_HEADER_SIZE: Final = _FRAME + 13


def bake_png(image: bytes, credential: bytes) -> bytes:
    """The image with the credential in it, uncompressed, right behind the image's header, where readers find it first.

    Whatever stands behind the end of the image is left out. Raises `errors.BakedTwice` for an image that carries one
    already, what `read_png` raises for a damaged one, and what `content.is_token` raises for the credential.
    """
    content.is_token(credential)
    end = len(PNG_SIGNATURE)
    for kind, body in _chunks(image):
        if kind == b"iTXt" and _keyword(body) == _KEYWORD:
            raise errors.BakedTwice("the image carries a credential already")
        end += _FRAME + len(body)
    start = len(PNG_SIGNATURE) + _HEADER_SIZE
    text = _KEYWORD + b"\0\0\0\0\0" + credential
    framed = struct.pack(">I", len(text)) + b"iTXt" + text + struct.pack(">I", zlib.crc32(b"iTXt" + text))
    return b"".join((image[:start], framed, image[start:end]))


def read_png(image: bytes) -> bytes:
    """The credential in the image: JSON or a compact JWS, as it was baked.

    Compressed text is read although it must not be written. Raises `errors.NotBaked`, `errors.BakedTwice`,
    `errors.OpenBadges2`, `errors.ImageDamaged` (also for one wrong checksum anywhere) and `errors.ImageTooLarge`.
    """
    found: list[bytes] = []
    old = False
    for kind, body in _chunks(image):
        if kind == b"iTXt" and _keyword(body) == _KEYWORD:
            found.append(_text(bytes(body)))
        old = old or (kind in (b"iTXt", b"tEXt") and _keyword(body) == _OLD_KEYWORD)
    if len(found) > 1:
        raise errors.BakedTwice(f"the image carries {len(found)} credentials")
    if found:
        return found[0]
    if old:
        raise errors.OpenBadges2("the image carries an Open Badges 2.0 assertion")
    raise errors.NotBaked("the image has no openbadgecredential chunk")


def _chunks(image: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Type and body of every chunk from IHDR to IEND; bytes behind IEND are no part of the image (PNG, 13.2)."""
    content.refuse_large(image)
    if not image.startswith(PNG_SIGNATURE + b"\0\0\0\x0dIHDR"):
        raise errors.ImageDamaged("the image does not begin like a PNG")
    view, position = memoryview(image), len(PNG_SIGNATURE)
    for _ in range(_MAX_CHUNKS):
        length = int.from_bytes(view[position : position + 4], "big")
        end = position + _FRAME + length
        if end > len(image):
            raise errors.ImageDamaged("the image ends in the middle of a chunk")
        checked = view[position + 4 : end - 4]
        if zlib.crc32(checked) != int.from_bytes(view[end - 4 : end], "big"):
            raise errors.ImageDamaged("the checksum of a chunk is wrong")
        kind = bytes(checked[:4])
        yield kind, checked[4:]
        if kind == b"IEND":
            return
        position = end
        if position == len(image):
            raise errors.ImageDamaged("the image has no end")
    raise errors.ImageTooLarge(f"more than {_MAX_CHUNKS} chunks")


def _keyword(body: memoryview) -> bytes:
    """The keyword of a text chunk, which has at most 79 bytes and a zero byte behind it."""
    return bytes(body[:80]).partition(b"\0")[0]


def _text(body: bytes) -> bytes:
    """The text of an `iTXt` chunk: keyword, compression flag and method, language, translated keyword, text."""
    flag, parts = body[len(_KEYWORD) + 1 :][:2], body[len(_KEYWORD) + 3 :].split(b"\0", 2)
    if len(parts) != 3 or flag not in (_PLAIN, _COMPRESSED):
        raise errors.ImageDamaged("the text chunk is not well formed")
    if flag == _PLAIN:
        return parts[2]
    return bounded_inflate.inflate(
        parts[2],
        wrapper=bounded_inflate.ZLIB,
        limit=content.MAX_CREDENTIAL,
        malformed=errors.ImageDamaged,
        too_large=errors.ImageTooLarge,
    )
