"""What a stranger sees of rotation (KEY-03): signed with our keys, published in our document, checked by the core."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials import data_integrity, did, errors, status_list, strict_json
from credentials.lint import lint
from credentials.verify import Outcome, Verdict, verify
from keys.did_document import did_document
from keys.keyring import Keyring
from tests.keys.world import OWNER, START, MovableClock
from tests.worlds.memory_web import MemoryWeb


class Issuer:
    """Signs with whatever key is active, and publishes its document after each change of keys."""

    def __init__(self, keyring: Keyring, clock: MovableClock) -> None:
        self.keyring = keyring
        self.clock = clock
        self.web = MemoryWeb()

    def publish(self) -> None:
        self.web.put(did.did_web_url(OWNER), did_document(OWNER, self.keyring.list()))

    def sign(self) -> dict[str, Any]:
        document = status_list.build_status_list_credential(
            list_id="https://credentials.example/status/a",
            issuer=OWNER,
            purpose="revocation",
            encoded=status_list.BitList().encode(),
            valid_from=self.clock.now,
        )
        with self.keyring.signer(OWNER) as signer:
            token = lint(document, now=self.clock.now, key_created=signer.info.created)
            return signer.sign_linted(token, strict_json.dumps(document), created=self.clock.now)

    def verdict(self, signed: dict[str, Any]) -> tuple[Verdict, Outcome]:
        """What the public verifier says of it, in all and of its signing key."""
        report = verify(strict_json.dumps(signed), fetcher=self.web, now=self.clock.now)
        return report.verdict, report.step("key").outcome


@pytest.fixture
def issuer(keyring: Keyring, clock: MovableClock) -> Issuer:
    keyring.create(OWNER)
    issuer = Issuer(keyring, clock)
    issuer.publish()
    return issuer


GOOD = (Verdict.VALID, Outcome.PASSED)


@pytest.mark.case("KEY-03")
def test_what_a_key_signed_verifies_through_its_whole_life(issuer: Issuer) -> None:
    old_key = issuer.keyring.active(OWNER)
    old = issuer.sign()
    assert issuer.verdict(old) == GOOD

    issuer.clock.advance(days=365)
    new_key = issuer.keyring.rotate(OWNER)
    issuer.publish()
    new = issuer.sign()
    assert new["proof"][0]["verificationMethod"] == new_key.verification_method
    assert (issuer.verdict(old), issuer.verdict(new)) == (GOOD, GOOD)

    issuer.keyring.retire(old_key.id)
    issuer.publish()
    issuer.clock.advance(days=3650)
    assert (issuer.verdict(old), issuer.verdict(new)) == (GOOD, GOOD)


def test_nothing_of_a_compromised_key_verifies_whatever_date_it_claims(issuer: Issuer) -> None:
    """A thief writes any date, so an early one cannot help; other keys' signatures are untouched."""
    stolen = issuer.keyring.active(OWNER)
    before = issuer.sign()
    issuer.clock.advance(days=30)
    issuer.keyring.rotate(OWNER)
    after = issuer.sign()
    issuer.keyring.mark_compromised(stolen.id, START + timedelta(days=20))
    issuer.publish()
    verdict, key_step = issuer.verdict(before)
    assert verdict is Verdict.INVALID
    assert key_step is Outcome.FAILED
    resolved = did.DidResolver(issuer.web, now=issuer.clock.now).resolve(OWNER)
    with pytest.raises(errors.KeyLaterWithdrawn):
        did.dereference(resolved, stolen.verification_method, "assertionMethod")
    assert issuer.verdict(after) == GOOD


def test_the_published_document_gives_each_key_for_its_purpose_only(issuer: Issuer) -> None:
    old = issuer.keyring.active(OWNER)
    signed = issuer.sign()
    issuer.keyring.rotate(OWNER)
    issuer.publish()
    resolved = did.DidResolver(issuer.web, now=issuer.clock.now).resolve(OWNER)
    method = did.dereference(resolved, old.verification_method, "assertionMethod")
    data_integrity.check_proof(signed, signed["proof"][0], method.public_key)
    with pytest.raises(errors.InvalidRelationship):
        did.dereference(resolved, old.verification_method, "authentication")
