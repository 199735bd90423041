"""Entity statements of OpenID Federation: reads and checks them, alone and as a chain up to an anchor. Fetches nothing.

A statement says who somebody is and with which keys they sign; the chain hands trust down from an anchor's keys.
`metadata_policy` would only narrow what a member may call itself, so it is named and not applied.

Source: OpenID Federation 1.0, 3 (entity statements), 4 (trust chains), 6.2 (constraints), 8.1 (fetching), 9, 10.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from urllib.parse import quote

from credentials import did, errors, strict_json
from credentials.jose import claims, jws
from credentials.jose.jws import Jws
from credentials.multikey import PublicKey

TYP: Final = "entity-statement+jwt"
_CONFIGURATION: Final = "/.well-known/openid-federation"
#: Statements of one chain: a member's own, those about it and about two intermediates, and the anchor's own.
MAX_CHAIN: Final = 5
#: Superiors that are tried; who names more belongs to federations that we need not know.
MAX_HINTS: Final = 4
#: Keys of one entity that are looked at.
_MAX_KEYS: Final = 20
#: How far the clocks of the two sides may differ.
_SKEW: Final = timedelta(minutes=5)
#: In characters: a name is shown to people.
_MAX_NAME: Final = 500


@dataclass(frozen=True, slots=True)
class Statement:
    """One entity statement as read, its signature unchecked. `keys` are the subject's, by `kid`.

    `hints` are the entities that the subject says are above it; `fetch_endpoint` is where it answers about those below;
    `longest` is how many intermediates it allows below itself (None: any).
    """

    token: Jws
    issuer: str
    subject: str
    issued: datetime
    expires: datetime
    keys: Mapping[str, PublicKey]
    hints: tuple[str, ...]
    fetch_endpoint: str | None
    organisation: str | None
    has_policy: bool
    longest: int | None
    metadata: Mapping[str, Any]

    def vouches_for(self, key: PublicKey) -> bool:
        """Tell whether `key` is among the subject's keys: its federation keys, or those of a role in its metadata."""
        roles = [role for role in self.metadata.values() if isinstance(role, dict)]
        return key in self.keys.values() or any(key in _keys(role.get("jwks")).values() for role in roles)


def configuration_url(entity: str) -> str:
    """Where an entity publishes its own statement; raises `errors.MalformedDid` for what is no entity's https URL."""
    return did.check_cid_url(entity).removesuffix("/") + _CONFIGURATION


def entity_of(url: str) -> str:
    """The entity whose own statement is at `url`: `configuration_url` the other way round."""
    return url.removesuffix(_CONFIGURATION)


def fetch_url(superior: Statement, subject: str) -> str:
    """Where `superior` answers about `subject`; raises `errors.DomainEvidenceMalformed` when it names no such place."""
    endpoint = superior.fetch_endpoint
    if endpoint is None:
        raise errors.DomainEvidenceMalformed(f"{superior.subject} names no place that answers about its members")
    return f"{endpoint}{'&' if '?' in endpoint else '?'}sub={quote(subject, safe='')}"


def read(token: bytes, now: datetime) -> Statement:
    """Read one entity statement, in force at `now` (aware). Its signature is not checked.

    Raises `errors.DomainEvidenceMalformed`, also for a constraint or a critical claim that is not understood here.
    """
    try:
        parsed = jws.parse(token.strip())
        jws.check_type(parsed.header, (TYP,))
        payload = strict_json.loads_object(parsed.payload)
        found = claims.read({}, payload)
    except errors.PlauditError as error:
        raise errors.DomainEvidenceMalformed(f"it is no entity statement: {error.detail}") from error
    if found.iss is None or found.sub is None or found.issued_at is None or found.expires is None:
        raise errors.DomainEvidenceMalformed("it lacks one of iss, sub, iat and exp")
    if found.expires <= now or found.issued_at > now + _SKEW:
        raise errors.DomainEvidenceMalformed("it is out of date")
    if "crit" in payload:
        raise errors.DomainEvidenceMalformed("it holds a claim that must be understood and is not", pointer="/crit")
    metadata = _object(payload.get("metadata"))
    own = _object(metadata.get("federation_entity"))
    return Statement(
        parsed, found.iss, found.sub, found.issued_at, found.expires, _keys(payload.get("jwks")),
        _hints(payload.get("authority_hints", [])), _https(own.get("federation_fetch_endpoint")),
        _name(own.get("organization_name")), "metadata_policy" in payload, _longest(payload.get("constraints", {})),
        metadata,
    )  # fmt: skip


