"""The entrance's own rights, the manifest of the installed page, and what other apps share with it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.verifier import files, pictures, situations
from tests.verifier.conftest import MakeClient
from tests.worlds.memory_web import MemoryWeb

LINK = "https://employer.example/c/shown"
STATIC = Path(__file__).resolve().parents[2] / "templates" / "static"
ELSEWHERE = ["/verify/resume", "/verify/batch", "/verify/offline", "/static/plaudit.css"]


@pytest.fixture
def client(client_for: MakeClient) -> FlaskClient:
    situation = situations.make("valid")
    situation.web.put(LINK, situation.credential)
    return client_for(situation.web)


@pytest.mark.case("WEB-02")
def test_the_camera_is_allowed_on_the_entrance_alone(client: FlaskClient) -> None:
    shown = [client.get("/verify"), client.post("/verify", data={"credential": "hello, world"})]
    for page in shown:
        assert 'id="door"' in page.text
        assert "camera=(self)" in page.headers["Permissions-Policy"]
        policy = page.headers["Content-Security-Policy"]
        assert "script-src 'self' 'wasm-unsafe-eval'" in policy
        assert "manifest-src 'self'" in policy
        assert "unsafe-inline" not in policy
    others = [client.get(path) for path in ELSEWHERE]
    others += [client.post("/verify", data={"credential": LINK}), client.post("/api/v1/verify", json={"url": LINK})]
    for answer in others:
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert "wasm" not in answer.headers["Content-Security-Policy"]


def test_the_page_needs_no_script_and_names_none_but_ours(client: FlaskClient) -> None:
    page = client.get("/verify").text
    assert page.count("<script") == page.count('<script type="module" src="/static/js/') == 2
    assert "zxing" not in page, "the library is loaded when somebody scans, and not before"
    for name in ("drop.js", "camera.js"):
        assert client.get(f"/static/js/{name}").content_type.startswith("text/javascript")


def test_the_manifest_makes_the_form_a_share_target(client: FlaskClient) -> None:
    answer = client.get("/verify/manifest.webmanifest")
    told: Any = answer.get_json(force=True)
    assert answer.content_type == "application/manifest+json"
    assert (told["start_url"], told["scope"]) == ("/verify", "/verify")
    target = told["share_target"]
    assert (target["action"], target["method"], target["enctype"]) == ("/verify", "POST", "multipart/form-data")
    for icon in told["icons"]:
        got = client.get(icon["src"])
        assert (got.status_code, got.mimetype) == (200, icon["type"])
        if icon["type"] == "image/png":
            width, height = Image.open(BytesIO(got.data)).size
            assert icon["sizes"] == f"{width}x{height}"
            assert len(got.data) < 6_000


@pytest.mark.parametrize(
    "shared",
    [
        {"title": "A record", "url": LINK},
        {"title": "A record", "text": LINK},
        {"text": f"Look what Ana did: {LINK}."},
        {"text": f"{LINK} and again {LINK}", "url": " "},
        {"credential": LINK},
        {"credential": f"\n {LINK} \n"},
    ],
)
def test_a_shared_link_is_checked(shared: dict[str, str], client: FlaskClient) -> None:
    page = client.post("/verify", data=shared, content_type="multipart/form-data")
    assert page.status_code == 200
    assert "confirms that" in page.text


@pytest.mark.parametrize("kind", ["PDF", "picture", "JSON"])
def test_a_shared_file_is_checked(kind: str, client: FlaskClient) -> None:
    credential = situations.make("valid").credential
    data = {"PDF": files.pdf(credential), "picture": pictures.jpeg(LINK), "JSON": credential}[kind]
    shared = {"title": "x", "text": "Sent from my telephone", "file": (BytesIO(data), "x")}
    assert "confirms that" in client.post("/verify", data=shared, content_type="multipart/form-data").text


def test_shared_text_with_a_credential_in_it_is_that_credential(client: FlaskClient) -> None:
    text = situations.make("valid").credential.decode()
    assert "confirms that" in client.post("/verify", data={"text": text}, content_type="multipart/form-data").text


def test_shared_text_with_several_links_is_not_guessed_about(client_for: MakeClient) -> None:
    web = MemoryWeb()
    answer = client_for(web).post("/verify", data={"text": f"{LINK} https://other.example/2"})
    assert answer.status_code == 415
    assert web.asked == []


def test_the_field_that_is_not_empty_counts(client: FlaskClient) -> None:
    """Without a script, the form sends the camera's field and the file's field, and both are called `file`."""
    chosen = (BytesIO(pictures.jpeg(LINK)), "photo.jpg")
    for sent in ([(BytesIO(), ""), chosen], [chosen, (BytesIO(), "")]):
        chosen[0].seek(0)
        chosen = (BytesIO(pictures.jpeg(LINK)), "photo.jpg")
        sent = [chosen if name else (BytesIO(), "") for _, name in sent]
        page = client.post("/verify", data={"file": sent, "credential": ""}, content_type="multipart/form-data")
        assert "confirms that" in page.text


def test_an_empty_form_says_so(client: FlaskClient) -> None:
    answer = client.post("/verify", data={"credential": " ", "url": "", "file": (BytesIO(), "")})
    assert answer.status_code == 400
