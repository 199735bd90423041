"""The one hierarchy of errors of Plaudit's core: what went wrong, where, and what to do next.

Three families, because a caller acts differently on each:

* `BadData`: the input is wrong. Trying again never helps.
* `Unreachable`: the world could not be reached. Trying again may help; a check that met it was *not done*.
* `Refused`: a rule or a limit of ours said no before any judgement was made.

An error carries a `code` (one section each in docs/errors.md, held there by a test), a JSON `pointer` (RFC 6901)
where one applies, and a `remedy`: one sentence saying what to do. It carries a `status_hint` for whoever speaks HTTP
and knows nothing else of the web.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from credentials.findings import Finding


class PlauditError(Exception):
    """Anything that Plaudit itself says about an input or about the world."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    remedy: ClassVar[str] = ""
    #: Problem type that a specification defines for this case, as an absolute URI; None: our own docs page.
    problem_type: ClassVar[str | None] = None
    status_hint: ClassVar[int] = 400

    def __init__(self, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer

    def __str__(self) -> str:
        return f"{self.detail} (at {self.pointer})" if self.pointer else self.detail


class BadData(PlauditError):  # noqa: N818 - named for what the caller may do
    """The input is wrong; the same input will be wrong again."""

    code = "bad_data"
    title = "The data is wrong"
    status_hint = 422


class Unreachable(PlauditError):  # noqa: N818 - named for what the caller may do
    """Something outside could not be reached, so a check could not be done."""

    code = "unreachable"
    title = "Could not reach what is needed for this check"
    remedy = "Try again in a moment."
    status_hint = 503


class Refused(PlauditError):  # noqa: N818 - named for what the caller may do
    """A rule or a limit says no."""

    code = "refused"
    title = "Not allowed"
    status_hint = 403


# --- the byte gate: strict_json ---------------------------------------------------------------------------------------


class InvalidJson(BadData):
    """The bytes are not the strict form of JSON that Plaudit reads (RFC 8259 within the limits of I-JSON, RFC 7493)."""

    code = "json_syntax"
    title = "Not well-formed JSON"
    remedy = "Send one JSON value in UTF-8, as a JSON writer makes it."
    problem_type = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
    status_hint = 400


class InvalidUtf8(InvalidJson):
    """The bytes are not UTF-8; UTF-16 and Latin-1 end here too."""

    code = "invalid_utf8"
    title = "Not UTF-8"
    remedy = "Save the text as UTF-8."


class ByteOrderMark(InvalidJson):
    """The text starts with a byte order mark, which RFC 8259 forbids."""

    code = "byte_order_mark"
    title = "The text starts with a byte order mark"
    remedy = "Save the text as UTF-8 without a byte order mark."


class DuplicateKey(InvalidJson):
    """An object names one member twice, also when one of the two is written with escapes."""

    code = "duplicate_key"
    title = "A member is named twice"
    remedy = "Keep one of the two: readers would disagree about which one counts."


class JsonDepth(InvalidJson):
    """Arrays and objects are nested deeper than any credential needs."""

    code = "json_depth"
    title = "Nested too deep"
    remedy = "Flatten the document."


class JsonTooLarge(InvalidJson):
    """There are more bytes than the gate lets in."""

    code = "json_too_large"
    title = "Too large"
    remedy = "Send a smaller document; put large things behind a link and give their digest."
    status_hint = 413


class NotANumber(InvalidJson):
    """NaN, Infinity or -Infinity, which JSON does not have."""

    code = "not_a_number"
    title = "Not a JSON number"
    remedy = "Leave the member out, or give a finite number."


class NumberOutOfRange(InvalidJson):
    """A number that readers would round differently: an integer beyond 2^53, or more than a double holds."""

    code = "number_out_of_range"
    title = "The number is too large to be read the same everywhere"
    remedy = "Write it as a string."


class LoneSurrogate(InvalidJson):
    r"""A `\ud800`-`\udfff` escape without its partner, which no UTF-8 text can hold."""

    code = "lone_surrogate"
    title = "Half a character"
    remedy = "Replace the broken character."


class NotAnObject(InvalidJson):
    """The JSON is well-formed, but an object was needed here."""

    code = "not_an_object"
    title = "Not a JSON object"
    remedy = "Send a JSON object: text that starts with { and ends with }."


# --- plain values: encodings, datetimes -------------------------------------------------------------------------------


class MalformedEncoding(BadData):
    """Text that is not the one encoding of its bytes: base58btc, base64url, multibase or varint."""

    code = "encoding"
    title = "Not encoded as the specification demands"
    remedy = "Encode the bytes again; padding, spaces, other alphabets and needless digits are not accepted."


class MalformedTimestamp(BadData):
    """Not an XML Schema dateTimeStamp: date, time, and a zone."""

    code = "timestamp"
    title = "Not a point in time"
    remedy = "Write it like 2026-03-01T12:00:00Z, with Z or an offset at the end."


# --- canonical forms --------------------------------------------------------------------------------------------------


class NotCanonicalizable(BadData):
    """The value has no canonical form in JCS (RFC 8785)."""

    code = "not_canonicalizable"
    title = "The document has no canonical form"
    remedy = "Use strings, finite numbers within 2^53, booleans, null, arrays and objects only."


class MalformedNQuads(BadData):
    """A line is not an N-Quads statement."""

    code = "nquads_syntax"
    title = "Not well-formed N-Quads"


class CanonicalizationLimit(Refused):
    """Telling the document's blank nodes apart would take more work than honest credentials need (RDFC-1.0, 7.1)."""

    code = "canonicalization_limit"
    title = "Too costly to check"
    remedy = "Give the nodes of the document ids, so that they can be told apart."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    status_hint = 422


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


class DataLoss(BadData):
    """JSON-LD would silently drop or change this part: a signature would not cover it (Data Integrity 1.0, 2.4.2)."""

    code = "data_loss"
    title = "Part of the document would not be covered by the signature"
    remedy = "Remove the part, or add the context that defines it."
    problem_type = "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR"


class MalformedJsonLd(BadData):
    """The document breaks a rule of JSON-LD 1.1."""

    code = "jsonld_malformed"
    title = "Not well-formed JSON-LD"
    remedy = "Compare the document with the specification of its format."
    problem_type = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class MalformedContext(MalformedJsonLd):
    """`@context` is missing, empty, or not a list of context URLs."""

    code = "context_malformed"
    title = "@context is not a list of context URLs"
    remedy = "List the URLs of the contexts that the document uses, https://www.w3.org/ns/credentials/v2 first."


class ProtectedTerm(MalformedJsonLd):
    """A context redefines a term that an earlier one protects (JSON-LD 1.1, 4.1.11)."""

    code = "protected_term"
    title = "A context redefines a protected term"
    remedy = "Use each term as the first context defines it."


class ContextNotKnown(Refused):
    """`@context` names a URL whose content is not pinned here. Contexts are never fetched."""

    code = "context_not_known"
    title = "Unknown context"
    remedy = "Use only published contexts that this service knows."
    problem_type = "https://w3id.org/security#INVALID_PROOF_CONTEXT_ERROR"
    status_hint = 422


class InlineContextRefused(Refused):
    """A context is written into the document itself, which lets its author give known words other meanings."""

    code = "inline_context"
    title = "Contexts written into the document are not accepted"
    remedy = "Refer to a published context by its URL."
    problem_type = "https://w3id.org/security#INVALID_PROOF_CONTEXT_ERROR"
    status_hint = 422


class JsonLdLimit(Refused):
    """The document has more contexts, levels, nodes or statements than any honest credential needs."""

    code = "jsonld_limit"
    title = "The document is too large to check"
    remedy = "Split it into several credentials."
    status_hint = 413


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
    remedy = "Use did:web with a host name, or did:key."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD_URL"


class DidMethodNotSupported(Refused):
    """A DID method that cannot be resolved here. It says nothing about the credential."""

    code = "did_method_not_supported"
    title = "A kind of identifier that cannot be looked up here"
    remedy = "did:web and did:key can be looked up."
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


# -- model, lint, status list, verification


class _WithFindings(BadData):
    """A document with several things wrong, each with its place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"{first.message}{more}", pointer=first.pointer)
        self.findings = tuple(findings)


class RecordInvalid(_WithFindings):
    """A completion record breaks its schema or a rule between its fields; `findings` names every place."""

    code = "record_invalid"
    title = "The completion record is not complete or not consistent"
    remedy = "Correct the fields that are named and send the record again."


class LintFailed(_WithFindings):
    """A credential must not be signed as it is; `findings` names every reason."""

    code = "lint_failed"
    title = "The credential must not be signed as it is"
    remedy = "Correct what is named; nothing was signed or stored."


class LintTokenSpent(Refused):
    """A lint token was shown a second time. One check allows one signature."""

    code = "lint_token_spent"
    title = "This check was already used for a signature"
    remedy = "Check the credential again before signing it."
    status_hint = 409


class LintTokenMismatch(Refused):
    """A lint token was shown with other bytes than those that were checked."""

    code = "lint_token_mismatch"
    title = "These are not the bytes that were checked"
    remedy = "Check the changed credential before signing it."
    status_hint = 409


class ProofBeforeKey(BadData):
    """A proof would be dated before its key existed: that is how back-dating with a stolen key looks."""

    code = "proof_before_key"
    title = "The signature would be older than its key"
    remedy = "Correct the clock of this machine; a signature is always dated with the present time."


class StatusEntryMalformed(BadData):
    """A `credentialStatus` entry is not a well-formed BitstringStatusListEntry (Bitstring Status List 1.0, 2.1)."""

    code = "status_entry_malformed"
    title = "The credential does not say properly where its status is published"
    remedy = "Ask the issuer whether the credential is still good."
    problem_type = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class StatusTypeNotSupported(Refused):
    """The status of the credential is published by a method that is not read here. It says nothing about the status."""

    code = "status_type_not_supported"
    title = "A kind of status that cannot be checked here"
    remedy = "Ask the issuer whether the credential is still good."
    status_hint = 422


class StatusIndexOutOfRange(BadData):
    """The index of the entry is beyond the end of the list (Bitstring Status List 1.0, 3.2)."""

    code = "status_index_out_of_range"
    title = "The status list has no place for this credential"
    remedy = "Ask the issuer whether the credential is still good."
    problem_type = "https://www.w3.org/TR/vc-data-model#RANGE_ERROR"


class StatusListMalformed(BadData):
    """The status list is not readable: not multibase base64url, not gzip, cut short, or damaged."""

    code = "status_list_malformed"
    title = "The issuer's status list is damaged"
    remedy = "Try again later, or ask the issuer whether the credential is still good."
    problem_type = "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"


class StatusListTooLarge(Refused):
    """The status list would unpack to more than any honest list needs. It was not unpacked."""

    code = "status_list_too_large"
    title = "The issuer's status list is too large"
    remedy = "Ask the issuer whether the credential is still good."
    problem_type = "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"
    status_hint = 422


class StatusListTooShort(BadData):
    """The status list has fewer entries than the crowd that protects its holders (Bitstring Status List 1.0, 3.2)."""

    code = "status_list_too_short"
    title = "The issuer's status list is too short"
    remedy = "Ask the issuer whether the credential is still good."
    problem_type = "https://www.w3.org/ns/credentials/status-list#STATUS_LIST_LENGTH_ERROR"


class StatusListNotTrusted(BadData):
    """What was found at the list's address is not this issuer's valid list for this purpose."""

    code = "status_list_not_trusted"
    title = "The status list cannot be relied on"
    remedy = "Try again later, or ask the issuer whether the credential is still good."
    problem_type = "https://www.w3.org/ns/credentials/status-list#STATUS_VERIFICATION_ERROR"


class StatusListUnreachable(Unreachable):
    """The issuer's status list could not be fetched, so nobody can say whether the credential was withdrawn."""

    code = "status_list_unreachable"
    title = "The issuer's status list could not be reached"
    remedy = "Try again in a moment."
    problem_type = "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"


class NotACredential(BadData):
    """The document is JSON, but no verifiable credential (VCDM 2.0)."""

    code = "not_a_credential"
    title = "This is not a credential"
    remedy = "Open the credential file itself, or the certificate PDF that it came in."
    problem_type = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"


class CredentialMalformed(BadData):
    """The document means to be a credential and breaks a rule of VCDM 2.0."""

    code = "credential_malformed"
    title = "The credential is not well-formed"
    remedy = "Ask the person who gave it to you for the original file."
    problem_type = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class FormatNotSupported(Refused):
    """A JWT, a presentation or an older data model: a format not checked here. It says nothing about the credential."""

    code = "format_not_supported"
    title = "A format that cannot be checked here yet"
    remedy = "Ask for the credential as JSON with a Data Integrity proof."
    status_hint = 422


class NotCompacted(Refused):
    """Written in a form that signs the same and hides parts from plain readers: full IRIs, keywords, torn nodes."""

    code = "not_compacted"
    title = "Not written in the plain form of a credential"
    remedy = "Compact the document with its own contexts (VCDM 2.0, 6.1)."
    problem_type = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
    status_hint = 422


class TooManyProofs(Refused):
    """The credential carries more proofs than are checked in one request."""

    code = "too_many_proofs"
    title = "Too many signatures to check"
    remedy = "Ask for the credential with the issuer's signature only."
    status_hint = 422


class IssuerMismatch(BadData):
    """The key belongs to somebody else than the issuer whom the credential names."""

    code = "issuer_mismatch"
    title = "Signed by somebody else than the issuer it names"
    remedy = "Do not rely on it; ask the issuer whether they gave it."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
