"""The life of keys: states, rotation (KEY-03), and that a power cut anywhere in a rotation leaves a working keyring."""

from __future__ import annotations

import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from keys.did_document import did_document
from keys.errors import KeyFileExposed, KeyNotFound, KeysSealed, KeyStateConflict, KeyStoreUnwritable, NoActiveKey
from keys.file_store import FileStore
from keys.key_info import KeyInfo, KeyState
from keys.keyring import Keyring
from tests.keys.world import (
    CHEAP,
    OTHER_OWNER,
    OWNER,
    START,
    FaultyDisk,
    Loss,
    MovableClock,
    PowerCut,
    right_passphrase,
    wrong_passphrase,
)

ENOUGH = 100


def states(keyring: Keyring, owner: str = OWNER) -> list[str]:
    return [info.state.value for info in keyring.list(owner)]


def test_a_first_key_is_active_from_its_creation(keyring: Keyring, clock: MovableClock) -> None:
    clock.now = START.replace(microsecond=700_000)
    key = keyring.create(OWNER)
    assert keyring.active(OWNER) == key
    assert (key.created, key.valid_from, key.valid_until) == (START, START, None)
    assert key.verification_method == f"{OWNER}#{key.id}"


def test_an_owner_gets_one_first_key(keyring: Keyring) -> None:
    keyring.create(OWNER)
    with pytest.raises(KeyStateConflict, match="rotate"):
        keyring.create(OWNER)
    assert states(keyring) == ["active"]


@pytest.mark.parametrize("owner", ["acme", "did:web:", "did:web:x y", "did:web:x#key", "did:web:x\n", "DID:web:x"])
def test_only_a_did_owns_keys(keyring: Keyring, owner: str) -> None:
    with pytest.raises(ValueError, match="not a DID"):
        keyring.create(owner)


def test_owners_do_not_meet(keyring: Keyring) -> None:
    mine, theirs = keyring.create(OWNER), keyring.create(OTHER_OWNER)
    keyring.rotate(OWNER)
    assert keyring.active(OTHER_OWNER) == theirs
    assert {info.id for info in keyring.list()} == {mine.id, theirs.id, keyring.active(OWNER).id}
    with pytest.raises(KeyNotFound), keyring.signer(OTHER_OWNER, mine.id):
        pass


@pytest.mark.case("KEY-03")
def test_rotation_puts_a_new_key_in_front_and_keeps_the_old(keyring: Keyring, clock: MovableClock) -> None:
    old = keyring.create(OWNER)
    clock.advance(days=365)
    new = keyring.rotate(OWNER)
    assert keyring.active(OWNER) == new
    assert states(keyring) == ["retiring", "active"]
    clock.advance(days=1)
    retired = keyring.retire(old.id)
    assert retired.valid_until == clock.now
    assert keyring.retire(old.id) == retired
    assert states(keyring) == ["retired", "active"]


def test_rotations_within_one_second_keep_their_order(keyring: Keyring) -> None:
    keys = [keyring.create(OWNER), *(keyring.rotate(OWNER) for _ in range(3))]
    assert [info.id for info in keyring.list(OWNER)] == [info.id for info in keys]
    assert states(keyring) == ["retiring", "retiring", "retiring", "active"]


def test_an_active_key_cannot_retire(keyring: Keyring) -> None:
    key = keyring.create(OWNER)
    with pytest.raises(KeyStateConflict, match="only a key that was replaced"):
        keyring.retire(key.id)


def test_owners_and_keys_that_are_not_there(keyring: Keyring) -> None:
    for attempt in (keyring.active, keyring.rotate):
        with pytest.raises(KeyNotFound):
            attempt(OWNER)
    with pytest.raises(KeyNotFound):
        keyring.retire("a" * 26)
    assert keyring.list(OWNER) == ()


def test_a_compromised_key_leaves_its_owner_without_one_until_rotation(keyring: Keyring, clock: MovableClock) -> None:
    key = keyring.create(OWNER)
    clock.advance(days=10)
    since = START + timedelta(days=3)
    marked = keyring.mark_compromised(key.id, since)
    assert (marked.compromised_since, marked.valid_until) == (since, since)
    with pytest.raises(NoActiveKey, match="none of them active"):
        keyring.active(OWNER)
    with pytest.raises(KeyStateConflict):
        keyring.retire(key.id)
    assert keyring.rotate(OWNER) == keyring.active(OWNER)
    assert states(keyring) == ["compromised", "active"]


