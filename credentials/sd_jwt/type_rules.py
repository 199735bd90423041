"""Holds claims against the rules of their type: what is mandatory, always hidden or never hidden. Reads no metadata.

Source: SD-JWT VC, "Claim Path", "Claim Mandatory Metadata", "Claim Selective Disclosure Metadata".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from credentials import errors
from credentials.sd_jwt import paths
from credentials.sd_jwt.paths import Path, Selector
from credentials.sd_jwt.type_metadata import ClaimPath, ClaimRule, TypeMetadata


def check_issuing(metadata: TypeMetadata, claims: Mapping[str, Any], disclosable: Iterable[Selector]) -> None:
    """Check what an issuer is about to sign: all of `claims`, with the places `disclosable` hidden.

    Raises `errors.ClaimBreaksType`, and `errors.DisclosurePathUnknown` for a place that is not there.
    """
    hidden = {paths.pointer_of(path) for selector in disclosable for path in paths.find(dict(claims), selector)}
    for rule in metadata.claims.values():
        selected = _check_sd(rule, claims, hidden)
        if rule.mandatory and not selected:
            raise errors.ClaimBreaksType(f"{list(rule.path)!r} is mandatory and missing")


def check_presented(metadata: TypeMetadata, claims: Mapping[str, Any], disclosed: Collection[str]) -> None:
    """Check verified `claims`, of which the pointers `disclosed` came in disclosures (`Verified.disclosed`).

    A holder may keep back a mandatory claim, unless it is one at the top that is never hidden. Raises
    `errors.ClaimBreaksType`.
    """
    for rule in metadata.claims.values():
        selected = _check_sd(rule, claims, disclosed)
        if rule.mandatory and rule.sd == "never" and len(rule.path) == 1 and not selected:
            raise errors.ClaimBreaksType(f"{list(rule.path)!r} is mandatory, never hidden, and missing")


def _check_sd(rule: ClaimRule, claims: Mapping[str, Any], hidden: Collection[str]) -> list[Path]:
    selected = select(claims, rule.path)
    for path in selected:
        pointer = paths.pointer_of(path)
        if rule.sd == "always" and pointer not in hidden:
            raise errors.ClaimBreaksType("this claim must be selectively disclosable", pointer=pointer)
        if rule.sd == "never" and pointer in hidden:
            raise errors.ClaimBreaksType("this claim must not be selectively disclosable", pointer=pointer)
    return selected


def select(claims: Mapping[str, Any], path: ClaimPath) -> list[Path]:
    """The places that a claim path selects, none when the claim is not there.

    Raises `errors.ClaimBreaksType` where the claims have another shape than the path says.
    """
    selected: list[tuple[Path, Any]] = [((), claims)]
    for step in path:
        selected = [found for place, value in selected for found in _step(place, value, step)]
    return [place for place, _ in selected]


def _step(place: Path, value: Any, step: str | int | None) -> list[tuple[Path, Any]]:
    if isinstance(step, str):
        if not isinstance(value, dict):
            raise errors.ClaimBreaksType("the type wants an object here", pointer=paths.pointer_of(place))
        return [((*place, step), value[step])] if step in value else []
    if not isinstance(value, list):
        raise errors.ClaimBreaksType("the type wants an array here", pointer=paths.pointer_of(place))
    if step is None:
        return [((*place, index), item) for index, item in enumerate(value)]
    return [((*place, step), value[step])] if step < len(value) else []
