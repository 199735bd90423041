"""The file store: sealed without the passphrase (KEY-02), refused when exposed (KEY-01), silent about secrets."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import keys
from keys import key_file
from keys.errors import (
    KeyFileDamaged,
    KeyFileExposed,
    KeyNotFound,
    KeyNotUsable,
    KeysSealed,
    PassphraseUnusable,
    SignerNotSupported,
)
from keys.file_store import FileStore
from keys.key_info import KeyInfo, KeyState
from keys.passphrase import Passphrase
from keys.sealing import WrappingKey
from keys.signer import open_signer
from tests.keys.world import CHEAP, OTHER_OWNER, OWNER, START, right_passphrase, wrong_passphrase


def sealed_store(folder: Path, passphrase: Callable[[], Passphrase] = wrong_passphrase) -> FileStore:
    return FileStore(folder, passphrase, stretching=CHEAP)


@pytest.fixture
def key(store: FileStore) -> KeyInfo:
    return store.create(OWNER, serial=1, created=START)


def test_a_key_signs_and_its_public_half_verifies(store: FileStore, key: KeyInfo) -> None:
    with store.open(key.id) as signer:
        signature = signer.sign(b"data")
        assert signer.verification_method == f"{OWNER}#{key.id}"
        assert signer.algorithm == "EdDSA"
    assert key.public_key.verify(signature, b"data")
    assert not key.public_key.verify(signature, b"other data")


def test_a_signer_ends_with_its_block(store: FileStore, key: KeyInfo) -> None:
    with store.open(key.id) as signer:
        pass
    with pytest.raises(KeyNotUsable, match="closed"):
        signer.sign(b"data")


def test_facts_and_signatures_survive_a_change_of_state(store: FileStore, key: KeyInfo) -> None:
    with store.open(key.id) as signer:
        before = signer.sign(b"data")
    changed = replace(key, state=KeyState.RETIRING)
    store.update(changed)
    assert store.find(key.id) == changed
    with store.open(key.id) as signer:
        assert signer.sign(b"data") == before


def test_each_sealing_takes_a_new_nonce(store: FileStore, key: KeyInfo, folder: Path) -> None:
    path = folder / f"{key.id}.json"
    before = path.read_bytes()
    store.update(key)
    assert path.read_bytes() != before
    assert store.find(key.id) == key


def no_passphrase() -> Passphrase:
    raise KeysSealed("No passphrase was given.")


@pytest.mark.case("KEY-02")
@pytest.mark.parametrize("passphrase", [wrong_passphrase, no_passphrase])
def test_sealed_keys_are_readable_and_nothing_else(
    folder: Path, key: KeyInfo, passphrase: Callable[[], Passphrase]
) -> None:
    """Public facts stay; signing, changing and adding are one clear 503, and no other key is made in their place."""
    store = sealed_store(folder, passphrase)
    files = sorted(os.listdir(folder))
    store.prepare()
    assert store.all() == (key,)
    attempts: list[Callable[[], object]] = [
        lambda: store.open(key.id).__enter__(),
        lambda: store.update(replace(key, state=KeyState.RETIRED)),
        lambda: store.create(OTHER_OWNER, serial=1, created=START),
    ]
    for attempt in attempts:
        with pytest.raises(KeysSealed) as caught:
            attempt()
        assert caught.value.status_hint == 503
    assert sorted(os.listdir(folder)) == files
    assert store.all() == (key,)


@pytest.mark.case("KEY-02")
def test_signing_goes_on_by_itself_once_the_passphrase_is_right(folder: Path, key: KeyInfo) -> None:
    given = [wrong_passphrase, right_passphrase]
    store = sealed_store(folder, lambda: given.pop(0)())
    with pytest.raises(KeysSealed), store.open(key.id):
        pass
    with store.open(key.id) as signer:
        assert key.public_key.verify(signer.sign(b"data"), b"data")


@pytest.mark.case("KEY-01")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660])
def test_the_start_is_refused_when_one_key_is_exposed(folder: Path, store: FileStore, key: KeyInfo, mode: int) -> None:
    store.create(OTHER_OWNER, serial=1, created=START)
    (folder / f"{key.id}.json").chmod(mode)
    with pytest.raises(KeyFileExposed, match="chmod 600"):
        sealed_store(folder, right_passphrase).prepare()


@pytest.mark.case("KEY-01")
def test_the_start_is_refused_when_the_folder_is_writable_by_all(folder: Path, key: KeyInfo) -> None:
    folder.chmod(0o777)
    with pytest.raises(KeyFileExposed, match="chmod 700"):
        sealed_store(folder, right_passphrase).prepare()


def test_the_start_is_refused_when_a_key_is_damaged(folder: Path, store: FileStore, key: KeyInfo) -> None:
    path = folder / f"{key.id}.json"
    path.write_bytes(path.read_bytes().replace(b'"active"', b'"retired"'))
    with pytest.raises(KeyFileDamaged, match=key.id):
        store.prepare()


def test_a_private_key_that_does_not_belong_to_the_public_one_is_refused(
    folder: Path, store: FileStore, key: KeyInfo
) -> None:
    """Even when whoever put it there knew the passphrase: we would sign what nobody can verify."""
    path = folder / f"{key.id}.json"
    file = key_file.decode(path.read_bytes(), expected_id=key.id)
    wrapping = WrappingKey(right_passphrase(), file.salt, file.stretching)
    foreign = replace(file, sealed=wrapping.seal(bytes(32), nonce=file.nonce, header=file.header()))
    path.write_bytes(foreign.encode())
    with pytest.raises(KeyFileDamaged, match="does not belong"), store.open(key.id):
        pass


def test_files_that_are_no_keys_are_left_alone(folder: Path, store: FileStore, key: KeyInfo) -> None:
    (folder / "README").write_text("not a key")
    (folder / f"{key.id}.json~").write_text("an editor's copy")
    assert store.all() == (key,)


@pytest.mark.parametrize("name", ["a" * 26, "", "../passphrase", "A" * 26, "stop"])
def test_a_key_that_is_not_there_is_said_so(store: FileStore, name: str) -> None:
    with pytest.raises(KeyNotFound) as caught:
        store.find(name)
    assert caught.value.status_hint == 404


@pytest.mark.parametrize("uri", ["awskms:alias/x", "pkcs11:token=x", "hashivault:x", "x", "", "FILE:x"])
def test_key_uris_of_other_stores_are_refused_by_name(store: FileStore, uri: str) -> None:
    with pytest.raises(SignerNotSupported, match="file:"):
        open_signer(uri, {"file": store})


def test_a_key_is_opened_by_its_uri(store: FileStore, key: KeyInfo) -> None:
    assert key.uri == f"file:{key.id}"
    with open_signer(key.uri, {store.scheme: store}) as signer:
        assert key.public_key.verify(signer.sign(b"data"), b"data")


@pytest.mark.case("KEY-07")
def test_an_open_key_shows_itself_nowhere(folder: Path) -> None:
    seed = bytes(range(100, 132))
    store = FileStore(folder, right_passphrase, randomness=lambda n: seed[:n], stretching=CHEAP)
    store.prepare()
    key = store.create(OWNER, serial=1, created=START)
    wrapping = WrappingKey(right_passphrase(), bytes(16), CHEAP)
    with store.open(key.id) as signer:
        shown = f"{signer!r} {signer!s} {wrapping!r} {store!r} {key!r}"
        for secret in (seed.hex(), repr(seed), "horse", str(list(seed))[1:-1]):
            assert secret not in shown
        for hidden in (signer, wrapping):
            for leave in (pickle.dumps, copy.copy, copy.deepcopy):
                with pytest.raises(TypeError, match="never pickled"):
                    leave(hidden)


@pytest.mark.case("KEY-07")
def test_errors_of_sealing_carry_no_secret_bytes(folder: Path, store: FileStore, key: KeyInfo) -> None:
    with pytest.raises(KeysSealed) as sealed, sealed_store(folder).open(key.id):
        pass
    with pytest.raises(PassphraseUnusable) as unusable:
        Passphrase("too short")
    for error in (sealed.value, unusable.value):
        assert "horse" not in str(error)
        assert "too short" not in str(error)


@pytest.mark.case("KEY-07")
def test_a_process_that_opens_keys_leaves_no_core(folder: Path, key: KeyInfo) -> None:
    """In a child process, asked by an audit hook: the limit itself may have been lowered by whoever started us."""
    code = f"""
import resource, sys
from pathlib import Path
from keys.file_store import FileStore
from keys.passphrase import Passphrase
lowered = []
sys.addaudithook(lambda event, arguments: lowered.append(arguments) if event == "resource.setrlimit" else None)
with FileStore(Path({str(folder)!r}), lambda: Passphrase({right_passphrase().reveal().decode()!r})).open({key.id!r}):
    print((resource.RLIMIT_CORE, (0, 0)) in lowered, resource.getrlimit(resource.RLIMIT_CORE))
"""
    root = Path(keys.__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True (0, 0)", done.stderr


def test_a_stop_is_a_file_that_every_process_sees(folder: Path, store: FileStore) -> None:
    other = sealed_store(folder)
    assert other.stopped() is None
    store.stop("key may have leaked")
    store.stop("a second person says so too")
    assert other.stopped() == "key may have leaked"
    other.resume()
    other.resume()
    assert store.stopped() is None


def test_an_empty_stop_file_made_by_hand_stops_as_well(folder: Path, store: FileStore) -> None:
    (folder / "stop").touch(mode=0o600)
    assert store.stopped() == "no reason was given"
