"""A correction puts a newer version in the old one's place, once, whatever goes wrong on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from credentials import lint, second_path, strict_json
from credentials.corrections import MAX_CORRECTIONS, Change
from credentials.errors import LintFailed, RecordInvalid, SecondPathDisagrees
from credentials.findings import Finding
from credentials.ports import Fetched
from credentials.record import CompletionRecord
from credentials.verify import Report, Verdict, verify
from issuer import worker
from issuer.certificates.content import CertificateInput
from issuer.db import tables
from issuer.db.engine import reading, writing
from issuer.instance import Instance
from issuer.problems import (
    CorrectionRefused,
    CorrectionUnderWay,
    NotFound,
    ReasonMissing,
    WrongState,
)
from issuer.services import (
    batches,
    certificates,
    corrections,
    export,
    issuance,
    notices,
    records,
    revocation,
    signing,
    status,
    tokens,
    versions,
)
from issuer.services.corrections import opening
from issuer.services.fsck import fsck
from issuer.services.importing.checking import fingerprint
from issuer.services.origin import OwnOriginFetcher
from issuer.services.turns import turn
from keys.errors import KeysSealed, SigningStopped
from tests.issuer.services.test_fsck import plant
from tests.worlds.instances import START, World, confirmed, damages, issued
from tests.worlds.tables import csv_bytes, rows
from verifier.folder import FolderFetcher

HOURS = Change("hours", "31", "24")


class Nowhere:
    """Beside our own origin there is nothing."""

    def fetch(self, url: str) -> Fetched:
        raise NotFound(url)


def judge(world: World, credential: bytes) -> Report:
    """What the verifier says, asking this installation."""
    return verify(credential, fetcher=OwnOriginFetcher(world.instance, Nowhere()), now=world.clock())


def record_of(world: World, name: str, **changes: Any) -> dict[str, Any]:
    """The record that the newest version was made from, with some members changed."""
    return {**corrections.current(world.instance, name)[1], **changes}


def correct(world: World, name: str, reason: str = "Booked twice.", **changes: Any) -> corrections.Corrected:
    """Correct a record a day later."""
    world.clock.move(days=1)
    changes = changes or {"hours": 24}
    return corrections.correct(world.instance, name, record_of(world, name, **changes), reason, actor="tester")


def signed(world: World, name: str) -> dict[str, Any]:
    return strict_json.loads_object(records.get(world.instance, name).credential)


def bits(world: World, name: str) -> dict[str, str]:
    """Value of the status entry of each version, as the published list of each shows it, too."""
    entry = tables.StatusEntry
    found = {}
    for version in versions.of(world.instance, name):
        with reading(world.instance.engine) as connection:
            found[version.id] = connection.execute(
                select(entry.value).where(entry.credential_id == version.id)
            ).scalar_one()
    return found


def count(world: World, table: type, **values: object) -> int:
    with reading(world.instance.engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table).filter_by(**values)).scalar_one())


# -- what a correction does


def test_a_correction_keeps_what_it_must_and_says_what_changed(world: World) -> None:
    """Same id, code, issuer and award; later validity, new status index; both verify as what they are."""
    (name,) = issued(world)
    old = records.get(world.instance, name)
    made = correct(world, name)
    assert (made.version, made.changes, made.reason) == (2, (HOURS,), "Booked twice.")
    new = records.get(world.instance, name)
    before, after = strict_json.loads_object(old.credential), strict_json.loads_object(new.credential)
    for kept in ("id", "awardedDate"):
        assert before[kept] == after[kept]
    assert before["issuer"]["id"] == after["issuer"]["id"]
    assert (old.human_code, old.portfolio_slug, old.signed_at) == (new.human_code, new.portfolio_slug, new.signed_at)
    assert (before["validFrom"], after["validFrom"]) == ("2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z")
    assert before["credentialStatus"]["statusListIndex"] != after["credentialStatus"]["statusListIndex"]
    assert after["correction"] == [{
        "type": "Correction", "versionNumber": 2, "corrected": "2026-11-24T09:00:00Z", "reason": "Booked twice.",
        "change": [{"type": "Change", "changed": "hours", "before": "31", "after": "24"}],
    }]  # fmt: skip
    second_path.verify(after, world.instance.keyring().active(world.organisation.did).public_key.raw)
    assert (new.version, new.corrected_at) == (2, START + timedelta(days=1))
    assert [version.signed for version in versions.of(world.instance, name)] == [old.credential, new.credential]
    replaced, fresh = judge(world, old.credential), judge(world, new.credential)
    assert (replaced.verdict, fresh.verdict) == (Verdict.REPLACED, Verdict.VALID)
    assert replaced.notice is not None
    assert (replaced.notice.changes, replaced.notice.link) == ((HOURS,), new.url)
    assert list(bits(world, name).values()) == ["revoked", "valid"]
    assert damages(world.instance) == []


def test_names_are_corrected_without_being_repeated(world: World) -> None:
    """The old name stands in no document that is public from now on; the console's lists show the new one."""
    (name,) = issued(world)
    old_name = records.get(world.instance, name).student_name
    student = {**record_of(world, name)["student"], "name": "Ngọc Ánh"}
    correct(world, name, "A new name.", student=student)
    assert records.get(world.instance, name).student_name == "Ngọc Ánh"
    for public in (records.get(world.instance, name).credential, notices.published(world.instance, name)):
        assert old_name.encode() not in public
    assert signed(world, name)["correction"][0]["change"] == [{"type": "Change", "changed": "student's name"}]


