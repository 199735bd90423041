"""How long it takes to issue and to verify one credential as a JSON Web Token (`vc+jwt`).

Our side also lints on issuing, and on verifying checks the type and holds the claims against the credential; the
peers are libraries for any token and know nothing of credentials. Everybody is given a key that was read before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import jwt as pyjwt
from joserfc import jws as joserfc_jws
from joserfc import jwt as joserfc
from joserfc.jwk import OKPKey

from bench.measure import Comparison, Contender, timed
from bench.targets import JOSERFC, OURS, PYJWT, RAW
from bench.world import CREATED, World, require
from credentials import lint
from credentials.jose import vc_jwt

#: Of the tokens compared here.
ALGORITHMS = ["EdDSA"]


def comparisons(world: World) -> Iterator[Comparison]:
    """Issue and verify with Ed25519."""
    key, document = world.ed25519, world.unsigned
    header = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": key.verification_method, "iss": world.issuer.did}
    jwk = OKPKey.import_key(key.jwk())
    registry = joserfc_jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    pyjwk = pyjwt.PyJWK({**key.jwk(), "alg": "EdDSA"})
    public = pyjwt.PyJWK({**key.public_jwk(), "alg": "EdDSA"})

    def ours() -> str:
        lint.lint(document, now=CREATED)
        return vc_jwt.sign_credential(document, key)

    def by_joserfc() -> str:
        return joserfc.encode(header, document, jwk, registry=registry)

    def by_pyjwt() -> str:
        return pyjwt.encode(document, pyjwk, algorithm="EdDSA", headers=header)

    token = ours()

    def verified_by_us(text: str = token) -> dict[str, Any]:
        secured = vc_jwt.read_credential(text)
        secured.check_signature(key.public)
        return secured.document

    def verified_by_joserfc(text: str = token) -> Mapping[str, Any]:
        return joserfc.decode(text, jwk, registry=registry).claims

    def verified_by_pyjwt(text: str = token) -> Mapping[str, Any]:
        return pyjwt.decode(text, public, algorithms=ALGORITHMS)

    def check() -> None:
        for made in (token, by_joserfc(), by_pyjwt()):
            for verify in (verified_by_us, verified_by_joserfc, verified_by_pyjwt):
                require(verify(made) == document, f"{verify.__name__} reads something else")

    signing_input = token.rpartition(".")[0].encode()
    signature = key.sign(signing_input)
    yield Comparison(
        "vc+jwt issue",
        [
            Contender(OURS, timed(ours)),
            Contender(JOSERFC, timed(by_joserfc)),
            Contender(PYJWT, timed(by_pyjwt)),
            Contender(RAW, timed(lambda: key.sign(signing_input)), yardstick=True),
        ],
        check,
    )
    yield Comparison(
        "vc+jwt verify",
        [
            Contender(OURS, timed(verified_by_us)),
            Contender(JOSERFC, timed(verified_by_joserfc)),
            Contender(PYJWT, timed(verified_by_pyjwt)),
            Contender(RAW, timed(lambda: key.public.verify(signature, signing_input)), yardstick=True),
        ],
        check,
    )
