"""The web surface: headers on every answer, one host, no cookie, nothing kept or logged, nobody else asked."""

from __future__ import annotations

import logging
import socket
from io import BytesIO
from typing import Any

import pytest

from tests.verifier import files, situations
from tests.verifier.conftest import MakeClient
from tests.verifier.pages import Page
from tests.verifier.reading import Doing
from tests.worlds.memory_web import MemoryWeb

REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/verify", {}),
    ("HEAD", "/verify", {}),
    ("OPTIONS", "/verify", {}),
    ("DELETE", "/verify", {}),
    ("GET", "/verify?url=https://nowhere.example/", {}),
    ("GET", "/verify?url=" + "a" * 3000, {}),
    ("POST", "/verify", {}),
    ("POST", "/verify", {"data": {"credential": "hello"}}),
    ("POST", "/verify", {"environ_overrides": {"CONTENT_LENGTH": "50000000"}}),
    ("GET", "/api/v1/verify", {}),
    ("POST", "/api/v1/verify", {}),
    ("POST", "/api/v1/verify", {"json": {}}),
    ("GET", "/verify/resume", {}),
    ("POST", "/verify/resume", {}),
    ("POST", "/verify/resume", {"data": {"text": "hello"}}),
    ("POST", "/api/v1/verify/resume", {"data": b"\xff"}),
    ("GET", "/verify/batch", {}),
    ("POST", "/verify/batch", {}),
    ("POST", "/verify/batch", {"data": {"credentials": "hello"}}),
    ("POST", "/verify/batch", {"environ_overrides": {"CONTENT_LENGTH": "50000000"}}),
    ("POST", "/api/v1/verify/batch", {"json": {}}),
    ("GET", "/api/v1/verify/batch", {}),
    ("GET", "/nothing", {}),
    ("GET", "/static/plaudit.css", {}),
    ("GET", "/static/../config.py", {}),
    ("GET", "/verify", {"headers": {"Host": "evil.example"}}),
]


@pytest.mark.case("WEB-02")
@pytest.mark.parametrize(("method", "path", "more"), REQUESTS)
def test_every_answer_carries_the_headers(method: str, path: str, more: dict[str, Any], client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).open(path, method=method, **more)
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    # WebAssembly that reads QR codes, where the form with the camera is shown (verifier/entrance.py); no other.
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
    if method != "HEAD":
        assert ("wasm-unsafe-eval" in policy) == ('name="credential"' in response.text)
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Set-Cookie" not in headers
    assert response.status_code < 500
    if not path.startswith("/static/p"):
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]


@pytest.mark.case("WEB-02")
def test_a_crash_carries_the_headers_and_says_nothing(client_for: MakeClient, caplog: pytest.LogCaptureFixture) -> None:
    def crash(data: bytes) -> bytes:
        raise RuntimeError("canary in the message")

    client = client_for(MemoryWeb(), reader=Doing(crash))
    with caplog.at_level(logging.DEBUG):
        for path in ("/api/v1/verify", "/verify"):
            upload = {"file": (BytesIO(b"%PDF-1.7 canary"), "canary.pdf")}
            response = client.post(path, data=upload, query_string={"canary": "1"})
            assert response.status_code == 500
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "canary" not in response.text
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]
    assert "canary" not in caplog.text
    assert "RuntimeError" in caplog.text


@pytest.mark.case("WEB-09", "DID-11")
@pytest.mark.parametrize("host", ["evil.example", "user@verify.example", "verify.example.evil.example", ""])
def test_another_host_is_not_answered(host: str, client_for: MakeClient) -> None:
    assert client_for(MemoryWeb()).get("/verify", headers={"Host": host}).status_code == 400


@pytest.mark.case("WEB-09")
def test_forwarded_headers_change_nothing(client_for: MakeClient) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example"}
    response = client_for(MemoryWeb()).get("/verify", headers=headers)
    assert response.status_code == 200
    assert "evil.example" not in response.text


@pytest.mark.case("PRV-04")
@pytest.mark.parametrize("name", situations.ALL)
def test_a_page_loads_nothing_from_elsewhere(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    client = client_for(situation.web)
    page = Page(client.post("/verify", data={"credential": situation.credential.decode()}).text)
    for tag in ("<script", "<iframe", "<img", "<object", "@import", "style="):
        assert tag not in page.html
    for line in page.html.splitlines():
        if "<link" in line:
            assert 'href="/static/' in line
    for link in (link for link in page.links if link.startswith("/static/")):
        assert client.get(link).status_code == 200
        assert b"url(" not in client.get(link).data


@pytest.mark.case("PRV-09", "UPL-14")
def test_nothing_of_a_check_is_kept_or_logged(
    client_for: MakeClient, caplog: pytest.LogCaptureFixture, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    situation = situations.make("valid")
    client = client_for(situation.web)
    large = files.pdf(situation.credential, b"notes " * 200_000, compress_streams=False)
    with caplog.at_level(logging.DEBUG):
        for name in ("valid.pdf", "again.pdf"):
            assert client.post("/verify", data={"file": (BytesIO(large), name)}).status_code == 200
        client.post("/verify", data={"credential": "not a credential of Amara"})
    # A library names the module that it loads with the first PDF; nothing else is said.
    said = [record.getMessage() for record in caplog.records if record.name != "pypdfium2._lazy"]
    assert said == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.case("LDP-03", "UPL-04")
def test_a_check_opens_no_connection_of_its_own(client_for: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the fetcher in memory, not one socket is opened: there is no second way out."""

    def refuse(*_arguments: object, **_more: object) -> None:
        raise AssertionError("a connection was opened past the fetcher")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for name in situations.ALL:
        situation = situations.make(name)
        response = client_for(situation.web).post("/verify", data={"credential": situation.credential.decode()})
        assert response.status_code == 200


def test_only_did_documents_and_status_lists_are_fetched(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    client_for(situation.web).post("/verify", data={"credential": situation.credential.decode()})
    assert set(situation.web.asked) == {
        "https://employer.example/.well-known/did.json",
        "https://employer.example/status/revocation",
    }
