"""Draws one certificate: a pure function from its values and the signed credential's bytes to the bytes of a PDF.

It reads only what lies in templates/certificate, opens no connection, and keeps no clock. It must run in a process that
was started with the bundle's own font configuration, because Pango reads that once; `CertificatePool` starts such
processes. WeasyPrint is told of no way to fetch anything else, and what it asked for is looked at after drawing.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

import jinja2
import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from issuer.certificates import bundle, content, finishing, forms, scripts, typesetting
from issuer.certificates.content import CertificateInput
from issuer.certificates.errors import CertificateFault, MissingGlyph, OutsideResource, RendererNotFit
from issuer.certificates.typesetting import Line

#: Below this WeasyPrint has known holes in fetching (CVE-2025-68616, CVE-2026-49452, CVE-2026-55073).
OLDEST_SAFE_WEASYPRINT = 70
PDF_VARIANT = "pdf/a-3a"
CREDENTIAL_URL = "plaudit:credential.json"
CREDENTIAL_NAME = "credential.json"
CREDENTIAL_TYPE = "application/vc+json"
FRAME_URL, QR_URL = "plaudit:frame", "plaudit:qr"

_LOGGER = logging.getLogger("weasyprint")


class BundledOnly(URLFetcher):  # type: ignore[misc]
    """Answers the URLs that it was given bytes for and no others; what else was asked for stands in `refused`."""

    def __init__(self, known: Mapping[str, tuple[bytes, str]]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._known = dict(known)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 - WeasyPrint's signature
        """The known bytes, or FatalURLFetchingError, which WeasyPrint does not catch except inside SVG pictures."""
        if url not in self._known:
            self.refused.append(url)
            raise FatalURLFetchingError(url)
        body, media_type = self._known[url]
        return URLFetcherResponse(url, body, {"Content-Type": media_type})


class _Complaints(logging.Handler):
    """Collects what WeasyPrint would only log: a certificate with a warning is not given out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def check_renderer(version: str, environ: Mapping[str, str]) -> None:
    """Raise RendererNotFit unless WeasyPrint is new enough and Pango was given our fonts and no others."""
    if int(version.split(".", maxsplit=1)[0]) < OLDEST_SAFE_WEASYPRINT:
        raise RendererNotFit(f"WeasyPrint {version} is installed; {OLDEST_SAFE_WEASYPRINT} or later is needed")
    if environ.get("FONTCONFIG_FILE") != str(bundle.FONTCONFIG):
        raise RendererNotFit("this process was not started with the bundle's font configuration")


def render(values: CertificateInput, credential: bytes) -> bytes:
    """The certificate as a PDF/A-3a, PDF/UA-1 file with the credential embedded; same input, same bytes.

    Raises MissingGlyph, DoesNotFit (bad data), OutsideResource, CertificateFault, RendererNotFit.
    """
    check_renderer(weasyprint.__version__, os.environ)
    lines = typesetting.set_texts(_texts(values), _count_lines)
    page = _template().render(
        lines=lines,
        facts=content.facts(values),
        awarded=content.day(values.awarded),
        awarded_iso=values.awarded.isoformat(),
        statement=content.statement(values),
        subject=content.subject(values),
        values=values,
        qr_url=QR_URL,
    )
    return draw(page, credential, values)


def draw(page: str, credential: bytes, values: CertificateInput) -> bytes:
    """The PDF of an HTML page of ours; raises OutsideResource or CertificateFault instead of giving out a poor one."""
    attached = Attached(credential, CREDENTIAL_NAME, "The signed credential: Open Badges 3.0", values.awarded)
    images = {FRAME_URL: forms.frame(), QR_URL: forms.qr_code(values.record_url)}
    pdf = draw_one_page(page, attached, images, _stylesheet())
    if pdf is None:
        raise CertificateFault("the certificate took several pages")
    return pdf


@dataclass(frozen=True, slots=True)
class Attached:
    """The credential that is embedded, its file name, a few words about it, and the day that its file is dated."""

    credential: bytes
    name: str
    description: str
    day: date


