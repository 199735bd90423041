"""What is fuzzed: each parser of the core that meets outside bytes, with seeds from which the fuzzer starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from credentials import (
    baking,
    canonical,
    compact_claim,
    errors,
    jsonld,
    multibase,
    status_list,
    strict_json,
    timestamps,
    token_status_list,
)
from credentials.cose import cbor, cwt, sign1
from credentials.cose import vc as vc_cose
from credentials.cryptosuites import ecdsa_sd
from credentials.cryptosuites.ecdsa_sd import proof_value
from credentials.did import DidResolver, methods_for
from credentials.did.webvh_log import read_history
from credentials.did.x509 import read_x5c
from credentials.domains import federation, linkage, names, registry
from credentials.jose import enveloped, jws, vc_jwt, vc_jwt_1_1
from credentials.lookalikes import KnownIssuer, LookAlikes
from credentials.multikey import PublicKey
from credentials.sd_jwt import serialization
from credentials.token_status_list import StatusListToken, StatusValues, read_reference
from credentials.verify import verify, verify_presentation
from tests.credentials import images
from tests.worlds import tokens
from tests.worlds.authorities import LEAF_KEY, certify, x5c
from tests.worlds.completions import NOW
from tests.worlds.ec_keys import EcKey
from tests.worlds.federations import Entity
from tests.worlds.issuers import Issuer, Key, to_bytes
from tests.worlds.memory_web import MemoryWeb
from tests.worlds.webvh import NOW as WEBVH_NOW
from tests.worlds.webvh import Controller


@dataclass(frozen=True, slots=True)
class Target:
    """A parser: `parse` returns something or raises a typed error; any other exception is a finding."""

    parse: Callable[[bytes], Any]
    seeds: Callable[[], Iterable[bytes]]

    def run(self, data: bytes) -> None:
        """One try of the fuzzer."""
        self.accepts(data)

    def accepts(self, data: bytes) -> bool:
        """Whether `data` is read to its end."""
        try:
            self.parse(data)
        except errors.PlauditError:
            return False
        return True


def text(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    """A parser of text, fed with whatever bytes are text."""
    return lambda data: parse(data.decode("utf-8", "replace"))


def json_object(parse: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], Any]:
    """A parser of JSON objects, behind the byte gate as everywhere."""
    return lambda data: parse(strict_json.loads_object(data))


WEB = MemoryWeb()
ISSUER = Issuer(WEB)


def _verify(data: bytes) -> None:
    """The whole verifier: it never raises; of its own breakdowns (`internal_error`) none is allowed here."""
    report = verify(data, fetcher=WEB, now=NOW)
    codes = [step.code for step in report.steps]
    if "internal_error" in codes:
        raise AssertionError(f"a step broke down: {report.to_json()}")


def _verify_presentation(data: bytes) -> None:
    report = verify_presentation(data, fetcher=WEB, now=NOW, challenge="c", domain="d")
    if "internal_error" in [step.code for step in report.steps]:
        raise AssertionError(f"a step broke down: {report.to_json()}")


def _signed() -> list[bytes]:
    return [to_bytes(ISSUER.issue(suite=suite)) for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022")]


def _tokens(*makers: Callable[[Any, Any], bytes]) -> Callable[[], list[bytes]]:
    return lambda: [make(ISSUER.unsigned(), ISSUER.key) for make in makers]


def _as_old_jwt(_document: Any, signer: Any) -> bytes:
    old = {
        "@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiableCredential"],
        "issuer": ISSUER.did, "credentialSubject": {"id": "did:example:student"},
    }  # fmt: skip
    return tokens.as_jwt_1_1(old, signer)


def _flattened() -> list[bytes]:
    """The flattened JSON serialization of an SD-JWT (RFC 9901, 8.1)."""
    token, *disclosures, _ = tokens.as_sd_jwt(ISSUER.unsigned(), ISSUER.key).decode().split("~")
    protected, payload, signature = token.split(".")
    header = {"disclosures": disclosures}
    parts = {"payload": payload, "protected": protected, "signature": signature, "header": header}
    return [to_bytes(parts)]


def _status_tokens() -> list[bytes]:
    token = StatusListToken("https://a.example/1", NOW, StatusValues(64, bits=2))
    signed = token_status_list.sign_jwt(token, ISSUER.key, kid="key-1")
    return [signed.encode(), token_status_list.sign_cwt(token, ISSUER.key, kid=b"key-1")]


def _open_status_token(data: bytes) -> None:
    """A list in either form; a signature that does not fit ends it, as it should."""
    if data[:1] == b"\xd2":
        token_status_list.open_cwt(cwt.parse(data, any_order=True), ISSUER.key.public)
    else:
        token_status_list.open_jwt(jws.parse(data), ISSUER.key.public)


def _configurations() -> list[bytes]:
    end = NOW + timedelta(days=1)
    return [linkage.write(ISSUER.did, "https://employer.example", ISSUER.key, start=NOW, end=end)]


def _examine_configuration(data: bytes) -> None:
    for entry in linkage.read(data):
        if linkage.claims_to_be_of(entry, ISSUER.did):
            linkage.check(verify(entry, fetcher=WEB, now=NOW), did=ISSUER.did, origin="https://employer.example")


def _entity_statements() -> list[bytes]:
    entity = Entity(WEB, "https://employer.example")
    return [entity.statement(entity).encode()]


LOOK_ALIKES = LookAlikes([KnownIssuer("PayPal Inc.", "paypal.com"), KnownIssuer("Université de Genève", "unige.ch")])


def _compare(lines: str) -> None:
    """A name, a DID and a home page, each on a line of its own."""
    name, did, page, *_ = [*lines.split("\n"), "", "", ""]
    LOOK_ALIKES.warnings(name, did, names.domain_of_page(page))


CONTROLLER = Controller().create().update()


def _read_log(data: bytes) -> None:
    read_history(data, CONTROLLER.did, now=WEBVH_NOW)


def _selective_proofs() -> list[bytes]:
    key, proof_key = EcKey("fuzz"), EcKey("fuzz-proof")
    made = ecdsa_sd.create_base_proof(
        ISSUER.unsigned(), signer=key, proof_key=proof_key, hmac_key=bytes(32), mandatory_pointers=["/issuer"],
        created=NOW,
    )  # fmt: skip
    return [made["proof"][-1]["proofValue"].encode()]


def _fragments() -> list[bytes]:
    claim = compact_claim.from_credential(ISSUER.unsigned(), signed_at=NOW)
    return [compact_claim.to_fragment(compact_claim.sign(claim, ISSUER.key, ISSUER.key.public)).encode()]


def _resolve_document(data: bytes) -> None:
    """A key document as somebody's server gives it, and every key in it."""
    web = MemoryWeb()
    web.put(ISSUER.did_url, data)
    resolved = DidResolver(web, now=NOW).resolve(ISSUER.did)
    methods_for(resolved, "assertionMethod")


