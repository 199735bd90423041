"""A PDF is judged as a whole: what it shows must be what was signed. Every forgery here is a real file."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pikepdf
import pytest

from credentials import strict_json
from credentials.errors import PlauditError
from credentials.verify import Outcome, Report, Verdict
from issuer.certificates import CertificateInput, CertificatePool, RendererBusy
from issuer.services.redrawing import Redrawing
from tests.issuer.certificates.conftest import sample_inputs
from tests.verifier import files, forgeries, pictures
from tests.verifier.reading import InProcess
from tests.worlds.completions import NOW, completion
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier.document import glance
from verifier.document.answers import OUTCOMES, SAME, Answer, Asked, Compared, Signature, decode, encode
from verifier.document.judging_pdf import Documents
from verifier.document.signed import Signed
from verifier.judging import Judge
from verifier.problems import DamagedFile, ReaderBusy
from verifier.sandbox import FileSandbox

READER = InProcess()


@pytest.fixture(scope="module")
def redrawing() -> Iterator[Redrawing]:
    drawing = Redrawing(lambda: None)
    yield drawing
    drawing.close()


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


@pytest.fixture(scope="module")
def credential(issuer: Issuer) -> bytes:
    return to_bytes(issuer.issue())


@pytest.fixture(scope="module")
def genuine(redrawing: Redrawing, credential: bytes) -> bytes:
    pdf = redrawing.redraw(credential)
    assert pdf is not None
    return pdf


@pytest.fixture(scope="module")
def judged(issuer: Issuer, redrawing: Redrawing) -> Callable[[bytes], Report]:
    judge = Judge(issuer.web, lambda: NOW, READER, documents=Documents(READER, lambda: NOW, redrawing))
    return lambda pdf: judge.handed_in(pdf).report


Judged = Callable[[bytes], Report]


def test_a_genuine_certificate_is_passed_without_opening_it_again(
    issuer: Issuer, redrawing: Redrawing, genuine: bytes
) -> None:
    class Never:
        def examine(self, _asked: Asked) -> Answer:
            raise AssertionError("a file that is what we draw, byte for byte, needs no look")

    judge = Judge(issuer.web, lambda: NOW, READER, documents=Documents(Never(), lambda: NOW, redrawing))
    report = judge.handed_in(genuine).report
    assert report.verdict is Verdict.VALID
    assert [(step.number, step.id) for step in report.steps[-2:]] == [(9, "pdf_signature"), (10, "document")]
    assert report.step("document").outcome is Outcome.PASSED
    assert report.step("pdf_signature").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "saving",
    [{}, {"linearize": True}, {"compress_streams": False}, {"object_stream_mode": 1}],
    ids=["plain", "linearised", "unpacked", "object streams"],
)
def test_a_certificate_that_another_program_saved_again_is_passed(
    judged: Judged, genuine: bytes, saving: dict[str, object]
) -> None:
    saved = forgeries.restored(genuine, **saving)
    assert saved != genuine
    report = judged(saved)
    assert report.verdict is Verdict.VALID
    assert report.step("document").outcome is Outcome.PASSED


@pytest.mark.parametrize("name", forgeries.ALL)
def test_no_forgery_passes_and_nothing_signed_is_shown_beside_altered(
    judged: Judged, genuine: bytes, name: str
) -> None:
    forge, verdict = forgeries.ALL[name]
    report = judged(forge(genuine))
    assert report.verdict.id == verdict
    step = report.step("document")
    assert step.outcome is (Outcome.FAILED if verdict == forgeries.CHANGED else Outcome.NOT_CHECKED)
    assert report.headline == step.sentence
    assert (report.verified is None) == (report.verdict is Verdict.ALTERED)
    assert step.code in ("document_altered", "document_not_compared")
    assert report.source is None  # saved, or checked again by itself, it would look better than the PDF was


@pytest.mark.parametrize(
    ("forge", "about"),
    [
        (forgeries.replaced_text(forgeries.NAME, "Eve Forger"), "The name printed"),
        (forgeries.replaced_text(forgeries.TITLE, "Rocket science"), "The title printed"),
        (forgeries.replaced_text(forgeries.HOURS, "310 hours"), "The hours printed"),
        (forgeries.replaced_text(forgeries.PERIOD, "24 May 2021 - 11 Jun 2026"), "The dates printed"),
    ],
)
def test_the_report_names_what_was_changed(judged: Judged, genuine: bytes, forge: forgeries.Forge, about: str) -> None:
    assert judged(forge(genuine)).headline.startswith(about)


def test_a_forgery_is_found_in_a_child_of_little_memory_and_time(
    issuer: Issuer, redrawing: Redrawing, genuine: bytes
) -> None:
    sandbox = FileSandbox()
    judge = Judge(issuer.web, lambda: NOW, sandbox, documents=Documents(sandbox, lambda: NOW, redrawing))
    assert judge.handed_in(forgeries.white_box(genuine)).report.verdict is Verdict.ALTERED
    assert judge.handed_in(forgeries.restored(genuine)).report.verdict is Verdict.VALID


def test_certificates_in_thirty_scripts_are_recognised_and_their_names_guarded(shared_samples: object) -> None:
    """By their pictures, and by the text that stands on them: a forged name is found in each script, and no other."""
    from verifier.document import pages

    inputs = sample_inputs(shared_samples)  # type: ignore[arg-type]
    assert len(inputs) == 30
    with CertificatePool(2) as pool:
        drawn = list(pool.render_many((values, b"{}") for values in inputs))
    for values, pdf in zip(inputs, drawn, strict=True):
        assert isinstance(pdf, bytes)
        signed = _signed(values)
        assert pages.compare(forgeries.restored(pdf), pdf, signed) == Compared(SAME)
        assert pages.compare(forgeries.replaced_text(forgeries.NAME, "Eve Forger")(pdf), pdf, signed) == Compared(
            "changed", ("name",)
        )


def _signed(values: CertificateInput) -> Signed:
    days = tuple(day.isoformat() for day in (values.start, values.end, values.awarded))
    others = (values.role, values.issuer_name, values.supervisor_name, *values.skills, values.record_url)
    return Signed(values.student_name, values.title, f"{values.hours:g}", days, others)


def test_a_certificate_of_another_design_is_not_called_changed(
    judged: Judged, credential: bytes, genuine: bytes
) -> None:
    """The same words in the same page, set a little further down: nobody altered anything, and nothing is confirmed."""
    moved = forgeries._edited(genuine, lambda pdf: pdf.pages[0].contents_add(b"1 0 0 1 0 -9 cm\n", prepend=True))
    report = judged(moved)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert report.step("document").outcome is Outcome.NOT_CHECKED


def test_another_issuers_pdf_is_never_called_changed(issuer: Issuer, redrawing: Redrawing) -> None:
    """A credential that is no completion record has no certificate of ours; what its PDF shows was not compared."""
    document = issuer.unsigned()
    del document["credentialSubject"]["activityStartDate"]
    credential = to_bytes(issuer.issue(document))
    judge = Judge(issuer.web, lambda: NOW, READER, documents=Documents(READER, lambda: NOW, redrawing))
    blank, written = files.pdf(credential), forgeries.second_page(files.pdf(credential))
    assert judge.handed_in(blank).report.step("document").outcome is Outcome.NOT_APPLICABLE
    report = judge.handed_in(written).report
    assert (report.verdict, report.step("document").code) == (Verdict.CANNOT_CHECK, "document_not_compared")
    assert report.verified is not None


def test_a_pdf_with_only_a_code_is_compared_where_it_is_a_certificate(
    issuer: Issuer, judged: Judged, credential: bytes, genuine: bytes
) -> None:
    issuer.web.put(issuer.record_url, credential)
    bare = _without_attachment(genuine)
    assert judged(bare).step("document").outcome is Outcome.PASSED
    forged = judged(forgeries.replaced_text(forgeries.NAME, "Eve Forger")(bare))
    assert forged.verdict is Verdict.ALTERED
    scanned = judged(pictures.pdf_page(pictures.code(issuer.record_url)))
    assert (scanned.verdict, scanned.step("document").outcome) == (Verdict.VALID, Outcome.NOT_APPLICABLE)


def _without_attachment(pdf: bytes) -> bytes:
    def strip(document: object) -> None:
        root = document.Root  # type: ignore[attr-defined]
        del root.AF
        del root.Names

    return forgeries._edited(pdf, strip)


def test_what_could_not_be_drawn_or_read_is_not_checked(issuer: Issuer, credential: bytes, genuine: bytes) -> None:
    class Busy:
        def redraw(self, _credential: bytes) -> bytes:
            raise RendererBusy("no renderer was free")

    class Broken(InProcess):
        def examine(self, _asked: Asked) -> Answer:
            raise RuntimeError

    busy = Judge(issuer.web, lambda: NOW, READER, documents=Documents(READER, lambda: NOW, Busy()))
    assert busy.handed_in(genuine).report.verdict is Verdict.CANNOT_CHECK
    broken = Judge(issuer.web, lambda: NOW, READER, documents=Documents(Broken(), lambda: NOW))
    report = broken.handed_in(genuine).report
    assert report.verdict is Verdict.CANNOT_CHECK
    assert report.step("document").code == "internal_error"


def test_a_credential_that_was_not_confirmed_leaves_the_page_unjudged(issuer: Issuer, judged: Judged) -> None:
    altered = to_bytes(issuer.issue()).replace(b'"31"', b'"91"')
    report = judged(files.pdf(altered))
    assert (report.verdict, report.step("document").code) == (Verdict.ALTERED, "not_reached")


def test_a_withdrawn_certificate_stays_withdrawn_when_its_pdf_is_genuine(redrawing: Redrawing) -> None:
    issuer = Issuer(MemoryWeb())
    credential = to_bytes(issuer.issue())
    issuer.revoke(7)
    pdf = redrawing.redraw(credential)
    assert pdf is not None
    judge = Judge(issuer.web, lambda: NOW, READER, documents=Documents(READER, lambda: NOW, redrawing))
    report = judge.handed_in(pdf).report
    assert (report.verdict, report.step("document").outcome) == (Verdict.WITHDRAWN, Outcome.PASSED)
    forged = judge.handed_in(forgeries.white_box(pdf)).report
    assert forged.reasons[:2] == (Verdict.ALTERED, Verdict.WITHDRAWN)


def test_an_answer_of_the_child_comes_back_whole_and_nothing_else_is_believed() -> None:
    for outcome in OUTCOMES:
        answer = Answer((Signature("A", intact=True, trusted=False, later="nothing"),), Compared(outcome, ("name",)))
        assert decode(encode(answer)) == answer
    assert decode(encode(Answer(None, None))) == Answer(None, None)
    good = strict_json.loads_object(encode(Answer((), Compared(SAME))))
    for bad in (
        {**good, "compared": {"outcome": "wonderful", "about": []}},
        {**good, "signatures": [{"signer": "A", "intact": True, "trusted": True, "later": "never"}]},
        {},
    ):
        with pytest.raises(DamagedFile):
            decode(strict_json.dumps(bad))


def test_a_name_of_two_letters_and_equal_numbers_do_not_confuse_the_lines() -> None:
    from verifier.document.pages import kind_of

    signed = Signed("Li", "24", "24", ("2026-05-24",), ("Acme",))
    assert [kind_of(line, signed) for line in ("Li", "This confirms that Li", "24", "24 hours", "24 May 2026")] == [
        "name", None, "title", "hours", "dates",
    ]  # fmt: skip
    assert kind_of("124 hours", signed) is None


def test_the_certificate_of_a_record_that_lives_here_is_the_one_that_was_given_out(tmp_path: object) -> None:
    """And a credential with its id that is not the record's own is drawn anew."""
    from issuer.services import certificates, records
    from tests.worlds import instances

    world = instances.make_world(tmp_path)  # type: ignore[arg-type]
    [identifier] = instances.issued(world)
    record = records.get(world.instance, identifier)
    given_out = certificates.certificate(world.instance, record.id)
    drawing = Redrawing(lambda: world.instance)
    try:
        assert drawing.redraw(record.credential) == given_out
        other = record.credential.replace(b'"hashed":false', b'"hashed" :false')
        redrawn = drawing.redraw(other)
        assert redrawn not in (None, given_out)
        assert drawing.redraw(b'{"id": "x"}') is None
    finally:
        drawing.close()
        world.instance.close()


