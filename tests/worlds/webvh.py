"""A controller of a did:webvh for tests, honest or not: hashes and signs by another road than the code under test.

Honest by default. `edit` changes an entry before it is hashed and signed (a lie, well signed), `tamper` one that is
published already (an altered log).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import rfc8785

from credentials import multibase
from tests.worlds.issuers import Key
from tests.worlds.memory_web import MemoryWeb

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
HOLDER = "{SCID}"
FIRST, SECOND, THIEF = Key("update-1"), Key("update-2"), Key("thief")

Entry = dict[str, Any]
Edit = Callable[[Entry], None]


def nothing(_entry: Entry) -> None:
    """The edit of an honest controller."""


def hash_of(value: Any) -> str:
    digest = hashlib.sha256(rfc8785.dumps(value)).digest()
    return multibase.encode_base58btc(b"\x12\x20" + digest)


def key_hash(key: Key) -> str:
    return multibase.encode_base58btc(b"\x12\x20" + hashlib.sha256(key.public.multikey.encode()).digest())


def keys(*listed: Key) -> list[str]:
    return [key.public.multikey for key in listed]


def witness(threshold: int, *listed: Key) -> Entry:
    return {"threshold": threshold, "witnesses": [{"id": key.controller} for key in listed]}


def without_proof(entry: Entry) -> Entry:
    return {name: value for name, value in entry.items() if name != "proof"}


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def proof(document: Entry, signer: Key, **changes: Any) -> Entry:
    """An eddsa-jcs-2022 proof; None as a change removes a member."""
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": stamp(START),
        "verificationMethod": signer.verification_method,
        "proofPurpose": "assertionMethod",
        **changes,
    }
    config = {name: value for name, value in config.items() if value is not None}
    hashed = [hashlib.sha256(rfc8785.dumps(part)).digest() for part in (config, document)]
    return {**config, "proofValue": multibase.encode(signer.sign(b"".join(hashed)))}


class Controller:
    """One did:webvh: its entries, its witnesses' proofs, and the web that it publishes both on."""

    def __init__(self, place: str = "issuer.example") -> None:
        self.web = MemoryWeb()
        self.place = place
        self.scid = ""
        self.entries: list[Entry] = []
        self.witnessed: list[Entry] = []

    @property
    def did(self) -> str:
        return f"did:webvh:{self.scid}:{self.place}"

    @property
    def url(self) -> str:
        host, *path = self.place.split(":")
        return f"https://{host.replace('%3A', ':')}/{'/'.join(path) or '.well-known'}/did.jsonl"

    @property
    def log(self) -> bytes:
        return b"".join(json.dumps(entry, ensure_ascii=False).encode() + b"\n" for entry in self.entries)

    def document(self, scid: str, **changes: Any) -> Entry:
        did = f"did:webvh:{scid}:{self.place}"
        key = FIRST.public.multikey
        method = {"id": f"{did}#key-1", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": did,
            "verificationMethod": [method],
            "assertionMethod": [method["id"]],
            **changes,
        }

    def create(
        self, *, edit: Edit = nothing, signer: Key = FIRST, lie: Edit = nothing, **parameters: Any
    ) -> Controller:
        """Make the first entry. `edit` comes before the SCID is made, `lie` after it and before hash and signature."""
        template = {
            "versionId": HOLDER,
            "versionTime": stamp(START),
            "parameters": {
                "method": "did:webvh:1.0", "scid": HOLDER, "updateKeys": [FIRST.public.multikey], **parameters
            },
            "state": self.document(HOLDER),
        }  # fmt: skip
        edit(template)
        self.scid = hash_of(template)
        entry: Entry = json.loads(json.dumps(template).replace(HOLDER, self.scid))
        lie(entry)
        return self._append(entry, self.scid, signer)

    def update(
        self, *, edit: Edit = nothing, signer: Key = FIRST, number: int | None = None, **parameters: Any
    ) -> Controller:
        """Append an entry a day after the last; `number` is written in place of the right one."""
        before = self.entries[-1]
        entry = {
            "versionId": before["versionId"],
            "versionTime": stamp(START + timedelta(days=len(self.entries))),
            "parameters": parameters,
            "state": self.document(self.scid),
        }
        edit(entry)
        return self._append(entry, before["versionId"], signer, number)

    def _append(self, entry: Entry, before: str, signer: Key, number: int | None = None) -> Controller:
        unsigned = without_proof(entry)
        hashed = hash_of({**unsigned, "versionId": before})
        unsigned["versionId"] = f"{number or len(self.entries) + 1}-{hashed}"
        self.entries.append({**unsigned, "proof": [proof(unsigned, signer)]})
        return self

    def tamper(self, index: int, change: Edit) -> Controller:
        change(self.entries[index])
        return self

    def witness(self, number: int, *witnesses: Key, **changes: Any) -> Controller:
        """Have `witnesses` vouch for a version."""
        subject = {"versionId": self.entries[number - 1]["versionId"]}
        self.witnessed.append({**subject, "proof": [proof(subject, key, **changes) for key in witnesses]})
        return self

    def publish(self) -> Controller:
        self.web.put(self.url, self.log)
        if self.witnessed:
            self.web.put(self.url.replace("did.jsonl", "did-witness.json"), self.witnessed)
        return self
