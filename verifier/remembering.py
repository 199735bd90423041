"""A `Fetcher` for one request about many credentials: each address is asked once, so many in all, until a deadline.

Two hundred credentials of one employer share its key document and its status list; a host that is silent is waited for
once. Nothing is remembered beyond the request.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from credentials.ports import Fetched, Fetcher
from verifier.problems import TimeRanOut, TooManyFetches


class Remembering:
    """Hands on to another fetcher at most `most` times; `in_time` tells whether there is time left. Thread-safe."""

    def __init__(self, fetcher: Fetcher, *, most: int, in_time: Callable[[], bool]) -> None:
        self._fetcher = fetcher
        self._most = most
        self._in_time = in_time
        self._lock = threading.Lock()
        self._answers: dict[str, Future[Fetched]] = {}

    def fetch(self, url: str) -> Fetched:
        """The other fetcher's answer or error, the same one every time; raises `TooManyFetches` and `TimeRanOut`."""
        if not self._in_time():
            raise TimeRanOut("The time for this request was over before the address was asked.")
        with self._lock:
            known = self._answers.get(url)
            if known is None and len(self._answers) >= self._most:
                raise TooManyFetches(f"More than {self._most} addresses would have to be opened.")
            answer = self._answers.setdefault(url, Future())
        if known is None:
            self._ask(url, answer)
        return answer.result()

    def _ask(self, url: str, answer: Future[Fetched]) -> None:
        try:
            answer.set_result(self._fetcher.fetch(url))
        except BaseException as error:  # whoever else waits for the same address must hear of it
            answer.set_exception(error)
