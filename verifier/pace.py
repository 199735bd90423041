"""Lets each address have so many things checked in a minute, then asks it to wait (429 with Retry-After).

Counts live in the memory of this process alone, so the true limit is a process's times their number. An address is
kept for a minute as a hash under a key that dies with the process. Headers that a client can write are not believed:
behind proxies, the setting says how many there are, and the address is the one that the outermost of ours wrote down.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

from verifier import failures
from verifier.problems import TooManyChecks

WINDOW_SECONDS = 60.0
#: Askers remembered at once; the oldest is forgotten first, so a flood of them cannot fill the memory (2 MB).
REMEMBERED = 20_000
#: Whoever has IPv6 has at least this many bits of addresses to choose from.
_NETWORK_BITS = 64
#: What a GET may say besides what to check.
_NO_CHECK = {"lang"}


class Pace:
    """So many in a minute for each asker, evenly: a pause gives back what it would have allowed. Thread-safe."""

    def __init__(self, per_minute: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._each = WINDOW_SECONDS / per_minute
        self._monotonic = monotonic
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        #: Until when what each asker had is paid off.
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._until)

    def wait(self, asker: str) -> float:
        """Count one more check; return the seconds to wait instead where that is one too many, else 0."""
        name, now = self._name(asker), self._monotonic()
        with self._lock:
            until = max(now, self._until.get(name, now)) + self._each
            if until - now > WINDOW_SECONDS + self._each / 2:
                return until - now - WINDOW_SECONDS
            self._until[name] = until
            self._until.move_to_end(name)
            if len(self._until) > REMEMBERED:
                self._until.popitem(last=False)
            return 0.0

    def _name(self, asker: str) -> bytes:
        return hashlib.blake2b(_network(asker).encode(), key=self._key, digest_size=16).digest()


def _network(asker: str) -> str:
    """The address, or of IPv6 the network that belongs to one asker."""
    try:
        address = ipaddress.ip_address(asker)
    except ValueError:
        return asker
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False)) if address.version == 6 else asker


def install(app: Flask, per_minute: int, *, proxies: int) -> None:
    """Slow down who checks too much; `per_minute` 0: nobody. Of `proxies` in front, each writes down who asked it."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    if not per_minute:
        return
    pace = Pace(per_minute)

    @app.before_request
    def refuse_when_too_many() -> Response | None:
        seconds = pace.wait(request.remote_addr or "") if _is_check() else 0.0
        if not seconds:
            return None
        detail = f"More than {per_minute} checks in a minute came from there."
        return failures.answer_to(TooManyChecks(detail, math.ceil(seconds)))


def _is_check() -> bool:
    """Whether something is to be checked or looked up; showing a form, a page or a static file is free."""
    if request.method == "POST":
        return True
    return request.method == "GET" and request.endpoint != "static" and bool(request.args.keys() - _NO_CHECK)
