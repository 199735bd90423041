"""The one outbound door: the only code of the verifier that opens a connection. It caches and judges nothing.

`SafeFetcher.fetch(url)` does, for each hop, in this order:

1. the address is spelled in the one accepted way (https, no user-info, ASCII name, allowed port): `addresses`;
2. the name is resolved once, and *every* address of the answer must be public: `addresses.check_ip`;
3. the connection goes to an address that was just checked, never to the name again, so a second answer of the name
   system changes nothing; TLS is verified against the name;
4. one GET, with no cookie, no credentials and no proxy; the answer is read strictly within limits: `http_reader`;
5. a redirect starts again at 1.

One deadline covers all of it. Resolver, connector and clock are handed in: a test brings a world of its own, and there
is no switch that turns a protection off.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urljoin

from credentials.errors import PlauditError
from credentials.ports import Fetched
from verifier.addresses import IPAddress, WebAddress, check_ip, parse_address
from verifier.http_reader import MAX_BODY, Answer, read_answer
from verifier.problems import (
    BadAnswer,
    HostNotFound,
    NoConnection,
    TookTooLong,
    TooManyRedirects,
    UnexpectedStatus,
)

#: One list for all three kinds of document, so that a request does not say which one it is.
ACCEPT = (
    "application/vc+json, application/vc, application/did+json, application/did+ld+json, "
    "application/ld+json, application/json;q=0.9, application/pdf;q=0.5"
)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch. `seconds` covers everything: look-up, connections, redirects, drip."""

    seconds: float = 5.0
    #: One dead address must leave time for the next one.
    seconds_per_connection: float = 2.0
    redirects: int = 3
    addresses: int = 4
    body_bytes: int = MAX_BODY


class Deadline:
    """A moment after which nothing more is waited for."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the seconds that are left, above zero; raises `TookTooLong` when there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise TookTooLong(f"No complete answer came within {self._seconds:g} seconds.")
        return left


class Stream(Protocol):
    """An open connection. Every call waits at most `timeout` seconds, then raises `TimeoutError`."""

    def send(self, data: bytes, timeout: float) -> None: ...
    def receive(self, count: int, timeout: float) -> bytes: ...
    def close(self) -> None: ...


class NameResolver(Protocol):
    """Asks the name system once. Raises `HostNotFound`, or `TimeoutError` after `timeout` seconds."""

    def addresses(self, host: str, timeout: float) -> Sequence[str]: ...


class Connector(Protocol):
    """Opens a connection to exactly this IP address, with TLS verified for `host`. Raises `OSError`."""

    def connect(self, address: IPAddress, port: int, host: str, timeout: float) -> Stream: ...


class SafeFetcher:
    """A `credentials.ports.Fetcher` for addresses that strangers name."""

    def __init__(
        self,
        *,
        resolver: NameResolver | None = None,
        connector: Connector | None = None,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits = Limits(),
    ) -> None:
        """Use the machine's own name look-up, TLS and clock unless others are handed in; `clock` counts seconds."""
        self._resolver = resolver or SystemResolver()
        self._connector = connector or TLSConnector()
        self._clock = clock
        self._limits = limits

    def fetch(self, url: str) -> Fetched:
        """GET `url` and return its decoded body; `Fetched.url` is where the redirects ended."""
        deadline = Deadline(self._clock, self._limits.seconds)
        address = parse_address(url)
        for _ in range(self._limits.redirects + 1):
            answer = self._ask(address, deadline)
            if answer.status not in _REDIRECTS:
                return _document(address, answer)
            address = _next_hop(address, answer)
        raise TooManyRedirects(f"The address leads on more than {self._limits.redirects} times.")

    def _ask(self, address: WebAddress, deadline: Deadline) -> Answer:
        stream = self._connect(address, deadline)
        try:
            stream.send(_request(address), deadline.left())
            return read_answer(lambda count: stream.receive(count, deadline.left()), max_body=self._limits.body_bytes)
        except TimeoutError as error:
            deadline.left()
            raise TookTooLong("The host stopped answering.") from error
        except OSError as error:
            raise BadAnswer("The connection broke before the answer was complete.") from error
        finally:
            stream.close()

    def _connect(self, address: WebAddress, deadline: Deadline) -> Stream:
        """Open a connection to one of the host's addresses, all of which have been checked first."""
        failure: PlauditError = NoConnection("The host has no address that could be tried.")
        for ip in self._checked_addresses(address.host, deadline)[: self._limits.addresses]:
            timeout = min(deadline.left(), self._limits.seconds_per_connection)
            try:
                return self._connector.connect(ip, address.port, address.host, timeout)
            except TimeoutError:
                failure = TookTooLong("The host did not accept a connection in time.")
            except ssl.SSLCertVerificationError as error:
                failure = NoConnection(f"The host's TLS certificate is not trusted for its name: {_tls_reason(error)}.")
            except OSError:
                failure = NoConnection("The host did not accept a secure connection.")
        deadline.left()
        raise failure

    def _checked_addresses(self, host: str, deadline: Deadline) -> list[IPAddress]:
        """Resolve once; one address off the public internet spoils the whole answer."""
        try:
            answers = self._resolver.addresses(host, deadline.left())
        except TimeoutError as error:
            raise TookTooLong("The name system did not answer in time.") from error
        return [check_ip(answer) for answer in dict.fromkeys(answers)]


