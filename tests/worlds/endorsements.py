"""Endorsements of the usual credential, each signed for real by a party of its own."""

from __future__ import annotations

from typing import Any

from credentials import strict_json
from credentials.jose import jws
from tests.worlds.issuers import Issuer, sign
from tests.worlds.memory_web import MemoryWeb

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
CREDENTIAL = "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"
ACHIEVEMENT = "https://employer.example/a/bbbbbbbbbbbbbbbbbbbbbbbbbb"
COMMENT = "I reviewed the report with her team."


def party(web: MemoryWeb, domain: str) -> Issuer:
    """An endorser with a did:web of its own on the same web."""
    return Issuer(web, domain)


def unsigned(
    endorser: Issuer, about: str = CREDENTIAL, *, name: str = "Example School", **changes: Any
) -> dict[str, Any]:
    """An endorsement of `about`, not yet signed."""
    return {
        "@context": CONTEXTS,
        "id": f"https://{endorser.domain}/endorsements/{about[-4:]}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Endorsement",
        "issuer": {"id": endorser.did, "type": ["Profile"], "name": name},
        "validFrom": "2026-06-22T12:00:00Z",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": COMMENT},
        **changes,
    }


def embedded(endorser: Issuer, about: str = CREDENTIAL, **changes: Any) -> dict[str, Any]:
    """The same with a Data Integrity proof."""
    return sign(unsigned(endorser, about, **changes), endorser.key)


def token(endorser: Issuer, about: str = CREDENTIAL, **changes: Any) -> str:
    """The same as a vc+jwt."""
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": endorser.key.verification_method}
    return jws.sign(header, strict_json.dumps(unsigned(endorser, about, **changes)), endorser.key)


def endorsed(issuer: Issuer, *endorsements: dict[str, Any] | str, **options: Any) -> dict[str, Any]:
    """The usual credential with these endorsements on it, signed by `issuer`."""
    document = issuer.unsigned()
    objects = [item for item in endorsements if isinstance(item, dict)]
    tokens = [item for item in endorsements if isinstance(item, str)]
    members = {"endorsement": objects, "endorsementJwt": tokens}
    signed: dict[str, Any] = issuer.issue(
        {**document, **{name: value for name, value in members.items() if value}}, **options
    )
    return signed
