"""The disposable child: reads one file from standard input, writes what is in it to standard output, and ends.

It takes away its own rights before it reads the first byte. Answer: `found`, a line break and the credential's bytes;
`codes` or `leads`, a line break and what the module of that name in `reading` writes; `examined`, a line break and what
`document.answers` writes; `offered`, a line break and what
`reading.web_page` writes; or `problem`, a line break, the problem's code, a line break and its detail. No answer means
that it was killed. For an archive it is `many`, a line break and what `reading.frames` writes, each file's answer as
soon as it is there.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from credentials.errors import PlauditError
    from verifier.reading.codes import Code

FOUND = b"found"
CODES = b"codes"
LEADS = b"leads"
OFFERED = b"offered"
EXAMINED = b"examined"
GLANCED = b"glanced"
MANY = b"many"
PROBLEM = b"problem"


#: How far a file stands back behind those who hand in none (nice(2)): a third of their weight when a core is wanted.
YIELDING = 5


def limit_myself(memory_bytes: int, seconds: float) -> None:
    """Bound memory, processor time and open files; forbid writing any file and leaving a memory image behind."""
    cpu = max(1, round(seconds))
    for kind, bound in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (bound, bound))


#: Bytes of answers after which an archive's child ends; its parent asks another one for the rest.
ENOUGH_BYTES = 20_000_000


def answers(task: str, data: bytes, late: Callable[[], bool] = lambda: False) -> Iterator[bytes]:
    """Do one task on `data`, and yield the answer in pieces; whatever is wrong with the file is an answer too.

    "archive 12" begins with the archive's thirteenth file, and ends after a file when it is `late`.
    """
    from credentials.errors import PlauditError

    name, _, skip = task.partition(" ")
    try:
        if name == "archive":
            yield from _archive(data, int(skip), late)
        else:
            yield _TASKS[name](data)
    except PlauditError as problem:
        yield _problem(problem)


def _problem(problem: PlauditError) -> bytes:
    return PROBLEM + f"\n{problem.code}\n{problem.detail}".encode("utf-8", "replace")


def _archive(data: bytes, skip: int, late: Callable[[], bool]) -> Iterator[bytes]:
    from credentials.errors import PlauditError
    from verifier.reading import archive, frames

    opened = archive.Archive(data)
    yield MANY + b"\n" + frames.frame(frames.listing(opened.names, opened.left_out))
    sent = 0
    for content in opened.contents(skip):
        answer = _problem(content) if isinstance(content, PlauditError) else _file(content)
        yield frames.frame(answer)
        sent += len(answer)
        if late() or sent > ENOUGH_BYTES:
            return


def _file(data: bytes) -> bytes:
    """Read one file of an archive as if it had been handed in by itself."""
    from credentials.errors import PlauditError
    from verifier import intake
    from verifier.reading import archive, codes

    try:
        archive.check_no_archive(data)
        if intake.is_pdf(data):
            return _one_pdf_of_many(data)
        found = intake.contents_of_no_pdf(data, _Here())
    except PlauditError as problem:
        return _problem(problem)
    return FOUND + b"\n" + found if isinstance(found, bytes) else CODES + b"\n" + codes.encode(found)


class _Here:
    """Reads pictures in this process: it is the child already."""

    def read_picture(self, data: bytes) -> tuple[Code, ...]:
        from verifier.reading.pictures import codes_in

        return codes_in(data)


def _pdf(data: bytes) -> bytes:
    """The credential that is attached to a PDF; where there is none, the codes on its pages."""
    from verifier.pdf import embedded_credential
    from verifier.problems import NoCredentialInFile

    try:
        return FOUND + b"\n" + embedded_credential(data)
    except NoCredentialInFile:
        from verifier.reading import codes, pages

        found = pages.codes_on_pages(data)
        if not found:
            raise
        return CODES + b"\n" + codes.encode(found)


def _one_pdf_of_many(data: bytes) -> bytes:
    """What `_pdf` finds; of an attached credential also the text of the pages round it."""
    from verifier.document import glance

    kind, _, rest = (found := _pdf(data)).partition(b"\n")
    return GLANCED + b"\n" + glance.encode(glance.glance(data, rest)) if kind == FOUND else found


def _picture(data: bytes) -> bytes:
    from verifier.reading import codes, pictures

    return CODES + b"\n" + codes.encode(pictures.codes_in(data))


def _resume(data: bytes) -> bytes:
    from verifier.reading import leads, resume_pdf

    return LEADS + b"\n" + leads.encode(resume_pdf.leads_in(data))


def _page(data: bytes) -> bytes:
    """A web page; its address stands in the first line, where no list of processes shows it."""
    from verifier.reading import web_page

    address, _, page = data.partition(b"\n")
    return OFFERED + b"\n" + web_page.encode(web_page.offered(page, address.decode()))


def _document(data: bytes) -> bytes:
    """A PDF as a whole, and what to compare it with."""
    from verifier.document import answers, examining

    return EXAMINED + b"\n" + answers.encode(examining.examine(answers.decode_asked(data)))


_TASKS: dict[str, Callable[[bytes], bytes]] = {
    "pdf": _pdf,
    "picture": _picture,
    "resume": _resume,
    "page": _page,
    "document": _document,
}


def main(arguments: list[str]) -> None:
    """Read, answer, end. The libraries are loaded after the limits are in force."""
    task, memory_bytes, seconds = arguments
    os.nice(YIELDING)
    limit_myself(int(memory_bytes), float(seconds))
    half_time = time.monotonic() + float(seconds) / 2
    for piece in answers(task, sys.stdin.buffer.read(), lambda: time.monotonic() > half_time):
        sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
