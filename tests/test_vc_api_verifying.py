"""`POST /vc-api/…/credentials/verify` and `/presentations/verify`: 200 `verified: true`, or 400 or 422 and why not."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import plaudit
from credentials import data_integrity
from tests.worlds.vc_api import SUITES, V1, V2, Surface, assert_refused

Document = dict[str, Any]


@pytest.fixture(scope="module")
def surface() -> Surface:
    return Surface()


def _proof(**changes: Any) -> Callable[[Document], None]:
    """Change members of the only proof; None leaves one out, `...` makes it null."""

    def change(document: Document) -> None:
        for name, value in changes.items():
            document["proof"][0][name] = None if value is ... else value
            if value is None:
                del document["proof"][0][name]

    return change


def _value(change: Callable[[str], str]) -> Callable[[Document], None]:
    def apply(document: Document) -> None:
        document["proof"][0]["proofValue"] = change(document["proof"][0]["proofValue"])

    return apply


def _set(**members: Any) -> Callable[[Document], None]:
    return lambda document: document.update(members)


def _add_context(context: Any) -> Callable[[Document], None]:
    return lambda document: document["@context"].append(context)


SPOILED: dict[str, Callable[[Document], Any]] = {
    "no proof": lambda document: document.pop("proof"),
    "a proof that is null": _set(proof=None),
    "no proof in the list": _set(proof=[]),
    "a proof that is text": _set(proof="signed"),
    "a proof without a type": _proof(type=None),
    "a proof of an unknown type": _proof(type="UnknownProof"),
    "a proof without a cryptosuite": _proof(cryptosuite=None),
    "an unknown cryptosuite": _proof(cryptosuite="unknown-suite-2099"),
    "a cryptosuite that is no text": _proof(cryptosuite=5),
    "a proof without a verification method": _proof(verificationMethod=None),
    "a verification method that is no URL": _proof(verificationMethod="somebody"),
    "another's verification method": _proof(
        verificationMethod="did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
        "#z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
    ),
    "a verification method that cannot be reached": _proof(verificationMethod="did:web:127.0.0.1#key"),
    "a proof without a purpose": _proof(proofPurpose=None),
    "another purpose": _proof(proofPurpose="authentication"),
    "an unknown purpose": _proof(proofPurpose="somethingElse"),
    "a proof without a value": _proof(proofValue=None),
    "a proof value that is null": _proof(proofValue=...),
    "a proof value that is a number": _proof(proofValue=5),
    "a proof value without its header": _value(lambda value: value[1:]),
    "a proof value with another header": _value(lambda value: "u" + value[1:]),
    "a proof value that was cut": _value(lambda value: value[:-4]),
    "a proof value of another signature": _value(lambda value: value[:-3] + ("111" if value[-3:] != "111" else "222")),
    "a time without a zone": _proof(created="2026-01-01T00:00:00"),
    "another time": _proof(created="2026-01-01T00:00:00Z"),
    "a proof that has expired": _proof(expires="2020-01-01T00:00:00Z"),
    "a previous proof that is not there": _proof(previousProof="urn:uuid:missing"),
    "a previous proof that is a number": _proof(previousProof=5),
    "an issuer changed after signing": _set(issuer="did:example:other"),
    "a subject changed after signing": _set(credentialSubject={"id": "did:example:other"}),
    "a member added after signing": _set(description="more"),
    "a term added after signing that no context maps": _set(unheardOf="more"),
    "a type added after signing": _set(type=["VerifiableCredential", "https://example.org/#Other"]),
    "a type added after signing that no context maps": _set(type=["VerifiableCredential", "Unheard"]),
    "an empty context": _set(**{"@context": []}),
    "a context added after signing that gives words another meaning": _add_context({"@vocab": "https://e.example/#"}),
    "a base": _add_context({"@base": "https://e.example/"}),
    "a base inside a term's own context": _add_context(
        {"a": {"@id": "https://e.example/a", "@context": {"@base": ""}}}
    ),
    "a base in a context further in": lambda document: document["credentialSubject"].update(
        {"@context": {"@base": "https://e.example/"}}
    ),
    "a subject's id that is not absolute": _set(credentialSubject={"id": "subject"}),
    "no issuer": lambda document: document.pop("issuer"),
    "no subject": lambda document: document.pop("credentialSubject"),
}


@pytest.mark.parametrize(("base", "curve"), [(base, curve) for base, curves in SUITES.items() for curve in curves])
@pytest.mark.parametrize("fault", SPOILED)
def test_what_does_not_hold_is_not_verified(fault: str, base: str, curve: str, surface: Surface) -> None:
    issued = surface.issued(base, curve)
    assert surface.verify(issued, base).status_code == 200
    SPOILED[fault](issued)
    if fault == "a context added after signing that gives words another meaning" and "rdfc" in base:
        # Nothing in this document has its meaning from the new context: what was signed still stands.
        issued["unheardOf"] = "now it means something"
    body = assert_refused(surface.verify(issued, base))
    assert body["verified"] is False


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"{", b'{"verifiableCredential": {}, "options": []}'])
@pytest.mark.parametrize("path", ["/vc-api/credentials/verify", "/vc-api/presentations/verify"])
def test_a_body_of_another_shape_is_a_fault_of_the_request(body: bytes, path: str, surface: Surface) -> None:
    assert assert_refused(surface.post(path, body))["verified"] is False


@pytest.mark.parametrize("credential", ["eyJhbGciOiJub25lIn0.e30.", "", None, 5, True, [], [{}]])
def test_a_credential_that_is_no_object_is_refused(credential: Any, surface: Surface) -> None:
    assert_refused(surface.verify(credential))
    assert_refused(surface.present(credential))


@pytest.mark.parametrize(
    "options",
    [{"checks": "proof"}, {"checks": [5]}, {"challenge": 5}, {"domain": ""}, {"expectedProofPurpose": ["x"]}],
)
def test_options_of_another_shape_are_refused(options: dict[str, Any], surface: Surface) -> None:
    assert_refused(surface.verify(surface.issued(), **options))


def test_options_may_be_absent(surface: Surface) -> None:
    answer = surface.post("/vc-api/credentials/verify", {"verifiableCredential": surface.issued()})
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["verified"] is True
    assert body["checks"] == ["proof"]
    assert body["problemDetails"] == []


def test_the_proof_is_checked_even_when_nothing_was_named(surface: Surface) -> None:
    issued = surface.issued()
    assert surface.verify(issued, checks=[]).get_json()["checks"] == ["proof"]
    SPOILED["a subject changed after signing"](issued)
    assert_refused(surface.verify(issued, checks=[]))


def test_a_status_that_cannot_be_read_is_not_passed_over(surface: Surface) -> None:
    """Where the status was asked for, or nothing in particular was, what cannot be read is no confirmation."""
    status = {
        "id": "https://127.0.0.1/1#7", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
        "statusListIndex": "7", "statusListCredential": "https://127.0.0.1/1",
    }  # fmt: skip
    issued = surface.issued(credentialStatus=status)
    assert surface.verify(issued, checks=["proof"]).status_code == 200
    assert assert_refused(surface.verify(issued, checks=["proof", "status"]))["code"] == "address_not_allowed"
    path = "/vc-api/credentials/verify"
    assert_refused(surface.post(path, {"verifiableCredential": issued}))
    for number in ("99", "x", ""):
        own = "https://localhost:8443/vc-api/status/lists/" + number
        entry = {**status, "id": f"{own}#7", "statusListCredential": own}
        assert_refused(surface.verify(surface.issued(credentialStatus=entry), checks=["status"]))


def test_every_fault_of_the_shape_is_named(surface: Surface) -> None:
    issued = surface.issued()
    issued.update(id=5, name=5, validFrom="soon")
    problems = assert_refused(surface.verify(issued))["problemDetails"]
    assert [problem["pointer"] for problem in problems] == ["/id", "/validFrom", "/name"]


def test_another_purpose_can_be_expected(surface: Surface) -> None:
    issued = surface.issued()
    assert_refused(surface.verify(issued, expectedProofPurpose="authentication"))
    assert surface.verify(issued, expectedProofPurpose="assertionMethod").status_code == 200


def test_challenge_and_domain_of_a_credential(surface: Surface) -> None:
    signed = surface.signed(
        surface.credential(), proof_purpose="assertionMethod", challenge="c-1", domain=["verify.example", "b.example"]
    )
    assert surface.verify(signed, challenge="c-1", domain="verify.example").status_code == 200
    assert surface.verify(signed).status_code == 200
    assert_refused(surface.verify(signed, challenge="c-2"))
    assert_refused(surface.verify(signed, domain="other.example"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"validFrom": "2999-01-01T00:00:00Z"}, "not_yet_valid"),
        ({"validUntil": "2020-01-01T00:00:00Z"}, "expired"),
        ({"at_context": [V1], "issuanceDate": "2999-01-01T00:00:00Z"}, "not_yet_valid"),
        (
            {"at_context": [V1], "issuanceDate": "2019-01-01T00:00:00Z", "expirationDate": "2020-01-01T00:00:00Z"},
            "expired",
        ),
    ],
)
def test_whether_it_is_in_force_is_said_beside_the_outcome(
    changes: dict[str, Any], code: str, surface: Surface
) -> None:
    """A proof-only policy judges signatures; whether the credential is in force is for the caller to weigh."""
    answer = surface.verify(surface.issued(**changes))
    assert answer.status_code == 200
    assert [warning["code"] for warning in answer.get_json()["warnings"]] == [code]
    in_force = surface.issued(validFrom="2020-01-01T00:00:00Z", validUntil="2999-01-01T00:00:00Z")
    assert surface.verify(in_force).get_json()["warnings"] == []


# -- sets and chains


def _add(surface: Surface, document: Document, curve: str, **options: Any) -> Document:
    suite = "eddsa-rdfc-2022" if curve == "Ed25519" else "ecdsa-rdfc-2019"
    return data_integrity.add_proof(
        document, signer=surface.signers[curve], created=plaudit.now(), cryptosuite=suite, **options
    )


def test_a_proof_set_with_the_key_of_somebody_else_is_accepted(surface: Surface) -> None:
    """The proof-only policy asks whether proofs hold, not whether their keys are the issuer's."""
    both = _add(surface, surface.issued(), "P-256")
    assert surface.verify(both).status_code == 200
    alone = _add(surface, surface.credential(), "P-384")
    assert surface.verify(alone).status_code == 200
    both["proof"][1]["created"] = "2026-01-01T00:00:00Z"
    assert_refused(surface.verify(both))


