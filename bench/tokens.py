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
    key, records = world.ed25519, cycle(world.records)
    header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": key.verification_method, "iss": world.issuer.did}
    jwk = OKPKey.import_key(key.jwk())
    registry = joserfc_jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    pyjwk = pyjwt.PyJWK({**key.jwk(), "alg": "EdDSA"})
    public = pyjwt.PyJWK({**key.public_jwk(), "alg": "EdDSA"})

    def ours(document: dict[str, Any]) -> str:
        lint.lint(document, now=CREATED)
        return vc_jwt.sign_credential(document, key)

    def by_joserfc(document: dict[str, Any]) -> str:
        return joserfc.encode(header, document, jwk, registry=registry)

    def by_pyjwt(document: dict[str, Any]) -> str:
        return pyjwt.encode(document, pyjwk, algorithm="EdDSA", headers=header)

    def verified_by_us(text: str) -> dict[str, Any]:
        secured = vc_jwt.read_credential(text)
        secured.check_signature(key.public)
        return secured.document

    def verified_by_joserfc(text: str) -> Mapping[str, Any]:
        return joserfc.decode(text, jwk, registry=registry).claims

    def verified_by_pyjwt(text: str) -> Mapping[str, Any]:
        return pyjwt.decode(text, public, algorithms=ALGORITHMS)

    def check() -> None:
        document = world.unsigned
        for issue in (ours, by_joserfc, by_pyjwt):
            for verify in (verified_by_us, verified_by_joserfc, verified_by_pyjwt):
                require(verify(issue(document)) == document, f"{verify.__name__} reads something else")

    each = cycle([ours(document) for document in world.records])
    signing_input = next(each).rpartition(".")[0].encode()
    signature = key.sign(signing_input)
    yield Comparison(
        "vc+jwt issue",
        [
            Contender(OURS, timed_as_new(lambda: ours(next(records)))),
            Contender(BY_TEMPLATE, timed(lambda: ours(next(records)))),
            Contender(UNLINTED, timed(lambda: vc_jwt.sign_credential(next(records), key))),
            Contender(JOSERFC, timed(lambda: by_joserfc(next(records)))),
            Contender(PYJWT, timed(lambda: by_pyjwt(next(records)))),
            Contender(RAW, timed(lambda: key.sign(signing_input)), yardstick=True),
        ],
        check,
    )
    yield Comparison(
        "vc+jwt verify",
        [
            Contender(OURS, timed(lambda: verified_by_us(next(each)))),
            Contender(JOSERFC, timed(lambda: verified_by_joserfc(next(each)))),
            Contender(PYJWT, timed(lambda: verified_by_pyjwt(next(each)))),
            Contender(RAW, timed(lambda: key.public.verify(signature, signing_input)), yardstick=True),
        ],
        check,
    )
