"""Records and status lists as tokens: by address or by Accept, for scripts of any origin; no request makes one."""

from __future__ import annotations

from sqlalchemy import delete, text

import issuer.db.tables as tables
from credentials import strict_json
from credentials.jose import vc_jwt
from issuer.db.engine import writing
from issuer.services import status, tokens
from tests.issuer.web.conftest import Site, row

VC_JWT = "application/vc+jwt"


def test_a_record_is_given_as_a_token(site: Site) -> None:
    [name] = site.issue(row())
    client = site.anonymous()
    by_name, asked_for = client.get(f"/c/{name}.jwt"), client.get(f"/c/{name}", headers={"Accept": VC_JWT})
    assert by_name.data == asked_for.data == tokens.of_version(site.instance, name)
    for answer in (by_name, asked_for):
        assert answer.content_type == VC_JWT
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "noindex" in answer.headers["X-Robots-Tag"]
    page = client.get(f"/c/{name}", headers={"Accept": "text/html"})
    assert f'<link rel="alternate" type="{VC_JWT}" href="http://localhost:8000/c/{name}.jwt">' in page.text
    for link in (f'</c/{name}.json>; rel="alternate"', f'</c/{name}.jwt>; rel="alternate"; type="{VC_JWT}"'):
        assert link in page.headers["Link"]
    assert "Accept" in page.headers["Vary"]


def test_a_record_without_one_is_not_signed_by_a_visit(site: Site) -> None:
    [name] = site.issue(row())
    with writing(site.instance.engine) as connection:
        connection.execute(text("DROP TRIGGER token_stays"))
        connection.execute(delete(tables.CredentialToken))
    client = site.anonymous()
    assert client.get(f"/c/{name}.jwt").status_code == 404
    assert client.get(f"/c/{name}", headers={"Accept": VC_JWT}).status_code == 404
    page = client.get(f"/c/{name}", headers={"Accept": "text/html"})
    assert VC_JWT not in page.text
    assert VC_JWT not in page.headers["Link"]
    assert not tokens.exists(site.instance, name)


def test_a_status_list_is_given_as_a_token_to_whom_prefers_it(site: Site) -> None:
    [name] = site.issue(row())
    client = site.anonymous()
    list_id = status.list_of(client.get(f"/c/{name}.json").data)
    plain = client.get(f"/status/{list_id}")
    token = client.get(f"/status/{list_id}", headers={"Accept": f"{VC_JWT}, application/json;q=0.1"})
    assert (plain.content_type, token.content_type) == ("application/vc+json", VC_JWT)
    assert plain.headers["ETag"] != token.headers["ETag"]
    assert "Accept" in plain.headers["Vary"]
    assert "Accept" in token.headers["Vary"]
    document = vc_jwt.read_credential(token.data).document
    assert document["credentialSubject"] == strict_json.loads_object(plain.data)["credentialSubject"]
    assert token.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get(f"/status/{'a' * 26}", headers={"Accept": VC_JWT}).status_code == 404
