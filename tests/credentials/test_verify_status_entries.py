"""What is told of each status entry, and which lists of an issuer are believed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import cbor2
import pytest

from credentials import token_status_list
from credentials.cose import sign1
from credentials.sd_jwt import issuing, profiles
from credentials.status_list import BitList, StatusEntry, StatusMessage, status_entry
from credentials.token_status_list import Reference, StatusListToken, StatusValues
from credentials.verify import Outcome, Policy, Report, Verdict
from credentials.verify.keys import KeyDocuments
from credentials.verify.status import StatusReader
from credentials.verify.status_lists import StatusLists
from tests.worlds import tokens
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, Key, judge
from tests.worlds.memory_web import MemoryWeb

TOKEN_LIST = "https://employer.example/statuslists/1"
SKEW = Policy().clock_skew
SECOND = timedelta(seconds=1)


def _entry(issuer: Issuer, purpose: str = "revocation", index: int = 7, **changes: Any) -> dict[str, Any]:
    return {**status_entry(StatusEntry(issuer.list_url(purpose), index, purpose)), **changes}


def _credential(issuer: Issuer, *entries: Any) -> Any:
    return issuer.issue({**issuer.unsigned(), "credentialStatus": list(entries)})


def entries_of(report: Report) -> list[dict[str, Any]]:
    return [dict(entry) for entry in report.step("status").details["entries"]]


def detail(report: Report) -> str:
    return str(report.step("status").details["detail"])


def _unread(code: str, purpose: str | None = None) -> dict[str, Any]:
    return {"purpose": purpose, "outcome": "not_checked", "code": code}


# -- entries


def _message(issuer: Issuer) -> dict[str, Any]:
    words = (StatusMessage(0, "open"), StatusMessage(1, "closed"))
    return status_entry(StatusEntry(issuer.list_url("message"), 7, "message", messages=words))


def test_each_entry_is_told_with_its_list_s_date_and_source(web: MemoryWeb, issuer: Issuer) -> None:
    issuer.revoke(7, "suspension")
    bits = BitList()
    bits.set(7)
    issuer.bits["refresh"] = bits
    issuer.publish_lists()
    document = _credential(
        issuer, _entry(issuer), _entry(issuer, "suspension"), _entry(issuer, "refresh"), _message(issuer)
    )
    common = {"code": None, "source": "network", "listedFrom": "2026-06-21T12:00:00Z", "message": None}
    assert entries_of(judge(document, web)) == [
        {"purpose": "revocation", "outcome": "passed", "set": False, **common},
        {"purpose": "suspension", "outcome": "failed", "set": True, **common},
        {"purpose": "refresh", "outcome": "not_applicable", "set": True, **common},
        _unread("status_list_unreachable", "message"),
    ]


def test_a_purpose_that_is_not_known_is_named(web: MemoryWeb, issuer: Issuer) -> None:
    purpose = "p" * 79 + "yz"
    report = judge(_credential(issuer, _entry(issuer, statusPurpose=purpose)), web)
    assert entries_of(report) == [_unread("status_type_not_supported", purpose)]
    assert detail(report) == f"the purpose {purpose[:80]} is not known here"
    assert web.asked == [issuer.did_url]


def test_an_entry_that_is_none_has_no_purpose(web: MemoryWeb, issuer: Issuer) -> None:
    """The others are read all the same."""
    report = judge(_credential(issuer, _entry(issuer), {"id": "urn:x", "type": "SharingPermission"}), web)
    assert [entry["outcome"] for entry in entries_of(report)] == ["passed", "not_checked"]
    assert entries_of(report)[1] == _unread("status_type_not_supported")


def test_one_entry_too_many_is_told_as_not_read(web: MemoryWeb, issuer: Issuer) -> None:
    entries = [_entry(issuer, index=index) for index in range(5)]
    within = judge(_credential(issuer, *entries[:4]), web)
    assert within.verdict is Verdict.VALID
    assert len(entries_of(within)) == 4
    report = judge(_credential(issuer, *entries), web)
    assert entries_of(report)[4:] == [_unread("status_type_not_supported")]
    assert detail(report) == "5 entries; at most 4 are read"
    assert report.step("status").outcome is Outcome.NOT_CHECKED


def test_a_withdrawal_among_the_entries_that_are_read_counts(web: MemoryWeb, issuer: Issuer) -> None:
    issuer.revoke(3)
    report = judge(_credential(issuer, *(_entry(issuer, index=index) for index in range(5))), web)
    assert report.verdict is Verdict.WITHDRAWN
    assert [entry["outcome"] for entry in entries_of(report)] == ["passed"] * 3 + ["failed", "not_checked"]


def test_withdrawn_and_suspended_are_both_reasons_and_only_then(web: MemoryWeb, issuer: Issuer) -> None:
    document = _credential(issuer, _entry(issuer), _entry(issuer, "suspension"))
    issuer.revoke(7)
    assert judge(document, web).reasons == (Verdict.WITHDRAWN,)
    issuer.revoke(7, "suspension")
    assert judge(document, web).reasons == (Verdict.WITHDRAWN, Verdict.SUSPENDED)


def test_only_entries_that_inform_leave_withdrawal_unsaid(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(_credential(issuer, _entry(issuer, "refresh")), web)
    assert report.step("status").outcome is Outcome.NOT_APPLICABLE
    assert report.step("status").sentence == "The issuer publishes no withdrawals of it."
    assert entries_of(report) == [_unread("status_list_unreachable", "refresh")]
    assert report.verdict is Verdict.VALID


def test_the_first_list_that_could_not_be_read_is_told(web: MemoryWeb, issuer: Issuer) -> None:
    web.hang(issuer.list_url("suspension"))
    web.fail(issuer.list_url("revocation"), 503)
    report = judge(_credential(issuer, _entry(issuer, "suspension"), _entry(issuer)), web)
    assert detail(report) == f"{issuer.list_url('suspension')} gave no answer within 5 seconds"


# -- lists as credentials


@pytest.mark.parametrize(("late", "verdict"), [(SKEW, Verdict.VALID), (SKEW + SECOND, Verdict.CANNOT_CHECK)])
def test_a_list_may_begin_ahead_by_the_skew(web: MemoryWeb, issuer: Issuer, late: timedelta, verdict: Verdict) -> None:
    start = (NOW + late).strftime("%Y-%m-%dT%H:%M:%SZ")
    web.put(issuer.list_url(), issuer.list_credential(validFrom=start))
    assert judge(issuer.issue(), web).verdict is verdict


@pytest.mark.parametrize(("late", "verdict"), [(SKEW, Verdict.VALID), (SKEW + SECOND, Verdict.CANNOT_CHECK)])
def test_a_list_may_be_signed_ahead_by_the_skew(
    web: MemoryWeb, issuer: Issuer, late: timedelta, verdict: Verdict
) -> None:
    unsigned = {name: value for name, value in issuer.list_credential().items() if name != "proof"}
    web.put(issuer.list_url(), issuer.issue(unsigned, created=NOW + late))
    assert judge(issuer.issue(), web).verdict is verdict


def test_a_list_that_is_not_believed_is_told_with_its_reason(web: MemoryWeb, issuer: Issuer) -> None:
    other = Issuer(web, "other.example")
    web.put(issuer.list_url(), other.list_credential(id=issuer.list_url()))
    report = judge(issuer.issue(), web)
    assert report.step("status").code == "status_list_not_trusted"
    assert detail(report).endswith("the list is another issuer's")
    assert entries_of(report) == [_unread("status_list_not_trusted", "revocation")]
    web.put(issuer.list_url(), issuer.list_credential(signer=Key("attacker")))
    assert "the issuer is did:web:employer.example" in detail(judge(issuer.issue(), web))
    web.put(issuer.list_url(), b"<html>")
    assert detail(judge(issuer.issue(), web)).endswith(": Expecting value (line 1, column 1)")


def test_a_list_may_come_as_a_token(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = {name: value for name, value in issuer.list_credential().items() if name != "proof"}
    web.put(issuer.list_url(), tokens.as_jwt(unsigned, issuer.key))
    assert judge(issuer.issue(), web).verdict is Verdict.VALID
    forged = Key("forged", issuer.did)
    forged.verification_method = issuer.key.verification_method
    web.put(issuer.list_url(), tokens.as_jwt(unsigned, forged))
    assert judge(issuer.issue(), web).verdict is Verdict.CANNOT_CHECK


def test_every_signature_of_a_list_must_stand(web: MemoryWeb, issuer: Issuer) -> None:
    signed = issuer.list_credential()
    twice = {**signed, "proof": [signed["proof"][0], {**signed["proof"][0], "created": "2026-06-21T12:00:01Z"}]}
    web.put(issuer.list_url(), twice)
    assert judge(issuer.issue(), web).verdict is Verdict.CANNOT_CHECK


def test_a_list_s_key_must_still_be_in_force(web: MemoryWeb, issuer: Issuer) -> None:
    """The key has been withdrawn since: what it signed is not believed, whatever date it bears."""
    old = Key("key-old", issuer.did)
    web.put(issuer.list_url(), issuer.list_credential(signer=old))
    method = {**old.method(), "revoked": "2026-06-30T00:00:00Z"}
    issuer.publish_did(
        verificationMethod=[issuer.key.method(), method],
        assertionMethod=[issuer.key.verification_method, old.verification_method],
    )
    assert judge(issuer.issue(), web).verdict is Verdict.CANNOT_CHECK
    assert judge(issuer.issue(), web, now=SIGNED_AT + timedelta(days=1)).verdict is Verdict.VALID


# -- Token Status Lists


def _token(status: int = 0, *, issued_at: Any = SIGNED_AT, **changes: Any) -> StatusListToken:
    values = StatusValues(64, bits=2)
    values.set(7, status)
    return StatusListToken(TOKEN_LIST, issued_at, values, **changes)


def _jwt(token: StatusListToken, signer: Key, kid: str | None = None) -> bytes:
    return token_status_list.sign_jwt(token, signer, kid=kid or signer.verification_method).encode()


def _with_references(issuer: Issuer, index: int = 7) -> bytes:
    claim = token_status_list.status_claim(Reference(TOKEN_LIST, index))
    return issuing.issue(
        {"iss": issuer.did, "vct": "https://employer.example/vct", "status": claim}, disclosable=[],
        signer=issuer.key, salts=tokens.salts(), profile=profiles.SD_JWT_VC,
        header={"kid": issuer.key.verification_method},
    ).encode()  # fmt: skip


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (0, {"purpose": "revocation", "outcome": "passed", "set": False}),
        (1, {"purpose": "revocation", "outcome": "failed", "set": True}),
        (2, {"purpose": "suspension", "outcome": "failed", "set": True}),
    ],
)
def test_a_status_of_a_token_is_told_like_one_of_a_list(
    web: MemoryWeb, issuer: Issuer, status: int, told: dict[str, Any]
) -> None:
    web.put(TOKEN_LIST, _jwt(_token(status), issuer.key))
    common = {"code": None, "source": "network", "listedFrom": "2026-06-21T12:00:00Z", "message": None}
    assert entries_of(judge(_with_references(issuer), web)) == [{**told, **common}]


def test_a_status_of_the_issuer_s_own_is_told_with_its_number(web: MemoryWeb, issuer: Issuer) -> None:
    web.put(TOKEN_LIST, _jwt(_token(3), issuer.key))
    report = judge(_with_references(issuer), web)
    assert detail(report) == "the status 3 is one of the issuer's own"


def test_a_token_beside_the_file_is_only_as_good_as_its_date() -> None:
    web = MemoryWeb("folder")
    issuer = Issuer(web)
    web.put(TOKEN_LIST, _jwt(_token(), issuer.key))
    report = judge(_with_references(issuer), web)
    assert report.step("status").sentence == (
        "The issuer's list beside the file, of 21 June 2026, says that it was not withdrawn."
    )
    assert entries_of(report)[0]["source"] == "folder"


@pytest.mark.parametrize(("late", "verdict"), [(SKEW, Verdict.VALID), (SKEW + SECOND, Verdict.CANNOT_CHECK)])
def test_a_token_may_be_dated_ahead_by_the_skew(
    web: MemoryWeb, issuer: Issuer, late: timedelta, verdict: Verdict
) -> None:
    web.put(TOKEN_LIST, _jwt(_token(issued_at=NOW + late), issuer.key))
    assert judge(_with_references(issuer), web).verdict is verdict


def _two_keys(issuer: Issuer) -> Key:
    other = Key("key-2", issuer.did)
    issuer.publish_did(
        verificationMethod=[issuer.key.method(), other.method()],
        assertionMethod=[issuer.key.verification_method, other.verification_method],
    )
    return other


def _cwt(token: StatusListToken, signer: Key, kid: bytes | None = None) -> bytes:
    return token_status_list.sign_cwt(token, signer, kid=kid or signer.verification_method.encode())


@pytest.mark.parametrize("write", [_jwt, _cwt])
def test_of_two_keys_the_one_that_the_token_names_is_taken(web: MemoryWeb, issuer: Issuer, write: Any) -> None:
    other = _two_keys(issuer)
    web.put(TOKEN_LIST, write(_token(), other))
    assert judge(_with_references(issuer), web).verdict is Verdict.VALID
    misnamed = Key("key-2", issuer.did)
    misnamed.verification_method = issuer.key.verification_method
    web.put(TOKEN_LIST, write(_token(), misnamed))
    assert detail(judge(_with_references(issuer), web)).startswith("The signature does not fit")


def test_a_cwt_without_a_key_s_name_is_checked_with_the_only_key(web: MemoryWeb, issuer: Issuer) -> None:
    web.put(TOKEN_LIST, _unsorted_cwt(issuer.key, named=False))
    assert judge(_with_references(issuer), web).verdict is Verdict.VALID
    _two_keys(issuer)
    assert judge(_with_references(issuer), web).verdict is Verdict.CANNOT_CHECK


def test_a_cwt_whose_key_s_name_is_no_text_names_no_key(web: MemoryWeb, issuer: Issuer) -> None:
    web.put(TOKEN_LIST, _cwt(_token(), issuer.key, b"\xff\xfe"))
    report = judge(_with_references(issuer), web)
    assert report.step("status").code == "status_list_not_trusted"


def test_the_headers_of_a_cwt_may_stand_in_any_order(web: MemoryWeb, issuer: Issuer) -> None:
    web.put(TOKEN_LIST, _unsorted_cwt(issuer.key, named=True))
    assert judge(_with_references(issuer), web).verdict is Verdict.VALID


def _unsorted_cwt(key: Key, *, named: bool) -> bytes:
    """The token with its protected headers in the reverse of the deterministic order."""
    signed = sign1.parse(_cwt(_token(), key))
    headers = {16: "application/statuslist+cwt", **({4: key.verification_method.encode()} if named else {}), 1: -8}
    protected = cbor2.dumps(headers)
    signature = key.sign(sign1.to_be_signed(protected, signed.payload))
    return b"\xd2" + cbor2.dumps([protected, {}, signed.payload, signature])


def test_a_token_as_large_as_the_limit_is_read_and_one_byte_more_is_not(web: MemoryWeb, issuer: Issuer) -> None:
    token = _jwt(_token(), issuer.key)
    credential = _with_references(issuer)
    limit = max(len(token), len(credential)) + 1
    web.put(TOKEN_LIST, token + b" " * (limit - len(token)))
    assert judge(credential, web, policy=Policy(max_bytes=limit)).verdict is Verdict.VALID
    web.put(TOKEN_LIST, token + b" " * (limit - len(token) + 1))
    report = judge(credential, web, policy=Policy(max_bytes=limit))
    assert report.step("status").code == "status_list_too_large"
    assert detail(report) == f"{limit + 1} bytes"


@pytest.mark.parametrize(
    ("page", "reason"),
    [(b"{}", ": "), (b"\xd2" + b"0" * 40, ": ")],
)
def test_a_token_that_is_none_is_told_with_the_reason(web: MemoryWeb, issuer: Issuer, page: bytes, reason: str) -> None:
    web.put(TOKEN_LIST, page)
    report = judge(_with_references(issuer), web)
    assert report.step("status").code == "status_list_not_trusted"
    assert reason in detail(report)


def test_a_token_named_twice_is_fetched_once(web: MemoryWeb, issuer: Issuer) -> None:
    web.put(TOKEN_LIST, _jwt(_token(), issuer.key))
    keys = KeyDocuments(web, NOW)
    lists = StatusLists(fetcher=web, keys=keys, issuer=issuer.did, now=NOW, limits=Policy())
    reference = {"status_list": {"idx": 7, "uri": TOKEN_LIST}}
    reader = StatusReader(lists, issuer=issuer.did, now=NOW, limits=Policy())
    assert [entry.set for entry in reader.read([reference, reference])] == [False, False]
    assert web.asked == [TOKEN_LIST, issuer.did_url]
