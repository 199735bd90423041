"""A folder with records verifies on its own; certificates are drawn once and kept."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select, update

from credentials.ports import Fetched
from credentials.verify import Verdict, verify
from issuer.db import tables
from issuer.db.engine import reading, writing
from issuer.problems import NotFound, OutputExists
from issuer.services import batches, certificates, export, issuance, pictures, records, revocation
from tests.worlds.instances import World, issued
from tests.worlds.tables import csv_bytes, rows


class Folder:
    """A fetcher that knows an exported folder and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fetch(self, url: str) -> Fetched:
        name = "did.json" if url.endswith("/did.json") else f"status-{url.rsplit('/', 1)[-1]}.json"
        return Fetched(url, (self._folder / name).read_bytes(), "application/json", "folder")


def test_everything_in_the_folder_verifies_with_these_files_alone(world: World, tmp_path: Path) -> None:
    """Credential, key and status list; the index names every file; a withdrawal made before is seen."""
    names = issued(world, 3)
    revocation.revoke(world.instance, names[0], "wrong student", actor="t")
    out = tmp_path / "out"
    seen: list[int] = []
    result = export.export(world.instance, names, out, seen.append, with_certificates=False)
    assert (result.written, result.without_certificate, seen) == (names, (), [1, 2, 3])
    index = json.loads((out / "index.json").read_bytes())
    assert [(line["id"], line["url"]) for line in index] == [
        (name, f"http://localhost:8000/c/{name}") for name in names
    ]
    verdicts = []
    for line in index:
        file, token, *_ = line["files"]
        data = (out / file).read_bytes()
        assert data == records.get(world.instance, line["id"]).credential
        verdicts.append(verify(data, fetcher=Folder(out), now=world.clock()).verdict)
        as_token = verify((out / token).read_bytes(), fetcher=Folder(out), now=world.clock())
        assert (token, as_token.verdict) == (f"{line['id']}.jwt", verdicts[-1])
    assert verdicts == [Verdict.WITHDRAWN, Verdict.VALID, Verdict.VALID]


def test_certificates_hold_the_credential_and_are_drawn_once(world: World, tmp_path: Path) -> None:
    """The embedded file is byte for byte the one served; the outbox is settled; a second export draws nothing."""
    names = issued(world, 2)
    export.export(world.instance, names, tmp_path / "a")
    for name in names:
        with pikepdf.open(tmp_path / "a" / f"{name}.pdf") as pdf:
            (attached,) = pdf.attachments.values()
            embedded = attached.get_file().read_bytes()
        assert embedded == (tmp_path / "a" / f"{name}.json").read_bytes()
    with reading(world.instance.engine) as connection:
        assert None not in connection.execute(select(tables.OutboxItem.done_at)).scalars().all()
    kept = sorted((world.home / "certificates").iterdir())
    before = [(path.name, path.stat().st_mtime_ns) for path in kept]
    export.export(world.instance, names, tmp_path / "b")
    assert [(path.name, path.stat().st_mtime_ns) for path in kept] == before
    assert certificates.draw_waiting(world.instance, limit=10) == 0
    assert pictures.of_record(world.instance, names[0]).startswith(b"\x89PNG")


def test_the_worker_draws_what_is_owed(world: World) -> None:
    """Oldest first, so many at a time; then nothing is left."""
    issued(world, 3)
    assert [certificates.draw_waiting(world.instance, limit=2) for _ in range(3)] == [2, 1, 0]


def test_a_certificate_kept_right_before_a_power_cut_is_settled_once(world: World) -> None:
    """The file is there and the order is still open: the order is closed, and the worker comes to rest."""
    (name,) = issued(world, 1)
    certificates.certificate(world.instance, name)
    with writing(world.instance.engine) as connection:
        connection.execute(update(tables.OutboxItem).values(done_at=None))
    assert [certificates.draw_waiting(world.instance, limit=2) for _ in range(2)] == [1, 0]


def test_a_name_without_glyphs_is_left_for_a_person(world: World) -> None:
    """It cannot be drawn, which is said once and not tried for ever; its credential is exported all the same."""
    table = rows(1)
    table[0]["student_name"] = "𐎀𐎁𐎂"
    batch = batches.create(world.instance, world.organisation, csv_bytes(table), "u.csv", actor="t")
    batches.confirm(world.instance, batch.id, actor="t")
    (name,) = issuance.issue_batch(world.instance, batch.id).issued
    assert certificates.draw_waiting(world.instance, limit=5) == 1
    assert certificates.draw_waiting(world.instance, limit=5) == 0
    result = export.export(world.instance, [name], world.home.parent / "out")
    assert [one[0] for one in result.without_certificate] == [name]
    assert (world.home.parent / "out" / f"{name}.json").exists()


def test_exporting_again_adds_to_the_index(world: World, tmp_path: Path) -> None:
    """The same record is one line, a further one another."""
    first, second = issued(world, 2)
    for names in ([first], [first, second]):
        export.export(world.instance, names, tmp_path, with_certificates=False)
    assert [line["id"] for line in json.loads((tmp_path / "index.json").read_bytes())] == [first, second]


def test_a_folder_of_somebody_else_is_left_alone(world: World, tmp_path: Path) -> None:
    """Another issuer's export, or an index that is not ours."""
    (name,) = issued(world, 1)
    (tmp_path / "index.json").write_text('{"mine": true}')
    with pytest.raises(OutputExists):
        export.export(world.instance, [name], tmp_path, with_certificates=False)
    assert (tmp_path / "index.json").read_text() == '{"mine": true}'
    other = tmp_path / "other"
    other.mkdir()
    (other / "did.json").write_text('{"id": "did:web:somebody.example"}')
    before = hashlib.sha256((other / "did.json").read_bytes()).digest()
    with pytest.raises(OutputExists):
        export.export(world.instance, [name], other, with_certificates=False)
    assert hashlib.sha256((other / "did.json").read_bytes()).digest() == before
    with pytest.raises(NotFound):
        export.export(world.instance, ["nothing"], tmp_path / "none")
