"""What the outcomes of checks mean that no error stands behind: the check was done, or could not begin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from credentials.sentence import Sentence

#: Title, meaning and what to do, by code.
OUTCOMES: Final[Mapping[str, tuple[Sentence, Sentence, Sentence]]] = {
    "document_altered": (
        Sentence("The PDF shows something else than what was signed"),
        Sentence(
            "The certificate was drawn once more from the signed data and laid over the PDF. A text that was signed is "
            "missing on it, or covered, so somebody changed what people see. The credential attached to it may be "
            "genuine."
        ),
        Sentence("Do not rely on this PDF. Ask the person who gave it to you for the original."),
    ),
    "document_not_compared": (
        Sentence("What the PDF shows was not compared"),
        Sentence(
            "It is a picture, is laid out in a way that is not known here, or something was added to it. That is no "
            "sign of forgery, and it is no confirmation either: the PDF may show anything."
        ),
        Sentence("Go by what stands on the page with the result, not by what the PDF shows."),
    ),
    "endorses_something_else": (
        Sentence("The endorsement is about something else"),
        Sentence("It vouches for another thing than this credential, its project or its issuer, so it is not counted."),
        Sentence("Ask whoever endorsed it what was meant."),
    ),
    "expired": (
        Sentence("The credential has expired"),
        Sentence("The issuer gave it an end, and the end has passed. It was genuine."),
        Sentence("Ask for a newer one if you need one."),
    ),
    "internal_error": (
        Sentence("The check broke down"),
        Sentence("Something went wrong inside Plaudit. The check was not done and says nothing about the credential."),
        Sentence("Try again. If it happens again, report it with the credential, if you may share it."),
    ),
    "not_an_endorsement": (
        Sentence("This is no endorsement"),
        Sentence("What stands among the endorsements is another kind of credential, so it is not counted."),
        Sentence("Have it checked by itself."),
    ),
    "not_reached": (
        Sentence("The check was not begun"),
        Sentence("An earlier check did not pass, so this one would have had nothing to stand on."),
        Sentence("Look at the first check in the list that did not pass."),
    ),
    "not_yet_valid": (
        Sentence("The credential is not in force yet"),
        Sentence("The issuer gave it a beginning that is still to come."),
        Sentence("Look again on the day it begins."),
    ),
    "pdf_changed_later": (
        Sentence("Something was added to the PDF after it was signed"),
        Sentence("The electronic signature covers an earlier state of the file, and not what was appended since."),
        Sentence("Ask the signer for the file as it was signed."),
    ),
    "pdf_signature_broken": (
        Sentence("The PDF's electronic signature does not fit"),
        Sentence("The signed part of the file is not what was signed, or the signature itself is damaged."),
        Sentence("Do not rely on this PDF. Ask the person who gave it to you for the original."),
    ),
    "pdf_signature_not_read": (
        Sentence("The PDF's electronic signature could not be read"),
        Sentence("The file is built in such a way that its signatures cannot be found, so nothing is said about them."),
        Sentence("Go by what stands on the page with the result."),
    ),
    "record_not_seen": (
        Sentence("The record itself was not seen"),
        Sentence(
            "The claim in the printed code was checked in its place: who signed it, what it says, and whether it was "
            "withdrawn. The work itself stands in the record alone."
        ),
        Sentence("Open the record's address once more later, or ask the issuer for it."),
    ),
    "replaced": (
        Sentence("The credential was replaced"),
        Sentence("The issuer has put a corrected version in the place of this one, and says what changed."),
        Sentence("Open the newer version and rely on that one."),
    ),
    "revoked": (
        Sentence("The credential was withdrawn"),
        Sentence("The issuer's list says that this credential no longer holds."),
        Sentence("Do not rely on it. Its page at the issuer says why it was withdrawn."),
    ),
    "suspended": (
        Sentence("The credential is suspended"),
        Sentence("The issuer's list says that this credential does not hold for now. That can be taken back."),
        Sentence("Ask the issuer, or look again later."),
    ),
}
