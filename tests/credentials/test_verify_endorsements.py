"""Endorsements: each is verified by itself, counts only when all of it passed, and never changes the verdict."""

from __future__ import annotations

from typing import Any

import pytest

from credentials import errors
from credentials.verify import Endorsement, Outcome, Policy, Report, Verdict
from tests.worlds import endorsements
from tests.worlds.endorsements import ACHIEVEMENT, COMMENT, CREDENTIAL, embedded, endorsed, party, token, unsigned
from tests.worlds.issuers import Issuer, Key, judge, sign
from tests.worlds.memory_web import MemoryWeb


@pytest.fixture
def web() -> MemoryWeb:
    return MemoryWeb()


@pytest.fixture
def issuer(web: MemoryWeb) -> Issuer:
    return Issuer(web)


@pytest.fixture
def school(web: MemoryWeb) -> Issuer:
    return party(web, "school.example")


def only(report: Report) -> Endorsement:
    assert report.verdict is Verdict.VALID, report.headline
    assert len(report.endorsements) == 1
    return report.endorsements[0]


@pytest.mark.parametrize("make", [embedded, token])
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_good_endorsement_vouches(make: Any, suite: str, issuer: Issuer, school: Issuer) -> None:
    report = judge(endorsed(issuer, make(school), suite=suite), issuer.web)
    found = only(report)
    assert found.outcome is Outcome.PASSED
    assert found.sentence == "Vouches for this record."
    assert (found.about, found.comment, found.code) == ("credential", COMMENT, None)
    assert found.verified is not None
    assert (found.verified.issuer_name, found.verified.issuer_domain) == ("Example School", "school.example")
    assert {step.outcome for step in found.steps} <= {Outcome.PASSED, Outcome.NOT_APPLICABLE}
    assert report.parties == 2


@pytest.mark.parametrize(
    ("about", "what", "sentence"),
    [
        (CREDENTIAL, "credential", "Vouches for this record."),
        (ACHIEVEMENT, "achievement", "Vouches for the project as it is described."),
        ("did:web:employer.example", "issuer", "Vouches for the issuer."),
    ],
)
def test_it_may_be_about_three_things(about: str, what: str, sentence: str, issuer: Issuer, school: Issuer) -> None:
    found = only(judge(endorsed(issuer, embedded(school, about)), issuer.web))
    assert (found.outcome, found.about, found.sentence) == (Outcome.PASSED, what, sentence)


def test_it_may_stand_on_the_credential_the_issuer_and_the_achievement(issuer: Issuer, school: Issuer) -> None:
    platform = party(issuer.web, "platform.example")
    document = issuer.unsigned()
    document["issuer"]["endorsement"] = [embedded(school, issuer.did)]
    document["credentialSubject"]["achievement"]["endorsementJwt"] = [token(platform, ACHIEVEMENT)]
    report = judge(issuer.issue(document), issuer.web)
    assert [(found.outcome, found.about) for found in report.endorsements] == [
        (Outcome.PASSED, "issuer"),
        (Outcome.PASSED, "achievement"),
    ]
    assert report.parties == 3


@pytest.mark.parametrize("about", ["urn:uuid:1", "https://employer.example/c/another", None])
@pytest.mark.parametrize("make", [embedded, token])
def test_an_endorsement_of_something_else_is_not_counted(
    about: str | None, make: Any, issuer: Issuer, school: Issuer
) -> None:
    subject = {"type": ["EndorsementSubject"], "endorsementComment": COMMENT, **({"id": about} if about else {})}
    made = make(school, credentialSubject=subject)
    report = judge(endorsed(issuer, made), issuer.web)
    found = only(report)
    assert (found.outcome, found.code) == (Outcome.NOT_APPLICABLE, "endorses_something_else")
    assert found.verified is None
    assert found.comment is None
    assert report.parties == 1


def test_another_kind_of_credential_is_no_endorsement(issuer: Issuer, school: Issuer) -> None:
    other = sign(unsigned(school, type=["VerifiableCredential"]), school.key)
    found = only(judge(endorsed(issuer, other), issuer.web))
    assert (found.outcome, found.code) == (Outcome.NOT_APPLICABLE, "not_an_endorsement")


