"""Lets one process at a time do a named piece of work; the turn ends with the process, however it dies.

SQLite lives on one machine: a lock on a file in the home folder. PostgreSQL: a session's advisory lock. Neither needs a
clock or a lease, so after `kill -9` the next process goes on at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from issuer.instance import LOCKS_FOLDER, Instance


@contextmanager
def turn(instance: Instance, name: str) -> Iterator[bool]:
    """Give True while this process has the turn for `name`, or False when another one has it. Never waits."""
    take = _advisory if instance.engine.dialect.name == "postgresql" else _file
    with take(instance, name) as mine:
        yield mine


@contextmanager
def _file(instance: Instance, name: str) -> Iterator[bool]:
    folder = instance.config.home / LOCKS_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def _advisory(instance: Instance, name: str) -> Iterator[bool]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with instance.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar())
        try:
            yield mine
        finally:
            if mine:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
