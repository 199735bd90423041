"""The verifier in real Chromium, at a phone's width and without JavaScript: nothing runs, nothing else is asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from tests.verifier import situations
from tests.verifier.reading import InProcess
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import create_app
from verifier.config import VerifierConfig

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
PHONE = {"width": 390, "height": 844}


@contextmanager
def serving(web: MemoryWeb) -> Iterator[str]:
    """Serve the verifier on a loopback port that the system gave; yield its origin."""
    config = VerifierConfig(trusted_hosts=("127.0.0.1",))
    app = create_app(config, fetcher=web, clock=lambda: NOW, reader=InProcess())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@contextmanager
def watched(browser: Any, scripts: bool = False) -> Iterator[tuple[Any, list[str], list[str]]]:
    """Open a page at a phone's width; also yield every address that it asks for and every complaint of the browser."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    yield page, asked, complaints
    assert context.cookies() == []
    context.close()


def paste(page: Any, origin: str, text: str) -> None:
    page.goto(f"{origin}/verify")
    page.get_by_label("Link, short code, or the credential’s text").fill(text)
    page.get_by_role("button", name="Check it").click()
    page.wait_for_load_state("networkidle")


@pytest.mark.case("PRV-04", "OUT-08")
@pytest.mark.parametrize("name", ["valid", "withdrawn", "altered", "status unreachable"])
def test_a_check_without_javascript_asks_nobody_else(name: str, browser: Any) -> None:
    situation = situations.make(name)
    with serving(situation.web) as origin, watched(browser) as (page, asked, complaints):
        paste(page, origin, situation.credential.decode())
        assert situation.verdict.word in page.get_by_role("status").inner_text()
        status = page.get_by_role("status").bounding_box()
        assert status is not None
        assert status["y"] + status["height"] <= PHONE["height"], "the status is on the first screen"
        assert all(address.startswith(origin) for address in asked)
        assert complaints == []
        width = page.locator("html").evaluate("element => element.scrollWidth")
        assert width <= PHONE["width"], "nothing sticks out on a phone"


@pytest.mark.case("UPL-07")
def test_a_file_can_be_chosen(browser: Any, tmp_path: Path) -> None:
    situation = situations.make("valid")
    file = tmp_path / "record.json"
    file.write_bytes(situation.credential)
    with serving(situation.web) as origin, watched(browser) as (page, _, complaints):
        page.goto(f"{origin}/verify")
        page.get_by_label("Certificate, credential file, or photo of its QR code").set_input_files(file)
        page.get_by_role("button", name="Check it").click()
        page.get_by_role("status").wait_for()
        assert "Valid" in page.get_by_role("status").inner_text()
        assert complaints == []


@pytest.mark.case("WEB-01", "TPL-01")
def test_hostile_text_stays_text(browser: Any, security_cases: Path) -> None:
    names = [record["in"] for record in json.loads((security_cases / "corpora" / "names.json").read_bytes())]
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    subject, achievement = document["credentialSubject"], document["credentialSubject"]["achievement"]
    subject["identifier"][0]["identityHash"] = names[0]
    subject["employerComment"] = "\n".join(names)
    achievement["name"], achievement["criteria"]["narrative"] = names[5], "<svg onload=alert(1)>" + names[5]
    document["evidence"][0]["id"] = "javascript:alert(document.domain)"
    credential = to_bytes(issuer.issue(document)).decode()
    with serving(issuer.web) as origin, watched(browser, scripts=True) as (page, asked, complaints):
        paste(page, origin, credential)
        assert "Valid" in page.get_by_role("status").inner_text()
        assert names[0] in page.get_by_role("heading", level=1).inner_text()
        assert page.locator("script, img, [onload]").count() == 0
        assert page.locator('a[href^="javascript"]').count() == 0
        assert all(address.startswith(origin) for address in asked)
        assert complaints == []
