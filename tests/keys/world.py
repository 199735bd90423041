"""A small world for keys: a clock that a test moves, cheap stretching, and a disk whose power can be cut."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum

from keys.folder import Disk
from keys.passphrase import Passphrase
from keys.sealing import Stretching

OWNER = "did:web:credentials.example:o:acme"
OTHER_OWNER = "did:web:credentials.example:o:other"
START = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
#: The smallest argon2id there is: tests open keys hundreds of times.
CHEAP = Stretching(memory_kib=8, passes=1, lanes=1)
WORDS = "correct horse battery staple"


def right_passphrase() -> Passphrase:
    return Passphrase(WORDS)


def wrong_passphrase() -> Passphrase:
    return Passphrase("incorrect horse battery staple")


class MovableClock:
    """Says the time it was set to."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class PowerCut(BaseException):
    """The machine lost power; no code of the process runs after this (so it is no `Exception` that one may catch)."""


class Loss(Enum):
    """What a power cut may take, of what was written but not yet synced."""

    NOTHING = "nothing"
    CONTENT = "content"
    NAMES = "names"


class FaultyDisk(Disk):
    """The real disk, until the n-th call: then it is full, or the power goes.

    With the power goes what was never synced: file content is cut to half, or the changes of names are undone.
    """

    def __init__(self, fail_at: int, *, power_cut: bool = True, loss: Loss = Loss.NOTHING) -> None:
        self.calls = 0
        self._fail_at = fail_at
        self._power_cut = power_cut
        self._loss = loss
        self._off = False
        self._unsynced_content: dict[int, tuple[int, str]] = {}
        self._unsynced_names: list[Callable[[], None]] = []

    @property
    def reached(self) -> bool:
        """Whether the fault came."""
        return self.calls >= self._fail_at

    def create(self, folder: int, name: str) -> int:
        self._step()
        descriptor = super().create(folder, name)
        self._unsynced_content[descriptor] = (folder, name)
        self._unsynced_names.append(lambda: os.unlink(name, dir_fd=folder))
        return descriptor

    def write(self, descriptor: int, data: bytes) -> int:
        self._step()
        return super().write(descriptor, data[: max(1, len(data) // 2)])

    def sync(self, descriptor: int) -> None:
        self._step()
        super().sync(descriptor)
        if descriptor in self._unsynced_content:
            del self._unsynced_content[descriptor]
        else:
            self._unsynced_names.clear()

    def replace(self, folder: int, old: str, new: str) -> None:
        self._step()
        before = _content(folder, new)
        super().replace(folder, old, new)
        self._unsynced_names.append(lambda: _put_back(folder, new, before, moved_to=old))

    def link(self, folder: int, old: str, new: str) -> None:
        self._step()
        super().link(folder, old, new)
        self._unsynced_names.append(lambda: os.unlink(new, dir_fd=folder))

    def remove(self, folder: int, name: str) -> None:
        self._step()
        super().remove(folder, name)

    def _step(self) -> None:
        if self._off:
            raise PowerCut
        self.calls += 1
        if self.calls != self._fail_at:
            return
        if not self._power_cut:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.cut()
        raise PowerCut

    def cut(self) -> None:
        """Take the power away now."""
        self._off = True
        self._lose()

    def _lose(self) -> None:
        if self._loss is Loss.CONTENT:
            for folder, name in self._unsynced_content.values():
                with suppress(FileNotFoundError):
                    _cut_to_half(folder, name)
        if self._loss is Loss.NAMES:
            for undo in reversed(self._unsynced_names):
                with suppress(FileNotFoundError):
                    undo()


def _content(folder: int, name: str) -> bytes | None:
    try:
        descriptor = os.open(name, os.O_RDONLY, dir_fd=folder)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _put_back(folder: int, name: str, before: bytes | None, *, moved_to: str) -> None:
    os.rename(name, moved_to, src_dir_fd=folder, dst_dir_fd=folder)
    if before is not None:
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT, 0o600, dir_fd=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(before)


def _cut_to_half(folder: int, name: str) -> None:
    descriptor = os.open(name, os.O_WRONLY, dir_fd=folder)
    try:
        os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
    finally:
        os.close(descriptor)
