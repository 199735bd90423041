"""Published lists are projections of rows: whole, signed, rising, and right under pressure."""

from __future__ import annotations

import multiprocessing
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from credentials import second_path, strict_json
from credentials.ports import Fetched
from credentials.status_list import BitList
from credentials.verify import Verdict, verify
from issuer.db import tables
from issuer.db.engine import reading
from issuer.instance import Instance
from issuer.problems import NotFound, ReasonMissing, WrongState
from issuer.services import issuance, records, revocation, status
from issuer.services.origin import OwnOriginFetcher
from keys.errors import KeysSealed, SigningStopped
from tests.worlds.instances import World, confirmed, damages, issued
from tests.worlds.tables import rows

PROCESSES, REVOCATIONS = 8, 1_000
READS, UPDATES = 10_000, 500


def bits(instance: Instance, list_id: str) -> BitList:
    """The published list's bits, its signature checked by the second path."""
    document = strict_json.loads_object(status.published(instance, list_id))
    method = document["proof"][0]["verificationMethod"]
    key = next(info for info in instance.keyring().list() if info.verification_method == method)
    second_path.verify(document, key.public_key.raw)
    return BitList.decode(document["credentialSubject"]["encodedList"])


def places(instance: Instance) -> dict[str, tuple[str, int]]:
    """The list and index of every credential."""
    table = tables.Credential
    with reading(instance.engine) as connection:
        found = connection.execute(select(table.id, table.status_list_id, table.status_index))
        return {row.id: (row.status_list_id, row.status_index) for row in found}


def _set(instance: Instance) -> set[str]:
    lists = {list_id: bits(instance, list_id) for list_id, _ in places(instance).values()}
    return {name for name, (list_id, index) in places(instance).items() if lists[list_id].get(index)}


class NoWayOut:
    """A fetcher for everything that is not ours: there is nothing."""

    def fetch(self, url: str) -> Fetched:
        raise AssertionError(f"asked for {url}")


def test_revoke_suspend_unsuspend(world: World) -> None:
    """Each is published at return, told with its reason, and done once."""
    first, second = issued(world, 2)
    assert _set(world.instance) == set()
    change = revocation.revoke(world.instance, first, " Wrong  student ", actor="t")
    assert (change.state, change.reason, change.changed) == ("revoked", "Wrong student", True)
    assert _set(world.instance) == {first}
    revocation.suspend(world.instance, second, actor="t")
    assert _set(world.instance) == {first, second}
    assert revocation.unsuspend(world.instance, second, actor="t").state == "valid"
    assert _set(world.instance) == {first}
    again = revocation.revoke(world.instance, first, "Another reason", actor="t")
    assert (again.changed, again.reason) == (False, "Wrong student")
    told = [(one.from_state, one.to_state, one.reason) for one in records.history(world.instance, second)]
    assert told == [("valid", "suspended", None), ("suspended", "valid", None)]
    assert records.get(world.instance, first).reason == "Wrong student"
    assert damages(world.instance) == []


def test_a_revocation_is_final(world: World) -> None:
    """Nobody un-revokes, and the credential stays as signed."""
    (name,) = issued(world)
    before = records.get(world.instance, name).credential
    revocation.suspend(world.instance, name, "looking into it", actor="t")
    revocation.revoke(world.instance, name, "it was wrong", actor="t")
    for attempt in (revocation.unsuspend, revocation.suspend):
        with pytest.raises(WrongState):
            attempt(world.instance, name, actor="t")
    assert records.get(world.instance, name).credential == before


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501, "a\x00b"])
def test_a_revocation_needs_a_reason(world: World, reason: str) -> None:
    """One sentence, since it is public; without it nothing changes."""
    (name,) = issued(world)
    with pytest.raises(ReasonMissing):
        revocation.revoke(world.instance, name, reason, actor="t")
    assert records.get(world.instance, name).state == "valid"


def test_another_organisations_credential_is_not_found(world: World) -> None:
    """Tenancy: not "forbidden", which would tell that it exists."""
    (name,) = issued(world)
    other = world.organise("globex")
    with pytest.raises(NotFound):
        revocation.revoke(world.instance, name, "mine now", actor="t", organisation_id=other.id)


@pytest.mark.case("KEY-02")
def test_without_the_key_nothing_is_half_revoked_and_lists_stay_up(world: World) -> None:
    """KEY-02: the state does not change, and what was published is still served."""
    (name,) = issued(world)
    sealed = Instance.open(world.config, {"PLAUDIT_PASSPHRASE": "some other passphrase"}, clock=world.clock)
    with pytest.raises(KeysSealed):
        revocation.revoke(sealed, name, "why", actor="t")
    world.instance.keyring().stop("drill")
    with pytest.raises(SigningStopped):
        revocation.revoke(world.instance, name, "why", actor="t")
    assert records.get(world.instance, name).state == "valid"
    list_id, _ = places(world.instance)[name]
    assert status.published(sealed, list_id) == status.published(world.instance, list_id)
    assert damages(world.instance) == []


