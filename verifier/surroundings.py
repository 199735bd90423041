"""Adds to a judgement what stands around the issuer: its domain ladder, and warnings of look-alike names.

Neither touches the report or its verdict. Known issuers are those of the configured registries, and what the
composition root hands in; they are compared anew once a minute, not for each reader.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from credentials.domains import names
from credentials.lookalikes import Caution, KnownIssuer, LookAlikes
from credentials.ports import Fetcher, TextRecords
from credentials.verify import Report
from verifier.config import VerifierConfig
from verifier.judging import Judged
from verifier.ladder.looking import Ladders
from verifier.ladder.registries import Registries
from verifier.ladder.text_records import DnsTexts

#: In seconds: how long the known issuers are taken for the same.
KEPT_SECONDS: Final = 60.0

Known = Callable[[], Sequence[KnownIssuer]]


class Surroundings:
    """Completes what was judged. `known` gives the issuers to compare with; `clock` counts seconds. Thread-safe."""

    def __init__(self, ladders: Ladders, known: Known, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ladders = ladders
        self._known = known
        self._clock = clock
        self._lock = threading.Lock()
        self._until = clock()
        self._compared: tuple[KnownIssuer, ...] = ()
        self._look_alikes = LookAlikes(())

    def complete(self, judged: Judged, *, look: bool = False) -> Judged:
        """Return `judged` with ladder and warnings; with `look`, the ladder as now, which takes a few seconds."""
        report = judged.report
        ladder = self._ladders.look_up(report) if look else self._ladders.of(report)
        return replace(judged, ladder=ladder, warnings=self.warnings(report))

    def warnings(self, report: Report) -> tuple[Caution, ...]:
        """What to compare before relying on the issuer's name; nothing when the report confirms no issuer."""
        verified = report.verified
        if verified is None:
            return ()
        page = names.domain_of_page(verified.issuer_url)
        return self._current().warnings(verified.issuer_name, verified.issuer_did, page)

    def _current(self) -> LookAlikes:
        """The comparison with the issuers known now. While one thread asks for them, others use those known before."""
        if self._clock() >= self._until and self._lock.acquire(blocking=False):
            try:
                self._refresh()
            finally:
                self._lock.release()
        return self._look_alikes

    def _refresh(self) -> None:
        """Ask who is known. Whoever cannot say now is asked again in a minute: a warning less is no wrong verdict."""
        self._until = self._clock() + KEPT_SECONDS
        try:
            known = tuple(self._known())
        except Exception:  # a database that is down must not keep anybody from checking a credential
            return
        if known != self._compared:
            self._compared, self._look_alikes = known, LookAlikes(known)


def assemble(config: VerifierConfig, fetcher: Fetcher, texts: TextRecords | None, known: Known | None) -> Surroundings:
    """Put it together as configured; raises `ConfigurationRefused` for a list of registries that cannot be used."""
    registries = Registries.load(config.registries, time.monotonic)
    ladders = Ladders(fetcher, texts or DnsTexts(), registries)
    return Surroundings(ladders, lambda: [*(known() if known else ()), *registries.known()])


def members(judged: Judged) -> dict[str, Any]:
    """Ladder and warnings as members of an answer: `issuerDomain` and `warnings`."""
    return {
        "issuerDomain": None if judged.ladder is None else judged.ladder.to_json(),
        "warnings": [warning.to_json() for warning in judged.warnings],
    }
