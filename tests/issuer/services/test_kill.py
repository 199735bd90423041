"""Killed anywhere, an issue loses nothing, doubles nothing and can be finished (cases REL-01 in small, STL-23).

Each child is this process forked; it opens the instance as a new process would and dies by SIGKILL: before the n-th
statement that it sends to the database, for every n, and at random moments.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event, func, select

from issuer.db import tables
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.services import corrections, issuance, notices, records, revocation, status, versions
from issuer.services.fsck import fsck
from tests.worlds.instances import World, confirmed, damages, issued
from tests.worlds.tables import GOOD_ROW

FORK = multiprocessing.get_context("fork")


def table(start: int, count: int) -> list[dict[str, str]]:
    """Good rows of students nobody else has."""
    return [
        {**GOOD_ROW, "student_name": f"Student {number}", "student_email": f"student{number}@students.example"}
        for number in range(start, start + count)
    ]


def die_at(instance: Instance, number: int) -> None:
    """Kill this process before the `number`-th statement, transactions' own BEGIN and COMMIT counted too."""
    seen = itertools.count(1)

    def count(*_: Any) -> None:
        if next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(instance.engine, "before_cursor_execute", count)
    event.listen(instance.engine, "commit", count)


def run_child(
    world: World, seed: str, work: Callable[[Instance], object], *, statement: int = 0, after: float = 0
) -> bool:
    """Do `work` in a child that is killed at a statement, or after so many seconds; return whether it was."""
    world.instance.engine.dispose()
    started = FORK.Event()

    def body() -> None:
        instance = world.reopened(seed)
        if statement:
            die_at(instance, statement)
        started.set()
        work(instance)
        os._exit(0)

    child = FORK.Process(target=body)
    child.start()
    assert started.wait(30)
    if after:
        child.join(after)
        if child.pid is not None and child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
    child.join(60)
    assert child.exitcode in (0, -signal.SIGKILL)
    return child.exitcode != 0


def check_whole(world: World, expected: int) -> None:
    """Every row once, every index once, nothing half done, everything that is owed is in the outbox."""
    assert [str(finding) for finding in fsck(world.instance) if finding.severity != "note"] == []
    credential, entry = tables.Credential, tables.StatusEntry
    with reading(world.instance.engine) as connection:
        credentials = connection.execute(select(credential.completion_id, credential.id)).all()
        used = connection.execute(select(func.count()).where(entry.state == "used")).scalar_one()
        waiting = connection.execute(select(func.count()).where(entry.state == "allocated")).scalar_one()
        owed = set(connection.execute(select(tables.OutboxItem.subject)).scalars())
        intents = connection.execute(select(func.count()).where(tables.Intent.state == "open")).scalar_one()
    assert len(credentials) == len({row.completion_id for row in credentials}) == used == expected
    assert owed == {row.id for row in credentials}
    assert (waiting, intents) == (0, 0)


def _each_statement_of_an_issue(world: World, every: int) -> int:
    """Kill an issue before every `every`-th statement, each time another batch; return how often it died."""
    issued(world, 1)  # so that the list is published and each turn takes the same steps
    expected, killed = 1, 0
    for statement in itertools.count(1, every):
        batch_id = confirmed(world, table(statement * 10, 2))
        died = run_child(
            world, f"turn {statement}", partial(issuance.issue_batch, batch_id=batch_id),
            statement=statement,
        )  # fmt: skip
        assert damages(world.instance) == []
        assert len(issuance.issue_batch(world.instance, batch_id).issued) == 2
        expected += 2
        if not died:
            break
        killed += 1
    check_whole(world, expected)
    return killed


def _each_statement_of_a_revocation(world: World, every: int) -> int:
    """Kill a revocation before every `every`-th statement; return how often it died."""
    for killed, name in enumerate(issued(world, 60)):
        died = run_child(
            world, name, partial(revocation.revoke, credential_id=name, reason="wrong", actor="t"),
            statement=1 + killed * every,
        )  # fmt: skip
        assert damages(world.instance) == []
        for list_id in status.stale(world.instance):
            status.published(world.instance, list_id)
        for owed in notices.owed(world.instance):
            notices.published(world.instance, owed)
        assert [finding for finding in fsck(world.instance) if finding.severity != "note"] == []
        assert revocation.revoke(world.instance, name, "wrong", actor="t").state == "revoked"
        if not died:
            return killed
    pytest.fail("the revocation was never finished")


