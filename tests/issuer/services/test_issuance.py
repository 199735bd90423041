"""Batches become credentials: each once, exactly as linted, whatever goes wrong on the way."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from credentials import lint, second_path, strict_json
from credentials.errors import LintFailed, SecondPathDisagrees
from credentials.findings import Finding
from issuer.db import tables
from issuer.db.engine import reading, writing
from issuer.instance import Instance
from issuer.problems import AlreadyIssuing, ClockWentBack, NotFound, WrongState
from issuer.services import batches, issuance, organisations, records, signing
from issuer.services.batches import Progress
from issuer.services.issuance import BatchResult
from issuer.services.turns import turn
from keys.errors import KeysSealed, SigningStopped
from tests.worlds.instances import World, confirmed, damages, issued
from tests.worlds.tables import GOOD_ROW, csv_bytes, rows


def count(instance: Instance, table: type, **values: object) -> int:
    """How many rows of a table have these values."""
    wanted = select(func.count()).select_from(table).filter_by(**values)
    with reading(instance.engine) as connection:
        return int(connection.execute(wanted).scalar_one())


def test_every_row_of_the_samples_is_issued_and_verifies(world: World, shared_samples: Path) -> None:
    """60 and 25 rows; each credential is the bytes that were signed, and the second path accepts it."""
    for name, expected in (("autumn-2026.csv", 60), ("excel-export.csv", 25)):
        data = (shared_samples / name).read_bytes()
        batch = batches.create(world.instance, world.organisation, data, name, actor="t")
        batches.confirm(world.instance, batch.id, actor="t")
        seen: list[Progress] = []
        result = issuance.issue_batch(world.instance, batch.id, on_progress=seen.append)
        assert (len(result.issued), result.failed) == (expected, ())
        assert seen[-1] == Progress(expected, expected, 0, "done")
        key = world.instance.keyring().active(world.organisation.did).public_key.raw
        for record in records.of_ids(world.instance, result.issued):
            second_path.verify(strict_json.loads_object(record.credential), key)
    assert damages(world.instance) == []


@pytest.mark.case("CSV-05")
def test_nothing_is_issued_before_somebody_confirms(world: World, shared_samples: Path) -> None:
    """CSV-05: of the broken sample two rows are issued, the third good one only when held rows are confirmed too."""
    data = (shared_samples / "broken.csv").read_bytes()
    for include_held, expected in ((False, 2), (True, 1)):
        batch = batches.create(world.instance, world.organisation, data, "broken.csv", actor="t")
        with pytest.raises(WrongState):
            issuance.issue_batch(world.instance, batch.id)
        before = count(world.instance, tables.Credential)
        batches.confirm(world.instance, batch.id, actor="t", include_held=include_held)
        assert len(issuance.issue_batch(world.instance, batch.id).issued) == expected
        assert count(world.instance, tables.Credential) == before + expected
    names = [record.student_name for record in records.list_recent(world.instance, world.organisation.id)]
    assert '=HYPERLINK("https://evil.example","x")' in names


def test_issuing_twice_is_issuing_once(world: World) -> None:
    """The second call returns what the first one did."""
    batch_id = confirmed(world, rows(3))
    assert issuance.issue_batch(world.instance, batch_id) == issuance.issue_batch(world.instance, batch_id)
    assert count(world.instance, tables.Credential) == 3


def test_the_same_completion_is_issued_once_whatever_the_file(world: World) -> None:
    """Known at the upload when it was issued before; found at the issue when two drafts held it."""
    first, second = confirmed(world, rows(2)), confirmed(world, rows(3))
    assert len(issuance.issue_batch(world.instance, first).issued) == 2
    result = issuance.issue_batch(world.instance, second)
    assert len(result.issued) == 1
    assert [(one.row_number, one.reason.split(":")[0]) for one in result.failed] == [
        (2, "already_issued"), (3, "already_issued"),
    ]  # fmt: skip
    third = batches.create(world.instance, world.organisation, csv_bytes(rows(4)), "x.csv", actor="t")
    assert [problem.code for problem in third.report.problems] == ["already_issued"] * 3
    assert third.same_file_as is None
    assert damages(world.instance) == []


def test_the_same_file_is_recognised(world: World) -> None:
    """By its bytes, whatever its name."""
    batch_id = confirmed(world, rows(2))
    world.clock.move(seconds=1)
    again = batches.create(world.instance, world.organisation, csv_bytes(rows(2)), "other name.csv", actor="t")
    assert again.same_file_as == batch_id


@pytest.mark.case("KEY-06")
def test_the_proof_carries_the_servers_own_time(world: World) -> None:
    """KEY-06: dates in the file are claims of the work; proof.created and validFrom are the clock's."""
    table = [{**GOOD_ROW, "start_date": "2001-01-01", "end_date": "2001-01-02", "awarded_date": "2001-01-03"}]
    result = issuance.issue_batch(world.instance, confirmed(world, table))
    document = strict_json.loads_object(records.get(world.instance, result.issued[0]).credential)
    assert document["proof"][0]["created"] == "2026-11-23T09:00:00Z"
    assert document["validFrom"] == "2026-11-23T09:00:00Z"


