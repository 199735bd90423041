"""Judges many things in one request within one deadline: what was not reached is said to be so, never guessed.

It decides nothing itself: every one of them goes through the same `Judge` as a single one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from credentials.errors import PlauditError
from verifier.judging import Judge, Judged
from verifier.problems import ManyBusy, ReaderBusy, TimeRanOut
from verifier.remembering import Remembering

Task = Callable[[Judge], Judged]
#: What became of one task: a verdict, what kept it from being judged, or (`TimeRanOut`) that it was not reached.
Outcome = Judged | PlauditError


@dataclass(frozen=True, slots=True)
class Effort:
    """What one request may cost."""

    #: A person waits this long for a page; a proxy gives up after thirty.
    seconds: float = 20.0
    #: Threads: they wait for strangers, not for the processor.
    at_once: int = 8
    #: Two hundred links of as many issuers, each with its key document and one status list.
    fetches: int = 600
    #: Requests of this kind at once: every one holds a thread of the server, and single checks come first.
    requests: int = 2
    #: Between two tries for a place to read a file in.
    pause: float = 0.1


class Together:
    """Judges many things at once; `monotonic` counts seconds."""

    def __init__(
        self, judge: Judge, *, effort: Effort = Effort(), monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._judge = judge
        self._effort = effort
        self._monotonic = monotonic
        self._places = threading.BoundedSemaphore(effort.requests)

    @property
    def judge(self) -> Judge:
        return self._judge

    def outcomes(self, tasks: Sequence[Task]) -> list[Outcome]:
        """Return one outcome for each task, in their order; raises `ManyBusy` when others are at it already."""
        if not self._places.acquire(blocking=False):
            raise ManyBusy(f"{self._effort.requests} requests of this size are being worked on at this moment.")
        try:
            return self._within_the_time(tasks)
        finally:
            self._places.release()

    def _within_the_time(self, tasks: Sequence[Task]) -> list[Outcome]:
        end = self._monotonic() + self._effort.seconds
        fetcher = Remembering(self._judge.fetcher, most=self._effort.fetches, in_time=lambda: self._monotonic() < end)
        judge = replace(self._judge, fetcher=fetcher, codes=None)  # two hundred short codes would be guesses
        pool = ThreadPoolExecutor(self._effort.at_once, thread_name_prefix="many")
        futures = [pool.submit(self._patiently, task, judge, end) for task in tasks]
        wait(futures, timeout=self._effort.seconds)
        pool.shutdown(wait=False, cancel_futures=True)  # what still runs ends at its next fetch
        return [_outcome(future) for future in futures]

    def _patiently(self, task: Task, judge: Judge, end: float) -> Judged:
        """Do one task; where all places for reading a file are taken, wait for one."""
        while self._monotonic() < end:
            try:
                return task(judge)
            except ReaderBusy:
                time.sleep(self._effort.pause)
        raise _late()


def _outcome(future: Future[Judged]) -> Outcome:
    if future.cancelled() or not future.done():
        return _late()
    try:
        return future.result()
    except PlauditError as problem:
        return problem


def _late() -> TimeRanOut:
    return TimeRanOut("not checked: time ran out")
