"""did:webvh: every way to forge, cut, reorder or bend a history, and the error that each ends in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import data_integrity, errors
from credentials.did import DidResolver
from credentials.did.webvh_log import MAX_ENTRIES, MAX_LOG_BYTES, History, read_history
from tests.worlds import webvh as world
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key
from tests.worlds.webvh import FIRST, NOW, SECOND, START, THIEF, Controller, Entry, keys, witness

SCID = "QmfG1Dx5wj8zxVVkdTcD81teRgV5DLuQcUvzizd75x8Zxd"
WITNESSES = [Key(f"witness-{number}") for number in range(3)]


def _read(controller: Controller) -> History:
    return read_history(controller.log, controller.did, now=NOW)


def _set(path: str, value: Any) -> world.Edit:
    """An edit that sets one member, `a/b` below others."""

    def edit(entry: Entry) -> None:
        *parents, name = path.split("/")
        for parent in parents:
            entry = entry[parent]
        entry[name] = value

    return edit


def _drop(name: str) -> world.Edit:
    return lambda entry: entry.pop(name)


def _proof(**changes: Any) -> world.Edit:
    """The entry signed again by its own key with another proof."""

    def edit(entry: Entry) -> None:
        entry["proof"] = [world.proof(world.without_proof(entry), FIRST, **changes)]

    return edit


def _signed_with_p256(entry: Entry) -> None:
    key = EcKey("update", "ES256")
    signed = data_integrity.add_proof(
        world.without_proof(entry), signer=key, created=START, cryptosuite="ecdsa-jcs-2019"
    )
    entry["proof"] = signed["proof"]


def _other_log(entry: Entry) -> None:
    """The state of another DID with another SCID."""
    entry["state"] = json.loads(json.dumps(entry["state"]).replace(entry["state"]["id"].split(":")[2], SCID))


Forge = Callable[[], Controller]
ALTERED: dict[str, Forge] = {
    "first document": lambda: Controller().create().tamper(0, _set("state/x", 1)),
    "first parameters": lambda: Controller().create().tamper(0, _set("parameters/ttl", 1)),
    "first time": lambda: Controller().create().tamper(0, _set("versionTime", "2026-02-01T00:00:00Z")),
    "first entry hashed and signed anew": lambda: Controller().create(lie=_set("state/x", 1)),
    "first entry of another scid": lambda: Controller().create(lie=_set("parameters/scid", SCID)),
    "later document": lambda: Controller().create().update().tamper(1, _set("state/x", 1)),
    "document below a later entry": lambda: Controller().create().update().update().tamper(1, _set("state/x", 1)),
    "an entry left out": lambda: _without_second(),
}  # fmt: skip


def _without_second() -> Controller:
    """The third entry put directly after the first and numbered 2: its hash still hangs on the second."""
    controller = Controller().create().update().update()
    del controller.entries[1]
    entry = controller.entries[1]
    entry["versionId"] = entry["versionId"].replace("3-", "2-")
    return controller


@pytest.mark.parametrize("forge", ALTERED.values(), ids=ALTERED.keys())
def test_altered_logs(forge: Forge) -> None:
    """Whatever is changed after it was hashed, the hashes say so."""
    with pytest.raises(errors.DidLogHashMismatch):
        _read(forge())


UNAUTHORISED: dict[str, Forge] = {
    "first entry by a stranger": lambda: Controller().create(signer=THIEF),
    "later entry by a stranger": lambda: Controller().create().update(signer=THIEF),
    "a thief gives himself the rights": lambda: Controller().create().update(signer=THIEF, updateKeys=keys(THIEF)),
    "a key that was rotated out": lambda: Controller().create().update(updateKeys=keys(SECOND)).update(),
    "the new key too early": lambda: Controller().create().update(signer=SECOND, updateKeys=keys(SECOND)),
    "a key that was not promised": lambda: Controller()
    .create(nextKeyHashes=[world.key_hash(SECOND)])
    .update(signer=THIEF, updateKeys=keys(THIEF), nextKeyHashes=[]),
    "one promised and one not": lambda: Controller()
    .create(nextKeyHashes=[world.key_hash(SECOND)])
    .update(signer=THIEF, updateKeys=keys(SECOND, THIEF), nextKeyHashes=[]),
    "the old key although others were promised": lambda: Controller()
    .create(nextKeyHashes=[world.key_hash(SECOND)])
    .update(signer=FIRST, updateKeys=keys(SECOND), nextKeyHashes=[]),
    "no key is left": lambda: Controller().create().update(updateKeys=[]).update(),
    "no proof": lambda: Controller().create().tamper(0, _set("proof", [])),
    "proof is null": lambda: Controller().create().tamper(0, _set("proof", None)),
    "proof is text": lambda: Controller().create().tamper(0, _set("proof", ["z"])),
    "one good proof and a stranger's": lambda: _two_proofs(),
    "too many proofs": lambda: _many_proofs(),
    "proof of another entry": lambda: _swapped_proof(),
    "another purpose": lambda: Controller().create().tamper(0, _proof(proofPurpose="authentication")),
    "another suite's name": lambda: Controller().create().tamper(0, _proof(cryptosuite="eddsa-rdfc-2022")),
    "a suite for P-256": lambda: Controller().create().tamper(0, _signed_with_p256),
    "a proof that has expired": lambda: Controller().create().tamper(0, _proof(expires="2026-04-01T00:00:00Z")),
    "a proof from the future": lambda: Controller().create().tamper(0, _proof(created="2027-01-01T00:00:00Z")),
    "a fragment of another key": lambda: Controller().create(signer=THIEF).tamper(
        0, _proof(verificationMethod=f"{THIEF.controller}#{FIRST.public.multikey}")),
    "a key by the DID itself": lambda: Controller().create().tamper(
        0, _proof(verificationMethod="did:webvh:x:issuer.example#key-1")),
    "no verification method": lambda: Controller().create().tamper(0, _proof(verificationMethod=None)),
}  # fmt: skip


def _two_proofs() -> Controller:
    controller = Controller().create()
    entry = controller.entries[0]
    entry["proof"].append(world.proof(world.without_proof(entry), THIEF))
    return controller


def _many_proofs() -> Controller:
    controller = Controller().create()
    controller.entries[0]["proof"] *= 9
    return controller


def _swapped_proof() -> Controller:
    controller = Controller().create().update()
    controller.entries[1]["proof"] = controller.entries[0]["proof"]
    return controller


@pytest.mark.parametrize("forge", UNAUTHORISED.values(), ids=UNAUTHORISED.keys())
def test_entries_that_nobody_was_allowed_to_write(forge: Forge) -> None:
    """Hashed and numbered correctly, and still refused: the proof is not by a key with the right, or no proof."""
    with pytest.raises(errors.DidLogUnauthorized):
        _read(forge())


def test_two_allowed_keys_may_both_sign() -> None:
    controller = Controller().create(updateKeys=keys(FIRST, SECOND))
    entry = controller.entries[0]
    entry["proof"].append(world.proof(world.without_proof(entry), SECOND))
    assert len(_read(controller).versions) == 1


def test_one_proof_need_not_be_in_a_list() -> None:
    controller = Controller().create()
    controller.entries[0]["proof"] = controller.entries[0]["proof"][0]
    assert len(_read(controller).versions) == 1


_P256 = EcKey("update", "ES256").public.multikey
MALFORMED: dict[str, Forge] = {
    "numbers with a gap": lambda: Controller().create().update(number=3),
    "the same number twice": lambda: Controller().create().update(number=1),
    "leading zero": lambda: Controller().create().tamper(0, _set("versionId", "01-" + SCID)),
    "no dash": lambda: Controller().create().tamper(0, _set("versionId", "1" + SCID)),
    "a number as id": lambda: Controller().create().tamper(0, _set("versionId", 1)),
    "the same time": lambda: Controller().create().update(edit=_set("versionTime", world.stamp(START))),
    "an earlier time": lambda: Controller().create().update(edit=_set("versionTime", "2025-01-01T00:00:00Z")),
    "in the future": lambda: Controller().create().update(edit=_set("versionTime", "2026-06-01T00:05:01Z")),
    "not in UTC": lambda: Controller().create(edit=_set("versionTime", "2026-03-01T12:00:00+01:00")),
    "no zone": lambda: Controller().create(edit=_set("versionTime", "2026-03-01T12:00:00")),
    "time is a number": lambda: Controller().create(edit=_set("versionTime", 1)),
    "no time": lambda: Controller().create(edit=_drop("versionTime")),
    "no state": lambda: Controller().create().update(edit=_drop("state")),
    "a further member": lambda: Controller().create(edit=_set("x", 1)),
    "parameters are a list": lambda: Controller().create().update(edit=_set("parameters", [])),
    "state is text": lambda: Controller().create().update(edit=_set("state", "x")),
    "an id that is no DID": lambda: Controller().create().update(edit=_set("state/id", "x")),
    "a did:web": lambda: Controller().create().update(edit=_set("state/id", "did:web:issuer.example")),
    "no id": lambda: Controller().create().update(edit=_set("state/id", None)),
    "the scid of another DID": lambda: Controller().create().update(edit=_other_log),
    "the scid of another DID although portable": lambda: Controller().create(portable=True).update(edit=_other_log),
    "an entry after the end": lambda: Controller().create().update(deactivated=True).update(),
    "reactivated": lambda: Controller().create().update(deactivated=True).update(deactivated=False),
    "moved without leave": lambda: _moved(portable=False, known_as=True),
    "moved without its former name": lambda: _moved(portable=True, known_as=False),
    "leave to move given later": lambda: Controller().create().update(portable=True),
    "no scid": lambda: Controller().create(edit=lambda entry: entry["parameters"].pop("scid")),
    "a short scid": lambda: Controller().create(edit=_set("parameters/scid", "Qm")),
    "scid again": lambda: Controller().create().update(scid=SCID),
    "no method": lambda: Controller().create(edit=lambda entry: entry["parameters"].pop("method")),
    "no update keys": lambda: Controller().create(updateKeys=[]),
    "promised and no keys": lambda: _promised().update(nextKeyHashes=[]),
    "promised and no promise": lambda: _promised().update(updateKeys=keys(FIRST)),
    "unknown parameter": lambda: Controller().create(weight=1),
    "update keys are text": lambda: Controller().create(updateKeys=FIRST.public.multikey),
    "update keys are numbers": lambda: Controller().create(updateKeys=[1]),
    "a broken update key": lambda: Controller().create(updateKeys=[FIRST.public.multikey[:-1]]),
    "an update key for P-256": lambda: Controller().create(updateKeys=[_P256]),
    "a key twice": lambda: Controller().create(updateKeys=keys(FIRST, FIRST)),
    "too many watchers": lambda: Controller().create(watchers=[f"https://w{n}.example" for n in range(65)]),
    "portable is a number": lambda: Controller().create(portable=1),
    "ttl is text": lambda: Controller().create(ttl="60"),
    "ttl is true": lambda: Controller().create(ttl=True),
    "ttl below zero": lambda: Controller().create(ttl=-1),
    "ttl beyond its range": lambda: Controller().create(ttl=2**31 + 1),
    "witness is a list": lambda: Controller().create(witness=[]),
    "witness without threshold": lambda: Controller().create(witness={"witnesses": []}),
    "threshold of zero": lambda: Controller().create(witness=witness(0, *WITNESSES)),
    "threshold of true": lambda: Controller().create(witness=witness(True, *WITNESSES)),
    "threshold beyond the witnesses": lambda: Controller().create(witness=witness(4, *WITNESSES)),
    "the same witness twice": lambda: Controller().create(witness=witness(2, WITNESSES[0], WITNESSES[0])),
    "witnesses are text": lambda: Controller().create(witness={"threshold": 1, "witnesses": "x"}),
    "a witness with a weight": lambda: Controller().create(
        witness={"threshold": 1, "witnesses": [{"id": WITNESSES[0].controller, "weight": 1}]}),
    "a witness that is no did:key": lambda: Controller().create(
        witness={"threshold": 1, "witnesses": [{"id": "did:web:witness.example"}]}),
    "a witness whose id is a number": lambda: Controller().create(witness={"threshold": 1, "witnesses": [{"id": 1}]}),
}  # fmt: skip


def _promised() -> Controller:
    return Controller().create(nextKeyHashes=[world.key_hash(FIRST)])


def _moved(*, portable: bool, known_as: bool) -> Controller:
    controller = Controller("old.example").create(portable=portable)
    old, controller.place = controller.did, "new.example"
    return controller.update(edit=lambda entry: entry["state"].update(alsoKnownAs=[old] if known_as else ["x"]))


@pytest.mark.parametrize("forge", MALFORMED.values(), ids=MALFORMED.keys())
def test_logs_that_break_a_rule(forge: Forge) -> None:
    """Signed by the right key, and against the method's rules: the log counts for nothing."""
    with pytest.raises(errors.InvalidDidLog) as caught:
        _read(forge())
    assert type(caught.value) is errors.InvalidDidLog, "the rule itself is named, not a hash or a signature"