def test_an_altered_endorsement_fails_and_shows_nothing(issuer: Issuer, school: Issuer) -> None:
    altered = embedded(school)
    altered["credentialSubject"]["endorsementComment"] = "The best student we ever had."
    report = judge(endorsed(issuer, altered), issuer.web)
    found = only(report)
    assert (found.outcome, found.code) == (Outcome.FAILED, "altered")
    assert (found.verified, found.comment) == (None, None)
    assert report.parties == 1
    assert report.to_json()["endorsements"][0]["by"] is None


def test_an_expired_endorsement_fails_with_its_reason(issuer: Issuer, school: Issuer) -> None:
    found = only(judge(endorsed(issuer, embedded(school, validUntil="2026-06-25T00:00:00Z")), issuer.web))
    assert (found.outcome, found.code) == (Outcome.FAILED, "expired")
    assert found.sentence == "It expired on 25 June 2026."


def test_a_withdrawn_endorsement_fails(issuer: Issuer, school: Issuer) -> None:
    entry = {**issuer.unsigned()["credentialStatus"], "statusListCredential": school.list_url()}
    entry["id"] = f"{school.list_url()}#7"
    credential = endorsed(issuer, embedded(school, credentialStatus=entry))
    assert only(judge(credential, issuer.web)).outcome is Outcome.PASSED
    school.revoke(7)
    found = only(judge(credential, issuer.web))
    assert (found.outcome, found.code) == (Outcome.FAILED, "withdrawn")


def test_an_endorser_who_cannot_be_reached_is_not_counted(issuer: Issuer, school: Issuer) -> None:
    credential = endorsed(issuer, embedded(school))
    issuer.web.hang(school.did_url)
    report = judge(credential, issuer.web)
    found = only(report)
    assert (found.outcome, found.code, found.verified) == (Outcome.NOT_CHECKED, "cannot_check", None)
    assert report.parties == 1


def test_a_signer_whom_nothing_shows_is_not_counted(issuer: Issuer) -> None:
    stranger = Key("stranger")
    document = unsigned(issuer, issuer={"id": stranger.controller, "type": ["Profile"], "name": "A ministry"})
    report = judge(endorsed(issuer, sign(document, stranger)), issuer.web)
    found = only(report)
    assert (found.outcome, found.code) == (Outcome.NOT_CHECKED, "issuer_not_recognised")
    assert report.parties == 1


def test_one_party_counts_once_and_the_issuer_is_one_of_them(issuer: Issuer, school: Issuer) -> None:
    credential = endorsed(issuer, embedded(school), token(school, ACHIEVEMENT), token(issuer, ACHIEVEMENT))
    report = judge(credential, issuer.web)
    assert [found.outcome for found in report.endorsements] == [Outcome.PASSED] * 3
    assert report.parties == 2


def test_nobody_vouches_for_what_is_not_valid(issuer: Issuer, school: Issuer) -> None:
    credential = endorsed(issuer, embedded(school))
    issuer.revoke(7)
    report = judge(credential, issuer.web)
    assert report.verdict is Verdict.WITHDRAWN
    assert [found.outcome for found in report.endorsements] == [Outcome.PASSED]
    assert report.parties == 0


def test_endorsements_of_what_was_not_confirmed_are_not_looked_at(issuer: Issuer, school: Issuer) -> None:
    credential = {**endorsed(issuer, embedded(school)), "name": "Another"}
    issuer.web.asked.clear()
    report = judge(credential, issuer.web)
    assert report.verdict is Verdict.ALTERED
    assert (report.endorsements, report.parties) == ((), 0)
    assert school.did_url not in issuer.web.asked


