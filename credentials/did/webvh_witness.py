"""The witnesses of a did:webvh log: do enough of them vouch for every entry that needs it? Fetches nothing.

A proof is over one version's id and speaks for all versions before it too. Proofs that are bad, of strangers, or of
versions that are not in the log are passed over: what counts is whether enough good ones are left.

Source: did:webvh 1.0, "The Witness Proofs File" and "Verifying Witness Proofs During Resolution".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from credentials import errors, strict_json
from credentials.did.webvh_log import History, check_jcs_proof

#: The outbound door cuts at the same size; it also bounds the signature checks, a proof being about 400 bytes.
MAX_WITNESS_BYTES: Final = 256_000


def needs_witnesses(history: History) -> bool:
    """Whether any version must be vouched for, so that did-witness.json has to be asked for."""
    return any(version.witnesses.threshold for version in history.versions)


def check_witnesses(history: History, file: bytes, *, now: datetime) -> None:
    """Check that `file`, a did-witness.json, has enough good proofs for every version that needs them.

    Raises `errors.InvalidDidLog` for a file of another form and `errors.DidLogNotWitnessed`.
    """
    approved = _approved(history, file, now)
    for version in history.versions:
        vouching = [key for key in version.witnesses.keys if approved.get(key, 0) >= version.number]
        if len(vouching) < version.witnesses.threshold:
            raise errors.DidLogNotWitnessed(
                f"{len(vouching)} witnesses vouch for version {version.number}, {version.witnesses.threshold} must"
            )


def _approved(history: History, file: bytes, now: datetime) -> dict[str, int]:
    """The highest version number that each witness vouches for, by Multikey."""
    numbers = {version.id: version.number for version in history.versions}
    known = frozenset[str]().union(*(version.witnesses.keys for version in history.versions))
    approved: dict[str, int] = {}
    for version_id, proof in _proofs(file):
        number = numbers.get(version_id, 0)
        key = str(proof.get("verificationMethod")).rpartition("#")[2]
        if key in known and number > approved.get(key, 0) and _good(version_id, proof, now):
            approved[key] = number
    return approved


def _good(version_id: str, proof: Mapping[str, Any], now: datetime) -> bool:
    try:
        check_jcs_proof({"versionId": version_id}, proof, now)
    except errors.DidLogUnauthorized:
        return False
    return True


def _proofs(file: bytes) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each proof in the file with the version it is about."""
    try:
        entries = strict_json.loads(file, max_bytes=MAX_WITNESS_BYTES)
    except errors.InvalidJson as error:
        raise errors.InvalidDidLog(f"did-witness.json: {error.detail}") from error
    if not isinstance(entries, list):
        raise errors.InvalidDidLog("did-witness.json is not a list")
    for entry in entries:
        version_id, proofs = (entry.get("versionId"), entry.get("proof")) if isinstance(entry, dict) else (None, None)
        if not isinstance(version_id, str) or not isinstance(proofs, list):
            raise errors.InvalidDidLog("did-witness.json has an entry without versionId or proofs")
        yield from ((version_id, proof) for proof in proofs if isinstance(proof, dict))
