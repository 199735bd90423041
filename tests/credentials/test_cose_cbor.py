"""The CBOR gate: one form for every value, nothing that was not asked for, and limits that bite before decoding."""

from __future__ import annotations

import contextlib
import tracemalloc
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors
from credentials.cose import cbor

_KEYS = st.integers(-(2**64), 2**64 - 1) | st.text(max_size=8)
_PLAIN = st.none() | st.booleans() | st.integers(-(2**64), 2**64 - 1) | st.text(max_size=20) | st.binary(max_size=20)
_VALUES = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(_KEYS, inner, max_size=5), max_leaves=20
)


@given(_VALUES)
def test_what_is_written_is_read_back(value: Any) -> None:
    data = cbor.dumps(value)
    assert cbor.loads(data) == value
    assert cbor.loads(data, any_order=True) == value


@given(_VALUES)
def test_another_implementation_reads_what_is_written(value: Any) -> None:
    assert cbor2.loads(cbor.dumps(value)) == value


@given(st.dictionaries(_KEYS, st.none(), min_size=2, max_size=8))
def test_keys_are_sorted_by_their_encoded_bytes(value: dict[Any, None]) -> None:
    """RFC 8949, 4.2.1: bytewise, not by length first as in the older rule of RFC 7049."""
    keys = [cbor2.dumps(key) for key in cbor.loads(cbor.dumps(value))]
    assert keys == sorted(keys)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_in_their_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(errors.MalformedCbor, errors.CborTooLarge):
        assert cbor.dumps(cbor.loads(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("1800", id="0 in two bytes"),
        pytest.param("190017", id="23 in three bytes"),
        pytest.param("1b00000000ffffffff", id="2^32-1 in nine bytes"),
        pytest.param("3800", id="-1 in two bytes"),
        pytest.param("580100", id="a byte string with a long length"),
        pytest.param("780161", id="a text with a long length"),
        pytest.param("980100", id="an array with a long length"),
        pytest.param("b8010000", id="a map with a long length"),
        pytest.param("a202000100", id="keys in another order"),
        pytest.param("a220001818 00", id="keys sorted by length first"),
        pytest.param("a1 18 01 00", id="a long key"),
    ],
)
def test_a_second_way_to_write_a_value_is_refused(data: str) -> None:
    with pytest.raises(errors.CborNotDeterministic):
        cbor.loads(bytes.fromhex(data))


def test_keys_may_stand_in_another_order_where_the_caller_says_so() -> None:
    assert cbor.loads(bytes.fromhex("a202000100"), any_order=True) == {2: 0, 1: 0}
    with pytest.raises(errors.CborNotDeterministic):
        cbor.loads(bytes.fromhex("a21802000100"), any_order=True)


@pytest.mark.parametrize("any_order", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param("", id="nothing"),
        pytest.param("0000", id="two items"),
        pytest.param("18", id="a cut head"),
        pytest.param("19 01", id="a cut number"),
        pytest.param("4201", id="a cut byte string"),
        pytest.param("8201", id="a cut array"),
        pytest.param("a101", id="a cut map"),
        pytest.param("5f4100ff", id="an indefinite byte string"),
        pytest.param("9f00ff", id="an indefinite array"),
        pytest.param("bf0000ff", id="an indefinite map"),
        pytest.param("ff", id="a break"),
        pytest.param("1c", id="a reserved length"),
        pytest.param("a201000100", id="a key twice"),
        pytest.param("c100", id="tag 1, a time"),
        pytest.param("c24101", id="tag 2, a big number"),
        pytest.param("d81c80", id="tag 28, a shared value"),
        pytest.param("d9010280", id="tag 258, a set"),
        pytest.param("d8236161", id="tag 35, a regular expression"),
        pytest.param("f90000", id="a half float"),
        pytest.param("fa00000000", id="a single float"),
        pytest.param("fb0000000000000000", id="a double float"),
        pytest.param("f7", id="undefined"),
        pytest.param("f0", id="a simple value"),
        pytest.param("f818", id="a simple value in two bytes"),
        pytest.param("62c328", id="a text that is not UTF-8"),
        pytest.param("63eda080", id="a surrogate in UTF-8"),
        pytest.param("a1f500", id="true as a key"),
        pytest.param("a1410000", id="a byte string as a key"),
        pytest.param("a1 80 00", id="an array as a key"),
        pytest.param("a1 a0 00", id="a map as a key"),
        pytest.param("5bffffffffffffffff", id="a length beyond all memory"),
        pytest.param("9bffffffffffffffff", id="a count beyond all memory"),
    ],
)
def test_what_is_not_plain_cbor_is_refused(data: str, any_order: bool) -> None:
    with pytest.raises(errors.MalformedCbor):
        cbor.loads(bytes.fromhex(data), any_order=any_order)


def test_a_deep_document_is_refused_undecoded() -> None:
    assert cbor.loads(b"\x81" * 15 + b"\x00")
    with pytest.raises(errors.CborTooLarge):
        cbor.loads(b"\x81" * 16 + b"\x00")
    with pytest.raises(errors.CborTooLarge):
        cbor.loads(b"\x81" * 500_000)


def test_too_many_items_and_too_many_bytes_are_refused_undecoded() -> None:
    many = b"\x9a" + (200_000).to_bytes(4, "big") + bytes(200_000)
    tracemalloc.start()
    try:
        for data in (many, bytes(cbor.MAX_BYTES + 1)):
            with pytest.raises(errors.CborTooLarge):
                cbor.loads(data)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "value", [2**64, -(2**64) - 1, 1.5, {1.5: 0}, {True: 0}, (1,), {1, 2}, "\ud800", {"\ud800": 0}]
)
def test_other_values_are_not_written(value: Any) -> None:
    with pytest.raises(errors.MalformedCbor):
        cbor.dumps(value)
