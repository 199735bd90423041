"""Whatever is posted to the VC-API, the answer is one of its documented statuses: no input makes the service break."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.worlds.vc_api import V2, Surface

SURFACE = Surface()
DOCUMENTED = {200, 201, 400, 404, 413, 422}
#: What JSON-LD, the data model and proofs treat in ways of their own.
WORDS = st.sampled_from(
    [
        "@context", "@type", "@id", "@value", "@graph", "@vocab", "@base", "@list", "@reverse", "@none", "@import", "",
        "proof", "type", "id", "VerifiableCredential", "credentialStatus", "BitstringStatusListEntry", "previousProof",
        "EnvelopedVerifiableCredential", "data:application/vc+jwt,eyJ.e30.AA", "did:key:z6Mk", "did:web:127.0.0.1", V2,
        "2026-01-01T00:00:00Z", "DataIntegrityProof", "ecdsa-sd-2023", "u2V0AhQ", "z1", "_:b0", "a\u0000b", "\u202e",
    ]
)  # fmt: skip
TEXTS = WORDS | st.text(max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value in a document, but for the document itself."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [] if not path else [path]
    for key, child in children:
        found += _places(child, (*path, key))
    return found


def _spoil(document: Any, data: st.DataObject) -> Any:
    """A copy of `document` in which one value was replaced, or one member added."""
    spoiled = copy.deepcopy(document)
    path = data.draw(st.sampled_from(_places(spoiled)))
    holder = spoiled
    for key in path[:-1]:
        holder = holder[key]
    if isinstance(holder, dict) and data.draw(st.booleans()):
        holder[data.draw(TEXTS)] = data.draw(VALUES)
    else:
        holder[path[-1]] = data.draw(VALUES)
    return spoiled


def _post(path: str, body: Any) -> int:
    try:
        sent = json.dumps(body, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        sent = json.dumps(body).encode()
    answer = SURFACE.post(path, sent)
    assert answer.status_code in DOCUMENTED, (answer.status_code, answer.text, sent)
    return answer.status_code


NO_HURRY = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("base", ["/vc-api", "/vc-api/eddsa-jcs-2022", "/vc-api/status", "/vc-api/vc-jwt"])
@NO_HURRY
@given(data=st.data())
def test_issuing_never_breaks(base: str, data: st.DataObject) -> None:
    body = {
        "credential": {**SURFACE.credential(), "name": "x", "validFrom": "2026-01-01T00:00:00Z"},
        "options": {"mandatoryPointers": ["/issuer"], "credentialStatus": {"statusPurpose": "revocation"}},
    }
    _post(f"{base}/credentials/issue", _spoil(body, data))


@NO_HURRY
@given(data=st.data())
def test_issuing_for_disclosure_and_deriving_never_break(data: st.DataObject) -> None:
    body = {"credential": SURFACE.credential("P-256"), "options": {"mandatoryPointers": ["/issuer"]}}
    _post("/vc-api/ecdsa-sd-2023/credentials/issue", _spoil(body, data))
    derived = {"verifiableCredential": BASE_PROOF, "options": {"selectivePointers": ["/credentialSubject"]}}
    _post("/vc-api/ecdsa-sd-2023/credentials/derive", _spoil(derived, data))


@pytest.mark.parametrize("kind", ["rdfc", "jcs", "disclosed", "token", "list"])
@NO_HURRY
@given(data=st.data())
def test_verifying_never_breaks(kind: str, data: st.DataObject) -> None:
    body = {"verifiableCredential": SIGNED[kind], "options": {"checks": ["proof"], "challenge": "c"}}
    _post("/vc-api/credentials/verify", _spoil(body, data))


@NO_HURRY
@given(data=st.data())
def test_verifying_presentations_never_breaks(data: st.DataObject) -> None:
    body = {"verifiablePresentation": PRESENTED, "options": {"checks": [], "domain": "d"}}
    _post("/vc-api/presentations/verify", _spoil(body, data))


@NO_HURRY
@given(data=st.data())
def test_setting_a_status_never_breaks(data: st.DataObject) -> None:
    status = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "status": True}
    body = {"credentialId": SIGNED["list"]["id"], "credentialStatus": status}
    _post("/vc-api/status/credentials/status", _spoil(body, data))


@given(data=st.binary(max_size=200))
@pytest.mark.parametrize("path", ["credentials/issue", "credentials/verify", "presentations/verify"])
def test_any_bytes_are_a_fault_of_the_request(path: str, data: bytes) -> None:
    assert SURFACE.post(f"/vc-api/{path}", data).status_code in (400, 422)


def _issued(curve: str, base: str, **changes: Any) -> Any:
    return SURFACE.issued(base, curve, **changes)


BASE_PROOF = _issued("P-256", "/vc-api/ecdsa-sd-2023")
SIGNED: dict[str, Any] = {
    "rdfc": _issued("Ed25519", "/vc-api"),
    "jcs": _issued("P-384", "/vc-api/ecdsa-jcs-2019"),
    "disclosed": SURFACE.post(
        "/vc-api/ecdsa-sd-2023/credentials/derive",
        {"verifiableCredential": BASE_PROOF, "options": {"selectivePointers": ["/credentialSubject"]}},
    ).get_json()["verifiableCredential"],
    "token": _issued("P-256", "/vc-api/vc-jwt"),
    "list": _issued("Ed25519", "/vc-api/status"),
}
PRESENTED = SURFACE.signed(SURFACE.presentation(SIGNED["rdfc"], SIGNED["token"], holder=SURFACE.did["Ed25519"]))
