"""The ladder against a hostile web and name system: every look ends in time, and nobody else is connected to."""

from __future__ import annotations

import gzip
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.resolver
import dns.rrset
import pytest

from credentials.domains import txt
from credentials.domains.registry import Registry
from credentials.errors import PlauditError, Refused, Unreachable
from tests.verifier.loopback import PUBLIC, Names, PlainLoopback, serving
from tests.verifier.test_ladder import ANCHOR_EC, HOME, REGISTRY_URL, World, outcome
from tests.worlds.name_systems import NameSystem
from verifier.fetch import Limits, SafeFetcher
from verifier.ladder.looking import Ladders
from verifier.ladder.registries import Registries
from verifier.ladder.rungs import Ladder
from verifier.ladder.text_records import DnsTexts
from verifier.problems import HostNotFound, TookTooLong

FETCH_SECONDS, LOOK_SECONDS = 0.5, 0.8
ASKED = ("did_configuration", "registry", "federation")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_BOMB = gzip.compress(bytes(64 << 20))


def _drip(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 600\r\n\r\n")
    for _ in range(600):
        connection.sendall(b" ")
        time.sleep(0.1)


def _endless(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(2_000):
        connection.sendall(b"10000\r\n" + b"[" * 65_536 + b"\r\n")


def _sends(data: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(data)


def _leads_to(target: str) -> Callable[[socket.socket], None]:
    return _sends(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())


BEHAVIOURS: dict[str, Callable[[socket.socket], None]] = {
    "silent": lambda connection: time.sleep(3),
    "dripping": _drip,
    "endless": _endless,
    "huge": _sends(HEAD + b"Content-Length: 50000000\r\n\r\n" + b" " * 300_000),
    "a bomb": _sends(HEAD + f"Content-Encoding: gzip\r\nContent-Length: {len(_BOMB)}\r\n\r\n".encode() + _BOMB),
    "cut short": _sends(HEAD + b'Content-Length: 1000\r\n\r\n{"a":'),
    "leads to a private host": _leads_to("https://inside.example/"),
    "leads to an address": _leads_to("https://127.0.0.1/"),
    "leads to plain http": _leads_to("http://acme.example/"),
    "leads to a file": _leads_to("file:///etc/passwd"),
    "leads in circles": _leads_to("/again"),
    "an error": _sends(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
}


@contextmanager
def hostile(behave: Callable[[socket.socket], None]) -> Iterator[PlainLoopback]:
    def handle(connection: socket.socket) -> None:
        try:
            connection.recv(65_536)
            behave(connection)
        except OSError:
            pass
        finally:
            connection.close()

    with serving(handle) as port:
        yield PlainLoopback(port)


def look(web: PlainLoopback, names: Names) -> Ladder:
    listed = (Registry("Pilot", "dcc-legacy", REGISTRY_URL), Registry("Anchor", "oidf", ANCHOR_EC))
    door = SafeFetcher(resolver=names, connector=web, limits=Limits(seconds=FETCH_SECONDS))
    registries = Registries(listed, {}, time.monotonic)
    found = Ladders(door, NameSystem(), registries, seconds=LOOK_SECONDS).look_up(World().report())
    assert found is not None
    return found


@pytest.mark.case("DID-03", "DID-05", "DID-06", "DID-08")
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_every_hostile_answer_ends_unchecked_in_time(behaviour: str) -> None:
    names = Names({"inside.example": [["10.0.0.7"]], "*": [[PUBLIC]]})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    with hostile(BEHAVIOURS[behaviour]) as web:
        ladder = look(web, names)
        assert time.monotonic() - started < LOOK_SECONDS + 0.7
        assert {rung: outcome(ladder, rung) for rung in ASKED} == dict.fromkeys(ASKED, "not_checked")
        assert {opened[2] for opened in web.opened} <= {HOME, "registry.example", "anchor.example"}
        assert {opened[0] for opened in web.opened} == {PUBLIC}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024


@pytest.mark.case("DID-01", "DID-02", "DID-04")
@pytest.mark.parametrize("answer", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:192.168.0.1"])
def test_names_that_lead_inside_are_never_connected_to(answer: str) -> None:
    with hostile(BEHAVIOURS["an error"]) as web:
        ladder = look(web, Names({"*": [[answer]]}))
        assert {rung: outcome(ladder, rung) for rung in ASKED} == dict.fromkeys(ASKED, "not_checked")
        assert web.opened == []


# -- the name system, asked for real on loopback

Answer = Callable[[dns.message.Message], dns.message.Message | bytes | None]


def _reply(query: dns.message.Message, *texts: str) -> dns.message.Message:
    reply = dns.message.make_response(query)
    if texts:
        quoted = [" ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255)) for text in texts]
        reply.answer.append(dns.rrset.from_text_list(query.question[0].name, 60, "IN", "TXT", quoted))
    return reply


@contextmanager
def name_server(by_datagram: Answer, by_stream: Answer | None = None) -> Iterator[DnsTexts]:
    """A name server on loopback, by UDP and TCP on one port."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        port = listener.getsockname()[1]
        udp.bind(("127.0.0.1", port))

        def datagrams() -> None:
            while True:
                try:
                    data, peer = udp.recvfrom(4_096)
                except OSError:
                    return
                answer = by_datagram(dns.message.from_wire(data))
                if answer is not None:
                    udp.sendto(answer if isinstance(answer, bytes) else answer.to_wire(max_size=65_535), peer)

        def streams() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    size = int.from_bytes(connection.recv(2), "big")
                    answer = (by_stream or by_datagram)(dns.message.from_wire(connection.recv(size)))
                    if answer is not None:
                        wire = answer if isinstance(answer, bytes) else answer.to_wire(max_size=65_535)
                        connection.sendall(len(wire).to_bytes(2, "big") + wire)
                    else:
                        time.sleep(2)

        threads = [threading.Thread(target=run, daemon=True) for run in (datagrams, streams)]
        for thread in threads:
            thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], port
        yield DnsTexts(resolver)
        listener.shutdown(socket.SHUT_RDWR)


NAME = f"_plaudit.{HOME}"


def test_texts_come_back_whole() -> None:
    long = "did=did:web:" + "a" * 400 + ".example"
    with name_server(lambda query: _reply(query, "v=spf1 -all", long)) as names:
        assert sorted(names.texts(NAME, 2.0)) == sorted(["v=spf1 -all", long])


def test_only_the_very_name_is_asked_for() -> None:
    asked: list[str] = []

    def answer(query: dns.message.Message) -> dns.message.Message:
        asked.append(query.question[0].name.to_text())
        return _reply(query)

    with name_server(answer) as names:
        assert names.texts(NAME, 2.0) == ()
    assert asked == [NAME + "."]


def test_no_such_name_has_no_texts() -> None:
    def answer(query: dns.message.Message) -> dns.message.Message:
        reply = _reply(query)
        reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply

    with name_server(answer) as names:
        assert names.texts(NAME, 2.0) == ()


def test_what_does_not_fit_is_asked_for_by_tcp() -> None:
    def cut(query: dns.message.Message) -> dns.message.Message:
        reply = _reply(query)
        reply.flags |= dns.flags.TC
        return reply

    many = [f"did=did:web:{number}.example" for number in range(100)]
    with name_server(cut, lambda query: _reply(query, *many)) as names:
        found = names.texts(NAME, 2.0)
        assert len(found) == txt.MAX_RECORDS
        assert set(found) < set(many)
    with name_server(cut, lambda _: None) as names:
        started = time.monotonic()
        with pytest.raises(TookTooLong):
            names.texts(NAME, 0.4)
        assert time.monotonic() - started < 1.0


def test_what_no_did_can_be_is_left_out() -> None:
    with name_server(lambda query: _reply(query, "\\195\\169", "x" * 3_000, "did=did:web:a.example")) as names:
        assert names.texts(NAME, 2.0) == ("did=did:web:a.example",)


@pytest.mark.case("DID-05")
def test_a_silent_name_server_is_given_up() -> None:
    with name_server(lambda _: None) as names:
        started = time.monotonic()
        with pytest.raises(TookTooLong):
            names.texts(NAME, 0.3)
        assert time.monotonic() - started < 0.9


@pytest.mark.parametrize("answer", [b"garbage", b""])
def test_garbage_is_no_answer(answer: bytes) -> None:
    with name_server(lambda _: answer) as names, pytest.raises((TookTooLong, HostNotFound)):
        names.texts(NAME, 0.3)


def test_a_name_server_that_refuses_is_no_answer() -> None:
    def answer(query: dns.message.Message) -> dns.message.Message:
        reply = _reply(query)
        reply.set_rcode(dns.rcode.REFUSED)
        return reply

    with name_server(answer) as names, pytest.raises(HostNotFound):
        names.texts(NAME, 1.0)


@pytest.mark.case("DID-01")
@pytest.mark.parametrize(
    "domain", ["localhost", "printer.local", "db.internal", "10.0.0.1", "a..b", "x" * 64 + ".example"]
)
def test_private_and_broken_names_are_not_asked_for(domain: str) -> None:
    with name_server(lambda _: pytest.fail("asked")) as names, pytest.raises(PlauditError) as raised:
        names.texts(txt.record_name(domain), 0.3)
    assert isinstance(raised.value, Refused)


def test_a_machine_without_name_servers_cannot_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver, "Resolver", broken)
    with pytest.raises(Unreachable):
        DnsTexts().texts(NAME, 0.3)
