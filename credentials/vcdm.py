"""The rules of the Verifiable Credentials Data Model 2.0 about the shape of a credential; no JSON-LD, no signatures.

`check` lists every breach, so that an issuer can mend all of them at once. Section numbers are those of VCDM 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from credentials import errors, timestamps
from credentials.findings import Finding

CONTEXT = "https://www.w3.org/ns/credentials/v2"
OLD_CONTEXT = "https://www.w3.org/2018/credentials/v1"

#: An absolute URL with a scheme and nothing that an IRI must not hold (RFC 3987; N-Quads could not write it).
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)

#: Members whose value is one object or several, each with a type (4.4 to 4.13), and whether an id is demanded.
_TYPED = {
    "credentialStatus": False,
    "termsOfUse": False,
    "evidence": False,
    "refreshService": False,
    "credentialSchema": True,
}


def is_url(value: Any) -> bool:
    """Is `value` one absolute URL, as VCDM demands of ids?"""
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def check(document: Mapping[str, Any]) -> list[Finding]:
    """Every breach of the data model in `document`, in the order of its rules; an empty list is good."""
    return [finding for rule in _RULES for finding in rule(document)]


def issuer_id(document: Mapping[str, Any]) -> str | None:
    """The issuer's id, written plainly or in an object; None when there is none (4.7)."""
    issuer = document.get("issuer")
    value = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    return value if isinstance(value, str) else None


def types(document: Mapping[str, Any]) -> list[Any]:
    """The value of `type` as a list, whether one was written or several."""
    return as_list(document.get("type", []))


def as_list(value: Any) -> list[Any]:
    """A single value as a list of one."""
    return value if isinstance(value, list) else [value]


def _check_context(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.3: an ordered set that starts with the context of the data model."""
    context = document.get("@context")
    if not isinstance(context, list) or not context:
        yield Finding("/@context", "context_malformed", "@context must be a list that starts with the VC 2.0 context.")
    elif context[0] != CONTEXT:
        yield Finding("/@context/0", "context_malformed", f"The first context must be {CONTEXT}.")
    elif not all(isinstance(item, (str, dict)) for item in context):
        yield Finding("/@context", "context_malformed", "A context must be a URL or an object.")


def _check_type(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.5."""
    found = types(document)
    if not all(isinstance(item, str) and item for item in found):
        yield Finding("/type", "wrong_type", "type must be text, or a list of texts.")
    elif "VerifiableCredential" not in found:
        yield Finding("/type", "missing", "type must include VerifiableCredential.")


def _check_id(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.4: optional, one URL."""
    if "id" in document and not is_url(document["id"]):
        yield Finding("/id", "malformed", "id must be one URL.")


def _check_issuer(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.7: a URL, or an object that has one as its id."""
    issuer = document.get("issuer")
    if "issuer" not in document:
        yield Finding("/issuer", "missing", "This is required and is missing.")
    elif isinstance(issuer, Mapping):
        if not is_url(issuer.get("id")):
            yield Finding("/issuer/id", "malformed", "The issuer's id must be a URL.")
        yield from _check_texts(issuer, "/issuer")
    elif not is_url(issuer):
        yield Finding("/issuer", "malformed", "issuer must be a URL or an object with one.")


def _check_subject(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.8: one object or several, each claiming something."""
    if "credentialSubject" not in document:
        yield Finding("/credentialSubject", "missing", "This is required and is missing.")
        return
    subjects = as_list(document["credentialSubject"])
    if not subjects:
        yield Finding("/credentialSubject", "empty", "There must be a subject.")
    for subject in subjects:
        if not isinstance(subject, Mapping) or not subject:
            yield Finding("/credentialSubject", "malformed", "A subject must be an object that says something.")
        elif "id" in subject and not is_url(subject["id"]):
            yield Finding("/credentialSubject/id", "malformed", "A subject's id must be a URL.")


def _check_dates(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.9: dateTimeStamps, and the end not before the start."""
    moments = {}
    for name in ("validFrom", "validUntil"):
        if name in document:
            try:
                moments[name] = timestamps.parse(document[name])
            except errors.MalformedTimestamp:
                yield Finding(f"/{name}", "timestamp", f"{name} must be a date and time with a zone.")
    if len(moments) == 2 and moments["validUntil"] < moments["validFrom"]:
        yield Finding("/validUntil", "before_start", "validUntil is before validFrom.")


def _check_typed(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.10 to 4.13, 5.4: each of these objects says what it is."""
    for name, needs_id in _TYPED.items():
        if name not in document:
            continue
        for item in as_list(document[name]):
            if not isinstance(item, Mapping):
                yield Finding(f"/{name}", "wrong_type", f"{name} must be an object.")
                continue
            kinds = types(item)
            if not kinds or not all(isinstance(kind, str) and kind for kind in kinds):
                yield Finding(f"/{name}/type", "missing", f"{name} must have a type.")
            if (needs_id or "id" in item) and not is_url(item.get("id")):
                yield Finding(f"/{name}/id", "malformed", f"The id of {name} must be one URL.")


def _check_names(document: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _check_texts(document, "")


def _check_texts(holder: Mapping[str, Any], where: str) -> Iterator[Finding]:
    """11.1: name and description are text, or language value objects."""
    for name in ("name", "description"):
        if name in holder and not all(_is_text(item) for item in as_list(holder[name])):
            yield Finding(f"{where}/{name}", "malformed", f"{name} must be text, or text with a language.")


def _is_text(value: Any) -> bool:
    if isinstance(value, str):
        return True
    if not isinstance(value, Mapping) or not isinstance(value.get("@value"), str):
        return False
    language, direction = value.get("@language"), value.get("@direction")
    return (
        set(value) <= {"@value", "@language", "@direction"}
        and ("@language" not in value or (isinstance(language, str) and _LANGUAGE.fullmatch(language) is not None))
        and ("@direction" not in value or direction in ("ltr", "rtl"))
    )


def _check_related(document: Mapping[str, Any]) -> Iterator[Finding]:
    """5.3: each related resource is named once and has a digest."""
    seen: set[str] = set()
    for item in as_list(document.get("relatedResource", [])):
        identifier = item.get("id") if isinstance(item, Mapping) else None
        if not isinstance(identifier, str) or not is_url(identifier):
            yield Finding("/relatedResource", "malformed", "A related resource must be an object with a URL as id.")
        elif identifier in seen:
            yield Finding("/relatedResource", "repeated", "A related resource is listed twice.")
        elif not isinstance(item.get("digestSRI", item.get("digestMultibase")), str):
            yield Finding("/relatedResource", "missing", "A related resource must have a digest.")
        else:
            seen.add(identifier)


_RULES: tuple[Callable[[Mapping[str, Any]], Iterator[Finding]], ...] = (
    _check_context,
    _check_type,
    _check_id,
    _check_issuer,
    _check_subject,
    _check_dates,
    _check_typed,
    _check_names,
    _check_related,
)
