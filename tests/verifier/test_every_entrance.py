"""The same credential gets the same verdict, with the same checks, whichever way it comes in."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verifier import situations
from tests.verifier.conftest import MakeClient
from tests.verifier.entrances import (
    ENTRANCES,
    FORMS,
    LEADING,
    MANY,
    OF_TOKENS,
    ONE,
    RESUME,
    comparable,
    directory,
    publish,
    sent,
    shows,
)
from tests.worlds import tokens
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb


@pytest.mark.parametrize("name", situations.ALL)
def test_every_situation_through_every_entrance(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    publish(situation.web, situation.credential)
    client = client_for(situation.web, codes=directory)
    wanted = comparable(sent(client, situation.credential, "application/json"))
    assert wanted["verdict"] == situation.verdict.id
    for entrance, enter in ENTRANCES.items():
        report = enter(client, situation.credential)
        if name == "not a credential" and entrance in LEADING:
            assert report is None or report.get("verdict") != "valid"
        else:
            assert comparable(report) == wanted, entrance


@pytest.mark.parametrize("name", situations.ALL)
def test_every_situation_through_every_form(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    publish(situation.web, situation.credential)
    client = client_for(situation.web, codes=directory)
    for form, enter in FORMS.items():
        assert shows(enter(client, situation.credential), situation.verdict), form


@pytest.mark.parametrize("secure", [tokens.as_jwt, tokens.as_sd_jwt], ids=["vc+jwt", "vc+sd-jwt"])
@pytest.mark.parametrize("situation", ["valid", "withdrawn", "altered", "unreachable"])
def test_tokens_through_every_entrance(situation: str, secure: Any, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    token = secure(issuer.unsigned(), issuer.key)
    if situation == "withdrawn":
        issuer.revoke(7)
    elif situation == "altered":
        token = tokens.altered(token)
    elif situation == "unreachable":
        issuer.web.hang(issuer.did_url)
    publish(issuer.web, token)
    client = client_for(issuer.web, codes=directory)
    expected = comparable(sent(client, token, "text/plain"))
    wanted = {"valid": "valid", "withdrawn": "withdrawn", "altered": "altered", "unreachable": "cannot_check"}
    assert expected["verdict"] == wanted[situation]
    for entrance, enter in OF_TOKENS.items():
        assert comparable(enter(client, token)) == expected, entrance


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
