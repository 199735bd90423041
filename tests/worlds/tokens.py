"""One credential in each enveloped format that the verifier reads, signed with a real key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from credentials import strict_json, vcdm
from credentials.cose import vc as vc_cose
from credentials.jose import enveloped, jws, vc_jwt
from credentials.ports import Signer
from credentials.sd_jwt import issuing, profiles
from tests.worlds.completions import SIGNED_AT


def salts(seed: str = "salts") -> Callable[[int], bytes]:
    """Salts that are the same in every run and never come twice."""
    count = 0

    def next_salt(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed} {count}".encode()).digest(size)

    return next_salt


def as_jwt(document: Mapping[str, Any], signer: Signer, **options: Any) -> bytes:
    return vc_jwt.sign_credential(document, signer, issued_at=SIGNED_AT, **options).encode()


def as_enveloped_jwt(document: Mapping[str, Any], signer: Signer) -> bytes:
    return strict_json.dumps(enveloped.wrap("vc+jwt", as_jwt(document, signer)))


def as_sd_jwt(document: Mapping[str, Any], signer: Signer) -> bytes:
    hidden = ["/credentialSubject/role", "/credentialSubject/identifier", "/evidence/0"]
    return issuing.issue(
        document, disclosable=hidden, signer=signer, salts=salts(), profile=profiles.CREDENTIAL,
        header={"kid": signer.verification_method},
    ).encode()  # fmt: skip


def as_sd_jwt_vc(document: Mapping[str, Any], signer: Signer) -> bytes:
    """The same content as an SD-JWT VC, whose claims are no JSON-LD: its times are numbers, its issuer is `iss`."""
    kept = ("name", "credentialSubject", "evidence", "awardedDate")
    claims = {name: document[name] for name in kept if name in document}
    named = {"iss": vcdm.issuer_id(document), "vct": "https://w3id.org/plaudit/completion", "iat": _iat()}
    return issuing.issue(
        {**named, **claims}, disclosable=["/credentialSubject/role"], signer=signer, salts=salts(),
        profile=profiles.SD_JWT_VC, header={"kid": signer.verification_method},
    ).encode()  # fmt: skip


def as_cose(document: Mapping[str, Any], signer: Signer) -> bytes:
    return vc_cose.secure(document, signer)


def as_jwt_1_1(document: Mapping[str, Any], signer: Signer, **claims: Any) -> bytes:
    """A token of VCDM 1.1: the credential in the claim `vc`."""
    payload = {"iss": vcdm.issuer_id(document), "nbf": _iat(), "vc": dict(document), **claims}
    return jws.sign({"typ": "JWT", "kid": signer.verification_method}, strict_json.dumps(payload), signer).encode()


def _iat() -> int:
    return int(SIGNED_AT.timestamp())


#: Formats whose content is a W3C credential of version 2.0.
OF_VCDM_2: dict[str, Callable[[Mapping[str, Any], Signer], bytes]] = {
    "vc+jwt": as_jwt,
    "vc+jwt in an envelope": as_enveloped_jwt,
    "vc+sd-jwt": as_sd_jwt,
    "vc+cose": as_cose,
}
ALL = {**OF_VCDM_2, "dc+sd-jwt": as_sd_jwt_vc}


def altered(token: bytes) -> bytes:
    """A compact token whose signature was made of something else; its last character keeps its unused bits."""
    signature = token.split(b".")[2].split(b"~")[0]
    return token.replace(signature, bytes(reversed(signature[:-1])) + signature[-1:])
