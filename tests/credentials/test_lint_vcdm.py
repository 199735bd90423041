"""The shape of a credential, by VCDM 2.0 and the inputs of its test suite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from credentials import vcdm

#: Inputs of the W3C suite whose fault is not one of shape: JSON-LD finds it (a type or term that no context maps).
JSON_LD_FINDS = {
    "credential-type-unmapped-fail.json",
    "credential-type-mapped-nonurl-fail.json",
    "credential-redef-type-fail.json",
    "credential-redef-type2-fail.json",
    "credential-context-combo3-fail.json",
    "credential-proof-missing-type-fail.json",
}


def _credential(**changes: Any) -> dict[str, Any]:
    return {
        "@context": [vcdm.CONTEXT],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:employer.example",
        "credentialSubject": {"id": "did:example:1"},
        **changes,
    }


def test_a_plain_credential_is_well_formed() -> None:
    assert vcdm.check(_credential()) == []


@pytest.mark.parametrize(
    "context",
    [None, "", {}, [], vcdm.CONTEXT, ["https://example.org/x", vcdm.CONTEXT], [vcdm.CONTEXT, 5], 7],
)
@pytest.mark.case("LDP-05")
def test_a_context_that_does_not_start_with_the_data_model_is_malformed(context: Any) -> None:
    """Missing, empty, a string, reordered: each is one finding, none is repaired."""
    assert [finding.code for finding in vcdm.check(_credential(**{"@context": context}))] == ["context_malformed"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"type": []}, "/type"),
        ({"type": "Other"}, "/type"),
        ({"type": ["VerifiableCredential", 5]}, "/type"),
        ({"id": ["urn:a:b"]}, "/id"),
        ({"id": "not a url"}, "/id"),
        ({"issuer": None}, "/issuer"),
        ({"issuer": ["did:example:1"]}, "/issuer"),
        ({"issuer": {"name": "x"}}, "/issuer/id"),
        ({"credentialSubject": "x"}, "/credentialSubject"),
        ({"credentialSubject": {}}, "/credentialSubject"),
        ({"credentialSubject": []}, "/credentialSubject"),
        ({"credentialSubject": {"id": "not a uri"}}, "/credentialSubject/id"),
        ({"validFrom": "2026-01-01"}, "/validFrom"),
        ({"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"}, "/validUntil"),
        ({"evidence": {"name": "x"}}, "/evidence/type"),
        ({"evidence": "x"}, "/evidence"),
        ({"credentialSchema": {"type": "JsonSchema"}}, "/credentialSchema/id"),
        ({"termsOfUse": {"type": []}}, "/termsOfUse/type"),
        ({"name": 5}, "/name"),
        ({"name": {"@value": "x", "@language": 5}}, "/name"),
        ({"name": {"@value": "x", "url": "y"}}, "/name"),
        ({"relatedResource": "x"}, "/relatedResource"),
        ({"relatedResource": {"id": "https://x.example"}}, "/relatedResource"),
        ({"relatedResource": [{"id": "https://x.example", "digestSRI": "sha256-x"}] * 2}, "/relatedResource"),
    ],
)
def test_a_breach_is_pointed_at(changes: dict[str, Any], pointer: str) -> None:
    """Each rule of the data model names the member that breaks it."""
    assert pointer in [finding.pointer for finding in vcdm.check(_credential(**changes))]


def test_language_values_are_text() -> None:
    names = [{"@value": "Hallo", "@language": "de"}, {"@value": "שלום", "@language": "he", "@direction": "rtl"}]
    assert vcdm.check(_credential(name=names, description="x")) == []


def _as_the_suite_sends_it(path: Path) -> dict[str, Any]:
    """The suite's runner adds the issuer's id, and the two moments of one pair of files, before it posts an input."""
    document: dict[str, Any] = json.loads(path.read_text())
    if path.name != "credential-no-issuer-fail.json":
        document.setdefault("issuer", "did:key:z6MkExample")
    if path.name == "credential-issuer-object-ok.json":
        document["issuer"]["id"] = "did:key:z6MkExample"
    if "validUntil-validFrom" in path.name:
        days = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
        document["validFrom"], document["validUntil"] = days if path.stem.endswith("-ok") else days[::-1]
    return document


def test_the_inputs_of_the_w3c_test_suite(vectors: Path) -> None:
    """Each credential of the suite is well-formed or not, as its file name says."""
    folder = vectors / "w3c-vcdm2-inputs"
    files = [*folder.glob("credential-*.json"), *folder.glob("names-and-descriptions/credential-*.json")]
    wrong = []
    for path in files:
        good = path.stem.endswith("-ok")
        if path.name not in JSON_LD_FINDS and (vcdm.check(_as_the_suite_sends_it(path)) == []) is not good:
            wrong.append(path.name)
    assert len(files) > 60
    assert wrong == []
