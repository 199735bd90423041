"""The published vectors of the compact claim are what the generator makes, and the reader agrees with each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from credentials import compact_claim, errors
from credentials.multikey import PublicKey
from tests.vectors import make_compact_claims

FILES = sorted(make_compact_claims.FOLDER.rglob("*.json"))


def load(path: Path) -> tuple[dict[str, Any], PublicKey]:
    vector = json.loads(path.read_bytes())
    key = PublicKey.from_multikey(vector["key"]["publicKeyMultibase"])
    assert PublicKey.from_jwk(vector["key"]["publicKeyJwk"]) == key
    assert compact_claim.key_hint(key).hex() == vector["key"]["hint"]
    return vector, key


def test_they_are_what_the_generator_makes() -> None:
    made = dict(make_compact_claims.vectors())
    found = {path.relative_to(make_compact_claims.FOLDER).as_posix(): path.read_bytes() for path in FILES}
    assert found == made, "run: python -m tests.vectors.make_compact_claims"


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "valid"], ids=lambda path: path.stem)
def test_a_valid_one_is_confirmed(path: Path) -> None:
    vector, key = load(path)
    message = compact_claim.from_fragment(vector["fragment"])
    signed = compact_claim.parse(message)
    assert (message.hex(), signed.message.payload.hex()) == (vector["message"], vector["payload"])
    assert make_compact_claims.in_json(compact_claim.verify(signed, key)) == vector["claim"]


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name == "invalid"], ids=lambda path: path.stem)
def test_an_invalid_one_is_refused_for_its_reason(path: Path) -> None:
    vector, key = load(path)
    with pytest.raises(errors.PlauditError) as caught:
        compact_claim.verify(compact_claim.parse(compact_claim.from_fragment(vector["fragment"])), key)
    assert caught.value.code == vector["error"]
