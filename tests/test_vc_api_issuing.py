"""`POST /vc-api/…/credentials/issue`: 201 with the credential, or 400 or 422 with what is wrong; never 401 or 500."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

import schemas
from tests.worlds.vc_api import BASE_URL, SUITES, V1, V2, Surface, assert_refused

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


@pytest.fixture(scope="module")
def surface() -> Surface:
    return Surface()


def _digest(algorithm: str, data: bytes) -> str:
    """A digest as SRI writes it."""
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


#: The v2 context as it is, and as it was from 2024-07 to 2025-02.
NEW_SRI, OLD_SRI = (_digest("sha256", data) for data in schemas.published(V2))


REFUSED: dict[str, dict[str, Any]] = {
    "no context": {"at_context": None},
    "an empty context": {"at_context": []},
    "a context that is no array": {"at_context": V2},
    "a context that is an object": {"at_context": {"@vocab": "https://example.org/#"}},
    "another context first": {"at_context": [EXAMPLES, V2]},
    "a number among the contexts": {"at_context": [V2, 5]},
    "an unknown context": {"at_context": [V2, "https://unknown.example/context/v1"]},
    "no type": {"type": None},
    "no VerifiableCredential among the types": {"type": ["Other"]},
    "a type that is a number": {"type": ["VerifiableCredential", 2]},
    "a type that no context maps": {"type": ["VerifiableCredential", "NoSuchType"]},
    "a term that no context maps": {"noSuchTerm": "x"},
    "no issuer": {"issuer": None},
    "an issuer that is null": {"issuer": ...},
    "an issuer that is a number": {"issuer": 4},
    "an issuer that is an array": {"issuer": ["did:example:1"]},
    "an issuer that is no URL": {"issuer": "nobody"},
    "an issuer object without an id": {"issuer": {"name": "x"}},
    "an issuer object whose id is no URL": {"issuer": {"id": "nobody"}},
    "an issuer whose key is not here": {"issuer": "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"},
    "no subject": {"credentialSubject": None},
    "an empty subject": {"credentialSubject": {}},
    "no subject in the list": {"credentialSubject": []},
    "an empty subject among others": {"credentialSubject": [{"id": "did:example:1"}, {}]},
    "a subject that is text": {"credentialSubject": "did:example:1"},
    "subjects that are texts": {"credentialSubject": ["did:example:1", "did:example:2"]},
    "a subject with two ids": {"credentialSubject": {"id": ["did:example:1", "did:example:2"]}},
    "an id that is no URL": {"id": "not a url"},
    "two ids": {"id": ["urn:a:1", "urn:a:2"]},
    "an id that is null": {"id": ...},
    "validFrom without a zone": {"validFrom": "2026-01-01T00:00:00"},
    "validFrom that is a day": {"validFrom": "2026-01-01"},
    "validFrom that is a number": {"validFrom": 1767225600},
    "validUntil that is no time": {"validUntil": "tomorrow"},
    "an end before the start": {"validFrom": "2026-01-02T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"},
    "a status without a type": {"credentialStatus": {"id": "https://example.org/1"}},
    "a malformed status entry": {
        "credentialStatus": {
            "type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "-1",
            "statusListCredential": "https://example.org/1",
        }
    },
    "terms of use without a type": {"termsOfUse": {"id": "https://example.org/1"}},
    "evidence without a type": {"evidence": {"id": "https://example.org/1"}},
    "evidence that is text": {"evidence": "seen"},
    "a refresh service without a type": {"refreshService": {"id": "https://example.org/1"}},
    "a schema without a type": {"credentialSchema": {"id": "https://example.org/1"}},
    "a schema without an id": {"credentialSchema": {"type": "JsonSchema"}},
    "a schema whose id is no URL": {"credentialSchema": {"type": "JsonSchema", "id": "schema"}},
    "a name that is a number": {"name": 5},
    "a name with another member": {"name": {"@value": "x", "url": "did:example:1"}},
    "a name whose language is a number": {"name": {"@value": "x", "@language": 5}},
    "a description without a value": {"description": {"@language": "en"}},
    "a description in no language": {"description": [{"@value": "x", "@language": "not a language"}]},
    "an issuer's name with another member": {"issuer": {"id": "did:example:1", "name": {"@value": "x", "url": "y"}}},
    "a protected term redefined": {"at_context": [V2, {"VerifiableCredential": "https://example.org/#Other"}]},
    "a protected term of its own redefined": {
        "at_context": [V2, {"@protected": True, "a": "https://e.example/#a"}, {"a": "https://e.example/#b"}]
    },
    "a base in a context": {"at_context": [V2, {"@base": "https://example.org/"}]},
    "a related resource that is text": {"relatedResource": "https://example.org/1"},
    "a related resource without an id": {"relatedResource": [{"digestSRI": OLD_SRI}]},
    "a related resource named twice": {"relatedResource": [{"id": V2, "digestSRI": OLD_SRI}] * 2},
    "a related resource without a digest": {"relatedResource": [{"id": V2}]},
    "a digest that is a number": {"relatedResource": [{"id": V2, "digestSRI": 5}]},
    "a digest that does not match": {"relatedResource": [{"id": V2, "digestSRI": _digest("sha256", b"other")}]},
    "a multibase digest that does not match": {"relatedResource": [{"id": V2, "digestMultibase": "uEiAAAA"}]},
    "a proof without a type": {"proof": {"created": "2026-01-01T00:00:00Z"}},
    "a proof that is null": {"proof": ...},
}  # fmt: skip


@pytest.mark.parametrize("base", ["/vc-api", *SUITES])
@pytest.mark.parametrize("fault", REFUSED)
def test_what_breaks_the_data_model_is_not_signed(fault: str, base: str, surface: Surface) -> None:
    curve = SUITES.get(base, ("Ed25519",))[0]
    assert_refused(surface.issue(surface.credential(curve, **REFUSED[fault]), base))


ACCEPTED: dict[str, dict[str, Any]] = {
    "nothing more": {},
    "a start far in the future": {"validFrom": "2999-01-01T00:00:00Z"},
    "an end": {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-01-02T00:00:00Z"},
    "milliseconds": {"validFrom": "2026-01-01T00:00:00.123Z", "validUntil": "2999-01-01T00:00:00.001Z"},
    "an offset": {"validFrom": "2026-01-01T00:00:00-05:00"},
    "another context by its URL": {"at_context": [V2, EXAMPLES], "degree": "something"},
    "a context written into it": {
        "at_context": [V2, {"Mine": "https://example.org/#Mine"}], "type": ["VerifiableCredential", "Mine"],
    },
    "a type that is a URL": {"type": ["VerifiableCredential", "https://example.org/#Mine"]},
    "a type that is text": {"type": "VerifiableCredential"},
    "an id": {"id": "urn:uuid:6c2f4a2e-0f1c-4b5e-9c39-3f8ac0a1f1c7"},
    "several subjects": {"credentialSubject": [{"id": "did:example:1"}, {"id": "did:example:2"}]},
    "a name and a description as text": {"name": "x", "description": "y"},
    "a name in a language": {"name": {"@value": "Zeugnis", "@language": "de"}},
    "a name in several languages": {
        "name": [{"@value": "Dog", "@language": "en"}, {"@value": "Chien", "@language": "fr"}],
        "description": {"@value": "שלום", "@language": "he", "@direction": "rtl"},
    },
    "a related resource with the digest in force until 2025-02": {
        "relatedResource": [{"id": V2, "digestSRI": OLD_SRI}]
    },
    "a related resource with the digest in force since then": {
        "relatedResource": [{"id": V2, "digestSRI": NEW_SRI}]
    },
    "a related resource that is not held here": {
        "relatedResource": [{"id": "https://example.org/picture", "digestSRI": _digest("sha384", b"anything")}]
    },
    "a status of its own": {
        "credentialStatus": {
            "id": "https://example.org/status/1#7", "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation", "statusListIndex": "7",
            "statusListCredential": "https://example.org/status/1",
        }
    },
}  # fmt: skip


@pytest.mark.parametrize("base", ["/vc-api", *SUITES])
@pytest.mark.parametrize("what", ACCEPTED)
def test_what_the_data_model_allows_is_signed_and_verifies(what: str, base: str, surface: Surface) -> None:
    curve = SUITES.get(base, ("Ed25519",))[0]
    unsigned = surface.credential(curve, **ACCEPTED[what])
    answer = surface.issue(unsigned, base)
    assert answer.status_code == 201, answer.text
    issued = answer.get_json()["verifiableCredential"]
    assert {name: value for name, value in issued.items() if name != "proof"} == unsigned
    assert surface.verify(issued, base).status_code == 200


@pytest.mark.parametrize(("base", "curve"), [(base, curve) for base, curves in SUITES.items() for curve in curves])
def test_each_base_signs_with_its_suite_and_the_keys_that_go_with_it(base: str, curve: str, surface: Surface) -> None:
    (proof,) = surface.issued(base, curve)["proof"]
    assert proof["type"] == "DataIntegrityProof"
    assert proof["cryptosuite"] == base.rpartition("/")[2]
    assert proof["proofPurpose"] == "assertionMethod"
    assert proof["verificationMethod"].startswith(f"{surface.did[curve]}#")
    assert proof["proofValue"].startswith("z")


@pytest.mark.parametrize(
    ("curve", "suite"),
    [("Ed25519", "eddsa-rdfc-2022"), ("P-256", "ecdsa-rdfc-2019"), ("P-384", "ecdsa-rdfc-2019")],
)
def test_at_the_plain_base_the_key_chooses_the_suite(curve: str, suite: str, surface: Surface) -> None:
    assert [proof["cryptosuite"] for proof in surface.issued(curve=curve)["proof"]] == [suite]
    issued = surface.issue(surface.credential(curve), type="DataIntegrityProof").get_json()["verifiableCredential"]
    assert issued["proof"][0]["cryptosuite"] == suite


def test_dids_have_the_prefixes_of_their_kinds(surface: Surface) -> None:
    prefixes = {"Ed25519": "did:key:z6Mk", "P-256": "did:key:zDna", "P-384": "did:key:z82"}
    assert all(surface.did[curve].startswith(prefix) for curve, prefix in prefixes.items())


def test_a_key_of_another_kind_is_no_reason_to_break(surface: Surface) -> None:
    body = assert_refused(surface.issue(surface.credential("P-256"), "/vc-api/eddsa-rdfc-2022"))
    assert body["code"] == "alg_key_mismatch"


def test_the_order_of_contexts_and_members_is_kept(surface: Surface) -> None:
    contexts = [V2, EXAMPLES, {"Mine": "https://example.org/#Mine"}]
    answer = surface.issue(surface.credential(at_context=contexts))
    issued = json.loads(answer.data)["verifiableCredential"]
    assert issued["@context"] == contexts
    assert list(issued) == ["@context", "type", "issuer", "credentialSubject", "proof"]


def test_the_issuer_may_be_an_object(surface: Surface) -> None:
    issued = surface.issued(issuer={"id": surface.did["Ed25519"], "name": "Employer Example"})
    assert surface.verify(issued).status_code == 200


def test_version_1_1_gets_the_context_of_its_proof_at_the_end(surface: Surface) -> None:
    issued = surface.issued(at_context=[V1], issuanceDate="2026-01-01T00:00:00Z")
    assert issued["@context"] == [V1, "https://w3id.org/security/data-integrity/v2"]
    assert surface.verify(issued).status_code == 200


def test_version_1_1_demands_its_own_members(surface: Surface) -> None:
    assert_refused(surface.issue(surface.credential(at_context=[V1])))
    assert_refused(surface.issue(surface.credential(at_context=[V1], issuanceDate="yesterday")))


def test_the_older_suite_is_made_on_request(surface: Surface) -> None:
    answer = surface.issue(
        surface.credential(at_context=[V1], issuanceDate="2026-01-01T00:00:00Z"), type="Ed25519Signature2020"
    )
    issued = answer.get_json()["verifiableCredential"]
    assert issued["proof"][0]["type"] == "Ed25519Signature2020"
    assert issued["@context"][-1] == "https://w3id.org/security/suites/ed25519-2020/v1"
    assert surface.verify(issued).status_code == 200


def test_a_proof_that_is_there_stays_and_a_set_verifies(surface: Surface) -> None:
    once = surface.issued("/vc-api/eddsa-rdfc-2022")
    answer = surface.issue(once, "/vc-api/eddsa-jcs-2022")
    twice = answer.get_json()["verifiableCredential"]
    assert [proof["cryptosuite"] for proof in twice["proof"]] == ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
    assert surface.verify(twice).status_code == 200


@pytest.mark.parametrize("curve", ["Ed25519", "P-256", "P-384"])
def test_tokens_go_out_in_an_envelope_and_come_in_again(curve: str, surface: Surface) -> None:
    envelope = surface.issued("/vc-api/vc-jwt", curve)
    assert envelope["type"] == "EnvelopedVerifiableCredential"
    assert envelope["id"].startswith("data:application/vc+jwt,")
    assert surface.verify(envelope).status_code == 200
    spoiled = {**envelope, "id": envelope["id"][:-8] + "AAAAAAAA"}
    assert_refused(surface.verify(spoiled))
    assert_refused(surface.verify({**envelope, "id": "https://example.org/1"}))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"credential": null}', b'{"credential": "eyJ"}',
        b'{"credential": []}', b'{"credential": {}, "credential": {}}', b'{"credential": {}, "options": 5}',
        b"\xff\xfe{}", b'{"credential": {"a": NaN}}', b'{"credential": ' + b"[" * 60 + b"]" * 60 + b"}",
        b'{"credential": {"@context": ["https://www.w3.org/ns/credentials/v2"], "n": 1e400}}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("base", ["/vc-api", "/vc-api/ecdsa-sd-2023", "/vc-api/status"])
def test_a_body_of_another_shape_is_a_fault_of_the_request(body: bytes, base: str, surface: Surface) -> None:
    assert_refused(surface.post(f"{base}/credentials/issue", body))


@pytest.mark.parametrize("options", [{"cryptosuite": 5}, {"cryptosuite": "no-such-suite"}, {"type": ["x"]}])
def test_options_that_mean_nothing_are_refused(options: dict[str, Any], surface: Surface) -> None:
    assert_refused(surface.issue(surface.credential(), **options))


@pytest.mark.parametrize("path", ["/vc-api/credentials/issue", "/vc-api/credentials/verify"])
def test_a_body_that_is_too_long_is_not_read(path: str, surface: Surface) -> None:
    answer = surface.post(path, b'{"credential": "' + b"x" * 6_000_000 + b'"}')
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"
    assert surface.post(path, b'{"credential": "' + b"x" * 1_000_000 + b'"}').status_code == 413


def test_other_paths_and_methods_are_problems_too(surface: Surface) -> None:
    for answer, status in (
        (surface.get("/vc-api/credentials/issue"), 405),
        (surface.get("/vc-api/credentials/verify"), 405),
        (surface.post("/vc-api/no-such-suite/credentials/issue", {}), 404),
        (surface.post("/vc-api/no-such-suite/credentials/verify", {}), 404),
    ):
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["status"] == status


def test_a_token_is_asked_for_where_one_was_set() -> None:
    guarded = Surface(token="let-me-in")
    body = {"credential": guarded.credential()}
    path = "/vc-api/credentials/issue"
    for header in ("", "Bearer", "Bearer other", "Basic let-me-in", "Bearer let-me-in2", "Bearer ünïcode"):
        answer = guarded.post(path, body, **({"Authorization": header} if header else {}))
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.content_type == "application/problem+json"
    issued = guarded.post(path, body, Authorization="Bearer let-me-in")
    assert issued.status_code == 201
    assert guarded.post("/vc-api/credentials/status", {}).status_code == 401
    assert guarded.post("/vc-api/credentials/status", {}, Authorization="bearer let-me-in").status_code == 400
    assert guarded.verify(issued.get_json()["verifiableCredential"]).status_code == 200
    assert_refused(guarded.post(path, b"{", Authorization="Bearer let-me-in"))


def _inputs() -> list[str]:
    shared = Path(__file__).resolve().parents[1].parent / "shared" / "vectors"
    folder = Path(os.environ.get("PLAUDIT_VECTORS", shared)) / "w3c-vcdm2-inputs"
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.json"))
    return [name for name in names if not Path(name).name.startswith("presentation")] or ["absent"]


@pytest.mark.parametrize("name", _inputs())
def test_the_credentials_of_the_w3c_suite(name: str, vectors: Path, surface: Surface) -> None:
    """Each input, with the issuer that the suite's runner puts in, is signed or refused as its name says."""
    path = vectors / "w3c-vcdm2-inputs" / name
    document = json.loads(path.read_text())
    if path.name != "credential-no-issuer-fail.json":
        document.setdefault("issuer", surface.did["Ed25519"])
    if isinstance(document.get("issuer"), dict):
        document["issuer"].setdefault("id", surface.did["Ed25519"])
    if path.name.startswith("credential-validUntil-validFrom"):
        days = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]
        document["validFrom"], document["validUntil"] = days if path.stem.endswith("-ok") else days[::-1]
    answer = surface.issue(document)
    if path.stem.endswith("-ok"):
        assert answer.status_code == 201, answer.text
    else:
        assert_refused(answer)


