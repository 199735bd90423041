"""Puts a verified credential and its verdict into plain English words. Pure: it verifies nothing and knows no HTML.

One place for every sentence that a recruiter reads first, so that the verifier's page, the record's page, previews and
the command line say the same. What was signed is passed through untouched; only dates, hours and the fixed terms of
the completion record are put into words, each beside its exact value.

The functions take text as well as dates, because a credential of somebody else may hold anything: what cannot be put
into words is returned as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

Day = date | datetime | str


# --- dates, hours, text ---------------------------------------------------------------------------------------------


def calendar_day(value: Day | None) -> date | None:
    """Return the calendar day of a date, a time, or text that begins with one; None when there is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DAY.match(value) if value else None
    try:
        return date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None


def day(value: Day | None) -> str:
    """Return `2 May 2026`; text that holds no date comes back as it is, None as nothing."""
    found = calendar_day(value)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}" if found else str(value or "")


def iso_day(value: Day | None) -> str:
    """Return `2026-05-02`, for machines; nothing when there is no date."""
    found = calendar_day(value)
    return found.isoformat() if found else ""


def date_range(start: Day | None, end: Day | None) -> str:
    """Return `2–20 May 2026`, saying month and year once where they are the same."""
    first, last = calendar_day(start), calendar_day(end)
    if first is None or last is None or first == last:
        return day(end if first is None and last else start)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def moment(value: datetime) -> str:
    """Return `23 November 2026, 08:35 UTC`; `value` is aware."""
    utc = value.astimezone(UTC)
    return f"{day(utc)}, {utc:%H:%M} UTC"


def iso_moment(value: datetime) -> str:
    """Return `2026-11-23T08:35:00Z`, for machines; `value` is aware."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def number(value: float | str) -> str:
    """Return a number without an empty fraction: 24, 7.5."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def hours(value: float | str | None) -> str:
    """Return `24 hours`, `1 hour`; nothing for None."""
    if value is None or value == "":
        return ""
    text = number(value)
    return f"{text} hour" if text == "1" else f"{text} hours"


def direction(text: str | None) -> str:
    """Return `rtl` or `ltr` by the first strong character (Unicode Bidirectional Algorithm, P2 and P3)."""
    for character in text or "":
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9._~:/?#@!$&'()*+,;=%\[\]-]*)?", re.ASCII)


def link(url: str | None) -> str | None:
    """Return the address if a page may link to it: http or https, a host, no user name, no odd characters."""
    return url if url and len(url) <= 2048 and _LINK.fullmatch(url) else None


def host_of(url: str) -> str:
    """Return the host (and port) that a link leads to, for showing beside it."""
    return re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]


# --- the fixed terms of the completion record -----------------------------------------------------------------------

_HOURS_SOURCES = {
    "self-reported": "as the student reported them",
    "supervisor-confirmed": "confirmed by the supervisor",
    "time log": "taken from a time log",
}
_ENGAGEMENTS = {
    "paid contract": "Paid contract",
    "employed": "Employed",
    "unpaid": "Unpaid",
    "credit-bearing": "For course credit",
    "simulated": "Simulated project, not employment",
    "volunteer": "Volunteer",
}
_MODES = {"remote": "Remote", "hybrid": "Partly remote", "on site": "On site"}
_OUTCOMES = {
    "accepted": "Accepted",
    "accepted with changes": "Accepted with changes",
    "not used": "Delivered, not used",
}


def hours_source(term: str) -> str:
    """Return who says the hours, in words; another issuer's term as it is."""
    return _HOURS_SOURCES.get(term, term)


def engagement(term: str) -> str:
    """Return the kind of engagement in words; never calls a simulated programme employment."""
    return _ENGAGEMENTS.get(term, term)


def mode(term: str) -> str:
    """Return where the work was done, in words."""
    return _MODES.get(term, term)


def outcome(term: str) -> str:
    """Return what became of the work, in words."""
    return _OUTCOMES.get(term, term)


def team(size: int) -> str:
    """Return how many worked together; `size` counts the student."""
    return "Alone" if size == 1 else f"In a team of {size}"


