"""The byte gate reads exactly one form of JSON, never recurses away, and names each breach by its own code."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, strict_json

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=20,
)

REFUSED = [
    (b'{"issuer":1,"issuer":2}', "duplicate_key"),
    (b'{"issuer":1,"\\u0069ssuer":2}', "duplicate_key"),
    (b'{"a":[{"b":{"c":1,"c":1}}]}', "duplicate_key"),
    (b'{"alg":"EdDSA","\\u0061lg":"none"}', "duplicate_key"),
    (b"[NaN]", "not_a_number"),
    (b'{"a":Infinity}', "not_a_number"),
    (b"-Infinity", "not_a_number"),
    (b"[1e999]", "number_out_of_range"),
    (b"[9007199254740993]", "number_out_of_range"),
    (b"[-9007199254740993]", "number_out_of_range"),
    (b"[18446744073709551616]", "number_out_of_range"),
    (b"[" + b"1" * 5000 + b"]", "number_out_of_range"),
    (b'["\\ud800"]', "lone_surrogate"),
    (b'{"\\udfff":1}', "lone_surrogate"),
    (b'["\\udc00\\ud800"]', "lone_surrogate"),
    (b"\xef\xbb\xbf{}", "byte_order_mark"),
    ("{}".encode("utf-16"), "byte_order_mark"),
    ('{"a":1}'.encode("utf-16-le"), "json_syntax"),
    (b'["\xff"]', "invalid_utf8"),
    (b'["\xed\xa0\x80"]', "invalid_utf8"),
    (b'["\xc0\xaf"]', "invalid_utf8"),
    ("é".encode("latin-1"), "invalid_utf8"),
    (b"", "json_syntax"),
    (b" ", "json_syntax"),
    (b"{'a':1}", "json_syntax"),
    (b"[1,]", "json_syntax"),
    (b"[01]", "json_syntax"),
    (b"[+1]", "json_syntax"),
    (b"[.5]", "json_syntax"),
    (b"[1 2]", "json_syntax"),
    (b"{} {}", "json_syntax"),
    (b'["a\nb"]', "json_syntax"),
    (b'["\\x41"]', "json_syntax"),
    (b'"\\', "json_syntax"),
    (b"\x00", "json_syntax"),
    (b"[1]//x", "json_syntax"),
    ("[\u0661]".encode(), "json_syntax"),
    (b"[" * 33 + b"]" * 33, "json_depth"),
]


@pytest.mark.case("LDP-07", "JOS-19", "WEB-08")
@pytest.mark.parametrize(("data", "code"), REFUSED, ids=[f"{code}-{index}" for index, (_, code) in enumerate(REFUSED)])
def test_breach_has_its_own_code(data: bytes, code: str) -> None:
    """Each breach of the rules is refused under its code."""
    with pytest.raises(errors.InvalidJson) as caught:
        strict_json.loads(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b' {"a": [1, -0, 2.5, "\\u00e9\\ud83d\\ude00", true, null]} \n', {"a": [1, 0, 2.5, "é😀", True, None]}),
        (b"[9007199254740992, -9007199254740992]", [2**53, -(2**53)]),
        (b"[1e300, 1e16, 123456789012345678e0]", [1e300, 1e16, 123456789012345678e0]),
        (b"[" + b"[]," * 40 + b"1E2]", [*([[]] * 40), 100.0]),
        (b"[" * 32 + b"]" * 32, json.loads("[" * 32 + "]" * 32)),
        (b'{"a:b":"\\":","{[":"}]","":{}}', {"a:b": '":', "{[": "}]", "": {}}),
        (b'"text"', "text"),
    ],
)
def test_good_json_is_read(data: bytes, value: object) -> None:
    """What keeps the rules is read as any JSON reader reads it."""
    assert strict_json.loads(data) == value


@pytest.mark.case("WEB-08")
@pytest.mark.parametrize("inner", [b"", b"1", b'"]"', b"[]", b"{}", b"[1,2]", b'{"a":[]}'])
@pytest.mark.parametrize("beside", [b"", b',"' + b"]}" * 40_000 + b'"'], ids=["short", "long"])
@pytest.mark.parametrize("levels", range(28, 36))
def test_the_deepest_level_is_the_same_to_both_readers(levels: int, beside: bytes, inner: bytes) -> None:
    """32 levels are read and 33 are not, whatever stands inside and beside, and however the text is written."""
    data = b"[" * levels + inner + b"]" * (levels - 1) + beside + b"]"
    depth = levels + {b"[": 1, b"{": 1 + inner.count(b"[")}.get(inner[:1], 0)
    for text in (data, data.replace(b"[", b"[ ")):
        if depth <= strict_json.MAX_DEPTH:
            assert strict_json.loads(text) == json.loads(text)
        else:
            with pytest.raises(errors.JsonDepth):
                strict_json.loads(text)


@pytest.mark.case("WEB-08")
@pytest.mark.parametrize(
    "bomb", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 50_000 + b"]" * 50_000, b'[{"":' * 100_000]
)
def test_depth_bomb_is_refused_fast(bomb: bytes) -> None:
    """100 000 levels end with an error of ours, at once, without any recursion."""
    started = time.process_time()
    with pytest.raises(errors.JsonDepth):
        strict_json.loads(bomb)
    assert time.process_time() - started < 0.05


@pytest.mark.case("WEB-08")
def test_ten_megabytes_are_refused_unread() -> None:
    """Size comes first: nothing is parsed."""
    data = b'"' + b"a" * 10_000_000 + b'"'
    started = time.process_time()
    with pytest.raises(errors.JsonTooLarge) as caught:
        strict_json.loads(data)
    assert time.process_time() - started < 0.01
    assert caught.value.status_hint == 413


def test_hostile_megabyte_takes_linear_time() -> None:
    """A megabyte of escapes and quotes costs milliseconds, whichever reader meets it."""
    for data in (b'"' + b'\\"' * 499_990, b'["' + b'","' * 333_000 + b'"', b"[" + b"1," * 400_000 + b"]"):
        started = time.process_time()
        with pytest.raises(errors.InvalidJson):
            strict_json.loads(data)
        assert time.process_time() - started < 0.5


def test_an_object_is_asked_for() -> None:
    """Arrays, strings and null are refused where an object is needed."""
    assert strict_json.loads_object(b'{"a":1}') == {"a": 1}
    for data in (b"[]", b'"a"', b"1", b"null", b"true"):
        with pytest.raises(errors.NotAnObject):
            strict_json.loads_object(data)


@given(VALUES)
def test_writing_and_reading_gives_the_value_back(value: object) -> None:
    """`loads(dumps(x)) == x`, with members in their order; only depth and size are not held here."""
    again = strict_json.loads(strict_json.dumps(value))
    assert again == value
    assert strict_json.dumps(again) == strict_json.dumps(value)


@given(st.text('{}[]":,\\u0aA1e. \n', max_size=40))
def test_both_readers_agree_on_near_json(text: str) -> None:
    """The quick reader believes nothing that the careful one refuses, and reads the same value."""
    data = text.encode()
    try:
        careful: object = strict_json._careful(data)
    except errors.InvalidJson as error:
        careful = error.code
    try:
        found: object = strict_json.loads(data)
    except errors.InvalidJson as error:
        found = error.code
    assert found == careful


@given(
    st.lists(VALUES.map(strict_json.dumps) | st.text('{}[]":,\\u0aA1e. \n', max_size=12).map(str.encode), max_size=4)
)
def test_many_at_once_are_read_as_one_by_one(texts: list[bytes]) -> None:
    """Together they give the values, or the first error, that each gives alone."""
    try:
        one_by_one: object = [strict_json.loads(text) for text in texts]
    except errors.InvalidJson as error:
        one_by_one = error.code, error.detail
    try:
        at_once: object = strict_json.loads_all(texts)
    except errors.InvalidJson as error:
        at_once = error.code, error.detail
    assert at_once == one_by_one


def test_many_at_once_are_each_judged() -> None:
    """Texts that make sense only together are refused; the limits are those of one text."""
    for pieces in ([b"[1", b"2]"], [b'["a"', b'"b"]'], [b"1,2"], [b'{"a":1', b'"b":2}', b"3"]):
        with pytest.raises(errors.InvalidJson):
            strict_json.loads_all(pieces)
    deepest = b"[" * strict_json.MAX_DEPTH + b"]" * strict_json.MAX_DEPTH
    assert strict_json.loads_all([b"1", deepest]) == [1, json.loads(deepest)]
    with pytest.raises(errors.JsonDepth):
        strict_json.loads_all([b"1", b"[" + deepest + b"]"])
    large = b'"' + b"a" * (strict_json.MAX_BYTES - 2) + b'"'
    assert [len(text) for text in strict_json.loads_all([large, large])] == [strict_json.MAX_BYTES - 2] * 2
    with pytest.raises(errors.JsonTooLarge):
        strict_json.loads_all([b"1", large + b" "])


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), {"a": [float("-inf")]}, "\ud800", {1: 2}, object(), 2**64]
)
def test_what_is_not_json_is_not_written(value: object) -> None:
    """NaN never turns into null on the way out."""
    with pytest.raises(errors.NotCanonicalizable):
        strict_json.dumps(value)