@pytest.mark.parametrize("suite", ["Ed25519", "P-256"])
def test_a_chain_holds_when_every_member_does(suite: str, surface: Surface) -> None:
    first = _add(surface, surface.credential(suite), suite, proof_id="urn:proof:1")
    second = _add(surface, first, "P-384", proof_id="urn:proof:2", previous_proof="urn:proof:1")
    third = _add(surface, second, "Ed25519", previous_proof=["urn:proof:1", "urn:proof:2"])
    assert surface.verify(second).status_code == 200
    assert surface.verify(third).status_code == 200
    for number in range(3):
        broken = copy.deepcopy(third)
        broken["proof"][number]["created"] = "2026-01-01T00:00:00Z"
        assert_refused(surface.verify(broken))
        missing = copy.deepcopy(third)
        del missing["proof"][number]
        if number < 2:
            assert_refused(surface.verify(missing))
    unnamed = copy.deepcopy(third)
    del unnamed["proof"][0]["id"]
    assert_refused(surface.verify(unnamed))


def test_more_proofs_than_are_checked_are_refused(surface: Surface) -> None:
    issued = surface.issued()
    issued["proof"] *= 9
    assert assert_refused(surface.verify(issued))["code"] == "too_many_proofs"


# -- presentations


def test_signed_and_unsigned_presentations(surface: Surface) -> None:
    issued = surface.issued()
    unsigned = surface.presentation(issued, holder=surface.did["P-256"])
    signed = surface.signed(unsigned, "P-256", challenge="c-1", domain="verify.example")
    answer = surface.present(signed, challenge="c-1", domain="verify.example", checks=["proof"])
    assert answer.status_code == 200
    assert answer.get_json()["holder"] == surface.did["P-256"]
    assert answer.get_json()["warnings"] == []
    answer = surface.present(unsigned, challenge="c-1", domain="verify.example")
    assert answer.status_code == 200
    body = answer.get_json()
    assert body["holder"] is None
    assert [warning["code"] for warning in body["warnings"]] == ["presentation_unsigned"]
    assert_refused(surface.present(unsigned, checks=["proof"]))


