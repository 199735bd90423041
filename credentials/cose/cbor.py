"""Reads outside CBOR from bytes, strictly, and writes CBOR in its one deterministic form; it knows no message of it.

Read are integers, texts, byte strings, true, false, null, arrays, and maps whose keys are integers or texts: all that
COSE and CBOR Web Tokens are made of. Tags and floating-point numbers are refused; who expects a tag takes it off first.

A survey of the item heads runs before any decoder sees the bytes, so no count, length, depth or tag of a stranger's
choosing reaches it. What was decoded must then encode to the same bytes again.

Source: RFC 8949, 3 (items), 4.1 (preferred serialization) and 4.2.1 (core deterministic encoding), 5.6 (map keys).
"""

from __future__ import annotations

from typing import Any, Final

import cbor2

from credentials import errors

#: As for JSON (`strict_json.MAX_BYTES`): past this it is neither a credential nor a status list.
MAX_BYTES: Final = 1_000_000
#: A status claim in a CBOR Web Token is three levels deep; a claim with a list of tables in it stays under ten.
MAX_DEPTH: Final = 16
#: Items, counting every key and value. The compact claim of a certificate has about forty.
MAX_ITEMS: Final = 10_000

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)
#: Additional information 24 to 27 says that the argument follows in so many bytes (RFC 8949, 3).
_ARGUMENT_BYTES: Final = {24: 1, 25: 2, 26: 4, 27: 8}
#: The simple values that are read: false, true, null. The rest of major type 7 is floats and things nobody needs.
_SIMPLE: Final = (20, 21, 22)


def loads(data: bytes, *, any_order: bool = False, max_bytes: int = MAX_BYTES) -> Any:
    """Decode `data`, one item in deterministic encoding.

    With `any_order` the keys of a map may stand in any order, as in messages of issuers who were not told to sort;
    every number and length must still be in its shortest form, and no key may occur twice. Raises
    `errors.CborTooLarge`, `errors.MalformedCbor` and its subclass `errors.CborNotDeterministic`.
    """
    if len(data) > max_bytes:
        raise errors.CborTooLarge(f"{len(data)} bytes; at most {max_bytes} are read here")
    _survey(data)
    try:
        value = cbor2.loads(data, allow_duplicate_keys=False)
    except cbor2.CBORDecodeError as error:
        raise errors.MalformedCbor(f"not CBOR that can be read: {error}") from error
    if _encode(value, in_order=any_order) != data:
        raise errors.CborNotDeterministic("the CBOR is not in deterministic encoding")
    return value


def dumps(value: Any) -> bytes:
    """Encode `value` deterministically (RFC 8949, 4.2.1); `loads` reads it back.

    `errors.MalformedCbor` when it holds anything else than `loads` returns.
    """
    return _encode(value, in_order=False)


def _survey(data: bytes) -> None:
    """Walk the heads of all items; nothing is decoded and no recursion happens."""
    position, items, open_counts = 0, 0, [1]
    while open_counts:
        if open_counts[-1] == 0:
            open_counts.pop()
            continue
        open_counts[-1] -= 1
        items += 1
        if items > MAX_ITEMS or len(open_counts) > MAX_DEPTH:
            raise errors.CborTooLarge(f"more than {MAX_ITEMS} items, or nested deeper than {MAX_DEPTH}")
        major, argument, position = _head(data, position)
        if major in (_BYTES, _TEXT):
            position += argument
        elif major in (_ARRAY, _MAP):
            open_counts.append(argument * 2 if major == _MAP else argument)
    if position != len(data):
        raise errors.MalformedCbor("the CBOR ends too early" if position > len(data) else "bytes after the CBOR item")


def _head(data: bytes, position: int) -> tuple[int, int, int]:
    """The major type and argument of the item at `position`, and where what follows its head begins."""
    if position >= len(data):
        raise errors.MalformedCbor("the CBOR ends too early")
    major, info = data[position] >> 5, data[position] & 0x1F
    if major >= _TAG and (major, info) not in [(7, simple) for simple in _SIMPLE]:
        raise errors.MalformedCbor("tags, floats and simple values other than true, false and null are not read")
    size = _ARGUMENT_BYTES.get(info, 0)
    if info > 27:
        raise errors.MalformedCbor("an indefinite length, or a reserved one")
    argument = int.from_bytes(data[position + 1 : position + 1 + size], "big") if size else info
    return major, argument, position + 1 + size


def _encode(value: Any, *, in_order: bool) -> bytes:
    kind = type(value)
    if kind in (int, str, bytes, bool) or value is None:
        return _encode_plain(value)
    if kind is list:
        return _encode_length(_ARRAY, len(value)) + b"".join(_encode(item, in_order=in_order) for item in value)
    if kind is dict:
        pairs = [(_encode_key(key), _encode(item, in_order=in_order)) for key, item in value.items()]
        ordered = pairs if in_order else sorted(pairs)
        return _encode_length(_MAP, len(value)) + b"".join(key + item for key, item in ordered)
    raise errors.MalformedCbor(f"{kind.__name__} is not written as CBOR here")


def _encode_plain(value: Any) -> bytes:
    """Beyond 64 bits an integer would need a tag."""
    if type(value) is int and not -(2**64) <= value < 2**64:
        raise errors.MalformedCbor("the integer needs more than 64 bits")
    try:
        return cbor2.dumps(value)
    except UnicodeEncodeError as error:
        raise errors.MalformedCbor("the text holds half a character") from error


def _encode_key(key: Any) -> bytes:
    if type(key) not in (int, str):
        raise errors.MalformedCbor("the keys of a map must be integers or texts")
    return _encode_plain(key)


def _encode_length(major: int, length: int) -> bytes:
    """The head of an array or map: that of the unsigned integer `length`, with another major type."""
    head = bytearray(cbor2.dumps(length))
    head[0] |= major << 5
    return bytes(head)
