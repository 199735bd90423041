"""Electronic signatures of PDFs, made by pyHanko with authorities of the tests: what each is taken for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from credentials.verify import Outcome, Report, Verdict
from issuer.services.redrawing import Redrawing
from tests.verifier import files, forgeries
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from tests.worlds.pdf_signers import ROOT, signed, signer, stranger
from verifier.config import VerifierConfig
from verifier.document.judging_pdf import Documents
from verifier.intake import FileReader
from verifier.judging import Judge
from verifier.problems import ConfigurationRefused
from verifier.sandbox import FileSandbox

#: In disposable children, as in the service: pyHanko starts an event loop, and so does the driver of browsers here.
READER = FileSandbox()


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


@pytest.fixture(scope="module")
def redrawing() -> Iterator[Redrawing]:
    drawing = Redrawing(lambda: None)
    yield drawing
    drawing.close()


@pytest.fixture(scope="module")
def genuine(issuer: Issuer, redrawing: Redrawing) -> bytes:
    pdf = redrawing.redraw(to_bytes(issuer.issue()))
    assert pdf is not None
    return pdf


def _judged(issuer: Issuer, pdf: bytes, redrawing: Redrawing, *roots: bytes, reader: FileReader = READER) -> Report:
    documents = Documents(reader, lambda: NOW, redrawing, roots)
    return Judge(issuer.web, lambda: NOW, reader, documents=documents).handed_in(pdf).report


def test_a_signature_under_a_configured_root_is_passed_and_so_is_the_page(
    issuer: Issuer, genuine: bytes, redrawing: Redrawing
) -> None:
    report = _judged(issuer, signed(genuine, signer("Acme Ltd")), redrawing, ROOT)
    step = report.step("pdf_signature")
    assert (step.outcome, step.code) == (Outcome.PASSED, None)
    assert step.sentence == "It is unchanged since Acme Ltd signed it."
    assert step.details["certificateRevocation"] == "not_checked"
    assert report.step("document").outcome is Outcome.PASSED
    assert report.verdict is Verdict.VALID


def test_a_signature_by_a_stranger_is_named_and_counts_for_nothing(
    issuer: Issuer, genuine: bytes, redrawing: Redrawing
) -> None:
    pdf = signed(genuine, stranger("Acme Ltd"))
    for roots in ((), (ROOT,)):
        report = _judged(issuer, pdf, redrawing, *roots)
        step = report.step("pdf_signature")
        assert step.outcome is Outcome.NOT_APPLICABLE
        assert "Acme Ltd signed it, whose certificate nobody vouches for here" in step.sentence
        assert report.verdict is Verdict.VALID


def test_a_certificate_that_has_ended_vouches_for_nobody(issuer: Issuer, genuine: bytes, redrawing: Redrawing) -> None:
    report = _judged(issuer, signed(genuine, signer("Acme Ltd", days=(-20, -1))), redrawing, ROOT)
    assert report.step("pdf_signature").outcome is Outcome.NOT_APPLICABLE


def test_a_signed_pdf_that_was_changed_is_altered(issuer: Issuer, genuine: bytes, redrawing: Redrawing) -> None:
    pdf = signed(genuine, signer("Acme Ltd"))
    place = pdf.index(b"/Producer")
    changed = pdf[:place] + b"/Prqducer" + pdf[place + 9 :]
    report = _judged(issuer, changed, redrawing, ROOT)
    assert report.step("pdf_signature").code == "pdf_signature_broken"
    assert (report.verdict, report.verified) == (Verdict.ALTERED, None)


def test_a_signature_that_is_no_signature_is_broken(issuer: Issuer, genuine: bytes, redrawing: Redrawing) -> None:
    pdf = signed(genuine, signer("Acme Ltd"))
    found = re.search(rb"/Contents ?<([0-9a-fA-F]{600})", pdf)
    assert found is not None
    spoilt = pdf[: found.start(1)] + b"00" * 300 + pdf[found.end(1) :]
    report = _judged(issuer, spoilt, redrawing, ROOT)
    assert (report.step("pdf_signature").outcome, report.verdict) == (Outcome.FAILED, Verdict.ALTERED)


def test_what_came_after_the_signature_is_told(issuer: Issuer, genuine: bytes, redrawing: Redrawing) -> None:
    pdf = forgeries.incrementally(forgeries.white_box)(signed(genuine, signer("Acme Ltd")))
    report = _judged(issuer, pdf, redrawing, ROOT)
    step = report.step("pdf_signature")
    assert (step.outcome, step.code) == (Outcome.NOT_CHECKED, "pdf_changed_later")
    assert step.details["signatures"][0]["later"] == "changes"
    assert report.step("document").outcome is Outcome.FAILED


def test_a_second_signature_is_no_change_to_what_the_first_one_signed(
    issuer: Issuer, genuine: bytes, redrawing: Redrawing
) -> None:
    once = signed(genuine, signer("Acme Ltd"))
    report = _judged(issuer, signed(once, signer("School"), "Second"), redrawing, ROOT)
    step = report.step("pdf_signature")
    assert step.outcome is Outcome.PASSED
    assert [one["signer"] for one in step.details["signatures"]] == ["Acme Ltd", "School"]


def test_signatures_that_cannot_be_read_are_not_checked(issuer: Issuer, redrawing: Redrawing) -> None:
    """Where one library mends a broken file and the other does not, nothing is claimed about its signature."""
    pdf = files.pdf(to_bytes(issuer.issue()))
    damaged = pdf[: pdf.rindex(b"startxref")] + b"% /ByteRange\nstartxref\n9999999\n%%EOF\n"
    report = _judged(issuer, damaged, redrawing, ROOT)
    step = report.step("pdf_signature")
    assert (step.outcome, step.code) == (Outcome.NOT_CHECKED, "pdf_signature_not_read")
    assert report.verdict is Verdict.CANNOT_CHECK


def test_signatures_are_validated_in_a_child_that_has_no_network(
    issuer: Issuer, genuine: bytes, redrawing: Redrawing
) -> None:
    pdf = signed(genuine, signer("Acme Ltd"))
    report = _judged(issuer, pdf, redrawing, ROOT, reader=FileSandbox())
    assert report.step("pdf_signature").outcome is Outcome.PASSED


def test_roots_are_read_from_a_file_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("roots") / "roots.pem"
    path.write_bytes(ROOT + b"\n" + ROOT)
    environ = {"PLAUDIT_VERIFIER_PDF_ROOTS": str(path)}
    assert len(VerifierConfig.from_environ(environ).pdf_roots) == 2
    path.write_bytes(b"none")
    with pytest.raises(ConfigurationRefused, match="no certificate"):
        VerifierConfig.from_environ(environ)
    path.unlink()
    with pytest.raises(ConfigurationRefused, match="cannot be read"):
        VerifierConfig.from_environ(environ)
    assert VerifierConfig.from_environ({}).pdf_roots == ()
