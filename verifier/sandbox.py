"""Reads untrusted files in disposable child processes: so many at once, each with a deadline and little memory.

A library for PDFs or pictures is a large body of C++ fed by strangers. Here a file can at worst kill a child that
holds nothing: an empty environment, no right to write a file or start a process of any size, and an answer that is cut
off at its limit. The parent never parses the file, never writes it to disk, and never waits for a free place longer
than a moment.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from credentials.errors import PlauditError
from verifier.document import answers, glance
from verifier.document.answers import Answer, Asked
from verifier.document.glance import InPdf
from verifier.intake import Contents, Unpacked
from verifier.pdf import MAX_CREDENTIAL
from verifier.problems import FILE_PROBLEMS, DamagedFile, FileTookTooLong, ManyBusy, ReaderBusy, TimeRanOut
from verifier.reading import codes, frames, leads, web_page
from verifier.reading.codes import Code
from verifier.reading.leads import Leads
from verifier.reading.web_page import Offered
from verifier.sandbox_worker import CODES, ENOUGH_BYTES, EXAMINED, FOUND, GLANCED, LEADS, MANY, OFFERED, PROBLEM

#: Where `python -m verifier.sandbox_worker` is found, installed or in a checkout.
_ROOT = Path(__file__).resolve().parent.parent
#: An archive's child ends behind the file with which it has sent enough.
_MAX_ANSWER = ENOUGH_BYTES + 2 * MAX_CREDENTIAL


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """`at_once` children of `seconds` and `memory_bytes` each; so many `waiting` for a place, and how long."""

    at_once: int = 2
    #: Starting the child takes about 0.2 s and reading a certificate 5 ms; the rest is for large or broken files.
    seconds: float = 5.0
    #: Address space: libraries map about 200 MB of it without touching most.
    memory_bytes: int = 512 * 1024 * 1024
    wait_seconds: float = 1.0
    #: Every one that waits holds a thread of the server, which others need who hand in no file.
    waiting: int = 2
    #: For all the files of an archive together, before the credentials in them are checked.
    archive_seconds: float = 8.0


class FileSandbox:
    """A `FileReader` (see `intake`) for files from strangers."""

    def __init__(self, limits: SandboxLimits = SandboxLimits()) -> None:
        self._limits = limits
        self._places = threading.BoundedSemaphore(limits.at_once)
        self._queue = threading.BoundedSemaphore(limits.waiting)
        #: An archive holds a place for seconds; a second one would leave none for a single certificate.
        self._archives = threading.BoundedSemaphore(1)

    def read_pdf(self, data: bytes) -> bytes | tuple[Code, ...]:
        """Return the credential embedded in the PDF, else the QR codes on its pages.

        Raises the problems of `verifier.pdf`, or of the limits.
        """
        kind, rest = self._read("pdf", data)
        return rest if kind == FOUND else codes.decode(rest)

    def read_picture(self, data: bytes) -> tuple[Code, ...]:
        """Return the QR codes in a picture; raises the problems of `reading.pictures`, or of the limits."""
        return codes.decode(self._read("picture", data)[1])

    def read_resume(self, data: bytes) -> Leads:
        """Return the links and QR codes in a PDF; raises the problems of `reading.resume_pdf`, or of the limits."""
        return leads.decode(self._read("resume", data)[1])

    def read_page(self, data: bytes, address: str) -> Offered:
        """Return what the web page at `address` holds and links to; raises the limits' problems."""
        return web_page.decode(self._read("page", address.encode() + b"\n" + data)[1])

    def examine(self, asked: Asked) -> Answer:
        """Look into a PDF as a whole; raises `DamagedFile`, `EncryptedFile`, or the limits' problems."""
        return answers.decode(self._read("document", answers.encode_asked(asked))[1])

    def read_archive(self, data: bytes) -> Unpacked:
        """Return what is in each file of a ZIP archive; raises `BatchNotRead`, `ManyBusy` and the limits' problems.

        A file that costs its child the life is named as damaged, and another child goes on behind it. What was not
        reached in time is `TimeRanOut`.
        """
        if not self._archives.acquire(blocking=False):
            raise ManyBusy("An archive is being unpacked at this moment.")
        try:
            return self._unpacked(data)
        finally:
            self._archives.release()

    def _unpacked(self, data: bytes) -> Unpacked:
        found: list[Contents | InPdf | PlauditError] = []
        end = time.monotonic() + self._limits.archive_seconds
        while True:
            listing, *answers = frames.split(self._read(f"archive {len(found)}", data)[1])
            names, left_out = frames.listed(listing)
            found += [_entry(answer) for answer in answers]
            if not answers and len(found) < len(names):
                found.append(DamagedFile("Reading it failed, or took more time or memory than is allowed."))
            if len(found) >= len(names) or time.monotonic() > end:
                break
        late = TimeRanOut("not checked: time ran out")
        found += [late] * (len(names) - len(found))
        return Unpacked(tuple(zip(names, found, strict=True)), left_out)

    def _read(self, task: str, data: bytes) -> tuple[bytes, bytes]:
        with self._place():
            return _result(self._ask(task, data))

    def _ask(self, task: str, data: bytes) -> bytes:
        return _run_child(task, data, self._limits)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False) and not self._waited():
            raise ReaderBusy(f"{self._limits.at_once} files are being read at this moment.")
        try:
            yield
        finally:
            self._places.release()

    def _waited(self) -> bool:
        """Wait for a place, unless enough do so already; tell whether there came one."""
        if not self._queue.acquire(blocking=False):
            return False
        try:
            return self._places.acquire(timeout=self._limits.wait_seconds)
        finally:
            self._queue.release()


