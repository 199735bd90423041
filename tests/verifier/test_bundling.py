"""Our modules become one script, or none: nothing is guessed, and nothing in it can end its element."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from verifier import bundling

ENTRIES = ("offline-verifier", "component")


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundling, "MODULES", tmp_path)
    bundling.bundle.cache_clear()
    return tmp_path


@pytest.mark.parametrize("entry", ENTRIES)
def test_it_is_one_module_without_imports_and_comments(entry: str) -> None:
    script = bundling.bundle(entry)
    assert not re.search(r"^\s*(?:import|export)\b|^\s*//|/\*\*", script, re.MULTILINE)
    assert script.count("class Refused extends Error") == 1
    node = shutil.which("node")
    if node is not None:
        subprocess.run([node, "--input-type=module", "--check"], input=script, text=True, check=True)


def test_names_of_two_modules_never_meet(modules: Path) -> None:
    (modules / "one.js").write_text("// @ts-check\nconst same = 1;\nexport const first = () => same;\n")
    (modules / "two.js").write_text(
        '/* Says what it does. */\n\nimport { first } from "./one.js";\n\nconst same = 2;\n'
        "/** Adds. @param {number} more */\nexport function sum(more) { return first() + same + more; }\n"
    )
    (modules / "three.js").write_text(
        'import { first } from "./one.js";\nimport { sum } from "./two.js";\n\nconsole.log(sum(first()));\n'
    )
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node is not on this machine")
    script = bundling.bundle("three")
    found = subprocess.run([node, "--input-type=module"], input=script, text=True, capture_output=True, check=True)
    assert found.stdout == "4\n"
    assert script.count("const same = 1;") == 1


@pytest.mark.parametrize(
    "source",
    [
        'import one from "./one.js";\n',
        'import * as one from "./one.js";\n',
        'export { one } from "./one.js";\n',
        "export default 1;\n",
        "export let count = 1;\n",
        'const text = "</script>";\n',
        'const text = "<!--";\n',
    ],
)
def test_anything_else_is_refused(source: str, modules: Path) -> None:
    (modules / "odd.js").write_text(source)
    with pytest.raises(ValueError, match="odd"):
        bundling.bundle("odd")


def test_every_message_that_is_left_out_is_only_for_developers() -> None:
    """Pages go by codes: a refusal's code and its detail stay."""
    script = bundling.bundle("offline-verifier")
    assert 'refuse("key_revoked", "", stampOf(revoked))' in script
    assert 'refuse("signature_invalid", "")' in script
