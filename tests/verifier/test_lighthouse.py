"""Lighthouse on its phone profile (a slow phone and network, simulated): how fast and how accessible pages are."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.verifier import situations
from tests.verifier.test_browser import serving
from tests.verifier.test_result_browser import ADDRESS, everything
from tests.worlds import chromium

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.interop, pytest.mark.timeout(300)]
PROGRAM = Path(__file__).resolve().parent.parent / "interop" / "node_modules" / "lighthouse" / "cli" / "index.js"
#: Of 100.
LEAST = 98


def look_at(address: str, folder: Path) -> dict[str, Any]:
    """Lighthouse's report on a page. Nothing of Lighthouse or Chromium asks the Internet."""
    browser, node = chromium.program(), shutil.which("node")
    if not (PROGRAM.is_file() and browser and node):
        pytest.skip("Lighthouse is not on this machine: `make test` brings it")
    output = folder / "report.json"
    command = [
        node, str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={output}",
        "--only-categories=performance,accessibility", "--no-enable-error-reporting",
        f"--chrome-flags=--headless=new {' '.join(chromium.FLAGS)}",
    ]  # fmt: skip
    environment = os.environ | {"CHROME_PATH": browser, "CI": "1"}
    subprocess.run(command, check=True, env=environment, timeout=240)
    report: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return report


@pytest.mark.parametrize("page", ["the usual result", "a result with everything", "the entrance"])
def test_pages_are_fast_and_accessible_on_a_phone(page: str, tmp_path: Path) -> None:
    issuer = everything()
    if page == "the usual result":
        issuer.web.put(ADDRESS, situations.make("valid").credential)
    with serving(issuer.web) as origin:
        path = "/verify" if page == "the entrance" else f"/verify?url={ADDRESS}"
        report = look_at(origin + path, tmp_path)
    scores = {name: round(category["score"] * 100) for name, category in report["categories"].items()}
    audits = report["audits"]
    told = {
        **scores,
        "first contentful paint": audits["first-contentful-paint"]["displayValue"],
        "bytes": audits["total-byte-weight"]["numericValue"],
        "requests": len(audits["network-requests"]["details"]["items"]),
    }
    print(page, told)
    assert scores["performance"] >= LEAST, told
    assert scores["accessibility"] >= LEAST, told
