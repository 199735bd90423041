"""Makes résumés as people write them: links in words, printed addresses, printed QR codes, on several pages."""

from __future__ import annotations

import base64

from weasyprint import HTML

from tests.verifier import pictures


def link(address: str, words: str = "my record") -> str:
    return f'<p><a href="{address}">{words}</a></p>'


def printed(address: str) -> str:
    return f"<p>See {address}.</p>"


def code(text: str, width: int = 35) -> str:
    data = base64.b64encode(pictures.saved(pictures.code(text))).decode()
    return f'<p><img style="width:{width}mm" src="data:image/png;base64,{data}"></p>'


def pdf(*pages: str) -> bytes:
    """Return a PDF of A4 pages with 20 mm of margin, each with this HTML on it."""
    style = "<style>@page{size:A4;margin:20mm}body{margin:0}section{break-after:page}p{margin:0 0 5mm}</style>"
    body = "".join(f"<section><h1>Amara Okafor</h1>{page}</section>" for page in pages)
    made = HTML(string=style + body).write_pdf()
    assert isinstance(made, bytes)
    return made
