"""The credential of a completion record: field by field, valid by the schemas, deterministic, without e-mail."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import canonical, findings, jsonld, model, strict_json
from credentials.record import CompletionRecord
from credentials.status_list import StatusEntry
from tests.worlds.completions import SIGNED_AT, completion

LIST = "https://employer.example/status/x"
ISSUER = model.IssuerProfile(
    did="did:web:employer.example",
    name="Employer Example",
    url="https://employer.example",
    domain="employer.example",
    legal_name="Employer Example Ltd",
    description="Makes examples.",
    image="https://employer.example/logo.png",
    identifiers={"vat": "EX123", "lei": "529900T8BM49AURSDO55"},
)


def _credential(issuer: model.IssuerProfile = ISSUER, **changes: Any) -> dict[str, Any]:
    return model.build_credential(
        CompletionRecord.from_mapping(completion(**changes)),
        issuer=issuer,
        credential_id="https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        human_code="PLA-7F3K",
        achievement_id="https://employer.example/a/bbbbbbbbbbbbbbbbbbbbbbbbbb",
        status=StatusEntry(LIST, 7, "revocation"),
        valid_from=SIGNED_AT,
        skill_url=lambda name: "https://employer.example/skills/" + name.replace(" ", "-"),
    )


def _schema_findings(credential: dict[str, Any]) -> list[str]:
    return [
        str(finding)
        for schema in (model.OB_SCHEMA, model.CREDENTIAL_SCHEMA)
        for finding in findings.check(credential, schema)
    ]


def test_the_whole_credential_stands_up_to_both_schemas() -> None:
    """Strict Open Badges 3.0, and ours."""
    assert _schema_findings(_credential()) == []


def test_a_lean_record_makes_a_valid_credential_without_empty_members() -> None:
    project = {name: value for name, value in completion()["project"].items() if name != "tools"}
    issuer = model.IssuerProfile("did:web:e.example", "E", "https://e.example", "e.example")
    credential = _credential(
        issuer,
        project=project,
        engagement={"kind": "volunteer"},
        deliverables=[{"title": "Talk", "kind": "event"}],
        public_comment=None,
        ai_use=None,
    )
    assert "employerComment" not in credential["credentialSubject"]
    assert _schema_findings(credential) == []
    assert b"null" not in strict_json.dumps(credential)
    assert b"[]" not in strict_json.dumps(credential)


def test_every_field_is_where_the_mapping_puts_it() -> None:
    """RECORD's table, row by row."""
    credential = _credential()
    subject, issuer = credential["credentialSubject"], credential["issuer"]
    achievement = subject["achievement"]
    assert credential["@context"] == [model.VC_CONTEXT, model.OB_CONTEXT, model.EXTENSION_CONTEXT]
    assert credential["id"].endswith("/c/aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert achievement["humanCode"] == "PLA-7F3K"
    assert subject["identifier"] == [
        {"type": "IdentityObject", "hashed": False, "identityHash": "Nguyễn Thị Hồng Ánh", "identityType": "name"}
    ]
    assert (issuer["name"], issuer["legalName"], issuer["url"]) == (
        "Employer Example", "Employer Example Ltd", "https://employer.example")  # fmt: skip
    assert [entry["identifierType"] for entry in issuer["otherIdentifier"]] == ["ext:lei", "ext:vat"]
    assert (issuer["official"], issuer["officialTitle"]) == ("Óscar Ibarra", "Engineering Manager")
    assert issuer["domainProof"] == "none"
    assert (achievement["achievementType"], achievement["name"]) == ("Fieldwork", "Checkout accessibility audit")
    assert achievement["criteria"] == {"narrative": "Audit of 14 screens; each finding reproduced."}
    assert (subject["role"], subject["engagementKind"]) == ("Accessibility intern", "paid contract")
    assert (subject["workMode"], subject["teamSize"]) == ("remote", 2)
    assert subject["activityStartDate"] == "2026-05-24T00:00:00Z"
    assert subject["activityEndDate"] == "2026-06-11T00:00:00Z"
    assert credential["awardedDate"] == "2026-06-16T00:00:00Z"
    assert credential["validFrom"] == "2026-06-21T12:00:00Z"
    assert [item["targetUrl"] for item in achievement["alignment"]] == [
        "https://skills.example/esco/web-accessibility",
        "https://employer.example/skills/technical-writing",
    ]
    assert achievement["tag"] == ["axe", "NVDA"]
    assert subject["employerComment"] == "Clear writing; needed little direction."
    assert subject["aiUse"].startswith("Used an assistant")
    assert credential["termsOfUse"][0] == {
        "type": "SharingPermission", "showPublicly": True, "nondisclosure": False}  # fmt: skip
    assert "validUntil" not in credential
    assert "creditsEarned" not in subject


def test_hours_and_outcome_are_results_of_described_kinds() -> None:
    """Hours are never academic credit; the source of the figure stands beside it."""
    subject = _credential(hours=7.5, outcome="not used")["credentialSubject"]
    hours, outcome = subject["result"]
    described = {item["id"]: item["resultType"] for item in subject["achievement"]["resultDescription"]}
    assert (hours["value"], hours["hoursSource"]) == ("7.5", "time log")
    assert described[hours["resultDescription"]] == "ext:HoursWorked"
    assert (outcome["value"], outcome["status"]) == ("not used", "Completed")
    assert described[outcome["resultDescription"]] == "Status"


def test_exactly_one_status_entry() -> None:
    """The Open Badges schema allows one object."""
    assert _credential()["credentialStatus"] == {
        "id": f"{LIST}#7",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST,
    }


def test_digests_of_public_work_are_related_resources_and_of_private_work_stand_with_it() -> None:
    digest = "sha256-" + "A" * 43 + "="
    credential = _credential(
        deliverables=[
            {"title": "A", "kind": "file", "url": "https://files.example/a", "digest": digest, "size": 5},
            {"title": "B", "kind": "file", "digest": digest},
        ]
    )
    public, private = credential["evidence"]
    assert credential["relatedResource"] == [{"id": "https://files.example/a", "digestSRI": digest}]
    assert public == {
        "id": "https://files.example/a", "type": ["Evidence"], "name": "A", "genre": "file", "byteSize": 5}  # fmt: skip
    assert private == {
        "type": ["Evidence"], "name": "B", "genre": "file", "narrative": "private", "digestSRI": digest}  # fmt: skip
    assert jsonld.canonical_nquads(credential)


@pytest.mark.case("PRV-03")
def test_no_e_mail_address_gets_in() -> None:
    assert b"@students.example" not in strict_json.dumps(_credential())
    assert b"@employer.example" not in strict_json.dumps(_credential())


def test_the_same_record_gives_the_same_bytes() -> None:
    """Nothing depends on time, chance or the order of a mapping."""
    turned = dataclasses.replace(ISSUER, identifiers=dict(reversed(list(ISSUER.identifiers.items()))))
    assert strict_json.dumps(_credential()) == strict_json.dumps(_credential(turned))


def test_it_is_lossless_json_ld() -> None:
    """Every value of the document stands in the canonical quads that are signed."""
    credential = _credential(hours=31.25)
    quads = jsonld.canonical_nquads(credential)
    for text in ("31.25", "time log", "Nguyễn Thị Hồng Ánh", "paid contract", "PLA-7F3K", "SharingPermission",
                 "Óscar Ibarra", "private", "https://files.example/d/01bb6e", "did:web:employer.example"):  # fmt: skip
        assert text in quads


def _with_name(name: str) -> dict[str, Any]:
    return _credential(student={"name": name, "email": "a@students.example"})


@pytest.mark.case("TPL-01")
def test_hostile_names_survive_signing_unchanged(security_cases: Path) -> None:
    """Each name of the corpus goes in, through the gate and out again byte for byte."""
    for record in json.loads((security_cases / "corpora" / "names.json").read_text()):
        credential = _with_name(record["in"])
        assert _schema_findings(credential) == []
        read = strict_json.loads_object(strict_json.dumps(credential))
        assert read == credential
        assert read["credentialSubject"]["identifier"][0]["identityHash"] == record["in"]
        assert jsonld.canonical_nquads(read) == jsonld.canonical_nquads(credential)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50).filter(lambda text: text.strip()))
def test_two_names_never_give_one_signature_input(name: str) -> None:
    """Canonical quads and JCS both tell any name from the same name with a letter more."""
    one, other = _with_name("A" + name), _with_name("A" + name + "x")
    assert jsonld.canonical_nquads(one) != jsonld.canonical_nquads(other)
    assert canonical.jcs(one) != canonical.jcs(other)