def test_dates_of_every_shape_are_told_from_other_words() -> None:
    signed = replace(Signed("A", "B", "1", (date(2026, 5, 2).isoformat(),)), others=(completion()["role"],))
    from verifier.document.pages import kind_of

    assert kind_of("2–20 May 2026", signed) == "dates"
    assert kind_of("Accessibility intern", signed) == "text"
    assert kind_of("Certificate of completion", signed) is None


def test_of_many_pdfs_one_that_lacks_the_signed_name_is_to_be_handed_in_by_itself(
    issuer: Issuer, redrawing: Redrawing, genuine: bytes
) -> None:
    from tests.verifier import archives

    documents = Documents(READER, lambda: NOW, redrawing)
    judge = Judge(issuer.web, lambda: NOW, READER, documents=documents)
    forged = forgeries.replaced_text(forgeries.NAME, "Eve Forger")(genuine)
    blank = files.pdf(to_bytes(issuer.issue()))
    altered = files.pdf(to_bytes(issuer.issue()).replace(b'"31"', b'"91"'))
    picture = forgeries.page_as_picture(genuine)
    packed = archives.archive(("a", genuine), ("b", forged), ("c", blank), ("d", altered), ("e", picture))
    entries = [found for _, found in READER.read_archive(packed).files if not isinstance(found, PlauditError)]
    reports = [judge.found(found).report for found in entries]
    assert [(report.verdict, report.step("document").outcome) for report in reports] == [
        (Verdict.VALID, Outcome.NOT_APPLICABLE),
        (Verdict.CANNOT_CHECK, Outcome.NOT_CHECKED),
        (Verdict.VALID, Outcome.NOT_APPLICABLE),
        (Verdict.ALTERED, Outcome.NOT_CHECKED),
        (Verdict.CANNOT_CHECK, Outcome.NOT_CHECKED),
    ]
    bare = Judge(issuer.web, lambda: NOW, READER).found(entries[1])
    assert bare.report.verdict is Verdict.VALID


