"""Single-use challenges that a presentation must answer: given out, redeemed once, forgotten after a few minutes.

Kept in memory and bounded. It has no clock and no randomness of its own; both come in with each call.

Source: Data Integrity 1.0, 2.1 (challenge) and 4.4; Verifiable Credentials Data Model 2.0, 8.8 (replay).
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Final

from credentials import errors, multibase

#: A person needs seconds to unlock a wallet; what is older was written down by somebody.
LIFETIME: Final = timedelta(minutes=5)
#: Given out and not yet redeemed. At 128 bits each they take about 20 MB.
MAX_OPEN: Final = 100_000
#: Bytes of randomness in a challenge: enough that nobody guesses one.
SIZE: Final = 16


class Challenges:
    """The challenges that are open in this process; safe to share between threads."""

    def __init__(self, *, lifetime: timedelta = LIFETIME, limit: int = MAX_OPEN) -> None:
        self._lifetime = lifetime
        self._limit = limit
        #: In the order in which they were given out, so the oldest comes first.
        self._open: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def give(self, randomness: bytes, now: datetime) -> str:
        """Return a new challenge made of `SIZE` fresh random bytes, good until `now` + the lifetime.

        Raises ValueError for other sizes, `errors.ChallengesExhausted` when too many are open at once.
        """
        if len(randomness) != SIZE:
            raise ValueError(f"a challenge takes {SIZE} random bytes")
        challenge = multibase.encode(randomness)
        with self._lock:
            self._forget_old(now)
            if len(self._open) >= self._limit:
                raise errors.ChallengesExhausted(f"{self._limit} challenges are open")
            self._open[challenge] = now
        return challenge

    def redeem(self, challenge: str, now: datetime) -> None:
        """Spend a challenge; raises `errors.ChallengeMismatch` for one never given, too old, or spent before.

        Of several callers with the same challenge exactly one is let through.
        """
        with self._lock:
            self._forget_old(now)
            if self._open.pop(challenge, None) is None:
                raise errors.ChallengeMismatch("the challenge was not given out here, is too old, or was used before")

    def _forget_old(self, now: datetime) -> None:
        while self._open:
            oldest = next(iter(self._open))
            if now - self._open[oldest] <= self._lifetime:
                return
            del self._open[oldest]
