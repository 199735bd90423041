"""Changes the verification modules in thousands of small ways and counts how many of the changes some test notices.

mutmut makes the changes and runs the tests against each. It writes next to what it changes, so it works on a copy in
a temporary folder, never in the repository. Nothing is left out: sentences, error details and pointers are changed
like everything else. mutmut itself changes only what stands inside functions, and none that has a decorator.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mutmut.mutation import diff_apply

from tests.conftest import REPOSITORY

#: The modules that decide whether a credential or a presentation is good, as patterns of paths.
MODULES: Final = (
    "credentials/verify/*",
    "credentials/challenges.py",
    "credentials/presentation.py",
    "credentials/data_integrity.py",
    "credentials/cryptosuites/__init__.py",
    "credentials/cryptosuites/hashed.py",
)
#: The tests that are to notice.
TESTS: Final = (
    "tests/credentials/test_challenges.py",
    "tests/credentials/test_cryptosuites*.py",
    "tests/credentials/test_data_integrity*.py",
    "tests/credentials/test_presentation*.py",
    "tests/credentials/test_verify_*.py",
)
#: Of those, the long ones that the others make superfluous here: every fault at every call, and the corpus of files.
_TOO_LONG: Final = ("test_verify_faults.py", "test_verify_vectors.py")
#: What the tests need to run.
_COPIED: Final = (
    "credentials", "schemas", "keys", "verifier", "issuer", "templates", "tests", "plaudit.py", "pyproject.toml",
)  # fmt: skip
_NOT_COPIED: Final = shutil.ignore_patterns("interop", "__pycache__", "node_modules", ".hypothesis")
#: Processes that run tests at the same time.
_CHILDREN: Final = 2
#: What mutmut writes down of a mutant (`mutmut.stats.status_by_exit_code`): a test failed, or never came to an end.
_NOTICED: Final = (1, 3, 24, -24, 36, 152, 255)
#: Not decided: never run, or broken off. Everything else survived: no test failed, none reaches it, Python crashed.
_UNDECIDED: Final = (None, 2)
#: What belongs to the run of pytest that started the battery, not to those inside it.
_NOT_INHERITED: Final = ("PYTEST_", "COV_", "COVERAGE_")


@dataclass(frozen=True, slots=True)
class Score:
    """How one module did: how many changes were made to it, and the names of those that no test noticed."""

    module: str
    made: int
    survivors: tuple[str, ...]

    @property
    def percent(self) -> float:
        """Share of the changes that some test noticed."""
        return 100 * (self.made - len(self.survivors)) / self.made


@contextlib.contextmanager
def sandbox() -> Iterator[Path]:
    """A copy of what is needed, set up for mutmut, for as long as the context is open."""
    with tempfile.TemporaryDirectory(prefix="plaudit-mutation-") as name:
        folder = Path(name)
        fill(folder)
        yield folder


def fill(folder: Path) -> None:
    """Copy what is needed into `folder`, with mutmut's settings at the end of pyproject.toml."""
    for name in _COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_NOT_COPIED, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / name)
    with (folder / "pyproject.toml").open("a") as settings:
        settings.write(_settings(folder))


def _settings(folder: Path) -> str:
    tests = [found for pattern in TESTS for found in sorted(folder.glob(pattern)) if found.name not in _TOO_LONG]
    values = {
        "source_paths": ["credentials"],
        "only_mutate": list(MODULES),
        "also_copy": [name for name in _COPIED if name not in ("credentials", "tests", "pyproject.toml")],
        "pytest_add_cli_args_test_selection": [str(found.relative_to(folder)) for found in tests],
        "pytest_add_cli_args": ["-p", "no:randomly", "-x", "-q"],
        "use_git_change_detection": False,
    }
    return "\n[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())


def run(folder: Path, names: Sequence[str], vectors: Path) -> list[Score]:
    """Run mutmut in `folder` for the mutants whose names fit one of the patterns (all, where there is none).

    Raises RuntimeError with the end of what mutmut said when it broke down.
    """
    program = [sys.executable, "-m", "mutmut", "run", "--max-children", str(_CHILDREN), *names]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    environment = {**inherited, "PLAUDIT_VECTORS": str(vectors), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"mutmut ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    return scores(folder, whole=not names)


def scores(folder: Path, *, whole: bool) -> list[Score]:
    """What mutmut wrote down. Of a `whole` run every mutant must be decided; else RuntimeError."""
    root = folder / "mutants"
    found = []
    for record in sorted(root.glob("credentials/**/*.meta")):
        outcomes = json.loads(record.read_text())["exit_code_by_key"]
        decided = {name: code for name, code in outcomes.items() if code not in _UNDECIDED}
        if whole and len(decided) != len(outcomes):
            raise RuntimeError(f"{len(outcomes) - len(decided)} mutants of {record.name} were not judged")
        if decided:
            survivors = tuple(sorted(name for name, code in decided.items() if code not in _NOTICED))
            found.append(Score(str(record.relative_to(root)).removesuffix(".meta"), len(decided), survivors))
    return found


def total(found: Sequence[Score]) -> Score:
    """All modules taken together."""
    survivors = tuple(name for score in found for name in score.survivors)
    return Score("all modules", sum(score.made for score in found), survivors)


def describe(found: Sequence[Score], folder: Path) -> str:
    """One line a module, then every survivor with the lines that it changed."""
    lines = [f"{score.percent:6.1f} %  {score.made:5}  {score.module}" for score in (*found, total(found))]
    with contextlib.chdir(folder):
        told = [_changed(name, score.module) for score in found for name in score.survivors]
    return "\n".join([*lines, "", "survivors:", *told])


def _changed(name: str, module: str) -> str:
    lines = diff_apply.get_diff_for_mutant(name, path=module).splitlines()
    changed = (line for line in lines if line[:1] in ("-", "+") and not line.startswith(("---", "+++")))
    return "\n".join([name, *(f"    {line[0]} {line[1:].strip()}" for line in changed)])
