"""What `plaudit issue FILE` does: check, show, ask, issue behind a progress bar, export. Signs nothing itself.

The same file a second time issues nothing twice: a batch that was cut off is finished, one that is done is shown and
exported again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from issuer import terminal
from issuer.instance import Instance
from issuer.services import batches, export, issuance, records
from issuer.services.batches import Batch
from issuer.services.importing import RowProblem, check, read_table
from issuer.services.issuance import BatchResult
from issuer.services.organisations import Organisation


@dataclass(frozen=True)
class Outcome:
    """What became of a file. `issued` are record addresses; `held` counts rows that still wait for somebody's yes.

    `without_certificate` are (id, reason) of records whose PDF could not be drawn; they are issued all the same.
    """

    rows: int
    problems: tuple[RowProblem, ...]
    warnings: tuple[RowProblem, ...]
    ignored_columns: tuple[str, ...]
    batch_id: str | None = None
    issued: tuple[str, ...] = ()
    failed: tuple[tuple[int, str], ...] = ()
    out: Path | None = None
    held: int = 0
    without_certificate: tuple[tuple[str, str], ...] = ()

    @property
    def complete(self) -> bool:
        return not (self.problems or self.held or self.failed or self.without_certificate)

    def to_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "rows": self.rows,
            "problems": [_problem(one) for one in self.problems],
            "warnings": [_problem(one) for one in self.warnings],
            "ignoredColumns": list(self.ignored_columns),
            "batch": self.batch_id,
            "issued": list(self.issued),
            "failed": [{"row": row, "reason": reason} for row, reason in self.failed],
            "held": self.held,
            "withoutCertificate": [{"id": name, "reason": reason} for name, reason in self.without_certificate],
            "out": str(self.out) if self.out else None,
        }

    def show(self) -> None:
        """Print what became of the file, for a person."""
        for row, reason in self.failed:
            terminal.messages.print(f"Row {row} was not issued: {reason}", markup=False)
        for name, reason in self.without_certificate:
            terminal.messages.print(f"No certificate could be drawn for {name}: {reason}", markup=False)
        if self.batch_id is None:
            good = self.rows - len({one.row for one in (*self.problems, *self.warnings)})
            terminal.results.print(f"{good} of {self.rows} rows can be issued. Nothing was issued.")
            return
        terminal.results.print(f"{len(self.issued)} of {self.rows} rows are issued.")
        if self.out:
            terminal.results.print(f"Credentials, certificates, keys and status lists: {self.out}")


def _problem(problem: RowProblem) -> dict[str, Any]:
    names = ("row", "line", "column", "value", "code", "reason", "remedy")
    return {name: getattr(problem, name) for name in names}


@dataclass(frozen=True)
class Permission:
    """What somebody said yes to beforehand, and whether there is somebody to ask."""

    good_rows: bool
    held_rows: bool
    may_ask: bool


class Upload:
    """One file on its way through the command."""

    def __init__(
        self, instance: Instance, organisation: Organisation, data: bytes, filename: str, *, actor: str
    ) -> None:
        self._instance = instance
        self._organisation = organisation
        self._data = data
        self._filename = filename
        self._actor = actor

    def check(self) -> Outcome:
        """Judge the file and store nothing. Raises `BadTable` when it cannot be read at all."""
        report = check(read_table(self._data, self._filename))
        held = len({one.row for one in report.warnings})
        outcome = Outcome(report.rows, report.problems, report.warnings, report.ignored_columns, held=held)
        _show_findings(outcome)
        return outcome

    def issue(self, permission: Permission, out: Path | None) -> Outcome:
        """Issue the file, or what is left of it; with bad rows only on somebody's word. Raises what issuing raises."""
        batch = batches.create(self._instance, self._organisation, self._data, self._filename, actor=self._actor)
        earlier = self._earlier(batch)
        if earlier is not None:
            return self._finish(earlier, out)
        outcome = self._so_far(batch)
        _show_findings(outcome)
        if not self._may_go_on(batch, outcome, permission):
            batches.cancel(self._instance, batch.id, actor=self._actor)
            return outcome
        batches.confirm(self._instance, batch.id, actor=self._actor, include_held=permission.held_rows)
        return self._finish(batch, out)

    def _earlier(self, batch: Batch) -> Batch | None:
        """The batch that an earlier run made of the same file and confirmed; the new draft is then put away."""
        if batch.same_file_as is None:
            return None
        earlier = batches.get(self._instance, batch.same_file_as)
        if earlier.state == "draft" or (earlier.state == "done" and batches.progress(self._instance, batch.id).total):
            return None
        batches.cancel(self._instance, batch.id, actor=self._actor)
        when = f"{earlier.created_at:%Y-%m-%d %H:%M} UTC"
        terminal.messages.print(f"This file came in before, at {when}: going on with it.")
        return earlier

    def _may_go_on(self, batch: Batch, outcome: Outcome, permission: Permission) -> bool:
        count = batches.progress(self._instance, batch.id).total + (outcome.held if permission.held_rows else 0)
        left = bool(outcome.problems) or (outcome.held > 0 and not permission.held_rows)
        if not count or not left or permission.good_rows:
            return count > 0
        if permission.may_ask:
            return click.confirm(f"Issue the {count} good rows and leave the others?", default=False, err=True)
        terminal.messages.print(f"Nothing was issued. --good-rows issues the {count} good rows.")
        return False

    def _finish(self, batch: Batch, out: Path | None) -> Outcome:
        total = batches.progress(self._instance, batch.id).total
        with terminal.progress_bar("Signing", total) as show:
            result = issuance.issue_batch(
                self._instance, batch.id, actor=self._actor, on_progress=lambda now: show(now.issued + now.failed)
            )
        missing = export_with_progress(self._instance, result, out) if out is not None and result.issued else ()
        return replace(
            self._so_far(batch),
            batch_id=batch.id,
            issued=tuple(record.url for record in records.of_ids(self._instance, result.issued)),
            failed=tuple((failure.row_number, failure.reason) for failure in result.failed),
            out=out,
            without_certificate=missing,
        )

    def _so_far(self, batch: Batch) -> Outcome:
        stored = batch.report
        held = sum(row.state in ("held", "skipped") for row in batches.rows(self._instance, batch.id))
        return Outcome(stored.rows, stored.problems, stored.warnings, stored.ignored_columns, held=held)


def export_with_progress(instance: Instance, result: BatchResult, out: Path) -> tuple[tuple[str, str], ...]:
    """Write a batch's records into `out` behind a progress bar, and return those (id, reason) that got no PDF."""
    with terminal.progress_bar("Drawing certificates", len(result.issued)) as show:
        return export.export(instance, result.issued, out, on_progress=show).without_certificate


def _show_findings(outcome: Outcome) -> None:
    if outcome.problems:
        terminal.show_problems(outcome.problems, f"{len(outcome.problems)} problems")
    if outcome.warnings:
        terminal.show_problems(outcome.warnings, f"{len(outcome.warnings)} cells to look at; their rows are held back")
    if outcome.ignored_columns:
        terminal.messages.print(f"Not used: {', '.join(outcome.ignored_columns)}", markup=False)
