"""The set-up of what pages load in the browser: it never stops a set-up, and only ships the files that were tried."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
TOOLS = ("bash", "dirname", "sha256sum", "mkdir", "cp", "rm", "mktemp", "mv", "chmod")
LIBRARY = "templates/static/vendor/zxing-wasm"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script alone, and a PATH with the few tools that it needs: no npm."""
    shutil.copytree(REPOSITORY / "deploy" / "browser", tmp_path / "deploy" / "browser")
    shutil.copy(REPOSITORY / "deploy" / "browser-libraries.sh", tmp_path / "deploy")
    (tmp_path / "bin").mkdir()
    for name in TOOLS:
        program = shutil.which(name)
        assert program is not None
        (tmp_path / "bin" / name).symlink_to(program)
    return tmp_path


def npm(checkout: Path, script: str) -> None:
    """An npm that does as told, from the folder to install into on."""
    program = checkout / "bin" / "npm"
    program.write_text(f'#!{shutil.which("bash")}\nset -e\ncd "$3"\n{script}\n')
    program.chmod(0o755)


def run(checkout: Path) -> subprocess.CompletedProcess[str]:
    script = [str(checkout / "bin" / "bash"), str(checkout / "deploy" / "browser-libraries.sh")]
    result = subprocess.run(script, env={"PATH": str(checkout / "bin")}, capture_output=True, text=True, timeout=30)
    assert (result.returncode, result.stderr) == (0, "")
    return result


#: What stands in for the package, file by file: the script takes them by their places and holds them to checksums.
MADE = """d=node_modules/zxing-wasm/dist; mkdir -p $d/es/reader $d/reader
printf one >$d/es/reader/index.js; printf two >$d/es/share.js; printf three >$d/reader/zxing_reader.wasm
printf MIT >node_modules/zxing-wasm/LICENSE"""


def test_without_npm_nothing_is_said_and_nothing_made(checkout: Path) -> None:
    assert run(checkout).stdout == ""
    assert not (checkout / "templates").exists()


def test_without_a_network_the_set_up_goes_on(checkout: Path) -> None:
    npm(checkout, "exit 1")
    assert "npm could not bring it" in run(checkout).stdout
    assert not (checkout / LIBRARY).exists()


@pytest.mark.parametrize("script", ["mkdir -p node_modules", MADE])
def test_another_package_is_not_shipped(checkout: Path, script: str) -> None:
    npm(checkout, script)
    assert "Scanning without zxing-wasm" in run(checkout).stdout
    assert not (checkout / LIBRARY).exists()
    assert not list((checkout / "build" / "browser").glob("staging.*"))


def test_the_right_one_is_shipped_once(checkout: Path) -> None:
    contents = {"reader/index.js": b"one", "share.js": b"two", "zxing_reader.wasm": b"three"}
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in contents.items())
    (checkout / "deploy" / "browser" / "SHA256SUMS").write_text(sums)
    npm(checkout, MADE)
    assert run(checkout).stdout == ""
    assert {name: (checkout / LIBRARY / name).read_bytes() for name in contents} == contents
    npm(checkout, "exit 1")
    assert run(checkout).stdout == "", "what is there is not brought again"


def test_the_version_is_pinned_and_the_library_is_not_in_the_repository() -> None:
    versions = json.loads((REPOSITORY / "deploy" / "browser" / "package.json").read_bytes())["dependencies"]
    assert all(version[0].isdigit() for version in versions.values())
    assert "/templates/static/vendor/" in (REPOSITORY / ".gitignore").read_text().splitlines()
