"""What is fuzzed: each parser of the core that meets outside bytes, with seeds from which the fuzzer starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from credentials import canonical, errors, jsonld, multibase, status_list, strict_json, timestamps
from credentials.cose import cbor, sign1
from credentials.cose import vc as vc_cose
from credentials.did import DidResolver, methods_for
from credentials.jose import enveloped, jws, vc_jwt, vc_jwt_1_1
from credentials.multikey import PublicKey
from credentials.sd_jwt import serialization
from credentials.verify import verify, verify_presentation
from tests.worlds import tokens
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, to_bytes
from tests.worlds.memory_web import MemoryWeb


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


def _resolve_document(data: bytes) -> None:
    """A key document as somebody's server gives it, and every key in it."""
    web = MemoryWeb()
    web.put(ISSUER.did_url, data)
    resolved = DidResolver(web).resolve(ISSUER.did)
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
    "did": Target(
        text(DidResolver(WEB, now=NOW).resolve), lambda: [b"did:web:employer.example", Key("a").controller.encode()]
    ),
    "did_document": Target(_resolve_document, lambda: [to_bytes(ISSUER.did_document())]),
    "verify": Target(_verify, lambda: [*_signed(), *_tokens(*tokens.ALL.values())()]),
    "verify_presentation": Target(
        _verify_presentation,
        lambda: [b'{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiablePresentation"}'],
    ),
}
