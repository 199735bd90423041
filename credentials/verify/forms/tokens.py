"""Credentials inside a signed envelope: JWT, SD-JWT and COSE. Takes them apart; checks no signature, fetches nothing.

Source: VC-JOSE-COSE 1.0, 3; SD-JWT VC; VCDM 1.1, 6.3.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from credentials import errors, jsonld, vcdm
from credentials.cose import vc as vc_cose
from credentials.jose import claims as registered
from credentials.jose import jws, vc_jwt, vc_jwt_1_1
from credentials.jose.vc_jwt import SecuredJwt
from credentials.multikey import PublicKey
from credentials.sd_jwt import profiles, serialization, times, verifying
from credentials.sd_jwt.profiles import Profile
from credentials.sd_jwt.serialization import SdJwt
from credentials.verify.forms import embedded
from credentials.verify.forms.face import KeyClaim, Signature, Window

#: `typ` of an SD-JWT that may hold a W3C credential or, under the name of older drafts, an SD-JWT VC.
_SHARED_TYP = "vc+sd-jwt"


@dataclass(frozen=True, slots=True)
class TokenSignature:
    """The one signature of a token. `verify_with` raises the typed error of what is wrong with it under a key."""

    kid: str | None
    algorithm: str
    issued_at: datetime | None
    verify_with: Callable[[PublicKey], None]
    more: Mapping[str, Any] = field(default_factory=dict)
    x5c: Any = None

    def claim(self) -> KeyClaim:
        return KeyClaim(self.kid, self.issued_at, self.x5c)

    def check(self, key: PublicKey) -> None:
        self.verify_with(key)

    def describe(self) -> dict[str, Any]:
        named = {"alg": self.algorithm, "kid": self.kid, **self.more}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class EnvelopedCredential:
    """A credential and the token that it came in. `own` is when it holds itself, `of_token` when its signature does."""

    format: str
    document: Mapping[str, Any]
    issuer: str
    signatures: Sequence[Signature]
    own: Window
    of_token: Window
    status: Sequence[Any]

    def windows(self) -> Sequence[Window]:
        return [self.own, self.of_token]


def read_jwt(token: bytes) -> EnvelopedCredential:
    """Read a `vc+jwt`, or a JWT of version 1.1 by its `typ`. Raises the typed error of the first thing wrong."""
    typ = jws.media_type(jws.parse(token).header.get("typ", "JWT"))
    secured = vc_jwt_1_1.read_credential_1_1(token) if typ == "jwt" else vc_jwt.read_credential(token)
    _check_document(secured.document)
    return _from_jwt("vc+jwt" if typ != "jwt" else "vc+jwt (1.1)", secured)


def _from_jwt(name: str, secured: SecuredJwt) -> EnvelopedCredential:
    claims = secured.claims
    signature = TokenSignature(
        secured.kid,
        secured.jws.algorithm,
        claims.issued_at,
        secured.check_signature,
        x5c=secured.jws.header.get("x5c"),
    )
    return EnvelopedCredential(
        name,
        secured.document,
        vcdm.issuer_id(secured.document) or "",
        [signature],
        embedded.own_window(secured.document),
        Window(claims.not_before, claims.expires, of_signature=True),
        embedded.status_entries(secured.document),
    )


def read_sd_jwt(text: bytes) -> EnvelopedCredential:
    """Read an SD-JWT: a W3C credential (`vc+sd-jwt`) or an SD-JWT VC (`dc+sd-jwt`).

    A key binding that came with it is not checked here: nobody gave it a challenge to answer.
    """
    parsed = serialization.parse(text)
    claims = parsed.processed.claims
    is_vcdm = jws.media_type(parsed.header.get("typ")) == _SHARED_TYP and "@context" in claims
    profile = profiles.CREDENTIAL if is_vcdm else profiles.SD_JWT_VC_OLD
    verifying.check_kind(parsed, profile)
    if is_vcdm:
        return _w3c_sd_jwt(parsed)
    return _sd_jwt_vc(parsed)


def _w3c_sd_jwt(parsed: SdJwt) -> EnvelopedCredential:
    claims = registered.read({}, parsed.processed.claims)
    document = profiles.document(parsed.processed.claims)
    _check_document(document)
    return EnvelopedCredential(
        _SHARED_TYP,
        document,
        vcdm.issuer_id(document) or "",
        [_sd_jwt_signature(parsed, profiles.CREDENTIAL, claims.issued_at)],
        embedded.own_window(document),
        Window(claims.not_before, claims.expires, of_signature=True),
        embedded.status_entries(document),
    )


def _sd_jwt_vc(parsed: SdJwt) -> EnvelopedCredential:
    """An SD-JWT VC has no document of its own: its claims are that, and its times are the credential's own."""
    claims = parsed.processed.claims
    issuer = _sd_jwt_vc_issuer(claims)
    start, end, issued_at = (_moment(claims, name) for name in ("nbf", "exp", "iat"))
    return EnvelopedCredential(
        "dc+sd-jwt",
        {"issuer": issuer, **claims},
        issuer,
        [_sd_jwt_signature(parsed, profiles.SD_JWT_VC_OLD, issued_at)],
        Window(start, end),
        Window(None, None, of_signature=True),
        [claims["status"]] if "status" in claims else [],
    )


def _sd_jwt_signature(parsed: SdJwt, profile: Profile, issued_at: datetime | None) -> TokenSignature:
    more = {
        "disclosed": list(parsed.processed.disclosed),
        "keyBinding": None if parsed.key_binding is None else "not_checked",
    }
    return TokenSignature(
        parsed.kid,
        parsed.issuer_signed[0].algorithm,
        issued_at,
        lambda key: verifying.check_signature(parsed, key, profile),
        more,
        parsed.header.get("x5c"),
    )


def read_cose(data: bytes) -> EnvelopedCredential:
    """Read a `vc+cose` message. Raises the typed error of the first thing wrong."""
    secured = vc_cose.read(data)
    if secured.kind != vc_cose.CREDENTIAL:
        raise errors.FormatNotSupported("this holds a credential instead of being one")
    _check_document(secured.document)
    signature = TokenSignature(secured.kid, secured.message.algorithm, None, lambda key: vc_cose.check(secured, key))
    return EnvelopedCredential(
        "vc+cose",
        secured.document,
        vcdm.issuer_id(secured.document) or "",
        [signature],
        embedded.own_window(secured.document),
        Window(None, None, of_signature=True),
        embedded.status_entries(secured.document),
    )


def _check_document(document: Mapping[str, Any]) -> None:
    """The same rules as for embedded proofs: the data model, known contexts, and no term that nobody defines."""
    embedded.check_document(document)
    embedded.check_contexts(document)
    jsonld.to_quads(document)


def _sd_jwt_vc_issuer(claims: Mapping[str, Any]) -> str:
    """`iss`, which an issuer of the data model's shape in the claims must not contradict."""
    issuer = claims.get("iss")
    if not isinstance(issuer, str):
        raise errors.ClaimMalformed("iss, which names the issuer, is missing", pointer="/iss")
    if vcdm.issuer_id(claims) not in (None, issuer):
        raise errors.IssuerMismatch("iss and issuer name two issuers", pointer="/iss")
    return issuer


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    seconds = times.seconds(claims, name)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
