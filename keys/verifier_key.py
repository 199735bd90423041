"""The installation's verifier key: signs receipts of verifications, and nothing else. Holds no rule about credentials.

It is a key of its own in the keyring, owned by the did:web of the verifier's own path, so that no receipt can pass for
a record of an organisation. The emergency stop, rotation and the states of keys hold for it as for every other key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from credentials import lint, receipts, second_path, strict_json
from credentials.ports import Fetched, Fetcher
from keys.did_document import did_document
from keys.errors import KeyStateConflict, SignerNotSupported, SigningStopped
from keys.keyring import Keyring

#: Where the verifier answers; its DID document lies below.
PATH = "/verify"
DOCUMENT = PATH + "/did.json"


class VerifierKey:
    """Signs receipts for the installation at `base_url`. The key is made when the first receipt is asked for."""

    def __init__(self, keyring: Callable[[], Keyring], base_url: str, clock: Callable[[], datetime]) -> None:
        self._keyring = keyring
        self._clock = clock
        origin = urlsplit(base_url)
        #: did:web 1.0, 3.2: a port is percent-encoded, a path is written with colons.
        self.did = f"did:web:{quote(origin.netloc, safe='')}:{PATH.removeprefix('/')}"
        self._documents = (f"{base_url}{DOCUMENT}", f"https://{origin.netloc}{DOCUMENT}")

    def sign(self, receipt: Mapping[str, Any]) -> bytes:
        """Return a receipt with its proof (eddsa-rdfc-2022), as bytes.

        Raises `SignerNotSupported` for any other credential, `SigningStopped` under the emergency stop, `KeysSealed`
        without the passphrase, and what the lint and the second path raise.
        """
        document = dict(receipt)
        if not receipts.is_receipt(document) or document["issuer"]["id"] != self.did:
            raise SignerNotSupported("The verifier key signs the verifier's receipts and nothing else.")
        keyring = self._keyring()
        stopped = keyring.stopped()
        if stopped is not None:
            raise SigningStopped(f"All signing was stopped: {stopped}")
        self._make_sure(keyring)
        with keyring.signer(self.did) as signer:
            now = self._clock().astimezone(UTC).replace(microsecond=0)
            token = lint.lint(document, now=now, key_created=signer.info.created)
            signed = signer.sign_to_bytes(token, token.data, created=now)
            second_path.verify(strict_json.loads_object(signed), signer.info.public_key.raw)
        return signed

    def _make_sure(self, keyring: Keyring) -> None:
        """Make the key unless there is one. Two processes may try: the keyring lets one of them."""
        if not keyring.list(self.did):
            with suppress(KeyStateConflict):
                keyring.create(self.did)

    def published(self) -> bytes:
        """Return the DID document of the verifier. Raises `KeyNotFound` as long as no receipt was ever signed."""
        return strict_json.dumps(did_document(self.did, self._keyring().list(self.did)))

    def publishes(self, url: str) -> bool:
        """Whether `url` is where the DID document lies."""
        return url in self._documents


class PublishedHere:
    """A `Fetcher` that answers for the verifier's own DID document, so that one worker never waits for itself."""

    def __init__(self, key: VerifierKey, otherwise: Fetcher) -> None:
        self._key = key
        self._otherwise = otherwise

    def fetch(self, url: str) -> Fetched:
        """Raises `KeyNotFound` before the first receipt, and what `otherwise` raises for all other addresses."""
        if not self._key.publishes(url):
            return self._otherwise.fetch(url)
        return Fetched(url, self._key.published(), "application/did+json", "own origin")
