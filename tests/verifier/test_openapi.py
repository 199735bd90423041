"""The API's description of itself: it lists what there is; its examples and real answers have the shapes it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import jsonschema_rs
import pytest
from flask.testing import FlaskClient

from tests.verifier import archives, files, situations
from tests.verifier.conftest import MakeClient
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb
from verifier.api import openapi, operations

URL = "/api/openapi.json"
Json = dict[str, Any]


@pytest.fixture
def client(client_for: MakeClient) -> FlaskClient:
    return client_for(MemoryWeb())


def description(client: FlaskClient) -> Json:
    found: Json = client.get(URL).get_json()
    return found


def each(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def closed(shape: Any) -> Any:
    """The shape with nothing allowed that it does not name."""
    if isinstance(shape, list):
        return [closed(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    inner = {name: closed(value) for name, value in shape.items()}
    return {"additionalProperties": False, **inner} if "properties" in shape else inner


def validator(document: Json, shape: Json, *, close: bool = True) -> jsonschema_rs.Validator:
    whole = {**shape, "components": {"schemas": document["components"]["schemas"]}}
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return jsonschema_rs.validator_for(dialect | (closed(whole) if close else whole))


def responses(document: Json, operation: Json) -> Iterator[tuple[str, Json]]:
    for status, answer in operation["responses"].items():
        name = answer.get("$ref", "").removeprefix("#/components/responses/")
        yield status, document["components"]["responses"][name] if name else answer


def test_it_is_public_kept_for_an_hour_and_known_by_its_tag(client: FlaskClient) -> None:
    response = client.get(URL)
    assert response.content_type == "application/json"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.get_json()["openapi"].startswith("3.1")
    assert client.get(URL, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_every_route_for_programs_is_in_it_and_described(client: FlaskClient) -> None:
    document = description(client)
    app = client.application
    routes = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(openapi.PREFIXES)]
    assert {rule.rule for rule in routes} == set(document["paths"])
    assert "/api/v1/verify" in document["paths"]
    undescribed = [rule.rule for rule in routes if operations.of(app.view_functions[rule.endpoint]) is None]
    assert undescribed == [], "say in verifier/api/catalogue.py what they take and give"
    ids = [operation["operationId"] for _, _, operation in each(document)]
    assert len(ids) == len(set(ids))


def test_references_lead_somewhere(client: FlaskClient) -> None:
    document = description(client)
    text = json.dumps(document)
    for part in text.split('"$ref": "#/')[1:]:
        found: Any = document
        for name in part.partition('"')[0].split("/"):
            found = found[name]
        assert found


@pytest.mark.case("WEB-07")
def test_every_problem_is_named_with_its_code(client: FlaskClient) -> None:
    document = description(client)
    codes = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert {"not_recognised", "nothing_given", "unreachable", "reader_busy", "json_syntax"} <= set(codes)
    for _, path, operation in each(document):
        for status, answer in responses(document, operation):
            if status != "200":
                assert list(answer["content"]) == ["application/problem+json"], path
    busy = document["components"]["responses"]["Problem503"]
    assert "Retry-After" in busy["headers"]
    assert "reader_busy" in busy["description"]


def test_examples_have_the_shapes_they_are_examples_of(client: FlaskClient) -> None:
    document = description(client)
    seen = 0
    for _, _, operation in each(document):
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [answer["content"] for _, answer in responses(document, operation)]
        for content in contents:
            for media in content.values():
                if "example" in media:
                    validator(document, media["schema"], close=False).validate(media["example"])
                    seen += 1
    assert seen > 10


@pytest.mark.case("OUT-07")
@pytest.mark.parametrize("name", situations.ALL)
def test_a_real_report_has_no_member_that_is_not_described(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    client = client_for(situation.web)
    document = description(client)
    answer = client.post("/api/v1/verify", data=situation.credential, content_type="application/vc+json").get_json()
    validator(document, {"$ref": "#/components/schemas/Report"}).validate(answer)


def test_the_other_answers_have_the_shapes_described(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    client = client_for(situation.web)
    document = description(client)
    archive = archives.archive(("a.pdf", files.pdf(situation.credential)), ("b.txt", b"hello"))
    table = client.post("/api/v1/verify/batch", data={"file": (BytesIO(archive), "x.zip")}).get_json()
    validator(document, {"$ref": "#/components/schemas/Table"}).validate(table)
    text = situation.credential.decode()
    claims = client.post("/api/v1/verify/resume", data={"text": text}, content_type="multipart/form-data").get_json()
    validator(document, {"$ref": "#/components/schemas/Resume"}).validate(claims)
    issuer = Issuer(MemoryWeb())
    issuer.issue(issuer.unsigned())
    keys = client_for(issuer.web).get("/api/v1/verify/issuer-keys", query_string={"issuer": issuer.did}).get_json()
    validator(document, {"$ref": "#/components/schemas/IssuerKeys"}).validate(keys)
    credential = {"verifiableCredential": json.loads(situation.credential)}
    confirmed = client.post("/vc-api/credentials/verify", json=credential)
    assert confirmed.status_code == 200, confirmed.text
    validator(document, {"$ref": "#/components/schemas/Confirmed"}).validate(confirmed.get_json())


@pytest.mark.case("WEB-07")
def test_a_real_problem_has_the_shape_described(client: FlaskClient) -> None:
    document = description(client)
    shape = validator(document, {"$ref": "#/components/schemas/Problem"})
    for body, kind in ((b"hello", "application/json"), (b"", "text/plain"), (b"x", "text/html"), (b"{}", "text/plain")):
        for path in document["paths"]:
            response = client.post(path, data=body, content_type=kind)
            if response.status_code != 200:
                assert response.content_type == "application/problem+json"
                shape.validate(response.get_json())


def test_the_page_shows_every_endpoint_with_its_call(client: FlaskClient) -> None:
    page = client.get("/api").text
    for path in ("/api/v1/verify", "/api/v1/verify/batch", "/api/v1/verify/resume", "/api/v1/verify/issuer-keys"):
        assert path in page
    assert "curl -s --json" in page
    assert "https://verify.example/api/v1/verify" in page
    assert "<script" not in page
