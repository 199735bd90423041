"""Writes the tables of docs/csv.md and docs/settings.md out of the program; a test holds both together.

Run it as `python docs/build_tables.py` after a change of a column or a setting. Words outside the tables stay.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from issuer.config import SETTINGS  # noqa: E402
from issuer.services.importing.columns import COLUMNS, Column  # noqa: E402
from verifier.config import SETTINGS as VERIFIER_SETTINGS  # noqa: E402

KINDS = {
    "line": "one line of text",
    "name": "a person's name in any script, one line, kept as written",
    "text": "text, also of several lines",
    "email": "an e-mail address; never public",
    "url": "a web address",
    "date": "2026-03-31 or 31.03.2026",
    "hours": "a number of hours in the digits 0-9, such as 31 or 7.5",
    "count": "a whole number",
    "list": "one or several, separated by `|`",
    "yes_no": "yes or no",
    "language": "a language tag such as en or pt-BR; empty means en",
}
_TABLE = re.compile(r"(<!-- table -->\n).*?(<!-- end of table -->)", re.DOTALL)


def csv_table() -> str:
    """The columns of an upload, as a Markdown table."""
    rows = ["| column | must | holds | other headers that are understood |", "|---|---|---|---|"]
    rows += [
        f"| `{column.name}` | {'must' if column.required else ''} | {_holds(column)} | {', '.join(column.aliases)} |"
        for column in COLUMNS
    ]
    return "\n".join(rows).replace("separated by |)", "separated by \\|)") + "\n"


def _holds(column: Column) -> str:
    if column.choices:
        return "one of: " + ", ".join(column.choices)
    return KINDS[column.kind].replace("`|`", "`\\|`")


def settings_table() -> str:
    """The settings of both applications, as a Markdown table."""
    rows = ["| name | what it is for |", "|---|---|"]
    rows += [f"| `{name}` | {what} |" for name, what in {**SETTINGS, **VERIFIER_SETTINGS}.items()]
    return "\n".join(rows) + "\n"


PAGES = {"csv.md": csv_table, "settings.md": settings_table}


def page(name: str) -> str:
    """The page with its table as it should be."""
    written = (REPOSITORY / "docs" / name).read_text(encoding="utf-8")
    return _TABLE.sub(lambda match: match[1] + PAGES[name]() + match[2], written)


if __name__ == "__main__":
    for name in PAGES:
        (REPOSITORY / "docs" / name).write_text(page(name), encoding="utf-8")
