"""What a running server's processes take of the machine, as Linux tells it."""

from __future__ import annotations

from pathlib import Path

PROC = Path("/proc")


def web_processes(group: int) -> list[int]:
    """The web processes of the server that leads this process group; not its worker, nor what reads files."""
    return [pid for pid in _of_group(group) if b"granian" in _command(pid) or b"spawn_main" in _command(pid)]


def peak_memory(pids: list[int]) -> int:
    """The most memory that these processes have had in RAM so far, added up, in bytes."""
    return sum(_kilobytes(pid, "VmHWM") for pid in pids) * 1024


def _of_group(group: int) -> list[int]:
    return [int(path.name) for path in PROC.iterdir() if path.name.isdigit() and _group(int(path.name)) == group]


def _group(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:  # it ended meanwhile
        return 0


def _command(pid: int) -> bytes:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes() + (PROC / str(pid) / "comm").read_bytes()
    except OSError:
        return b""


def _kilobytes(pid: int, name: str) -> int:
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise AssertionError(f"{name} is not told")