@pytest.mark.parametrize("method", ["did:webvh:0.5", "did:webvh:1.1", "did:webvh:2.0", "did:tdw:0.4", 1, ["x"]])
def test_other_versions_of_the_method_are_not_judged(method: Any) -> None:
    """A log of another version says nothing about the issuer; it must not pass for one of ours either."""
    with pytest.raises(errors.DidMethodNotSupported):
        _read(Controller().create(method=method))
    with pytest.raises(errors.DidMethodNotSupported):
        _read(Controller().create().update(method=method))


@pytest.mark.parametrize("log", [b"", b"\n", b"[]", b"{}", b"{", b'{"a":1,"a":1}', b"\xff", b"null"])
def test_what_is_no_log(log: bytes) -> None:
    with pytest.raises(errors.InvalidDidLog):
        read_history(log, f"did:webvh:{SCID}:issuer.example", now=NOW)


def test_blank_lines_are_no_entries() -> None:
    controller = Controller().create().update()
    with pytest.raises(errors.InvalidDidLog):
        read_history(controller.log.replace(b"\n", b"\n\n"), controller.did, now=NOW)


def test_logs_have_limits() -> None:
    """Each limit says no before anything is parsed or checked."""
    did = f"did:webvh:{SCID}:issuer.example"
    with pytest.raises(errors.DidLogTooLong):
        read_history(b" " * (MAX_LOG_BYTES + 1), did, now=NOW)
    with pytest.raises(errors.DidLogTooLong):
        read_history(b"{}\n" * (MAX_ENTRIES + 1), did, now=NOW)


