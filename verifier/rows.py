"""One line of a table of verdicts: word, who, what, where, reason. It judges nothing; it words what was judged.

As in a report, only what was confirmed is shown as what a credential says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credentials import wording
from credentials.errors import BadData, PlauditError
from credentials.sentence import Sentence
from credentials.verify import Verdict, VerifiedCredential
from verifier.judging import Judged
from verifier.many import Outcome
from verifier.problems import TimeRanOut
from verifier.reading.places import Place


@dataclass(frozen=True, slots=True)
class Row:
    """`given` says what was handed in, as text that may be shown; `places` are where it stands in a document."""

    number: int
    given: str
    outcome: Outcome
    places: tuple[Place, ...] = ()

    @property
    def word(self) -> str:
        """The status in a word or two."""
        if isinstance(self.outcome, Judged):
            return self.outcome.report.verdict.word
        if isinstance(self.outcome, TimeRanOut):
            return Sentence("Not checked")
        return Sentence("No credential") if isinstance(self.outcome, BadData) else Sentence("Could not be checked")

    @property
    def tone(self) -> str:
        """ "good", "caution" or "bad"."""
        if isinstance(self.outcome, Judged):
            return self.outcome.report.verdict.tone
        return "bad" if isinstance(self.outcome, BadData) else "caution"

    @property
    def identifier(self) -> str:
        """The verdict's id for machines; "no_credential", "not_opened" or "not_checked" where there is no verdict."""
        if isinstance(self.outcome, Judged):
            return self.outcome.report.verdict.id
        if isinstance(self.outcome, TimeRanOut):
            return "not_checked"
        return "no_credential" if isinstance(self.outcome, BadData) else "not_opened"

    @property
    def reason(self) -> str:
        """Why, in one sentence."""
        return self.outcome.report.headline if isinstance(self.outcome, Judged) else _sentence(self.outcome)

    @property
    def remedy(self) -> str:
        """The one thing to do next."""
        if isinstance(self.outcome, Judged):
            return self.outcome.report.remedy or self.outcome.report.verdict.remedy
        return self.outcome.remedy

    @property
    def verified(self) -> VerifiedCredential | None:
        """What a confirmed credential says."""
        return self.outcome.report.verified if isinstance(self.outcome, Judged) else None

    @property
    def who(self) -> str:
        """The issuer: its own word for itself, and the domain that was checked."""
        if self.verified is None:
            return ""
        name, domain = self.verified.issuer_name, self.verified.issuer_domain
        return f"{name} ({domain})" if name and domain else name or domain or self.verified.issuer_did

    @property
    def student(self) -> str:
        return (self.verified and self.verified.student_name) or ""

    @property
    def what(self) -> str:
        return (self.verified and self.verified.title) or ""

    @property
    def hours(self) -> str:
        return wording.hours(self.verified.hours) if self.verified and self.verified.hours else ""

    @property
    def dates(self) -> str:
        return wording.date_range(self.verified.start, self.verified.end) if self.verified else ""

    def to_json(self, *, whole: bool = False) -> dict[str, Any]:
        """The row for machines; `whole` adds the report with every check."""
        members: dict[str, Any] = {
            "number": self.number,
            "given": self.given,
            "verdict": self.identifier,
            "word": self.word,
            "tone": self.tone,
            "who": self.who,
            "student": self.student,
            "what": self.what,
            "hours": self.verified.hours if self.verified else None,
            "dates": self.dates,
            "places": [place.to_json() for place in self.places],
            "reason": self.reason,
            "remedy": self.remedy,
        }
        if isinstance(self.outcome, PlauditError):
            members["code"] = self.outcome.code
        elif whole:
            members["report"] = self.outcome.report.to_json()
        return members


def counts(rows: Sequence[Row]) -> Mapping[str, int]:
    """How many rows there are of each word, in the order of first appearance."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.word] = found.get(row.word, 0) + 1
    return found


def valid(rows: Sequence[Row]) -> int:
    """How many rows are valid credentials."""
    return sum(row.identifier == Verdict.VALID.id for row in rows)


def _sentence(problem: PlauditError) -> Sentence:
    """An error in one sentence; the detail is in English, so other languages leave it out."""
    title = Sentence(problem.title)
    if isinstance(problem, TimeRanOut):
        return Sentence("%(title)s.", title=title)
    return Sentence("%(title)s. %(detail)s", title=title, detail=problem.detail)