def _with_status(surface: Surface, **options: Any) -> dict[str, Any]:
    answer = surface.issue(surface.credential(id=f"urn:example:{len(str(options))}"), "/vc-api/status", **options)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()["verifiableCredential"]
    return found


def _set(surface: Surface, identifier: Any, purpose: Any = "revocation", **more: Any) -> Any:
    status = {"type": "BitstringStatusListEntry", "statusPurpose": purpose, "status": True, **more}
    return surface.post("/vc-api/status/credentials/status", {"credentialId": identifier, "credentialStatus": status})


@pytest.mark.parametrize("curve", ["Ed25519", "P-256"])
def test_a_status_is_issued_set_cleared_and_read(curve: str, surface: Surface) -> None:
    issued = surface.issued("/vc-api/status", curve, id=f"urn:example:{curve}")
    entry = issued["credentialStatus"]
    assert entry["type"] == "BitstringStatusListEntry"
    assert entry["statusListCredential"].startswith(f"{BASE_URL}/vc-api/status/lists/")
    both: dict[str, Any] = {"checks": ["proof", "credentialStatus"]}
    assert surface.verify(issued, **both).get_json()["checks"] == ["proof", "credentialStatus"]
    assert _set(surface, issued["id"]).status_code == 200
    assert assert_refused(surface.verify(issued, **both))["code"] == "status_set"
    assert surface.verify(issued, checks=["proof"]).status_code == 200
    assert _set(surface, issued["id"], status=False).status_code == 200
    assert surface.verify(issued, **both).status_code == 200


