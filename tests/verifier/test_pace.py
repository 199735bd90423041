"""Sixty checks a minute for each address, then a wait that is said in seconds; nobody is named, nothing grows."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier import situations
from tests.verifier.reading import InProcess
from tests.worlds.completions import NOW
from tests.worlds.memory_web import MemoryWeb
from verifier import create_app, pace
from verifier.config import VerifierConfig
from verifier.pace import Pace

HOSTS = ("verify.example", "localhost")
API = "/api/v1/verify"


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def client(per_minute: int = 60, proxies: int = 0, web: MemoryWeb | None = None) -> FlaskClient:
    config = VerifierConfig("https://verify.example", HOSTS, per_minute=per_minute, proxies=proxies)
    app = create_app(config, fetcher=web or MemoryWeb(), clock=lambda: NOW, reader=InProcess())
    return app.test_client()


def asked(site: FlaskClient, address: str = "203.0.113.7", **headers: str) -> int:
    return site.post(
        API, data=b"{}", content_type="application/json", environ_base={"REMOTE_ADDR": address}, headers=headers
    ).status_code


@pytest.mark.case("WEB-10")
def test_the_sixty_first_check_in_a_minute_is_told_to_wait() -> None:
    site = client()
    assert [asked(site) for _ in range(60)] == [200] * 60
    response = site.post(API, data=b"{}", content_type="application/json", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert response.status_code == 429
    assert response.content_type == "application/problem+json"
    assert response.get_json()["code"] == "too_many_checks"
    assert 1 <= int(response.headers["Retry-After"]) <= 2
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert asked(site, "203.0.113.8") == 200, "another address is another asker"
    assert site.get("/verify", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200, "a form is free"


@pytest.mark.case("WEB-10")
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP"])
def test_no_header_of_a_client_makes_it_another(header: str) -> None:
    site = client(per_minute=3)
    found = [asked(site, **{header: f"198.51.100.{number}"}) for number in range(5)]
    assert found == [200, 200, 200, 429, 429]


@pytest.mark.case("WEB-10")
def test_behind_a_proxy_of_ours_its_word_counts_and_the_clients_does_not() -> None:
    site = client(per_minute=2, proxies=1)
    via = {"address": "127.0.0.1"}
    assert [asked(site, **via, **{"X-Forwarded-For": "198.51.100.1"}) for _ in range(3)] == [200, 200, 429]
    assert asked(site, **via, **{"X-Forwarded-For": "198.51.100.2"}) == 200
    forged = [asked(site, **via, **{"X-Forwarded-For": f"192.0.2.{number}, 198.51.100.1"}) for number in range(3)]
    assert forged == [429] * 3


def test_every_way_of_checking_counts_and_a_batch_is_one() -> None:
    situation = situations.make("valid")
    for method, path, more in (
        ("GET", "/verify?url=https://nowhere.example/", {}),
        ("POST", "/verify", {"data": {"credential": "hello"}}),
        ("POST", "/api/v1/verify/batch", {"json": {"items": ["a", "b", "c"]}}),
        ("POST", "/api/v1/verify/resume", {"data": b"hello", "content_type": "text/plain"}),
        ("GET", "/api/v1/verify/issuer-keys?issuer=did:web:nowhere.example", {}),
        ("POST", "/vc-api/credentials/verify", {"json": {}}),
    ):
        site = client(per_minute=1, web=situation.web)
        first = site.open(path, method=method, **more)
        assert first.status_code != 429
        assert site.open(path, method=method, **more).status_code == 429
        assert site.get("/verify?lang=es").status_code == 200


def test_without_a_limit_nobody_waits() -> None:
    site = client(per_minute=0)
    assert {asked(site) for _ in range(100)} == {200}


def test_a_pause_gives_back_what_it_would_have_allowed() -> None:
    clock = Seconds()
    counted = Pace(60, monotonic=clock)
    assert [counted.wait("a") for _ in range(60)] == [0.0] * 60
    assert counted.wait("a") == pytest.approx(1.0)
    clock.now += 1.0
    assert counted.wait("a") == 0.0
    assert counted.wait("a") > 0
    clock.now += 60.0
    assert [counted.wait("a") for _ in range(60)] == [0.0] * 60


@given(st.lists(st.floats(0, 5), max_size=300))
def test_no_minute_has_more_than_two_minutes_worth(pauses: list[float]) -> None:
    clock = Seconds()
    counted = Pace(6, monotonic=clock)
    let_through = []
    for pause in pauses:
        clock.now += pause
        if counted.wait("a") == 0.0:
            let_through.append(clock.now)
    for moment in let_through:
        assert sum(moment <= other < moment + 60 for other in let_through) <= 12


def test_a_network_of_ipv6_is_one_asker_and_no_address_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "REMEMBERED", 100)
    counted = Pace(1)
    assert counted.wait("2001:db8:0:1::1") == 0.0
    assert counted.wait("2001:db8:0:1::2") > 0
    assert counted.wait("2001:db8:0:2::1") == 0.0
    for number in range(1000):
        counted.wait(f"192.0.2.{number}")
    assert len(counted) == 100
    assert all(len(name) == 16 and b"192" not in name for name in counted._until)
    assert Pace(1)._name("192.0.2.1") != counted._name("192.0.2.1"), "another process makes another hash"
