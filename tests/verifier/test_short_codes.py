"""A short code typed from paper leads to its record: forgiving of typing, useless for guessing, silent about people."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from flask.testing import FlaskClient

import plaudit
from credentials import short_code
from issuer.services import codes
from issuer.services.origin import OwnOriginFetcher
from tests.verifier import situations
from tests.verifier.conftest import IN_PROCESS
from tests.worlds.completions import NOW
from tests.worlds.instances import START, Clock, SeededRandomness, issued, make_world
from tests.worlds.memory_web import MemoryWeb
from verifier import create_app
from verifier.config import VerifierConfig
from verifier.problems import ConfigurationRefused, TooManyGuesses
from verifier.short_codes import REMEMBERED, CodeDirectory, Guesses

API = "/api/v1/verify"
RECORD = "https://employer.example/c/shown"
CODE = "7K2M-9QX4-T0ZD6"
CONFIG = VerifierConfig("https://verify.example", ("verify.example", "localhost"))


def serving(
    web: Any, directory: CodeDirectory | None, *, now: Clock | None = None, config: VerifierConfig = CONFIG
) -> FlaskClient:
    app = create_app(config, fetcher=web, clock=now or Clock(NOW), reader=IN_PROCESS, codes=directory)
    return app.test_client()


def typed(client: FlaskClient, text: str, **more: Any) -> Any:
    return client.post(API, data={"credential": text}, content_type="multipart/form-data", **more)


def known(code: str) -> str | None:
    return RECORD if code == CODE else None


@pytest.mark.parametrize("text", [CODE, " 7k2m 9qx4 tozd6\n", "7K2M9QX4T0ZD6"])
@pytest.mark.parametrize("name", ["valid", "withdrawn", "altered", "status unreachable"])
def test_a_code_leads_to_its_record(text: str, name: str) -> None:
    situation = situations.make(name)
    situation.web.put(RECORD, situation.credential)
    client = serving(situation.web, known)
    report = typed(client, text).get_json()
    assert (report["verdict"], report["ledTo"]) == (situation.verdict.id, RECORD)
    assert situation.verdict.word in unescape(client.post("/verify", data={"credential": text}).text)


def test_a_mistyped_code_is_named_before_anybody_is_asked() -> None:
    def nobody(code: str) -> str | None:
        raise AssertionError(code)

    answer = typed(serving(MemoryWeb(), nobody), "7K2M-9QX4-T0Z6D")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "code_mistyped")
    assert "changed places" in answer.get_json()["detail"]
    page = serving(MemoryWeb(), nobody).post("/verify", data={"credential": "7K2M-9QX4-T0ZD"})
    assert page.status_code == 422
    assert "every code has 13" in page.text


@pytest.mark.case("QRC-03")
def test_every_unknown_code_gets_the_same_answer() -> None:
    random = SeededRandomness("guesses")
    client = serving(MemoryWeb(), known)
    answers = set()
    for number in range(300):
        answer = typed(client, short_code.new(random), environ_base={"REMOTE_ADDR": f"192.0.2.{number % 250}"})
        answers.add((answer.status_code, answer.data))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


@pytest.mark.case("QRC-03", "WEB-10")
def test_guessing_is_slowed_down_for_who_guesses_and_for_nobody_else() -> None:
    situation = situations.make("valid")
    situation.web.put(RECORD, situation.credential)
    clock = Clock(NOW)
    client = serving(situation.web, known, now=clock)
    random = SeededRandomness("guesses")
    statuses = [typed(client, short_code.new(random)).status_code for _ in range(12)]
    assert statuses == [404] * 10 + [429] * 2
    refused = typed(client, CODE)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert refused.get_json()["code"] == "too_many_guesses"
    assert typed(client, CODE, headers={"X-Forwarded-For": "192.0.2.9"}).status_code == 429
    assert typed(client, CODE, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 200
    clock.move(seconds=61)
    assert typed(client, CODE).status_code == 200


def test_who_guessed_is_forgotten() -> None:
    """Nothing of an address is kept but a hash under a key of this process, of so many askers at most."""
    guesses = Guesses(lambda: NOW, limit=1, window=timedelta(minutes=1))
    for number in range(REMEMBERED + 5):
        guesses.count(f"asker {number}")
    assert len(guesses._moments) == REMEMBERED
    assert not any(b"asker" in name for name in guesses._moments)
    guesses.check("asker 0")
    with pytest.raises(TooManyGuesses):
        guesses.check(f"asker {REMEMBERED}")


def test_a_verifier_without_an_issuer_says_so() -> None:
    answer = typed(serving(MemoryWeb(), None), CODE)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "codes_not_looked_up")


def test_codes_are_not_tried_by_the_hundred() -> None:
    client = serving(MemoryWeb(), known)
    result = client.post("/api/v1/verify/batch", json={"items": [CODE]}).get_json()["results"][0]
    assert result["code"] == "codes_not_looked_up"


def test_another_installation_can_be_asked_by_address() -> None:
    situation = situations.make("valid")
    situation.web.put(f"https://issuer.example/code/{CODE}", situation.credential)
    environ = {"PLAUDIT_VERIFIER_CODES": "https://issuer.example/code/{code}", "PLAUDIT_BASE_URL": "http://localhost"}
    client = serving(situation.web, None, config=VerifierConfig.from_environ(environ))
    assert typed(client, CODE.lower()).get_json()["verdict"] == "valid"


@pytest.mark.parametrize(
    "template", ["http://issuer.example/{code}", "https://issuer.example/", "https://issuer.example/{code}/{code}"]
)
def test_a_template_that_is_none_stops_the_start(template: str) -> None:
    with pytest.raises(ConfigurationRefused, match="PLAUDIT_VERIFIER_CODES"):
        VerifierConfig.from_environ({"PLAUDIT_VERIFIER_CODES": template})


# --- with an issuer beside it ---------------------------------------------------------------------------------------


def test_the_code_of_every_record_leads_to_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    ids = issued(world, 3)
    fetcher = OwnOriginFetcher(world.instance, MemoryWeb())
    client = serving(fetcher, lambda code: codes.address_of(world.instance, code), now=world.clock)
    from issuer.services import records

    for identifier in ids:
        record = records.get(world.instance, identifier)
        report = typed(client, record.human_code.lower()).get_json()
        assert (report["verdict"], report["ledTo"]) == ("valid", record.url)
        assert report["credential"]["humanCode"] == record.human_code
    assert typed(client, short_code.new(SeededRandomness("x"))).status_code == 404


@pytest.mark.case("QRC-03")
def test_a_look_up_takes_as_long_for_a_code_that_is_there(tmp_path: Path) -> None:
    """Medians of alternating look-ups differ by less than a look-up takes: one index is asked either way."""
    world = make_world(tmp_path)
    from issuer.services import records

    there = records.get(world.instance, issued(world)[0]).human_code
    missing = short_code.new(SeededRandomness("x"))
    spent: dict[str, list[float]] = {there: [], missing: []}
    for code in [there, missing] * 300:
        begun = perf_counter()
        codes.address_of(world.instance, code)
        spent[code].append(perf_counter() - begun)
    one, other = median(spent[there]), median(spent[missing])
    assert abs(one - other) < 0.5 * min(one, other), (one, other)


def test_the_two_halves_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`plaudit serve` hands the verifier the codes of the issuer beside it."""
    world = make_world(tmp_path)
    from issuer.services import records

    record = records.get(world.instance, issued(world)[0])
    for name, value in world.environ.items():
        monkeypatch.setenv(name, value)

    def now() -> datetime:
        return START

    monkeypatch.setattr(plaudit, "now", now)
    from werkzeug.test import Client

    answer = Client(plaudit.create_application()).post(
        API, data={"credential": record.human_code}, content_type="multipart/form-data"
    )
    assert answer.get_json()["ledTo"] == record.url
