"""Display fields of credentials that are not ours: what has another shape is left out, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.verify import Verdict, VerifiedCredential
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
