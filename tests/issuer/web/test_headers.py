"""Every answer carries the security headers, names no foreign origin, and is addressed by the configured host only."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from issuer.services import records
from tests.issuer.web.conftest import Site, make_site, row

REQUIRED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PAGE = {"Accept": "text/html"}


def addresses_of(site: Site) -> list[str]:
    """One address for every GET route of the app, with ids that exist; a new route is covered by itself."""
    issued = site.issue(row())[0]
    draft = site.draft(row("Zoë", student_email="z@students.example"))
    record = records.get(site.instance, issued)
    values = {
        "credential_id": issued,
        "batch_id": draft,
        "list_id": re.search(rb'/status/([a-z2-7]{26})"', record.credential)[1].decode(),  # type: ignore[index]
        "project_id": re.search(rb"/a/([a-z2-7]{26})", record.credential)[1].decode(),  # type: ignore[index]
        "key": re.search(rb"/skills/([a-z2-7]+)", record.credential)[1].decode(),  # type: ignore[index]
        "slug": record.portfolio_slug,
        "name": "completion",
        "filename": "plaudit.css",
    }
    found = []
    for rule in site.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            chosen = values | ({"slug": "acme"} if rule.rule.startswith("/o/") else {})
            found.append(filled(rule.rule, chosen))
    return found


def filled(rule: str, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: values[part[1]], rule)


@pytest.mark.case("WEB-02")
def test_every_route_and_every_error_has_them(site: Site) -> None:
    client = site.signed_in()
    addresses = addresses_of(site)
    assert len(addresses) > 25
    for path in [*addresses, "/nothing", "/c/nothing", "/console/batches/nothing", "/static/nothing.css"]:
        for accept in ("text/html", "application/json"):
            answer = client.get(path, headers={"Accept": accept})
            assert answer.status_code < 500, (path, answer.text[:300])
            missing = {name: value for name, value in REQUIRED.items() if answer.headers.get(name) != value}
            assert not missing, (path, missing)
            csp = answer.headers["Content-Security-Policy"]
            assert csp.startswith("default-src 'none'"), path
            assert "unsafe" not in csp, path
            assert "frame-ancestors 'none'" in csp, path


@pytest.mark.case("WEB-02")
def test_known_addresses_answer(site: Site) -> None:
    client = site.signed_in()
    expected_elsewhere = {"/login": 302, "/setup": 404, "/o/acme/did.jsonl": 404}
    for path in addresses_of(site):
        status = client.get(path, headers=PAGE).status_code
        unexplained = path.endswith("/standing")  # a record that stands has no notice
        assert status == expected_elsewhere.get(path, 404 if unexplained else 200), path


@pytest.mark.case("WEB-02", "WEB-06")
def test_https_adds_hsts_and_secure_cookies(tmp_path: Path) -> None:
    site = make_site(tmp_path, PLAUDIT_BASE_URL="https://credentials.example")
    answer = site.anonymous().get("/login", base_url="https://credentials.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-plaudit=")
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie


def test_plain_http_promises_no_hsts(site: Site) -> None:
    answer = site.anonymous().get("/login")
    assert "Strict-Transport-Security" not in answer.headers
    assert all(flag in answer.headers["Set-Cookie"] for flag in ("HttpOnly", "SameSite=Lax"))


@pytest.mark.case("DID-11", "WEB-09")
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "evil.example:8000",
        "user@localhost",
        "localhost:8000@evil.example",
        "[::1]",
        "",
    ],
)
def test_another_host_is_refused(site: Site, host: str) -> None:
    answer = site.anonymous().get("/o/acme/did.json", headers={"Host": host})
    assert answer.status_code == 400
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.case("DID-11", "WEB-09")
def test_forwarded_headers_change_nothing(site: Site) -> None:
    lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    client, issued = site.anonymous(), site.issue(row())[0]
    for path in ("/o/acme/did.json", f"/c/{issued}", "/", "/login"):
        answer = client.get(path, headers=lies | PAGE)
        assert answer.status_code == 200
        assert "evil.example" not in answer.text
        assert "evil.example" not in str(answer.headers)
    assert client.get("/o/acme/did.json").json["id"] == "did:web:localhost%3A8000:o:acme"  # type: ignore[index]


@pytest.mark.case("PRV-04", "WEB-01")
def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(site: Site) -> None:
    client = site.signed_in()
    for path in addresses_of(site):
        answer = client.get(path, headers=PAGE)
        if answer.mimetype != "text/html":
            continue
        for tag in re.findall(r"<(?:script|link|img|iframe|object|embed|source|form)\b[^>]*>", answer.text):
            if 'rel="canonical"' in tag or 'rel="alternate"' in tag:
                continue
            for address in re.findall(r'(?:src|href|action|data)="([^"]*)"', tag):
                assert address.startswith("/"), (path, tag)
        scripts = re.findall(r"<script\b([^>]*)>", answer.text)
        assert all("src=" in script or "application/ld+json" in script for script in scripts), path
        assert not re.search(r"\sstyle=|\son[a-z]+=", answer.text), path
        for style in re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL):
            known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            assert f"'sha256-{known}'" in answer.headers["Content-Security-Policy"], path


@pytest.mark.case("PRV-01")
def test_unlisted_pages_ask_search_engines_to_stay_out(site: Site) -> None:
    issued = site.issue(row())[0]
    slug = records.get(site.instance, issued).portfolio_slug
    client = site.anonymous()
    for path in (f"/c/{issued}", f"/c/{issued}.json", f"/p/{slug}"):
        answer = client.get(path, headers=PAGE)
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"].startswith("private")
    robots = client.get("/robots.txt").text
    assert "Disallow: /c/" in robots
    assert "Disallow: /p/" in robots
    assert "Sitemap" not in robots
    assert len(slug) == len(issued) == 26


@pytest.mark.case("PRV-03")
def test_addresses_and_public_files_name_nobody(site: Site) -> None:
    issued = site.issue(row("Zwetana Unverwechselbar", student_email="zwetana@students.example"))[0]
    record = records.get(site.instance, issued)
    status_list = re.search(rb'http://localhost:8000(/status/[a-z2-7]{26})"', record.credential)
    assert status_list is not None
    client = site.anonymous()
    for path in (status_list[1].decode(), "/o/acme/did.json", "/o/acme", "/robots.txt", "/"):
        body = client.get(path, headers=PAGE).text
        assert "zwetana" not in body.casefold()
        assert "students.example" not in body
    assert b"@students.example" not in record.credential
    assert "zwetana" not in f"{record.url}{record.portfolio_slug}"


def test_errors_come_in_the_form_that_was_asked_for(site: Site) -> None:
    client = site.anonymous()
    page = client.get("/c/nothing", headers=PAGE)
    assert page.status_code == 404
    assert page.mimetype == "text/html"
    problem = client.get("/c/nothing", headers={"Accept": "application/json"})
    assert problem.status_code == 404
    assert problem.mimetype == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance"} <= set(problem.json or {})
    assert client.post("/robots.txt").status_code in {403, 405}


@pytest.mark.case("QRC-03", "TEN-03")
def test_every_unknown_id_gets_the_same_answer(site: Site) -> None:
    client = site.anonymous()
    bodies = {
        re.sub(r'"instance":"[^"]*"', "", client.get(path, headers={"Accept": "application/json"}).text)
        for path in (
            "/c/" + "a" * 26,
            "/c/x",
            "/c/" + "é" * 26,
            "/c/%00",
            "/c/..%2f..%2fetc%2fpasswd",
            "/c/" + "a" * 4000,
        )
    }
    assert len(bodies) == 1


@pytest.mark.case("WEB-07")
def test_the_unforeseen_is_a_bare_500(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM inside")

    monkeypatch.setattr("issuer.services.organisations.all", explode)
    for accept in ("text/html", "application/json"):
        answer = site.anonymous().get("/", headers={"Accept": accept})
        assert answer.status_code == 500
        assert "SELECT" not in answer.text
        assert "Traceback" not in answer.text
        assert "Content-Security-Policy" in answer.headers
