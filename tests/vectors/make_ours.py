"""Makes our own test vectors: `python -m tests.vectors.make_ours` writes tests/vectors/ours, always the same bytes.

A vector is one JSON file: `credential` is the text to verify, `now` the moment, `pages` the whole web there is (URL to
text). In `valid/` the verdict is "valid"; in `invalid/<code>/` some check carries exactly that code. Another
implementation of the verifier can run them without any of our code.
"""

from __future__ import annotations

import copy
import gzip
import json
import shutil
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from credentials import presentation, timestamps
from tests.worlds import tokens
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

FOLDER = Path(__file__).resolve().parent / "ours"

Maker = Callable[[Issuer], Any]
_VALID: dict[str, Maker] = {}
_INVALID: dict[tuple[str, str], Maker] = {}


def _valid(maker: Maker) -> Maker:
    _VALID[maker.__name__.strip("_")] = maker
    return maker


def _invalid(code: str) -> Callable[[Maker], Maker]:
    def register(maker: Maker) -> Maker:
        _INVALID[code, maker.__name__.strip("_")] = maker
        return maker

    return register


def vectors() -> Iterator[tuple[str, bytes]]:
    """Path below `ours` and content of every vector."""
    for name, maker in _VALID.items():
        yield f"valid/{name}.json", _vector(maker)
    for (code, name), maker in _INVALID.items():
        yield f"invalid/{code}/{name}.json", _vector(maker)


def _vector(maker: Maker) -> bytes:
    """The maker gets a fresh world; what it leaves on the web are the pages."""
    web = MemoryWeb()
    issuer = Issuer(web)
    credential = maker(issuer)
    text = credential if isinstance(credential, bytes) else to_bytes(credential)
    vector = {
        "comment": maker.__doc__,
        "now": timestamps.format(NOW),
        "credential": text.decode(),
        "pages": {url: web.body(url).decode() for url in web.urls()},
    }
    return json.dumps(vector, ensure_ascii=False, indent=1).encode() + b"\n"


def write() -> None:
    """Replace the folder by what `vectors` gives."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, content in vectors():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _changed(issuer: Issuer, change: Callable[[dict[str, Any]], None], **options: Any) -> dict[str, Any]:
    """A signed credential changed afterwards."""
    document: dict[str, Any] = copy.deepcopy(issuer.issue(**options))
    change(document)
    return document


@_valid
def _rdfc(issuer: Issuer) -> Any:
    """A whole completion, signed with eddsa-rdfc-2022."""
    return issuer.issue()


@_valid
def _jcs(issuer: Issuer) -> Any:
    """The same, signed with eddsa-jcs-2022."""
    return issuer.issue(suite="eddsa-jcs-2022")


@_valid
def _proof_set(issuer: Issuer) -> Any:
    """Both proofs over one document."""
    document = issuer.unsigned()
    return {**document, "proof": [*issuer.issue(document)["proof"], *_jcs_proof(issuer, document)]}


def _jcs_proof(issuer: Issuer, document: dict[str, Any]) -> Any:
    return issuer.issue(document, suite="eddsa-jcs-2022")["proof"]


@_valid
def _proof_object(issuer: Issuer) -> Any:
    """One proof, written as an object instead of a list."""
    document = issuer.issue()
    return {**document, "proof": document["proof"][0]}


@_valid
def _right_to_left_name(issuer: Issuer) -> Any:
    """A name in a script that is written from right to left, with a direction mark inside."""
    return issuer.issue(issuer.unsigned(student={"name": "محمد\u200f الزهراني", "email": "m@students.example"}))


@_valid
def _rotated_key(issuer: Issuer) -> Any:
    """Signed with a key that ended later; a newer one signs the status list."""
    document = issuer.issue()
    old, issuer.key = issuer.key, Key("key-2", issuer.did)
    methods = [{**old.method(), "expires": "2026-06-25T00:00:00Z"}, issuer.key.method()]
    issuer.publish_did(verificationMethod=methods, assertionMethod=[method["id"] for method in methods])
    newer = sign(_unsigned_list(issuer), issuer.key, created=NOW - timedelta(days=1))
    issuer.web.put(issuer.list_url(), newer)
    return document


def _unsigned_list(issuer: Issuer) -> dict[str, Any]:
    return {name: value for name, value in issuer.list_credential().items() if name != "proof"}


@_invalid("signature_invalid")
def _hours_changed(issuer: Issuer) -> Any:
    """31 hours turned into 91."""
    return to_bytes(issuer.issue()).replace(b'"value":"31"', b'"value":"91"')


@_invalid("signature_invalid")
def _jcs_name_changed(issuer: Issuer) -> Any:
    """Another project title, under eddsa-jcs-2022."""
    return _changed(issuer, lambda document: document.update(name="Another"), suite="eddsa-jcs-2022")


@_invalid("signature_invalid")
def _proof_created_changed(issuer: Issuer) -> Any:
    """The proof's date moved by a day: the options are signed, too."""
    return _changed(issuer, lambda document: document["proof"][0].update(created="2026-06-22T12:00:00Z"))


