"""Triggers of migration 0002: a version of a credential never changes, and what was said in public stays said.

Frozen like the migration that uses it; `triggers` puts it into each database's own words.
"""

from __future__ import annotations

from issuer.db.migrations.triggers import Guard

GUARDS: tuple[Guard, ...] = (
    (
        "corrections", "correction_bytes", "UPDATE",
        "NEW.id <> OLD.id OR NEW.organisation_id <> OLD.organisation_id OR NEW.credential_id <> OLD.credential_id"
        " OR NEW.version <> OLD.version OR NEW.completion_id <> OLD.completion_id OR NEW.unsigned <> OLD.unsigned"
        " OR NEW.unsigned_sha256 <> OLD.unsigned_sha256 OR NEW.status_list_id <> OLD.status_list_id"
        " OR NEW.status_index <> OLD.status_index OR NEW.reason <> OLD.reason OR NEW.changes <> OLD.changes"
        " OR (OLD.signed IS NOT NULL AND (NEW.signed <> OLD.signed OR NEW.signed_sha256 <> OLD.signed_sha256))",
        "what was signed never changes",
    ),
    (
        "corrections", "correction_states", "UPDATE",
        "(OLD.state <> 'open' AND NEW.state <> OLD.state)"
        " OR (OLD.replaced_at IS NOT NULL AND (NEW.replaced_at IS NULL OR NEW.replaced_at <> OLD.replaced_at))",
        "a correction closes once, and is replaced once",
    ),
    ("corrections", "correction_stays", "DELETE", None, "a version of a credential is never removed"),
    (
        "notices", "notice_keeps", "UPDATE",
        "OLD.signed IS NOT NULL OR NEW.credential_id <> OLD.credential_id OR NEW.kind <> OLD.kind OR NEW.at <> OLD.at",
        "what was said in public stays said",
    ),
    ("notices", "notice_stays", "DELETE", None, "what was said in public stays said"),
)  # fmt: skip
