"""The page of a record speaks the language of whoever opens it; the console speaks English to everybody."""

from __future__ import annotations

import pytest

from credentials.languages import KNOWN
from tests.issuer.web.conftest import Site, row
from tests.issuer.web.test_records import verdict
from tests.verifier.test_languages import left_in_english, read

OTHERS = [tag for tag in KNOWN if tag != "en"]


@pytest.mark.parametrize("tag", OTHERS)
def test_a_record_is_shown_in_the_readers_language(site: Site, tag: str) -> None:
    issued = site.issue(row())[0]
    client = site.anonymous()
    english = client.get(f"/c/{issued}", headers={"Accept": "text/html"})
    other = client.get(f"/c/{issued}", headers={"Accept": "text/html", "Accept-Language": tag})
    assert other.headers["Content-Language"] == KNOWN[tag].html
    assert "Accept-Language" in other.headers["Vary"]
    assert f'<html lang="{KNOWN[tag].html}"' in other.text
    assert verdict(other.text) != verdict(english.text)
    assert read(other.text).signed == read(english.text).signed
    left = left_in_english(read(english.text), read(other.text), tag)
    assert {text for text in left if "Maya Lee" not in text and "Churn dashboard" not in text} == set()


def test_the_address_may_name_the_language(site: Site) -> None:
    issued = site.issue(row())[0]
    answer = site.anonymous().get(f"/c/{issued}?lang=ar", headers={"Accept": "text/html", "Accept-Language": "de"})
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert f'href="/c/{issued}?lang=hi"' in answer.text


def test_the_signed_bytes_have_no_language(site: Site) -> None:
    issued = site.issue(row())[0]
    client = site.anonymous()
    asked = {"Accept": "application/json", "Accept-Language": "de"}
    assert client.get(f"/c/{issued}", headers=asked).data == client.get(f"/c/{issued}.json").data


def test_what_is_not_translated_is_english_and_says_so(site: Site) -> None:
    answer = site.anonymous().get("/login?lang=ar", headers={"Accept-Language": "ar"})
    assert '<html lang="en">' in answer.text
    assert "Content-Language" not in answer.headers
