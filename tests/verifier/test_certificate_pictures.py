"""Our own certificate, photographed: printed at 96 dots to the inch, compressed, turned, and still an entrance."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from credentials.errors import BadData
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


def photographed(certificate: bytes, turned: float, quality: int = 60) -> bytes:
    page = pypdfium2.PdfDocument(certificate)[0].render(scale=DPI / 72).to_pil().convert("L")
    page = page.rotate(turned, expand=True, fillcolor=200, resample=Image.Resampling.BICUBIC)
    return pictures.saved(page, "JPEG", quality=quality)


#: Every fifth degree, and some between them that are no round number.
ANGLES = [*range(0, 360, 5), 1.3, 2.7, 22.5, 33.3, 67.5, 91.1, 137.5, 181.9, 268.4, 359.1]


@pytest.mark.timeout(300)
def test_the_code_is_read_from_a_picture_turned_any_way(certificate: bytes) -> None:
    unread = [turned for turned in ANGLES if _texts(photographed(certificate, turned)) != [ORDINARY.record_url]]
    print(f"\n{len(ANGLES) - len(unread)} of {len(ANGLES)} rotations read at {DPI} dpi, JPEG quality 60")
    assert unread == []


@pytest.mark.parametrize("quality", [40, 25])
def test_worse_compression_is_read_too(certificate: bytes, quality: int) -> None:
    for turned in (0, 30, 135):
        assert _texts(photographed(certificate, turned, quality)) == [ORDINARY.record_url]


def _texts(picture: bytes) -> list[str]:
    try:
        return [code.text for code in codes_in(picture)]
    except BadData:
        return []


def test_the_certificate_is_judged_by_its_code(certificate: bytes, client_for: MakeClient) -> None:
    """A printed or saved-again certificate has lost what was attached to it; its code still leads to the record."""
    situation = situations.make("withdrawn")
    situation.web.put(ORDINARY.record_url, situation.credential)
    client = client_for(situation.web)
    for upload in (certificate, photographed(certificate, 8)):
        report = client.post("/api/v1/verify", data={"file": (BytesIO(upload), "x")}).get_json()
        assert report["verdict"] == "withdrawn"
        assert report["ledTo"] == ORDINARY.record_url
