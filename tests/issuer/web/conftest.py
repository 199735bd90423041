"""A real instance in a temporary folder behind Flask's test client: real keys, real database, a clock that stands still."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from credentials.errors import Unreachable
from credentials.ports import Fetched
from issuer import auth, create_app
from issuer.config import IssuerConfig
from issuer.instance import Instance
from issuer.services import accounts, batches, issuance, organisations
from issuer.services.organisations import Organisation
from issuer.services.origin import OwnOriginFetcher
from keys.sealing import Stretching

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BASE_URL = "http://localhost:8000"
OWNER, PASSWORD = "owner@employer.example", "correct horse battery staple"
#: argon2id as weak as it goes: these tests are about pages.
QUICK = Stretching(memory_kib=8, passes=1, lanes=1)

HEADER = (
    "student_name,student_email,project_title,project_description,acceptance_criteria,role,engagement_kind,mode,"
    "team_size,start_date,end_date,hours,hours_source,awarded_date,outcome,skills,tools,deliverable_title,"
    "deliverable_url,supervisor_name,supervisor_title,supervisor_email,public_comment,ai_use"
)


class NoNetwork:
    """Outside our own origin there is nothing."""

    def fetch(self, url: str) -> Fetched:
        raise Unreachable(f"no network in tests: {url}")


@dataclass
class Clock:
    """A clock that only a test moves."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Randomness:
    """Bytes that look random and are the same in every run."""

    counter: int = 0

    def __call__(self, size: int) -> bytes:
        self.counter += 1
        return hashlib.shake_256(self.counter.to_bytes(8, "big")).digest(size)


@dataclass
class World:
    """The instance, its app, and what a person would type."""

    instance: Instance
    app: Flask
    clock: Clock
    organisation: Organisation
    anonymous: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.anonymous = self.app.test_client()

    def issue(self, *rows: str) -> list[str]:
        """Issue rows of CSV the way the worker would, and return the credential ids."""
        data = "\n".join((HEADER, *rows)).encode()
        batch = batches.create(self.instance, self.organisation, data, "rows.csv", actor="user 1")
        assert not batch.report.problems, batch.report.problems
        batches.confirm(self.instance, batch.id, actor="user 1", include_held=True)
        result = issuance.issue_batch(self.instance, batch.id)
        assert not result.failed, result.failed
        return list(result.issued)

    def signed_in(self) -> FlaskClient:
        """A client after sign-in."""
        client = self.app.test_client()
        answer = client.post(
            "/login", data={"csrf_token": token(client, "/login"), "email": OWNER, "password": PASSWORD}
        )
        assert answer.status_code == 302, answer.text
        return client


def token(client: FlaskClient, path: str) -> str:
    """The CSRF token of the form at `path`."""
    return token_in(client.get(path))


def token_in(answer: TestResponse) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert found, answer.text[:2000]
    return found[1]


def row(name: str = "Maya Lee", **changed: str) -> str:
    """One good row; `changed` replaces cells by column name."""
    values = {
        "student_name": name,
        "student_email": "maya@students.example",
        "project_title": "Churn dashboard for a SaaS support team",
        "project_description": "Explain churn of 1,800 accounts with a dashboard and a memo.",
        "acceptance_criteria": "Dashboard in production; memo names three causes with evidence.",
        "role": "Data intern",
        "engagement_kind": "paid contract",
        "mode": "remote",
        "team_size": "2",
        "start_date": "2026-05-24",
        "end_date": "2026-06-11",
        "hours": "31",
        "hours_source": "time log",
        "awarded_date": "2026-06-16",
        "outcome": "accepted",
        "skills": "SQL|data visualisation",
        "tools": "PostgreSQL|Metabase",
        "deliverable_title": "Dashboard",
        "deliverable_url": "https://files.example/d/1",
        "supervisor_name": "Óscar Ibarra",
        "supervisor_title": "Engineering Manager",
        "supervisor_email": "oscar@employer.example",
        "public_comment": "Clear writing; needed little direction.",
        "ai_use": "",
    } | changed
    return ",".join('"' + values[column].replace('"', '""') + '"' for column in HEADER.split(","))


def empty_instance(home: Path, clock: Clock, **settings: str) -> Instance:
    environ = {"PLAUDIT_HOME": str(home), "PLAUDIT_BASE_URL": BASE_URL} | settings
    return Instance.initialise(
        IssuerConfig.from_environ(environ), environ, clock=clock, randomness=Randomness(), stretching=QUICK
    )


def app_of(instance: Instance) -> Flask:
    app = create_app(instance, own_origin=OwnOriginFetcher(instance, NoNetwork()))
    app.testing = False  # errors are answered as in production, not raised into the test
    return app


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fresh(tmp_path: Path, clock: Clock) -> Iterator[Instance]:
    """An instance that nobody has set up."""
    instance = empty_instance(tmp_path / "home", clock)
    yield instance
    instance.close()


@pytest.fixture
def world(fresh: Instance, clock: Clock) -> World:
    """An instance with one organisation and its owner."""
    organisation = organisations.create(
        fresh, slug="northwind", name="Northwind Analytics", domain="northwind.example", url="https://northwind.example"
    )
    app = app_of(fresh)
    with app.app_context():
        password = auth.hashed(PASSWORD)
    accounts.create_first_owner(
        fresh, email=OWNER, name="Ada Owner", password_hash=password, organisation_id=organisation.id
    )
    return World(fresh, app, clock, organisation)


@pytest.fixture
def make_app() -> Callable[[Instance], Flask]:
    return app_of
