"""Tokens written by hand for the tests of JOSE: what no signer of ours would sign, and what watches the machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from credentials import errors, multibase, strict_json
from credentials.jose import jws
from credentials.multikey import PublicKey
from credentials.ports import Signer
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

ED25519 = Key("jose ed25519")
P256 = EcKey("jose", "ES256")
P384 = EcKey("jose", "ES384")
P521 = EcKey("jose", "ES512")
KEYS: dict[str, Key | EcKey] = {"EdDSA": ED25519, "ES256": P256, "ES384": P384, "ES512": P521}

_seen: list[str] | None = None


def b64(data: bytes) -> str:
    return multibase.encode_base64url(data)


def b64json(value: Any) -> str:
    return b64(strict_json.dumps(value))


def handmade(header: Mapping[str, Any] | bytes, payload: bytes | Any, signer: Signer) -> str:
    """A token with exactly this header (or these bytes of one), signed with `signer` whatever the header says."""
    first = b64(header) if isinstance(header, bytes) else b64json(dict(header))
    second = b64(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    return f"{first}.{second}.{b64(signer.sign(f'{first}.{second}'.encode()))}"


def code_of(token: str | bytes, key: PublicKey, typ: str = "vc+jwt") -> str:
    """The code of the error that reading and checking `token` ends with; "" when it is good."""
    try:
        jws.check(jws.parse(token), key, typ=(typ,))
    except errors.PlauditError as error:
        return error.code
    return ""


@contextmanager
def machine_watched() -> Iterator[list[str]]:
    """Every file opened and every connection tried inside, as Python's own audit events name them."""
    global _seen
    _seen = []
    try:
        yield _seen
    finally:
        _seen = None


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _seen is not None and (event == "open" or event.startswith(("socket.", "subprocess.", "sqlite3."))):
        _seen.append(f"{event} {arguments!r}")


sys.addaudithook(_note)
