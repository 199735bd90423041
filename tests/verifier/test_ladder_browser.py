"""The ladder and the warnings in real Chromium: by the button, without a script, at any width, right for axe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server

from credentials.lookalikes import KnownIssuer
from tests.verifier.reading import InProcess
from tests.verifier.test_ladder import DID, HOST, RECORD, World
from tests.verifier.watching import NARROW, PHONE, WIDE, page_of, sticks_out, violations
from tests.worlds.completions import NOW
from verifier import create_app
from verifier.config import VerifierConfig

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
ADDRESS = f"https://{HOST}/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"


@contextmanager
def serving(world: World) -> Iterator[str]:
    app = create_app(
        VerifierConfig(trusted_hosts=("127.0.0.1",)), fetcher=world.web, clock=lambda: NOW, reader=InProcess(),
        texts=world.names, known=lambda: [KnownIssuer("Employer Exarnple", "employer-example.com")],
    )  # fmt: skip
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def world() -> World:
    """Every outcome at once: DNS names the issuer, the file does not answer, no registry is asked."""
    made = World()
    made.names.records[RECORD] = [f"did={DID}"]
    made.web.hang("https://acme.example/.well-known/did-configuration.json")
    document = made.issuer.unsigned()
    document["issuer"] = {**document["issuer"], "url": "https://acme.example/", "domainProof": "dns"}
    made.web.put(ADDRESS, made.issuer.issue(document))
    return made


@pytest.mark.case("OUT-08", "PRV-04")
@pytest.mark.parametrize("viewport", [PHONE, WIDE, NARROW], ids=["phone", "wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_look_by_the_button(world: World, viewport: dict[str, int], scheme: str, browser: Any) -> None:
    options = {"color_scheme": scheme}
    with serving(world) as origin, page_of(browser, viewport, **options) as page:
        page.goto(f"{origin}/verify?url={ADDRESS}")
        assert "looks like that of the known issuer" in page.locator(".warnings").inner_text()
        assert "Valid" in page.get_by_role("status").inner_text()
        assert page.locator("#domain .step").count() == 0
        page.get_by_role("link", name="Look up the domain now").click()
        rungs = page.locator("#domain .step")
        assert rungs.count() == 6
        assert [rungs.nth(number).locator("b").inner_text() for number in (1, 3)] == ["Passed", "Not checked"]
        assert "Valid" in page.get_by_role("status").inner_text()
        assert sticks_out(page) == 0
        assert page.complaints == []
        assert {address.split("/")[2] for address in page.asked} == {origin.split("/")[2]}
        if viewport is not NARROW:
            assert violations(page) == []


def test_the_look_needs_no_script_and_reads_from_right_to_left(world: World, browser: Any) -> None:
    with serving(world) as origin, page_of(browser, PHONE, java_script_enabled=False) as page:
        page.goto(f"{origin}/verify?url={ADDRESS}&lang=ar")
        assert page.locator("html").get_attribute("dir") == "rtl"
        page.locator("#domain a.button").click()
        assert page.locator("#domain .step.passed").count() == 1
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert sticks_out(page) == 0
