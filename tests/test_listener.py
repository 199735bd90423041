"""The listener hears what would leave this machine, lets it go nowhere, and does not mind what stays here."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import listener
from tests.listener import sitecustomize

#: Addresses that documents may use (RFC 5737, RFC 2606): nobody is there.
FAR = ("socket.create_connection(('203.0.113.9', 443), timeout=1)", "socket.getaddrinfo('nobody.example', 443)")


def child(code: str, log: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **listener.for_children(), sitecustomize.LOG: str(log)}
    return subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("ask", FAR)
def test_a_server_that_asks_elsewhere_is_heard_and_gets_nowhere(ask: str, tmp_path: Path) -> None:
    log = tmp_path / "heard"
    finished = child(f"import socket\n{ask}", log)
    assert "the tests have no network" in finished.stderr
    assert len(log.read_text(encoding="utf-8").splitlines()) == 1


def test_a_child_of_a_child_is_heard(tmp_path: Path) -> None:
    log = tmp_path / "heard"
    inner = f"import socket; {FAR[0]}"
    child(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {inner!r}])", log)
    assert "203.0.113.9" in log.read_text(encoding="utf-8")


def test_what_stays_here_is_not_minded(tmp_path: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        socket.create_connection(("localhost", server.getsockname()[1])).close()
    assert socket.getaddrinfo("127.0.0.1", 80)
    assert not (tmp_path / "heard").exists()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "::1", "", "0.0.0.0", b"localhost"])
def test_this_machine_by_its_names(host: str) -> None:
    assert sitecustomize.is_here(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "localhost.example", "example.org", "::ffff:10.0.0.1"])
def test_others_by_theirs(host: str) -> None:
    assert not sitecustomize.is_here(host)