def test_a_holder_is_confirmed_only_by_their_own_key(surface: Surface) -> None:
    signed = surface.signed(surface.presentation(surface.issued(), holder=surface.did["P-256"]), "Ed25519")
    answer = surface.present(signed)
    assert answer.status_code == 200
    assert answer.get_json()["holder"] is None


@pytest.mark.parametrize(
    "options", [{"challenge": "c-2"}, {"domain": "other.example"}, {"expectedProofPurpose": "assertionMethod"}]
)
def test_a_presentation_answers_what_was_asked(options: dict[str, Any], surface: Surface) -> None:
    signed = surface.signed(surface.presentation(surface.issued()), challenge="c-1", domain="verify.example")
    asked = {"challenge": "c-1", "domain": "verify.example"}
    assert surface.present(signed, **asked).status_code == 200
    assert_refused(surface.present(signed, **{**asked, **options}))


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": None},
        {"@context": [{"a": "https://example.org/#a"}, V2]},
        {"type": None},
        {"type": ["VerifiableCredential"]},
        {"holder": "nobody"},
        {"holder": {"name": "Acme"}},
        {"id": "not a url"},
        {"verifiableCredential": "eyJhbGciOiJub25lIn0.e30."},
        {"verifiableCredential": [5]},
        {"verifiableCredential": ["https://example.org/credentials/1"]},
        {"unheardOf": "x"},
        {"termsOfUse": {"id": "https://example.org/1"}},
        {"proof": None},
    ],
)
def test_a_presentation_of_another_shape_is_refused(changes: dict[str, Any], surface: Surface) -> None:
    document = surface.presentation(surface.issued(), **changes)
    if changes == {"proof": None}:
        document["proof"] = None
    assert_refused(surface.present(document, checks=[]))