TARGETS: dict[str, Target] = {
    "strict_json": Target(strict_json.loads_object, _signed),
    "multibase": Target(text(lambda it: multibase.decode(it, allowed="zu")), lambda: [b"z6Mk", b"uAQID"]),
    "varint": Target(multibase.split_varint, lambda: [b"\xed\x01rest"]),
    "timestamp": Target(text(timestamps.parse), lambda: [b"2026-03-01T12:00:00Z", b"2026-03-01T12:00:00.5+01:00"]),
    "nquads": Target(
        text(canonical.parse_nquads), lambda: [b'<a:b> <a:c> "x\\u0041"@en .\n_:b0 <a:c> "1"^^<a:d> <a:g> .\n']
    ),
    "jsonld": Target(json_object(jsonld.canonical_nquads), lambda: [to_bytes(ISSUER.unsigned())]),
    "multikey": Target(text(PublicKey.from_multikey), lambda: [Key("a").public.multikey.encode()]),
    "jwk": Target(
        json_object(PublicKey.from_jwk),
        lambda: [b'{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'],
    ),
    "status_list": Target(text(status_list.BitList.decode), lambda: [status_list.BitList().encode().encode()]),
    "status_entry": Target(
        json_object(status_list.parse_entry), lambda: [to_bytes(ISSUER.unsigned()["credentialStatus"])]
    ),
    "jws": Target(jws.parse, _tokens(tokens.as_jwt)),
    "vc_jwt": Target(vc_jwt.read_credential, _tokens(tokens.as_jwt)),
    "vc_jwt_1_1": Target(vc_jwt_1_1.read_credential_1_1, _tokens(_as_old_jwt)),
    "envelope": Target(json_object(enveloped.read), _tokens(tokens.as_enveloped_jwt)),
    "sd_jwt": Target(serialization.parse, _tokens(tokens.as_sd_jwt, tokens.as_sd_jwt_vc)),
    "sd_jwt_json": Target(serialization.parse_json, _flattened),
    "cbor": Target(cbor.loads, lambda: [b"\xa1\x01\x26", b"\x83\x01\x18\x64\x43abc"]),
    "cose_sign1": Target(sign1.parse, _tokens(tokens.as_cose)),
    "vc_cose": Target(vc_cose.read, _tokens(tokens.as_cose)),
    "cwt": Target(cwt.read, lambda: [cwt.Claims(issuer="https://issuer.example", issued_at=NOW).to_bytes()]),
    "status_list_token": Target(_open_status_token, _status_tokens),
    "status_reference": Target(
        json_object(read_reference), lambda: [b'{"status_list":{"idx":7,"uri":"https://a.example/1"}}']
    ),
    "baked_png": Target(baking.read_png, lambda: [baking.bake_png(images.png(), _signed()[0])]),
    "baked_svg": Target(baking.read_svg, lambda: [baking.bake_svg(images.svg(), _signed()[0])]),
    "x5c": Target(
        json_object(lambda it: read_x5c(it.get("x5c"))), lambda: [to_bytes({"x5c": x5c(certify("a", LEAF_KEY))})]
    ),
    "did_log": Target(_read_log, lambda: [CONTROLLER.log]),
    "selective_proof": Target(text(proof_value.decode_base), _selective_proofs),
    "compact_claim": Target(text(lambda it: compact_claim.parse(compact_claim.from_fragment(it))), _fragments),
    "did": Target(
        text(DidResolver(WEB, now=NOW).resolve), lambda: [b"did:web:employer.example", Key("a").controller.encode()]
    ),
    "did_configuration": Target(_examine_configuration, _configurations),
    "registry": Target(
        registry.read_registry, lambda: [b'{"registry":{"did:key:a":{"name":"A","url":"https://a.example"}}}']
    ),
    "registries": Target(registry.read_list, lambda: [b'[{"name":"A","url":"https://a.example/r.json"}]']),
    "entity_statement": Target(lambda data: federation.read(data, NOW), _entity_statements),
    "look_alike": Target(
        text(_compare), lambda: ["P\u0430ypal\ndid:web:xn--80ak6aa92e.com\nhttps://paypal.de".encode()]
    ),
    "did_document": Target(_resolve_document, lambda: [to_bytes(ISSUER.did_document())]),
    "verify": Target(_verify, lambda: [*_signed(), *_tokens(*tokens.ALL.values())()]),
    "verify_presentation": Target(
        _verify_presentation,
        lambda: [b'{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiablePresentation"}'],
    ),
}
