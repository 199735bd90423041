"""How long it takes to issue and to verify one SD-JWT VC (`dc+sd-jwt`) with ten disclosures.

With Ed25519, which we sign with, and with ES256, which the peer signs with unless told otherwise.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier

from bench.measure import Comparison, Contender, timed
from bench.targets import OURS, RAW, SD_JWT
from bench.world import World, require
from credentials.sd_jwt import issuing, verifying
from credentials.sd_jwt.profiles import SD_JWT_VC
from tests.interop.shared_keys import SharedKey
from tests.worlds.completions import NOW

#: What the token says in the open.
OPEN: dict[str, Any] = {
    "iss": "https://employer.example",
    "vct": "https://w3id.org/plaudit/completion",
    "iat": 1782302400,
}
#: What the student may show one by one.
HIDDEN: dict[str, Any] = {
    "student": "Nguyễn Thị Hồng Ánh",
    "project": "Checkout accessibility audit",
    "role": "Accessibility intern",
    "start": "2026-05-24",
    "end": "2026-06-11",
    "hours": 31,
    "outcome": "accepted",
    "skills": ["web accessibility", "technical writing"],
    "supervisor": {"name": "Óscar Ibarra", "title": "Engineering Manager"},
    "comment": "Clear writing; needed little direction.",
}


def comparisons(world: World) -> Iterator[Comparison]:
    """Issue and verify, by algorithm."""
    yield from _with_key(world.ed25519)
    yield from _with_key(world.p256)


def _with_key(key: SharedKey) -> Iterator[Comparison]:
    pair, public = JWK(**key.jwk()), JWK(**key.public_jwk())
    claims = {**OPEN, **HIDDEN}
    places = [f"/{name}" for name in HIDDEN]
    marked = {**OPEN, **{SDObj(name): value for name, value in HIDDEN.items()}}

    def ours() -> str:
        return issuing.issue(
            claims,
            disclosable=places,
            signer=key,
            salts=secrets.token_bytes,
            profile=SD_JWT_VC,
        )

    def theirs() -> str:
        made = SDJWTIssuer(marked, pair, sign_alg=key.algorithm, extra_header_parameters={"typ": "dc+sd-jwt"})
        return str(made.sd_jwt_issuance)

    token = ours()

    def verified_by_us(text: str = token) -> Any:
        return verifying.verify(text, key.public, now=NOW).claims

    def verified_by_them(text: str = token) -> Any:
        return SDJWTVerifier(text, lambda *_: public).get_verified_payload()

    def check() -> None:
        for made in (token, theirs()):
            require(made.count("~") == len(HIDDEN) + 1, f"{made.count('~') - 1} disclosures")
            for verify in (verified_by_us, verified_by_them):
                require(verify(made) == claims, f"{verify.__name__} reads something else")

    signing_input = token.partition("~")[0].rpartition(".")[0].encode()
    signature = key.sign(signing_input)
    yield Comparison(
        f"dc+sd-jwt {key.algorithm} issue",
        [
            Contender(OURS, timed(ours)),
            Contender(SD_JWT, timed(theirs)),
            Contender(RAW, timed(lambda: key.sign(signing_input)), yardstick=True),
        ],
        check,
    )
    yield Comparison(
        f"dc+sd-jwt {key.algorithm} verify",
        [
            Contender(OURS, timed(verified_by_us)),
            Contender(SD_JWT, timed(verified_by_them)),
            Contender(RAW, timed(lambda: key.public.verify(signature, signing_input)), yardstick=True),
        ],
        check,
    )
