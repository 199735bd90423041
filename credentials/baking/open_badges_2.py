"""Recognises Open Badges 2.0 assertions, hosted and signed, so that nobody calls them invalid; it checks none.

An assertion of that generation is confirmed by the site that issued it: a hosted one is what that site serves at its
id, a signed one names there the key it is signed with. Source: Open Badges 2.0, "Assertion" and "Verification".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, multibase, strict_json, vcdm

_CONTEXT: Final = "https://w3id.org/openbadges/v2"
#: Values of `verification.type`, which may be written with or without their prefix.
_SIGNED: Final = ("SignedBadge", "signed")


@dataclass(frozen=True, slots=True)
class Assertion:
    """What was recognised: `id` is the address at the issuing site when `signed` is false, and may be any IRI else."""

    id: str | None
    signed: bool


def recognise_open_badges_2(document: Mapping[str, Any] | bytes) -> Assertion | None:
    """The assertion that `document` is, JSON that was read or a compact JWS; None for everything else.

    Nothing is checked: this only tells what it means to be. Raises nothing.
    """
    assertion = _payload(document) if isinstance(document, bytes) else document
    if assertion is None or _CONTEXT not in vcdm.as_list(assertion.get("@context")):
        return None
    if "Assertion" not in vcdm.types(assertion):
        return None
    verification = assertion.get("verification")
    kinds = vcdm.types(verification) if isinstance(verification, Mapping) else []
    found = assertion.get("id")
    signed = isinstance(document, bytes) or any(kind in _SIGNED for kind in kinds)
    return Assertion(found if isinstance(found, str) else None, signed)


def refuse_open_badges_2(document: Mapping[str, Any] | bytes) -> None:
    """Raise `errors.OpenBadges2`, with the place that can confirm it, when `document` is such an assertion."""
    assertion = recognise_open_badges_2(document)
    if assertion is None:
        return
    kind = "a signed" if assertion.signed else "a hosted"
    raise errors.OpenBadges2(f"{kind} Open Badges 2.0 assertion, {(assertion.id or 'without an id')[:200]}")


def _payload(token: bytes) -> Mapping[str, Any] | None:
    """The JSON in the middle of a compact JWS; its header is not looked at, as no algorithm is judged here."""
    parts = token.strip().split(b".")
    if len(parts) != 3:
        return None
    try:
        return strict_json.loads_object(multibase.decode_base64url(parts[1]))
    except errors.BadData:
        return None
