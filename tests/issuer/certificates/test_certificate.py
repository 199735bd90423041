"""Finished certificates, as a reader, a validator, a camera and a screen reader meet them."""

from __future__ import annotations

import io
import unicodedata
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from issuer.certificates import CertificatePool, DoesNotFit, MissingGlyph, bundle
from tests.issuer.certificates import reading
from tests.issuer.certificates.conftest import sample_inputs
from tests.worlds.certificates import CREDENTIAL, ORDINARY

MM = 72 / 25.4
LONG_NAMES = (
    "Maximiliana Aleksandra Wilhelmina von Hohenstaufen-Schwarzenberg",
    ("Ana Beatriz de Albuquerque " * 8)[:200].strip(),
    "W" * 200,
    "李思远" * 66,
    ("ندى عبد الرحمن " * 14)[:200].strip(),
    ("อภิสิทธิ์" * 30)[:198],
    "ဦးအောင်" * 25,
)


def test_every_sample_name_makes_a_conforming_certificate(pool: CertificatePool, shared_samples: Path) -> None:
    """PDF/A-3a, PDF/UA-1 and qpdf have nothing against any; one page, no .notdef, bundled fonts, the name as given."""
    people = sample_inputs(shared_samples)
    assert len(people) == 30
    families = {font.family.replace(" ", "-") for font in bundle.fonts()}
    for values, pdf in zip(people, pool.render_many((one, CREDENTIAL) for one in people), strict=True):
        assert isinstance(pdf, bytes), values.student_name
        assert reading.failures(pdf) == [], values.student_name
        assert reading.syntax_problems(pdf) == []
        assert not reading.shows_notdef(pdf), values.student_name
        assert reading.fonts_not_embedded(pdf) == []
        for name in reading.font_names(pdf):
            assert any(name.startswith(family) for family in families), name
        assert unicodedata.normalize("NFC", values.student_name) in reading.text(pdf)
        assert values.title in reading.text(pdf)


@pytest.mark.parametrize("name", LONG_NAMES, ids=lambda name: f"{len(name)}-{unicodedata.name(name[0]).split()[0]}")
def test_long_names_are_neither_cut_nor_run_over(pool: CertificatePool, name: str) -> None:
    pdf = pool.render(replace(ORDINARY, student_name=name), CREDENTIAL)
    assert reading.failures(pdf) == []
    assert "".join(name.split()) in "".join(reading.text(pdf).split())
    for left, bottom, right, top in reading.text_boxes(pdf):
        assert left > 14 * MM
        assert right < (297 - 14) * MM
        assert bottom > 14 * MM
        assert top < (210 - 14) * MM


def test_the_longest_record_still_fits(pool: CertificatePool) -> None:
    """Every text at the length that the completion schema allows (names 200, lines 300, 40 skills)."""
    words = ("extraordinarily long text about work " * 9)[:300].strip()
    values = replace(
        ORDINARY,
        student_name=words[:200].strip(),
        title=words,
        issuer_name=words[:200].strip(),
        role=words,
        skills=tuple(f"{number} {words}"[:300] for number in range(40)),
        supervisor_name=words[:200].strip(),
        supervisor_title=words,
        hours=1999.75,
    )
    pdf = pool.render(values, CREDENTIAL)
    assert reading.failures(pdf) == []
    assert words.split()[-1] in reading.text(pdf)


def test_a_character_without_a_glyph_is_an_error_that_names_it(pool: CertificatePool) -> None:
    with pytest.raises(MissingGlyph, match=r"U\+13000 EGYPTIAN HIEROGLYPH A001") as caught:
        pool.render(replace(ORDINARY, student_name="Amun 𓀀 Ra"), CREDENTIAL)
    assert caught.value.characters == "𓀀"


def test_a_text_that_cannot_be_printed_legibly_is_refused(pool: CertificatePool) -> None:
    with pytest.raises(DoesNotFit, match="name is too long"):
        pool.render(replace(ORDINARY, student_name="W" * 2000), CREDENTIAL)


@pytest.mark.parametrize(("first", "second"), [("محمد", "الزهراني"), ("שרה", "כהן")])
def test_right_to_left_names_begin_at_the_right(pool: CertificatePool, first: str, second: str) -> None:
    pdf = pool.render(replace(ORDINARY, student_name=f"{first} {second}"), CREDENTIAL)
    assert reading.left_edge(pdf, first) > reading.left_edge(pdf, second)


def test_a_left_to_right_name_begins_at_the_left(pool: CertificatePool) -> None:
    pdf = pool.render(ORDINARY, CREDENTIAL)
    assert reading.left_edge(pdf, "Maya") < reading.left_edge(pdf, "Lee")


