"""Adds to a credential's report what is to be said of the PDF it came in: its signature, and its visible text.

The certificate is drawn once more from the signed data and laid over what was handed in. Drawing is somebody else's
work (`Redrawer`), and so is reading the stranger's file (`Examiner`): nothing is parsed here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from credentials.verify import Report
from credentials.verify.outcomes import NOT_REACHED, Result, from_error
from verifier.document import steps
from verifier.document.answers import ELSE, SAME, SIGNED_BYTES, Answer, Asked, Compared
from verifier.document.glance import InPdf
from verifier.document.signed import Signed
from verifier.problems import ReaderBusy


class Redrawer(Protocol):
    """Draws certificates."""

    def redraw(self, credential: bytes) -> bytes | None:
        """Return the certificate (PDF) of a credential that was verified; None when it is not one of our kind.

        Raises a `PlauditError` when it cannot be drawn now.
        """
        ...


class Examiner(Protocol):
    """Looks into PDFs from strangers."""

    def examine(self, asked: Asked) -> Answer:
        """Raises a `PlauditError` for what could not be examined."""
        ...


@dataclass(frozen=True, slots=True)
class Documents:
    """Judges PDFs as a whole. `roots` are certificates (PEM or DER) under which a signature's signer is trusted."""

    examiner: Examiner
    clock: Callable[[], datetime]
    redrawer: Redrawer | None = None
    roots: tuple[bytes, ...] = ()

    def judged(self, report: Report, pdf: bytes, *, embedded: bool) -> Report:
        """`report`, and the steps about the PDF. `embedded`: the credential lay in it; else a code on it led there."""
        signature, document = self._results(report, pdf, embedded)
        report = _with(report, steps.SIGNATURE, steps.SIGNATURE_TITLE, signature)
        return _with(report, steps.DOCUMENT, steps.DOCUMENT_TITLE, document)

    def glanced(self, report: Report, found: InPdf) -> Report:
        """`report`, and what a glance at one PDF of many tells."""
        result = steps.glanced(found, Signed.of(report.verified)) if report.verified else NOT_REACHED
        return _with(report, steps.DOCUMENT, steps.DOCUMENT_TITLE, result)

    def _results(self, report: Report, pdf: bytes, embedded: bool) -> tuple[Result, Result]:
        """What is to be said of the signature and of the visible text."""
        signed = Signed.of(report.verified) if report.verified else None
        document = None if signed else NOT_REACHED
        expected = None
        try:
            expected = self._expected(report) if signed else None
        except Exception as error:  # a check that broke down was not done
            document = from_error(error, {})
        if expected is not None and expected == pdf:
            document = steps.document(Compared(SAME), embedded=embedded)
        try:
            answer = self._examined(pdf, expected, None if document else signed)
        except ReaderBusy:
            raise  # nothing was checked yet that cannot be checked again in a moment
        except Exception as error:
            undone = from_error(error, {})
            return undone, document or undone
        compared = answer.compared or Compared(ELSE)
        return steps.signature(answer.signatures), document or steps.document(compared, embedded=embedded)

    def _expected(self, report: Report) -> bytes | None:
        if report.source is None or self.redrawer is None:
            return None
        return self.redrawer.redraw(report.source)

    def _examined(self, pdf: bytes, expected: bytes | None, signed: Signed | None) -> Answer:
        """What only a look into the file tells. Without a signature and with nothing to compare, no child is asked."""
        if signed is None and SIGNED_BYTES not in pdf:
            return Answer((), None)
        return self.examiner.examine(Asked(pdf, expected, signed, self.roots, self.clock()))


def _with(report: Report, identifier: str, title: str, result: Result) -> Report:
    """`report` and one more step. A credential that would be judged better than the PDF around it is not handed on."""
    added = report.with_step(result.as_step(0, identifier, title), result.verdict)
    return replace(added, source=None) if result.is_obstacle and result is not NOT_REACHED else added
