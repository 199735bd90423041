"""The outcome of verifying a credential: numbered steps, one verdict, and rules that no report can break.

Nothing is verified here. The rules are checked when a `Report` is made: the verdict is never better than the worst
step allows, and the credential's content is present only when its signature and its issuer were both confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from credentials import timestamps
from credentials.verify.content import VerifiedCredential

#: Where an error is explained for whom no specification has a problem type (RFC 9457, 3.1.1).
ERROR_PAGES = "https://w3id.org/plaudit/errors#"


class Outcome(Enum):
    """What came of one check. There is no fifth: a check that broke down was not done."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"
    NOT_APPLICABLE = "not_applicable"


class Verdict(Enum):
    """What to think of the credential, worst first: of several that apply, the first one is the headline."""

    ALTERED = ("altered", "Altered", "bad", "What this says is not what the issuer signed.",
               "Do not rely on it. Ask the person who gave it to you for the original.")  # fmt: skip
    INVALID = ("invalid", "Not valid", "bad", "This does not stand up as a credential of the issuer it names.",
               "Do not rely on it. Ask the issuer whether they gave it.")  # fmt: skip
    NOT_A_CREDENTIAL = ("not_a_credential", "Not a credential", "bad", "There is no credential in what was given.",
                        "Open the credential file itself, or the certificate PDF it came in.")  # fmt: skip
    WITHDRAWN = ("withdrawn", "Withdrawn", "bad", "The issuer has withdrawn this credential.",
                 "Do not rely on it. The issuer can say why it was withdrawn.")  # fmt: skip
    SUSPENDED = ("suspended", "Suspended", "bad", "The issuer has suspended this credential for now.",
                 "Ask the issuer, or look again later.")  # fmt: skip
    EXPIRED = ("expired", "Expired", "caution", "This credential was genuine and is no longer in force.",
               "Ask for a newer one if you need one.")  # fmt: skip
    NOT_YET_VALID = ("not_yet_valid", "Not yet valid", "caution", "This credential is genuine and not in force yet.",
                     "Look again on the day it begins.")  # fmt: skip
    CANNOT_CHECK = ("cannot_check", "Could not be checked", "caution",
                    "Not everything could be checked, so nothing is confirmed.",
                    "Try again in a moment.")  # fmt: skip
    ISSUER_NOT_RECOGNISED = ("issuer_not_recognised", "Issuer not recognised", "caution",
                             "It is unchanged since it was signed, but nothing shows who the signer is.",
                             "Ask the signer to confirm it from an address that you know.")  # fmt: skip
    VALID = ("valid", "Valid", "good", "This is genuine and unchanged.", "Nothing: you can rely on it.")

    def __init__(self, identifier: str, word: str, tone: str, sentence: str, remedy: str) -> None:
        self.id = identifier
        #: One or two words for a heading.
        self.word = word
        #: "good", "caution" or "bad".
        self.tone = tone
        #: The headline when nothing more exact can be said.
        self.sentence = sentence
        #: The one thing to do next.
        self.remedy = remedy

    @property
    def severity(self) -> int:
        """0 is worst."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered check. `code` is None when it passed; `problem_type` is a URI whenever there is a code.

    `details` is plain JSON: what the check looked at, for whom the sentence is not enough.
    """

    number: int
    id: str
    title: str
    outcome: Outcome
    code: str | None
    sentence: str
    details: Mapping[str, Any] = field(default_factory=dict)
    remedy: str = ""
    problem_type: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The step as one member of `checks`."""
        return {
            "number": self.number,
            "id": self.id,
            "title": self.title,
            "outcome": self.outcome.value,
            "code": self.code,
            "type": self.problem_type,
            "sentence": self.sentence,
            "remedy": self.remedy,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found at one moment. `reasons` holds every verdict that applies, worst first; `verdict` is its head.

    `verified` is the content that may be shown as fact; None unless signature and issuer were confirmed.
    """

    verdict: Verdict
    headline: str
    steps: tuple[Step, ...]
    checked_at: datetime
    verified: VerifiedCredential | None
    reasons: tuple[Verdict, ...]
    #: The one thing to do next.
    remedy: str = ""

    def __post_init__(self) -> None:
        outcomes = {step.outcome for step in self.steps}
        if self.verdict.severity > allowed(outcomes).severity:
            raise ValueError(f"the verdict {self.verdict.id} is better than the worst step allows")
        if not self.reasons or self.verdict is not min(self.reasons, key=lambda reason: reason.severity):
            raise ValueError("the verdict is not the worst of its reasons")
        if self.verified is not None and not self._content_confirmed():
            raise ValueError("content may be shown only when the signature and the issuer were confirmed")

    def _content_confirmed(self) -> bool:
        passed = {step.id for step in self.steps if step.outcome is Outcome.PASSED}
        return {"signature", "issuer"} <= passed

    def step(self, identifier: str) -> Step:
        """The step with this id; raises KeyError."""
        for step in self.steps:
            if step.id == identifier:
                return step
        raise KeyError(identifier)

    def to_json(self) -> dict[str, Any]:
        """The report for machines: names in camel case, times as dateTimeStamp, problem types as URIs."""
        return {
            "verdict": self.verdict.id,
            "word": self.verdict.word,
            "tone": self.verdict.tone,
            "headline": self.headline,
            "remedy": self.remedy or self.verdict.remedy,
            "reasons": [reason.id for reason in self.reasons],
            "checkedAt": timestamps.format(self.checked_at),
            "checks": [step.to_json() for step in self.steps],
            "credential": None if self.verified is None else self.verified.to_json(),
        }


def allowed(outcomes: set[Outcome]) -> Verdict:
    """The best verdict that steps with these outcomes leave open.

    A failed step leaves nothing better than "not yet valid": the mildest failure there is.
    """
    if Outcome.FAILED in outcomes:
        return Verdict.NOT_YET_VALID
    if Outcome.NOT_CHECKED in outcomes:
        return Verdict.CANNOT_CHECK
    return Verdict.VALID
