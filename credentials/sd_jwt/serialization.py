"""Takes an SD-JWT apart, compact or JSON, and puts its disclosures in place; no key is needed and none is asked for.

Source: RFC 9901, 4 (the parts and their `~`), 8 (JSON serializations); RFC 7515, 7.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from credentials import errors, strict_json
from credentials.jose import jws
from credentials.jose.jws import Jws
from credentials.sd_jwt.processing import Processed, process

#: In characters, all parts together: what one JWT may have (`jws.MAX_TOKEN`); disclosures take from it.
MAX_CHARACTERS: Final = jws.MAX_TOKEN
#: The European identity credential, with decoys, has 30; each costs 3 µs to read.
MAX_DISCLOSURES: Final = 1_000
#: Signatures of a general JSON serialization: an issuer that moves from one key or algorithm to the next makes two.
MAX_SIGNATURES: Final = 8

_FLATTENED: Final = frozenset({"payload", "protected", "signature", "header"})
_GENERAL: Final = frozenset({"payload", "signatures"})


@dataclass(frozen=True, slots=True)
class SdJwt:
    """An SD-JWT whose form was checked, and nothing else: no signature, no time, no key binding.

    `issuer_signed` holds one JWS, more only where the general JSON serialization brought them; `presented` is what
    the holder's `sd_hash` covers: issuer-signed JWT and disclosures, each with its `~`.
    """

    issuer_signed: tuple[Jws, ...]
    payload: Mapping[str, Any]
    processed: Processed
    presented: bytes
    key_binding: Jws | None

    @property
    def header(self) -> Mapping[str, Any]:
        """The header of the (first) issuer-signed JWT."""
        return self.issuer_signed[0].header

    @property
    def kid(self) -> str | None:
        """The header's `kid`, which names a key of the issuer; None when there is none."""
        return self.issuer_signed[0].kid


def parse(text: str | bytes) -> SdJwt:
    """Take the compact SD-JWT `text` apart and put its disclosures in place (RFC 9901, 4 and 7.1, steps 3 to 5).

    Without key binding the text ends with `~`; what follows the last `~` is the key binding JWT. Raises
    `errors.TokenTooLarge`, `errors.TooManyDisclosures`, `errors.SdJwtMalformed`, and what `jws.parse`,
    `strict_json.loads_object` and `process` raise.
    """
    data = _ascii(text)
    tildes = data.count(b"~")
    if not tildes:
        raise errors.SdJwtMalformed("an SD-JWT has a ~ after the issuer-signed JWT and after each disclosure")
    _judge_count(tildes - 1)
    token, *sent, bound = data.split(b"~")
    presented = data[: len(data) - len(bound)]
    return _assemble((jws.parse(token),), sent, presented, jws.parse(bound) if bound else None)


def parse_json(data: bytes) -> SdJwt:
    """Take an SD-JWT in the flattened or the general JSON serialization apart (RFC 9901, 8).

    `disclosures` and `kb_jwt` stand in the (first) unprotected header; no other member of it is read.
    Raises what `parse` raises.
    """
    message = strict_json.loads_object(data, max_bytes=MAX_CHARACTERS)
    signatures = _signatures(message)
    compact = [f"{one['protected']}.{message['payload']}.{one['signature']}".encode() for one in signatures]
    header = signatures[0].get("header", {})
    sent = header.get("disclosures", [])
    if not isinstance(sent, list) or not _are_texts(sent):
        raise errors.SdJwtMalformed("the unprotected header's disclosures are not an array of texts")
    _judge_count(len(sent))
    bound = header.get("kb_jwt")
    if bound is not None and not _are_texts([bound]):
        raise errors.SdJwtMalformed("the unprotected header's kb_jwt is not a text")
    texts = [one.encode() for one in sent]
    presented = b"".join(part + b"~" for part in (compact[0], *texts))
    issuer_signed = tuple(jws.parse(one) for one in compact)
    if any(
        one.get("header", {}).keys() & token.header.keys() for one, token in zip(signatures, issuer_signed, strict=True)
    ):
        raise errors.SdJwtMalformed("a header member stands protected and unprotected (RFC 7515, 7.2.1)")
    return _assemble(issuer_signed, texts, presented, jws.parse(bound) if bound is not None else None)


def _assemble(
    issuer_signed: tuple[Jws, ...], sent: Sequence[bytes], presented: bytes, key_binding: Jws | None
) -> SdJwt:
    if b"" in sent:
        raise errors.SdJwtMalformed("a disclosure is empty")
    payload = strict_json.loads_object(issuer_signed[0].payload)
    return SdJwt(issuer_signed, payload, process(payload, sent), presented, key_binding)


def _judge_count(sent: int) -> None:
    if sent > MAX_DISCLOSURES:
        raise errors.TooManyDisclosures(f"{sent} disclosures; at most {MAX_DISCLOSURES} are read")


def _ascii(text: str | bytes) -> bytes:
    if len(text) > MAX_CHARACTERS:
        raise errors.TokenTooLarge(f"{len(text)} characters; at most {MAX_CHARACTERS} are read")
    try:
        return text.encode("ascii") if isinstance(text, str) else text
    except UnicodeEncodeError as error:
        raise errors.MalformedEncoding("the text holds characters that are not base64url") from error


def _signatures(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The signatures of either JSON serialization, each with `protected`, `signature` and perhaps `header`."""
    if message.keys() <= _FLATTENED:
        signatures: Any = [{name: item for name, item in message.items() if name != "payload"}]
    elif message.keys() == _GENERAL:
        signatures = message["signatures"]
    else:
        raise errors.SdJwtMalformed("neither the flattened nor the general JSON serialization")
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise errors.SdJwtMalformed(f"signatures is not an array of 1 to {MAX_SIGNATURES}")
    if not _are_texts([message.get("payload")]) or not all(_is_signature(one) for one in signatures):
        raise errors.SdJwtMalformed("payload, protected or signature is missing or not a text")
    if any({"disclosures", "kb_jwt"} & one.get("header", {}).keys() for one in signatures[1:]):
        raise errors.SdJwtMalformed("disclosures stand in another header than the first")
    return signatures


def _is_signature(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and one.keys() <= _FLATTENED - {"payload"}
        and _are_texts([one.get("protected"), one.get("signature")])
        and isinstance(one.get("header", {}), dict)
    )


def _are_texts(values: Sequence[Any]) -> bool:
    """Whether all are texts that can stand between two `~`: ASCII without one."""
    return all(isinstance(one, str) and one.isascii() and "~" not in one for one in values)
