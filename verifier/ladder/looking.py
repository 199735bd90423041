"""Puts the ladder together: at once from what the report says, and as now by asking everything in parallel.

One budget covers a whole look: what has not answered by then is `not_checked`, and so is whatever breaks down. Looks
share a few threads, so that a crowd of readers waits in line instead of opening more and more connections.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from credentials import did, errors, model, timestamps
from credentials.domains import names
from credentials.ports import Fetcher, TextRecords
from credentials.sentence import Sentence
from credentials.verify import Outcome, Report
from verifier.ladder import asking
from verifier.ladder.asking import Asker, Subject, Ways
from verifier.ladder.registries import Registries
from verifier.ladder.rungs import TITLES, Ladder, Rung
from verifier.problems import TookTooLong
from verifier.remembering import Remembering

#: Of a whole look; somebody waits for it.
LOOK_SECONDS: Final = 5.0
#: Addresses that one look may open: a DID configuration with its key document, registries, a chain of a federation.
MOST_FETCHES: Final = 24
#: What is waited when the time is over already: asking with no time at all is an error in some libraries.
_LEAST_SECONDS: Final = 0.01
#: Issuers whose host is remembered: the same ones come again and again.
_KEPT_HOSTS: Final = 4_096
#: Threads for all looks of one process.
_THREADS: Final = 16

_ASKERS: Final[Mapping[str, Asker]] = {
    "dns": asking.ask_dns,
    "did_configuration": asking.ask_did_configuration,
    "registry": asking.ask_registry,
    "federation": asking.ask_federation,
}
#: The issuer's own word of how its domain had been shown → the rung that it means, and what it states.
_STATEMENTS: Final[Mapping[str, tuple[str | None, Sentence]]] = {
    "none": (None, Sentence("When signing, the issuer stated that nothing had shown its domain to be its own.")),
    "e-mail": (
        "email",
        Sentence("When signing, the issuer stated that it had answered from an e-mail address at its domain."),
    ),
    "dns": ("dns", Sentence("When signing, the issuer stated that a DNS record of its domain named it.")),
    "https": ("did_configuration", Sentence("When signing, the issuer stated that a file at its domain named it.")),
}
_NOT_ASKED: Final = {name: Rung(name, Outcome.NOT_CHECKED, Sentence("Not looked up yet.")) for name in _ASKERS}
_NO_EMAIL: Final = Rung("email", Outcome.NOT_APPLICABLE, Sentence("The issuer does not refer to an e-mail address."))
_SILENT: Final = Sentence("The credential does not say how the issuer's domain had been shown when it was signed.")


class Ladders:
    """Makes the ladder of a report's issuer. `clock` counts seconds; without it, as the machine does."""

    def __init__(
        self,
        fetcher: Fetcher,
        texts: TextRecords,
        registries: Registries,
        *,
        clock: Callable[[], float] = time.monotonic,
        seconds: float = LOOK_SECONDS,
    ) -> None:
        self._fetcher = fetcher
        self._texts = texts
        self._registries = registries
        self._clock = clock
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="ladder")

    def of(self, report: Report) -> Ladder | None:
        """The ladder with what is known without asking anybody; None when nothing of the report may be shown."""
        return None if report.verified is None else _ladder(report, {}, looked_up=False)

    def look_up(self, report: Report) -> Ladder | None:
        """The ladder as now; takes at most the budget. None when nothing of the report may be shown."""
        if report.verified is None:
            return None
        end = self._clock() + self._seconds

        def left() -> float:
            return max(_LEAST_SECONDS, end - self._clock())

        fetcher = Remembering(self._fetcher, most=MOST_FETCHES, in_time=lambda: self._clock() < end)
        ways = Ways(fetcher, self._texts, self._registries, report.checked_at, left)
        subject = _subject(report)
        asked = {name: self._pool.submit(asker, subject, ways) for name, asker in _ASKERS.items()}
        wait(asked.values(), timeout=left())
        found = {name: _outcome(name, future, report.checked_at) for name, future in asked.items()}
        return _ladder(report, found, looked_up=True)


