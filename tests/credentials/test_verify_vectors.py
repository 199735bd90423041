"""Our own vectors: each file is verified as its folder says, and the folder is what its generator makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from credentials import timestamps
from credentials.verify import Verdict, verify
from tests.vectors import make_ours
from tests.worlds.memory_web import MemoryWeb

FILES = sorted(make_ours.FOLDER.rglob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_vector_is_judged_as_its_folder_says(path: Path) -> None:
    """`valid` is valid; `invalid/<code>` is not, and a check carries the code."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    web = MemoryWeb()
    for url, page in vector["pages"].items():
        web.put(url, page.encode())
    report = verify(vector["credential"].encode(), fetcher=web, now=timestamps.parse(vector["now"]))
    if path.parent.name == "valid":
        assert report.verdict is Verdict.VALID
    else:
        assert report.verdict is not Verdict.VALID
        assert path.parent.name in [step.code for step in report.steps]


def test_the_folder_holds_exactly_what_the_generator_makes() -> None:
    """Signatures are deterministic, so a changed byte is a changed format."""
    made = dict(make_ours.vectors())
    found = {path.relative_to(make_ours.FOLDER).as_posix(): path.read_bytes() for path in FILES}
    assert sorted(found) == sorted(made)
    assert [name for name in made if made[name] != found[name]] == []
