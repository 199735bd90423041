"""@digitalbazaar's cryptosuites and Plaudit's, each against the other: every suite, both ways, and what was altered.

Both sides hold the same keys of the same employer, so each can be asked for the very document of the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from credentials import cryptosuites
from credentials.presentation import build_presentation, sign_presentation
from credentials.verify import Outcome, Verdict
from credentials.verify.presentation import verify_presentation
from tests.interop.employer import CREATED, ED25519_2020, Employer
from tests.interop.node_worker import NodeWorker
from tests.worlds.completions import NOW, SIGNED_AT

pytestmark = [pytest.mark.interop, pytest.mark.xdist_group("node")]

SUITES = [
    ("eddsa-rdfc-2022", "Ed25519"),
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("Ed25519Signature2020", "Ed25519"),
]
each_suite = pytest.mark.parametrize(("suite", "kind"), SUITES)

Alter = Callable[[dict[str, Any]], None]


def _another_student(document: dict[str, Any]) -> None:
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"


def _another_list_index(document: dict[str, Any]) -> None:
    document["credentialStatus"]["statusListIndex"] = "8"


def _a_skill_more(document: dict[str, Any]) -> None:
    document["credentialSubject"]["achievement"]["tag"].append("surgery")


def _another_time_of_signing(document: dict[str, Any]) -> None:
    _proof(document)["created"] = "2026-06-20T12:00:00Z"


def _another_signature(document: dict[str, Any]) -> None:
    """Of the right size and form, by nobody."""
    value = _proof(document)["proofValue"]
    _proof(document)["proofValue"] = value[:20] + ("2" if value[20] != "2" else "3") + value[21:]


ALTERATIONS = [_another_student, _another_list_index, _a_skill_more, _another_time_of_signing, _another_signature]


def _proof(document: dict[str, Any]) -> dict[str, Any]:
    proof = document["proof"]
    found: dict[str, Any] = proof[0] if isinstance(proof, list) else proof
    return found


def altered(document: dict[str, Any], alter: Alter) -> dict[str, Any]:
    changed = deepcopy(document)
    alter(changed)
    assert changed != document
    return changed


def issued_by_them(worker: NodeWorker, employer: Employer, suite: str, kind: str) -> dict[str, Any]:
    key = employer.keys[kind].verification_method
    made: dict[str, Any] = worker.do(
        "issue", suite=suite, key=key, created=CREATED, credential=employer.unsigned(suite), now=CREATED
    )
    return made


@each_suite
def test_they_accept_what_we_sign_and_nothing_altered(
    digitalbazaar: NodeWorker, employer: Employer, suite: str, kind: str
) -> None:
    signed = employer.issue(suite, kind)
    documents = [signed, *(altered(signed, alter) for alter in ALTERATIONS)]
    verdicts = digitalbazaar.do("verifyAll", suite=suite, texts=list(map(json.dumps, documents)))
    assert verdicts[0] == {"verified": True, "errors": []}
    assert [verdict["verified"] for verdict in verdicts[1:]] == [False] * len(ALTERATIONS)
    assert all("Invalid signature." in verdict["errors"] for verdict in verdicts[1:])


@each_suite
def test_we_accept_what_they_sign_and_nothing_altered(
    digitalbazaar: NodeWorker, employer: Employer, suite: str, kind: str
) -> None:
    signed = issued_by_them(digitalbazaar, employer, suite, kind)
    report = employer.judge(signed)
    assert report.verdict is Verdict.VALID
    assert {step.outcome for step in report.steps} == {Outcome.PASSED}
    for alter in ALTERATIONS:
        report = employer.judge(altered(signed, alter))
        assert (report.verdict, report.step("signature").code) == (Verdict.ALTERED, "signature_invalid"), alter


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "Ed25519Signature2020"])
def test_both_sign_the_same_bytes(digitalbazaar: NodeWorker, employer: Employer, suite: str) -> None:
    """Ed25519 has one signature for one message: equal signatures mean that everything hashed was equal."""
    ours, theirs = employer.issue(suite, "Ed25519"), issued_by_them(digitalbazaar, employer, suite, "Ed25519")
    assert _proof(ours)["proofValue"] == _proof(theirs)["proofValue"]


@each_suite
def test_neither_takes_one_key_for_another(
    digitalbazaar: NodeWorker, employer: Employer, suite: str, kind: str
) -> None:
    """The same employer's key of another kind, and the proof made with the right one."""
    other = {"Ed25519": "P-256", "P-256": "P-384", "P-384": "P-256"}[kind]
    signed = employer.issue(suite, kind)
    _proof(signed)["verificationMethod"] = employer.keys[other].verification_method
    assert not digitalbazaar.do("verify", suite=suite, text=json.dumps(signed))["verified"]
    assert employer.judge(signed).verdict is not Verdict.VALID


