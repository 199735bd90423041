"""The page of the command line says what the commands say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent


def test_the_page_of_the_command_line_is_what_the_commands_print() -> None:
    """Asked of a process of its own: a command that another test called by itself remembers its help without -h."""
    builder = [sys.executable, str(REPOSITORY / "docs" / "build_cli_page.py"), "--print"]
    printed = subprocess.run(builder, capture_output=True, check=True, cwd=REPOSITORY).stdout.decode()
    written = (REPOSITORY / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert written == printed, "run: python docs/build_cli_page.py"
