"""The VC-API for ecdsa-sd-2023 (issue, derive, verify) and for presentations that came as a token."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

import plaudit
from credentials.jose import enveloped, vc_jwt
from tests.worlds.vc_api import Surface, assert_refused

BASE = "/vc-api/ecdsa-sd-2023"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.fixture(scope="module")
def surface() -> Surface:
    return Surface()


def _issued(surface: Surface, **options: Any) -> dict[str, Any]:
    credential = surface.credential(
        "P-256",
        at_context=[V2, EXAMPLES],
        credentialSubject={"id": "did:example:subject", "alumniOf": "North", "grade": "A"},
        validFrom="2026-01-01T00:00:00Z",
    )
    answer = surface.issue(credential, BASE, **options)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()["verifiableCredential"]
    return found


def _derive(surface: Surface, credential: Any, pointers: Any) -> Any:
    body = {"verifiableCredential": credential, "options": {"selectivePointers": pointers}}
    return surface.post(f"{BASE}/credentials/derive", body)


def _derived(surface: Surface, credential: Any, *pointers: str) -> dict[str, Any]:
    answer = _derive(surface, credential, list(pointers))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()["verifiableCredential"]
    return found


@pytest.mark.parametrize("options", [{}, {"mandatoryPointers": ["/issuer", "/validFrom"]}])
def test_a_part_of_a_credential_verifies(options: dict[str, Any], surface: Surface) -> None:
    base = _issued(surface, **options)
    (proof,) = base["proof"]
    assert proof["cryptosuite"] == "ecdsa-sd-2023"
    assert proof["proofValue"].startswith("u")
    part = _derived(surface, base, "/credentialSubject/alumniOf")
    assert part["credentialSubject"] == {"id": "did:example:subject", "alumniOf": "North"}
    assert part["issuer"] == surface.did["P-256"]
    assert ("validFrom" in part) is ("mandatoryPointers" in options)
    answer = surface.verify(part, BASE)
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["verified"] is True
    assert surface.verify(part).status_code == 200


def test_the_base_proof_itself_is_for_the_holder_alone(surface: Surface) -> None:
    assert_refused(surface.verify(_issued(surface), BASE))


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": "did:example:other"},
        {"credentialSubject": {"id": "did:example:subject", "alumniOf": "South"}},
        {"credentialSubject": {"id": "did:example:subject", "alumniOf": "North", "grade": "A"}},
        {"type": ["VerifiableCredential", "https://example.org/#Other"]},
        {"unheardOf": {"@id": "relative"}},
    ],
)
def test_a_part_that_was_changed_does_not_verify(change: dict[str, Any], surface: Surface) -> None:
    part = {**_derived(surface, _issued(surface), "/credentialSubject/alumniOf"), **change}
    assert_refused(surface.verify(part, BASE))


@pytest.mark.parametrize("value", [None, "u", "z111", "uAAAA"])
def test_a_part_with_a_damaged_proof_does_not_verify(value: Any, surface: Surface) -> None:
    part = copy.deepcopy(_derived(surface, _issued(surface), "/credentialSubject/alumniOf"))
    good = part["proof"][0]["proofValue"]
    for damaged in (value, good[1:], good[:-4]):
        part["proof"][0]["proofValue"] = damaged
        assert_refused(surface.verify(part, BASE))


@pytest.mark.parametrize("pointers", ["/issuer", [5], None, ["no slash"], ["/no/such/member"]])
def test_pointers_that_lead_nowhere_are_refused(pointers: Any, surface: Surface) -> None:
    assert_refused(_derive(surface, _issued(surface), pointers))
    assert_refused(surface.issue(surface.credential("P-256"), BASE, mandatoryPointers=pointers))


def test_what_has_no_base_proof_cannot_be_derived(surface: Surface) -> None:
    assert_refused(_derive(surface, surface.credential("P-256"), ["/issuer"]))
    assert_refused(_derive(surface, surface.issued(), ["/issuer"]))
    part = _derived(surface, _issued(surface), "/credentialSubject/alumniOf")
    assert_refused(_derive(surface, part, ["/issuer"]))
    for body in (b"", b"{}", b'{"verifiableCredential": "eyJ"}', b'{"verifiableCredential": {}}'):
        assert_refused(surface.post(f"{BASE}/credentials/derive", body))


@pytest.mark.parametrize("curve", ["Ed25519", "P-384"])
def test_only_p_256_discloses(curve: str, surface: Surface) -> None:
    assert_refused(surface.issue(surface.credential(curve), BASE))


# -- presentations as tokens


def _shown(surface: Surface, curve: str = "P-256", **options: Any) -> dict[str, Any]:
    """An enveloped presentation by the key of `curve`, which names itself as the holder."""
    document = surface.presentation(
        surface.issued("/vc-api/vc-jwt"), **{"holder": surface.did[curve], **options.pop("members", {})}
    )
    token = vc_jwt.sign_presentation(document, surface.signers[curve], **options)
    return enveloped.wrap("vp+jwt", token.encode())


@pytest.mark.parametrize("curve", ["Ed25519", "P-256", "P-384"])
def test_a_presentation_as_a_token_verifies(curve: str, surface: Surface) -> None:
    answer = surface.present(_shown(surface, curve), checks=["proof"])
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["holder"] == surface.did[curve]
    assert answer.get_json()["warnings"] == []


def test_a_token_answers_challenge_and_domain(surface: Surface) -> None:
    shown = _shown(surface, nonce="c-1", audience="verify.example")
    assert surface.present(shown, challenge="c-1", domain="verify.example").status_code == 200
    assert_refused(surface.present(shown, challenge="c-2"))
    assert_refused(surface.present(shown, domain="other.example"))
    assert_refused(surface.present(_shown(surface), challenge="c-1"))
    assert_refused(surface.present(_shown(surface), domain="verify.example"))


def test_a_token_out_of_its_time_does_not_verify(surface: Surface) -> None:
    now = plaudit.now()
    assert_refused(surface.present(_shown(surface, expires=now - timedelta(minutes=1))))
    assert_refused(surface.present(_shown(surface, issued_at=now + timedelta(hours=1))))
    assert surface.present(_shown(surface, expires=now + timedelta(hours=1))).status_code == 200
    token = vc_jwt.sign_credential(surface.credential(), surface.signers["Ed25519"], expires=now - timedelta(minutes=1))
    assert_refused(surface.verify(enveloped.wrap("vc+jwt", token.encode())))


def test_another_signer_than_the_holder_is_refused(surface: Surface) -> None:
    assert_refused(surface.present(_shown(surface, members={"holder": surface.did["P-384"]})))


def test_a_token_without_a_holder_is_its_signers(surface: Surface) -> None:
    document = surface.presentation(surface.issued("/vc-api/vc-jwt"))
    token = vc_jwt.sign_presentation(document, surface.signers["P-256"])
    answer = surface.present(enveloped.wrap("vp+jwt", token.encode()))
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["holder"] == surface.did["P-256"]


def test_enveloped_presentations_of_another_shape_are_refused(surface: Surface) -> None:
    shown = _shown(surface)
    assert_refused(surface.present({**shown, "id": shown["id"][:-8] + "AAAAAAAA"}))
    assert_refused(surface.present({**shown, "id": "data:application/vp+cose;base64,0oRA"}))
    assert_refused(surface.present({**shown, "id": "https://example.org/1"}))
    assert_refused(surface.present({**shown, "type": "EnvelopedVerifiableCredential"}))
    assert_refused(surface.verify(shown))
    assert_refused(surface.present(_shown(surface, members={"holder": "nobody"})))
    many = [surface.issued("/vc-api/vc-jwt")] * 21
    assert_refused(surface.present(_shown(surface, members={"verifiableCredential": many})))