@_invalid("data_loss")
def _undefined_member(issuer: Issuer) -> Any:
    """A member that no context defines, added after signing."""
    return _changed(issuer, lambda document: document["credentialSubject"].update(grade="A+"))


@_invalid("data_loss")
def _undefined_type(issuer: Issuer) -> Any:
    """A type that no context defines."""
    return _changed(issuer, lambda document: document["credentialSubject"]["type"].append("Genius"))


@_invalid("data_loss")
def _relative_id(issuer: Issuer) -> Any:
    """An id that is no URL, below the level that the data model itself looks at."""
    return _changed(issuer, lambda document: document["credentialSubject"]["achievement"].update(id="not a uri"))


@_invalid("context_not_known")
def _foreign_context(issuer: Issuer) -> Any:
    """A context that is not pinned; it must not be fetched."""
    return _changed(issuer, lambda document: document["@context"].append("https://evil.example/context.json"))


@_invalid("inline_context")
def _vocabulary_inline(issuer: Issuer) -> Any:
    """@vocab written into the document."""
    return _changed(issuer, lambda document: document["@context"].append({"@vocab": "https://evil.example/"}))


@_invalid("not_compacted")
def _comment_hidden(issuer: Issuer) -> Any:
    """A member renamed to the full IRI of its term: the RDF signature still fits, a plain reader misses it."""

    def hide(document: dict[str, Any]) -> None:
        subject = document["credentialSubject"]
        subject["https://w3id.org/plaudit/vocab#employerComment"] = subject.pop("employerComment")

    return _changed(issuer, hide)


@_invalid("credential_malformed")
def _context_reordered(issuer: Issuer) -> Any:
    """The context of the data model is not the first."""
    return _changed(issuer, lambda document: document["@context"].reverse())


@_invalid("duplicate_key")
def _issuer_twice(issuer: Issuer) -> Any:
    r"""A second issuer, its name spelt with an escape."""
    return b'{"\\u0069ssuer":"did:web:evil.example",' + to_bytes(issuer.issue())[1:]


@_invalid("not_a_credential")
def _other_json(issuer: Issuer) -> Any:
    """JSON, but nothing that means to be a credential."""
    return {"name": "Maya Lee", "hours": 31}


@_invalid("not_a_credential")
def _other_token(issuer: Issuer) -> Any:
    """A compact JWS about something else."""
    return b"eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJkaWQ6d2ViOmVtcGxveWVyLmV4YW1wbGUifQ.c2ln"


@_invalid("format_not_supported")
def _presentation(issuer: Issuer) -> Any:
    """A presentation, which holds a credential instead of being one."""
    return presentation.build_presentation([issuer.issue()])


@_invalid("signature_invalid")
def _token_of_a_forged_key(issuer: Issuer) -> Any:
    """vc+jwt signed with a key that only calls itself the issuer's."""
    forged = Key("forged", issuer.did)
    forged.verification_method = issuer.key.verification_method
    return tokens.as_jwt(issuer.unsigned(), forged)


@_invalid("alg_not_allowed")
def _token_without_signature(issuer: Issuer) -> Any:
    """A JWT whose header says "none"."""
    return b"eyJhbGciOiJub25lIn0.e30.c2ln"


@_valid
def _token(issuer: Issuer) -> Any:
    """vc+jwt."""
    return tokens.as_jwt(issuer.unsigned(), issuer.key)


@_valid
def _enveloped_token(issuer: Issuer) -> Any:
    """vc+jwt in an EnvelopedVerifiableCredential."""
    return tokens.as_enveloped_jwt(issuer.unsigned(), issuer.key)


