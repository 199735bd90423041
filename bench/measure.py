"""Measures contenders in turn, round after round, and keeps the medians. What they do is not its business.

A machine is never quite idle and never quite as fast as a minute ago. So nobody is measured at a stretch: each round
lets every contender work for a moment, one after the other, and what disturbs a round disturbs them all.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

#: Works `n` times and returns the microseconds that one time took.
Timed = Callable[[int], float]
#: How many times before anything counts: caches fill, and Node compiles what is called often.
WARM_UP_TURNS = 30
#: Nothing is repeated more often than this in one round, however quick it is.
MOST_TURNS = 20_000


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure: rounds, and the seconds that each contender works in one."""

    rounds: int = 15
    seconds: float = 0.15
    #: Seconds of warming up, after which also a slow contender has had enough.
    warm_up_seconds: float = 1.5


@dataclass(frozen=True, slots=True)
class Contender:
    """One of those compared. `yardstick` marks the bare signature, which does less than the others."""

    name: str
    run: Timed
    yardstick: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared. `check` does the work once, judges every result and raises when one is wrong."""

    name: str
    contenders: Sequence[Contender]
    check: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """What one contender took: microseconds of each round."""

    name: str
    rounds: Sequence[float] = field(repr=False)
    yardstick: bool = False

    @property
    def microseconds(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rounds)


def timed(work: Callable[[], object]) -> Timed:
    """A Python function as something to measure: called `n` times, timed by the clock of this process."""

    def run(n: int) -> float:
        began = time.perf_counter_ns()
        for _ in range(n):
            work()
        return (time.perf_counter_ns() - began) / 1000 / n

    return run


def measure(comparison: Comparison, effort: Effort) -> list[Figure]:
    """Check that the work is right, warm up, then let the contenders take turns. Raises what `check` raises."""
    comparison.check()
    turns = [_warm_up(contender.run, effort) for contender in comparison.contenders]
    # As the service does once it has started: what will live as long as the process is not looked through again.
    gc.collect()
    gc.freeze()
    taken: list[list[float]] = [[] for _ in comparison.contenders]
    for _ in range(effort.rounds):
        for times, contender, n in zip(taken, comparison.contenders, turns, strict=True):
            times.append(contender.run(n))
    return [
        Figure(contender.name, times, contender.yardstick)
        for contender, times in zip(comparison.contenders, taken, strict=True)
    ]


def _warm_up(run: Timed, effort: Effort) -> int:
    """Work until caches are full; how often the contender then fits into one round."""
    began, done, turns = time.perf_counter(), 0, 1
    microseconds = run(turns)
    while done < WARM_UP_TURNS and time.perf_counter() - began < effort.warm_up_seconds:
        turns = min(10, WARM_UP_TURNS - done)
        microseconds = run(turns)
        done += turns
    return max(1, min(MOST_TURNS, int(effort.seconds * 1_000_000 / microseconds)))
