"""`plaudit verify`: judges credentials in files, at addresses or from standard input, and says so by its exit code.

It makes no connection of its own: the composition root hands in what fetches. Exit codes (stable): 0 valid,
1 not valid, 2 could not be checked; with several targets the worst of them, "not valid" before "could not be checked".
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import click

from credentials import verify as engine
from credentials.errors import PlauditError, Unreachable
from credentials.ports import Fetcher

from . import intake, judging
from .document.judging_pdf import Documents
from .folder import FolderFetcher, LiveFirst
from .receipts import making
from .receipts.signer import ReceiptOffice

EXIT_VALID, EXIT_NOT_VALID, EXIT_NOT_CHECKED = 0, 1, 2
#: Standard input and files beyond this are no credential and no certificate of ours.
MAX_TARGET_BYTES = 10_000_000


class World(Protocol):
    """What the composition root puts into the click context for this command."""

    def live_fetcher(self) -> Fetcher: ...

    def now(self) -> datetime: ...

    def documents(self) -> Documents: ...

    def receipts(self) -> ReceiptOffice: ...


@dataclass(frozen=True)
class Judged:
    """One target and what became of it: a report, or the error that kept it from being judged."""

    target: str
    report: engine.Report | None = None
    error: PlauditError | None = None
    #: What was judged, for a receipt to name.
    data: bytes = field(default=b"", repr=False)

    @property
    def exit_code(self) -> int:
        if self.report is None:
            return EXIT_NOT_CHECKED if isinstance(self.error, Unreachable) else EXIT_NOT_VALID
        if self.report.verdict is engine.Verdict.VALID:
            return EXIT_VALID
        return EXIT_NOT_CHECKED if self.report.verdict in UNDECIDED else EXIT_NOT_VALID

    def to_json(self) -> dict[str, Any]:
        if self.report is not None:
            return {"target": self.target, **self.report.to_json()}
        assert self.error is not None  # noqa: S101  (one of the two is always there)
        return {"target": self.target, "verdict": None, "error": {"code": self.error.code, "detail": str(self.error)}}


UNDECIDED = {engine.Verdict.CANNOT_CHECK, engine.Verdict.ISSUER_NOT_RECOGNISED}


@click.command("verify")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report of each target as JSON.")
@click.option("--live", is_flag=True, help="Never use did.json and status lists that lie beside a file.")
@click.option(
    "--receipt",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="Have the result of one target signed, and write it here: JSON, or a PDF if the name ends so.",
)
@click.pass_context
def verify_command(
    context: click.Context, targets: tuple[str, ...], as_json: bool, live: bool, receipt: Path | None
) -> None:
    """Verify credentials.

    TARGET is an https address, a file (JSON, compact JWT, PDF, PNG or SVG), or - for standard input. Keys and status
    lists are asked of the issuer; when it cannot be reached, files that lie beside the credential (did.json,
    status-*.json) answer instead, and the report says so.

    Exit code: 0 valid, 1 not valid, 2 could not be checked, 64 wrong usage.
    """
    if receipt is not None and len(targets) != 1:
        raise click.UsageError("a receipt is about one target")
    world: World = context.obj
    judged = [_judge(target, world, live) for target in targets]
    if as_json:
        click.echo(json.dumps([one.to_json() for one in judged], ensure_ascii=False, indent=2))
    else:
        for one in judged:
            _print(one)
    if receipt is not None:
        _write_receipt(judged[0], world, receipt)
    context.exit(_worst([one.exit_code for one in judged]))


def _worst(codes: list[int]) -> int:
    return next((code for code in (EXIT_NOT_VALID, EXIT_NOT_CHECKED) if code in codes), EXIT_VALID)


def _judge(target: str, world: World, live: bool) -> Judged:
    fetcher = world.live_fetcher()
    try:
        data, folder = _read(target, fetcher)
        if folder is not None and not live:
            fetcher = LiveFirst(fetcher, FolderFetcher(folder))
        credential = intake.credential_bytes(data)
        report = engine.verify(credential, fetcher=fetcher, now=world.now())
        if intake.is_pdf(data):
            report = world.documents().judged(report, data, embedded=True)
        return Judged(target, report, data=data)
    except PlauditError as error:
        return Judged(target, error=error)


def _write_receipt(judged: Judged, world: World, path: Path) -> None:
    """Raises `ReceiptNotMade`; what could not be judged has no receipt, and was told above."""
    if judged.report is None:
        return
    office = world.receipts()
    signed = making.receipt(judging.Judged(judged.report, handed=judged.data), office)
    path.write_bytes(making.printed(signed, office) if path.suffix.lower() == ".pdf" else signed)


def _read(target: str, fetcher: Fetcher) -> tuple[bytes, Path | None]:
    """The target's bytes, and the folder beside it when it is a file."""
    if target == "-":
        return sys.stdin.buffer.read(MAX_TARGET_BYTES + 1), None
    if target.startswith(("https://", "http://")):
        return fetcher.fetch(target).body, None
    path = Path(target)
    if not path.is_file():
        raise click.UsageError(f"there is no file {target!r} (an address starts with https://)")
    with path.open("rb") as file:
        return file.read(MAX_TARGET_BYTES + 1), path.resolve().parent


def _print(judged: Judged) -> None:
    if judged.error is not None:
        click.echo(f"{judged.target}: {judged.error.title}: {judged.error}\n  {judged.error.remedy}")
        return
    report = judged.report
    assert report is not None  # noqa: S101
    click.echo(f"{judged.target}: {click.style(report.verdict.word, fg=_COLOURS[report.verdict.tone], bold=True)}")
    click.echo(f"  {report.headline}")
    for step in report.steps:
        click.echo(f"  {step.number}. {_OUTCOMES[step.outcome]:<14} {step.title}: {step.sentence}")


_COLOURS = {"good": "green", "caution": "yellow", "bad": "red"}
_OUTCOMES = {
    engine.Outcome.PASSED: "passed",
    engine.Outcome.FAILED: "FAILED",
    engine.Outcome.NOT_CHECKED: "not checked",
    engine.Outcome.NOT_APPLICABLE: "not applicable",
}
