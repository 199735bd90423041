"""Makes the pictures of the documentation from real runs, served and photographed. Needs Chromium.

`python docs/make_pictures.py` makes all of them, after a change of the certificate or of a record's page: a
demonstration in a temporary folder for the README, and every status of a result from the worlds of the tests.
`python docs/make_pictures.py statuses` makes only the second.
"""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from tests.worlds import chromium  # noqa: E402

PICTURES = REPOSITORY / "docs" / "pictures"
#: Pixels of a modern phone, and of a certificate that stays sharp beside text.
PHONE, DENSITY, CERTIFICATE_WIDTH = {"width": 390, "height": 844}, 2, 1_400
START_SECONDS = 30
#: The statuses of a result, in the order of docs/verifying.md; each is a situation of the tests.
STATUSES = (
    "valid", "withdrawn with a notice", "suspended by a notice", "replaced", "expired", "not yet valid",
    "status unreachable", "unknown issuer", "altered", "not a credential",
)  # fmt: skip
#: Width and height of the part that is photographed, how many stand in a row, and by how much it is made smaller.
SHEETS = {"phone": ((390, 720), 5, 0.6), "wide": ((1280, 640), 2, 0.4)}
#: Where the tests' employer publishes a record, beside the one that it corrects.
ADDRESS = "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa1"
#: No picture is heavier: they are kept in the repository.
HEAVIEST = 150_000


def main() -> None:
    """Make what was asked for."""
    if "statuses" not in sys.argv[1:]:
        demonstration()
    statuses()


def statuses() -> None:
    """Photograph the first screen of every status: phone and wide, light and dark, and one from right to left."""
    from tests.verifier import situations
    from tests.verifier.test_browser import serving

    with chromium.launched() as browser:
        shots: dict[tuple[str, str, str], list[Image.Image]] = {}
        for name in STATUSES:
            situation = situations.make(name)
            situation.web.put(ADDRESS, situation.credential)
            with serving(situation.web) as origin:
                for device, scheme in ((device, scheme) for device in SHEETS for scheme in ("light", "dark")):
                    shots.setdefault((device, scheme, "en"), []).append(_result(browser, origin, device, scheme))
                if name in ("valid", "replaced", "altered"):
                    shots.setdefault(("phone", "light", "ar"), []).append(
                        _result(browser, origin, "phone", "light", "ar")
                    )
    for (device, scheme, language), pictures in shots.items():
        name = f"statuses-{device}-{scheme}" if language == "en" else f"statuses-{device}-{language}"
        _save(_sheet(pictures, device), PICTURES / f"{name}.png")


def _result(browser: Browser, origin: str, device: str, scheme: str, language: str = "en") -> Image.Image:
    (width, height), _, _ = SHEETS[device]
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{origin}/verify?url={ADDRESS}&lang={language}")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return picture


def _sheet(pictures: list[Image.Image], device: str) -> Image.Image:
    (width, height), in_a_row, scale = SHEETS[device]
    step, gap = (round(width * scale), round(height * scale)), 10
    columns, rows = min(in_a_row, len(pictures)), -(-len(pictures) // in_a_row)
    sheet = Image.new("RGB", (columns * (step[0] + gap) - gap, rows * (step[1] + gap) - gap), "#8a938f")
    for number, picture in enumerate(pictures):
        place = (number % in_a_row * (step[0] + gap), number // in_a_row * (step[1] + gap))
        sheet.paste(picture.resize(step, Image.Resampling.LANCZOS), place)
    return sheet


def _save(picture: Image.Image, target: Path) -> None:
    """With as many colours as the weight allows."""
    for colours in (200, 128, 96, 64, 48):
        # An octree keeps the few pixels of a strong colour; a median cut would mix them with their neighbours.
        picture.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
            target, optimize=True
        )
        if target.stat().st_size <= HEAVIEST:
            return
    raise SystemExit(f"{target.name} is heavier than {HEAVIEST} bytes")


def demonstration() -> None:
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
    _save(page.render(scale=CERTIFICATE_WIDTH / page.get_width()).to_pil().convert("RGB"), target)


def _photograph(url: str, target: Path) -> None:
    with chromium.launched() as browser:
        page = browser.new_page(viewport=PHONE, device_scale_factor=DENSITY)
        page.goto(url)
        _save(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), target)


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
