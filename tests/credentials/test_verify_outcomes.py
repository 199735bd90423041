"""What the verifier says, from a good credential to none at all."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from credentials.verify import Outcome, Report, Step, Verdict, VerifiedCredential
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, Key, judge, outcome, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

STEPS = ["size", "structure", "key", "signature", "issuer", "validity", "status", "domain"]


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_good_credential_is_valid(web: MemoryWeb, issuer: Issuer, suite: str) -> None:
    """Every step passes, in order, and only the DID document and the status list are fetched."""
    report = judge(issuer.issue(suite=suite), web)
    assert report.verdict is Verdict.VALID
    assert report.reasons == (Verdict.VALID,)
    assert [(step.number, step.id, step.outcome) for step in report.steps] == [
        (number, name, Outcome.PASSED) for number, name in enumerate(STEPS, 1)
    ]
    assert report.headline == "employer.example vouches for this. It is unchanged and not withdrawn."
    assert web.asked == [issuer.did_url, issuer.list_url()]


def test_a_single_proof_object_is_as_good_as_a_list(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    assert judge({**document, "proof": document["proof"][0]}, web).verdict is Verdict.VALID


def test_the_content_is_what_was_signed(web: MemoryWeb, issuer: Issuer) -> None:
    """The typed fields of display."""
    shown = judge(issuer.issue(), web).verified
    assert shown is not None
    assert (shown.issuer_name, shown.issuer_domain) == ("Employer Example", "employer.example")
    assert (shown.student_name, shown.role) == ("Nguyễn Thị Hồng Ánh", "Accessibility intern")
    assert (shown.hours, shown.hours_source, shown.outcome) == ("31", "time log", "accepted")
    assert (shown.start, shown.end, shown.awarded) == ("2026-05-24", "2026-06-11", "2026-06-16")
    assert (shown.engagement_kind, shown.mode, shown.team_size) == ("paid contract", "remote", 2)
    assert shown.skills[0] == ("web accessibility", "https://skills.example/esco/web-accessibility")
    assert shown.tools == ("axe", "NVDA")
    assert [(item.title, item.kind, item.url) for item in shown.deliverables] == [
        ("Audit report", "report", "https://files.example/d/01bb6e"),
        ("Fix estimates", "spreadsheet", None),
    ]
    assert (shown.supervisor_name, shown.supervisor_title) == ("Óscar Ibarra", "Engineering Manager")
    assert shown.comment == "Clear writing; needed little direction."
    assert (shown.language, shown.human_code) == ("en", "PLA-7F3K")
    assert shown.valid_from == SIGNED_AT
    assert shown.valid_until is None


def test_content_cannot_be_made_by_anybody_else() -> None:
    """A page that takes a VerifiedCredential can only have got it from the verifier."""
    with pytest.raises(TypeError, match="only the verifier"):
        VerifiedCredential(object(), {"id": "urn:x"})


@pytest.mark.case("OUT-01")
def test_a_key_without_a_domain_is_not_recognised(web: MemoryWeb, issuer: Issuer) -> None:
    """Amber: the signature is good, and nothing says who the signer is."""
    key = Key("somebody")
    document = issuer.unsigned()
    document["issuer"]["id"] = key.controller
    del document["credentialStatus"]
    report = judge(sign(document, key), web)
    assert report.verdict is Verdict.ISSUER_NOT_RECOGNISED
    assert report.verdict.tone == "caution"
    assert outcome(report, "signature") == ("passed", None)
    assert outcome(report, "issuer") == ("passed", None)
    assert outcome(report, "domain") == ("not_applicable", None)
    assert report.verified is not None
    assert web.asked == []


@pytest.mark.case("OUT-02")
def test_an_expired_credential_is_expired_and_not_altered(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(issuer.issue({**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"}), web)
    assert report.verdict is Verdict.EXPIRED
    assert report.headline == "It expired on 30 June 2026."
    assert outcome(report, "validity") == ("failed", "expired")
    assert outcome(report, "signature") == ("passed", None)
    assert outcome(report, "status") == ("passed", None)


@pytest.mark.case("OUT-03")
def test_a_credential_from_the_future_is_not_yet_valid(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(issuer.issue({**issuer.unsigned(), "validFrom": "2026-08-01T00:00:00Z"}), web)
    assert report.verdict is Verdict.NOT_YET_VALID
    assert report.headline == "It is not in force before 1 August 2026."


def test_a_clock_a_minute_behind_does_not_matter(web: MemoryWeb, issuer: Issuer) -> None:
    assert judge(issuer.issue(), web, now=SIGNED_AT - timedelta(minutes=1)).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"value":"31"', b'"value":"91"'), (b"Checkout", b"checkout"), (b"time log", b"time-log"),
     (b"2026-06-11T", b"2026-06-12T"), (b"aaaaaaaaaa", b"aaaaaaaaab")],
)  # fmt: skip
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.case("OUT-04")
def test_one_changed_character_is_altered(web: MemoryWeb, issuer: Issuer, suite: str, old: bytes, new: bytes) -> None:
    """Red, nothing is shown as fact, and no status list is asked for."""
    data = to_bytes(issuer.issue(suite=suite))
    assert data.count(old) >= 1
    report = judge(data.replace(old, new), web)
    assert report.verdict is Verdict.ALTERED
    assert report.verdict.tone == "bad"
    assert outcome(report, "signature") == ("failed", "signature_invalid")
    assert report.verified is None
    assert report.to_json()["credential"] is None
    assert [step.outcome for step in report.steps[4:]] == [Outcome.NOT_CHECKED] * 4
    assert web.asked == [issuer.did_url]


@pytest.mark.parametrize("misbehave", ["remove", "fail", "hang", "forbid"])
@pytest.mark.case("OUT-05")
def test_an_unreachable_issuer_leaves_it_unchecked(web: MemoryWeb, issuer: Issuer, misbehave: str) -> None:
    """Amber: not altered, not confirmed, nothing shown, and it is said what to do."""
    document = issuer.issue()
    getattr(web, misbehave)(issuer.did_url)
    report = judge(document, web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert report.step("key").outcome is Outcome.NOT_CHECKED
    assert report.step("key").remedy
    assert report.verified is None


@pytest.mark.parametrize("misbehave", ["remove", "fail", "hang", "forbid"])
@pytest.mark.case("OUT-06", "STL-07")
def test_an_unreachable_status_list_is_never_green_and_never_red(
    web: MemoryWeb, issuer: Issuer, misbehave: str
) -> None:
    """404, 500, no answer: whether it was withdrawn could not be checked."""
    document = issuer.issue()
    getattr(web, misbehave)(issuer.list_url())
    report = judge(document, web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert report.verdict.tone == "caution"
    assert report.step("status").outcome is Outcome.NOT_CHECKED
    assert report.verified is not None


def test_a_credential_without_a_status_is_valid_and_does_not_claim_more(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.unsigned()
    del document["credentialStatus"]
    report = judge(issuer.issue(document), web)
    assert report.verdict is Verdict.VALID
    assert outcome(report, "status") == ("not_applicable", None)
    assert "withdrawn" not in report.headline


def test_a_key_from_a_folder_is_not_called_the_domain_s_answer(issuer: Issuer, web: MemoryWeb) -> None:
    """Files beside the credential verify it; the domain itself was not asked, and that is said."""
    web.source = "folder"
    report = judge(issuer.issue(), web)
    assert report.verdict is Verdict.VALID
    assert outcome(report, "domain") == ("not_applicable", None)
    assert "vouches" not in report.headline


def test_an_answer_of_our_own_origin_is_the_domain_s(issuer: Issuer, web: MemoryWeb) -> None:
    web.source = "own origin"
    assert outcome(judge(issuer.issue(), web), "domain") == ("passed", None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json_syntax"),
        (b"hello", "json_syntax"),
        (b"[]", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b"{}", "not_a_credential"),
        (b'{"name":"Maya"}', "not_a_credential"),
        (b"\xff\xfe{}", "byte_order_mark"),
        (b'{"a":NaN}', "not_a_number"),
        (b"[" * 100_000, "json_depth"),
    ],
)
def test_what_is_no_credential_is_called_so(web: MemoryWeb, data: bytes, code: str) -> None:
    """Not "altered", not "invalid": there is no credential in it."""
    report = judge(data, web)
    assert report.verdict is Verdict.NOT_A_CREDENTIAL
    assert outcome(report, "structure") == ("failed", code)
    assert web.asked == []


def test_a_huge_input_is_not_even_parsed(web: MemoryWeb) -> None:
    report = judge(b" " * 1_000_001, web)
    assert outcome(report, "size") == ("failed", "json_too_large")
    assert report.verdict is Verdict.NOT_A_CREDENTIAL


@pytest.mark.parametrize(
    "data",
    [
        b'{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"EnvelopedVerifiableCredential",'
        b'"id":"data:application/vc+mdoc,x"}',
        b'{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiablePresentation"}',
        b'{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"EnvelopedVerifiablePresentation"}',
    ],
)
def test_formats_not_read_here_cannot_be_checked(web: MemoryWeb, data: bytes) -> None:
    """A format we do not know yet says nothing about the credential."""
    report = judge(data, web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert outcome(report, "structure") == ("not_checked", "format_not_supported")


def _worlds() -> dict[str, Any]:
    """One input for each verdict."""
    web = MemoryWeb()
    issuer = Issuer(web)
    issuer.revoke(1)
    stranger = Key("somebody")
    unknown = issuer.unsigned()
    unknown["issuer"]["id"] = stranger.controller
    del unknown["credentialStatus"]
    return {
        "web": web,
        "valid": issuer.issue(),
        "withdrawn": issuer.issue(issuer.unsigned(index=1)),
        "expired": issuer.issue({**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"}),
        "not_yet_valid": issuer.issue({**issuer.unsigned(), "validFrom": "2026-08-01T00:00:00Z"}),
        "issuer_not_recognised": sign(unknown, stranger),
        "altered": {**issuer.issue(), "name": "Another"},
        "invalid": issuer.unsigned(),
        "not_a_credential": {},
        "cannot_check": {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": "VerifiablePresentation"},
    }


@pytest.mark.case("OUT-07", "OUT-08")
def test_every_outcome_is_complete_for_machines_and_in_words_for_people() -> None:
    """Each check has an id, an outcome and, with a code, a problem type URI; verdicts have words and what to do."""
    worlds = _worlds()
    web = worlds.pop("web")
    for name, document in worlds.items():
        report = judge(document, web)
        assert report.verdict.id == name
        answer = json.loads(json.dumps(report.to_json()))
        assert answer["verdict"] == name
        assert answer["word"]
        assert answer["headline"].endswith(".")
        assert answer["remedy"]
        assert answer["checkedAt"] == "2026-07-01T12:00:00Z"
        assert [check["id"] for check in answer["checks"]] == STEPS
        for check in answer["checks"]:
            assert check["outcome"] in ("passed", "failed", "not_checked", "not_applicable")
            assert check["sentence"].endswith(".")
            assert (check["code"] is None) == (check["type"] is None)
            assert (check["code"] is None) == (check["outcome"] in ("passed", "not_applicable"))
            if check["code"] is not None:
                assert check["type"].startswith("https://")
            if check["outcome"] == "failed":
                assert check["remedy"].endswith(".")


def _step(identifier: str, outcome: Outcome) -> Step:
    return Step(1, identifier, identifier, outcome, None, "It is so.")


@pytest.mark.parametrize(
    ("verdict", "outcomes"),
    [
        (Verdict.VALID, {"signature": Outcome.FAILED}),
        (Verdict.VALID, {"status": Outcome.NOT_CHECKED}),
        (Verdict.ISSUER_NOT_RECOGNISED, {"status": Outcome.NOT_CHECKED}),
        (Verdict.CANNOT_CHECK, {"validity": Outcome.FAILED}),
    ],
)
def test_a_report_cannot_be_greener_than_its_worst_step(verdict: Verdict, outcomes: dict[str, Outcome]) -> None:
    steps = tuple(_step(name, found) for name, found in outcomes.items())
    with pytest.raises(ValueError, match="better than"):
        Report(verdict, "x", steps, NOW, None, (verdict,))


def test_a_report_cannot_hide_a_worse_reason() -> None:
    with pytest.raises(ValueError, match="worst of its reasons"):
        Report(Verdict.EXPIRED, "x", (), NOW, None, (Verdict.WITHDRAWN, Verdict.EXPIRED))


def test_a_report_cannot_show_content_that_was_not_confirmed(web: MemoryWeb, issuer: Issuer) -> None:
    shown = judge(issuer.issue(), web).verified
    steps = (_step("signature", Outcome.PASSED), _step("issuer", Outcome.NOT_CHECKED))
    with pytest.raises(ValueError, match="content"):
        Report(Verdict.CANNOT_CHECK, "x", steps, NOW, shown, (Verdict.CANNOT_CHECK,))


def test_the_moment_must_have_a_zone(web: MemoryWeb) -> None:
    with pytest.raises(ValueError, match="time zone"):
        judge(b"{}", web, now=NOW.replace(tzinfo=None))
