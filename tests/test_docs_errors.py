"""The page of errors explains every code that the program can show, and no other."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from credentials.verify.explained import OUTCOMES

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_errors_page", REPOSITORY / "docs" / "build_errors_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def written(builder: ModuleType) -> str:
    return str(builder.PAGE.read_text(encoding="utf-8"))


def outcome_codes() -> set[str]:
    """Codes that the verifying steps give in plain text, read out of their source."""
    sources = sorted((REPOSITORY / "credentials" / "verify").glob("*.py"))
    trees = [ast.parse(source.read_text(encoding="utf-8")) for source in sources]
    found = [constant.value for tree in trees for constant in _code_constants(tree)]
    return {code for code in found if isinstance(code, str)}


def _code_constants(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="failed"), args=[_, ast.Constant() as code, *_]):
                yield code
            case ast.BinOp(left=ast.Name(id="ERROR_PAGES"), right=ast.Constant() as code):
                yield code


def test_every_code_has_one_section_and_every_section_a_code(builder: ModuleType, written: str) -> None:
    sections = re.findall(r"^## (.+)$", written, re.MULTILINE)
    codes = set(builder.error_classes()) | set(OUTCOMES)
    assert outcome_codes() <= codes, "an outcome that credentials.verify.explained does not explain"
    assert sections == sorted(codes), "run: python docs/build_errors_page.py"


def test_every_section_says_what_it_means_and_what_to_do(written: str) -> None:
    for section in re.split(r"^## ", written, flags=re.MULTILINE)[1:]:
        code, _, text = section.partition("\n")
        assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
        assert re.search(r"^\*\*[^*]+\.\*\* \S.{10,}", text.strip()), f"{code}: no meaning"
        assert re.search(r"^\*What to do:\* \S.{10,}", text, re.MULTILINE), f"{code}: nothing to do"


def test_the_page_is_what_the_program_says(builder: ModuleType, written: str) -> None:
    assert written == builder.page(), "run: python docs/build_errors_page.py"


def test_every_error_says_what_it_means_in_its_own_words(builder: ModuleType) -> None:
    """A class without a docstring would inherit its parent's, which is about something else."""
    silent = [
        kind.__name__ for kinds in builder.error_classes().values() for kind in kinds if "__doc__" not in vars(kind)
    ]
    silent += [kind.__name__ for kinds in builder.error_classes().values() for kind in kinds if not kind.__doc__]
    assert silent == []
