"""How the child tells many things one after the other, so that what came before its end is not lost.

A frame is a length of four bytes and so many bytes. The first frame lists the archive's files; then comes one answer
for each. A child that ends early was killed by what it did next, or had used up its share of the time.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

from credentials import strict_json

_LENGTH = struct.Struct(">I")


def frame(data: bytes) -> bytes:
    """One frame."""
    return _LENGTH.pack(len(data)) + data


def split(data: bytes) -> Iterator[bytes]:
    """The whole frames in `data`; a cut one at the end is dropped."""
    start = 0
    while start + _LENGTH.size <= len(data):
        (length,) = _LENGTH.unpack_from(data, start)
        start += _LENGTH.size + length
        if start > len(data):
            return
        yield data[start - length : start]


def listing(names: Sequence[str], left_out: int) -> bytes:
    """The content of the first frame."""
    return strict_json.dumps([[name.encode("utf-8", "replace").decode() for name in names], left_out])


def listed(data: bytes) -> tuple[list[str], int]:
    """Read what `listing` wrote."""
    value: Any = strict_json.loads(data)
    return value[0], value[1]
