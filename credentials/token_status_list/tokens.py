"""The Status List Token, a JWT or CWT that publishes a list: signed, opened with its issuer's key, and judged.

Source: draft-ietf-oauth-status-list-18, 4.2 and 4.3 (the list in JSON and CBOR), 5.1 (JWT), 5.2 (CWT), 8.3 (rules).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from credentials import errors, multibase, strict_json
from credentials.cose import cwt, sign1
from credentials.cose.cwt import Claims
from credentials.jose import jws
from credentials.jose.jws import Jws
from credentials.multikey import PublicKey
from credentials.ports import Signer
from credentials.token_status_list.references import Reference
from credentials.token_status_list.values import StatusValues

JWT_TYPE: Final = "statuslist+jwt"
CWT_TYPE: Final = "application/statuslist+cwt"
#: Keys of the claims `status_list` and `ttl` in a CWT (5.2).
_CWT_STATUS_LIST: Final = 65533
_CWT_TTL: Final = 65534
#: The last second that a datetime can name, at the end of the year 9999.
_LAST_SECOND: Final = 253_402_300_799


@dataclass(frozen=True, slots=True)
class StatusListToken:
    """What a token says: `uri` is its `sub`; `ttl` how long a copy may be kept before it is fetched again.

    Times are aware datetimes in whole seconds, `ttl` whole seconds.
    """

    uri: str
    issued_at: datetime
    values: StatusValues
    expires: datetime | None = None
    ttl: timedelta | None = None

    def is_stale(self, *, fetched: datetime, now: datetime) -> bool:
        """Is a copy that was fetched at `fetched` older at `now` than `ttl` lets it be?"""
        return self.ttl is not None and now - fetched > self.ttl


def sign_jwt(token: StatusListToken, signer: Signer, *, kid: str) -> str:
    """The token as a JWT (5.1); raises what `jws.sign` raises."""
    claims: dict[str, Any] = {"sub": token.uri, "iat": int(token.issued_at.timestamp())}
    if token.expires is not None:
        claims["exp"] = int(token.expires.timestamp())
    if token.ttl is not None:
        claims["ttl"] = int(token.ttl.total_seconds())
    packed = multibase.encode_base64url(token.values.compress())
    claims["status_list"] = {"bits": token.values.bits, "lst": packed}
    return jws.sign({"typ": JWT_TYPE, "kid": kid}, strict_json.dumps(claims), signer)


def sign_cwt(token: StatusListToken, signer: Signer, *, kid: bytes) -> bytes:
    """The token as a CWT (5.2); raises what `cwt.sign` raises."""
    more: dict[int, Any] = {_CWT_STATUS_LIST: {"bits": token.values.bits, "lst": token.values.compress()}}
    if token.ttl is not None:
        more[_CWT_TTL] = int(token.ttl.total_seconds())
    claims = Claims(subject=token.uri, issued_at=token.issued_at, expires=token.expires, more=more)
    return cwt.sign(claims, signer, kid=kid, typ=CWT_TYPE)


def open_jwt(token: Jws, key: PublicKey) -> StatusListToken:
    """Check type and signature of a JWT with its issuer's `key`, and read it (8.3, step 3).

    Raises what `jws.check` raises, `errors.StatusListMalformed` for missing and malformed claims, and what
    `StatusValues.decompress` raises. Judge what it says with `check`.
    """
    jws.check(token, key, typ=(JWT_TYPE,))
    try:
        claims = strict_json.loads_object(token.payload)
    except errors.InvalidJson as error:
        raise errors.StatusListMalformed(f"{error.title}: {error.detail}") from error
    times = {name: _moment(claims, name) for name in ("iat", "exp", "nbf")}
    return _read(claims.get("sub"), times, claims.get("ttl"), claims.get("status_list"), _from_base64url)


def open_cwt(token: sign1.Sign1, key: PublicKey) -> StatusListToken:
    """Check type and signature of a CWT with its issuer's `key`, and read it (8.3, step 3); as `open_jwt`.

    Take it apart with `cwt.parse(…, any_order=True)`: the draft does not ask issuers to sort.
    """
    sign1.check(token, key, typ=(CWT_TYPE,))
    try:
        claims = cwt.read(token.payload, any_order=True)
    except (errors.MalformedCbor, errors.ClaimMalformed) as error:
        raise errors.StatusListMalformed(f"{error.title}: {error.detail}") from error
    times = {"iat": claims.issued_at, "exp": claims.expires, "nbf": claims.not_before}
    return _read(claims.subject, times, claims.more.get(_CWT_TTL), claims.more.get(_CWT_STATUS_LIST), _as_bytes)


def check(token: StatusListToken, reference: Reference, *, now: datetime, skew: timedelta = timedelta(0)) -> int:
    """Judge the token for the credential that carries `reference`, and return its status (8.3, steps 4 to 7).

    `skew` is how far the issuer's clock may be ahead. Raises `errors.StatusListNotTrusted` when its `sub` is not the
    reference's URI, when it has expired or is dated in the future, and `errors.StatusIndexOutOfRange`.
    """
    if token.uri != reference.uri:
        raise errors.StatusListNotTrusted(f"the list at {reference.uri} calls itself {token.uri[:200]}")
    if token.expires is not None and now >= token.expires:
        raise errors.StatusListNotTrusted(f"the list is out of date since {token.expires.isoformat()}")
    if token.issued_at > now + skew:
        raise errors.StatusListNotTrusted(f"the list is dated {token.issued_at.isoformat()}")
    return token.values.get(reference.index)


def _read(uri: Any, times: Mapping[str, datetime | None], ttl: Any, status_list: Any, unpack: Any) -> StatusListToken:
    """`unpack` makes bytes of `lst`, which is text in JSON. A later `nbf` counts as the moment of issue."""
    if not isinstance(uri, str) or not uri:
        raise errors.StatusListMalformed("sub is missing")
    issued = times["iat"]
    if issued is None:
        raise errors.StatusListMalformed("iat is missing")
    if ttl is not None and (type(ttl) is not int or not 0 < ttl <= _LAST_SECOND):
        raise errors.StatusListMalformed("ttl is not a whole number of seconds above 0")
    if not isinstance(status_list, Mapping):
        raise errors.StatusListMalformed("status_list is missing or not an object")
    values = StatusValues.decompress(unpack(status_list.get("lst")), bits=status_list.get("bits", 0))
    start = max(issued, times["nbf"] or issued)
    return StatusListToken(uri, start, values, times["exp"], None if ttl is None else timedelta(seconds=ttl))


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    if name not in claims:
        return None
    seconds = claims[name]
    if type(seconds) is not int or not 0 <= seconds <= _LAST_SECOND:
        raise errors.StatusListMalformed(f"{name} is not a whole number of seconds since 1970")
    return datetime.fromtimestamp(seconds, UTC)


def _from_base64url(packed: Any) -> bytes:
    if not isinstance(packed, str):
        raise errors.StatusListMalformed("lst is not a text")
    try:
        return multibase.decode_base64url(packed)
    except errors.MalformedEncoding as error:
        raise errors.StatusListMalformed("lst is not base64url") from error


def _as_bytes(packed: Any) -> bytes:
    if not isinstance(packed, bytes):
        raise errors.StatusListMalformed("lst is not a byte string")
    return packed
