"""Other people's implementations, run by Node on files; and an export folder as `plaudit issue --out` leaves it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey

from credentials import data_integrity, multikey, status_list
from credentials.model import IssuerProfile, build_credential
from credentials.record import (
    CompletionRecord,
    DeliveredWork,
    Engagement,
    Permission,
    Project,
    Skill,
    Student,
    Supervisor,
)
from credentials.status_list import BitList, StatusEntry
from tests.interop.employer import Employer
from tests.interop.node_worker import NodeMissingError, NodeWorker, node_program

HERE = Path(__file__).resolve().parent

ORIGIN = "https://issuer.example"
DID = "did:web:issuer.example:o:lantern"
STATUS_LIST = f"{ORIGIN}/status/7q2mkz"
INDEX = 94_567
CREATED = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
#: One starting Node and its JSON-LD library takes 1 to 2 s of two busy cores.
NODE_SECONDS = 60

Node = Callable[..., Any]


@pytest.fixture(scope="session")
def node() -> Node:
    """Runs one script of this folder: `node(name, *arguments, stdin=value)` gives the JSON that it answers."""
    try:
        program = node_program()
    except NodeMissingError as error:
        pytest.skip(str(error))

    def run(script: str, *arguments: Path | str, stdin: Any = None) -> Any:
        result = subprocess.run(
            [program, str(HERE / script), *map(str, arguments)],
            input=json.dumps(stdin),
            capture_output=True,
            text=True,
            timeout=NODE_SECONDS,
        )
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    return run


@pytest.fixture(scope="session")
def employer() -> Employer:
    """One employer for the session; what changes its pages makes another."""
    return Employer()


@pytest.fixture(scope="session")
def digitalbazaar(node: Node, employer: Employer) -> Iterator[NodeWorker]:
    """@digitalbazaar/vc with its cryptosuites, holding the employer's keys and pages."""
    with NodeWorker("digitalbazaar") as worker:
        worker.do("setup", **employer.setup())
        yield worker


@dataclass(slots=True)
class SeededSigner:
    """An Ed25519 key out of a fixed seed: good for a test, and known to all."""

    verification_method: str
    key: SigningKey = field(repr=False)
    algorithm: str = "EdDSA"

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data).signature


@dataclass
class Export:
    """A folder with one credential, the issuer's DID document and the status list."""

    folder: Path
    signer: SeededSigner
    document: dict[str, Any]

    @property
    def file(self) -> Path:
        return self.folder / "record.json"

    def write(self, document: Mapping[str, Any]) -> Path:
        self.file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return self.file

    def publish_status(self, *, withdrawn: bool) -> None:
        signed = data_integrity.add_proof(
            unsigned_status_list(withdrawn=withdrawn), signer=self.signer, created=CREATED
        )
        (self.folder / "status-7q2mkz.json").write_text(json.dumps(signed), encoding="utf-8")


RECORD = CompletionRecord(
    student=Student(name="Ọláwálé Adéyẹmí", email="student@students.example"),
    project=Project(
        title="Donor survey of 300 households",
        description="Design, run and analyse a survey of 300 donor households.",
        criteria="Instrument approved; 300 complete responses; report accepted.",
        skills=(Skill("survey design"), Skill("statistics", "http://data.europa.eu/esco/skill/statistics")),
        language="en",
        tools=("R", "Quarto"),
    ),
    role="Research analyst",
    engagement=Engagement(kind="paid contract", mode="remote", team_size=2),
    start=date(2026, 5, 4),
    end=date(2026, 6, 12),
    hours=31.5,
    hours_source="time log",
    awarded_date=date(2026, 6, 16),
    outcome="accepted with changes",
    deliverables=(DeliveredWork(title="Final report", kind="report", url="https://files.example/d/1171a1"),),
    supervisor=Supervisor(name="Dana Whitfield", title="Head of Insight", email="dana@employer.example"),
    permission=Permission(show=True),
    public_comment="Clear “questions”, honest error bars.\nAsked twice, measured once.",
    ai_use="No assistant used.",
)


def unsigned_credential(issuer_did: str = DID) -> dict[str, Any]:
    """A full Open Badges 3.0 credential as Plaudit issues it, before it is signed."""
    return build_credential(
        RECORD,
        issuer=IssuerProfile(did=issuer_did, name="Lantern Research", url=ORIGIN, domain="issuer.example"),
        credential_id=f"{ORIGIN}/c/mnopqrstuvwxyz234567abcdef",
        human_code="LNTR-4F7K",
        achievement_id=f"{ORIGIN}/o/lantern/projects/donor-survey",
        status=StatusEntry(STATUS_LIST, INDEX, "revocation"),
        valid_from=CREATED,
        skill_url=lambda name: f"{ORIGIN}/o/lantern/skills/{name.replace(' ', '-')}",
    )


def unsigned_status_list(*, withdrawn: bool) -> dict[str, Any]:
    """The status list that the credential names, with its bit set when `withdrawn`."""
    bits = BitList()
    bits.set(INDEX, withdrawn)
    return status_list.build_status_list_credential(
        list_id=STATUS_LIST, issuer=DID, purpose="revocation", encoded=bits.encode(), valid_from=CREATED
    )


def did_document(public_key_multibase: str) -> dict[str, Any]:
    key_id = f"{DID}#key-1"
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": DID,
        "verificationMethod": [
            {"id": key_id, "type": "Multikey", "controller": DID, "publicKeyMultibase": public_key_multibase}
        ],
        "assertionMethod": [key_id],
    }


@pytest.fixture
def export(tmp_path: Path) -> Export:
    """One credential signed with eddsa-rdfc-2022 by Plaudit's core, with everything that verifies it beside it."""
    key = SigningKey(bytes(range(32)))
    signer = SeededSigner(f"{DID}#key-1", key)
    public_key = multikey.PublicKey.from_ed25519_bytes(bytes(key.verify_key))
    (tmp_path / "did.json").write_text(json.dumps(did_document(public_key.multikey)), encoding="utf-8")
    document = data_integrity.add_proof(unsigned_credential(), signer=signer, created=CREATED)
    made = Export(tmp_path, signer, document)
    made.write(document)
    made.publish_status(withdrawn=False)
    return made