@pytest.mark.case("STL-09")
def test_a_revocation_is_known_within_the_lists_time_to_live(world: World) -> None:
    """STL-09: whoever keeps a copy for its `ttl` sees the change after it at the latest; here the ttl is 60 s."""
    (name,) = issued(world)
    credential = records.get(world.instance, name).credential
    list_id, _ = places(world.instance)[name]
    cached = strict_json.loads_object(status.published(world.instance, list_id))
    assert cached["credentialSubject"]["ttl"] <= 60_000
    fetcher = OwnOriginFetcher(world.instance, NoWayOut())
    assert verify(credential, fetcher=fetcher, now=world.clock()).verdict is Verdict.VALID
    revocation.revoke(world.instance, name, "wrong student", actor="t")
    later = world.clock() + timedelta(milliseconds=cached["credentialSubject"]["ttl"])
    assert verify(credential, fetcher=fetcher, now=later).verdict is Verdict.WITHDRAWN


def test_a_power_cut_between_change_and_publication_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is the truth: the next reader gets a list that shows it."""
    (name,) = issued(world)

    def cut(*_: object, **__: object) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(status, "publish", cut)
    with pytest.raises(KeyboardInterrupt):
        revocation.revoke(world.instance, name, "wrong student", actor="t")
    monkeypatch.undo()
    assert status.stale(world.instance) == [places(world.instance)[name][0]]
    assert damages(world.instance) == []
    assert _set(world.instance) == {name}
    assert status.stale(world.instance) == []


def _revoke_part(world: World, names: list[str]) -> None:
    instance = world.reopened(names[0])
    for name in names:
        revocation.revoke(instance, name, "wrong student", actor=names[0])
    instance.close()


@pytest.mark.case("STL-20")
@pytest.mark.timeout(180)
def test_eight_processes_revoke_a_thousand(world: World) -> None:
    """STL-20: all thousand bits are set in the published list; its version rose once for each."""
    names = issued(world, REVOCATIONS)
    world.instance.engine.dispose()
    context = multiprocessing.get_context("fork")
    parts = [list(names[start::PROCESSES]) for start in range(PROCESSES)]
    processes = [context.Process(target=_revoke_part, args=(world, part)) for part in parts]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    assert _set(world.instance) == set(names)
    with reading(world.instance.engine) as connection:
        versions = connection.execute(select(tables.StatusEvent.list_version).order_by(tables.StatusEvent.id)).scalars()
        assert list(versions) == list(range(2, REVOCATIONS + 2))
        row = connection.execute(select(tables.StatusList.version, tables.StatusList.published_version)).one()
    assert tuple(row) == (REVOCATIONS + 1, REVOCATIONS + 1)
    assert status.stale(world.instance) == []


@pytest.mark.case("STL-21")
@pytest.mark.timeout(120)
def test_readers_always_get_one_whole_signed_list(world: World) -> None:
    """STL-21: 10,000 reads during 500 updates; every list that was seen verifies, and their number only grows."""
    name, *_ = issued(world, 2)
    list_id, _ = places(world.instance)[name]
    seen: dict[bytes, None] = {}
    done = threading.Event()

    def update() -> None:
        for number in range(UPDATES // 2):
            revocation.suspend(world.instance, name, f"number {number}", actor="t")
            revocation.unsuspend(world.instance, name, actor="t")
        done.set()

    updater = threading.Thread(target=update)
    updater.start()
    reads = 0
    while reads < READS or not done.is_set():
        seen.setdefault(status.published(world.instance, list_id))
        reads += 1
    updater.join()
    key = world.instance.keyring().active(world.organisation.did).public_key.raw
    for data in seen:
        document = strict_json.loads_object(data)
        second_path.verify(document, key)
        BitList.decode(document["credentialSubject"]["encodedList"])
    assert len(seen) >= 2
    assert damages(world.instance) == []


@pytest.mark.case("STL-13")
def test_issuing_goes_on_in_the_next_list(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """STL-13: a batch that fills a list ends in the next one; both are published, and revoking works in both."""
    monkeypatch.setattr("issuer.services.chunks.allocate", _small(4))
    result = issuance.issue_batch(world.instance, confirmed(world, rows(10)))
    assert len(result.issued) == 10
    lists = {list_id for list_id, _ in places(world.instance).values()}
    assert len(lists) == 3
    revocation.revoke(world.instance, result.issued[0], "wrong", actor="t")
    revocation.revoke(world.instance, result.issued[-1], "wrong", actor="t")
    assert _set(world.instance) == {result.issued[0], result.issued[-1]}
    assert damages(world.instance) == []


def _small(capacity: int) -> object:
    from functools import partial

    from issuer.services.allocation import allocate

    return partial(allocate, capacity=capacity)
