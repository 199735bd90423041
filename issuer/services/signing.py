"""Signs linted bytes and lets nothing out that a second, independent implementation does not accept (case KEY-08)."""

from __future__ import annotations

from datetime import datetime

from credentials import second_path, strict_json
from credentials.errors import PlauditError, SecondPathDisagrees
from credentials.lint import LintToken
from keys.signer import LintedSigner


def sign(signer: LintedSigner, token: LintToken, unsigned: bytes, *, created: datetime) -> bytes:
    """Return the signed document as the exact bytes that will be stored and served.

    `created` is the server's own time. Raises what the signer raises (stopped, sealed, token spent), and
    `SecondPathDisagrees`: then the signature is dropped.
    """
    signed = strict_json.dumps(signer.sign_linted(token, unsigned, created=created))
    check(signed, signer.info.public_key.raw)
    return signed


def check(signed: bytes, public_key: bytes) -> None:
    """Verify stored bytes by the second path. Raises `SecondPathDisagrees` whatever is wrong with them."""
    try:
        second_path.verify(strict_json.loads_object(signed), public_key)
    except SecondPathDisagrees:
        raise
    except PlauditError as error:
        raise SecondPathDisagrees(str(error)) from error
