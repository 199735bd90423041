"""Opens the database and hands out its two kinds of transaction: `reading` and `writing`. Knows no table.

SQLite: write-ahead log, every writer starts with BEGIN IMMEDIATE (a transaction that turns from reader to writer
half-way loses updates or fails), full fsync, foreign keys on, and a busy timeout. PostgreSQL: by psycopg 3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

#: How long a writer waits for its turn before it gives up. Writers hold the lock for milliseconds.
BUSY_TIMEOUT_MS = 30_000

#: A web worker has 8 threads and an issuing run one; PostgreSQL allows 100 for all processes by default.
CONNECTIONS = 12

_READ_ONLY = "plaudit_read_only"


def open_engine(url: str, *, connections: int = CONNECTIONS) -> Engine:
    """Open the database at `url` (SQLAlchemy's form; plain `postgresql://` means psycopg 3).

    `connections` is how many this process keeps at the most; whoever needs one more waits.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=connections, max_overflow=0
        )
    engine = create_engine(
        parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, pool_size=connections, max_overflow=0
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One short write transaction: committed at the end, rolled back on any exception. Never sign inside it."""
    with engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent picture of the database; waits for no writer and blocks none."""
    options: dict[str, Any] = {_READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself; `_begin_sqlite` does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
