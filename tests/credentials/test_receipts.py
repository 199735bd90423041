"""A receipt says what was checked, when and with what result, and nothing else of the credential."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials import errors, lint, receipts, strict_json
from credentials.verify import Report, Verdict
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, judge, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

ISSUER = Key("verifier").controller
ID = "urn:uuid:6c0f3c1e-7f0e-4c3e-9d0f-1a2b3c4d5e6f"


def _built(report: Report, digest: str = receipts.digest_of(b"handed in")) -> dict[str, Any]:
    return receipts.build_receipt(report, digest=digest, receipt_id=ID, issuer=ISSUER, issuer_name="Verifier")


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def test_a_receipt_is_a_credential_that_can_be_signed_and_read_back(issuer: Issuer) -> None:
    report = judge(issuer.issue(), issuer.web)
    document = _built(report)
    lint.lint(document, now=NOW)
    confirmed = judge(sign(document, Key("verifier"), created=NOW), issuer.web)
    assert confirmed.verdict is Verdict.ISSUER_NOT_RECOGNISED
    assert confirmed.verified is not None
    receipt = receipts.read(confirmed.verified.document)
    assert (receipt.verdict, receipt.checked_at, receipt.verifier) == (report.verdict, NOW, ISSUER)
    assert [(one.number, one.outcome, one.sentence) for one in receipt.steps] == [
        (step.number, step.outcome, step.sentence) for step in report.steps
    ]
    assert receipt.credential == issuer.record_url
    assert receipt.issued_by == issuer.domain
    assert receipt.to_json()["verdict"] == "valid"


def test_every_part_of_a_receipt_is_signed(issuer: Issuer) -> None:
    signed = sign(_built(judge(issuer.issue(), issuer.web)), Key("verifier"), created=NOW)
    subject = signed["credentialSubject"]
    for change in (
        {"verdict": "withdrawn"},
        {"headline": "x"},
        {"checkedAt": "2026-07-02T12:00:00Z"},
        {"digestSRI": receipts.digest_of(b"another")},
        {"id": "https://employer.example/c/other"},
        {"issuedBy": "other.example"},
        {"check": subject["check"][:-1]},
        {"check": [{**subject["check"][0], "outcome": "failed"}, *subject["check"][1:]]},
        {"check": [{**subject["check"][0], "stepNumber": 12}, *subject["check"][1:]]},
        {"check": [{**subject["check"][0], "code": "revoked"}, *subject["check"][1:]]},
    ):
        changed = {**signed, "credentialSubject": {**subject, **change}}
        assert judge(changed, issuer.web).verdict is Verdict.ALTERED, change


@pytest.mark.case("PRV-09")
def test_a_receipt_holds_nothing_of_the_student(issuer: Issuer) -> None:
    credential = issuer.issue()
    report = judge(credential, issuer.web)
    assert report.verified is not None
    text = strict_json.dumps(_built(report)).decode()
    for private in (report.verified.student_name, report.verified.title, report.verified.comment, report.verified.role):
        assert private
        assert private not in text


def test_of_what_was_not_confirmed_only_the_digest_is_named(issuer: Issuer) -> None:
    altered = to_bytes(issuer.issue()).replace(b'"31"', b'"91"')
    subject = _built(judge(altered, issuer.web), receipts.digest_of(altered))["credentialSubject"]
    assert (subject["verdict"], subject.get("id"), subject.get("issuedBy")) == ("altered", None, None)
    assert subject["digestSRI"] == receipts.digest_of(altered) != receipts.digest_of(b"")


def test_an_issuer_that_is_only_a_key_is_named_by_its_did(issuer: Issuer) -> None:
    key = Key("stranger")
    document = issuer.unsigned()
    document["issuer"]["id"] = key.controller
    del document["credentialStatus"]
    report = judge(sign(document, key), issuer.web)
    assert _built(report)["credentialSubject"]["issuedBy"] == key.controller


def test_other_credentials_are_no_receipts_and_damaged_ones_are_refused(issuer: Issuer) -> None:
    assert not receipts.is_receipt(issuer.unsigned())
    good = _built(judge(issuer.issue(), issuer.web))
    assert receipts.is_receipt(good)
    subject = good["credentialSubject"]
    for change in (
        {"verdict": "splendid"},
        {"checkedAt": "yesterday"},
        {"check": [{**subject["check"][0], "outcome": "wonderful"}]},
        {"check": [{**subject["check"][0], "stepNumber": "first"}]},
    ):
        with pytest.raises(errors.CredentialMalformed):
            receipts.read({**good, "credentialSubject": {**subject, **change}})
    with pytest.raises(errors.CredentialMalformed):
        receipts.read({**good, "credentialSubject": {"verdict": "valid"}})


def test_checks_come_back_in_their_order_however_they_are_listed(issuer: Issuer) -> None:
    """A signature over JSON-LD does not cover the order of a list."""
    good = _built(judge(issuer.issue(), issuer.web))
    good["credentialSubject"]["check"].reverse()
    assert [one.number for one in receipts.read(good).steps] == list(range(1, 9))


def test_a_receipt_is_dated_when_it_was_checked(issuer: Issuer) -> None:
    later = judge(issuer.issue(), issuer.web, now=NOW + timedelta(seconds=30))
    assert _built(later)["validFrom"] == "2026-07-01T12:00:30Z"