def test_of_two_moments_of_compromise_the_earlier_stands(keyring: Keyring, clock: MovableClock) -> None:
    key = keyring.create(OWNER)
    clock.advance(days=10)
    for days, standing in ((5, 5), (7, 5), (2, 2)):
        marked = keyring.mark_compromised(key.id, START + timedelta(days=days))
        assert marked.compromised_since == marked.valid_until == START + timedelta(days=standing)


@pytest.mark.parametrize("days", [-1, 11])
def test_a_compromise_before_the_key_or_in_the_future_is_refused(
    keyring: Keyring, clock: MovableClock, days: int
) -> None:
    key = keyring.create(OWNER)
    clock.advance(days=10)
    with pytest.raises(KeyStateConflict):
        keyring.mark_compromised(key.id, START + timedelta(days=days))


def test_a_clock_that_went_back_does_not_make_a_key_older_than_the_one_before(
    keyring: Keyring, clock: MovableClock
) -> None:
    keyring.create(OWNER)
    clock.advance(hours=-1)
    with pytest.raises(KeyStateConflict, match="clock"):
        keyring.rotate(OWNER)
    assert states(keyring) == ["active"]


def test_opening_makes_the_folder_and_refuses_an_exposed_one(folder: Path, clock: MovableClock) -> None:
    keyring = Keyring.open(folder, passphrase=right_passphrase, clock=clock, stretching=CHEAP)
    keyring.create(OWNER)
    folder.chmod(0o755)
    with pytest.raises(KeyFileExposed):
        Keyring.open(folder, passphrase=right_passphrase, clock=clock)


@pytest.mark.case("KEY-03", "REL-02")
@pytest.mark.parametrize("loss", Loss)
def test_a_power_cut_at_any_write_of_a_rotation_leaves_a_working_keyring(folder: Path, loss: Loss) -> None:
    clock = MovableClock()
    cuts = 0
    for fail_at in range(1, ENOUGH):
        place = folder.with_name(f"keys-{fail_at}")
        sound = FileStore(place, right_passphrase, stretching=CHEAP)
        sound.prepare()
        old = Keyring(sound, clock).create(OWNER)
        disk = FaultyDisk(fail_at, loss=loss)
        try:
            Keyring(FileStore(place, right_passphrase, stretching=CHEAP, disk=disk), clock).rotate(OWNER)
        except PowerCut:
            cuts += 1
            assert_works(Keyring(sound, clock), sound, old)
            continue
        assert not disk.reached
        break
    assert cuts >= 12


def assert_works(keyring: Keyring, store: FileStore, old: KeyInfo) -> None:
    """One active key that signs; the old one still vouches; a rotation and a retirement go through."""
    active = keyring.active(OWNER)
    assert states(keyring).count("active") == 1
    assert old.verification_method in did_document(OWNER, keyring.list(OWNER))["assertionMethod"]
    with store.open(active.id) as signer:
        assert active.public_key.verify(signer.sign(b"data"), b"data")
    new = keyring.rotate(OWNER)
    assert keyring.active(OWNER) == new
    assert keyring.retire(old.id).state is KeyState.RETIRED


def test_a_rotation_cut_short_does_not_bring_the_old_key_back_when_the_new_one_is_compromised(
    folder: Path, store: FileStore, clock: MovableClock
) -> None:
    Keyring(store, clock).create(OWNER)
    for fail_at in range(1, ENOUGH):
        disk = FaultyDisk(fail_at)
        with pytest.raises(PowerCut):
            Keyring(FileStore(folder, right_passphrase, stretching=CHEAP, disk=disk), clock).rotate(OWNER)
        if len(store.all()) > 1:
            break
    keyring = Keyring(store, clock)
    assert [info.state.value for info in store.all()] == ["active", "active"]
    keyring.mark_compromised(keyring.active(OWNER).id, clock.now)
    with pytest.raises(NoActiveKey):
        keyring.active(OWNER)


