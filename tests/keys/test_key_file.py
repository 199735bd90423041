"""The key file's bytes: they come back as they went, and no changed byte is ever believed."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import canonical
from keys import key_file
from keys.ed25519_signer import Ed25519Signer
from keys.errors import KeyFileDamaged, KeysSealed
from keys.key_file import KeyFile
from keys.key_info import KeyInfo, KeyState, key_id
from keys.sealing import DEFAULT_STRETCHING, Stretching, WrappingKey
from tests.keys.world import CHEAP, OWNER, START, right_passphrase, wrong_passphrase

SEED = bytes(range(32))
SALT, NONCE = bytes(16), bytes(24)


def make_file(seed: bytes = SEED, **changes: Any) -> KeyFile:
    public_key = Ed25519Signer(seed, "").public_key
    name = key_id(public_key)
    facts: dict[str, Any] = {"owner": OWNER, "serial": 1, "state": KeyState.ACTIVE, "created": START} | changes
    info = KeyInfo(id=name, uri=f"file:{name}", public_key=public_key, **facts)
    wrapping = WrappingKey(right_passphrase(), SALT, CHEAP)
    empty = KeyFile(info, CHEAP, SALT, wrapping.check, NONCE)
    sealed = wrapping.seal(seed, nonce=NONCE, header=empty.header())
    return KeyFile(info, CHEAP, SALT, wrapping.check, NONCE, sealed)


FILE = make_file()
DATA = FILE.encode()

moments = st.none() | st.integers(0, 10**9).map(lambda seconds: START + timedelta(seconds=seconds))


@given(
    seed=st.binary(min_size=32, max_size=32),
    state=st.sampled_from(KeyState),
    serial=st.integers(1, 10**6),
    valid_until=moments,
    compromised_since=moments,
)
def test_every_key_comes_back_as_it_went(seed: bytes, **changes: Any) -> None:
    file = make_file(seed, **changes)
    back = key_file.decode(file.encode(), expected_id=file.info.id)
    assert back == file
    wrapping = WrappingKey(right_passphrase(), back.salt, back.stretching)
    assert wrapping.unseal(back.sealed, nonce=back.nonce, header=back.header()) == seed


@given(position=st.integers(0, len(DATA) - 1), flip=st.integers(1, 255))
def test_a_flipped_byte_anywhere_is_refused_without_the_passphrase(position: int, flip: int) -> None:
    changed = bytearray(DATA)
    changed[position] ^= flip
    with pytest.raises(KeyFileDamaged):
        key_file.decode(bytes(changed), expected_id=FILE.info.id)


@given(cut=st.integers(0, len(DATA) - 1))
def test_a_file_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(KeyFileDamaged):
        key_file.decode(DATA[:cut], expected_id=FILE.info.id)


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(KeyFileDamaged):
        key_file.decode(data, expected_id=FILE.info.id)


def resealed(document: dict[str, Any]) -> bytes:
    """Write a changed document with a checksum that fits: what somebody who may write the file can do."""
    body = {name: value for name, value in document.items() if name != "sha256"}
    body["sha256"] = hashlib.sha256(canonical.jcs(body)).hexdigest()
    return (json.dumps(body, indent=2) + "\n").encode()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("state", "retired"),
        ("owner", "did:web:evil.example"),
        ("serial", 7),
        ("created", "2020-01-01T00:00:00Z"),
        ("validUntil", "2099-01-01T00:00:00Z"),
        ("compromisedSince", "2026-03-01T12:00:00Z"),
        ("nonce", base64.b64encode(bytes(23) + b"\x01").decode()),
    ],
)
def test_a_header_changed_together_with_its_checksum_does_not_open(member: str, value: object) -> None:
    """The checksum is for accidents; against somebody who may write the file, the cipher's tag holds."""
    document = json.loads(DATA)
    document["header"][member] = value
    file = key_file.decode(resealed(document), expected_id=FILE.info.id)
    wrapping = WrappingKey(right_passphrase(), file.salt, file.stretching)
    wrapping.require(file.check)
    with pytest.raises(KeyFileDamaged, match="was changed"):
        wrapping.unseal(file.sealed, nonce=file.nonce, header=file.header())


def test_another_public_key_does_not_fit_the_id() -> None:
    document = json.loads(DATA)
    document["header"]["publicKeyMultibase"] = make_file(bytes(32)).info.public_key.multikey
    with pytest.raises(KeyFileDamaged, match="another key"):
        key_file.decode(resealed(document), expected_id=FILE.info.id)


@pytest.mark.parametrize(
    ("member", "value"),
    [("memoryKib", 2**31), ("passes", 10**6), ("lanes", 255), ("lanes", 0), ("passes", 0), ("memoryKib", 1)],
)
def test_a_cost_out_of_bounds_is_refused_before_it_is_spent(member: str, value: int) -> None:
    document = json.loads(DATA)
    document["header"]["kdf"][member] = value
    with pytest.raises(KeyFileDamaged):
        key_file.decode(resealed(document), expected_id=FILE.info.id)


@pytest.mark.parametrize("change", [{"extra": 1}, {"format": "plaudit-key/2"}])
def test_members_that_plaudit_does_not_write_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(KeyFileDamaged):
        key_file.decode(resealed(json.loads(DATA) | change), expected_id=FILE.info.id)


def test_a_file_of_another_key_under_this_name_is_refused() -> None:
    with pytest.raises(KeyFileDamaged, match="another key"):
        key_file.decode(DATA, expected_id="a" * 26)


@pytest.mark.case("KEY-02")
def test_a_wrong_passphrase_is_told_apart_from_a_damaged_file() -> None:
    with pytest.raises(KeysSealed, match="passphrase is not the one") as caught:
        WrappingKey(wrong_passphrase(), FILE.salt, FILE.stretching).require(FILE.check)
    assert caught.value.status_hint == 503


@pytest.mark.case("KEY-07")
def test_the_private_key_is_nowhere_in_the_file() -> None:
    for form in (SEED, SEED.hex().encode(), base64.b64encode(SEED), base64.urlsafe_b64encode(SEED).rstrip(b"=")):
        assert form not in DATA


def test_keys_are_made_with_no_less_than_what_owasp_calls_the_least() -> None:
    """argon2id, 19 MiB and two passes."""
    assert DEFAULT_STRETCHING.memory_kib >= 19_456
    assert DEFAULT_STRETCHING.passes >= 2
    assert Stretching(19_456, 2, 1) != DEFAULT_STRETCHING
