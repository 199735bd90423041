"""The shapes of answers as JSON Schema, out of the classes that the answers are made of. It judges nothing.

Words that a report may hold come from its enumerations, and the fields of a record from its dataclasses, so that what
is added there is described here. A test validates real answers against these shapes with nothing more allowed in them.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Final, Union

import credentials.errors
import verifier.problems
from credentials.errors import PlauditError
from credentials.model import DOMAIN_PROOFS
from credentials.verify import content
from credentials.verify.judgements import Alignment
from credentials.verify.report import Outcome, Verdict
from verifier.failures import status_of

Json = dict[str, Any]
TEXT: Final[Json] = {"type": "string"}
NUMBER: Final[Json] = {"type": "integer"}
MOMENT: Final[Json] = {"type": "string", "format": "date-time"}
_PLAIN: Final[Mapping[Any, Json]] = {str: TEXT, int: NUMBER, bool: {"type": "boolean"}, datetime: MOMENT, Any: {}}
#: What a table's row says where there is no verdict.
_NO_VERDICT: Final = ("no_credential", "not_opened", "not_checked")


def ref(name: str) -> Json:
    """A reference to a shape by name."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(item: Json) -> Json:
    """A list of such items."""
    return {"type": "array", "items": item}


def or_null(shape: Json) -> Json:
    """Such a value, or null."""
    return {"anyOf": [shape, {"type": "null"}]}


def members(shapes: Mapping[str, Json], *, optional: tuple[str, ...] = ()) -> Json:
    """An object with these members."""
    needed = [name for name in shapes if name not in optional]
    return {"type": "object", "properties": dict(shapes), "required": needed}


def all_shapes() -> dict[str, Json]:
    """Every named shape."""
    return {
        "Report": _report(),
        "Check": _check(),
        "Credential": _fields(content.VerifiedCredential, but=("document", "skills", "alignments"))
        | {"description": "What the confirmed credential says. Members without a value are left out."},
        "Endorsement": _endorsement(),
        "Notice": _notice(),
        "IssuerDomain": _issuer_domain(),
        "Warning": members({"kind": TEXT, "sentence": TEXT, "details": {"type": "object"}})
        | {"description": "A name near a known issuer's, to compare before relying on it. It changes no verdict."},
        "Row": _row(),
        "Table": _table(),
        "Resume": _resume(),
        "IssuerKeys": _issuer_keys(),
        "Confirmed": _confirmed(),
        "Problem": problem(),
    }


def _report() -> Json:
    verdicts = [verdict.id for verdict in Verdict]
    shape = members(
        {
            "verdict": {"enum": verdicts, "description": "The worst of the reasons."},
            "word": TEXT,
            "tone": {"enum": _tones()},
            "headline": TEXT,
            "remedy": TEXT,
            "reasons": {**listed({"enum": verdicts}), "minItems": 1},
            "checkedAt": MOMENT,
            "checks": {**listed(ref("Check")), "minItems": 1},
            "credential": or_null(ref("Credential")),
            "notice": ref("Notice"),
            "endorsements": listed(ref("Endorsement")),
            "ledTo": {**TEXT, "description": "The address that a code, a short code or a page led to."},
            "ledBy": {**TEXT, "description": "What led there."},
            "issuerDomain": or_null(ref("IssuerDomain")),
            "warnings": listed(ref("Warning")),
        },
        optional=("notice", "ledTo", "ledBy", "issuerDomain", "warnings"),
    )
    return shape | {"description": "The verdict on one credential, with every check that was done or not."}


def _tones() -> list[str]:
    return list(dict.fromkeys(verdict.tone for verdict in Verdict))


def _check() -> Json:
    return members(
        {
            "number": NUMBER,
            "id": TEXT,
            "title": TEXT,
            "outcome": {"enum": [outcome.value for outcome in Outcome]},
            "code": or_null(TEXT),
            "type": {**or_null({**TEXT, "format": "uri"}), "description": "The problem type of the code (RFC 9457)."},
            "sentence": TEXT,
            "remedy": TEXT,
            "details": {"type": "object"},
        }
    )


def _endorsement() -> Json:
    return members(
        {
            "outcome": {"enum": [outcome.value for outcome in Outcome]},
            "code": or_null(TEXT),
            "sentence": TEXT,
            "about": or_null(TEXT),
            "by": or_null(ref("Credential")),
            "comment": or_null(TEXT),
            "checks": listed(ref("Check")),
        }
    )


def _notice() -> Json:
    changes = listed({"type": "object"})
    shapes = {"kind": TEXT, "date": MOMENT, "reason": TEXT, "changes": changes, "link": TEXT}
    return members(shapes, optional=("reason", "changes", "link"))


