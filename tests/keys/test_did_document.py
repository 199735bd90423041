"""The published document: which keys it lists, and what each may vouch for (KEY-03)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from credentials import strict_json, timestamps
from keys.did_document import did_document
from keys.errors import KeyNotFound
from keys.keyring import Keyring
from tests.keys.world import OTHER_OWNER, OWNER, START, MovableClock


@pytest.mark.case("KEY-03")
def test_every_key_is_listed_and_all_but_compromised_ones_vouch(keyring: Keyring, clock: MovableClock) -> None:
    first = keyring.create(OWNER)
    stolen = keyring.rotate(OWNER)
    third = keyring.rotate(OWNER)
    active = keyring.rotate(OWNER)
    clock.advance(days=2)
    keyring.retire(first.id)
    keyring.mark_compromised(stolen.id, START + timedelta(days=1))

    document = did_document(OWNER, keyring.list(OWNER))

    assert document["id"] == OWNER
    assert document["assertionMethod"] == [info.verification_method for info in (first, third, active)]
    assert document["authentication"] == [active.verification_method]
    assert document["verificationMethod"] == [
        {
            "id": info.verification_method,
            "type": "Multikey",
            "controller": OWNER,
            "publicKeyMultibase": info.public_key.multikey,
        }
        | ({"revoked": "2026-03-02T12:00:00Z"} if info is stolen else {})
        for info in (first, stolen, third, active)
    ]


def test_nothing_expires_since_old_proofs_stay_good(keyring: Keyring) -> None:
    """A verifier refuses every proof of an expired method, however old the proof (CID 1.0 section 2.2)."""
    old = keyring.create(OWNER)
    keyring.rotate(OWNER)
    keyring.retire(old.id)
    assert b"expires" not in strict_json.dumps(did_document(OWNER, keyring.list()))


def test_other_owners_keys_stay_out(keyring: Keyring) -> None:
    keyring.create(OTHER_OWNER)
    mine = keyring.create(OWNER)
    document = did_document(OWNER, keyring.list())
    assert [method["id"] for method in document["verificationMethod"]] == [mine.verification_method]


def test_an_owner_without_keys_has_no_document(keyring: Keyring) -> None:
    keyring.create(OTHER_OWNER)
    with pytest.raises(KeyNotFound):
        did_document(OWNER, keyring.list())


def test_the_document_has_the_contexts_that_define_its_terms(keyring: Keyring) -> None:
    keyring.create(OWNER)
    assert did_document(OWNER, keyring.list())["@context"] == [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
    ]


def strictly_usable(document: dict[str, Any], method_id: str, purpose: str, now: datetime) -> bool:
    """The letter of CID 1.0, 2.2: from `expires` or `revoked` on no proof of the method is verified, however old."""
    method = next(method for method in document["verificationMethod"] if method["id"] == method_id)
    ends = [timestamps.parse(method[name]) for name in ("expires", "revoked") if name in method]
    return method_id in document[purpose] and all(now < end for end in ends)


@pytest.mark.case("KEY-03")
def test_a_strict_reader_accepts_what_retired_keys_signed_and_nothing_of_a_stolen_one(
    keyring: Keyring, clock: MovableClock
) -> None:
    """Ten years on. With the day of its retirement as `expires`, the retired key's proofs would all be refused."""
    retired, stolen = keyring.create(OWNER), keyring.rotate(OWNER)
    active = keyring.rotate(OWNER)
    clock.advance(days=2)
    ended = keyring.retire(retired.id).valid_until
    keyring.mark_compromised(stolen.id, START + timedelta(days=1))
    document, later = did_document(OWNER, keyring.list(OWNER)), START + timedelta(days=3650)

    usable = {
        (info.id, purpose)
        for info in (retired, stolen, active)
        for purpose in ("assertionMethod", "authentication")
        if strictly_usable(document, info.verification_method, purpose, later)
    }
    assert usable == {(retired.id, "assertionMethod"), (active.id, "assertionMethod"), (active.id, "authentication")}

    assert ended is not None
    document["verificationMethod"][0]["expires"] = timestamps.format(ended)
    assert not strictly_usable(document, retired.verification_method, "assertionMethod", later)


def test_what_ended_carries_its_time_only_where_it_ended_by_theft(keyring: Keyring, clock: MovableClock) -> None:
    """`revoked` is the moment since when the key may be in other hands, in whole seconds of UTC, and never moves on."""
    stolen = keyring.create(OWNER)
    keyring.rotate(OWNER)
    clock.advance(days=5)
    for since in (START + timedelta(days=3), START + timedelta(days=1), START + timedelta(days=4)):
        keyring.mark_compromised(stolen.id, since)
    first, second = did_document(OWNER, keyring.list(OWNER))["verificationMethod"]
    assert first["revoked"] == "2026-03-02T12:00:00Z"
    assert {"revoked", "expires"}.isdisjoint(second)


def test_the_same_keys_under_another_name_of_their_owner(keyring: Keyring) -> None:
    """For did:webvh: every id and controller is the other name's, which names the first one."""
    info = keyring.create(OWNER)
    document = did_document("did:webvh:x:y", keyring.list(), owner=OWNER, also_known_as=[OWNER])
    assert document["alsoKnownAs"] == [OWNER]
    assert document["assertionMethod"] == [f"did:webvh:x:y#{info.id}"] == document["authentication"]
    assert document["verificationMethod"][0]["controller"] == "did:webvh:x:y"
