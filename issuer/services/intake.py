"""Stores what an upload holds, and knows which completions have a credential already. Decides about no batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, union_all

import issuer.db.tables as tables
from credentials import strict_json
from credentials.record import CompletionRecord
from issuer.db.engine import reading
from issuer.db.upsert import insert_new
from issuer.instance import Instance
from issuer.services.ids import new_id
from issuer.services.importing import ImportReport
from issuer.services.importing.checking import fingerprint

#: Rows of one statement that asks the database about many values; SQLite takes 32,766 of them.
_ASKED_AT_ONCE = 5_000


def store_rows(
    instance: Instance, connection: Connection, organisation_id: str, batch_id: str, report: ImportReport, now: datetime
) -> None:
    """Store the good rows as ready and the held ones as held, each with its completion and project."""
    projects = _Projects(instance, connection, organisation_id, now)
    completions, batch_rows = [], []
    for state, found in (("ready", report.good), ("held", report.held)):
        for number, record in found:
            completion_id = new_id(instance.random)
            mapping = record.to_mapping()
            completions.append({
                "id": completion_id, "organisation_id": organisation_id,
                "project_id": projects.id_of(mapping["project"]),
                "record": strict_json.dumps(mapping).decode(), "record_sha256": fingerprint(record), "created_at": now,
            })  # fmt: skip
            batch_rows.append({
                "batch_id": batch_id, "row_number": number, "organisation_id": organisation_id,
                "completion_id": completion_id, "state": state,
            })  # fmt: skip
    if completions:
        connection.execute(insert(tables.Completion), completions)
        connection.execute(insert(tables.BatchRow), batch_rows)


def store_record(
    instance: Instance, connection: Connection, organisation_id: str, record: CompletionRecord, now: datetime
) -> tuple[str, str]:
    """Store one record as a completion of its own; return the ids of completion and project."""
    mapping, completion_id = record.to_mapping(), new_id(instance.random)
    project_id = _Projects(instance, connection, organisation_id, now).id_of(mapping["project"])
    connection.execute(insert(tables.Completion).values(
        id=completion_id, organisation_id=organisation_id, project_id=project_id,
        record=strict_json.dumps(mapping).decode(), record_sha256=fingerprint(record), created_at=now,
    ))  # fmt: skip
    return completion_id, project_id


def project_of(connection: Connection, organisation_id: str, record: CompletionRecord) -> str | None:
    """Return the id of the record's project, when it was stored before."""
    digest = hashlib.sha256(strict_json.dumps(record.to_mapping()["project"])).hexdigest()
    table = tables.Project
    wanted = select(table.id).where(table.organisation_id == organisation_id, table.content_sha256 == digest)
    return connection.execute(wanted).scalar()


class _Projects:
    """Finds or makes the row of a project, once for each content."""

    def __init__(self, instance: Instance, connection: Connection, organisation_id: str, now: datetime) -> None:
        self._instance, self._connection = instance, connection
        self._organisation_id, self._now = organisation_id, now
        self._ids: dict[str, str] = {}

    def id_of(self, content: dict[str, Any]) -> str:
        text = strict_json.dumps(content)
        digest = hashlib.sha256(text).hexdigest()
        if digest not in self._ids:
            self._ids[digest] = self._find_or_make(text.decode(), digest)
        return self._ids[digest]

    def _find_or_make(self, text: str, digest: str) -> str:
        table = tables.Project
        new = {
            "id": new_id(self._instance.random), "organisation_id": self._organisation_id, "content": text,
            "content_sha256": digest, "created_at": self._now,
        }  # fmt: skip
        self._connection.execute(insert_new(self._connection, table).values(new))
        return self._connection.execute(
            select(table.id).where(table.organisation_id == self._organisation_id, table.content_sha256 == digest)
        ).scalar_one()


def live_fingerprints(instance: Instance, organisation_id: str, records: Iterable[CompletionRecord]) -> frozenset[str]:
    """Return which of `records` have a credential that was not revoked."""
    wanted = [fingerprint(record) for record in records]
    with reading(instance.engine) as connection:
        return frozenset(
            mark
            for start in range(0, len(wanted), _ASKED_AT_ONCE)
            for mark in live_among(connection, organisation_id, wanted[start : start + _ASKED_AT_ONCE])
        )


def live_among(connection: Connection, organisation_id: str, marks: list[str]) -> set[str]:
    """Return those of `marks` (fingerprints of records) that have a credential that was not revoked.

    What a correction replaced counts, too: the same file again must not issue what was wrong once more.
    """
    table, later = tables.Credential, tables.Correction
    live = (table.organisation_id == organisation_id) & (table.state != "revoked")
    newest = select(table.record_sha256).where(live, table.record_sha256.in_(marks))
    before = (
        select(later.replaced_sha256)
        .join(table, table.id == later.credential_id)
        .where(
            later.organisation_id == organisation_id, later.replaced_sha256.in_(marks), later.state == "signed", live
        )
    )  # fmt: skip
    return set(connection.execute(union_all(newest, before)).scalars())
