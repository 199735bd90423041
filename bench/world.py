"""What every side is given: one realistic credential, the same keys, a Node process that stays. Measures nothing."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from credentials import data_integrity, did, lint, status_list, strict_json, timestamps, vcdm
from credentials.ports import ResolvedDocument
from tests.interop.node_worker import NodeWorker
from tests.interop.shared_keys import EcdsaKey, EdKey, SharedKey
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb

CREATED: datetime = SIGNED_AT
CREATED_TEXT = timestamps.format(CREATED)


#: As much as an employer of the field writes down: with this the credential is as large as issued ones are.
RECORD: dict[str, Any] = {
    "project": {
        "title": "Checkout accessibility audit",
        "description": "Audit the web checkout against WCAG 2.2 AA with assistive technology, and propose fixes that "
        "the shop's two developers can make within a sprint.",
        "criteria": "Audit of 14 screens; each finding reproduced, ranked and assigned; a plan that the team accepts.",
        "skills": [
            {"name": "web accessibility", "url": "https://skills.example/esco/web-accessibility"},
            {"name": "usability testing", "url": "https://skills.example/esco/usability-testing"},
            {"name": "technical writing"},
            {"name": "project planning"},
        ],
        "tools": ["axe", "NVDA", "VoiceOver"],
        "language": "en",
    },
    "deliverables": [
        {
            "title": title,
            "kind": kind,
            "url": f"https://files.example/d/{number}",
            "digest": "sha256-" + b64encode(hashlib.sha256(title.encode()).digest()).decode(),
            "size": 1_000 * number,
        }
        for number, (title, kind) in enumerate(
            [
                ("Audit report", "report"),
                ("Fix estimates", "spreadsheet"),
                ("Sprint plan", "report"),
                ("Tests", "code"),
            ],
            1,
        )
    ],
}


#: Enough different records that nothing gained from meeting one again could be mistaken for speed.
RECORDS = 200
NAMES = ("Nguyễn Thị Hồng Ánh", "José Álvarez Muñoz", "محمد الزهراني", "प्रिया शर्मा", "李思远", "김서연", "Zoë O’Brien")


class WrongWorkError(Exception):
    """What a contender made was not right, so how fast it was means nothing."""


def require(condition: bool, what: str) -> None:
    """Raise `WrongWorkError` unless `condition`."""
    if not condition:
        raise WrongWorkError(what)


@dataclass
class World:
    """An employer's credential before it is signed, the employer's keys and DID document, and the Node peer."""

    node: NodeWorker
    issuer: Issuer = field(default_factory=lambda: Issuer(MemoryWeb()))

    def __post_init__(self) -> None:
        #: Records of one shape, as one employer's are: every value that differs between students differs.
        self.records = [self._record(number) for number in range(RECORDS)]
        self.unsigned: dict[str, Any] = self.records[0]
        self.ed25519 = EdKey("key-1", self.issuer.did)
        self.p256 = EcdsaKey("key-p256", "ES256", self.issuer.did)
        keys: list[SharedKey] = [self.ed25519, self.p256]
        self.issuer.publish_did(
            verificationMethod=[key.method() for key in keys],
            assertionMethod=[key.verification_method for key in keys],
        )
        self._publish_status_list()
        self.resolved: ResolvedDocument = did.DidResolver(self.issuer.web, now=NOW).resolve(self.issuer.did)
        pages = {url: strict_json.loads_object(self.issuer.web.body(url)) for url in self.issuer.web.urls()}
        self.node.do("keep", records=self.records)
        self.node.do("setup", keys=[key.multikey() for key in keys], pages=pages)

    def _record(self, number: int) -> dict[str, Any]:
        document = self.issuer.unsigned(
            index=number,
            **RECORD,
            student={"name": f"{NAMES[number % len(NAMES)]} {number}", "email": f"s{number}@students.example"},
            hours=20 + number / 4,
            public_comment=f"Clear writing; needed little direction. Record {number} of this summer.",
        )
        document["id"] = f"https://{self.issuer.domain}/c/{number:026d}"
        return document

    def _publish_status_list(self) -> None:
        """A list without an end: the peer judges it by the clock of today, and tests take place in their own time."""
        unsigned = status_list.build_status_list_credential(
            list_id=self.issuer.list_url(),
            issuer=self.issuer.did,
            purpose="revocation",
            encoded=self.issuer.bits["revocation"].encode(),
            valid_from=CREATED,
        )
        signed = data_integrity.add_proof(unsigned, signer=self.ed25519, created=CREATED)
        self.issuer.web.put(self.issuer.list_url(), signed)

    def issue(self, document: Mapping[str, Any], key: SharedKey, suite: str) -> dict[str, Any]:
        """Lint, canonicalise, hash, sign; the lint canonicalises, and its hash is used where the suite wants it."""
        token = lint.lint(document, now=CREATED)
        known = None
        if token.covered:
            known = token.covered.document_hash if "-rdfc-" in suite else token.covered.json_hash
        return data_integrity.add_proof(document, signer=key, created=CREATED, cryptosuite=suite, document_hash=known)

    def verify(self, text: bytes) -> None:
        """What the peer's verifyCredential does: read, check the form, find the key, check the proof. Raises."""
        document = strict_json.loads_object(text)
        require(not vcdm.check(document), "the form is wrong")
        for proof in data_integrity.proofs_of(document):
            data_integrity.check_purpose(proof)
            data_integrity.check_times(proof, NOW)
            method = did.dereference(self.resolved, proof["verificationMethod"], proof["proofPurpose"])
            data_integrity.check_proof(document, proof, method.public_key)


@contextmanager
def world() -> Iterator[World]:
    """A world whose Node process ends with it. Raises `NodeMissingError`."""
    with NodeWorker("digitalbazaar") as node:
        yield World(node)
