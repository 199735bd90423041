"""The whole way on PostgreSQL: upload, issue, revoke, check. What only one database does differently shows here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.problems import AlreadyIssuing
from issuer.services import batches, corrections, issuance, notices, records, revocation, status
from issuer.services.turns import turn
from tests.worlds.instances import World, confirmed, damages, issued, make_world
from tests.worlds.postgres import postgres_url
from tests.worlds.tables import csv_bytes, rows


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A new instance on a PostgreSQL of its own."""
    with postgres_url() as url:
        made = make_world(tmp_path, PLAUDIT_DATABASE_URL=url)
        yield made
        made.instance.close()


@pytest.mark.timeout(60)
def test_the_whole_way_on_postgresql(world: World) -> None:
    """Issued once, known again, withdrawn and published, nothing damaged; the turn is a lock of the database."""
    names = issued(world, 3)
    again = batches.create(world.instance, world.organisation, csv_bytes(rows(3)), "again.csv", actor="t")
    assert {problem.code for problem in again.report.problems} == {"already_issued"}
    revocation.suspend(world.instance, names[0], actor="t")
    revocation.unsuspend(world.instance, names[0], actor="t")
    revocation.revoke(world.instance, names[1], "wrong student", actor="t")
    assert [records.get(world.instance, name).state for name in names] == ["valid", "revoked", "valid"]
    assert status.stale(world.instance) == []
    world.clock.move(days=1)
    wanted = {**corrections.current(world.instance, names[0])[1], "hours": 5}
    assert corrections.correct(world.instance, names[0], wanted, "Booked twice.", actor="t").version == 2
    assert records.get(world.instance, names[0]).version == 2
    assert b'"replaced"' in notices.published(world.instance, names[0])
    batch_id = confirmed(world, rows(5)[3:])
    other = world.reopened()
    with turn(other, f"batch-{batch_id}") as mine:
        assert mine
        with pytest.raises(AlreadyIssuing):
            issuance.issue_batch(world.instance, batch_id)
    assert len(issuance.issue_batch(world.instance, batch_id).issued) == 2
    assert damages(world.instance) == []
    other.close()
