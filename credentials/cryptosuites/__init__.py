"""The cryptosuites of Data Integrity proofs: one object each, found by the name that stands in a proof.

A suite says what is hashed and how a signature is written; which key may sign, for what and when, is judged elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from credentials import errors
from credentials.cryptosuites.ecdsa_sd import ECDSA_SD_2023
from credentials.cryptosuites.hashed import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    ED25519_SIGNATURE_2020,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    HashedSuite,
)
from credentials.multikey import PublicKey

__all__ = ["HASHED", "JCS", "Cryptosuite", "HashedSuite", "hashed", "of_proof"]

_PROOF_TYPE: Final = "DataIntegrityProof"


class Cryptosuite(Protocol):
    """What every suite can do: check a proof whose shape was checked. Raises as `HashedSuite.check` does."""

    @property
    def name(self) -> str: ...

    def check(
        self,
        document: Mapping[str, Any],
        proof: Mapping[str, Any],
        public_key: PublicKey,
        *,
        previous: Sequence[Mapping[str, Any]] = (),
        allow_inline_contexts: bool = False,
    ) -> None: ...


#: Suites that sign a whole document, by name.
HASHED: Final[Mapping[str, HashedSuite]] = {
    suite.name: suite
    for suite in (EDDSA_RDFC_2022, EDDSA_JCS_2022, ECDSA_RDFC_2019, ECDSA_JCS_2019, ED25519_SIGNATURE_2020)
}
#: Names of the suites that sign the JSON as it stands, not its meaning.
JCS: Final = frozenset(name for name, suite in HASHED.items() if suite.uses_jcs)
_BY_CRYPTOSUITE: Final[Mapping[str, Cryptosuite]] = {
    ECDSA_SD_2023.name: ECDSA_SD_2023,
    **{name: suite for name, suite in HASHED.items() if not suite.legacy},
}
_BY_TYPE: Final[Mapping[str, Cryptosuite]] = {name: suite for name, suite in HASHED.items() if suite.legacy}


def hashed(name: str) -> HashedSuite:
    """The suite that signs a whole document under this name; raises `errors.UnsupportedProof`."""
    suite = HASHED.get(name)
    if suite is None:
        raise errors.UnsupportedProof(f"{name!r} is not made here")
    return suite


def of_proof(proof: Mapping[str, Any]) -> Cryptosuite:
    """The suite that a proof names; raises `errors.UnsupportedProof` when it is not one that is checked here."""
    kind, name = proof.get("type"), proof.get("cryptosuite")
    if kind != _PROOF_TYPE:
        legacy = _BY_TYPE.get(kind) if isinstance(kind, str) and name is None else None
        if legacy is None:
            raise errors.UnsupportedProof(f"the proof type {str(kind)[:60]!r} is not checked here")
        return legacy
    suite = _BY_CRYPTOSUITE.get(name) if isinstance(name, str) else None
    if suite is None:
        raise errors.UnsupportedProof(f"the cryptosuite {str(name)[:60]!r} is not checked here")
    return suite
