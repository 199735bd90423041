"""Our own documents are kept while nothing changed; a change is seen at once, by whichever process it was made."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine

from credentials.verify import Policy, Verdict, verify
from credentials.verify.memory import KeptOutcomes
from issuer.db.changes import Changes
from issuer.services import records, revocation
from issuer.services.kept_answers import MOST, MOST_BYTES, SECONDS, KeptAnswers
from issuer.services.origin import OwnOriginFetcher
from tests.worlds.instances import World, issued
from tests.worlds.memory_web import MemoryWeb


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Maker:
    """Makes another answer each time."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> bytes:
        self.made += 1
        return b"answer %d" % self.made


@pytest.fixture
def kept(world: World) -> tuple[KeptAnswers, Seconds]:
    clock = Seconds()
    return KeptAnswers(world.instance, monotonic=clock), clock


def test_an_answer_is_made_once_for_each_path(kept: tuple[KeptAnswers, Seconds]) -> None:
    answers, _ = kept
    make = Maker()
    assert [answers.get(path, make) for path in ("/a", "/a", "/b", "/a")] == [b"answer 1"] * 2 + [
        b"answer 2", b"answer 1",
    ]  # fmt: skip


def test_it_is_not_kept_for_longer_than_two_seconds(kept: tuple[KeptAnswers, Seconds]) -> None:
    answers, clock = kept
    make = Maker()
    answers.get("/a", make)
    clock.now = SECONDS - 0.1
    assert answers.get("/a", make) == b"answer 1"
    clock.now = SECONDS
    assert answers.get("/a", make) == b"answer 2"


def test_whatever_is_written_makes_it_anew(world: World, kept: tuple[KeptAnswers, Seconds]) -> None:
    answers, _ = kept
    make = Maker()
    answers.get("/a", make)
    world.organise("other")  # a row and a key
    assert answers.get("/a", make) == b"answer 2"
    world.instance.keyring().rotate(world.organisation.did)  # a key alone
    assert answers.get("/a", make) == b"answer 3"
    another = world.reopened()
    another.keyring().rotate(world.organisation.did)
    assert answers.get("/a", make) == b"answer 4"


def test_a_failure_is_no_answer(kept: tuple[KeptAnswers, Seconds]) -> None:
    answers, _ = kept

    def fail() -> bytes:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            answers.get("/a", fail)


def test_few_and_small_ones_are_kept(kept: tuple[KeptAnswers, Seconds]) -> None:
    answers, _ = kept
    make = Maker()
    for number in range(MOST + 5):
        answers.get(f"/{number}", make)
    assert len(answers._answers) == MOST
    answers.get("/large", lambda: bytes(MOST_BYTES + 1))
    assert "/large" not in answers._answers


def test_a_withdrawal_is_seen_by_the_next_check(world: World) -> None:
    """The same fetcher and memory as in the web: what is kept never hides what was published."""
    fetcher = OwnOriginFetcher(world.instance, MemoryWeb())
    (record,) = issued(world)
    data = records.signed(world.instance, record)
    policy = Policy(memory=KeptOutcomes())
    assert verify(data, fetcher=fetcher, now=world.clock(), policy=policy).verdict is Verdict.VALID
    revocation.revoke(world.instance, record, "for a test", actor="test")
    assert verify(data, fetcher=fetcher, now=world.clock(), policy=policy).verdict is Verdict.WITHDRAWN


def test_another_database_than_sqlite_tells_no_mark() -> None:
    changes = Changes(create_engine("postgresql+psycopg://nobody@localhost:1/none"))
    assert changes.mark() is None
    changes.close()


def test_a_database_that_is_gone_tells_no_mark(world: World) -> None:
    changes = Changes(world.instance.engine)
    before = changes.mark()
    assert before is not None
    assert changes.mark() == before
    missing = Changes(create_engine("sqlite:////nowhere/at/all.db"))
    assert missing.mark() is None
    changes.close()
    assert changes.mark() is not None
    changes.close()
