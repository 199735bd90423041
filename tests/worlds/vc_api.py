"""The VC-API surface as other people's tools meet it, without a connection: both halves behind one WSGI callable."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import Client, TestResponse

import plaudit
from credentials import data_integrity
from keys import throwaway

BASE_URL = "https://localhost:8443"
#: Base path → the curves whose keys sign there.
SUITES = {
    "/vc-api/eddsa-rdfc-2022": ("Ed25519",),
    "/vc-api/eddsa-jcs-2022": ("Ed25519",),
    "/vc-api/ecdsa-rdfc-2019": ("P-256", "P-384"),
    "/vc-api/ecdsa-jcs-2019": ("P-256", "P-384"),
}
V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"


@dataclass
class Surface:
    """One conformance mode with fresh keys; `token` as given to the command."""

    token: str | None = None
    signers: dict[str, throwaway.ThrowawaySigner] = field(default_factory=throwaway.make)

    def __post_init__(self) -> None:
        self.did = {curve: throwaway.owner(signer) for curve, signer in self.signers.items()}
        by_did = {throwaway.owner(signer): signer for signer in self.signers.values()}
        application = plaudit.conformance_application(by_did, BASE_URL, ["localhost"], self.token)
        self._client = Client(application)

    def post(self, path: str, body: Any, **headers: str) -> TestResponse:
        """POST JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self._client.post(path, data=data, content_type="application/json", headers=headers, base_url=BASE_URL)

    def get(self, path: str) -> TestResponse:
        return self._client.get(path.removeprefix(BASE_URL), base_url=BASE_URL)

    def credential(self, curve: str = "Ed25519", **changes: Any) -> dict[str, Any]:
        """A small unsigned credential of 2.0; a change to None leaves the member out, `...` makes it null."""
        document: dict[str, Any] = {
            "@context": [V2],
            "type": ["VerifiableCredential"],
            "issuer": self.did[curve],
            "credentialSubject": {"id": "did:example:subject"},
        }
        for name, value in changes.items():
            name = name.replace("at_", "@")
            document[name] = None if value is ... else value
            if value is None:
                del document[name]
        return document

    def issue(self, credential: Any, base: str = "/vc-api", **options: Any) -> TestResponse:
        return self.post(f"{base}/credentials/issue", {"credential": credential, "options": options})

    def issued(self, base: str = "/vc-api", curve: str = "Ed25519", **changes: Any) -> dict[str, Any]:
        """A signed credential."""
        answer = self.issue(self.credential(curve, **changes), base)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.get_json()["verifiableCredential"]
        return found

    def verify(self, credential: Any, base: str = "/vc-api", **options: Any) -> TestResponse:
        options = options or {"checks": ["proof"]}
        return self.post(f"{base}/credentials/verify", {"verifiableCredential": credential, "options": options})

    def present(self, presentation: Any, base: str = "/vc-api", **options: Any) -> TestResponse:
        return self.post(f"{base}/presentations/verify", {"verifiablePresentation": presentation, "options": options})

    def presentation(self, *credentials: Any, **changes: Any) -> dict[str, Any]:
        """An unsigned presentation of these credentials."""
        document = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": list(credentials)}
        return {name: value for name, value in {**document, **changes}.items() if value is not None}

    def signed(self, presentation: dict[str, Any], curve: str = "Ed25519", **options: Any) -> dict[str, Any]:
        """`presentation` with a proof by the key of this curve."""
        suite = "eddsa-rdfc-2022" if curve == "Ed25519" else "ecdsa-rdfc-2019"
        more = {"cryptosuite": suite, "proof_purpose": "authentication", "allow_inline_contexts": True, **options}
        signer = self.signers[curve]
        return data_integrity.add_proof(copy.deepcopy(presentation), signer=signer, created=plaudit.now(), **more)


def assert_refused(answer: TestResponse) -> dict[str, Any]:
    """400 or 422, as problem details that name everything that was found, and nothing of ours inside."""
    assert answer.status_code in (400, 422), (answer.status_code, answer.text)
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert body["status"] == answer.status_code
    assert body["problemDetails"]
    for problem in body["problemDetails"]:
        assert problem["type"].startswith("https://")
        assert problem["title"]
        assert problem["detail"]
    return body
