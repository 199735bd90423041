"""What a holder does: chooses disclosures by path and proves a key; and the check of that proof. Knows no issuer.

Source: RFC 9901, 4.3 (Key Binding JWT), 7.2 (processing by the holder), 7.3 (verification by the verifier).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from credentials import errors, strict_json
from credentials.jose import jws
from credentials.multikey import PublicKey
from credentials.ports import Signer
from credentials.sd_jwt import disclosures, paths, times
from credentials.sd_jwt.paths import Selector
from credentials.sd_jwt.serialization import SdJwt, parse

TYP: Final = "kb+jwt"
#: How old a key binding JWT may be: as long as a challenge of a verifier lives.
MAX_AGE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class BindingDemand:
    """What a verifier asks of the holder: a signature made for `audience`, over `nonce`, within the last `max_age`."""

    audience: str
    nonce: str
    max_age: timedelta = MAX_AGE


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """A key binding that was checked: the holder's key, and what they signed. `issued_at` in seconds since 1970."""

    key: PublicKey
    audience: str
    nonce: str
    issued_at: float


def present(text: str, disclose: Iterable[Selector]) -> str:
    """The SD-JWT `text` with those disclosures only that `disclose` names, and those that contain them.

    Places are named in the claims as all disclosures of `text` make them. Naming a claim that is in the open adds
    nothing. Raises `errors.DisclosurePathUnknown`, `errors.SdJwtMalformed` (it is bound to a key already), and what
    `parse` raises.
    """
    sd_jwt = parse(text)
    if sd_jwt.key_binding is not None:
        raise errors.SdJwtMalformed("it is a presentation already, signed by its holder")
    named = {path for selector in disclose for path in paths.find(sd_jwt.processed.claims, selector)}
    wanted = {paths.pointer_of(path[:end]) for path in named for end in range(1, len(path) + 1)}
    token = text.partition("~")[0]
    chosen = [text.decode("ascii") for place, text in sd_jwt.processed.places.items() if place in wanted]
    return "~".join([token, *chosen, ""])


def bind(presentation: str, *, audience: str, nonce: str, issued_at: datetime, signer: Signer) -> str:
    """Add the holder's key binding JWT to `presentation`, which ends with `~` (RFC 9901, 4.3).

    `signer` signs with the key that `cnf.jwk` names. Raises `errors.SdJwtMalformed` when it is bound already, and
    what `parse` and `jws.sign` raise.
    """
    sd_jwt = parse(presentation)
    if sd_jwt.key_binding is not None:
        raise errors.SdJwtMalformed("it is signed by its holder already")
    claims = {
        "iat": int(issued_at.timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": disclosures.digest(sd_jwt.presented, sd_jwt.processed.hash_name),
    }
    return presentation + jws.sign({"typ": TYP}, strict_json.dumps(claims), signer)


def holder_key(claims: Mapping[str, Any]) -> PublicKey:
    """The holder's key: `cnf.jwk` and nothing else.

    Raises `errors.HolderKeyMissing`, `errors.InvalidPublicKey`, `errors.MalformedEncoding`.
    """
    confirmation = claims.get("cnf")
    if not isinstance(confirmation, dict) or "jwk" not in confirmation:
        raise errors.HolderKeyMissing("cnf.jwk is missing", pointer="/cnf")
    return PublicKey.from_jwk(confirmation["jwk"])


def check_binding(sd_jwt: SdJwt, demand: BindingDemand, *, now: datetime) -> KeyBinding:
    """Check the key binding JWT of `sd_jwt` against `demand` (RFC 9901, 7.3, step 5). The issuer's part comes before.

    Raises `errors.KeyBindingMissing`, `errors.TokenTypeMismatch`, `errors.AlgorithmKeyMismatch`,
    `errors.SignatureMalformed`, `errors.SignatureInvalid`, `errors.KeyBindingDigestMismatch`,
    `errors.DomainMismatch` (aud), `errors.ChallengeMismatch` (nonce), `errors.KeyBindingStale`,
    `errors.ClaimMalformed`, `errors.InvalidJson`, and what `holder_key` and `times.check` raise.
    """
    if sd_jwt.key_binding is None:
        raise errors.KeyBindingMissing("there is no key binding JWT after the last ~")
    key = holder_key(sd_jwt.processed.claims)
    jws.check(sd_jwt.key_binding, key, typ=(TYP,))
    claims = strict_json.loads_object(sd_jwt.key_binding.payload)
    if claims.get("sd_hash") != disclosures.digest(sd_jwt.presented, sd_jwt.processed.hash_name):
        raise errors.KeyBindingDigestMismatch("sd_hash is not the digest of what was presented")
    if claims.get("aud") != demand.audience:
        raise errors.DomainMismatch(f"aud is {str(claims.get('aud'))[:80]!r}, not {demand.audience!r}")
    if claims.get("nonce") != demand.nonce:
        raise errors.ChallengeMismatch("nonce is not the one that was given")
    issued_at = times.seconds(claims, "iat")
    if issued_at is None:
        raise errors.ClaimMalformed("iat is missing", pointer="/iat")
    if issued_at < (now - demand.max_age - times.CLOCK_SKEW).timestamp():
        raise errors.KeyBindingStale(f"iat is more than {demand.max_age} ago")
    if issued_at > (now + times.CLOCK_SKEW).timestamp():
        raise errors.KeyBindingStale("iat is in the future")
    times.check(claims, now)
    return KeyBinding(key, demand.audience, demand.nonce, issued_at)