@pytest.mark.case("REL-03")
def test_a_full_disk_at_any_write_of_a_rotation_is_an_error_and_harms_nothing(folder: Path) -> None:
    clock = MovableClock()
    for fail_at in range(1, ENOUGH):
        place = folder.with_name(f"keys-{fail_at}")
        sound = FileStore(place, right_passphrase, stretching=CHEAP)
        sound.prepare()
        old = Keyring(sound, clock).create(OWNER)
        disk = FaultyDisk(fail_at, power_cut=False)
        try:
            Keyring(FileStore(place, right_passphrase, stretching=CHEAP, disk=disk), clock).rotate(OWNER)
        except KeyStoreUnwritable:
            assert_works(Keyring(sound, clock), sound, old)
            continue
        assert not disk.reached
        return
    pytest.fail("the rotation never got through")


def test_rotations_at_the_same_time_make_one_key_each(folder: Path, store: FileStore, clock: MovableClock) -> None:
    Keyring(store, clock).create(OWNER)

    def rotate() -> None:
        Keyring(FileStore(folder, right_passphrase, stretching=CHEAP), clock).rotate(OWNER)

    threads = [threading.Thread(target=rotate) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [info.serial for info in store.all()] == list(range(1, 8))
    assert [info.state.value for info in store.all()] == ["retiring"] * 6 + ["active"]


def test_a_lost_passphrase_costs_the_old_key_its_signing_and_nothing_else(
    folder: Path, store: FileStore, clock: MovableClock
) -> None:
    """The old file stays as it is and its key goes on vouching; the new key has the new passphrase."""
    old = Keyring(store, clock).create(OWNER)
    before = (folder / f"{old.id}.json").read_bytes()
    keyring = Keyring(FileStore(folder, wrong_passphrase, stretching=CHEAP), clock)
    with pytest.raises(KeysSealed):
        keyring.rotate(OWNER)
    assert states(keyring) == ["active"]

    new = keyring.rotate(OWNER, passphrase_lost=True)
    assert (folder / f"{old.id}.json").read_bytes() == before
    assert states(keyring) == ["retiring", "active"]
    assert len(did_document(OWNER, keyring.list())["assertionMethod"]) == 2
    with keyring.signer(OWNER) as signer:
        assert signer.verification_method == new.verification_method
    with pytest.raises(KeysSealed):
        keyring.retire(old.id)
    keyring.rotate(OWNER)
    assert states(keyring) == ["retiring", "retiring", "active"]


class AnyLife(RuleBasedStateMachine):
    """Whatever is done to keys in whatever order: one active key at most, and nothing comes back from its state."""

    @initialize()
    def start(self) -> None:
        self.home = tempfile.TemporaryDirectory()
        self.clock = MovableClock()
        store = FileStore(Path(self.home.name) / "keys", right_passphrase, stretching=CHEAP)
        store.prepare()
        self.keyring = Keyring(store, self.clock)
        self.keyring.create(OWNER)
        self.seen: dict[str, KeyState] = {}

    def teardown(self) -> None:
        self.home.cleanup()

    @rule()
    def rotate(self) -> None:
        self.clock.advance(seconds=0.6)
        self.keyring.rotate(OWNER)

    @rule(number=st.integers(0, 5))
    def retire(self, number: int) -> None:
        info = self._pick(number)
        if info.state in (KeyState.RETIRING, KeyState.RETIRED):
            self.keyring.retire(info.id)
        else:
            with pytest.raises(KeyStateConflict):
                self.keyring.retire(info.id)

    @rule(number=st.integers(0, 5))
    def compromise(self, number: int) -> None:
        self.keyring.mark_compromised(self._pick(number).id, self.clock.now)

    def _pick(self, number: int) -> KeyInfo:
        keys = self.keyring.list(OWNER)
        return keys[number % len(keys)]

    @invariant()
    def holds(self) -> None:
        keys = self.keyring.list(OWNER)
        order = list(KeyState)
        for info in keys:
            assert order.index(info.state) >= order.index(self.seen.get(info.id, KeyState.ACTIVE))
            assert (info.compromised_since is not None) == (info.state is KeyState.COMPROMISED)
            assert (info.valid_until is not None) == (not info.state.signs)
            assert info.created <= (info.valid_until or datetime.max.replace(tzinfo=UTC))
            self.seen[info.id] = info.state
        assert [info.state for info in keys].count(KeyState.ACTIVE) <= 1


TestAnyLife = AnyLife.TestCase
TestAnyLife.settings = settings(max_examples=15, stateful_step_count=12, deadline=None)
