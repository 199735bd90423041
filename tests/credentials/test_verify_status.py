"""Withdrawal and suspension, as the whole verifier reports them."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from credentials import token_status_list
from credentials.sd_jwt import issuing, profiles
from credentials.status_list import BitList, StatusEntry, StatusMessage, status_entry
from credentials.token_status_list import Reference, StatusListToken, StatusValues
from credentials.verify import Outcome, Policy, Verdict
from tests.worlds import tokens
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, Key, judge, outcome, to_bytes
from tests.worlds.memory_web import MemoryWeb

TOKEN_LIST = "https://employer.example/statuslists/1"
STATUS = "https://www.w3.org/ns/credentials/status-list#"


def _credential(issuer: Issuer, *entries: Any, **members: Any) -> Any:
    status = list(entries) if len(entries) > 1 else entries[0]
    return issuer.issue({**issuer.unsigned(), "credentialStatus": status, **members})


def _entry(issuer: Issuer, purpose: str = "revocation", index: int = 7) -> dict[str, Any]:
    return status_entry(StatusEntry(issuer.list_url(purpose), index, purpose))


def test_a_withdrawn_credential_is_withdrawn(web: MemoryWeb, issuer: Issuer) -> None:
    """The content stays visible: it was genuine."""
    document = issuer.issue()
    issuer.revoke(7)
    report = judge(document, web)
    assert report.verdict is Verdict.WITHDRAWN
    assert outcome(report, "status") == ("failed", "revoked")
    assert report.verified is not None


def test_another_credential_s_withdrawal_does_not_matter(web: MemoryWeb, issuer: Issuer) -> None:
    issuer.revoke(6)
    issuer.revoke(8)
    assert judge(issuer.issue(), web).verdict is Verdict.VALID


def test_a_suspended_credential_is_suspended_and_comes_back(web: MemoryWeb, issuer: Issuer) -> None:
    document = _credential(issuer, _entry(issuer, "suspension"))
    issuer.revoke(7, "suspension")
    assert judge(document, web).verdict is Verdict.SUSPENDED
    issuer.bits["suspension"].set(7, False)
    issuer.publish_lists()
    assert judge(document, web).verdict is Verdict.VALID


def _unchecked(report: Any, suffix: str) -> None:
    """Could not be checked: neither active nor withdrawn, with the specification's problem type."""
    assert report.step("status").outcome is Outcome.NOT_CHECKED
    assert str(report.step("status").problem_type).endswith(suffix)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert report.verified is not None


@pytest.mark.case("STL-01")
def test_a_list_for_another_purpose_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    entry = {**_entry(issuer), "statusPurpose": "suspension"}
    _unchecked(judge(_credential(issuer, entry), web), "#STATUS_VERIFICATION_ERROR")


@pytest.mark.parametrize(
    ("index", "suffix"),
    [("131072", "#RANGE_ERROR"), ("-1", "#MALFORMED_VALUE_ERROR"), ("5.0", "#MALFORMED_VALUE_ERROR"),
     ("abc", "#MALFORMED_VALUE_ERROR"), ("", "#MALFORMED_VALUE_ERROR")],
)  # fmt: skip
@pytest.mark.case("STL-02")
def test_an_index_that_is_none_says_nothing(web: MemoryWeb, issuer: Issuer, index: str, suffix: str) -> None:
    _unchecked(judge(_credential(issuer, {**_entry(issuer), "statusListIndex": index}), web), suffix)


def _encoded(data: bytes) -> str:
    return "u" + urlsafe_b64encode(data).rstrip(b"=").decode()


_ZEROS = gzip.compress(bytes(16384))


@pytest.mark.parametrize(
    ("packed", "suffix"),
    [
        pytest.param(gzip.compress(bytes(1000)), "#STATUS_LIST_LENGTH_ERROR", id="short"),
        pytest.param(gzip.compress(bytes(64 << 20)), "#STATUS_VERIFICATION_ERROR", id="bomb"),
        pytest.param(_ZEROS[:-6], "#STATUS_VERIFICATION_ERROR", id="truncated"),
        pytest.param(_ZEROS[:-8] + bytes(8), "#STATUS_VERIFICATION_ERROR", id="checksum"),
    ],
)
@pytest.mark.case("STL-03", "STL-04")
def test_a_list_that_cannot_be_unpacked_says_nothing(
    web: MemoryWeb, issuer: Issuer, packed: bytes, suffix: str
) -> None:
    subject = {**issuer.list_credential()["credentialSubject"], "encodedList": _encoded(packed)}
    web.put(issuer.list_url(), issuer.list_credential(credentialSubject=subject))
    _unchecked(judge(issuer.issue(), web), suffix)


