"""The certificate's parts, each by itself: words, scripts, fonts, sizes, ornament, QR outlines, frames."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from math import isclose
from xml.etree import ElementTree

import pytest

from credentials.model import CompletionRecord, IssuerProfile, StatusEntry, build_credential
from issuer.certificates import (
    CertificateInput,
    DoesNotFit,
    MissingGlyph,
    NotACertificateSource,
    bundle,
    content,
    engraving,
    frames,
    qr,
    scripts,
    typesetting,
)
from tests.worlds.certificates import ORDINARY
from tests.worlds.completions import completion


def test_the_values_are_those_of_the_signed_credential() -> None:
    values = CertificateInput.from_credential(_credential())
    assert values == CertificateInput(
        student_name="Nguyễn Thị Hồng Ánh",
        title="Checkout accessibility audit",
        issuer_name="Harbour & Finch",
        issuer_domain="harbourfinch.example",
        role="Accessibility intern",
        hours=31,
        hours_source="time log",
        start=date(2026, 5, 24),
        end=date(2026, 6, 11),
        awarded=date(2026, 6, 16),
        outcome="accepted",
        skills=("web accessibility", "technical writing"),
        supervisor_name="Óscar Ibarra",
        supervisor_title="Engineering Manager",
        record_url="https://plaudit.example/c/a",
        human_code="K3V9",
        language="en",
        engagement_kind="paid contract",
    )


def _credential() -> dict[str, object]:
    issuer = IssuerProfile(
        did="did:web:plaudit.example:o:harbour",
        name="Harbour & Finch",
        url="https://www.harbourfinch.example/about",
        domain="harbourfinch.example",
    )
    return build_credential(
        CompletionRecord.from_mapping(completion()),
        issuer=issuer,
        credential_id="https://plaudit.example/c/a",
        human_code="K3V9",
        achievement_id="https://plaudit.example/a/b",
        status=StatusEntry("https://plaudit.example/status/s", 7, "revocation"),
        valid_from=datetime(2026, 6, 20, tzinfo=UTC),
        skill_url=lambda skill: f"https://plaudit.example/skills/{skill.replace(' ', '-')}",
    )


@pytest.mark.parametrize("lost", ["issuer", "credentialSubject", "awardedDate", "id"])
def test_a_credential_without_what_we_print_is_named(lost: str) -> None:
    credential = _credential()
    del credential[lost]
    with pytest.raises(NotACertificateSource, match=lost):
        CertificateInput.from_credential(credential)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "en{}"),
        ("language", ""),
        ("record_url", "file:///c/a"),
        ("record_url", "https://plaudit.example/c/a b"),
        ("record_url", "https://plaudit.example/c/ä"),
    ],
)
def test_attributes_of_the_page_are_held_to_their_grammar(field: str, value: str) -> None:
    with pytest.raises(NotACertificateSource, match="is not a"):
        replace(ORDINARY, **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ((2026, 5, 24), (2026, 6, 11), "24 May – 11 Jun 2026"),
        ((2026, 3, 1), (2026, 3, 8), "1 – 8 Mar 2026"),
        ((2025, 12, 20), (2026, 1, 4), "20 Dec 2025 – 4 Jan 2026"),
        ((2026, 3, 1), (2026, 3, 1), "1 Mar 2026"),
    ],
)
def test_a_period_says_once_what_both_days_share(
    start: tuple[int, int, int], end: tuple[int, int, int], words: str
) -> None:
    assert content.period(date(*start), date(*end)) == words


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "1 hour"), (7.5, "7.5 hours"), (31.0, "31 hours"), (0.25, "0.25 hours")]
)
def test_hours_are_not_rounded(hours: float, words: str) -> None:
    assert content.facts(replace(ORDINARY, hours=hours))[0].value == words


def test_skills_that_are_left_out_are_counted() -> None:
    shown = content.skills(replace(ORDINARY, skills=tuple(f"skill {number}" for number in range(40))))
    assert shown.endswith("and 32 more in the signed record")


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Maya", "ltr"), ("محمد", "rtl"), ("שרה", "rtl"), ("(שרה) Sarah", "rtl"), ("123", "ltr"), ("ߒߞߏ", "rtl")],
)
def test_direction_is_that_of_the_first_strong_character(text: str, direction: str) -> None:
    assert scripts.direction(text) == direction


@pytest.mark.parametrize(
    ("name", "language", "tag"),
    [
        ("李思远", "en", "zh-Hans"),
        ("陳怡君", "en", "zh-Hant"),
        ("佐藤 美咲", "en", "ja"),
        ("さくら", "en", "ja"),
        ("辻", "en", "ja"),
        ("김서연", "en", "ko"),
        ("李明", "ja", "ja"),
        ("Maya", "en", None),
    ],
)
def test_han_takes_the_forms_of_who_writes_it(name: str, language: str, tag: str | None) -> None:
    assert scripts.han_language(name, language) == tag


def test_the_bundle_is_what_its_list_says() -> None:
    listed = {font.file: font.sha256 for font in bundle.fonts()}
    assert listed == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in bundle.FONTS.iterdir()
        if path.suffix in {".otf", ".ttf"}
    }
    licences = (bundle.FONTS / "LICENCES.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in licences for name in listed)


def test_only_the_bundle_is_configured() -> None:
    root = ElementTree.parse(bundle.FONTCONFIG).getroot()
    assert [(one.tag, one.text) for one in root] == [("dir", "."), ("cachedir", "fontconfig")]


def test_a_word_is_set_in_one_font() -> None:
    """A rare letter takes its word's other letters along; words in another script come after the design's face."""
    assert bundle.families("Maya Lee", bundle.DISPLAY) == (bundle.DISPLAY,)
    assert bundle.families("Maya ŋǃao", bundle.DISPLAY)[0] != bundle.DISPLAY
    assert bundle.families("Li 李思远", bundle.DISPLAY) == (bundle.DISPLAY, "Noto Serif CJK JP")


def test_all_missing_characters_are_named_at_once() -> None:
    with pytest.raises(MissingGlyph) as caught:
        bundle.families("a𓀀b𓀁", bundle.DISPLAY)
    assert caught.value.characters == "𓀀𓀁"


class _Ruler:
    """Lays text out as if every character were half an em wide."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, lines: Sequence[typesetting.Line]) -> list[int]:
        self.asked += 1
        return [-(-round(len(line.text) * line.size * 50) // round(line.width * 100)) for line in lines]


def test_a_short_text_is_not_even_measured() -> None:
    ruler = _Ruler()
    assert typesetting.set_texts({"name": ("Maya Lee", None)}, ruler)["name"].size == 40
    assert ruler.asked == 0


def test_a_long_text_shrinks_then_wraps_then_is_refused() -> None:
    def name(length: int) -> typesetting.Line:
        return typesetting.set_texts({"name": ("m" * length, None)}, _Ruler())["name"]

    sizes = [(name(length).size, name(length).lines) for length in (30, 40, 60, 200)]
    assert sizes == sorted(sizes, key=lambda one: (-one[0], one[1]))
    assert [lines for _, lines in sizes] == [1, 1, 2, 2]
    with pytest.raises(DoesNotFit, match="name"):
        name(4000)


def test_lines_of_a_wrapped_text_are_evenly_long() -> None:
    line = typesetting.set_texts({"title": ("m" * 120, None)}, _Ruler())["title"]
    assert line.lines == 2
    assert line.width < typesetting.SLOTS["title"].width * 0.95


def test_the_frame_has_no_seam() -> None:
    """Every strand leaves a tile at the height at which it enters the next, and turns through a corner the same way."""
    for drawn, ends in ((engraving.tile(), (engraving.TILE, 0.0)), (engraving.corner(), (engraving.RADIUS,) * 2)):
        for strand in drawn.split("S\n"):
            curves = strand.splitlines()
            start = [float(number) for number in curves[0].split()[:2]]
            end = [float(number) for number in curves[-1 if curves[-1].endswith("c") else -2].split()[4:6]]
            turned = (start[0], start[1]) if ends[1] == 0 else (-start[1], start[0])
            assert isclose(end[0], ends[0] + turned[0], abs_tol=0.02)
            assert isclose(end[1], ends[1] + turned[1], abs_tol=0.02)
    left, bottom = engraving.ORIGIN
    assert isclose(left, bottom, abs_tol=0.01)


def test_the_outlines_enclose_exactly_the_dark_modules() -> None:
    """By the shoelace formula: the signed areas of all outlines add up to the number of dark modules."""
    modules = qr.matrix("https://plaudit.example/c/k3v9q2m7x4t8w6b1z5n0r3d2fa")
    area = 0.0
    for loop in qr._loops(modules):
        for (x0, y0), (x1, y1) in zip(loop, [*loop[1:], loop[0]], strict=True):
            area += (x0 * y1 - x1 * y0) / 2
    assert area == sum(map(sum, modules))


def test_frames_carry_values_unchanged() -> None:
    assert frames.parse_request(frames.request(ORDINARY, b"\0{}\xff")) == (ORDINARY, b"\0{}\xff")
    with pytest.raises(MissingGlyph, match="no font") as caught:
        frames.parse_answer(frames.failure(MissingGlyph("no font", characters="𓀀")))
    assert caught.value.characters == "𓀀"
    with pytest.raises(ValueError, match="frame of"):
        frames.length(b"\xff\xff\xff\xff")


def test_bundle_lists_one_font_a_line() -> None:
    lines = bundle.BUNDLE.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(json.loads("\n".join(lines))) + 2