def draw_one_page(page: str, attached: Attached, images: Mapping[str, Any], stylesheet: weasyprint.CSS) -> bytes | None:
    """The PDF of an HTML page of ours, None when it does not fit on one page; raises as `draw` does."""
    moment = datetime.combine(attached.day, time())
    fetcher = BundledOnly({CREDENTIAL_URL: (attached.credential, CREDENTIAL_TYPE)})
    attachment = weasyprint.Attachment(
        url=CREDENTIAL_URL,
        url_fetcher=fetcher,
        name=attached.name,
        description=attached.description,
        relationship="Data",
        created=moment,
        modified=moment,
    )
    with _listening(fetcher) as complaints:
        document = _lay_out(page, fetcher, images, stylesheet)
        if len(document.pages) != 1:
            return None
        pdf: bytes = document.write_pdf(pdf_variant=PDF_VARIANT, attachments=[attachment], finisher=finishing.finish)
    if complaints.messages:
        raise CertificateFault("; ".join(complaints.messages))
    return pdf


class _listening:  # noqa: N801 - a context manager, named as one
    """Collects WeasyPrint's warnings, and turns a request for an outside resource into an error of ours."""

    def __init__(self, fetcher: BundledOnly) -> None:
        self._fetcher = fetcher
        self._complaints = _Complaints()

    def __enter__(self) -> _Complaints:
        _LOGGER.addHandler(self._complaints)
        return self._complaints

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _LOGGER.removeHandler(self._complaints)
        if self._fetcher.refused:
            raise OutsideResource(f"asked for {', '.join(sorted(set(self._fetcher.refused)))}")
        if kind is None and any(".notdef" in message for message in self._complaints.messages):
            raise MissingGlyph("; ".join(self._complaints.messages))


def _lay_out(page: str, fetcher: BundledOnly, images: Mapping[str, Any], stylesheet: weasyprint.CSS) -> Any:
    html = weasyprint.HTML(string=page, base_url="plaudit:", url_fetcher=fetcher)
    return html.render(
        font_config=_font_configuration(), stylesheets=[stylesheet], cache=dict(images), pdf_variant=PDF_VARIANT
    )


def _texts(values: CertificateInput) -> dict[str, tuple[str, str | None]]:
    """The texts that differ from certificate to certificate, with the language each is to be set in."""
    before, after = content.statement(values)
    theirs = {
        "title": values.title,
        "skills": content.skills(values),
        "supervisor_title": values.supervisor_title,
        "statement": f"{before} {values.role}, {after}",
    }
    names = {"name": values.student_name, "issuer": values.issuer_name, "supervisor": values.supervisor_name}
    written = {slot: content.one_line(text) for slot, text in (theirs | names).items()}
    languages = {slot: scripts.han_language(text, values.language) for slot, text in written.items()}
    own = dict.fromkeys(theirs, values.language)
    texts = {slot: (text, languages[slot] or own.get(slot)) for slot, text in written.items()}
    return texts | {"url": (values.record_url, None)}


_PROBE = """<html lang="en">{% for line in lines %}
<p id="l{{ loop.index0 }}" dir="{{ line.direction }}"{% if line.language %} lang="{{ line.language }}"{% endif %}
 style="{{ line.style }};width:{{ '%.2f' % line.width }}pt">{{ line.text }}</p>{% endfor %}"""


def _count_lines(lines: Sequence[Line]) -> list[int]:
    """How many lines each takes at its size and width, laid out by WeasyPrint itself."""
    page = environment().from_string(_PROBE).render(lines=lines)
    html = weasyprint.HTML(string=page, base_url="plaudit:", url_fetcher=BundledOnly({}))
    pages = html.render(font_config=_font_configuration(), stylesheets=[_probe_stylesheet()], cache={}).pages
    boxes = {name: box for one in pages for name, box in one.anchors.items()}
    heights = [boxes[f"l{number}"][3] - boxes[f"l{number}"][1] for number in range(len(lines))]
    return [round(height * 0.75 / (line.size * line.leading)) for height, line in zip(heights, lines, strict=True)]


@cache
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


def _stylesheet() -> weasyprint.CSS:
    return stylesheet("certificate.css")


@cache
def stylesheet(name: str) -> weasyprint.CSS:
    """A style sheet of the bundle, read once in a process."""
    css = (bundle.TEMPLATES / name).read_text(encoding="utf-8")
    return weasyprint.CSS(
        string=css, url_fetcher=BundledOnly({}), base_url="plaudit:", font_config=_font_configuration()
    )


@cache
def _probe_stylesheet() -> weasyprint.CSS:
    css = "@page{size:320mm 4000mm;margin:0}p{margin:0;overflow-wrap:anywhere}"
    return weasyprint.CSS(string=css, url_fetcher=BundledOnly({}), base_url="plaudit:")


@cache
def environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(bundle.TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _template() -> jinja2.Template:
    return environment().get_template("certificate.html")
