"""The compact claim of a credential says what the credential says, whoever's name it is, or there is none."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from credentials import compact_claim, errors
from credentials.compact_claim import StatusPlace
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb

ISSUER = Issuer(MemoryWeb())


def claim_of(document: dict[str, Any]) -> compact_claim.CompactClaim:
    return compact_claim.from_credential(document, signed_at=SIGNED_AT)


def changed(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The usual credential with one change."""
    document = copy.deepcopy(ISSUER.unsigned())
    change(document)
    return document


def test_a_claim_copies_the_facts() -> None:
    assert claim_of(ISSUER.issue()) == compact_claim.CompactClaim(
        issuer="did:web:employer.example",
        employer="Employer Example",
        student="Nguyễn Thị Hồng Ánh",
        title="Checkout accessibility audit",
        record="https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        awarded=date(2026, 6, 16),
        signed_at=SIGNED_AT,
        hours=Decimal(31),
        start=date(2026, 5, 24),
        end=date(2026, 6, 11),
        revocation=StatusPlace("https://employer.example/status/revocation", 7),
    )


def test_the_confirmed_credential_says_the_same() -> None:
    """Held side by side with what the verifier reads from the same document."""
    from tests.worlds.issuers import judge

    document = ISSUER.issue()
    seen, claim = judge(to_bytes(document), ISSUER.web).verified, claim_of(document)
    assert seen is not None
    assert (seen.issuer_did, seen.issuer_name, seen.student_name) == (claim.issuer, claim.employer, claim.student)
    assert (seen.title, seen.id, seen.hours) == (claim.title, claim.record, str(claim.hours))
    assert (seen.start, seen.end, seen.awarded) == (str(claim.start), str(claim.end), str(claim.awarded))


def test_both_ways_of_taking_it_back_are_named() -> None:
    entry = ISSUER.unsigned()["credentialStatus"]
    other = {**entry, "statusPurpose": "suspension", "statusListIndex": "8"}
    refresh = {**entry, "statusPurpose": "refresh"}
    claim = claim_of(changed(lambda document: document.update(credentialStatus=[entry, other, refresh])))
    assert claim.revocation == StatusPlace("https://employer.example/status/revocation", 7)
    assert claim.suspension == replace(claim.revocation, index=8)


def test_what_a_credential_need_not_say_is_left_out() -> None:
    def strip(document: dict[str, Any]) -> None:
        subject = document["credentialSubject"]
        for name in ("activityStartDate", "activityEndDate", "result"):
            del subject[name]
        del document["credentialStatus"]

    claim = claim_of(changed(strip))
    assert (claim.start, claim.end, claim.hours, claim.revocation, claim.suspension) == (None,) * 5


def test_the_life_of_the_credential_is_the_claims() -> None:
    later = changed(
        lambda document: document.update(validFrom="2026-08-01T00:00:00Z", validUntil="2026-09-01T00:00:00Z")
    )
    claim = claim_of(later)
    with pytest.raises(errors.TokenNotYetValid):
        compact_claim.check_times(claim, NOW)
    compact_claim.check_times(claim, NOW + timedelta(days=40))
    with pytest.raises(errors.TokenExpired):
        compact_claim.check_times(claim, NOW + timedelta(days=80))


def test_another_result_is_not_taken_for_the_hours() -> None:
    claim = claim_of(changed(lambda document: document["credentialSubject"]["result"].reverse()))
    assert claim.hours == 31


def _subject(**members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["credentialSubject"].update(members)


def _two_hours(document: dict[str, Any]) -> None:
    document["credentialSubject"]["result"].append(document["credentialSubject"]["result"][0])


def _hours(text: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["credentialSubject"]["result"][0].update(value=text)


def _status(**members: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["credentialStatus"].update(members)


_NAME = {"type": "IdentityObject", "hashed": False, "identityHash": "A", "identityType": "name"}


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(issuer="did:web:employer.example"),
        lambda document: document["issuer"].pop("name"),
        lambda document: document.pop("id"),
        lambda document: document.pop("awardedDate"),
        lambda document: document.update(credentialSubject=[document["credentialSubject"]] * 2),
        _subject(achievement="https://employer.example/a"),
        _subject(identifier=[]),
        _subject(identifier=[_NAME, _NAME]),
        _subject(identifier=["A", {**_NAME, "hashed": True}]),
        _subject(identifier=[{**_NAME, "identityHash": 5}]),
        _subject(activityStartDate=20260524),
        _two_hours,
        _hours("about 30"),
        _hours("30.125"),
        _hours("３１"),
        _status(statusSize=2, statusMessage=[{"status": f"0x{value}", "message": "x"} for value in range(4)]),
        lambda document: document.update(credentialStatus=[document["credentialStatus"]] * 2),
    ],
)
def test_a_credential_without_the_facts_has_no_claim(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(errors.NotCompactable):
        claim_of(changed(change))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (
            lambda document: document.update(id="urn:uuid:5ee2fb0b-4d95-4bd6-a8cb-b3b1bd6c7f11"),
            errors.CompactClaimMalformed,
        ),
        (_status(statusListIndex=str(2**32)), errors.CompactClaimMalformed),
        (_status(statusListIndex=7), errors.StatusEntryMalformed),
        (_status(type="TokenStatusListEntry"), errors.StatusTypeNotSupported),
        (lambda document: document.update(awardedDate="2026-06-16"), errors.MalformedTimestamp),
    ],
)
def test_a_fact_without_a_short_form_is_refused(
    change: Callable[[dict[str, Any]], Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        claim_of(changed(change))


def test_names_that_mean_mischief_come_back_as_they_are(security_cases: Path) -> None:
    for case in json.loads((security_cases / "corpora" / "names.json").read_bytes()):
        claim = replace(claim_of(ISSUER.unsigned()), student=case["in"])
        text = compact_claim.to_fragment(compact_claim.sign(claim, ISSUER.key, ISSUER.key.public))
        found = compact_claim.verify(compact_claim.parse(compact_claim.from_fragment(text)), ISSUER.key.public)
        assert found.student == case["in"], case["id"]