def test_busy_readers_are_said_to_be_busy_and_nothing_is_claimed(issuer: Issuer, genuine: bytes) -> None:
    class Taken(InProcess):
        def examine(self, _asked: Asked) -> Answer:
            raise ReaderBusy("2 files are being read")

    judge = Judge(issuer.web, lambda: NOW, READER, documents=Documents(Taken(), lambda: NOW))
    with pytest.raises(ReaderBusy):
        judge.handed_in(genuine)


def test_a_glance_comes_back_whole_and_nothing_else_is_believed() -> None:
    found = glance.InPdf(b"{\n}", "else", "Ada")
    assert glance.decode(glance.encode(found)) == found
    for bad in (b"", b"[]\n{}", b'["splendid","x"]\n{}', b'["else",1]\n{}', b"{\n"):
        with pytest.raises(PlauditError):
            glance.decode(bad)


@pytest.mark.case("UPL-01")
def test_a_page_that_is_a_bomb_costs_a_child_and_confirms_nothing(
    issuer: Issuer, redrawing: Redrawing, credential: bytes
) -> None:
    """The credential in it is genuine, so its page is opened: half a gigabyte of instructions, in half a megabyte."""
    bomb = forgeries.page_of(files.pdf(credential), files.deflated_zeros(1 << 29))
    sandbox = FileSandbox()
    judge = Judge(issuer.web, lambda: NOW, sandbox, documents=Documents(sandbox, lambda: NOW, redrawing))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    report = judge.handed_in(bomb).report
    assert time.monotonic() - started < 15
    assert report.step("document").outcome is Outcome.NOT_CHECKED
    assert report.verdict is Verdict.CANNOT_CHECK
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_a_page_of_absurd_size_is_looked_at_in_little(
    issuer: Issuer, judged: Judged, credential: bytes, genuine: bytes
) -> None:
    def stretch(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].MediaBox = [0, 0, 14_000_000, 14_000_000]

    report = judged(forgeries._edited(genuine, stretch))
    assert report.step("document").outcome in (Outcome.NOT_CHECKED, Outcome.FAILED)