def _run_child(task: str, data: bytes, limits: SandboxLimits) -> bytes:
    worker = ["-E", "-s", "-m", "verifier.sandbox_worker", task, str(limits.memory_bytes), str(limits.seconds)]
    with subprocess.Popen(
        [sys.executable, *worker],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={},
    ) as child:
        timer = threading.Timer(limits.seconds, child.kill)
        timer.daemon = True
        started = time.monotonic()
        timer.start()
        feeder = threading.Thread(target=_feed, args=(child, data), daemon=True)
        feeder.start()
        try:
            assert child.stdout is not None  # noqa: S101 (asked for by PIPE above)
            answer = child.stdout.read(_MAX_ANSWER)
        finally:
            timer.cancel()
            child.kill()
            feeder.join()
    if not answer and time.monotonic() - started >= limits.seconds:
        raise FileTookTooLong(f"The file was not read within {limits.seconds:g} seconds.")
    return answer


def _feed(child: subprocess.Popen[bytes], data: bytes) -> None:
    """Give the file to the child; a child that died reads no more, which its missing answer will tell."""
    assert child.stdin is not None  # noqa: S101 (asked for by PIPE)
    try:
        child.stdin.write(data)
        child.stdin.close()
    except OSError:
        return


def _entry(answer: bytes) -> Contents | InPdf | PlauditError:
    """What a child told of one file of an archive."""
    try:
        kind, rest = _result(answer)
        if kind == GLANCED:
            return glance.decode(rest)
    except PlauditError as problem:
        return problem
    return rest if kind == FOUND else codes.decode(rest)


def _result(answer: bytes) -> tuple[bytes, bytes]:
    """Return kind and content of the child's answer; raises the typed problem that it named."""
    kind, _, rest = answer.partition(b"\n")
    if kind in (FOUND, CODES, LEADS, OFFERED, EXAMINED, GLANCED, MANY):
        return kind, rest
    code, _, detail = rest.decode("utf-8", "replace").partition("\n")
    problem: type[PlauditError] | None = FILE_PROBLEMS.get(code) if kind == PROBLEM else None
    if problem is None:  # the child was killed by a limit of its own, or crashed
        raise DamagedFile("The file could not be read: reading it failed or took more memory than is allowed.")
    raise problem(detail)
