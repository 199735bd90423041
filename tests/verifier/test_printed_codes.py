"""A printed code with a claim behind the # of its address: the record decides, without it the claim says what it can.

What stands behind the # is never sent to anybody, and stands in no address and no log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from credentials import compact_claim
from credentials.errors import Unreachable
from tests.verifier import archives, pictures, resumes
from tests.verifier.conftest import MakeClient
from tests.worlds.completions import SIGNED_AT
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import intake
from verifier.problems import ReaderBusy

API = "/api/v1/verify"
RECORD = "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(MemoryWeb())


def claim_of(issuer: Issuer) -> str:
    claim = compact_claim.from_credential(issuer.issue(), signed_at=SIGNED_AT)
    return compact_claim.to_fragment(compact_claim.sign(claim, issuer.key, issuer.key.public))


def _pasted(client: FlaskClient, address: str) -> Any:
    return client.post(API, data={"credential": address}, content_type="multipart/form-data").get_json()


def _photo(client: FlaskClient, address: str) -> Any:
    picture = pictures.saved(pictures.beside(pictures.code(address, 5)), "JPEG", quality=80)
    return client.post(API, data={"file": (BytesIO(picture), "x")}).get_json()


def _resume(client: FlaskClient, address: str) -> Any:
    data = resumes.pdf(resumes.link(address))
    answer = client.post("/api/v1/verify/resume", data=data, content_type="application/pdf").get_json()
    return answer["claims"][0]["report"]


def _archive(client: FlaskClient, address: str) -> Any:
    picture = pictures.saved(pictures.code(address, 5))
    data = archives.archive(("a", picture))
    answer = client.post("/api/v1/verify/batch", data=data, content_type="application/zip").get_json()
    return answer["results"][0]["report"]


#: Every way in which an address comes.
WAYS: dict[str, Callable[[FlaskClient, str], Any]] = {
    "pasted": _pasted,
    "as JSON": lambda client, address: client.post(API, json={"url": address}).get_json(),
    "photo": _photo,
    "link in a résumé": _resume,
    "list": lambda client, address: client.post("/api/v1/verify/batch", json={"items": [address]}).get_json()[
        "results"
    ][0]["report"],
    "archive of pictures": _archive,
}
every_way = pytest.mark.parametrize("way", WAYS)


@every_way
def test_the_record_decides_where_it_can_be_had(way: str, issuer: Issuer, client_for: MakeClient) -> None:
    issuer.web.put(RECORD, to_bytes(issuer.issue()))
    report = WAYS[way](client_for(issuer.web), f"{RECORD}#{claim_of(issuer)}")
    assert report["verdict"] == "valid"
    assert "record" not in {check["id"] for check in report["checks"]}


@every_way
def test_without_the_record_the_claim_says_what_it_can(way: str, issuer: Issuer, client_for: MakeClient) -> None:
    report = WAYS[way](client_for(issuer.web), f"{RECORD}#{claim_of(issuer)}")
    assert report["verdict"] == "cannot_check"
    assert report["credential"]["studentName"] == "Nguyễn Thị Hồng Ánh"
    assert "signed on 21 June 2026 and is not withdrawn" in report["headline"]
    assert [check["outcome"] for check in report["checks"]] == ["passed"] * 8 + ["not_checked"]


def _hang(web: MemoryWeb) -> None:
    web.hang(RECORD)


def _refuse(web: MemoryWeb) -> None:
    web.forbid(RECORD)


def _parked(web: MemoryWeb) -> None:
    web.put(RECORD, b"<!doctype html><title>This domain is for sale</title>")


def _other_json(web: MemoryWeb) -> None:
    web.put(RECORD, {"hello": "world"})


def _noise(web: MemoryWeb) -> None:
    web.put(RECORD, b"\0\1\2")


@pytest.mark.parametrize("gone", [_hang, _refuse, _parked, _other_json, _noise])
@pytest.mark.parametrize("way", ["pasted", "photo"])
def test_whatever_became_of_the_host(
    gone: Callable[[MemoryWeb], None], way: str, issuer: Issuer, client_for: MakeClient
) -> None:
    gone(issuer.web)
    issuer.revoke(7)
    report = WAYS[way](client_for(issuer.web), f"{RECORD}#{claim_of(issuer)}")
    assert report["verdict"] == "withdrawn"


@pytest.mark.case("QRC-02")
@pytest.mark.parametrize("way", ["pasted", "photo"])
def test_an_altered_claim_shows_nothing_of_itself(way: str, issuer: Issuer, client_for: MakeClient) -> None:
    message = compact_claim.from_fragment(claim_of(issuer))
    altered = compact_claim.to_fragment(message[:-1] + bytes([message[-1] ^ 1]))
    report = WAYS[way](client_for(issuer.web), f"{RECORD}#{altered}")
    assert (report["verdict"], report["credential"]) == ("altered", None)


@pytest.mark.case("QRC-02")
@pytest.mark.parametrize("fragment", ["", "top", "9", "90", "9" + "1" * 2468])
def test_what_is_no_claim_leaves_the_record_alone(fragment: str, issuer: Issuer, client_for: MakeClient) -> None:
    problem = _pasted(client_for(issuer.web), f"{RECORD}#{fragment}")
    assert problem["code"] == "unreachable"


@pytest.mark.case("PRV-03")
@every_way
def test_the_claim_is_never_sent_and_never_logged(
    way: str, issuer: Issuer, client_for: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    claim = claim_of(issuer)
    with caplog.at_level(logging.DEBUG):
        WAYS[way](client_for(issuer.web), f"{RECORD}#{claim}")
    assert issuer.web.asked[0] == RECORD
    assert not any("#" in address or claim[:30] in address for address in issuer.web.asked)
    assert claim[:30] not in caplog.text


def test_the_page_repeats_the_check_without_the_claim_in_an_address(issuer: Issuer, client_for: MakeClient) -> None:
    claim = claim_of(issuer)
    page = client_for(issuer.web).post("/verify", data={"credential": f"{RECORD}#{claim}"}).text
    assert "The record itself" in page
    assert claim[:30] not in page


def test_a_result_carries_the_claim_as_what_it_is(issuer: Issuer, client_for: MakeClient) -> None:
    """Handed in again as a file, the claim gets the same verdict: never a better one for being without its address."""
    client = client_for(issuer.web)
    file = compact_claim.from_fragment(claim_of(issuer))
    report = client.post(API, data={"file": (BytesIO(file), "x")}).get_json()
    beside = _pasted(client, f"{RECORD}#{claim_of(issuer)}")
    for one in (report, beside):
        one["checks"][-1]["details"] = {}
    assert report == beside


def test_a_busy_moment_is_no_reason_to_do_without_the_record(issuer: Issuer, client_for: MakeClient) -> None:
    issuer.web.crash(RECORD, ReaderBusy("two files are being read"))
    assert _pasted(client_for(issuer.web), f"{RECORD}#{claim_of(issuer)}")["code"] == "reader_busy"
    issuer.web.crash(RECORD, Unreachable("gone"))
    assert _pasted(client_for(issuer.web), f"{RECORD}#{claim_of(issuer)}")["verdict"] == "cannot_check"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (" https://a.example/c#9123 \n", "9123"),
        ("https://a.example/c#x9123", None),
        ("https://a.example/c#", None),
        ("https://a.example/c", None),
        ("https://a.example/c#9", None),
        ("https://a.example/c#9١", None),
    ],
)
def test_a_claim_is_told_by_its_text(text: str, claim: str | None) -> None:
    assert intake.claim_in(text) == claim
