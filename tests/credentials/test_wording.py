"""Words for what was signed: exact beside readable, nothing invented, and no verdict sounds better than it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import record, wording
from credentials.verify.report import Verdict


@dataclass(frozen=True)
class Claim:
    """A claim as `VerifiedCredential` has it, without a signature: wording does not look at one."""

    id: str | None = "https://lumen.example/c/a"
    issuer_name: str | None = "Lumen Labs"
    issuer_domain: str | None = "lumen.example"
    student_name: str | None = "Amara Okonkwo"
    title: str | None = "Churn dashboard"
    hours: str | None = "24"
    start: str | None = "2026-05-02"
    end: str | None = "2026-05-20"
    valid_from: datetime | None = datetime(2027, 1, 1, tzinfo=UTC)
    valid_until: datetime | None = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-05-02", "2026-05-20", "2–20 May 2026"),
        ("2026-05-02T00:00:00Z", "2026-05-20T23:00:00-05:00", "2–20 May 2026"),
        (date(2026, 5, 2), date(2026, 5, 2), "2 May 2026"),
        ("2026-04-28", "2026-05-20", "28 April – 20 May 2026"),
        ("2025-12-20", "2026-01-03", "20 December 2025 – 3 January 2026"),
        ("2026-05-02", None, "2 May 2026"),
        (None, "2026-05-20", "20 May 2026"),
        (None, None, ""),
        ("spring", "autumn", "spring"),
        ("2026-02-31", None, "2026-02-31"),
    ],
)
def test_a_range_says_month_and_year_once(start: wording.Day | None, end: wording.Day | None, words: str) -> None:
    assert wording.date_range(start, end) == words


def test_moments_are_in_utc() -> None:
    there = datetime(2026, 11, 23, 1, 5, tzinfo=timezone(timedelta(hours=5)))
    assert wording.moment(there) == "22 November 2026, 20:05 UTC"
    assert wording.iso_moment(there) == "2026-11-22T20:05:00Z"


@pytest.mark.parametrize(
    ("value", "words"),
    [("24", "24 hours"), ("1", "1 hour"), (1.0, "1 hour"), (7.5, "7.5 hours"), (24, "24 hours"), (None, ""), ("", "")],
)
def test_hours_are_counted(value: float | str | None, words: str) -> None:
    assert wording.hours(value) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Amara", "ltr"),
        ("ليلى", "rtl"),
        ("נועה", "rtl"),
        ("12 «ליאת»", "rtl"),
        ("", "ltr"),
        ("123", "ltr"),
        (None, "ltr"),
    ],
)
def test_direction_follows_the_first_strong_letter(text: str | None, expected: str) -> None:
    assert wording.direction(text) == expected


@pytest.mark.case("WEB-01")
@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://user@evil.example/",
        "https://good.example@evil.example/",
        "https://good.example\\@evil.example/",
        'https://evil.example/"onclick="x',
        "https://evil.example/<b>",
        "https://evil.example/a b",
        "//evil.example/",
        "/c/1",
        "https://",
        "https://bücher.example/",
        "",
        None,
        "https://evil.example/" + "a" * 3000,
    ],
)
def test_only_plain_web_addresses_become_links(url: str | None) -> None:
    assert wording.link(url) is None


def test_an_ordinary_address_is_a_link() -> None:
    url = "https://files.example:8443/a/b-c_d~e.pdf?x=1&y=%20#page=2"
    assert wording.link(url) == url
    assert wording.host_of(url) == "files.example:8443"


def test_every_term_of_the_record_has_words() -> None:
    for terms, words in (
        (record.HOURS_SOURCES, wording.hours_source),
        (record.ENGAGEMENT_KINDS, wording.engagement),
        (record.MODES, wording.mode),
        (record.OUTCOMES, wording.outcome),
    ):
        assert all(words(term) != term for term in terms)
        assert words("something of somebody else") == "something of somebody else"


def test_a_simulated_programme_is_not_called_employment() -> None:
    assert "not employment" in wording.engagement("simulated")


def test_the_sentence() -> None:
    assert wording.sentence(Claim(), Verdict.VALID) == (
        "Lumen Labs (lumen.example) confirms that Amara Okonkwo completed “Churn dashboard”: 24 hours, 2–20 May 2026."
    )


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.VALID])
def test_only_a_valid_credential_is_said_to_confirm(verdict: Verdict) -> None:
    words = wording.sentence(Claim(), verdict)
    assert " confirms that " not in words.replace("no longer confirms that", "")
    assert "Amara Okonkwo" in words


def test_a_name_without_a_domain_is_said_to_be_only_a_name() -> None:
    words = wording.sentence(Claim(issuer_domain=None), Verdict.ISSUER_NOT_RECOGNISED)
    assert words.startswith("Someone who goes by the name Lumen Labs says that ")


def test_dates_of_force_are_said() -> None:
    assert "confirmed until 3 March 2026 that" in wording.sentence(Claim(), Verdict.EXPIRED)
    assert "will confirm from 1 January 2027 that" in wording.sentence(Claim(), Verdict.NOT_YET_VALID)


def test_what_is_missing_is_left_out() -> None:
    bare = Claim(hours=None, start=None, end=None, issuer_domain=None)
    assert (
        wording.sentence(bare, Verdict.VALID) == "Lumen Labs confirms that Amara Okonkwo completed “Churn dashboard”."
    )
    assert wording.sentence(Claim(start=None, end=None), Verdict.VALID).endswith("”: 24 hours.")


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("https://lumen.example/c/a", "https://lumen.example/c/a"),
        ("https://evil.example/c/a", None),
        ("https://lumen.example.evil.example/c/a", None),
        ("urn:uuid:1", None),
        (None, None),
    ],
)
def test_the_record_page_lies_at_the_issuers_domain(identifier: str | None, expected: str | None) -> None:
    assert wording.record_page(Claim(id=identifier)) == expected


@given(st.text(), st.text(), st.text())
def test_signed_text_passes_through_untouched(issuer: str, student: str, title: str) -> None:
    parts = wording.sentence_parts(Claim(issuer_name=issuer, student_name=student, title=title), Verdict.VALID)
    said = {part.role: part.text for part in parts}
    assert said["issuer"] == (issuer or "The issuer")
    assert said["student"] == (student or "the holder")
    assert said["title"] == (title or "an achievement")


def test_a_team_counts_the_student() -> None:
    assert [wording.team(size) for size in (1, 2, 12)] == ["Alone", "In a team of 2", "In a team of 12"]
