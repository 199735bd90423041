"""Tells in a few microseconds whether the database was written to, by whichever process. Reads no table.

SQLite counts the commits of all connections (PRAGMA data_version). PostgreSQL has nothing as cheap: not known there.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress

from sqlalchemy import Engine


class Changes:
    """Gives a mark that differs whenever something was committed since the last one. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        sqlite = engine.dialect.name == "sqlite"
        self._path = engine.url.database if sqlite else None
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def mark(self) -> int | None:
        """The mark of this moment; None where it cannot be told."""
        if not self._path:
            return None
        with self._lock:
            try:
                return self._asked(self._path)
            except sqlite3.Error:  # a file that is being replaced: then nothing is known
                self.close()
                return None

    def close(self) -> None:
        """Give the connection back; the next mark opens one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _asked(self, path: str) -> int:
        if self._connection is None:
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
