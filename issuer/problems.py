"""What the issuer itself can say went wrong. Knows no HTTP beyond the status hint that each error carries.

Two of the core's families (`credentials.errors`): the data is bad, refused. Keys that cannot be reached are named in
`keys.errors`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from credentials.errors import BadData, Refused


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing wrong with the configuration: which setting, why, and what to do."""

    name: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}. {self.remedy}"


class ConfigurationError(Refused):
    """The configuration is wrong; every fault is listed at once, and nothing was started."""

    code = "configuration_error"
    title = "The configuration is wrong"
    remedy = "Change the settings that are listed and start again."
    status_hint = 500

    def __init__(self, faults: Sequence[Setting]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = tuple(faults)


class HomeExists(Refused):
    """The data folder already holds an instance; nothing in it was touched."""

    code = "home_exists"
    title = "There is an instance here already"
    remedy = "Use it as it is, or name another folder in PLAUDIT_HOME."
    status_hint = 409


class HomeMissing(Refused):
    """The data folder holds no instance."""

    code = "home_missing"
    title = "There is no instance here yet"
    remedy = "Run `plaudit init` first, or name the right folder in PLAUDIT_HOME."
    status_hint = 503


class PinnedDifferently(Refused):
    """The configuration names another base URL or mode than the one that the instance was made with."""

    code = "pinned_differently"
    title = "The configuration does not fit this instance"
    remedy = "Set it back to what the instance was made with: signed credentials name that address for ever."
    status_hint = 503


class DatabaseOutdated(Refused):
    """The database is at another migration than this version of the program."""

    code = "database_outdated"
    title = "The database is at another version"
    remedy = "Run `plaudit init --upgrade` with this version, or the version that wrote the database."
    status_hint = 503


class NotFound(Refused):
    """There is nothing under this name."""

    code = "not_found"
    title = "There is nothing here"
    remedy = "Check the address or the id."
    status_hint = 404


class BadSlug(BadData):
    """The short name of an organisation cannot be used in addresses."""

    code = "bad_slug"
    title = "This short name cannot be used"
    remedy = "Use 2 to 40 small letters a-z, digits and single hyphens, starting with a letter."


class BadOrganisation(BadData):
    """A field of the organisation is missing or malformed."""

    code = "bad_organisation"
    title = "The organisation's details are not complete"
    remedy = "Correct the field that is named."


class SlugTaken(Refused):
    """Another organisation has this short name."""

    code = "slug_taken"
    title = "This short name is taken"
    remedy = "Choose another one."
    status_hint = 409


class BadAccount(BadData):
    """An account's e-mail address or name is missing or malformed."""

    code = "bad_account"
    title = "The account's details are not complete"
    remedy = "Correct the field that is named."


class AccountExists(Refused):
    """The e-mail address has an account, or the instance has its first owner already."""

    code = "account_exists"
    title = "There is such an account already"
    remedy = "Log in instead."
    status_hint = 409


class BadTable(BadData):
    """The uploaded file as a whole cannot be read as a table of completions."""

    code = "bad_table"
    title = "This file cannot be read"
    remedy = "Save the sheet as CSV (UTF-8) with a header row, and upload it again."

    def __init__(
        self,
        detail: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(detail)
        self.row = row
        self.column = column
        self.value = value
        if remedy is not None:
            self.remedy = remedy  # type: ignore[misc]  # more precise than the class's general advice


class TableTooLarge(BadTable):
    """The file has more bytes or rows than one batch takes."""

    code = "table_too_large"
    title = "This file is too large for one batch"
    remedy = "Split it into smaller files."
    status_hint = 413


class WrongState(Refused):
    """What was asked does not fit the state that the thing is in."""

    code = "wrong_state"
    title = "This cannot be done now"
    remedy = "Look at its present state; nothing was changed."
    status_hint = 409


class AlreadyIssuing(Refused):
    """Another process is issuing this batch at this moment."""

    code = "already_issuing"
    title = "This batch is being issued right now"
    remedy = "Watch its progress; if that process dies, run the same command again."
    status_hint = 409


class CorrectionRefused(Refused):
    """A record cannot be corrected in this way; nothing was changed."""

    code = "correction_refused"
    title = "The record cannot be corrected like this"
    remedy = "Change what is wrong and no more; withdraw the record when it should not stand at all."
    status_hint = 422


class CorrectionUnderWay(Refused):
    """Another correction of the same record came first, or is being made at this moment."""

    code = "correction_under_way"
    title = "This record is being corrected already"
    remedy = "Look at the record as it is now, then correct what is still wrong."
    status_hint = 409


class ReasonMissing(BadData):
    """A withdrawal needs a reason, which is shown publicly."""

    code = "reason_missing"
    title = "A reason is needed"
    remedy = "Say in one sentence why; everybody who checks the credential will read it."


class ClockWentBack(Refused):
    """The clock shows an earlier time than signatures that were already made."""

    code = "clock_went_back"
    title = "The clock of this machine went back"
    remedy = "Set the clock right, then issue again; nothing was signed."
    status_hint = 503


class OutputExists(Refused):
    """The folder to write to holds files that this command did not make."""

    code = "output_exists"
    title = "The output folder is in use"
    remedy = "Name an empty or new folder."
    status_hint = 409


class DomainNotOfPage(Refused):
    """The organisation's home page is not at its domain, so that showing the domain would say nothing of the page."""

    code = "domain_not_of_page"
    title = "The home page is not at the domain"
    remedy = "Give the organisation a home page at its own domain."
    status_hint = 409
