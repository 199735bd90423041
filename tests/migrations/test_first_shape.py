"""Every migration goes up and down on both databases, and ends at exactly the tables that the code knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, Executable, insert, inspect, text, update
from sqlalchemy.exc import DatabaseError

from issuer.db import tables
from issuer.db.engine import open_engine, reading, writing
from issuer.db.migrations import run
from tests.worlds.instances import START
from tests.worlds.postgres import postgres_url

LIST = {
    "id": "l" * 26, "organisation_id": "o" * 26, "purpose": "revocation", "ordinal": 1, "length": 131_072,
    "capacity": 100, "allocated": 1, "version": 3, "published_version": 0, "created_at": START,
}  # fmt: skip
ENTRY = {
    "status_list_id": "l" * 26, "status_index": 7, "organisation_id": "o" * 26, "credential_id": "c" * 26,
    "state": "allocated", "value": "valid",
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    if request.param == "sqlite":
        opened = open_engine(f"sqlite:///{tmp_path / 'test.db'}")
        yield opened
        opened.dispose()
        return
    with postgres_url() as url:
        opened = open_engine(url)
        yield opened
        opened.dispose()


def _fill(engine: Engine) -> None:
    run.upgrade(engine)
    with writing(engine) as connection:
        connection.execute(
            insert(tables.Organisation).values(
                id="o" * 26, slug="acme", did="did:web:x", name="Acme", legal_name="", domain="acme.example",
                url="https://acme.example", description="", created_at=START,
            )
        )  # fmt: skip
        connection.execute(insert(tables.StatusList).values(LIST))
        connection.execute(insert(tables.StatusEntry).values(ENTRY))
        connection.execute(
            insert(tables.AuditLine).values(
                sequence=1, at=START, actor="a", action="x", subject="s", detail="{}", previous_hash="0", hash="1"
            )
        )


def test_up_down_and_up_again_ends_at_the_tables_of_the_code(engine: Engine) -> None:
    """Down leaves nothing of ours behind; up is what `issuer.db.tables` says, constraint by constraint."""
    run.upgrade(engine)
    assert run.current(engine) == run.newest()
    run.downgrade(engine)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    if engine.dialect.name == "postgresql":
        with reading(engine) as connection:
            left = connection.execute(text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
            assert left.all() == []
    run.upgrade(engine)
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    inspector = inspect(engine)
    for table in tables.metadata.sorted_tables:
        wanted = {constraint.name for constraint in table.constraints if type(constraint).__name__ == "CheckConstraint"}
        assert {check["name"] for check in inspector.get_check_constraints(table.name)} == wanted, table.name


def test_the_database_refuses_what_must_never_happen(engine: Engine) -> None:
    """STL-23 and the append-only audit, held by triggers and constraints whatever the code does."""
    _fill(engine)
    entry, listed, audit = tables.StatusEntry, tables.StatusList, tables.AuditLine
    refused: list[Executable] = [
        update(audit).values(actor="somebody else"),
        text("DELETE FROM audit"),
        text("DELETE FROM status_entries"),
        text("DELETE FROM status_lists"),
        update(entry).values(credential_id="d" * 26),
        update(entry).values(status_index=8),
        update(entry).values(value="revoked"),  # not used yet
        update(entry).values(state="half"),
        update(listed).values(version=2),
        update(listed).values(allocated=101),
        update(listed).values(published_version=4),
        insert(entry).values({**ENTRY, "credential_id": "d" * 26}),  # the index is taken
        insert(entry).values({**ENTRY, "status_index": 9}),  # the credential has one
        insert(entry).values({**ENTRY, "status_index": 9, "credential_id": "d" * 26, "organisation_id": "p" * 26}),
    ]
    for statement in refused:
        with pytest.raises(DatabaseError), writing(engine) as connection:
            connection.execute(statement)


@pytest.mark.case("STL-23")
def test_a_burnt_index_stays_burnt(engine: Engine) -> None:
    """Neither used nor allocated again, and a revocation is never taken back."""
    _fill(engine)
    entry = tables.StatusEntry
    with writing(engine) as connection:
        connection.execute(update(entry).values(state="burnt"))
    for state in ("used", "allocated"):
        with pytest.raises(DatabaseError), writing(engine) as connection:
            connection.execute(update(entry).values(state=state))
    second = {**ENTRY, "status_index": 8, "credential_id": "d" * 26, "state": "used", "value": "revoked"}
    with writing(engine) as connection:
        connection.execute(insert(entry).values(second))
    for value in ("valid", "suspended"):
        with pytest.raises(DatabaseError), writing(engine) as connection:
            connection.execute(update(entry).where(entry.status_index == 8).values(value=value))
