"""Our own certificate, photographed: printed at 96 dots to the inch, compressed, turned, and still an entrance."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from issuer.certificates import CertificatePool
from tests.verifier import pictures, situations
from tests.verifier.conftest import MakeClient
from tests.worlds.certificates import ORDINARY
from verifier.reading.pictures import codes_in

DPI = 96


@pytest.fixture(scope="module")
def certificate() -> bytes:
    """The certificate of an ordinary record, without the credential that is attached to it."""
    with CertificatePool(workers=1) as pool:
        drawn = pool.render(ORDINARY, b"{}")
    out = BytesIO()
    with pikepdf.open(BytesIO(drawn)) as document:
        for name in list(document.attachments):
            del document.attachments[name]
        document.save(out)
    return out.getvalue()


def photographed(certificate: bytes, turned: float) -> bytes:
    page = pypdfium2.PdfDocument(certificate)[0].render(scale=DPI / 72).to_pil().convert("L")
    page = page.rotate(turned, expand=True, fillcolor=200, resample=Image.Resampling.BICUBIC)
    return pictures.saved(page, "JPEG", quality=60)


@pytest.mark.parametrize("turned", [0, 3, 17, 45, 60, 90, 123, 180, 211, 270, 315, 350])
def test_the_code_is_read_from_a_picture_of_the_certificate(certificate: bytes, turned: float) -> None:
    assert [code.text for code in codes_in(photographed(certificate, turned))] == [ORDINARY.record_url]


def test_the_certificate_is_judged_by_its_code(certificate: bytes, client_for: MakeClient) -> None:
    """A printed or saved-again certificate has lost what was attached to it; its code still leads to the record."""
    situation = situations.make("withdrawn")
    situation.web.put(ORDINARY.record_url, situation.credential)
    client = client_for(situation.web)
    for upload in (certificate, photographed(certificate, 8)):
        report = client.post("/api/v1/verify", data={"file": (BytesIO(upload), "x")}).get_json()
        assert report["verdict"] == "withdrawn"
        assert report["ledTo"] == ORDINARY.record_url
