"""Bitstring Status List 1.0: writing, bounded reading, strict entries."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, status_list
from credentials.status_list import BitList, StatusEntry
from tests.worlds.completions import NOW

URL = "https://employer.example/status/revocation"


def _encoded(data: bytes) -> str:
    return "u" + urlsafe_b64encode(data).rstrip(b"=").decode()


def _entry(index: Any = "5", **changes: Any) -> dict[str, Any]:
    return {
        "id": f"{URL}#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index,
        "statusListCredential": URL,
        **changes,
    }


def test_index_0_is_the_leftmost_bit_of_the_first_byte() -> None:
    """3.3: the order that every other implementation reads."""
    bits = BitList()
    bits.set(0)
    bits.set(9)
    packed = urlsafe_b64decode(bits.encode()[1:] + "===")
    assert gzip.decompress(packed)[:3] == b"\x80\x40\x00"


@given(st.sets(st.integers(0, status_list.MINIMUM_ENTRIES - 1), max_size=50))
def test_what_was_set_is_read_back(indices: set[int]) -> None:
    bits = BitList()
    for index in indices:
        bits.set(index)
    read = BitList.decode(bits.encode())
    assert all(read.get(index) for index in indices)
    assert not any(read.get(index + 1) for index in indices if index + 1 not in indices and index + 1 < len(read))


def test_a_bit_can_be_cleared_again() -> None:
    """Suspension ends."""
    bits = BitList()
    bits.set(3)
    bits.set(3, False)
    assert bits.encode() == BitList().encode()


@pytest.mark.parametrize("index", [-1, status_list.MINIMUM_ENTRIES])
@pytest.mark.case("STL-02")
def test_an_index_beyond_the_list_is_a_range_error(index: int) -> None:
    """An index at or past the length, or below zero, is never read as 0."""
    with pytest.raises(errors.StatusIndexOutOfRange) as caught:
        BitList().get(index)
    assert caught.value.problem_type == "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"


@pytest.mark.case("STL-03")
def test_a_short_list_is_refused() -> None:
    """Fewer than 131,072 entries give no crowd to hide in."""
    with pytest.raises(errors.StatusListTooShort) as caught:
        BitList.decode(_encoded(gzip.compress(bytes(status_list.MINIMUM_ENTRIES // 8 - 1))))
    assert str(caught.value.problem_type).endswith("#STATUS_LIST_LENGTH_ERROR")


@pytest.mark.case("STL-04")
def test_a_bomb_is_not_inflated() -> None:
    """64 MiB behind 64 kB of gzip: refused having unpacked no more than the limit."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    encoded = _encoded(bomb)
    tracemalloc.start()
    with pytest.raises(errors.StatusListTooLarge):
        BitList.decode(encoded)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_text_beyond_any_list_is_refused_undecoded() -> None:
    with pytest.raises(errors.StatusListTooLarge):
        BitList.decode("u" + "A" * status_list.MAX_ENCODED)


def _damaged() -> dict[str, Any]:
    good = gzip.compress(bytes(16384), mtime=0)
    wrong_crc = good[:-8] + bytes([good[-8] ^ 1]) + good[-7:]
    return {
        "truncated": _encoded(good[:-5]),
        "header only": _encoded(good[:10]),
        "wrong CRC": _encoded(wrong_crc),
        "trailing bytes": _encoded(good + b"x"),
        "second member": _encoded(good + good),
        "zlib, not gzip": _encoded(zlib.compress(bytes(16384))),
        "not compressed": _encoded(bytes(16384)),
        "no multibase header": _encoded(good)[1:],
        "another multibase": "z" + _encoded(good)[1:],
        "padded": _encoded(good) + "=",
        "standard alphabet": "u" + _encoded(good)[1:].replace("-", "+").replace("_", "/") + "+/",
        "space inside": _encoded(good)[:5] + " " + _encoded(good)[5:],
        "not ASCII": "u\u0661",
        "empty": "",
        "only the header": "u",
        "null": None,
        "number": 5,
    }


@pytest.mark.parametrize("name", list(_damaged()))
@pytest.mark.case("STL-04")
def test_a_damaged_list_is_malformed(name: str) -> None:
    """Truncated, wrong checksum, other encodings: one typed error, nothing guessed."""
    with pytest.raises(errors.StatusListMalformed):
        BitList.decode(_damaged()[name])


