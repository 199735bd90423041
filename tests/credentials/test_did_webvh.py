"""did:webvh: a history is believed only when every entry of it was hashed, chained, timed, allowed and witnessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from credentials import errors
from credentials.did import DidResolver, dereference, webvh, webvh_writing
from credentials.did.webvh_log import History, read_history
from credentials.did.webvh_parameters import DEFAULT_TTL, key_hash
from tests.worlds import webvh as world
from tests.worlds.issuers import Key
from tests.worlds.webvh import FIRST, NOW, SECOND, START, THIEF, Controller, Entry, keys, witness

SCID = "QmfG1Dx5wj8zxVVkdTcD81teRgV5DLuQcUvzizd75x8Zxd"
WITNESSES = [Key(f"witness-{number}") for number in range(3)]


def history(controller: Controller) -> History:
    controller.publish()
    return webvh.history(controller.did, controller.web, now=NOW)


# --- where the log is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "url"),
    [
        ("issuer.example", "https://issuer.example/.well-known/did.jsonl"),
        ("sub.issuer.example", "https://sub.issuer.example/.well-known/did.jsonl"),
        ("issuer.example:dids:issuer", "https://issuer.example/dids/issuer/did.jsonl"),
        ("issuer.example%3A3000:dids:issuer", "https://issuer.example:3000/dids/issuer/did.jsonl"),
        ("issuer.example%3A3000", "https://issuer.example:3000/.well-known/did.jsonl"),
        ("xn--jp-cd2fp15c.xn--fsq.jp:%E7%94%A8", "https://xn--jp-cd2fp15c.xn--fsq.jp/%E7%94%A8/did.jsonl"),
    ],
)
def test_the_log_is_beside_the_did_json_of_the_same_place(place: str, url: str) -> None:
    did = f"did:webvh:{SCID}:{place}"
    assert webvh.did_webvh_url(did) == url
    assert webvh.did_webvh_witness_url(did) == url.replace("did.jsonl", "did-witness.json")
    assert webvh.did_webvh_host(did) == place.partition(":")[0].partition("%3A")[0]


@pytest.mark.case("DID-01", "DID-09")
@pytest.mark.parametrize(
    "rest",
    [
        SCID, f"{SCID}:", ":issuer.example", f"{SCID[:-1]}:issuer.example", f"0{SCID[1:]}:issuer.example",
        f"{SCID}:127.0.0.1", f"{SCID}:127%2E0%2E0%2E1", f"{SCID}:127.0.0.1%3a8080", f"{SCID}:[::1]",
        f"{SCID}:issuer.example:..:..:admin", f"{SCID}:issuer.example:%2e%2e", f"{SCID}:issuer.example:%2E%2E:x",
        f"{SCID}:issuer.example#x", f"{SCID}:issuer.example/x", f"{SCID}:issuer.example%2Fx", f"{SCID}:Issuer.example",
        f"{SCID}:issuer.example%3A99999", f"{SCID}:jp納豆.例.jp", f"{SCID}:user@issuer.example",
        "{SCID}:issuer.example",
    ],
)  # fmt: skip
def test_dids_that_are_refused_before_any_fetch(rest: str) -> None:
    """No addresses, nothing that climbs, no second spelling, no SCID of another size: and nobody is asked."""
    controller = Controller()
    with pytest.raises(errors.MalformedDid):
        DidResolver(controller.web, now=NOW).resolve(f"did:webvh:{rest}")
    assert controller.web.asked == []


# --- honest logs ------------------------------------------------------------------------------------------------------


def test_a_log_of_one_entry_resolves_with_one_fetch() -> None:
    controller = Controller("issuer.example:o:acme").create().publish()
    resolved = DidResolver(controller.web, now=NOW).resolve(controller.did)
    assert (resolved.document["id"], resolved.source) == (controller.did, "network")
    assert controller.web.asked == ["https://issuer.example/o/acme/did.jsonl"]
    method = dereference(resolved, f"{controller.did}#key-1", "assertionMethod")
    assert method.public_key == FIRST.public


def test_keys_rotate_and_the_new_ones_write_the_next_entry() -> None:
    controller = Controller().create().update(updateKeys=keys(SECOND))
    found = history(controller.update(signer=SECOND, edit=_drops_the_key).update(signer=SECOND))
    assert [version.number for version in found.versions] == [1, 2, 3, 4]
    assert found.latest.parameters.update_keys == (SECOND.public.multikey,)
    assert found.latest.parameters.ttl == DEFAULT_TTL


def _drops_the_key(entry: Entry) -> None:
    entry["state"].update(verificationMethod=[], assertionMethod=[])


def test_a_key_that_left_the_document_vouches_for_nothing_whatever_the_date() -> None:
    """Only the newest version judges: a thief could date a signature to when the key was still listed."""
    controller = Controller().create().update(edit=_drops_the_key).publish()
    resolved = DidResolver(controller.web, now=NOW).resolve(controller.did)
    with pytest.raises(errors.InvalidVerificationMethod):
        dereference(resolved, f"{controller.did}#key-1", "assertionMethod")


def test_versions_by_time_and_by_id() -> None:
    found = history(Controller().create().update().update())
    assert found.at(START).number == 1
    assert found.at(START + timedelta(days=1, hours=23)).number == 2
    assert found.at(NOW) is found.latest
    assert found.version(found.versions[1].id).number == 2
    with pytest.raises(errors.DidVersionNotFound):
        found.at(START - timedelta(seconds=1))
    with pytest.raises(errors.DidVersionNotFound):
        found.version("2-" + SCID)


def test_promised_keys_take_over_and_the_promise_can_be_ended() -> None:
    """With pre-rotation an entry is signed by its own new keys; `[]` ends it from the next entry on."""
    third = Key("update-3")
    controller = Controller().create(nextKeyHashes=[world.key_hash(SECOND), "spare"])
    controller.update(signer=SECOND, updateKeys=keys(SECOND), nextKeyHashes=[world.key_hash(third)])
    controller.update(signer=third, updateKeys=keys(third), nextKeyHashes=[])
    controller.update(signer=third, updateKeys=keys(FIRST)).update(signer=FIRST)
    assert len(history(controller).versions) == 5
    assert key_hash(SECOND.public.multikey) == world.key_hash(SECOND)


def test_every_parameter_and_null_for_its_default() -> None:
    controller = Controller().create(
        portable=True, ttl=60, watchers=["https://watcher.example"], witness={}, deactivated=False, nextKeyHashes=None
    )
    controller.update(ttl=None, watchers=None, portable=True, method="did:webvh:1.0")
    first, second = (version.parameters for version in history(controller).versions)
    assert (first.ttl, first.watchers, first.portable) == (60, ("https://watcher.example",), True)
    assert (second.ttl, second.watchers, second.portable) == (DEFAULT_TTL, (), True)


def test_a_portable_did_moves_and_goes_by_its_new_name_only() -> None:
    controller = Controller("old.example").create(portable=True)
    old = controller.did
    controller.place = "new.example"
    controller.update(edit=lambda entry: entry["state"].update(alsoKnownAs=[old])).publish()
    assert DidResolver(controller.web, now=NOW).resolve(controller.did).document["id"] == controller.did
    controller.web.put("https://old.example/.well-known/did.jsonl", controller.log)
    assert len(webvh.history(old, controller.web, now=NOW).versions) == 2
    with pytest.raises(errors.DidDocumentIdMismatch):
        DidResolver(controller.web, now=NOW).resolve(old)


def test_a_did_that_was_given_up_has_a_history_and_no_keys() -> None:
    controller = Controller().create().update(deactivated=True, updateKeys=[])
    assert history(controller).latest.parameters.deactivated
    with pytest.raises(errors.DidDeactivated):
        DidResolver(controller.web, now=NOW).resolve(controller.did)


# --- witnesses --------------------------------------------------------------------------------------------------------


def test_enough_witnesses_vouch_with_their_newest_proof_for_what_came_before() -> None:
    controller = Controller().create(witness=witness(2, *WITNESSES)).update().update()
    controller.witness(1, WITNESSES[0]).witness(3, WITNESSES[1], WITNESSES[2])
    assert len(history(controller).versions) == 3
    assert controller.web.asked[-1] == "https://issuer.example/.well-known/did-witness.json"


def test_the_witness_file_may_be_ahead_of_the_log() -> None:
    """Proofs are published before the entry: those of versions that are not in the log are passed over."""
    controller = Controller().create(witness=witness(1, *WITNESSES)).update()
    controller.witness(1, WITNESSES[0]).witness(2, WITNESSES[0])
    del controller.entries[1]
    assert len(history(controller).versions) == 1


def test_witnesses_are_replaced_from_the_next_entry_on() -> None:
    """The entry that names new witnesses, or none, is still the old ones' to vouch for; the first ever are at once."""
    controller = Controller().create().update(witness=witness(1, WITNESSES[0]))
    controller.update(witness=witness(1, WITNESSES[1])).update(witness={}).update()
    controller.witness(3, WITNESSES[0]).witness(4, WITNESSES[1])
    needed = [version.witnesses.threshold for version in history(controller).versions]
    assert needed == [0, 1, 1, 1, 0]


