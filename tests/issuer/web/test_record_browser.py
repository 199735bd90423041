"""A record's page in real Chromium: the first screen with one request, right for everybody, whatever became of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.serving import make_server

from issuer.services import revocation
from tests.issuer.web.conftest import Site, row
from tests.verifier.watching import NARROW, PHONE, WIDE, page_of, sticks_out, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """Serve the issuer's pages on a loopback port that the system gave; yield the origin that it answers for."""
    server = make_server("127.0.0.1", 0, site.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("state", ["valid", "withdrawn"])
def test_a_record_s_page_is_right_for_everybody(state: str, site: Site, browser: Any) -> None:
    issued = site.issue(row())[0]
    if state == "withdrawn":
        revocation.revoke(site.instance, issued, reason="The hours were booked twice.", actor="user 1")
    with serving(site) as origin:
        for viewport, scheme in ((PHONE, "light"), (PHONE, "dark"), (WIDE, "light"), (WIDE, "dark"), (NARROW, "light")):
            with page_of(browser, viewport, color_scheme=scheme) as page:
                page.goto(f"{origin}/c/{issued}")
                word = page.locator(".verdict__word")
                assert word.inner_text().casefold() == state
                box = word.bounding_box()
                assert box is not None
                assert viewport is NARROW or box["y"] + box["height"] <= viewport["height"]
                assert sticks_out(page) == 0
                assert page.complaints == []
                assert all(address.startswith(origin) for address in page.asked)
                if (viewport, scheme) in ((PHONE, "light"), (WIDE, "dark")):  # each layout and each scheme once
                    assert violations(page) == []


@pytest.mark.case("WEB-02")
def test_the_first_screen_is_drawn_before_any_sheet_came(site: Site, browser: Any) -> None:
    issued = site.issue(row())[0]
    with serving(site) as origin, page_of(browser, PHONE) as page:
        page.route("**/*.css", lambda route: route.abort())
        page.goto(f"{origin}/c/{issued}")
        assert page.locator(".verdict").evaluate("one => getComputedStyle(one).borderTopWidth") == "5px"
        assert page.locator(".checks .step").first.evaluate("one => getComputedStyle(one).display") == "flex"
