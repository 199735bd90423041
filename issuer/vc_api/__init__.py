"""The issuing half of the VC-API, for conformance tests: signs what it is sent with keys that are thrown away after.

It knows no database, no organisation and no record: those are signed through the pipeline of `issuer.services` alone
(docs/adr/0008). `issuing` signs, `statuses` keeps status lists in memory, `views` speaks HTTP, `own_lists` answers for
the lists in-process, `server` is https.
"""

from __future__ import annotations

import os
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from credentials.cryptosuites.ecdsa_sd import ProofKey
from credentials.cryptosuites.ecdsa_sd.proof_value import HMAC_BYTES
from credentials.ports import Signer
from issuer.config import IssuerConfig
from issuer.vc_api.issuing import Issuing
from issuer.vc_api.problems import RealDataHere
from issuer.vc_api.statuses import StatusLists
from issuer.vc_api.views import LISTS, answers, create_app
from keys.throwaway import EcdsaSigner

__all__ = ["LISTS", "answers", "assemble", "create_app", "refuse_real_data"]


def assemble(signers: Mapping[str, Signer], *, base_url: str, clock: Callable[[], datetime]) -> Issuing:
    """Put the issuing half together: `signers` by the identifier of their owner, lists at `base_url`."""
    lists = StatusLists(lambda number: f"{base_url}{LISTS}/{number}", secrets.randbelow)
    return Issuing(signers, clock, lambda: f"urn:uuid:{uuid.uuid4()}", _secrets, lists)


def _secrets() -> tuple[ProofKey, bytes]:
    return EcdsaSigner("P-256"), secrets.token_bytes(HMAC_BYTES)


def refuse_real_data(config: IssuerConfig, environ: Mapping[str, str]) -> None:
    """Raise `RealDataHere` when there is an instance in the data folder, a database of its own, or production mode."""
    if config.production:
        raise RealDataHere("PLAUDIT_MODE is production")
    if environ.get("PLAUDIT_DATABASE_URL", "").strip():
        raise RealDataHere("PLAUDIT_DATABASE_URL names a database")
    if config.home.is_dir() and any(os.scandir(config.home)):
        raise RealDataHere(f"{config.home} is not empty")
