"""A web that lives in memory and misbehaves on demand: a `Fetcher` for tests that opens no connection.

Like the real door it raises `Unreachable` for anything but a whole answer with status 200; unlike it, it remembers
every URL that was asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from credentials.errors import Refused, Unreachable
from credentials.ports import Fetched


class MemoryWeb:
    """Pages by exact URL. What is not there answers 404."""

    def __init__(self, source: str = "network") -> None:
        self.asked: list[str] = []
        self.source = source
        self._pages: dict[str, Callable[[], bytes]] = {}

    def fetch(self, url: str) -> Fetched:
        self.asked.append(url)
        if url not in self._pages:
            raise Unreachable(f"{url} answered 404")
        return Fetched(url, self._pages[url](), "application/json", self.source)

    def put(self, url: str, page: Any) -> None:
        """Serve `page` at `url`: bytes as they are, anything else as JSON."""
        body = page if isinstance(page, bytes) else json.dumps(page, ensure_ascii=False).encode()
        self._pages[url] = lambda: body

    def urls(self) -> list[str]:
        """Everything that is served, in the order in which it was put there."""
        return list(self._pages)

    def body(self, url: str) -> bytes:
        return self._pages[url]()

    def remove(self, url: str) -> None:
        """From now on 404."""
        self._pages.pop(url, None)

    def fail(self, url: str, status: int = 500) -> None:
        self._raise(url, Unreachable(f"{url} answered {status}"))

    def hang(self, url: str) -> None:
        """Gives no answer in time."""
        self._raise(url, Unreachable(f"{url} gave no answer within 5 seconds"))

    def forbid(self, url: str) -> None:
        """The outbound door itself refuses this address."""
        self._raise(url, Refused(f"{url} leads to a private address"))

    def crash(self, url: str, error: Exception) -> None:
        """The fetcher breaks down in a way that nobody foresaw."""
        self._raise(url, error)

    def flip(self, url: str, position: int) -> None:
        """Change one bit of one byte of the page."""
        body = bytearray(self.body(url))
        body[position] ^= 1
        self.put(url, bytes(body))

    def _raise(self, url: str, error: Exception) -> None:
        def answer() -> bytes:
            raise error

        self._pages[url] = answer
