"""<plaudit-credential> in real Chromium: a whole installation on one port, somebody's page on another."""

from __future__ import annotations

import base64
import gzip
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

import plaudit
from issuer.services import revocation
from tests.issuer.web.conftest import NoNetwork, Site, app_of, row
from tests.verifier.watching import violations
from tests.web.conftest import free_port
from tests.worlds.instances import START, make_world
from verifier import create_app
from verifier.bundling import bundle, integrity
from verifier.config import VerifierConfig

MOST_BYTES = 15_000
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
Wsgi = Callable[..., Any]


@contextmanager
def listening(application: Wsgi, port: int = 0) -> Iterator[int]:
    server = make_server("127.0.0.1", port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Installation:
    """Issuer and verifier behind one port, as `plaudit serve` puts them; `spoil` changes answers by path."""

    site: Site
    origin: str
    spoil: dict[str, Callable[[bytes], bytes | None]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def application(self) -> Wsgi:
        config = VerifierConfig(self.origin, ("localhost",))
        verifying = create_app(config, fetcher=NoNetwork(), clock=self.site.world.clock)

        @Request.application
        def answer(request: Request) -> Response:
            own = plaudit._is_verifiers(request.path)
            app = verifying if own else self.site.app
            self.asked.append(f"{request.full_path} {dict(request.headers)}")
            response = Response.from_app(app.wsgi_app, request.environ)
            if request.path in self.spoil:
                changed = self.spoil[request.path](response.get_data())
                response = Response(status=503) if changed is None else response
                if changed is not None:
                    response.set_data(changed)
            return response

        return answer


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    port = free_port()
    origin = f"http://localhost:{port}"
    world = make_world(tmp_path, PLAUDIT_BASE_URL=origin)
    made = Installation(Site(world, app_of(world.instance)), origin)
    with listening(made.application(), port):
        yield made
    world.instance.close()


def page_with(installation: Installation, source: str, *, hash_of: bytes | None = None, policy: str = "") -> Wsgi:
    """Somebody's page, as docs/offline.md says how to write one."""
    pinned = f' integrity="{integrity(hash_of)}"' if hash_of is not None else ""
    html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>My work</title>
<meta name="viewport" content="width=device-width">
<h1>My work</h1><script type="module" crossorigin{pinned} src="{installation.origin}/verify/component.js"></script>
<plaudit-credential src="{source}"><a href="{source.removesuffix(".jwt")}">My record</a></plaudit-credential>"""
    headers = {"Content-Security-Policy": policy} if policy else {}

    @Request.application
    def answer(request: Request) -> Response:
        return Response(html, mimetype="text/html", headers=headers) if request.path == "/" else Response(status=404)

    return answer


@dataclass
class Shown:
    text: str
    verdict: str
    page: Any
    complaints: list[str]


@contextmanager
def shown(
    browser: Any, installation: Installation, source: str, viewport: Any = WIDE, **options: Any
) -> Iterator[Shown]:
    """What a visitor of that page sees, once the element has said something."""
    context = browser.new_context(viewport=viewport, color_scheme=options.pop("scheme", "light"))
    page = context.new_page()
    page.clock.set_fixed_time(installation.site.world.clock() + timedelta(days=1))
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with listening(page_with(installation, source, **options)) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector("plaudit-credential[data-verdict]")
        element = page.locator("plaudit-credential")
        yield Shown(element.locator(".card").inner_text(), element.get_attribute("data-verdict"), page, complaints)
    context.close()


def test_it_is_small_and_anybody_may_load_it(installation: Installation) -> None:
    code = bundle("component").encode()
    assert len(gzip.compress(code)) <= MOST_BYTES
    assert integrity(code) == "sha384-" + base64.b64encode(hashlib.sha384(code).digest()).decode()
    client = create_app(VerifierConfig(), fetcher=NoNetwork(), clock=lambda: START).test_client()
    answer = client.get("/verify/component.js", base_url="http://localhost:8000")
    assert answer.data == code
    assert answer.content_type.startswith("text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    known = {"If-None-Match": answer.headers["ETag"]}
    again = client.get("/verify/component.js", base_url="http://localhost:8000", headers=known)
    assert again.status_code == 304


def test_what_it_asks_for_may_be_read_by_any_page(installation: Installation) -> None:
    [name] = installation.site.issue(row())
    client = installation.site.anonymous()
    record = client.get(f"/c/{name}.jwt", base_url=installation.origin)
    assert record.content_type == "application/vc+jwt"
    found = client.get(f"/c/{name}", base_url=installation.origin, headers={"Accept": "application/vc+jwt"})
    assert (found.data, found.content_type) == (record.data, record.content_type)
    assert f'</c/{name}.jwt>; rel="alternate"; type="application/vc+jwt"' in found.headers["Link"]
    for answer in (record, client.get("/o/acme/did.json", base_url=installation.origin)):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.browser
@pytest.mark.timeout(180)
def test_a_record_is_verified_by_the_visitors_own_browser(browser: Any, installation: Installation) -> None:
    """Valid, then withdrawn; its integrity pinned; under a strict policy of the page; no cookie and no referrer."""
    [name] = installation.site.issue(row())
    source = f"{installation.origin}/c/{name}.jwt"
    policy = f"default-src 'none'; script-src {installation.origin}; connect-src {installation.origin}"
    with shown(browser, installation, source, hash_of=bundle("component").encode(), policy=policy) as seen:
        assert seen.verdict == "valid"
        assert "Acme Ltd (localhost:" in seen.text
        assert "that Maya Lee completed “Churn dashboard for a SaaS support team”: 31 hours, 24 May" in seen.text
        assert "Valid" in seen.text
        assert "Unchanged and not withdrawn" in seen.text
        links = seen.page.locator("plaudit-credential a").evaluate_all("found => found.map((one) => one.href)")
        assert f"{installation.origin}/c/{name}" in links
        assert any(link.startswith(f"{installation.origin}/verify?url=") for link in links)
        assert seen.complaints == []
    asked = [line for line in installation.asked if not line.startswith("/verify/component.js")]
    assert sorted(line.split("?")[0].rpartition("/")[0] for line in asked) == ["/c", "/o/acme", "/status"]
    assert not [line for line in asked if "Cookie" in line or "Referer" in line]
    revocation.revoke(installation.site.instance, name, "wrong student", actor="t")
    with shown(browser, installation, source) as seen:
        assert (seen.verdict, "Withdrawn" in seen.text, "Valid" in seen.text) == ("withdrawn", True, False)


@pytest.mark.browser
@pytest.mark.timeout(240)
@pytest.mark.case("OUT-04", "OUT-05", "OUT-06", "OUT-08")
def test_it_is_never_greener_than_what_was_checked(browser: Any, installation: Installation) -> None:
    [name, other] = installation.site.issue(row(), row("Ada Young", student_email="ada@students.example"))
    source = f"{installation.origin}/c/{name}.jwt"
    record, keys = f"/c/{name}.jwt", "/o/acme/did.json"
    listed = _list_path(installation, name)
    foreign = installation.site.anonymous().get(f"/c/{other}.jwt", base_url=installation.origin).data
    for path, change, verdict, words in (
        (record, lambda data: data[:-4] + b"AAAA", "signature_invalid", "Changed after signing"),
        (record, lambda _: b"nonsense", "format_not_here", "Can’t check here"),
        (record, lambda _: None, "record_unreachable", "Can’t check right now"),
        (keys, lambda _: None, "keys_unknown", "Can’t check right now"),
        (keys, lambda data: data.replace(b'"assertionMethod"', b'"x"'), "verification_relationship", "Not confirmed"),
        (listed, lambda _: None, "cannot_check", "Signature confirmed"),
        (listed, lambda _: foreign, "cannot_check", "could not be found out"),
    ):  # fmt: skip
        installation.spoil.clear()
        installation.spoil[path] = change
        with shown(browser, installation, source) as seen:
            assert (seen.verdict, words in seen.text) == (verdict, True), (path, seen.text)
            assert "Valid" not in seen.text
            if verdict != "cannot_check":
                assert "Maya" not in seen.text
                assert seen.page.get_by_text("My record").is_visible(), "the page's own link stays"


def _list_path(installation: Installation, name: str) -> str:
    credential = installation.site.anonymous().get(f"/c/{name}.json", base_url=installation.origin).get_json()
    return str(credential["credentialStatus"]["statusListCredential"]).removeprefix(installation.origin)


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_file_that_was_changed_does_not_run(browser: Any, installation: Installation) -> None:
    """With another file than the one that was pinned, the page keeps its own link."""
    [name] = installation.site.issue(row())
    context = browser.new_context()
    page = context.new_page()
    source = f"{installation.origin}/c/{name}.jwt"
    with listening(page_with(installation, source, hash_of=b"another file")) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_load_state("networkidle")
        assert page.locator("plaudit-credential").inner_text() == "My record"
        assert page.evaluate("() => customElements.get('plaudit-credential') === undefined")
    context.close()


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (WIDE, "light")])
def test_it_is_accessible_and_fits(browser: Any, installation: Installation, viewport: Any, scheme: str) -> None:
    [name] = installation.site.issue(row())
    with shown(browser, installation, f"{installation.origin}/c/{name}.jwt", viewport, scheme=scheme) as seen:
        assert seen.page.locator("html").evaluate("element => element.scrollWidth") <= viewport["width"]
        assert seen.page.get_by_role("status").inner_text().startswith("Valid")
        assert [line for line in violations(seen.page) if not line.startswith(("landmark", "region"))] == []
