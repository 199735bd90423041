"""The outcome of verifying a credential: numbered steps, one verdict, and rules that no report can break.

Nothing is verified here. The rules are checked when a `Report` is made: the verdict is never better than the worst
step allows, and the credential's content is present only when its signature and its issuer were both confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any

from credentials import timestamps
from credentials.corrections import Change
from credentials.sentence import Sentence
from credentials.verify.content import VerifiedCredential
from credentials.verify.reading import single, text

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

    ALTERED = ("altered", "Changed after signing", "bad", "What this says is not what the issuer signed.",
               "Do not rely on it. Ask the person who gave it to you for the original.")  # fmt: skip
    INVALID = ("invalid", "Not valid", "bad", "This does not stand up as a credential of the issuer it names.",
               "Do not rely on it. Ask the issuer whether they gave it.")  # fmt: skip
    NOT_A_CREDENTIAL = ("not_a_credential", "Not a credential", "bad", "There is no credential in what was given.",
                        "Open the credential file itself, or the certificate PDF it came in.")  # fmt: skip
    WITHDRAWN = ("withdrawn", "Withdrawn", "bad", "The issuer has withdrawn this credential.",
                 "Do not rely on it. The issuer can say why it was withdrawn.")  # fmt: skip
    SUSPENDED = ("suspended", "Suspended", "bad", "The issuer has suspended this credential for now.",
                 "Ask the issuer, or look again later.")  # fmt: skip
    REPLACED = ("replaced", "Replaced", "caution", "The issuer has put a corrected version in the place of this one.",
                "Open the newer version instead.")  # fmt: skip
    EXPIRED = ("expired", "Expired", "caution", "This credential was genuine and is no longer in force.",
               "Ask for a newer one if you need one.")  # fmt: skip
    NOT_YET_VALID = ("not_yet_valid", "Not yet valid", "caution", "This credential is genuine and not in force yet.",
                     "Look again on the day it begins.")  # fmt: skip
    CANNOT_CHECK = ("cannot_check", "Can't check right now", "caution",
                    "Not everything could be checked, so nothing is confirmed.",
                    "Try again in a moment.")  # fmt: skip
    ISSUER_NOT_RECOGNISED = ("issuer_not_recognised", "Issuer not recognised", "caution",
                             "It is unchanged since it was signed, but nothing shows who the signer is.",
                             "Ask the signer to confirm it from an address that you know.")  # fmt: skip
    VALID = ("valid", "Valid", "good", "This is genuine and unchanged.", "Nothing: you can rely on it.")

    def __init__(self, identifier: str, word: str, tone: str, sentence: str, remedy: str) -> None:
        self.id = identifier
        #: One or two words for a heading.
        self.word = Sentence(word)
        #: "good", "caution" or "bad".
        self.tone = tone
        #: The headline when nothing more exact can be said.
        self.sentence = Sentence(sentence)
        #: The one thing to do next.
        self.remedy = Sentence(remedy)

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
class Endorsement:
    """What came of checking one endorsement, a credential of its own. It is counted only when it `passed`.

    `about` is what it endorses: "credential", "achievement" or "issuer"; None for anything else. `verified` is what it
    says, present only when its own signature and issuer were confirmed; `steps` are its own checks.
    """

    outcome: Outcome
    sentence: str
    code: str | None = None
    about: str | None = None
    verified: VerifiedCredential | None = None
    steps: tuple[Step, ...] = ()

    @property
    def comment(self) -> str | None:
        """What the endorser wrote (Open Badges 3.0, EndorsementSubject); Markdown, to be shown as plain text."""
        return (
            None
            if self.verified is None
            else text(single(self.verified.document.get("credentialSubject")).get("endorsementComment"))
        )

    def to_json(self) -> dict[str, Any]:
        """The endorsement as one member of `endorsements`."""
        return {
            "outcome": self.outcome.value,
            "code": self.code,
            "sentence": self.sentence,
            "about": self.about,
            "by": None if self.verified is None else self.verified.to_json(),
            "comment": self.comment,
            "checks": [step.to_json() for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """What the issuer says, in a signed statement of its own, about a credential whose status is set.

    `kind` is "withdrawn", "suspended" or "replaced", `date` the day from which it says so. `changes` say what is
    different in the version that took this one's place, and `link` leads to that version; both only for "replaced".
    `reason` and the values of changes are the issuer's own words: shown as signed, never translated.
    """

    kind: str
    date: datetime
    reason: str | None = None
    changes: tuple[Change, ...] = ()
    link: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The notice for machines; members without a value are left out."""
        members = {
            "kind": self.kind,
            "date": timestamps.format(self.date),
            "reason": self.reason,
            "changes": [change.to_json() for change in self.changes],
            "link": self.link,
        }
        return {name: value for name, value in members.items() if value not in (None, [])}


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
    #: Others who speak for it. They never change the verdict.
    endorsements: tuple[Endorsement, ...] = ()
    #: What was verified, byte for byte, for whoever wants to keep it; None where the report is about something printed.
    source: bytes | None = field(default=None, repr=False, compare=False)
    #: What the issuer says, in a signed statement, about a withdrawal, suspension or replacement; None when it says
    #: nothing, when what it says could not be read, and whenever no status is set.
    notice: Notice | None = None

    def __post_init__(self) -> None:
        outcomes = {step.outcome for step in self.steps}
        if self.verdict.severity > allowed(outcomes).severity:
            raise ValueError(f"the verdict {self.verdict.id} is better than the worst step allows")
        if not self.reasons or self.verdict is not min(self.reasons, key=lambda reason: reason.severity):
            raise ValueError("the verdict is not the worst of its reasons")
        if self.verified is not None and not self._content_confirmed():
            raise ValueError("content may be shown only when the signature and the issuer were confirmed")
        if self.notice is not None and self.verdict.severity > Verdict.REPLACED.severity:
            raise ValueError("a notice explains a status that is set; it can make nothing better than replaced")

    def _content_confirmed(self) -> bool:
        passed = {step.id for step in self.steps if step.outcome is Outcome.PASSED}
        return {"signature", "issuer"} <= passed

    @property
    def parties(self) -> int:
        """How many different parties are known to vouch: the issuer, and endorsers whose every check passed."""
        if self.verified is None or self.verdict is not Verdict.VALID:
            return 0
        vouching = [
            item.verified.issuer_did for item in self.endorsements if item.outcome is Outcome.PASSED and item.verified
        ]
        return len({self.verified.issuer_did, *vouching})

    def with_step(self, step: Step, verdict: Verdict | None = None) -> Report:
        """This report and one more check, which is numbered here. `verdict` is what it means, None when all is well.

        The verdict is found anew: it is never better than the new step allows. Nothing that was signed is shown beside
        the verdict "altered".
        """
        numbered = replace(step, number=len(self.steps) + 1)
        found = {*self.reasons, *((verdict,) if verdict else ())}
        if len(found) > 1:
            found.discard(Verdict.VALID)
        reasons = tuple(sorted(found, key=lambda reason: reason.severity))
        deciding = reasons[0] is verdict and verdict is not self.verdict
        shown = reasons[0] is not Verdict.ALTERED
        return replace(
            self,
            verdict=reasons[0],
            headline=step.sentence if deciding else self.headline,
            steps=(*self.steps, numbered),
            verified=self.verified if shown else None,
            reasons=reasons,
            remedy=(step.remedy or reasons[0].remedy) if deciding else self.remedy,
            endorsements=self.endorsements if shown else (),
            notice=self.notice if shown else None,
        )

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
            **({} if self.notice is None else {"notice": self.notice.to_json()}),
            "endorsements": [endorsement.to_json() for endorsement in self.endorsements],
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