def test_the_certificate_is_drawn_anew(world: World) -> None:
    """The kept PDF of the old version is not handed out again; what was never drawn of it is not owed any more."""
    first, second = issued(world, 2)
    before = certificates.certificate(world.instance, first)
    correct(world, first)
    correct(world, second)
    after = certificates.certificate(world.instance, first)
    assert before != after
    values = CertificateInput.from_credential(signed(world, first))
    assert values.hours == 24
    while certificates.draw_waiting(world.instance, limit=8):
        pass
    assert count(world, tables.OutboxItem, done_at=None) == 0
    assert count(world, tables.OutboxItem) == 4


def test_a_correction_is_served_as_a_token_too(world: World) -> None:
    (name,) = issued(world)
    first = tokens.of_version(world.instance, name)
    correct(world, name)
    record = records.get(world.instance, name)
    newest = tokens.of_version(world.instance, record.version_id)
    assert newest != first
    assert judge(world, newest).verdict is Verdict.VALID
    assert judge(world, first).verdict is Verdict.REPLACED


def test_corrections_follow_one_another_and_each_says_all_that_went_before(world: World) -> None:
    (name,) = issued(world)
    held = [records.get(world.instance, name).credential]
    for hours in (24, 22):
        correct(world, name, f"Now {hours}.", hours=hours)
        held.append(records.get(world.instance, name).credential)
    assert [item["versionNumber"] for item in signed(world, name)["correction"]] == [2, 3]
    verdicts = [judge(world, credential) for credential in held]
    assert [report.verdict for report in verdicts] == [Verdict.REPLACED, Verdict.REPLACED, Verdict.VALID]
    told = [report.notice.changes for report in verdicts if report.notice]
    assert told == [(HOURS, Change("hours", "24", "22")), (Change("hours", "24", "22"),)]
    assert list(bits(world, name).values()) == ["revoked", "revoked", "valid"]
    assert damages(world.instance) == []


def test_a_suspended_record_that_is_corrected_is_given_back(world: World) -> None:
    (name,) = issued(world)
    old = records.get(world.instance, name).credential
    revocation.suspend(world.instance, name, "Looking into it.", actor="t")
    assert judge(world, old).verdict is Verdict.SUSPENDED
    correct(world, name)
    assert records.get(world.instance, name).state == "valid"
    assert [(change.from_state, change.to_state) for change in records.history(world.instance, name)] == [
        ("valid", "suspended"), ("suspended", "valid"),
    ]  # fmt: skip
    assert judge(world, old).verdict is Verdict.REPLACED
    assert judge(world, records.get(world.instance, name).credential).verdict is Verdict.VALID
    assert damages(world.instance) == []


