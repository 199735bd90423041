"""The load of the HTTP measurement is what it says: so many callers, every answer looked at, none taken for another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import over_http
from bench.load import Load, WrongAnswerError, drive, get, post
from tests.interop.node_worker import NodeMissingError, node_program


class Echo(BaseHTTPRequestHandler):
    """Gives back what it is sent, on a connection that stays open."""

    protocol_version = "HTTP/1.1"
    #: So that headers and body leave together, as an honest server's do.
    wbufsize = 65_536

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500 if body == b"wrong" else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()


def test_each_request_is_asked_in_turn_and_every_answer_counted(port: int) -> None:
    asked = [post(port, "/", b"right %d" % number + bytes(200_000), "text/plain") for number in range(3)]
    load = drive(port, asked, b"right", connections=2, most=7)
    assert len(load.times) == 7
    assert load.per_second == pytest.approx(7 / load.seconds)
    assert len(drive(port, asked, b"right", connections=2, seconds=0.2).times) > 2


@pytest.mark.parametrize("body", [b"wrong", b"something else"])
def test_a_wrong_answer_ends_the_measurement(port: int, body: bytes) -> None:
    with pytest.raises(WrongAnswerError):
        drive(port, [post(port, "/", body, "text/plain")], b"right", most=1)


def test_percentiles_are_of_the_answers_that_came() -> None:
    load = Load(1.0, [number / 1000 for number in range(100, 0, -1)])
    assert (load.percentile(0.5), load.percentile(0.99), load.percentile(1.0)) == (50, 99, 100)


def test_a_page_is_asked_for_as_a_browser_does() -> None:
    assert b"Accept: text/html" in get(80, "/verify")


def test_promises_are_judged_by_medians() -> None:
    fast, slow = Load(1.0, [0.001] * 3000), Load(1.0, [0.1] * 10)
    loads = {
        over_http.API: [fast, slow, fast],
        over_http.PEER: [slow],
        over_http.PAGE: [fast],
        over_http.RECORD: [slow],
    }
    outcomes = [one["outcome"] for one in over_http.judge(loads)]
    assert outcomes == ["met", "met", "met", "met", "missed"]


@pytest.mark.interop
@pytest.mark.xdist_group("node")
@pytest.mark.timeout(300)
def test_both_sides_judge_rightly_before_anything_counts() -> None:
    try:
        node_program()
    except NodeMissingError as error:
        pytest.skip(str(error))
    found = over_http.measure(over_http.Effort(records=3, rounds=1, seconds=0.1, workers=1))
    assert {one["name"] for one in found["contenders"]} == {
        over_http.FIRST, over_http.API, over_http.PEER, over_http.PAGE, over_http.RECORD,
    }  # fmt: skip
    assert over_http.API in over_http.written(found)