def test_the_list_is_a_signed_credential_whose_issuer_is_text(surface: Surface) -> None:
    entry = surface.issued("/vc-api/status", id="urn:example:list")["credentialStatus"]
    answer = surface.get(entry["statusListCredential"])
    assert answer.status_code == 200
    listed = answer.get_json(force=True)
    assert listed["issuer"] == surface.did["Ed25519"]
    assert listed["id"] == entry["statusListCredential"]
    assert "BitstringStatusListCredential" in listed["type"]
    assert listed["credentialSubject"]["encodedList"].startswith("u")
    assert surface.verify(listed).status_code == 200
    published = surface.post(entry["statusListCredential"].removeprefix(BASE_URL) + "/publish", {})
    assert published.status_code == 204


def test_both_purposes_can_be_asked_for(surface: Surface) -> None:
    wanted = [{"type": "BitstringStatusListEntry", "statusPurpose": it} for it in ("revocation", "suspension")]
    issued = _with_status(surface, credentialStatus=wanted)
    assert [entry["statusPurpose"] for entry in issued["credentialStatus"]] == ["revocation", "suspension"]
    assert _set(surface, issued["id"], "suspension").status_code == 200
    assert assert_refused(surface.verify(issued, checks=["credentialStatus"]))["code"] == "status_set"


