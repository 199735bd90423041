"""Warnings of look-alikes beside a verdict: whom the operator knows, asked for once a minute, and never in the way."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from credentials.lookalikes import KnownIssuer
from tests.verifier.pages import Page
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, judge
from tests.worlds.memory_web import MemoryWeb
from tests.worlds.name_systems import NameSystem
from verifier import create_app
from verifier.config import VerifierConfig
from verifier.judging import Judged
from verifier.ladder.looking import Ladders
from verifier.ladder.registries import Registries
from verifier.surroundings import Known, Surroundings

EMPLOYER = KnownIssuer("Employer Example", "employer-example.com", "did:web:employer-example.com")


def surroundings(web: MemoryWeb, known: Known, clock: list[float]) -> Surroundings:
    ladders = Ladders(web, NameSystem(), Registries((), {}, time.monotonic))
    return Surroundings(ladders, known, clock=lambda: clock[0])


def test_a_name_of_a_known_issuer_is_warned_of_beside_the_verdict() -> None:
    issuer = Issuer(MemoryWeb())
    report = judge(issuer.issue(), issuer.web)
    completed = surroundings(issuer.web, lambda: [EMPLOYER], [0.0]).complete(Judged(report))
    assert [warning.kind for warning in completed.warnings] == ["same_name"]
    assert completed.report is report
    assert completed.ladder is not None


def test_nothing_is_said_of_an_issuer_that_was_not_confirmed() -> None:
    issuer = Issuer(MemoryWeb())
    altered = {**issuer.issue(), "name": "Something else"}
    completed = surroundings(issuer.web, lambda: [EMPLOYER], [0.0]).complete(Judged(judge(altered, issuer.web)))
    assert (completed.warnings, completed.ladder) == ((), None)


def test_who_is_known_is_asked_for_once_a_minute_and_may_fail() -> None:
    issuer = Issuer(MemoryWeb())
    report = judge(issuer.issue(), issuer.web)
    clock, asked = [0.0], [0]
    answers: list[Sequence[KnownIssuer] | Exception] = [[EMPLOYER], [EMPLOYER], RuntimeError("it is down"), []]

    def known() -> Sequence[KnownIssuer]:
        asked[0] += 1
        answer = answers[asked[0] - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    around = surroundings(issuer.web, known, clock)
    seen = []
    for moment in (0.0, 30.0, 61.0, 122.0, 183.0):
        clock[0] = moment
        seen.append((len(around.warnings(report)), asked[0]))
    assert seen == [(1, 1), (1, 1), (1, 2), (1, 3), (0, 4)]


def test_page_and_api_show_it_and_a_registry_beside_the_list_counts(tmp_path: Path) -> None:
    listed = tmp_path / "registries.json"
    listed.write_text(json.dumps([{"name": "Copy", "type": "dcc-legacy", "file": "copy.json"}]))
    entry = {"name": "Employer Exarnple", "url": "https://www.employer-example.com/"}
    (tmp_path / "copy.json").write_text(json.dumps({"registry": {"did:web:employer-example.com": entry}}))
    issuer = Issuer(MemoryWeb())
    config = VerifierConfig.from_environ({"PLAUDIT_VERIFIER_REGISTRIES": str(listed)})
    app = create_app(config, fetcher=issuer.web, clock=lambda: NOW, texts=NameSystem())
    body = json.dumps(issuer.issue())
    answer: Any = app.test_client().post("/api/v1/verify", data=body, content_type="application/vc+json").json
    assert answer["verdict"] == "valid"
    assert [warning["kind"] for warning in answer["warnings"]] == ["confusable_name"]
    page = Page(app.test_client().post("/verify", data={"credential": body}).text)
    assert answer["warnings"][0]["sentence"].replace("'", "&#39;") in page.html
    assert "verdict--good" in page.html
