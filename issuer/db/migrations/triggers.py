"""Puts guards into a database, in its own words: each refuses a change by its message. Holds none of them itself."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

#: table, trigger, event, condition on OLD and NEW under which the change is refused (None: always), message.
Guard = tuple[str, str, str, str | None, str]


def create(connection: Connection, guards: Sequence[Guard]) -> None:
    """Put every guard into the database."""
    make = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    for guard in guards:
        for statement in make(*guard):
            connection.exec_driver_sql(statement)


def drop(connection: Connection, guards: Sequence[Guard]) -> None:
    """Take every guard away again."""
    for table, name, *_ in guards:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def _sqlite(table: str, name: str, event: str, condition: str | None, message: str) -> list[str]:
    when = f" WHEN {condition}" if condition else ""
    return [f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} BEGIN SELECT RAISE(ABORT, '{message}'); END"]


def _postgresql(table: str, name: str, event: str, condition: str | None, message: str) -> list[str]:
    when = f" WHEN ({condition})" if condition else ""
    body = f"BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation'; END"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {name}()",
    ]
