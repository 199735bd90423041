"""The older token: its claims become members of the credential, and it is never mixed with the newer one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from credentials import errors, vcdm
from credentials.jose import vc_jwt, vc_jwt_1_1
from tests.credentials.jose_tokens import ED25519, handmade

DID = ED25519.controller
HEADER = {"alg": "EdDSA", "typ": "JWT", "kid": ED25519.verification_method}
VC: dict[str, Any] = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "type": ["VerifiableCredential"],
    "credentialSubject": {"degree": "none"},
}
CLAIMS: dict[str, Any] = {
    "iss": DID, "sub": "did:example:student", "jti": "urn:uuid:1", "nbf": 1_262_373_804, "exp": 1_893_456_000,
}  # fmt: skip


def token(claims: Mapping[str, Any] | None = None, header: Mapping[str, Any] = HEADER, **members: Any) -> str:
    """A token with these claims beside the credential (None removes one) and these members in the credential."""
    payload = {**CLAIMS, "vc": {**VC, **members}, **(claims or {})}
    return handmade(header, {name: value for name, value in payload.items() if value is not None}, ED25519)


def test_claims_become_members() -> None:
    secured = vc_jwt_1_1.read_credential_1_1(token())
    secured.check_signature(ED25519.public)
    assert secured.document == {
        **VC,
        "id": "urn:uuid:1",
        "issuer": DID,
        "credentialSubject": {"id": "did:example:student", "degree": "none"},
        "issuanceDate": "2010-01-01T19:23:24Z",
        "expirationDate": "2030-01-01T00:00:00Z",
    }
    assert vcdm.check(secured.document) == []
    assert secured.claims.expires == datetime(2030, 1, 1, tzinfo=UTC)
    assert secured.kid == ED25519.verification_method


def test_members_that_say_the_same_stay_as_they_are() -> None:
    """The issuer as an object, a date with parts of a second and another zone, several subjects."""
    members: dict[str, Any] = {
        "id": "urn:uuid:1",
        "issuer": {"id": DID, "name": "Employer"},
        "issuanceDate": "2010-01-01T20:23:24.5+01:00",
        "expirationDate": "2030-01-01T00:00:00Z",
        "credentialSubject": [{"id": "did:example:student"}, {"name": "no id"}],
    }
    assert vc_jwt_1_1.read_credential_1_1(token({"vc": {**VC, **members}})).document == {**VC, **members}


def test_claims_that_are_missing_add_nothing() -> None:
    bare = vc_jwt_1_1.read_credential_1_1(token({"sub": None, "jti": None, "nbf": None, "exp": None}))
    assert bare.document == {**VC, "issuer": DID}
    without_type = {name: value for name, value in HEADER.items() if name != "typ"}
    assert vc_jwt_1_1.read_credential_1_1(token(header=without_type)).document["issuer"] == DID
    loose = vc_jwt_1_1.read_credential_1_1(token({"https://x.example/claim": 1}, credentialSubject="odd"))
    assert loose.document["credentialSubject"] == "odd"


@pytest.mark.parametrize(
    ("claims", "members", "code"),
    [
        ({"iss": None}, {}, "claim_malformed"),
        ({"iss": None}, {"issuer": DID}, "claim_malformed"),
        ({}, {"issuer": "did:example:other"}, "issuer_mismatch"),
        ({}, {"issuer": {"id": "did:example:other"}}, "issuer_mismatch"),
        ({}, {"issuer": None}, "issuer_mismatch"),
        ({}, {"id": "urn:uuid:2"}, "claim_mismatch"),
        ({}, {"credentialSubject": {"id": "did:example:other"}}, "claim_mismatch"),
        ({}, {"issuanceDate": "2010-01-01T19:23:25Z"}, "claim_mismatch"),
        ({}, {"expirationDate": "2040-01-01T00:00:00Z"}, "claim_mismatch"),
        ({}, {"expirationDate": "never"}, "credential_malformed"),
        ({}, {"issuanceDate": None}, "credential_malformed"),
        ({"nbf": "2010-01-01T19:23:24Z"}, {}, "claim_malformed"),
        ({"vc": "text"}, {}, "not_a_credential"),
        ({"vc": None}, {}, "not_a_credential"),
        ({}, {"type": ["VerifiablePresentation"]}, "not_a_credential"),
        ({}, {"@context": []}, "credential_malformed"),
    ],
)
def test_contradictions_and_gaps_are_refused(claims: Any, members: Any, code: str) -> None:
    with pytest.raises(errors.PlauditError) as caught:
        vc_jwt_1_1.read_credential_1_1(token(claims, **members))
    assert caught.value.code == code


@pytest.mark.case("JOS-14")
def test_the_two_shapes_are_never_mixed() -> None:
    """Each reader refuses the other's token, and a payload that is a credential and holds one."""
    new: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": DID,
    }
    subject = {"credentialSubject": {"id": "did:example:student"}}
    claims: Mapping[str, Any]
    for claims in (new, {"type": "VerifiableCredential"}, {"issuer": DID}, subject, {"vp": {}}):
        with pytest.raises(errors.UnexpectedClaim):
            vc_jwt_1_1.read_credential_1_1(token(claims))
    with pytest.raises(errors.CredentialMalformed):
        vc_jwt_1_1.read_credential_1_1(token({"vc": {**VC, "@context": new["@context"]}}))
    with pytest.raises(errors.TokenTypeMismatch):
        vc_jwt_1_1.read_credential_1_1(token(header={**HEADER, "typ": "vc+jwt"}))
    with pytest.raises(errors.TokenTypeMismatch):
        vc_jwt.read_credential(token())
    with pytest.raises(errors.UnexpectedClaim):
        vc_jwt.read_credential(token(header={**HEADER, "typ": "vc+jwt"}))
