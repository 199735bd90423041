"""Status lists in memory: places are given once, and a full list says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from credentials.status_list import MINIMUM_ENTRIES
from issuer.vc_api.problems import CredentialUnknown, ListsFull, RequestMalformed
from issuer.vc_api.statuses import StatusLists

ISSUER = "did:example:1"


def _lists(numbers: Iterator[int]) -> StatusLists:
    return StatusLists(lambda number: f"https://lists.example/{number}", lambda _: next(numbers))


def test_a_place_is_given_once() -> None:
    lists = _lists(iter([7, 7, 7, 8]))
    (first,) = lists.allocate("urn:a:1", ISSUER, ["revocation"])
    (second,) = lists.allocate("urn:a:2", ISSUER, ["revocation"])
    assert (first.index, second.index) == (7, 8)
    assert first.list_url == second.list_url == "https://lists.example/0"


def test_each_issuer_and_purpose_has_a_list() -> None:
    lists = _lists(iter(range(9)))
    entries = lists.allocate("urn:a:1", ISSUER, ["revocation", "suspension"])
    entries += lists.allocate("urn:a:2", "did:example:2", ["revocation"])
    assert [entry.list_url[-1] for entry in entries] == ["0", "1", "2"]
    assert lists.get(3) is None
    assert lists.get(-1) is None


def test_one_bit_is_set_and_no_other() -> None:
    lists = _lists(iter([3, 4]))
    lists.allocate("urn:a:1", ISSUER, ["revocation"])
    lists.allocate("urn:a:2", ISSUER, ["revocation"])
    lists.set("urn:a:2", "revocation", True)
    found = lists.get(0)
    assert found is not None
    assert [found.bits.get(index) for index in (2, 3, 4, 5)] == [False, False, True, False]
    lists.set("urn:a:2", "revocation", False)
    assert found.bits.get(4) is False


def test_what_was_not_issued_has_no_status() -> None:
    lists = _lists(iter([3]))
    with pytest.raises(CredentialUnknown):
        lists.set("urn:a:1", "revocation", True)
    lists.allocate("urn:a:1", ISSUER, ["revocation"])
    with pytest.raises(RequestMalformed):
        lists.set("urn:a:1", "suspension", True)


def test_a_full_list_gives_no_more_places() -> None:
    """Before probing at random for the last free places takes long."""
    lists = _lists(iter(range(MINIMUM_ENTRIES)))
    lists.allocate("urn:a:0", ISSUER, ["revocation"])
    found = lists.get(0)
    assert found is not None
    found.given.update(range(MINIMUM_ENTRIES))
    with pytest.raises(ListsFull):
        lists.allocate("urn:a:1", ISSUER, ["revocation"])
