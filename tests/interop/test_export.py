"""What `plaudit issue --out` leaves is enough for others: two other implementations judge that folder alone."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.interop.conftest import Node

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]

REPOSITORY = Path(__file__).resolve().parent.parent.parent
STUDENTS = ("Inês Duarte Fonseca", "نور الهاشمي")
ONE_MORE = "陈雨桐"


@dataclass(frozen=True, slots=True)
class Machine:
    """A data folder, and the `plaudit` command as a person types it there."""

    home: Path

    def plaudit(self, *arguments: str | Path, expected: int = 0) -> Any:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home.parent), "PLAUDIT_HOME": str(self.home)}
        result = subprocess.run(
            [sys.executable, "-m", "plaudit", *map(str, arguments), "--json"],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert result.returncode == expected, result.stderr
        return json.loads(result.stdout)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("issuer") / "data")
    machine.plaudit("init", "--org", "lantern", "--name", "Lantern Research", "--domain", "lantern.example")
    return machine


def table(folder: Path, *students: str) -> Path:
    """A CSV of these rows of the samples that the repository ships."""
    with (REPOSITORY / "issuer" / "samples" / "demo.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["student_name"] in students]
    assert len(rows) == len(students)
    path = folder / f"{len(students)} completions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def exported(issuer: Machine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    issuer.plaudit("issue", table(issuer.home.parent, *STUDENTS), "--out", folder)
    return folder


def credentials_in(folder: Path) -> list[Path]:
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return [folder / f"{entry['id']}.json" for entry in index]


def test_the_folder_holds_what_was_issued(exported: Path) -> None:
    assert len(credentials_in(exported)) == len(STUDENTS)
    names = {path.name for path in exported.iterdir()}
    assert names > {"did.json", "index.json"} | {path.with_suffix(".pdf").name for path in credentials_in(exported)}


def test_digitalbazaar_vc_accepts_every_credential_of_the_folder(node: Node, exported: Path) -> None:
    for file in credentials_in(exported):
        assert node("vc_verify.mjs", exported, file) == {"verified": True, "statuses": [False], "errors": []}


def test_verifier_core_accepts_every_credential_of_the_folder(node: Node, exported: Path) -> None:
    for file in credentials_in(exported):
        verdict = node("verifier_core.mjs", exported, file)
        assert (verdict["errors"], verdict["missed"]) == ([], [])
        assert verdict["log"] == {
            "valid_signature": True,
            "revocation_status": True,
            "expiration": True,
            "registered_issuer": False,
        }
        assert all(schema["result"] == {"valid": True} for schema in verdict["schemas"])


def test_another_machine_of_ours_accepts_the_folder(exported: Path, tmp_path: Path) -> None:
    stranger = Machine(tmp_path / "data")
    stranger.plaudit("verify", *credentials_in(exported))


def test_both_see_a_revocation_made_by_command(node: Node, issuer: Machine, exported: Path, tmp_path: Path) -> None:
    """A later export into the same folder brings the status list of that later time, and leaves credentials alone."""
    folder = tmp_path / "exported"
    shutil.copytree(exported, folder)
    withdrawn, kept = credentials_in(folder)
    before = withdrawn.read_bytes()
    issuer.plaudit("revoke", withdrawn.stem, "--reason", "Issued for the wrong project.")
    issuer.plaudit("issue", table(tmp_path, ONE_MORE), "--out", folder)
    for file, is_withdrawn in ((withdrawn, True), (kept, False)):
        assert node("vc_verify.mjs", folder, file)["statuses"] == [is_withdrawn]
        assert node("verifier_core.mjs", folder, file)["log"]["revocation_status"] is not is_withdrawn
    assert withdrawn.read_bytes() == before
