"""The house rules that no other tool holds: one composition root, a ban list that bites, small functions and files."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGES = ("credentials", "schemas", "keys", "issuer", "verifier")

#: A reader holds this much at once; a function that needs more has a second idea in it.
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 400

#: Table definitions of a migration read best in one piece; the errors are a catalogue, one small class each.
LONG_BY_NATURE = ("issuer/db/migrations/",)

BANNED_IN_THE_CORE = {
    "the time of day": "import datetime\n\nx = datetime.datetime.now()\n",
    "the time of day, imported by name": "from datetime import datetime\n\nx = datetime.now()\n",
    "today": "from datetime import date\n\nx = date.today()\n",
    "the clock": "import time\n\nx = time.time()\n",
    "a new identifier": "import uuid\n\nx = uuid.uuid4()\n",
    "a secret": "import secrets\n\nx = secrets.token_bytes(16)\n",
    "chance": "import random\n\nx = random.random()\n",
    "chance from the system": "import os\n\nx = os.urandom(16)\n",
    "the environment": "import os\n\nx = os.environ\n",
    "one variable of the environment": "import os\n\nx = os.getenv('HOME')\n",
    "a connection": "import socket\n\nx = socket.socket()\n",
    "a fetch": "from urllib.request import urlopen\n\nx = urlopen\n",
    "a file": "import pathlib\n\nx = pathlib.Path()\n",
    "a log": "import logging\n\nx = logging.getLogger()\n",
}


def own_sources() -> Iterator[Path]:
    """Every Python file of ours outside tests/ and bench/."""
    yield from REPOSITORY.glob("*.py")
    for package in PACKAGES:
        yield from (REPOSITORY / package).rglob("*.py")


def imported_names(tree: ast.AST) -> Iterator[str]:
    """The dotted name of every module that a syntax tree imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def relative(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def bans(code: str, *, in_file: str) -> bool:
    """Whether ruff's ban list refuses `code` if it stood in `in_file`."""
    ruff = [sys.executable, "-m", "ruff", "check", "--quiet", "--no-cache", "--select", "TID251", "--stdin-filename"]
    result = subprocess.run([*ruff, in_file, "-"], input=code, text=True, capture_output=True, cwd=REPOSITORY)
    assert result.returncode in (0, 1), result.stderr
    return "TID251" in result.stdout


@pytest.mark.parametrize("code", BANNED_IN_THE_CORE.values(), ids=BANNED_IN_THE_CORE.keys())
def test_the_core_may_not_ask_the_machine(code: str) -> None:
    assert bans(code, in_file="credentials/probe.py")


def test_the_edges_may_ask_the_machine() -> None:
    everything = "\n".join(BANNED_IN_THE_CORE.values())
    for file in ("issuer/probe.py", "issuer/services/probe.py", "verifier/probe.py", "keys/probe.py", "plaudit.py"):
        assert not bans(everything, in_file=file), file


def test_nobody_in_the_core_silences_the_ban_list() -> None:
    silenced = [
        f"{relative(path)}:{number}"
        for path in (REPOSITORY / "credentials").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "noqa" in line and ("TID251" in line or line.rstrip().endswith("noqa"))
    ]
    assert not silenced


def test_only_the_composition_root_imports_both_apps() -> None:
    both = {
        relative(path)
        for path in own_sources()
        if {"issuer", "verifier"}
        <= {name.split(".")[0] for name in imported_names(ast.parse(path.read_text(encoding="utf-8")))}
    }
    assert both <= {"plaudit.py"}


def test_nobody_imports_the_composition_root() -> None:
    guilty = [
        relative(path)
        for path in own_sources()
        if "plaudit" in {name.split(".")[0] for name in imported_names(ast.parse(path.read_text(encoding="utf-8")))}
    ]
    assert not guilty


def test_no_package_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "manager"}
    assert not [relative(path) for path in own_sources() if path.stem in drawers or path.parent.name in drawers]


def long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            length = node.end_lineno - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{relative(path)}:{node.lineno} {node.name} has {length} lines"


def test_functions_are_small() -> None:
    sources = [path for path in own_sources() if not relative(path).startswith(LONG_BY_NATURE)]
    too_long = [finding for path in sources for finding in long_functions(path)]
    assert not too_long, "\n".join(too_long)


def test_files_are_small() -> None:
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in own_sources()}
    too_long = {
        name: lines for name, lines in lengths.items() if lines > MAX_FILE_LINES and not name.startswith(LONG_BY_NATURE)
    }
    assert not too_long
