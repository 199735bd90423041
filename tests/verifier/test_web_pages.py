"""A web page as the address of a credential: what it links to or holds is found, judged, and nothing else is opened."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.ports import Fetched
from tests.verifier import pictures, situations
from tests.verifier.conftest import MakeClient
from tests.worlds import tokens
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import intake
from verifier.reading import web_page
from verifier.reading.web_page import Offered
from verifier.sandbox import FileSandbox

PAGE = "https://badges.example/people/ana/badge"
BESIDE = "https://badges.example/people/ana/badge.json"
API = "/api/v1/verify"
ALTERNATE = '<link rel="alternate" type="application/vc+json" href="/c/1.json">'


def html(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html>\n<html><head><title>x</title>{head}</head><body>{body}</body></html>".encode()


def links(head: str = "", body: str = "") -> tuple[str, ...]:
    return web_page.offered(html(head, body), PAGE).links


def judged(client: Any, address: str = PAGE) -> Any:
    return client.post(API, json={"url": address})


@pytest.mark.parametrize(
    ("head", "link"),
    [
        ('<link rel="alternate" type="application/vc+json" href="badge.json">', BESIDE),
        ('<link rel=alternate type="application/vc+jwt" href="https://other.example/1">', "https://other.example/1"),
        ("<LINK REL='next Alternate' TYPE='application/LD+JSON; charset=utf-8' HREF='?f=1&amp;g'/>", f"{PAGE}?f=1&g"),
        ('<link rel="describedby" href="badge.json">', BESIDE),
        ('<link rel="describedby" type="application/json" href="badge.json#key">', BESIDE),
        ('<base href="/deep/er/"><link rel=alternate type=application/json href=1>', "https://badges.example/deep/er/1"),
    ],
)  # fmt: skip
def test_links_of_the_head_are_found(head: str, link: str) -> None:
    assert links(head) == (link,)


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="alternate" type="application/rss+xml" href="/feed">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="alternate" hreflang="de" href="/de">',
        '<link rel="stylesheet" type="application/json" href="/style">',
        '<link rel="alternate" type="application/vc+json">',
        '<link rel="alternate" type="application/vc+json" href=" ">',
        '<link rel="alternate" type="application/vc+json" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/vc+json" href="file:///etc/passwd">',
        '<link rel="alternate" type="application/vc+json" href="https://[bad">',
        f'<link rel="alternate" type="application/vc+json" href="{PAGE}#self">',
        '<!-- <link rel="alternate" type="application/vc+json" href="/c"> -->',
        '<script>"<link rel=alternate type=application/vc+json href=/c>"</script>',
    ],
)
def test_other_links_are_not(head: str) -> None:
    assert links(head) == ()


def test_files_beside_the_page_count_and_others_do_not() -> None:
    body = "".join(
        f"<a href='{target}'>x</a>"
        for target in (
            "badge.json",
            "/people/ana/files/b.jwt",
            "/api/all.json",
            "https://other.example/c.json",
            "b.html",
        )
    )
    assert links(body=body) == (BESIDE, "https://badges.example/people/ana/files/b.jwt")


def test_the_most_exact_come_first_and_no_more_than_three() -> None:
    body = "<a href=badge.json>file</a>"
    head = "".join(
        f'<link rel="alternate" type="{kind}" href="/{number}">'
        for number, kind in enumerate(
            ["application/json", "application/ld+json", "application/vc+json", "application/vc"]
        )
    )
    assert links(head, body) == tuple(f"https://badges.example/{number}" for number in (2, 3, 1))


def test_json_ld_in_the_page_counts_when_it_is_a_credential() -> None:
    credential = '{"type": ["VerifiableCredential"], "name": "a < b && c"}'
    head = (
        '<script type="application/ld+json">{"@type": "Organization", "name": "Example"}</script>'
        f'<script type="application/ld+json">\n{credential}\n</script><script>{credential}</script>'
    )
    assert web_page.offered(html(head), PAGE).credentials == (credential.encode(),)


@given(st.lists(st.text(max_size=40)), st.lists(st.binary(max_size=40)))
def test_what_the_child_sends_arrives(found: list[str], held: list[bytes]) -> None:
    texts = tuple(text.decode("utf-8", "replace").encode() for text in held)
    addresses = tuple(text.encode("utf-8", "replace").decode() for text in found)
    assert web_page.decode(web_page.encode(Offered(texts, addresses))) == Offered(texts, addresses)


@given(st.binary(max_size=300))
def test_every_page_can_be_read(data: bytes) -> None:
    found = web_page.offered(b"<html><link rel=alternate type=application/vc href='" + data, PAGE)
    assert len(found.links) <= web_page.MAX_LINKS
    web_page.decode(web_page.encode(found))


@pytest.mark.case("UPL-07")
@pytest.mark.parametrize(
    ("data", "is_page"),
    [
        (html(), True),
        (b"\xef\xbb\xbf\n<!-- a --><!DOCTYPE html>", True),
        (b"<HTML lang=en>", True),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="y">', True),
        (b"<head><title>x</title>", True),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', False),
        (b"<html5>", False),
        (b"<header>", False),
        (b'{"a": "<html>"}', False),
        (b"", False),
        (b"<!-- never closed <html>", False),
    ],
)
def test_a_page_is_told_by_its_content(data: bytes, is_page: bool) -> None:
    assert intake.is_web_page(data) is is_page


# --- judged ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["valid", "withdrawn", "altered", "issuer unreachable", "status unreachable"])
def test_a_page_that_links_a_credential_leads_to_its_verdict(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    situation.web.put(PAGE, html(ALTERNATE))
    situation.web.put("https://badges.example/c/1.json", situation.credential)
    report = judged(client_for(situation.web)).get_json()
    assert report["verdict"] == situation.verdict.id
    assert report["ledTo"] == "https://badges.example/c/1.json"
    assert situation.web.asked[:2] == [PAGE, "https://badges.example/c/1.json"]


def test_a_page_that_holds_a_credential_is_not_left(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    held = situation.credential.decode()
    situation.web.put(PAGE, html(f'{ALTERNATE}<script type="application/ld+json">{held}</script>'))
    report = judged(client_for(situation.web)).get_json()
    assert (report["verdict"], report.get("ledTo")) == ("valid", None)
    assert "https://badges.example/c/1.json" not in situation.web.asked


def test_a_token_behind_a_page_is_judged(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    issuer.web.put(PAGE, html('<link rel="alternate" type="application/vc+jwt" href="/c/1.jwt">'))
    issuer.web.put("https://badges.example/c/1.jwt", tokens.as_jwt(issuer.unsigned(), issuer.key))
    assert judged(client_for(issuer.web)).get_json()["verdict"] == "valid"


def test_what_is_no_credential_is_passed_over(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    head = '<link rel=alternate type="application/ld+json" href="/site"><link rel=describedby href="/gone">'
    situation.web.put(PAGE, html(head, "<a href=badge.json>file</a>"))
    situation.web.put("https://badges.example/site", {"@type": "WebSite"})
    situation.web.put(BESIDE, situation.credential)
    assert judged(client_for(situation.web)).get_json()["verdict"] == "valid"
    assert situation.web.asked[:4] == [PAGE, "https://badges.example/site", "https://badges.example/gone", BESIDE]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (html(), "no_credential_on_page"),
        (html("<link rel=alternate type=application/json href=/site>"), "no_credential_on_page"),
        (html("<link rel=alternate type=application/vc href=/page>"), "no_credential_on_page"),
        (html("<link rel=alternate type=application/vc href=/picture>"), "no_credential_on_page"),
        (html(ALTERNATE), "unreachable"),
        (
            html(
                "".join(f'<script type="application/ld+json">{{"VerifiableCredential": {n}}}</script>' for n in (1, 2))
            ),
            "several_credentials_in_file",
        ),
    ],
)
def test_a_page_without_a_credential_is_said_to_be_one(page: bytes, code: str, client_for: MakeClient) -> None:
    """A page behind the page, and a picture of a code, lead no further."""
    web = MemoryWeb()
    web.put(PAGE, page)
    web.put("https://badges.example/site", {"@type": "WebSite"})
    web.put("https://badges.example/page", html(ALTERNATE))
    web.put("https://badges.example/picture", pictures.jpeg("https://badges.example/c/1.json"))
    answer = judged(client_for(web))
    assert (answer.status_code, answer.get_json()["code"]) == (422, code)
    assert len(web.asked) <= 2


def test_an_open_badge_2_behind_a_page_is_named(client_for: MakeClient) -> None:
    web = MemoryWeb()
    web.put(PAGE, html('<link rel="alternate" type="application/ld+json" href="/assertion">'))
    web.put(
        "https://badges.example/assertion",
        {"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://badges.example/assertion"},
    )
    report = judged(client_for(web)).get_json()
    form = report["checks"][1]
    assert (form["code"], form["outcome"]) == ("open_badges_2", "not_checked")
    assert "Open Badges 2.0" in report["headline"]


def test_a_code_may_lead_to_a_page_that_links_a_credential(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    situation.web.put(PAGE, html(ALTERNATE))
    situation.web.put("https://badges.example/c/1.json", situation.credential)
    client = client_for(situation.web)
    report = client.post(API, data=pictures.jpeg(PAGE), content_type="image/jpeg").get_json()
    assert (report["verdict"], report["ledTo"]) == ("valid", PAGE)


class Redirecting(MemoryWeb):
    """Answers for `PAGE` from another address, as a fetcher does that was sent on."""

    def fetch(self, url: str) -> Fetched:
        found = super().fetch(url)
        return Fetched("https://elsewhere.example/x/", found.body, "text/html") if url == PAGE else found


def test_links_go_from_where_the_redirects_ended(client_for: MakeClient) -> None:
    web = Redirecting()
    issuer = Issuer(web)
    web.put(PAGE, html('<link rel="alternate" type="application/vc" href="c">'))
    web.put("https://elsewhere.example/x/c", to_bytes(issuer.issue()))
    assert judged(client_for(web)).get_json()["verdict"] == "valid"


@pytest.mark.case("UPL-03")
def test_a_page_is_read_in_a_child() -> None:
    """The same answer, from a process that is thrown away; the address stands in no list of processes."""
    page = html(ALTERNATE, "<!" * 5_000)
    assert FileSandbox().read_page(page, PAGE) == web_page.offered(page, PAGE)


def test_an_uploaded_page_is_still_no_credential(client_for: MakeClient) -> None:
    answer = client_for(MemoryWeb()).post(API, data=html(ALTERNATE), content_type="text/plain")
    assert "use the page's address" in json.loads(answer.data)["detail"]
