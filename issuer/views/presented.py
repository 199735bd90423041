"""Batches and records as the console's templates show them: the database's words put into a person's."""

from __future__ import annotations

from typing import Any

from issuer.services.batches import Batch
from issuer.services.records import Record

#: How each state of a batch is called: (which page shows it, word, tone).
BATCH_STATES = {
    "draft": ("checked", "To be confirmed", "caution"),
    "confirmed": ("running", "Waiting", "caution"),
    "issuing": ("running", "Issuing", "caution"),
    "done": ("done", "Done", "good"),
    "cancelled": ("discarded", "Discarded", "none"),
}
#: How each state of a record is called: (word, tone).
RECORD_STATES = {"valid": ("Valid", "good"), "suspended": ("Suspended", "caution"), "revoked": ("Withdrawn", "bad")}


def presented_batch(batch: Batch) -> dict[str, Any]:
    """Return what templates show of a batch."""
    state, word, tone = BATCH_STATES[batch.state]
    return {
        "id": batch.id,
        "filename": batch.filename,
        "when": batch.created_at,
        "state": state,
        "word": word,
        "tone": tone,
        "rows": batch.report.rows,
        "same_file_as": batch.same_file_as,
    }


def presented_record(record: Record) -> dict[str, Any]:
    """Return what the console's templates show of a record."""
    word, tone = RECORD_STATES[record.state]
    return {
        "id": record.id,
        "student": record.student_name,
        "title": record.title,
        "issued": record.signed_at,
        "state": record.state,
        "word": word,
        "tone": tone,
        "reason": record.reason,
        "changed_at": record.state_changed_at,
        "code": record.human_code,
        "portfolio": f"/p/{record.portfolio_slug}",
        "version": record.version,
        "corrected_at": record.corrected_at,
    }
