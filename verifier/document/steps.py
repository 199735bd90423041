"""Puts what was found in a PDF into two steps of a report: its signature, and its visible text. It looks at no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from credentials.sentence import Sentence
from credentials.verify.outcomes import Result, failed, passed
from credentials.verify.report import ERROR_PAGES, Outcome, Verdict
from verifier.document.answers import ADDED, BLANK, CHANGED, COVERED, DIFFERS, ELSE, PICTURE, SAME, Compared, Signature
from verifier.document.glance import InPdf
from verifier.document.signed import Signed

SIGNATURE, SIGNATURE_TITLE = "pdf_signature", Sentence("The PDF's signature")
DOCUMENT, DOCUMENT_TITLE = "document", Sentence("The PDF's visible text")

_LOOK = Sentence("Go by what stands on this page, not by what the PDF shows.")
_ORIGINAL = Sentence("Do not rely on this PDF. Ask the person who gave it to you for the original.")

#: What was changed, the weightiest first: a report names one thing, its details all.
_CHANGED: Mapping[str, Sentence] = {
    "name": Sentence("The name printed on this PDF is not the one that was signed."),
    "title": Sentence("The title printed on this PDF is not the one that was signed."),
    "hours": Sentence("The hours printed on this PDF are not those that were signed."),
    "dates": Sentence("The dates printed on this PDF are not those that were signed."),
    "text": Sentence("A text printed on this PDF is not the one that was signed."),
}
_COVERED: Mapping[str, Sentence] = {
    "name": Sentence("The signed name is hidden on this PDF, so something else may be shown in its place."),
    "title": Sentence("The signed title is hidden on this PDF, so something else may be shown in its place."),
    "hours": Sentence("The signed hours are hidden on this PDF, so something else may be shown in their place."),
    "dates": Sentence("The signed dates are hidden on this PDF, so something else may be shown in their place."),
    "text": Sentence("A signed text is hidden on this PDF, so something else may be shown in its place."),
}
_NOT_COMPARED: Mapping[str, Sentence] = {
    ADDED: Sentence(
        "Something that nobody signed was added to this PDF, such as a page, a note, a form, a layer or a link."
    ),
    DIFFERS: Sentence("This PDF does not look the way the signed data makes it look."),
    ELSE: Sentence("The visible text of this PDF was not compared: it is laid out in a way that is not known here."),
    PICTURE: Sentence("This PDF shows a picture, which could not be compared with what was signed."),
}
_BLANK = Sentence("This PDF shows nothing that could be compared.")
_SAME = Sentence("Everything on the page looks exactly as the signed data makes it look.")
_ONLY_A_CODE = Sentence("This PDF only points to the credential. What counts is what stands on this page.")

_GLANCED = Sentence("Among many files a page is not compared; the signed name and title stand in its text.")
_BY_ITSELF = Sentence("The signed name or title does not stand in the text of this PDF: hand it in by itself.")

_UNSIGNED = Sentence("The PDF itself carries no electronic signature; the credential in it has its own.")
_UNREAD = Sentence("The PDF is signed electronically in a way that could not be read here.")
_BROKEN = Sentence("The PDF was changed after it was signed electronically.")
_LATER = Sentence("The PDF was signed electronically, and something was added to it afterwards.")


def document(compared: Compared, *, embedded: bool) -> Result:
    """The step for what came of comparing. A PDF without a credential in it (`embedded`) need not be a certificate."""
    outcome, about = compared.outcome, list(compared.about)
    if outcome == SAME:
        return passed(_SAME)
    if outcome in (CHANGED, COVERED):
        sentences = _CHANGED if outcome == CHANGED else _COVERED
        sentence = next(sentence for kind, sentence in sentences.items() if kind in about)
        return replace(failed(Verdict.ALTERED, "document_altered", sentence, about=about), remedy=_ORIGINAL)
    if outcome == BLANK or not embedded:
        return Result(Outcome.NOT_APPLICABLE, _BLANK if outcome == BLANK else _ONLY_A_CODE)
    return _undone("document_not_compared", _NOT_COMPARED[outcome], found=outcome, about=about)


def glanced(found: InPdf, signed: Signed) -> Result:
    """The step for one PDF of many, of which only the text was searched."""
    if found.nature == BLANK:
        return Result(Outcome.NOT_APPLICABLE, _BLANK)
    if found.shows(signed):
        return Result(Outcome.NOT_APPLICABLE, _GLANCED)
    return _undone("document_not_compared", _BY_ITSELF, found=found.nature)


def signature(found: Sequence[Signature] | None) -> Result:
    """The step for all signatures of the PDF: the worst of them decides. None: they could not be read."""
    if found is None:
        return _undone("pdf_signature_not_read", _UNREAD)
    if not found:
        return Result(Outcome.NOT_APPLICABLE, _UNSIGNED)
    told = [{"signer": one.signer, "intact": one.intact, "trusted": one.trusted, "later": one.later} for one in found]
    if not all(one.intact for one in found):
        return failed(Verdict.ALTERED, "pdf_signature_broken", _BROKEN, signatures=told)
    last = found[-1]
    if last.later == "changes":
        return _undone("pdf_changed_later", _LATER, signatures=told)
    if not all(one.trusted for one in found):
        stranger = next(one for one in found if not one.trusted)
        sentence = Sentence(
            "It is unchanged since %(signer)s signed it, whose certificate nobody vouches for here.",
            signer=stranger.signer,
        )
        return Result(Outcome.NOT_APPLICABLE, sentence, details={"signatures": told})
    sentence = Sentence("It is unchanged since %(signer)s signed it.", signer=last.signer)
    return passed(sentence, signatures=told, certificateRevocation="not_checked")


def _undone(code: str, sentence: Sentence, **details: object) -> Result:
    return Result(Outcome.NOT_CHECKED, sentence, Verdict.CANNOT_CHECK, code, ERROR_PAGES + code, _LOOK, details)
