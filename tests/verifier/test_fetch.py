"""The outbound door against a hostile web on loopback: what is refused, when, and that nothing was opened before."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from credentials.errors import PlauditError, Unreachable
from tests.verifier.loopback import PUBLIC, Authority, Names, PlainLoopback, load_hostile_server, serving
from verifier.addresses import IPAddress
from verifier.fetch import ACCEPT, Limits, SafeFetcher, SystemResolver, TLSConnector
from verifier.problems import (
    AddressNotAllowed,
    AnswerTooLarge,
    BadAnswer,
    HostNotFound,
    NoConnection,
    PrivateAddress,
    TookTooLong,
    TooManyRedirects,
    UnexpectedStatus,
)

HOST = "https://issuer.example"


@pytest.fixture
def hostile(security_cases: Path) -> ModuleType:
    return load_hostile_server(security_cases)


@pytest.fixture
def web(hostile: ModuleType) -> Iterator[PlainLoopback]:
    with serving(hostile.handle) as port:
        yield PlainLoopback(port)


def fetcher(web: PlainLoopback, *, names: Names | None = None, seconds: float = 5.0) -> SafeFetcher:
    return SafeFetcher(
        resolver=names or Names({"*": [[PUBLIC]]}),
        connector=web,
        clock=time.monotonic,
        limits=Limits(seconds=seconds),
    )


def test_a_document_comes_back_with_its_address_and_type(web: PlainLoopback) -> None:
    fetched = fetcher(web).fetch(f"{HOST}:8443/u/x/did.json?a=b#key-1")
    assert json.loads(fetched.body) == {"path": "/u/x/did.json?a=b"}
    assert (fetched.url, fetched.content_type) == (f"{HOST}:8443/u/x/did.json?a=b", "application/json")
    assert fetched.source == "network"
    assert web.opened == [(PUBLIC, 8443, "issuer.example")]


def test_the_request_carries_nothing_but_what_it_must() -> None:
    seen = []

    def handle(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 2\r\n\r\n{}")
        connection.close()

    with serving(handle) as port:
        door = fetcher(PlainLoopback(port))
        door.fetch(f"{HOST}/did.json")
        door.fetch(f"{HOST}/did.json")
    expected = (
        f"GET /did.json HTTP/1.1\r\nHost: issuer.example\r\nAccept: {ACCEPT}\r\nAccept-Encoding: gzip\r\n"
        "User-Agent: Plaudit-Verifier\r\nConnection: close\r\n\r\n"
    )
    assert seen == [expected.encode()] * 2


@pytest.mark.case("DID-01")
def test_no_host_of_the_ssrf_corpus_is_looked_up_or_opened(
    security_cases: Path, web: PlainLoopback, hostile: ModuleType
) -> None:
    names = Names({"*": [["127.0.0.1"]]})
    for record in json.loads((security_cases / "corpora" / "ssrf-hosts.json").read_bytes()):
        with pytest.raises(AddressNotAllowed):
            fetcher(web, names=names).fetch(f"https://{record['in']}/.well-known/did.json")
    assert (names.asked, web.opened, hostile.HITS) == ([], [], [])


@pytest.mark.case("DID-02")
@pytest.mark.parametrize("answer", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], ["::ffff:169.254.169.254"], ["fe80::1%lo"]])
def test_one_private_address_spoils_the_answer(answer: list[str], web: PlainLoopback) -> None:
    with pytest.raises(PrivateAddress):
        fetcher(web, names=Names({"*": [answer]})).fetch(f"{HOST}/did.json")
    assert web.opened == []


@pytest.mark.case("DID-03")
@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target",
    [
        "http://issuer.example/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "https://localhost/",
        "//[::1]/",
        "https://[x",
    ],
)
def test_a_redirect_elsewhere_is_refused(target: str, code: int, web: PlainLoopback, hostile: ModuleType) -> None:
    with pytest.raises((AddressNotAllowed, BadAnswer)):
        fetcher(web).fetch(f"{HOST}/redirect?to={target.replace('[', '%5B').replace(']', '%5D')}&code={code}")
    assert len(hostile.HITS) == 1


@pytest.mark.case("DID-03")
def test_a_redirect_to_a_private_host_is_refused_after_its_look_up(web: PlainLoopback, hostile: ModuleType) -> None:
    names = Names({"issuer.example": [[PUBLIC]], "inside.example": [["10.0.0.1"]]})
    with pytest.raises(PrivateAddress):
        fetcher(web, names=names).fetch(f"{HOST}/redirect?to=https://inside.example/")
    assert (names.asked, len(hostile.HITS)) == (["issuer.example", "inside.example"], 1)


@pytest.mark.case("DID-03")
def test_three_hops_are_followed_and_no_more(web: PlainLoopback, hostile: ModuleType) -> None:
    assert fetcher(web).fetch(f"{HOST}/chain/3").url == f"{HOST}/chain/0"
    for path in ("/chain/6", "/loop"):
        hostile.HITS.clear()
        with pytest.raises(TooManyRedirects):
            fetcher(web).fetch(HOST + path)
        assert len(hostile.HITS) == 4


@pytest.mark.case("DID-04")
def test_the_checked_address_is_the_one_connected_to(web: PlainLoopback) -> None:
    names = Names({"issuer.example": [[PUBLIC], ["127.0.0.1"]]})
    door = fetcher(web, names=names)
    door.fetch(f"{HOST}/did.json")
    assert names.asked == ["issuer.example"]
    assert web.opened == [(PUBLIC, 443, "issuer.example")]
    with pytest.raises(PrivateAddress):
        door.fetch(f"{HOST}/did.json")
    assert len(web.opened) == 1


@pytest.mark.case("DID-05")
@pytest.mark.parametrize("path", ["/slow-headers", "/drip?bytes=600&delay=0.05", "/hang"])
def test_a_slow_server_cannot_outlast_the_budget(path: str, web: PlainLoopback) -> None:
    started = time.monotonic()
    with pytest.raises(TookTooLong):
        fetcher(web, seconds=0.3).fetch(HOST + path)
    assert time.monotonic() - started < 2


@pytest.mark.case("DID-05")
def test_the_budget_is_five_seconds_and_covers_every_hop(web: PlainLoopback) -> None:
    assert Limits().seconds == 5.0
    moments = iter([0.0, 0.1, 0.2, 0.3, 0.4] + [5.1] * 50)
    door = SafeFetcher(resolver=Names({"*": [[PUBLIC]]}), connector=web, clock=lambda: next(moments))
    with pytest.raises(TookTooLong):
        door.fetch(f"{HOST}/chain/3")


@pytest.mark.case("DID-06")
@pytest.mark.parametrize("path", ["/endless", "/huge?mb=1"])
def test_too_much_is_cut_off(path: str, web: PlainLoopback) -> None:
    with pytest.raises(AnswerTooLarge):
        fetcher(web).fetch(HOST + path)


@pytest.mark.parametrize("path", ["/short-body", "/bad-chunk", "/many-headers", "/big-header"])
def test_a_lying_server_is_not_believed(path: str, web: PlainLoopback) -> None:
    with pytest.raises(BadAnswer):
        fetcher(web).fetch(HOST + path)


@pytest.mark.case("DID-08")
@pytest.mark.parametrize("status", [204, 304, 400, 404, 410, 500, 503])
def test_no_document_is_could_not_reach(status: int, web: PlainLoopback) -> None:
    with pytest.raises(UnexpectedStatus, match=str(status)):
        fetcher(web).fetch(f"{HOST}/status/{status}")


@pytest.mark.case("DID-08")
def test_a_closed_port_and_an_unknown_name_are_could_not_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NoConnection):
        fetcher(PlainLoopback(port)).fetch(f"{HOST}/did.json")
    with pytest.raises(HostNotFound):
        fetcher(PlainLoopback(port), names=Names({})).fetch(f"{HOST}/did.json")


def test_the_second_address_is_tried_when_the_first_is_dead(web: PlainLoopback) -> None:
    class FirstDead(PlainLoopback):
        def connect(self, address: IPAddress, port: int, host: str, timeout: float):  # type: ignore[no-untyped-def]
            if str(address) == "1.1.1.1":
                raise TimeoutError
            return super().connect(address, port, host, timeout)

    door = fetcher(FirstDead(web.port), names=Names({"*": [["1.1.1.1", PUBLIC]]}))
    assert door.fetch(f"{HOST}/did.json").body


# --- TLS, for real --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


def fetch_over_tls(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[bytes, list[str | None], list[str]]:
    """Fetch once from a TLS server on loopback; return the body, the names TLS was asked for, the IPs dialled."""
    server_names: list[str | None] = []
    dialled: list[str] = []
    server.sni_callback = lambda _socket, name, _context: server_names.append(name)

    def handle(connection: socket.socket) -> None:
        try:
            with server.wrap_socket(connection, server_side=True) as tls:
                tls.recv(65536)
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        except OSError:
            connection.close()

    with serving(handle) as port:

        def dial(address: IPAddress, _port: int, timeout: float) -> socket.socket:
            dialled.append(str(address))
            return socket.create_connection(("127.0.0.1", port), timeout=timeout)

        door = SafeFetcher(
            resolver=Names({"*": [[PUBLIC]]}), connector=TLSConnector(client, dial=dial), clock=time.monotonic
        )
        return door.fetch(f"{HOST}/did.json").body, server_names, dialled


@pytest.mark.case("DID-04")
def test_tls_keeps_the_name_while_the_address_is_pinned(authority: Authority, tmp_path: Path) -> None:
    server = authority.server_context("issuer.example", tmp_path)
    body, names, dialled = fetch_over_tls(server, authority.client_context())
    assert (body, names, dialled) == (b"{}", ["issuer.example"], [PUBLIC])


@pytest.mark.case("DID-08")
@pytest.mark.parametrize("case", ["other name", "expired", "unknown authority"])
def test_tls_that_cannot_be_trusted_is_could_not_reach(case: str, authority: Authority, tmp_path: Path) -> None:
    signer = Authority.create() if case == "unknown authority" else authority
    name = "other.example" if case == "other name" else "issuer.example"
    days = (-9, -1) if case == "expired" else (-1, 2)
    with pytest.raises(NoConnection, match="TLS certificate"):
        fetch_over_tls(signer.server_context(name, tmp_path, days=days), authority.client_context())


def test_the_default_tls_context_verifies_names_and_certificates() -> None:
    context = TLSConnector()._context
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_a_tls_handshake_that_hangs_is_given_up(authority: Authority) -> None:
    def hold(connection: socket.socket) -> None:
        connection.recv(1)

    with serving(hold) as port:
        door = SafeFetcher(
            resolver=Names({"*": [[PUBLIC]]}),
            connector=TLSConnector(
                authority.client_context(),
                dial=lambda _address, _port, timeout: socket.create_connection(("127.0.0.1", port), timeout=timeout),
            ),
            clock=time.monotonic,
            limits=Limits(seconds=0.3),
        )
        with pytest.raises(Unreachable):
            door.fetch(f"{HOST}/did.json")


# --- the system's own resolver --------------------------------------------------------------------------------------


def test_the_system_resolver_gives_addresses_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "127.0.0.1" in SystemResolver().addresses("127.0.0.1", 5)


def test_a_hanging_look_up_is_left_behind_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: released.wait(5) and [])
    resolver = SystemResolver(at_once=1)
    try:
        for _ in range(2):  # the second finds the only slot taken
            with pytest.raises(TimeoutError):
                resolver.addresses("issuer.example", 0.05)
    finally:
        released.set()


def test_every_problem_of_the_door_is_typed() -> None:
    for error in (AddressNotAllowed, PrivateAddress, TooManyRedirects, NoConnection, TookTooLong, BadAnswer):
        assert issubclass(error, PlauditError)
        assert error.title
        assert error.remedy
