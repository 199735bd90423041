"""The shape of a credential in version 2.0 of the data model; what its words mean is not looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from credentials.findings import Finding
from credentials.vcdm import related, shapes

#: Members whose value is one object or several, each with a type (4.4 to 4.13, 5.10), and whether an id is demanded.
_TYPED: Final = {
    "credentialStatus": False,
    "termsOfUse": False,
    "evidence": False,
    "refreshService": False,
    "credentialSchema": True,
    "confidenceMethod": False,
    "renderMethod": False,
}


def check(document: Mapping[str, Any]) -> list[Finding]:
    """Every breach of VCDM 2.0 in the credential `document`, in the order of the rules; an empty list is good."""
    return [finding for rule in _RULES for finding in rule(document)]


def _check_context(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_context(document, shapes.CONTEXT)


def _check_type(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_type(document, "VerifiableCredential")


def _check_period(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_period(document, "validFrom", "validUntil")


def _check_typed(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_typed(document, _TYPED)


_RULES: Final[tuple[Callable[[Mapping[str, Any]], Iterator[Finding]], ...]] = (
    _check_context,
    _check_type,
    shapes.check_id,
    shapes.check_issuer,
    shapes.check_subject,
    _check_period,
    _check_typed,
    shapes.check_texts,
    related.check,
)
