"""The shape of a credential in version 2.0 of the data model; what its words mean is not looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from credentials.findings import Finding
from credentials.vcdm import related, shapes

#: Yields the breaches of one rule in a credential.
Rule = Callable[[Mapping[str, Any]], Iterable[Finding]]

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
    return [finding for _, rule in _RULES for finding in rule(document)]


def rules_about(members: Collection[str]) -> tuple[Rule, ...]:
    """The rules that a credential may break which was good, and of which only these members changed."""
    typed = {name: needs_id for name, needs_id in _TYPED.items() if name in members}
    return tuple(
        partial(shapes.check_typed, demands=typed) if rule is _check_typed else rule
        for read, rule in _RULES
        if not read.isdisjoint(members)
    )


def _check_context(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_context(document, shapes.CONTEXT)


def _check_type(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_type(document, "VerifiableCredential")


def _check_period(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_period(document, "validFrom", "validUntil")


def _check_typed(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_typed(document, _TYPED)


#: With the members that each of them reads.
_RULES: Final[tuple[tuple[frozenset[str], Rule], ...]] = (
    (frozenset({"@context"}), _check_context),
    (frozenset({"type"}), _check_type),
    (frozenset({"id"}), shapes.check_id),
    (frozenset({"issuer"}), shapes.check_issuer),
    (frozenset({"credentialSubject"}), shapes.check_subject),
    (frozenset({"validFrom", "validUntil"}), _check_period),
    (frozenset(_TYPED), _check_typed),
    (frozenset({"name", "description"}), shapes.check_texts),
    (frozenset({"relatedResource"}), related.check),
)
