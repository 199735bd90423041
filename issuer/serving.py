"""Runs the web server and, beside it, the process that works off what was confirmed; knows no page of either."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading

import click

#: For each web process. At most two requests of many, two that read a file and two that wait to (verifier/sandbox.py)
#: stay long; the others are for those who hand in one credential. More than are busy cost nothing.
THREADS = 12


def serve(application: str, host: str, port: int, workers: int = 1) -> None:
    """Run the web server and the worker process until interrupted; neither outlives the other.

    `application` ("module:factory") is called in each web process.
    """
    from granian.constants import Interfaces
    from granian.server import Server

    refuse_taken(host, port)
    # It advises against more threads than twice the cores. Ours mostly wait, for the reasons beside THREADS.
    logging.getLogger("_granian").addFilter(lambda record: "Python threads" not in record.getMessage())
    server = Server(
        application,
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        websockets=False,
    )
    with WorkerProcess():
        server.serve()


def refuse_taken(host: str, port: int) -> None:
    """Say it in one line when something listens there already; the server would start and fail in a loop."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.UsageError(
                f"cannot listen on {host}:{port} ({error.strerror}); choose another --port"
            ) from None


class WorkerProcess:
    """`plaudit work` beside the web server, started again when it ends by itself."""

    #: A worker that ends at once (a wrong passphrase, say) is not started in a tight loop.
    PAUSE_SECONDS = 2.0

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep_running, daemon=True)

    def __enter__(self) -> WorkerProcess:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
        self._keeper.join(timeout=10)

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "plaudit", "work"])
            self._process.wait()
            self._stopping.wait(self.PAUSE_SECONDS)
