"""The pages in other languages in real Chromium: Arabic runs from right to left, and nothing sticks out on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.languages import KNOWN
from tests.verifier import situations
from tests.verifier.test_browser import PHONE, serving, watched
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
#: How far the page reaches to either side of the window.
OUTSIDE = """() => {
  const wide = document.documentElement.clientWidth;
  return [...document.querySelectorAll("body *")].filter(it => {
    const box = it.getBoundingClientRect();
    return box.width && !it.closest(".skip-link") && (box.right > wide + 1 || box.left < -1);
  }).map(it => it.tagName + "." + it.className);
}"""


def paste(page: Any, origin: str, tag: str, credential: bytes) -> None:
    page.goto(f"{origin}/verify?lang={tag}")
    page.locator("textarea[name=credential]").fill(credential.decode())
    page.locator("form button[type=submit]").click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("name", ["valid", "withdrawn", "altered", "status unreachable"])
def test_arabic_runs_from_right_to_left(name: str, browser: Any) -> None:
    situation = situations.make(name)
    with serving(situation.web) as origin, watched(browser) as (page, asked, complaints):
        paste(page, origin, "ar", situation.credential)
        assert page.locator("html").get_attribute("lang") == "ar"
        direction = "element => getComputedStyle(element).direction"
        assert page.locator("h1").evaluate(direction) == "rtl"
        brand, nav = (page.locator(it).bounding_box() for it in (".brand", ".site-nav"))
        assert brand["x"] > nav["x"], "the name of the site stands at the right, where reading begins"
        mark, word = (page.locator(it).first.bounding_box() for it in (".verdict__status svg", ".verdict__word"))
        assert mark["x"] > word["x"], "the mark stands before the word"
        status = page.get_by_role("status").bounding_box()
        assert status["y"] + status["height"] <= PHONE["height"], "the status is on the first screen"
        assert page.evaluate(OUTSIDE) == []
        assert page.locator("html").evaluate("element => element.scrollWidth") <= PHONE["width"]
        assert all(address.startswith(origin) for address in asked)
        assert complaints == []


def test_signed_text_keeps_its_own_direction_in_arabic(browser: Any) -> None:
    situation = situations.make("valid")
    with serving(situation.web) as origin, watched(browser) as (page, _, _complaints):
        paste(page, origin, "ar", situation.credential)
        title = page.locator("h1 bdi").filter(has_text=situations.TITLE)
        assert title.inner_text() == situations.TITLE
        assert title.evaluate("element => getComputedStyle(element).unicodeBidi") == "isolate"
        assert page.locator("h1 bdi").filter(has_text="employer.example").inner_text() == "employer.example"


@pytest.mark.parametrize("tag", [tag for tag in KNOWN if tag != "ar"])
def test_nothing_sticks_out_in_any_language(tag: str, browser: Any) -> None:
    situation = situations.make("valid")
    with serving(situation.web) as origin, watched(browser) as (page, _, complaints):
        for path in ("/verify", "/verify/resume", "/verify/batch", "/verify/offline"):
            page.goto(f"{origin}{path}?lang={tag}")
            assert page.evaluate(OUTSIDE) == [], path
        paste(page, origin, tag, situation.credential)
        assert page.locator("html").evaluate("element => getComputedStyle(element).direction") == "ltr"
        assert page.evaluate(OUTSIDE) == []
        assert complaints == []


def test_the_switch_shows_the_same_result_in_another_language(browser: Any) -> None:
    issuer = Issuer(MemoryWeb())
    address = "https://lumen.example/c/a"
    issuer.web.put(address, to_bytes(issuer.issue()))
    with serving(issuer.web) as origin, watched(browser) as (page, _, _complaints):
        page.goto(f"{origin}/verify?url={address}")
        assert "Valid" in page.get_by_role("status").inner_text()
        page.get_by_text("Deutsch", exact=True).click()
        page.wait_for_load_state("networkidle")
        assert "Gültig" in page.get_by_role("status").inner_text()
        page.get_by_text("العربية", exact=True).click()
        page.wait_for_load_state("networkidle")
        assert "صالحة" in page.get_by_role("status").inner_text()
        assert page.locator("html").get_attribute("dir") == "rtl"


def test_the_language_stays_from_form_to_result_and_back(browser: Any) -> None:
    situation = situations.make("withdrawn")
    with serving(situation.web) as origin, watched(browser) as (page, _, _complaints):
        paste(page, origin, "es", situation.credential)
        assert "Retirada" in page.get_by_role("status").inner_text()
        page.get_by_text("Français", exact=True).click()
        page.wait_for_load_state("networkidle")
        assert "Retirée" in page.get_by_role("status").inner_text(), "a result that no address names is kept, too"
        page.locator(".site-nav a").click()
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == "fr"
