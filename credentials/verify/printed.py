"""Verifies the compact claim of a printed code, in place of its record. It fetches no more than `verify` does.

The claim is signed by the issuer and names its status, so everything about it can be checked; what it does not hold,
the work itself, stands in the record alone. Whoever hands in the claim wants the record: that it was not seen is one
more step, not done, so the best verdict is that not everything could be checked. Source: docs/compact-claim.md, 5.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from credentials import compact_claim, errors
from credentials.ports import Fetcher
from credentials.sentence import Sentence
from credentials.verify import forms
from credentials.verify.limits import DEFAULT_LIMITS, Limits
from credentials.verify.outcomes import Result
from credentials.verify.report import ERROR_PAGES, Outcome, Report, Verdict
from credentials.verify.steps import verify

#: The code of the step that is not done.
RECORD_NOT_SEEN = "record_not_seen"


def is_printed_claim(data: bytes) -> bool:
    """Tell the signed claim of a printed code from a credential secured with COSE, and from everything else."""
    return forms.is_claim(data)


def verify_printed(
    data: bytes,
    *,
    fetcher: Fetcher,
    now: datetime,
    unseen: errors.PlauditError | None = None,
    policy: Limits = DEFAULT_LIMITS,
) -> Report:
    """The report on `data`, a signed claim; `unseen` is what kept its record from being looked at, if that was tried.

    Raises nothing that the claim or the world causes.
    """
    report = verify(data, fetcher=fetcher, now=now, policy=policy)
    undone = Result(
        Outcome.NOT_CHECKED,
        Sentence("The record itself was not seen; the claim in the printed code was checked in its place."),
        Verdict.CANNOT_CHECK,
        RECORD_NOT_SEEN,
        ERROR_PAGES + RECORD_NOT_SEEN,
        Verdict.CANNOT_CHECK.remedy,
        {"detail": unseen.detail, "because": unseen.code} if unseen else {},
    )
    found = report.with_step(undone.as_step(0, "record", Sentence("The record itself")), undone.verdict)
    if found.verified is None or found.verdict is not Verdict.CANNOT_CHECK:
        return found
    return replace(found, headline=_headline(report, compact_claim.parse(data).signed_at))


def _headline(report: Report, signed_at: datetime) -> Sentence:
    """What was found of the claim, and as of when."""
    if report.step("status").outcome is Outcome.PASSED:
        return Sentence(
            "The record itself was not seen. What the printed code says was signed on %(day)s and is not withdrawn.",
            day=signed_at,
        )
    return Sentence(
        "The record itself was not seen. What the printed code says was signed on %(day)s; whether it was withdrawn "
        "since is not known.",
        day=signed_at,
    )
