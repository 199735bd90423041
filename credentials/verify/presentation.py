"""Verifies a presentation: its own signature, what it answers, and each credential inside by itself.

    1 size · 2 form · 3 key · 4 signature · 5 validity · 6 challenge · 7 domain · 8 holder

Steps 1 to 4 each need the one before. The credentials inside are verified whatever became of the presentation, each
with a report of its own, so that it is always said which of them is bad. The presentation is never better than the
worst of all that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from credentials import errors, presentation, timestamps
from credentials.ports import Fetcher
from credentials.sentence import Sentence
from credentials.verify import keys
from credentials.verify.forms import Signature, presented
from credentials.verify.forms.presented import Presented
from credentials.verify.keys import FoundKey, KeyDocuments
from credentials.verify.limits import DEFAULT_LIMITS, Limits
from credentials.verify.outcomes import NOT_REACHED, Result, from_error, judge_each, passed
from credentials.verify.report import Outcome, Report, Step, Verdict, allowed
from credentials.verify.steps import check_size, signature_expired, verify


class Binding(Enum):
    """Whether a credential inside is about whoever presents it."""

    HOLDER = "holder"
    ANOTHER = "another"
    NOBODY_NAMED = "nobody_named"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, slots=True)
class PresentationReport:
    """All that was found about a presentation at one moment.

    `holder` is who presents it, confirmed by the signature; None when nothing shows who that is. `credentials` and
    `bindings` are in the order of the presentation.
    """

    verdict: Verdict
    steps: tuple[Step, ...]
    checked_at: datetime
    holder: str | None
    credentials: tuple[Report, ...]
    bindings: tuple[Binding, ...]

    def __post_init__(self) -> None:
        best = allowed({step.outcome for step in self.steps})
        worst = min([best, *(report.verdict for report in self.credentials)], key=lambda verdict: verdict.severity)
        if self.verdict.severity > worst.severity:
            raise ValueError(f"the verdict {self.verdict.id} is better than what was found allows")

    def step(self, identifier: str) -> Step:
        """The step with this id; raises KeyError."""
        return {step.id: step for step in self.steps}[identifier]

    def to_json(self) -> dict[str, Any]:
        """The report for machines, in the shape of `Report.to_json`."""
        return {
            "verdict": self.verdict.id,
            "word": self.verdict.word,
            "checkedAt": timestamps.format(self.checked_at),
            "holder": self.holder,
            "checks": [step.to_json() for step in self.steps],
            "credentials": [
                {**report.to_json(), "binding": binding.value}
                for report, binding in zip(self.credentials, self.bindings, strict=True)
            ],
        }


class _Run:
    """What the steps hand to one another. An attribute is read only by steps after the one that sets it."""

    presented: Presented
    found_keys: Sequence[FoundKey]
    holder: str | None = None
    bindings: tuple[Binding, ...] = ()
    credentials: tuple[Report, ...] = ()

    def __init__(
        self, data: bytes, fetcher: Fetcher, now: datetime, asked: tuple[str | None, str | None], limits: Limits
    ) -> None:
        self.data = data
        self.fetcher = fetcher
        self.now = now
        self.challenge, self.domain = asked
        self.limits = limits
        self.keys = KeyDocuments(fetcher, now)


def verify_presentation(
    data: bytes,
    *,
    fetcher: Fetcher,
    now: datetime,
    challenge: str | None = None,
    domain: str | None = None,
    policy: Limits = DEFAULT_LIMITS,
) -> PresentationReport:
    """Verify the presentation in `data` as of `now`, and every credential inside.

    `challenge` and `domain` are what the presentation was asked to answer, None where nothing was asked; a challenge
    is redeemed by the caller first (`credentials.challenges`). Never raises for anything that the input does.
    """
    run = _Run(data, fetcher, now, (challenge, domain), policy)
    results: dict[str, Result] = {}
    stopped = False
    for identifier, _, check in _STEPS:
        results[identifier] = NOT_REACHED if stopped else _attempt(check, run)
        stopped = stopped or (identifier in _NEEDED and results[identifier].is_obstacle)
    found = [result.verdict for result in results.values() if result.verdict]
    verdicts = [Verdict.VALID, *found, *(report.verdict for report in run.credentials)]
    return PresentationReport(
        min(verdicts, key=lambda verdict: verdict.severity),
        _steps(results),
        now,
        run.holder,
        run.credentials,
        run.bindings or (Binding.NOT_SHOWN,) * len(run.credentials),
    )


def _check_form(run: _Run) -> Result:
    run.presented = presented.read(run.data, run.limits)
    run.credentials = tuple(
        verify(data, fetcher=run.fetcher, now=run.now, policy=run.limits) for data in run.presented.credentials
    )
    return passed(
        Sentence("It is a well-formed presentation."), format=run.presented.format, credentials=len(run.credentials)
    )


def _check_key(run: _Run) -> Result:
    signatures = _signatures(run)
    if not signatures:
        return _UNSIGNED
    run.found_keys, judged = judge_each(signatures, lambda signature: _find_key(run, signature))
    return judged or passed(
        Sentence("The holder's key was found, and it may be used for this."),
        keys=[key.method.id for key in run.found_keys],
    )


def _find_key(run: _Run, signature: Signature) -> FoundKey:
    """The key of the holder, or where none is named of whoever signed."""
    claim = signature.claim()
    owner = run.presented.holder or (claim.key or "").partition("#")[0]
    return keys.find_key(claim, issuer=owner, keys=run.keys, now=run.now, purpose=presentation.PURPOSE)


def _check_signature(run: _Run) -> Result:
    if not _signatures(run):
        return _UNSIGNED
    _, judged = judge_each(
        list(zip(_signatures(run), run.found_keys, strict=True)),
        lambda pair: keys.check_signature(*pair, now=run.now, skew=run.limits.clock_skew),
    )
    return judged or passed(Sentence("Nothing was changed since the holder signed it."))


def _check_validity(run: _Run) -> Result:
    """A presentation has no validity of its own; its signatures may have one."""
    for window in run.presented.windows():
        if window.end is not None and window.end <= run.now:
            return signature_expired(window)
        if window.start is not None and window.start > run.now + run.limits.clock_skew:
            raise errors.ProofNotYetValid(f"the signature holds from {timestamps.format(window.start)}")
    return passed(Sentence("Its signature has not expired.")) if _signatures(run) else _UNSIGNED


def _check_challenge(run: _Run) -> Result:
    if run.challenge is None:
        return Result(Outcome.NOT_APPLICABLE, Sentence("No challenge was asked of it."))
    if not _signatures(run):
        raise errors.ChallengeMismatch("an unsigned presentation answers no challenge")
    run.presented.check_binding(challenge=run.challenge, domain=None)
    return passed(Sentence("It answers the challenge that was given."))


def _check_domain(run: _Run) -> Result:
    if run.domain is None:
        return Result(Outcome.NOT_APPLICABLE, Sentence("It was not asked for a domain."))
    if not _signatures(run):
        raise errors.DomainMismatch("an unsigned presentation is for nobody in particular")
    run.presented.check_binding(challenge=None, domain=run.domain)
    return passed(Sentence("It was made for the one who asks."), domain=run.domain)


def _check_holder(run: _Run) -> Result:
    """Does the key belong to the holder, and are the credentials about that holder (case HLD-03)?"""
    if not _signatures(run):
        return _UNSIGNED
    owners = {key.owner for key in run.found_keys}
    named = run.presented.holder
    if len(owners) != 1 or named not in (None, *owners):
        raise errors.HolderMismatch(f"signed by {', '.join(sorted(owners))[:300]}, presented for {str(named)[:200]}")
    run.holder = owners.pop()
    run.bindings = tuple(_binding(report, run.holder) for report in run.credentials)
    if Binding.ANOTHER in run.bindings:
        raise errors.HolderMismatch(f"a credential is about somebody else than {run.holder[:200]}")
    return passed(
        Sentence("The key belongs to the holder."), holder=run.holder, bindings=[it.value for it in run.bindings]
    )


def _binding(report: Report, holder: str) -> Binding:
    if report.verified is None:
        return Binding.NOT_SHOWN
    subject = report.verified.document.get("credentialSubject")
    subjects = subject if isinstance(subject, list) else [subject]
    named = {item.get("id") for item in subjects if isinstance(item, dict)} - {None}
    if not named:
        return Binding.NOBODY_NAMED
    return Binding.HOLDER if named == {holder} else Binding.ANOTHER


def _signatures(run: _Run) -> Sequence[Signature]:
    return run.presented.signatures


_UNSIGNED = Result(Outcome.NOT_APPLICABLE, Sentence("It is not signed: nothing shows who presents it."))
_STEPS: tuple[tuple[str, str, Callable[[_Run], Result]], ...] = (
    ("size", Sentence("Size"), check_size),
    ("structure", Sentence("Form"), _check_form),
    ("key", Sentence("Key"), _check_key),
    ("signature", Sentence("Signature"), _check_signature),
    ("validity", Sentence("Validity"), _check_validity),
    ("challenge", Sentence("Challenge"), _check_challenge),
    ("domain", Sentence("Domain"), _check_domain),
    ("holder", Sentence("Holder"), _check_holder),
)
#: When one of these does not pass, nothing after it is done.
_NEEDED = ("size", "structure", "key", "signature")


def _attempt(check: Callable[[_Run], Result], run: _Run) -> Result:
    """Run one step; whatever it raises becomes an outcome, and nothing raised becomes `passed`."""
    try:
        return check(run)
    except Exception as error:  # a check that broke down was not done
        return from_error(error)


def _steps(results: dict[str, Result]) -> tuple[Step, ...]:
    return tuple(results[name].as_step(number, name, title) for number, (name, title, _) in enumerate(_STEPS, 1))
