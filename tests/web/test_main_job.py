"""The whole main job in a real browser: from an empty instance to a withdrawn record, page by page."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.web.conftest import REPOSITORY, Site

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

EMAIL = "owner@lantern.example"
PASSWORD = "eleven grey herons by the weir"
REASON = "The hours were booked twice; a corrected record follows."

#: One row in each of three directions of writing and line breaking.
STUDENTS = ("Inês Duarte Fonseca", "نور الهاشمي", "陈雨桐")

PHONE = ViewportSize(width=390, height=844)
#: Signing three rows and drawing three certificates on two cores that other tests use as well.
PATIENCE_MS = 60_000


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Three rows of the samples that the repository ships, and one that cannot be issued."""
    with (REPOSITORY / "issuer" / "samples" / "demo.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_name"]: row for row in csv.DictReader(file)}
    chosen = [rows[name] for name in STUDENTS]
    bad = {**chosen[0], "student_name": "Nobody Yet", "student_email": "nobody@students.example", "hours": "many"}
    path = tmp_path / "completions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(bad))
        writer.writeheader()
        writer.writerows([*chosen, bad])
    return path


def set_up(page: Page, site: Site) -> None:
    """Make the organisation and its first owner on the first-run page."""
    page.goto(site.setup_link)
    page.get_by_label("Name", exact=True).fill("Lantern Research")
    page.get_by_label("Short name").fill("lantern")
    page.get_by_label("Website").fill("https://lantern.example")
    page.get_by_label("Your name").fill("Ruth Okonjo")
    page.get_by_label("Your e-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Create the organisation").click()


def log_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()


def upload(page: Page, table: Path) -> None:
    """Upload the table and see what was found: the bad row named by row, column and reason; a preview."""
    page.get_by_role("link", name="Upload completions").first.click()
    page.get_by_label("Your file").set_input_files(table)
    page.get_by_role("button", name="Check the file").click()
    problem = page.get_by_role("row").filter(has_text="hours").filter(has_text="many")
    expect(problem).to_be_visible()
    preview = page.get_by_role("img", name=re.compile("Preview of the certificate"))
    expect(preview).to_be_visible()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=preview.element_handle())


def issue(page: Page) -> None:
    page.get_by_role("button", name="Issue 3 records").click()
    expect(page.get_by_role("heading", name="The records")).to_be_visible(timeout=PATIENCE_MS)
    for student in STUDENTS:
        expect(page.get_by_role("row").filter(has_text=student)).to_contain_text("Valid")


def pdf_of(page: Page, student: str) -> bytes:
    """The certificate, downloaded from the record's page; comes back to the page that was open."""
    here = page.url
    page.get_by_role("row").filter(has_text=student).get_by_role("link", name="Page").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="The certificate (PDF)").click()
    page.goto(here)
    return download.value.path().read_bytes()


def address_in_the_qr(pdf: bytes) -> str:
    """What a phone reads off the printed page: the page is drawn to pixels, and the code is looked for in those."""
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    picture = document[0].render(scale=2.5).to_pil()
    codes = [code.text for code in zxingcpp.read_barcodes(picture) if code.format == zxingcpp.BarcodeFormat.QRCode]
    assert len(codes) == 1
    return codes[0]


def withdraw(page: Page, site: Site, student: str) -> None:
    """Withdraw in the console: a reason, a look at what everybody will see, and then the act."""
    page.goto(f"{site.address}/console/records")
    page.get_by_role("link", name=student).click()
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_label("reason").fill(REASON)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Preview of the public notice")).to_contain_text(REASON)
    page.get_by_role("button", name="Withdraw the record").click()
    expect(page.locator(".status").filter(has_text="Withdrawn").first).to_be_visible()


def verdict_on(page: Page, student: str) -> str:
    """The one word of the verdict on the page that is open, which must be about `student`."""
    expect(page.locator("h1")).to_contain_text(student)
    return page.locator(".verdict__word").inner_text()


def test_from_a_csv_to_a_withdrawn_record(context: BrowserContext, browser: Browser, site: Site, table: Path) -> None:
    page = context.new_page()
    set_up(page, site)
    log_in(page)
    upload(page, table)
    issue(page)
    addresses = {student: address_in_the_qr(pdf_of(page, student)) for student in STUDENTS}
    assert all(address.startswith(f"{site.address}/c/") for address in addresses.values())

    # A stranger's phone, which has no session here and runs no script.
    phone = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True, java_script_enabled=False)
    stranger = phone.new_page()
    for student, address in addresses.items():
        stranger.goto(address)
        assert verdict_on(stranger, student) == "Valid"
        assert stranger.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        stranger.goto(f"{site.address}/verify?url={address}")
        assert verdict_on(stranger, student) == "Valid"

    withdrawn, *others = STUDENTS
    withdraw(page, site, withdrawn)
    stranger.goto(addresses[withdrawn])
    assert verdict_on(stranger, withdrawn) == "Withdrawn"
    expect(stranger.locator("main")).to_contain_text(REASON)
    for student in others:
        stranger.goto(addresses[student])
        assert verdict_on(stranger, student) == "Valid"
    phone.close()
