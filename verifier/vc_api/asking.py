"""Reads the requests of the VC-API's verifying endpoints into one typed object; judges nothing.

Source: VC-API, verifying endpoints (verifyCredential, verifyPresentation) and the options of Data Integrity 1.0, 4.4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials import strict_json
from verifier.problems import RequestNotUnderstood

#: What `options.checks` may ask for, and what each word asks. Other words ask for nothing that is done here.
_PROOF = ("proof",)
_STATUS = ("credentialStatus", "status")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller wants checked. Where nothing is named, everything is.

    `purpose` None: the usual one of the document. `challenge` and `domain` None: not asked.
    """

    proof: bool = True
    status: bool = True
    #: The caller named the proof, so what has none is refused.
    proof_named: bool = False
    purpose: str | None = None
    challenge: str | None = None
    domain: str | None = None


def read(data: bytes, member: str) -> tuple[Mapping[str, Any], Asked]:
    """The document under `member` of a request body, and what was asked of it.

    Raises what `strict_json.loads_object` raises, and `RequestNotUnderstood` for other shapes: a credential that is
    text, for one, is no credential.
    """
    body = strict_json.loads_object(data)
    document = body.get(member)
    if not isinstance(document, dict):
        raise RequestNotUnderstood(f"{member} is not an object.", pointer=f"/{member}")
    return document, _asked(body.get("options", {}))


def _asked(options: Any) -> Asked:
    if not isinstance(options, dict):
        raise RequestNotUnderstood("options is not an object.", pointer="/options")
    checks = options.get("checks")
    if checks is None:
        checks = [*_PROOF, *_STATUS]
    elif not isinstance(checks, list) or not all(isinstance(check, str) for check in checks):
        raise RequestNotUnderstood("checks is not a list of texts.", pointer="/options/checks")
    return Asked(
        proof=any(word in checks for word in _PROOF),
        status=any(word in checks for word in _STATUS),
        proof_named="proof" in (options.get("checks") or ()),
        purpose=_text(options, "expectedProofPurpose"),
        challenge=_text(options, "challenge"),
        domain=_text(options, "domain"),
    )


def _text(options: Mapping[str, Any], name: str) -> str | None:
    value = options.get(name)
    if value is not None and (not isinstance(value, str) or not value):
        raise RequestNotUnderstood(f"{name} is not text.", pointer=f"/options/{name}")
    return value
