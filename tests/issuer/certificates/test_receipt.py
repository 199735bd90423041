"""The receipt on paper: one page, PDF/A-3a and PDF/UA-1, with the signed receipt in it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pikepdf
import pytest

from credentials import receipts
from credentials.verify import Report
from credentials.verify.report import Outcome, Step, Verdict
from issuer.certificates import CertificatePool, NotACertificateSource
from issuer.certificates.receipt import ReceiptInput, moment
from issuer.services.receipt_printing import ReceiptPrinting
from tests.issuer.certificates import reading
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, judge, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

DID = "did:web:verify.example:verify"
ISSUER = Issuer(MemoryWeb())
VALID = judge(ISSUER.issue(), ISSUER.web)
ALTERED = judge(to_bytes(ISSUER.issue()).replace(b'"31"', b'"91"'), ISSUER.web)


def _signed(report: Report, did: str = DID) -> bytes:
    document = receipts.build_receipt(
        report,
        digest=receipts.digest_of(b"handed in"),
        receipt_id="urn:uuid:6c0f3c1e-7f0e-4c3e-9d0f-1a2b3c4d5e6f",
        issuer=did,
        issuer_name="Verifier",
    )
    return to_bytes(sign(document, Key("key-1", did), created=NOW))


@pytest.mark.parametrize("report", [VALID, ALTERED], ids=["valid", "altered"])
def test_a_receipt_is_accessible_archivable_and_carries_itself(pool: CertificatePool, report: Report) -> None:
    signed = _signed(report)
    pdf = ReceiptPrinting(pool).print(signed)
    assert reading.failures(pdf) == []
    assert reading.syntax_problems(pdf) == []
    assert reading.attachments(pdf) == {"receipt.json": (signed, "application/vc+json", "/Data")}
    assert not reading.shows_notdef(pdf)
    assert reading.fonts_not_embedded(pdf) == []
    assert ReceiptPrinting(pool).print(signed) == pdf


def test_a_receipt_says_all_that_was_signed(pool: CertificatePool) -> None:
    text = reading.text(ReceiptPrinting(pool).print(_signed(VALID)))
    for told in (
        VALID.verdict.word, VALID.headline, "1 July 2026, 12:00 UTC", "verify.example", "employer.example",
        ISSUER.record_url, receipts.digest_of(b"handed in"), "nothing of today", "https://verify.example/verify",
        *(step.sentence for step in VALID.steps), *(step.title for step in VALID.steps),
    ):  # fmt: skip
        assert told in text, told


def test_its_code_opens_a_check_of_the_credential_as_it_is_now(pool: CertificatePool) -> None:
    [code] = reading.qr_codes(ReceiptPrinting(pool).print(_signed(VALID)), 150)
    assert code.text == "https://verify.example/verify?url=" + quote(ISSUER.record_url, safe="")
    [code] = reading.qr_codes(ReceiptPrinting(pool).print(_signed(ALTERED)), 150)
    assert code.text == "https://verify.example/verify"


def test_a_long_receipt_still_stands_on_one_page(pool: CertificatePool, tmp_path: Any) -> None:
    words = "This sentence is about as long as the longest that a check has ever been known to say to anybody."
    steps = tuple(Step(number, f"s{number}", f"Check {number}", Outcome.PASSED, None, words) for number in range(1, 13))
    report = Report(Verdict.VALID, "Fine.", steps, NOW, None, (Verdict.VALID,))
    pdf = ReceiptPrinting(pool).print(_signed(report))
    (tmp_path / "long.pdf").write_bytes(pdf)
    with pikepdf.open(tmp_path / "long.pdf") as file:
        assert len(file.pages) == 1
    assert reading.failures(pdf) == []


def test_a_signer_in_another_script_is_drawn_in_fonts_that_have_it(pool: CertificatePool) -> None:
    step = Step(9, "pdf_signature", "The PDF's signature", Outcome.PASSED, None, "Signed by 株式会社山田.")
    report = Report(Verdict.VALID, "Fine.", (step,), NOW, None, (Verdict.VALID,))
    pdf = ReceiptPrinting(pool).print(_signed(report))
    assert "株式会社山田" in reading.text(pdf)
    assert reading.failures(pdf) == []


def test_only_receipts_of_verifiers_with_an_address_are_drawn() -> None:
    with pytest.raises(NotACertificateSource):
        ReceiptInput.from_receipt(to_bytes(ISSUER.issue()))
    with pytest.raises(NotACertificateSource):
        ReceiptInput.from_receipt(b"{}")
    with pytest.raises(NotACertificateSource):
        ReceiptInput.from_receipt(_signed(VALID, Key("stranger").controller))
    assert ReceiptInput.from_receipt(_signed(VALID, "did:web:localhost%3A8000:verify")).site == (
        "http://localhost:8000/verify"
    )
    assert moment(NOW) == "1 July 2026, 12:00 UTC"
