"""`POST /api/v1/verify`: 200 with every check for what was judged, problem+json for what could not be, never a 5xx."""

from __future__ import annotations

import json
from io import BytesIO, RawIOBase
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verifier import files, situations
from tests.verifier.conftest import MakeClient
from tests.verifier.reading import Doing
from tests.worlds import tokens
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb
from verifier.problems import ReaderBusy

URL = "/api/v1/verify"


def assert_problem(response: Any, *statuses: int) -> dict[str, Any]:
    assert response.status_code in (statuses or (400, 413, 415, 422)), response.text
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = response.get_json()
    assert {"type", "title", "status", "detail", "instance"} <= body.keys()
    assert body["status"] == response.status_code
    assert "Traceback" not in response.text
    return body


@pytest.mark.case("OUT-07")
@pytest.mark.parametrize("name", situations.ALL)
def test_every_outcome_is_a_report_with_its_checks(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    response = client_for(situation.web).post(URL, data=situation.credential, content_type="application/vc+json")
    assert response.status_code == 200
    assert response.content_type == "application/json"
    report = response.get_json()
    assert report["verdict"] == situation.verdict.id
    assert [check["number"] for check in report["checks"]] == list(range(1, 9))
    for check in report["checks"]:
        assert check["outcome"] in ("passed", "failed", "not_checked", "not_applicable")
        assert check["id"]
        if check["code"]:
            assert check["type"].startswith("https://")
    assert (report["credential"] is None) == (name in situations.UNCONFIRMED)


@pytest.mark.parametrize("name", situations.ALL)
def test_every_shape_of_request_gives_the_same_report(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    client = client_for(situation.web)
    document = json.loads(situation.credential)
    pdf = files.pdf(situation.credential)
    situation.web.put("https://elsewhere.example/c/1", situation.credential)
    answers = [
        client.post(URL, data=situation.credential, content_type="application/json"),
        client.post(URL, json={"verifiableCredential": document}),
        client.post(URL, json={"url": "https://elsewhere.example/c/1"}),
        client.post(URL, data=situation.credential, content_type="text/plain"),
        client.post(URL, data=pdf, content_type="application/pdf"),
        client.post(URL, data={"file": (BytesIO(pdf), "photo.png")}),
        client.post(URL, data={"file": (BytesIO(situation.credential), "x")}),
        client.post(URL, data={"credential": situation.credential.decode()}, content_type="multipart/form-data"),
        client.post(URL, data={"credential": "https://elsewhere.example/c/1"}, content_type="multipart/form-data"),
    ]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert {json.dumps(_comparable(answer.get_json())) for answer in answers} == {
        json.dumps(_comparable(answers[0].get_json()))
    }


def _comparable(report: dict[str, Any]) -> dict[str, Any]:
    """Without the count of bytes, which white space changes, and what is said of a PDF besides."""
    report["checks"] = [check for check in report["checks"] if check["id"] not in ("pdf_signature", "document")]
    report["checks"][0]["details"] = {}
    return report


@pytest.mark.case("OUT-07", "WEB-07", "WEB-08")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"hello",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b'{"issuer":"a","issuer":"b"}',
        b'{"issuer":"a","iss\\u0075er":"b"}',
        b'{"i":' + b"9" * 5000 + b"}",
        b'{"i":1e400}',
        b'{"i":NaN}',
        b'{"i":-Infinity}',
        b'{"name":"\\ud800"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        b'{"a":"\xff"}',
        b'{"a":1}{"a":2}',
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b'{"a":"' + b"x" * 2_000_000 + b'"}',
        b" " * 10_000_000,
        b'{"url":1}',
        b'{"url":""}',
        b'{"url":"file:///etc/passwd"}',
        b'{"verifiableCredential":[]}',
        b'{"verifiableCredential":null}',
        b'{"verifiableCredential":"hello"}',
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
def test_what_cannot_be_read_is_a_problem_document(body: bytes, client_for: MakeClient) -> None:
    assert_problem(client_for(MemoryWeb()).post(URL, data=body, content_type="application/json"))


@pytest.mark.case("WEB-08")
@pytest.mark.parametrize("kind", ["", "text/html", "application/x-www-form-urlencoded", "nonsense", "application/xml"])
def test_a_wrong_content_type_is_415(kind: str, client_for: MakeClient) -> None:
    assert_problem(client_for(MemoryWeb()).post(URL, data=b"{}", content_type=kind), 415)


class Endless(RawIOBase):
    """A body that never ends, and counts how much of it was taken."""

    given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        buffer[:] = b" " * len(buffer)
        return len(buffer)


@pytest.mark.case("UPL-08")
def test_too_large_is_413_before_it_is_read(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    for length in (
        {"CONTENT_LENGTH": "50000000"},
        {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    ):
        stream = Endless()
        environ = {"wsgi.input": stream, **length}
        assert_problem(client.post(URL, content_type="text/plain", environ_overrides=environ), 413)
        assert stream.given <= 6_000_000
    many = {f"field{number}": "x" for number in range(10_001)}
    assert_problem(client.post(URL, data=many, content_type="multipart/form-data"), 413)


def test_an_address_that_cannot_be_reached_is_no_verdict(client_for: MakeClient) -> None:
    problem = assert_problem(client_for(MemoryWeb()).post(URL, json={"url": "https://nowhere.example/c/1"}), 422)
    assert problem["code"] == "unreachable"


def test_busy_says_when_to_come_back(client_for: MakeClient) -> None:
    def busy(data: bytes) -> bytes:
        raise ReaderBusy("2 files are being read at this moment.")

    response = client_for(MemoryWeb(), reader=Doing(busy)).post(URL, data=b"%PDF-1.7", content_type="application/pdf")
    assert_problem(response, 503)
    assert int(response.headers["Retry-After"]) > 0


def test_the_real_child_reads_a_pdf(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    client = client_for(situation.web, reader=None)
    response = client.post(URL, data=files.pdf(situation.credential), content_type="application/pdf")
    assert response.get_json()["verdict"] == "valid"


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_another_method_is_405(method: str, client_for: MakeClient) -> None:
    response = getattr(client_for(MemoryWeb()), method)(URL)
    assert_problem(response, 405)
    assert "POST" in response.headers["Allow"]


def test_an_unknown_api_address_is_404(client_for: MakeClient) -> None:
    assert_problem(client_for(MemoryWeb()).get("/api/v1/nothing"), 404)


@pytest.mark.parametrize("content_type", ["application/vc+jwt", "application/jwt", "text/plain"])
def test_a_compact_token_is_judged(content_type: str, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    token = tokens.as_jwt(issuer.unsigned(), issuer.key)
    client = client_for(issuer.web)
    assert client.post(URL, data=token, content_type=content_type).get_json()["verdict"] == "valid"
    issuer.revoke(7)
    assert client.post(URL, data=token, content_type=content_type).get_json()["verdict"] == "withdrawn"


@pytest.mark.parametrize(("content_type", "secure"), [
    ("application/vc+sd-jwt", tokens.as_sd_jwt),
    ("application/dc+sd-jwt", tokens.as_sd_jwt_vc),
    ("application/vc+cose", tokens.as_cose),
    ("application/vc", tokens.as_enveloped_jwt),
])  # fmt: skip
def test_every_format_comes_in_under_its_media_type(content_type: str, secure: Any, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    data = secure(issuer.unsigned(), issuer.key)
    assert client_for(issuer.web).post(URL, data=data, content_type=content_type).get_json()["verdict"] == "valid"


def test_a_token_about_something_else_is_no_credential(client_for: MakeClient) -> None:
    token = b"eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln"
    report = client_for(MemoryWeb()).post(URL, data=token, content_type="application/vc+jwt").get_json()
    assert report["verdict"] == "not_a_credential"


@pytest.mark.case("OUT-07")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=4)
                | st.dictionaries(
                    st.sampled_from(["@context", "type", "proof", "issuer", "url", "id", "verifiableCredential"]), inner
                )
            ),
            max_leaves=12,
        ).map(lambda value: json.dumps(value).encode()),
    ),
    kind=st.sampled_from(["application/json", "application/pdf", "text/plain", "image/png"]),
)
def test_no_input_is_our_fault(body: bytes, kind: str, client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).post(URL, data=body, content_type=kind)
    assert response.status_code in (200, 400, 413, 415, 422)
    if response.status_code == 200:
        assert response.get_json()["verdict"] != "valid"
