"""One strict way to read an HTTP answer: everything that two readers could understand differently is an error."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import Unreachable
from verifier.http_reader import MAX_BODY, read_answer
from verifier.problems import AnswerTooLarge, BadAnswer


def pieces(data: bytes, size: int = 7) -> Callable[[int], bytes]:
    """Give `data` out a few bytes at a time, as networks do, then the end of the stream."""
    parts = iter([data[i : i + size] for i in range(0, len(data), size)])
    return lambda count: next(parts, b"")


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 4096])
@pytest.mark.parametrize(
    "data",
    [
        OK + b"Content-Length: 5\r\n\r\nhello",
        OK + b"content-length:5 \r\nX: y\r\n\r\nhello and what is not read",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n",
        OK + b"\r\nhello",
        b"HTTP/1.0 200\r\n\r\nhello",
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 5\r\n\r\nhello",
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0),
    ],
)
def test_good_answers_read_the_same_however_they_are_cut(data: bytes, size: int) -> None:
    assert read_answer(pieces(data, size)).body == b"hello"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"HTTP/2 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\n\nhello",
        OK,
        OK + b"Content-Length: 5\r\n\r\nhell",
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        OK + b"Content-Length: 5, 5\r\n\r\nhello",
        OK + b"Content-Length: +5\r\n\r\nhello",
        OK + b"Content-Length: 1_0\r\n\r\nhellohello",
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\n{}\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        OK + b"A: b\r\n folded\r\n\r\n",
        OK + b"No colon\r\n\r\n",
        OK + b"Space : x\r\n\r\n",
        OK + b"A: \0\r\n\r\n",
        OK + b"Content-Encoding: br\r\n\r\nx",
        OK + b"Content-Encoding: gzip, gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0),
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0)[:-3],
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hello", mtime=0) + b"junk",
        OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"he", mtime=0) + gzip.compress(b"llo", mtime=0),
        OK + b"Content-Encoding: gzip\r\n\r\n" + zlib.compress(b"hello"),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 9 + OK + b"\r\n",
        OK + b"X: 1\r\n" * 5000 + b"\r\n",
        OK + b"X: " + b"a" * 2_000_000 + b"\r\n\r\n",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(data: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_answer(pieces(data, 4096))


@pytest.mark.case("DID-06")
@pytest.mark.parametrize(
    "head",
    [b"\r\n", b"Content-Length: 99999999\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n"],
)
def test_a_large_body_is_cut_off(head: bytes) -> None:
    served = 0

    def endless(count: int) -> bytes:
        nonlocal served
        served += 4096
        return OK + head if served == 4096 else b"[" * 4096

    with pytest.raises(AnswerTooLarge):
        read_answer(endless)
    assert served < 2 * MAX_BODY


@pytest.mark.case("DID-06")
def test_a_gzip_bomb_costs_no_memory() -> None:
    bomb = gzip.compress(bytes(1 << 27), 9)
    assert len(bomb) < MAX_BODY
    stream = pieces(OK + b"Content-Encoding: gzip\r\n\r\n" + bomb, 16384)
    tracemalloc.start()
    try:
        with pytest.raises(AnswerTooLarge):
            read_answer(stream)
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_BODY
    finally:
        tracemalloc.stop()


def test_the_body_of_another_status_is_not_read() -> None:
    answer = read_answer(pieces(b"HTTP/1.1 404 Not Found\r\nContent-Length: 999999999\r\n\r\nx"))
    assert (answer.status, answer.body) == (404, b"")


@given(st.binary(max_size=300), st.sampled_from([b"", OK, OK + b"Transfer-Encoding: chunked\r\n\r\n"]))
def test_no_bytes_raise_anything_untyped(data: bytes, start: bytes) -> None:
    with contextlib.suppress(Unreachable):
        read_answer(pieces(start + data, 64))
