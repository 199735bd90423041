"""A student's page, `/p/<id:slug>`: every record at one organisation, each verified while the page is made.

Unlisted: whoever has the link can read it, nobody can find it, and search engines are asked to stay out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from issuer.headers import unlisted
from issuer.services import addresses, records
from issuer.services.records import Record
from issuer.views.records import judged
from issuer.views.site import site

routes = Blueprint("portfolios", __name__)

#: A verification takes a few milliseconds; nobody finishes more projects than this at one employer.
SHOWN = 100


@routes.get("/p/<id:slug>")
def portfolio(slug: str) -> ResponseReturnValue:
    """Show the student's records with the status of each."""
    found = records.by_portfolio(site().instance, slug)
    entries = [_entry(record) for record in found.records[:SHOWN]]
    html = render_template(
        "portfolio/portfolio.html",
        student=_name(entries),
        url=addresses.portfolio_url(site().instance, found.slug),
        entries=entries,
    )
    answer = make_response(html)
    answer.headers["Cache-Control"] = "private, no-store"
    return unlisted(answer)


def _entry(record: Record) -> dict[str, Any]:
    report = judged(record)
    return {
        "path": f"/c/{record.id}",
        "word": report.verdict.word,
        "tone": report.verdict.tone,
        "claim": report.verified,
    }


def _name(entries: Iterable[dict[str, Any]]) -> str | None:
    """The name as the newest record that could be verified has it."""
    return next((entry["claim"].student_name for entry in entries if entry["claim"]), None)
