"""The listener itself. Python imports a module of this name at its start, so a child process listens when it finds it.

It needs nothing but the standard library, and never imports the tests.
"""

from __future__ import annotations

import errno
import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

#: Names the file that is written to. (Not one of the program's own names: those it would refuse to start with.)
LOG = "LISTENER_LOG"
_NAMES = {"", "localhost", "localhost.", "ip6-localhost"}
_UNSPECIFIED = {"0.0.0.0", "::"}


def listen(log: Path) -> None:
    """Write down, and refuse, what would leave the machine."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        where = _elsewhere(event, arguments)
        if where is not None:
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{event} {where}\n")
            raise OSError(errno.ENETUNREACH, "the tests have no network")

    sys.addaudithook(hook)


def _elsewhere(event: str, arguments: tuple[Any, ...]) -> str | None:
    """Where it would lead when that is not this machine."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else ""
        return None if is_here(host) else str(address)
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
        return None if host is None or _is_address(host) or is_here(host) else str(host)
    return None


def is_here(host: Any) -> bool:
    """Whether a host's name or address is this machine's own; what is no text is a socket of the file system."""
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("utf-8", "replace")
    if not isinstance(host, str) or host.lower() in _NAMES or host in _UNSPECIFIED:
        return True
    return _is_address(host) and ipaddress.ip_address(host.partition("%")[0]).is_loopback


def _is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return True


if __name__ == "sitecustomize" and os.environ.get(LOG):
    listen(Path(os.environ[LOG]))
