"""The disposable child: reads one PDF from standard input, writes its credential to standard output, and ends.

It takes away its own rights before it reads the first byte. Answer: `found`, a line break and the credential's bytes;
or `problem`, a line break, the problem's code, a line break and its detail. No answer means that it was killed.
"""

from __future__ import annotations

import resource
import sys

FOUND = b"found"
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


def main(arguments: list[str]) -> None:
    """Read, answer, end. The library is loaded after the limits are in force."""
    limit_myself(int(arguments[0]), float(arguments[1]))
    from credentials.errors import PlauditError
    from verifier.pdf import embedded_credential

    try:
        answer = FOUND + b"\n" + embedded_credential(sys.stdin.buffer.read())
    except PlauditError as problem:
        answer = PROBLEM + f"\n{problem.code}\n{problem.detail}".encode()
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