def test_a_credential_without_an_id_gets_one_where_it_gets_a_status(surface: Surface) -> None:
    assert surface.issued("/vc-api/status")["id"].startswith("urn:uuid:")


def test_a_status_of_its_own_stays_beside_the_new_one(surface: Surface) -> None:
    own = ACCEPTED["a status of its own"]["credentialStatus"]
    issued = surface.issued("/vc-api/status", id="urn:example:own", credentialStatus=own)
    assert issued["credentialStatus"][0] == own
    assert len(issued["credentialStatus"]) == 2


@pytest.mark.parametrize("status", ["refresh", 5, None, ""])
def test_only_purposes_that_are_kept_here_can_be_asked_for(status: Any, surface: Surface) -> None:
    options = {"credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": status}}
    assert_refused(surface.issue(surface.credential(id="urn:example:1"), "/vc-api/status", **options))
    assert_refused(surface.issue(surface.credential(), "/vc-api/status", credentialStatus="revocation"))


def test_setting_a_status_names_what_is_wrong(surface: Surface) -> None:
    issued = _with_status(surface)
    assert _set(surface, "urn:example:nobody").status_code == 404
    assert _set(surface, "urn:example:nobody").content_type == "application/problem+json"
    assert_refused(_set(surface, issued["id"], "suspension"))
    assert_refused(_set(surface, issued["id"], 5))
    assert_refused(_set(surface, issued["id"], type="Other"))
    assert_refused(_set(surface, issued["id"], status="true"))
    assert_refused(_set(surface, 5))
    assert_refused(surface.post("/vc-api/credentials/status", {"credentialId": issued["id"]}))
    assert_refused(surface.post("/vc-api/credentials/status", b"["))


def test_lists_that_are_not_there_are_not_found(surface: Surface) -> None:
    assert surface.get("/vc-api/status/lists/999").status_code == 404
    assert surface.post("/vc-api/status/lists/999/publish", {}).status_code == 404
