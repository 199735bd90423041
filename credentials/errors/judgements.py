"""What can be wrong with a record, a credential or a status list: model, lint, status, verification."""

from __future__ import annotations

from typing import TYPE_CHECKING

from credentials.errors.families import BadData, Refused, Unreachable, WithFindings

if TYPE_CHECKING:
    pass

# -- model, lint, status list, verification


class RecordInvalid(WithFindings):
    """A completion record breaks its schema or a rule between its fields; `findings` names every place."""

    code = "record_invalid"
    title = "The completion record is not complete or not consistent"
    remedy = "Correct the fields that are named and send the record again."


class LintFailed(WithFindings):
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


class NothingPresented(BadData):
    """A presentation without a single credential shows nothing."""

    code = "nothing_presented"
    title = "The presentation holds no credential"
    remedy = "Put the credentials that are to be shown into the presentation."
    problem_type = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class TooManyCredentials(Refused):
    """A presentation with more credentials than are verified in one request."""

    code = "too_many_credentials"
    title = "Too many credentials in one presentation"
    remedy = "Present them in several presentations."
    status_hint = 422


class HolderMismatch(BadData):
    """Whoever signed the presentation is not its holder, or the credentials inside are about somebody else."""

    code = "holder_mismatch"
    title = "Presented by somebody else than the person it is about"
    remedy = "Ask the person whom the credential is about to present it."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"


class IssuerMismatch(BadData):
    """The key belongs to somebody else than the issuer whom the credential names."""

    code = "issuer_mismatch"
    title = "Signed by somebody else than the issuer it names"
    remedy = "Do not rely on it; ask the issuer whether they gave it."
    problem_type = "https://w3id.org/security#INVALID_VERIFICATION_METHOD"
