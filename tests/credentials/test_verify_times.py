"""What is withdrawn, over or not yet begun: in which words, and from which moment on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from credentials import errors, strict_json
from credentials.jose import jws, vc_jwt
from credentials.verify import Policy, Verdict
from credentials.verify.report import ERROR_PAGES
from tests.worlds import tokens
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, judge, told
from tests.worlds.memory_web import MemoryWeb

KEY_ID = "did:web:employer.example#key-1"


def test_withdrawn_and_expired_are_told_each_in_its_step(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue({**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"})
    issuer.revoke(7)
    report = judge(document, web)
    sentence = "The issuer has withdrawn it. Its reason could not be read."
    assert (report.headline, report.remedy) == (sentence, Verdict.WITHDRAWN.remedy)
    assert told(report, "validity") == (
        "failed",
        "expired",
        "It expired on 30 June 2026.",
        "Ask for a newer one if you need one.",
        {"validFrom": "2026-06-21T12:00:00Z", "validUntil": "2026-06-30T00:00:00Z"},
    )
    entry = {
        "purpose": "revocation",
        "outcome": "failed",
        "code": None,
        "set": True,
        "source": "network",
        "listedFrom": "2026-06-21T12:00:00Z",
        "message": None,
    }
    assert told(report, "status") == (
        "failed",
        "revoked",
        sentence,
        "Do not rely on it. The issuer can say why it was withdrawn.",
        {
            "entries": [entry],
            "notice": {"outcome": "not_checked", "code": "unreachable", "address": issuer.record_url + "/standing"},
        },
    )
    assert report.step("validity").problem_type == ERROR_PAGES + "expired"
    assert report.step("status").problem_type == ERROR_PAGES + "revoked"


def test_suspended_is_told_as_something_that_may_pass(web: MemoryWeb, issuer: Issuer) -> None:
    entry = {**issuer.unsigned()["credentialStatus"], "statusPurpose": "suspension"}
    entry["statusListCredential"] = issuer.list_url("suspension")
    document = issuer.issue({**issuer.unsigned(), "credentialStatus": entry})
    issuer.revoke(7, "suspension")
    report = judge(document, web)
    assert report.reasons == (Verdict.SUSPENDED,)
    assert told(report, "status")[:4] == (
        "failed",
        "suspended",
        "The issuer has suspended it for now. Its reason could not be read.",
        "Ask the issuer, or look again later.",
    )
    assert report.step("status").details["entries"][0]["purpose"] == "suspension"
    assert report.step("status").problem_type == ERROR_PAGES + "suspended"


def test_not_in_force_yet_is_told_with_its_day(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(issuer.issue({**issuer.unsigned(), "validFrom": "2026-08-01T00:00:00Z"}), web)
    assert told(report, "validity") == (
        "failed",
        "not_yet_valid",
        "It is not in force before 1 August 2026.",
        "Look again on the day it begins.",
        {"validFrom": "2026-08-01T00:00:00Z"},
    )
    assert report.step("validity").problem_type == ERROR_PAGES + "not_yet_valid"


def test_an_end_to_come_is_told_with_its_day(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(issuer.issue({**issuer.unsigned(), "validUntil": "2027-01-01T00:00:00Z"}), web)
    assert told(report, "validity") == (
        "passed",
        None,
        "It is in force until 1 January 2027.",
        "",
        {"validFrom": "2026-06-21T12:00:00Z", "validUntil": "2027-01-01T00:00:00Z"},
    )


def test_an_end_of_the_signature_is_told_apart_from_the_credential_s(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(issuer.issue(expires=NOW - timedelta(days=1)), web)
    assert told(report, "validity") == (
        "failed",
        "proof_expired",
        "Its signature expired on 30 June 2026.",
        "Ask for a newer one if you need one.",
        {},
    )
    assert report.step("validity").problem_type == errors.ProofExpired.problem_type
    later = judge(issuer.issue(expires=NOW + timedelta(days=1)), web)
    assert later.step("validity").sentence == "It is in force until 2 July 2026."


def test_the_first_end_and_the_last_beginning_count(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = {**issuer.unsigned(), "validUntil": "2027-01-01T00:00:00Z"}
    report = judge(issuer.issue(unsigned, expires=NOW + timedelta(days=1)), web)
    assert report.step("validity").sentence == "It is in force until 2 July 2026."
    payload = {**unsigned, "nbf": int((NOW + timedelta(days=2)).timestamp())}
    token = jws.sign({"typ": "vc+jwt", "kid": KEY_ID}, strict_json.dumps(payload), issuer.key)
    assert judge(token.encode(), web).step("validity").sentence == "It is not in force before 3 July 2026."


@pytest.mark.parametrize(("late", "verdict"), [(timedelta(0), Verdict.VALID), (timedelta(seconds=1), Verdict.EXPIRED)])
def test_the_last_moment_still_counts(web: MemoryWeb, issuer: Issuer, late: timedelta, verdict: Verdict) -> None:
    document = issuer.issue({**issuer.unsigned(), "validUntil": "2026-07-01T12:00:00Z"})
    assert judge(document, web, now=NOW + late).verdict is verdict
    assert judge(tokens.as_jwt(issuer.unsigned(), issuer.key, expires=NOW), web, now=NOW + late).verdict is verdict


@pytest.mark.parametrize(
    ("early", "verdict"),
    [(Policy().clock_skew, Verdict.VALID), (Policy().clock_skew + timedelta(seconds=1), Verdict.NOT_YET_VALID)],
)
def test_clocks_may_differ_by_the_skew_and_not_by_more(
    web: MemoryWeb, issuer: Issuer, early: timedelta, verdict: Verdict
) -> None:
    unsigned = {**issuer.unsigned(), "validFrom": "2026-07-01T12:00:00Z"}
    document = issuer.issue(unsigned)
    assert judge(document, web, now=NOW - early).verdict is verdict


@pytest.mark.parametrize(("late", "code"), [(0, None), (1, "proof_created_in_future")])
def test_a_signature_may_be_dated_ahead_by_the_skew(
    web: MemoryWeb, issuer: Issuer, late: int, code: str | None
) -> None:
    created = NOW + Policy().clock_skew + timedelta(seconds=late)
    assert judge(issuer.issue(created=created), web).step("signature").code == code
    token = vc_jwt.sign_credential(issuer.unsigned(), issuer.key, issued_at=created)
    assert judge(token.encode(), web).step("signature").code == code
