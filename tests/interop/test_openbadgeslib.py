"""openbadgeslib (PyPI) and Plaudit judge each other's Open Badges 3.0: Data Integrity proofs, JWTs, status lists.

What it can: eddsa-rdfc-2022 with did:key and did:web, the JWT proof of Open Badges 3.0, Bitstring Status Lists. It
knows a fixed list of contexts and gives its verifier no way to know another: with ours in a credential it refuses, and
checks the proof alone when it is handed the context.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from openbadgeslib import ob3

import schemas
from credentials import baking, data_integrity, errors, strict_json
from credentials.jose import jws, vc_jwt
from credentials.verify import Outcome, Report, Verdict, verify
from tests.interop.employer import Employer
from tests.interop.shared_keys import EdKey
from tests.worlds.completions import NOW, SIGNED_AT

pytestmark = [pytest.mark.interop]

KEY = EdKey("openbadgeslib")
_PAIR = Ed25519PrivateKey.from_private_bytes(KEY.secret())
PRIVATE = _PAIR.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
PUBLIC = _PAIR.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def theirs() -> ob3.OpenBadgeCredential:
    """A credential of their own model, with a name of every width."""
    return ob3.OpenBadgeCredential(
        issuer=ob3.Issuer(id=KEY.controller, name="Ọláwálé & 空間"),
        recipient_id="did:example:student",
        achievement=ob3.Achievement(
            id="https://employer.example/a/1",
            name="Accessibility audit",
            description="An audit of 14 screens.",
            criteria_narrative="Each finding reproduced.",
        ),
        id="https://employer.example/c/1",
        issuance_date=SIGNED_AT,
    )


def open_badge() -> dict[str, Any]:
    """Our record as far as Open Badges itself goes: without our own context and what it defines."""
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        "id": "https://employer.example/c/2",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "Accessibility audit",
        "issuer": {"id": KEY.controller, "type": ["Profile"], "name": "Employer Example"},
        "validFrom": "2026-06-21T12:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": "Nguyễn Thị Hồng Ánh",
                    "identityType": "name",
                }
            ],
            "achievement": {
                "id": "https://employer.example/a/2",
                "type": ["Achievement"],
                "achievementType": "Fieldwork",
                "name": "Accessibility audit",
                "description": "An audit of 14 screens.",
                "criteria": {"narrative": "Each finding reproduced."},
            },
        },
        "credentialSchema": [{"id": schemas.OPEN_BADGES_SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }


def judge(document: dict[str, Any]) -> Report:
    return verify(strict_json.dumps(document), fetcher=Employer().web, now=NOW)


def _another_name(document: dict[str, Any]) -> None:
    document["credentialSubject"]["achievement"]["name"] = "Something grander"


def _another_issuer(document: dict[str, Any]) -> None:
    document["issuer"]["id"] = EdKey("somebody else").controller


def _another_signature(document: dict[str, Any]) -> None:
    proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
    value = proof["proofValue"]
    proof["proofValue"] = value[:20] + ("2" if value[20] != "2" else "3") + value[21:]


ALTERATIONS = pytest.mark.parametrize("alter", [_another_name, _another_issuer, _another_signature])


def signed_by_us() -> dict[str, Any]:
    return data_integrity.add_proof(open_badge(), signer=KEY, created=SIGNED_AT)


def signed_by_them() -> dict[str, Any]:
    """By the function that takes a date: their signer dates by the clock of today."""
    return dict(ob3.add_data_integrity_proof(theirs().to_vc(), PRIVATE, KEY.verification_method, created=SIGNED_AT))


def test_it_accepts_our_proof_and_reads_what_we_wrote() -> None:
    credential = ob3.OB3LdpVerifier.for_issuer_did(KEY.controller).verify(signed_by_us())
    assert (credential.name, credential.issuer.id) == ("Accessibility audit", KEY.controller)


@ALTERATIONS
def test_it_refuses_our_credential_once_altered(alter: Callable[[dict[str, Any]], None]) -> None:
    document = deepcopy(signed_by_us())
    alter(document)
    with pytest.raises(ob3.OB3VerificationError):
        ob3.OB3LdpVerifier.for_issuer_did(KEY.controller).verify(document)


def test_we_accept_its_proof() -> None:
    report = judge(signed_by_them())
    assert report.verdict is Verdict.ISSUER_NOT_RECOGNISED  # a did:key: genuine, and nothing shows whose it is
    assert report.step("signature").outcome is Outcome.PASSED


@ALTERATIONS
def test_we_refuse_its_credential_once_altered(alter: Callable[[dict[str, Any]], None]) -> None:
    document = signed_by_them()
    alter(document)
    assert judge(document).verdict in (Verdict.ALTERED, Verdict.INVALID)


def test_both_sign_the_same_bytes() -> None:
    ours = data_integrity.add_proof(open_badge(), signer=KEY, created=SIGNED_AT)
    made = ob3.add_data_integrity_proof(open_badge(), PRIVATE, KEY.verification_method, created=SIGNED_AT)
    assert ours["proof"][0]["proofValue"] == made["proof"]["proofValue"]


def test_its_verifier_refuses_our_context_and_its_proof_check_takes_it() -> None:
    """The list of contexts is fixed in its verifier; the function beneath lets a caller add one."""
    document = Employer().unsigned()
    document["issuer"]["id"] = KEY.controller
    signed = data_integrity.add_proof(document, signer=KEY, created=SIGNED_AT)
    with pytest.raises(ob3.OB3VerificationError, match="not in the bundled allowlist"):
        ob3.OB3LdpVerifier.for_issuer_did(KEY.controller).verify(signed)
    contexts = {schemas.PLAUDIT_CONTEXT: schemas.contexts()[schemas.PLAUDIT_CONTEXT]}
    ob3.verify_data_integrity_proof(signed, PUBLIC, extra_contexts=contexts)
    signed["credentialSubject"]["role"] = "Director"
    with pytest.raises(ob3.OB3VerificationError):
        ob3.verify_data_integrity_proof(signed, PUBLIC, extra_contexts=contexts)


def test_we_check_its_jwt_and_never_with_the_key_in_its_header() -> None:
    """Open Badges 3.0, 8.2: the payload is the credential, `typ` is JWT, and this issuer puts its key into `jwk`."""
    token = ob3.OB3Signer(PRIVATE, algorithm="EdDSA").sign(theirs())
    parsed = jws.parse(token)
    assert parsed.header["jwk"]["kty"] == "OKP"
    jws.check(parsed, KEY.public, typ=("jwt",))
    assert strict_json.loads_object(parsed.payload)["name"] == "Accessibility audit"
    with pytest.raises(errors.SignatureInvalid):
        jws.check(parsed, EdKey("somebody else").public, typ=("jwt",))
    with pytest.raises(errors.TokenTypeMismatch):
        vc_jwt.read_credential(token)


def test_it_accepts_our_token_with_the_claims_of_open_badges() -> None:
    """It asks for `iss` among the claims, which vc+jwt leaves out: such a token alone it refuses."""
    verifier = ob3.OB3Verifier.for_issuer_did(KEY.controller)
    document = open_badge()
    with pytest.raises(ob3.OB3VerificationError, match="missing the required 'iss' claim"):
        verifier.verify(vc_jwt.sign_credential(document, KEY))
    claims = {**document, "iss": KEY.controller, "jti": document["id"], "nbf": int(SIGNED_AT.timestamp())}
    token = jws.sign({"typ": "JWT", "kid": KEY.verification_method}, strict_json.dumps(claims), KEY)
    assert verifier.verify(token).name == "Accessibility audit"
    header, _, signature = token.split(".")
    forged = jws.sign({"typ": "JWT"}, strict_json.dumps({**claims, "name": "Other"}), KEY).split(".")[1]
    with pytest.raises(ob3.OB3VerificationError):
        verifier.verify(f"{header}.{forged}.{signature}")


@pytest.mark.parametrize("withdrawn", [False, True])
def test_it_sees_our_revocations(withdrawn: bool) -> None:
    """The list is encoded by us. Of signed lists it checks JWTs alone, so here it takes the host's word."""
    employer = Employer()
    employer.publish_list(*([7] if withdrawn else []))
    document = {**open_badge(), "credentialStatus": employer.unsigned()["credentialStatus"]}
    credential = ob3.OB3LdpVerifier.for_issuer_did(KEY.controller).verify(
        data_integrity.add_proof(document, signer=KEY, created=SIGNED_AT)
    )

    def fetch(url: str) -> bytes:
        return employer.web.fetch(url).body

    if not withdrawn:
        ob3.check_credential_status(credential, download=fetch)
    else:
        with pytest.raises(ob3.OB3VerificationError, match="'revocation' is set at index 7"):
            ob3.check_credential_status(credential, download=fetch)


PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_we_read_the_token_that_it_baked_into_an_image(kind: str) -> None:
    signer = ob3.OB3Signer(PRIVATE, algorithm="EdDSA")
    if kind == "png":
        token = baking.read_png(signer.sign_into_png(theirs(), PNG))
    else:
        token = baking.read_svg(signer.sign_into_svg(theirs(), SVG))
    jws.check(jws.parse(token), KEY.public, typ=("jwt",))


def test_we_read_the_proof_that_it_baked_into_an_image() -> None:
    made = ob3.OB3LdpSigner(PRIVATE, verification_method=KEY.verification_method).sign_into_png(theirs(), PNG)
    document = strict_json.loads_object(baking.read_png(made))
    data_integrity.check_proof(document, document["proof"], KEY.public)


def test_it_reads_what_we_baked_into_an_image() -> None:
    signed = strict_json.dumps(signed_by_us())
    in_png = ob3.OB3Verifier.extract_token_from_png(baking.bake_png(PNG, signed))
    in_svg = ob3.OB3Verifier.extract_token_from_svg(baking.bake_svg(SVG, signed))
    for text in (in_png, in_svg):
        assert ob3.OB3LdpVerifier.for_issuer_did(KEY.controller).verify(text).name == "Accessibility audit"


def test_it_names_our_key_as_we_do() -> None:
    assert ob3.did_key_from_pem(PUBLIC) == KEY.controller
    assert json.dumps(ob3.multikey_from_pem(PUBLIC)) == json.dumps(KEY.public.multikey)
