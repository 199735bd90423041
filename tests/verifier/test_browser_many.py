"""Résumés, archives and photos in real Chromium, at a phone's width and without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from credentials import strict_json
from tests.verifier import archives, files, pictures, resumes, situations
from tests.verifier.test_browser import PHONE, serving, watched
from tests.verifier.test_resume import ONE, THREE, TWO, world

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def hand_in(page: Any, address: str, file: Path) -> None:
    page.goto(address)
    page.locator("#file").set_input_files(file)
    page.locator("button[type=submit]").click()
    page.wait_for_load_state("networkidle")


def assert_fits(page: Any) -> None:
    assert page.locator("html").evaluate("element => element.scrollWidth") <= PHONE["width"]


@pytest.mark.case("PRV-04")
def test_a_photo_is_checked(browser: Any, tmp_path: Path) -> None:
    web, _ = world()
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(pictures.jpeg(ONE))
    with serving(web) as origin, watched(browser) as (page, asked, complaints):
        hand_in(page, f"{origin}/verify", photo)
        assert "Valid" in page.get_by_role("status").inner_text()
        assert f"The QR code points to {ONE}" in page.locator("main").inner_text()
        assert_fits(page)
        assert all(address.startswith(origin) for address in asked)
        assert complaints == []


@pytest.mark.case("QRC-01")
def test_a_photo_that_leads_elsewhere_leads_nobody_there(browser: Any, tmp_path: Path) -> None:
    web, _ = world()
    web.put("https://evil.example/login", b"<!doctype html><title>Log in</title>")
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(pictures.jpeg("https://evil.example/login"))
    with serving(web) as origin, watched(browser) as (page, asked, _):
        hand_in(page, f"{origin}/verify", photo)
        assert "points to https://evil.example/login" in page.get_by_role("alert").inner_text()
        assert page.url == f"{origin}/verify"
        assert page.locator('a[href*="evil"]').count() == 0
        assert all(address.startswith(origin) for address in asked)


def test_a_resume_is_one_table(browser: Any, tmp_path: Path) -> None:
    web, _ = world()
    resume = tmp_path / "resume.pdf"
    resume.write_bytes(resumes.pdf(resumes.link(ONE) + resumes.printed(TWO), resumes.code(THREE)))
    with serving(web) as origin, watched(browser) as (page, asked, complaints):
        hand_in(page, f"{origin}/verify/resume", resume)
        assert page.get_by_role("heading", level=1).inner_text() == "1 of 3 credentials in this résumé is valid"
        words = page.locator("tbody .status").all_inner_texts()
        assert words == ["Valid", "Withdrawn", "Changed after signing"]
        assert_fits(page)
        assert all(address.startswith(origin) for address in asked)
        assert complaints == []


def test_an_archive_is_one_table_that_can_be_saved(browser: Any, tmp_path: Path) -> None:
    web, _ = world()
    archive = tmp_path / "all.zip"
    archive.write_bytes(archives.archive(("a.pdf", files.pdf(web.body(ONE))), ("b.json", web.body(TWO))))
    with serving(web) as origin, watched(browser) as (page, asked, complaints):
        hand_in(page, f"{origin}/verify/batch", archive)
        assert page.get_by_role("heading", level=1).inner_text() == "1 of 2 is valid"
        assert_fits(page)
        with page.expect_download() as saving:
            page.get_by_role("link", name="Save as CSV").click()
        assert saving.value.suggested_filename == "credential-check.csv"
        assert situations.STUDENT in Path(saving.value.path()).read_text("utf-8-sig")
        with page.expect_download() as saving:
            page.get_by_role("link", name="Save as JSON").click()
        results = strict_json.loads(Path(saving.value.path()).read_bytes())["results"]
        assert [row["verdict"] for row in results] == ["valid", "withdrawn"]
        assert all(address.startswith((origin, "data:")) for address in asked)
        assert complaints == []
