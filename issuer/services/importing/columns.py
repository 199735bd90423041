"""The columns that a table of completions may have, and the names people give them. Reads no file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from credentials.record import ENGAGEMENT_KINDS, HOURS_SOURCES, MODES, OUTCOMES


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its own name, other names it is known by, and what a cell holds.

    `kind`: "line" (one line), "name" (a person's, one line), "text" (may have several lines), "email", "url", "date",
    "hours", "count", "choice", "list" (separated by |), "yes_no", "language". `pointer` is the place in the record.
    """

    name: str
    pointer: str
    kind: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column("student_name", "/student/name", "name", True, ("full name", "name", "student")),
    Column("student_email", "/student/email", "email", True, ("e-mail", "email", "student e-mail", "mail")),
    Column("project_title", "/project/title", "line", True, ("project", "title", "project name")),
    Column("project_description", "/project/description", "text", True, ("description",)),
    Column("acceptance_criteria", "/project/criteria", "text", True, ("criteria", "what counted as done")),
    Column("role", "/role", "line", True, ("role held",)),
    Column("engagement_kind", "/engagement/kind", "choice", True, ("engagement", "kind"), ENGAGEMENT_KINDS),
    Column("mode", "/engagement/mode", "choice", False, ("work mode",), MODES),
    Column("place", "/engagement/place", "line", False, ("location",)),
    Column("team_size", "/engagement/team_size", "count", False, ("team",)),
    Column("start_date", "/start", "date", True, ("start", "started", "from")),
    Column("end_date", "/end", "date", True, ("end", "ended", "to", "until")),
    Column("hours", "/hours", "hours", True, ("hours worked",)),
    Column("hours_source", "/hours_source", "choice", True, ("source of hours",), HOURS_SOURCES),
    Column("awarded_date", "/awarded_date", "date", True, ("date awarded", "awarded", "award date")),
    Column("outcome", "/outcome", "choice", True, ("result",), OUTCOMES),
    Column("skills", "/project/skills", "list", True, ("skills (separated by |)",)),
    Column("tools", "/project/tools", "list", False, ("tools (separated by |)", "tools and technologies")),
    Column("deliverable_title", "/deliverables/0/title", "line", True, ("deliverable",)),
    Column("deliverable_kind", "/deliverables/0/kind", "line", False, ("deliverable type",)),
    Column("deliverable_url", "/deliverables/0/url", "url", False, ("deliverable link", "link")),
    Column("deliverable_digest", "/deliverables/0/digest", "line", False, ("deliverable hash",)),
    Column("supervisor_name", "/supervisor/name", "name", True, ("supervisor",)),
    Column("supervisor_title", "/supervisor/title", "line", True, ("supervisor's title",)),
    Column("supervisor_email", "/supervisor/email", "email", True, ("supervisor e-mail",)),
    Column("public_comment", "/public_comment", "text", False, ("comment",)),
    Column("ai_use", "/ai_use", "text", False, ("ai use statement", "use of ai")),
    Column("language", "/project/language", "language", False, ("text language",)),
    Column("show_publicly", "/permission/show", "yes_no", False, ("permission to show",)),
    Column("nda", "/permission/nondisclosure", "yes_no", False, ("nondisclosure",)),
)

REQUIRED = tuple(column for column in COLUMNS if column.required)
_SEPARATORS = re.compile(r"[\s_]+")


def normalised(header: str) -> str:
    """Put a header into the form in which headers are compared: case, spaces and underscores do not matter."""
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFKC", header)).strip().casefold()


_BY_NAME = {normalised(name): column for column in COLUMNS for name in (column.name, *column.aliases)}


def recognise(header: str) -> Column | None:
    """Return the column that a header means, or None: then it is not read."""
    return _BY_NAME.get(normalised(header))
