"""Draws one receipt: a pure function from its values and the signed receipt's bytes to the bytes of a PDF, one A4 page.

As for certificates: bundled fonts and art only, PDF/A-3a and PDF/UA-1, same input, same bytes.
"""

from __future__ import annotations

import os
from functools import cache

import jinja2
import weasyprint
from markupsafe import Markup, escape

from issuer.certificates import bundle, content, drawing, forms, marks, receipt
from issuer.certificates.drawing import Attached
from issuer.certificates.errors import CertificateFault
from issuer.certificates.receipt import ReceiptInput

RECEIPT_NAME = "receipt.json"
#: Sizes of the text of the checks to try, in points: the largest with which all of it stands on one page.
SIZES = (9.0, 8.4, 7.8, 7.2, 6.4)


def render(values: ReceiptInput, signed: bytes) -> bytes:
    """The receipt as a PDF with the signed receipt embedded.

    Raises MissingGlyph (bad data), OutsideResource, CertificateFault, RendererNotFit.
    """
    drawing.check_renderer(weasyprint.__version__, os.environ)
    attached = Attached(signed, RECEIPT_NAME, "The signed receipt: a verifiable credential", values.at.date())
    images = {drawing.QR_URL: forms.qr_code(values.check_url), **marks.images()}
    for size in SIZES:
        page = _template().render(
            values=values,
            size=size,
            qr_url=drawing.QR_URL,
            outcomes=receipt.OUTCOMES,
            moment=receipt.moment(values.at),
        )
        pdf = drawing.draw_one_page(page, attached, images, drawing.stylesheet("receipt.css"))
        if pdf is not None:
            return pdf
    raise CertificateFault("the receipt took several pages")


def _written(text: str, primary: str = bundle.SANS) -> Markup:
    """A text on one line in the families that have its characters; raises MissingGlyph when none has."""
    line = content.one_line(text)
    families = ",".join(f"'{family}'" for family in bundle.families(line, primary))
    return Markup('<span style="font-family:{}">{}</span>').format(Markup(families), escape(line))  # noqa: S704 - ours


@cache
def _template() -> jinja2.Template:
    environment = drawing.environment().overlay()
    environment.filters = {**environment.filters, "written": _written}
    return environment.get_template("receipt.html")