@pytest.mark.case("STL-05")
def test_an_unsigned_list_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = issuer.list_credential()
    del unsigned["proof"]
    web.put(issuer.list_url(), unsigned)
    _unchecked(judge(issuer.issue(), web), "#STATUS_VERIFICATION_ERROR")


@pytest.mark.case("STL-05")
def test_a_list_signed_by_somebody_else_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    web.put(issuer.list_url(), issuer.list_credential(signer=Key("attacker")))
    _unchecked(judge(issuer.issue(), web), "#STATUS_VERIFICATION_ERROR")


@pytest.mark.case("STL-05")
def test_another_issuer_s_good_list_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    other = Issuer(web, "other.example")
    web.put(issuer.list_url(), other.list_credential(id=issuer.list_url()))
    _unchecked(judge(issuer.issue(), web), "#STATUS_VERIFICATION_ERROR")
    assert other.did_url not in web.asked


@pytest.mark.case("STL-05")
def test_a_list_with_a_broken_signature_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    """An attacker who clears the bit cannot sign the list again."""
    cleared = issuer.list_credential()
    issuer.revoke(7)
    signed = issuer.list_credential()
    web.put(issuer.list_url(), {**signed, "credentialSubject": cleared["credentialSubject"]})
    _unchecked(judge(issuer.issue(), web), "#STATUS_VERIFICATION_ERROR")


@pytest.mark.parametrize(
    "changes", [{"validUntil": "2026-06-30T00:00:00Z"}, {"validFrom": "2026-07-02T00:00:00Z"}]
)  # fmt: skip
@pytest.mark.case("STL-06")
def test_a_list_out_of_its_time_says_nothing(web: MemoryWeb, issuer: Issuer, changes: dict[str, Any]) -> None:
    web.put(issuer.list_url(), issuer.list_credential(**changes))
    _unchecked(judge(issuer.issue(), web), "#STATUS_VERIFICATION_ERROR")


@pytest.mark.case("STL-07")
def test_an_unreachable_list_has_the_retrieval_problem_type(web: MemoryWeb, issuer: Issuer) -> None:
    web.hang(issuer.list_url())
    report = judge(issuer.issue(), web)
    assert report.step("status").problem_type == f"{STATUS}STATUS_RETRIEVAL_ERROR"
    assert report.headline == "The issuer's list of withdrawals could not be reached."


@pytest.mark.case("STL-08")
def test_a_list_served_elsewhere_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    """The right list at the wrong address could be an old copy."""
    web.put(f"https://{issuer.domain}/old", issuer.list_credential())
    entry = {**_entry(issuer), "statusListCredential": f"https://{issuer.domain}/old"}
    _unchecked(judge(_credential(issuer, entry), web), "#STATUS_VERIFICATION_ERROR")


@pytest.mark.parametrize("body", [b"", b"<html>sorry</html>", b"[]", b"{}", b"\x1f\x8b"])
def test_an_answer_that_is_no_list_says_nothing(web: MemoryWeb, issuer: Issuer, body: bytes) -> None:
    web.put(issuer.list_url(), body)
    _unchecked(judge(issuer.issue(), web), "#STATUS_VERIFICATION_ERROR")


@pytest.mark.case("STL-10")
def test_withdrawn_and_expired_are_both_reported_and_withdrawn_leads(web: MemoryWeb, issuer: Issuer) -> None:
    issuer.revoke(7)
    report = judge(_credential(issuer, _entry(issuer), validUntil="2026-06-30T00:00:00Z"), web)
    assert report.reasons == (Verdict.WITHDRAWN, Verdict.EXPIRED)
    assert outcome(report, "validity") == ("failed", "expired")
    assert outcome(report, "status") == ("failed", "revoked")


@pytest.mark.case("STL-10")
def test_altered_leads_over_everything_and_nothing_in_it_is_followed(web: MemoryWeb, issuer: Issuer) -> None:
    """What altered text says of its own dates and status is no fact: those checks are listed as not done."""
    issuer.revoke(7)
    document = _credential(issuer, _entry(issuer), validUntil="2026-06-30T00:00:00Z")
    data = to_bytes(document).replace(b'"value":"31"', b'"value":"91"')
    report = judge(data, web)
    assert report.verdict is Verdict.ALTERED
    assert [outcome(report, name) for name in ("validity", "status")] == [("not_checked", "not_reached")] * 2
    assert issuer.list_url() not in web.asked


