"""How long ecdsa-sd-2023 takes: the issuer's base proof, the holder's derived proof, the verifier's check.

One member is left out of the credential for both sides: the peer throws on any credential with a JSON-LD list in it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bench.measure import Comparison, Contender, timed
from bench.targets import DIGITAL_BAZAAR, OURS
from bench.world import CREATED, CREATED_TEXT, World, require
from credentials import lint, strict_json
from credentials.cryptosuites import ecdsa_sd
from credentials.multikey import PublicKey

SUITE = "ecdsa-sd-2023"
MANDATORY = ["/issuer", "/validFrom", "/credentialStatus"]
SHOWN = ["/credentialSubject/achievement/name", "/credentialSubject/role"]


class FreshKey:
    """A P-256 pair for one proof."""

    def __init__(self) -> None:
        self._pair = ec.generate_private_key(ec.SECP256R1())
        point = self._pair.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
        self.public = PublicKey("ES256", point)

    def sign(self, data: bytes) -> bytes:
        r, s = decode_dss_signature(self._pair.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def comparisons(world: World) -> Iterator[Comparison]:
    """Base proof, derived proof, check."""
    key, documents = world.p256, list(map(without_lists, world.records))
    each = cycle(documents)
    world.node.do("keep", **{f"{SUITE} records": documents})

    def base() -> dict[str, Any]:
        document = next(each)
        lint.lint(document, now=CREATED)
        return ecdsa_sd.create_base_proof(
            document,
            signer=key,
            proof_key=FreshKey(),
            hmac_key=secrets.token_bytes(32),
            mandatory_pointers=MANDATORY,
            created=CREATED,
        )

    asked = {
        "suite": SUITE,
        "key": key.verification_method,
        "created": CREATED_TEXT,
        "mandatoryPointers": MANDATORY,
        "list": f"{SUITE} records",
    }
    signed = base()
    derived = ecdsa_sd.derive(signed, SHOWN)
    text = strict_json.dumps(derived)
    to_derive = {"credential": signed, "selectivePointers": SHOWN}
    to_verify = {"suite": SUITE, "text": text.decode()}

    def check() -> None:
        theirs = world.node.do("issueNext", **asked)
        both = [
            derived,
            world.node.do("derive", **to_derive),
            ecdsa_sd.derive(theirs, SHOWN),
            world.node.do("derive", credential=theirs, selectivePointers=SHOWN),
        ]
        for shown in both:
            require("evidence" not in shown, "what was not selected is shown")
            world.verify(json.dumps(shown).encode())
            require(world.node.do("verify", suite=SUITE, text=json.dumps(shown))["verified"], "the peer refuses")

    def ask(op: str, args: dict[str, Any]) -> Contender:
        return Contender(DIGITAL_BAZAAR, lambda n: world.node.ask(op, args, n=n).microseconds)

    yield Comparison(f"{SUITE} base proof", [Contender(OURS, timed(base)), ask("issueNext", asked)], check)
    yield Comparison(
        f"{SUITE} derive",
        [Contender(OURS, timed(lambda: ecdsa_sd.derive(signed, SHOWN))), ask("derive", to_derive)],
        check,
    )
    yield Comparison(
        f"{SUITE} verify", [Contender(OURS, timed(lambda: world.verify(text))), ask("verify", to_verify)], check
    )


def without_lists(document: dict[str, Any]) -> dict[str, Any]:
    """The credential without `allowedValue`, the one member whose order is signed."""
    copy = deepcopy(document)
    for description in copy["credentialSubject"]["achievement"]["resultDescription"]:
        description.pop("allowedValue", None)
    return copy