@pytest.mark.case("STL-09")
def test_withdrawing_a_corrected_record_withdraws_every_version(world: World) -> None:
    """And a suspension of it that ends says again that the old one was replaced."""
    (name,) = issued(world)
    old = records.get(world.instance, name).credential
    correct(world, name)
    new = records.get(world.instance, name).credential
    revocation.suspend(world.instance, name, "Looking into it.", actor="t")
    for version in (old, new):
        report = judge(world, version)
        assert (report.verdict, report.notice and report.notice.reason) == (Verdict.SUSPENDED, "Looking into it.")
    revocation.unsuspend(world.instance, name, actor="t")
    assert [judge(world, version).verdict for version in (old, new)] == [Verdict.REPLACED, Verdict.VALID]
    revocation.revoke(world.instance, name, "It never happened.", actor="t")
    for version in (old, new):
        report = judge(world, version)
        assert (report.verdict, report.notice and report.notice.reason) == (Verdict.WITHDRAWN, "It never happened.")
    with pytest.raises(WrongState):
        correct(world, name, hours=20)
    assert damages(world.instance) == []


def test_a_preview_shows_every_value_and_changes_nothing(world: World) -> None:
    (name,) = issued(world)
    world.clock.move(days=1)
    student = {**record_of(world, name)["student"], "name": "Ngọc Ánh"}
    wanted = record_of(world, name, hours=24, student=student)
    before = {table: count(world, table) for table in (tables.Completion, tables.AuditLine, tables.StatusEntry)}
    draft = corrections.preview(world.instance, name, wanted, " Booked  twice. ")
    assert (draft.version, draft.reason) == (2, "Booked twice.")
    assert draft.changes == (Change("student's name"), HOURS)
    assert draft.differences == (Change("student's name", "Student 0", "Ngọc Ánh"), HOURS)
    assert draft.document["correction"][0]["versionNumber"] == 2
    assert {table: count(world, table) for table in before} == before


def test_what_is_corrected_is_known_to_the_import_under_both_its_forms(world: World) -> None:
    """The file with the mistake, uploaded again, does not issue the mistake once more; nor does the mended file."""
    (name,) = issued(world)
    correct(world, name)
    for table in (rows(1), [{**rows(1)[0], "hours": "24"}]):
        again = batches.create(world.instance, world.organisation, csv_bytes(table), "again.csv", actor="t")
        assert [problem.code for problem in again.report.problems] == ["already_issued"]
    correct(world, name, hours=20)
    table = [{**rows(1)[0], "hours": "24"}]
    again = batches.create(world.instance, world.organisation, csv_bytes(table), "again.csv", actor="t")
    assert [problem.code for problem in again.report.problems] == ["already_issued"]


# -- what is refused


@pytest.mark.parametrize(
    ("changes", "reason", "problem"),
    [
        ({}, "why", CorrectionRefused),
        ({"awarded_date": "2026-06-17"}, "why", CorrectionRefused),
        ({"student": {"name": "Student 0", "email": "other@students.example"}}, "why", CorrectionRefused),
        ({"hours": -1}, "why", RecordInvalid),
        ({"end": "2020-01-01"}, "why", RecordInvalid),
        ({"hours": 24}, " ", ReasonMissing),
        ({"hours": 24}, "x" * 501, ReasonMissing),
        ({"hours": 24}, "a\u202eb", ReasonMissing),
    ],
)
def test_a_correction_that_is_none_is_refused(
    world: World, changes: dict[str, Any], reason: str, problem: type[Exception]
) -> None:
    """In the preview as in the act, and nothing is stored."""
    (name,) = issued(world)
    world.clock.move(days=1)
    wanted = record_of(world, name, **changes)
    with pytest.raises(problem):
        corrections.preview(world.instance, name, wanted, reason)
    with pytest.raises(problem):
        corrections.correct(world.instance, name, wanted, reason, actor="t")
    assert (count(world, tables.Correction), records.get(world.instance, name).version) == (0, 1)
    assert damages(world.instance) == []


