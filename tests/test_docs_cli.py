"""The page of the command line says what the commands say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import plaudit

BUILDER = Path(__file__).resolve().parent.parent / "docs" / "build_cli_page.py"


def test_the_page_of_the_command_line_is_what_the_commands_print() -> None:
    spec = importlib.util.spec_from_file_location("build_cli_page", BUILDER)
    assert spec is not None
    assert spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    written = builder.PAGE.read_text(encoding="utf-8")
    assert written == builder.page(plaudit.cli), "run: python docs/build_cli_page.py"
