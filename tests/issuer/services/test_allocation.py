"""Status indices: random, unique under pressure on both databases, never given twice."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from issuer.db import tables
from issuer.db.engine import open_engine, reading, writing
from issuer.db.migrations import run
from issuer.services.allocation import CAPACITY, LENGTH, allocate, burn
from issuer.services.ids import new_id
from tests.worlds.instances import START, SeededRandomness
from tests.worlds.postgres import postgres_url

OWNER = "o" * 26
#: Each worker allocates for one chunk of a batch at a time, as issuing does.
WORKERS, INDICES, AT_ONCE = 50, 20_000, 50


def _prepared(url: str) -> Engine:
    engine = open_engine(url)
    run.upgrade(engine)
    with writing(engine) as connection:
        connection.execute(
            insert(tables.Organisation).values(
                id=OWNER, slug="acme", did="did:web:x", name="Acme", legal_name="", domain="acme.example",
                url="https://acme.example", description="", created_at=START,
            )
        )  # fmt: skip
    return engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """SQLite with one organisation."""
    prepared = _prepared(f"sqlite:///{tmp_path / 'test.db'}")
    yield prepared
    prepared.dispose()


def _allocate(engine: Engine, number: int, random: SeededRandomness, capacity: int = CAPACITY) -> list[tuple[str, int]]:
    with writing(engine) as connection:
        names = [new_id(random) for _ in range(number)]
        found = allocate(
            connection, names, organisation_id=OWNER, batch_id=None, random=random, now=START, capacity=capacity
        )
    assert [one.credential_id for one in found] == names
    return [(one.list_id, one.index) for one in found]


def _crowd(engine: Engine) -> list[tuple[str, int]]:
    """Fifty workers at once, each with randomness of its own."""

    def work(worker: int) -> list[tuple[str, int]]:
        random = SeededRandomness(f"worker {worker}")
        rounds = INDICES // WORKERS // AT_ONCE
        return [place for _ in range(rounds) for place in _allocate(engine, AT_ONCE, random)]

    with ThreadPoolExecutor(WORKERS) as workers:
        return [place for part in workers.map(work, range(WORKERS)) for place in part]


def _check(engine: Engine, places: list[tuple[str, int]]) -> None:
    assert len(places) == len(set(places)) == INDICES
    with reading(engine) as connection:
        entry, listed = tables.StatusEntry, tables.StatusList
        stored = {(row[0], row[1]) for row in connection.execute(select(entry.status_list_id, entry.status_index))}
        counts = connection.execute(select(listed.allocated)).scalars().all()
    assert stored == set(places)
    assert counts == [INDICES]
    # Spread: in sixteen equal parts of the list none is off the mean (1,250) by more than six standard deviations.
    parts = Counter(index * 16 // LENGTH for _, index in places)
    assert all(abs(parts[part] - INDICES / 16) < 6 * (INDICES / 16) ** 0.5 for part in range(16))
    steps = [second[1] - first[1] for first, second in itertools.pairwise(places)]
    assert sum(abs(step) <= 16 for step in steps) < 50


@pytest.mark.case("STL-12")
@pytest.mark.timeout(60)
def test_fifty_workers_on_sqlite(engine: Engine) -> None:
    """STL-12: 20,000 indices, none twice, none lost, spread at random."""
    _check(engine, _crowd(engine))


@pytest.mark.case("STL-12")
@pytest.mark.timeout(90)
def test_fifty_workers_on_postgresql() -> None:
    """STL-12 on PostgreSQL, where fifty transactions really run at once."""
    with postgres_url() as url:
        _prepared(url).dispose()
        crowded = open_engine(url, connections=WORKERS)
        _check(crowded, _crowd(crowded))
        crowded.dispose()


@pytest.mark.case("STL-13")
def test_a_full_list_is_followed_by_the_next(engine: Engine) -> None:
    """STL-13: a chunk that does not fit goes on in the next list; nothing is tried twice."""
    random = SeededRandomness()
    places = _allocate(engine, 25, random, capacity=10)
    sizes = Counter(list_id for list_id, _ in places)
    assert sorted(sizes.values()) == [5, 10, 10]
    with reading(engine) as connection:
        listed = tables.StatusList
        rows = connection.execute(select(listed.ordinal, listed.allocated).order_by(listed.ordinal)).all()
    assert [tuple(row) for row in rows] == [(1, 10), (2, 10), (3, 5)]


@pytest.mark.case("STL-13")
def test_a_list_with_every_single_index_taken(engine: Engine) -> None:
    """STL-13: 131,072 of 131,072; the next issue goes to a new list at once."""
    random = SeededRandomness()
    ((list_id, taken),) = _allocate(engine, 1, random)
    others = [
        {
            "status_list_id": list_id, "status_index": index, "organisation_id": OWNER,
            "credential_id": f"{index:026d}", "state": "burnt", "value": "valid",
        }
        for index in range(LENGTH)
        if index != taken
    ]  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(tables.StatusEntry), others)
        connection.execute(update(tables.StatusList).values(capacity=LENGTH, allocated=LENGTH))
    ((second, _),) = _allocate(engine, 1, random)
    assert second != list_id


def _allocate_and_break(engine: Engine, random: SeededRandomness) -> None:
    with writing(engine) as connection:
        allocate(connection, ["x" * 26], organisation_id=OWNER, batch_id=None, random=random, now=START)
        raise ZeroDivisionError


@pytest.mark.case("STL-23")
def test_a_rolled_back_allocation_leaves_no_trace_and_a_burnt_one_for_ever(engine: Engine) -> None:
    """STL-23: a promise that was never kept is kept from everybody else."""
    random = SeededRandomness()
    (first,) = _allocate(engine, 1, random)
    with pytest.raises(ZeroDivisionError):
        _allocate_and_break(engine, random)
    with writing(engine) as connection:
        name = connection.execute(select(tables.StatusEntry.credential_id)).scalars().all()
        assert len(name) == 1
        burn(connection, name)

    class Stubborn(SeededRandomness):
        """Asks for the burnt index first, every time it may."""

        asked = 0

        def __call__(self, size: int) -> bytes:
            if size != 8:
                return super().__call__(size)
            self.asked += 1
            return first[1].to_bytes(8, "big") if self.asked < 4 else super().__call__(size)

    (second,) = _allocate(engine, 1, Stubborn("stubborn"))
    assert second != first
