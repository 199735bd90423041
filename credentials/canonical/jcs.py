"""JSON Canonicalization Scheme (RFC 8785): one byte form for each JSON value; it parses nothing.

orjson with sorted keys writes the same bytes as RFC 8785 wherever its writer and ECMAScript's agree. A walk over the
value says whether they do here; where not (floats, keys that UTF-16 sorts otherwise), the package rfc8785 writes.
"""

from __future__ import annotations

from typing import Any

import orjson
import rfc8785

from credentials import errors

#: Past this a double, which is all that RFC 8785 knows, no longer holds every integer.
_MAX_INTEGER = 2**53
#: From here on, UTF-16 (which RFC 8785 sorts by) and code points (which orjson sorts by) order differently.
_UTF16_DIFFERS = "\ud800"
#: Values come from the byte gate (32 levels) and gain a few when wrapped; no reader's recursion is ever at risk.
MAX_DEPTH = 64


def jcs(value: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value; raises `errors.NotCanonicalizable` where there is none."""
    agree = _writers_agree(value, 0)
    try:
        if agree:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return rfc8785.dumps(value)
    except (TypeError, ValueError) as error:
        raise errors.NotCanonicalizable(f"no canonical JSON form: {error}") from error


def _writers_agree(value: Any, depth: int) -> bool:
    """Say whether orjson writes all of `value` as RFC 8785 wants it; raises for what no JSON can hold."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        if not -_MAX_INTEGER <= value <= _MAX_INTEGER:
            raise errors.NotCanonicalizable(f"the integer {str(value)[:40]} is beyond 2^53")
        return True
    if kind is float:
        return False
    if depth >= MAX_DEPTH:
        raise errors.NotCanonicalizable(f"nested deeper than {MAX_DEPTH}")
    if kind is dict:
        return _members_agree(value, depth)
    if kind is list or kind is tuple:
        agreed = [_writers_agree(item, depth + 1) for item in value]
        return all(agreed)
    raise errors.NotCanonicalizable(f"{kind.__name__} is not a JSON value")


def _members_agree(members: dict[Any, Any], depth: int) -> bool:
    agree = True
    for name, item in members.items():
        if type(name) is not str:
            raise errors.NotCanonicalizable("a member's name is not a string")
        if name and max(name) >= _UTF16_DIFFERS:
            agree = False
        if type(item) is not str and not _writers_agree(item, depth + 1):
            agree = False
    return agree
