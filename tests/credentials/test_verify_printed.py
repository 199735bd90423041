"""The claim of a printed code, verified in place of a record that could not be looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials import compact_claim, errors, vcdm
from credentials.compact_claim import CompactClaim
from credentials.cose import sign1
from credentials.verify import Outcome, Report, Verdict, verify
from credentials.verify.printed import is_printed_claim, verify_printed
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, Key, to_bytes
from tests.worlds.memory_web import MemoryWeb

UNSEEN = errors.Unreachable("the host did not answer")


def claim_of(issuer: Issuer, **changes: Any) -> CompactClaim:
    return compact_claim.from_credential(issuer.issue({**issuer.unsigned(), **changes}), signed_at=SIGNED_AT)


def signed(claim: CompactClaim, key: Key | EcKey) -> bytes:
    return compact_claim.sign(claim, key, key.public)


def judged(issuer: Issuer, message: bytes | None = None, unseen: errors.PlauditError | None = UNSEEN) -> Report:
    data = signed(claim_of(issuer), issuer.key) if message is None else message
    return verify_printed(data, unseen=unseen, fetcher=issuer.web, now=NOW)


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def test_a_good_claim_says_as_much_as_is_known_and_no_more(issuer: Issuer) -> None:
    report = judged(issuer)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert report.reasons == (Verdict.CANNOT_CHECK,)
    assert "signed on 21 June 2026 and is not withdrawn" in report.headline
    *others, record = report.steps
    assert {step.outcome for step in others} == {Outcome.PASSED}
    assert (record.number, record.id, record.outcome, record.code) == (
        9,
        "record",
        Outcome.NOT_CHECKED,
        "record_not_seen",
    )
    assert record.details == {"detail": UNSEEN.detail, "because": "unreachable"}
    assert judged(issuer, unseen=None).headline == report.headline


def test_what_the_claim_says_is_what_the_credential_says(issuer: Issuer) -> None:
    """Each fact that the claim carries is shown as the record itself would show it; it carries no other."""
    whole = verify(to_bytes(issuer.issue()), fetcher=issuer.web, now=NOW).verified
    found = judged(issuer).verified
    assert whole is not None
    assert found is not None
    told, all_of_it = found.to_json(), whole.to_json()
    assert told["studentName"] == "Nguyễn Thị Hồng Ánh"
    assert told.keys() == {
        "id", "issuerName", "issuerDid", "issuerDomain", "studentName", "title", "hours", "start", "end", "awarded",
    }  # fmt: skip
    assert {name: all_of_it[name] for name in told} == told
    assert vcdm.types(found.document) == ["CompactClaim"]


def test_a_claim_is_read_wherever_a_credential_is(issuer: Issuer) -> None:
    """As the bytes of a file it is judged by itself: there is no record that somebody asked for."""
    report = verify(signed(claim_of(issuer), issuer.key), fetcher=issuer.web, now=NOW)
    assert report.verdict is Verdict.VALID
    assert report.step("structure").details["format"] == "cwt (compact claim)"
    assert is_printed_claim(signed(claim_of(issuer), issuer.key))


def test_hours_and_dates_may_be_missing(issuer: Issuer) -> None:
    claim = claim_of(issuer)
    bare = CompactClaim(
        issuer=claim.issuer, employer=claim.employer, student=claim.student, title=claim.title, record=claim.record,
        awarded=claim.awarded, signed_at=claim.signed_at, valid_from=SIGNED_AT + timedelta(hours=1),
        valid_until=NOW + timedelta(days=1),
    )  # fmt: skip
    report = judged(issuer, signed(bare, issuer.key))
    assert report.step("status").outcome is Outcome.NOT_APPLICABLE
    assert "whether it was withdrawn since is not known" in report.headline
    assert report.verified is not None
    assert report.verified.hours is None
    assert report.verified.valid_until == NOW + timedelta(days=1)


def test_the_status_that_could_not_be_asked_is_said(issuer: Issuer) -> None:
    issuer.web.hang(issuer.list_url())
    report = judged(issuer)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert "signed on 21 June 2026; whether it was withdrawn since is not known" in report.headline
    assert report.step("status").outcome is Outcome.NOT_CHECKED


def test_withdrawn_and_suspended_are_seen(issuer: Issuer) -> None:
    issuer.revoke(7)
    report = judged(issuer)
    assert report.verdict is Verdict.WITHDRAWN
    assert report.reasons == (Verdict.WITHDRAWN, Verdict.CANNOT_CHECK)
    assert report.remedy == Verdict.WITHDRAWN.remedy


@pytest.mark.parametrize(("until", "verdict"), [(-1, Verdict.EXPIRED), (1, Verdict.CANNOT_CHECK)])
def test_an_ended_claim_is_expired(until: int, verdict: Verdict, issuer: Issuer) -> None:
    end = (NOW + timedelta(days=until)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert judged(issuer, signed(claim_of(issuer, validUntil=end), issuer.key)).verdict is verdict


def test_an_altered_claim_shows_nothing(issuer: Issuer) -> None:
    message = signed(claim_of(issuer), issuer.key)
    altered = message.replace("Hồng".encode(), "Hổng".encode())
    assert altered != message
    report = judged(issuer, altered)
    assert report.verdict is Verdict.ALTERED
    assert report.verified is None


def test_another_key_is_not_the_issuers(issuer: Issuer) -> None:
    message = signed(claim_of(issuer), Key("other", issuer.did))
    report = judged(issuer, message)
    assert (report.verdict, report.step("key").code) == (Verdict.INVALID, "kid_unknown")
    assert report.verified is None


def test_two_keys_with_one_hint_name_none(issuer: Issuer) -> None:
    key = issuer.key.method()
    issuer.publish_did(
        verificationMethod=[key, {**key, "id": f"{issuer.did}#twin"}],
        assertionMethod=[key["id"], f"{issuer.did}#twin"],
    )
    assert judged(issuer).step("key").code == "kid_unknown"


def test_a_key_that_was_declared_stolen_confirms_nothing(issuer: Issuer) -> None:
    """Also for a claim that is dated before: a thief would write an early date."""
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "revoked": "2026-06-25T00:00:00Z"}])
    assert judged(issuer).verified is None


def test_an_issuer_that_does_not_answer_leaves_everything_open(issuer: Issuer) -> None:
    message = signed(claim_of(issuer), issuer.key)
    issuer.web.hang(issuer.did_url)
    report = judged(issuer, message)
    assert (report.verdict, report.verified) == (Verdict.CANNOT_CHECK, None)
    assert report.headline == "The issuer could not be reached."


def test_a_claim_that_is_damaged_inside_does_not_stand(issuer: Issuer) -> None:
    message = signed(claim_of(issuer), issuer.key)
    assert judged(issuer, message[:-40]).verdict is Verdict.INVALID
    named = sign1.parse(message)
    unknown = sign1.sign(named.payload + b"\0", issuer.key, kid=bytes(4))
    assert judged(issuer, unknown).verified is None


@pytest.mark.parametrize("data", [b"", b"\xd2", b"{}", b"eyJ", b"\xd2\x84\x43\xa1\x01\x27\xa0\x40\x40"])
def test_other_bytes_are_no_claim(data: bytes) -> None:
    assert not is_printed_claim(data)
