"""Migration 0002: withdrawals of before get their notice, and no version is lost on the way down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

from credentials.verify import Verdict, verify
from issuer.db import tables
from issuer.db.engine import reading, writing
from issuer.db.migrations import run
from issuer.services import corrections, notices, records, revocation
from issuer.services.origin import OwnOriginFetcher
from tests.issuer.services.test_corrections import Nowhere
from tests.worlds.instances import World, issued, make_world
from tests.worlds.postgres import postgres_url


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """An instance on a database of either kind."""
    if request.param == "sqlite":
        made = make_world(tmp_path)
        yield made
        made.instance.close()
        return
    with postgres_url() as url:
        made = make_world(tmp_path, PLAUDIT_DATABASE_URL=url)
        yield made
        made.instance.close()


def _said(engine: Engine) -> list[tuple[str, str | None]]:
    with reading(engine) as connection:
        rows = connection.execute(select(tables.Notice.kind, tables.Notice.reason).order_by(tables.Notice.kind))
        return [(row.kind, row.reason) for row in rows]


@pytest.mark.timeout(120)
def test_withdrawals_of_before_get_their_notice(world: World) -> None:
    """The rows are written by the migration; they are signed when somebody asks."""
    withdrawn, suspended, _ = issued(world, 3)
    revocation.revoke(world.instance, withdrawn, "Wrong student.", actor="t")
    revocation.suspend(world.instance, suspended, "Looking into it.", actor="t")
    run.downgrade(world.instance.engine, "0001")
    assert run.current(world.instance.engine) == "0001"
    run.upgrade(world.instance.engine)
    assert _said(world.instance.engine) == [("suspended", "Looking into it."), ("withdrawn", "Wrong student.")]
    world.clock.move(days=30)
    fetcher = OwnOriginFetcher(world.instance, Nowhere())
    report = verify(records.get(world.instance, suspended).credential, fetcher=fetcher, now=world.clock())
    assert (report.verdict, report.notice and report.notice.reason) == (Verdict.SUSPENDED, "Looking into it.")
    assert notices.owed(world.instance) == [withdrawn]


@pytest.mark.timeout(120)
def test_the_way_down_is_refused_where_it_would_lose_a_version(world: World) -> None:
    """And what is there is guarded by the database itself."""
    (name,) = issued(world)
    world.clock.move(days=1)
    wanted = {**corrections.current(world.instance, name)[1], "hours": 5}
    corrections.correct(world.instance, name, wanted, "Booked twice.", actor="t")
    with pytest.raises(RuntimeError, match="no place for their newer versions"):
        run.downgrade(world.instance.engine, "0001")
    assert records.get(world.instance, name).version == 2
    for statement in (
        "UPDATE corrections SET signed = signed || signed",
        "UPDATE corrections SET version = 3",
        "UPDATE corrections SET reason = 'another'",
        "UPDATE corrections SET state = 'open', signed = NULL",
        "DELETE FROM corrections",
        "UPDATE notices SET kind = 'withdrawn'",
        "UPDATE notices SET reason = 'another'",
        "DELETE FROM notices",
    ):
        with pytest.raises(DatabaseError), writing(world.instance.engine) as connection:
            connection.execute(text(statement))