@pytest.mark.case("STL-02")
def test_the_corpus_of_status_indices(security_cases: Path) -> None:
    """Each index of the shared corpus is accepted, out of range or malformed as listed."""
    for record in json.loads((security_cases / "corpora" / "status-index.json").read_text()):
        expected = record["expect"]
        if expected == "ok":
            assert status_list.parse_entry(_entry(record["in"])).index == 5
        elif expected.startswith("RANGE_ERROR"):
            with pytest.raises(errors.StatusIndexOutOfRange):
                BitList().get(status_list.parse_entry(_entry(record["in"])).index)
        else:
            with pytest.raises(errors.StatusEntryMalformed) as caught:
                status_list.parse_entry(_entry(record["in"]))
            assert str(caught.value.problem_type).endswith("#MALFORMED_VALUE_ERROR")


@pytest.mark.parametrize("index", ["05", "+5", " 5", "5_0", "٥", "1e3", "5\n", True, ["5"], "9" * 30])
@pytest.mark.case("STL-02")
def test_other_ways_to_write_a_number_are_malformed(index: Any) -> None:
    """What Python's int() would let through."""
    with pytest.raises(errors.StatusEntryMalformed):
        status_list.parse_entry(_entry(index))


@pytest.mark.parametrize(
    "changes",
    [{"statusPurpose": None}, {"statusPurpose": ""}, {"statusListCredential": 5},
     {"statusListCredential": "ftp://x"}, {"statusListCredential": "https://x/ y"},
     {"statusSize": 0}, {"statusSize": True}, {"statusSize": "1"}, {"statusSize": None}],
)  # fmt: skip
def test_a_malformed_entry_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(errors.StatusEntryMalformed):
        status_list.parse_entry(_entry(**changes))


def test_an_entry_that_is_no_object_is_refused() -> None:
    with pytest.raises(errors.StatusEntryMalformed):
        status_list.parse_entry("https://employer.example/status/1")


@pytest.mark.parametrize("changes", [{"type": "StatusList2021Entry"}, {"type": None}, {"statusSize": 9}])
def test_another_kind_of_status_is_not_supported(changes: dict[str, Any]) -> None:
    """It is said to be unknown, which is not the same as wrong."""
    with pytest.raises(errors.StatusTypeNotSupported):
        status_list.parse_entry(_entry(**changes))


def test_an_entry_is_written_as_it_is_read() -> None:
    entry = StatusEntry(URL, 131071, "suspension")
    assert status_list.parse_entry(status_list.status_entry(entry)) == entry


def _list(**changes: Any) -> dict[str, Any]:
    return {
        **status_list.build_status_list_credential(
            list_id=URL, issuer="did:web:employer.example", purpose="revocation", encoded=BitList().encode(),
            valid_from=NOW - timedelta(hours=1), valid_until=NOW + timedelta(hours=1), ttl=60_000,
        ),
        **changes,
    }  # fmt: skip


def _read(document: dict[str, Any], purpose: str = "revocation") -> BitList:
    entry = StatusEntry(URL, 5, purpose)
    return status_list.read_list(document, entry=entry, issuer="did:web:employer.example", now=NOW)


def test_a_list_credential_is_read() -> None:
    assert not _read(_list()).get(5)


def test_a_list_may_serve_several_purposes() -> None:
    """3.2: the list's purpose may be several."""
    subject = {**_list()["credentialSubject"], "statusPurpose": ["suspension", "revocation"]}
    assert not _read(_list(credentialSubject=subject)).get(5)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": URL + "2"}, marks=pytest.mark.case("STL-08")),
        pytest.param({"issuer": "did:web:other.example"}, marks=pytest.mark.case("STL-05")),
        pytest.param({"issuer": {"id": "did:web:other.example"}}, marks=pytest.mark.case("STL-05")),
        pytest.param({"validUntil": "2026-06-30T00:00:00Z"}, marks=pytest.mark.case("STL-06")),
        pytest.param({"validFrom": "2026-07-02T00:00:00Z"}, marks=pytest.mark.case("STL-06")),
        pytest.param({"validUntil": "tomorrow"}, marks=pytest.mark.case("STL-06")),
        {"type": ["VerifiableCredential"]},
        {"credentialSubject": []},
        {"credentialSubject": {"type": "Other"}},
    ],
)
def test_a_list_that_is_not_the_one_named_is_not_trusted(changes: dict[str, Any]) -> None:
    with pytest.raises(errors.StatusListNotTrusted):
        _read(_list(**changes))


@pytest.mark.case("STL-01")
def test_a_list_for_another_purpose_is_not_trusted() -> None:
    with pytest.raises(errors.StatusListNotTrusted) as caught:
        _read(_list(), "suspension")
    assert str(caught.value.problem_type).endswith("#STATUS_VERIFICATION_ERROR")