def test_a_bad_credential_spoils_a_presentation(surface: Surface) -> None:
    good, bad = surface.issued(), surface.issued()
    bad["credentialSubject"] = {"id": "did:example:other"}
    for checks in ([], ["proof"], None):
        assert_refused(surface.present(surface.signed(surface.presentation(good, bad)), checks=checks))
    assert_refused(surface.present(surface.presentation(bad)))


def test_unsigned_credentials_are_let_by_only_where_no_proof_was_asked(surface: Surface) -> None:
    unsigned = surface.presentation(surface.credential())
    assert surface.present(unsigned, checks=[]).status_code == 200
    assert assert_refused(surface.present(unsigned))["code"] == "no_proof"


def test_self_asserted_credentials_are_the_holders_own(surface: Surface) -> None:
    """Under the holder's signature; for anybody else's word, somebody else must sign."""
    holder = surface.did["Ed25519"]
    own = surface.credential(issuer=holder)
    good = surface.signed(surface.presentation(own, holder=holder))
    assert surface.present(good, checks=["proof"]).status_code == 200
    for document, curve in (
        (surface.presentation(own), "Ed25519"),
        (surface.presentation(own, holder="did:example:alice"), "Ed25519"),
        (surface.presentation(surface.credential(issuer="did:example:alice"), holder=holder), "Ed25519"),
        (surface.presentation(own, holder=holder), "P-256"),
    ):
        body = assert_refused(surface.present(surface.signed(document, curve)))
        assert body["code"] == "self_asserted_mismatch"


