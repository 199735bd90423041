"""The same credential gets the same verdict, with the same checks, whichever way it comes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verifier import archives, files, pictures, resumes, situations
from tests.verifier.conftest import MakeClient
from tests.worlds import tokens
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb

ONE, MANY, RESUME = "/api/v1/verify", "/api/v1/verify/batch", "/api/v1/verify/resume"
LINK = "https://employer.example/c/shown"
Enter = Callable[[FlaskClient, bytes], Any]


def _sent(client: FlaskClient, data: bytes, kind: str) -> Any:
    return client.post(ONE, data=data, content_type=kind).get_json()


def _uploaded(client: FlaskClient, data: bytes) -> Any:
    return client.post(ONE, data={"file": (BytesIO(data), "x")}).get_json()


def _svg(credential: bytes) -> bytes:
    return files.svg(f"<openbadges:credential><![CDATA[{credential.decode()}]]></openbadges:credential>")


def _batch(client: FlaskClient, data: Any, kind: str) -> Any:
    return client.post(MANY, data=data, content_type=kind).get_json()["results"][0]["report"]


def _claim(client: FlaskClient, data: bytes) -> Any:
    claims = client.post(RESUME, data=data, content_type="application/pdf").get_json()["claims"]
    return claims[0]["report"] if claims else None


#: A résumé lists credentials alone: what is none of them is left out by design.
RESUMES: dict[str, Enter] = {
    "link in a résumé": lambda client, _: _claim(client, resumes.pdf(resumes.link(LINK))),
    "QR code in a résumé": lambda client, _: _claim(client, resumes.pdf("x", resumes.code(LINK))),
}
ENTRANCES: dict[str, Enter] = {
    "address": lambda client, _: client.post(ONE, json={"url": LINK}).get_json(),
    "pasted address": lambda client, _: client.post(
        ONE, data={"credential": LINK}, content_type="multipart/form-data"
    ).get_json(),
    "pasted text": lambda client, data: client.post(
        ONE, data={"credential": data.decode()}, content_type="multipart/form-data"
    ).get_json(),
    "JSON": lambda client, data: _sent(client, data, "application/vc+json"),
    "member": lambda client, data: client.post(ONE, json={"verifiableCredential": json.loads(data)}).get_json(),
    "file": _uploaded,
    "baked PNG": lambda client, data: _uploaded(client, files.png(files.itxt(data))),
    "baked SVG": lambda client, data: _uploaded(client, _svg(data)),
    "PDF": lambda client, data: _uploaded(client, files.pdf(data)),
    "photo of a code": lambda client, _: _uploaded(client, pictures.jpeg(LINK)),
    "screenshot of a code": lambda client, _: _uploaded(client, pictures.saved(pictures.code(LINK))),
    "scanned page": lambda client, _: _uploaded(client, pictures.pdf_page(pictures.code(LINK))),
    "list of links": lambda client, _: _batch(client, LINK, "text/plain"),
    "list as JSON": lambda client, data: _batch(client, json.dumps({"items": [json.loads(data)]}), "application/json"),
    "archive of PDF": lambda client, data: _batch(client, archives.archive(("a", files.pdf(data))), "application/zip"),
    "archive of JSON": lambda client, data: _batch(client, archives.archive(("a", data)), "application/zip"),
    "archive of photos": lambda client, _: _batch(
        client, archives.archive(("a", pictures.jpeg(LINK))), "application/zip"
    ),
    **RESUMES,
}  # fmt: skip


def _comparable(report: Any) -> Any:
    """Without the count of bytes, which white space changes, and the way that a code pointed."""
    report["checks"][0]["details"] = {}
    report.pop("ledTo", None)
    return report


@pytest.mark.parametrize("entrance", ENTRANCES)
@pytest.mark.parametrize("name", situations.ALL)
def test_every_situation_through_every_entrance(name: str, entrance: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    situation.web.put(LINK, situation.credential)
    client = client_for(situation.web)
    report = ENTRANCES[entrance](client, situation.credential)
    if name == "not a credential" and entrance in RESUMES:
        assert report is None
        return
    assert report["verdict"] == situation.verdict.id
    assert _comparable(report) == _comparable(_sent(client, situation.credential, "application/json"))


#: Entrances for a compact token, which JSON members and SVG text carry as it is.
OF_TOKENS: dict[str, Enter] = {
    "address": ENTRANCES["address"],
    "pasted text": ENTRANCES["pasted text"],
    "body": lambda client, data: _sent(client, data, "text/plain"),
    "member": lambda client, data: client.post(ONE, json={"verifiableCredential": data.decode()}).get_json(),
    "file": _uploaded,
    "baked PNG": ENTRANCES["baked PNG"],
    "baked SVG": lambda client, data: _uploaded(
        client, files.svg(f'<openbadges:credential verify="{data.decode()}"/>')
    ),
    "photo of a code": ENTRANCES["photo of a code"],
    "list": lambda client, data: _batch(client, data, "text/plain"),
    "archive": ENTRANCES["archive of JSON"],
    **RESUMES,
}


@pytest.mark.parametrize("entrance", OF_TOKENS)
@pytest.mark.parametrize("secure", [tokens.as_jwt, tokens.as_sd_jwt], ids=["vc+jwt", "vc+sd-jwt"])
@pytest.mark.parametrize("situation", ["valid", "withdrawn", "altered", "unreachable"])
def test_tokens_through_every_entrance(situation: str, secure: Any, entrance: str, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    token = secure(issuer.unsigned(), issuer.key)
    if situation == "withdrawn":
        issuer.revoke(7)
    elif situation == "altered":
        signature = token.split(b".")[2].split(b"~")[0]
        token = token.replace(signature, bytes(reversed(signature[:-1])) + signature[-1:])
    elif situation == "unreachable":
        issuer.web.hang(issuer.did_url)
    issuer.web.put(LINK, token)
    client = client_for(issuer.web)
    expected = _sent(client, token, "text/plain")
    wanted = {"valid": "valid", "withdrawn": "withdrawn", "altered": "altered", "unreachable": "cannot_check"}
    assert expected["verdict"] == wanted[situation]
    assert _comparable(OF_TOKENS[entrance](client, token)) == _comparable(expected)


STARTS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"PK\x05\x06", b"\xff\xd8\xff", b"RIFF1234WEBP", b'{"items":["']
KINDS = ["application/json", "application/pdf", "application/zip", "text/plain", "image/webp"]


@pytest.mark.case("OUT-07")
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(STARTS),
    rest=st.binary(max_size=120),
    path=st.sampled_from([ONE, MANY, RESUME]),
    kind=st.sampled_from(KINDS),
)
def test_no_input_is_our_fault(start: bytes, rest: bytes, path: str, kind: str, client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).post(path, data=start + rest, content_type=kind)
    assert response.status_code in (200, 400, 413, 415, 422)
    assert "Traceback" not in response.text
