"""`POST /api/v1/verify`: takes one credential out of a request, in any of its shapes. It decides nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from credentials import strict_json
from verifier import receiving
from verifier.api import catalogue
from verifier.api.answers import as_json
from verifier.api.operations import described
from verifier.current import judge, surroundings
from verifier.judging import Judged
from verifier.problems import NothingGiven, NotRecognised, RequestNotUnderstood
from verifier.receipts import handed_in
from verifier.surroundings import members

one = Blueprint("api_one", __name__)


@one.post("/api/v1/verify")
@described(catalogue.VERIFY)
def verify() -> Response:
    """Check one credential and return the whole report. Shapes of the request: docs of `what_was_sent`."""
    return as_json(_members(surroundings().complete(what_was_sent(), look=request.args.get("domain") == "1")))


def _members(judged: Judged) -> dict[str, Any]:
    led = {"ledTo": judged.led_to, "ledBy": judged.led_by} if judged.led_to else {}
    return judged.report.to_json() | led | members(judged) | handed_in.member(judged.report)


def what_was_sent() -> Judged:
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
    if kind in catalogue.RAW_TYPES:
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
