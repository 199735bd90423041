"""What a certificate says: the values, taken from a credential, and our own words for them. It draws nothing.

Every value is the credential's own; nothing here judges or rounds. Words for an engagement follow docs/record.md:
a simulated programme is never called employment, nor its role a job.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from issuer.certificates.errors import NotACertificateSource

SIMULATED = "simulated"

#: What may stand in an attribute of the page, where WeasyPrint reads it as CSS.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?")


@dataclass(frozen=True, slots=True)
class CertificateInput:
    """The values that a certificate shows. `hours` are decimal hours; dates are days; `language` is a BCP 47 tag.

    `record_url` is what the QR code opens: an ASCII http(s) URL. `hours_source`, `outcome` and `engagement_kind` are
    words of the completion record's schema.
    """

    student_name: str
    title: str
    issuer_name: str
    issuer_domain: str
    role: str
    hours: float
    hours_source: str
    start: date
    end: date
    awarded: date
    outcome: str
    skills: tuple[str, ...]
    supervisor_name: str
    supervisor_title: str
    record_url: str
    human_code: str
    language: str
    engagement_kind: str

    def __post_init__(self) -> None:
        if not _LANGUAGE.fullmatch(self.language):
            raise NotACertificateSource(f"{self.language[:40]!r} is not a BCP 47 language tag")
        if not _URL.fullmatch(self.record_url):
            raise NotACertificateSource(f"{self.record_url[:80]!r} is not an ASCII http(s) URL")

    @classmethod
    def from_credential(cls, credential: Mapping[str, Any]) -> CertificateInput:
        """The values out of a credential of ours; raises NotACertificateSource, naming what is not there."""
        try:
            return _read(credential)
        except (KeyError, IndexError, TypeError, ValueError, StopIteration) as fault:
            raise NotACertificateSource(f"the credential is not one of ours: {type(fault).__name__} {fault}") from fault


def _read(credential: Mapping[str, Any]) -> CertificateInput:
    issuer, subject = credential["issuer"], credential["credentialSubject"]
    achievement = subject["achievement"]
    hours = _result(subject, achievement, "ext:HoursWorked")
    return CertificateInput(
        student_name=next(one["identityHash"] for one in subject["identifier"] if one["identityType"] == "name"),
        title=achievement["name"],
        issuer_name=issuer["name"],
        issuer_domain=_host(issuer["url"]),
        role=subject["role"],
        hours=float(hours["value"]),
        hours_source=hours["hoursSource"],
        start=_day(subject["activityStartDate"]),
        end=_day(subject["activityEndDate"]),
        awarded=_day(credential["awardedDate"]),
        outcome=_result(subject, achievement, "Status")["value"],
        skills=tuple(skill["targetName"] for skill in achievement["alignment"]),
        supervisor_name=issuer["official"],
        supervisor_title=issuer["officialTitle"],
        record_url=credential["id"],
        human_code=achievement["humanCode"],
        language=achievement["inLanguage"],
        engagement_kind=subject["engagementKind"],
    )


def _result(subject: Mapping[str, Any], achievement: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """The result that answers the achievement's description of that type (Open Badges 3.0, Result)."""
    described = {one["id"] for one in achievement["resultDescription"] if one["resultType"] == kind}
    found: Mapping[str, Any] = next(one for one in subject["result"] if one["resultDescription"] in described)
    return found


def _host(url: str) -> str:
    """The host of a URL as people say it: no scheme, no "www."."""
    return url.split("//", 1)[-1].split("/", 1)[0].removeprefix("www.")


def _day(moment: str) -> date:
    """The day of an RFC 3339 moment as signed; the clock time of a day's value means nothing."""
    return date.fromisoformat(moment[:10])


def one_line(text: str) -> str:
    """The text without line breaks and controls, which a line of print cannot hold."""
    return " ".join("".join(" " if ord(one) < 32 or ord(one) == 127 else one for one in text).split())


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and the few words that say what it is."""

    value: str
    caption: str


_HOURS_SOURCES = {
    "self-reported": "of work, as the student reports",
    "supervisor-confirmed": "of work, confirmed by the supervisor",
    "time log": "of work, from a time log",
}
_ENGAGEMENTS = {
    "paid contract": Fact("Paid contract", "kind of engagement"),
    "employed": Fact("Employed", "kind of engagement"),
    "unpaid": Fact("Unpaid", "kind of engagement"),
    "credit-bearing": Fact("For academic credit", "kind of engagement"),
    "volunteer": Fact("Volunteer", "kind of engagement"),
    SIMULATED: Fact("Simulation", "practice work, not employment"),
}


def statement(content: CertificateInput) -> tuple[str, str]:
    """The sentence between the student's name and the project's title, as the words before and after the role."""
    if content.engagement_kind == SIMULATED:
        return "has completed, in the simulated role of", "the practice project"
    return "has completed, as", "the micro-internship project"


def facts(content: CertificateInput) -> tuple[Fact, ...]:
    """Hours, period, outcome and engagement."""
    hours = f"{content.hours:.2f}".rstrip("0").rstrip(".")
    outcome = content.outcome[:1].upper() + content.outcome[1:]
    return (
        Fact(f"{hours} hour{'' if hours == '1' else 's'}", _HOURS_SOURCES.get(content.hours_source, "of work")),
        Fact(period(content.start, content.end), "period of the work"),
        Fact(outcome, "the employer’s judgement"),
        _ENGAGEMENTS.get(content.engagement_kind, Fact(content.engagement_kind, "kind of engagement")),
    )


def period(start: date, end: date) -> str:
    """ "24 May – 11 Jun 2026": what both days share is said once, and the months are short to keep it on one line."""
    last = f"{end.day} {_short(end)} {end.year}"
    if start == end:
        return last
    if start.year != end.year:
        return f"{start.day} {_short(start)} {start.year} – {last}"
    if start.month != end.month:
        return f"{start.day} {_short(start)} – {last}"
    return f"{start.day} – {last}"


def _short(value: date) -> str:
    return _MONTHS[value.month - 1][:3]


def day(value: date) -> str:
    """ "16 June 2026". Own words for the months: the process's locale must not change a certificate."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


#: A longer list is one that nobody reads; the credential holds them all.
MOST_SKILLS = 8
MOST_SKILL_CHARACTERS = 220


def skills(content: CertificateInput) -> str:
    """The skills on one line; what is left out is counted, and stands in the signed record."""
    shown = list(content.skills[:1])
    for skill in content.skills[1:MOST_SKILLS]:
        if sum(map(len, shown)) + len(skill) > MOST_SKILL_CHARACTERS:
            break
        shown.append(skill)
    left = len(content.skills) - len(shown)
    return " · ".join([*shown, f"and {left} more in the signed record"] if left else shown)


def subject(content: CertificateInput) -> str:
    """One sentence for the PDF's own metadata."""
    return one_line(f"{content.issuer_name} confirms that {content.student_name} completed “{content.title}”.")
