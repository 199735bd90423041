"""DIF Well-Known DID Configuration: reads the resource, says whether a verified entry links a DID to an origin, and
writes one. It fetches nothing, and whether an entry's signature is good `credentials.verify` says.

Source: DIF Well Known DID Configuration, "DID Configuration Resource", "Domain Linkage Credential", "Verification".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from credentials import data_integrity, errors, strict_json, timestamps, vcdm
from credentials.jose import claims, jws
from credentials.ports import Signer
from credentials.verify import Outcome, Report, Step

CONTEXT: Final = "https://identity.foundation/.well-known/did-configuration/v1"
PATH: Final = "/.well-known/did-configuration.json"
TYPE: Final = "DomainLinkageCredential"
#: Where a proof's own terms are defined: the data model 1.1 brings none for Data Integrity.
_PROOF_CONTEXT: Final = "https://w3id.org/security/data-integrity/v2"
#: Entries that are read; an origin has one for each of its DIDs and forms.
MAX_ENTRIES: Final = 32
#: Entries of one DID that are verified; it has one for each form.
MAX_EXAMINED: Final = 4
#: The same bound as the outbound door's.
_MAX_BYTES: Final = 256_000


def read(body: bytes) -> tuple[bytes, ...]:
    """The entries of a DID configuration, each a credential to verify: JSON, or a token.

    Raises `errors.DomainEvidenceMalformed` for anything else.
    """
    try:
        resource = strict_json.loads_object(body, max_bytes=_MAX_BYTES)
    except errors.PlauditError as error:
        raise errors.DomainEvidenceMalformed(f"it is not JSON: {error.detail}") from error
    entries = resource.get("linked_dids")
    if CONTEXT not in vcdm.as_list(resource.get("@context")) or not isinstance(entries, list):
        raise errors.DomainEvidenceMalformed("it is not a DID configuration", pointer="/linked_dids")
    if not 0 < len(entries) <= MAX_ENTRIES:
        raise errors.DomainEvidenceMalformed(f"it has {len(entries)} entries, not 1 to {MAX_ENTRIES}")
    return tuple(_entry(entry) for entry in entries)


def claims_to_be_of(entry: bytes, did: str) -> bool:
    """Tell whether an entry says that it is `did`'s. Nothing is verified: it spares looking at those of others."""
    try:
        if entry.startswith(b"{"):
            return vcdm.issuer_id(strict_json.loads_object(entry)) == did
        return strict_json.loads_object(jws.parse(entry).payload).get("iss") == did
    except errors.PlauditError:
        return False


def check(report: Report, *, did: str, origin: str) -> None:
    """Check that a verified entry links `did` to exactly `origin` (`https://host` or `https://host:port`).

    Raises `errors.DomainEvidenceMalformed` unless every step of the report that bears on it passed, issuer and subject
    are `did`, the type is right, the entry sets itself a start and an end, and names this very origin.
    """
    document = _verified(report)
    subject = document.get("credentialSubject")
    subject = subject if isinstance(subject, Mapping) else {}
    if TYPE not in vcdm.types(document):
        raise errors.DomainEvidenceMalformed(f"its type is not {TYPE}", pointer="/type")
    if vcdm.issuer_id(document) != did or subject.get("id") != did:
        raise errors.DomainEvidenceMalformed("issuer and subject are not both the issuer's DID", pointer="/issuer")
    if subject.get("origin") != origin:
        raise errors.DomainEvidenceMalformed(
            f"it is for {str(subject.get('origin'))[:200]!r}, not for {origin}", pointer="/credentialSubject/origin"
        )
    for names in (("validFrom", "issuanceDate"), ("validUntil", "expirationDate")):
        if not any(name in document for name in names):
            raise errors.DomainEvidenceMalformed(f"it has no {names[1]}", pointer=f"/{names[1]}")


def write(did: str, origin: str, signer: Signer, *, start: datetime, end: datetime) -> bytes:
    """Make the DID configuration of `origin` that links it to `did`, signed in both forms: as JSON and as a token.

    `start` and `end` are aware. Raises what signing raises.
    """
    plain = {
        "@context": [vcdm.OLD_CONTEXT, CONTEXT],
        "type": ["VerifiableCredential", TYPE],
        "issuer": did,
        "issuanceDate": timestamps.format(start),
        "expirationDate": timestamps.format(end),
        "credentialSubject": {"id": did, "origin": origin},
    }
    with_proof = {**plain, "@context": [*plain["@context"], _PROOF_CONTEXT]}
    signed = data_integrity.add_proof(with_proof, signer=signer, created=start)
    times = {"nbf": claims.numeric_date(start), "exp": claims.numeric_date(end)}
    payload = strict_json.dumps({"iss": did, "sub": did, **times, "vc": plain})
    token = jws.sign({"kid": signer.verification_method}, payload, signer)
    return strict_json.dumps({"@context": CONTEXT, "linked_dids": [signed, token]})


def _verified(report: Report) -> Mapping[str, Any]:
    """The document of a report in which nothing stands against it; who its domain is does not matter here."""
    bad = next((step for step in report.steps if not _bears_out(step)), None)
    if bad is not None or report.verified is None:
        raise errors.DomainEvidenceMalformed(bad.sentence if bad else "it could not be verified")
    return report.verified.document


def _bears_out(step: Step) -> bool:
    may_be_absent = step.id == "status" and step.outcome is Outcome.NOT_APPLICABLE
    return step.id == "domain" or step.outcome is Outcome.PASSED or may_be_absent


def _entry(entry: Any) -> bytes:
    if isinstance(entry, dict):
        return strict_json.dumps(entry)
    if isinstance(entry, str) and entry.isascii() and not entry.startswith("{"):
        return entry.encode("ascii")
    raise errors.DomainEvidenceMalformed("an entry is neither a credential nor a token", pointer="/linked_dids")
