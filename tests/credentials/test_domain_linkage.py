"""DIF Well-Known DID Configuration: both forms link a DID to exactly one origin, and nothing weaker does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials import errors, strict_json
from credentials.domains import linkage
from credentials.jose import claims, jws
from credentials.verify import verify
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

ORIGIN = "https://acme.example"
START, END = NOW - timedelta(days=1), NOW + timedelta(days=300)
OLD = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb(), "plaudit.example")


def document(issuer: Issuer, **changes: Any) -> dict[str, Any]:
    """An unsigned domain linkage credential; None removes a member."""
    made = {
        "@context": [OLD, linkage.CONTEXT, DATA_INTEGRITY],
        "type": ["VerifiableCredential", linkage.TYPE],
        "issuer": issuer.did,
        "issuanceDate": "2026-06-30T00:00:00Z",
        "expirationDate": "2027-06-30T00:00:00Z",
        "credentialSubject": {"id": issuer.did, "origin": ORIGIN},
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def token(issuer: Issuer, vc: dict[str, Any], **changes: Any) -> bytes:
    times = {"nbf": claims.numeric_date(START), "exp": claims.numeric_date(END)}
    payload = {"iss": issuer.did, "sub": issuer.did, **times, "vc": vc, **changes}
    kept = {name: value for name, value in payload.items() if value is not None}
    return jws.sign({"kid": issuer.key.verification_method}, strict_json.dumps(kept), issuer.key).encode()


def judge(issuer: Issuer, entry: bytes, origin: str = ORIGIN) -> None:
    linkage.check(verify(entry, fetcher=issuer.web, now=NOW), did=issuer.did, origin=origin)


def test_what_is_written_is_read_and_holds_in_both_forms(issuer: Issuer) -> None:
    body = linkage.write(issuer.did, ORIGIN, issuer.key, start=START, end=END)
    signed, jwt = linkage.read(body)
    assert signed.startswith(b"{")
    assert jwt.startswith(b"eyJ")
    for entry in (signed, jwt):
        assert linkage.claims_to_be_of(entry, issuer.did)
        assert not linkage.claims_to_be_of(entry, "did:web:other.example")
        judge(issuer, entry)


def test_one_of_the_newer_data_model_holds_too(issuer: Issuer) -> None:
    newer = document(
        issuer,
        **{"@context": ["https://www.w3.org/ns/credentials/v2", linkage.CONTEXT]},
        issuanceDate=None, expirationDate=None,
        validFrom="2026-06-30T00:00:00Z", validUntil="2027-06-30T00:00:00Z",
    )  # fmt: skip
    judge(issuer, to_bytes(sign(newer, issuer.key)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"type": ["VerifiableCredential"]}, "type"),
        ({"credentialSubject": {"id": "did:web:other.example", "origin": ORIGIN}}, "issuer and subject"),
        ({"credentialSubject": {"origin": ORIGIN}}, "issuer and subject"),
        ({"credentialSubject": [{"id": "did:web:plaudit.example", "origin": ORIGIN}]}, "issuer and subject"),
        ({"credentialSubject": {"id": "did:web:plaudit.example", "origin": "https://acme.example/"}}, "it is for"),
        ({"credentialSubject": {"id": "did:web:plaudit.example", "origin": "https://jobs.acme.example"}}, "it is for"),
        ({"credentialSubject": {"id": "did:web:plaudit.example", "origin": "http://acme.example"}}, "it is for"),
        ({"credentialSubject": {"id": "did:web:plaudit.example", "origin": "https://acme.example:8443"}}, "it is for"),
        ({"credentialSubject": {"id": "did:web:plaudit.example"}}, "it is for"),
        ({"expirationDate": None}, "expirationDate"),
        ({"expirationDate": "2026-06-30T00:00:01Z"}, "expired"),
        ({"issuanceDate": "2027-01-01T00:00:00Z"}, "not in force"),
    ],
)
def test_each_thing_that_must_be_so(issuer: Issuer, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(errors.DomainEvidenceMalformed, match=reason):
        judge(issuer, to_bytes(sign(document(issuer, **changes), issuer.key)))


def test_a_start_is_needed(issuer: Issuer) -> None:
    newer = {"@context": ["https://www.w3.org/ns/credentials/v2", linkage.CONTEXT]}
    bare = document(issuer, **newer, issuanceDate=None, expirationDate=None, validUntil="2027-06-30T00:00:00Z")
    with pytest.raises(errors.DomainEvidenceMalformed, match="issuanceDate"):
        judge(issuer, to_bytes(sign(bare, issuer.key)))


def test_the_signature_must_be_the_issuers(issuer: Issuer) -> None:
    stranger = Key("stranger", issuer.did)
    forged = {**document(issuer)}
    with pytest.raises(errors.DomainEvidenceMalformed):
        judge(issuer, to_bytes(sign(forged, stranger)))
    signed = sign(document(issuer), issuer.key)
    altered = to_bytes(signed).replace(b"acme.example", b"evil.example")
    with pytest.raises(errors.DomainEvidenceMalformed):
        judge(issuer, altered, "https://evil.example")


def test_a_credential_of_another_issuer_links_nothing(issuer: Issuer) -> None:
    other = Issuer(issuer.web, "other.example")
    with pytest.raises(errors.DomainEvidenceMalformed, match="issuer and subject"):
        linkage.check(
            verify(to_bytes(sign(document(other), other.key)), fetcher=issuer.web, now=NOW),
            did=issuer.did, origin=ORIGIN,
        )  # fmt: skip


def test_a_token_holds_only_as_the_issuers_own(issuer: Issuer) -> None:
    plain = document(issuer, **{"@context": [OLD, linkage.CONTEXT]}, issuanceDate=None, expirationDate=None)
    judge(issuer, token(issuer, plain))
    for changes in ({"sub": "did:web:other.example"}, {"iss": "did:web:other.example"}, {"exp": 1}):
        with pytest.raises(errors.DomainEvidenceMalformed):
            judge(issuer, token(issuer, plain, **changes))


def test_a_report_without_content_links_nothing(issuer: Issuer) -> None:
    with pytest.raises(errors.DomainEvidenceMalformed):
        judge(issuer, b"{}")


def test_a_withdrawn_one_links_nothing(issuer: Issuer) -> None:
    listed = {"credentialStatus": issuer.unsigned()["credentialStatus"]}
    newer = document(
        issuer, **{"@context": ["https://www.w3.org/ns/credentials/v2", linkage.CONTEXT]},
        issuanceDate=None, expirationDate=None,
        validFrom="2026-06-30T00:00:00Z", validUntil="2027-06-30T00:00:00Z", **listed,
    )  # fmt: skip
    signed = to_bytes(sign(newer, issuer.key))
    judge(issuer, signed)
    issuer.revoke(7)
    with pytest.raises(errors.DomainEvidenceMalformed, match="withdrawn"):
        judge(issuer, signed)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"linked_dids": ["eyJ"]}',
        b'{"@context": "https://identity.foundation/.well-known/did-configuration/v1"}',
        b'{"@context": "https://identity.foundation/.well-known/did-configuration/v1", "linked_dids": []}',
        b'{"@context": "https://identity.foundation/.well-known/did-configuration/v1", "linked_dids": [7]}',
        b'{"@context": "https://identity.foundation/.well-known/did-configuration/v1", "linked_dids": ["\xc3\xa9"]}',
        b'{"@context": "https://identity.foundation/.well-known/did-configuration/v1", "linked_dids": ["{}"]}',
        strict_json.dumps({"@context": linkage.CONTEXT, "linked_dids": ["eyJ"] * 33}),
        b" " * 256_001,
    ],
)
def test_what_is_no_did_configuration_is_refused(body: bytes) -> None:
    with pytest.raises(errors.DomainEvidenceMalformed):
        linkage.read(body)


@pytest.mark.parametrize("entry", [b"{", b"eyJ", b"eyJhbGciOiJFZERTQSJ9.WzFd.AA"])
def test_a_broken_entry_is_nobodys(entry: bytes) -> None:
    assert not linkage.claims_to_be_of(entry, "did:web:plaudit.example")
