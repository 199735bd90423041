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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import groupby
from typing import Final, Protocol

from credentials.sentence import Sentence, english_day

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
    return english_day(found) if found else str(value or "")


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
        return f"{day(first).rpartition(' ')[0]} – {day(last)}"
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


#: One and several, as catalogs of translations know them.
HOURS: Final = Sentence("%(number)s hour", "%(number)s hours")


def hours(value: float | str | None) -> str:
    """Return `24 hours`, `1 hour`; nothing for None."""
    if value is None or value == "":
        return ""
    text = number(value)
    return (HOURS.message if text == "1" else HOURS.plural or "") % {"number": text}


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
    "self-reported": Sentence("as the student reported them"),
    "supervisor-confirmed": Sentence("confirmed by the supervisor"),
    "time log": Sentence("taken from a time log"),
}
_ENGAGEMENTS = {
    "paid contract": Sentence("Paid contract"),
    "employed": Sentence("Employed"),
    "unpaid": Sentence("Unpaid"),
    "credit-bearing": Sentence("For course credit"),
    "simulated": Sentence("Simulated project, not employment"),
    "volunteer": Sentence("Volunteer"),
}
_MODES = {"remote": Sentence("Remote"), "hybrid": Sentence("Partly remote"), "on site": Sentence("On site")}
_OUTCOMES = {
    "accepted": Sentence("Accepted"),
    "accepted with changes": Sentence("Accepted with changes"),
    "not used": Sentence("Delivered, not used"),
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
    return Sentence("Alone") if size == 1 else Sentence("In a team of %(size)s", size=size)


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


class Words(Protocol):
    """The language that the sentence is said in: `ENGLISH`, or a `credentials.languages.Speech`."""

    def say(self, text: str, /) -> str: ...
    def day(self, value: Day | None, /) -> str: ...
    def hours(self, value: float | str | None, /) -> str: ...
    def date_range(self, start: Day | None, end: Day | None, /) -> str: ...


class _English:
    """The functions of this module."""

    say = staticmethod(str)
    day = staticmethod(day)
    hours = staticmethod(hours)
    date_range = staticmethod(date_range)


ENGLISH: Final[Words] = _English()

#: What is claimed. A verdict that is not "valid" changes the claim itself: a sentence that is read alone must not say
#: more than was found. Each is one message, because every language has an order of its own.
_CLAIMS: Mapping[str, Sentence] = {
    "VALID": Sentence("%(issuer)s confirms that %(student)s completed “%(title)s”"),
    "WITHDRAWN": Sentence("%(issuer)s no longer confirms that %(student)s completed “%(title)s”"),
    "SUSPENDED": Sentence("%(issuer)s has put on hold its word that %(student)s completed “%(title)s”"),
    "REPLACED": Sentence("%(issuer)s has since corrected its word that %(student)s completed “%(title)s”"),
    "ISSUER_NOT_RECOGNISED": Sentence(
        "Someone who goes by the name %(issuer)s says that %(student)s completed “%(title)s”"
    ),
}
_OTHERWISE = Sentence("%(issuer)s has signed a statement that %(student)s completed “%(title)s”")
_FROM = Sentence("%(issuer)s will confirm from %(day)s that %(student)s completed “%(title)s”")
_UNTIL = Sentence("%(issuer)s confirmed until %(day)s that %(student)s completed “%(title)s”")
_ONCE = Sentence("%(issuer)s once confirmed that %(student)s completed “%(title)s”")
#: The claim with what is known beside it, and the pieces that these are made of.
_WITH_FACTS, _WITHOUT_FACTS = Sentence("%(claim)s: %(facts)s."), Sentence("%(claim)s.")
_BOTH_FACTS = Sentence("%(hours)s, %(dates)s")
_NAME_AND_DOMAIN = Sentence("%(issuer)s (%(domain)s)")
_NO_ISSUER, _NO_STUDENT, _NO_TITLE = Sentence("The issuer"), Sentence("the holder"), Sentence("an achievement")


def sentence_parts(claim: Claim, verdict: Named, words: Words = ENGLISH) -> tuple[Part, ...]:
    """Return the first sentence in pieces: who vouches, for whom, what, how long and when; only what is there."""
    known = verdict.name != "ISSUER_NOT_RECOGNISED" and claim.issuer_domain
    issuer = [Part("issuer", claim.issuer_name or words.say(_NO_ISSUER))]
    if known:
        issuer = _filled(words, _NAME_AND_DOMAIN, issuer=issuer, domain=[Part("domain", claim.issuer_domain or "")])
    message, about = _claim(claim, verdict)
    said = _filled(
        words,
        message,
        issuer=issuer,
        student=[Part("student", claim.student_name or words.say(_NO_STUDENT))],
        title=[Part("title", claim.title or words.say(_NO_TITLE))],
        day=[Part("text", words.day(about))],
    )
    facts = _facts(claim, words)
    whole = (
        _filled(words, _WITH_FACTS, claim=said, facts=facts) if facts else _filled(words, _WITHOUT_FACTS, claim=said)
    )
    return tuple(_joined(whole))


def sentence(claim: Claim, verdict: Named) -> str:
    """Return the first sentence as plain text."""
    return "".join(part.text for part in sentence_parts(claim, verdict))


def _claim(claim: Claim, verdict: Named) -> tuple[Sentence, Day | None]:
    """The message of this verdict, and the day that it names, if any."""
    if verdict.name == "NOT_YET_VALID" and claim.valid_from:
        return _FROM, claim.valid_from
    if verdict.name == "EXPIRED":
        return (_UNTIL, claim.valid_until) if claim.valid_until else (_ONCE, None)
    return _CLAIMS.get(verdict.name, _OTHERWISE), None


def _facts(claim: Claim, words: Words) -> list[Part]:
    time = [Part("hours", words.hours(claim.hours), str(claim.hours))] if claim.hours not in (None, "") else []
    dates = []
    if claim.start or claim.end:
        text = words.date_range(claim.start, claim.end)
        dates = [Part("dates", text, iso_day(claim.start or claim.end), iso_day(claim.end))]
    return _filled(words, _BOTH_FACTS, hours=time, dates=dates) if time and dates else time or dates


def _filled(words: Words, message: Sentence, **parts: list[Part]) -> list[Part]:
    """The message in this language, with pieces where its placeholders stand."""
    filled: list[Part] = []
    for text, name in _pieces(words.say(message)):
        if text:
            filled.append(Part("text", text))
        if name:
            filled += parts[name]
    return filled


def _joined(parts: list[Part]) -> Iterator[Part]:
    """The pieces, neighbouring ones of ours made one."""
    for role, group in groupby(parts, key=lambda part: part.role):
        if role == "text":
            yield Part("text", "".join(part.text for part in group))
        else:
            yield from group


@cache
def _pieces(message: str) -> tuple[tuple[str, str], ...]:
    """A message cut at its placeholders: text, and the name of the placeholder after it (the last has none)."""
    cut = re.split(r"%\(([a-z]+)\)s", message)
    return tuple(zip(cut[::2], [*cut[1::2], ""], strict=True))


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