@pytest.mark.parametrize(
    ("revoked", "suspended", "verdict"),
    [
        (False, False, Verdict.VALID),
        (True, False, Verdict.WITHDRAWN),
        (False, True, Verdict.SUSPENDED),
        (True, True, Verdict.WITHDRAWN),
        (False, None, Verdict.CANNOT_CHECK),
        (None, False, Verdict.CANNOT_CHECK),
        (True, None, Verdict.WITHDRAWN),
        (None, True, Verdict.SUSPENDED),
        (None, None, Verdict.CANNOT_CHECK),
    ],
)
@pytest.mark.case("STL-11")
def test_of_two_entries_the_worst_or_the_unknown_wins(
    web: MemoryWeb, issuer: Issuer, revoked: bool | None, suspended: bool | None, verdict: Verdict
) -> None:
    """None: that list cannot be fetched."""
    document = _credential(issuer, _entry(issuer, "revocation"), _entry(issuer, "suspension"))
    for purpose, state in (("revocation", revoked), ("suspension", suspended)):
        if state:
            issuer.revoke(7, purpose)
    for purpose, state in (("revocation", revoked), ("suspension", suspended)):
        if state is None:
            web.hang(issuer.list_url(purpose))
    report = judge(document, web)
    assert report.verdict is verdict
    assert len(report.step("status").details["entries"]) == 2
    if revoked and suspended:
        assert Verdict.SUSPENDED in report.reasons


def test_more_entries_than_are_read_leave_it_unchecked(web: MemoryWeb, issuer: Issuer) -> None:
    limit = Policy().max_status_entries
    entries = [_entry(issuer, index=index) for index in range(limit + 1)]
    assert judge(_credential(issuer, *entries), web).verdict is Verdict.CANNOT_CHECK


def test_a_list_named_twice_is_fetched_once(web: MemoryWeb, issuer: Issuer) -> None:
    judge(_credential(issuer, _entry(issuer, index=1), _entry(issuer, index=2)), web)
    assert web.asked == [issuer.did_url, issuer.list_url()]


def test_an_unknown_kind_of_status_is_unchecked(web: MemoryWeb, issuer: Issuer) -> None:
    """A signed credential whose status is published in a way that is not read here."""
    entry = {"id": "https://employer.example/revoked", "type": "SharingPermission"}
    report = judge(_credential(issuer, entry), web)
    assert outcome(report, "status") == ("not_checked", "status_type_not_supported")
    assert report.verdict is Verdict.CANNOT_CHECK
    assert web.asked == [issuer.did_url]


def _publish_list(issuer: Issuer, purpose: str, bits: BitList) -> str:
    """Publish a signed list for a purpose that the usual world has none of; returns its URL."""
    issuer.bits[purpose] = bits
    issuer.publish_lists()
    return issuer.list_url(purpose)


def test_a_purpose_that_only_informs_withdraws_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    """ "refresh" says that a newer version exists: it is told, and judges nothing."""
    bits = BitList()
    bits.set(7)
    _publish_list(issuer, "refresh", bits)
    report = judge(_credential(issuer, _entry(issuer, "refresh")), web)
    assert outcome(report, "status") == ("not_applicable", None)
    (entry,) = report.step("status").details["entries"]
    assert (entry["outcome"], entry["set"]) == ("not_applicable", True)
    assert report.verdict is Verdict.VALID


def test_an_informing_list_that_is_not_there_is_said_to_be_unread_and_judges_nothing(
    web: MemoryWeb, issuer: Issuer
) -> None:
    report = judge(_credential(issuer, _entry(issuer), _entry(issuer, "refresh")), web)
    assert outcome(report, "status") == ("passed", None)
    entries = report.step("status").details["entries"]
    assert [entry["outcome"] for entry in entries] == ["passed", "not_checked"]


def test_a_message_of_two_bits_is_told_in_the_issuer_s_words(web: MemoryWeb, issuer: Issuer) -> None:
    bits = BitList(size=2)
    bits.set(7, 2)
    url = _publish_list(issuer, "message", bits)
    words = ("pending", "accepted", "delivered", "archived")
    messages = tuple(StatusMessage(value, word) for value, word in enumerate(words))
    entry = status_entry(StatusEntry(url, 7, "message", size=2, messages=messages))
    report = judge(_credential(issuer, _entry(issuer), entry), web)
    assert report.verdict is Verdict.VALID
    assert report.step("status").details["entries"][1]["message"] == "delivered"


