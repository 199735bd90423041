"""The rules of both versions of the data model, for credentials, presentations, envelopes and related resources."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

import schemas
from credentials import multibase, vcdm

NOTHING = object()


def _with(document: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**document, **changes}.items() if value is not NOTHING}


def _credential(**changes: Any) -> dict[str, Any]:
    document = {
        "@context": [vcdm.CONTEXT],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:employer.example",
        "credentialSubject": {"id": "did:example:1"},
    }
    return _with(document, changes)


def _old(**changes: Any) -> dict[str, Any]:
    return _with(_credential(**{"@context": [vcdm.OLD_CONTEXT], "issuanceDate": "2026-01-01T00:00:00Z"}), changes)


def _presentation(**changes: Any) -> dict[str, Any]:
    document = {"@context": [vcdm.CONTEXT], "type": "VerifiablePresentation", "verifiableCredential": [_credential()]}
    return _with(document, changes)


def _pointers(findings: list[Any]) -> list[str]:
    return [finding.pointer for finding in findings]


# -- version 1.1


def test_a_credential_of_version_1_1_is_well_formed() -> None:
    assert vcdm.check(_old(expirationDate="2027-01-01T00:00:00Z", id="urn:a:1")) == []
    assert vcdm.check(_old(issuer={"id": "did:example:1", "name": "x"})) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"@context": [vcdm.OLD_CONTEXT, 5]}, "/@context"),
        ({"@context": vcdm.OLD_CONTEXT}, "/@context"),
        ({"type": "Other"}, "/type"),
        ({"id": "x"}, "/id"),
        ({"issuer": NOTHING}, "/issuer"),
        ({"issuer": {"name": "x"}}, "/issuer/id"),
        ({"credentialSubject": NOTHING}, "/credentialSubject"),
        ({"credentialSubject": [{}]}, "/credentialSubject"),
        ({"issuanceDate": NOTHING}, "/issuanceDate"),
        ({"issuanceDate": "2026-01-01"}, "/issuanceDate"),
        ({"expirationDate": "soon"}, "/expirationDate"),
        ({"expirationDate": "2025-01-01T00:00:00Z"}, "/expirationDate"),
        ({"credentialStatus": {"type": "X"}}, "/credentialStatus/id"),
        ({"credentialStatus": {"id": "urn:a:1"}}, "/credentialStatus/type"),
        ({"refreshService": {"type": "X"}}, "/refreshService/id"),
        ({"credentialSchema": {"type": "X"}}, "/credentialSchema/id"),
        ({"termsOfUse": {"id": "urn:a:1"}}, "/termsOfUse/type"),
        ({"evidence": "x"}, "/evidence"),
    ],
)
def test_a_breach_of_version_1_1_is_pointed_at(changes: dict[str, Any], pointer: str) -> None:
    assert pointer in _pointers(vcdm.check(_old(**changes)))


def test_the_first_context_says_whose_rules_count() -> None:
    """In 2.0 nothing demands an issuanceDate, in 1.1 nobody knows validFrom."""
    assert vcdm.is_version_1(_old())
    assert not vcdm.is_version_1(_credential())
    assert _pointers(vcdm.check(_old(issuanceDate=NOTHING, validFrom="soon"))) == ["/issuanceDate"]
    assert _pointers(vcdm.check(_credential(validFrom="soon"))) == ["/validFrom"]
    assert _pointers(vcdm.check({})) == ["/@context", "/type", "/issuer", "/credentialSubject"]


@pytest.mark.parametrize("name", ["confidenceMethod", "renderMethod"])
def test_reserved_extension_points_say_what_they_are(name: str) -> None:
    assert _pointers(vcdm.check(_credential(**{name: {"id": "urn:a:1"}}))) == [f"/{name}/type"]
    assert vcdm.check(_credential(**{name: {"type": "Mine"}})) == []


# -- proofs, as far as shape goes


@pytest.mark.parametrize(
    ("proof", "pointer"),
    [
        (None, "/proof"), ([], "/proof"), ("x", "/proof"), ([{"type": "X"}, 5], "/proof"),
        ({}, "/proof/type"), ({"type": ""}, "/proof/type"), ([{"type": ["X"]}], "/proof/type"),
    ],
)  # fmt: skip
def test_a_proof_is_an_object_that_says_what_it_is(proof: Any, pointer: str) -> None:
    assert _pointers(list(vcdm.check_proofs(_credential(proof=proof)))) == [pointer]


@pytest.mark.parametrize("changes", [{}, {"proof": {"type": "X"}}, {"proof": [{"type": "X"}, {"type": "Y"}]}])
def test_no_proof_or_good_ones_are_no_finding(changes: dict[str, Any]) -> None:
    assert list(vcdm.check_proofs(_credential(**changes))) == []


# -- presentations


ENVELOPE = {
    "@context": vcdm.CONTEXT,
    "id": "data:application/vc+jwt,eyJ.e30.AA",
    "type": "EnvelopedVerifiableCredential",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"verifiableCredential": NOTHING},
        {"verifiableCredential": []},
        {"verifiableCredential": _credential()},
        {"verifiableCredential": [_credential(), _old(), ENVELOPE]},
        {"verifiableCredential": {**ENVELOPE, "@context": [vcdm.CONTEXT], "type": [ENVELOPE["type"]]}},
        {"holder": "did:example:1"},
        {"holder": {"id": "did:example:1", "name": "x"}},
        {"id": "urn:a:1", "termsOfUse": {"type": "X"}},
        {"@context": [vcdm.OLD_CONTEXT], "verifiableCredential": ["eyJ.e30.AA", _old()]},
    ],
)
def test_a_presentation_is_well_formed(changes: dict[str, Any]) -> None:
    assert vcdm.check_presentation(_presentation(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"@context": NOTHING}, ["/@context"]),
        ({"@context": ["https://example.org/x", vcdm.CONTEXT]}, ["/@context/0"]),
        ({"type": "VerifiableCredential"}, ["/type"]),
        ({"type": NOTHING}, ["/type"]),
        ({"id": ""}, ["/id"]),
        ({"holder": None}, ["/holder"]),
        ({"holder": ["did:example:1"]}, ["/holder"]),
        ({"holder": {"name": "x"}}, ["/holder/id"]),
        ({"termsOfUse": {}}, ["/termsOfUse/type"]),
        ({"verifiableCredential": "eyJ.e30.AA"}, ["/verifiableCredential"]),
        ({"verifiableCredential": [None, 5]}, ["/verifiableCredential/0", "/verifiableCredential/1"]),
        ({"verifiableCredential": [_credential(issuer=NOTHING)]}, ["/verifiableCredential/0/issuer"]),
        ({"verifiableCredential": _old(issuanceDate=5)}, ["/verifiableCredential/issuanceDate"]),
        ({"verifiableCredential": [{**ENVELOPE, "id": "x"}]}, ["/verifiableCredential/0/id"]),
        ({"@context": [vcdm.OLD_CONTEXT], "verifiableCredential": [""]}, ["/verifiableCredential/0"]),
    ],
)
def test_a_breach_in_a_presentation_is_pointed_at(changes: dict[str, Any], pointers: list[str]) -> None:
    assert _pointers(vcdm.check_presentation(_presentation(**changes))) == pointers


@pytest.mark.parametrize(
    ("holder", "found"), [("did:example:1", "did:example:1"), ({"id": "did:example:2"}, "did:example:2"), (5, None)]
)
def test_the_holder_is_named_by_an_id(holder: Any, found: str | None) -> None:
    assert vcdm.holder_id({"holder": holder}) == found


@pytest.mark.parametrize(
    ("issuer", "found"), [("did:example:1", "did:example:1"), ({"id": "did:example:2"}, "did:example:2"), ({}, None)]
)
def test_the_issuer_is_named_by_an_id(issuer: Any, found: str | None) -> None:
    assert vcdm.issuer_id({"issuer": issuer}) == found


def test_nobody_is_named_where_there_is_no_holder() -> None:
    assert vcdm.holder_id({}) is None


# -- envelopes


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"@context": "https://example.org/x"}, "/@context"),
        ({"@context": None}, "/@context"),
        ({"id": "https://example.org/1"}, "/id"),
        ({"id": "data:,text"}, "/id"),
        ({"id": "data:application/vc+jwt,"}, "/id"),
        ({"id": "data:application/vc+jwt,a b"}, "/id"),
        ({"id": 5}, "/id"),
        ({"type": "EnvelopedVerifiablePresentation"}, "/type"),
        ({"type": ["EnvelopedVerifiableCredential", "Other"]}, "/type"),
    ],
)
def test_a_breach_in_an_envelope_is_pointed_at(changes: dict[str, Any], pointer: str) -> None:
    assert _pointers(list(vcdm.check_envelope({**ENVELOPE, **changes}))) == [pointer]


def test_envelopes_are_told_by_their_type() -> None:
    assert vcdm.is_envelope(ENVELOPE)
    assert not vcdm.is_envelope(_credential())
    shown = {**ENVELOPE, "id": "data:application/vp+jwt,eyJ.e30.AA", "type": vcdm.ENVELOPED_PRESENTATION}
    assert vcdm.is_envelope(shown)
    assert list(vcdm.check_envelope(shown, vcdm.ENVELOPED_PRESENTATION)) == []


# -- related resources


VERSIONS = schemas.published(vcdm.CONTEXT)
_CODES = {"sha256": b"\x12\x20", "sha384": b"\x20\x30", "sha512": b"\x13\x40"}


def _sri(algorithm: str, data: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def _multihash(algorithm: str, data: bytes, prefix: str = "u") -> str:
    return multibase.encode(_CODES[algorithm] + hashlib.new(algorithm, data).digest(), prefix=prefix)


def _codes(**digests: Any) -> list[str]:
    related = [{"id": vcdm.CONTEXT, **digests}]
    return [finding.code for finding in vcdm.check(_credential(relatedResource=related))]


@pytest.mark.parametrize("data", VERSIONS, ids=["today", "2024-07"])
@pytest.mark.parametrize("algorithm", _CODES)
def test_every_digest_of_every_version_fits(algorithm: str, data: bytes) -> None:
    assert _codes(digestSRI=_sri(algorithm, data)) == []
    for prefix in "zu":
        assert _codes(digestMultibase=_multihash(algorithm, data, prefix)) == []
    assert _codes(digestSRI=_sri(algorithm, data), digestMultibase=_multihash("sha256", data)) == []


@pytest.mark.parametrize("algorithm", _CODES)
def test_the_digest_of_anything_else_does_not_fit(algorithm: str) -> None:
    assert _codes(digestSRI=_sri(algorithm, b"other")) == ["digest_mismatch"]
    assert _codes(digestMultibase=_multihash(algorithm, b"other")) == ["digest_mismatch"]
    assert _codes(digestSRI=_sri(algorithm, VERSIONS[0]), digestMultibase=_multihash(algorithm, b"other")) == [
        "digest_mismatch"
    ]


def test_the_strongest_algorithm_of_an_expression_decides() -> None:
    """As in Subresource Integrity: a weaker digest beside it neither helps nor harms."""
    good, bad = VERSIONS[0], b"other"
    assert _codes(digestSRI=f"{_sri('sha256', bad)} {_sri('sha512', good)}") == []
    assert _codes(digestSRI=f"{_sri('sha256', good)} {_sri('sha512', bad)}") == ["digest_mismatch"]
    assert _codes(digestSRI=f"{_sri('sha384', bad)} {_sri('sha384', VERSIONS[1])}") == []


@pytest.mark.parametrize(
    "value",
    [
        "sha256-AAAA", "md5-AAAA", "x", _sri("sha256", VERSIONS[0]).rstrip("="),
        _sri("sha256", VERSIONS[0])[:-2] + "l=",
        _sri("sha256", VERSIONS[0]).replace("sha256", "sha384"),
    ],
)  # fmt: skip
def test_what_is_no_digest_expression_does_not_fit(value: str) -> None:
    assert _codes(digestSRI=value) == ["digest_mismatch"]


@pytest.mark.parametrize(
    "value",
    [
        "x", "uEiA", "z111", "mEiA=", "u",
        multibase.encode(b"\x11\x14" + hashlib.sha1(VERSIONS[0]).digest(), prefix="u"),
        multibase.encode(b"\x12\x1f" + hashlib.sha256(VERSIONS[0]).digest(), prefix="u"),
        multibase.encode(hashlib.sha256(VERSIONS[0]).digest(), prefix="u"),
    ],
)  # fmt: skip
def test_what_is_no_multihash_does_not_fit(value: str) -> None:
    assert _codes(digestMultibase=value) == ["digest_mismatch"]


@pytest.mark.parametrize("value", [5, "", None, ["x"]])
def test_a_digest_is_text(value: Any) -> None:
    assert _codes(digestSRI=value) == ["wrong_type"]
    assert _codes(digestMultibase=value) == ["wrong_type"]
    assert _codes() == ["missing"]


def test_what_is_not_held_here_cannot_be_compared() -> None:
    related = {"id": "https://example.org/picture", "digestSRI": _sri("sha256", b"anything")}
    assert vcdm.check(_credential(relatedResource=related)) == []
    ours = {"id": "https://w3id.org/security/multikey/v1", "digestSRI": _sri("sha256", b"anything")}
    assert vcdm.check(_credential(relatedResource=[related, ours])) == []