def _witnessed(*vouching: tuple[int, Key], threshold: int = 2) -> Controller:
    controller = Controller().create(witness=witness(threshold, *WITNESSES)).update()
    for number, key in vouching:
        controller.witness(number, key)
    return controller


@pytest.mark.parametrize(
    "forge",
    [
        lambda: _witnessed((2, WITNESSES[0])),
        lambda: _witnessed((2, WITNESSES[0]), (1, WITNESSES[1])),
        lambda: _witnessed((2, WITNESSES[0]), (2, WITNESSES[0])),
        lambda: _witnessed((2, WITNESSES[0]), (2, THIEF)),
        lambda: _witnessed((2, WITNESSES[0])).witness(2, WITNESSES[1], proofPurpose="authentication"),
        lambda: _witnessed((2, WITNESSES[0])).witness(2, WITNESSES[1], cryptosuite="eddsa-rdfc-2022"),
        lambda: _witnessed((2, WITNESSES[0])).witness(2, WITNESSES[1], expires="2026-04-01T00:00:00Z"),
        lambda: _forged_witness(),
        lambda: _replayed_witness(),
        lambda: Controller().create().update(witness=witness(1, WITNESSES[0])).witness(1, WITNESSES[0]),
    ],
    ids=["one of two", "one too old", "one twice", "a stranger", "purpose", "suite", "expired", "forged", "replayed",
         "the first list counts at once"],
)  # fmt: skip
def test_too_few_witnesses(forge: Callable[[], Controller]) -> None:
    with pytest.raises(errors.DidLogNotWitnessed):
        history(forge())