def test_another_organisations_record_is_not_found(world: World) -> None:
    """Tenancy: not even that it exists is told, and nothing of it can be read."""
    (name,) = issued(world)
    world.clock.move(days=1)
    wanted, other = record_of(world, name, hours=24), world.organise("globex").id
    attempts: list[Callable[[], object]] = [
        lambda: corrections.current(world.instance, name, organisation_id=other),
        lambda: corrections.preview(world.instance, name, wanted, "why", organisation_id=other),
        lambda: corrections.correct(world.instance, name, wanted, "why", actor="t", organisation_id=other),
        lambda: corrections.current(world.instance, "a" * 26),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert records.get(world.instance, name).version == 1


def test_one_completion_is_not_certified_twice(world: World) -> None:
    """A record cannot be corrected into what another one says, before or between the steps."""
    first, second = issued(world, 2)
    world.clock.move(days=1)
    twin = record_of(world, first)
    owner = {"email": record_of(world, second)["student"]["email"]}
    with writing(world.instance.engine) as connection:  # the same e-mail address, or it would be another student
        stored = strict_json.dumps({**twin, "student": {**twin["student"], **owner}}).decode()
        connection.execute(
            update(tables.Completion).where(tables.Completion.record_sha256 == mark(world, first)).values(record=stored)
        )
        connection.execute(
            update(tables.Credential).where(tables.Credential.id == first).values(record_sha256=print_of(stored))
        )
    wanted = strict_json.loads_object(stored.encode())
    with pytest.raises(CorrectionRefused, match="another record"):
        corrections.preview(world.instance, second, wanted, "why")
    with pytest.raises(CorrectionRefused, match="another record"):
        corrections.correct(world.instance, second, wanted, "why", actor="t")


def mark(world: World, name: str) -> str:
    with reading(world.instance.engine) as connection:
        wanted = select(tables.Credential.record_sha256).where(tables.Credential.id == name)
        return str(connection.execute(wanted).scalar_one())


def print_of(stored: str) -> str:
    return fingerprint(CompletionRecord.from_mapping(strict_json.loads_object(stored.encode())))


def test_at_the_same_second_nothing_is_corrected(world: World) -> None:
    """Two versions that begin at one moment would leave open which is the newer."""
    (name,) = issued(world)
    with pytest.raises(WrongState, match="this very second"):
        corrections.correct(world.instance, name, record_of(world, name, hours=24), "why", actor="t")
    assert damages(world.instance) == []


def test_after_twenty_corrections_it_is_issued_anew(world: World) -> None:
    (name,) = issued(world)
    for number in range(MAX_CORRECTIONS):
        correct(world, name, hours=100 + number)
    with pytest.raises(CorrectionRefused, match="20 times"):
        correct(world, name, hours=1)
    assert damages(world.instance) == []


# -- two at once, and the key


def test_of_two_corrections_of_one_version_the_first_wins(world: World) -> None:
    """The second person looked at a version that is not the newest any more."""
    (name,) = issued(world)
    wanted = record_of(world, name, hours=22)
    correct(world, name)
    with pytest.raises(WrongState, match="version 2 is the newest now"):
        corrections.correct(world.instance, name, wanted, "why", actor="t", from_version=1)
    assert records.get(world.instance, name).version == 2


@pytest.mark.timeout(60)
def test_of_two_corrections_at_once_one_wins(world: World) -> None:
    """Two processes, eight attempts: versions follow one another, every loser is told, nothing is damaged."""
    (name,) = issued(world)
    world.clock.move(days=1)
    others = [world.reopened(f"other {number}") for number in range(4)]
    outcomes: list[object] = []

    def attempt(instance: Instance, hours: int) -> None:
        wanted = {**corrections.current(instance, name)[1], "hours": hours}
        try:
            outcomes.append(corrections.correct(instance, name, wanted, "why", actor="t", from_version=1))
        except (CorrectionUnderWay, WrongState) as problem:
            outcomes.append(problem)

    threads = [threading.Thread(target=attempt, args=(one, 40 + number)) for number, one in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(one, corrections.Corrected) for one in outcomes) == 1
    assert (len(outcomes), records.get(world.instance, name).version) == (4, 2)
    assert damages(world.instance) == []
    for other in others:
        other.close()


def test_the_database_itself_lets_only_one_win(world: World) -> None:
    """Should the turns fail, the constraint holds, and the loser gets a clear error."""
    (name,) = issued(world)
    world.clock.move(days=1)
    owner = world.organisation
    with signing.opened(world.instance, owner.did) as signer:
        first, second = (
            opening.Wish(owner, name, CompletionRecord.from_mapping(record_of(world, name, hours=hours)), "why", "t", 1)
            for hours in (24, 22)
        )
        opening.intend(world.instance, first, signer)
        with pytest.raises(CorrectionUnderWay):
            opening.intend(world.instance, second, signer)
    assert count(world, tables.Correction) == 1
    assert count(world, tables.StatusEntry, state="allocated") == 1


def test_while_another_process_corrects_it_nobody_else_does(world: World) -> None:
    (name,) = issued(world)
    world.clock.move(days=1)
    other = world.reopened()
    with turn(other, f"correct-{name}") as mine:
        assert mine
        with pytest.raises(CorrectionUnderWay):
            corrections.correct(world.instance, name, record_of(world, name, hours=24), "why", actor="t")
        with pytest.raises(CorrectionUnderWay):
            corrections.finish(world.instance, name)
    other.close()


@pytest.mark.case("KEY-02")
def test_without_the_key_nothing_is_half_corrected(world: World) -> None:
    (name,) = issued(world)
    world.clock.move(days=1)
    wanted = record_of(world, name, hours=24)
    sealed = Instance.open(world.config, {"PLAUDIT_PASSPHRASE": "some other passphrase"}, clock=world.clock)
    with pytest.raises(KeysSealed):
        corrections.correct(sealed, name, wanted, "why", actor="t")
    world.instance.keyring().stop("drill")
    with pytest.raises(SigningStopped):
        corrections.correct(world.instance, name, wanted, "why", actor="t")
    assert count(world, tables.Correction) == 0
    assert damages(world.instance) == []


# -- cut off, overtaken, not accepted


def _cut_off(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A correction that got as far as its intent."""

    class Cut(BaseException):
        """The power is gone."""

    def cut(*_: object, **__: object) -> None:
        raise Cut

    world.clock.move(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(signing, "sign_forms", cut)
        with pytest.raises(Cut):
            corrections.correct(world.instance, name, record_of(world, name, hours=24), "why", actor="t")
    assert corrections.unfinished(world.instance) == [name]


def test_what_was_cut_off_is_finished_by_the_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = issued(world)
    _cut_off(world, name, monkeypatch)
    assert ("resumable", f"version 2 of credential {name}") in {
        (finding.severity, finding.where) for finding in fsck(world.instance)
    }
    assert damages(world.instance) == []
    worker.work_once(world.instance)
    assert (records.get(world.instance, name).version, corrections.unfinished(world.instance)) == (2, [])
    assert signed(world, name)["validFrom"] == "2026-11-24T09:00:00Z"
    assert damages(world.instance) == []


def test_what_was_cut_off_is_finished_before_the_next_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next one is looked at again: it was thought of without knowing."""
    (name,) = issued(world)
    _cut_off(world, name, monkeypatch)
    with pytest.raises(WrongState, match="cut off"):
        correct(world, name, hours=20)
    assert records.get(world.instance, name).version == 2
    assert correct(world, name, hours=20).version == 3
    assert damages(world.instance) == []


def test_a_withdrawal_between_the_steps_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is final: the correction is given up, its index burnt, and the record says why it was withdrawn."""
    (name,) = issued(world)
    _cut_off(world, name, monkeypatch)
    revocation.revoke(world.instance, name, "It never happened.", actor="t")
    worker.work_once(world.instance)
    assert count(world, tables.Correction, state="abandoned") == 1
    assert count(world, tables.StatusEntry, state="burnt") == 1
    assert (records.get(world.instance, name).version, records.get(world.instance, name).state) == (1, "revoked")
    assert damages(world.instance) == []


def test_a_twin_between_the_steps_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = issued(world)
    _cut_off(world, name, monkeypatch)
    issuance.issue_batch(world.instance, confirmed(world, [{**rows(1)[0], "hours": "24"}]))
    with pytest.raises(CorrectionRefused, match="meanwhile"):
        corrections.finish(world.instance, name)
    assert records.get(world.instance, name).version == 1
    assert damages(world.instance) == []


def test_what_does_not_pass_the_lint_any_more_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = issued(world)
    _cut_off(world, name, monkeypatch)

    def refuse(*_: object, **__: object) -> None:
        raise LintFailed([Finding("/x", "malformed", "It is not so any more.")])

    with monkeypatch.context() as patched:
        patched.setattr(lint, "lint", refuse)
        assert corrections.finish(world.instance, name)
    assert count(world, tables.Correction, state="abandoned") == 1
    assert not corrections.finish(world.instance, name)
    assert correct(world, name, hours=20).version == 2
    assert damages(world.instance) == []


def test_what_the_second_path_does_not_accept_never_leaves(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (name,) = issued(world)
    before = records.get(world.instance, name).credential

    def disagree(*_: object) -> None:
        raise SecondPathDisagrees("it says no")

    with monkeypatch.context() as patched:
        patched.setattr(second_path, "verify", disagree)
        with pytest.raises(SecondPathDisagrees):
            correct(world, name)
    assert records.get(world.instance, name).credential == before
    assert judge(world, before).verdict is Verdict.VALID
    assert damages(world.instance) == []


def test_a_power_cut_before_publication_is_made_good(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """List and notice are made by whoever asks first."""
    (name,) = issued(world)
    old = records.get(world.instance, name).credential
    with monkeypatch.context() as patched:
        patched.setattr(status, "publish", lambda *_, **__: b"")
        patched.setattr(notices, "publish", lambda *_, **__: None)
        correct(world, name)
    assert status.stale(world.instance) != []
    assert notices.owed(world.instance) == [name]
    assert ("resumable", f"notice about {name}") in {(one.severity, one.where) for one in fsck(world.instance)}
    report = judge(world, old)
    assert (report.verdict, notices.owed(world.instance)) == (Verdict.REPLACED, [])


# -- notices


def test_a_record_that_stands_has_no_notice(world: World) -> None:
    (name,) = issued(world)
    with pytest.raises(NotFound):
        notices.published(world.instance, name)
    revocation.suspend(world.instance, name, actor="t")
    assert strict_json.loads_object(notices.published(world.instance, name))["credentialSubject"] == {
        "id": records.get(world.instance, name).url, "type": "Standing", "standing": "suspended",
    }  # fmt: skip
    revocation.unsuspend(world.instance, name, actor="t")
    with pytest.raises(NotFound):
        notices.published(world.instance, name)
    assert damages(world.instance) == []


def test_without_the_key_a_withdrawal_is_still_a_withdrawal(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list says it; the notice follows by the worker."""
    (name,) = issued(world)
    with monkeypatch.context() as patched:
        patched.setattr(notices, "publish", lambda *_, **__: None)
        revocation.revoke(world.instance, name, "Wrong student.", actor="t")
    world.instance.keyring().stop("drill")
    report = judge(world, records.get(world.instance, name).credential)
    assert (report.verdict, report.notice) == (Verdict.WITHDRAWN, None)
    assert notices.owed(world.instance) == [name]
    world.instance.keyring().resume()
    while worker.work_once(world.instance):
        pass
    assert notices.owed(world.instance) == []
    report = judge(world, records.get(world.instance, name).credential)
    assert report.notice is not None
    assert report.notice.reason == "Wrong student."


def test_a_notice_is_signed_once(world: World) -> None:
    """Whoever comes second serves what the first one signed."""
    (name,) = issued(world)
    revocation.revoke(world.instance, name, "Wrong student.", actor="t")
    published = notices.published(world.instance, name)
    world.clock.move(hours=1)
    with reading(world.instance.engine) as connection:
        row = connection.execute(notices._newest(name)).one()
    assert notices._sign(world.instance, row, None) == published
    assert count(world, tables.AuditLine, action="notice.sign") == 1


def test_a_withdrawal_of_before_the_notices_gets_one(world: World) -> None:
    """What the migration writes for it; its date is that of the withdrawal, however late it is signed."""
    (name,) = issued(world)
    revocation.revoke(world.instance, name, "Wrong student.", actor="t")
    world.clock.move(days=30)
    report = judge(world, records.get(world.instance, name).credential)
    assert report.notice is not None
    assert report.notice.date == START


# -- exports


def test_an_export_carries_the_history(world: World, tmp_path: Path) -> None:
    """The folder alone is enough to find out that a version was replaced, and by what."""
    first, second, third = issued(world, 3)
    correct(world, first)
    revocation.revoke(world.instance, second, "Wrong student.", actor="t")
    export.export(world.instance, [first, second, third], tmp_path / "out", with_certificates=False)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {f"standing-{first}.json", f"{first}.version-1.json", f"standing-{second}.json"} <= names
    assert f"standing-{third}.json" not in names
    fetcher = FolderFetcher(tmp_path / "out")
    found = {}
    for file in (f"{first}.version-1", first, second, third):
        report = verify((tmp_path / "out" / f"{file}.json").read_bytes(), fetcher=fetcher, now=world.clock())
        found[file] = (report.verdict, report.notice.reason if report.notice else None)
    assert found == {
        f"{first}.version-1": (Verdict.REPLACED, "Booked twice."),
        first: (Verdict.VALID, None),
        second: (Verdict.WITHDRAWN, "Wrong student."),
        third: (Verdict.VALID, None),
    }


# -- fsck knows histories


SPOILT = "UPDATE corrections SET signed = CAST(replace(CAST(signed AS TEXT), '\"24\"', '\"25\"') AS BLOB)"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (SPOILT, "not those that were stored"),
        (SPOILT, "signature does not verify"),
        ("UPDATE corrections SET unsigned = x'00'", "not those that were linted"),
        ("UPDATE corrections SET verification_method = 'did:web:x#y'", "not in the keyring"),
        ("UPDATE corrections SET version = 4", "one is missing"),
        ("UPDATE corrections SET replaced_at = created_at", "which of its versions is the newest"),
        ("UPDATE corrections SET status_index = status_index + 1", "status index is"),
        ("DELETE FROM corrections", "the credential is gone"),
        ("DELETE FROM corrections", "status entry says revoked"),
        ("UPDATE status_entries SET value = 'valid'", "says valid"),
        ("UPDATE status_entries SET state = 'burnt' WHERE value = 'valid' AND state = 'used'", "burnt"),
        ("DELETE FROM outbox", "No certificate was ever ordered"),
        ("DELETE FROM notices", "It says nothing, but the record is corrected"),
        ("UPDATE notices SET kind = 'withdrawn'", "says withdrawn, but"),
        ("UPDATE notices SET signed = x'00'", "signature does not verify"),
        ("UPDATE notices SET signed_sha256 = '0'", "not those that were stored"),
        ("UPDATE notices SET verification_method = 'did:web:x#y'", "not in the keyring"),
        ("UPDATE corrections SET state = 'open'", "is open, but its status index is used"),
    ],
)
def test_planted_damage_to_a_history_is_named(world: World, statement: str, words: str) -> None:
    (name,) = issued(world)
    correct(world, name)
    assert damages(world.instance) == []
    plant(world, statement)
    assert words in "\n".join(damages(world.instance))


def test_a_compromised_key_is_noted_for_corrections_too(world: World) -> None:
    (name,) = issued(world)
    correct(world, name)
    keyring = world.instance.keyring()
    key = keyring.active(world.organisation.did)
    keyring.rotate(world.organisation.did)
    keyring.mark_compromised(key.id, world.clock())
    notes = [str(one) for one in fsck(world.instance) if one.severity == "note"]
    assert any(f"version 2 of credential {name}" in note and "compromised" in note for note in notes)
