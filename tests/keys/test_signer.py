"""The one door to signatures: a lint token for each, no impossible dates, and a stop that holds at once."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from credentials import data_integrity, errors, status_list, strict_json
from credentials.lint import LintToken, lint
from keys.errors import KeyFileExposed, KeyNotUsable, KeysSealed, ProofInFuture, SigningStopped
from keys.file_store import FileStore
from keys.key_info import KeyInfo
from keys.keyring import Keyring
from keys.signer import LintedSigner
from tests.keys.world import CHEAP, OWNER, START, MovableClock, wrong_passphrase

LIST_URL = "https://credentials.example/status/a"


def make_document(purpose: str = "revocation") -> dict[str, Any]:
    return status_list.build_status_list_credential(
        list_id=LIST_URL, issuer=OWNER, purpose=purpose, encoded=status_list.BitList().encode(), valid_from=START
    )


def linted(document: dict[str, Any], key: KeyInfo) -> tuple[LintToken, bytes]:
    return lint(document, now=START, key_created=key.created), strict_json.dumps(document)


@pytest.fixture
def key(keyring: Keyring) -> KeyInfo:
    return keyring.create(OWNER)


@pytest.fixture
def signer(keyring: Keyring, key: KeyInfo) -> Iterator[LintedSigner]:
    with keyring.signer(OWNER) as signer:
        yield signer


@pytest.mark.case("KEY-08")
def test_what_was_linted_is_signed_and_nothing_else(signer: LintedSigner, key: KeyInfo) -> None:
    document = make_document()
    signed = signer.sign_linted(*linted(document, key), created=START)
    [proof] = signed["proof"]
    assert {name: value for name, value in signed.items() if name != "proof"} == document
    assert (proof["verificationMethod"], proof["created"]) == (key.verification_method, "2026-03-01T12:00:00Z")
    data_integrity.check_proof(signed, proof, key.public_key)


@pytest.mark.case("KEY-08", "KEY-09")
def test_the_bytes_that_were_linted_are_signed_as_they_stand(signer: LintedSigner, key: KeyInfo) -> None:
    """Also by a token that knows nothing of the document's hash; and each token once, for its own bytes."""
    token, document = linted(make_document(), key)
    signed = signer.sign_to_bytes(token, document, created=START)
    assert signed.startswith(document[:-1])
    assert signed == strict_json.dumps(signer.sign_linted(*linted(make_document(), key), created=START))
    assert signed == signer.sign_to_bytes(LintToken(document), document, created=START)
    with pytest.raises(errors.LintTokenSpent):
        signer.sign_to_bytes(token, document, created=START)
    fresh, _ = linted(make_document(), key)
    with pytest.raises(errors.LintTokenMismatch):
        signer.sign_to_bytes(fresh, document.replace(b"2026", b"2025"), created=START)


@pytest.mark.case("KEY-09")
def test_one_token_is_one_signature(signer: LintedSigner, key: KeyInfo) -> None:
    token, document = linted(make_document(), key)
    signer.sign_linted(token, document, created=START)
    with pytest.raises(errors.LintTokenSpent):
        signer.sign_linted(token, document, created=START)


@pytest.mark.case("KEY-09")
def test_a_token_is_for_its_own_document_only(signer: LintedSigner, key: KeyInfo) -> None:
    token, document = linted(make_document("revocation"), key)
    _, other = linted(make_document("suspension"), key)
    with pytest.raises(errors.LintTokenMismatch):
        signer.sign_linted(token, other, created=START)
    with pytest.raises(errors.LintTokenSpent):
        signer.sign_linted(token, document, created=START)


@pytest.mark.case("KEY-09")
def test_a_document_altered_after_the_lint_is_refused(signer: LintedSigner, key: KeyInfo) -> None:
    token, document = linted(make_document(), key)
    with pytest.raises(errors.LintTokenMismatch):
        signer.sign_linted(token, document.replace(b"2026", b"2025"), created=START)


@pytest.mark.case("KEY-09")
def test_without_a_token_there_is_no_signature(signer: LintedSigner) -> None:
    with pytest.raises(TypeError, match="lint token"):
        signer.sign_linted(None, strict_json.dumps(make_document()), created=START)  # type: ignore[arg-type]
    assert not hasattr(signer, "sign")


