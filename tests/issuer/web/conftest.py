"""A real instance in a temporary folder behind Flask's test client: real keys, real database, a clock that stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from credentials.errors import Unreachable
from credentials.ports import Fetched
from issuer import auth, create_app
from issuer.instance import Instance
from issuer.services import accounts, batches, issuance
from issuer.services.origin import OwnOriginFetcher
from tests.worlds.instances import World, make_world

OWNER, PASSWORD = "owner@employer.example", "eleven grey herons by the weir"

CELLS = {
    "student_name": "Maya Lee",
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
}


class NoNetwork:
    """Outside our own origin there is nothing."""

    def fetch(self, url: str) -> Fetched:
        raise Unreachable(f"no network in tests: {url}")


@dataclass(frozen=True)
class Site:
    """The instance, its app, and what a person does with them."""

    world: World
    app: Flask

    @property
    def instance(self) -> Instance:
        return self.world.instance

    def anonymous(self) -> FlaskClient:
        return self.app.test_client()

    def signed_in(self) -> FlaskClient:
        """A client after sign-in as the owner."""
        client = self.app.test_client()
        answer = sign_in(client)
        assert answer.status_code == 302, answer.text
        return client

    def draft(self, *rows: dict[str, str]) -> str:
        """Upload rows without confirming them, and return the batch's id."""
        return batches.create(self.instance, self.world.organisation, table(*rows), "rows.csv", actor="user 1").id

    def issue(self, *rows: dict[str, str]) -> list[str]:
        """Issue rows the way the worker would, and return the credential ids."""
        batch_id = self.draft(*rows)
        batches.confirm(self.instance, batch_id, actor="user 1", include_held=True)
        result = issuance.issue_batch(self.instance, batch_id)
        assert not result.failed, result.failed
        return list(result.issued)


def row(name: str = "Maya Lee", **cells: str) -> dict[str, str]:
    """One good row; `cells` replaces cells by column name."""
    return CELLS | {"student_name": name} | cells


def table(*rows: dict[str, str]) -> bytes:
    """The rows as a CSV file."""
    lines = [list(CELLS), *(list(cells.values()) for cells in rows)]
    return "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines).encode()


def csrf(answer: TestResponse) -> str:
    """The CSRF token of the form on a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert found, answer.text[:2000]
    return found[1]


def sign_in(client: FlaskClient, email: str = OWNER, password: str = PASSWORD, path: str = "/login") -> TestResponse:
    data = {"csrf_token": csrf(client.get(path)), "email": email, "password": password}
    return client.post(path, data=data)


def app_of(instance: Instance) -> Flask:
    """The app as it runs in production: errors are answered, not raised into the test."""
    return create_app(instance, own_origin=OwnOriginFetcher(instance, NoNetwork()))


def add_owner(world: World, app: Flask) -> int:
    with app.app_context():
        password = auth.hashed(PASSWORD)
    return accounts.create_first_owner(
        world.instance,
        email=OWNER,
        name="Ada Owner",
        password_hash=password,
        organisation_id=world.organisation.id,
    )


def make_site(home: Path, **settings: str) -> Site:
    """A site with one organisation ("acme") and its owner."""
    world = make_world(home, **settings)
    app = app_of(world.instance)
    add_owner(world, app)
    return Site(world, app)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = make_site(tmp_path)
    yield made
    made.instance.close()
