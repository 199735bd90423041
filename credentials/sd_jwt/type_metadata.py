"""Reads the Type Metadata of an SD-JWT VC's type and the types it extends; documents are handed in, none is fetched.

Source: SD-JWT VC, "Type Metadata Format", "Extending Type Metadata", "Claim Metadata".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from credentials import errors, strict_json
from credentials.sd_jwt import integrity

#: Gives the bytes of the Type Metadata document of a `vct`, or None when there is none at hand.
Documents: TypeAlias = Callable[[str], bytes | None]
#: One claim or several: names, positions, and None for every element.
ClaimPath: TypeAlias = tuple[str | int | None, ...]

#: In bytes. The European identity type, with its display in 24 languages, has 90 kB.
MAX_DOCUMENT: Final = 262_144
#: Types in one chain: a general type, a sector's, a country's, an issuer's, and as many again.
MAX_CHAIN: Final = 8
#: Claims that one type describes, with those of the types it extends.
MAX_CLAIMS: Final = 1_000

_SD: Final = ("always", "allowed", "never")
_SVG_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
#: Members of a Type Metadata document, and of one entry of `claims`, with the type of their value.
_MEMBERS: Final = {"name": str, "description": str, "extends": str, "display": list, "claims": list}
_CLAIM_MEMBERS: Final = {"path": list, "display": list, "mandatory": bool, "svg_id": str, "sd": str}


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """What a type says of one claim: `sd` is "always", "allowed" or "never"; `display` is as it was written."""

    path: ClaimPath
    sd: str = "allowed"
    mandatory: bool = False
    svg_id: str | None = None
    display: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class TypeMetadata:
    """A type with all that it inherits. `chain` names it and the types that it extends, the nearest first."""

    vct: str
    chain: tuple[str, ...]
    name: str | None = None
    description: str | None = None
    display: tuple[Mapping[str, Any], ...] = ()
    claims: Mapping[ClaimPath, ClaimRule] = field(default_factory=dict)


def resolve(claims: Mapping[str, Any], documents: Documents) -> TypeMetadata:
    """The type that `claims` name as `vct`, with all that it extends; every `#integrity` on the way is checked.

    Raises `errors.TypeMetadataUnknown`, `errors.TypeMetadataMalformed`, `errors.TypeMetadataIntegrity`,
    `errors.TypeExtendsLimit`, `errors.InvalidJson` and its subclasses.
    """
    read: list[Mapping[str, Any]] = []
    vct, expected = claims.get("vct"), claims.get("vct#integrity")
    while vct is not None:
        if any(document["vct"] == vct for document in read) or len(read) == MAX_CHAIN:
            raise errors.TypeExtendsLimit(f"{len(read)} types, then {str(vct)[:200]!r}")
        document = _document(vct, expected, documents)
        read.append(document)
        vct, expected = document.get("extends"), document.get("extends#integrity")
    if not read:
        raise errors.TypeMetadataUnknown("the claims name no type", pointer="/vct")
    return _merged(read)


def _document(vct: Any, expected: Any, documents: Documents) -> Mapping[str, Any]:
    data = documents(vct) if isinstance(vct, str) else None
    if data is None:
        raise errors.TypeMetadataUnknown(f"no description of the type {str(vct)[:200]!r} is at hand")
    if expected is not None:
        integrity.check(data, expected)
    document = strict_json.loads_object(data, max_bytes=MAX_DOCUMENT)
    if document.get("vct") != vct:
        raise errors.TypeMetadataMalformed(f"it describes another type than {vct[:200]!r}", pointer="/vct")
    _check_members(document, _MEMBERS, "")
    _check_display(document, "name", "")
    return document


def _merged(read: list[Mapping[str, Any]]) -> TypeMetadata:
    """The nearest type's words and display, over the claims of all of them."""
    nearest = read[0]
    rules: dict[ClaimPath, ClaimRule] = {}
    for document in reversed(read):
        _extend(rules, _rules(document))
    svg_ids = [rule.svg_id for rule in rules.values() if rule.svg_id is not None]
    if len(rules) > MAX_CLAIMS or len(set(svg_ids)) != len(svg_ids):
        raise errors.TypeMetadataMalformed(f"more than {MAX_CLAIMS} claims, or two with one svg_id", pointer="/claims")
    display: list[Any] = next((document["display"] for document in read if "display" in document), [])
    chain = tuple(document["vct"] for document in read)
    words = nearest.get("name"), nearest.get("description")
    return TypeMetadata(nearest["vct"], chain, *words, tuple(display), rules)


def _extend(rules: dict[ClaimPath, ClaimRule], own: Mapping[ClaimPath, ClaimRule]) -> None:
    """Put a type's own rules over inherited ones; what the extended type settled stays settled."""
    for path, rule in own.items():
        inherited = rules.get(path)
        if inherited and inherited.sd not in ("allowed", rule.sd):
            raise errors.TypeMetadataMalformed(f"{list(path)!r} was {inherited.sd!r} and becomes {rule.sd!r}")
        if inherited and inherited.mandatory and not rule.mandatory:
            raise errors.TypeMetadataMalformed(f"{list(path)!r} was mandatory and no longer is")
    rules.update(own)


def _rules(document: Mapping[str, Any]) -> dict[ClaimPath, ClaimRule]:
    rules: dict[ClaimPath, ClaimRule] = {}
    for index, entry in enumerate(document.get("claims", [])):
        rule = _rule(entry, f"/claims/{index}")
        if rule.path in rules:
            raise errors.TypeMetadataMalformed("a path occurs twice", pointer=f"/claims/{index}/path")
        rules[rule.path] = rule
    return rules


def _rule(entry: Any, pointer: str) -> ClaimRule:
    if not isinstance(entry, dict):
        raise errors.TypeMetadataMalformed("not an object", pointer=pointer)
    _check_members(entry, _CLAIM_MEMBERS, pointer)
    _check_display(entry, "label", pointer)
    path, sd, svg_id = entry.get("path"), entry.get("sd", "allowed"), entry.get("svg_id")
    if not path or not all(_is_step(step) for step in path):
        raise errors.TypeMetadataMalformed("not a claim path", pointer=f"{pointer}/path")
    if sd not in _SD:
        raise errors.TypeMetadataMalformed(f"sd is none of {', '.join(_SD)}", pointer=f"{pointer}/sd")
    if svg_id is not None and not _SVG_ID.fullmatch(svg_id):
        raise errors.TypeMetadataMalformed("not an svg_id", pointer=f"{pointer}/svg_id")
    return ClaimRule(tuple(path), sd, entry.get("mandatory", False), svg_id, tuple(entry.get("display", ())))


def _is_step(step: Any) -> bool:
    return step is None or isinstance(step, str) or (type(step) is int and step >= 0)


def _check_members(value: Mapping[str, Any], members: Mapping[str, type], pointer: str) -> None:
    for name, kind in members.items():
        if name in value and type(value[name]) is not kind:
            raise errors.TypeMetadataMalformed(f"{name} is not of its type", pointer=f"{pointer}/{name}")


def _check_display(value: Mapping[str, Any], word: str, pointer: str) -> None:
    """Each entry of `display` has a locale and a name in it ("label" for claims); the rest is its reader's."""
    for entry in value.get("display", []):
        if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in ("locale", word)):
            raise errors.TypeMetadataMalformed(f"an entry has no locale or no {word}", pointer=f"{pointer}/display")
