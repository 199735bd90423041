"""The page of a result in real Chromium: every status, any width, zoom and direction, by keyboard, on paper, by axe."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from credentials import multibase
from tests.verifier import situations
from tests.verifier.test_browser import serving
from tests.verifier.test_result_page import rich
from tests.verifier.watching import NARROW, PHONE, WIDE, page_of, sticks_out, violations
from tests.worlds.endorsements import ACHIEVEMENT, embedded, party, token
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SCHEMES = ("light", "dark")
ADDRESS = "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"
FILE = b"The report as it was delivered.\n"
#: Pages that are there without a credential.
PAGES = ("/verify", "/verify/resume", "/verify/batch", "/verify/offline", "/verify/help/expired", "/verify?url=x")


def open_result(page: Any, origin: str, *, language: str = "en") -> None:
    """By the address, as the QR on a certificate does."""
    page.goto(f"{origin}/verify?url={ADDRESS}&lang={language}")
    page.get_by_role("status").wait_for()


def everything(**changes: Any) -> Issuer:
    """A world in which the address leads to a credential that says all there is, endorsed by two, with digests."""
    issuer = Issuer(MemoryWeb())
    document = rich(issuer)
    document["relatedResource"][0]["digestSRI"] = "sha256-" + base64.b64encode(hashlib.sha256(FILE).digest()).decode()
    document["evidence"].append(
        {"id": "https://files.example/d/2", "type": ["Evidence"], "name": "Slides", "genre": "slides"}
    )
    multihash = multibase.encode(b"\x12\x20" + hashlib.sha256(FILE).digest())
    document["relatedResource"].append({"id": "https://files.example/d/2", "digestMultibase": multihash})
    school, platform = party(issuer.web, "school.example"), party(issuer.web, "platform.example")
    document["endorsement"] = [embedded(school), embedded(school, "urn:uuid:1")]
    document["endorsementJwt"] = [token(platform, ACHIEVEMENT, name="Example Platform")]
    issuer.web.put(ADDRESS, to_bytes(issuer.issue({**document, **changes})))
    return issuer


@pytest.mark.case("OUT-08", "PRV-04")
@pytest.mark.parametrize("name", situations.ALL)
def test_every_status_is_on_the_first_screen_and_right_for_everybody(name: str, browser: Any) -> None:
    situation = situations.make(name)
    situation.web.put(ADDRESS + "1", situation.credential)
    with serving(situation.web) as origin:
        for viewport, scheme in ((PHONE, "light"), (PHONE, "dark"), (WIDE, "light"), (WIDE, "dark"), (NARROW, "light")):
            with page_of(browser, viewport, color_scheme=scheme) as page:
                page.goto(f"{origin}/verify?url={ADDRESS}1")
                status = page.get_by_role("status")
                assert situation.verdict.word in status.inner_text()
                box = page.locator(".verdict__word").bounding_box()
                assert box is not None
                assert viewport is NARROW or box["y"] + box["height"] <= viewport["height"], (
                    "no scrolling to the status"
                )
                assert sticks_out(page) == 0
                assert page.complaints == []
                assert [address for address in page.asked if not address.endswith("/static/mark.svg")] == [page.url]
                assert page.get_by_role("heading", level=1).count() == 1
                assert page.get_by_role("main").count() == 1
                if (viewport, scheme) in ((PHONE, "light"), (WIDE, "dark")):  # each layout and each scheme once
                    assert violations(page) == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("viewport", [PHONE, WIDE], ids=["phone", "wide"])
def test_every_page_of_the_verifier_is_right_for_everybody(viewport: Any, scheme: str, browser: Any) -> None:
    with serving(everything().web) as origin, page_of(browser, viewport, color_scheme=scheme) as page:
        for path in PAGES:
            page.goto(origin + path)
            assert violations(page) == [], path
            assert sticks_out(page) == 0, path
        open_result(page, origin)
        for summary in page.locator("summary").all():
            summary.click()
        assert violations(page) == [], "with everything opened"


@pytest.mark.parametrize("viewport", [PHONE, NARROW, WIDE], ids=["phone", "narrow", "wide"])
def test_long_words_in_any_language_stay_inside(viewport: Any, browser: Any) -> None:
    long = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente" * 2
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    document["credentialSubject"]["identifier"][0]["identityHash"] = long
    document["credentialSubject"]["achievement"]["name"] = long
    document["credentialSubject"]["role"] = long
    document["evidence"][0] |= {"name": long, "id": "https://files.example/" + "x" * 300}
    issuer.web.put(ADDRESS, to_bytes(issuer.issue(document)))
    with serving(issuer.web) as origin, page_of(browser, viewport) as page:
        for language in ("en", "de", "ar"):
            open_result(page, origin, language=language)
            assert sticks_out(page) == 0, language


def test_from_right_to_left_everything_is_mirrored(browser: Any) -> None:
    with serving(everything().web) as origin, page_of(browser, PHONE) as page:
        open_result(page, origin, language="ar")
        assert page.locator("html").get_attribute("dir") == "rtl"
        mark, word = (page.locator(f".verdict__status {one}").bounding_box() for one in (".mark", ".verdict__word"))
        assert mark is not None
        assert word is not None
        assert mark["x"] > word["x"], "the mark stands before the word"
        assert page.locator(".verdict__student").evaluate("one => getComputedStyle(one).direction") == "ltr"
        assert sticks_out(page) == 0
        assert violations(page) == []


def test_everything_is_reached_by_keyboard_and_seen_to_be(browser: Any) -> None:
    with serving(everything().web) as origin, page_of(browser, WIDE) as page:
        open_result(page, origin)
        order = []
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                """() => { const one = document.activeElement, style = getComputedStyle(one);
                   return one === document.body ? null
                     : [one.textContent.trim().slice(0, 40), style.outlineStyle, parseFloat(style.outlineWidth)]; }"""
            )
            if focused is None:
                break
            order.append(focused)
        assert all(style != "none" and width >= 2 for _, style, width in order), "the focus can be seen everywhere"
        names = [name for name, _, _ in order]
        assert names[:2] == ["Skip to the content", "Plaudit"]
        expected = ["See the work", "How we checked", "Save proof", "Audit report", "Technical detail of every check"]
        places = [names.index(name) for name in expected]
        assert places == sorted(places), "in the order of reading"
        assert "The signed credential (JSON)" in names


def test_details_open_by_keyboard(browser: Any) -> None:
    with serving(everything().web) as origin, page_of(browser, WIDE) as page:
        open_result(page, origin)
        summary = page.get_by_text("Technical detail of every check")
        assert not page.get_by_text("eddsa-rdfc-2022").first.is_visible()
        summary.focus()
        page.keyboard.press("Enter")
        assert page.get_by_text("eddsa-rdfc-2022").first.is_visible()


def test_the_actions_lead_to_their_sections(browser: Any) -> None:
    with serving(everything().web) as origin, page_of(browser, PHONE) as page:
        open_result(page, origin)
        for action, heading in (("See the work", "The work"), ("How we checked",) * 2, ("Save proof",) * 2):
            page.get_by_role("link", name=action, exact=True).click()
            page.wait_for_timeout(50)
            box = page.get_by_role("heading", name=heading, exact=True).bounding_box()
            assert box is not None
            assert 0 <= box["y"] < PHONE["height"], action


def test_a_screen_reader_hears_each_thing_once(browser: Any) -> None:
    with serving(everything().web) as origin, page_of(browser, PHONE) as page:
        open_result(page, origin)
        heard = page.locator("main").aria_snapshot()
        assert heard.count('heading "Employer Example (employer.example) confirms that') == 1
        assert heard.count("status:") == 1
        assert heard.count("Checked") == 1
        for region in ("The work", "How we checked", "Save proof"):
            assert f'region "{region}"' in heard
        assert "img" not in heard, "marks and signs are not announced: the words stand beside them"


def test_on_paper_the_first_page_has_the_status_and_every_check(browser: Any, tmp_path: Path) -> None:
    with serving(everything().web) as origin, page_of(browser, WIDE, color_scheme="dark") as page:
        open_result(page, origin)
        printed = page.pdf(path=tmp_path / "result.pdf", prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(io.BytesIO(printed))
    assert [round(side * 25.4 / 72) for side in document[0].get_size()] == [210, 297]
    texts = [document[number].get_textpage().get_text_range() for number in range(len(document))]
    for words in ("confirms that", "Valid", "Checked 1 July 2026", "How we checked", "8. Issuer", "Passed"):
        assert words in " ".join(texts[0].split()), words
    assert "The work" not in texts[0]
    assert "The work" in " ".join(texts[1].split())
    assert "Save proof" not in " ".join(texts)


@pytest.mark.parametrize("place", [0, 1], ids=["digestSRI", "digestMultibase"])
def test_a_file_is_compared_in_the_browser_and_goes_nowhere(place: int, browser: Any, tmp_path: Path) -> None:
    same, other = tmp_path / "report.txt", tmp_path / "other.txt"
    same.write_bytes(FILE)
    other.write_bytes(FILE + b" ")
    with serving(everything().web) as origin, page_of(browser, PHONE) as page:
        open_result(page, origin)
        details = page.locator("[data-digest]").nth(place)
        details.locator("summary").click()
        asked = len(page.asked)
        details.locator("input").set_input_files(same)
        page.get_by_text("The same file, byte for byte.").wait_for()
        details.locator("input").set_input_files(other)
        page.get_by_text("Not the file that was delivered.").wait_for()
        assert page.asked[asked:] == []
        assert page.complaints == []
        assert not details.get_by_text("equal in every character").is_visible()


def test_without_javascript_a_digest_can_be_compared_by_hand(browser: Any) -> None:
    with serving(everything().web) as origin, page_of(browser, PHONE, java_script_enabled=False) as page:
        open_result(page, origin)
        details = page.locator("[data-digest]").first
        details.locator("summary").click()
        assert details.get_by_text("equal in every character").is_visible()
        assert not details.locator("input").is_visible()


@pytest.mark.parametrize(
    ("digest", "known"),
    [
        ("sha256-" + "A" * 43 + "=", True),
        ("sha384-" + "A" * 64, True),
        ("sha512-" + "A" * 86 + "==", True),
        ("u" + multibase.encode_base64url(b"\x12\x20" + b"x" * 32), True),
        ("z" + multibase.encode_base58btc(b"\x20\x30" + b"x" * 48), True),
        ("sha1-AAAA", False),
        ("sha256-AAAA BBBB", False),
        ("sha256-" + "A" * 43 + "= sha256-" + "B" * 43 + "=", False),
        ("u" + multibase.encode_base64url(b"\x11\x14" + b"x" * 20), False),
        ("u" + multibase.encode_base64url(b"\x12\x20" + b"x" * 31), False),
        ("z0OIl", False),
        ("", False),
    ],
)
def test_only_known_digests_are_compared(digest: str, known: bool, browser: Any) -> None:
    with serving(MemoryWeb()) as origin, page_of(browser) as page:
        page.goto(f"{origin}/verify")
        script = "async (text) => (await import('/static/js/file-hash.js')).read(text) !== null"
        assert page.evaluate(script, digest) is known


def test_a_saved_credential_is_the_one_that_was_judged(browser: Any, tmp_path: Path) -> None:
    issuer = everything()
    with serving(issuer.web) as origin, page_of(browser, PHONE) as page:
        open_result(page, origin)
        with page.expect_download() as download:
            page.get_by_role("button", name="The signed credential").click()
        download.value.save_as(tmp_path / "saved.json")
    assert (tmp_path / "saved.json").read_bytes() == issuer.web.body(ADDRESS)


def test_a_result_of_pasted_text_is_said_in_another_language(browser: Any) -> None:
    situation = situations.make("valid")
    with serving(situation.web) as origin, page_of(browser, PHONE) as page:
        page.goto(f"{origin}/verify")
        page.locator("#credential").fill(situation.credential.decode())
        page.get_by_role("button", name="Check it").click()
        page.get_by_role("button", name="Deutsch").click()
        page.wait_for_load_state()
        assert page.locator("html").get_attribute("lang") == "de"
        assert situations.TITLE in page.get_by_role("heading", level=1).inner_text()
