"""The main job on the sample files that come from outside: issued, certified, verified, the bad rows named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.issuer.certificates import reading
from tests.worlds.terminal import NOT_VALID, VALID, Terminal, index


@pytest.mark.parametrize(("name", "rows"), [("autumn-2026.csv", 60), ("excel-export.csv", 25)])
def test_every_good_row_becomes_a_record_that_verifies(
    shared_samples: Path, tmp_path: Path, name: str, rows: int
) -> None:
    """Each certificate is PDF/A-3a and PDF/UA-1, is faultless for qpdf, and gives back the credential byte for byte."""
    terminal = Terminal(tmp_path)
    assert terminal("init").code == 0
    ran = terminal("issue", shared_samples / name, "--out", "out", "--json")
    assert (ran.code, len(ran.json["issued"]), ran.json["problems"]) == (0, rows, [])
    files = [f"out/{file}" for line in index(terminal) for file in line["files"]]
    assert len(files) == 3 * rows, "the credential, the token, the certificate"
    assert terminal("verify", *files).code == VALID
    assert terminal("fsck").code == 0
    for pdf in sorted((tmp_path / "out").glob("*.pdf")):
        assert subprocess.run(["qpdf", "--check", pdf], capture_output=True, check=False).returncode == 0
        assert reading.failures(pdf.read_bytes()) == []
        embedded = [data for data, _, _ in reading.attachments(pdf.read_bytes()).values()]
        assert embedded == [pdf.with_suffix(".json").read_bytes()]


def test_every_bad_row_of_the_broken_file_is_named_and_the_good_ones_can_be_issued(
    shared_samples: Path, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path)
    assert terminal("init").code == 0
    first = terminal("issue", shared_samples / "broken.csv", "--json")
    assert first.code == NOT_VALID
    assert first.json["issued"] == []
    assert {one["row"] for one in first.json["problems"]} == {3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14}
    assert {one["row"] for one in first.json["warnings"]} == {11}
    assert all(one["column"] and one["reason"] and one["remedy"] for one in first.json["problems"])
    second = terminal("issue", shared_samples / "broken.csv", "--good-rows", "--json")
    assert len(second.json["issued"]) == 2
    assert terminal("verify", *second.json["issued"]).code == VALID
