"""Draws the certificate of a credential once more, for whoever compares a PDF with it. It signs and stores nothing.

The certificate of a record of ours is taken as it was given out, as long as the credential is, byte for byte, the
record's. Anybody else's completion record is drawn in the same way, in a process that is kept for this alone, so that
comparing never holds up issuing.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from credentials import receipts, strict_json
from credentials.errors import InvalidJson, PlauditError
from issuer.certificates import CertificateInput, CertificatePool, Limits, NotACertificateSource
from issuer.certificates.receipt import ReceiptInput
from issuer.instance import Instance
from issuer.services import certificates, records

#: What a stranger's credential may cost; one of ours takes a tenth of a second.
LIMITS = Limits(cpu_seconds=5, deadline=5.0)
#: How long a request waits while another certificate is being drawn, in seconds.
PATIENCE = 2.0
_RECORD = re.compile(r"/c/([a-z2-7]{26})", re.ASCII)


class Redrawing:
    """Draws certificates for comparing; `instance` returns the instance that lives here, or None."""

    def __init__(self, instance: Callable[[], Instance | None], pool: CertificatePool | None = None) -> None:
        self._instance = instance
        #: Also of use to others who draw now and then.
        self.pool = pool or CertificatePool(1, limits=LIMITS, patience=PATIENCE)

    def redraw(self, credential: bytes) -> bytes | None:
        """Return the certificate (PDF) of `credential`, which was verified; of a receipt, the receipt's page.

        None when it is neither. Raises what drawing raises (`RendererBusy`, `MissingGlyph`…).
        """
        try:
            document = strict_json.loads_object(credential)
            if receipts.is_receipt(document):
                return self.pool.render(ReceiptInput.from_receipt(credential), credential)
            values = CertificateInput.from_credential(document)
        except (NotACertificateSource, InvalidJson):
            return None
        return self._given_out(values.record_url, credential) or self.pool.render(values, credential)

    def _given_out(self, url: str, credential: bytes) -> bytes | None:
        instance = self._instance()
        path = url.removeprefix(instance.config.base_url) if instance else ""
        match = _RECORD.fullmatch(path)
        if instance is None or match is None:
            return None
        try:
            record = records.get(instance, match[1])
            return certificates.certificate(instance, record.id) if record.credential == credential else None
        except PlauditError:
            return None

    def close(self) -> None:
        """End the process that draws."""
        self.pool.close()
