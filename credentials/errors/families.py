"""The one hierarchy of errors of Plaudit's core: what went wrong, where, and what to do next.

Three families, because a caller acts differently on each:

* `BadData`: the input is wrong. Trying again never helps.
* `Unreachable`: the world could not be reached. Trying again may help; a check that met it was *not done*.
* `Refused`: a rule or a limit of ours said no before any judgement was made.

An error carries a `code` (one section each in docs/errors.md, held there by a test), a JSON `pointer` (RFC 6901)
where one applies, and a `remedy`: one sentence saying what to do. It carries a `status_hint` for whoever speaks HTTP
and knows nothing else of the web.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from credentials.findings import Finding


class PlauditError(Exception):
    """Anything that Plaudit itself says about an input or about the world."""

    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    remedy: ClassVar[str] = ""
    #: Problem type that a specification defines for this case, as an absolute URI; None: our own docs page.
    problem_type: ClassVar[str | None] = None
    status_hint: ClassVar[int] = 400

    def __init__(self, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer

    def __str__(self) -> str:
        return f"{self.detail} (at {self.pointer})" if self.pointer else self.detail


class BadData(PlauditError):  # noqa: N818 - named for what the caller may do
    """The input is wrong; the same input will be wrong again."""

    code = "bad_data"
    title = "The data is wrong"
    status_hint = 422


class Unreachable(PlauditError):  # noqa: N818 - named for what the caller may do
    """Something outside could not be reached, so a check could not be done."""

    code = "unreachable"
    title = "Could not reach what is needed for this check"
    remedy = "Try again in a moment."
    status_hint = 503
    #: The HTTP status with which the host itself said no; None when there was no such answer.
    status: int | None = None


class Refused(PlauditError):  # noqa: N818 - named for what the caller may do
    """A rule or a limit says no."""

    code = "refused"
    title = "Not allowed"
    status_hint = 403


class WithFindings(BadData):
    """A document with several things wrong, each with its place."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"{first.message}{more}", pointer=first.pointer)
        self.findings = tuple(findings)
