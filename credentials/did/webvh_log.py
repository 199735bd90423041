"""The log of a did:webvh, did.jsonl: reads it and checks the whole history, entry by entry. Fetches nothing.

An entry counts when its hash is right, hangs on the entry before it, is numbered and timed after it, and is signed by
a key that was allowed to write it. One bad entry makes the whole log invalid: who was shown only the good part of a
history could be shown an old one. Witnesses are the next module's business.

Source: did:webvh 1.0, "The DID Log File", "Read (Resolve)", "SCID Generation and Verification", "Entry Hash
Generation and Verification", "Authorized Keys", "DID Portability".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from credentials import canonical, data_integrity, errors, strict_json, timestamps
from credentials.did.webvh_parameters import Parameters, Witnesses, check_multikey, multihash_sha256

#: The outbound door cuts at the same size; about 190 entries like ours.
MAX_LOG_BYTES: Final = 256_000
#: A monthly rotation for twenty years; each entry costs two hashes and a signature.
MAX_ENTRIES: Final = 240
#: One or two keys sign an entry; each costs a signature check.
MAX_PROOFS: Final = 8
PLACEHOLDER: Final = "{SCID}"
_MEMBERS: Final = frozenset({"versionId", "versionTime", "parameters", "state", "proof"})
_VERSION_ID: Final = re.compile(r"([1-9][0-9]{0,5})-(Qm[1-9A-HJ-NP-Za-km-z]{44})")
_DID_KEY_METHOD: Final = re.compile(r"did:key:(z[1-9A-HJ-NP-Za-km-z]+)#\1")


@dataclass(frozen=True, slots=True)
class Version:
    """One entry that was checked: the document as it was from `time` on, and the parameters in force after it.

    `witnesses` are those who have to vouch for this entry.
    """

    id: str
    number: int
    time: datetime
    document: Mapping[str, Any]
    parameters: Parameters
    witnesses: Witnesses

    @property
    def did(self) -> str:
        return str(self.document["id"])


@dataclass(frozen=True, slots=True)
class History:
    """All versions of a DID, oldest first; never empty."""

    versions: tuple[Version, ...]

    @property
    def latest(self) -> Version:
        return self.versions[-1]

    def at(self, moment: datetime) -> Version:
        """The version that was in force at an aware datetime; raises `errors.DidVersionNotFound` before the first."""
        for version in reversed(self.versions):
            if version.time <= moment:
                return version
        raise errors.DidVersionNotFound(f"there was no version yet at {timestamps.format(moment)}")

    def version(self, version_id: str) -> Version:
        """The version of that id, number and hash; raises `errors.DidVersionNotFound`."""
        for version in self.versions:
            if version.id == version_id:
                return version
        raise errors.DidVersionNotFound(f"there is no version {version_id[:80]}")


def read_history(log: bytes, did: str, *, now: datetime) -> History:
    """Read a did.jsonl as the history of `did` and check all of it but the witnesses; `now` is aware.

    Raises `errors.DidLogTooLong`, `errors.InvalidDidLog`, `errors.DidLogHashMismatch`, `errors.DidLogUnauthorized`,
    `errors.DidMethodNotSupported` for another version of the method, and `errors.DidDocumentIdMismatch` when the log
    is of another DID.
    """
    lines = _lines(log)
    versions: list[Version] = []
    for line in lines:
        versions.append(_version(_entry(line), versions[-1] if versions else None, now))
    if versions[-1].time > now + data_integrity.CLOCK_SKEW:
        raise errors.InvalidDidLog(f"the last entry is dated {timestamps.format(versions[-1].time)}, in the future")
    if did not in [version.did for version in versions]:
        raise errors.DidDocumentIdMismatch(f"asked for {did}, got the log of {versions[-1].did[:200]}")
    return History(tuple(versions))


def entry_hash(entry: Mapping[str, Any], previous: str) -> str:
    """The hash of an entry that follows the version `previous` (the first follows the SCID), its proof left out."""
    unsigned = {name: value for name, value in entry.items() if name != "proof"}
    return multihash_sha256(canonical.jcs({**unsigned, "versionId": previous}))


def scid_for(entry: Mapping[str, Any], scid: str) -> str:
    """The SCID that a first entry should have: its hash with the placeholder wherever `scid` stands, proof left out."""
    unsigned = {name: value for name, value in entry.items() if name != "proof"}
    text = strict_json.dumps({**unsigned, "versionId": PLACEHOLDER}).replace(scid.encode(), PLACEHOLDER.encode())
    return multihash_sha256(canonical.jcs(strict_json.loads_object(text)))


def _lines(log: bytes) -> list[bytes]:
    if len(log) > MAX_LOG_BYTES:
        raise errors.DidLogTooLong(f"{len(log)} bytes; at most {MAX_LOG_BYTES} are read")
    lines = log.removesuffix(b"\n").split(b"\n")
    if len(lines) > MAX_ENTRIES:
        raise errors.DidLogTooLong(f"{len(lines)} entries; at most {MAX_ENTRIES} are read")
    return lines


def _entry(line: bytes) -> dict[str, Any]:
    """One line as an object with exactly the members of an entry, each of its type."""
    try:
        entry = strict_json.loads_object(line, max_bytes=MAX_LOG_BYTES)
    except errors.InvalidJson as error:
        raise errors.InvalidDidLog(f"an entry is not a JSON object: {error.detail}") from error
    if set(entry) != _MEMBERS:
        raise errors.InvalidDidLog(f"an entry has other members than {', '.join(sorted(_MEMBERS))}")
    for name in ("parameters", "state"):
        if not isinstance(entry[name], dict):
            raise errors.InvalidDidLog(f"{name} is not an object", pointer=f"/{name}")
    return entry


def _version(entry: dict[str, Any], before: Version | None, now: datetime) -> Version:
    """Check one entry against the one before it."""
    parameters = before.parameters.after(entry["parameters"]) if before else Parameters.first(entry["parameters"])
    if before and before.parameters.deactivated:
        raise errors.InvalidDidLog("an entry follows the one that gave the DID up")
    number = _check_version_id(entry, before, parameters.scid)
    moment = _check_time(entry, before)
    if before is None and scid_for(entry, parameters.scid) != parameters.scid:
        raise errors.DidLogHashMismatch("the first entry is not the one that the identifier was made from")
    _check_document_id(entry["state"], before, parameters)
    _check_proofs(entry, _authorised(before, parameters), now)
    return Version(entry["versionId"], number, moment, entry["state"], parameters, _required(before, parameters))


def _check_version_id(entry: Mapping[str, Any], before: Version | None, scid: str) -> int:
    match = _VERSION_ID.fullmatch(entry["versionId"]) if isinstance(entry["versionId"], str) else None
    number = before.number + 1 if before else 1
    if match is None or int(match[1]) != number:
        raise errors.InvalidDidLog(f"versionId {str(entry['versionId'])[:80]!r} is not that of version {number}")
    if entry_hash(entry, before.id if before else scid) != match[2]:
        raise errors.DidLogHashMismatch(f"version {number} is not the one that was hashed")
    return number


def _check_time(entry: Mapping[str, Any], before: Version | None) -> datetime:
    try:
        moment = timestamps.parse(entry["versionTime"])
    except errors.MalformedTimestamp as error:
        raise errors.InvalidDidLog(f"versionTime: {error.detail}", pointer="/versionTime") from error
    if moment.utcoffset() != timedelta(0):
        raise errors.InvalidDidLog("versionTime is not in UTC", pointer="/versionTime")
    if before and moment <= before.time:
        raise errors.InvalidDidLog(f"versionTime of version {before.number + 1} is not after the one before")
    return moment


def _check_document_id(state: Mapping[str, Any], before: Version | None, parameters: Parameters) -> None:
    """The document is this DID's. It may change its place only where the first entry allowed that, and says so."""
    identifier = state.get("id")
    if not isinstance(identifier, str) or not identifier.startswith(f"did:webvh:{parameters.scid}:"):
        raise errors.InvalidDidLog("the document's id does not carry the scid of the log", pointer="/state/id")
    if before is None or identifier == before.did:
        return
    known_as = state.get("alsoKnownAs")
    if not parameters.portable or not isinstance(known_as, list) or before.did not in known_as:
        raise errors.InvalidDidLog("the DID moved without leave or without its former name", pointer="/state/id")