def _each_statement_of_a_correction(world: World, every: int) -> int:
    """Kill a correction before every `every`-th statement; return how often it died.

    Each time the record is at its first version and good, or at its second and the first one's bit is set: what was
    left open is finished by the worker, and nothing is there twice.
    """
    names = issued(world, 20 + 180 // every)
    for killed, name in enumerate(names):
        world.clock.move(seconds=2)
        wanted = {**corrections.current(world.instance, name)[1], "hours": 5}
        died = run_child(
            world, name,
            partial(corrections.correct, credential_id=name, corrected=wanted, reason="wrong", actor="t"),
            statement=1 + killed * every,
        )  # fmt: skip
        assert damages(world.instance) == []
        corrections.finish(world.instance, name)
        for list_id in status.stale(world.instance):
            status.published(world.instance, list_id)
        for owed in notices.owed(world.instance):
            notices.publish(world.instance, owed)
        version = records.get(world.instance, name).version
        assert [finding for finding in fsck(world.instance) if finding.severity != "note"] == []
        if version == 1:
            world.clock.move(seconds=2)
            made = corrections.correct(world.instance, name, wanted, "wrong", actor="t")
            assert made.version == 2
        assert len(versions.of(world.instance, name)) == 2
        if not died:
            return killed
    pytest.fail("the correction was never finished")


@pytest.mark.timeout(240)
def test_killed_at_points_of_a_correction(world: World) -> None:
    """Every seventh point of the next test."""
    assert _each_statement_of_a_correction(world, 7) >= 5


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_before_every_statement_of_a_correction(world: World) -> None:
    """Every point between two statements of a correction."""
    assert _each_statement_of_a_correction(world, 1) > 30


@pytest.mark.timeout(120)
@pytest.mark.case("STL-23")
def test_killed_at_points_of_an_issue(world: World) -> None:
    """Every seventh point of the next test."""
    assert _each_statement_of_an_issue(world, 7) >= 5


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_before_every_statement_of_an_issue(world: World) -> None:
    """Every point between two statements of an issue: fsck finds no damage, and the next run finishes."""
    assert _each_statement_of_an_issue(world, 1) > 30


@pytest.mark.timeout(120)
def test_killed_at_points_of_a_revocation(world: World) -> None:
    """Every fifth point of the next test."""
    assert _each_statement_of_a_revocation(world, 5) >= 3


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_before_every_statement_of_a_revocation(world: World) -> None:
    """A revocation is either not there, or there and published by the next reader."""
    assert _each_statement_of_a_revocation(world, 1) > 10


def _battery(world: World, *, rows: int, kills: int) -> None:
    """Kill one issue again and again at random moments of the time that is left, then finish it."""
    chance = random.Random(20261123)
    started = time.monotonic()
    confirmed_first = confirmed(world, table(100_000, rows))
    issuance.issue_batch(world.instance, confirmed_first)
    whole = time.monotonic() - started
    batch_id = confirmed(world, table(0, rows))
    killed = 0
    for turn in range(kills * 4):
        # Early in each run: a killed run has done a part, so the next starts where it stopped.
        killed += run_child(
            world, f"kill {turn}", partial(issuance.issue_batch, batch_id=batch_id),
            after=chance.uniform(0.001, whole * 2 / kills),
        )  # fmt: skip
        assert damages(world.instance) == []
        if killed == kills:
            break
        if not issuance.unfinished(world.instance):
            batch_id = confirmed(world, table((turn + 1) * 1_000, rows))
    assert killed == kills
    assert len(issuance.issue_batch(world.instance, batch_id).issued) == rows
    with reading(world.instance.engine) as connection:
        expected = connection.execute(select(func.count()).select_from(tables.BatchRow)).scalar_one()
    check_whole(world, expected)


@pytest.mark.timeout(120)
def test_killed_at_five_random_moments(world: World) -> None:
    """The short form of the battery below."""
    _battery(world, rows=60, kills=5)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_fifty_random_moments_of_a_500_row_issue(world: World) -> None:
    """After each of 50 kills nothing is damaged; at the end every row has exactly one credential."""
    _battery(world, rows=500, kills=50)
