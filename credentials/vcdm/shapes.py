"""The parts that both versions of the data model build on: URLs, types, contexts, texts, typed objects.

Section numbers are those of VCDM 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from credentials import errors, timestamps
from credentials.findings import Finding

CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
OLD_CONTEXT: Final = "https://www.w3.org/2018/credentials/v1"

#: An absolute URL with a scheme and nothing that an IRI must not hold (RFC 3987; N-Quads could not write it).
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`\x7f]+", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)


def is_url(value: Any) -> bool:
    """Is `value` one absolute URL, as VCDM demands of ids?"""
    return isinstance(value, str) and _URL.fullmatch(value) is not None


def is_version_1(document: Mapping[str, Any]) -> bool:
    """Does the first context say that `document` is written in version 1.1 of the data model?"""
    return as_list(document.get("@context"))[:1] == [OLD_CONTEXT]


def issuer_id(document: Mapping[str, Any]) -> str | None:
    """The issuer's id, written plainly or in an object; None when there is none (4.7)."""
    return id_of(document.get("issuer"))


def id_of(value: Any) -> str | None:
    """The id of something that is named by its id alone or is an object with one; None when there is none."""
    found = value.get("id") if isinstance(value, Mapping) else value
    return found if isinstance(found, str) else None


def types(document: Mapping[str, Any]) -> list[Any]:
    """The value of `type` as a list, whether one was written or several."""
    return as_list(document.get("type", []))


def as_list(value: Any) -> list[Any]:
    """A single value as a list of one."""
    return value if isinstance(value, list) else [value]


def check_context(document: Mapping[str, Any], first: str) -> Iterator[Finding]:
    """4.3: an ordered set that starts with the context of the data model."""
    context = document.get("@context")
    if not isinstance(context, list) or not context:
        yield Finding("/@context", "context_malformed", f"@context must be a list that starts with {first}.")
    elif context[0] != first:
        yield Finding("/@context/0", "context_malformed", f"The first context must be {first}.")
    elif not all(isinstance(item, (str, dict)) for item in context):
        yield Finding("/@context", "context_malformed", "A context must be a URL or an object.")


def check_type(document: Mapping[str, Any], demanded: str) -> Iterator[Finding]:
    """4.5: texts, one of which says what the document is."""
    found = types(document)
    if not all(isinstance(item, str) and item for item in found):
        yield Finding("/type", "wrong_type", "type must be text, or a list of texts.")
    elif demanded not in found:
        yield Finding("/type", "missing", f"type must include {demanded}.")


def check_id(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.4: optional, one URL."""
    if "id" in document and not is_url(document["id"]):
        yield Finding("/id", "malformed", "id must be one URL.")


def check_named(document: Mapping[str, Any], name: str) -> Iterator[Finding]:
    """4.7, 4.13: an issuer or holder is a URL, or an object that has one as its id."""
    value = document[name]
    if isinstance(value, Mapping):
        if not is_url(value.get("id")):
            yield Finding(f"/{name}/id", "malformed", f"The id of {name} must be a URL.")
        yield from check_texts(value, f"/{name}")
    elif not is_url(value):
        yield Finding(f"/{name}", "malformed", f"{name} must be a URL or an object with one.")


def check_issuer(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.7: demanded."""
    if "issuer" not in document:
        yield Finding("/issuer", "missing", "This is required and is missing.")
    else:
        yield from check_named(document, "issuer")


def check_subject(document: Mapping[str, Any]) -> Iterator[Finding]:
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


def check_period(document: Mapping[str, Any], start: str, end: str) -> Iterator[Finding]:
    """4.9: dateTimeStamps, and the end not before the start."""
    moments = {}
    for name in (start, end):
        if name in document:
            try:
                moments[name] = timestamps.parse(document[name])
            except errors.MalformedTimestamp:
                yield Finding(f"/{name}", "timestamp", f"{name} must be a date and time with a zone.")
    if len(moments) == 2 and moments[end] < moments[start]:
        yield Finding(f"/{end}", "before_start", f"{end} is before {start}.")


def check_typed(document: Mapping[str, Any], demands: Mapping[str, bool]) -> Iterator[Finding]:
    """4.10 to 4.13, 5.4: each of these objects says what it is; `demands` tells whether it must have an id, too."""
    for name, needs_id in demands.items():
        if name not in document:
            continue
        for item in as_list(document[name]):
            if not isinstance(item, dict):
                yield Finding(f"/{name}", "wrong_type", f"{name} must be an object.")
                continue
            if not _is_named_kind(item.get("type")):
                yield Finding(f"/{name}/type", "missing", f"{name} must have a type.")
            if (needs_id or "id" in item) and not is_url(item.get("id")):
                yield Finding(f"/{name}/id", "malformed", f"The id of {name} must be one URL.")


def _is_named_kind(kinds: Any) -> bool:
    """One text or several, none of them empty."""
    if type(kinds) is not list:
        return isinstance(kinds, str) and kinds != ""
    for kind in kinds:
        if not isinstance(kind, str) or not kind:
            return False
    return kinds != []


def check_proofs(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.12, Data Integrity 1.0, 2.1: where there are proofs, each is an object that says what it is."""
    if "proof" not in document:
        return
    for proof in as_list(document["proof"]) or [None]:
        if not isinstance(proof, Mapping):
            yield Finding("/proof", "wrong_type", "A proof must be an object.")
        elif not isinstance(proof.get("type"), str) or not proof["type"]:
            yield Finding("/proof/type", "missing", "A proof must have a type.")


def check_texts(holder: Mapping[str, Any], where: str = "") -> Iterator[Finding]:
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
