"""W3C credentials and presentations secured with COSE: the official cases, and what a stranger may try."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from credentials import errors, strict_json
from credentials.cose import sign1, vc
from credentials.multikey import PublicKey
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "https://issuer.example/",
    "credentialSubject": {"id": "urn:uuid:4ad6dd2e-67a1-4a6f-8b2c-1b0e9b7f9f9f"},
}
ENVELOPE = {
    "@context": "https://www.w3.org/ns/credentials/v2",
    "type": "EnvelopedVerifiableCredential",
    "id": "data:application/vc+jwt,a.b.c",
}
PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": "VerifiablePresentation",
    "verifiableCredential": [ENVELOPE, CREDENTIAL],
}
SIGNERS: dict[str, Callable[[], Any]] = {
    "vm-ed25519.json": lambda: Key("vector"),
    "vm-did-ed25519.json": lambda: Key("vector"),
    "vm-p256.json": lambda: EcKey("vector", "ES256"),
    "vm-p384.json": lambda: EcKey("vector", "ES384"),
    "vm-p521.json": lambda: EcKey("vector", "ES512"),
}


def _run(case: dict[str, Any], folder: Path) -> None:
    """Do what the case asks. A test signs with a key of its own of the same kind, and reads back what it signed."""
    source = (folder / case["input_file"]).read_bytes()
    if case["fn"] == "issue":
        signer = SIGNERS[case["key_file"]]()
        secured = vc.read(vc.secure(strict_json.loads_object(source), signer))
        vc.check(secured, signer.public)
        assert secured.document == json.loads(source)
        return
    secured = vc.read(vc.from_base64(source.decode().strip()))
    key = PublicKey.from_jwk(json.loads((folder / case["key_file"]).read_bytes())["publicKeyJwk"])
    vc.check(secured, key)
    assert secured.kind == (vc.CREDENTIAL if case["feature"] == "credential_cose" else vc.PRESENTATION)


def test_all_official_cases_end_as_listed(vectors: Path) -> None:
    folder = vectors / "w3c-vc-jose-cose-inputs"
    cases = [case for case in json.loads((folder / "_mapping.json").read_bytes()) if case["feature"].endswith("_cose")]
    assert len(cases) == 9
    for case in cases:
        if case["expected_result"] == "success":
            _run(case, folder)
        else:
            with pytest.raises((errors.BadData, errors.Refused)):
                _run(case, folder)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("credential-cose-bad-signature.txt", errors.SignatureInvalid),
        ("credential-cose-bad-media-type.txt", errors.TokenTypeMismatch),
        ("presentation-cose-bad-media-type.txt", errors.TokenTypeMismatch),
        ("presentation-cose-bad-credential.txt", errors.EnvelopeMalformed),
        ("credential-cose-minimal-not-base64.txt", errors.BadData),
    ],
)
def test_each_official_failure_fails_for_its_own_reason(vectors: Path, name: str, error: type[Exception]) -> None:
    folder = vectors / "w3c-vc-jose-cose-inputs"
    key = PublicKey.from_jwk(json.loads((folder / "vm-ed25519.json").read_bytes())["publicKeyJwk"])
    with pytest.raises(error):
        vc.check(vc.read(vc.from_base64((folder / name).read_text().strip())), key)


@pytest.mark.parametrize(
    ("document", "typ", "content_type"),
    [
        (CREDENTIAL, "application/vc+cose", "application/vc"),
        (PRESENTATION, "application/vp+cose", "application/vp"),
    ],
)
def test_the_headers_name_what_is_inside(document: dict[str, Any], typ: str, content_type: str) -> None:
    key = Key("vc", "https://issuer.example/keys")
    secured = vc.read(vc.secure(document, key))
    assert (secured.message.typ, secured.message.content_type) == (typ, content_type)
    assert (secured.kid, secured.document) == (key.verification_method, document)
    assert vc.read(vc.secure(document, key, kid="other")).kid == "other"
    vc.check(secured, key.public)


def _signed(document: Any, **headers: Any) -> bytes:
    return sign1.sign(strict_json.dumps(document), Key("vc"), **headers)


def test_headers_that_say_less_than_usual_are_enough() -> None:
    """The content type and kid are optional."""
    secured = vc.read(_signed(CREDENTIAL, typ="application/vc+cose"))
    assert secured.kid is None


@pytest.mark.parametrize(
    ("document", "headers"),
    [
        (CREDENTIAL, {}),
        (CREDENTIAL, {"typ": "vc+cose"}),
        (CREDENTIAL, {"typ": "application/vp+cose"}),
        (PRESENTATION, {"typ": "application/vc+cose"}),
        (CREDENTIAL, {"typ": "application/vc+cose", "content_type": "application/vp"}),
    ],
)
def test_a_message_of_another_type_is_refused(document: dict[str, Any], headers: dict[str, str]) -> None:
    with pytest.raises(errors.TokenTypeMismatch):
        vc.read(_signed(document, **headers))


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({**CREDENTIAL, "issuer": 5}, errors.CredentialMalformed),
        ({**PRESENTATION, "@context": []}, errors.CredentialMalformed),
        ({**PRESENTATION, "@context": ["https://www.w3.org/2018/credentials/v1"]}, errors.CredentialMalformed),
        ({"vc": CREDENTIAL}, errors.UnexpectedClaim),
        ({**CREDENTIAL, "vp": {}}, errors.UnexpectedClaim),
        ({**PRESENTATION, "verifiableCredential": ["data:application/vc+jwt,a.b.c"]}, errors.EnvelopeMalformed),
        ({**PRESENTATION, "verifiableCredential": {**ENVELOPE, "id": "https://x.example"}}, errors.EnvelopeMalformed),
        ({**PRESENTATION, "verifiableCredential": {**ENVELOPE, "id": None}}, errors.EnvelopeMalformed),
    ],
)
def test_a_document_that_is_neither_is_not_signed_and_not_read(
    document: dict[str, Any], error: type[errors.BadData]
) -> None:
    with pytest.raises(error):
        vc.secure(document, Key("vc"))
    for typ in ("application/vc+cose", "application/vp+cose"):
        with pytest.raises(error):
            vc.read(_signed(document, typ=typ))


@pytest.mark.parametrize("payload", [b"[]", b"{", b'{"a":1,"a":1}', b"\xff"])
def test_the_payload_passes_the_json_gate(payload: bytes) -> None:
    with pytest.raises(errors.InvalidJson):
        vc.read(sign1.sign(payload, Key("vc"), typ="application/vc+cose"))


def test_base64_is_read_with_and_without_padding() -> None:
    for data in (b"", b"1", b"12", b"123", bytes(range(256))):
        text = base64.b64encode(data).decode()
        assert vc.from_base64(text) == vc.from_base64(text.rstrip("=")) == data


@pytest.mark.parametrize("text", ["AB", "A", "AA=", "A A=", "AA==\n", "-_8=", "é", "A===", "AAAA===="])
def test_other_texts_are_not_base64(text: str) -> None:
    with pytest.raises(errors.MalformedEncoding):
        vc.from_base64(text)


def test_a_text_beyond_any_message_is_not_decoded() -> None:
    with pytest.raises(errors.TokenTooLarge):
        vc.from_base64("A" * (vc.MAX_TEXT + 1))
