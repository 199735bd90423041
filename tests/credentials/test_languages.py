"""Days, numbers, hours and sentences as each language says them; signed values pass through untouched."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import wording
from credentials.languages import ENGLISH, KNOWN, Speech, Spoken, addresses
from credentials.sentence import Sentence
from credentials.verify import Verdict
from tests.credentials.test_wording import Claim

CATALOGS = Path(__file__).resolve().parents[2] / "templates" / "languages"
TAGS = [tag for tag in KNOWN if tag != "en"]
CLAIM = Claim()


@cache
def speech(tag: str) -> Speech:
    return Speech(KNOWN[tag], (CATALOGS / f"{tag}.po").read_bytes())


# --- days, numbers, hours ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "day", "within", "across", "years"),
    [
        ("es", "2 de mayo de 2026", "2–20 de mayo de 2026", "28 de abril–20 de mayo de 2026",
         "20 de diciembre de 2025–3 de enero de 2026"),
        ("fr", "2 mai 2026", "2–20 mai 2026", "28 avril – 20 mai 2026", "20 décembre 2025 – 3 janvier 2026"),
        ("de", "2. Mai 2026", "2.–20. Mai 2026", "28. April – 20. Mai 2026", "20. Dezember 2025 – 3. Januar 2026"),
        ("ar", "2 مايو 2026", "2–20 مايو 2026", "28 أبريل – 20 مايو 2026", "20 ديسمبر 2025 – 3 يناير 2026"),
        ("hi", "2 मई 2026", "2–20 मई 2026", "28 अप्रैल – 20 मई 2026", "20 दिसंबर 2025 – 3 जनवरी 2026"),
        ("zh", "2026年5月2日", "2026年5月2日至20日", "2026年4月28日至5月20日", "2025年12月20日至2026年1月3日"),
    ],
)  # fmt: skip
def test_days_and_ranges(tag: str, day: str, within: str, across: str, years: str) -> None:
    said = speech(tag)
    assert said.day("2026-05-02") == day
    assert said.day(datetime(2026, 5, 2, 23, 59, tzinfo=UTC)) == day
    ranges = [("2026-05-02", "2026-05-20"), ("2026-04-28", "2026-05-20"), ("2025-12-20", "2026-01-03")]
    assert [plain(said.date_range(*one)) for one in ranges] == [plain(within), plain(across), plain(years)]
    assert said.date_range("2026-05-02", "2026-05-02") == day
    assert said.date_range("2026-05-02", None) == said.date_range(None, date(2026, 5, 2)) == day
    assert said.date_range(None, None) == ""


def plain(text: str) -> str:
    """Without the spaces of the typographers, whose width is not what is asked."""
    return "".join(text.split())


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_no_day_comes_back_as_it_is(tag: str) -> None:
    assert speech(tag).day("spring") == "spring"
    assert speech(tag).day(None) == ""
    assert speech(tag).date_range("spring", "autumn") == "spring"


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("es", ["0 horas", "1 hora", "2 horas", "1,5 horas", "24 horas", "1.200 horas"]),
        ("fr", ["0 heure", "1 heure", "2 heures", "1,5 heure", "24 heures", "1 200 heures"]),
        ("de", ["0 Stunden", "1 Stunde", "2 Stunden", "1,5 Stunden", "24 Stunden", "1.200 Stunden"]),
        ("ar", ["0 ساعة", "ساعة واحدة", "ساعتان", "1.5 ساعة", "24 ساعة", "1,200 ساعة"]),
        ("hi", ["0 घंटा", "1 घंटा", "2 घंटे", "1.5 घंटे", "24 घंटे", "1,200 घंटे"]),
        ("zh", ["0 小时", "1 小时", "2 小时", "1.5 小时", "24 小时", "1,200 小时"]),
    ],
)
def test_hours_have_the_form_that_their_number_asks_for(tag: str, words: list[str]) -> None:
    said = [speech(tag).hours(value) for value in ("0", "1", 2, 1.5, "24", "1200")]
    assert [" ".join(text.split()) for text in said] == words


def test_arabic_has_six_forms() -> None:
    said = {number: speech("ar").hours(number).removeprefix(f"{number} ") for number in (0, 1, 2, 3, 11, 100)}
    assert said == {0: "ساعة", 1: "ساعة واحدة", 2: "ساعتان", 3: "ساعات", 11: "ساعة", 100: "ساعة"}
    counted = Sentence("%(number)s link was followed.", "%(number)s links and codes were followed.", number=5)
    assert speech("ar").say(counted) == "فُتحت 5 روابط ورموز."


@pytest.mark.parametrize("value", ["about 20", "1e5", "٢٤", "-4", "1_000", " 24", "24h", "NaN", "1" * 30])
@pytest.mark.parametrize("tag", TAGS)
def test_hours_that_are_no_plain_number_are_not_touched(tag: str, value: str) -> None:
    assert value in speech(tag).hours(value)


@pytest.mark.parametrize("tag", TAGS)
def test_no_hours_are_nothing(tag: str) -> None:
    assert speech(tag).hours(None) == speech(tag).hours("") == ""


@pytest.mark.parametrize("tag", TAGS)
def test_a_moment_says_day_clock_and_zone(tag: str) -> None:
    said = speech(tag).moment(datetime(2026, 11, 23, 8, 5, tzinfo=UTC))
    assert speech(tag).day("2026-11-23") in said
    assert "08:05" in said


# --- sentences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", TAGS)
def test_only_our_own_sentences_are_translated(tag: str) -> None:
    said = speech(tag)
    assert said.say("Withdrawn") == "Withdrawn", "signed text may read like a word of ours"
    assert said.say(Sentence("Withdrawn")) != "Withdrawn"
    assert said.say(Sentence("")) == ""
    assert said.say(Sentence("Nobody wrote this one.")) == "Nobody wrote this one."
    within = said.say(Sentence("%(domain)s publishes this key as its own.", domain="Withdrawn"))
    assert "Withdrawn" in within
    nested = said.say(Sentence("%(title)s.", title=Sentence("Withdrawn")))
    assert said.say(Sentence("Withdrawn")) in nested


@pytest.mark.parametrize("tag", TAGS)
def test_terms_of_the_record_are_translated_and_others_are_not(tag: str) -> None:
    said = speech(tag)
    assert said.engagement("simulated") != wording.engagement("simulated")
    assert said.hours_source("time log") != wording.hours_source("time log")
    assert said.mode("remote") != wording.mode("remote")
    assert said.outcome("accepted") != wording.outcome("accepted")
    assert "4" in said.team(4)
    assert said.team(1) != wording.team(1)
    for words in (said.engagement, said.hours_source, said.mode, said.outcome):
        assert words("a term of somebody else") == "a term of somebody else"


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("tag", TAGS)
def test_the_first_sentence_has_the_same_parts_in_every_language(tag: str, verdict: Verdict) -> None:
    """Signed text is the same; what was put into words carries the same exact values; the order is the language's."""

    def told(parts: tuple[wording.Part, ...]) -> set[tuple[str, str, str]]:
        signed = {(part.role, part.text, "") for part in parts if part.role in ("issuer", "domain", "student", "title")}
        return signed | {(part.role, part.value, part.until) for part in parts if part.role in ("hours", "dates")}

    english = wording.sentence_parts(CLAIM, verdict)
    other = speech(tag).sentence_parts(CLAIM, verdict)
    assert told(other) == told(english)
    assert len(other) == len(english) or tag in ("es", "fr", "de", "ar", "hi", "zh")
    texts = {part.text.strip() for part in english if part.role == "text" and part.text.strip().isalpha()}
    assert not texts & {part.text.strip() for part in other}
    assert not any(one.role == two.role == "text" for one, two in pairwise(other))


