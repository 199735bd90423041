"""Opens the signer that a key URI names, and holds the one door through which credentials are signed.

Who issues never sees a raw signer. `Keyring.signer` hands out a `LintedSigner`, which signs a whole document, given
the lint token of exactly those bytes; a token is good for one signature (cases KEY-08, KEY-09). It knows nothing of
databases or of what happens to a credential afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, NoReturn, Protocol

from credentials import data_integrity, strict_json, timestamps
from credentials.did import webvh_writing
from credentials.domains import linkage
from credentials.jose import vc_jwt
from credentials.lint import LintToken, check_proof_time
from credentials.ports import Signer
from keys.errors import KeyNotUsable, ProofInFuture, SignerNotSupported, SigningStopped
from keys.key_info import KeyInfo

#: How far a proof may be dated after this process's clock: two clocks of one installation, never a wish.
FUTURE_TOLERANCE = timedelta(seconds=5)


class SigningStore(Protocol):
    """Whatever can open the raw signer of a key that it holds."""

    def open(self, key_id: str) -> AbstractContextManager[Signer]: ...


def open_signer(uri: str, stores: Mapping[str, SigningStore]) -> AbstractContextManager[Signer]:
    """Open the raw signer that a key URI names, `<scheme>:<key id>`, from the store of that scheme.

    Raises `SignerNotSupported` for any scheme that no store answers for; there is no default.
    """
    scheme, separator, key_id = uri.partition(":")
    if not separator or scheme not in stores:
        known = ", ".join(f"{name}:" for name in sorted(stores))
        raise SignerNotSupported(f"No key store answers for {scheme + separator!r}; there is {known}.")
    return stores[scheme].open(key_id)


class LintedSigner:
    """Signs documents that passed the lint, one signature for each token, dated within the key's own life.

    Before each signature it looks again: a stop or a change of the key's state holds from the next signature on, in
    every process that has this key open.
    """

    __slots__ = ("_clock", "_look_again", "_signer", "_stopped", "info")

    def __init__(
        self,
        signer: Signer,
        info: KeyInfo,
        *,
        clock: Callable[[], datetime],
        look_again: Callable[[str], KeyInfo],
        stopped: Callable[[], str | None],
    ) -> None:
        """`look_again` returns the key's facts as they are now, `stopped` the reason of a stop or None."""
        self.info = info
        self._signer = signer
        self._clock = clock
        self._look_again = look_again
        self._stopped = stopped

    @property
    def verification_method(self) -> str:
        """DID URL that the proof will carry."""
        return self._signer.verification_method

    def sign_linted(
        self, token: LintToken, document: bytes, *, created: datetime, cryptosuite: str = "eddsa-rdfc-2022"
    ) -> dict[str, Any]:
        """Return `document` with a Data Integrity proof, dated `created`, the server's own time.

        `document` is the unsigned credential, exactly the bytes that were linted; what is signed is read from them.
        Raises, before the token is spent: `SigningStopped`, `KeyNotUsable`, `credentials.errors.ProofBeforeKey`,
        `ProofInFuture`; then what `LintToken.redeem` raises for a used token or for other bytes.
        """
        if not isinstance(token, LintToken):
            raise TypeError("a signature needs the lint token of the document")
        self._check_permitted()
        self._check_date(created)
        token.redeem(document)
        return data_integrity.add_proof(
            strict_json.loads_object(document), signer=self._signer, created=created, cryptosuite=cryptosuite
        )

    def sign_to_bytes(self, token: LintToken, document: bytes, *, created: datetime) -> bytes:
        """As `sign_linted` with eddsa-rdfc-2022, and the signed document as bytes: those that were linted, and a proof.

        The document is not read or canonicalised again: the token knows what the lint found.
        """
        covered = token.covered
        if covered is None:
            return strict_json.dumps(self.sign_linted(token, document, created=created))
        self._check_permitted()
        self._check_date(created)
        token.redeem(document)
        prepared = data_integrity.prepare(
            {"@context": list(covered.contexts)},
            verification_method=self._signer.verification_method,
            created=created,
            document_hash=covered.document_hash,
        )
        [proof] = prepared.complete(self._signer.sign(prepared.hash_data))["proof"]
        return document[:-1] + b',"proof":[' + strict_json.dumps(proof) + b"]}"

    def sign_forms(self, token: LintToken, document: bytes, *, created: datetime) -> tuple[bytes, bytes]:
        """As `sign_to_bytes`, and the same document as `vc+jwt`, dated `created` too: two forms of one linted text.

        The token stands for both: it is redeemed once.
        """
        signed = self.sign_to_bytes(token, document, created=created)
        return signed, self._jwt(document, created)

    def sign_token(self, token: LintToken, document: bytes, *, created: datetime) -> bytes:
        """Return `document` as `vc+jwt` alone, for one whose first form was signed before. Raises as `sign_linted`."""
        self._check_permitted()
        self._check_date(created)
        token.redeem(document)
        return self._jwt(document, created)

    def _jwt(self, document: bytes, created: datetime) -> bytes:
        credential = strict_json.loads_object(document)
        return vc_jwt.sign_credential(credential, self._signer, issued_at=created).encode("ascii")

    def sign_log_entry(self, entry: Mapping[str, Any], *, created: datetime) -> bytes:
        """Return an entry of a did:webvh log with its proof, as the line to append; the key names itself as did:key.

        That proof vouches for nothing but the entry: a credential's key is looked for under its issuer. Raises
        `SigningStopped`, `KeyNotUsable`, `credentials.errors.ProofBeforeKey` and `ProofInFuture`.
        """
        self._check_permitted()
        self._check_date(created)
        return webvh_writing.sign_entry(entry, key=self.info.public_key, sign=self._signer.sign, created=created)

    def sign_domain_linkage(self, origin: str, *, start: datetime, end: datetime) -> bytes:
        """Return the DID configuration that links `origin` to this key's owner from `start`, which is now, to `end`.

        It vouches for nobody's work: its whole content is written here. Raises `SigningStopped`, `KeyNotUsable`,
        `credentials.errors.ProofBeforeKey` and `ProofInFuture`.
        """
        self._check_permitted()
        self._check_date(start)
        return linkage.write(self.info.owner, origin, self._signer, start=start, end=end)

    def _check_permitted(self) -> None:
        reason = self._stopped()
        if reason is not None:
            raise SigningStopped(f"All signing was stopped: {reason}")
        state = self._look_again(self.info.id).state
        if not state.signs:
            raise KeyNotUsable(f"Key {self.info.id} is {state.value}.")

    def _check_date(self, created: datetime) -> None:
        check_proof_time(created, self.info.created)
        if created > self._clock() + FUTURE_TOLERANCE:
            raise ProofInFuture(f"The proof would be dated {timestamps.format(created)}, in the future.")

    def __repr__(self) -> str:
        return f"LintedSigner({self.verification_method!r}, ********)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a signer is never pickled or copied")
