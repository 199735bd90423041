"""Decides which key signs for whom, now and over the years; how keys are kept is the store's business.

Every change is made under the store's lock and read anew inside it. A change that touches two keys (rotation) writes
the new key first: between the two writes an owner has two active keys, of which only the newest counts as active, so a
power cut there leaves a rotation that is simply done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from credentials.ports import Signer
from keys.errors import KeyNotFound, KeyStateConflict, NoActiveKey
from keys.file_store import FileStore
from keys.key_info import OWNER, KeyInfo, KeyState
from keys.passphrase import Passphrase
from keys.sealing import DEFAULT_STRETCHING, Stretching
from keys.signer import LintedSigner, open_signer


class Store(Protocol):
    """What the keyring asks of a place that keeps keys; `keys.file_store.FileStore` says what each means."""

    scheme: str

    def all(self) -> tuple[KeyInfo, ...]: ...

    def find(self, key: str) -> KeyInfo: ...

    def exclusive(self) -> AbstractContextManager[None]: ...

    def create(self, owner: str, *, serial: int, created: datetime, same_passphrase: bool = True) -> KeyInfo: ...

    def update(self, info: KeyInfo) -> None: ...

    def open(self, key_id: str, /) -> AbstractContextManager[Signer]: ...

    def stop(self, reason: str) -> None: ...

    def resume(self) -> None: ...

    def stopped(self) -> str | None: ...


class Keyring:
    """All keys of an installation, by owner. Needs no passphrase until something is signed or changed."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        passphrase: Callable[[], Passphrase],
        clock: Callable[[], datetime],
        stretching: Stretching = DEFAULT_STRETCHING,
    ) -> Keyring:
        """Return the keyring kept in `folder`, made if it is not there.

        Raises `KeyFileExposed` or `KeyFileDamaged` when anything in it cannot be trusted: the start is refused.
        `stretching` is the cost for keys made from now on; it is kept with each key.
        """
        store = FileStore(folder, passphrase, stretching=stretching)
        store.prepare()
        return cls(store, clock)

    def list(self, owner: str | None = None) -> tuple[KeyInfo, ...]:
        """Return the public facts of every key, or of one owner's, oldest first."""
        return _settled([info for info in self._store.all() if owner in (None, info.owner)])

    def find(self, key_id: str) -> KeyInfo:
        """Return the public facts of one key. Raises `KeyNotFound`."""
        owner = self._store.find(key_id).owner
        return next(info for info in self.list(owner) if info.id == key_id)

    def active(self, owner: str) -> KeyInfo:
        """Return the key that signs for `owner` now. Raises `KeyNotFound` for an owner without keys, `NoActiveKey`."""
        keys = self.list(owner)
        if not keys:
            raise KeyNotFound(f"{owner} has no signing key.")
        for info in keys:
            if info.state is KeyState.ACTIVE:
                return info
        raise NoActiveKey(f"{owner} has {len(keys)} key(s), none of them active.")

    def create(self, owner: str) -> KeyInfo:
        """Make the first key of `owner`, a DID. Raises `KeyStateConflict` when there is one: then it is a rotation."""
        if not OWNER.fullmatch(owner):
            raise ValueError(f"{owner!r} is not a DID")
        with self._store.exclusive():
            if self.list(owner):
                raise KeyStateConflict(f"{owner} has a key already; `plaudit keys rotate` makes the next one.")
            return self._store.create(owner, serial=1, created=self._now())

    def rotate(self, owner: str, *, passphrase_lost: bool = False) -> KeyInfo:
        """Make a new active key for `owner`; the one before becomes retiring and goes on vouching for its signatures.

        `passphrase_lost`: the old keys can never be opened again. The new key is sealed with the passphrase of now, and
        the old files stay untouched: being older is what makes a key retiring.
        Raises `KeyNotFound` for an owner without keys, `KeyStateConflict` when the clock stands before the newest key.
        """
        with self._store.exclusive():
            keys = [info for info in self._store.all() if info.owner == owner]
            if not keys:
                raise KeyNotFound(f"{owner} has no signing key to rotate.")
            before, now = keys[-1], self._now_after(keys[-1])
            new = self._store.create(owner, serial=before.serial + 1, created=now, same_passphrase=not passphrase_lost)
            if before.state is KeyState.ACTIVE and not passphrase_lost:
                self._store.update(replace(before, state=KeyState.RETIRING))
            return new

    def retire(self, key_id: str) -> KeyInfo:
        """End the signing of a key that was replaced; what it signed stays good. A retired key stays as it is."""
        with self._store.exclusive():
            info = self.find(key_id)
            if info.state is KeyState.RETIRED:
                return info
            if info.state is not KeyState.RETIRING:
                raise KeyStateConflict(f"Key {key_id} is {info.state.value}; only a key that was replaced can retire.")
            retired = replace(info, state=KeyState.RETIRED, valid_until=self._now_after(info))
            self._store.update(retired)
            return retired

    def mark_compromised(self, key_id: str, since: datetime) -> KeyInfo:
        """Declare that somebody else may hold a key since that moment. It never signs again, and cannot be cleared.

        Told twice, the earlier moment stands. Raises `KeyStateConflict` for a moment to come or before the key.
        """
        since = since.astimezone(UTC).replace(microsecond=0)
        with self._store.exclusive():
            info = self.find(key_id)
            if not info.created <= since <= self._now_after(info):
                raise KeyStateConflict("A key can be compromised from its creation on, and not in the future.")
            since = min(since, info.compromised_since or since)
            until = min(since, info.valid_until or since)
            compromised = replace(info, state=KeyState.COMPROMISED, compromised_since=since, valid_until=until)
            self._store.update(compromised)
            return compromised

    @contextmanager
    def signer(self, owner: str, key_id: str | None = None) -> Iterator[LintedSigner]:
        """Open the active key of `owner`, or the retiring one named by `key_id`, for the length of a `with` block.

        Raises `KeysSealed` without the right passphrase, and nothing signs in its place; `KeyNotUsable` shows at the
        first signature.
        """
        info = self.active(owner) if key_id is None else self.find(key_id)
        if info.owner != owner:
            raise KeyNotFound(f"{owner} has no key {key_id}.")
        with open_signer(info.uri, {self._store.scheme: self._store}) as raw:
            yield LintedSigner(raw, info, clock=self._clock, look_again=self._store.find, stopped=self._store.stopped)

    def stop(self, reason: str) -> None:
        """Emergency stop: from the next signature on nothing is signed, in any process of this installation."""
        self._store.stop(reason)

    def resume(self) -> None:
        """Take the emergency stop off."""
        self._store.resume()

    def stopped(self) -> str | None:
        """Return the reason of an emergency stop, or None."""
        return self._store.stopped()

    def _now(self) -> datetime:
        """The clock in whole seconds, as a proof's date is: a key is never younger than its first signature."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def _now_after(self, info: KeyInfo) -> datetime:
        now = self._now()
        if now < info.created:
            raise KeyStateConflict(f"The clock says {now}, which is before key {info.id} was made ({info.created}).")
        return now


def _settled(infos: list[KeyInfo]) -> tuple[KeyInfo, ...]:
    """Count only an owner's newest key as active, whatever an older file says.

    That finishes a rotation which a power cut ended between its writes, or which could not open the old key.
    """
    newest: dict[str, int] = {}
    for info in infos:
        newest[info.owner] = max(info.serial, newest.get(info.owner, 0))
    return tuple(
        replace(info, state=KeyState.RETIRING)
        if info.state is KeyState.ACTIVE and info.serial < newest[info.owner]
        else info
        for info in infos
    )
