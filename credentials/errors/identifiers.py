"""What can be wrong with the newer ways to name an issuer: key kinds, verifiable histories, certificate chains."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused
from credentials.errors.signatures import InvalidDidDocument

# --- keys that are their own identifier -------------------------------------------------------------------------------


class KeyTypeNotSupported(Refused):
    """The identifier holds a key of a kind that is not used here. It says nothing about the credential."""

    code = "key_type_not_supported"
    title = "A kind of key that cannot be used here"
    remedy = "Ask for the credential signed with an Ed25519, P-256 or P-384 key."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
    status_hint = 422


# --- did:webvh, a DID with its whole history (did:webvh 1.0) ----------------------------------------------------------


class InvalidDidLog(InvalidDidDocument):
    """The DID's log breaks a rule of its form: members, numbering, times or parameters (did:webvh 1.0)."""

    code = "did_log_invalid"
    title = "The history of the issuer's keys is not well-formed"
    remedy = "Tell the issuer; their did.jsonl must be repaired."


class DidLogHashMismatch(InvalidDidLog):
    """An entry of the log is not the one that was hashed: it, or one before it, was changed afterwards."""

    code = "did_log_hash"
    title = "The history of the issuer's keys was altered"


class DidLogUnauthorized(InvalidDidLog):
    """An entry of the log is not signed by a key that was allowed to write it."""

    code = "did_log_unauthorized"
    title = "The history of the issuer's keys has an entry that nobody was allowed to write"


class DidLogNotWitnessed(InvalidDidLog):
    """Fewer witnesses vouch for an entry of the log than the log itself demands."""

    code = "did_log_not_witnessed"
    title = "The history of the issuer's keys lacks its witnesses"
    remedy = "Tell the issuer; their did-witness.json must be completed."


class DidLogTooLong(Refused):
    """The log has more bytes or entries than are worked through here. It says nothing about the credential."""

    code = "did_log_too_long"
    title = "The history of the issuer's keys is too long to check"
    status_hint = 422


class DidVersionNotFound(BadData):
    """The DID has no version of that id, or had none yet at that time."""

    code = "did_version_not_found"
    title = "The issuer's key document has no such version"


class DidDeactivated(BadData):
    """The issuer has given the DID up: its keys vouch for nothing any more, whatever date a signature carries."""

    code = "did_deactivated"
    title = "The issuer has given this identifier up"
    remedy = "Ask the issuer for a credential under their present identifier."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


# --- X.509 certificates (RFC 5280) ------------------------------------------------------------------------------------


class MalformedCertificate(BadData):
    """The chain is not a list of X.509 certificates, or the first one's key cannot be used."""

    code = "certificate_malformed"
    title = "Not a usable certificate chain"
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class CertificateNotTrusted(BadData):
    """No chain of valid certificates leads from the signer's to one of the authorities that the verifier trusts."""

    code = "certificate_not_trusted"
    title = "The signer's certificate does not come from a trusted authority"
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class CertificateNameMismatch(BadData):
    """The certificate is good, and it belongs to somebody else than the issuer that the credential names."""

    code = "certificate_name"
    title = "The certificate is not the named issuer's"
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
