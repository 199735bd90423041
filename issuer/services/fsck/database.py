"""Checks the database file as such, and the chain of the audit."""

from __future__ import annotations

from collections.abc import Iterator

from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.services import audit
from issuer.services.fsck.finding import Finding, damage


def check(instance: Instance) -> Iterator[Finding]:
    """SQLite's own integrity check and foreign keys (PostgreSQL keeps those itself), then every audit line."""
    with reading(instance.engine) as connection:
        if connection.dialect.name == "sqlite":
            for row in connection.exec_driver_sql("PRAGMA integrity_check"):
                if row[0] != "ok":
                    yield damage("database", f"SQLite says: {row[0]}.")
            for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
                yield damage(f"table {row[0]}", f"Row {row[1]} points at nothing in {row[2]}.")
        for sequence, what in audit.breaks(connection):
            yield damage(f"audit line {sequence}", f"This line {what}.")
