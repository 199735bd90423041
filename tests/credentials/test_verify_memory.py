"""What was found good before is not worked out again; and it never makes anything better than it is."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from credentials.verify import Policy, Report, Verdict, memory, verify
from credentials.verify.memory import KeptOutcomes
from tests.verifier import situations
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, to_bytes
from tests.worlds.memory_web import MemoryWeb


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def checked(issuer: Issuer, data: bytes, kept: KeptOutcomes, **more: Any) -> Report:
    return verify(data, fetcher=issuer.web, now=more.get("now", NOW), policy=Policy(memory=kept))


@pytest.mark.parametrize("name", situations.ALL)
def test_the_second_report_is_the_first_and_the_one_without_a_memory(name: str) -> None:
    situation = situations.make(name)
    policy = Policy(memory=KeptOutcomes())
    without = verify(situation.credential, fetcher=situation.web, now=NOW).to_json()
    for _ in range(3):
        assert verify(situation.credential, fetcher=situation.web, now=NOW, policy=policy).to_json() == without


def test_form_and_signature_are_worked_out_once(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    data, kept = to_bytes(issuer.issue()), KeptOutcomes()
    assert checked(issuer, data, kept).verdict is Verdict.VALID

    def refuse(*_arguments: object) -> None:
        raise AssertionError("worked out again")

    monkeypatch.setattr("credentials.data_integrity.check_proof", refuse)
    monkeypatch.setattr("credentials.verify.plain_form.check", refuse)
    assert checked(issuer, data, kept).verdict is Verdict.VALID
    assert checked(issuer, data, KeptOutcomes()).verdict is not Verdict.VALID


def test_one_letter_makes_another_text(issuer: Issuer) -> None:
    document, kept = issuer.issue(), KeptOutcomes()
    assert checked(issuer, to_bytes(document), kept).verdict is Verdict.VALID
    document["credentialSubject"]["achievement"]["name"] += "!"
    assert checked(issuer, to_bytes(document), kept).verdict is Verdict.ALTERED
    assert checked(issuer, to_bytes(document), kept).verdict is Verdict.ALTERED


def test_what_the_world_says_is_asked_every_time(issuer: Issuer) -> None:
    data, kept = to_bytes(issuer.issue()), KeptOutcomes()
    assert checked(issuer, data, kept).verdict is Verdict.VALID
    assert checked(issuer, data, kept, now=NOW - timedelta(days=900)).verdict is not Verdict.VALID
    issuer.revoke(7)
    assert checked(issuer, data, kept).verdict is Verdict.WITHDRAWN


def test_another_key_under_the_same_name_is_another_question(issuer: Issuer) -> None:
    data, kept = to_bytes(issuer.issue()), KeptOutcomes()
    assert checked(issuer, data, kept).verdict is Verdict.VALID
    other = {**issuer.key.method(), "publicKeyMultibase": Key("key-2", issuer.did).public.multikey}
    issuer.publish_did(verificationMethod=[other])
    assert checked(issuer, data, kept).verdict is Verdict.ALTERED


def test_a_proof_is_not_taken_for_the_one_beside_it(issuer: Issuer) -> None:
    document, kept = issuer.issue(), KeptOutcomes()
    good = document["proof"] if isinstance(document["proof"], dict) else document["proof"][0]
    assert checked(issuer, to_bytes(document), kept).verdict is Verdict.VALID
    wrong = {**good, "proofValue": good["proofValue"][:-2] + ("11" if good["proofValue"][-2:] != "11" else "22")}
    for _ in range(2):
        assert checked(issuer, to_bytes({**document, "proof": [good, wrong]}), kept).verdict is not Verdict.VALID


@pytest.mark.case("PRV-09")
def test_nothing_but_digests_is_kept_and_no_more_than_so_many(issuer: Issuer) -> None:
    kept = KeptOutcomes(most=10)
    for hours in range(1, 30):
        assert checked(issuer, to_bytes(issuer.issue(issuer.unsigned(hours=hours))), kept).verdict is Verdict.VALID
    assert len(kept) == 10
    assert {(type(digest), len(digest)) for digest in kept._digests} == {(bytes, memory.DIGEST_BYTES)}
    assert set(kept._digests.values()) == {None}
    with pytest.raises(ValueError, match="only digests"):
        kept.remember(b"Amara")


def test_the_one_unused_for_longest_is_forgotten_first() -> None:
    kept = KeptOutcomes(most=2)
    first, second, third = (bytes([number]) * 32 for number in range(3))
    kept.remember(first)
    kept.remember(second)
    assert kept.knows(first)
    kept.remember(third)
    assert [kept.knows(one) for one in (first, second, third)] == [True, False, True]


def test_a_failure_is_found_anew() -> None:
    kept = KeptOutcomes()
    text = memory.Text.of(b"text", kept)

    def fail() -> None:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            text.once(b"about", fail)
    assert len(kept) == 0
    text.once(b"about", lambda: None)
    text.once(b"about", fail)
    with pytest.raises(ValueError, match="no"):
        text.once(b"about something else", fail)
    with pytest.raises(ValueError, match="no"):
        memory.Text.of(b"texts", kept).once(b"about", fail)
    with pytest.raises(ValueError, match="no"):
        memory.UNKNOWN.once(b"about", fail)


def test_a_policy_without_a_memory_makes_no_digest() -> None:
    assert memory.Text.of(b"text", None) == memory.UNKNOWN
    assert dataclasses.replace(Policy()).memory is None
