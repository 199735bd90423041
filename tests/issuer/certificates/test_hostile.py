"""Texts and pages that want more than to be printed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import weasyprint

from issuer.certificates import CertificateFault, CertificatePool, OutsideResource, RendererNotFit, bundle, drawing
from issuer.certificates.content import one_line
from tests.issuer.certificates import reading
from tests.worlds.certificates import CREDENTIAL, ORDINARY

PLANTED = "planted-7c1f.txt"
_HOST = f"http://127.0.0.1:9/{PLANTED}"
_FILE = f"file:///{PLANTED}"
OUTSIDE = {
    "img http": f'<img alt="x" src="{_HOST}">',
    "img file": f'<img alt="x" src="{_FILE}">',
    "img relative": f'<img alt="x" src="../../{PLANTED}">',
    "link stylesheet": f'<link rel="stylesheet" href="{_FILE}">',
    "style import": f"<style>@import url({_HOST});</style>",
    "link attachment": f'<link rel="attachment" href="{_FILE}">',
    "a attachment": f'<a rel="attachment" href="{_FILE}">x</a>',
    "svg image": f'<svg viewBox="0 0 9 9"><image href="{_FILE}" width="9" height="9"/></svg>',
    "svg use": f'<svg viewBox="0 0 9 9"><use href="{_FILE}#a"/></svg>',
    "font-face": f"<style>@font-face{{font-family:a;src:url({_FILE})}}p{{font-family:a}}</style><p>x</p>",
    "background": f'<p style="background:url({_HOST})">x</p>',
    "list image": f'<ul style="list-style-image:url({_HOST})"><li>x</li></ul>',
    "generated content": f"<style>p::before{{content:url({_FILE})}}</style><p>x</p>",
    "object": f'<object data="{_FILE}">x</object>',
    "embed": f'<embed src="{_FILE}">',
    "data url": '<img alt="x" src="data:image/png;base64,AAAA">',
}
#: WeasyPrint looks these up inside the document only.
NEVER_FETCHED = {"svg use"}

_touched: list[str] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" or (event in {"open", "os.open"} and PLANTED in str(arguments[0])):
        _touched.append(f"{event} {arguments!r}")


@pytest.fixture
def touched() -> list[str]:
    """What was opened or connected to since the test began (an audit hook, so nothing can slip past it)."""
    if not getattr(sys, "_plaudit_watch", False):
        sys.addaudithook(_watch)
        sys._plaudit_watch = True  # type: ignore[attr-defined]
    _touched.clear()
    return _touched


@pytest.mark.case("TPL-02")
@pytest.mark.parametrize("kind", OUTSIDE)
def test_a_page_can_reach_nothing_outside_the_bundle(kind: str, touched: list[str]) -> None:
    page = f'<html lang="en"><head><title>x</title></head><body>{OUTSIDE[kind]}</body></html>'
    if kind in NEVER_FETCHED:
        drawing.draw(page, CREDENTIAL, ORDINARY)
    else:
        with pytest.raises(OutsideResource):
            drawing.draw(page, CREDENTIAL, ORDINARY)
    assert touched == []


@pytest.mark.case("TPL-01")
def test_hostile_names_are_printed_as_they_are(pool: CertificatePool, security_cases: Path) -> None:
    for case in json.loads((security_cases / "corpora" / "names.json").read_text(encoding="utf-8")):
        name = case["in"]
        values = replace(
            ORDINARY, student_name=name, title=name, role=name, issuer_name=name, supervisor_name=name, skills=(name,)
        )
        pdf = pool.render(values, json.dumps({"name": name}).encode())
        shown = one_line(name).replace("\u00ad", "")
        assert reading.text(pdf).replace(" ", "").count(shown.replace(" ", "")) >= 6, case["id"]
        assert json.loads(reading.attachments(pdf)["credential.json"][0]) == {"name": name}
        assert reading.failures(pdf) == []


def test_markup_in_any_text_stays_text(pool: CertificatePool) -> None:
    trick = "'\"></style><img src=x>&amp;{{ values }}"
    texts: dict[str, Any] = dict.fromkeys(("title", "role", "supervisor_title", "issuer_domain", "human_code"), trick)
    pdf = pool.render(replace(ORDINARY, **texts), CREDENTIAL)
    assert reading.text(pdf).replace(" ", "").count(trick.replace(" ", "")) >= 5


def test_a_name_cannot_turn_the_rest_of_the_page_round(pool: CertificatePool) -> None:
    pdf = pool.render(replace(ORDINARY, student_name="Eve\u202eevil", title="Audit"), CREDENTIAL)
    assert "Audit" in reading.text(pdf)
    assert reading.left_edge(pdf, "Harbour") < reading.left_edge(pdf, "Finch")


@pytest.mark.case("TPL-03")
@pytest.mark.parametrize("version", ["52.5", "61.0", "68.1", "69.0"])
def test_an_old_weasyprint_is_refused(version: str) -> None:
    environ = {"FONTCONFIG_FILE": str(bundle.FONTCONFIG)}
    with pytest.raises(RendererNotFit, match="70 or later"):
        drawing.check_renderer(version, environ)
    drawing.check_renderer(weasyprint.__version__, environ)


def test_the_systems_fonts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    with pytest.raises(RendererNotFit, match="font configuration"):
        drawing.render(ORDINARY, CREDENTIAL)


@pytest.mark.case("TPL-05")
def test_a_certificate_of_many_pages_is_not_given_out() -> None:
    page = '<html lang="en"><title>x</title>' + '<p style="break-after:page">x</p>' * 50
    with pytest.raises(CertificateFault, match="pages"):
        drawing.draw(page, CREDENTIAL, ORDINARY)