def test_the_order_of_words_is_the_order_of_the_language() -> None:
    roles = {tag: [part.role for part in speech(tag).sentence_parts(CLAIM, Verdict.VALID)] for tag in TAGS}
    assert speech("de").sentence(CLAIM, Verdict.VALID) == (
        "Lumen Labs (lumen.example) bestätigt, dass Amara Okonkwo „Churn dashboard“ abgeschlossen hat: "
        "24 Stunden, 2.–20. Mai 2026."
    )
    assert speech("zh").sentence(CLAIM, Verdict.VALID) == (
        "Lumen Labs（lumen.example） 确认 Amara Okonkwo 完成了“Churn dashboard”：24 小时，2026年5月2日至20日。"
    )
    assert roles["ar"][0] == "text", "the verb comes first"


@pytest.mark.parametrize("tag", TAGS)
def test_what_is_missing_is_not_said(tag: str) -> None:
    bare = Claim(issuer_name=None, issuer_domain=None, student_name=None, title=None, hours=None, start=None, end=None)
    parts = speech(tag).sentence_parts(bare, Verdict.VALID)
    assert {part.role for part in parts} == {"text", "issuer", "student", "title"}
    assert all("%(" not in part.text for part in parts)


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(TAGS), st.sampled_from(list(Verdict)))
def test_whatever_was_signed_comes_out_as_it_is(student: str, title: str, tag: str, verdict: Verdict) -> None:
    parts = speech(tag).sentence_parts(Claim(student_name=student, title=title), verdict)
    assert [part.text for part in parts if part.role == "student"] == [student]
    assert [part.text for part in parts if part.role == "title"] == [title]


