"""Validates the electronic signatures of a PDF (CMS and PAdES), without the network. Called in a disposable child.

A signature says that the bytes are as somebody signed them; who that is, only a certificate says that leads up to a
root the installation was told to trust. Nothing is fetched: no revocation list, no missing certificate, no time stamp.

Sources: ISO 32000-2, 12.8; ETSI EN 319 142-1 (PAdES); RFC 5280 (paths of certificates).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from verifier.document.answers import Signature

#: The library words its complaints from the file's own content: none of that belongs in our log.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False

#: A contract signed by a whole board has a dozen; each costs time.
MAX_SIGNATURES = 8
#: A subject's name is shown up to here.
MAX_NAME = 200
#: What stands for a signature that cannot be read at all.
BROKEN = Signature("", intact=False, trusted=False, later="changes")


def signatures(data: bytes, roots: Sequence[bytes], now: datetime) -> tuple[Signature, ...]:
    """Validate every signature in the PDF as of `now`, under `roots` (certificates, PEM or DER); none: an empty tuple.

    A broken signature is one of the results. Whatever else goes wrong is raised: then nothing was found out.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(BytesIO(data), strict=False)
    try:
        found = reader.embedded_signatures
    except _broken():  # there is no taking it apart
        return (BROKEN,)
    return tuple(_judged(one, roots, now) for one in found[:MAX_SIGNATURES])


def _judged(found: Any, roots: Sequence[bytes], now: datetime) -> Signature:
    try:
        return _validated(found, roots, now)
    except _broken():
        return BROKEN


def _broken() -> tuple[type[Exception], ...]:
    """What the libraries raise for signatures that are none: their own errors, and ValueError for bad ASN.1."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation.errors import SignatureValidationError

    return (PdfError, SignatureValidationError, ValueError)


def _validated(found: Any, roots: Sequence[bytes], now: datetime) -> Signature:
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko_certvalidator import ValidationContext

    context = ValidationContext(
        trust_roots=[certificate for root in roots for certificate in load_certs_from_pemder_data(root)],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=now,
    )
    stamp = found.sig_object.get("/Type") == "/DocTimeStamp"
    if stamp:
        status: Any = validate_pdf_timestamp(found, context)
    else:
        usages = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
        status = validate_pdf_signature(found, context, key_usage_settings=usages)
    return Signature(
        _called(status.signing_cert.subject), bool(status.intact and status.valid), bool(status.trusted), _later(status)
    )


def _called(subject: Any) -> str:
    """What people call the signer: the certificate's common name, else its organisation, else all of its name."""
    parts = subject.native
    name = parts.get("common_name") or parts.get("organization_name")
    return (name if isinstance(name, str) else str(subject.human_friendly))[:MAX_NAME]


def _later(status: Any) -> str:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "nothing"
    level = getattr(status, "modification_level", None)
    proofs = level is not None and level <= ModificationLevel.LTA_UPDATES
    return "allowed" if proofs and status.coverage is SignatureCoverageLevel.ENTIRE_REVISION else "changes"
