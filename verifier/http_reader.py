"""Reads one HTTP/1.1 answer strictly, and decodes its body within limits. It opens nothing and follows nothing.

Rules, from RFC 9112: a status line with a three-digit status; header names are tokens and lines end in CRLF; no folded
lines; a length is one decimal number, or the body is chunked, never both; a body that ends early is an error. Only
`gzip` is decoded, never past the limit, and nothing may follow its one member. Everything is bounded: lines, headers,
interim answers, bytes. Whoever passes in `recv` holds it to the deadline, so a drip of bytes cannot outlast it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from verifier.problems import AnswerTooLarge, BadAnswer

#: `recv(n)` gives 1 to n bytes, or b"" at the end of the stream.
Receive = Callable[[int], bytes]

#: Decoded bytes. A credential is about 6 kB and a full status list about 20 kB, so this leaves room for both to grow.
MAX_BODY = 256_000
#: All header lines of one answer; a large front-end sends about 3 kB.
MAX_HEAD = 32_768
MAX_HEADERS = 100
#: 100 Continue and 103 Early Hints may come before the answer; more than a few are a way to hold us.
MAX_INTERIM = 3
_READ = 16_384

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*")
_LENGTH = re.compile(r"[0-9]{1,12}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[\t ]*(?:;[\t\x20-\x7e]*)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its status, its headers by lower-case name, and its decoded body (empty when not asked for)."""

    status: int
    headers: dict[str, str]
    body: bytes


def read_answer(recv: Receive, *, max_body: int = MAX_BODY) -> Answer:
    """Read one answer to a GET. The body is read only for status 200: no other one carries a document for us."""
    lines = _Lines(recv)
    for _ in range(MAX_INTERIM + 1):
        status, headers = _read_head(lines)
        if status >= 200:
            break
    else:
        raise BadAnswer("The server sent one interim answer after another.")
    if status != 200:
        return Answer(status, headers, b"")
    return Answer(status, headers, _decode(headers, _read_body(lines, headers, max_body), max_body))


class _Lines:
    """A small buffer over `recv` that gives lines and counted bytes."""

    def __init__(self, recv: Receive) -> None:
        self._recv = recv
        self._buffer = bytearray()

    def _more(self) -> bool:
        data = self._recv(_READ)
        self._buffer += data
        return bool(data)

    def line(self, limit: int) -> bytes:
        """Return the next line without its CRLF; at most `limit` bytes long."""
        while (end := self._buffer.find(b"\r\n", 0, limit + 2)) < 0:
            if len(self._buffer) > limit:
                raise BadAnswer("The server sent a header that is too long.")
            if not self._more():
                raise BadAnswer("The server stopped in the middle of its answer.")
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def exactly(self, count: int) -> bytes:
        """Return the next `count` bytes."""
        while len(self._buffer) < count:
            if not self._more():
                raise BadAnswer("The server stopped in the middle of its answer.")
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def to_the_end(self, limit: int) -> bytes:
        """Return everything until the server closes; more than `limit` bytes are too many."""
        while self._more():
            if len(self._buffer) > limit:
                raise AnswerTooLarge(f"The answer has more than {limit} bytes.")
        return bytes(self._buffer)


def _read_head(lines: _Lines) -> tuple[int, dict[str, str]]:
    status = _STATUS.fullmatch(lines.line(MAX_HEAD))
    if status is None:
        raise BadAnswer("What came back is not an HTTP/1.1 answer.")
    headers: dict[str, str] = {}
    left = MAX_HEAD
    for _ in range(MAX_HEADERS + 1):
        line = lines.line(left)
        if not line:
            return int(status[1]), headers
        left -= len(line)
        _add_header(headers, line)
    raise BadAnswer("The server sent too many headers.")


#: Headers that decide how the answer is read: said twice, they could be read in two ways.
_ONCE = frozenset({"content-length", "transfer-encoding", "content-encoding", "location", "content-type"})


def _add_header(headers: dict[str, str], line: bytes) -> None:
    match = _HEADER.fullmatch(line)
    if match is None:
        raise BadAnswer("The server sent a header that is not well formed.")
    name = match[1].decode("ascii").lower()
    if name in headers and name in _ONCE:
        raise BadAnswer(f"The server sent the header {name} twice.")
    headers[name] = match[2].decode("latin-1")


def _read_body(lines: _Lines, headers: dict[str, str], max_body: int) -> bytes:
    coding, length = headers.get("transfer-encoding"), headers.get("content-length")
    if coding is not None:
        if coding.lower() != "chunked" or length is not None:
            raise BadAnswer("The server framed its answer in a way that can be read in two ways.")
        return _read_chunks(lines, max_body)
    if length is None:
        return lines.to_the_end(max_body)
    if not _LENGTH.fullmatch(length):
        raise BadAnswer("The server gave a length that is not a number.")
    if int(length) > max_body:
        raise AnswerTooLarge(f"The answer has more than {max_body} bytes.")
    return lines.exactly(int(length))


def _read_chunks(lines: _Lines, max_body: int) -> bytes:
    body = bytearray()
    overhead = MAX_HEAD
    while True:
        line = lines.line(overhead)
        overhead -= len(line)
        match = _CHUNK.fullmatch(line)
        if match is None:
            raise BadAnswer("The server sent a chunk whose size is not a number.")
        size = int(match[1], 16)
        if size == 0:
            return bytes(body)  # a trailer, if any, holds nothing that we use, and the connection is closed
        if len(body) + size > max_body:
            raise AnswerTooLarge(f"The answer has more than {max_body} bytes.")
        body += lines.exactly(size)
        if lines.exactly(2) != b"\r\n":
            raise BadAnswer("The server sent a chunk that does not end where it says.")


def _decode(headers: dict[str, str], body: bytes, max_body: int) -> bytes:
    coding = headers.get("content-encoding", "identity").lower()
    if coding in ("identity", ""):
        return body
    if coding not in ("gzip", "x-gzip"):
        raise BadAnswer("The server compressed its answer in a way that was not asked for.")
    inflater = zlib.decompressobj(wbits=31)
    try:
        decoded = inflater.decompress(body, max_body + 1)
    except zlib.error as error:
        raise BadAnswer("The compressed answer is broken.") from error
    if len(decoded) > max_body:
        raise AnswerTooLarge(f"The answer unpacks to more than {max_body} bytes.")
    if not inflater.eof or inflater.unused_data:
        raise BadAnswer("The compressed answer is broken.")
    return decoded
