"""The commands that bring everything: what `make` offers, and what the set-up says where it cannot help itself."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

#: Commands that documents and people rely on.
PROMISED = {"help", "setup", "demo", "run", "test", "check", "trust", "interop", "bench", "clean"} | {
    "format",
    "lint",
    "types",
    "docs-check",
}

#: What the script itself calls, and nothing that it looks for.
TOOLS = ("bash", "grep", "sort", "id")


def make(*arguments: str) -> str:
    program = shutil.which("make")
    if program is None:
        pytest.skip("make is not on this machine")
    result = subprocess.run([program, *arguments], cwd=REPOSITORY, capture_output=True, text=True, timeout=30)
    assert result.returncode == 0, result.stderr
    return result.stdout


def system_packages(what: str, *, path: Path) -> subprocess.CompletedProcess[str]:
    """Run deploy/system-packages.sh where `path` is the whole PATH."""
    bash = shutil.which("bash")
    assert bash is not None
    return subprocess.run(
        [bash, str(REPOSITORY / "deploy" / "system-packages.sh"), what],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A PATH with the shell's few tools: no apt-get, no sudo, no Python, no Node."""
    for name in TOOLS:
        program = shutil.which(name)
        assert program is not None
        (tmp_path / name).symlink_to(program)
    return tmp_path


def test_make_alone_explains_itself() -> None:
    assert make() == make("help")


def test_make_offers_what_is_promised() -> None:
    assert set(re.findall(r"^  ([a-z-]+) +\S", make(), re.MULTILINE)) >= PROMISED


def test_set_up_elsewhere_says_what_to_install(bare_path: Path) -> None:
    result = system_packages("test", path=bare_path)
    assert result.returncode == 1
    for needed in ("python3 (3.11 or newer) with venv", "nodejs (18 or newer)", "chromium", "qpdf"):
        assert f"  {needed}\n" in result.stderr
    assert result.stdout == ""


def test_set_up_without_root_says_the_command(bare_path: Path) -> None:
    (bare_path / "id").unlink()
    (bare_path / "id").write_text("#!/bin/bash\necho 1000\n", encoding="utf-8")
    (bare_path / "apt-get").write_text("#!/bin/bash\nexit 99\n", encoding="utf-8")
    for name in ("id", "apt-get"):
        (bare_path / name).chmod(0o755)
    result = system_packages("test", path=bare_path)
    assert result.returncode == 1
    assert re.search(r"^  apt-get update && apt-get install .*\bchromium\b.*\bqpdf\b", result.stderr, re.MULTILINE)


def test_set_up_refuses_a_word_that_it_does_not_know(bare_path: Path) -> None:
    assert system_packages("everything", path=bare_path).returncode == 64
