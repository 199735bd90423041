"""CBOR Web Tokens: writes and reads a claims set with strict types, and judges its times; who may say so is not here.

Source: RFC 8392, 3 (claims), 6 (the CWT tag) and 7.2 (validating).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from credentials import errors
from credentials.cose import cbor, sign1
from credentials.ports import Signer

#: Keys of the registered claims (RFC 8392, 4).
ISS: Final = 1
SUB: Final = 2
AUD: Final = 3
EXP: Final = 4
NBF: Final = 5
IAT: Final = 6
CTI: Final = 7
_REGISTERED: Final = frozenset({ISS, SUB, AUD, EXP, NBF, IAT, CTI})

#: Tag 61 in front of the message says that it is a CWT; it may be there or not (RFC 8392, 6).
_TAG: Final = b"\xd8\x3d"
#: The last second that a datetime can name, at the end of the year 9999.
_LAST_SECOND: Final = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Claims:
    """A claims set. Times are aware datetimes in whole seconds; `audience` names whom it is for, none or several.

    `more` are all other claims by their keys, integers or texts, as CBOR values.
    """

    issuer: str | None = None
    subject: str | None = None
    audience: tuple[str, ...] = ()
    expires: datetime | None = None
    not_before: datetime | None = None
    issued_at: datetime | None = None
    token_id: bytes | None = None
    more: Mapping[Any, Any] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The claims set in deterministic CBOR.

        Raises `errors.ClaimMalformed` for a key in `more` that is a registered claim's, or a time without a zone, with
        a fraction of a second or before 1970; and `errors.MalformedCbor` for what CBOR is not written of here.
        """
        if _REGISTERED & self.more.keys():
            raise errors.ClaimMalformed("a registered claim stands among the other claims")
        audience = self.audience[0] if len(self.audience) == 1 else list(self.audience) or None
        claims = {
            ISS: self.issuer,
            SUB: self.subject,
            AUD: audience,
            EXP: _seconds(self.expires),
            NBF: _seconds(self.not_before),
            IAT: _seconds(self.issued_at),
            CTI: self.token_id,
        }
        return cbor.dumps({**{key: value for key, value in claims.items() if value is not None}, **self.more})


def read(payload: bytes, *, any_order: bool = False) -> Claims:
    """Read a claims set (`any_order`: see `cbor.loads`); no claim is compared with anything.

    A claim of the wrong type, also a time that is a float or negative, raises `errors.ClaimMalformed`; other bytes
    than a CBOR map raise `errors.MalformedCbor`, its subclass, or `errors.CborTooLarge`.
    """
    claims = cbor.loads(payload, any_order=any_order)
    if not isinstance(claims, dict):
        raise errors.ClaimMalformed("the claims are not a map")
    return Claims(
        issuer=_typed(claims, ISS, str),
        subject=_typed(claims, SUB, str),
        audience=_audience(claims),
        expires=_moment(claims, EXP),
        not_before=_moment(claims, NBF),
        issued_at=_moment(claims, IAT),
        token_id=_typed(claims, CTI, bytes),
        more={key: value for key, value in claims.items() if key not in _REGISTERED},
    )


def check_times(claims: Claims, now: datetime, *, skew: timedelta = timedelta(0)) -> None:
    """Raise `errors.TokenExpired` from `exp` on, or `errors.TokenNotYetValid` before `nbf` or `iat` (7.2).

    `skew` is how far the issuer's clock may be ahead of ours; it never lengthens a life.
    """
    if claims.expires is not None and now >= claims.expires:
        raise errors.TokenExpired(f"expired at {claims.expires.isoformat()}")
    for start in (claims.not_before, claims.issued_at):
        if start is not None and start > now + skew:
            raise errors.TokenNotYetValid(f"not valid before {start.isoformat()}")


def sign(claims: Claims, signer: Signer, *, kid: bytes | None = None, typ: str | None = None) -> bytes:
    """The signed token, a tagged COSE_Sign1 without the CWT tag; raises what `Claims.to_bytes` and `sign1.sign` do."""
    return sign1.sign(claims.to_bytes(), signer, kid=kid, typ=typ)


def parse(data: bytes, *, any_order: bool = False) -> sign1.Sign1:
    """Take a token apart, with the CWT tag or without; check it with `sign1.check`, then `read` its payload.

    Raises what `sign1.parse` raises.
    """
    return sign1.parse(data.removeprefix(_TAG), any_order=any_order)


def _typed(claims: Mapping[Any, Any], key: int, kind: type) -> Any:
    if key in claims and type(claims[key]) is not kind:
        raise errors.ClaimMalformed(f"claim {key} is not of the type {kind.__name__}")
    return claims.get(key)


def _audience(claims: Mapping[Any, Any]) -> tuple[str, ...]:
    """One text or a list of them (RFC 7519, 4.1.3, which RFC 8392 takes over)."""
    value = claims.get(AUD, [])
    names = value if isinstance(value, list) else [value]
    if not all(isinstance(name, str) for name in names):
        raise errors.ClaimMalformed("aud is not a text or a list of texts")
    return tuple(names)


def _moment(claims: Mapping[Any, Any], key: int) -> datetime | None:
    seconds = _typed(claims, key, int)
    if seconds is None:
        return None
    if not 0 <= seconds <= _LAST_SECOND:
        raise errors.ClaimMalformed(f"claim {key} is not a point in time from 1970 to 9999")
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime | None) -> int | None:
    if moment is None:
        return None
    if moment.tzinfo is None or moment.microsecond or moment.timestamp() < 0:
        raise errors.ClaimMalformed(f"{moment.isoformat()} is not a whole second of a known zone since 1970")
    return int(moment.timestamp())