@_valid
def _selective_token(issuer: Issuer) -> Any:
    """vc+sd-jwt with every disclosure."""
    return tokens.as_sd_jwt(issuer.unsigned(), issuer.key)


@_valid
def _sd_jwt_vc(issuer: Issuer) -> Any:
    """dc+sd-jwt with every disclosure."""
    return tokens.as_sd_jwt_vc(issuer.unsigned(), issuer.key)


@_invalid("canonicalization_limit")
def _clique_of_blank_nodes(issuer: Issuer) -> Any:
    """Nine blank nodes that all point to one another."""
    clique = [
        {
            "id": f"_:b{here}",
            "type": ["Achievement"],
            "related": [{"id": f"_:b{there}"} for there in range(9) if there != here],
        }
        for here in range(9)
    ]
    return _changed(issuer, lambda document: document["credentialSubject"].update(achievement=clique))


@_invalid("no_proof")
def _unsigned(issuer: Issuer) -> Any:
    """Never signed."""
    return issuer.unsigned()


@_invalid("no_proof")
def _empty_proof_value(issuer: Issuer) -> Any:
    """A proof without its value."""
    return _changed(issuer, lambda document: document["proof"][0].update(proofValue=""))


@_invalid("encoding")
def _other_multibase(issuer: Issuer) -> Any:
    """The multibase header says base64url over base58 text."""
    return _changed(
        issuer, lambda document: document["proof"][0].update(proofValue="u" + document["proof"][0]["proofValue"][1:])
    )


@_invalid("proof_unsupported")
def _unknown_cryptosuite(issuer: Issuer) -> Any:
    """A suite of the future: it cannot be checked, which is not the same as altered."""
    return _changed(issuer, lambda document: document["proof"][0].update(cryptosuite="mldsa44-rdfc-2031"))


@_invalid("proof_unsupported")
def _relabelled(issuer: Issuer) -> Any:
    """Made with eddsa-rdfc-2022, labelled eddsa-jcs-2022."""
    return _changed(issuer, lambda document: document["proof"][0].update(cryptosuite="eddsa-jcs-2022"))


@_invalid("proof_purpose")
def _signed_for_login(issuer: Issuer) -> Any:
    """Purpose authentication, with a key that is allowed for it."""
    issuer.publish_did(authentication=[issuer.key.verification_method])
    return issuer.issue(proof_purpose="authentication")


@_invalid("proof_expired")
def _proof_past_its_end(issuer: Issuer) -> Any:
    """proof.expires has passed."""
    return issuer.issue(expires=NOW - timedelta(days=1))


@_invalid("proof_created_in_future")
def _proof_from_tomorrow(issuer: Issuer) -> Any:
    """proof.created is a day ahead."""
    return issuer.issue(created=NOW + timedelta(days=1))


@_invalid("verification_relationship")
def _key_not_for_vouching(issuer: Issuer) -> Any:
    """The key stands in the document and is not listed under assertionMethod."""
    issuer.publish_did(assertionMethod=[], authentication=[issuer.key.verification_method])
    return issuer.issue()


@_invalid("verification_method_invalid")
def _foreign_controller(issuer: Issuer) -> Any:
    """The key's controller is somebody else."""
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "controller": "did:web:evil.example"}])
    return issuer.issue()


@_invalid("multiple_verification_material")
def _two_keys_in_one(issuer: Issuer) -> Any:
    """publicKeyMultibase and a different publicKeyJwk."""
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "publicKeyJwk": jwk}])
    return issuer.issue()


@_invalid("key_revoked")
def _key_withdrawn_before(issuer: Issuer) -> Any:
    """The key was revoked before the proof's date."""
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "revoked": "2026-06-01T00:00:00Z"}])
    return issuer.issue()


@_invalid("key_later_withdrawn")
def _key_withdrawn_after(issuer: Issuer) -> Any:
    """The key was revoked after the proof's date, which whoever stole it could have written."""
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "revoked": "2026-06-25T00:00:00Z"}])
    return issuer.issue()


@_invalid("key_expired")
def _key_ended_before(issuer: Issuer) -> Any:
    """The key had ended when the proof was made."""
    issuer.publish_did(verificationMethod=[{**issuer.key.method(), "expires": "2026-06-01T00:00:00Z"}])
    return issuer.issue()


