"""HTTP for the VC-API's verifying endpoints: reads the body through the byte gate, answers as docs/vc-api.md says.

200 with `verified: true`, or 400 or 422 as problem details with `verified: false` and everything that was found. No
input leads to anything above 499.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from credentials import problem_details, strict_json
from credentials.errors import PlauditError, PresentationUnsigned
from verifier.api import catalogue
from verifier.api.operations import described
from verifier.current import judge
from verifier.vc_api import asking
from verifier.vc_api.few_fetches import FewFetches
from verifier.vc_api.presenting import Presentations
from verifier.vc_api.proof_only import ProofOnly

surface = Blueprint("vc_api", __name__)

#: Each suite's tools may be pointed at a base of their own; verifying is the same at all of them.
BASES = (
    "/vc-api",
    "/vc-api/eddsa-rdfc-2022",
    "/vc-api/eddsa-jcs-2022",
    "/vc-api/ecdsa-rdfc-2019",
    "/vc-api/ecdsa-jcs-2019",
    "/vc-api/ecdsa-sd-2023",
    "/vc-api/status",
    "/vc-api/vc-jwt",
)


@described(catalogue.VC_API_CREDENTIAL)
def check_credential() -> Response:
    """Verify `{verifiableCredential, options?}`."""
    document, asked = asking.read(request.get_data(cache=False), "verifiableCredential")
    verifier = _verifier()
    checks = verifier.check_credential(document, asked)
    return _confirmed(checks, warnings=list(verifier.warnings(document)))


@described(catalogue.VC_API_PRESENTATION)
def check_presentation() -> Response:
    """Verify `{verifiablePresentation, options?}`."""
    document, asked = asking.read(request.get_data(cache=False), "verifiablePresentation")
    shown = Presentations(_verifier()).check(document, asked)
    unsigned = PresentationUnsigned("nothing shows who presents it, and it answers no challenge")
    warnings = [] if shown.signed else problem_details.details(unsigned)
    return _confirmed(list(shown.checks), holder=shown.holder, warnings=warnings)


for _base in BASES:
    _name = _base.removeprefix("/vc-api").strip("/") or "any"
    surface.add_url_rule(f"{_base}/credentials/verify", f"credential-{_name}", check_credential, methods=["POST"])
    surface.add_url_rule(f"{_base}/presentations/verify", f"presentation-{_name}", check_presentation, methods=["POST"])


@surface.errorhandler(PlauditError)
def _refused(problem: PlauditError) -> Response:
    body = problem_details.body(problem, verified=False)
    return Response(strict_json.dumps(body), body["status"], content_type="application/problem+json")


def _verifier() -> ProofOnly:
    return ProofOnly(FewFetches(judge().fetcher), judge().clock())


def _confirmed(checks: list[str], **more: Any) -> Response:
    body = {"verified": True, "checks": checks, **more, "problemDetails": []}
    return Response(strict_json.dumps(body), content_type="application/json")
