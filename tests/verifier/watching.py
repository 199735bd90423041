"""A page of real Chromium in any width, colour scheme and language, and axe-core to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}
#: WCAG 2.2 at 400 % zoom of a 1280 px window (1.4.10), and at 200 % of a small phone.
NARROW = {"width": 320, "height": 640}
AXE = Path(__file__).resolve().parent.parent / "interop" / "node_modules" / "axe-core" / "axe.min.js"


@contextmanager
def page_of(browser: Any, viewport: dict[str, int] = PHONE, **options: Any) -> Iterator[Any]:
    """Open a page; every complaint of the browser, and every request to another origin, is in `page.complaints`."""
    context = browser.new_context(viewport=viewport, **options)
    page = context.new_page()
    page.complaints = []
    page.asked = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def violations(page: Any) -> list[str]:
    """What axe-core finds wrong with the page. It comes in by the developer tools' door, so the page's policy stays."""
    if not AXE.is_file():
        pytest.skip("axe-core is not on this machine: `make test` brings it")
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    run = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    found = session.send("Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True})
    result = found["result"]["value"]
    assert result["passes"], "axe looked at something"
    return [
        f"{violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def sticks_out(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
