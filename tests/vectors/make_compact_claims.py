"""Makes the vectors of docs/compact-claim.md, always the same bytes: `python -m tests.vectors.make_compact_claims`.

A vector is one JSON file in tests/vectors/compact_claim. `fragment` is the text to read, `key` the issuer's public key.
In `valid/` the key confirms it and `claim` is what it says; `payload` and `message` are its bytes on the way, in
hexadecimal. In `invalid/` it must be refused, and `error` is the code that Plaudit gives for it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from credentials import compact_claim, timestamps
from credentials.compact_claim import CompactClaim, StatusPlace
from credentials.cose import cbor, sign1
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

FOLDER = Path(__file__).resolve().parent / "compact_claim"
DID = "did:web:plaudit.example:o:northwind"


class SteadyKey(EcKey):
    """A P-256 key whose signatures are the same every time (RFC 6979)."""

    def sign(self, data: bytes) -> bytes:
        der = self._private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        return b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(der))


AnyKey = Key | EcKey
ED = Key("vector", DID)
P256 = SteadyKey("vector-p256", controller=DID)

CLAIM = CompactClaim(
    issuer=DID,
    employer="Northwind Analytics",
    student="Amélie Dubois-Lefèvre",
    title="Churn dashboard for a SaaS support team",
    record="https://plaudit.example/c/k7m2q4tza6w3x5yfbxnqdkrqea",
    awarded=date(2026, 6, 16),
    signed_at=datetime(2026, 6, 21, 12, tzinfo=UTC),
    hours=Decimal("31.5"),
    start=date(2026, 5, 24),
    end=date(2026, 6, 11),
    revocation=StatusPlace("https://plaudit.example/status/ovqxi2lmnfzxi4tfonzwk3tuma", 94_567),
)
LEAN = CompactClaim(
    issuer=f"did:key:{ED.public.multikey}",
    employer="市民図書館",
    student="محمد الزهراني",
    title="寄贈図書の目録作成",
    record="https://records.example/c/k7m2q4tza6w3x5yfbxnqdkrqea",
    awarded=date(1970, 1, 1),
    signed_at=datetime(2026, 6, 21, 12, tzinfo=UTC),
)
FULL = replace(
    CLAIM,
    issuer="did:webvh:QmZ1:plaudit.example%3A8443",
    record="https://plaudit.example:8443/c/K7M2",
    revocation=StatusPlace("https://plaudit.example:8443/status/aaaaaaaaaaaaaaaaaaaaaaaaab", 0),
    suspension=StatusPlace("https://lists.example/7", 4_294_967_295),
    valid_from=datetime(2026, 7, 1, tzinfo=UTC),
    valid_until=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)


def vectors() -> Iterator[tuple[str, bytes]]:
    """Path below `compact_claim` and content of every vector."""
    for name, (comment, claim, key) in _valid().items():
        message = compact_claim.sign(claim, key, key.public)
        members = {
            "message": message.hex(),
            "payload": claim.to_claims().to_bytes().hex(),
            "claim": in_json(claim),
        }
        yield f"valid/{name}.json", _vector(comment, compact_claim.to_fragment(message), key, members)
    for name, (comment, error, fragment) in _invalid().items():
        yield f"invalid/{name}.json", _vector(comment, fragment, ED, {"error": error})


def in_json(claim: CompactClaim) -> dict[str, Any]:
    """A claim's facts as the vectors write them: days and moments as text, hours as decimal text."""
    members = {
        "issuer": claim.issuer,
        "employer": claim.employer,
        "student": claim.student,
        "title": claim.title,
        "record": claim.record,
        "awarded": claim.awarded.isoformat(),
        "signedAt": timestamps.format(claim.signed_at),
        "hours": None if claim.hours is None else str(claim.hours),
        "start": claim.start and claim.start.isoformat(),
        "end": claim.end and claim.end.isoformat(),
        "revocation": _place(claim.revocation),
        "suspension": _place(claim.suspension),
        "validFrom": claim.valid_from and timestamps.format(claim.valid_from),
        "validUntil": claim.valid_until and timestamps.format(claim.valid_until),
    }
    return {name: value for name, value in members.items() if value is not None}


