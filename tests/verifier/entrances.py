"""Every entrance of the verifier as a function: a client and a credential's bytes in, the report as JSON out.

A credential that is fetched lies at `LINK`; `publish` puts it there, and what leads to it beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from credentials.verify import Verdict
from tests.verifier import archives, files, pages, pictures, resumes
from tests.worlds.memory_web import MemoryWeb

ONE, MANY, RESUME = "/api/v1/verify", "/api/v1/verify/batch", "/api/v1/verify/resume"
LINK = "https://employer.example/c/shown"
PAGE, HOLDING = "https://employer.example/people/ana", "https://employer.example/people/ben"
CODE = "7K2M-9QX4-T0ZD6"
#: What stands behind the # of a printed code's address. It is no claim, and where the record is there, none is read.
CLAIM = "#9123"
Enter = Callable[[FlaskClient, bytes], Any]


def publish(web: MemoryWeb, credential: bytes) -> None:
    """Put a credential at `LINK`, a page that links it at `PAGE`, and one that holds it at `HOLDING`."""
    web.put(LINK, credential)
    web.put(PAGE, b'<!doctype html><link rel="alternate" type="application/vc" href="/c/shown"><title>Ana</title>')
    held = credential.decode("utf-8", "replace").replace("</", "<\\/")
    web.put(HOLDING, f'<!doctype html><html><script type="application/ld+json">{held}</script></html>'.encode())


def directory(code: str) -> str | None:
    """The short codes that are known: one."""
    return LINK if code == CODE else None


def sent(client: FlaskClient, data: bytes, kind: str) -> Any:
    """The report on a body of this media type."""
    return client.post(ONE, data=data, content_type=kind).get_json()


def uploaded(client: FlaskClient, data: bytes) -> Any:
    return client.post(ONE, data={"file": (BytesIO(data), "x")}).get_json()


def pasted(client: FlaskClient, text: str) -> Any:
    return client.post(ONE, data={"credential": text}, content_type="multipart/form-data").get_json()


def svg(credential: bytes) -> bytes:
    return files.svg(f"<openbadges:credential><![CDATA[{credential.decode()}]]></openbadges:credential>")


def _batch(client: FlaskClient, data: Any, kind: str) -> Any:
    return client.post(MANY, data=data, content_type=kind).get_json()["results"][0].get("report")


def _claim(client: FlaskClient, data: bytes) -> Any:
    claims = client.post(RESUME, data=data, content_type="application/pdf").get_json()["claims"]
    return claims[0]["report"] if claims else None


#: A résumé lists credentials alone: what is none of them is left out by design.
RESUMES: dict[str, Enter] = {
    "link in a résumé": lambda client, _: _claim(client, resumes.pdf(resumes.link(LINK))),
    "QR code in a résumé": lambda client, _: _claim(client, resumes.pdf("x", resumes.code(LINK))),
}
#: What leads on to something else when no credential is there, by design too.
LEADING: dict[str, Enter] = {
    **RESUMES,
    "page that links it": lambda client, _: pasted(client, PAGE),
    "printed code with a claim": lambda client, _: pasted(client, LINK + CLAIM),
    "photo of a printed code": lambda client, _: uploaded(client, pictures.jpeg(LINK + CLAIM)),
    "photo of a code to a page": lambda client, _: uploaded(client, pictures.jpeg(PAGE)),
}
ENTRANCES: dict[str, Enter] = {
    "address": lambda client, _: client.post(ONE, json={"url": LINK}).get_json(),
    "pasted address": lambda client, _: pasted(client, LINK),
    "short code": lambda client, _: pasted(client, CODE.lower()),
    "pasted text": lambda client, data: pasted(client, data.decode()),
    "JSON": lambda client, data: sent(client, data, "application/vc+json"),
    "member": lambda client, data: client.post(ONE, json={"verifiableCredential": json.loads(data)}).get_json(),
    "file": uploaded,
    "page that holds it": lambda client, _: pasted(client, HOLDING),
    "baked PNG": lambda client, data: uploaded(client, files.png(files.itxt(data))),
    "baked SVG": lambda client, data: uploaded(client, svg(data)),
    "PDF": lambda client, data: uploaded(client, files.pdf(data)),
    "photo of a code": lambda client, _: uploaded(client, pictures.jpeg(LINK)),
    "screenshot of a code": lambda client, _: uploaded(client, pictures.saved(pictures.code(LINK))),
    "scanned page": lambda client, _: uploaded(client, pictures.pdf_page(pictures.code(LINK))),
    "list of links": lambda client, _: _batch(client, LINK, "text/plain"),
    "list as JSON": lambda client, data: _batch(client, json.dumps({"items": [json.loads(data)]}), "application/json"),
    "archive of PDF": lambda client, data: _batch(client, archives.archive(("a", files.pdf(data))), "application/zip"),
    "archive of JSON": lambda client, data: _batch(client, archives.archive(("a", data)), "application/zip"),
    "archive of photos": lambda client, _: _batch(
        client, archives.archive(("a", pictures.jpeg(LINK))), "application/zip"
    ),
    **LEADING,
}  # fmt: skip
#: Entrances for a compact token, which JSON members and SVG text carry as it is.
OF_TOKENS: dict[str, Enter] = {
    "address": ENTRANCES["address"],
    "short code": ENTRANCES["short code"],
    "pasted text": ENTRANCES["pasted text"],
    "body": lambda client, data: sent(client, data, "text/plain"),
    "member": lambda client, data: client.post(ONE, json={"verifiableCredential": data.decode()}).get_json(),
    "file": uploaded,
    "baked PNG": ENTRANCES["baked PNG"],
    "baked SVG": lambda client, data: uploaded(client, files.svg(f'<openbadges:credential verify="{data.decode()}"/>')),
    "photo of a code": ENTRANCES["photo of a code"],
    "list": lambda client, data: _batch(client, data, "text/plain"),
    "archive": ENTRANCES["archive of JSON"],
    **LEADING,
}
#: Entrances that answer with a page: the form, and what an app shares with it.
FORMS: dict[str, Callable[[FlaskClient, bytes], str]] = {
    "form": lambda client, data: _page(client, {"credential": data.decode()}),
    "form, file": lambda client, data: _page(client, {"file": (BytesIO(data), "x"), "credential": ""}),
    "form, address": lambda client, _: client.get("/verify", query_string={"url": LINK}).text,
    "form, short code": lambda client, _: _page(client, {"credential": CODE}),
    "shared link": lambda client, _: _page(client, {"title": "Ana", "text": f"Look: {LINK}"}),
    "shared address": lambda client, _: _page(client, {"url": LINK, "text": "Ana"}),
    "shared file": lambda client, data: _page(client, {"title": "Ana", "file": (BytesIO(data), "ana")}),
    "shared photo": lambda client, _: _page(client, {"file": (BytesIO(pictures.jpeg(LINK)), "ana.jpg")}),
}


def _page(client: FlaskClient, values: Any) -> str:
    return client.post("/verify", data=values, content_type="multipart/form-data").text


def shows(html: str, verdict: Verdict) -> bool:
    """Whether the first screen of a page says this verdict and no other."""
    status = unescape(pages.Page(html).status)
    others = {other.word for other in Verdict if other.word not in verdict.word} - {verdict.word}
    return verdict.word in status and not any(other in status.replace(verdict.word, "") for other in others)


#: How it was reached, and what stands around the issuer, which tables of many do not look up: no part of the verdict.
_BESIDE = ("ledTo", "ledBy", "issuerDomain", "warnings")


def comparable(report: Any) -> Any:
    """Without the count of bytes, which white space changes, what a PDF adds, and what is no part of the verdict."""
    report["checks"] = [check for check in report["checks"] if check["id"] not in ("pdf_signature", "document")]
    report["checks"][0]["details"] = {}
    return {name: value for name, value in report.items() if name not in _BESIDE}
