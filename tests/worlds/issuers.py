"""A small world of issuers for tests: real keys, real did.json and status lists on a `MemoryWeb`, a clock that stands.

Seeds are fixed, so every run signs the same bytes. Nothing here is a mock: what it signs is signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nacl.signing import SigningKey

from credentials import corrections, data_integrity, model, notices, status_list, strict_json, timestamps
from credentials.corrections import Change, Correction
from credentials.multikey import PublicKey
from credentials.record import CompletionRecord
from credentials.status_list import BitList, StatusEntry
from credentials.verify import Report, verify
from tests.worlds.completions import NOW, SIGNED_AT, completion
from tests.worlds.memory_web import MemoryWeb


class Key:
    """An Ed25519 key made from a name; `Signer` by shape."""

    algorithm = "EdDSA"

    def __init__(self, name: str, controller: str | None = None) -> None:
        self._signing = SigningKey(hashlib.sha256(name.encode()).digest())
        self.public = PublicKey.from_ed25519_bytes(bytes(self._signing.verify_key))
        self.controller = controller or f"did:key:{self.public.multikey}"
        fragment = name if controller else self.public.multikey
        self.verification_method = f"{self.controller}#{fragment}"

    def sign(self, data: bytes) -> bytes:
        return bytes(self._signing.sign(data).signature)

    def method(self) -> dict[str, Any]:
        """The key's entry in a DID document."""
        return {
            "id": self.verification_method,
            "type": "Multikey",
            "controller": self.controller,
            "publicKeyMultibase": self.public.multikey,
        }


@dataclass
class Issuer:
    """An employer with a did:web, one key and one revocation list, all of it published on `web`."""

    web: MemoryWeb
    domain: str = "employer.example"
    key: Key = field(init=False)

    def __post_init__(self) -> None:
        self.did = f"did:web:{self.domain}"
        self.did_url = f"https://{self.domain}/.well-known/did.json"
        self.key = Key("key-1", self.did)
        self.bits: dict[str, BitList] = {"revocation": BitList(), "suspension": BitList()}
        self.publish_did()
        self.publish_lists()

    @property
    def record_url(self) -> str:
        """The id of the usual credential."""
        return f"https://{self.domain}/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"

    def list_url(self, purpose: str = "revocation") -> str:
        return f"https://{self.domain}/status/{purpose}"

    def did_document(self, **changes: Any) -> dict[str, Any]:
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.did,
            "verificationMethod": [self.key.method()],
            "assertionMethod": [self.key.verification_method],
            **changes,
        }

    def publish_did(self, **changes: Any) -> None:
        self.web.put(self.did_url, self.did_document(**changes))

    def publish_lists(self) -> None:
        for purpose in self.bits:
            self.web.put(self.list_url(purpose), self.list_credential(purpose))

    def list_credential(self, purpose: str = "revocation", *, signer: Key | None = None, **changes: Any) -> Any:
        """The signed list of `purpose`; `changes` replace members before signing."""
        document = status_list.build_status_list_credential(
            list_id=self.list_url(purpose),
            issuer=self.did,
            purpose=purpose,
            encoded=self.bits[purpose].encode(),
            valid_from=SIGNED_AT,
            valid_until=NOW + timedelta(days=1),
            ttl=60_000,
        )
        return sign({**document, **changes}, signer or self.key)

    def revoke(self, index: int, purpose: str = "revocation") -> None:
        self.bits[purpose].set(index)
        self.publish_lists()

    def notice(self, kind: str, *, signer: Key | None = None, at: datetime = NOW, **about: Any) -> dict[str, Any]:
        """A signed notice about the usual credential; `about` replaces what it says (reason, changes, since, ...)."""
        said = {"record_url": self.record_url, "issuer": self.did, "since": NOW - timedelta(days=1), "reason": "Why."}
        return sign(notices.build_notice(kind=kind, **{**said, **about}), signer or self.key, created=at)

    def publish_notice(self, kind: str, **about: Any) -> None:
        self.web.put(self.record_url + notices.PLACE, self.notice(kind, **about))

    def correct(self, index: int = 8, *, hours: int = 24) -> Any:
        """Correct the hours of the usual credential, and publish all that goes with it; return the newer version."""
        change = Change("hours", "31", str(hours))
        at = NOW - timedelta(days=1)
        document = self.unsigned(index, hours=hours) | {"validFrom": timestamps.format(at)}
        newer = self.issue(document | corrections.members([Correction(2, at, "Booked twice.", (change,))]), created=at)
        self.web.put(self.record_url, newer)
        self.publish_notice("replaced", reason="Booked twice.", changes=[change])
        self.revoke(7)
        return newer

    def profile(self) -> model.IssuerProfile:
        return model.IssuerProfile(
            did=self.did, name="Employer Example", url=f"https://{self.domain}", domain=self.domain,
            legal_name="Employer Example Ltd", identifiers={"lei": "529900T8BM49AURSDO55"},
        )  # fmt: skip

    def unsigned(self, index: int = 7, **changes: Any) -> dict[str, Any]:
        """An unsigned credential of `completion(**changes)` with status index `index`."""
        return model.build_credential(
            CompletionRecord.from_mapping(completion(**changes)),
            issuer=self.profile(),
            credential_id=self.record_url,
            human_code="PLA-7F3K",
            achievement_id=f"https://{self.domain}/a/bbbbbbbbbbbbbbbbbbbbbbbbbb",
            status=StatusEntry(self.list_url(), index, "revocation"),
            valid_from=SIGNED_AT,
            skill_url=lambda name: f"https://{self.domain}/skills/{name.replace(' ', '-')}",
        )

    def issue(self, document: dict[str, Any] | None = None, *, suite: str = "eddsa-rdfc-2022", **options: Any) -> Any:
        """A signed credential: `document`, or the usual one."""
        return sign(document or self.unsigned(), self.key, suite=suite, **options)


def sign(
    document: dict[str, Any],
    signer: Key,
    *,
    created: datetime = SIGNED_AT,
    suite: str = "eddsa-rdfc-2022",
    **options: Any,
) -> dict[str, Any]:
    return data_integrity.add_proof(document, signer=signer, created=created, cryptosuite=suite, **options)


def to_bytes(document: Any) -> bytes:
    return strict_json.dumps(document)


def judge(document: Any, web: MemoryWeb, *, now: datetime = NOW, **policy: Any) -> Report:
    """What the verifier says of `document` (bytes, or JSON to be written as bytes)."""
    data = document if isinstance(document, bytes) else to_bytes(document)
    return verify(data, fetcher=web, now=now, **policy)


def outcome(report: Report, step: str) -> tuple[str, str | None]:
    """Outcome and code of one step, for short assertions."""
    found = report.step(step)
    return found.outcome.value, found.code


def told(report: Report, name: str) -> tuple[str, str | None, str, str, dict[str, Any]]:
    """Outcome, code, sentence, remedy and details of one step."""
    step = report.step(name)
    return step.outcome.value, step.code, step.sentence, step.remedy, dict(step.details)
