"""`plaudit demo`: a sample employer issues sample records, and the first of them is verified as a stranger would.

Nothing in it is special: the same services, the same bytes, the same verification as for real records.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from credentials.verify import Outcome, Report
from issuer import terminal
from issuer.instance import Instance
from issuer.problems import WrongState
from issuer.services import accounts, batches, issuance, organisations, records
from issuer.services.issuance import BatchResult
from issuer.services.organisations import Organisation
from issuer.uploading import export_with_progress

SAMPLES = Path(__file__).resolve().parent / "samples" / "demo.csv"
EMPLOYER = {
    "slug": "northwind",
    "name": "Northwind Commons",
    "legal_name": "Northwind Commons Foundation",
    "domain": "northwind.example",
    "url": "https://northwind.example",
    "description": "A sample employer: it exists only in this demonstration.",
}
OWNER_EMAIL = "owner@northwind.example"
ACTOR = "demo"


@dataclass(frozen=True)
class Shown:
    """What a run left: record addresses, the report on the first of them and when it was there, the folder."""

    records: tuple[str, ...]
    first: Report
    seconds: float
    out: Path | None

    def to_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "records": list(self.records),
            "first": self.first.to_json(),
            "secondsToFirst": round(self.seconds, 1),
            "out": str(self.out) if self.out else None,
        }

    def show(self) -> None:
        """Print it for a person."""
        passed = sum(step.outcome is Outcome.PASSED for step in self.first.steps)
        terminal.results.print(f"{self.first.verdict.word}: {self.first.headline}", markup=False)
        terminal.results.print(
            f"{passed} of {len(self.first.steps)} checks passed, {self.seconds:.1f} s after the start."
        )
        if self.out is not None:
            terminal.results.print(f"Credentials, certificates, keys and status lists: {self.out}")


class Demonstration:
    """One run of the demonstration on `instance`; `verify` judges signed bytes the way the public verifier does."""

    def __init__(self, instance: Instance, verify: Callable[[bytes], Report]) -> None:
        self._instance = instance
        self._verify = verify
        self._started = time.monotonic()

    def run(self, out: Path | None) -> Shown:
        """Issue the samples (once), verify the first record, and leave all files in `out` when it is given.

        Raises `WrongState` on an instance that is in production: sample people have no place among real ones.
        """
        if self._instance.config.production:
            raise WrongState("this instance is in production; a demonstration needs a data folder of its own")
        result = self._issue(self._employer())
        found = records.of_ids(self._instance, result.issued)
        report = self._verify(found[0].credential)
        seconds = time.monotonic() - self._started
        if out is not None:
            export_with_progress(self._instance, result, out)
        return Shown(tuple(record.url for record in found), report, seconds, out)

    def show_addresses(self) -> None:
        """Print where to look, and the way into the console when nobody has one yet."""
        base = self._instance.config.base_url
        first, *_ = records.list_recent(self._instance, self._employer().id, limit=1)
        facts = [
            ("Record", first.url),
            ("Certificate", f"{first.url}.pdf"),
            ("Portfolio", f"{base}/p/{first.portfolio_slug}"),
            ("Verifier", f"{base}/verify"),
            ("Console", f"{base}/console"),
        ]
        terminal.show_facts([*facts, *self._way_in()])
        terminal.results.print("Ctrl+C stops the server; `make demo` finds everything again.")

    def _employer(self) -> Organisation:
        """The sample employer, never somebody else's organisation that is there too."""
        known = {one.slug: one for one in organisations.all(self._instance)}
        return known.get(EMPLOYER["slug"]) or organisations.create(self._instance, **EMPLOYER, actor=ACTOR)

    def _issue(self, employer: Organisation) -> BatchResult:
        done = batches.list_recent(self._instance, employer.id, limit=1)
        batch = done[0] if done else batches.create(
            self._instance, employer, SAMPLES.read_bytes(), SAMPLES.name, actor=ACTOR
        )  # fmt: skip
        batches.confirm(self._instance, batch.id, actor=ACTOR)
        with terminal.progress_bar("Signing", batches.progress(self._instance, batch.id).total) as show:
            return issuance.issue_batch(self._instance, batch.id, actor=ACTOR, on_progress=lambda now: show(now.issued))

    def _way_in(self) -> list[tuple[str, str]]:
        """Make the sample owner with a password of its own, shown this once."""
        if not accounts.needs_first_owner(self._instance):
            return [("Sign in", f"{OWNER_EMAIL}, with the password shown the first time")]
        password = base64.b32encode(self._instance.random(15)).decode("ascii").lower()
        accounts.create_first_owner(
            self._instance, email=OWNER_EMAIL, name="Sample owner", password_hash=PasswordHasher().hash(password),
            organisation_id=self._employer().id,
        )  # fmt: skip
        return [("Sign in", OWNER_EMAIL), ("Password", password)]
