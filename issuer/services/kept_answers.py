"""Keeps our own DID documents and status lists for as long as nothing changed, so that each check need not make them.

Both are public and name no person. An answer is good while the database was not written to and no file of the keys was,
by whichever process, and for two seconds at the most: a clock of files has ticks, and something might be missed in one.
"""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from issuer.db.changes import Changes
from issuer.instance import KEYS_FOLDER, Instance
from issuer.services import did_history

#: Longer than any race that a mark might miss, shorter than a person needs to look again.
SECONDS = 2.0
#: A document each for the organisations that are asked about at the moment, and a list each.
MOST = 64
#: A status list is under 20 kB, a DID document under 5; what is larger is not kept.
MOST_BYTES = 100_000
Mark = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    body: bytes
    mark: Mark
    until: float


class KeptAnswers:
    """What was answered by path. Thread-safe; `monotonic` counts seconds."""

    def __init__(self, instance: Instance, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._changes = Changes(instance.engine)
        home = instance.config.home
        self._folders = (home / KEYS_FOLDER, home / did_history.FOLDER)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._answers: OrderedDict[str, _Kept] = OrderedDict()

    def get(self, path: str, make: Callable[[], bytes]) -> bytes:
        """The answer for `path`, made by `make` unless the last one still holds; raises what `make` raises."""
        mark, now = self._mark(), self._monotonic()
        with self._lock:
            kept = self._answers.get(path)
        if kept is not None and kept.mark == mark and now < kept.until:
            return kept.body
        body = make()
        if mark is not None and len(body) <= MOST_BYTES:
            with self._lock:
                self._answers[path] = _Kept(body, mark, now + SECONDS)
                self._answers.move_to_end(path)
                if len(self._answers) > MOST:
                    self._answers.popitem(last=False)
        return body

    def _mark(self) -> Mark | None:
        """How everything stands that an answer is made of; None where the database cannot tell."""
        database = self._changes.mark()
        return None if database is None else (database, *map(_state, self._folders))


def _state(folder: os.PathLike[str]) -> tuple[int, int, int] | None:
    """A folder's identity and times: a file that is written or replaced in it changes them."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_ctime_ns
