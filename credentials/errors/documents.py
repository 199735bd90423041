"""What can be wrong with a document itself: its bytes, plain values, canonical form, JSON-LD."""

from __future__ import annotations

from credentials.errors.families import BadData, Refused

# --- the byte gate: strict_json ---------------------------------------------------------------------------------------


class InvalidJson(BadData):
    """The bytes are not the strict form of JSON that Plaudit reads (RFC 8259 within the limits of I-JSON, RFC 7493)."""

    code = "json_syntax"
    title = "Not well-formed JSON"
    remedy = "Send one JSON value in UTF-8, as a JSON writer makes it."
    problem_type = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
    status_hint = 400


class InvalidUtf8(InvalidJson):
    """The bytes are not UTF-8; UTF-16 and Latin-1 end here too."""

    code = "invalid_utf8"
    title = "Not UTF-8"
    remedy = "Save the text as UTF-8."


class ByteOrderMark(InvalidJson):
    """The text starts with a byte order mark, which RFC 8259 forbids."""

    code = "byte_order_mark"
    title = "The text starts with a byte order mark"
    remedy = "Save the text as UTF-8 without a byte order mark."


class DuplicateKey(InvalidJson):
    """An object names one member twice, also when one of the two is written with escapes."""

    code = "duplicate_key"
    title = "A member is named twice"
    remedy = "Keep one of the two: readers would disagree about which one counts."


class JsonDepth(InvalidJson):
    """Arrays and objects are nested deeper than any credential needs."""

    code = "json_depth"
    title = "Nested too deep"
    remedy = "Flatten the document."


class JsonTooLarge(InvalidJson):
    """There are more bytes than the gate lets in."""

    code = "json_too_large"
    title = "Too large"
    remedy = "Send a smaller document; put large things behind a link and give their digest."
    status_hint = 413


class NotANumber(InvalidJson):
    """NaN, Infinity or -Infinity, which JSON does not have."""

    code = "not_a_number"
    title = "Not a JSON number"
    remedy = "Leave the member out, or give a finite number."


class NumberOutOfRange(InvalidJson):
    """A number that readers would round differently: an integer beyond 2^53, or more than a double holds."""

    code = "number_out_of_range"
    title = "The number is too large to be read the same everywhere"
    remedy = "Write it as a string."


class LoneSurrogate(InvalidJson):
    r"""A `\ud800`-`\udfff` escape without its partner, which no UTF-8 text can hold."""

    code = "lone_surrogate"
    title = "Half a character"
    remedy = "Replace the broken character."


class NotAnObject(InvalidJson):
    """The JSON is well-formed, but an object was needed here."""

    code = "not_an_object"
    title = "Not a JSON object"
    remedy = "Send a JSON object: text that starts with { and ends with }."


# --- plain values: encodings, datetimes -------------------------------------------------------------------------------


class MalformedEncoding(BadData):
    """Text that is not the one encoding of its bytes: base58btc, base64url, multibase or varint."""

    code = "encoding"
    title = "Not encoded as the specification demands"
    remedy = "Encode the bytes again; padding, spaces, other alphabets and needless digits are not accepted."


class MalformedTimestamp(BadData):
    """Not an XML Schema dateTimeStamp: date, time, and a zone."""

    code = "timestamp"
    title = "Not a point in time"
    remedy = "Write it like 2026-03-01T12:00:00Z, with Z or an offset at the end."


# --- canonical forms --------------------------------------------------------------------------------------------------


class NotCanonicalizable(BadData):
    """The value has no canonical form in JCS (RFC 8785)."""

    code = "not_canonicalizable"
    title = "The document has no canonical form"
    remedy = "Use strings, finite numbers within 2^53, booleans, null, arrays and objects only."


class MalformedNQuads(BadData):
    """A line is not an N-Quads statement."""

    code = "nquads_syntax"
    title = "Not well-formed N-Quads"


class CanonicalizationLimit(Refused):
    """Telling the document's blank nodes apart would take more work than honest credentials need (RDFC-1.0, 7.1)."""

    code = "canonicalization_limit"
    title = "Too costly to check"
    remedy = "Give the nodes of the document ids, so that they can be told apart."
    problem_type = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    status_hint = 422


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


class DataLoss(BadData):
    """JSON-LD would silently drop or change this part: a signature would not cover it (Data Integrity 1.0, 2.4.2)."""

    code = "data_loss"
    title = "Part of the document would not be covered by the signature"
    remedy = "Remove the part, or add the context that defines it."
    problem_type = "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR"


class MalformedJsonLd(BadData):
    """The document breaks a rule of JSON-LD 1.1."""

    code = "jsonld_malformed"
    title = "Not well-formed JSON-LD"
    remedy = "Compare the document with the specification of its format."
    problem_type = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"


class MalformedContext(MalformedJsonLd):
    """`@context` is missing, empty, or not a list of context URLs."""

    code = "context_malformed"
    title = "@context is not a list of context URLs"
    remedy = "List the URLs of the contexts that the document uses, https://www.w3.org/ns/credentials/v2 first."


class ProtectedTerm(MalformedJsonLd):
    """A context redefines a term that an earlier one protects (JSON-LD 1.1, 4.1.11)."""

    code = "protected_term"
    title = "A context redefines a protected term"
    remedy = "Use each term as the first context defines it."


class ContextNotKnown(Refused):
    """`@context` names a URL whose content is not pinned here. Contexts are never fetched."""

    code = "context_not_known"
    title = "Unknown context"
    remedy = "Use only published contexts that this service knows."
    problem_type = "https://w3id.org/security#INVALID_PROOF_CONTEXT_ERROR"
    status_hint = 422


class InlineContextRefused(Refused):
    """A context is written into the document itself, which lets its author give known words other meanings."""

    code = "inline_context"
    title = "Contexts written into the document are not accepted"
    remedy = "Refer to a published context by its URL."
    problem_type = "https://w3id.org/security#INVALID_PROOF_CONTEXT_ERROR"
    status_hint = 422


class JsonLdLimit(Refused):
    """The document has more contexts, levels, nodes or statements than any honest credential needs."""

    code = "jsonld_limit"
    title = "The document is too large to check"
    remedy = "Split it into several credentials."
    status_hint = 413
