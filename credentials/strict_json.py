r"""Reads outside JSON from bytes, strictly, and writes JSON; it knows nothing of what the JSON means.

Rules (DESIGN, the one byte gate): UTF-8 without byte order mark · no duplicate members, however escaped · no NaN or
Infinity · integers within 2^53 · nothing beyond a double · nested at most 32 deep · a size limit · no lone surrogates.

Two readers stand behind `loads`. The quick one (orjson) is believed only when it wrote again what it had read, but for
spaces and escapes; whatever it finds odd goes to the careful one, which decides and words the error.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, Final

import orjson

from credentials import errors

#: A credential is 6 kB, one with an embedded picture a few hundred; past this it is not a credential.
MAX_BYTES = 1_000_000
#: The deepest Open Badges 3.0 document with endorsements inside endorsements stays under 20.
MAX_DEPTH = 32
#: Past this a double no longer holds every integer (RFC 7493, 2.2).
MAX_INTEGER = 2**53

#: A whole string, or a bracket outside of strings. Bytes are enough: `"` and `\` never occur inside a multi-byte
#: character of UTF-8. Possessive, so that no input makes it try twice.
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
#: Integers that a double does not hold are errors (2^53 too, which `loads` lets the careful reader decide).
_STRICT: Final = orjson.OPT_STRICT_INTEGER
#: What orjson writes and JSON does not know comes back as an error.
_JSON_ONLY: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_SPACES: Final = b" \t\n\r"
_ONE_BRACKET: Final = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"{}[]"))
#: Each level indents by two spaces, and orjson writes up to 254 levels: a longer text could grow to too much memory.
_MAX_INDENTED: Final = 65_536
#: How a line begins that stands inside of `MAX_DEPTH` brackets.
_DEEP_LINE: Final = b"\n" + b"  " * MAX_DEPTH


def loads(data: bytes, *, max_bytes: int = MAX_BYTES) -> Any:
    """Parse `data` as one JSON value; any breach of the rules above raises a subclass of `errors.InvalidJson`."""
    if len(data) > max_bytes:
        raise errors.JsonTooLarge(f"{len(data)} bytes; at most {max_bytes} are read here")
    try:
        value = orjson.loads(data)
        # Integers beyond 64 bits were read as floats, and come back as such.
        written = orjson.dumps(value, None, _STRICT)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return _careful(data)
    if written != data and not _say_the_same(written, data):
        return _careful(data)
    return _careful(data) if _may_be_deep(value, written) else value


def loads_all(texts: list[bytes]) -> list[Any]:
    """Parse each of many short `texts`: what `loads` gives and raises one by one, in half the time."""
    try:
        values = [orjson.loads(text) for text in texts]
        written = [orjson.dumps(value, None, _STRICT) for value in values]
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        written = []
    together = b"".join(texts)
    if written != texts or len(together) > MAX_BYTES or _may_be_deep(values, together):
        return [loads(text) for text in texts]
    return values


def loads_object(data: bytes, *, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """Parse `data` as one JSON object; anything else raises `errors.NotAnObject`."""
    value = loads(data, max_bytes=max_bytes)
    if not isinstance(value, dict):
        raise errors.NotAnObject(f"the JSON is {_kind(value)}, not an object")
    return value


def dumps(value: Any) -> bytes:
    """Write `value` as compact UTF-8 JSON, members in their order; raises `errors.NotCanonicalizable` on anything else.

    `loads(dumps(value)) == value` for everything that `loads` can return.
    """
    data = written(value)
    if b"null" in data:
        refuse_nan(value)
    return data


def written(value: Any) -> bytes:
    """`dumps`, but NaN and Infinity come out as null: for whoever looks at the numbers, or calls `refuse_nan` later."""
    try:
        return orjson.dumps(value, None, _JSON_ONLY)
    except (TypeError, RecursionError) as error:
        raise errors.NotCanonicalizable(f"cannot be written as JSON: {error}") from error


def outside_strings(data: bytes) -> bytes:
    """The brackets, colons, commas, numbers and words of JSON text that is known to be well formed; no string of it."""
    if b"\\" in data:
        # In this order: the second backslash of a pair escapes nothing.
        data = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(data.split(b'"')[::2])


def is_deeper(structure: bytes, levels: int) -> bool:
    """Say whether brackets nest deeper than `levels` in what `outside_strings` gave."""
    brackets = structure.translate(_ONE_BRACKET, _NOT_BRACKETS)
    # Each round takes the innermost pairs away.
    for _ in range(levels):
        if not brackets:
            return False
        brackets = brackets.replace(b"[]", b"")
    return bool(brackets)


def _say_the_same(written: bytes, data: bytes) -> bool:
    """Do both hold the same members, numbers and words in the same order? A member that was lost leaves a gap."""
    return outside_strings(written) == outside_strings(data).translate(None, _SPACES)


def _may_be_deep(value: Any, written: bytes) -> bool:
    """Say whether `value`, whose compact JSON is `written`, is nested deeper than `MAX_DEPTH`, or perhaps just as deep.

    The quickest way to see a depth is to have orjson indent it: no string holds a line end that is not escaped.
    """
    if len(written) <= 2 * MAX_DEPTH:
        return False
    if len(written) > _MAX_INDENTED:
        return is_deeper(outside_strings(written), MAX_DEPTH)
    return _DEEP_LINE in orjson.dumps(value, None, orjson.OPT_INDENT_2)


def _careful(data: bytes) -> Any:
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise errors.ByteOrderMark("the text starts with a byte order mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise errors.InvalidUtf8(f"byte {error.start} is not UTF-8") from error
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH:
        _refuse_depth(data)
    try:
        value = json.loads(
            text, object_pairs_hook=_pairs, parse_int=_integer, parse_float=_float, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise errors.InvalidJson(f"{error.msg} (line {error.lineno}, column {error.colno})") from error
    if "\\u" in text:
        _refuse_surrogates(value)
    return value


def _refuse_depth(data: bytes) -> None:
    """Count brackets outside strings, so that no parser's own recursion ever sees a deep document."""
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(data):
        token = match.group()
        if token in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise errors.JsonDepth(f"nested deeper than {MAX_DEPTH} (at byte {match.start()})")
        elif token in b"]}":
            depth -= 1


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        name = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise errors.DuplicateKey(f"the member {name[:80]!r} occurs twice in one object")
    return members


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise errors.NumberOutOfRange(f"the integer {digits[:40]} is beyond 2^53")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise errors.NumberOutOfRange(f"the number {digits[:40]} is beyond what a double holds")
    return number


def _constant(word: str) -> None:
    raise errors.NotANumber(f"{word} is not a JSON number")


def _refuse_surrogates(value: Any) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise errors.LoneSurrogate("a \\ud800-\\udfff escape stands without its partner")
    elif isinstance(value, dict):
        for name, item in value.items():
            _refuse_surrogates(name)
            _refuse_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_surrogates(item)


def refuse_nan(value: Any) -> None:
    """orjson writes NaN and the infinities as null; a document must never change by being written."""
    if isinstance(value, float) and value - value != 0.0:
        raise errors.NotCanonicalizable("NaN and Infinity cannot be written as JSON")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ():
        refuse_nan(item)


def _kind(value: Any) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(value), "null")