def _issuer_domain() -> Json:
    rung = members(
        {
            "id": TEXT,
            "title": TEXT,
            "outcome": {"enum": [outcome.value for outcome in Outcome]},
            "sentence": TEXT,
            "checkedAt": or_null(MOMENT),
            "statedWhenSigned": {"type": "boolean"},
            "details": {"type": "object"},
        }
    )
    signed = members({"proof": or_null({"enum": list(DOMAIN_PROOFS)}), "sentence": TEXT, "at": or_null(MOMENT)})
    looked = {"type": "boolean", "description": "Whether the rungs are as now; asked for with `domain=1`."}
    return members({"domain": or_null(TEXT), "whenSigned": signed, "lookedUp": looked, "rungs": listed(rung)})


def _row() -> Json:
    shapes = {
        "number": NUMBER,
        "given": TEXT,
        "verdict": {"enum": [*(verdict.id for verdict in Verdict), *_NO_VERDICT]},
        "word": TEXT,
        "tone": {"enum": _tones()},
        **dict.fromkeys(("who", "student", "what"), TEXT),
        "hours": or_null(TEXT),
        "dates": TEXT,
        "places": listed({"type": "object"}),
        "reason": TEXT,
        "remedy": TEXT,
        "code": TEXT,
        "report": ref("Report"),
    }
    return members(shapes, optional=("code", "report"))


def _table() -> Json:
    summary = {"type": "object", "additionalProperties": NUMBER, "description": "How often each word stands there."}
    return members({"count": NUMBER, "summary": summary, "leftOut": NUMBER, "results": listed(ref("Row"))})


def _resume() -> Json:
    rows = {"claims": listed(ref("Row")), "notOpened": listed(ref("Row"))}
    return members({**rows, **dict.fromkeys(("linksOpened", "linksLeftOut", "pages", "pagesRead"), NUMBER)})


def _issuer_keys() -> Json:
    key = members(
        {"hint": TEXT, "id": TEXT, "algorithm": TEXT, "jwk": {"type": "object"}, "revoked": MOMENT, "expires": MOMENT},
        optional=("revoked", "expires"),
    )
    return members({"issuer": TEXT, "asOf": MOMENT, "keys": listed(key)})


def _confirmed() -> Json:
    shapes = {
        "verified": {"const": True},
        "checks": listed(TEXT),
        "holder": or_null(TEXT),
        "warnings": listed({"type": "object"}),
        "problemDetails": listed({"type": "object"}),
    }
    return members(shapes, optional=("holder",))


# -- problems


def problem() -> Json:
    """Problem details (RFC 9457). `code` is stable; each is explained at its `type`."""
    shapes = {
        "type": {**TEXT, "format": "uri-reference"},
        "title": TEXT,
        "status": NUMBER,
        "detail": TEXT,
        "instance": TEXT,
        "code": {"enum": sorted({one.code for one in kinds()})},
        "remedy": TEXT,
        "pointer": {**TEXT, "description": "Where in the input, as a JSON Pointer."},
        "verified": {"const": False},
        "problemDetails": listed({"type": "object"}),
    }
    optional = ("instance", "code", "remedy", "pointer", "verified", "problemDetails")
    return members(shapes, optional=optional)


def kinds() -> Iterator[type[PlauditError]]:
    """Every kind of problem that the verifier can name."""
    for module in (credentials.errors, verifier.problems):
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, PlauditError) and found.__dict__.get("code"):
                yield found


def codes_with(status: int) -> list[str]:
    """The codes of problems that are answered with this status."""
    return sorted({kind.code for kind in kinds() if status_of(kind.__new__(kind)) == status})


# -- dataclasses


def _fields(kind: type, *, but: tuple[str, ...] = ()) -> Json:
    """A dataclass as an object: names in camel case, everything optional, as empty members are left out."""
    hints = typing.get_type_hints(kind)
    chosen = [one.name for one in dataclasses.fields(kind) if one.name not in but]
    shapes = {_camel(name): _shape(hints[name]) for name in chosen}
    if kind is content.VerifiedCredential:
        shapes["skills"] = listed(_shape(Alignment))
    return {"type": "object", "properties": shapes}


def _shape(kind: Any) -> Json:
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return or_null(_shape(next(one for one in arguments if one is not types.NoneType)))
    if origin is tuple:
        return listed(_shape(arguments[0]))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {"enum": [one.value for one in kind]}
    if dataclasses.is_dataclass(kind):
        return _fields(typing.cast(type, kind))
    return {}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
