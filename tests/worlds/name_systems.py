"""A name system for tests: TXT records by name, and names that hang or fail. It opens no connection."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from credentials.errors import PlauditError


@dataclass
class NameSystem:
    """What it does not know has no records."""

    records: dict[str, Sequence[str]] = field(default_factory=dict)
    failures: dict[str, PlauditError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    #: What is done before each answer: tests let it sleep.
    before: Callable[[], None] = lambda: None

    def texts(self, name: str, timeout: float) -> Sequence[str]:
        self.asked.append(name)
        self.before()
        if name in self.failures:
            raise self.failures[name]
        return self.records.get(name, ())


def sleepy(seconds: float) -> NameSystem:
    """One that takes so long for each answer, whatever the time-out says."""
    return NameSystem(before=lambda: time.sleep(seconds))
