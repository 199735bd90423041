"""INSERT that passes over rows which are there already: the same words for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Any) -> sqlite.Insert | postgresql.Insert:
    """Return `INSERT INTO table … ON CONFLICT DO NOTHING`, to which values and RETURNING may be added."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
