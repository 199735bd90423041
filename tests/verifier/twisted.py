"""Credentials, tokens and DID documents that were changed before or after they were signed, for two judges to agree on.

Everything comes out of one seed. What is changed before signing is signed properly: then only the rules can refuse it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

from credentials import data_integrity, errors, multibase, strict_json
from credentials.ports import Signer
from tests.credentials.jose_tokens import b64, handmade
from tests.credentials.mutations import mutate
from tests.verifier.in_browser import Case
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, Key, to_bytes
from tests.worlds.memory_web import MemoryWeb

ISSUER = Issuer(MemoryWeb())
P256 = EcKey("key-2", "ES256", ISSUER.did)
P384 = EcKey("key-3", "ES384", ISSUER.did)
STRANGER = Key("stranger")
SIGNERS: tuple[Signer, ...] = (ISSUER.key, P256)
_METHODS = [ISSUER.key.method(), P256.method(), P384.method()]
_LISTED = [method["id"] for method in _METHODS]
DID_DOCUMENT = ISSUER.did_document(verificationMethod=_METHODS, assertionMethod=_LISTED)
DOCUMENT = to_bytes(DID_DOCUMENT)
_SECONDS = int(SIGNED_AT.timestamp())

#: Claims that a token is given, some of them none that should be believed.
_CLAIMS: list[dict[str, Any]] = [
    {"exp": _SECONDS}, {"exp": _SECONDS + 10**9}, {"exp": "soon"}, {"exp": True}, {"exp": -1}, {"exp": 1e300},
    {"nbf": _SECONDS + 10**9}, {"nbf": 1.5}, {"nbf": None}, {"iat": "2026-06-01T00:00:00Z"}, {"iat": "2026-06-01"},
    {"iat": _SECONDS + 10**9}, {"iat": 2.5e11}, {"iat": 0}, {"iss": ISSUER.did}, {"iss": "did:web:other.example"},
    {"iss": 7}, {"sub": "did:example:nobody"}, {"sub": ""}, {"aud": ["a", "b"]}, {"aud": ["a", 1]}, {"aud": []},
    {"jti": "https://elsewhere.example/1"}, {"nonce": ""}, {"nonce": "n"}, {"cnf": {"jwk": {}}}, {"vc": {}}, {"vp": []},
    {"jti": f"https://{ISSUER.domain}/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"}, {"validUntil": "2026-06-30T24:00:00Z"},
    {"validUntil": "2026-06-10T00:00:00.000001Z"}, {"validFrom": "9999-12-31T24:00:00Z"},
    {"validFrom": "2026-02-29T00:00:00Z"}, {"validFrom": "2026-07-01T14:05:00+02:00"},
    {"validFrom": "2026-07-01T14:05:01+02:00"}, {"validFrom": "0000-01-01T00:00:00Z"},
    {"validFrom": "2026-06-01T00:00:00"}, {"validFrom": "2026-06-01T00:00:00+14:30"},
]  # fmt: skip
#: Members of a token's header, in place of the usual ones.
_HEADERS: list[dict[str, Any]] = [
    {"alg": "none"}, {"alg": "HS256"}, {"alg": "RS256"}, {"alg": "ES256"}, {"alg": "EdDSA"}, {"alg": "Ed25519"},
    {"alg": ["EdDSA"]}, {"alg": None}, {"typ": "JWT"}, {"typ": "at+jwt"}, {"typ": "vp+jwt"}, {"typ": "VC+JWT"},
    {"typ": "application/vc+jwt"}, {"typ": "x/vc+jwt"}, {"typ": None}, {"typ": 1}, {"cty": "vp"},
    {"cty": "application/VC"},
    {"cty": None}, {"crit": ["b64"], "b64": False}, {"crit": []}, {"kid": "key-1"}, {"kid": "#key-1"}, {"kid": "key-9"},
    {"kid": "../../../../dev/null"}, {"kid": "x' UNION SELECT 1 --"}, {"kid": "\0"}, {"kid": ["key-1"]}, {"kid": 1},
    {"kid": "k" * 2_049}, {"kid": ISSUER.key.public.thumbprint()}, {"kid": P256.public.thumbprint()},
    {"kid": STRANGER.verification_method}, {"kid": f"{ISSUER.did}#"}, {"kid": f"{ISSUER.did}#key-2"},
    {"kid": f"{ISSUER.did}#key-1#key-1"}, {"kid": f"{ISSUER.did}?x#key-1"}, {"kid": "https://employer.example#key-1"},
    {"kid": f"{ISSUER.did}#key-3"}, {"jwk": STRANGER.public.to_jwk()}, {"jku": "https://127.0.0.1/jwks"},
    {"x5c": ["a"]},
    {"iss": "did:web:other.example"}, {"iss": ISSUER.did}, {"iss": 1}, {"sub": "x"}, {"aud": ["x"]}, {"aud": 1},
]  # fmt: skip
#: Members of a Data Integrity proof, in place of the usual ones, before it is signed.
_PROOFS: list[dict[str, Any]] = [
    {"proofPurpose": "authentication"}, {"proofPurpose": ""}, {"proofPurpose": 1}, {"created": "2026-06-01"},
    {"created": "2026-07-01T12:05:00Z"}, {"created": "2026-07-01T12:05:01Z"}, {"expires": "2026-07-01T12:00:00Z"},
    {"expires": "2026-07-01T11:59:59.9Z"}, {"expires": 5}, {"domain": "a.example"}, {"domain": ["a", "b"]},
    {"domain": [1]}, {"domain": []}, {"challenge": "c"}, {"challenge": 1}, {"nonce": None}, {"id": "urn:proof:1"},
    {"previousProof": "urn:proof:2"}, {"previousProof": []}, {"previousProof": ["urn:proof:1"], "id": "urn:proof:1"},
    {"type": "Ed25519Signature2020"}, {"cryptosuite": "eddsa-rdfc-2022"}, {"cryptosuite": "ecdsa-jcs-2019"},
    {"cryptosuite": "eddsa-jcs-2022"}, {"cryptosuite": ["eddsa-jcs-2022"]}, {"verificationMethod": "key-1"},
    {"verificationMethod": STRANGER.verification_method}, {"verificationMethod": f"{ISSUER.did}#key-2"},
    {"verificationMethod": f"{ISSUER.did}#key-3"}, {"verificationMethod": f"{ISSUER.did}#gone"},
    {"extra": {"b": 1, "a": 2}},
    {"verificationMethod": ""}, {"@context": "https://www.w3.org/ns/credentials/v2"}, {"@context": []},
    {"@context": None},
    {"@context": ["https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]}, {"\ue000": 1, "\U0001f600": 2},
]  # fmt: skip
#: Texts in place of a piece of JSON text: other spellings of the same, and what no strict reader takes.
_SPELLINGS: tuple[tuple[bytes, bytes], ...] = (
    (b'"name":', b'"n\\u0061me":'), (b'"id":', b'"\\u0069d":"x","id":'), (b'"type":', b' \t\r\n"type" : '),
    (b":[", b":[ "), (b"}", b" }"), (b'"', b"'"), (b"1", b"1.0"), (b"2", b"2e0"), (b"0", b"-0"), (b"0", b"00"),
    (b"3", b"9007199254740993"), (b"3", b"9007199254740992"), (b"3", b"-9007199254740992"), (b"3", b"1e400"),
    (b"3", b"1E-400"), (b"3", b"0.1"), (b"3", b"NaN"), (b"3", b"-Infinity"), (b"3", b"+3"), (b"3", b"3."),
    (b"3", b".3"),
    (b"true", b"TRUE"), (b"e", b"\\ud83d\\ude00"), (b"e", b"\\ud83d"), (b"e", b"\\ude00\\ud83d"),
    (b"e", b"\xed\xa0\x80"),
    (b"e", b"\xff"), (b"e", b"\xc0\xaf"), (b"e", b"\x01"), (b"e", b"\x7f"), (b"e", b"\\e"), (b"e", b"\\u00e"),
    (b"e", b"\\/"),
    (b"e", b"\xc2\x85"), (b"e", b"\xe2\x80\xa8"), (b",", b",,"), (b",", b""), (b"{", b"{,"), (b"]", b",]"),
    (b"}", b"}\xef\xbb\xbf"),
    (b"{", b"\xef\xbb\xbf{"), (b"{", b"{\"__proto__\":{\"a\":1},"), (b"{", b"{\"__proto__\":1,\"__proto__\":2,"),
    (b"{", b"{\"d\":" + b"[" * 31 + b"]" * 31 + b","), (b"{", b"{\"d\":" + b"[" * 32 + b"]" * 32 + b","),
    (b"{", b"/**/{"),
    (b"}", b"}\n\n "), (b"}", b"}\x0b"), (b"}", b"}{}"), (b"}", b"}\0"), (b"{", b"{\"constructor\":1,\"toString\":[],"),
)  # fmt: skip


def usual(random: Random) -> dict[str, Any]:
    """The unsigned credential, with a note in a member that only a JCS proof or a token may carry."""
    document = ISSUER.unsigned()
    if random.random() < 0.5:
        document["credentialSubject"]["achievement"]["tag"] = ["Zahl", "öäü \u0430\u0431", "\U0001f600", 'a/b\\c"d\n']
    return document


def jcs_signed(document: dict[str, Any], random: Random, **options: Any) -> dict[str, Any]:
    """`document` with a JCS proof by one of the issuer's keys, over proof options of any kind."""
    signer = random.choice(SIGNERS)
    suite = "eddsa-jcs-2022" if signer.algorithm == "EdDSA" else "ecdsa-jcs-2019"
    prepared = data_integrity.prepare(
        document, verification_method=signer.verification_method, created=SIGNED_AT, cryptosuite=suite,
        algorithm=signer.algorithm,
    )  # fmt: skip
    config = {**prepared.config, **options}
    hashed = prepared.suite.hash_data(document, config, algorithm=signer.algorithm)
    return {**document, "proof": [{**config, "proofValue": multibase.encode(signer.sign(hashed))}]}


