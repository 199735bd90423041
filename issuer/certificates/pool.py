"""Draws certificates in disposable processes of their own, so that no page can harm or stall the service.

Each worker is started afresh (never forked from a threaded process), knows none of the service's secrets because it
gets an environment of its own, has the limits of `limits`, and is killed at the deadline. A worker that dies takes
down the one certificate it was drawing; the pool starts another for the next.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, LifoQueue
from types import TracebackType
from typing import IO

from credentials.errors import PlauditError
from issuer.certificates import bundle, frames
from issuer.certificates.errors import RendererBusy, RendererNotFit, RenderingStopped
from issuer.certificates.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
#: Loading WeasyPrint takes a second, on a loaded machine several.
START_DEADLINE = 60.0
#: Certificates that may wait, drawn or undrawn, for each worker in `render_many`.
AHEAD = 4

Clock = Callable[[], float]


class CertificatePool:
    """`workers` processes that draw certificates. Safe to use from several threads; close it, or use it with `with`.

    `patience` is how long, in seconds, `render` waits for a free worker before it raises RendererBusy.
    """

    def __init__(
        self, workers: int = 2, *, limits: Limits | None = None, patience: float = 30.0, clock: Clock = time.monotonic
    ) -> None:
        self._limits = limits or Limits()
        self._patience = patience
        self._clock = clock
        self._workers = workers
        self._cache = tempfile.TemporaryDirectory(prefix="plaudit-certificates-")
        #: Last in, first out: a lightly used pool keeps one worker warm and never starts the others.
        self._places: LifoQueue[_Worker | None] = LifoQueue()
        for _ in range(workers):
            self._places.put(None)

    def render(self, values: frames.Drawable, credential: bytes) -> bytes:
        """The certificate, or receipt, with `credential` embedded, byte for byte.

        Raises MissingGlyph, DoesNotFit (bad data); RenderingStopped, RendererBusy (try again); OutsideResource,
        CertificateFault, RendererNotFit (refused).
        """
        try:
            worker = self._places.get(timeout=self._patience)
        except Empty:
            raise RendererBusy(f"no renderer was free within {self._patience:g} s") from None
        try:
            if worker and not worker.usable:  # it died while it had nothing to do
                worker.end()
                worker = None
            worker = worker or _Worker(Path(self._cache.name), self._limits, self._clock)
            return worker.render(values, credential)
        finally:
            self._places.put(worker if worker and worker.usable else None)

    def render_many(self, requests: Iterable[tuple[frames.Drawable, bytes]]) -> Iterator[bytes | PlauditError]:
        """The certificates in the order of the requests, which are read as they are needed.

        A certificate that cannot be drawn comes as its error, in its place; the others are not affected.
        """
        with ThreadPoolExecutor(self._workers, thread_name_prefix="certificates") as threads:
            waiting: deque[Future[bytes | PlauditError]] = deque()
            for values, credential in requests:
                waiting.append(threads.submit(self._attempt, values, credential))
                if len(waiting) >= self._workers * AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _attempt(self, values: frames.Drawable, credential: bytes) -> bytes | PlauditError:
        try:
            return self.render(values, credential)
        except PlauditError as error:
            return error

    def close(self) -> None:
        """End the workers. The pool cannot be used afterwards; work under way is waited for."""
        for _ in range(self._workers):
            worker = self._places.get()
            if worker:
                worker.end()
        self._cache.cleanup()

    def __enter__(self) -> CertificatePool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """One rendering process and the pipes to it. `usable` turns false when it must not be given further work."""

    def __init__(self, cache: Path, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._left = limits.renders
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - as long-lived as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "issuer.certificates.worker", str(limits.memory), str(limits.cpu_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            cwd=cache,
            env=_environment(cache),
            start_new_session=True,  # Ctrl-C in a terminal is the parent's to handle
        )
        self._pipes = (_descriptor(self._process.stdin), _descriptor(self._process.stdout))
        os.set_blocking(self._pipes[0], False)
        self._talk(b"", clock() + START_DEADLINE)

    @property
    def usable(self) -> bool:
        return self._left > 0 and self._process.poll() is None

    def render(self, values: frames.Drawable, credential: bytes) -> bytes:
        self._left -= 1
        asked = frames.frame(frames.request(values, credential))
        answer = self._talk(asked, self._clock() + self._limits.deadline)
        if self._left <= 0:
            self.end()
        return frames.parse_answer(answer)

    def end(self) -> None:
        """Kill the process and close what belongs to it; it holds nothing that could be lost."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            if stream:
                stream.close()

    def _talk(self, asked: bytes, deadline: float) -> bytes:
        """Send a frame, receive one. The process does not outlive a failure to answer in time."""
        try:
            self._send(asked, deadline)
            return self._receive(frames.length(self._receive(frames.HEAD, deadline)), deadline)
        except (OSError, EOFError, ValueError) as fault:
            raise self._stopped(fault) from None

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._pipes[0], select.POLLOUT, deadline)
            view = view[os.write(self._pipes[0], view) :]

    def _receive(self, size: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            self._wait(self._pipes[1], select.POLLIN, deadline)
            piece = os.read(self._pipes[1], min(size - len(received), 1 << 20))
            if not piece:
                raise EOFError("it died")
            received += piece
        return bytes(received)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()  # not select(): a busy server has descriptors above 1023
        poll.register(pipe, event)
        if not poll.poll(max(0.0, deadline - self._clock()) * 1000):
            raise TimeoutError("it ran into its deadline")

    def _stopped(self, fault: Exception) -> PlauditError:
        """What to raise for a worker that gave no answer; ends it, and quotes the last line it wrote."""
        if not isinstance(fault, TimeoutError):
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        signal = -(self._process.poll() or 0)
        self._process.kill()
        self._stderr.seek(0)
        said = self._stderr.read().decode(errors="replace").strip().splitlines()
        self.end()
        if said and RendererNotFit.__name__ in said[-1]:
            return RendererNotFit(said[-1])
        how = f"it was ended by signal {signal}" if signal > 0 else str(fault)
        return RenderingStopped(f"the renderer gave no answer: {how}" + (f" ({said[-1]})" if said else ""))


def _descriptor(stream: IO[bytes] | None) -> int:
    if stream is None:
        raise ValueError("the process was started without pipes")
    return stream.fileno()


def _environment(cache: Path) -> dict[str, str]:
    """All that a worker knows of the world: where our code and fonts are, and where it may keep the font cache."""
    return {
        "FONTCONFIG_FILE": str(bundle.FONTCONFIG),
        "XDG_CACHE_HOME": str(cache),
        "HOME": str(cache),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
    }
