"""What one step of verification found, and how errors become outcomes: the place that decides "failed" or "not done".

Bad data fails a step. Whatever could not be reached, is refused, is not known here or broke down leaves it undone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from credentials import errors
from credentials.sentence import Sentence
from credentials.verify import sentences
from credentials.verify.report import ERROR_PAGES, Notice, Outcome, Step, Verdict

#: Errors after which nothing is known about the credential itself. (Refusals and unreachable hosts are such, too.)
SAYS_NOTHING = (errors.AlgorithmKeyMismatch, errors.InvalidDidDocument)


@dataclass(frozen=True, slots=True)
class Result:
    """What one step found. `verdict` is what it means for the credential, None when it is as it should be."""

    outcome: Outcome
    sentence: str
    verdict: Verdict | None = None
    code: str | None = None
    problem_type: str | None = None
    remedy: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Verdict, ...] = ()
    notice: Notice | None = None

    @property
    def is_obstacle(self) -> bool:
        """Failed or not done: what needs this step cannot go on."""
        return self.outcome in (Outcome.FAILED, Outcome.NOT_CHECKED)

    def as_step(self, number: int, identifier: str, title: str) -> Step:
        """What was found, as one numbered step of a report."""
        return Step(
            number, identifier, title, self.outcome, self.code, self.sentence, self.details, self.remedy,
            self.problem_type,
        )  # fmt: skip


#: Something nobody foresaw: the check was not done, and it says nothing about the credential.
BROKE_DOWN = Result(
    Outcome.NOT_CHECKED,
    Sentence("Something went wrong on our side, so this check says nothing."),
    Verdict.CANNOT_CHECK,
    "internal_error",
    ERROR_PAGES + "internal_error",
    Verdict.CANNOT_CHECK.remedy,
)
NOT_REACHED = Result(
    Outcome.NOT_CHECKED,
    Sentence("Not done, because an earlier check did not pass."),
    None,
    "not_reached",
    ERROR_PAGES + "not_reached",
)


def judge_each(items: Sequence[Any], judge: Callable[[Any], Any]) -> tuple[list[Any], Result | None]:
    """Judge every item, so that each has its outcome in the details; the worst of them is the step's (None: all good).

    Every proof must stand: one that is bad fails the whole, one that cannot be judged leaves the whole unchecked.
    """
    good, results, listed = [], [], []
    for item in items:
        try:
            good.append(judge(item))
            listed.append({"outcome": "passed", "code": None})
        except Exception as error:  # a check that broke down was not done
            results.append(from_error(error))
            listed.append({"outcome": results[-1].outcome.value, "code": results[-1].code})
    if not results:
        return good, None
    worst = min(results, key=lambda result: result.outcome is not Outcome.FAILED)
    return good, replace(worst, details={**worst.details, "proofs": listed})


def passed(sentence: str, **details: Any) -> Result:
    """The check was done, and all is as it should be."""
    return Result(Outcome.PASSED, sentence, details=details)


def failed(
    verdict: Verdict,
    code: str,
    sentence: str,
    problem_type: str | None = None,
    *,
    also: tuple[Verdict, ...] = (),
    **details: Any,
) -> Result:
    """The check was done and did not pass; `also` holds milder verdicts that apply as well."""
    return Result(
        Outcome.FAILED,
        sentence,
        verdict,
        code,
        problem_type or ERROR_PAGES + code,
        verdict.remedy,
        details,
        also,
    )


def from_error(error: Exception, details: Mapping[str, Any] | None = None) -> Result:
    """The outcome of a step that raised: bad data fails it; anything else means that it was not done."""
    if not isinstance(error, errors.PlauditError):
        return replace(BROKE_DOWN, details=details or {})
    verdict = _verdict(error)
    if details is not None and isinstance(error, errors.BadData):
        verdict = Verdict.CANNOT_CHECK  # a damaged status list says nothing about the credential
    undone = verdict is Verdict.CANNOT_CHECK
    where = {"pointer": error.pointer} if error.pointer else {}
    return Result(
        Outcome.NOT_CHECKED if undone else Outcome.FAILED,
        sentences.sentence(error),
        verdict,
        error.code,
        error.problem_type or ERROR_PAGES + error.code,
        sentences.unchecked_remedy(error) if undone else sentences.failed_remedy(error, verdict.remedy),
        {"detail": error.detail, **where, **(details or {})},
    )


def _verdict(error: errors.PlauditError) -> Verdict:
    match error:
        case errors.SignatureInvalid():
            return Verdict.ALTERED
        case errors.InvalidJson() | errors.NotACredential():
            return Verdict.NOT_A_CREDENTIAL
        case errors.BadData() if not isinstance(error, SAYS_NOTHING):
            return Verdict.INVALID
        case _:
            return Verdict.CANNOT_CHECK


def code_of(error: Exception) -> str:
    """The stable code of an error; what nobody foresaw is an internal error."""
    return error.code if isinstance(error, errors.PlauditError) else "internal_error"
