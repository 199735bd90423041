"""Texts for bytes: exactly what encoding writes is what decoding reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, multibase


@given(st.binary(max_size=100))
def test_every_byte_string_comes_back(data: bytes) -> None:
    """Both bases, leading zeros included."""
    assert multibase.decode(multibase.encode(data)) == data
    assert multibase.decode(multibase.encode(data, prefix="u"), allowed="zu") == data


@given(st.text("123zAZ_-0OIl= \n+/", max_size=30))
def test_what_is_read_is_what_would_be_written(text: str) -> None:
    """Decode equals re-encode, for any text that is read at all."""
    for decode, encode in (
        (multibase.decode_base58btc, multibase.encode_base58btc),
        (multibase.decode_base64url, multibase.encode_base64url),
    ):
        try:
            data = decode(text)
        except errors.MalformedEncoding:
            continue
        assert encode(data) == text


@pytest.mark.case("JOS-12")
@pytest.mark.parametrize("text", ["YQ==", "YQ=", "YR", "Y", "Y Q", "YQ\n", "+/+/", "YQ\r\n", "é", "YWI=", "YWJ"])
def test_loose_base64url_is_refused(text: str) -> None:
    """Padding, spaces, the other alphabet and unused bits."""
    with pytest.raises(errors.MalformedEncoding):
        multibase.decode_base64url(text)


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "z 2", "2\n", "+", "1" * 769, "٣"])
def test_other_alphabets_are_not_base58(text: str) -> None:
    """0, O, I and l are no digits; and length is bounded, because base58 is slow."""
    with pytest.raises(errors.MalformedEncoding):
        multibase.decode_base58btc(text)


@pytest.mark.parametrize("value", ["", None, 5, ["z2"], "u2222", "m2222", "f00", "Z2222", "2222"])
def test_only_allowed_prefixes_are_read(value: object) -> None:
    """A base is named by its prefix, and only the base that the specification asks for is read."""
    with pytest.raises(errors.MalformedEncoding):
        multibase.decode(value)


@given(st.integers(0, 2**63 - 1), st.binary(max_size=5))
def test_varints_come_back(number: int, rest: bytes) -> None:
    """A varint is split off, and what follows is left alone."""
    assert multibase.split_varint(multibase.encode_varint(number) + rest) == (number, rest)


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x80\x00", b"\xed\x81\x00", b"\xff" * 10])
def test_needlessly_long_or_cut_varints_are_refused(data: bytes) -> None:
    """Each number has one varint."""
    with pytest.raises(errors.MalformedEncoding):
        multibase.split_varint(data)
