"""Statuses of several bits, what their values mean, and lists that have been kept too long."""

from __future__ import annotations

import gzip
import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import data_integrity, errors, status_list
from credentials.status_list import BitList, StatusEntry, StatusMessage
from tests.worlds.completions import NOW
from tests.worlds.issuers import Key

URL = "https://employer.example/status/message"
ISSUER = "did:web:employer.example"
MESSAGES = tuple(StatusMessage(value, text) for value, text in enumerate(["asked", "given", "refused", "undefined"]))
ENTRY = StatusEntry(URL, 5, "message", 2, MESSAGES, ("https://employer.example/codes",))


def _list(bits: BitList, **options: Any) -> dict[str, Any]:
    return status_list.build_status_list_credential(
        list_id=URL, issuer=ISSUER, purpose=["message", "revocation", "refresh"], encoded=bits.encode(),
        valid_from=NOW, **options,
    )  # fmt: skip


@pytest.mark.parametrize("size", range(1, status_list.MAX_STATUS_SIZE + 1))
@given(data=st.data())
def test_what_was_set_is_read_back(size: int, data: st.DataObject) -> None:
    indices, values = st.integers(0, status_list.MINIMUM_ENTRIES - 1), st.integers(0, 2**size - 1)
    chosen = data.draw(st.dictionaries(indices, values, max_size=10))
    bits = BitList(size=size)
    for index, value in chosen.items():
        bits.set(index, 2**size - 1)
        bits.set(index, value)
    read = BitList.decode(bits.encode(), size=size)
    assert len(read) == len(bits) == status_list.MINIMUM_ENTRIES
    for index, value in chosen.items():
        assert (read.value(index), read.get(index)) == (value, value != 0)
        for beside in (index - 1, index + 1):
            if 0 <= beside < len(read):
                assert read.value(beside) == chosen.get(beside, 0)


