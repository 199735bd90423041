"""What each kind of SD-JWT demands of its header and claims: plain, SD-JWT VC, and W3C credentials; checks no key.

Source: RFC 9901, 9.7 and 9.11; SD-JWT VC, "JOSE Header" and "Registered JWT Claims"; VC-JOSE-COSE 1.0, 3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, vcdm
from credentials.jose import claims as registered
from credentials.jose import enveloped, jws
from credentials.sd_jwt.disclosures import DIGESTS, ELEMENT_DIGEST
from credentials.sd_jwt.processing import Processed

#: Hiding one of these would let a holder keep back what judges the token (RFC 9901, 9.7).
_JUDGING: Final = frozenset({"iss", "aud", "exp", "nbf", "cnf"})
#: SD-JWT VC, "Registered JWT Claims".
_VC_OPEN: Final = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"})
#: VC-JOSE-COSE 1.0, 3.2.1: what is needed to validate and verify a credential.
_VCDM_OPEN: Final = _JUDGING | {
    "@context", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of SD-JWT: its media types, the first being the one that is written, and its rules.

    `issued_open` names the top-level claims that are never hidden here, nor anything in them; `read_open` those that
    a token is refused for when they were hidden. An empty `typ` leaves the type to the caller's header.
    """

    name: str
    typ: tuple[str, ...]
    issued_open: frozenset[str]
    read_open: frozenset[str]
    rules: Callable[[Mapping[str, Any]], object]
    cty: str | None = None

    def header(self) -> dict[str, str]:
        """The header members that an issuer writes."""
        named = {"typ": self.typ[0]} if self.typ else {}
        return {**named, "cty": self.cty} if self.cty else named

    def check_header(self, header: Mapping[str, Any]) -> None:
        """Check `typ`, and `cty` where it is there; raises `errors.TokenTypeMismatch`."""
        if self.typ:
            jws.check_type(header, self.typ)
        if self.cty and jws.media_type(header.get("cty", self.cty)) != self.cty:
            raise errors.TokenTypeMismatch(f"cty is {str(header['cty'])[:80]!r}, not {self.cty}")

    def check(self, claims: Mapping[str, Any]) -> None:
        """Check what the kind demands of the claims, as far as they are disclosed.

        Raises `errors.ClaimMalformed`; for W3C documents also `errors.UnexpectedClaim`, `errors.CredentialMalformed`,
        `errors.NotACredential`, `errors.ClaimMismatch`, `errors.IssuerMismatch`, and for presentations what
        `enveloped.read_credentials` raises.
        """
        self.rules(claims)

    def check_open(self, payload: Mapping[str, Any], processed: Processed) -> None:
        """Check that nothing was hidden that must be open, neither a claim nor anything in it.

        Raises `errors.ClaimMustBeOpen`.
        """
        for name in self.read_open if processed.places else ():
            if f"/{name}" in processed.places:
                raise errors.ClaimMustBeOpen(f"{name} came in a disclosure", pointer=f"/{name}")
        for name, item in payload.items():
            if type(item) is not str and name in self.read_open and _holds_digests(item):
                raise errors.ClaimMustBeOpen(f"a part of {name} is hidden", pointer=f"/{name}")


def _holds_digests(value: Any) -> bool:
    if isinstance(value, dict):
        return DIGESTS in value or ELEMENT_DIGEST in value or any(_holds_digests(item) for item in value.values())
    return isinstance(value, list) and any(_holds_digests(item) for item in value)


def _no_rules(claims: Mapping[str, Any]) -> None:
    """RFC 9901 itself demands no claim."""


def _vc_rules(claims: Mapping[str, Any]) -> None:
    if not isinstance(claims.get("vct"), str) or not claims["vct"]:
        raise errors.ClaimMalformed("vct, the credential's type, is missing or not a text", pointer="/vct")
    if not isinstance(claims.get("iss", ""), str):
        raise errors.ClaimMalformed("iss is not a text", pointer="/iss")


def document(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The W3C credential or presentation in verified claims, without what the token says about itself."""
    return {name: item for name, item in claims.items() if name not in registered.NAMES}


def _credential_rules(claims: Mapping[str, Any]) -> None:
    token = _vcdm_rules(claims, "VerifiableCredential")
    registered.check_issuer(token, vcdm.issuer_id(claims))
    registered.check_subject(token, claims)


def _presentation_rules(claims: Mapping[str, Any]) -> None:
    token = _vcdm_rules(claims, "VerifiablePresentation")
    if "holder" in claims:
        registered.check_issuer(token, vcdm.holder_id(claims))
    enveloped.read_credentials(claims)


def _vcdm_rules(claims: Mapping[str, Any], kind: str) -> registered.Claims:
    """What tells a W3C document from something else; the rest of its model is judged by who reads it as one."""
    for name in ("vc", "vp"):
        if name in claims:
            raise errors.UnexpectedClaim(f"the claim {name} must not be there", pointer=f"/{name}")
    if vcdm.as_list(claims.get("@context"))[:1] != [vcdm.CONTEXT]:
        raise errors.CredentialMalformed(f"@context does not start with {vcdm.CONTEXT}", pointer="/@context")
    if kind not in vcdm.types(claims):
        raise errors.NotACredential(f"type does not name {kind}", pointer="/type")
    token = registered.read({}, claims)
    registered.check_id(token, claims)
    return token


#: RFC 9901 alone: any `typ`; hidden times are judged once they are disclosed.
PLAIN: Final = Profile("SD-JWT", (), _JUDGING, frozenset(), _no_rules)
#: SD-JWT VC.
SD_JWT_VC: Final = Profile("SD-JWT VC", ("dc+sd-jwt",), _VC_OPEN, _VC_OPEN, _vc_rules)
#: SD-JWT VC, also under the name that its drafts used until November 2024.
SD_JWT_VC_OLD: Final = Profile("SD-JWT VC", ("dc+sd-jwt", "vc+sd-jwt"), _VC_OPEN, _VC_OPEN, _vc_rules)
#: A VCDM 2.0 credential, secured as VC-JOSE-COSE says.
CREDENTIAL: Final = Profile("credential", ("vc+sd-jwt",), _VCDM_OPEN, _VCDM_OPEN, _credential_rules, "vc")
#: A VCDM 2.0 presentation, secured as VC-JOSE-COSE says: every credential in it is enveloped.
PRESENTATION: Final = Profile("presentation", ("vp+sd-jwt",), _VCDM_OPEN, _VCDM_OPEN, _presentation_rules, "vp")
