"""What can be saved of a result: the credential as it was judged, and the certificate at its issuer's own domain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from credentials import model, vcdm, wording
from credentials.verify import Outcome, Report, VerifiedCredential
from verifier import carrying

#: What a saved credential is called and served as, by how it begins; JSON is what is none of the others.
_KINDS: Final = (
    (re.compile(rb"eyJ[^~]*\Z"), "JWT", "credential.jwt", "application/vc+jwt"),
    (re.compile(rb"eyJ.*~"), "SD-JWT", "credential.sdjwt", "application/dc+sd-jwt"),
    (re.compile(rb"\xd2"), "COSE", "credential.cose", "application/vc+cose"),
    (re.compile(rb"\s*\{"), "JSON", "credential.json", "application/vc+json"),
)
#: The steps of `credentials.verify`; further ones are about the file that it came in.
_OF_THE_CREDENTIAL: Final = ("size", "structure", "key", "signature", "issuer", "validity", "status", "domain")


@dataclass(frozen=True, slots=True)
class Proof:
    """`carried` is the packed credential; `credential` says what saving it gives ("JSON"), None when its content was
    not confirmed; `certificate` is an address."""

    carried: str | None = None
    credential: str | None = None
    certificate: str | None = None


def of(report: Report) -> Proof:
    """Return what can be saved of `report`."""
    carried = carrying.pack(report.source) if report.source is not None and _is_all(report) else None
    kind = kind_of(report.source) if report.source is not None and report.verified and carried else None
    return Proof(carried, kind[0] if kind else None, _certificate(report.verified) if report.verified else None)


def _is_all(report: Report) -> bool:
    """Whether the credential alone would be judged alike: one inside a doctored PDF would come out better than it."""
    further = [step.outcome for step in report.steps if step.id not in _OF_THE_CREDENTIAL]
    return all(outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE) for outcome in further)


def kind_of(credential: bytes) -> tuple[str, str, str] | None:
    """Return what a credential is called, its file's name and its media type; None for what is no credential's form."""
    return next(((name, file, media) for form, name, file, media in _KINDS if form.match(credential)), None)


def _certificate(claim: VerifiedCredential) -> str | None:
    """The PDF beside the record's page, where a Plaudit serves it at the domain that the issuer's DID proves."""
    page = wording.record_page(claim)
    ours = model.EXTENSION_CONTEXT in vcdm.as_list(claim.document.get("@context"))
    return f"{page}.pdf" if page and ours else None
