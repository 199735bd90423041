"""Breaks documents at random in the ways that JSON-LD processors differ about, or drop without a word."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

_VALUES: list[Any] = [
    None, [], {}, [[]], [["a"], "b"], "relative", "", "_:b0", "_:", "_:b 0", 7, 0.5, True, "https://ok.example/ x",
    "mailto:a@b.example", "xsd:string", "#fragment", "//host/path", "../up", "@id", "@none", "schema:name", "a:b",
    {"@value": "v"}, {"@value": None}, {"@value": "v", "@language": "EN-us"}, {"@value": "v", "@language": "no such"},
    {"@value": 5, "@type": "http://www.w3.org/2001/XMLSchema#double"}, {"@value": 5, "@language": "en"},
    {"@value": "v", "@type": "https://types.example/T"}, {"@value": "v", "@type": "undefined"}, {"@value": ["a"]},
    {"@value": "v", "@direction": "rtl"}, {"@value": "v", "@direction": "up"}, {"@value": "v", "extra": 1},
    {"@value": {"b": [1, 0.5], "a": "x"}, "@type": "@json"}, {"@value": "v", "@index": "i"}, {"@language": "en"},
    {"@list": ["a", "b"]}, {"@list": []}, {"@set": ["a", "b"]}, {"@list": [{"@list": ["a"]}]}, {"@id": "urn:x"},
    {"@id": "relative"}, {"id": "_:b0"}, {"id": "urn:x", "type": "Profile"}, {"type": "Profile"}, {"type": "None"},
    {"type": ["Profile", "Address"], "addressLocality": "x"}, {"https://schema.org/name": "absolute"},
    {"@graph": [{"https://schema.org/name": "x"}]}, {"@graph": []}, {"@graph": ["dropped"]}, {"@type": "Profile"},
    {"@reverse": {"https://schema.org/knows": {"id": "urn:y"}}}, {"@included": [{"id": "urn:z", "type": "Profile"}]},
    {"@nest": {"https://schema.org/name": "x"}}, {"@context": None, "id": "urn:x"}, ["urn:a", "urn:a"],
    {"@context": "https://w3id.org/security/data-integrity/v2", "id": "urn:x", "type": "DataIntegrityProof"},
    {"@context": "https://www.w3.org/ns/did/v1", "id": "urn:x"}, {"@context": {"a": "urn:a"}, "a": "b"},
]  # fmt: skip
_KEYS = [
    "undefined", "https://schema.org/email", "_:p", "@index", "@id", "id", "@type", "type", "@foo", "", " ", "urn:k",
    "proof", "name", "issuer", "evidence", "relatedResource", "holder", "credentialStatus", "termsOfUse", "@value",
    "xsd:thing", "refreshService", "tag", "achievement", "image", "proofPurpose", "verifiableCredential", "_sd",
    "renderMethod", "digestSRI", "geo", "latitude", "jsonSchema", "@language", "@nest", "@list", "a:b", "k:",
]  # fmt: skip


def mutate(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """A copy of `document` with one to three faults or oddities in it."""
    mutated = copy.deepcopy(document)
    for _ in range(random.randint(1, 3)):
        node = random.choice(_nodes(mutated))
        if isinstance(node, list):
            node.insert(random.randint(0, len(node)), copy.deepcopy(random.choice(_VALUES)))
            continue
        keys = [key for key in node if key != "@context"]
        if keys and random.random() < 0.6:
            _change(node, random.choice(keys), random)
        else:
            node[random.choice(_KEYS)] = copy.deepcopy(random.choice(_VALUES))
    return mutated


def _change(node: dict[str, Any], key: str, random: Random) -> None:
    choice = random.random()
    if choice < 0.7:
        node[key] = copy.deepcopy(random.choice(_VALUES))
    elif choice < 0.8:
        node[key] = [node[key], copy.deepcopy(random.choice(_VALUES))]
    elif choice < 0.9:
        node[random.choice(_KEYS)] = node.pop(key)
    elif key in ("id", "type"):
        node["@" + key] = node.pop(key)


def _nodes(value: Any) -> list[Any]:
    found = [value] if isinstance(value, (dict, list)) else []
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if key != "@context":
            found += _nodes(child)
    return found
