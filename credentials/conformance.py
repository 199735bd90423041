"""What the VC-API surface asks of a document before anything is signed or believed. It checks no signature.

The data model's rules come first, then JSON-LD without loss. Unlike the public verifier, this surface lets a document
bring contexts of its own: the data model allows it, and other people's tools do it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from credentials import errors, findings, jsonld, vcdm
from credentials.findings import Finding


def check_credential(document: Mapping[str, Any]) -> None:
    """Check a credential, with or without proofs.

    Raises `errors.NotConformant`, `errors.BaseRefused`, and what `jsonld.to_quads` raises for terms and types that no
    context maps, protected terms that are defined anew, unknown contexts and whatever else would be lost.
    """
    _check(document, vcdm.check)


def check_presentation(document: Mapping[str, Any]) -> None:
    """Check a presentation and the credentials in it, with or without proofs; raises as `check_credential` does."""
    _check(document, vcdm.check_presentation)


def _check(document: Mapping[str, Any], rules: Callable[[Mapping[str, Any]], list[Finding]]) -> None:
    found = rules(document)
    if found:
        raise errors.NotConformant(found[: findings.MAX_FINDINGS])
    _refuse_base(document)
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    jsonld.to_quads(unsecured, allow_inline_contexts=True)


def _refuse_base(value: Any, *, in_context: bool = False) -> None:
    """No context at any depth sets `@base`; the depth was bounded by the byte gate."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if in_context and name == "@base":
                raise errors.BaseRefused("a context in the document sets @base", pointer="/@context")
            _refuse_base(item, in_context=in_context or name == "@context")
    elif isinstance(value, list):
        for item in value:
            _refuse_base(item, in_context=in_context)
