"""The shape of a credential in version 1.1 of the data model; what its words mean is not looked at.

It differs from 2.0 in its first context, in the names of its two moments, of which the first is demanded, and in that
a status and a refresh service have an id. Section numbers are those of VCDM 1.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from credentials.findings import Finding
from credentials.vcdm import shapes

#: Members with typed objects (4.9, 5.4, 5.5, 5.6) and whether an id is demanded.
_TYPED: Final = {
    "credentialStatus": True,
    "credentialSchema": True,
    "refreshService": True,
    "termsOfUse": False,
    "evidence": False,
}


def check(document: Mapping[str, Any]) -> list[Finding]:
    """Every breach of VCDM 1.1 in the credential `document`, in the order of the rules; an empty list is good."""
    return [finding for rule in _RULES for finding in rule(document)]


def _check_context(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_context(document, shapes.OLD_CONTEXT)


def _check_type(document: Mapping[str, Any]) -> Iterator[Finding]:
    return shapes.check_type(document, "VerifiableCredential")


def _check_period(document: Mapping[str, Any]) -> Iterator[Finding]:
    """4.6 and 4.7: issuanceDate is demanded."""
    if "issuanceDate" not in document:
        yield Finding("/issuanceDate", "missing", "This is required and is missing.")
    yield from shapes.check_period(document, "issuanceDate", "expirationDate")


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
)
