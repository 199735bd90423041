"""What can be wrong with SD-JWTs: disclosures, digests, key binding, and the type metadata of SD-JWT VCs."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused, Unreachable

_PROOF = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
_MALFORMED = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"

# --- the token and its disclosures ------------------------------------------------------------------------------------


class SdJwtMalformed(BadData):
    """Not an SD-JWT: a missing or a needless `~`, or a JSON serialization of another shape (RFC 9901, 4 and 8)."""

    code = "sd_jwt_malformed"
    title = "Not a well-formed SD-JWT"
    remedy = "Send the whole text, with the `~` at its end."
    problem_type = _MALFORMED


class TooManyDisclosures(Refused):
    """More disclosures than any credential has, so none of them was read."""

    code = "too_many_disclosures"
    title = "Too many disclosures"
    status_hint = 413


class HashAlgorithmNotSupported(BadData):
    """`_sd_alg` is not the exact name of SHA-256, SHA-384 or SHA-512 (RFC 9901, 4.1.1)."""

    code = "sd_alg"
    title = "The digests are made in a way that is not accepted"
    remedy = "Use `sha-256`."
    problem_type = _PROOF


class DisclosureMalformed(BadData):
    """A disclosure is not an array of salt, name and value, or of salt and value (RFC 9901, 4.2.1 and 4.2.2)."""

    code = "disclosure_malformed"
    title = "A disclosure is not well-formed"
    problem_type = _MALFORMED


class ReservedClaimName(BadData):
    """`_sd`, `_sd_alg` or `...` names a claim; these names belong to SD-JWT itself (RFC 9901, 4.1 and 7.1)."""

    code = "reserved_claim_name"
    title = "A claim has a name that SD-JWT keeps for itself"
    problem_type = _MALFORMED


class DigestMalformed(BadData):
    """`_sd` is no array of digests, `...` is not alone in an element of an array, or a digest has the wrong size."""

    code = "digest_malformed"
    title = "The digests are not well-formed"
    problem_type = _MALFORMED


class DigestRepeated(BadData):
    """The same digest stands in two places, or the same disclosure was sent twice (RFC 9901, 7.1, step 4)."""

    code = "digest_repeated"
    title = "One disclosure is used twice"
    problem_type = _PROOF


class DisclosureUnreferenced(BadData):
    """A disclosure that no digest vouches for: the issuer never signed what it says (RFC 9901, 7.1, step 5)."""

    code = "disclosure_unreferenced"
    title = "A part of it was not signed by the issuer"
    remedy = "Present only what the issuer signed."
    problem_type = _PROOF


class DisclosureMisplaced(BadData):
    """A disclosure of an array's element stands where a member is meant, or the reverse (RFC 9901, 7.1, step 3)."""

    code = "disclosure_misplaced"
    title = "A disclosure is of the wrong kind for its place"
    problem_type = _PROOF


class ClaimOverwritten(BadData):
    """A disclosure names a claim that is there already, so two readers could see two values (RFC 9901, 7.1, step 3)."""

    code = "claim_overwritten"
    title = "A disclosure would replace another claim"
    problem_type = _PROOF


class ClaimMustBeOpen(BadData):
    """A claim that is needed to judge the token was made selectively disclosable (RFC 9901, 9.7; SD-JWT VC)."""

    code = "claim_must_be_open"
    title = "A claim is hidden that everybody must see"
    remedy = "Issue it with that claim in the open."
    problem_type = _MALFORMED


class DisclosurePathUnknown(BadData):
    """A path names nothing in the claims that could be hidden or disclosed."""

    code = "disclosure_path_unknown"
    title = "No such claim to hide or disclose"
    remedy = "Name a member or an array's element that is there, as a JSON pointer."


class SaltUnusable(BadData):
    """A salt has another size than was asked for, or came twice: others could guess what is hidden (RFC 9901, 9.3)."""

    code = "salt_unusable"
    title = "A salt is not random"
    remedy = "This is a fault of the source of randomness. Nothing was issued."
    status_hint = 500


# --- key binding ------------------------------------------------------------------------------------------------------


class KeyBindingMissing(BadData):
    """The presentation does not prove that its sender holds the key it was issued to (RFC 9901, 7.3)."""

    code = "key_binding_missing"
    title = "The presentation is not signed by its holder"
    remedy = "Present it with a key binding JWT."
    problem_type = _PROOF


class KeyBindingDigestMismatch(BadData):
    """The holder signed another selection of disclosures than the one that was sent (`sd_hash`; RFC 9901, 4.3.1)."""

    code = "key_binding_sd_hash"
    title = "The holder signed another presentation"
    problem_type = _PROOF


class KeyBindingStale(BadData):
    """The key binding JWT was made too long ago, or in the future: it may be an old one, sent again."""

    code = "key_binding_iat"
    title = "The holder's signature is not fresh"
    remedy = "Make a new presentation."
    problem_type = _PROOF


class HolderKeyMissing(BadData):
    """The credential names no key of its holder as `cnf.jwk`, so nobody can prove to be the holder (RFC 7800, 3.2)."""

    code = "holder_key_missing"
    title = "The credential is not bound to a key of its holder"
    problem_type = _PROOF


# --- type metadata of SD-JWT VC ---------------------------------------------------------------------------------------


class TypeMetadataMalformed(BadData):
    """A Type Metadata document does not have the shape that it must have, or is about another type (SD-JWT VC)."""

    code = "type_metadata_malformed"
    title = "The description of the credential's type is not well-formed"
    problem_type = _MALFORMED


class TypeMetadataUnknown(Unreachable):
    """No Type Metadata document is at hand for this `vct`, so its rules were not checked."""

    code = "type_metadata_unknown"
    title = "The credential's type is not described here"


class TypeMetadataIntegrity(BadData):
    """A Type Metadata document is not the one whose hash was signed (SD-JWT VC, "Document Integrity")."""

    code = "type_metadata_integrity"
    title = "The description of the credential's type was changed"
    problem_type = _PROOF


class TypeExtendsLimit(BadData):
    """Types extend one another in a circle, or in a longer chain than is followed here."""

    code = "type_extends_limit"
    title = "The credential's type builds on itself, or on too many others"
    problem_type = _MALFORMED


class ClaimBreaksType(BadData):
    """The claims do not keep the rules of their type: one is missing, hidden or open against them."""

    code = "claim_breaks_type"
    title = "The credential does not keep the rules of its type"
    problem_type = _MALFORMED
