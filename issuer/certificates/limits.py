"""Bounds what one rendering process may use, so that a bad page costs that process and nothing else.

A limit belongs to the process that sets it: the worker does so first of all. Wall time is the parent's to keep.
"""

from __future__ import annotations

import resource
from dataclasses import dataclass

MEGABYTE = 1 << 20
LAST_WORDS = 64 << 10  # bytes of a traceback on standard error, which is a file


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a rendering process: memory in bytes, CPU seconds and wall seconds a certificate, renders a process.

    512 MB and 20 s are the bounds of case TPL-05; a certificate takes about 120 MB and 0.1 s. A process is replaced
    after 500 certificates because Pango and fontconfig give little memory back.
    """

    memory: int = 512 * MEGABYTE
    cpu_seconds: int = 20
    deadline: float = 20.0
    renders: int = 500


def apply(memory: int) -> None:
    """Bound this process: private memory, open files, and no core dumps (they would hold students' names)."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def allow_cpu(seconds: int) -> None:
    """Grant this process so many CPU seconds from now on; past them the kernel ends it with SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    granted = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (granted, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def write_little() -> None:
    """From now on this process cannot make a file longer than its last words need: it answers through its pipe."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LAST_WORDS, LAST_WORDS))