@pytest.mark.parametrize(("suite", "label"), [(one, other) for one, _ in SUITES for other, _ in SUITES if one != other])
def test_we_take_no_suite_for_another(employer: Employer, suite: str, label: str) -> None:
    """A good proof under another suite's name is not good."""
    signed = employer.issue(suite, dict(SUITES)[suite])
    named = cryptosuites.hashed(label).naming
    proof = {name: value for name, value in _proof(signed).items() if name not in ("type", "cryptosuite")}
    report = employer.judge({**signed, "proof": [{**proof, **named}]})
    assert report.verdict not in (Verdict.VALID, Verdict.ISSUER_NOT_RECOGNISED)


def test_they_accept_our_proof_set(digitalbazaar: NodeWorker, employer: Employer) -> None:
    """Two proofs over one document: each suite finds its own and accepts it."""
    both = employer.issue("ecdsa-rdfc-2019", "P-256", employer.issue("eddsa-rdfc-2022", "Ed25519"))
    assert employer.judge(both).verdict is Verdict.VALID
    for suite in ("eddsa-rdfc-2022", "ecdsa-rdfc-2019"):
        assert digitalbazaar.do("verify", suite=suite, text=json.dumps(both))["verified"]


CHALLENGE, DOMAIN = "b4Qv0m6Dq1", "recruiter.example"


def test_we_accept_their_presentation(digitalbazaar: NodeWorker, employer: Employer) -> None:
    credential = issued_by_them(digitalbazaar, employer, "eddsa-rdfc-2022", "Ed25519")
    key = employer.keys["Ed25519"].verification_method
    presentation = digitalbazaar.do(
        "present",
        suite="eddsa-rdfc-2022",
        key=key,
        created=CREATED,
        credentials=[credential],
        challenge=CHALLENGE,
        domain=DOMAIN,
    )
    text = json.dumps(presentation).encode()
    report = verify_presentation(text, fetcher=employer.web, now=NOW, challenge=CHALLENGE, domain=DOMAIN)
    assert report.verdict is Verdict.VALID
    assert report.holder == employer.did
    other = verify_presentation(text, fetcher=employer.web, now=NOW, challenge="another", domain=DOMAIN)
    assert other.step("challenge").outcome is Outcome.FAILED


def test_they_accept_our_presentation(digitalbazaar: NodeWorker, employer: Employer) -> None:
    unsigned = build_presentation([employer.issue("eddsa-rdfc-2022", "Ed25519")], holder=employer.did)
    presentation = sign_presentation(
        unsigned, signer=employer.keys["Ed25519"], created=SIGNED_AT, challenge=CHALLENGE, domain=DOMAIN
    )
    for challenge, domain, expected in [
        (CHALLENGE, DOMAIN, True),
        ("another", DOMAIN, False),
        (CHALLENGE, "x.example", False),
    ]:
        answer = digitalbazaar.do(
            "verifyPresentation",
            suite="eddsa-rdfc-2022",
            presentation=presentation,
            challenge=challenge,
            domain=domain,
        )
        assert answer["verified"] is expected, answer


OLD_SUITES = [("Ed25519Signature2020", "Ed25519"), ("eddsa-rdfc-2022", "Ed25519"), ("ecdsa-rdfc-2019", "P-256")]


def unsigned_1_1(employer: Employer, suite: str) -> dict[str, Any]:
    """A credential of VCDM 1.1 with all that its base context defines; the suites need a context of their own."""
    legacy = suite == "Ed25519Signature2020"
    return {
        "@context": [
            "https://www.w3.org/2018/credentials/v1",
            ED25519_2020 if legacy else "https://w3id.org/security/data-integrity/v2",
        ],
        "id": "https://employer.example/c/old",
        "type": ["VerifiableCredential"],
        "issuer": employer.did,
        "issuanceDate": CREATED,
        "expirationDate": "2031-06-21T12:00:00Z",
        "credentialSubject": {"id": "did:example:student"},
    }


@pytest.mark.parametrize(("suite", "kind"), OLD_SUITES)
def test_the_older_data_model_both_ways(digitalbazaar: NodeWorker, employer: Employer, suite: str, kind: str) -> None:
    document, key = unsigned_1_1(employer, suite), employer.keys[kind].verification_method
    theirs = digitalbazaar.do("issue", suite=suite, key=key, created=CREATED, credential=document, now=CREATED)
    report = employer.judge(theirs)
    assert report.verdict is Verdict.VALID, report.to_json()
    theirs["expirationDate"] = "2041-06-21T12:00:00Z"
    assert employer.judge(theirs).verdict is Verdict.ALTERED
    ours = employer.issue(suite, kind, document)
    texts = [json.dumps(ours), json.dumps({**ours, "expirationDate": "2041-06-21T12:00:00Z"})]
    verdicts = digitalbazaar.do("verifyAll", suite=suite, texts=texts)
    assert [verdict["verified"] for verdict in verdicts] == [True, False], verdicts