def _authorised(before: Version | None, parameters: Parameters) -> tuple[str, ...]:
    """Whose signature an entry needs: the keys of the entry before, or its own where those were promised by hash."""
    if before is None or before.parameters.next_key_hashes:
        return parameters.update_keys
    return before.parameters.update_keys


def _required(before: Version | None, parameters: Parameters) -> Witnesses:
    """New witnesses count from the next entry on, but the first ones of all at once."""
    if before and before.parameters.witness.threshold:
        return before.parameters.witness
    return parameters.witness


def _check_proofs(entry: dict[str, Any], authorised: tuple[str, ...], now: datetime) -> None:
    """Every proof of the entry is good, and each by a key that may write it."""
    try:
        proofs = data_integrity.proofs_of(entry)
        if len(proofs) > MAX_PROOFS:
            raise errors.DidLogUnauthorized(f"{len(proofs)} proofs; at most {MAX_PROOFS} are checked")
        for proof in proofs:
            key = check_jcs_proof(entry, proof, now)
            if key not in authorised:
                raise errors.DidLogUnauthorized(f"the key {key} was not allowed to write the entry", pointer="/proof")
    except (errors.NoProof, errors.MalformedProof) as error:
        raise errors.DidLogUnauthorized(f"the entry is not signed: {error.detail}", pointer="/proof") from error


def check_jcs_proof(document: Mapping[str, Any], proof: Mapping[str, Any], now: datetime) -> str:
    """Check an `eddsa-jcs-2022` proof for assertion by a did:key; return the key's Multikey.

    Raises `errors.DidLogUnauthorized` whatever is wrong with it.
    """
    try:
        data_integrity.check_shape(proof)
        data_integrity.check_purpose(proof)
        data_integrity.check_times(proof, now)
        match = _DID_KEY_METHOD.fullmatch(proof["verificationMethod"])
        if match is None or proof.get("cryptosuite") != data_integrity.JCS:
            raise errors.MalformedProof("the proof is not eddsa-jcs-2022 by a did:key")
        data_integrity.check_proof(document, proof, check_multikey(match[1]))
    except errors.PlauditError as error:
        raise errors.DidLogUnauthorized(f"{error.title}: {error.detail}", pointer="/proof") from error
    return match[1]
