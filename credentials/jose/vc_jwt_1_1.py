"""Credentials of the older data model in the older token: VCDM 1.1 with a `vc` claim. Read only, and never mixed.

The claims of the token stand for members of the credential; here they are put back where the data model has them.
Source: VCDM 1.1, 6.3.1 (JWT encoding and decoding).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from credentials import errors, strict_json, timestamps, vcdm
from credentials.jose import claims, jws
from credentials.jose.claims import Claims
from credentials.jose.vc_jwt import SecuredJwt

#: Members that would make the payload a second credential beside the one in `vc`; and the claim of presentations.
_FOREIGN: Final = ("@context", "type", "issuer", "credentialSubject", "vp")


def read_credential_1_1(token: str | bytes) -> SecuredJwt:
    """Read a token of VCDM 1.1; `document` is the credential with the claims put in (6.3.1, JWT decoding).

    `typ` must be "JWT" where there is one. Raises what `jws.parse` raises, `errors.TokenTypeMismatch`,
    `errors.UnexpectedClaim` (the shape of VCDM 2.0, or of both), `errors.ClaimMalformed`, `errors.ClaimMismatch`,
    `errors.IssuerMismatch`, `errors.NotACredential` and `errors.CredentialMalformed`.
    """
    parsed = jws.parse(token)
    if "typ" in parsed.header:
        jws.check_type(parsed.header, ("jwt",))
    payload = strict_json.loads_object(parsed.payload)
    for name in _FOREIGN:
        if name in payload:
            raise errors.UnexpectedClaim(f"{name} does not stand beside the claim vc", pointer=f"/{name}")
    found = claims.read(parsed.header, payload)
    return SecuredJwt(parsed, _decode(_credential(payload), found), found)


def _credential(payload: Mapping[str, Any]) -> dict[str, Any]:
    credential = payload.get("vc")
    if not isinstance(credential, dict) or "VerifiableCredential" not in vcdm.types(credential):
        raise errors.NotACredential("there is no claim vc with a credential")
    if vcdm.as_list(credential.get("@context"))[:1] != [vcdm.OLD_CONTEXT]:
        raise errors.CredentialMalformed("the first context is not that of VCDM 1.1", pointer="/vc/@context")
    return credential


def _decode(credential: Mapping[str, Any], found: Claims) -> dict[str, Any]:
    """Where a claim and its member both stand, they must say the same: two readers must not see two credentials."""
    if found.iss is None:
        raise errors.ClaimMalformed("iss, which names the issuer, is missing", pointer="/iss")
    document = {"issuer": found.iss, **credential}
    claims.check_issuer(found, vcdm.issuer_id(document))
    claims.check_id(found, document)
    claims.check_subject(found, document)
    if found.jti is not None:
        document["id"] = found.jti
    if found.sub is not None:
        document["credentialSubject"] = _with_id(document.get("credentialSubject"), found.sub)
    _put_time(document, "issuanceDate", "nbf", found.not_before)
    _put_time(document, "expirationDate", "exp", found.expires)
    return document


def _with_id(subject: Any, identifier: str) -> Any:
    return {"id": identifier, **subject} if isinstance(subject, dict) else subject


def _put_time(document: dict[str, Any], member: str, claim: str, moment: datetime | None) -> None:
    """A NumericDate has whole seconds and the member may have parts of one: they are compared in whole seconds."""
    if moment is None:
        return
    written = document.setdefault(member, timestamps.format(moment))
    try:
        same = claims.numeric_date(timestamps.parse(written)) == claims.numeric_date(moment)
    except errors.MalformedTimestamp as error:
        raise errors.CredentialMalformed(f"{member} is not a point in time", pointer=f"/vc/{member}") from error
    if not same:
        raise errors.ClaimMismatch(f"{claim} is not the {member} of the credential", pointer=f"/{claim}")
