"""Triggers of migration 0001: the audit is append-only, final states stay final, what was signed never changes.

Written once as (table, name, event, forbidden-when, message); `triggers` puts it into each database's own words. Frozen
like the migration that uses it.
"""

from __future__ import annotations

from issuer.db.migrations.triggers import Guard

GUARDS: tuple[Guard, ...] = (
    ("audit", "audit_keeps_lines", "UPDATE", None, "the audit is append-only"),
    ("audit", "audit_loses_none", "DELETE", None, "the audit is append-only"),
    (
        "status_entries", "entry_identity", "UPDATE",
        "NEW.status_list_id <> OLD.status_list_id OR NEW.status_index <> OLD.status_index"
        " OR NEW.credential_id <> OLD.credential_id OR NEW.organisation_id <> OLD.organisation_id",
        "a status index belongs to one credential for ever",
    ),
    (
        "status_entries", "entry_states", "UPDATE",
        "(OLD.state = 'burnt' AND NEW.state <> 'burnt') OR (OLD.state = 'used' AND NEW.state <> 'used')",
        "a used or burnt status index stays so",
    ),
    (
        "status_entries", "entry_revoked", "UPDATE", "OLD.value = 'revoked' AND NEW.value <> 'revoked'",
        "a revocation is final",
    ),
    ("status_entries", "entry_stays", "DELETE", None, "a status index is never given back"),
    (
        "status_lists", "list_versions", "UPDATE",
        "NEW.version < OLD.version OR NEW.published_version < OLD.published_version OR NEW.allocated < OLD.allocated",
        "the version of a status list only rises",
    ),
    ("status_lists", "list_stays", "DELETE", None, "a status list is never removed"),
    (
        "credentials", "credential_bytes", "UPDATE",
        "NEW.signed <> OLD.signed OR NEW.signed_sha256 <> OLD.signed_sha256 OR NEW.id <> OLD.id"
        " OR NEW.organisation_id <> OLD.organisation_id OR NEW.human_code <> OLD.human_code"
        " OR NEW.status_list_id <> OLD.status_list_id OR NEW.status_index <> OLD.status_index",
        "what was signed never changes",
    ),
    (
        "credentials", "credential_revoked", "UPDATE",
        "OLD.state = 'revoked' AND (NEW.state <> 'revoked' OR NEW.reason <> OLD.reason)",
        "a revocation is final",
    ),
    ("credentials", "credential_stays", "DELETE", None, "an issued credential is never removed"),
    (
        "batch_rows", "row_states", "UPDATE",
        "OLD.state IN ('issued', 'failed') AND NEW.state <> OLD.state",
        "an issued or failed row stays so",
    ),
    (
        "batches", "batch_states", "UPDATE",
        "OLD.state IN ('done', 'cancelled') AND NEW.state <> OLD.state",
        "a finished batch stays so",
    ),
    (
        "intents", "intent_bytes", "UPDATE",
        "NEW.unsigned <> OLD.unsigned OR NEW.unsigned_sha256 <> OLD.unsigned_sha256"
        " OR (OLD.state <> 'open' AND NEW.state <> OLD.state)",
        "the bytes of an intent never change, and it closes once",
    ),
    ("intents", "intent_stays", "DELETE", None, "an intent is never removed"),
    ("status_events", "event_keeps", "UPDATE", None, "the history of a credential is append-only"),
    ("status_events", "event_stays", "DELETE", None, "the history of a credential is append-only"),
)  # fmt: skip
