"""An employer with one key of each kind in its DID document, all of which the peers may hold too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from credentials import data_integrity, status_list, strict_json, timestamps
from credentials.verify import Report, verify
from tests.interop.shared_keys import EcdsaKey, EdKey, SharedKey
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb

CREATED = timestamps.format(SIGNED_AT)
ED25519_2020 = "https://w3id.org/security/suites/ed25519-2020/v1"


class Employer:
    """`did:web:employer.example`: keys by name of their kind, and everything that it publishes on `web`."""

    def __init__(self) -> None:
        self.web = MemoryWeb()
        self._issuer = Issuer(self.web)
        self.did = self._issuer.did
        self.keys: dict[str, SharedKey] = {
            "Ed25519": EdKey("key-ed", self.did),
            "P-256": EcdsaKey("key-p256", "ES256", self.did),
            "P-384": EcdsaKey("key-p384", "ES384", self.did),
        }
        self._issuer.publish_did(
            verificationMethod=[key.method() for key in self.keys.values()],
            assertionMethod=[key.verification_method for key in self.keys.values()],
            authentication=[key.verification_method for key in self.keys.values()],
        )
        self.publish_list()

    def unsigned(self, suite: str = "eddsa-rdfc-2022", **changes: Any) -> dict[str, Any]:
        """A whole credential before it is signed; the older suite needs a context of its own."""
        document = self._issuer.unsigned(**changes)
        if suite == "Ed25519Signature2020":
            document["@context"] = [*document["@context"], ED25519_2020]
        return document

    def issue(
        self, suite: str, kind: str, document: Mapping[str, Any] | None = None, *, created: datetime = SIGNED_AT
    ) -> dict[str, Any]:
        """Signed by Plaudit's core."""
        unsigned = self.unsigned(suite) if document is None else document
        return data_integrity.add_proof(unsigned, signer=self.keys[kind], created=created, cryptosuite=suite)

    def publish_list(self, *withdrawn: int) -> None:
        """The revocation list, without an end: peers judge it by today's clock."""
        bits = status_list.BitList()
        for index in withdrawn:
            bits.set(index)
        unsigned = status_list.build_status_list_credential(
            list_id=self._issuer.list_url(),
            issuer=self.did,
            purpose="revocation",
            encoded=bits.encode(),
            valid_from=SIGNED_AT,
        )
        self.web.put(self._issuer.list_url(), self.issue("eddsa-rdfc-2022", "Ed25519", unsigned))

    def setup(self) -> dict[str, Any]:
        """What peers/digitalbazaar.mjs is set up with: the keys, secrets included, and the published pages."""
        pages = {url: strict_json.loads_object(self.web.body(url)) for url in self.web.urls()}
        return {"keys": [key.multikey() for key in self.keys.values()], "pages": pages}

    def judge(self, document: Mapping[str, Any]) -> Report:
        """What Plaudit's verifier says."""
        return verify(strict_json.dumps(dict(document)), fetcher=self.web, now=NOW)
