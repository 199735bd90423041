"""Encodes bytes as multibase text and back, strictly: base58btc, base64url and varints; it knows nothing of keys.

Decoding accepts exactly what encoding writes, so two texts never mean the same bytes.
Source: Controlled Identifiers 1.0, 2.4 (Multibase) and 2.5 (Multihash's varint); RFC 4648, 5 (base64url, no padding).
"""

from __future__ import annotations

import binascii

import pybase64
from gmpy2 import mpz

from credentials import errors

_ALPHABET = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
#: The digits that GMP writes numbers of this base with.
_GMP_DIGITS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
_FROM_GMP = dict(zip(_GMP_DIGITS, _ALPHABET.decode(), strict=True))
_TO_GMP = bytes.maketrans(_ALPHABET, _GMP_DIGITS)
_SIX_BITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_LAST_TWO = b"-_"
#: What the decoder would read too: the two characters of the standard alphabet, and padding.
_PLUS, _SLASH, _EQUALS = b"+/="
#: By a text's length modulo 4: what it lacks to whole groups of four, and which last characters it may have. With 2,
#: four bits of the last one belong to no byte, with 3 two; only zeros there are the one right form. 1 is no length.
_PADDING = (b"", b"", b"==", b"=")
_LAST = (_SIX_BITS, b"", _SIX_BITS[::16], _SIX_BITS[::4])

#: base58 takes time in the square of the length; the longest thing read in it is an RSA key of 4096 bits (722 digits).
MAX_BASE58 = 768
#: A varint of Multicodec has at most nine bytes.
_MAX_VARINT = 9


def encode_base58btc(data: bytes) -> str:
    """Write `data` in base58btc, without a multibase prefix; each leading zero byte becomes one `1`."""
    digits = data.lstrip(b"\0")
    text = mpz.from_bytes(digits, "big").digits(58).translate(_FROM_GMP) if digits else ""
    return "1" * (len(data) - len(digits)) + text


def decode_base58btc(text: str) -> bytes:
    """Read base58btc without a prefix; raises `errors.MalformedEncoding`."""
    if len(text) > MAX_BASE58:
        raise errors.MalformedEncoding(f"{len(text)} characters of base58; at most {MAX_BASE58} are read")
    written = text.encode("utf-8", "surrogatepass")
    if written.translate(None, _ALPHABET):
        odd = next(character for character in text if character.encode("utf-8", "surrogatepass") not in _ALPHABET)
        raise errors.MalformedEncoding(f"{odd!r} is not a character of base58btc")
    digits = written.lstrip(b"1")
    number = mpz(digits.translate(_TO_GMP).decode("ascii"), 58) if digits else mpz(0)
    value: bytes = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return b"\0" * (len(written) - len(digits)) + value


def encode_base64url(data: bytes) -> str:
    """Write `data` in base64url without padding and without a multibase prefix."""
    return pybase64.b64encode_as_string(data, _LAST_TWO).rstrip("=")


def decode_base64url(text: str | bytes) -> bytes:
    """Read base64url; padding, other alphabets, spaces and unused bits raise `errors.MalformedEncoding`."""
    try:
        data = text.encode("ascii") if isinstance(text, str) else text
        tail = len(data) & 3
        if _PLUS in data or _SLASH in data or _EQUALS in data or (tail and data[-1] not in _LAST[tail]):
            raise errors.MalformedEncoding("not base64url without padding, or with unused bits at its end")
        return pybase64.b64decode(data + _PADDING[tail], _LAST_TWO, True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise errors.MalformedEncoding("not base64url without padding") from error


def encode(data: bytes, *, prefix: str = "z") -> str:
    """Write `data` as multibase text: `z` for base58btc, `u` for base64url."""
    return prefix + (encode_base58btc(data) if prefix == "z" else encode_base64url(data))


def decode(text: object, *, allowed: str = "z") -> bytes:
    """Read multibase text whose prefix is one of `allowed` (`z`, `u`); raises `errors.MalformedEncoding`."""
    if not isinstance(text, str) or not text:
        raise errors.MalformedEncoding("multibase text is missing")
    if text[0] not in allowed:
        raise errors.MalformedEncoding(f"multibase prefix {text[0]!r}; expected {' or '.join(allowed)}")
    return decode_base58btc(text[1:]) if text[0] == "z" else decode_base64url(text[1:])


def encode_varint(number: int) -> bytes:
    """Write an unsigned integer as a Multiformats varint: seven bits a byte, lowest first."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def split_varint(data: bytes) -> tuple[int, bytes]:
    """Split off the varint at the start of `data`; needless bytes and cut ones raise `errors.MalformedEncoding`."""
    number = 0
    for index, byte in enumerate(data[:_MAX_VARINT]):
        number |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            if byte == 0 and index:
                raise errors.MalformedEncoding("the varint is longer than its number needs")
            return number, data[index + 1 :]
    raise errors.MalformedEncoding("the varint does not end")