def test_a_message_that_is_written_wrongly_judges_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    broken = {**_entry(issuer, index=8), "statusPurpose": "message", "statusListIndex": "seven"}
    report = judge(_credential(issuer, _entry(issuer), broken), web)
    assert outcome(report, "status") == ("passed", None)
    assert [entry["outcome"] for entry in report.step("status").details["entries"]] == ["passed", "not_checked"]


# -- Token Status List


def _token_list(issuer: Issuer, status: int, *, bits: int = 2, key: Key | None = None, **changes: Any) -> bytes:
    values = StatusValues(64, bits=bits)
    values.set(7, status)
    token = StatusListToken(TOKEN_LIST, SIGNED_AT, values, **changes)
    signer = key or issuer.key
    return token_status_list.sign_jwt(token, signer, kid=signer.verification_method).encode()


def _with_reference(issuer: Issuer, index: int = 7) -> bytes:
    claim = token_status_list.status_claim(Reference(TOKEN_LIST, index))
    return issuing.issue(
        {"iss": issuer.did, "vct": "https://employer.example/vct", "status": claim}, disclosable=[],
        signer=issuer.key, salts=tokens.salts(), profile=profiles.SD_JWT_VC,
        header={"kid": issuer.key.verification_method},
    ).encode()  # fmt: skip


@pytest.mark.parametrize(
    ("status", "verdict", "code"),
    [(0, Verdict.VALID, None), (1, Verdict.WITHDRAWN, "revoked"), (2, Verdict.SUSPENDED, "suspended"),
     (3, Verdict.CANNOT_CHECK, "status_type_not_supported")],
)  # fmt: skip
def test_a_status_list_token_says_whether_an_sd_jwt_vc_stands(
    web: MemoryWeb, issuer: Issuer, status: int, verdict: Verdict, code: str | None
) -> None:
    web.put(TOKEN_LIST, _token_list(issuer, status))
    report = judge(_with_reference(issuer), web)
    assert report.verdict is verdict
    assert report.step("status").code == code


def test_a_status_list_token_may_be_a_cwt(web: MemoryWeb, issuer: Issuer) -> None:
    values = StatusValues(64, bits=1)
    values.set(7, 1)
    token = StatusListToken(TOKEN_LIST, SIGNED_AT, values)
    web.put(TOKEN_LIST, token_status_list.sign_cwt(token, issuer.key, kid=issuer.key.verification_method.encode()))
    assert judge(_with_reference(issuer), web).verdict is Verdict.WITHDRAWN
    assert judge(_with_reference(issuer, index=8), web).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "page",
    [
        lambda issuer: _token_list(issuer, 0, key=Key("key-2", "did:web:stranger.example")),
        lambda issuer: _token_list(issuer, 0, key=Key("stranger")),
        lambda issuer: _token_list(issuer, 0, expires=NOW),
        lambda issuer: _token_list(issuer, 0)[:-8] + b"AAAAAAAA",
        lambda issuer: tokens.as_jwt(issuer.unsigned(), issuer.key),
        lambda issuer: b"{}",
        lambda issuer: b"\xd2" + b"0" * 40,
        lambda issuer: b"a" * 1_000_001,
    ],
    ids=["another's key", "did:key", "expired", "altered", "another token", "no token", "no CWT", "too large"],
)
def test_a_status_list_token_that_cannot_be_relied_on_says_nothing(web: MemoryWeb, issuer: Issuer, page: Any) -> None:
    web.put(TOKEN_LIST, page(issuer))
    report = judge(_with_reference(issuer), web)
    assert report.step("status").outcome is Outcome.NOT_CHECKED
    assert report.verdict is Verdict.CANNOT_CHECK


def test_a_status_list_token_out_of_reach_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    assert outcome(judge(_with_reference(issuer), web), "status") == ("not_checked", "status_list_unreachable")


def test_a_reference_past_the_end_of_its_list_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    web.put(TOKEN_LIST, _token_list(issuer, 0))
    report = judge(_with_reference(issuer, index=64), web)
    assert outcome(report, "status") == ("not_checked", "status_index_out_of_range")
