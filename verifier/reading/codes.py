"""What a QR code says, as the child sends it and as a person is told of it. It reads no picture and opens nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from credentials import strict_json
from verifier.reading import places
from verifier.reading.places import Place

#: What starts the text of a code that is neither an address nor a credential, and what such a code is for.
_KINDS = {
    "wifi:": "the key of a wireless network",
    "begin:vcard": "a contact card",
    "mecard:": "a contact card",
    "begin:vevent": "a calendar entry",
    "mailto:": "an e-mail address",
    "tel:": "a telephone number",
    "sms": "a text message",
    "geo:": "a place on the map",
    "otpauth:": "the secret of a login",
    "openid": "a request to a wallet",
    "did:": "an identifier",
}
#: Enough to recognise an address by; the rest of a long one says nothing more to a person.
_SHOWN = 200
_NOT_PLAIN = re.compile(r"[^!-~]")


@dataclass(frozen=True, slots=True)
class Code:
    """One QR code: its text, and where it stands (None in a picture without pages)."""

    text: str
    place: Place | None = None


def encode(codes: Sequence[Code]) -> bytes:
    """The codes as the child sends them: JSON, text that is no Unicode replaced."""
    return strict_json.dumps([{"text": _clean(code.text), "place": places.for_child(code.place)} for code in codes])


def decode(data: bytes) -> tuple[Code, ...]:
    """Read what `encode` wrote; raises a `BadData` for anything that is no strict JSON."""
    found: Any = strict_json.loads(data)
    return tuple(Code(item["text"], places.from_child(item["place"])) for item in found)


def shown(address: str) -> str:
    """An address as it may be shown: printable ASCII alone, so that nothing in it can turn or hide the text."""
    text = _NOT_PLAIN.sub("\N{REPLACEMENT CHARACTER}", address)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def kind(text: str) -> str:
    """Say what a code holds that is no address, without repeating it: it may be a secret."""
    start = text.lstrip().lower()
    return next((words for prefix, words in _KINDS.items() if start.startswith(prefix)), "text that is no link")


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