def _outcome(name: str, future: Future[Rung], now: datetime) -> Rung:
    """What came of one question; one that is still waiting in line is never begun."""
    future.cancel()
    try:
        if not future.done() or future.cancelled():
            raise TookTooLong("No complete answer came within the time for this look.")
        return future.result()
    except errors.DomainEvidenceMalformed as error:
        return asking.does_not_hold(name, error, now, {"detail": error.detail})
    except errors.PlauditError as error:
        return asking.not_checked(name, error, now)
    except Exception:  # a look that broke down says nothing
        sentence = Sentence("This look broke down, so it says nothing.")
        return Rung(name, Outcome.NOT_CHECKED, sentence, now, {"code": "internal_error"})


def _ladder(report: Report, found: Mapping[str, Rung], *, looked_up: bool) -> Ladder:
    verified, subject = report.verified, _subject(report)
    assert verified is not None  # noqa: S101 - both callers have looked
    issuer = verified.document.get("issuer")
    word = issuer.get("domainProof") if isinstance(issuer, Mapping) else None
    proof = word if word in model.DOMAIN_PROOFS else None
    meant, statement = _STATEMENTS[proof] if proof else (None, _SILENT)
    made = {"email": _email(proof), "did_web": _did_web(report, subject), **found}
    rungs = tuple(_stated(made.get(name) or _NOT_ASKED[name], name == meant) for name in TITLES)
    return Ladder(subject.domain, proof, statement, _signed_at(report), rungs, looked_up)


def _subject(report: Report) -> Subject:
    """The issuer as the report confirmed it; its home page is its own word: it is asked, and not believed."""
    verified = report.verified
    assert verified is not None  # noqa: S101 - both callers have looked
    own = (_host(verified.issuer_did) or "").partition(":")[0] or None
    domain = names.domain_of_page(verified.issuer_url) or own
    keys = tuple(str(key) for key in report.step("key").details.get("keys", ()))
    return Subject(verified.issuer_did, keys, domain, verified.issuer_url)


@lru_cache(maxsize=_KEPT_HOSTS)
def _host(identifier: str) -> str | None:
    return did.domain_of(identifier)


def _email(proof: str | None) -> Rung:
    if proof == "e-mail":
        sentence = Sentence("An e-mail address cannot be asked again: this is the issuer's word alone.")
        return Rung("email", Outcome.NOT_CHECKED, sentence)
    return _NO_EMAIL


def _did_web(report: Report, subject: Subject) -> Rung:
    """What the steps of the key and of the domain found: nothing more is asked for this rung."""
    step, host = report.step("domain"), _host(subject.did)
    told: dict[str, Any] = {"issuer": subject.did, "domain": subject.domain, "sources": step.details.get("sources")}
    if host is None or subject.domain is None:
        return Rung("did_web", Outcome.NOT_APPLICABLE, Sentence("The issuer's identifier names no domain."), None, told)
    if not names.is_within(host, subject.domain):
        sentence = Sentence("The issuer's keys lie at %(host)s, not at %(domain)s.", host=host, domain=subject.domain)
        return Rung("did_web", Outcome.NOT_APPLICABLE, sentence, report.checked_at, told)
    if step.outcome is Outcome.PASSED and step.details.get("sources") != ["certificate"]:
        sentence = Sentence("%(host)s publishes the key that signed this.", host=host)
        return Rung("did_web", Outcome.PASSED, sentence, report.checked_at, told)
    return Rung("did_web", Outcome.NOT_CHECKED, step.sentence, report.checked_at, told)


def _stated(rung: Rung, stated: bool) -> Rung:
    if not stated:
        return rung
    return Rung(rung.id, rung.outcome, rung.sentence, rung.checked_at, rung.details, True)


def _signed_at(report: Report) -> datetime | None:
    """When the first signature says that it was made, else from when the credential holds."""
    proofs = report.step("signature").details.get("proofs", ())
    created = next((proof["created"] for proof in proofs if "created" in proof), None)
    if created is not None:
        return timestamps.parse(created)
    return None if report.verified is None else report.verified.valid_from