# --- what templates ask for -------------------------------------------------------------------------------------------


class Markup(str):
    """As markupsafe's: what templates hand in when it is markup already."""

    def __html__(self) -> str:
        return self

    @classmethod
    def escape(cls, text: str) -> Markup:
        return cls(text.replace("<", "&lt;"))

    def __mod__(self, values: Any) -> Markup:
        return Markup(str.__mod__(self, {name: self.escape(str(v)) if not hasattr(v, "__html__") else v
                                         for name, v in values.items()}))  # fmt: skip


def spoken(tag: str) -> Spoken:
    return Spoken({one: (CATALOGS / f"{one}.po").read_bytes() for one in TAGS if one == tag}, lambda: tag)


def test_templates_get_messages_sentences_and_wording_in_the_language() -> None:
    german, english = spoken("de"), spoken("en")
    assert (german.gettext("Withdrawn"), english.gettext("Withdrawn")) == ("Zurückgezogen", "Withdrawn")
    assert german.gettext("") == ""
    day = Sentence("It expired on %(day)s.", day=date(2026, 5, 2))
    assert german.gettext(day) == "Er ist am 2. Mai 2026 abgelaufen."
    assert english.gettext(day) == "It expired on 2 May 2026."
    assert type(english.gettext(day)) is str, "the template escapes it like any other text"
    assert german.gettext("The code on a certificate looks like %(code)s.", code="X") == (
        "Der Code auf einem Zertifikat sieht so aus: X."
    )
    assert (german.day("2026-05-02"), english.day("2026-05-02")) == ("2. Mai 2026", "2 May 2026")
    assert (german.language(), english.language()) == (KNOWN["de"], ENGLISH)
    assert spoken("xx").language() is ENGLISH


def test_templates_count_in_the_language() -> None:
    forms = "%(number)s link was followed.", "%(number)s links and codes were followed."
    assert spoken("en").ngettext(*forms, 1) == "1 link was followed."
    assert spoken("en").ngettext(*forms, 2) == "2 links and codes were followed."
    assert spoken("fr").ngettext(*forms, 0) == "0 lien a été suivi."
    assert spoken("de").ngettext(*forms, 1200) == "1.200 Links und Codes wurden verfolgt."


def test_a_value_that_is_markup_stays_so_and_everything_beside_it_is_escaped() -> None:
    said = spoken("en").gettext("a < %(one)s and %(two)s", one=Markup("<b>x</b>"), two="<i>")
    assert isinstance(said, Markup)
    assert said == "a &lt; <b>x</b> and &lt;i>"
    assert not hasattr(spoken("en").gettext("a < %(two)s", two="<i>"), "__html__")


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("zh-CN", "zh"),
        ("zh_Hans", "zh"),
        ("", None),
        (None, None),
        ("xx", None),
        ("*", None),
    ],
)
def test_a_language_is_known_by_its_tag(value: str | None, tag: str | None) -> None:
    assert addresses.named(value) is (KNOWN[tag] if tag else None)


def test_the_first_acceptable_language_of_ours_is_taken() -> None:
    assert addresses.preferred([("en-US", 1), ("de", 0.9)]) is ENGLISH
    assert addresses.preferred([("ja", 1), ("fr-CA", 0.9), ("de", 0.8)]) is KNOWN["fr"]
    assert addresses.preferred([("de", 0), ("*", 0.1)]) is ENGLISH
    assert addresses.preferred([]) is ENGLISH


def test_an_address_hands_its_language_on() -> None:
    assert addresses.in_language("/verify", KNOWN["es"]) == "/verify?lang=es"
    assert addresses.in_language("/verify?url=x", KNOWN["es"]) == "/verify?url=x&lang=es"
    assert addresses.in_language("/verify", None) == "/verify"


def test_the_switch_offers_this_page_in_each_language() -> None:
    offered = addresses.choices("/verify", {"url": "https://a.example/?b&c", "lang": "fr"}, KNOWN["fr"])
    assert [choice.language for choice in offered] == list(KNOWN.values())
    assert [choice.language.tag for choice in offered if choice.chosen] == ["fr"]
    assert offered[0].address == "/verify?url=https%3A%2F%2Fa.example%2F%3Fb%26c&lang=en"
