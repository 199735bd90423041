"""What is fuzzed: each parser of the core that meets outside bytes, with seeds from which the fuzzer starts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from credentials import canonical, errors, jsonld, multibase, status_list, strict_json, timestamps
from credentials.multikey import PublicKey
from credentials.verify import verify, verify_presentation
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
    "verify": Target(_verify, _signed),
    "verify_presentation": Target(
        _verify_presentation,
        lambda: [b'{"@context":["https://www.w3.org/ns/credentials/v2"],"type":"VerifiablePresentation"}'],
    ),
}
