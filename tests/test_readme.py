"""The README does what it says: its commands run as they stand there, its links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", "\n".join([README, *BLOCKS]), re.MULTILINE))
    assert {"demo", "test", "setup", "run"} <= targets
    known = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert targets <= set(known)


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert [link for link in links if not (REPOSITORY / link).exists()] == []


def test_the_commands_for_an_own_csv_run_as_they_stand(tmp_path: Path) -> None:
    """All but `make setup`, which made the environment that this test runs in."""
    (block,) = [block for block in BLOCKS if "plaudit init" in block]
    commands = block.replace("make setup\n", "").replace('"$PWD/.venv/bin:$PATH"', '"$BIN_OF_THIS_ENVIRONMENT:$PATH"')
    (tmp_path / "issuer").symlink_to(REPOSITORY / "issuer")
    command = shutil.which("plaudit", path=str(Path(sys.executable).parent))
    assert command is not None, "run `make setup`: the command is not installed in this environment"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
    environ["BIN_OF_THIS_ENVIRONMENT"] = str(Path(command).parent)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert len(list((tmp_path / "issued").glob("*.pdf"))) == 12
