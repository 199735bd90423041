"""A credential packed into a page comes back byte for byte, and nothing else comes out of such a field."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import multibase
from credentials.errors import PlauditError
from tests.verifier import situations
from verifier import carrying, proof
from verifier.problems import InputTooLarge, RequestNotUnderstood


@given(st.binary(max_size=4_000))
def test_what_is_packed_comes_back(data: bytes) -> None:
    packed = carrying.pack(data)
    assert packed is not None
    assert carrying.unpack(packed) == data


def test_a_usual_credential_costs_a_page_about_a_kilobyte() -> None:
    packed = carrying.pack(situations.make("valid").credential)
    assert packed is not None
    assert len(packed) < 1_100


def test_what_is_too_large_for_a_page_is_not_carried() -> None:
    import random

    assert carrying.pack(random.Random(1).randbytes(60_000)) is None


def _deflated(data: bytes) -> str:
    making = zlib.compressobj(9, zdict=carrying._COMMON)
    return multibase.encode_base64url(making.compress(data) + making.flush())


@pytest.mark.case("UPL-13")
@pytest.mark.parametrize(
    ("packed", "error"),
    [
        ("", RequestNotUnderstood),
        ("!!", RequestNotUnderstood),
        ("AAAA", RequestNotUnderstood),
        (multibase.encode_base64url(zlib.compress(b"made without what we have in common" * 20)), None),
        (_deflated(b"whole")[:-4], RequestNotUnderstood),
        (_deflated(b"0" * 1_000_001), InputTooLarge),
        (_deflated(b"0" * 30_000_000), InputTooLarge),
        ("A" * 60_001, InputTooLarge),
    ],
)
def test_anything_else_is_refused(packed: str, error: type[PlauditError] | None) -> None:
    if error is None:
        assert carrying.unpack(packed).startswith(b"made without")
        return
    with pytest.raises(error):
        carrying.unpack(packed)


def test_what_follows_the_end_is_refused() -> None:
    packed = multibase.encode_base64url(multibase.decode_base64url(_deflated(b"{}")) + b"more")
    with pytest.raises(RequestNotUnderstood):
        carrying.unpack(packed)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'{"a":1}', "JSON"),
        (b' \n{"a":1}', "JSON"),
        (b"eyJhbGciOiJFZERTQSJ9.e30.c2ln", "JWT"),
        (b"eyJhbGciOiJFZERTQSJ9.e30.c2ln~ZGlz~", "SD-JWT"),
        (b"\xd2\x84", "COSE"),
    ],
)
def test_a_saved_file_is_called_what_it_is(data: bytes, name: str) -> None:
    kind = proof.kind_of(data)
    assert kind is not None
    assert kind[0] == name


@pytest.mark.parametrize("data", [b"", b"<script>", b"text", b"[1]", b"\xff"])
def test_what_is_no_credential_is_not_handed_out(data: bytes) -> None:
    assert proof.kind_of(data) is None
