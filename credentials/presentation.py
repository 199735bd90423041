"""Makes verifiable presentations (VCDM 2.0, 4.13): unsigned, and signed by the holder for one verifier. Checks none.

Checking is `credentials.verify.verify_presentation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from credentials import data_integrity, vcdm
from credentials.ports import Signer

#: A proof of a presentation says "it is me, now", not "this is so" (Data Integrity 1.0, 2.1).
PURPOSE: Final = "authentication"


def build_presentation(
    credentials: Sequence[Mapping[str, Any]],
    *,
    holder: str | None = None,
    presentation_id: str | None = None,
    contexts: Sequence[str] = (),
) -> dict[str, Any]:
    """Return an unsigned presentation of these credentials, each as it was issued (or enveloped, VCDM 2.0, 4.13.1).

    `contexts` follow the one of the data model, for what the presentation itself says beyond it.
    """
    members = {
        "@context": [vcdm.CONTEXT, *contexts],
        "id": presentation_id,
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": [dict(credential) for credential in credentials],
    }
    return {name: value for name, value in members.items() if value is not None}


def sign_presentation(
    presentation: Mapping[str, Any],
    *,
    signer: Signer,
    created: datetime,
    challenge: str,
    domain: str,
    cryptosuite: str = data_integrity.RDFC,
) -> dict[str, Any]:
    """Return the presentation with a proof by its holder that answers `challenge` and is good for `domain` alone.

    Raises what `data_integrity.prepare` raises.
    """
    return data_integrity.add_proof(
        presentation,
        signer=signer,
        created=created,
        cryptosuite=cryptosuite,
        proof_purpose=PURPOSE,
        challenge=challenge,
        domain=domain,
    )