def write() -> None:
    """Replace the folder by what `vectors` gives."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, content in vectors():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _place(place: StatusPlace | None) -> dict[str, Any] | None:
    return None if place is None else {"list": place.list_url, "index": place.index}


def _vector(comment: str, fragment: str, key: AnyKey, more: dict[str, Any]) -> bytes:
    about_key = {
        "algorithm": key.algorithm,
        "publicKeyMultibase": key.public.multikey,
        "publicKeyJwk": key.public.to_jwk(),
        "hint": compact_claim.key_hint(key.public).hex(),
    }
    vector = {"comment": comment, "key": about_key, "fragment": fragment, **more}
    return json.dumps(vector, ensure_ascii=False, indent=1).encode() + b"\n"


def _valid() -> dict[str, tuple[str, CompactClaim, AnyKey]]:
    webvh = Key("vector", FULL.issuer)
    return {
        "usual": ("A usual completion, signed with Ed25519.", CLAIM, ED),
        "usual_p256": ("The same, signed with ECDSA on P-256.", CLAIM, P256),
        "lean": ("Only what must be there, by an issuer without a domain: its URLs stay whole.", LEAN, Key("vector")),
        "everything": ("Every fact; one list at the issuer's domain whose name has no short form.", FULL, webvh),
    }


def _facts(change: Callable[[dict[Any, Any]], Any]) -> str:
    """The usual claim with other facts, signed by its issuer."""
    claims = cbor.loads(CLAIM.to_claims().to_bytes())
    change(claims[-70001])
    return _signed(cbor.dumps(claims))


def _signed(payload: bytes, key: AnyKey = ED, **headers: Any) -> str:
    kid = headers.pop("kid", compact_claim.key_hint(key.public))
    return compact_claim.to_fragment(sign1.sign(payload, key, kid=kid, **headers))


def _invalid() -> dict[str, tuple[str, str, str]]:
    payload = CLAIM.to_claims().to_bytes()
    message = compact_claim.sign(CLAIM, ED, ED.public)
    text = compact_claim.to_fragment(message)
    unprotected = cbor.loads(message[1:])
    unprotected[1] = {33: b"chain"}
    thief = Key("thief", DID)
    return {
        "empty": ("No text at all.", "fragment_malformed", ""),
        "zero_in_front": ("A needless zero after the 9.", "fragment_malformed", "90" + text[1:]),
        "letter": ("A letter among the digits.", "fragment_malformed", text[:100] + "O" + text[101:]),
        "another_base": ("Base64url instead of base10.", "fragment_malformed", "u0oRD"),
        "truncated": ("The last 40 digits are missing.", "cose_malformed", text[:-40]),
        "changed_digit": ("The last digit is another.", "signature_invalid", text[:-1] + str(9 - int(text[-1]))),
        "too_long": ("More than 1,024 bytes.", "compact_claim_too_large", "9" + str(1 << 8192)),
        "without_tag": ("No tag 18 in front.", "cose_malformed", compact_claim.to_fragment(message[1:])),
        "another_key": ("Signed with a key that is not the issuer's.", "kid_unknown", _signed(payload, thief)),
        "stolen_hint": (
            "The same, with the hint of the issuer's key.",
            "signature_invalid",
            _signed(payload, thief, kid=compact_claim.key_hint(ED.public)),
        ),
        "long_hint": ("A hint of eight bytes.", "compact_claim_malformed", _signed(payload, kid=b"12345678")),
        "typ": ("A further protected header.", "compact_claim_malformed", _signed(payload, typ="application/cwt")),
        "unprotected_header": (
            "Something in the unprotected headers.",
            "compact_claim_malformed",
            compact_claim.to_fragment(b"\xd2" + cbor.dumps(unprotected)),
        ),
        "without_title": ("A fact is missing.", "compact_claim_malformed", _facts(lambda facts: facts.pop(3))),
        "unknown_fact": (
            "A fact that is not known.",
            "compact_claim_malformed",
            _facts(lambda facts: facts.update({11: 1})),
        ),
        "hours_as_text": (
            "31 hours as text.",
            "compact_claim_malformed",
            _facts(lambda facts: facts.update({5: "31"})),
        ),
        "end_before_start": (
            "It ended before it began.",
            "compact_claim_malformed",
            _facts(lambda facts: facts.update({8: 24})),
        ),
        "long_url": (
            "A URL at the issuer's own domain, written out.",
            "compact_claim_malformed",
            _facts(lambda facts: facts.update({4: CLAIM.record})),
        ),
        "script_url": (
            "A URL that no page may link to.",
            "compact_claim_malformed",
            _facts(lambda facts: facts.update({4: "javascript:0"})),
        ),
        "long_number": (
            "19 in two bytes where one would do.",
            "cbor_not_deterministic",
            _signed(payload.replace(b"\x07\x17", b"\x07\x18\x17")),
        ),
        "plain_claims": (
            "A signed token about something else.",
            "compact_claim_malformed",
            _signed(cbor.dumps({1: DID, 6: 1})),
        ),
    }


if __name__ == "__main__":
    write()
