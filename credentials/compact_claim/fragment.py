"""The text form of a signed compact claim: `9` and one decimal number, for a URL's fragment. It knows no CBOR.

A QR code writes three digits in ten bits, so decimal digits lose next to nothing there. This is base10 as the multibase
registry has it: the bytes are one big-endian number. Leading zero bytes do not occur, as no COSE message begins so.

Source: multibase (multiformats), base10; ISO/IEC 18004, 7.4.3 (numeric mode).
"""

from __future__ import annotations

import re
from typing import Final

from credentials import errors

PREFIX: Final = "9"
#: Past this, a printed code of 34 mm cannot be read any more, whatever its error correction.
MAX_BYTES: Final = 1024
#: The digits of the largest number of that many bytes. (Python itself reads numbers of up to 4,300 digits.)
MAX_DIGITS: Final = 2467

_FRAGMENT: Final = re.compile(rf"9([1-9][0-9]{{0,{MAX_DIGITS - 1}}})", re.ASCII)


def to_fragment(data: bytes) -> str:
    """Write `data`, a signed compact claim, as `9…`; the # is not part of it.

    Raises `errors.CompactClaimTooLarge`, and `errors.FragmentMalformed` for no bytes or a zero byte in front.
    """
    if len(data) > MAX_BYTES:
        raise errors.CompactClaimTooLarge(f"{len(data)} bytes; at most {MAX_BYTES} are written")
    if not data or data[0] == 0:
        raise errors.FragmentMalformed("no bytes, or a zero byte in front")
    return PREFIX + str(int.from_bytes(data, "big"))


def from_fragment(text: str) -> bytes:
    """Read `9…` (without the #). Two texts never mean the same bytes.

    Raises `errors.FragmentMalformed` and `errors.CompactClaimTooLarge`.
    """
    if len(text) > len(PREFIX) + MAX_DIGITS:
        raise errors.CompactClaimTooLarge(f"{len(text)} characters; at most {len(PREFIX) + MAX_DIGITS} are read")
    match = _FRAGMENT.fullmatch(text)
    if match is None:
        raise errors.FragmentMalformed("not 9 and a decimal number without a zero in front")
    number = int(match[1])
    size = (number.bit_length() + 7) // 8
    if size > MAX_BYTES:
        raise errors.CompactClaimTooLarge(f"{size} bytes; at most {MAX_BYTES} are read")
    return number.to_bytes(size, "big")