@pytest.mark.case("KEY-06")
def test_a_clock_that_went_back_stops_issuing(world: World) -> None:
    """Nothing is dated before what was signed already, nor before its key."""
    world.clock.move(days=1)
    issued(world, 1)
    batch_id = confirmed(world, rows(3)[1:])
    world.clock.move(minutes=-6)
    with pytest.raises(ClockWentBack):
        issuance.issue_batch(world.instance, batch_id)
    world.clock.move(minutes=2)
    assert len(issuance.issue_batch(world.instance, batch_id).issued) == 2


@pytest.mark.case("KEY-02")
def test_without_the_passphrase_issuing_stops_and_goes_on_later(world: World) -> None:
    """KEY-02: a clear 503, nothing lost, no other key in its place."""
    batch_id = confirmed(world, rows(2))
    sealed = Instance.open(world.config, {"PLAUDIT_PASSPHRASE": "some other passphrase"}, clock=world.clock)
    with pytest.raises(KeysSealed) as caught:
        issuance.issue_batch(sealed, batch_id)
    assert caught.value.status_hint == 503
    assert count(world.instance, tables.Intent) == 0
    assert len(issuance.issue_batch(world.instance, batch_id).issued) == 2
    assert damages(world.instance) == []


def test_an_emergency_stop_leaves_a_batch_that_can_be_finished(world: World) -> None:
    """Intents stay open under the stop; afterwards the same bytes are signed."""
    batch_id = confirmed(world, rows(2))
    world.instance.keyring().stop("drill")
    with pytest.raises(SigningStopped):
        issuance.issue_batch(world.instance, batch_id)
    assert damages(world.instance) == []
    world.instance.keyring().resume()
    assert len(issuance.issue_batch(world.instance, batch_id).issued) == 2
    assert damages(world.instance) == []


@pytest.mark.case("KEY-03")
def test_a_rotation_between_intent_and_signature_loses_nothing(world: World) -> None:
    """KEY-03: the intent names no key; old credentials verify with the old key, new ones carry the new one."""
    old = issued(world, 1)
    keyring = world.instance.keyring()
    batch_id = confirmed(world, rows(3)[1:])
    keyring.stop("in the middle")
    with pytest.raises(SigningStopped):
        issuance.issue_batch(world.instance, batch_id)
    keyring.resume()
    world.clock.move(seconds=5)
    new_key = keyring.rotate(world.organisation.did)
    result = issuance.issue_batch(world.instance, batch_id)
    documents = [
        strict_json.loads_object(one.credential) for one in records.of_ids(world.instance, [*old, *result.issued])
    ]
    methods = [document["proof"][0]["verificationMethod"] for document in documents]
    assert methods[0] != new_key.verification_method
    assert methods[1:] == [new_key.verification_method] * 2
    assert damages(world.instance) == []


@pytest.mark.case("KEY-08", "STL-23")
def test_what_the_second_path_does_not_accept_never_leaves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """KEY-08: the row fails, the intent is given up, its index is burnt (STL-23) and given to nobody again."""
    real, calls = signing.check, []

    def failing(signed: bytes, public_key: bytes) -> None:
        calls.append(signed)
        if b"Student 1" in signed:
            raise SecondPathDisagrees("planted")
        real(signed, public_key)

    monkeypatch.setattr(signing, "check", failing)
    result = issuance.issue_batch(world.instance, confirmed(world, rows(3)))
    assert len(result.issued) == 2
    assert [one.row_number for one in result.failed] == [3]
    assert count(world.instance, tables.StatusEntry, state="burnt") == 1
    assert count(world.instance, tables.Intent, state="abandoned") == 1
    monkeypatch.undo()
    assert damages(world.instance) == []
    again = issuance.issue_batch(world.instance, confirmed(world, rows(3)[1:2]))
    assert len(again.issued) == 1
    assert count(world.instance, tables.StatusEntry, state="burnt") == 1


@pytest.mark.case("KEY-08")
def test_what_was_signed_is_what_was_linted(world: World) -> None:
    """KEY-08: without its proof each credential is, byte for byte, the intent whose digest the audit holds."""
    issued(world, 2)
    with reading(world.instance.engine) as connection:
        pairs = connection.execute(
            select(tables.Credential.signed, tables.Intent.unsigned, tables.Intent.unsigned_sha256).join(
                tables.Intent, tables.Intent.credential_id == tables.Credential.id
            )
        ).all()
    assert len(pairs) == 2
    for signed, unsigned, digest in pairs:
        document = strict_json.loads_object(bytes(signed))
        del document["proof"]
        assert strict_json.dumps(document) == bytes(unsigned)
        assert hashlib.sha256(bytes(unsigned)).hexdigest() == digest


def test_two_processes_do_not_issue_one_batch(world: World) -> None:
    """The turn is taken, not waited for."""
    batch_id = confirmed(world, rows(1))
    other = world.reopened()
    with turn(other, f"batch-{batch_id}") as mine:
        assert mine
        with pytest.raises(AlreadyIssuing):
            issuance.issue_batch(world.instance, batch_id)
    assert issuance.issue_batch(world.instance, batch_id).issued


