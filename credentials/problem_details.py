"""Writes errors as problem details (RFC 9457) for machines, one for each thing wrong. It knows no HTTP framework."""

from __future__ import annotations

from typing import Any, Final

from credentials.errors import JsonTooLarge, PlauditError
from credentials.verify.report import ERROR_PAGES

__all__ = ["ERROR_PAGES", "body", "details", "status_of"]

#: Statuses that say that the request is at fault. What lies behind other hints (an issuer's host that does not answer,
#: a rule of ours) is not a fault of this service, and the caller can act on it only through the document: 422.
_STATUSES: Final = (400, 404, 422)


def status_of(problem: PlauditError) -> int:
    """The HTTP status for a problem that the input led to: 400, 404, 422, or 413 for a body that was not read."""
    if isinstance(problem, JsonTooLarge):
        return problem.status_hint
    return problem.status_hint if problem.status_hint in _STATUSES else 422


def details(problem: PlauditError) -> list[dict[str, Any]]:
    """One object for each finding that the error carries, else one for the error itself."""
    kind = problem.problem_type or ERROR_PAGES + problem.code
    found = getattr(problem, "findings", ())
    if found:
        return [
            {"type": kind, "title": problem.title, "detail": item.message, "code": item.code, "pointer": item.pointer}
            for item in found
        ]
    one = {"type": kind, "title": problem.title, "detail": problem.detail, "code": problem.code}
    return [{**one, "pointer": problem.pointer} if problem.pointer else one]


def body(problem: PlauditError, **more: Any) -> dict[str, Any]:
    """The whole answer: the problem itself as RFC 9457 has it, and `problemDetails` with everything that was found."""
    return {
        "type": problem.problem_type or ERROR_PAGES + problem.code,
        "title": problem.title,
        "status": status_of(problem),
        "detail": problem.detail,
        "code": problem.code,
        **({"remedy": problem.remedy} if problem.remedy else {}),
        **more,
        "problemDetails": details(problem),
    }