def test_enveloped_credentials_in_presentations(surface: Surface) -> None:
    envelope = surface.issued("/vc-api/vc-jwt", "P-256")
    assert surface.present(surface.signed(surface.presentation(envelope)), checks=["proof"]).status_code == 200
    spoiled = {**envelope, "id": envelope["id"][:-8] + "AAAAAAAA"}
    for checks in ([], ["proof"], None):
        assert_refused(surface.present(surface.presentation(spoiled), checks=checks))
    unknown = {**envelope, "id": "data:application/vc-of-tomorrow,abc"}
    assert surface.present(surface.presentation(unknown), checks=[]).status_code == 200
    assert_refused(surface.present(surface.presentation(unknown)))
    assert_refused(surface.present(surface.presentation({**envelope, "type": ["EnvelopedVerifiableCredential", "X"]})))


def test_presentations_of_version_1_1(surface: Surface) -> None:
    """A token as bare text would be lost to JSON-LD, so it is refused here; so is a newer credential in an older
    presentation, whose contexts contradict each other. The other way round is well."""
    old = surface.issued(at_context=[V1], issuanceDate="2026-01-01T00:00:00Z")
    contexts = [V1, "https://w3id.org/security/data-integrity/v2"]
    unsigned = surface.presentation(old, **{"@context": contexts})
    assert surface.present(unsigned).status_code == 200
    assert surface.present(surface.signed(unsigned), checks=["proof"]).status_code == 200
    token = surface.issued("/vc-api/vc-jwt")["id"].partition(",")[2]
    assert_refused(surface.present({**unsigned, "verifiableCredential": [token]}, checks=[]))
    assert_refused(surface.present({**unsigned, "verifiableCredential": [surface.issued()]}, checks=[]))
    assert surface.present(surface.presentation(old, surface.issued()), checks=[]).status_code == 200


def test_a_document_that_costs_too_much_is_unprocessable(surface: Surface) -> None:
    """413 is for bodies that were not read; this one was."""
    context = [V2, *[{f"a{number}": f"https://example.org/#{number}"} for number in range(20)]]
    assert surface.verify(surface.credential(at_context=context)).status_code == 422
    assert_refused(surface.issue(surface.credential(at_context=context)))


def test_more_credentials_than_are_verified_are_refused(surface: Surface) -> None:
    many = surface.presentation(*[surface.credential()] * 21)
    assert assert_refused(surface.present(many, checks=[]))["code"] == "too_many_credentials"


def _presentations() -> list[str]:
    shared = Path(__file__).resolve().parents[1].parent / "shared" / "vectors"
    folder = Path(os.environ.get("PLAUDIT_VECTORS", shared)) / "w3c-vcdm2-inputs"
    return sorted(path.name for path in folder.glob("presentation-*.json")) or ["absent"]


@pytest.mark.parametrize("name", _presentations())
def test_the_presentations_of_the_w3c_suite(name: str, vectors: Path, surface: Surface) -> None:
    """Posted unsigned, and no check named, as the suite does; those about holders' own claims it signs first."""
    document = json.loads((vectors / "w3c-vcdm2-inputs" / name).read_text())
    if "self-asserted" in name:
        theirs = "did:key:z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
        text = json.dumps(document).replace(theirs, surface.did["Ed25519"])
        document = surface.signed(json.loads(text))
    answer = surface.present(document, checks=[])
    if name.endswith("-ok.json"):
        assert answer.status_code == 200, answer.text
    else:
        assert_refused(answer)


#: What the W3C published as signed. The rest of these folders are steps on the way: base proofs of the holder, and a
#: chain from which a member is missing.
SIGNED_VECTORS = ("signed", "derivedRevealDocument", "proofChainTempDoc1")


def test_everything_that_the_w3c_publishes_as_signed_verifies(vectors: Path, surface: Surface) -> None:
    """Sets, chains and all suites; the issuer is a stranger's URL and the keys are did:key, as its suites post them."""
    found = {}
    for path in sorted([*vectors.glob("w3c-vc-di-eddsa/**/*.json"), *vectors.glob("w3c-vc-di-ecdsa/**/*.json")]):
        document = json.loads(path.read_text())
        if isinstance(document, dict) and "proof" in document and "issuer" in document:
            found[f"{path.parent.name}/{path.stem}"] = (document, path.stem.startswith(SIGNED_VECTORS))
    assert len(found) == 20
    for name, (document, good) in found.items():
        answer = surface.verify(document)
        assert (answer.status_code == 200) is good, (name, answer.text)
