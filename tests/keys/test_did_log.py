"""The did:webvh of an owner: made once, carried on when its keys change, and always what every reader checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from credentials import errors, strict_json
from credentials.did import DidResolver, dereference
from credentials.did.webvh_log import History, read_history
from keys.did_log import DidLogs, Published, update_owner
from keys.errors import KeyFileExposed, KeyNotFound, KeyNotUsable, KeysSealed, SigningStopped
from keys.file_store import FileStore
from keys.keyring import Keyring
from tests.keys.world import CHEAP, OWNER, MovableClock, wrong_passphrase
from tests.worlds.memory_web import MemoryWeb

NAME = "acme"
URL = "https://credentials.example/o/acme/did.jsonl"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "webvh"


@pytest.fixture
def logs(home: Path, keyring: Keyring, clock: MovableClock) -> DidLogs:
    keyring.create(OWNER)
    return DidLogs(home, lambda: keyring, clock)


def history(logs: DidLogs, published: Published, clock: MovableClock) -> History:
    log = logs.read(NAME)
    assert log is not None
    return read_history(log, published.did, now=clock.now)


def test_nothing_is_published_until_somebody_asks(logs: DidLogs, home: Path) -> None:
    assert (logs.read(NAME), logs.did(NAME), home.exists()) == (None, None, False)


def test_the_first_entry_says_what_the_did_web_says(logs: DidLogs, keyring: Keyring, clock: MovableClock) -> None:
    """Same keys under the other name, each name of the other; the update key vouches for no credential."""
    published = logs.publish(OWNER, NAME)
    assert published.changed
    assert logs.did(NAME) == published.did
    assert published.did.endswith(":credentials.example:o:acme")
    web = MemoryWeb()
    web.put(URL, logs.read(NAME))
    resolved = DidResolver(web, now=clock.now).resolve(published.did)
    signing, update = keyring.active(OWNER), keyring.active(update_owner(OWNER))
    assert resolved.document["alsoKnownAs"] == [OWNER]
    method = dereference(resolved, f"{published.did}#{signing.id}", "assertionMethod")
    assert method.public_key == signing.public_key
    assert update.public_key.multikey.encode() not in strict_json.dumps(resolved.document)
    parameters = history(logs, published, clock).latest.parameters
    assert (parameters.update_keys, parameters.ttl) == ((update.public_key.multikey,), 300)


def test_without_news_nothing_is_appended(logs: DidLogs) -> None:
    first = logs.publish(OWNER, NAME)
    log = logs.read(NAME)
    again = logs.publish(OWNER, NAME)
    assert (again.did, again.version_id, again.changed) == (first.did, first.version_id, False)
    assert logs.read(NAME) == log


@pytest.mark.case("KEY-03")
def test_rotation_and_compromise_become_entries(logs: DidLogs, keyring: Keyring, clock: MovableClock) -> None:
    """Even within one second; what was published before stays, byte for byte, at the beginning."""
    first = logs.publish(OWNER, NAME)
    log = logs.read(NAME)
    old = keyring.active(OWNER)
    new = keyring.rotate(OWNER)
    assert logs.publish(OWNER, NAME).changed
    keyring.mark_compromised(old.id, clock.now)
    published = logs.publish(OWNER, NAME)
    grown = logs.read(NAME)
    assert log is not None
    assert grown is not None
    assert grown.startswith(log)
    assert published.did == first.did
    versions = history(logs, published, clock).versions
    assert [version.number for version in versions] == [1, 2, 3]
    did = first.did
    assert versions[1].document["assertionMethod"] == [f"{did}#{old.id}", f"{did}#{new.id}"]
    assert versions[2].document["assertionMethod"] == [f"{did}#{new.id}"]
    assert "revoked" in versions[2].document["verificationMethod"][0]


def test_a_new_update_key_is_let_in_by_the_old_one(logs: DidLogs, keyring: Keyring, clock: MovableClock) -> None:
    """The old key signs the entry that names the new one, and may retire then."""
    logs.publish(OWNER, NAME)
    old = keyring.active(update_owner(OWNER))
    published = logs.publish(OWNER, NAME, rotate_update_key=True)
    new = keyring.active(update_owner(OWNER))
    keyring.retire(old.id)
    keyring.rotate(OWNER)
    published = logs.publish(OWNER, NAME)
    keys = [version.parameters.update_keys for version in history(logs, published, clock).versions]
    assert keys == [(old.public_key.multikey,), (new.public_key.multikey,), (new.public_key.multikey,)]


def test_a_rotation_that_was_cut_off_is_finished_by_the_next_run(logs: DidLogs, keyring: Keyring) -> None:
    """The new update key was made and the power went before the entry was written."""
    logs.publish(OWNER, NAME)
    keyring.rotate(update_owner(OWNER))
    assert logs.publish(OWNER, NAME).changed
    assert not logs.publish(OWNER, NAME).changed


def test_an_update_key_that_may_not_sign_leaves_the_log_as_it_was(logs: DidLogs, keyring: Keyring) -> None:
    logs.publish(OWNER, NAME)
    log = logs.read(NAME)
    keyring.rotate(OWNER)
    keyring.stop("a test")
    with pytest.raises(SigningStopped):
        logs.publish(OWNER, NAME)
    keyring.resume()
    update = keyring.active(update_owner(OWNER))
    keyring.rotate(update_owner(OWNER))
    keyring.retire(update.id)
    with pytest.raises(KeyNotUsable):
        logs.publish(OWNER, NAME)
    assert logs.read(NAME) == log


def test_without_the_passphrase_nothing_is_written(
    logs: DidLogs, keyring: Keyring, clock: MovableClock, home: Path, folder: Path
) -> None:
    logs.publish(OWNER, NAME)
    log = logs.read(NAME)
    keyring.rotate(OWNER)
    sealed = Keyring(FileStore(folder, wrong_passphrase, stretching=CHEAP), clock)
    with pytest.raises(KeysSealed):
        DidLogs(home, lambda: sealed, clock).publish(OWNER, NAME)
    assert logs.read(NAME) == log


def test_an_update_key_that_is_gone_is_named(logs: DidLogs, keyring: Keyring, folder: Path) -> None:
    logs.publish(OWNER, NAME)
    (folder / f"{keyring.active(update_owner(OWNER)).id}.json").unlink()
    with pytest.raises(KeyNotFound, match="update key"):
        logs.publish(OWNER, NAME)


def test_an_owner_without_keys_has_no_log(logs: DidLogs) -> None:
    with pytest.raises(KeyNotFound):
        logs.publish("did:web:credentials.example:o:nobody", "nobody")
    assert logs.read("nobody") is None


def test_a_damaged_log_is_not_carried_on(logs: DidLogs, keyring: Keyring, home: Path) -> None:
    logs.publish(OWNER, NAME)
    file = home / f"{NAME}.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"ttl":300', b'"ttl":301'))
    keyring.rotate(OWNER)
    with pytest.raises(errors.DidLogHashMismatch):
        logs.publish(OWNER, NAME)


@pytest.mark.parametrize("content", [b"", b"\n", b"{}\n", b'{"state":{}}\n', b"x"])
def test_a_file_that_is_no_log_is_an_error_of_ours(logs: DidLogs, home: Path, content: bytes) -> None:
    logs.publish(OWNER, NAME)
    (home / f"{NAME}.jsonl").write_bytes(content)
    with pytest.raises(errors.BadData):
        logs.publish(OWNER, NAME)


def test_a_log_that_others_may_write_is_not_read(logs: DidLogs, home: Path) -> None:
    logs.publish(OWNER, NAME)
    (home / f"{NAME}.jsonl").chmod(0o666)
    with pytest.raises(KeyFileExposed):
        logs.read(NAME)