@_invalid("issuer_mismatch")
def _signed_by_a_stranger(issuer: Issuer) -> Any:
    """A good signature with the did:key of somebody else."""
    return sign(issuer.unsigned(), Key("attacker"))


@_invalid("did_document_id")
def _key_document_of_another(issuer: Issuer) -> Any:
    """The document at the issuer's address carries another id."""
    issuer.publish_did(id="did:web:evil.example")
    return issuer.issue()


@_invalid("unreachable")
def _issuer_gone(issuer: Issuer) -> Any:
    """did.json answers 404."""
    issuer.web.remove(issuer.did_url)
    return issuer.issue()


@_invalid("expired")
def _past_its_end(issuer: Issuer) -> Any:
    """validUntil has passed."""
    return issuer.issue({**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"})


@_invalid("not_yet_valid")
def _before_its_start(issuer: Issuer) -> Any:
    """validFrom is in the future."""
    return issuer.issue({**issuer.unsigned(), "validFrom": "2026-08-01T00:00:00Z"})


@_invalid("revoked")
def _withdrawn(issuer: Issuer) -> Any:
    """Its bit in the revocation list is set."""
    issuer.revoke(7)
    return issuer.issue()


@_invalid("suspended")
def _suspended(issuer: Issuer) -> Any:
    """Its bit in the suspension list is set."""
    issuer.revoke(7, "suspension")
    entry = {
        **issuer.unsigned()["credentialStatus"],
        "statusPurpose": "suspension",
        "statusListCredential": issuer.list_url("suspension"),
    }
    return issuer.issue({**issuer.unsigned(), "credentialStatus": entry})


@_invalid("status_list_unreachable")
def _list_gone(issuer: Issuer) -> Any:
    """The status list answers 404."""
    issuer.web.remove(issuer.list_url())
    return issuer.issue()


@_invalid("status_list_not_trusted")
def _list_with_the_bit_cleared(issuer: Issuer) -> Any:
    """Withdrawn, and somebody cleared the bit in the signed list."""
    cleared = issuer.list_credential()["credentialSubject"]
    issuer.revoke(7)
    issuer.web.put(issuer.list_url(), {**issuer.list_credential(), "credentialSubject": cleared})
    return issuer.issue()


@_invalid("status_list_not_trusted")
def _list_out_of_date(issuer: Issuer) -> Any:
    """The list's validUntil has passed."""
    issuer.web.put(issuer.list_url(), issuer.list_credential(validUntil="2026-06-30T00:00:00Z"))
    return issuer.issue()


def _with_encoded(issuer: Issuer, packed: bytes) -> Any:
    encoded = "u" + urlsafe_b64encode(packed).rstrip(b"=").decode()
    subject = {**issuer.list_credential()["credentialSubject"], "encodedList": encoded}
    issuer.web.put(issuer.list_url(), issuer.list_credential(credentialSubject=subject))
    return issuer.issue()


@_invalid("status_list_too_short")
def _list_of_8000(issuer: Issuer) -> Any:
    """8,000 entries."""
    return _with_encoded(issuer, gzip.compress(bytes(1000), mtime=0))


@_invalid("status_list_malformed")
def _list_cut_short(issuer: Issuer) -> Any:
    """gzip without its end."""
    return _with_encoded(issuer, gzip.compress(bytes(16384), mtime=0)[:-6])


@_invalid("status_index_out_of_range")
def _index_past_the_end(issuer: Issuer) -> Any:
    """Index 131072 of 131,072 entries."""
    return issuer.issue(issuer.unsigned(index=131_072))


@_invalid("status_entry_malformed")
def _index_in_words(issuer: Issuer) -> Any:
    """An index that is no number."""
    entry = {**issuer.unsigned()["credentialStatus"], "statusListIndex": "seven"}
    return issuer.issue({**issuer.unsigned(), "credentialStatus": entry})


@_valid
def _lean(issuer: Issuer) -> Any:
    """Only what a record must have."""
    deliverables = [{"title": "Talk", "kind": "event"}]
    changes: dict[str, Any] = {
        "engagement": {"kind": "simulated"},
        "deliverables": deliverables,
        "public_comment": None,
        "ai_use": None,
    }
    return issuer.issue(issuer.unsigned(**changes))


if __name__ == "__main__":
    write()
