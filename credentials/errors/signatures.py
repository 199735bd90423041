"""What can be wrong with keys, proofs, DIDs and the documents that hold keys."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused

# --- keys and signatures ----------------------------------------------------------------------------------------------


class InvalidPublicKey(BadData):
    """Not a usable public key: wrong size, off the curve, small order, not in canonical form, or of an unknown kind."""

    code = "invalid_public_key"
    title = "Not a usable public key"
    remedy = "Publish the key as Multikey with an Ed25519, P-256 or P-384 public key."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class SignatureMalformed(BadData):
    """The signature has not the size that its algorithm demands."""

    code = "signature_malformed"
    title = "Not a signature of this kind"
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class SignatureInvalid(BadData):
    """The signature does not fit: what is there is not what was signed, or another key signed it."""

    code = "signature_invalid"
    title = "The signature does not fit the document"
    remedy = "Ask the person who gave it to you for the original."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class NoProof(BadData):
    """There is no proof: it is missing, null, an empty list, or has no value."""

    code = "no_proof"
    title = "Not signed"
    remedy = "Ask for the signed credential."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class MalformedProof(BadData):
    """A proof lacks a member it must have, or one has the wrong shape (Data Integrity 1.0, 2.1)."""

    code = "proof_malformed"
    title = "The proof is not well-formed"
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class ProofContextMismatch(BadData):
    """The proof's @context is not the beginning of the document's (eddsa-jcs-2022, 3.3.2)."""

    code = "proof_context"
    title = "The proof was made under other contexts"
    problem_type = "https://w3id.org/security#INVALID_PROOF_CONTEXT_ERROR"


class UnsupportedProof(Refused):
    """A proof type or cryptosuite that is not checked here. It says nothing about the credential."""

    code = "proof_unsupported"
    title = "A kind of signature that cannot be checked here"
    remedy = "Ask for the credential with a proof of a supported cryptosuite."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    status_hint = 422


class AlgorithmKeyMismatch(BadData):
    """The key is of another kind than the cryptosuite signs with. The key chooses the algorithm, never the document."""

    code = "alg_key_mismatch"
    title = "The key does not go with this kind of signature"
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class ProofPurposeMismatch(BadData):
    """The proof was made for another purpose than the one that is needed here."""

    code = "proof_purpose"
    title = "The proof was made for another purpose"
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class ProofExpired(BadData):
    """The proof's own `expires` has passed."""

    code = "proof_expired"
    title = "The signature has expired"
    remedy = "Ask the issuer for a newer one."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class ProofNotYetValid(BadData):
    """The proof says it was created in the future, by more than clocks differ."""

    code = "proof_created_in_future"
    title = "The signature is dated in the future"
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"


class ChallengeMismatch(BadData):
    """The proof does not answer the challenge that was given: it may be an old one, sent again."""

    code = "challenge_mismatch"
    title = "The proof does not answer the challenge"
    remedy = "Make a new presentation with the challenge that was given."
    problem_type = "https://w3id.org/security#INVALID_CHALLENGE_ERROR"


class ChallengesExhausted(Refused):
    """More challenges are waiting for an answer than any honest use needs; new ones are not given out for now."""

    code = "challenges_exhausted"
    title = "Too many challenges are open"
    remedy = "Try again in a few minutes."
    status_hint = 503


class DomainMismatch(BadData):
    """The proof was made for another domain than the one that asks: somebody else may be passing it on."""

    code = "domain_mismatch"
    title = "The proof was made for another domain"
    remedy = "Make a new presentation for the domain that asks."
    problem_type = "https://w3id.org/security#INVALID_DOMAIN_ERROR"


class SecondPathDisagrees(BadData):
    """A freshly made signature did not stand up to the second, independent implementation. Nothing may leave."""

    code = "second_path_disagrees"
    title = "The second check of a new signature failed"
    remedy = "Nothing was published. Report this with the document: it is a fault of ours or of the key store."
    status_hint = 500


# --- DIDs and controlled identifier documents (CID 1.0) ---------------------------------------------------------------


class MalformedDid(BadData):
    """Not a DID or DID URL that may be used here."""

    code = "did_malformed"
    title = "Not a usable DID"
    remedy = "Use an https address or did:web with a host name, or did:key."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD_URL"


class DidMethodNotSupported(Refused):
    """A DID method that cannot be resolved here. It says nothing about the credential."""

    code = "did_method_not_supported"
    title = "A kind of identifier that cannot be looked up here"
    remedy = "did:web, did:webvh, did:key, did:jwk and https addresses can be looked up."
    status_hint = 422


class InvalidDidDocument(BadData):
    """The document behind the DID is not a controlled identifier document."""

    code = "did_document_invalid"
    title = "The issuer's key document is not well-formed"
    remedy = "Tell the issuer; their did.json must be repaired."
    problem_type = "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"


class DidDocumentIdMismatch(InvalidDidDocument):
    """The document found is about somebody else."""

    code = "did_document_id"
    title = "The issuer's key document carries another id"
    problem_type = "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


class InvalidVerificationMethod(BadData):
    """The key that the proof names is missing, unreadable, or controlled by somebody else."""

    code = "verification_method_invalid"
    title = "The key named by the signature cannot be used"
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class MultipleVerificationMaterial(InvalidVerificationMethod):
    """A verification method holds two keys; which one counts would be the reader's guess (CID 1.0, 2.2)."""

    code = "multiple_verification_material"
    title = "The key is given twice"
    remedy = "Publish the key in one form only."


class InvalidRelationship(BadData):
    """The key exists, but its owner did not allow it for this purpose."""

    code = "verification_relationship"
    title = "The key is not allowed for this purpose"
    problem_type = "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


class KeyExpired(BadData):
    """The signature was made at or after the time at which its key ended."""

    code = "key_expired"
    title = "The key had ended when the signature was made"
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class KeyRevoked(BadData):
    """The signature was made at or after the time from which its key must not be used."""

    code = "key_revoked"
    title = "The key had been withdrawn when the signature was made"
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class KeyLaterWithdrawn(BadData):
    """The key was withdrawn after the time the signature names; who stole it could have written any earlier time."""

    code = "key_later_withdrawn"
    title = "Signed with a key that was later withdrawn"
    remedy = "Ask the issuer for a credential signed with their present key."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
