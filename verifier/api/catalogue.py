"""The endpoints of the API in words: what each takes, gives, and how it is called. Only data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from credentials.sentence import Sentence
from credentials.verify.report import Outcome, Report, Step, Verdict
from verifier.api.operations import BYTES, Json, Operation
from verifier.api.shapes import TEXT, listed, members, ref

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
CSV: Final = "text/csv"

#: Bodies that are a credential (or a file with one) as they stand.
RAW_TYPES: Final = (
    "application/pdf", "image/png", "image/jpeg", "image/webp", "image/svg+xml", "text/plain",
    "application/jwt", "application/vc+jwt", "application/vc+sd-jwt", "application/dc+sd-jwt", "application/vc+cose",
)  # fmt: skip
ARCHIVE_TYPES: Final = ("application/zip", "application/x-zip-compressed")
_CREDENTIAL_TYPES: Final = ("application/vc+json", "application/vc", "application/ld+json")
_RESUME_TYPES: Final = ("application/pdf", "text/plain", "image/png", "image/jpeg", "image/webp")

_RECORD: Final = "https://plaudit.example/c/kvq6arnq4pjpvopw6r6fhtbukq"
_CREDENTIAL: Final[Json] = {
    "type": "object",
    "properties": {"@context": {"type": "array"}, "type": {}},
    "required": ["@context", "type"],
    "description": "A verifiable credential, of version 2.0 or 1.1 of the data model.",
}
_FILE: Final[Json] = {"type": "string", "contentMediaType": "application/octet-stream"}


def _only(name: str, shape: Json) -> Json:
    return members({name: shape}) | {"additionalProperties": False}


def _form(text: str) -> Json:
    """A form with a file or a text; where both are sent, the file counts."""
    return {"type": "object", "properties": {"file": _FILE, text: TEXT}, "additionalProperties": False}


def _report() -> Any:
    """A report as the code writes it."""
    sentence = Sentence("Nothing was changed since it was signed.")
    step = Step(
        4, "signature", "Signature", Outcome.PASSED, None, sentence, {"proofs": [{"type": "DataIntegrityProof"}]}
    )
    headline = "employer.example vouches for this. It is unchanged and not withdrawn."
    checked = datetime(2026, 6, 12, 9, 30, tzinfo=UTC)
    return Report(Verdict.VALID, headline, (step,), checked, None, (Verdict.VALID,)).to_json()


VERIFY: Final = Operation(
    "Check one credential",
    about="The credential itself under its media type, a file that holds one, a picture of its QR code, or its "
    "address. The same credential gets the same verdict and the same checks whichever way it comes in. 404: a short "
    "code that nobody was given.",
    takes={
        JSON: {
            "oneOf": [_only("url", {**TEXT, "format": "uri"}), _only("verifiableCredential", {}), _CREDENTIAL],
            "description": "An address, a credential as object or token under its name, or the credential itself.",
        },
        **dict.fromkeys(_CREDENTIAL_TYPES, _CREDENTIAL),
        **dict.fromkeys(RAW_TYPES, BYTES),
        FORM: _form("credential"),
    },
    gives={JSON: ref("Report")},
    asks=(
        {
            "name": "domain",
            "in": "query",
            "schema": {"enum": ["0", "1"]},
            "description": "1: look up the issuer's domain as now, for at most five seconds.",
        },
    ),
    example={"url": _RECORD},
    answer=_report(),
    statuses=(400, 404, 413, 415, 422, 429, 503),
    curl=(
        f'--json \'{{"url": "{_RECORD}"}}\' {{origin}}/api/v1/verify',
        "-H 'Content-Type: application/vc+json' --data-binary @credential.json {origin}/api/v1/verify",
        "-H 'Content-Type: application/vc+jwt' --data-binary @credential.jwt {origin}/api/v1/verify",
        "-F file=@certificate.pdf {origin}/api/v1/verify",
    ),
)

RECEIPT: Final = Operation(
    "Check one credential and have the result signed",
    about="It is checked again, whatever the caller says of it. The receipt is itself a credential, signed by this "
    "installation's verifier key: it names what was checked by id and digest, tells the result of every check at that "
    "moment, and repeats nothing else. With `Accept: application/pdf` it comes as a page with the receipt in it.",
    takes=VERIFY.takes,
    gives={"application/vc+json": _CREDENTIAL, "application/pdf": BYTES},
    example={"url": _RECORD},
    statuses=(400, 404, 413, 415, 422, 429, 503),
    curl=(
        "-F file=@certificate.pdf -o receipt.json {origin}/api/v1/verify/receipt",
        "-H 'Accept: application/pdf' -F file=@certificate.pdf -o receipt.pdf {origin}/api/v1/verify/receipt",
    ),
)

BATCH: Final = Operation(
    "Check many credentials",
    about="Up to 200 addresses, tokens and credentials, or a ZIP archive of files. `leftOut` counts what was past the "
    "limit. With `Accept: text/csv` the table comes as CSV.",
    takes={
        JSON: _only("items", listed({"anyOf": [TEXT, {"type": "object"}]})),
        "text/plain": BYTES,
        **dict.fromkeys(ARCHIVE_TYPES, BYTES),
        FORM: _form("credentials"),
    },
    gives={JSON: ref("Table"), CSV: BYTES},
    example={"items": [_RECORD]},
    curl=(
        f'--json \'{{"items": ["{_RECORD}"]}}\' {{origin}}/api/v1/verify/batch',
        "-H 'Content-Type: application/zip' --data-binary @certificates.zip {origin}/api/v1/verify/batch",
        "-H 'Accept: text/csv' -H 'Content-Type: text/plain' --data-binary @links.txt {origin}/api/v1/verify/batch",
    ),
)

RESUME: Final = Operation(
    "Check a résumé",
    about="Every link and QR code in it that leads to a credential is one of `claims`; what leads to none is not "
    "listed, and what could not be looked at is in `notOpened`.",
    takes={**dict.fromkeys(_RESUME_TYPES, BYTES), FORM: _form("text")},
    gives={JSON: ref("Resume")},
    curl=("-F file=@resume.pdf {origin}/api/v1/verify/resume",),
)

ISSUER_KEYS: Final = Operation(
    "Look up an issuer's public keys",
    about="What a browser keeps, to check printed codes without a network.",
    gives={JSON: ref("IssuerKeys")},
    asks=(
        {
            "name": "issuer",
            "in": "query",
            "required": True,
            "schema": {**TEXT, "pattern": "^did:", "maxLength": 400},
            "example": "did:web:plaudit.example:o:employer",
        },
    ),
    statuses=(400, 422, 429),
    curl=("'{origin}/api/v1/verify/issuer-keys?issuer=did:web:plaudit.example:o:employer'",),
)

_OPTIONS: Final = members(
    {
        "checks": listed(TEXT),
        **{name: {**TEXT, "minLength": 1} for name in ("expectedProofPurpose", "challenge", "domain")},
    },
    optional=("checks", "expectedProofPurpose", "challenge", "domain"),
)
_ABOUT_VC_API: Final = (
    "By its proofs alone: that each holds, not that its signer may vouch as issuer. The same at every base address."
)


def _vc_api(summary: str, member: str, path: str) -> Operation:
    takes = members({member: {"type": "object"}, "options": _OPTIONS}, optional=("options",))
    return Operation(
        summary,
        about=_ABOUT_VC_API,
        takes={JSON: takes},
        gives={JSON: ref("Confirmed")},
        statuses=(400, 404, 413, 422, 429),
        curl=(f"-H 'Content-Type: application/json' --data-binary @{member}.json {{origin}}/vc-api/{path}",),
        tag="VC-API",
    )


VC_API_CREDENTIAL: Final = _vc_api("Verify a credential (VC-API)", "verifiableCredential", "credentials/verify")
VC_API_PRESENTATION: Final = _vc_api("Verify a presentation (VC-API)", "verifiablePresentation", "presentations/verify")
