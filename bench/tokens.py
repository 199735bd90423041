"""How long it takes to issue and to verify one credential as a JSON Web Token (`vc+jwt`).

Our side also lints on issuing, and on verifying checks the type and holds the claims against the credential; the
peers are libraries for any token and know nothing of credentials. Everybody is given a key that was read before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any

import jwt as pyjwt
from joserfc import jws as joserfc_jws
from joserfc import jwt as joserfc
from joserfc.jwk import OKPKey

from bench.measure import Comparison, Contender, timed
from bench.new_shapes import timed_as_new
from bench.targets import BY_TEMPLATE, JOSERFC, OURS, PYJWT, RAW, UNLINTED
from bench.world import CREATED, World, require
from credentials import lint
from credentials.jose import vc_jwt

#: Of the tokens compared here.
ALGORITHMS = ["EdDSA"]


def comparisons(world: World) -> Iterator[Comparison]:
    """Issue and verify with Ed25519."""
    sides = Sides(world)
    key = world.ed25519
    records = cycle(world.records)
    tokens = cycle([sides.ours(record) for record in world.records])
    signing_input = next(tokens).rpartition(".")[0].encode()
    signature = key.sign(signing_input)

    def check() -> None:
        for issue in (sides.ours, sides.unlinted, sides.by_joserfc, sides.by_pyjwt):
            for verify in (sides.verified_by_us, sides.verified_by_joserfc, sides.verified_by_pyjwt):
                require(verify(issue(world.unsigned)) == world.unsigned, f"{verify.__name__} reads something else")

    issuing = [
        Contender(OURS, timed_as_new(lambda: sides.ours(next(records)))),
        Contender(BY_TEMPLATE, timed(lambda: sides.ours(next(records)))),
        Contender(UNLINTED, timed(lambda: sides.unlinted(next(records)))),
        Contender(JOSERFC, timed(lambda: sides.by_joserfc(next(records)))),
        Contender(PYJWT, timed(lambda: sides.by_pyjwt(next(records)))),
        Contender(RAW, timed(lambda: key.sign(signing_input)), yardstick=True),
    ]
    verifying = [
        Contender(OURS, timed(lambda: sides.verified_by_us(next(tokens)))),
        Contender(JOSERFC, timed(lambda: sides.verified_by_joserfc(next(tokens)))),
        Contender(PYJWT, timed(lambda: sides.verified_by_pyjwt(next(tokens)))),
        Contender(RAW, timed(lambda: key.public.verify(signature, signing_input)), yardstick=True),
    ]
    yield Comparison("vc+jwt issue", issuing, check)
    yield Comparison("vc+jwt verify", verifying, check)


class Sides:
    """Everybody with the same key, read before anything is measured."""

    def __init__(self, world: World) -> None:
        self._key = world.ed25519
        method, issuer = self._key.verification_method, world.issuer.did
        self._header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": method, "iss": issuer}
        self._jwk = OKPKey.import_key(self._key.jwk())
        self._registry = joserfc_jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        self._pyjwk = pyjwt.PyJWK({**self._key.jwk(), "alg": "EdDSA"})
        self._public_pyjwk = pyjwt.PyJWK({**self._key.public_jwk(), "alg": "EdDSA"})

    def ours(self, document: dict[str, Any]) -> str:
        lint.lint(document, now=CREATED)
        return self.unlinted(document)

    def unlinted(self, document: dict[str, Any]) -> str:
        return vc_jwt.sign_credential(document, self._key)

    def by_joserfc(self, document: dict[str, Any]) -> str:
        return joserfc.encode(self._header, document, self._jwk, registry=self._registry)

    def by_pyjwt(self, document: dict[str, Any]) -> str:
        return pyjwt.encode(document, self._pyjwk, algorithm="EdDSA", headers=self._header)

    def verified_by_us(self, token: str) -> dict[str, Any]:
        secured = vc_jwt.read_credential(token)
        secured.check_signature(self._key.public)
        return secured.document

    def verified_by_joserfc(self, token: str) -> Mapping[str, Any]:
        return joserfc.decode(token, self._jwk, registry=self._registry).claims

    def verified_by_pyjwt(self, token: str) -> Mapping[str, Any]:
        return pyjwt.decode(token, self._public_pyjwk, algorithms=ALGORITHMS)
