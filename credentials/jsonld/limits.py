"""What a document may cost before any of it is interpreted: levels, nodes, contexts. It knows no term's meaning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import schemas
from credentials import errors

#: Levels of nesting; as many as the byte gate reads.
MAX_DEPTH: Final = 32
#: Objects in one document. An Open Badges credential has 10 to 60; a presentation of ten of them some hundreds.
MAX_OBJECTS: Final = 2_000
#: Values in one document: what 2,000 objects with a dozen members each would hold.
MAX_VALUES: Final = 25_000
#: Entries of one @context. Each combination costs some milliseconds to compile.
MAX_CONTEXTS: Final = 12
#: Entries of all @contexts of one document together.
MAX_ALL_CONTEXTS: Final = 60


def pointer(*steps: str | int) -> str:
    """The JSON pointer (RFC 6901) made of these steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def check(document: object) -> errors.InlineContextRefused | None:
    """Refuse a document that is not an object or exceeds a limit: `errors.MalformedJsonLd`, `errors.JsonLdLimit`.

    Also checks every @context in it, as `check_contexts` does.
    """
    if not isinstance(document, Mapping):
        raise errors.MalformedJsonLd("the document is not a JSON object")
    contexts = _counted([document])
    if "@context" in document and all(map(_all_pinned, contexts)) and sum(map(len, contexts)) <= MAX_ALL_CONTEXTS:
        return None
    return check_contexts(document)


def _counted(level: list[Any]) -> list[Any]:
    """Count levels, objects and values; return every @context met, inside JSON literals too."""
    contexts: list[Any] = []
    objects = values = depth = 0
    while level:
        if depth > MAX_DEPTH:
            raise errors.JsonLdLimit(f"nested deeper than {MAX_DEPTH}")
        depth += 1
        below: list[Any] = []
        for item in level:
            values += len(item)
            if type(item) is list:
                below += [child for child in item if type(child) is dict or type(child) is list]
                continue
            objects += 1
            if "@context" in item:
                value = item["@context"]
                contexts.append([value] if type(value) is str else value)
            below += [child for child in item.values() if type(child) is dict or type(child) is list]
        if objects > MAX_OBJECTS or values > MAX_VALUES:
            raise errors.JsonLdLimit(f"more than {MAX_OBJECTS} objects or {MAX_VALUES} values")
        level = below
    return contexts


def _all_pinned(value: Any) -> bool:
    """Say whether a @context is a list of pinned URLs, not too long; whatever else it is, `_check_context` words."""
    if type(value) is not list or not 0 < len(value) <= MAX_CONTEXTS:
        return False
    known = _pinned()
    return all(type(url) is str and url in known for url in value)


@cache
def _pinned() -> frozenset[str]:
    return frozenset(schemas.contexts())


def check_contexts(document: Mapping[str, Any]) -> errors.InlineContextRefused | None:
    """Check every @context in the document; return the refusal of the first inline one, for the caller to decide on.

    Raises `errors.MalformedContext`, `errors.ContextNotKnown` and `errors.JsonLdLimit`.
    """
    if "@context" not in document:
        raise errors.MalformedContext("@context is missing", pointer="/@context")
    inline: errors.InlineContextRefused | None = None
    total = 0
    places: list[tuple[str, Any]] = [("", document)]
    while places:
        place, item = places.pop()
        if type(item) is list:
            places += [(f"{place}/{index}", child) for index, child in enumerate(item) if type(child) in (dict, list)]
            continue
        for name, child in item.items():
            if name == "@context":
                count, found = _check_context(child, pointer=f"{place}/@context")
                total += count
                inline = inline or found
            elif type(child) is dict or type(child) is list:
                places.append((place + pointer(name), child))
    if total > MAX_ALL_CONTEXTS:
        raise errors.JsonLdLimit(f"{total} contexts; at most {MAX_ALL_CONTEXTS} in one document")
    return inline


def _check_context(value: Any, *, pointer: str) -> tuple[int, errors.InlineContextRefused | None]:
    entries = value if isinstance(value, list) else [value]
    if not entries or value is None:
        raise errors.MalformedContext("@context is empty", pointer=pointer)
    if len(entries) > MAX_CONTEXTS:
        raise errors.JsonLdLimit(f"{len(entries)} contexts; at most {MAX_CONTEXTS} in one @context", pointer=pointer)
    inline = None
    for index, entry in enumerate(entries):
        here = f"{pointer}/{index}" if isinstance(value, list) else pointer
        if isinstance(entry, str):
            if entry not in _pinned():
                raise errors.ContextNotKnown(f"the context {entry[:200]} is not known here", pointer=here)
        elif isinstance(entry, dict) and entry:
            _check_nested_urls(entry, here)
            inline = inline or errors.InlineContextRefused("a context is written into the document", pointer=here)
        else:
            raise errors.MalformedContext("a context is neither a URL nor an object", pointer=here)
    return len(entries), inline


def _check_nested_urls(definition: Any, here: str) -> None:
    """An inline context may itself name URLs: @import, and @context of a scoped definition."""
    for name, value in definition.items():
        if name == "@import" and not isinstance(value, str):
            raise errors.MalformedContext("@import is not a URL", pointer=here)
        if name == "@import" or (name == "@context" and isinstance(value, str)):
            if value not in _pinned():
                raise errors.ContextNotKnown(f"the context {str(value)[:200]} is not known here", pointer=here)
        elif isinstance(value, dict):
            _check_nested_urls(value, here)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    _check_nested_urls(item, here)
                elif name == "@context" and isinstance(item, str) and item not in _pinned():
                    raise errors.ContextNotKnown(f"the context {item[:200]} is not known here", pointer=here)