@pytest.mark.parametrize("odd", [None, "text", [], [1], {}, [[{}]]])
@pytest.mark.parametrize("member", ["endorsement", "endorsementJwt"])
def test_what_is_no_endorsement_at_all_harms_nothing(odd: Any, member: str, issuer: Issuer) -> None:
    """Over the JSON itself anything may be signed, and the verdict is that of the credential alone."""
    report = judge(issuer.issue({**issuer.unsigned(), member: odd}, suite="eddsa-jcs-2022"), issuer.web)
    assert report.parties <= 1
    assert Outcome.PASSED not in {found.outcome for found in report.endorsements}


def test_the_same_endorsement_twice_is_checked_once(issuer: Issuer, school: Issuer) -> None:
    document = {**issuer.unsigned(), "endorsementJwt": [token(school), token(school)]}
    assert len(judge(issuer.issue(document), issuer.web).endorsements) == 1


def test_the_rest_of_too_many_is_said_not_to_be_checked(issuer: Issuer, school: Issuer) -> None:
    tokens = [token(school, name=f"School {number}") for number in range(5)]
    report = judge(endorsed(issuer, *tokens), issuer.web, policy=Policy(max_endorsements=3))
    assert [found.outcome for found in report.endorsements] == [Outcome.PASSED] * 3 + [Outcome.NOT_CHECKED]
    left_out = report.endorsements[-1]
    assert (left_out.code, left_out.sentence) == ("endorsement_limit", "2 further endorsements were not checked.")
    assert report.verdict is Verdict.VALID


def test_each_address_is_asked_once_for_all_of_them(issuer: Issuer, school: Issuer) -> None:
    credential = endorsed(issuer, embedded(school), embedded(school, ACHIEVEMENT), token(issuer, ACHIEVEMENT))
    issuer.web.asked.clear()
    assert judge(credential, issuer.web).parties == 2
    assert sorted(issuer.web.asked) == sorted([issuer.did_url, issuer.list_url(), school.did_url])


def test_after_two_silent_hosts_no_further_endorser_is_asked(issuer: Issuer) -> None:
    parties = [party(issuer.web, f"p{number}.example") for number in range(4)]
    credential = endorsed(issuer, *[token(one) for one in parties])
    for one in parties:
        issuer.web.hang(one.did_url)
    issuer.web.asked.clear()
    report = judge(credential, issuer.web)
    assert sum(one.did_url in issuer.web.asked for one in parties) == 2
    assert {found.outcome for found in report.endorsements} == {Outcome.NOT_CHECKED}
    assert report.verdict is Verdict.VALID


def test_endorsers_together_cost_so_many_fetches(issuer: Issuer) -> None:
    parties = [party(issuer.web, f"p{number}.example") for number in range(4)]
    credential = endorsed(issuer, *[token(one) for one in parties])
    report = judge(credential, issuer.web, policy=Policy(max_endorsement_fetches=3))
    assert [found.outcome for found in report.endorsements] == [Outcome.PASSED] * 3 + [Outcome.NOT_CHECKED]
    assert errors.EndorsementLimit.code == report.endorsements[3].steps[2].code


def test_a_check_that_breaks_down_vouches_for_nothing(
    issuer: Issuer, school: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    credential = endorsed(issuer, embedded(school))

    def break_down(*_arguments: object) -> str:
        raise RuntimeError("broken")

    monkeypatch.setattr("credentials.verify.endorsements._subject", break_down)
    found = only(judge(credential, issuer.web))
    assert (found.outcome, found.code) == (Outcome.NOT_CHECKED, "internal_error")


def test_machines_get_each_with_its_checks(issuer: Issuer, school: Issuer) -> None:
    told = judge(endorsed(issuer, embedded(school)), issuer.web).to_json()["endorsements"][0]
    assert told["by"]["issuerDid"] == "did:web:school.example"
    assert [check["id"] for check in told["checks"]][:5] == ["size", "structure", "key", "signature", "issuer"]
    assert {name: told[name] for name in ("outcome", "code", "sentence", "about", "comment")} == {
        "outcome": "passed",
        "code": None,
        "sentence": "Vouches for this record.",
        "about": "credential",
        "comment": endorsements.COMMENT,
    }
