"""What `plaudit correct ID` does: read what is to change, show every difference, ask, correct. Signs nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from credentials import strict_json
from credentials.errors import PlauditError
from issuer import terminal
from issuer.instance import Instance
from issuer.services import corrections
from issuer.services.corrections import Corrected, Draft

#: A completion record is a few kilobytes.
MAX_RECORD_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Correcting:
    """One correction at the terminal. `version` is the one that was looked at."""

    instance: Instance
    credential_id: str
    record: dict[str, Any]
    reason: str
    version: int

    def draft(self) -> Draft:
        """What it would make; raises what is wrong with it."""
        return corrections.preview(self.instance, self.credential_id, self.record, self.reason)

    def make(self, actor: str) -> Corrected:
        """Sign it and put it in the old version's place."""
        return corrections.correct(
            self.instance, self.credential_id, self.record, self.reason, actor=actor, from_version=self.version
        )


def read(instance: Instance, credential_id: str, settings: Sequence[str], file: Path | None, reason: str) -> Correcting:
    """Read the present record, put in what `--set` and `--record` say. Raises `NotFound`, `click.UsageError`."""
    version, present = corrections.current(instance, credential_id)
    wanted = present if file is None else strict_json.loads_object(file.read_bytes(), max_bytes=MAX_RECORD_BYTES)
    record = deepcopy(wanted)
    for setting in settings:
        _set(record, setting)
    return Correcting(instance, credential_id, record, reason, version)


def show(draft: Draft) -> None:
    """Print every difference, and what of it everybody will read."""
    table = Table(title=f"Version {draft.version}", title_justify="left", title_style="bold", show_edge=False)
    for name in ("What", "Now", "Corrected"):
        table.add_column(name, overflow="fold")
    for change in draft.differences:
        table.add_row(Text(change.label), Text(change.before or "–"), Text(change.after or "–"))
    terminal.messages.print(table)
    with_values = ", ".join(change.label for change in draft.changes if change.before is not None) or "none"
    without = ", ".join(change.label for change in draft.changes if change.before is None) or "none"
    terminal.messages.print(Text(f"Published with both values: {with_values}; as changed only: {without}."))
    terminal.messages.print(Text(f"Published reason: {draft.reason}"))


def to_json(draft: Draft, made: Corrected | None) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "id": draft.credential_id,
        "version": draft.version,
        "changes": [change.to_json() for change in draft.changes],
        "reason": draft.reason,
        "corrected": made is not None,
        "at": made.at.isoformat() if made else None,
    }


def _set(record: dict[str, Any], setting: str) -> None:
    """Put one `path=value` into the record; an empty value takes the member away."""
    path, separator, text = setting.partition("=")
    if not separator or not path:
        raise click.UsageError(f"--set wants PATH=VALUE, such as hours=24 or project.title=…; got {setting!r}")
    *parents, last = path.strip().split(".")
    place: Any = record
    for name in parents:
        place = place.setdefault(name, {}) if isinstance(place, dict) else None
    if not isinstance(place, dict):
        raise click.UsageError(f"there is no {path} in a completion record")
    if not text.strip():
        place.pop(last, None)
    else:
        place[last] = text if isinstance(place.get(last), str) else _value(text)


def _value(text: str) -> Any:
    """What is JSON is read as such (numbers, true, lists, text in quotes); everything else is the text that it is."""
    try:
        return strict_json.loads(text.encode())
    except PlauditError:
        return text
