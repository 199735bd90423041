"""The verifier key signs receipts and nothing else, under the rules of every other key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from credentials import receipts, strict_json
from credentials.ports import Fetched
from credentials.verify import Verdict, verify
from keys.errors import KeyNotFound, KeysSealed, SignerNotSupported, SigningStopped
from keys.keyring import Keyring
from keys.passphrase import Passphrase
from keys.verifier_key import PublishedHere, VerifierKey
from tests.worlds.instances import CHEAP
from tests.worlds.issuers import Issuer, judge
from tests.worlds.memory_web import MemoryWeb

BASE = "https://verify.example"
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def _clock() -> datetime:
    return NOW


def _keyring(folder: Path, passphrase: str = "correct horse battery staple") -> Keyring:
    return Keyring.open(folder / "keys", passphrase=lambda: Passphrase(passphrase), clock=_clock, stretching=CHEAP)


@pytest.fixture
def key(tmp_path: Path) -> VerifierKey:
    return VerifierKey(lambda: _keyring(tmp_path), BASE, _clock)


def _receipt(key: VerifierKey) -> dict[str, Any]:
    issuer = Issuer(MemoryWeb())
    report = judge(issuer.issue(), issuer.web)
    return receipts.build_receipt(
        report, digest=receipts.digest_of(b""), receipt_id="urn:uuid:0", issuer=key.did, issuer_name="Verifier"
    )


def test_a_receipt_verifies_by_the_document_that_is_published(key: VerifierKey) -> None:
    signed = key.sign(_receipt(key))
    report = verify(signed, fetcher=PublishedHere(key, MemoryWeb()), now=NOW)
    assert (key.did, report.verdict) == ("did:web:verify.example:verify", Verdict.VALID)
    assert strict_json.loads_object(key.published())["id"] == key.did


def test_a_port_is_part_of_the_name(tmp_path: Path) -> None:
    key = VerifierKey(lambda: _keyring(tmp_path), "http://localhost:8000", _clock)
    assert key.did == "did:web:localhost%3A8000:verify"
    assert key.publishes("https://localhost:8000/verify/did.json")
    assert key.publishes("http://localhost:8000/verify/did.json")
    assert not key.publishes("https://localhost:8000/verify/did.json?x")


def test_there_is_nothing_to_publish_before_the_first_receipt(key: VerifierKey) -> None:
    with pytest.raises(KeyNotFound):
        key.published()


def test_the_key_is_made_once_and_rotates_like_every_other(key: VerifierKey, tmp_path: Path) -> None:
    first = key.sign(_receipt(key))
    key.sign(_receipt(key))
    keyring = _keyring(tmp_path)
    assert len(keyring.list(key.did)) == 1
    keyring.rotate(key.did)
    assert key.sign(_receipt(key)) != first
    report = verify(first, fetcher=PublishedHere(key, MemoryWeb()), now=NOW)
    assert report.verdict is Verdict.VALID
    keyring.mark_compromised(keyring.list(key.did)[0].id, NOW)
    report = verify(first, fetcher=PublishedHere(key, MemoryWeb()), now=NOW)
    assert report.verdict is not Verdict.VALID


@pytest.mark.case("KEY-08")
def test_nothing_but_a_receipt_of_its_own_is_signed(key: VerifierKey) -> None:
    receipt = _receipt(key)
    for other in (
        Issuer(MemoryWeb()).unsigned(),
        {**receipt, "type": ["VerifiableCredential"]},
        {**receipt, "issuer": {"id": "did:web:employer.example", "name": "Employer"}},
    ):
        with pytest.raises(SignerNotSupported):
            key.sign(other)


def test_the_emergency_stop_holds_for_receipts(key: VerifierKey, tmp_path: Path) -> None:
    key.sign(_receipt(key))
    _keyring(tmp_path).stop("drill")
    with pytest.raises(SigningStopped, match="drill"):
        key.sign(_receipt(key))
    _keyring(tmp_path).resume()
    key.sign(_receipt(key))


def test_sealed_keys_sign_nothing(key: VerifierKey, tmp_path: Path) -> None:
    key.sign(_receipt(key))
    sealed = VerifierKey(lambda: _keyring(tmp_path, "another pass phrase entirely"), BASE, _clock)
    with pytest.raises(KeysSealed):
        sealed.sign(_receipt(sealed))
    assert sealed.published() == key.published()  # publishing needs no passphrase


def test_all_other_addresses_go_on_to_the_next_fetcher(key: VerifierKey) -> None:
    class Outside:
        def fetch(self, url: str) -> Fetched:
            return Fetched(url, b"outside", "text/plain", "network")

    fetcher = PublishedHere(key, Outside())
    assert fetcher.fetch("https://employer.example/").body == b"outside"
    assert fetcher.fetch(f"{BASE}/verify/did.json.evil.example").body == b"outside"
