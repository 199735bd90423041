"""A glance at one PDF of many: is the signed name and title in its text at all? It confirms nothing about the page.

Two hundred pages cannot be drawn and compared within one request. What a glance finds missing is worth a look by
itself; what it finds may still be covered, so there is no tick for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from credentials import strict_json
from verifier.document.answers import BLANK, ELSE, PICTURE
from verifier.problems import DamagedFile

if TYPE_CHECKING:
    from verifier.document.signed import Signed

#: A certificate has some 700 letters.
MAX_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class InPdf:
    """A credential that lay in a PDF, with the text of its pages, folded; `nature` says what they show."""

    credential: bytes
    nature: str
    text: str

    def shows(self, signed: Signed) -> bool:
        """Whether the signed name and title stand in the text."""
        from verifier.document.lines import folded

        return all(folded(value) in self.text for value in (signed.name, signed.title))


def glance(data: bytes, credential: bytes) -> InPdf:
    """Read the text of a PDF with `credential` in it. Called in a disposable child; raises what opening it raises."""
    from verifier.document import pages
    from verifier.reading.pages import opened

    with opened(data) as shown:
        nature, text = pages.text_of(shown)
        return InPdf(credential, nature, text[:MAX_TEXT])


def encode(found: InPdf) -> bytes:
    """Write what `decode` reads: one line of JSON, then the credential."""
    return strict_json.dumps([found.nature, found.text]) + b"\n" + found.credential


def decode(data: bytes) -> InPdf:
    """Read a child's answer; raises `DamagedFile` for anything that is none."""
    head, _, credential = data.partition(b"\n")
    try:
        nature, text = strict_json.loads(head)
        if nature not in (BLANK, ELSE, PICTURE) or not isinstance(text, str):
            raise ValueError("an unknown word")
    except (TypeError, ValueError) as error:
        raise DamagedFile("What was found in the file could not be understood.") from error
    return InPdf(credential, nature, text)
