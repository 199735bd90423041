"""The check finds what it is for: each kind of damage is planted here and must be named."""

from __future__ import annotations

import sqlite3

import pytest

from issuer.services import issuance
from issuer.services.fsck import fsck
from tests.worlds.instances import World, confirmed, damages, issued
from tests.worlds.tables import rows


def plant(world: World, statement: str) -> None:
    """Change the database as no program of ours can: without its guards and foreign keys."""
    world.instance.engine.dispose()
    connection = sqlite3.connect(world.home / "plaudit.db", isolation_level=None)
    connection.execute("PRAGMA ignore_check_constraints=ON")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    connection.close()


SPOILT = "UPDATE credentials SET signed = CAST(replace(CAST(signed AS TEXT), 'Student 0', 'Student X') AS BLOB)"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE sequence = 3", "was changed"),
        ("DELETE FROM audit WHERE sequence = 3", "a line is missing"),
        (SPOILT, "not those that were stored"),
        (SPOILT, "signature does not verify"),
        ("UPDATE credentials SET human_code = '0000-0000-0000' WHERE student_name = 'Student 0'", "code is"),
        ("UPDATE credentials SET verification_method = 'did:web:x#y'", "not in the keyring"),
        ("DELETE FROM credentials WHERE student_name = 'Student 0'", "the credential is gone"),
        ("DELETE FROM credentials WHERE student_name = 'Student 0'", "3 rows were issued, but 2"),
        ("UPDATE status_entries SET value = 'revoked' WHERE state = 'used'", "status entry says revoked"),
        ("UPDATE status_entries SET value = 'revoked' WHERE state = 'used'", "in the published list"),
        ("UPDATE status_entries SET state = 'burnt'", "burnt, not used"),
        ("UPDATE status_lists SET allocated = 9", "9 indices were given out"),
        ("UPDATE status_lists SET published = x'00'", "cannot be verified"),
        ("UPDATE credentials SET state = 'revoked', reason = 'x'", "history"),
        ("UPDATE intents SET unsigned = x'00'", "not those that were linted"),
        ("UPDATE intents SET state = 'open'", "It is open"),
        ("UPDATE batch_rows SET state = 'ready', credential_id = NULL", "It is done, but"),
        ("DELETE FROM outbox", "No certificate was ever ordered"),
        ("UPDATE credential_tokens SET token = CAST(replace(CAST(token AS TEXT), '.', '.A') AS BLOB)", "not what was"),
        ("UPDATE credential_tokens SET token = x'00'", "Its key is not in the keyring"),
        ("DELETE FROM credentials WHERE student_name = 'Student 0'", "The record that it is a form of is gone"),
        (SPOILT, "holds something else than what was to be signed"),
    ],
)
def test_planted_damage_is_named(world: World, statement: str, words: str) -> None:
    """Nothing that was lost, doubled or changed goes by."""
    issued(world, 3)
    assert damages(world.instance) == []
    plant(world, statement)
    assert words in "\n".join(damages(world.instance))


def test_unfinished_work_is_not_damage(world: World) -> None:
    """A confirmed batch is resumable; a draft is nobody's business; owed certificates are a note."""
    issued(world, 1)
    batch_id = confirmed(world, rows(3)[1:])
    found = {(finding.severity, finding.where) for finding in fsck(world.instance)}
    assert found == {("resumable", f"batch {batch_id}"), ("note", "outbox")}
    issuance.issue_batch(world.instance, batch_id)
    assert {finding.severity for finding in fsck(world.instance)} == {"note"}


def test_an_empty_instance_is_whole(world: World) -> None:
    """Nothing to say."""
    assert fsck(world.instance) == []


def test_needs_no_passphrase(world: World) -> None:
    """Whoever checks need not be able to sign."""
    issued(world, 1)
    world.environ.clear()
    assert damages(world.reopened()) == []
