"""Signs linted bytes and lets nothing out that a second, independent implementation does not accept (case KEY-08)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from credentials import second_path, strict_json
from credentials.errors import PlauditError, SecondPathDisagrees
from credentials.lint import LintToken
from issuer.instance import Instance
from keys.errors import SigningStopped
from keys.signer import LintedSigner


@dataclass(frozen=True, slots=True)
class Forms:
    """One linted text, signed in each form in which it is served: `document` with its proof, `token` as `vc+jwt`."""

    document: bytes
    token: bytes


@contextmanager
def opened(instance: Instance, did: str) -> Iterator[LintedSigner]:
    """Open the key that signs for `did`, for work that must not begin when nothing can be signed.

    Raises `SigningStopped` under the emergency stop, `KeysSealed` without the passphrase, `NoActiveKey`, `KeyNotFound`.
    """
    keyring = instance.keyring()
    stopped = keyring.stopped()
    if stopped is not None:
        raise SigningStopped(f"All signing was stopped: {stopped}")
    with keyring.signer(did) as signer:
        yield signer


def obstacle(instance: Instance, did: str) -> PlauditError | None:
    """Return what keeps us from signing for `did` at this moment, or None."""
    try:
        with opened(instance, did):
            return None
    except PlauditError as error:
        return error


def sign(signer: LintedSigner, token: LintToken, unsigned: bytes, *, created: datetime) -> bytes:
    """Return the signed document as the exact bytes that will be stored and served.

    `created` is the server's own time. Raises what the signer raises (stopped, sealed, token spent), and
    `SecondPathDisagrees`: then the signature is dropped.
    """
    signed = signer.sign_to_bytes(token, unsigned, created=created)
    check(signed, signer.info.public_key.raw)
    return signed


def sign_forms(signer: LintedSigner, token: LintToken, unsigned: bytes, *, created: datetime) -> Forms:
    """Return the signed document in both forms, as the exact bytes that will be stored. Raises as `sign`."""
    document, jwt = signer.sign_forms(token, unsigned, created=created)
    check(document, signer.info.public_key.raw)
    second_path.verify_token(jwt, unsigned, signer.info.public_key.raw)
    return Forms(document, jwt)


def sign_token(signer: LintedSigner, token: LintToken, unsigned: bytes, *, created: datetime) -> bytes:
    """Return the document as `vc+jwt` alone. Raises as `sign`."""
    jwt = signer.sign_token(token, unsigned, created=created)
    second_path.verify_token(jwt, unsigned, signer.info.public_key.raw)
    return jwt


def check(signed: bytes, public_key: bytes) -> None:
    """Verify stored bytes by the second path. Raises `SecondPathDisagrees` whatever is wrong with them."""
    try:
        second_path.verify(strict_json.loads_object(signed), public_key)
    except SecondPathDisagrees:
        raise
    except PlauditError as error:
        raise SecondPathDisagrees(str(error)) from error
