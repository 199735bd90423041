"""JSON Canonicalization Scheme (RFC 8785): one byte form for each JSON value; it parses nothing.

orjson with sorted keys writes the same bytes as RFC 8785 wherever its writer and ECMAScript's agree. What it wrote
says whether they do; where not (floats, keys that UTF-16 sorts otherwise), the package rfc8785 writes.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
import rfc8785

from credentials import errors
from credentials.strict_json import is_deeper, outside_strings

#: Past this a double, which is all that RFC 8785 knows, no longer holds every integer.
_MAX_INTEGER: Final = 2**53
#: Values come from the byte gate (32 levels) and gain a few when wrapped; no reader's recursion is ever at risk.
MAX_DEPTH: Final = 64

#: Integers beyond 2^53, and what orjson knows and JSON does not, come back as errors.
_OPTIONS: Final = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
#: From U+E000 on (first byte 0xEE in UTF-8), UTF-16, which RFC 8785 sorts by, and code points, which orjson sorts by,
#: order differently.
_BEFORE_UTF16_DIFFERS: Final = bytes(range(0xEE))
#: What stands outside of strings where no number has a fraction or an exponent, but for true and false.
_NOT_OF_FLOATS: Final = b"{}[]:,-0123456789"


def jcs(value: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value (as `strict_json.loads` gives them).

    Raises `errors.NotCanonicalizable` where there is none.
    """
    try:
        written = orjson.dumps(value, option=_OPTIONS)
    except TypeError:
        return _careful(value)
    structure = outside_strings(written)
    if _has_float_or_null(structure) or is_deeper(structure, MAX_DEPTH):
        return _careful(value)
    if not written.isascii() and written.translate(None, _BEFORE_UTF16_DIFFERS):
        return _careful(value)
    return written


def _has_float_or_null(structure: bytes) -> bool:
    """Say whether a float may be among the values; NaN, which orjson writes as null, is one."""
    return bool(structure.translate(None, _NOT_OF_FLOATS).replace(b"true", b"").replace(b"false", b""))


def _careful(value: Any) -> bytes:
    _refuse_foreign(value, 0)
    try:
        return rfc8785.dumps(value)
    except (TypeError, ValueError) as error:
        raise errors.NotCanonicalizable(f"no canonical JSON form: {error}") from error


def _refuse_foreign(value: Any, depth: int) -> None:
    """Raise `errors.NotCanonicalizable` for what no JSON can hold."""
    kind = type(value)
    if kind is str or kind is bool or kind is float or value is None:
        return
    if kind is int:
        if not -_MAX_INTEGER <= value <= _MAX_INTEGER:
            raise errors.NotCanonicalizable(f"the integer {str(value)[:40]} is beyond 2^53")
        return
    if depth >= MAX_DEPTH:
        raise errors.NotCanonicalizable(f"nested deeper than {MAX_DEPTH}")
    if kind not in (dict, list, tuple):
        raise errors.NotCanonicalizable(f"{kind.__name__} is not a JSON value")
    for name in value if kind is dict else ():
        if type(name) is not str:
            raise errors.NotCanonicalizable("a member's name is not a string")
    for item in value.values() if kind is dict else value:
        _refuse_foreign(item, depth + 1)
