"""Triggers of migration 0003: a token that was handed out never changes, and a list's token never grows older.

Frozen like the migration that uses it; `triggers` puts it into each database's own words.
"""

from __future__ import annotations

from issuer.db.migrations.triggers import Guard

GUARDS: tuple[Guard, ...] = (
    ("credential_tokens", "token_keeps", "UPDATE", None, "what was signed never changes"),
    ("credential_tokens", "token_stays", "DELETE", None, "what was signed is never removed"),
    (
        "status_list_tokens", "list_token_versions", "UPDATE",
        "NEW.version < OLD.version OR NEW.list_id <> OLD.list_id OR NEW.organisation_id <> OLD.organisation_id",
        "the version of a status list only rises",
    ),
    ("status_list_tokens", "list_token_stays", "DELETE", None, "a status list is never removed"),
)  # fmt: skip
