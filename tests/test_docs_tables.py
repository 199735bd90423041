"""The tables of columns and settings in the documentation are the program's own."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_tables", DOCS / "build_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.docs
@pytest.mark.parametrize("name", ["csv.md", "settings.md"])
def test_the_table_is_the_programs_own(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == builder().page(name), "run: python docs/build_tables.py"
