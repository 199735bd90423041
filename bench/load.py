"""Sends HTTP requests over a few connections that stay open and times each. It knows nothing of what it asks.

One thread and the system's own readiness list: what it costs is a tenth of what the fastest answer here costs. Each
connection has one request under way at a time, as a caller has that waits for its answer.
"""

from __future__ import annotations

import math
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice

_END = b"\r\n\r\n"
#: An answer that has not come by then never will.
PATIENCE_SECONDS = 30.0


class WrongAnswerError(Exception):
    """An answer was not what it has to be, so how fast it came means nothing."""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: the seconds that each answer took, in the order of their arrival, and how long it all lasted."""

    seconds: float
    times: Sequence[float] = field(repr=False)

    @property
    def per_second(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """The milliseconds within which that share of the answers came."""
        ordered = sorted(self.times)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000


def post(port: int, path: str, body: bytes, content_type: str) -> bytes:
    """A whole POST request."""
    lines = (
        f"POST {path} HTTP/1.1", f"Host: localhost:{port}", f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
    )  # fmt: skip
    return "\r\n".join(lines).encode() + _END + body


def get(port: int, path: str) -> bytes:
    """A whole GET request, as a browser's for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: text/html".encode() + _END


class _Caller:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._received = bytearray()

    def ask(self, request: bytes) -> None:
        self._received.clear()
        self.began = time.perf_counter()
        self.socket.sendall(request)

    def answer(self) -> bytes | None:
        """The whole answer once it is there."""
        part = self.socket.recv(262_144)
        if not part:
            raise WrongAnswerError("the connection was closed")
        self._received += part
        head, end, body = self._received.partition(_END)
        return bytes(self._received) if end and len(body) >= _length(bytes(head)) else None


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise WrongAnswerError("an answer without a length")


def drive(
    port: int, requests: Sequence[bytes], expected: bytes, *, connections: int = 8, seconds: float = 2.0,
    most: int | None = None,
) -> Load:  # fmt: skip
    """Ask one request after the other over `connections`, for so long or `most` times.

    Raises `WrongAnswerError` for an answer that is not a 200 with `expected` in it.
    """
    turns: Iterator[bytes] = cycle(requests) if most is None else islice(cycle(requests), most)
    times: list[float] = []
    with selectors.DefaultSelector() as ready:
        callers = [_Caller(port) for _ in range(min(connections, most or connections))]
        for caller in callers:
            ready.register(caller.socket, selectors.EVENT_READ, caller)
        began = time.perf_counter()
        end = began + (seconds if most is None else PATIENCE_SECONDS)
        under_way = sum(_next(caller, turns) for caller in callers)
        while under_way:
            for key, _ in ready.select(PATIENCE_SECONDS):
                caller = key.data
                answer = caller.answer()
                if answer is None:
                    continue
                now = time.perf_counter()
                times.append(now - caller.began)
                _check(answer, expected)
                under_way -= 1
                if now < end:
                    under_way += _next(caller, turns)
        lasted = time.perf_counter() - began
        for caller in callers:
            caller.socket.close()
    return Load(lasted, times)


def _next(caller: _Caller, turns: Iterator[bytes]) -> int:
    request = next(turns, None)
    if request is None:
        return 0
    caller.ask(request)
    return 1


def _check(answer: bytes, expected: bytes) -> None:
    if not answer.startswith(b"HTTP/1.1 200") or expected not in answer:
        raise WrongAnswerError(answer[:300].decode("utf-8", "replace"))