def _request(address: WebAddress) -> bytes:
    lines = (
        f"GET {address.target} HTTP/1.1",
        f"Host: {address.authority}",
        f"Accept: {ACCEPT}",
        "Accept-Encoding: gzip",
        "User-Agent: Plaudit-Verifier",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _document(address: WebAddress, answer: Answer) -> Fetched:
    if answer.status != 200:
        error = UnexpectedStatus(f"The host answered with status {answer.status} instead of the document.")
        error.status = answer.status
        raise error
    return Fetched(address.url, answer.body, answer.headers.get("content-type", ""), "network")


def _next_hop(address: WebAddress, answer: Answer) -> WebAddress:
    location = answer.headers.get("location")
    if not location:
        raise BadAnswer("The host sent us on without saying where to.")
    try:
        return parse_address(urljoin(address.url, location))
    except ValueError as error:  # urljoin on a malformed IPv6 host
        raise BadAnswer("The host sent us on to something that is not an address.") from error


def _tls_reason(error: ssl.SSLCertVerificationError) -> str:
    return (error.verify_message or "it could not be verified").rstrip(".")


# --- the real world -------------------------------------------------------------------------------------------------


class SystemResolver:
    """The machine's own name look-up, bounded in time and in how many may hang at once.

    `getaddrinfo` cannot be given a timeout, so it runs in a thread that is left behind when it is late; `at_once`
    bounds how many such threads a dead name server can collect.
    """

    def __init__(self, *, at_once: int = 16) -> None:
        self._slots = threading.BoundedSemaphore(at_once)

    def addresses(self, host: str, timeout: float) -> Sequence[str]:
        """Return the host's IP addresses as text, in the system's order of preference."""
        if not self._slots.acquire(blocking=False):
            raise TimeoutError("too many look-ups are waiting for the name system already")
        found: list[str] = []
        thread = threading.Thread(target=self._look_up, args=(host, found), daemon=True, name="look-up")
        thread.start()
        thread.join(timeout)
        if thread.is_alive():
            raise TimeoutError
        if not found:
            raise HostNotFound("No address is known for the host's name.")
        return found

    def _look_up(self, host: str, found: list[str]) -> None:
        try:
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.extend(str(answer[4][0]) for answer in answers)
        except (OSError, UnicodeError):
            found.clear()
        finally:
            self._slots.release()


#: Opens a TCP connection to an IP address and port within so many seconds; raises `OSError`.
Dial = Callable[[IPAddress, int, float], socket.socket]


def dial(address: IPAddress, port: int, timeout: float) -> socket.socket:
    """Connect to exactly this address: no name is looked up and no proxy asked."""
    return socket.create_connection((str(address), port), timeout=timeout)


class TLSConnector:
    """Connects to a checked IP address and speaks TLS 1.2 or later, verified against the host's *name*."""

    def __init__(self, context: ssl.SSLContext | None = None, *, dial: Dial = dial) -> None:
        self._context = context or ssl.create_default_context()
        self._dial = dial

    def connect(self, address: IPAddress, port: int, host: str, timeout: float) -> Stream:
        """Return an open stream; raises `OSError` (`TimeoutError`, `ssl.SSLError`) when there is none."""
        raw = self._dial(address, port, timeout)
        try:
            raw.settimeout(timeout)
            return SocketStream(self._context.wrap_socket(raw, server_hostname=host, suppress_ragged_eofs=False))
        except BaseException:
            raw.close()
            raise


class SocketStream:
    """A connected socket as a `Stream`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes, timeout: float) -> None:
        """Send all of `data`."""
        self._connection.settimeout(timeout)
        self._connection.sendall(data)

    def receive(self, count: int, timeout: float) -> bytes:
        """Return 1 to `count` bytes, or b"" when the other side has closed."""
        self._connection.settimeout(timeout)
        return self._connection.recv(count)

    def close(self) -> None:
        """Close without waiting."""
        self._connection.close()
