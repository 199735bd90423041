"""What JSON-LD would drop, rename or fetch never verifies."""

from __future__ import annotations

import copy
import time
from pathlib import Path
from typing import Any

import pytest

from credentials import errors, jsonld, lint
from credentials.verify import Outcome, Verdict
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, judge, outcome, to_bytes
from tests.worlds.memory_web import MemoryWeb

V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.mark.parametrize("where", ["credential", "subject", "issuer", "evidence", "status", "proof"])
@pytest.mark.case("LDP-01")
def test_an_undefined_member_is_data_loss(web: MemoryWeb, issuer: Issuer, where: str) -> None:
    """A plain processor would sign "A+" and "F" to the same bytes."""
    document = issuer.issue()
    place = {
        "credential": document,
        "subject": document["credentialSubject"],
        "issuer": document["issuer"],
        "evidence": document["evidence"][0],
        "status": document["credentialStatus"],
        "proof": document["proof"][0],
    }[where]
    place["grade"] = "A+"
    report = judge(document, web)
    assert report.verdict in (Verdict.INVALID, Verdict.ALTERED)
    assert report.step("signature").outcome is Outcome.FAILED
    assert report.step("signature").code == "data_loss"
    assert report.step("signature").problem_type == "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR"
    assert report.verified is None


def test_an_undefined_type_is_data_loss(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    document["credentialSubject"]["type"].append("Genius")
    assert outcome(judge(document, web), "signature") == ("failed", "data_loss")


@pytest.mark.case("LDP-01")
def test_an_added_member_breaks_a_jcs_signature(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue(suite="eddsa-jcs-2022")
    document["credentialSubject"]["grade"] = "A+"
    assert judge(document, web).verdict is Verdict.ALTERED


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.case("LDP-03")
def test_an_unknown_context_is_named_and_never_fetched(web: MemoryWeb, issuer: Issuer, suite: str) -> None:
    document = issuer.issue(suite=suite)
    document["@context"].append("https://evil.example/context.json")
    report = judge(document, web)
    assert outcome(report, "structure") == ("not_checked", "context_not_known")
    assert report.verdict is Verdict.CANNOT_CHECK
    assert web.asked == []


@pytest.mark.parametrize(
    "inline",
    [
        pytest.param({"degree": "https://schema.org/name"}, marks=pytest.mark.case("LDP-04")),
        pytest.param({"@vocab": "https://evil.example/"}, marks=pytest.mark.case("LDP-06")),
        {"@base": "https://evil.example/"},
        {},
    ],
)
def test_an_inline_context_is_refused(web: MemoryWeb, issuer: Issuer, inline: dict[str, Any]) -> None:
    """It could give known words other meanings."""
    document = issuer.issue()
    document["@context"].append(inline)
    report = judge(document, web)
    assert outcome(report, "structure") == ("not_checked", "inline_context")
    assert report.verified is None
    assert web.asked == []


@pytest.mark.case("LDP-04")
def test_an_inline_context_deep_inside_is_refused(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    document["credentialSubject"]["@context"] = {"degree": "https://schema.org/name"}
    report = judge(document, web)
    assert report.verdict is not Verdict.VALID
    assert report.verified is None


@pytest.mark.parametrize("context", [None, "", {}, [], V2, "reorder", "missing"])
@pytest.mark.case("LDP-05")
def test_a_broken_context_list_is_malformed(web: MemoryWeb, issuer: Issuer, context: Any) -> None:
    document = issuer.issue()
    if context == "missing":
        del document["@context"]
    elif context == "reorder":
        document["@context"].reverse()
    else:
        document["@context"] = context
    report = judge(document, web)
    assert outcome(report, "structure") == ("failed", "credential_malformed")
    assert str(report.step("structure").problem_type).endswith("#MALFORMED_VALUE_ERROR")
    assert report.verdict is Verdict.INVALID


@pytest.mark.case("LDP-05")
def test_later_contexts_reordered_do_not_verify(web: MemoryWeb, issuer: Issuer) -> None:
    """The list is an ordered set, and JCS signs its order."""
    document = issuer.issue(suite="eddsa-jcs-2022")
    document["@context"][1:] = document["@context"][:0:-1]
    assert judge(document, web).verdict is not Verdict.VALID


@pytest.mark.parametrize("name", [b'"issuer"', b'"\\u0069ssuer"'])
@pytest.mark.case("LDP-07")
def test_a_member_named_twice_is_refused_by_the_gate(web: MemoryWeb, issuer: Issuer, name: bytes) -> None:
    data = to_bytes(issuer.issue())
    report = judge(b'{"issuer":"did:web:evil.example",' + data[1:].replace(b'"issuer"', name, 1), web)
    assert outcome(report, "structure") == ("failed", "duplicate_key")
    assert web.asked == []


@pytest.mark.parametrize("place", ["achievement", "evidence", "termsOfUse"])
@pytest.mark.case("LDP-08")
def test_a_relative_id_is_data_loss(web: MemoryWeb, issuer: Issuer, place: str) -> None:
    """A plain processor drops every statement about it."""
    document = issuer.issue()
    holder = {
        "achievement": document["credentialSubject"]["achievement"],
        "evidence": document["evidence"][1],
        "termsOfUse": document["termsOfUse"][0],
    }[place]
    holder["id"] = "not a uri"
    report = judge(document, web)
    assert report.verdict is Verdict.INVALID
    assert report.verified is None


@pytest.mark.case("LDP-08")
def test_a_relative_subject_id_is_malformed(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    document["credentialSubject"]["id"] = "not a uri"
    assert outcome(judge(document, web), "structure") == ("failed", "credential_malformed")


def _clique(size: int) -> list[dict[str, Any]]:
    """Blank nodes that all point to one another: telling them apart takes size! tries."""
    return [
        {
            "id": f"_:b{here}",
            "type": ["Achievement"],
            "related": [{"id": f"_:b{there}"} for there in range(size) if there != here],
        }
        for here in range(size)
    ]


@pytest.mark.case("LDP-09")
def test_a_poison_graph_is_given_up_quickly(web: MemoryWeb, issuer: Issuer) -> None:
    """A few kB that would cost a plain processor minutes."""
    document = issuer.issue()
    document["credentialSubject"]["achievement"] = _clique(9)
    before = time.monotonic()
    report = judge(document, web)
    assert time.monotonic() - before < 2
    assert outcome(report, "signature") == ("not_checked", "canonicalization_limit")
    assert report.verified is None


@pytest.mark.case("LDP-10")
def test_absurd_sizes_are_refused_quickly(web: MemoryWeb, issuer: Issuer) -> None:
    """2,000 contexts; 5,000 subjects."""
    many_contexts = issuer.issue()
    many_contexts["@context"] += [many_contexts["@context"][1]] * 2000
    many_subjects = issuer.issue()
    many_subjects["credentialSubject"] = [
        {"id": f"urn:subject:{number}", "type": ["AchievementSubject"]} for number in range(5000)
    ]
    for document in (many_contexts, many_subjects):
        before = time.monotonic()
        report = judge(document, web)
        assert time.monotonic() - before < 1
        assert report.verified is None


@pytest.mark.case("LDP-02")
def test_lint_refuses_an_undefined_term_before_signing(issuer: Issuer) -> None:
    document = copy.deepcopy(issuer.unsigned())
    document["credentialSubject"]["grade"] = "A+"
    with pytest.raises(errors.LintFailed) as caught:
        lint.lint(document, now=NOW)
    assert "data_loss" in [finding.code for finding in caught.value.findings]
    assert caught.value.status_hint == 422


def test_no_path_of_the_machine_is_read(web: MemoryWeb, issuer: Issuer, tmp_path: Path) -> None:
    """A file: context is as unknown as any other."""
    document = issuer.issue()
    document["@context"].append(tmp_path.as_uri())
    assert outcome(judge(document, web), "structure") == ("not_checked", "context_not_known")


def _rename(members: dict[str, Any], old: str, new: str) -> None:
    members[new] = members.pop(old)


def _full_iri(document: dict[str, Any]) -> None:
    _rename(document["credentialSubject"], "employerComment", "https://w3id.org/plaudit/vocab#employerComment")


def _keyword(document: dict[str, Any]) -> None:
    _rename(document["credentialSubject"]["achievement"]["resultDescription"][0], "id", "@id")


def _wrapped(document: dict[str, Any]) -> None:
    document["credentialSubject"]["aiUse"] = {"@value": document["credentialSubject"]["aiUse"]}


def _set_object(document: dict[str, Any]) -> None:
    achievement = document["credentialSubject"]["achievement"]
    achievement["alignment"] = {"@set": achievement["alignment"]}


def _nested_list(document: dict[str, Any]) -> None:
    document["credentialSubject"]["result"] = [document["credentialSubject"]["result"]]


def _torn(document: dict[str, Any]) -> None:
    first = document["credentialSubject"]["achievement"]
    second = {name: first.pop(name) for name in ("criteria", "description")}
    document["credentialSubject"]["achievement"] = [first, {"id": first["id"], "type": first["type"], **second}]


@pytest.mark.parametrize("hide", [_full_iri, _keyword, _wrapped, _set_object, _nested_list, _torn])
@pytest.mark.case("LDP-21")
def test_a_form_that_hides_parts_is_refused(web: MemoryWeb, issuer: Issuer, hide: Any) -> None:
    """The signature over the RDF would still fit; a plain reader would miss what was rewritten."""
    document = issuer.issue()
    before = jsonld.canonical_nquads({name: value for name, value in document.items() if name != "proof"})
    hide(document)
    after = jsonld.canonical_nquads({name: value for name, value in document.items() if name != "proof"})
    assert after == before
    report = judge(document, web)
    assert outcome(report, "structure") == ("not_checked", "not_compacted")
    assert report.verified is None


@pytest.mark.case("LDP-21")
def test_forms_that_mean_the_same_show_the_same(web: MemoryWeb, issuer: Issuer) -> None:
    """A list of one, a number as text, the members of one thing in two places: signed alike, shown alike."""
    digest = "sha256-" + "A" * 43 + "="
    work = [{"title": "A", "kind": "file", "url": "https://files.example/a", "digest": digest}]
    document = issuer.issue(issuer.unsigned(deliverables=work))
    shown = judge(document, web).to_json()["credential"]
    subject, issued = document["credentialSubject"], document["issuer"]
    subject["role"], subject["teamSize"] = [subject["role"]], "2"
    subject["identifier"] = {**subject["identifier"][0], "hashed": ["false"]}
    issued["official"] = [issued["official"]]
    document["awardedDate"] = [document["awardedDate"]]
    document["relatedResource"][0].update(type=["Evidence"], name="A", genre=["file"])
    document["evidence"] = {"id": "https://files.example/a", "type": "Evidence"}
    report = judge(document, web)
    assert report.verdict is Verdict.VALID
    assert report.to_json()["credential"] == shown


def test_a_class_that_a_context_gives_a_member_s_iri_cannot_stand_in_its_place(web: MemoryWeb, issuer: Issuer) -> None:
    """`Criteria` signs like `criteria` and shows like nothing: whoever holds the credential could hide a member so."""
    document = issuer.issue()
    achievement = document["credentialSubject"]["achievement"]
    achievement["Criteria"] = achievement.pop("criteria")
    report = judge(document, web)
    assert outcome(report, "structure") == ("not_checked", "not_compacted")
