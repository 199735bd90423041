"""The page for printed codes, in real Chromium: right without a server, silent about the claim, small and quick."""

from __future__ import annotations

import gzip
import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from werkzeug.serving import WSGIRequestHandler, make_server

from credentials import baking, compact_claim, errors
from credentials.compact_claim import CompactClaim
from credentials.cose import sign1
from tests.credentials.test_compact_claim import CLAIMS
from tests.vectors import make_compact_claims
from tests.vectors.make_compact_claims import in_json
from tests.verifier import twisted
from tests.verifier.conftest import MakeClient
from tests.verifier.test_browser import PHONE, serving, watched
from tests.verifier.watching import NARROW, WIDE, page_of, sticks_out, violations
from tests.worlds.completions import NOW
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import create_app
from verifier.config import VerifierConfig

STATIC = Path(__file__).resolve().parents[2] / "templates" / "static"
VECTORS = sorted(make_compact_claims.FOLDER.rglob("*.json"))
#: The whole page with its code, as it comes over the line.
MOST_BYTES = 30_000
DID = "did:web:plaudit.example:o:northwind"
DID_URL = "https://plaudit.example/o/northwind/did.json"


def publish(web: MemoryWeb, *keys: Key | EcKey, **changes: Any) -> None:
    """Put the issuer's document on the web; `changes` are further members of each key."""
    web.put(
        DID_URL,
        {
            "@context": ["https://www.w3.org/ns/did/v1"],
            "id": DID,
            "verificationMethod": [{**key.method(), **changes} for key in keys],
            "assertionMethod": [key.verification_method for key in keys],
        },
    )


@pytest.fixture
def web() -> MemoryWeb:
    found = MemoryWeb()
    publish(found, make_compact_claims.ED, make_compact_claims.P256)
    return found


def fragment(name: str = "usual") -> str:
    path = next(path for path in VECTORS if path.stem == name)
    return str(json.loads(path.read_bytes())["fragment"])


def found_for(page: Any, text: str) -> str:
    """What the page says of a claim that its address carries."""
    page.wait_for_selector(f'#result[data-done="{text}"]')
    return str(page.locator("#verdict").inner_text())


def opened(page: Any, origin: str, text: str) -> str:
    page.goto("about:blank")
    page.goto(f"{origin}/verify/offline#{text}")
    return found_for(page, text)


# --- the keys that the page asks for --------------------------------------------------------------------------------


def test_an_issuers_keys_are_given_out(web: MemoryWeb, client_for: MakeClient) -> None:
    """With their history: a key that ended, and one that was withdrawn and is no longer listed."""
    ended, stolen = make_compact_claims.ED, EcKey("stolen", "ES384", DID)
    methods = [
        {**ended.method(), "expires": "2026-06-25T00:00:00Z"},
        {**stolen.method(), "revoked": "2026-06-01T00:00:00Z"},
        Key("unlisted", DID).method(),
    ]
    listed = [ended.verification_method]
    web.put(DID_URL, {"id": DID, "verificationMethod": methods, "assertionMethod": listed})
    response = client_for(web).get("/api/v1/verify/issuer-keys", query_string={"issuer": DID})

    def common(key: Key | EcKey) -> dict[str, Any]:
        hint = compact_claim.key_hint(key.public).hex()
        named = {"id": key.verification_method, "hint": hint}
        return {**named, "algorithm": key.algorithm, "jwk": key.public.to_jwk()}

    assert response.json == {
        "issuer": DID,
        "asOf": "2026-07-01T12:00:00Z",
        "keys": [
            {**common(stolen), "vouches": False, "revoked": "2026-06-01T00:00:00Z"},
            {**common(ended), "expires": "2026-06-25T00:00:00Z"},
        ],
    }