def check_own(statement: Statement, entity: str) -> None:
    """Check that `statement` is `entity`'s about itself, signed with a key that it lists."""
    if statement.issuer != entity or statement.subject != entity:
        raise errors.DomainEvidenceMalformed(f"it is not the own statement of {entity[:200]}")
    check_signed(statement, statement.keys)


def check_signed(statement: Statement, keys: Mapping[str, PublicKey]) -> None:
    """Check the signature of `statement` with the one of `keys` that it names; `errors.DomainEvidenceMalformed`."""
    key = keys.get(statement.token.kid or "")
    if key is None:
        raise errors.DomainEvidenceMalformed(f"its key is not one of {statement.issuer[:200]}")
    try:
        jws.check_signature(statement.token, key)
    except errors.PlauditError as error:
        raise errors.DomainEvidenceMalformed(f"its signature is not good: {error.detail}") from error


def check_chain(chain: Sequence[Statement], anchor: str, pinned: Mapping[str, PublicKey] | None) -> None:
    """Check a whole chain: the member's own statement first, then one about each below, the anchor's own last.

    `pinned` are the anchor's keys as the operator knows them; None takes those that the anchor itself publishes.
    Raises `errors.DomainEvidenceMalformed`.
    """
    if not 3 <= len(chain) <= MAX_CHAIN:
        raise errors.DomainEvidenceMalformed(f"a chain has 3 to {MAX_CHAIN} statements, not {len(chain)}")
    check_own(chain[0], chain[0].subject)
    check_own(chain[-1], anchor)
    if pinned is not None:
        check_signed(chain[-1], pinned)
    for place, (lower, upper) in enumerate(pairwise(chain)):
        if lower.issuer != upper.subject:
            raise errors.DomainEvidenceMalformed(f"{upper.subject[:200]} does not vouch for {lower.issuer[:200]}")
        check_signed(lower, upper.keys)
        if upper.longest is not None and upper.issuer != upper.subject and place > upper.longest:
            raise errors.DomainEvidenceMalformed(f"{upper.issuer[:200]} does not allow so many in between")


def pinned_keys(jwks: Mapping[str, Any]) -> Mapping[str, PublicKey]:
    """The keys of a JWK set by `kid`; those without one, or of a kind that is not known here, are left out."""
    return _keys(jwks)


def _keys(jwks: Any) -> dict[str, PublicKey]:
    rows = _object(jwks).get("keys")
    found: dict[str, PublicKey] = {}
    for row in rows[:_MAX_KEYS] if isinstance(rows, list) else []:
        kid = row.get("kid") if isinstance(row, dict) else None
        if not isinstance(kid, str) or kid in found:
            continue
        try:
            found[kid] = PublicKey.from_jwk(row)
        except errors.PlauditError:
            continue
    return found


def _hints(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise errors.DomainEvidenceMalformed("authority_hints is not a list", pointer="/authority_hints")
    return tuple(hint for hint in value[:MAX_HINTS] if isinstance(hint, str))


def _longest(constraints: Any) -> int | None:
    """`max_path_length`. Other constraints would have to be understood to be kept, so they are refused."""
    found = _object(constraints)
    longest = found.get("max_path_length")
    if found.keys() - {"max_path_length"} or found != constraints:
        raise errors.DomainEvidenceMalformed("it sets limits that are not understood here", pointer="/constraints")
    if longest is not None and (not isinstance(longest, int) or isinstance(longest, bool) or longest < 0):
        raise errors.DomainEvidenceMalformed("max_path_length is not a number", pointer="/constraints")
    return longest


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _https(value: Any) -> str | None:
    return value if isinstance(value, str) and value.startswith("https://") and "#" not in value else None


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= _MAX_NAME and value.isprintable() else None
