"""Pictures (PNG) of certificates, for link previews and for the look before confirming. Draws no certificate itself."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from typing import Any

import pypdfium2

from credentials import strict_json
from issuer.certificates.content import CertificateInput
from issuer.instance import Instance
from issuer.services import certificates, records

#: Wide enough for a link preview (Open Graph recommends 1200) and for a look on a large screen.
WIDTH = 1_600
#: PDFium keeps global state and is not safe in several threads; a web process answers in several.
_PDFIUM = threading.Lock()


def of_record(instance: Instance, credential_id: str) -> bytes:
    """Return the picture of a credential's certificate, kept beside it. Raises as `certificates.certificate`."""
    kept = certificates.keep_path(instance, f"{records.get(instance, credential_id).version_id}.png")
    if kept.exists():
        return kept.read_bytes()
    picture = _picture(certificates.certificate(instance, credential_id))
    certificates.keep_file(instance, kept.name, picture)
    return picture


def of_unsigned(instance: Instance, document: Mapping[str, Any]) -> bytes:
    """Return the picture of what would be issued; kept nowhere."""
    values = CertificateInput.from_credential(document)
    return _picture(instance.pool.render(values, strict_json.dumps(dict(document))))


def _picture(pdf: bytes) -> bytes:
    """Draw the first page of a certificate of ours (never a file from outside: those are drawn in a child)."""
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            page = document[0]
            image = page.render(scale=WIDTH / page.get_width()).to_pil()
        finally:
            document.close()
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()
