"""The verifier's page: takes the input apart, asks the `Judge`, shows the report. It decides nothing."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from verifier import carrying, intake, proof, receiving
from verifier.current import judge, surroundings
from verifier.judging import Judged
from verifier.problems import InputTooLarge, NotRecognised
from verifier.reading.codes import shown
from verifier.receipts import handed_in

pages = Blueprint("verifier", __name__)
#: An address bar's worth; more is not an address.
_MAX_ADDRESS = 2048


@pages.get("/verify")
def form() -> str:
    """Show the form, or with `?url=` check what is at that address."""
    address = request.args.get("url", "").strip()
    return _check_address(address) if address else render_template("verifier/verify.html")


@pages.post("/verify")
def check() -> str:
    """Check what a page of results carries, else an uploaded file, the pasted or shared text, address or short code."""
    if "carried" in request.form:
        return _page(judge().handed_in(carrying.unpack(request.form["carried"])))
    upload = receiving.upload()
    if upload is not None:
        return _page(judge().handed_in(upload))
    text = receiving.typed()
    return _check_address(text.strip()) if intake.address_in(text) else _page(judge().pasted(text))


@pages.post("/verify/domain")
def domain() -> str:
    """Judge the credential that a page of results carries once more, and look up its issuer's domain as now."""
    return _page(judge().handed_in(carrying.unpack(request.form.get("carried", ""))), look=True)


@pages.post("/verify/credential")
def credential() -> Response:
    """Hand back the credential that a page of results carries, as a file. It is not judged again, and never shown."""
    data = carrying.unpack(request.form.get("carried", ""))
    kind = proof.kind_of(data)
    if kind is None:
        raise NotRecognised("What was sent is no credential.")
    answer = Response(data, content_type=kind[2])
    answer.headers["Content-Disposition"] = f'attachment; filename="{kind[1]}"'
    return answer


def _check_address(address: str) -> str:
    bare = intake.without_fragment(address)
    if len(bare) > _MAX_ADDRESS:
        raise InputTooLarge(f"An address longer than {_MAX_ADDRESS} characters is not opened.")
    return _page(judge().at(address), again="/verify?" + urlencode({"url": bare}))


def _page(judged: Judged, *, again: str | None = None, look: bool = False) -> str:
    judged = surroundings().complete(judged, look=look or request.values.get("domain") == "1")
    receipt = handed_in.receipt_in(judged.report)
    if receipt is not None:
        return render_template("verifier/receipt.html", report=judged.report, receipt=receipt)
    return render_template(
        "verifier/result.html",
        report=judged.report,
        check_again=again,
        led_to=shown(judged.led_to) if judged.led_to else None,
        led_by=judged.led_by,
        ladder=judged.ladder,
        warnings=judged.warnings,
        proof=proof.of(judged.report),
    )