def test_a_status_stands_at_its_index_times_its_size_from_the_left() -> None:
    """3.2: as written bit by bit, also where a status reaches over two bytes."""
    written = "".join(f"{index % 8:03b}" for index in range(status_list.MINIMUM_ENTRIES))
    data = int(written, 2).to_bytes(len(written) // 8, "big")
    encoded = "u" + urlsafe_b64encode(gzip.compress(data)).rstrip(b"=").decode()
    bits = BitList.decode(encoded, size=3)
    assert [bits.value(index) for index in (0, 1, 2, 5, 7, 10, 131_071)] == [0, 1, 2, 5, 7, 2, 7]
    made = BitList(size=3)
    for index in range(status_list.MINIMUM_ENTRIES):
        made.set(index, index % 8)
    assert made._bits == data


@given(st.sets(st.integers(0, status_list.MINIMUM_ENTRIES - 1), max_size=50))
def test_many_bits_at_once_are_the_same_as_one_by_one(indices: set[int]) -> None:
    at_once, one_by_one = BitList(), BitList()
    at_once.set_all(indices)
    for index in indices:
        one_by_one.set(index)
    assert at_once.encode() == one_by_one.encode()
    at_once.set_all(indices, False)
    assert at_once.encode() == BitList().encode()


@pytest.mark.parametrize("indices", [[5, -1], [5, status_list.MINIMUM_ENTRIES]])
def test_an_index_beyond_the_list_keeps_all_bits_as_they_were(indices: list[int]) -> None:
    bits = BitList()
    with pytest.raises(errors.StatusIndexOutOfRange):
        bits.set_all(indices)
    assert not bits.get(5)


@pytest.mark.parametrize(("size", "value"), [(2, -1), (2, 4), (1, 2), (1, -1)])
def test_a_value_that_does_not_fit_is_refused(size: int, value: int) -> None:
    with pytest.raises(errors.StatusValueOutOfRange):
        BitList(size=size).set(0, value)


def test_bits_are_set_at_once_in_lists_of_bits_only() -> None:
    with pytest.raises(errors.StatusValueOutOfRange):
        BitList(size=2).set_all([1])


@pytest.mark.parametrize("size", [0, 9, -1])
def test_other_sizes_are_not_supported(size: int) -> None:
    with pytest.raises(errors.StatusTypeNotSupported):
        BitList(size=size)
    with pytest.raises(errors.StatusTypeNotSupported):
        BitList.decode(BitList().encode(), size=size)


@pytest.mark.case("STL-03")
def test_a_list_is_short_when_its_entries_are_few_not_its_bits() -> None:
    """131,072 bits are 65,536 statuses of two."""
    with pytest.raises(errors.StatusListTooShort):
        BitList.decode(BitList().encode(), size=2)
    with pytest.raises(errors.StatusListTooShort):
        BitList(status_list.MINIMUM_ENTRIES - 8)


@pytest.mark.parametrize(("length", "size"), [(status_list.MINIMUM_ENTRIES + 1, 1), (1 << 24, 1), (1 << 21, 8)])
def test_lists_beyond_all_use_are_not_made(length: int, size: int) -> None:
    with pytest.raises(errors.StatusListTooLarge):
        BitList(length, size=size)


def test_an_entry_with_messages_is_written_as_it_is_read() -> None:
    document = status_list.status_entry(ENTRY)
    assert status_list.parse_entry(json.loads(json.dumps(document))) == ENTRY
    assert document["statusMessage"][2] == {"status": "0x2", "message": "refused"}


def test_messages_may_stand_in_any_order_and_with_more_members() -> None:
    document = status_list.status_entry(ENTRY)
    document["statusMessage"] = [{**message, "colour": "red"} for message in reversed(document["statusMessage"])]
    document["statusReference"] = "https://employer.example/codes"
    assert status_list.parse_entry(document) == ENTRY


def _without(name: str) -> dict[str, Any]:
    return {key: value for key, value in status_list.status_entry(ENTRY).items() if key != name}


_NAMED = [{"status": f"0x{value}", "message": "m"} for value in range(4)]


@pytest.mark.parametrize(
    ("changes", "member"),
    [
        ({"statusMessage": None}, "statusMessage"),
        ({"statusMessage": _NAMED[:3]}, "statusMessage"),
        ({"statusMessage": [*_NAMED, _NAMED[0]]}, "statusMessage"),
        ({"statusMessage": [*_NAMED[:3], _NAMED[0]]}, "statusMessage"),
        ({"statusMessage": [*_NAMED[:3], {"status": "0x4", "message": "m"}]}, "statusMessage"),
        ({"statusMessage": [*_NAMED[:3], {"status": "3", "message": "m"}]}, "statusMessage"),
        ({"statusMessage": [*_NAMED[:3], {"status": 3, "message": "m"}]}, "statusMessage"),
        ({"statusMessage": [*_NAMED[:3], {"status": "0x٣", "message": "m"}]}, "statusMessage"),
        ({"statusMessage": [*_NAMED[:3], {"status": "0x3"}]}, "statusMessage"),
        ({"statusMessage": [*_NAMED[:3], "0x3"]}, "statusMessage"),
        ({"statusReference": "codes"}, "statusReference"),
        ({"statusReference": ["https://a.example", 5]}, "statusReference"),
        ({"statusReference": ["https://a.example"] * 17}, "statusReference"),
    ],
)
def test_messages_and_references_that_are_none_are_refused(changes: dict[str, Any], member: str) -> None:
    with pytest.raises(errors.StatusEntryMalformed) as caught:
        status_list.parse_entry({**status_list.status_entry(ENTRY), **changes})
    assert caught.value.pointer == f"/credentialStatus/{member}"


def test_values_without_their_messages_are_refused() -> None:
    """2.1: they must be there for more than one bit; and a "message" without any says nothing."""
    with pytest.raises(errors.StatusEntryMalformed):
        status_list.parse_entry(_without("statusMessage"))
    with pytest.raises(errors.StatusEntryMalformed):
        status_list.parse_entry({**_without("statusMessage"), "statusSize": 1})


def test_a_status_is_read_with_what_it_means() -> None:
    bits = BitList(size=2)
    bits.set(5, 2)
    document = _list(bits)
    status = status_list.read_status(document, entry=ENTRY, issuer=ISSUER, now=NOW)
    assert (status.purpose, status.value, status.message, status.valid) == ("message", 2, "refused", False)


@pytest.mark.parametrize(("purpose", "value", "message"), [("revocation", 1, "set"), ("refresh", 0, "unset")])
def test_one_bit_needs_no_messages(purpose: str, value: int, message: str) -> None:
    bits = BitList()
    bits.set(7, value)
    entry = StatusEntry(URL, 7, purpose)
    status = status_list.read_status(_list(bits), entry=entry, issuer=ISSUER, now=NOW)
    assert (status.value, status.message, status.valid) == (value, message, not value)


@pytest.mark.case("STL-02")
def test_an_index_beyond_the_list_has_no_status() -> None:
    entry = StatusEntry(URL, status_list.MINIMUM_ENTRIES, "revocation")
    with pytest.raises(errors.StatusIndexOutOfRange):
        status_list.read_status(_list(BitList()), entry=entry, issuer=ISSUER, now=NOW)


def test_a_copy_is_stale_when_it_is_older_than_its_ttl() -> None:
    """2.2: `ttl` is in milliseconds, and where there is none the validity period alone counts."""
    document = _list(BitList(), ttl=60_000)
    assert status_list.ttl(document) == timedelta(minutes=1)
    assert not status_list.is_stale(document, fetched=NOW, now=NOW + timedelta(minutes=1))
    assert status_list.is_stale(document, fetched=NOW, now=NOW + timedelta(minutes=1, microseconds=1))
    assert status_list.ttl(_list(BitList())) is None
    assert not status_list.is_stale(_list(BitList()), fetched=NOW, now=NOW + timedelta(days=900))


@pytest.mark.parametrize("value", [-1, 1.5, "60000", True, 2**53])
def test_a_ttl_that_is_none_makes_the_list_untrusted(value: Any) -> None:
    document = _list(BitList())
    document["credentialSubject"]["ttl"] = value
    with pytest.raises(errors.StatusListNotTrusted):
        status_list.ttl(document)


def test_a_list_of_messages_can_be_signed_and_nothing_of_it_is_lost() -> None:
    """Its entry too: every member is defined by the VC 2.0 context, so a proof covers it."""
    key = Key("key-1", ISSUER)
    credential = {
        **_list(BitList(size=2), ttl=1000, valid_until=NOW + timedelta(days=1)),
        "credentialStatus": status_list.status_entry(ENTRY),
    }
    signed = data_integrity.add_proof(credential, signer=key, created=NOW)
    data_integrity.check_proof(signed, signed["proof"][0], key.public)


def test_a_list_with_many_set_entries_stays_small() -> None:
    """131,072 entries, 1,000 of them set: the size that travels, and what any gzip reader makes of it."""
    bits = BitList()
    bits.set_all(Random(1).sample(range(status_list.MINIMUM_ENTRIES), 1000))
    encoded = bits.encode()
    assert len(encoded) < 3_000
    assert BitList.decode(encoded)._bits == bits._bits