def _forged_witness() -> Controller:
    """The thief's signature under a witness's name."""
    method = WITNESSES[1].verification_method
    return _witnessed((2, WITNESSES[0])).witness(2, THIEF, verificationMethod=method)


def _replayed_witness() -> Controller:
    """A proof for another DID's second version, under this one's version id."""
    mine = _witnessed((2, WITNESSES[0]))
    other = Controller("other.example").create(witness=witness(2, *WITNESSES)).update().witness(2, WITNESSES[1])
    mine.witnessed.append({**other.witnessed[0], "versionId": mine.entries[1]["versionId"]})
    return mine


@pytest.mark.parametrize(
    "file",
    [b"", b"{}", b"[1]", b"[{}]", b'[{"versionId":"1-x"}]', b'[{"versionId":1,"proof":[]}]', b" " * 256_001],
)
def test_what_is_no_witness_file(file: bytes) -> None:
    controller = Controller().create(witness=witness(1, *WITNESSES)).publish()
    controller.web.put("https://issuer.example/.well-known/did-witness.json", file)
    with pytest.raises(errors.InvalidDidLog):
        DidResolver(controller.web, now=NOW).resolve(controller.did)


def test_a_missing_witness_file_is_not_a_verdict() -> None:
    controller = Controller().create(witness=witness(1, *WITNESSES)).publish()
    with pytest.raises(errors.Unreachable):
        DidResolver(controller.web, now=NOW).resolve(controller.did)


def test_proofs_that_are_no_objects_are_passed_over() -> None:
    controller = _witnessed((2, WITNESSES[0]), (2, WITNESSES[1]))
    controller.witnessed[0]["proof"].insert(0, "z")
    assert len(history(controller).versions) == 2


# --- our own logs -----------------------------------------------------------------------------------------------------


def _signed(entry: Entry, key: Key) -> bytes:
    return webvh_writing.sign_entry(entry, key=key.public, sign=key.sign, created=START)


def test_what_is_written_here_is_read_here() -> None:
    """A first entry, an update by the same key, a rotation of the update key, and the new key's first entry."""
    did = webvh_writing.placeholder_did("issuer.example:o:acme")
    first = webvh_writing.first_entry({"id": did, "alsoKnownAs": [did]}, update_keys=[FIRST.public], at=START)
    did, log = first["state"]["id"], _signed(first, FIRST)
    for day, (signer, listed) in enumerate([(FIRST, FIRST), (FIRST, SECOND), (SECOND, SECOND)], 1):
        before = read_history(log, did, now=NOW).latest
        entry = webvh_writing.next_entry(
            before, {"id": did, "day": day}, update_keys=[listed.public], at=START + timedelta(days=day)
        )
        log += _signed(entry, signer)
    versions = read_history(log, did, now=NOW).versions
    assert [version.parameters.update_keys[0] for version in versions] == keys(FIRST, FIRST, SECOND, SECOND)
    assert versions[0].document["alsoKnownAs"] == [did]
    assert versions[-1].document["day"] == 3


def test_ours_and_the_worlds_hashes_agree() -> None:
    """Two roads to a SCID and an entry hash: ours, and rfc8785 with hashlib."""
    controller = Controller().create(ttl=60)
    document = controller.document(world.HOLDER)
    entry = webvh_writing.first_entry(document, update_keys=[FIRST.public], at=START, ttl=60)
    assert entry == world.without_proof(controller.entries[0])