@pytest.mark.parametrize(
    "issuer", ["", "https://plaudit.example", "did:web:" + "a" * 400, "did:web:127.0.0.1", "did:foo:1"]
)
def test_other_issuers_are_refused(issuer: str, web: MemoryWeb, client_for: MakeClient) -> None:
    response = client_for(web).get("/api/v1/verify/issuer-keys", query_string={"issuer": issuer})
    assert (response.status_code // 100, response.content_type) == (4, "application/problem+json")
    assert web.asked == []


def test_the_page_and_all_its_code_is_small(web: MemoryWeb, client_for: MakeClient) -> None:
    client = client_for(web)
    worker = client.get("/verify/offline-worker.js")
    assert worker.content_type.startswith("text/javascript")
    kept = re.findall(r'^  "(/\S+)",$', worker.get_data(as_text=True), re.MULTILINE)
    assert "/verify/offline" in kept
    parts = [worker.data, *(client.get(path).data for path in kept)]
    assert len(b"".join(parts)) > 10_000
    assert sum(len(gzip.compress(part)) for part in parts) <= MOST_BYTES


def test_the_worker_keeps_all_that_the_page_asks_for(web: MemoryWeb, client_for: MakeClient) -> None:
    client = client_for(web)
    worker = client.get("/verify/offline-worker.js").get_data(as_text=True)
    html = client.get("/verify/offline").get_data(as_text=True)
    needed = set(re.findall(r'<(?:link|script)[^>]+(?:href|src)="(/[^"]+)"', html))
    assert {"/verify/offline.js", "/static/plaudit.css"} <= needed
    assert all(f'"{path}"' in worker for path in needed)
    assert "<form" not in html


# --- in the browser -------------------------------------------------------------------------------------------------


@contextmanager
def stopping(web: MemoryWeb) -> Iterator[str]:
    """Serve the verifier; afterwards nobody listens at its address."""
    config = VerifierConfig(trusted_hosts=("127.0.0.1",))
    app = create_app(config, fetcher=web, clock=lambda: NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def at_work(browser: Any, web: MemoryWeb) -> Iterator[tuple[Any, str, list[str], list[str]]]:
    with serving(web) as origin, watched(browser, scripts=True) as (page, asked, complaints):
        yield page, origin, asked, complaints


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_every_vector_is_judged_as_in_python(browser: Any, web: MemoryWeb) -> None:
    """In the page's own module: the same facts, or the same reason."""
    run = """async ({ fragment, key }) => {
        const { parse, verify } = await import("/static/js/compact-claim.js");
        const keys = [{ hint: key.hint, algorithm: key.algorithm, jwk: key.publicKeyJwk }];
        try { return { claim: JSON.parse(JSON.stringify(await verify(parse(fragment), keys))) }; }
        catch (error) { return { error: error.code ?? String(error) }; }
    }"""
    with at_work(browser, web) as (page, origin, _, complaints):
        page.goto(f"{origin}/verify/offline")
        for path in VECTORS:
            vector = json.loads(path.read_bytes())
            result = page.evaluate(run, vector)
            if path.parent.name == "valid":
                assert result == {"claim": vector["claim"]}, path.stem
            elif path.stem == "truncated":
                assert result.keys() == {"error"}
            else:
                assert result == {"error": vector["error"]}, path.stem
        assert complaints == []


@pytest.mark.browser
@pytest.mark.timeout(240)
def test_what_the_browser_reads_is_what_python_reads(browser: Any, web: MemoryWeb) -> None:
    """Claims of every kind, and payloads with one byte changed that were signed again: accepted by both, or by none."""
    run = """async (fragment) => {
        const { parse } = await import("/static/js/compact-claim.js");
        try { return JSON.parse(JSON.stringify(parse(fragment).claim)); } catch (error) { return error.code; }
    }"""

    def read(fragment: str) -> Any:
        try:
            return in_json(compact_claim.parse(compact_claim.from_fragment(fragment)).claim)
        except errors.PlauditError:
            return None

    with at_work(browser, web) as (page, origin, _, _):
        page.goto(f"{origin}/verify/offline")

        @settings(max_examples=150)
        @given(CLAIMS, st.data())
        def compare(claim: CompactClaim, data: st.DataObject) -> None:
            key = Key("twice", claim.issuer)
            payload = bytearray(claim.to_claims().to_bytes())
            if data.draw(st.booleans()):
                payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
            message = sign1.sign(bytes(payload), key, kid=compact_claim.key_hint(key.public))
            text = compact_claim.to_fragment(message)
            in_browser = page.evaluate(run, text)
            assert (None if isinstance(in_browser, str) else in_browser) == read(text)

        compare()


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", ["usual", "usual_p256"])
def test_a_scanned_code_is_confirmed_and_its_status_not_claimed(name: str, browser: Any, web: MemoryWeb) -> None:
    with at_work(browser, web) as (page, origin, asked, complaints):
        seen = opened(page, origin, fragment(name))
        assert "Northwind Analytics (plaudit.example) confirmed on 21 June 2026 that Amélie Dubois-Lefèvre" in seen
        assert "31.5 hours, 24 May – 11 June 2026" in seen
        assert "Signature confirmed" in seen
        assert "Status as of 21 June 2026, not asked now" in seen
        assert "Valid" not in seen
        assert page.locator("#record").get_attribute("href") == make_compact_claims.CLAIM.record
        assert float(page.locator("#result").get_attribute("data-milliseconds")) > 0
        assert all(address.startswith(origin) for address in asked)
        assert complaints == []
        assert page.locator("html").evaluate("element => element.scrollWidth") <= PHONE["width"]


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.case("QRC-02")
def test_a_changed_claim_is_refused_and_not_shown(browser: Any, web: MemoryWeb) -> None:
    text = fragment()
    with at_work(browser, web) as (page, origin, _, complaints):
        for other in (
            text[:-1] + str(9 - int(text[-1])),
            text[:200] + str(9 - int(text[200])) + text[201:],
            text[:-40],
        ):
            seen = opened(page, origin, other)
            assert "Changed after signing" in seen
            assert "Amélie" not in page.content()
        assert "Not a claim" in opened(page, origin, "nonsense")
        assert complaints == []


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_an_issuer_who_cannot_be_found_confirms_nothing(browser: Any, web: MemoryWeb) -> None:
    with at_work(browser, web) as (page, origin, _, _):
        assert "keys could not be found" in opened(page, origin, fragment("everything"))
        assert "Amélie" not in page.content()


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_it_works_when_the_server_is_gone(browser: Any, web: MemoryWeb) -> None:
    """Loaded once, with one claim of the issuer; then no server listens any more, and another claim is scanned."""
    other = replace(make_compact_claims.CLAIM, student="Олена Шевченко")
    text = compact_claim.to_fragment(compact_claim.sign(other, make_compact_claims.ED, make_compact_claims.ED.public))
    with watched(browser, scripts=True) as (page, _, complaints):
        with stopping(web) as origin:
            opened(page, origin, fragment())
            page.wait_for_selector("#kept:not([hidden])")
        page.on("requestfailed", lambda request: complaints.clear())
        seen = opened(page, origin, text)
        assert "Олена Шевченко" in seen
        assert "Signature confirmed" in seen
        assert "Status as of 21 June 2026, not asked now" in seen
        assert "found on 1 July 2026; they could not be looked up again now" in seen
        spoilt = text[:-1] + str(9 - int(text[-1]))
        assert "Changed after signing" in opened(page, origin, spoilt)
        newer = Key("newer", DID)
        text = compact_claim.to_fragment(compact_claim.sign(other, newer, newer.public))
        assert "knows the issuer’s older keys only" in opened(page, origin, text)
        stranger = opened(page, origin, fragment("lean"))
        assert "The issuer’s keys are not on this device" in stranger
        assert "الزهراني" not in page.content()


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_silent_network_does_not_stop_it(browser: Any, web: MemoryWeb) -> None:
    """Connections are taken and never answered."""
    with watched(browser, scripts=True) as (page, _, _), serving(web) as origin:
        opened(page, origin, fragment())
        page.wait_for_selector("#kept:not([hidden])")
        page.route("**/*", lambda route: None)
        assert "Signature confirmed" in opened(page, origin, fragment("usual_p256"))


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.case("PRV-04")
def test_nothing_of_the_claim_is_sent_or_kept(browser: Any, web: MemoryWeb) -> None:
    text = fragment()
    requests: list[str] = []
    with at_work(browser, web) as (page, origin, asked, complaints):
        page.on("request", lambda request: requests.append(f"{request.url} {request.headers} {request.post_data}"))
        page.goto(f"{origin}/verify/offline")
        page.get_by_label("The code’s address").fill(f"https://plaudit.example/c/k7m2#{text}")
        page.get_by_role("button", name="Check it here").click()
        assert "Signature confirmed" in found_for(page, text)
        assert f"{origin}/api/v1/verify/issuer-keys?issuer=did%3Aweb%3Aplaudit.example%3Ao%3Anorthwind" in asked
        assert not [request for request in requests if text[1:20] in request or "Am%C3%A9lie" in request]
        kept = page.evaluate("() => JSON.stringify(localStorage)")
        assert "plaudit-keys did:web:plaudit.example:o:northwind" in kept
        assert text[1:20] not in kept
        assert "Amélie" not in kept
        assert complaints == []
    assert web.asked == [DID_URL]


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_key_that_is_withdrawn_or_ended_confirms_nothing(browser: Any, web: MemoryWeb) -> None:
    with at_work(browser, web) as (page, origin, _, _):
        publish(web, make_compact_claims.ED, revoked="2026-06-30T00:00:00Z")
        assert "declared the key withdrawn" in opened(page, origin, fragment())
        publish(web, make_compact_claims.ED, expires="2026-06-21T12:00:00Z")
        assert "had already ended" in opened(page, origin, fragment())
        publish(web, Key("another", DID))
        assert "does not publish the key" in opened(page, origin, fragment())
        assert "Amélie" not in page.content()
        publish(web, make_compact_claims.ED, expires="2026-06-21T12:00:01Z")
        assert "Signature confirmed" in opened(page, origin, fragment())


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_claim_out_of_its_time_is_not_shown_as_good(browser: Any, web: MemoryWeb) -> None:
    issuer, claim = make_compact_claims.ED, make_compact_claims.CLAIM
    with at_work(browser, web) as (page, origin, _, _):
        for changes, words in (
            ({"valid_until": claim.signed_at + timedelta(days=1)}, "Expired"),
            ({"valid_from": claim.signed_at.replace(year=9000)}, "Not yet valid"),
            ({"signed_at": claim.signed_at.replace(year=9000)}, "Not yet valid"),
        ):
            spoilt = compact_claim.sign(replace(claim, **changes), issuer, issuer.public)  # type: ignore[arg-type]
            seen = opened(page, origin, compact_claim.to_fragment(spoilt))
            assert words in seen
            assert "Amélie" not in seen


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_without_javascript_it_says_where_to_go(browser: Any, web: MemoryWeb) -> None:
    with serving(web) as origin, watched(browser) as (page, _, complaints):
        page.goto(f"{origin}/verify/offline")
        assert "needs JavaScript" in page.inner_text("main")
        assert page.get_by_role("button").count() == 0
        assert complaints == []


# --- whole credentials ----------------------------------------------------------------------------------------------


@pytest.fixture
def credentials(web: MemoryWeb) -> dict[str, bytes]:
    """One record in each form, of an issuer whose document is on the web."""
    issuer, random = twisted.ISSUER, Random(3)
    web.put(issuer.did_url, twisted.DOCUMENT)
    token = twisted.token_signed(issuer.unsigned(), random)
    png = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(png, "PNG")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M0 0h8v8H0z"/></svg>'
    jcs = to_bytes(twisted.jcs_signed(issuer.unsigned(), random))
    return {
        "record.jwt": token,
        "record.json": jcs,
        "token.png": baking.bake_png(png.getvalue(), token),
        "json.png": baking.bake_png(png.getvalue(), jcs),
        "token.svg": baking.bake_svg(svg, token),
        "json.svg": baking.bake_svg(svg, jcs),
        "rdfc.json": to_bytes(issuer.issue()),
        "plain.png": png.getvalue(),
        "certificate.pdf": b"%PDF-1.7\n",
    }


def chosen(page: Any, name: str, data: bytes) -> str:
    page.locator("#file").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    return found_for(page, name)


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.case("PRV-04")
def test_a_credential_is_checked_in_each_form_that_needs_no_server(
    browser: Any, web: MemoryWeb, credentials: dict[str, bytes]
) -> None:
    with at_work(browser, web) as (page, origin, asked, complaints):
        page.goto(f"{origin}/verify/offline")
        for name in ("record.jwt", "record.json", "token.png", "json.png", "token.svg", "json.svg"):
            seen = chosen(page, name, credentials[name])
            assert "Employer Example (employer.example) confirmed on" in seen, name
            assert "Signature confirmed" in seen
            assert "not asked now" in seen
            assert "Valid" not in seen
            assert float(page.locator("#result").get_attribute("data-milliseconds")) > 0
        assert '"VerifiableCredential"' in page.locator("#text").text_content()
        assert "eddsa-rdfc-2022" in chosen(page, "rdfc.json", credentials["rdfc.json"])
        assert "reads no codes off pictures" in chosen(page, "plain.png", credentials["plain.png"])
        assert "PDF" in chosen(page, "certificate.pdf", credentials["certificate.pdf"])
        spoilt = credentials["record.json"].replace(b'"awardedDate":"2', b'"awardedDate":"1')
        assert "Changed after signing" in chosen(page, "spoilt.json", spoilt)
        assert "Employer Example" not in page.locator("#result").inner_text()
        assert page.locator("#text").text_content() == ""
        assert complaints == []
        assert {address.partition("?")[0] for address in asked} <= {
            f"{origin}{path}" for path in (*_kept(), "/verify/offline-worker.js", "/api/v1/verify/issuer-keys")
        }


def _kept() -> list[str]:
    worker = (STATIC / "js" / "offline-worker.js").read_text(encoding="utf-8")
    return re.findall(r'^  "(/\S+)",$', worker, re.MULTILINE)


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_file_may_be_dropped(browser: Any, web: MemoryWeb, credentials: dict[str, bytes]) -> None:
    drop = """(text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], "dropped.jwt"));
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    with at_work(browser, web) as (page, origin, _, complaints):
        page.goto(f"{origin}/verify/offline")
        page.evaluate(drop, credentials["record.jwt"].decode())
        assert "Signature confirmed" in found_for(page, "dropped.jwt")
        assert complaints == []


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_with_the_server_stopped_any_page_of_the_verifier_becomes_this_one(
    browser: Any, web: MemoryWeb, credentials: dict[str, bytes]
) -> None:
    """Loaded once and one record of the issuer seen; then nobody listens, and /verify is opened."""
    with watched(browser, scripts=True) as (page, _, _):
        with stopping(web) as origin:
            page.goto(f"{origin}/verify/offline")
            chosen(page, "record.jwt", credentials["record.jwt"])
            page.wait_for_selector("#kept:not([hidden])")
        for path in ("/verify", "/verify?url=https%3A%2F%2Fx.example", "/verify/offline"):
            page.goto(origin + path)
            for name in ("record.json", "token.svg"):
                seen = chosen(page, name, credentials[name])
                assert "Signature confirmed" in seen
                assert "they could not be looked up again now" in seen
        assert "keys are not on this device" in opened(page, origin, fragment("lean"))


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.case("PRV-04")
def test_the_fragment_is_in_no_request_and_no_log(
    browser: Any, web: MemoryWeb, caplog: pytest.LogCaptureFixture
) -> None:
    """What arrives at the socket, byte for byte, and what the server logs: the claim is in neither."""
    received: list[bytes] = []
    text = fragment()

    class Listening(WSGIRequestHandler):
        def parse_request(self) -> bool:
            received.append(bytes(self.raw_requestline))
            understood = super().parse_request()
            received.append(str(self.headers).encode() if understood else b"")
            return understood

    app = create_app(VerifierConfig(trusted_hosts=("127.0.0.1",)), fetcher=web, clock=lambda: NOW)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Listening)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with caplog.at_level("DEBUG"), watched(browser, scripts=True) as (page, _, _):
        origin = f"http://127.0.0.1:{server.server_port}"
        assert "Signature confirmed" in opened(page, origin, text)
        page.reload()
        found_for(page, text)
        page.locator("#record").evaluate("(link, origin) => { link.href = origin + '/verify'; }", origin)
        page.locator("#record").click()
        page.wait_for_url("**/verify")
    server.shutdown()
    thread.join()
    server.server_close()
    assert len(received) > 10
    assert "/verify/offline" in caplog.text
    for piece in (text[1:20], text[-20:], "Am%C3%A9lie", "Amélie"):
        assert piece not in caplog.text
        assert piece.encode() not in b"".join(received)


@pytest.mark.browser
@pytest.mark.timeout(120)
@pytest.mark.case("OUT-08")
@pytest.mark.parametrize(("viewport", "scheme"), [(NARROW, "light"), (PHONE, "dark"), (WIDE, "light")])
def test_it_is_accessible_in_any_width_and_by_keyboard_alone(
    viewport: dict[str, int], scheme: str, browser: Any, web: MemoryWeb, credentials: dict[str, bytes]
) -> None:
    with serving(web) as origin, page_of(browser, viewport, color_scheme=scheme) as page:
        page.goto(f"{origin}/verify/offline")
        assert violations(page) == []
        page.locator("#claim").focus()
        page.keyboard.insert_text(credentials["record.jwt"].decode())
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("#result:not([hidden])")
        assert page.get_by_role("status").inner_text().startswith("Signature confirmed")
        page.get_by_text("Everything that was signed").click()
        assert violations(page) == []
        assert sticks_out(page) <= 0
        assert page.complaints == []


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_browser_without_ed25519_says_so(browser: Any, web: MemoryWeb) -> None:
    """It claims nothing; codes signed with P-256 are checked all the same."""
    with at_work(browser, web) as (page, origin, _, _):
        page.add_init_script("""
            const importKey = crypto.subtle.importKey.bind(crypto.subtle);
            crypto.subtle.importKey = (format, key, kind, ...rest) => kind.name === "Ed25519"
                ? Promise.reject(new DOMException("unrecognized name", "NotSupportedError"))
                : importKey(format, key, kind, ...rest);
        """)
        assert "This browser cannot check signatures of this kind" in opened(page, origin, fragment())
        assert "Amélie" not in page.content()
        assert "Signature confirmed" in opened(page, origin, fragment("usual_p256"))


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_photo_of_the_code_is_read_where_the_browser_reads_codes(
    browser: Any, web: MemoryWeb, credentials: dict[str, bytes]
) -> None:
    """Chromium for desktops has no detector, so what one would find is put in its place."""
    detector = """
        globalThis.BarcodeDetector = class {
            async detect(picture) { return globalThis.seen.map((rawValue) => ({ rawValue, width: picture.width })); }
        };
    """
    with at_work(browser, web) as (page, origin, _, complaints):
        page.add_init_script(detector)
        page.goto(f"{origin}/verify/offline")
        for codes, words in (
            ([f"https://plaudit.example/c/k7m2#{fragment()}"], "Signature confirmed"),
            ([credentials["record.jwt"].decode()], "Signature confirmed"),
            (["https://plaudit.example/c/k7m2"], "Not a claim"),
            ([], "not one QR code"),
            ([fragment(), fragment()], "not one QR code"),
        ):
            page.evaluate("(codes) => { globalThis.seen = codes; }", codes)
            page.locator("#result").evaluate("element => { delete element.dataset.done; }")
            page.locator("#file").set_input_files([])
            assert words in chosen(page, "photo.png", credentials["plain.png"])
        assert complaints == []
