"""A person at a terminal: runs `plaudit` in a process of its own, on a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent.parent
#: Exit codes (docs/command-line.md).
VALID, NOT_VALID, NOT_CHECKED, USAGE = 0, 1, 2, 64


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Terminal:
    """Runs `plaudit` on one data folder, which no other test sees."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.settings = settings
        self.home = folder / "home"

    def __call__(self, *arguments: str | Path, given: bytes | None = None, **settings: str) -> Ran:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
        environ |= {"PLAUDIT_HOME": str(self.home), "PYTHONPATH": str(REPOSITORY)} | self.settings | settings
        done = subprocess.run(
            [sys.executable, "-m", "plaudit", *map(str, arguments)],
            input=given, stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True, cwd=self.folder, env=environ, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def index(terminal: Terminal, out: str = "out") -> list[dict[str, Any]]:
    """The lines of an export's index."""
    listed: list[dict[str, Any]] = json.loads((terminal.folder / out / "index.json").read_text(encoding="utf-8"))
    return listed
