"""Alembic's entrance: runs migrations over the connection that `run.py` hands in. Reads no settings of its own."""

from __future__ import annotations

from alembic import context

from issuer.db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