@pytest.mark.case("DID-07")
def test_the_log_of_somebody_else() -> None:
    """A good log served under another DID: of the same place and another history, or of another place."""
    mine, other = Controller().create(), Controller().create(ttl=7)
    mine.web.put(mine.url, other.log)
    with pytest.raises(errors.DidDocumentIdMismatch):
        DidResolver(mine.web, now=NOW).resolve(mine.did)
    with pytest.raises(errors.DidDocumentIdMismatch):
        read_history(mine.log, mine.did.replace("issuer.example", "evil.example"), now=NOW)


def test_an_invalid_document_in_a_good_log() -> None:
    controller = Controller().create(edit=_set("state/assertionMethod", "x")).publish()
    with pytest.raises(errors.InvalidDidDocument):
        DidResolver(controller.web, now=NOW).resolve(controller.did)


def test_a_log_that_cannot_be_reached() -> None:
    with pytest.raises(errors.Unreachable):
        DidResolver(Controller().web, now=NOW).resolve(f"did:webvh:{SCID}:issuer.example")


def test_five_minutes_of_difference_between_clocks_are_forgiven() -> None:
    controller = Controller().create().update(edit=_set("versionTime", "2026-06-01T00:05:00Z"))
    assert len(_read(controller).versions) == 2


_PUBLISHED = Controller().create(portable=True).update(updateKeys=keys(SECOND)).update(signer=SECOND)


@given(position=st.integers(0, len(_PUBLISHED.log) - 1), bit=st.integers(0, 7))
def test_one_bit_changes_nothing_or_everything(position: int, bit: int) -> None:
    """Whatever bit of a log is turned, what is read is what was published, or an error of ours."""
    log = bytearray(_PUBLISHED.log)
    log[position] ^= 1 << bit
    try:
        read = read_history(bytes(log), _PUBLISHED.did, now=NOW)
    except errors.PlauditError:
        return
    assert read == _read(_PUBLISHED)


@given(st.permutations(range(3)), st.integers(1, 3))
def test_entries_count_in_their_order_and_from_the_first(order: list[int], count: int) -> None:
    """A log cut at its end is an older state; any other choice of entries is refused."""
    lines = _PUBLISHED.log.splitlines(keepends=True)
    chosen = order[:count]
    log = b"".join(lines[index] for index in chosen)
    if chosen == sorted(chosen) and chosen == list(range(count)):
        assert len(read_history(log, _PUBLISHED.did, now=NOW).versions) == count
        return
    with pytest.raises(errors.InvalidDidLog):
        read_history(log, _PUBLISHED.did, now=NOW)
