"""Makes the pictures of the README from a real run: a demonstration in a temporary folder, served, and photographed.

Run it as `python docs/make_pictures.py` after a change of the certificate or of the record's page. Needs Chromium.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2
from playwright.sync_api import sync_playwright

REPOSITORY = Path(__file__).resolve().parent.parent
PICTURES = REPOSITORY / "docs" / "pictures"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Pixels of a modern phone, and of a certificate that stays sharp beside text.
PHONE, DENSITY, CERTIFICATE_WIDTH = {"width": 390, "height": 844}, 2, 1_400
START_SECONDS = 30


def main() -> None:
    """Issue, draw, serve, photograph."""
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        environ = os.environ | {"PLAUDIT_HOME": f"{folder}/home", "PLAUDIT_BASE_URL": f"http://localhost:{port}"}
        plaudit = [sys.executable, "-m", "plaudit"]
        out = Path(folder, "out")
        subprocess.run([*plaudit, "demo", "--no-serve", "--out", out], cwd=REPOSITORY, env=environ, check=True)
        record = json.loads((out / "index.json").read_text(encoding="utf-8"))[0]
        _draw(out / f"{record['id']}.pdf", PICTURES / "certificate.png")
        server = subprocess.Popen([*plaudit, "serve", "--port", str(port)], cwd=REPOSITORY, env=environ)
        try:
            _wait_for(port)
            _photograph(record["url"], PICTURES / "verifier-phone.png")
        finally:
            server.terminate()
            server.wait()


def _draw(pdf: Path, target: Path) -> None:
    page = pypdfium2.PdfDocument(pdf)[0]
    picture = page.render(scale=CERTIFICATE_WIDTH / page.get_width()).to_pil()
    picture.quantize(128).save(target, optimize=True)


def _photograph(url: str, target: Path) -> None:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport=PHONE, device_scale_factor=DENSITY)
        page.goto(url)
        page.screenshot(path=target)
        browser.close()


def _wait_for(port: int) -> None:
    for _ in range(START_SECONDS * 10):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
