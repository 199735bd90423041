"""Leads from a short code, typed from paper, to the address of its record. It holds no codes: it asks the issuer.

Whoever serves the verifier hands in a `CodeDirectory`; where none lives here, a template of an address is filled in.
Guessing is made useless in three ways: a code has 60 random bits, every code that leads nowhere gets the same answer,
and who guesses on is told to wait.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from credentials import short_code
from verifier.problems import TooManyGuesses, UnknownCode

#: Returns the address of the record with this code (in its one form), or None when there is no such record.
CodeDirectory = Callable[[str], str | None]

GUESSES, WINDOW = 10, timedelta(minutes=1)
#: Askers remembered at once; the oldest is forgotten first, so a flood of them cannot fill the memory.
REMEMBERED = 10_000


def template(address: str) -> CodeDirectory:
    """A directory that puts the code in the place of `{code}`; whether a record is there shows when it is opened."""
    return lambda code: address.replace("{code}", code)


class Guesses:
    """Counts codes that led nowhere, by who asked, within a sliding window.

    Who asked is remembered for a minute as a hash under a key that dies with the process; each process counts alone.
    """

    def __init__(self, clock: Callable[[], datetime], limit: int = GUESSES, window: timedelta = WINDOW) -> None:
        self._clock, self._limit, self._window = clock, limit, window
        self._key = secrets.token_bytes(32)
        self._moments: OrderedDict[bytes, deque[datetime]] = OrderedDict()

    def check(self, asker: str) -> None:
        """Raise `TooManyGuesses` for somebody who guessed as often as is allowed."""
        moments = self._moments.get(self._name(asker))
        if moments is not None and len(moments) == self._limit and self._clock() - moments[0] < self._window:
            raise TooManyGuesses(f"{self._limit} codes that lead nowhere came from the same place within a minute.")

    def count(self, asker: str) -> None:
        """Count one more that led nowhere."""
        name = self._name(asker)
        self._moments.setdefault(name, deque(maxlen=self._limit)).append(self._clock())
        self._moments.move_to_end(name)
        while len(self._moments) > REMEMBERED:
            self._moments.popitem(last=False)

    def _name(self, asker: str) -> bytes:
        return hashlib.blake2b(asker.encode(), key=self._key, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class ShortCodes:
    """Asks a directory within the limit on guesses; `asker` tells who is asking."""

    directory: CodeDirectory
    guesses: Guesses
    asker: Callable[[], str]

    def address_of(self, typed: str) -> str:
        """Return the record's address.

        Raises `errors.CodeMistyped` before anybody is asked, `UnknownCode` and `TooManyGuesses`.
        """
        code = short_code.read(typed)
        asker = self.asker()
        self.guesses.check(asker)
        address = self.directory(code)
        if address is None:
            self.guesses.count(asker)
            raise UnknownCode("No record here has this code.")
        return address
