"""Display fields of credentials that are not ours: what has another shape is left out, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.verify import Verdict, VerifiedCredential, content
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, judge
from tests.worlds.memory_web import MemoryWeb


def _shown(**changes: Any) -> VerifiedCredential:
    """The content of a plain signed credential with other members (jcs signs whatever is there)."""
    issuer = Issuer(MemoryWeb())
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "credentialSubject": {"name": "Maya Lee"},
        **changes,
    }
    report = judge(issuer.issue(document, suite="eddsa-jcs-2022"), issuer.web)
    assert report.verdict is Verdict.VALID
    assert report.verified is not None
    return report.verified


def test_a_plain_credential_shows_what_it_has() -> None:
    shown = _shown()
    assert (shown.student_name, shown.title, shown.hours, shown.skills) == ("Maya Lee", None, None, ())
    assert set(shown.to_json()) == {"issuerDid", "issuerDomain", "studentName"}


def test_of_several_subjects_none_is_chosen() -> None:
    """A page that shows one name for a credential about two people would mislead."""
    assert _shown(credentialSubject=[{"name": "Maya Lee"}, {"name": "Liv Berg"}]).student_name is None
    assert _shown(credentialSubject=[{"name": "Maya Lee"}]).student_name == "Maya Lee"


def test_a_hashed_name_is_not_shown_as_a_name() -> None:
    identity = {"type": "IdentityObject", "hashed": True, "identityHash": "sha256$ab", "identityType": "name"}
    assert _shown(credentialSubject={"identifier": [identity]}).student_name is None


@pytest.mark.parametrize("odd", [None, 5, [], {}, [[]], [5], "text", {"id": []}, [{"id": {}, "type": 1}]])
def test_odd_shapes_are_left_out(odd: Any) -> None:
    """No member of any type makes display fail."""
    subject = {
        "id": "did:example:1",
        "achievement": odd,
        "result": odd,
        "identifier": odd,
        "role": odd,
        "teamSize": odd,
    }
    shown = _shown(credentialSubject=subject, awardedDate=odd)
    assert (shown.hours, shown.outcome, shown.awarded) == (None, None, None)
    assert shown.team_size in (None, 5)
    nested = {"name": odd, "criteria": odd, "alignment": odd, "tag": odd, "resultDescription": odd}
    assert _shown(credentialSubject={"achievement": nested, "result": [{"resultDescription": odd}]}).hours is None


def test_a_single_object_is_as_good_as_a_list_of_one() -> None:
    """JSON-LD does not tell them apart."""
    alignment = {"type": ["Alignment"], "targetName": "SQL", "targetUrl": "https://skills.example/sql"}
    shown = _shown(credentialSubject={"achievement": {"alignment": alignment, "tag": "Metabase"}})
    assert shown.skills == (("SQL", "https://skills.example/sql"),)
    assert shown.tools == ("Metabase",)


def test_the_digest_of_public_work_is_found_by_its_address() -> None:
    digest = "sha256-" + "A" * 43 + "="
    shown = _shown(
        evidence=[{"id": "https://files.example/a", "type": "Evidence", "name": "A"}],
        relatedResource=[{"id": "https://files.example/a", "digestSRI": digest}],
    )
    assert [(item.title, item.kind, item.digest) for item in shown.deliverables] == [("A", None, digest)]


def test_a_report_finds_its_steps_by_name() -> None:
    report = judge(b"{}", MemoryWeb())
    assert report.checked_at == NOW
    with pytest.raises(KeyError):
        report.step("vibes")


# -- every field, and where it is read


def test_every_field_of_a_full_credential_is_shown_under_its_name() -> None:
    issuer = Issuer(MemoryWeb())
    document = {**issuer.unsigned(), "validUntil": "2027-01-01T00:00:00Z"}
    digest = "sha256-" + "A" * 43 + "="
    document["evidence"] = [{**document["evidence"][0], "digestSRI": digest}, document["evidence"][1]]
    shown = judge(issuer.issue(document, suite="eddsa-jcs-2022"), issuer.web).verified
    assert shown is not None
    assert shown.valid_until is not None
    assert shown.to_json() == {
        "id": "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "issuerName": "Employer Example",
        "issuerDid": "did:web:employer.example",
        "issuerDomain": "employer.example",
        "issuerUrl": "https://employer.example",
        "studentName": "Nguyễn Thị Hồng Ánh",
        "title": "Checkout accessibility audit",
        "description": "Audit the web checkout against WCAG 2.2 AA and propose fixes.",
        "criteria": "Audit of 14 screens; each finding reproduced.",
        "role": "Accessibility intern",
        "hours": "31",
        "hoursSource": "time log",
        "start": "2026-05-24",
        "end": "2026-06-11",
        "awarded": "2026-06-16",
        "engagementKind": "paid contract",
        "mode": "remote",
        "teamSize": 2,
        "outcome": "accepted",
        "skills": [
            {"name": "web accessibility", "url": "https://skills.example/esco/web-accessibility"},
            {"name": "technical writing", "url": "https://employer.example/skills/technical-writing"},
        ],
        "tools": ["axe", "NVDA"],
        "deliverables": [
            {"title": "Audit report", "kind": "report", "url": "https://files.example/d/01bb6e", "digest": digest},
            {"title": "Fix estimates", "kind": "spreadsheet", "url": None, "digest": None},
        ],
        "supervisorName": "Óscar Ibarra",
        "supervisorTitle": "Engineering Manager",
        "comment": "Clear writing; needed little direction.",
        "aiUse": "Used an assistant for first drafts; all figures checked by hand.",
        "language": "en",
        "humanCode": "PLA-7F3K",
        "validFrom": "2026-06-21T12:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
    }
    assert shown.document["id"] == shown.id


def test_nobody_but_the_verifier_can_say_what_was_verified() -> None:
    with pytest.raises(TypeError, match=r"^only the verifier makes a VerifiedCredential$"):
        VerifiedCredential(object(), {})


@pytest.mark.parametrize(
    ("written", "shown"),
    [(2, 2), (2.0, 2), ("2", 2), ([2], 2), ("999999999", 999_999_999), ({"@value": "3"}, 3), (0, 0),
     ("1000000000", None), (2.5, None), (True, None), ("-2", None), ("²", None), ("two", None), ("", None),
     ([1, 2], None), (None, None)],
)  # fmt: skip
def test_a_team_size_is_a_whole_number_however_it_is_written(written: Any, shown: int | None) -> None:
    assert content.seal({"credentialSubject": {"teamSize": written}}).team_size == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Analyst", "Analyst"), (["Analyst"], "Analyst"), ({"@value": "Analyst", "@language": "en"}, "Analyst"),
     ([{"@value": "Analyst"}], "Analyst"), ("", None), (["Analyst", "Clerk"], None), (5, None), ({}, None),
     ([], None)],
)  # fmt: skip
def test_a_text_is_one_text_however_it_is_written(written: Any, shown: str | None) -> None:
    assert content.seal({"credentialSubject": {"role": written}}).role == shown


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-06-16T23:30:00-05:00", "2026-06-16"), (["2026-06-16T00:00:00Z"], "2026-06-16"), ("2026-06-16", None),
     ("2026-02-30T00:00:00Z", None), ("soon", None), (5, None)],
)  # fmt: skip
def test_a_day_is_the_one_that_was_signed_in_its_own_zone(written: Any, day: str | None) -> None:
    document = {"awardedDate": written, "credentialSubject": {"activityStartDate": written, "activityEndDate": written}}
    shown = content.seal(document)
    assert (shown.awarded, shown.start, shown.end) == (day, day, day)


def _named(*identities: dict[str, Any], **members: Any) -> str | None:
    return content.seal({"credentialSubject": {"identifier": list(identities), **members}}).student_name


def test_the_student_s_name_is_the_one_identity_that_is_a_name_and_not_hashed() -> None:
    name = {"identityType": "name", "hashed": False, "identityHash": "Maya Lee"}
    assert _named(name, name="Other") == "Maya Lee"
    assert _named({**name, "hashed": "false"}) == "Maya Lee"
    assert _named({**name, "hashed": [False]}) == "Maya Lee"
    assert _named({**name, "identityType": "emailAddress"}, name) == "Maya Lee"
    assert _named({**name, "hashed": True}, name="Maya L.") == "Maya L."
    assert _named({**name, "identityType": "emailAddress"}) is None
    assert _named({"identityType": "name", "identityHash": "Maya Lee"}) is None


def _results(*results: dict[str, Any], **types: str) -> VerifiedCredential:
    """`types`: the kind that each result description is of, by its id."""
    described = [{"id": name, "resultType": kind} for name, kind in types.items()]
    return content.seal(
        {"credentialSubject": {"achievement": {"resultDescription": described}, "result": list(results)}}
    )


def test_hours_and_outcome_are_found_by_the_kind_of_their_description() -> None:
    hours = {"resultDescription": "a", "value": "31", "hoursSource": "time log", "status": "Completed"}
    status = {"resultDescription": "b", "value": "accepted", "status": "Completed"}
    both = _results(status, hours, a="ext:HoursWorked", b="Status")
    assert (both.hours, both.hours_source, both.outcome) == ("31", "time log", "accepted")
    without_value = {"resultDescription": "b", "status": "Completed"}
    assert _results(without_value, b="Status").outcome == "Completed"
    other = _results(hours, status, a="GradePointAverage")
    assert (other.hours, other.hours_source, other.outcome) == (None, None, None)


def test_a_skill_needs_a_name_and_a_tool_needs_to_be_a_text() -> None:
    achievement = {
        "alignment": [{"targetUrl": "https://skills.example/a"}, {"targetName": "SQL"}, {"targetName": ["R"]}],
        "tag": ["axe", 5, "", ["NVDA"]],
    }
    shown = content.seal({"credentialSubject": {"achievement": achievement}})
    assert shown.skills == (("SQL", None), ("R", None))
    assert shown.tools == ("axe", "NVDA")


def _deliverables(evidence: Any, related: Any = None) -> tuple[content.Deliverable, ...]:
    return content.seal({"evidence": evidence, "relatedResource": related}).deliverables


def test_what_the_evidence_says_goes_before_what_is_related() -> None:
    url = "https://files.example/a"
    related = [{"id": url, "name": "Related", "genre": "report", "digestSRI": "sha256-x"}, {"id": "https://b.example"}]
    (found,) = _deliverables({"id": url, "name": "Evidence"}, related)
    assert found == content.Deliverable("Evidence", "report", url, "sha256-x")
    (named,) = _deliverables({"id": url}, related)
    assert named.title == "Related"


def test_work_without_a_title_or_an_address_takes_nothing_from_elsewhere() -> None:
    assert _deliverables({"id": "https://files.example/a", "genre": "report"}) == ()
    related = [{"name": "Stray", "digestSRI": "sha256-x"}]
    assert _deliverables([{"genre": "report"}], related) == ()
    assert _deliverables({"name": "Private", "genre": "report", "digestSRI": "sha256-y"}, related) == (
        content.Deliverable("Private", "report", None, "sha256-y"),
    )


@pytest.mark.parametrize("issuer", [[{"name": "A"}, {"name": "B"}], "did:web:a.example", None])
def test_an_issuer_that_is_not_one_object_has_no_name(issuer: Any) -> None:
    shown = content.seal({"issuer": issuer})
    assert (shown.issuer_name, shown.supervisor_name) == (None, None)


def test_an_issuer_without_an_id_has_an_empty_one() -> None:
    assert content.seal({}).issuer_did == ""


def test_a_time_that_is_none_is_left_out() -> None:
    shown = content.seal({"validFrom": "yesterday", "validUntil": ["2027-01-01T00:00:00Z"]})
    assert shown.valid_from is None
    assert shown.to_json() == {"validUntil": "2027-01-01T00:00:00Z", "issuerDid": ""}
