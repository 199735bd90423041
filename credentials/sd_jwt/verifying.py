"""Verifies an SD-JWT with the issuer's key; finds no key, fetches nothing, and judges no status.

The steps stand alone, in the order in which they must be done: `serialization.parse` (form), `check_kind`, then with
the issuer's key `check_signature`, then `times.check` and `holding.check_binding`.
Source: RFC 9901, 7.1 and 7.3; SD-JWT VC, "Verification and Processing".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from credentials import errors
from credentials.jose import jws
from credentials.multikey import PublicKey
from credentials.sd_jwt import holding, times
from credentials.sd_jwt.holding import BindingDemand, KeyBinding
from credentials.sd_jwt.profiles import SD_JWT_VC, Profile
from credentials.sd_jwt.serialization import SdJwt, parse
from credentials.token_status_list.references import Reference, read_reference


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verified SD-JWT says.

    `claims` are complete with what was disclosed; `disclosed` lists the JSON pointers of what came in disclosures.
    `key_binding` is None where no demand was made: then nobody proved to be the holder. `status` is where to look
    next, and was not looked at.
    """

    claims: Mapping[str, Any]
    disclosed: tuple[str, ...]
    key_binding: KeyBinding | None
    status: Reference | None


def verify(
    text: str | bytes | SdJwt,
    key: PublicKey,
    *,
    now: datetime,
    profile: Profile = SD_JWT_VC,
    binding: BindingDemand | None = None,
) -> Verified:
    """Verify an SD-JWT (compact text, or what `parse` or `parse_json` gave) with its issuer's key.

    `now` knows its zone. `binding` demands a key binding JWT and says for whom; without it, one that is there is
    not looked at. Raises what `parse`, `check_kind`, `check_signature`, `times.check`, `holding.check_binding` and
    `read_reference` raise, in this order.
    """
    sd_jwt = text if isinstance(text, SdJwt) else parse(text)
    check_kind(sd_jwt, profile)
    check_signature(sd_jwt, key, profile)
    claims = sd_jwt.processed.claims
    times.check(claims, now, judge_iat=profile.cty is None)
    bound = holding.check_binding(sd_jwt, binding, now=now) if binding else None
    status = read_reference(claims["status"]) if "status" in claims else None
    return Verified(claims, sd_jwt.processed.disclosed, bound, status)


def check_kind(sd_jwt: SdJwt, profile: Profile) -> None:
    """Check that `sd_jwt` is what `profile` describes; no key is needed.

    Raises `errors.TokenTypeMismatch`, `errors.ClaimMustBeOpen`, and what `Profile.check` raises.
    """
    profile.check_header(sd_jwt.header)
    profile.check_open(sd_jwt.payload, sd_jwt.processed)
    profile.check(sd_jwt.processed.claims)


def check_signature(sd_jwt: SdJwt, key: PublicKey, profile: Profile) -> None:
    """Check the issuer's signature with `key`; of several (general JSON serialization) one must be this key's.

    The type of the first was `check_kind`'s to check; of several, the one that counts must say it too. Raises
    `errors.AlgorithmKeyMismatch`, `errors.SignatureMalformed`, `errors.SignatureInvalid` or
    `errors.TokenTypeMismatch`, about the last signature that was tried.
    """
    *others, last = sd_jwt.issuer_signed
    if not others:
        return jws.check_signature(last, key)
    for one in others:
        try:
            profile.check_header(one.header)
            return jws.check_signature(one, key)
        except (errors.AlgorithmKeyMismatch, errors.SignatureInvalid, errors.TokenTypeMismatch):
            continue
    profile.check_header(last.header)
    return jws.check_signature(last, key)
