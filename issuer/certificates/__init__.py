"""The certificate: a credential of ours as a PDF to print, send and frame, with the signed credential inside.

`CertificateInput.from_credential` takes the values out of a credential; `CertificatePool` draws them. Nothing here
signs, stores or fetches anything. WeasyPrint is loaded in the pool's own processes only.
"""

from issuer.certificates.content import CertificateInput
from issuer.certificates.errors import (
    CertificateFault,
    DoesNotFit,
    MissingGlyph,
    NotACertificateSource,
    OutsideResource,
    RendererBusy,
    RendererNotFit,
    RenderingStopped,
)
from issuer.certificates.limits import Limits
from issuer.certificates.pool import CertificatePool

__all__ = [
    "CertificateFault",
    "CertificateInput",
    "CertificatePool",
    "DoesNotFit",
    "Limits",
    "MissingGlyph",
    "NotACertificateSource",
    "OutsideResource",
    "RendererBusy",
    "RendererNotFit",
    "RenderingStopped",
]