def token_signed(payload: dict[str, Any] | bytes, random: Random, **header: Any) -> bytes:
    """`payload` as a vc+jwt by one of the issuer's keys, with any header."""
    signer = random.choice(SIGNERS)
    usual = {"alg": signer.algorithm, "typ": "vc+jwt", "cty": "vc", "kid": signer.verification_method}
    return handmade({**usual, **header}, payload, signer).encode()


def _pick(random: Random, choices: list[dict[str, Any]]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for _ in range(random.choice((1, 1, 2))):
        chosen |= random.choice(choices)
    return chosen


def _signed_whatever(document: dict[str, Any], random: Random) -> bytes:
    try:
        return to_bytes(jcs_signed(document, random)) if random.random() < 0.5 else token_signed(document, random)
    except errors.PlauditError:
        return to_bytes(document)


def _changed_before(random: Random) -> bytes:
    return _signed_whatever(mutate(usual(random), random), random)


def _changed_after(random: Random) -> bytes:
    return to_bytes(mutate(jcs_signed(usual(random), random), random))


def _proof_options(random: Random) -> bytes:
    try:
        return to_bytes(jcs_signed(usual(random), random, **_pick(random, _PROOFS)))
    except errors.PlauditError:
        return b"{}"


def _proof_members(random: Random) -> bytes:
    signed = jcs_signed(usual(random), random)
    [proof] = signed["proof"]
    spoilt = {**proof, **_pick(random, [*_PROOFS, {"proofValue": proof["proofValue"][:-1]}, {"proofValue": "z"},
              {"proofValue": "u" + proof["proofValue"][1:]}, {"proofValue": proof["proofValue"] + "1"},
              {"proofValue": "z1" + proof["proofValue"][1:]}, {"proofValue": None},
    {"proofValue": ["z"]}])}  # fmt: skip
    shape = random.choice(
        [spoilt, [spoilt], [proof, spoilt], [spoilt, proof], [proof, proof], [], None, "z", [proof] * 9]
    )
    return to_bytes({**signed, "proof": shape})


def _claims(random: Random) -> bytes:
    return token_signed({**usual(random), **_pick(random, _CLAIMS)}, random)


def _header(random: Random) -> bytes:
    return token_signed({**usual(random), **random.choice([{}, *_CLAIMS])}, random, **_pick(random, _HEADERS))


def _respell(data: bytes, random: Random) -> bytes:
    for _ in range(random.choice((1, 1, 2))):
        old, new = random.choice(_SPELLINGS)
        places = [match.start() for match in re.finditer(re.escape(old), data)]
        if places:
            place = random.choice([places[0], places[-1], random.choice(places)])
            data = data[:place] + new + data[place + len(old) :]
    return data


def _respelt(random: Random) -> bytes:
    """JSON text that was written otherwise: a JCS proof holds when the values are the same."""
    return _respell(to_bytes(jcs_signed(usual(random), random)), random)


def _respelt_payload(random: Random) -> bytes:
    """The same inside of a token, which is signed over just these bytes."""
    return token_signed(_respell(to_bytes(usual(random)), random), random)


def _respelt_header(random: Random) -> bytes:
    header = {"alg": "EdDSA", "typ": "vc+jwt", "kid": ISSUER.key.verification_method}
    return handmade(_respell(strict_json.dumps(header), random), usual(random), ISSUER.key).encode()


def _token_text(random: Random) -> bytes:
    token = token_signed(usual(random), random)
    place = random.randrange(len(token))
    piece = random.choice([b"=", b"+", b"/", b" ", b"\r\n", b".", b"..", b"~", b"A", b"-", b"_", b"\xc3\xa9", b"?"])
    return random.choice([
        token[:place] + piece + token[place:], token[:place] + piece + token[place + 1 :], token[:-1], token + piece,
        token + b"A", b" \n" + token + b"\t", token.replace(b".", b"..", 1), token.rsplit(b".", 1)[0] + b".",
        token[:-1] + bytes([token[-1] ^ 1]), b"\xef\xbb\xbf" + token, token[:-2] + bytes([token[-2] ^ 1]) + token[-1:],
    ])  # fmt: skip


def _any_bytes(random: Random) -> bytes:
    return random.choice([b"", b"{}", b"[]", b"null", b"\xd2\x84", b"eyJ.e30.", b"{\"type\":\"VerifiableCredential\"}",
        b"x" * 1_000_001, b"{\"@context\":null}", random.randbytes(random.randrange(1, 60))])  # fmt: skip


_MAKERS: tuple[tuple[int, Callable[[Random], bytes]], ...] = (
    (4, _changed_before), (2, _changed_after), (3, _proof_options), (3, _proof_members), (4, _claims), (4, _header),
    (4, _respelt), (4, _respelt_payload), (1, _respelt_header), (2, _token_text), (1, _any_bytes),
)  # fmt: skip


def credentials(seed: int, count: int) -> Iterator[Case]:
    """`count` credentials, each twisted in one way or another, under the issuer's usual document."""
    random = Random(seed)
    makers = [maker for weight, maker in _MAKERS for _ in range(weight)]
    for _ in range(count):
        now = NOW + timedelta(days=random.choice((0, 0, 0, 0, -400, 9_000)))
        yield Case(random.choice(makers)(random), DOCUMENT, now)


_KEY_MEMBERS: list[dict[str, Any]] = [
    {"revoked": "2026-06-01T00:00:00Z"}, {"revoked": "2026-06-30T00:00:00Z"}, {"revoked": "2030-01-01T00:00:00Z"},
    {"revoked": "never"}, {"expires": "2026-06-01T00:00:00Z"}, {"expires": "2026-07-01T00:00:00Z"}, {"expires": None},
    {"controller": "did:web:other.example"}, {"controller": None}, {"type": "JsonWebKey"}, {"type": "Multikey2"},
    {"type": "Ed25519VerificationKey2020"}, {"publicKeyMultibase": "z"}, {"publicKeyMultibase": None},
    {"publicKeyMultibase": P256.public.multikey}, {"publicKeyMultibase": P384.public.multikey},
    {"publicKeyMultibase": STRANGER.public.multikey}, {"publicKeyMultibase": ISSUER.key.public.multikey + "1"},
    {"publicKeyMultibase": multibase.encode(b"\xed\x01" + bytes(32))},
    {"publicKeyMultibase": multibase.encode(b"\xed\x01\x01" + bytes(31))},
    {"publicKeyMultibase": multibase.encode(b"\xed\x01" + b"\xec" + b"\xff" * 30 + b"\x7f")},
    {"publicKeyMultibase": multibase.encode(b"\xed\x01" + b"\xff" * 32)},
    {"publicKeyMultibase": multibase.encode(b"\x80\x24\x02" + b"\xff" * 32)},
    {"publicKeyMultibase": multibase.encode(b"\x80\x24\x04" + bytes(32))}, {"secretKeyMultibase": "z"},
    {"publicKeyJwk": ISSUER.key.public.to_jwk()}, {"publicKeyBase58": "1"}, {"id": "#key-1"}, {"id": "key-1"},
    {"id": 1},
    {"id": f"{ISSUER.did}#key-2"}, {"id": f"{ISSUER.did}#moved"}, {"id": "did:web:other.example#key-1"},
]  # fmt: skip
_JWKS: list[dict[str, Any]] = [
    {}, {"d": "AA"}, {"use": "enc"}, {"use": "sig"}, {"key_ops": ["verify"]}, {"key_ops": ["sign"]},
    {"key_ops": "verify"},
    {"alg": "EdDSA"}, {"alg": "Ed25519"}, {"alg": "ES256"}, {"x": "AA"}, {"x": b64(bytes(32)) + "="}, {"crv": "P-256"},
    {"kty": "EC"}, {"x": b64(bytes(32))}, {"kid": "k"}, {"x": None}, {"crv": "X25519"}, {"y": b64(bytes(32))},
]  # fmt: skip
_DOCUMENT_MEMBERS: list[dict[str, Any]] = [
    {"id": "did:web:other.example"}, {"id": None}, {"assertionMethod": []}, {"assertionMethod": ["#key-1", "#key-2"]},
    {"assertionMethod": "#key-1"}, {"assertionMethod": [f"{ISSUER.did}#key-2"]}, {"assertionMethod": [1]},
    {"assertionMethod": [ISSUER.key.method()]}, {"verificationMethod": []}, {"verificationMethod": None},
    {"verificationMethod": ["#key-1"]}, {"authentication": [{"id": 7}]}, {"keyAgreement": {}}, {"alsoKnownAs": [1]},
    {"verificationMethod": [], "authentication": _METHODS}, {"verificationMethod": [], "assertionMethod": _METHODS},
    {"verificationMethod": [*_METHODS, ISSUER.key.method()]}, {"@context": 7}, {"service": [[[]]]},
]  # fmt: skip


def documents(seed: int, count: int) -> Iterator[Case]:
    """`count` twisted DID documents, each with a good credential of that issuer."""
    random = Random(seed)
    for _ in range(count):
        methods = [dict(method) for method in _METHODS]
        chosen = random.choice(methods[:2])
        if random.random() < 0.3:
            del chosen["publicKeyMultibase"]
            key = ISSUER.key if chosen is methods[0] else P256
            chosen |= {"type": random.choice(["JsonWebKey", "JsonWebKey2020", "Multikey"]),
                       "publicKeyJwk": {**key.public.to_jwk(), **random.choice(_JWKS)}}  # fmt: skip
        elif random.random() < 0.8:
            chosen |= _pick(random, _KEY_MEMBERS)
        document = {**DID_DOCUMENT, "verificationMethod": methods}
        if random.random() < 0.35:
            document |= random.choice(_DOCUMENT_MEMBERS)
        body = json.dumps(document, ensure_ascii=False).encode()
        if random.random() < 0.1:
            body = _respell(body, random)
        kid = random.choice([{}, {"kid": "#key-1"}, {"kid": "key-2"}, {"kid": ISSUER.key.public.thumbprint()}])
        data = token_signed(usual(random), random, **kid)
        yield Case(data if random.random() < 0.7 else to_bytes(jcs_signed(usual(random), random)), body)
