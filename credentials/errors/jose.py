"""What can be wrong with tokens: compact JWS, vc+jwt and vp+jwt, and what is enveloped as a data: URL."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused

_PROOF = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
_METHOD = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
_MALFORMED = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class TokenMalformed(BadData):
    """Not a compact JWS: another number of parts, an empty part, or a header member of the wrong shape (RFC 7515)."""

    code = "token_malformed"
    title = "Not a signed token"
    remedy = "Send the whole token: three parts, with a dot between them."
    problem_type = _MALFORMED


class TokenTooLarge(Refused):
    """The token is longer than any credential, so it was not read."""

    code = "token_too_large"
    title = "Too long for a token"
    remedy = "Send the token only, without attachments."
    status_hint = 413


class AlgorithmNotAllowed(BadData):
    """The header's `alg` is none of ours: "none", a shared-secret algorithm, or an unknown one (RFC 8725, 3.1)."""

    code = "alg_not_allowed"
    title = "The token is not signed in an accepted way"
    remedy = "Sign with EdDSA, ES256, ES384 or ES512."
    problem_type = _PROOF


class CriticalHeaderNotUnderstood(BadData):
    """The header's `crit` demands that an extension be understood; none is understood here (RFC 7515, 4.1.11)."""

    code = "crit_not_understood"
    title = "The token demands an extension that is not known here"
    remedy = "Issue it without `crit`."
    problem_type = _PROOF


class TokenTypeMismatch(BadData):
    """The header's `typ` says that the token is something else than what is read here (RFC 8725, 3.11)."""

    code = "typ"
    title = "The token is of another type"
    problem_type = _PROOF


class KeyIdUnknown(BadData):
    """The header's `kid` names no key of the issuer; nothing else in the header may say where a key is."""

    code = "kid_unknown"
    title = "The token names a key that its issuer does not publish"
    problem_type = _METHOD


class UnexpectedClaim(BadData):
    """A claim that must not stand in this kind of token, such as `vc` in a vc+jwt (VC-JOSE-COSE 1.0, 3.1.1)."""

    code = "unexpected_claim"
    title = "The token holds a claim that does not belong there"
    problem_type = _MALFORMED


class ClaimMalformed(BadData):
    """A registered claim of the token has the wrong type or an impossible value (RFC 7519, 4.1)."""

    code = "claim_malformed"
    title = "A claim of the token is not well-formed"
    problem_type = _MALFORMED


class ClaimMismatch(BadData):
    """A claim of the token contradicts the credential's own member: `jti` its id, `sub` the id of its subject."""

    code = "claim_mismatch"
    title = "The token contradicts the credential in it"
    problem_type = _MALFORMED


class MemberUndefined(BadData):
    """A member of what should be signed that none of its contexts defines by name (VCDM 2.0, 5.2)."""

    code = "member_undefined"
    title = "The credential has a member without a meaning"
    remedy = "Remove the member, or add the context that defines it."
    problem_type = _MALFORMED


class TokenExpired(BadData):
    """The token's `exp` has passed (RFC 7519, 4.1.4; RFC 8392, 3.1.4)."""

    code = "token_expired"
    title = "The token has expired"
    remedy = "Ask the issuer for a newer one."
    problem_type = _PROOF


class TokenNotYetValid(BadData):
    """The token's `nbf` or `iat` lies in the future, by more than clocks differ (RFC 7519, 4.1.5 and 4.1.6)."""

    code = "token_not_yet_valid"
    title = "The token is not valid yet"
    remedy = "Wait until it is, or ask the issuer to correct their clock."
    problem_type = _PROOF


class EnvelopeMalformed(BadData):
    """An enveloped credential or presentation is not exactly a context, a type and a data: URL (VCDM 2.0, 4.13)."""

    code = "envelope_malformed"
    title = "Not a well-formed envelope around a credential"
    problem_type = _MALFORMED
