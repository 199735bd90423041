"""The published document: which keys it lists, and what each may vouch for (KEY-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credentials import strict_json
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
