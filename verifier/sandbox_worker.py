"""The disposable child: reads one file from standard input, writes what is in it to standard output, and ends.

It takes away its own rights before it reads the first byte. Answer: `found`, a line break and the credential's bytes;
`codes`, a line break and what `reading.codes` writes; or `problem`, a line break, the problem's code, a line break and
its detail. No answer means that it was killed.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

FOUND = b"found"
CODES = b"codes"
PROBLEM = b"problem"


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


def answer(task: str, data: bytes) -> bytes:
    """Do one task on `data`; whatever is wrong with the file becomes an answer too."""
    from credentials.errors import PlauditError

    try:
        return _TASKS[task](data)
    except PlauditError as problem:
        return PROBLEM + f"\n{problem.code}\n{problem.detail}".encode()


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


def _picture(data: bytes) -> bytes:
    from verifier.reading import codes, pictures

    return CODES + b"\n" + codes.encode(pictures.codes_in(data))


_TASKS: dict[str, Callable[[bytes], bytes]] = {"pdf": _pdf, "picture": _picture}


def main(arguments: list[str]) -> None:
    """Read, answer, end. The libraries are loaded after the limits are in force."""
    task, memory_bytes, seconds = arguments
    limit_myself(int(memory_bytes), float(seconds))
    sys.stdout.buffer.write(answer(task, sys.stdin.buffer.read()))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
