"""The second implementation agrees with the first, and finds every fault that the first could make."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random
from typing import Any

import pytest

from credentials import data_integrity, errors, jsonld, multibase, second_path, strict_json
from credentials.jose import vc_jwt
from tests.credentials.generated import credential
from tests.credentials.jose_tokens import ED25519, handmade
from tests.credentials.test_data_integrity import CREATED, SIGNER, SUITES, Ed25519Signer, signed
from tests.worlds.issuers import Issuer, Key
from tests.worlds.memory_web import MemoryWeb


@pytest.mark.case("KEY-08")
@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("seed", range(5))
def test_generated_credentials_pass_both_paths(suite: str, seed: int) -> None:
    """What the first path signs, the second finds good."""
    document = credential(Random(seed), controls=True)
    made = data_integrity.add_proof(document, signer=SIGNER, created=CREATED, cryptosuite=suite)
    second_path.verify(made, SIGNER.public.raw)


@pytest.mark.case("KEY-08", "KEY-10")
@pytest.mark.parametrize("suite", SUITES)
def test_faults_are_found(suite: str) -> None:
    """Another key, a broken signature, a changed document, a changed proof, no proof, another suite."""
    made = signed(suite)
    proof = made["proof"][0]
    flipped = bytearray(multibase.decode(proof["proofValue"]))
    flipped[3] ^= 1
    cases: list[tuple[dict[str, Any], bytes]] = [
        (made, Ed25519Signer(b"\6" * 32).public.raw),
        (made, b"short"),
        ({**made, "validFrom": "2027-01-01T00:00:00Z"}, SIGNER.public.raw),
        ({**made, "proof": [{**proof, "proofValue": multibase.encode(bytes(flipped))}]}, SIGNER.public.raw),
        ({**made, "proof": [{**proof, "proofValue": "u" + proof["proofValue"][1:]}]}, SIGNER.public.raw),
        ({**made, "proof": [{**proof, "created": "2027-01-01T00:00:00Z"}]}, SIGNER.public.raw),
        ({**made, "proof": [{**proof, "cryptosuite": "bbs-2023"}]}, SIGNER.public.raw),
        ({**made, "proof": []}, SIGNER.public.raw),
        ({name: value for name, value in made.items() if name != "proof"}, SIGNER.public.raw),
        ({**made, "@context": ["https://evil.example/"]}, SIGNER.public.raw),
    ]
    for document, key in cases:
        with pytest.raises(errors.SecondPathDisagrees):
            second_path.verify(document, key)


@pytest.mark.case("KEY-08")
def test_fault_in_our_own_walk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """If our walk dropped a statement, what it signed would not get out."""
    honest = jsonld.walk

    def forgetful(document: Any) -> Any:
        return [quad for quad in honest(document) if "Analyst" not in quad[2]]

    monkeypatch.setattr(jsonld, "walk", forgetful)
    made = signed()
    monkeypatch.undo()
    with pytest.raises(errors.SecondPathDisagrees):
        second_path.verify(made, SIGNER.public.raw)


def test_it_shares_no_code_with_the_first_path() -> None:
    """Of our own modules it imports the pinned contexts and the errors, and nothing that could share a fault."""
    tree = ast.parse(Path(second_path.__file__).read_text("utf-8"))
    ours = [
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("credentials")
        for alias in node.names
    ]
    assert ours == ["credentials.errors"]


def test_contexts_stay_compiled() -> None:
    """A second document of the same kind compiles nothing anew, and what is kept is bounded."""
    second_path.canonical_nquads(credential(Random(1)))
    before = len(second_path._PROCESSOR._processed)
    second_path.canonical_nquads(credential(Random(1)))
    assert len(second_path._PROCESSOR._processed) == before <= second_path._MAX_PROCESSED


def test_what_it_remembers_of_contexts_is_bounded_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    document = credential(Random(1))
    before = second_path.canonical_nquads(document)
    monkeypatch.setattr(second_path, "_MAX_PROCESSED", 1)
    for more in ("https://w3id.org/security/multikey/v1", "https://w3id.org/security/data-integrity/v2"):
        extended = {**document, "@context": [*document["@context"], more]}
        assert second_path.canonical_nquads(extended) == before
    assert second_path.canonical_nquads(document) == before


def test_a_token_of_the_linted_text_is_agreed_with() -> None:
    token, unsigned = _token()
    second_path.verify_token(token, unsigned, ED25519.public.raw)


@pytest.mark.case("KEY-08", "KEY-10")
def test_a_token_of_anything_else_is_not() -> None:
    token, unsigned = _token()
    claims = strict_json.loads_object(unsigned)
    header = {"alg": "EdDSA", "typ": "vc+jwt"}
    for other in (
        token[:-4] + b"AAAA",
        handmade({**header, "typ": "JWT"}, {**claims, "iat": 1}, ED25519).encode(),
        handmade({**header, "alg": "none"}, {**claims, "iat": 1}, ED25519).encode(),
        handmade(header, {**claims, "iat": "1"}, ED25519).encode(),
        handmade(header, {**claims, "iat": 1, "name": "more"}, ED25519).encode(),
        handmade(header, claims, ED25519).encode(),
        handmade(header, b"[]", ED25519).encode(),
        b"no token",
    ):
        with pytest.raises(errors.SecondPathDisagrees):
            second_path.verify_token(other, unsigned, ED25519.public.raw)
    for key in (Key("stranger").public.raw, b"short"):
        with pytest.raises(errors.SecondPathDisagrees):
            second_path.verify_token(token, unsigned, key)


def _token() -> tuple[bytes, bytes]:
    document = Issuer(MemoryWeb()).unsigned()
    token = vc_jwt.sign_credential(document, ED25519, issued_at=CREATED)
    return token.encode(), strict_json.dumps(document)