# --- the sentence ---------------------------------------------------------------------------------------------------


class Named(Protocol):
    """Anything with the name of an enum member: a `credentials.verify.Verdict`."""

    @property
    def name(self) -> str: ...


class Claim(Protocol):
    """What the sentence needs of a `credentials.verify.VerifiedCredential`."""

    @property
    def issuer_name(self) -> str | None: ...
    @property
    def issuer_domain(self) -> str | None: ...
    @property
    def student_name(self) -> str | None: ...
    @property
    def title(self) -> str | None: ...
    @property
    def hours(self) -> float | str | None: ...
    @property
    def start(self) -> Day | None: ...
    @property
    def end(self) -> Day | None: ...
    @property
    def valid_from(self) -> Day | None: ...
    @property
    def valid_until(self) -> Day | None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the sentence. `role`: text (ours), or issuer, domain, student, title (signed), hours, dates (put into
    words; `value` and `until` are the exact values)."""

    role: str
    text: str
    value: str = ""
    until: str = ""


#: What stands before the issuer's name, and between it and the student's. A verdict that is not "valid" changes the
#: claim itself: a sentence that is read alone must not say more than was found.
_PHRASES: Mapping[str, tuple[str, str]] = {
    "VALID": ("", " confirms that "),
    "WITHDRAWN": ("", " no longer confirms that "),
    "SUSPENDED": ("", " has put on hold its word that "),
    "ISSUER_NOT_RECOGNISED": ("Someone who goes by the name ", " says that "),
}
_OTHERWISE = ("", " has signed a statement that ")


def sentence_parts(claim: Claim, verdict: Named) -> tuple[Part, ...]:
    """Return the first sentence in pieces: who vouches, for whom, what, how long and when; only what is there."""
    before, between = _phrases(claim, verdict)
    parts = [Part("text", before), Part("issuer", claim.issuer_name or "The issuer")]
    if claim.issuer_domain and verdict.name != "ISSUER_NOT_RECOGNISED":
        parts += [Part("text", " ("), Part("domain", claim.issuer_domain), Part("text", ")")]
    parts += [Part("text", between), Part("student", claim.student_name or "the holder"), Part("text", " completed ")]
    parts += [Part("text", "“"), Part("title", claim.title or "an achievement"), Part("text", "”")]
    return (*(part for part in parts if part.text), *_facts(claim), Part("text", "."))


def sentence(claim: Claim, verdict: Named) -> str:
    """Return the first sentence as plain text."""
    return "".join(part.text for part in sentence_parts(claim, verdict))


def _phrases(claim: Claim, verdict: Named) -> tuple[str, str]:
    if verdict.name == "NOT_YET_VALID" and claim.valid_from:
        return "", f" will confirm from {day(claim.valid_from)} that "
    if verdict.name == "EXPIRED":
        return "", f" confirmed until {day(claim.valid_until)} that " if claim.valid_until else " once confirmed that "
    return _PHRASES.get(verdict.name, _OTHERWISE)


def _facts(claim: Claim) -> list[Part]:
    facts = []
    if claim.hours not in (None, ""):
        facts.append(Part("hours", hours(claim.hours), str(claim.hours)))
    if claim.start or claim.end:
        facts.append(
            Part("dates", date_range(claim.start, claim.end), iso_day(claim.start or claim.end), iso_day(claim.end))
        )
    if len(facts) == 2:
        facts.insert(1, Part("text", ", "))
    return [Part("text", ": "), *facts] if facts else []


# --- the issuer's own page ------------------------------------------------------------------------------------------


class Identified(Protocol):
    """What `record_page` needs of a `credentials.verify.VerifiedCredential`."""

    @property
    def id(self) -> str | None: ...
    @property
    def issuer_domain(self) -> str | None: ...


def record_page(claim: Identified) -> str | None:
    """Return the record's own page when the credential's id lies at the domain that its issuer's DID proves."""
    address = link(claim.id)
    return address if address and claim.issuer_domain and host_of(address) == claim.issuer_domain else None
