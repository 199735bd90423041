"""Credentials and presentations of VCDM 2.0 secured as JWS: `vc+jwt` and `vp+jwt`. It finds no keys and asks no clock.

The payload is the credential itself; claims about the token stand beside its members and must agree with them.
Source: VC-JOSE-COSE 1.0, 3.1; VCDM 2.0, 4.13; RFC 7519, 4.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import errors, strict_json, vcdm
from credentials.jose import claims, defined_members, enveloped, jws
from credentials.jose.claims import Claims
from credentials.jose.enveloped import Envelope
from credentials.jose.jws import Jws
from credentials.multikey import PublicKey
from credentials.ports import Signer

#: Claims of the older encoding. Under the newer media types they would be a second credential beside the first.
_FORBIDDEN: Final = ("vc", "vp")


@dataclass(frozen=True, slots=True)
class SecuredJwt:
    """A token that was read and found consistent; `check_signature` says whether it was signed with a key.

    `document` is the credential or presentation without the claims about the token. `envelopes` holds the credentials
    of a presentation, unopened. Time is judged by the caller, by the earliest of all ends and the latest of all
    starts: `claims.expires`, `claims.not_before`, and the credential's own.
    """

    jws: Jws
    document: dict[str, Any]
    claims: Claims
    envelopes: tuple[Envelope, ...] = ()

    @property
    def kid(self) -> str | None:
        """What the header calls the key, if anything: to be looked up in the issuer's own document only."""
        return self.jws.kid

    def check_signature(self, key: PublicKey) -> None:
        """Check the signature with `key`.

        Raises `errors.AlgorithmKeyMismatch`, `errors.SignatureMalformed` or `errors.SignatureInvalid`.
        """
        jws.check_signature(self.jws, key)


def sign_credential(
    document: Mapping[str, Any],
    signer: Signer,
    *,
    kid: str | None = None,
    issued_at: datetime | None = None,
    expires: datetime | None = None,
) -> str:
    """Sign a credential of VCDM 2.0 as vc+jwt. `issued_at` and `expires` are about the signature, not the credential.

    `kid` is the signer's verification method unless given; the issuer stands in the header as `iss`. Raises
    `errors.NotACredential`, `errors.CredentialMalformed`, `errors.UnexpectedClaim` (a member with a claim's name),
    `errors.MemberUndefined`, and what `jws.sign` raises.
    """
    _check_kind(document, "VerifiableCredential")
    return _sign("vc", document, vcdm.issuer_id(document), signer, kid, _times(issued_at, expires))


def sign_presentation(
    document: Mapping[str, Any],
    signer: Signer,
    *,
    kid: str | None = None,
    issued_at: datetime | None = None,
    expires: datetime | None = None,
    audience: str | None = None,
    nonce: str | None = None,
) -> str:
    """Sign a presentation of enveloped credentials as vp+jwt, for `audience` and with its `nonce` where it asked so.

    Raises what `sign_credential` raises, and what `enveloped.read_credentials` raises.
    """
    _check_kind(document, "VerifiablePresentation")
    enveloped.read_credentials(document)
    asked = {"aud": audience, "nonce": nonce}
    more = {**_times(issued_at, expires), **{name: value for name, value in asked.items() if value is not None}}
    return _sign("vp", document, vcdm.holder_id(document), signer, kid, more)


def read_credential(token: str | bytes) -> SecuredJwt:
    """Read a vc+jwt: its form, its type, its claims against the credential's own members. No key is needed for that.

    Raises what `jws.parse` raises, `errors.TokenTypeMismatch`, `errors.UnexpectedClaim`, `errors.ClaimMalformed`,
    `errors.ClaimMismatch`, `errors.IssuerMismatch`, `errors.NotACredential` and `errors.CredentialMalformed` (the
    context is not that of VCDM 2.0; its other rules are `vcdm.check`'s).
    """
    secured = _read(token, "vc")
    _check_kind(secured.document, "VerifiableCredential")
    claims.check_issuer(secured.claims, vcdm.issuer_id(secured.document))
    claims.check_subject(secured.claims, secured.document)
    return secured


def read_presentation(token: str | bytes) -> SecuredJwt:
    """Read a vp+jwt; `iss` is held against `holder`, and every credential in it must be an envelope.

    Raises what `read_credential` raises, and what `enveloped.read_credentials` raises.
    """
    secured = _read(token, "vp")
    _check_kind(secured.document, "VerifiablePresentation")
    if "holder" in secured.document:
        claims.check_issuer(secured.claims, vcdm.holder_id(secured.document))
    envelopes = enveloped.read_credentials(secured.document)
    return SecuredJwt(secured.jws, secured.document, secured.claims, envelopes)


def _read(token: str | bytes, kind: str) -> SecuredJwt:
    parsed = jws.parse(token)
    jws.check_type(parsed.header, (f"{kind}+jwt",))
    if jws.media_type(parsed.header.get("cty", kind)) != kind:
        raise errors.TokenTypeMismatch(f"cty is {str(parsed.header['cty'])[:80]!r}, not {kind}")
    payload = strict_json.loads_object(parsed.payload)
    for name in _FORBIDDEN:
        if name in payload:
            raise errors.UnexpectedClaim(f"the claim {name} must not stand in a {kind}+jwt", pointer=f"/{name}")
    found = claims.read(parsed.header, payload)
    claims.check_id(found, payload)
    if not claims.NAMES.isdisjoint(payload):
        payload = {name: value for name, value in payload.items() if name not in claims.NAMES}
    return SecuredJwt(parsed, payload, found)


def _sign(
    kind: str,
    document: Mapping[str, Any],
    issuer: str | None,
    signer: Signer,
    kid: str | None,
    more: Mapping[str, Any],
) -> str:
    for name in document:
        if name in claims.NAMES or name in _FORBIDDEN:
            raise errors.UnexpectedClaim(f"{name} is the name of a claim, not of a member", pointer=f"/{name}")
    defined_members.check(document)
    header = {"alg": signer.algorithm, "typ": f"{kind}+jwt", "cty": kind, "kid": kid or signer.verification_method}
    if issuer is not None:
        header["iss"] = issuer
    return jws.sign(header, strict_json.dumps({**document, **more}), signer)


def _times(issued_at: datetime | None, expires: datetime | None) -> dict[str, Any]:
    times = {"iat": issued_at, "exp": expires}
    return {name: claims.numeric_date(moment) for name, moment in times.items() if moment is not None}


def _check_kind(document: Mapping[str, Any], kind: str) -> None:
    if kind not in vcdm.types(document):
        raise errors.NotACredential(f"what was signed has not the type {kind}")
    if vcdm.as_list(document.get("@context"))[:1] != [vcdm.CONTEXT]:
        raise errors.CredentialMalformed("the first context is not that of VCDM 2.0", pointer="/@context")
