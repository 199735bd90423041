"""Pages speak seven languages: nothing of ours is left in English, and what was signed stands untouched in each."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from credentials.languages import KNOWN
from tests.verifier import situations
from tests.verifier.conftest import MakeClient
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier.languages import CATALOGS

OTHERS = [tag for tag in KNOWN if tag != "en"]
#: Elements whose text is no sentence of ours: signed text, codes, the style sheet, and names of languages.
NOT_OURS = {"bdi", "code", "style", "script"}
#: Words that are the same in every language.
NAMES = {"Plaudit", "PDF", "JSON", "code"}
#: Attributes that are read out or shown; scripts find their words in data-*.
SPOKEN = {"aria-label", "alt", "title"}


class _Texts(HTMLParser):
    """Collects what a page says in its own words: text, labels, alternative texts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.signed: list[str] = []
        self._inside: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        foreign = tag in NOT_OURS or (tag != "html" and "lang" in told) or "technical" in (told.get("class") or "")
        spoken = [
            value for name, value in attrs if name in SPOKEN or (name.startswith("data-") and " " in (value or ""))
        ]
        if tag == "meta" and told.get("name") == "description":
            spoken.append(told["content"])
        self.texts += [] if foreign else [value for value in spoken if value]
        if tag not in ("meta", "link", "input", "br", "img", "path", "circle", "use"):
            self._inside.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if not text:
            return
        if any(foreign for _, foreign in self._inside):
            if any(tag == "bdi" for tag, _ in self._inside):
                self.signed.append(text)
        else:
            self.texts.append(text)


def read(html: str) -> _Texts:
    found = _Texts()
    found.feed(html)
    return found


def left_in_english(english: _Texts, other: _Texts, tag: str) -> set[str]:
    """What both pages say, but for names and words that are the same in both languages by their catalog."""
    catalog = read_po(BytesIO((CATALOGS / f"{tag}.po").read_bytes()))
    alike = {str(message.id) for message in catalog if message.id == message.string}
    said = {text for text in english.texts if re.search(r"[A-Za-z]{2}", text)}
    return (said & set(other.texts)) - NAMES - alike


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("name", situations.ALL)
def test_no_english_is_left_and_signed_text_is_the_same(name: str, tag: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    client = client_for(situation.web)
    english, other = (
        read(client.post(f"/verify?lang={lang}", data={"credential": situation.credential.decode()}).text)
        for lang in ("en", tag)
    )
    assert other.signed == english.signed
    assert left_in_english(english, other, tag) == set()


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("path", ["/verify", "/verify/resume", "/verify/batch", "/verify/offline"])
def test_the_entrances_speak_each_language(path: str, tag: str, client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    english, other = (read(client.get(f"{path}?lang={lang}").text) for lang in ("en", tag))
    assert left_in_english(english, other, tag) == set()


@pytest.mark.parametrize("tag", OTHERS)
def test_what_goes_wrong_is_said_in_each_language(tag: str, client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    english, other = (
        read(client.post(f"/verify?lang={lang}", data={"credential": "%PDF-1.7 nothing"}).text) for lang in ("en", tag)
    )
    assert left_in_english(english, other, tag) == set()


# --- which language ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "header", "html"),
    [
        ("", None, "en"),
        ("", "fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ("", "pt-BR,es;q=0.4", "es"),
        ("", "ja", "en"),
        ("", "zh-CN", "zh-Hans"),
        ("", "en-US,de;q=0.9", "en"),
        ("?lang=de", "fr", "de"),
        ("?lang=zh-Hans", "fr", "zh-Hans"),
        ("?lang=xx", "fr", "fr"),
        ("?lang=../../etc", None, "en"),
        ("", "*;q=0.1, ,;;q=x", "en"),
    ],
)
def test_the_address_comes_before_the_browser(
    query: str, header: str | None, html: str, client_for: MakeClient
) -> None:
    headers = {"Accept-Language": header} if header else {}
    answer = client_for(MemoryWeb()).get(f"/verify{query}", headers=headers)
    assert f'<html lang="{html}"' in answer.text
    assert answer.headers["Content-Language"] == html
    assert "Accept-Language" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


def test_only_arabic_runs_from_right_to_left(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    right = [tag for tag in KNOWN if ' dir="rtl">' in client.get(f"/verify?lang={tag}").text.split("<head>")[0]]
    assert right == ["ar"]


def test_the_switch_keeps_the_address_that_is_checked(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    issuer = Issuer(MemoryWeb())
    address = "https://lumen.example/c/a?b=c&d=e"
    issuer.web.put(address, to_bytes(issuer.issue()))
    page = client_for(issuer.web).get("/verify", query_string={"url": address, "lang": "hi"}).text
    assert 'href="/verify?url=https%3A%2F%2Flumen.example%2Fc%2Fa%3Fb%3Dc%26d%3De&amp;lang=ar"' in page
    for language in KNOWN.values():
        assert f">{language.name}</a>" in page, "each language is named in itself"
    assert situation.verdict.word not in page


def test_links_inside_hand_the_language_on(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    page = client.get("/verify?lang=es").text
    assert 'action="/verify?lang=es"' in page
    assert 'href="/verify/batch?lang=es"' in page
    assert 'action="/verify"' in client.get("/verify", headers={"Accept-Language": "es"}).text


def test_the_api_speaks_english_whatever_the_browser_prefers(client_for: MakeClient) -> None:
    situation = situations.make("withdrawn")
    client = client_for(situation.web)
    asked = {"data": situation.credential, "content_type": "application/json"}
    plain = client.post("/api/v1/verify", **asked)
    german = client.post("/api/v1/verify?lang=de", headers={"Accept-Language": "de"}, **asked)
    assert german.get_json() == plain.get_json()
    assert plain.get_json()["word"] == "Withdrawn"


def test_hostile_text_is_escaped_in_every_language(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    document["credentialSubject"]["achievement"]["name"] = "<img src=x onerror=alert(1)> %(day)s 100%"
    credential = to_bytes(issuer.issue(document)).decode()
    for tag in KNOWN:
        page = client_for(issuer.web).post(f"/verify?lang={tag}", data={"credential": credential}).text
        assert "<img" not in page
        assert "&lt;img src=x onerror=alert(1)&gt; %(day)s 100%" in page


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("path", ["/verify/batch", "/verify/resume"])
def test_tables_of_many_speak_each_language(path: str, tag: str, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    issuer.web.put("https://lumen.example/c/good", to_bytes(issuer.issue()))
    issuer.web.put("https://lumen.example/c/broken", b"<p>nothing</p>")
    links = (
        "https://lumen.example/c/good\nhttps://lumen.example/c/broken\nhttps://127.0.0.1/x\nhttps://lumen.example/gone"
    )
    english, other = (
        read(client_for(issuer.web).post(f"{path}?lang={lang}", data={"credentials": links, "text": links}).text)
        for lang in ("en", tag)
    )
    assert other.signed == english.signed
    assert left_in_english(english, other, tag) == set()


@pytest.mark.parametrize("tag", OTHERS)
def test_what_a_code_means_is_said_in_each_language(tag: str, client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    for code in ("revoked", "signature_invalid", "not_recognised"):
        english, other = (read(client.get(f"/verify/help/{code}?lang={lang}").text) for lang in ("en", tag))
        assert left_in_english(english, other, tag) == set(), code
