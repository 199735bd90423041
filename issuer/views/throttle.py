"""Slows down guessing at sign-in and set-up: ten failures a minute for each address and each account, then 429.

Counts live in the memory of this process: they are lost at a restart and each web process counts for itself, which
makes the true limit ten times the number of processes. The address is the connection's own; headers that a client
can write (X-Forwarded-For) are not believed.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from issuer.views import failures

ENDPOINTS = {"security.login", "setup.first_run"}
FAILURES, WINDOW = 10, timedelta(minutes=1)
#: Keys remembered at once; the oldest is forgotten first, so a flood of addresses cannot fill the memory.
REMEMBERED = 10_000


class Throttle:
    """Counts failures by key within a sliding window."""

    def __init__(self, clock: Callable[[], datetime], limit: int = FAILURES, window: timedelta = WINDOW) -> None:
        self._clock, self._limit, self._window = clock, limit, window
        self._failures: OrderedDict[str, deque[datetime]] = OrderedDict()

    def failed(self, keys: Iterable[str]) -> None:
        """Count one failure for each key."""
        for key in keys:
            moments = self._failures.setdefault(key, deque(maxlen=self._limit))
            moments.append(self._clock())
            self._failures.move_to_end(key)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def wait(self, keys: Iterable[str]) -> timedelta | None:
        """Return how long the slowest of `keys` has to wait, or None when it may go on."""
        now = self._clock()
        waits = [
            moments[0] + self._window - now
            for key in keys
            if (moments := self._failures.get(key)) and len(moments) == self._limit
        ]
        longest = max(waits, default=timedelta(0))
        return longest if longest > timedelta(0) else None


def install(app: Flask, clock: Callable[[], datetime]) -> None:
    """Watch the sign-in and set-up forms of `app`."""
    throttle = Throttle(clock)

    @app.before_request
    def refuse_when_too_many() -> Response | None:
        if not _is_attempt() or (wait := throttle.wait(_keys())) is None:
            return None
        title, remedy = failures.TITLES[429]
        answer = failures.answer_with(429, title, "", remedy)
        answer.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
        return answer

    @app.after_request
    def count_a_failure(response: Response) -> Response:
        if _is_attempt() and response.status_code not in {302, 303, 429}:
            throttle.failed(_keys())
        return response


def _is_attempt() -> bool:
    return request.method == "POST" and request.endpoint in ENDPOINTS


def _keys() -> list[str]:
    """The connection's address, and the account as a digest: no e-mail address is kept."""
    keys = [f"address {request.remote_addr}"]
    with suppress(HTTPException):  # a form too large to be read names no account
        if email := request.form.get("email", "").strip().lower():
            keys.append("account " + hashlib.sha256(email.encode()).hexdigest())
    return keys
