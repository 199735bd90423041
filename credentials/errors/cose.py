"""What can be wrong with CBOR, COSE_Sign1 and CBOR Web Tokens; what a JWS has too is in `errors.jose`."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused

_PARSING = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"


class MalformedCbor(BadData):
    """The bytes are not the plain form of CBOR read here (RFC 8949): no tags, no floats, no indefinite lengths."""

    code = "cbor_malformed"
    title = "Not well-formed CBOR"
    remedy = "Send one CBOR item made of integers, texts, byte strings, true, false, null, arrays and maps."
    problem_type = _PARSING
    status_hint = 400


class CborNotDeterministic(MalformedCbor):
    """The CBOR could have been written otherwise: a needlessly long number, or unsorted map keys (RFC 8949, 4.2.1)."""

    code = "cbor_not_deterministic"
    title = "Not in the one deterministic form of CBOR"
    remedy = "Write it with a deterministic encoder (RFC 8949, 4.2)."


class CborTooLarge(Refused):
    """The CBOR has more bytes, items or levels than anything that is read here."""

    code = "cbor_limit"
    title = "Too large for CBOR that is read here"
    remedy = "Send the signed message only."
    problem_type = _PARSING
    status_hint = 413


class MalformedCose(BadData):
    """Not a COSE_Sign1 message: other parts, a header of the wrong type or in both places (RFC 9052, 3 and 4.2)."""

    code = "cose_malformed"
    title = "Not a signed COSE message"
    remedy = "Send the whole COSE_Sign1 message as it was issued."
    problem_type = _PARSING
