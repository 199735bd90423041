"""Writes records into a folder from which everything verifies on another machine, with no server and no network.

In it: `<id>.json` (the credential as signed), `<id>.jwt` (the same as a token, where it has that form), `<id>.pdf`,
`did.json`, `status-<list id>.json`, and `index.json`: a list of {id, name, url, files}. Exporting more into the same
folder adds to the index. Of a record that was withdrawn, suspended or corrected also `standing-<id>.json` (the signed
notice) and `<id>.version-<number>.json` (each version of before).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credentials import strict_json
from credentials.errors import PlauditError
from issuer.instance import Instance
from issuer.problems import NotFound, OutputExists
from issuer.services import certificates, notices, records, status, tokens, versions
from issuer.services.records import Record

INDEX = "index.json"
#: 100 bytes a record: a hundred thousand of them.
MAX_INDEX_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was written. `without_certificate` are (id, reason): their credential is there, the PDF is not."""

    folder: Path
    written: tuple[str, ...]
    without_certificate: tuple[tuple[str, str], ...]


def export(
    instance: Instance,
    ids: Sequence[str],
    out_dir: Path,
    on_progress: Callable[[int], None] | None = None,
    *,
    with_certificates: bool = True,
) -> ExportResult:
    """Write the records of one organisation into `out_dir`; `on_progress` gets the number done.

    Raises `NotFound`, and `OutputExists` when the folder holds another issuer's export or a foreign index.
    """
    found = records.of_ids(instance, ids)
    if not found:
        return ExportResult(out_dir, (), ())
    owners = {record.organisation.id for record in found}
    if len(owners) > 1:
        raise OutputExists("one folder takes the records of one organisation: there is one did.json in it")
    out_dir.mkdir(parents=True, exist_ok=True)
    index = _read_index(out_dir)
    _write_issuer(instance, found, out_dir)
    failures: list[tuple[str, str]] = []
    as_tokens = tokens.of_versions(instance, [record.version_id for record in found])
    for number, (record, pdf) in enumerate(_with_certificates(instance, found, with_certificates), start=1):
        files = [f"{record.id}.json"]
        _write(out_dir / files[0], record.credential)
        if record.version_id in as_tokens:
            files.append(f"{record.id}.jwt")
            _write(out_dir / files[-1], as_tokens[record.version_id])
        if isinstance(pdf, bytes):
            files.append(f"{record.id}.pdf")
            _write(out_dir / files[-1], pdf)
        elif pdf is not None:
            failures.append((record.id, f"{pdf.code}: {pdf}"))
        files += _write_history(instance, record, out_dir)
        index[record.id] = {"id": record.id, "name": record.student_name, "url": record.url, "files": files}
        if on_progress is not None:
            on_progress(number)
    _write(out_dir / INDEX, _index_bytes(index))
    return ExportResult(out_dir, tuple(record.id for record in found), tuple(failures))


def _with_certificates(
    instance: Instance, found: Sequence[Record], wanted: bool
) -> Iterable[tuple[Record, bytes | PlauditError | None]]:
    return certificates.many(instance, found) if wanted else ((record, None) for record in found)


def _write_issuer(instance: Instance, found: Sequence[Record], out_dir: Path) -> None:
    did_document = records.did_document(instance, found[0].organisation.slug)
    present = out_dir / "did.json"
    if present.exists() and _did_of(present) != found[0].organisation.did:
        raise OutputExists(f"{present} is another issuer's")
    _write(present, did_document)
    for list_id in sorted(set().union(*(_lists_of(instance, record) for record in found))):
        _write(out_dir / f"status-{list_id}.json", status.published(instance, list_id))


def _write_history(instance: Instance, record: Record, out_dir: Path) -> list[str]:
    """Write what was said about a record that does not stand as it was first signed, and its versions of before.

    Names are `standing-<id>.json` and `<id>.version-<number>.json`; returns those that were written.
    """
    files: dict[str, bytes] = {}
    with suppress(NotFound):
        files[f"standing-{record.id}.json"] = notices.published(instance, record.id)
    if record.version > 1:
        for version in versions.of(instance, record.id)[:-1]:
            files[f"{record.id}.version-{version.number}.json"] = version.signed
    for name, data in files.items():
        _write(out_dir / name, data)
    return list(files)


def _lists_of(instance: Instance, record: Record) -> set[str]:
    """The status lists that any version of the record names."""
    lists = {status.list_of(record.credential)}
    if record.version > 1:
        lists |= {version.status_list_id for version in versions.of(instance, record.id)}
    return lists


def _did_of(path: Path) -> Any:
    try:
        return strict_json.loads_object(path.read_bytes()).get("id")
    except (PlauditError, OSError):
        return None


def _read_index(out_dir: Path) -> dict[str, dict[str, Any]]:
    path = out_dir / INDEX
    if not path.exists():
        return {}
    try:
        lines = strict_json.loads(path.read_bytes(), max_bytes=MAX_INDEX_BYTES)
        return {line["id"]: line for line in lines}
    except (PlauditError, TypeError, KeyError):
        raise OutputExists(f"{path} is not an index that Plaudit wrote") from None


def _index_bytes(index: dict[str, dict[str, Any]]) -> bytes:
    lines = b",\n".join(strict_json.dumps(line) for line in index.values())
    return b"[\n" + lines + b"\n]\n"


def _write(path: Path, data: bytes) -> None:
    """Write beside and rename, so that a reader never meets half a file."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(path)