@pytest.mark.case("KEY-06")
def test_a_proof_is_never_older_than_its_key(signer: LintedSigner, key: KeyInfo) -> None:
    """And the refusal does not spend the token: the same document may be signed with the right date."""
    token, document = linted(make_document(), key)
    with pytest.raises(errors.ProofBeforeKey):
        signer.sign_linted(token, document, created=START - timedelta(seconds=1))
    assert signer.sign_linted(token, document, created=START)["proof"]


@pytest.mark.case("KEY-06")
def test_a_proof_is_never_dated_in_the_future(signer: LintedSigner, key: KeyInfo, clock: MovableClock) -> None:
    token, document = linted(make_document(), key)
    with pytest.raises(ProofInFuture):
        signer.sign_linted(token, document, created=clock.now + timedelta(minutes=1))


@pytest.mark.case("KEY-06")
def test_a_key_signs_in_the_very_second_it_was_made(keyring: Keyring, clock: MovableClock) -> None:
    """Dates in proofs are whole seconds; the key's own must not be a fraction later."""
    clock.now = START.replace(microsecond=900_000)
    key = keyring.create(OWNER)
    with keyring.signer(OWNER) as signer:
        token, document = linted(make_document(), key)
        assert signer.sign_linted(token, document, created=START)["proof"][0]["created"] == "2026-03-01T12:00:00Z"


@pytest.mark.case("KEY-04")
def test_a_stop_holds_from_the_next_signature_on_for_open_signers_too(
    keyring: Keyring, signer: LintedSigner, key: KeyInfo
) -> None:
    token, document = linted(make_document(), key)
    keyring.stop("drill")
    with pytest.raises(SigningStopped, match="drill") as caught:
        signer.sign_linted(token, document, created=START)
    assert caught.value.status_hint == 503
    keyring.resume()
    assert signer.sign_linted(token, document, created=START)["proof"]


def test_a_key_marked_compromised_stops_signing_where_it_is_open(
    keyring: Keyring, signer: LintedSigner, key: KeyInfo
) -> None:
    keyring.mark_compromised(key.id, START)
    with pytest.raises(KeyNotUsable, match="compromised"):
        signer.sign_linted(*linted(make_document(), key), created=START)


@pytest.mark.case("KEY-01")
def test_a_key_file_that_became_readable_to_others_stops_signing(
    signer: LintedSigner, key: KeyInfo, store: FileStore
) -> None:
    (store.folder / f"{key.id}.json").chmod(0o644)
    with pytest.raises(KeyFileExposed):
        signer.sign_linted(*linted(make_document(), key), created=START)


@pytest.mark.case("KEY-03")
def test_issuing_goes_on_while_a_key_rotates(keyring: Keyring, signer: LintedSigner, key: KeyInfo) -> None:
    """Whoever holds the old key finishes with it; who opens one afterwards gets the new; a retired one is over."""
    new = keyring.rotate(OWNER)
    finished = signer.sign_linted(*linted(make_document(), key), created=START)
    data_integrity.check_proof(finished, finished["proof"][0], key.public_key)
    with keyring.signer(OWNER) as fresh:
        signed = fresh.sign_linted(*linted(make_document(), new), created=START)
    data_integrity.check_proof(signed, signed["proof"][0], new.public_key)
    with keyring.signer(OWNER, key.id) as named:
        assert named.verification_method == key.verification_method
    keyring.retire(key.id)
    with pytest.raises(KeyNotUsable, match="retired"):
        signer.sign_linted(*linted(make_document(), key), created=START)


@pytest.mark.case("KEY-02")
def test_a_sealed_keyring_still_says_everything_public(store: FileStore, key: KeyInfo, clock: MovableClock) -> None:
    sealed = Keyring(FileStore(store.folder, wrong_passphrase, stretching=CHEAP), clock)
    assert sealed.active(OWNER) == key
    with pytest.raises(KeysSealed), sealed.signer(OWNER):
        pass


@pytest.mark.case("KEY-07")
def test_an_open_signer_is_not_copied_or_shown(signer: LintedSigner) -> None:
    assert "********" in repr(signer)
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never pickled"):
            leave(signer)


def test_a_signer_ends_with_its_block(keyring: Keyring, key: KeyInfo) -> None:
    with keyring.signer(OWNER) as signer:
        pass
    with pytest.raises(KeyNotUsable, match="closed"):
        signer.sign_linted(*linted(make_document(), key), created=START)
