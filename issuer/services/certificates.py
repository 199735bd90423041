"""Certificates of issued credentials: drawn once, kept in the home folder, handed out as bytes. Draws nothing itself.

A kept file is only ever whole: written beside its name, synced, renamed. Losing the folder loses nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update

import issuer.db.tables as tables
from credentials import strict_json
from credentials.errors import PlauditError, Unreachable
from issuer.certificates.content import CertificateInput
from issuer.db.engine import reading, writing
from issuer.instance import CERTIFICATES_FOLDER, Instance
from issuer.services import records
from issuer.services.records import Record


def certificate(instance: Instance, credential_id: str) -> bytes:
    """Return the certificate (PDF) of a credential, drawn now when it is not there yet.

    Raises `NotFound`, and what drawing raises (`MissingGlyph`, `RendererBusy`…).
    """
    record = records.get(instance, credential_id)
    kept = keep_path(instance, f"{record.version_id}.pdf")
    if kept.exists():
        return kept.read_bytes()
    pdf = instance.pool.render(*_request(record))
    _keep(instance, record, pdf)
    return pdf


def many(instance: Instance, wanted: Sequence[Record]) -> Iterator[tuple[Record, bytes | PlauditError]]:
    """Yield each record with its certificate, or with the reason why it cannot be drawn, in order, drawing ahead."""
    missing = [record for record in wanted if not keep_path(instance, f"{record.version_id}.pdf").exists()]
    drawn = zip(missing, instance.pool.render_many(_request(record) for record in missing), strict=True)
    waiting = {record.id for record in missing}
    for record in wanted:
        if record.id not in waiting:
            yield record, keep_path(instance, f"{record.version_id}.pdf").read_bytes()
            continue
        _, pdf = next(drawn)
        if isinstance(pdf, bytes):
            _keep(instance, record, pdf)
        yield record, pdf


def draw_waiting(instance: Instance, *, limit: int) -> int:
    """Draw up to `limit` certificates that the outbox owes, oldest first; return how many were settled.

    One that can never be drawn (a missing glyph) is marked with the reason and left for a person; trouble that passes
    leaves it waiting.
    """
    item = tables.OutboxItem
    with reading(instance.engine) as connection:
        owed = connection.execute(
            select(item.subject)
            .where(item.kind == "certificate", item.done_at.is_(None), item.failure.is_(None))
            .order_by(item.id)
            .limit(limit)
        ).scalars()
        ids = list(owed)
    settled = 0
    for record, pdf in many(instance, records.of_ids(instance, ids)):
        if isinstance(pdf, Unreachable):
            continue
        settled += 1
        if isinstance(pdf, PlauditError):
            _settle(instance, record, failure=f"{pdf.code}: {pdf}"[:2_000])
        else:  # it may have been kept right before a power cut, and still be owed
            _settle(instance, record, done_at=instance.clock())
    return settled


def keep_path(instance: Instance, name: str) -> Path:
    """Return where a drawn file is kept."""
    return instance.config.home / CERTIFICATES_FOLDER / name


def keep_file(instance: Instance, name: str, data: bytes) -> None:
    """Keep a drawn file, whole or not at all."""
    path = keep_path(instance, name)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_name(f".{name}.{os.getpid()}-{instance.random(8).hex()}")
    with unfinished.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _request(record: Record) -> tuple[CertificateInput, bytes]:
    document = strict_json.loads_object(record.credential)
    return CertificateInput.from_credential(document), record.credential


def _keep(instance: Instance, record: Record, pdf: bytes) -> None:
    """Each version has a certificate of its own; the newest one is handed out."""
    keep_file(instance, f"{record.version_id}.pdf", pdf)
    _settle(instance, record, done_at=instance.clock())


def _settle(instance: Instance, record: Record, *, done_at: datetime | None = None, failure: str | None = None) -> None:
    item = tables.OutboxItem
    with writing(instance.engine) as connection:
        connection.execute(
            update(item)
            .where(item.key == f"certificate:{record.version_id}", item.done_at.is_(None))
            .values(done_at=done_at, failure=failure)
        )
