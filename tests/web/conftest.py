"""A running Plaudit on a port of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests import listener

REPOSITORY = Path(__file__).resolve().parent.parent.parent

#: Two busy cores start Python, the web server and the worker in 3 to 6 s.
START_SECONDS = 60.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Site:
    """A running `plaudit serve`: its public address, its data folder, and what it has printed so far."""

    address: str
    home: Path
    log: Path
    #: The process group of the server and all that it started.
    group: int = 0

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8")

    @property
    def setup_link(self) -> str:
        """The link to the first-run page that the terminal shows."""
        found = re.search(re.escape(self.address) + r"/setup\?\S+", self.printed())
        assert found is not None, self.printed()
        return found.group()


def wait_for(what: Callable[[], bool], *, seconds: float) -> bool:
    """Ask again and again until `what` is so; False when it was not within `seconds`."""
    pause = threading.Event()
    return any(what() or pause.wait(0.1) for _ in range(int(seconds * 10)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert isinstance(port, int)
    return port


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server as a service manager does; with force, and everything that it started, if it stays."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def running(folder: Path, **settings: str) -> Iterator[Site]:
    """Serve the instance in `folder`/data, an empty one at first, by the command that a person types."""
    port = free_port()
    served = Site(settings.get("PLAUDIT_BASE_URL", f"http://localhost:{port}"), folder / "data", folder / "server.log")
    port = int(served.address.rpartition(":")[2])
    environment = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    environment |= {
        "HOME": str(folder),
        "PLAUDIT_HOME": str(served.home),
        "PLAUDIT_BASE_URL": served.address,
        "PYTHONUNBUFFERED": "1",
        **listener.for_children(),
        **settings,
    }
    command = [sys.executable, "-m", "plaudit", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with served.log.open("ab") as log:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_for(lambda: answers(port) or process.poll() is not None, seconds=START_SECONDS)
            assert process.poll() is None, served.printed()
            assert answers(port), served.printed()
            yield replace(served, group=process.pid)
        finally:
            stop(process)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An empty instance, served by the command that a person types."""
    with running(tmp_path) as served:
        yield served
