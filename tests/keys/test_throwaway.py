"""Keys for conformance tests: three kinds, fresh each time, their own owners, never written anywhere."""

from __future__ import annotations

import copy
import pickle

import pytest

from credentials import did
from credentials.multikey import PublicKey
from keys import throwaway

PREFIXES = {"Ed25519": "did:key:z6Mk", "P-256": "did:key:zDna", "P-384": "did:key:z82"}


def test_there_is_one_key_of_each_kind() -> None:
    made = throwaway.make()
    assert made.keys() == PREFIXES.keys()
    assert [signer.algorithm for signer in made.values()] == ["EdDSA", "ES256", "ES384"]
    for curve, signer in made.items():
        assert throwaway.owner(signer).startswith(PREFIXES[curve])


def test_keys_are_made_anew() -> None:
    first, second = throwaway.make(), throwaway.make()
    assert not {throwaway.owner(it) for it in first.values()} & {throwaway.owner(it) for it in second.values()}


@pytest.mark.parametrize("curve", PREFIXES)
def test_a_signature_stands_up_to_the_key_that_its_method_names(curve: str) -> None:
    signer = throwaway.make()[curve]
    owner, _, fragment = signer.verification_method.partition("#")
    assert did.did_key(PublicKey.from_multikey(fragment)) == owner == throwaway.owner(signer)
    signature = signer.sign(b"data")
    assert len(signature) == (96 if curve == "P-384" else 64)
    assert signer.public_key.verify(signature, b"data")
    assert not signer.public_key.verify(signature, b"other")


@pytest.mark.parametrize("curve", PREFIXES)
def test_a_signer_neither_shows_nor_copies_its_key(curve: str) -> None:
    signer = throwaway.make()[curve]
    assert "********" in repr(signer)
    for attempt in (lambda: pickle.dumps(signer), lambda: copy.deepcopy(signer)):
        with pytest.raises(TypeError):
            attempt()