def test_a_record_that_cannot_pass_the_lint_fails_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are issued; its index is burnt, and the row says why."""
    real = lint.lint

    def failing(document: dict[str, Any], **options: Any) -> lint.LintToken:
        if "Student 0" in str(document):
            raise LintFailed([Finding("/name", "planted", "This was planted.")])
        return real(document, **options)

    monkeypatch.setattr(lint, "lint", failing)
    result = issuance.issue_batch(world.instance, confirmed(world, rows(2)))
    assert len(result.issued) == 1
    assert [(one.row_number, "planted" in one.reason) for one in result.failed] == [(2, True)]
    assert count(world.instance, tables.StatusEntry, state="burnt") == 1
    assert damages(world.instance) == []


def test_portfolios_belong_to_one_student_at_one_organisation(world: World) -> None:
    """Two completions of one address share a page; another organisation's page is another."""
    table = [GOOD_ROW, {**GOOD_ROW, "project_title": "Another one", "student_email": "STUDENT@students.example"}]
    result = issuance.issue_batch(world.instance, confirmed(world, [dict(row) for row in table]))
    slugs = {record.portfolio_slug for record in records.of_ids(world.instance, result.issued)}
    assert len(slugs) == 1
    page = records.by_portfolio(world.instance, slugs.pop())
    assert len(page.records) == 2
    other = world.organise("globex")
    batch = batches.create(world.instance, other, csv_bytes([GOOD_ROW]), "g.csv", actor="t")
    batches.confirm(world.instance, batch.id, actor="t")
    theirs = records.get(world.instance, issuance.issue_batch(world.instance, batch.id).issued[0])
    assert theirs.portfolio_slug != page.slug
    with pytest.raises(NotFound):
        records.get(world.instance, theirs.id, organisation_id=world.organisation.id)
    with pytest.raises(NotFound):
        batches.get(world.instance, batch.id, organisation_id=world.organisation.id)


def test_no_address_of_a_person_is_in_what_was_signed(world: World) -> None:
    """Student's and supervisor's e-mail stay in the database."""
    for record in records.of_ids(world.instance, issued(world, 2)):
        assert b"students.example" not in record.credential
        assert b"oscar@employer.example" not in record.credential
        assert record.portfolio_slug.encode() not in record.credential


def test_the_database_keeps_organisations_apart(world: World) -> None:
    """Tenancy by composite keys: a credential of one organisation cannot point at the other's rows."""
    issued(world, 1)
    other = world.organise("globex")
    with reading(world.instance.engine) as connection:
        row = dict(connection.execute(select(*tables.Completion.__table__.c)).one()._mapping)
    foreign = insert(tables.Completion).values({**row, "id": "x" * 26, "organisation_id": other.id})
    with pytest.raises(IntegrityError), writing(world.instance.engine) as connection:
        connection.execute(foreign)


def test_preview_is_what_would_be_signed(world: World) -> None:
    """Same values, an id that is given to nobody, nothing stored."""
    batch = batches.create(world.instance, world.organisation, csv_bytes(rows(2)), "p.csv", actor="t")
    document = batches.preview(world.instance, batch.id, 3)
    assert document["credentialSubject"]["identifier"][0]["identityHash"] == "Student 1"
    assert "proof" not in document
    assert count(world.instance, tables.StatusEntry) == 0
    with pytest.raises(NotFound):
        batches.preview(world.instance, batch.id, 99)


def test_states_of_a_batch(world: World) -> None:
    """Cancelled for good; confirmed twice is once; nothing to issue cannot be confirmed."""
    batch = batches.create(world.instance, world.organisation, csv_bytes(rows(1)), "a.csv", actor="t")
    assert batches.cancel(world.instance, batch.id, actor="t").state == "cancelled"
    with pytest.raises(WrongState):
        batches.confirm(world.instance, batch.id, actor="t")
    empty = csv_bytes([{**GOOD_ROW, "hours": "x"}])
    bad = batches.create(world.instance, world.organisation, empty, "b.csv", actor="t")
    with pytest.raises(WrongState):
        batches.confirm(world.instance, bad.id, actor="t")
    good = confirmed(world, rows(1))
    assert batches.confirm(world.instance, good, actor="t").state == "confirmed"
    with pytest.raises(WrongState):
        batches.cancel(world.instance, good, actor="t")
    assert issuance.unfinished(world.instance) == [good]
    assert issuance.result(world.instance, good) == BatchResult(good, (), ())


def test_lookups_of_what_is_not_there(world: World) -> None:
    """Each is one clear `NotFound`."""
    for look in (
        lambda: batches.get(world.instance, "nothing"),
        lambda: batches.progress(world.instance, "nothing"),
        lambda: issuance.result(world.instance, "nothing"),
        lambda: records.get(world.instance, "nothing"),
        lambda: records.by_portfolio(world.instance, "nothing"),
        lambda: records.find_code(world.instance, "nothing"),
        lambda: records.did_document(world.instance, "nothing"),
        lambda: organisations.get(world.instance, "nothing"),
    ):
        with pytest.raises(NotFound):
            look()
