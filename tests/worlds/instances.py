"""Makes whole issuer instances in a folder: a real database, real encrypted keys (cheaply stretched), a clock that the
test sets, randomness from a seed. Nothing here is a mock.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from issuer.config import IssuerConfig
from issuer.instance import Instance
from issuer.services import batches, issuance, organisations
from issuer.services.fsck import fsck
from issuer.services.organisations import Organisation
from keys.sealing import Stretching
from tests.worlds.tables import csv_bytes, rows

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
#: The cheapest that argon2id can do: tests open keys often.
CHEAP = Stretching(memory_kib=8, passes=1, lanes=1)
PASSPHRASE = "correct horse battery staple"
ENVIRON = {"PLAUDIT_PASSPHRASE": PASSPHRASE}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **delta: float) -> None:
        self.at += timedelta(**delta)


class SeededRandomness:
    """Bytes that look random and are the same in every run (SHA-256 in counter mode)."""

    def __init__(self, seed: str = "seed") -> None:
        self._seed, self._count = seed.encode(), 0

    def __call__(self, size: int) -> bytes:
        out = b""
        while len(out) < size:
            self._count += 1
            out += hashlib.sha256(self._seed + self._count.to_bytes(8, "big")).digest()
        return out[:size]


@dataclass
class World:
    """One instance with one organisation, and the clock that it runs on."""

    home: Path
    environ: dict[str, str]
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.config = IssuerConfig.from_environ(self.environ)
        self.instance = Instance.initialise(
            self.config, self.environ, clock=self.clock, randomness=SeededRandomness(), stretching=CHEAP
        )
        self.organisation = self.organise("acme")

    def organise(self, slug: str) -> Organisation:
        """Make an organisation of that slug."""
        return organisations.create(
            self.instance,
            slug=slug,
            name=f"{slug.title()} Ltd",
            domain=f"{slug}.example",
            url=f"https://{slug}.example/",
        )

    def reopened(self, seed: str = "reopened") -> Instance:
        """Open the same instance a second time, as another process would."""
        return Instance.open(
            self.config, self.environ, clock=self.clock, randomness=SeededRandomness(seed), stretching=CHEAP
        )


def make_world(home: Path, **environ: str) -> World:
    """Make an instance in `home/instance`; `environ` adds settings."""
    folder = home / "instance"
    return World(folder, {**ENVIRON, "PLAUDIT_HOME": str(folder), **environ})


def confirmed(world: World, table: list[dict[str, str]], filename: str = "rows.csv") -> str:
    """Upload rows and confirm them; return the batch's id."""
    batch = batches.create(world.instance, world.organisation, csv_bytes(table), filename, actor="tester")
    return batches.confirm(world.instance, batch.id, actor="tester").id


def issued(world: World, count: int = 1) -> tuple[str, ...]:
    """Issue that many good rows; return the credentials' ids."""
    return issuance.issue_batch(world.instance, confirmed(world, rows(count))).issued


def damages(instance: Instance) -> list[str]:
    """What fsck finds damaged, in words."""
    return [str(finding) for finding in fsck(instance) if finding.severity == "damage"]
