"""Five hundred credentials, each through every entrance: one verdict and the same checks, whichever way it comes in.

Names, titles, days and works are different in each, and so are the ways in which it is signed and what became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from credentials.ports import Fetched
from credentials.verify import Verdict
from tests.verifier import situations
from tests.verifier.conftest import MakeClient
from tests.verifier.entrances import (
    ENTRANCES,
    FORMS,
    LEADING,
    OF_TOKENS,
    comparable,
    directory,
    publish,
    sent,
    shows,
)
from tests.verifier.situations import Situation
from tests.worlds import tokens
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb

ALL, A_FEW = 500, 36
NAMES = (
    "Nguyễn Thị Hồng Ánh",
    "Ọláwálé Adéyẹmí",
    "עדי לוי",
    "محمد علي",
    "李小龍",
    "देवकी शर्मा",
    "O’Brien & Söhne <b>",
    "Žofia 🎓 Ňu",
)
TITLES = ("Checkout accessibility audit", "调查问卷", "Prüfung von 14 Masken", "تقرير نهائي", "R&D “draft” {{7*7}}")


@dataclass
class Varied(Issuer):
    """An issuer whose credentials are about somebody and something else each time."""

    random: Random = field(default_factory=Random)

    def unsigned(self, index: int = 7, **changes: Any) -> dict[str, Any]:
        document = super().unsigned(index, **changes)
        subject = document["credentialSubject"]
        subject["identifier"][0]["identityHash"] = self.random.choice(NAMES) + str(self.random.randrange(10**6))
        subject["achievement"]["name"] = self.random.choice(TITLES)
        subject["activityStartDate"] = f"2026-05-{self.random.randrange(10, 24)}T00:00:00Z"
        subject["teamSize"] = self.random.randrange(1, 9)
        subject["employerComment"] = "\n".join(self.random.sample(TITLES, 2))
        return document

    def issue(self, document: dict[str, Any] | None = None, *, suite: str = "", **options: Any) -> Any:
        chosen = suite or self.random.choice(("eddsa-rdfc-2022", "eddsa-jcs-2022"))
        return super().issue(document, suite=chosen, **options)


def _token(secure: Callable[..., bytes], name: str) -> Callable[[Issuer], tuple[bytes, Verdict]]:
    """The same as a token; what becomes of it is what became of the embedded one."""

    def make(issuer: Issuer) -> tuple[bytes, Verdict]:
        token = secure(issuer.unsigned(), issuer.key)
        _, verdict = situations.ALL[name](issuer)
        return (tokens.altered(token) if name == "altered" else token), verdict

    return make


#: What can become of a token as it can of JSON; the others make their own document.
_FATES = ("valid", "altered", "issuer unreachable", "status unreachable", "withdrawn", "withdrawn with a notice",
          "suspended by a notice", "replaced")  # fmt: skip
KINDS: list[tuple[str, bool, Callable[[Issuer], tuple[bytes, Verdict]]]] = [
    *((name, False, make) for name, make in situations.ALL.items()),
    *((f"vc+jwt, {name}", True, _token(tokens.as_jwt, name)) for name in _FATES),
    *((f"vc+sd-jwt, {name}", True, _token(tokens.as_sd_jwt, name)) for name in _FATES),
]


def generated(number: int) -> tuple[str, bool, Situation]:
    """The credential of this number: what it is, whether it is a token, and the world that it lives in."""
    name, is_token, make = KINDS[number % len(KINDS)]
    issuer = Varied(MemoryWeb(), random=Random(number))
    credential, verdict = make(issuer)
    publish(issuer.web, credential)
    return name, is_token, Situation(issuer.web, credential, verdict)


class Worlds:
    """The web of whichever credential is being looked at: the verifier itself is the same for all of them."""

    def __init__(self) -> None:
        self.web = MemoryWeb()

    def fetch(self, url: str) -> Fetched:
        return self.web.fetch(url)


def differences(number: int, client: FlaskClient, worlds: Worlds) -> tuple[int, Verdict, list[str]]:
    """How many entrances were tried with this credential, its verdict, and which entrances said something else."""
    name, is_token, situation = generated(number)
    worlds.web = situation.web
    expected = sent(client, situation.credential, "text/plain" if is_token else "application/json")
    assert expected["verdict"] == situation.verdict.id, (number, name)
    entrances = OF_TOKENS if is_token else ENTRANCES
    tried = {way: enter for way, enter in entrances.items() if name != "not a credential" or way not in LEADING}
    wanted = comparable(expected)
    wrong = [way for way, enter in tried.items() if comparable(enter(client, situation.credential)) != wanted]
    wrong += [way for way, enter in FORMS.items() if not shows(enter(client, situation.credential), situation.verdict)]
    return len(tried) + len(FORMS), situation.verdict, [f"{number} ({name}): {way}" for way in wrong]


def _run(count: int, client_for: MakeClient) -> None:
    worlds = Worlds()
    client = client_for(worlds, codes=directory)
    found = [differences(number, client, worlds) for number in range(count)]
    tried, verdicts = sum(entered for entered, _, _ in found), {verdict for _, verdict, _ in found}
    wrong = [way for _, _, ways in found for way in ways]
    print(f"\n{count} credentials, {len(verdicts)} verdicts, {tried} entries: {len(wrong)} different verdicts")
    assert wrong == []


@pytest.mark.case("OUT-01")
def test_a_few_credentials_get_one_verdict_through_every_entrance(client_for: MakeClient) -> None:
    _run(A_FEW, client_for)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_five_hundred_credentials_get_one_verdict_through_every_entrance(client_for: MakeClient) -> None:
    _run(ALL, client_for)
