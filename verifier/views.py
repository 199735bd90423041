"""The verifier's page and its API: takes the input apart, asks the `Judge`, shows the report. It decides nothing."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, json, render_template, request

from credentials import strict_json
from verifier import intake, receiving
from verifier.judging import Judge, Judged
from verifier.many import Together
from verifier.problems import InputTooLarge, NothingGiven, NotRecognised, RequestNotUnderstood
from verifier.reading.codes import shown

pages = Blueprint("verifier", __name__)
EXTENSION = "plaudit-verifier"
MANY = "plaudit-verifier-many"

#: Bodies that are a credential (or a file with one) as they stand.
_RAW_TYPES = {
    "application/pdf", "image/png", "image/jpeg", "image/webp", "image/svg+xml", "text/plain",
    "application/jwt", "application/vc+jwt", "application/vc+sd-jwt", "application/dc+sd-jwt", "application/vc+cose",
}  # fmt: skip
#: An address bar's worth; more is not an address.
_MAX_ADDRESS = 2048


def judge() -> Judge:
    """Return the `Judge` of the app that is answering."""
    return cast(Judge, current_app.extensions[EXTENSION])


def together() -> Together:
    """Return what judges many things at once in the app that is answering."""
    return cast(Together, current_app.extensions[MANY])


@pages.get("/verify")
def form() -> str:
    """Show the form, or with `?url=` check what is at that address."""
    address = request.args.get("url", "").strip()
    return _check_address(address) if address else render_template("verifier/verify.html")


@pages.post("/verify")
def check() -> str:
    """Check an uploaded file, else the pasted text or address."""
    upload = receiving.upload()
    if upload is not None:
        return _page(judge().handed_in(upload))
    text = request.form.get("credential", "")
    address = intake.address_in(text)
    return _check_address(address) if address else _page(judge().handed_in(receiving.text("credential")))


@pages.post("/api/v1/verify")
def api() -> Response:
    """Check one credential and return the whole report. Shapes of the request: docs of `_judged`."""
    judged = _judged()
    body = judged.report.to_json() | ({"ledTo": judged.led_to} if judged.led_to else {})
    return Response(json.dumps(body, ensure_ascii=False), content_type="application/json")


def _check_address(address: str) -> str:
    if len(address) > _MAX_ADDRESS:
        raise InputTooLarge(f"An address longer than {_MAX_ADDRESS} characters is not opened.")
    return _page(judge().at(address), again="/verify?" + urlencode({"url": address}))


def _page(judged: Judged, *, again: str | None = None) -> str:
    led_to = shown(judged.led_to) if judged.led_to else None
    return render_template("verifier/result.html", report=judged.report, check_again=again, led_to=led_to)


def _judged() -> Judged:
    """Judge what the API was sent.

    JSON: the credential itself, `{"verifiableCredential": …}` or `{"url": "https://…"}`. PDF, PNG, SVG, JPEG, WebP,
    a compact token or plain text: as the body. multipart/form-data: a part `file`, or `credential` with text or an
    address.
    """
    kind = request.mimetype
    if kind == "multipart/form-data":
        upload = receiving.upload()
        return judge().handed_in(upload) if upload else judge().pasted(request.form.get("credential", ""))
    if kind == "application/json" or kind.endswith("+json") or kind == "application/vc":
        return _judge_json(receiving.body())
    if kind in _RAW_TYPES:
        return judge().handed_in(receiving.body())
    raise NotRecognised("The request's content type is not one that carries a credential.")


def _judge_json(data: bytes) -> Judged:
    if not data.strip():
        raise NothingGiven("The request has no body.")
    body: Any = strict_json.loads(data)
    if not isinstance(body, dict):
        raise RequestNotUnderstood("The body is not a JSON object.")
    if body.keys() == {"url"}:
        if not isinstance(body["url"], str):
            raise RequestNotUnderstood("The address is not text.", pointer="/url")
        return judge().at(body["url"].strip())
    if body.keys() == {"verifiableCredential"}:
        return _judge_member(body["verifiableCredential"])
    return judge().handed_in(data)


def _judge_member(credential: Any) -> Judged:
    if isinstance(credential, dict):
        return judge().handed_in(strict_json.dumps(credential))
    if isinstance(credential, str):
        return judge().handed_in(credential.encode("utf-8", "surrogatepass"))
    raise RequestNotUnderstood("Exactly one credential is checked at a time.", pointer="/verifiableCredential")
