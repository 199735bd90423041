"""The commands `plaudit keys …`, run against a keyring in a temporary folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from click.testing import CliRunner, Result

from keys.cli import keys
from keys.errors import KeyNotFound, KeyStateConflict
from keys.keyring import Keyring
from tests.keys.world import OTHER_OWNER, OWNER, MovableClock


@dataclass
class Installation:
    """What plaudit.py gives the commands: here two organisations, `acme` being the one asked for by default."""

    ring: Keyring

    def keyring(self) -> Keyring:
        return self.ring

    def owner(self, slug: str | None) -> str:
        return {None: OWNER, "acme": OWNER, "other": OTHER_OWNER}[slug]


@pytest.fixture
def installation(keyring: Keyring) -> Installation:
    keyring.create(OWNER)
    return Installation(keyring)


def run(installation: Installation, *arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(keys, arguments, obj=installation, catch_exceptions=False, **options)


def run_json(installation: Installation, *arguments: str) -> Any:
    return json.loads(run(installation, *arguments, "--json").stdout)


def test_list_shows_every_key_with_its_state(installation: Installation) -> None:
    old = installation.ring.active(OWNER)
    new = installation.ring.rotate(OWNER)
    lines = run(installation, "list").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [[old.id, "retiring"], [new.id, "active"]]


def test_list_as_json(installation: Installation) -> None:
    key = installation.ring.active(OWNER)
    assert run_json(installation, "list") == {
        "keys": [
            {
                "id": key.id,
                "owner": OWNER,
                "state": "active",
                "created": "2026-03-01T12:00:00Z",
                "validUntil": None,
                "compromisedSince": None,
                "verificationMethod": f"{OWNER}#{key.id}",
                "publicKeyMultibase": key.public_key.multikey,
            }
        ],
        "stopped": None,
    }


def test_list_of_one_organisation(installation: Installation) -> None:
    theirs = installation.ring.create(OTHER_OWNER)
    assert [key["id"] for key in run_json(installation, "list", "--org", "other")["keys"]] == [theirs.id]
    assert len(run_json(installation, "list")["keys"]) == 2


def test_rotate_then_retire(installation: Installation) -> None:
    old = installation.ring.active(OWNER)
    rotated = run_json(installation, "rotate")
    assert rotated["state"] == "active"
    assert rotated["id"] != old.id
    assert "is retired" in run(installation, "retire", old.id).stdout
    assert run_json(installation, "retire", old.id)["validUntil"] == "2026-03-01T12:00:00Z"


def test_compromised_asks_first_and_takes_the_keys_creation_as_the_earliest_moment(
    installation: Installation, clock: MovableClock
) -> None:
    key = installation.ring.active(OWNER)
    clock.advance(days=3)
    declined = run(installation, "compromised", key.id, input="n\n")
    assert declined.exit_code == 1
    assert installation.ring.active(OWNER) == key
    assert run_json(installation, "compromised", key.id, "--yes")["compromisedSince"] == "2026-03-01T12:00:00Z"


def test_compromised_since_a_day(installation: Installation, clock: MovableClock) -> None:
    key = installation.ring.active(OWNER)
    clock.advance(days=3)
    marked = run_json(installation, "compromised", key.id, "--since", "2026-03-02", "--yes")
    assert marked["compromisedSince"] == "2026-03-02T00:00:00Z"


def test_stop_shows_in_the_list_until_resume(installation: Installation) -> None:
    run(installation, "stop", "--reason", "drill")
    assert run_json(installation, "list")["stopped"] == "drill"
    assert "All signing is stopped: drill" in run(installation, "list").stdout
    run(installation, "resume")
    assert run_json(installation, "list")["stopped"] is None


def test_errors_pass_through_to_the_program_round_the_commands(installation: Installation) -> None:
    with pytest.raises(KeyNotFound):
        run(installation, "retire", "a" * 26)
    with pytest.raises(KeyStateConflict):
        run(installation, "retire", installation.ring.active(OWNER).id)
