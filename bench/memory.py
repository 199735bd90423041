"""How much memory each side takes at its peak to issue many credentials, each in a process of its own (Linux).

`python -m bench.memory COUNT` is our process: it issues COUNT credentials, keeps none, and prints its peak.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.targets import DIGITAL_BAZAAR, OURS
from bench.world import CREATED_TEXT, World, world

#: As many as a large employer issues in a year.
COUNT = 2_000
SUITE = "eddsa-rdfc-2022"
REPOSITORY = Path(__file__).resolve().parent.parent


def measure(count: int = COUNT) -> dict[str, Any]:
    """Peak kilobytes by contender."""
    command = [sys.executable, "-m", "bench.memory", str(count)]
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    with world() as theirs:
        theirs.node.ask("issueNext", {"list": "records", **_key(theirs)}, n=count)
        peaks = {OURS: int(finished.stdout), DIGITAL_BAZAAR: peak_kilobytes(theirs.node.pid)}
    return {"credentials": count, "suite": SUITE, "peak_kilobytes": peaks}


def table(result: dict[str, Any]) -> str:
    """The figures for the terminal."""
    lines = ["", f"peak memory, {result['credentials']:,} credentials issued"]
    lines += [f"  {name:<42} {kilobytes / 1024:>10.0f} MB" for name, kilobytes in result["peak_kilobytes"].items()]
    return "\n".join(lines)


def peak_kilobytes(pid: int | str = "self") -> int:
    """The most memory that a process has held at a time since it began to run its program."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise OSError(f"the system tells no peak of process {pid}")


def _key(made: World) -> dict[str, str]:
    return {"suite": SUITE, "key": made.ed25519.verification_method, "created": CREATED_TEXT}


def _issue(count: int) -> None:
    """Issue and print our own peak. The Node process beside us is not part of it."""
    with world() as made:
        for document in islice(cycle(made.records), count):
            made.issue(document, made.ed25519, SUITE)
    print(peak_kilobytes())


if __name__ == "__main__":
    _issue(int(sys.argv[1]))