@pytest.mark.parametrize("name", ["Maya", "محمد", "プ美咲", "அருண்"])
def test_names_stand_on_one_baseline_in_every_script(pool: CertificatePool, name: str) -> None:
    """The line below the name does not move with the script, nor does the name's own origin."""
    pdf = pool.render(replace(ORDINARY, student_name=name), CREDENTIAL)
    assert _name_origin(pdf) == pytest.approx(_name_origin(pool.render(ORDINARY, CREDENTIAL)), abs=0.05)


def _name_origin(pdf: bytes) -> float:
    """The y of the text that is set largest but for the heading: the name's own origin in CSS pixels."""
    origins: list[tuple[float, float]] = []
    with pikepdf.open(io.BytesIO(pdf)) as file:
        y = 0.0
        for one in pikepdf.parse_content_stream(file.pages[0]):
            operands: Any = one.operands
            if str(one.operator) == "Tm":
                y = float(operands[5])
            elif str(one.operator) == "Tf":
                origins.append((float(operands[1]), y))
    return max(origins)[1]


@pytest.mark.case("TPL-09")
def test_the_same_input_gives_the_same_bytes_and_the_credential_comes_back_unchanged(pool: CertificatePool) -> None:
    first = pool.render(ORDINARY, CREDENTIAL)
    with CertificatePool(workers=1) as another:
        assert another.render(ORDINARY, CREDENTIAL) == first
    assert reading.attachments(first) == {"credential.json": (CREDENTIAL, "application/vc+json", "/Data")}
    assert reading.names_in_objects(first, b"/AF") == 1
    assert reading.names_in_objects(first, b"/Interpolate") == 0
    assert reading.names_in_objects(first, b"D:20260616000000Z") == 2  # the attachment's two dates, and no others


def test_a_stream_may_end_in_a_carriage_return(pool: CertificatePool) -> None:
    """Its last byte must not be taken for part of the line end, or the file is no PDF/A."""
    credential = next(
        body for body in (b'{"n": "%s"}' % (b"a" * size) for size in range(1000)) if zlib.compress(body)[-1:] == b"\r"
    )
    pdf = pool.render(ORDINARY, credential)
    assert reading.failures(pdf) == []
    assert reading.attachments(pdf)["credential.json"][0] == credential


@pytest.mark.parametrize("dpi", [96, 150, 300])
def test_the_qr_code_reads_back_from_a_picture(pool: CertificatePool, dpi: int) -> None:
    (code,) = reading.qr_codes(pool.render(ORDINARY, CREDENTIAL), dpi)
    assert code.text == ORDINARY.record_url
    assert code.ec_level == "Q"
    side_in_mm = (code.position.top_right.x - code.position.top_left.x) / dpi * 25.4
    assert side_in_mm > 20


def test_the_document_says_what_it_is(pool: CertificatePool) -> None:
    with pikepdf.open(io.BytesIO(pool.render(ORDINARY, CREDENTIAL))) as file:
        assert str(file.Root.Lang) == "en"
        assert "Maya Lee" in str(file.docinfo.Title)
        with file.open_metadata() as xmp:
            assert "Churn dashboard" in str(xmp["dc:title"])
            assert (xmp.pdfa_status, xmp["pdfuaid:part"]) == ("3A", "1")
        assert len(file.pages) == 1


def test_a_simulation_is_never_called_employment(pool: CertificatePool) -> None:
    shown = reading.text(pool.render(replace(ORDINARY, engagement_kind="simulated"), CREDENTIAL))
    assert "in the simulated role of Data intern" in shown
    assert "practice work, not employment" in shown
    assert "internship" not in shown
    assert "Employed" not in shown


def test_an_address_is_printed_character_by_character(pool: CertificatePool) -> None:
    """Inter would print "7x4" as "7×4"."""
    assert ORDINARY.record_url in reading.text(pool.render(ORDINARY, CREDENTIAL)).replace(" ", "")


@pytest.mark.parametrize("host", ["a.example", "localhost:8155", "credentials.example", "records.northwind.example"])
def test_an_address_of_any_length_keeps_clear_of_the_date(pool: CertificatePool, host: str) -> None:
    """Also one that just fits into a line: nothing of it stands in the column where the date is."""
    values = replace(ORDINARY, record_url=f"http://{host}/c/zpqyxtqofrrpsjodxtjkjoo7zu")
    pdf = pool.render(values, CREDENTIAL)
    date, address = (reading.place_of(pdf, words) for words in ("16 June 2026", "http://"))
    assert address[0] > date[2] + 3, "points between the date and the address"
