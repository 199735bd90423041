"""Pages of other sites may call the API and read what it answers; the pages for people they may not read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verifier import situations
from tests.verifier.conftest import MakeClient
from tests.verifier.test_browser import serving
from tests.worlds.memory_web import MemoryWeb

PREFLIGHT = {
    "Origin": "https://other.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}


@pytest.mark.parametrize("path", ["/api/v1/verify", "/api/v1/verify/batch", "/api/v1/verify/issuer-keys"])
def test_a_preflight_is_answered_without_asking_who(path: str, client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).options(path, headers=PREFLIGHT)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Allow-Methods"] == "GET, POST"
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    assert int(response.headers["Access-Control-Max-Age"]) > 0
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_problems_can_be_read_too(client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).post("/api/v1/verify", data=b"{", content_type="application/json")
    assert response.status_code == 400
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in response.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(
    "path", ["/verify", "/verify/batch", "/api", "/static/plaudit.css", "/vc-api/credentials/verify"]
)
def test_pages_are_not_opened(path: str, client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    for response in (
        client.get(path, headers={"Origin": "https://other.example"}),
        client.options(path, headers=PREFLIGHT),
    ):
        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


ASK = """async ([url, body]) => {
  try {
    const answer = await fetch(url, body === null ? {} : {
      method: 'POST', headers: {'Content-Type': 'application/vc+json'}, body
    });
    return [answer.status, await answer.text()];
  } catch (error) {
    return ['refused', String(error)];
  }
}"""


@pytest.mark.browser
@pytest.mark.timeout(120)
def test_a_page_of_another_origin_calls_it_in_a_real_browser(browser: Any) -> None:
    situation = situations.make("valid")
    # localhost and 127.0.0.1 are two origins. The asking page must have no connect-src of ours: about:blank's has none.
    with serving(situation.web) as api, serving(MemoryWeb()) as other:
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.goto(other + "/verify")
        assert page.evaluate("origin") != api
        status, text = page.evaluate(ASK, [api + "/api/v1/verify", situation.credential.decode()])
        assert (status, '"verdict":"valid"' in text) == (200, True)
        status, text = page.evaluate(ASK, [api + "/api/v1/verify", "{"])
        assert (status, "problem" in text or '"code"' in text) == (400, True)
        status, text = page.evaluate(ASK, [api + "/api/openapi.json", None])
        assert (status, '"openapi":"3.1.0"' in text) == (200, True)
        assert page.evaluate(ASK, [api + "/verify", None])[0] == "refused"
        context.close()
