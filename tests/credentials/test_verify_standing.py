"""What an issuer says about a withdrawn credential is read, judged and told, and never makes anything good."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials import corrections, lint, notices, strict_json, timestamps
from credentials.corrections import Change, Correction
from credentials.errors import PlauditError
from credentials.record import CompletionRecord
from credentials.status_list import StatusEntry, status_entry
from credentials.verify import Report, Verdict, corrected
from credentials.verify.report import Notice
from tests.worlds.completions import NOW, SIGNED_AT, completion
from tests.worlds.issuers import Issuer, Key, judge, outcome, sign
from tests.worlds.memory_web import MemoryWeb

YESTERDAY = NOW - timedelta(days=1)
HOURS = Change("hours", "31", "24")


def told(report: Report) -> dict[str, Any]:
    """What came of reading the notice."""
    found: dict[str, Any] = report.step("status").details["notice"]
    return found


# -- what a good notice does


def test_a_withdrawal_is_told_with_its_day_and_reason(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    issuer.revoke(7)
    issuer.publish_notice("withdrawn", reason="The hours were booked twice.")
    report = judge(document, web)
    assert report.reasons == (Verdict.WITHDRAWN,)
    assert report.notice == Notice("withdrawn", YESTERDAY, "The hours were booked twice.")
    assert report.headline == "The issuer withdrew it on 30 June 2026."
    assert told(report) == {"outcome": "passed", "code": None, "address": issuer.record_url + "/standing"}
    assert report.to_json()["notice"] == {
        "kind": "withdrawn", "date": "2026-06-30T12:00:00Z", "reason": "The hours were booked twice.",
    }  # fmt: skip


def test_a_suspension_by_the_one_bit_is_told_as_one(web: MemoryWeb, issuer: Issuer) -> None:
    """Open Badges 3.0 allows one status entry (docs/adr/0004): the notice says what the bit means."""
    document = issuer.issue()
    issuer.revoke(7)
    issuer.publish_notice("suspended", reason=None)
    report = judge(document, web)
    assert (report.reasons, outcome(report, "status")) == ((Verdict.SUSPENDED,), ("failed", "suspended"))
    assert report.notice == Notice("suspended", YESTERDAY)
    assert report.headline == "The issuer has suspended it since 30 June 2026."
    assert report.to_json()["notice"] == {"kind": "suspended", "date": "2026-06-30T12:00:00Z"}


def test_a_replacement_is_told_with_what_changed_and_where_the_newer_version_is(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    newer = issuer.correct()
    report = judge(document, web)
    assert (report.verdict, outcome(report, "status")) == (Verdict.REPLACED, ("failed", "replaced"))
    assert report.notice == Notice("replaced", YESTERDAY, "Booked twice.", (HOURS,), issuer.record_url)
    assert report.headline == "The issuer put a corrected version in its place on 30 June 2026."
    assert report.remedy == "Open the newer version instead."
    assert report.to_json()["notice"]["changes"] == [{"field": "hours", "before": "31", "after": "24"}]
    assert report.verified is not None
    assert report.verified.hours == "31"
    fresh = judge(newer, web)
    assert (fresh.verdict, fresh.notice) == (Verdict.VALID, None)
    assert fresh.verified is not None
    assert fresh.verified.corrections == (Correction(2, YESTERDAY, "Booked twice.", (HOURS,)),)
    assert fresh.verified.to_json()["corrections"][0]["version"] == 2


def test_after_several_corrections_everything_since_the_version_at_hand_is_told(web: MemoryWeb, issuer: Issuer) -> None:
    first = issuer.issue()
    second = issuer.correct()
    role = Change("role", "Accessibility intern", "Auditor")
    history = [Correction(2, YESTERDAY, "Booked twice.", (HOURS,)), Correction(3, NOW, "Wrong role.", (role,))]
    third = issuer.unsigned(9, hours=24, role="Auditor") | {"validFrom": timestamps.format(NOW)}
    web.put(issuer.record_url, issuer.issue(third | corrections.members(history), created=NOW))
    issuer.publish_notice("replaced", since=NOW, reason="Wrong role.", changes=[role])
    issuer.revoke(8)
    for held, expected in ((first, (HOURS, role)), (second, (role,))):
        report = judge(held, web)
        assert report.verdict is Verdict.REPLACED
        assert report.notice is not None
        assert (report.notice.reason, report.notice.changes) == ("Wrong role.", expected)


def test_a_newer_version_that_says_nothing_of_itself_leaves_what_the_notice_says(
    web: MemoryWeb, issuer: Issuer
) -> None:
    document = issuer.issue()
    issuer.correct()
    plain = issuer.unsigned(8, hours=24) | {"validFrom": timestamps.format(YESTERDAY)}
    web.put(issuer.record_url, issuer.issue(plain, created=YESTERDAY))
    report = judge(document, web)
    assert report.verdict is Verdict.REPLACED
    assert report.notice is not None
    assert report.notice.changes == (HOURS,)


# -- nothing is looked up without need


def test_nothing_more_is_fetched_for_a_credential_that_stands(web: MemoryWeb, issuer: Issuer) -> None:
    """A notice that lies there is not even asked for."""
    issuer.publish_notice("withdrawn")
    report = judge(issuer.issue(), web)
    assert (report.verdict, report.notice) == (Verdict.VALID, None)
    assert web.asked == [issuer.did_url, issuer.list_url()]


def test_nothing_is_fetched_for_a_credential_with_a_bad_signature(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    issuer.revoke(7)
    issuer.publish_notice("withdrawn")
    document["credentialSubject"]["role"] = "Director"
    assert judge(document, web).verdict is Verdict.ALTERED
    assert web.asked == [issuer.did_url]


@pytest.mark.parametrize(
    "identifier",
    [
        "https://other.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "https://employer.example.other.example/c/a",
        "https://user@employer.example/c/a",
        "https://employer.example:8443/c/a",
        "https://employer.example/c/a?x=1",
        "https://employer.example/c/a#b",
        "https://employer.example/c/../../admin",
        "https://employer.example/./c",
        "https://employer.example/c//a",
        "https://employer.example/c/",
        "https://employer.example",
        "https://employer.example/c/%2e%2e/a",
        "ftp://employer.example/c/a",
        "urn:uuid:0c07c1ce-57cb-41af-bef2-1b932b986873",
        "https://employer.example/" + "a" * 1000,
    ],
)
def test_nothing_is_fetched_but_below_an_address_at_the_issuers_own_domain(
    web: MemoryWeb, issuer: Issuer, identifier: str
) -> None:
    document = issuer.issue({**issuer.unsigned(), "id": identifier})
    issuer.revoke(7)
    report = judge(document, web)
    assert (report.verdict, report.headline) == (Verdict.WITHDRAWN, "The issuer has withdrawn it.")
    assert told(report) == {"outcome": "not_applicable", "code": None}
    assert web.asked == [issuer.did_url, issuer.list_url()]


def test_a_credential_without_an_id_has_no_place_for_a_notice(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.unsigned()
    del document["id"]
    issuer.revoke(7)
    report = judge(issuer.issue(document), web)
    assert (report.verdict, told(report)["outcome"]) == (Verdict.WITHDRAWN, "not_applicable")


def test_a_desks_own_address_is_asked_by_https(web: MemoryWeb, issuer: Issuer) -> None:
    """As a did:web is, wherever it lies: nothing is ever asked in plain text."""
    document = issuer.issue({**issuer.unsigned(), "id": issuer.record_url.replace("https:", "http:")})
    issuer.revoke(7)
    judge(document, web)
    assert web.asked[-1] == issuer.record_url + "/standing"


# -- what is wrong with a notice leaves the credential withdrawn, without a reason


def _another(issuer: Issuer) -> Issuer:
    return Issuer(issuer.web, "other.example")


def _tampered(issuer: Issuer) -> dict[str, Any]:
    notice = issuer.notice("withdrawn", reason="He stole.")
    notice["credentialSubject"]["reason"] = "All is well."
    return notice


def _without(issuer: Issuer, *names: str) -> dict[str, Any]:
    document = notices.build_notice(
        record_url=issuer.record_url, issuer=issuer.did, kind="suspended", since=YESTERDAY, reason="x"
    )
    return sign({name: value for name, value in document.items() if name not in names}, issuer.key, created=YESTERDAY)


def _also(issuer: Issuer, kind: str = "suspended", **members: Any) -> dict[str, Any]:
    said = {"record_url": issuer.record_url, "issuer": issuer.did, "since": YESTERDAY, "reason": "x"}
    document = notices.build_notice(kind=kind, **said)  # type: ignore[arg-type]
    return sign({**document, **members}, issuer.key, created=YESTERDAY)


def _padded(issuer: Issuer) -> bytes:
    return strict_json.dumps(issuer.notice("suspended")) + b" " * 20_000


#: Each gives what lies at the notice's address: nearly what it should be.
BAD: dict[str, Callable[[Issuer], Any]] = {
    "forged": lambda issuer: issuer.notice("suspended", signer=Key("key-1x", issuer.did)),
    "signed by a stranger": lambda issuer: issuer.notice("suspended", signer=Key("stranger")),
    "another issuer's": lambda issuer: _another(issuer).notice("suspended", record_url=issuer.record_url),
    "another issuer's key": lambda issuer: issuer.notice("suspended", signer=_another(issuer).key),
    "altered": _tampered,
    "unsigned": lambda issuer: {k: v for k, v in issuer.notice("suspended").items() if k != "proof"},
    "about another credential": lambda issuer: issuer.notice("suspended", record_url=issuer.record_url + "x"),
    "from tomorrow": lambda issuer: issuer.notice("suspended", since=NOW + timedelta(days=1)),
    "signed tomorrow": lambda issuer: issuer.notice("suspended", at=NOW + timedelta(days=1)),
    "older than the credential": lambda issuer: issuer.notice("suspended", since=SIGNED_AT - timedelta(seconds=1)),
    "over": lambda issuer: _also(issuer, validUntil="2026-06-30T13:00:00Z"),
    "without a date": lambda issuer: _without(issuer, "validFrom"),
    "of another kind": lambda issuer: issuer.notice("valid"),
    "of another type": lambda issuer: _also(issuer, type=["VerifiableCredential"]),
    "about nobody": lambda issuer: _also(issuer, credentialSubject={"type": "Standing", "standing": "suspended"}),
    "about several": lambda issuer: _also(issuer, credentialSubject=[
        {"id": issuer.record_url, "type": "Standing", "standing": "suspended"},
        {"id": issuer.record_url + "x", "type": "Standing", "standing": "suspended"},
    ]),
    "with a file for a reason": lambda issuer: issuer.notice("suspended", reason="x" * 501),
    "with a hidden reason": lambda issuer: issuer.notice("suspended", reason="a\u202eb"),
    "too large": _padded,
    "a page": lambda _: b"<!doctype html><title>Suspended</title>",
    "the credential itself": lambda issuer: issuer.issue(),
    "a status list": lambda issuer: issuer.list_credential(),
    "a presentation proof": lambda issuer: sign(
        notices.build_notice(
            record_url=issuer.record_url, issuer=issuer.did, kind="suspended", since=YESTERDAY, reason="x"
        ),
        issuer.key, created=YESTERDAY, proof_purpose="authentication",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_a_bad_notice_says_nothing(web: MemoryWeb, issuer: Issuer, what: str) -> None:
    """It stays withdrawn, and the report says that the reason could not be read."""
    document = issuer.issue()
    issuer.revoke(7)
    web.put(issuer.record_url + "/standing", BAD[what](issuer))
    report = judge(document, web)
    assert (report.verdict, report.notice) == (Verdict.WITHDRAWN, None)
    assert report.headline == "The issuer has withdrawn it. Its reason could not be read."
    assert (told(report)["outcome"], told(report)["code"]) == ("not_checked", "notice_not_trusted")
    assert "notice" not in report.to_json()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda web, url: web.remove(url), "unreachable"),
        (lambda web, url: web.fail(url, 500), "unreachable"),
        (lambda web, url: web.hang(url), "unreachable"),
        (lambda web, url: web.forbid(url), "refused"),
        (lambda web, url: web.crash(url, MemoryError()), "internal_error"),
    ],
    ids=["absent", "broken", "slow", "forbidden", "breaks down"],
)
def test_a_notice_that_cannot_be_had_says_nothing(
    web: MemoryWeb, issuer: Issuer, spoil: Callable[[MemoryWeb, str], None], code: str
) -> None:
    document = issuer.issue()
    issuer.revoke(7)
    issuer.publish_notice("suspended")
    spoil(web, issuer.record_url + "/standing")
    report = judge(document, web)
    assert (report.verdict, report.notice) == (Verdict.WITHDRAWN, None)
    assert (told(report)["outcome"], told(report)["code"]) == ("not_checked", code)


def test_a_notice_by_a_key_that_was_withdrawn_says_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    issuer.revoke(7)
    stolen = Key("stolen", issuer.did)
    methods = [issuer.key.method(), {**stolen.method(), "revoked": "2026-06-25T00:00:00Z"}]
    issuer.publish_did(verificationMethod=methods, assertionMethod=[one["id"] for one in methods])
    web.put(issuer.record_url + "/standing", issuer.notice("suspended", signer=stolen))
    assert judge(document, web).verdict is Verdict.WITHDRAWN


@given(position=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_no_flipped_bit_makes_anything_greener(position: int, bit: int) -> None:
    """Of a notice, or of the newer version: what is not as it was signed explains nothing."""
    web = MemoryWeb()
    issuer = Issuer(web)
    document = issuer.issue()
    issuer.correct()
    for url in (issuer.record_url + "/standing", issuer.record_url):
        body = bytearray(web.body(url))
        body[position % len(body)] ^= 1 << bit
        with_fault = MemoryWeb()
        for known in web.urls():
            with_fault.put(known, bytes(body) if known == url else web.body(known))
        report = judge(document, with_fault)
        assert report.verdict in (Verdict.WITHDRAWN, Verdict.REPLACED)
        if report.verdict is Verdict.REPLACED:  # JSON-LD signs meaning: a type written in another way can be the same
            assert report.notice is not None
            assert report.notice.link == issuer.record_url


@given(body=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@settings(max_examples=100, deadline=None)
def test_whatever_lies_there_it_stays_withdrawn(body: bytes) -> None:
    web = MemoryWeb()
    issuer = Issuer(web)
    document = issuer.issue()
    issuer.revoke(7)
    web.put(issuer.record_url + "/standing", body)
    report = judge(document, web)
    assert (report.verdict, report.notice) == (Verdict.WITHDRAWN, None)


# -- a notice never softens what another list says


def _two_entries(issuer: Issuer) -> Any:
    entries = [status_entry(StatusEntry(issuer.list_url(name), 7, name)) for name in ("revocation", "suspension")]
    return issuer.issue({**issuer.unsigned(), "credentialStatus": entries})


@pytest.mark.parametrize(
    ("bits", "kind", "verdict", "read"),
    [
        (("suspension",), "suspended", Verdict.SUSPENDED, True),
        (("suspension",), "withdrawn", Verdict.SUSPENDED, False),
        (("suspension",), "replaced", Verdict.SUSPENDED, False),
        (("revocation", "suspension"), "withdrawn", Verdict.WITHDRAWN, True),
        (("revocation", "suspension"), "suspended", Verdict.WITHDRAWN, False),
        (("revocation", "suspension"), "replaced", Verdict.WITHDRAWN, False),
    ],
)
def test_where_a_suspension_has_a_list_of_its_own_the_lists_say_what_it_is(
    web: MemoryWeb, issuer: Issuer, bits: tuple[str, ...], kind: str, verdict: Verdict, read: bool
) -> None:
    document = _two_entries(issuer)
    issuer.publish_notice(kind)
    for purpose in bits:
        issuer.revoke(7, purpose)
    report = judge(document, web)
    assert (report.verdict, report.notice is not None) == (verdict, read)
    assert (Verdict.SUSPENDED in report.reasons) is True


def test_expired_and_suspended_are_both_told(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue({**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"})
    issuer.revoke(7)
    issuer.publish_notice("suspended")
    assert judge(document, web).reasons == (Verdict.SUSPENDED, Verdict.EXPIRED)


def test_a_report_refuses_a_notice_beside_a_good_verdict(web: MemoryWeb, issuer: Issuer) -> None:
    """The rule of rules, held by the report itself."""
    good = judge(issuer.issue(), web)
    with pytest.raises(ValueError, match="explains a status that is set"):
        Report(good.verdict, good.headline, good.steps, good.checked_at, good.verified, good.reasons,
               notice=Notice("replaced", NOW))  # fmt: skip


# -- replaced only when the newer version stands up


def _newer_altered(issuer: Issuer) -> Any:
    newer = issuer.correct()
    newer["credentialSubject"]["role"] = "Director"
    return newer


def _newer_with(issuer: Issuer, **members: Any) -> Any:
    issuer.correct()
    document = issuer.unsigned(8, hours=24) | {"validFrom": timestamps.format(YESTERDAY)}
    return issuer.issue({**document, **members}, created=YESTERDAY)


#: Each gives what lies at the credential's own address.
NO_NEWER: dict[str, Callable[[Issuer], Any]] = {
    "altered": _newer_altered,
    "by a stranger": lambda issuer: (issuer.correct(), sign(issuer.unsigned(8), Key("stranger")))[1],
    "another issuer's": lambda issuer: (issuer.correct(), _another(issuer).issue())[1],
    "with another id": lambda issuer: _newer_with(issuer, id=issuer.record_url + "x"),
    "of the same moment": lambda issuer: _newer_with(issuer, validFrom=timestamps.format(SIGNED_AT)),
    "older": lambda issuer: _newer_with(issuer, validFrom="2026-01-01T00:00:00Z"),
    "of the future": lambda issuer: _newer_with(issuer, validFrom="2026-07-02T12:00:00Z"),
    "expired": lambda issuer: _newer_with(issuer, validUntil="2026-06-30T13:00:00Z"),
    "the same one": lambda issuer: (issuer.correct(), issuer.issue())[1],
    "a page": lambda issuer: (issuer.correct(), b"<!doctype html>")[1],
    "huge": lambda issuer: strict_json.dumps(issuer.correct()) + b" " * 1_000_000,
}


@pytest.mark.parametrize("what", NO_NEWER)
def test_without_a_newer_version_that_stands_up_it_is_withdrawn(web: MemoryWeb, issuer: Issuer, what: str) -> None:
    document = issuer.issue()
    web.put(issuer.record_url, NO_NEWER[what](issuer))
    report = judge(document, web)
    assert (report.verdict, outcome(report, "status")) == (Verdict.WITHDRAWN, ("failed", "revoked"))
    assert report.notice == Notice("replaced", YESTERDAY, "Booked twice.")
    assert "could not be confirmed" in report.headline
    assert report.step("status").details["newer"] == {"outcome": "not_checked", "code": "notice_not_trusted"}


def test_a_newer_version_that_cannot_be_had_replaces_nothing(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    issuer.correct()
    web.hang(issuer.record_url)
    assert judge(document, web).verdict is Verdict.WITHDRAWN


def test_a_credential_that_does_not_say_from_when_it_holds_is_never_replaced(web: MemoryWeb, issuer: Issuer) -> None:
    """Nothing is later than nothing; a withdrawal of it can be explained all the same."""
    unsigned = issuer.unsigned()
    del unsigned["validFrom"]
    document = issuer.issue(unsigned)
    issuer.correct()
    assert judge(document, web).verdict is Verdict.WITHDRAWN
    issuer.publish_notice("withdrawn", since=SIGNED_AT - timedelta(days=100))
    report = judge(document, web)
    assert report.notice is not None
    assert report.notice.kind == "withdrawn"


# -- the words of corrections and notices


def test_notices_and_corrections_pass_the_lint(issuer: Issuer) -> None:
    """They lose nothing as JSON-LD, and a corrected credential keeps to both schemas."""
    change = [Change("hours", "31", "24"), Change("place", "", "x"), Change("student's name")]
    for kind in notices.KINDS:
        built = notices.build_notice(
            record_url=issuer.record_url, issuer=issuer.did, kind=kind, since=NOW, reason="x", changes=change
        )
        lint.lint(built, now=NOW)
    members = corrections.members([Correction(2, NOW, "x", tuple(change))])
    lint.lint(issuer.unsigned() | members, now=NOW)
    members["correction"][0]["change"] = []
    with pytest.raises(PlauditError):
        lint.lint(issuer.unsigned() | members, now=NOW)


def test_what_changed_is_found_and_names_are_not_repeated() -> None:
    before = CompletionRecord.from_mapping(completion())
    student = {"name": "Nguyễn Hồng Ánh", "email": "student@students.example"}
    engagement = {"kind": "paid contract", "mode": "remote"}
    after = CompletionRecord.from_mapping(completion(hours=24.5, student=student, engagement=engagement, ai_use=None))
    assert corrections.changes_between(before, after) == (
        Change("student's name"), Change("team size", "2", ""), Change("hours", "31", "24.5"), Change("use of AI"),
    )  # fmt: skip
    assert corrections.changes_between(before, before) == ()
    assert corrections.differs_in_kept(before, after) is None
    moved = CompletionRecord.from_mapping(completion(student={**student, "email": "other@students.example"}))
    assert corrections.differs_in_kept(before, moved) == "student.email"
    later = CompletionRecord.from_mapping(completion(awarded_date="2026-06-17"))
    assert corrections.differs_in_kept(before, later) == "awarded_date"


def test_whoever_confirms_sees_every_value() -> None:
    """Names, texts and lists too, which are never published."""
    before = CompletionRecord.from_mapping(completion())
    project = completion()["project"]
    project = {**project, "skills": [{"name": "web accessibility"}], "tools": ["axe"]}
    after = CompletionRecord.from_mapping(
        completion(project=project, permission={"show": False}, deliverables=[{"title": "Audit", "kind": "report"}])
    )
    assert corrections.every_change(before, after) == (
        Change("skills", "web accessibility, technical writing", "web accessibility"),
        Change("tools", "axe, NVDA", "axe"),
        Change("deliverables", "Audit report, Fix estimates", "Audit"),
        Change("permission to show", "show: True, nondisclosure: False", "show: False, nondisclosure: False"),
    )


def test_every_member_of_a_record_can_be_corrected_or_is_kept() -> None:
    """A member that is neither would be changed and not told."""
    record = CompletionRecord.from_mapping(completion())
    mapping = record.to_mapping()
    paths = {path for _, path, _ in corrections._FIELDS} | set(corrections.KEPT)
    for name, value in mapping.items():
        inner = [(name, key) for key in value] if isinstance(value, dict) else []
        assert (name,) in paths or all(path in paths for path in inner), name
    assert {field for field, _, _ in corrections._FIELDS} == set(corrections._LABELS)


def test_a_field_of_another_issuer_is_shown_as_signed() -> None:
    assert (Change("grade").label, Change("hours").label) == ("grade", "Hours")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"versionNumber": 1}, {"versionNumber": "two"}, {"corrected": "yesterday"}, {"corrected": None},
        {"reason": ""}, {"reason": 5},
    ],
)  # fmt: skip
def test_a_correction_that_says_too_little_is_not_shown(spoilt: dict[str, Any]) -> None:
    [member] = corrections.members([Correction(2, NOW, "x", (HOURS,))])["correction"]
    assert corrected.corrections({"correction": member}) == (Correction(2, NOW, "x", (HOURS,)),)
    assert corrected.corrections({"correction": {**member, **spoilt}}) == ()
    assert corrected.version({"correction": {**member, **spoilt}}) == 1


def test_changes_are_read_as_written_and_no_others() -> None:
    found = corrected.changes(
        [{"changed": "role", "before": "", "after": ["x"]}, {"before": "a"}, "text", {"changed": 1}]
    )
    assert found == (Change("role", "", "x"),)
    assert len(corrected.changes([{"changed": str(number)} for number in range(100)])) == corrected.MAX_CHANGES
    assert json.loads(json.dumps(found[0].to_json())) == {"field": "role", "before": "", "after": "x"}
