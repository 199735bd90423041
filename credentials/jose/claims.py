"""The registered claims of a token: read strictly, and held against the credential's own members; there is no clock.

Source: RFC 7519, 2 (NumericDate), 4.1 and 5.3; VC-JOSE-COSE 1.0, 3.1.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from credentials import errors, timestamps, vcdm

#: Claims about the token, which stand beside the members of the credential and are none of them.
NAMES: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf"})
#: Claims that a header may repeat, so that a reader can route the token before it reads on (RFC 7519, 5.3).
_REPEATED: Final = ("iss", "sub", "aud")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: In seconds: the end of the year 9999, past which no calendar of ours goes.
MAX_NUMERIC_DATE: Final = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says about itself. Times are aware; the signature is meant for `not_before` to `expires`.

    `audience` and `nonce` say for whom a presentation was made; whoever asked for it compares them.
    """

    iss: str | None
    sub: str | None
    jti: str | None
    nonce: str | None
    audience: tuple[str, ...]
    issued_at: datetime | None
    expires: datetime | None
    not_before: datetime | None


def read(header: Mapping[str, Any], payload: Mapping[str, Any]) -> Claims:
    """Read the registered claims of `payload`, with those that `header` repeats.

    Raises `errors.ClaimMalformed` for a wrong type, `errors.ClaimMismatch` where header and payload differ (for `iss`
    `errors.IssuerMismatch`).
    """
    found = {name: payload[name] for name in NAMES if name in payload}
    for name in _REPEATED:
        if name in header and found.setdefault(name, header[name]) != header[name]:
            raise _mismatch(name)(f"{name} differs between header and payload", pointer=f"/{name}")
    return Claims(
        iss=_text(found, "iss"),
        sub=_text(found, "sub"),
        jti=_text(found, "jti"),
        nonce=_text(found, "nonce"),
        audience=tuple(_audience(found)),
        issued_at=_issued_at(found),
        expires=_numeric_date(found, "exp"),
        not_before=_numeric_date(found, "nbf"),
    )


def check_issuer(claims: Claims, issuer: str | None) -> None:
    """`iss`, wherever it stands, names the credential's own issuer; raises `errors.IssuerMismatch`."""
    if claims.iss is not None and claims.iss != issuer:
        raise errors.IssuerMismatch(f"iss is {claims.iss[:200]!r}, the issuer {str(issuer)[:200]!r}", pointer="/iss")


def check_id(claims: Claims, document: Mapping[str, Any]) -> None:
    """`jti` is the credential's `id` where there are both; raises `errors.ClaimMismatch`."""
    if claims.jti is not None and document.get("id", claims.jti) != claims.jti:
        raise errors.ClaimMismatch("jti is not the id of what was signed", pointer="/jti")


def check_subject(claims: Claims, document: Mapping[str, Any]) -> None:
    """`sub` is the `id` of the subject, or of one of several, where they have any; raises `errors.ClaimMismatch`."""
    ids = subject_ids(document)
    if claims.sub is not None and ids and claims.sub not in ids:
        raise errors.ClaimMismatch("sub is not the id of the credential's subject", pointer="/sub")


def subject_ids(document: Mapping[str, Any]) -> list[Any]:
    """The ids of the subjects of a credential, as far as they have any."""
    subjects = vcdm.as_list(document.get("credentialSubject"))
    return [subject["id"] for subject in subjects if isinstance(subject, Mapping) and "id" in subject]


def numeric_date(moment: datetime) -> int:
    """An aware datetime as NumericDate in whole seconds, rounded down; raises `errors.MalformedTimestamp`."""
    if moment.tzinfo is None:
        raise errors.MalformedTimestamp("a datetime without a zone is not a point in time")
    return (moment - _EPOCH) // timedelta(seconds=1)


def _mismatch(name: str) -> type[errors.PlauditError]:
    return errors.IssuerMismatch if name == "iss" else errors.ClaimMismatch


def _text(found: Mapping[str, Any], name: str) -> str | None:
    value = found.get(name)
    if name in found and (not isinstance(value, str) or not value):
        raise errors.ClaimMalformed(f"{name} is not text", pointer=f"/{name}")
    return value


def _audience(found: Mapping[str, Any]) -> Iterator[str]:
    for item in vcdm.as_list(found["aud"]) if "aud" in found else []:
        if not isinstance(item, str) or not item:
            raise errors.ClaimMalformed("aud is neither text nor a list of texts", pointer="/aud")
        yield item


def _numeric_date(found: Mapping[str, Any], name: str) -> datetime | None:
    if name not in found:
        return None
    seconds = found[name]
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MAX_NUMERIC_DATE:
        raise errors.ClaimMalformed(f"{name} is not a number of seconds since 1970", pointer=f"/{name}")
    return _EPOCH + timedelta(seconds=seconds)


def _issued_at(found: Mapping[str, Any]) -> datetime | None:
    """`iat` decides nothing here; the W3C's own tokens have a dateTimeStamp in it, so that is read too."""
    if not isinstance(found.get("iat"), str):
        return _numeric_date(found, "iat")
    try:
        return timestamps.parse(found["iat"])
    except errors.MalformedTimestamp as error:
        raise errors.ClaimMalformed("iat names no point in time", pointer="/iat") from error
