"""vc+jwt and vp+jwt: the payload is the credential, the claims beside it agree with it, and the key is the issuer's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, strict_json
from credentials.jose import enveloped, jws, key_ids, vc_jwt
from tests.credentials.jose_tokens import ED25519, KEYS, P256, handmade, machine_watched
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Key

DID = "did:web:employer.example"
ISSUER = Key("key-1", DID)
CREDENTIAL: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "https://employer.example/c/1",
    "type": ["VerifiableCredential"],
    "issuer": {"id": DID, "name": "Employer Example"},
    "validFrom": "2026-06-21T12:00:00Z",
    "validUntil": "2027-06-21T12:00:00Z",
    "credentialSubject": {"id": "did:example:student", "name": "Ánh"},
}
HEADER = {"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": ISSUER.verification_method}
TOKEN = vc_jwt.sign_credential(CREDENTIAL, ISSUER)
PRESENTATION: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": ED25519.controller,
    "verifiableCredential": [enveloped.wrap("vc+jwt", TOKEN.encode())],
}


def refusal(read: Callable[[str], object], token: str) -> errors.PlauditError:
    with pytest.raises(errors.PlauditError) as caught:
        read(token)
    return caught.value


def with_claims(header: Any = None, /, **claims: Any) -> str:
    """The credential with these claims (or other members) in its payload, and these members in the header."""
    return handmade({**HEADER, **(header or {})}, {**CREDENTIAL, **claims}, ISSUER)


@pytest.mark.parametrize("signer", KEYS.values(), ids=KEYS.keys())
def test_what_is_signed_is_read(signer: Any) -> None:
    """The payload is the credential itself; the header names type, content, key and issuer."""
    token = vc_jwt.sign_credential(CREDENTIAL, signer)
    secured = vc_jwt.read_credential(token)
    secured.check_signature(signer.public)
    assert secured.document == CREDENTIAL == strict_json.loads(secured.jws.payload)
    assert (secured.kid, secured.claims.iss) == (signer.verification_method, DID)
    assert secured.jws.header == {
        "alg": signer.algorithm, "typ": "vc+jwt", "cty": "vc", "kid": signer.verification_method, "iss": DID,
    }  # fmt: skip
    another = Key("another") if signer is ED25519 else EcKey("another", signer.algorithm)
    with pytest.raises(errors.SignatureInvalid):
        vc_jwt.read_credential(token).check_signature(another.public)


def test_claims_stand_beside_the_credential() -> None:
    """iat and exp are about the signature; the document is handed on without them."""
    token = vc_jwt.sign_credential(
        CREDENTIAL, ISSUER, kid="#key-1", issued_at=SIGNED_AT, expires=SIGNED_AT + timedelta(days=30, milliseconds=9)
    )
    secured = vc_jwt.read_credential(token)
    assert secured.kid == "#key-1"
    assert secured.document == CREDENTIAL
    assert (secured.claims.issued_at, secured.claims.expires) == (SIGNED_AT, SIGNED_AT + timedelta(days=30))
    assert secured.claims.not_before is None
    with pytest.raises(errors.MalformedTimestamp):
        vc_jwt.sign_credential(CREDENTIAL, ISSUER, expires=datetime(2030, 1, 1))


@pytest.mark.case("JOS-11")
@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 255))
def test_one_byte_changed_anywhere_is_refused(place: int, byte: int) -> None:
    changed = bytearray(TOKEN.encode())
    changed[place] = byte
    good = bytes(changed) == TOKEN.encode()
    try:
        vc_jwt.read_credential(bytes(changed)).check_signature(ISSUER.public)
    except errors.PlauditError:
        assert not good
    else:
        assert good


@pytest.mark.case("JOS-14")
@pytest.mark.parametrize("claim", ["vc", "vp"])
@pytest.mark.parametrize("value", [{}, {"type": ["VerifiableCredential"]}, None, "x"])
def test_the_older_shape_is_not_mixed_in(claim: str, value: Any) -> None:
    """The claims of VCDM 1.1's encoding, whatever is in them; reading and signing."""
    error = refusal(vc_jwt.read_credential, with_claims(**{claim: value}))
    assert (error.code, error.pointer) == ("unexpected_claim", f"/{claim}")
    with pytest.raises(errors.UnexpectedClaim):
        vc_jwt.sign_credential({**CREDENTIAL, claim: value}, ISSUER)


@pytest.mark.case("JOS-14")
@pytest.mark.parametrize("context", ["https://www.w3.org/2018/credentials/v1", None, [], [{}], 5])
def test_the_older_data_model_is_not_secured_so(context: Any) -> None:
    assert refusal(vc_jwt.read_credential, with_claims(**{"@context": context})).code == "credential_malformed"


def test_only_a_credential_is_a_credential() -> None:
    kind: Any
    for kind in ("VerifiablePresentation", [], None, 5):
        assert refusal(vc_jwt.read_credential, with_claims(type=kind)).code == "not_a_credential"
    assert refusal(vc_jwt.read_credential, handmade(HEADER, b"[]", ISSUER)).code == "not_an_object"
    assert refusal(vc_jwt.read_credential, handmade(HEADER, b"", ISSUER)).code == "json_syntax"
    assert refusal(vc_jwt.read_credential, handmade(HEADER, b'{"a":1,"\\u0061":2}', ISSUER)).code == "duplicate_key"


@pytest.mark.case("JOS-15")
@pytest.mark.parametrize(
    "token",
    [
        with_claims(iss="did:web:other.example"),
        with_claims({"iss": "did:web:other.example"}),
        with_claims({"iss": "did:web:other.example"}, iss=DID),
        with_claims({"iss": DID}, iss="did:web:other.example"),
        with_claims(iss=DID + "#key-1"),
        with_claims(iss="did:web:EMPLOYER.example"),
        with_claims(iss=DID, issuer="did:web:other.example"),
        with_claims(iss=DID, issuer={"name": "no id"}),
        with_claims(iss=DID, issuer=None),
    ],
)
def test_iss_is_the_issuer(token: str) -> None:
    """In the header, in the claims, or in both."""
    assert refusal(vc_jwt.read_credential, token).code == "issuer_mismatch"


def test_claims_that_agree_are_welcome() -> None:
    """The same id twice is no contradiction; and a member that is missing contradicts nothing."""
    subjects = [{"id": "did:example:a"}, {"name": "no id"}]
    for token in (
        with_claims(
            {"iss": DID, "sub": "did:example:student"}, iss=DID, jti=CREDENTIAL["id"], sub="did:example:student"
        ),
        with_claims(iss=DID, issuer=DID),
        with_claims(credentialSubject=subjects, sub="did:example:a"),
        with_claims(credentialSubject={"name": "no id"}, sub="did:example:b"),
        with_claims(somethingElse={"of": "another specification"}),
    ):
        vc_jwt.read_credential(token).check_signature(ISSUER.public)
    without_id = {name: value for name, value in CREDENTIAL.items() if name != "id"}
    assert vc_jwt.read_credential(handmade(HEADER, {**without_id, "jti": "urn:x"}, ISSUER)).claims.jti == "urn:x"


@pytest.mark.parametrize(
    ("token", "pointer"),
    [
        (with_claims(jti="https://employer.example/c/2"), "/jti"),
        (with_claims(sub="did:example:other"), "/sub"),
        (with_claims(sub="did:example:b", credentialSubject=[{"id": "did:example:a"}, {"id": 5}]), "/sub"),
        (with_claims({"sub": "did:example:other"}), "/sub"),
        (with_claims({"aud": "a"}, aud="b"), "/aud"),
        (with_claims({"sub": "a"}, sub="b"), "/sub"),
    ],
)
def test_claims_that_contradict_are_refused(token: str, pointer: str) -> None:
    error = refusal(vc_jwt.read_credential, token)
    assert (error.code, error.pointer) == ("claim_mismatch", pointer)


@pytest.mark.case("JOS-17")
@pytest.mark.parametrize("name", ["exp", "nbf"])
def test_times_of_the_signature_are_exposed_and_strict(name: str) -> None:
    """Past or future, they are read and the signature still fits: when it ends is for whoever has a clock."""
    for moment in (NOW - timedelta(days=3650), NOW, NOW + timedelta(days=3650)):
        secured = vc_jwt.read_credential(with_claims(**{name: int(moment.timestamp())}))
        secured.check_signature(ISSUER.public)
        assert (secured.claims.expires if name == "exp" else secured.claims.not_before) == moment
        assert (secured.claims.not_before if name == "exp" else secured.claims.expires) is None
    half = vc_jwt.read_credential(with_claims(**{name: 1.5})).claims
    assert (half.expires or half.not_before) == datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
    wrong: Any
    for wrong in ("1781000000", "2026-01-01T00:00:00Z", None, True, [], -1, 253_402_300_800, 1e300, {}):
        error = refusal(vc_jwt.read_credential, with_claims(**{name: wrong}))
        assert (error.code, error.pointer) == ("claim_malformed", f"/{name}")


@pytest.mark.case("JOS-17")
def test_the_earliest_end_can_be_taken() -> None:
    """An exp before validUntil, and one after it."""
    until = datetime(2027, 6, 21, 12, tzinfo=UTC)
    for end in (until - timedelta(days=1), until + timedelta(days=1)):
        secured = vc_jwt.read_credential(with_claims(exp=int(end.timestamp())))
        assert secured.document["validUntil"] == "2027-06-21T12:00:00Z"
        assert secured.claims.expires == end


def test_iat_may_be_written_as_the_w3c_writes_it() -> None:
    """A NumericDate or a dateTimeStamp; nothing is decided by it."""
    assert vc_jwt.read_credential(with_claims(iat="2026-06-21T12:00:00Z")).claims.issued_at == SIGNED_AT
    assert vc_jwt.read_credential(with_claims(iat=int(SIGNED_AT.timestamp()))).claims.issued_at == SIGNED_AT
    wrong: Any
    for wrong in ("yesterday", "2026-06-21T12:00:00", None, True, []):
        assert refusal(vc_jwt.read_credential, with_claims(iat=wrong)).pointer == "/iat"


@pytest.mark.parametrize("name", ["iss", "sub", "jti", "nonce", "aud"])
@pytest.mark.parametrize("value", [5, None, "", [5], {}, [""], True])
def test_texts_are_texts(name: str, value: Any) -> None:
    assert refusal(vc_jwt.read_credential, with_claims(**{name: value})).code in ("claim_malformed", "issuer_mismatch")


@pytest.mark.case("JOS-16")
@pytest.mark.parametrize(
    "header",
    [{"typ": "JWT"}, {"typ": "at+jwt"}, {"typ": "kb+jwt"}, {"typ": "vp+jwt"}, {"typ": None}, {"cty": "vp"}, {"cty": 5}],
)
def test_tokens_for_something_else_are_refused(header: Mapping[str, Any]) -> None:
    assert refusal(vc_jwt.read_credential, with_claims(header)).code == "typ"


def test_cty_may_be_missing_or_written_out() -> None:
    short = {name: value for name, value in HEADER.items() if name != "cty"}
    for header in (short, {**HEADER, "cty": "application/VC"}):
        vc_jwt.read_credential(handmade(header, CREDENTIAL, ISSUER)).check_signature(ISSUER.public)


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf"])
def test_no_member_of_what_is_signed_may_be_called_like_a_claim(name: str) -> None:
    with pytest.raises(errors.UnexpectedClaim):
        vc_jwt.sign_credential({**CREDENTIAL, name: "x"}, ISSUER)


def test_members_without_a_meaning_are_not_signed() -> None:
    """A context defines each by name: at the top, by type, or written into the document; else nothing is signed."""
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    for change, code in (
        ({"surprise": 1}, "member_undefined"),
        ({"surprise": 1, "@context": [*CREDENTIAL["@context"], examples]}, "member_undefined"),
        ({"@context": [*CREDENTIAL["@context"], "https://unknown.example/v1"]}, "context_not_known"),
        ({"@context": [*CREDENTIAL["@context"], {"other": "https://x.example/"}], "surprise": 1}, "member_undefined"),
        ({"@context": [*CREDENTIAL["@context"], 5], "surprise": 1}, "member_undefined"),
        ({"type": "Person"}, "not_a_credential"),
        ({"@context": [examples]}, "credential_malformed"),
    ):
        with pytest.raises(errors.PlauditError) as caught:
            vc_jwt.sign_credential({**CREDENTIAL, **change}, ISSUER)
        assert caught.value.code == code
    own_type = {"OwnCredential": {"@id": "https://x.example/OwnCredential"}, "surprise": "https://x.example/"}
    typed = {"type": ["VerifiableCredential", "OwnCredential"], "@context": [*CREDENTIAL["@context"], own_type]}
    vc_jwt.sign_credential({**CREDENTIAL, **typed, "surprise": 1}, ISSUER)
    inline = {**CREDENTIAL, "@context": [*CREDENTIAL["@context"], {"surprise": "https://x.example/"}], "surprise": 1}
    assert vc_jwt.read_credential(vc_jwt.sign_credential(inline, ISSUER)).document == inline


def test_presentations_carry_envelopes() -> None:
    """For an audience and with a nonce where they were asked for; the credentials are handed on unopened."""
    token = vc_jwt.sign_presentation(
        PRESENTATION, ED25519, audience="https://verifier.example", nonce="n-1", issued_at=SIGNED_AT, expires=NOW
    )
    secured = vc_jwt.read_presentation(token)
    secured.check_signature(ED25519.public)
    assert secured.document == PRESENTATION
    assert (secured.claims.audience, secured.claims.nonce) == (("https://verifier.example",), "n-1")
    assert (secured.claims.issued_at, secured.claims.expires) == (SIGNED_AT, NOW)
    assert [(envelope.media_type, envelope.content) for envelope in secured.envelopes] == [("vc+jwt", TOKEN.encode())]
    vc_jwt.read_credential(secured.envelopes[0].content).check_signature(ISSUER.public)
    anonymous = {name: value for name, value in PRESENTATION.items() if name != "holder"}
    assert vc_jwt.read_presentation(vc_jwt.sign_presentation(anonymous, ED25519)).claims.iss is None


@pytest.mark.parametrize(
    ("header", "change", "code"),
    [
        ({}, {"iss": "did:web:other.example"}, "issuer_mismatch"),
        ({"iss": "did:web:other.example"}, {"holder": {"id": ED25519.controller}}, "issuer_mismatch"),
        ({}, {"vp": {}}, "unexpected_claim"),
        ({}, {"jti": "urn:a", "id": "urn:b"}, "claim_mismatch"),
        ({"typ": "vc+jwt"}, {}, "typ"),
        ({"cty": "vc"}, {}, "typ"),
        ({}, {"type": "VerifiableCredential"}, "not_a_credential"),
        ({}, {"verifiableCredential": [CREDENTIAL]}, "envelope_malformed"),
        ({}, {"verifiableCredential": TOKEN}, "envelope_malformed"),
        ({}, {"verifiableCredential": [enveloped.wrap("vp+jwt", b"a.b.c")]}, "envelope_malformed"),
    ],
)
def test_presentations_that_deceive_are_refused(header: Any, change: Any, code: str) -> None:
    head = {"alg": "EdDSA", "typ": "vp+jwt", "cty": "vp", **header}
    assert refusal(vc_jwt.read_presentation, handmade(head, {**PRESENTATION, **change}, ED25519)).code == code


def test_a_presenter_without_holder_may_say_who_signs() -> None:
    """iss names the signer; without a holder there is nothing that it contradicts."""
    anonymous = {name: value for name, value in PRESENTATION.items() if name != "holder"}
    token = handmade({"alg": "EdDSA", "typ": "vp+jwt"}, {**anonymous, "iss": "did:example:x"}, ED25519)
    assert vc_jwt.read_presentation(token).claims.iss == "did:example:x"


# --- which key --------------------------------------------------------------------------------------------------------


OWN_KEYS = {ISSUER.verification_method: ISSUER.public, f"{DID}#ec": P256.public}


@pytest.mark.parametrize(
    ("kid", "method"),
    [
        (f"{DID}#key-1", f"{DID}#key-1"),
        ("key-1", f"{DID}#key-1"),
        ("#ec", f"{DID}#ec"),
        (ISSUER.public.thumbprint(), f"{DID}#key-1"),
        (P256.public.thumbprint(), f"{DID}#ec"),
    ],
)
def test_kid_names_a_key_of_the_issuer(kid: str, method: str) -> None:
    """By its id, its fragment, or its thumbprint."""
    assert key_ids.find(kid, OWN_KEYS) == method


@pytest.mark.case("JOS-06", "JOS-07")
@pytest.mark.parametrize(
    "kid",
    [
        "../../../../dev/null", "/dev/null", "file:///etc/passwd", "/proc/self/environ", "~/.ssh/id_ed25519",
        "x' UNION SELECT raw FROM keys --", "1 OR 1=1", "key-1\0", "\0", "key-1 ", "KEY-1", "", "#", f"{DID}#",
        "did:web:other.example#key-1", f"{DID}?versionId=1#key-1", "k" * jws.MAX_KID, "https://127.0.0.1/key", "*", "%",
    ],
)  # fmt: skip
def test_a_kid_that_is_no_key_of_the_issuer_is_unknown(kid: str) -> None:
    """It is compared with names and with nothing else: no file is opened and no connection made."""
    with machine_watched() as seen:
        secured = vc_jwt.read_credential(handmade({**HEADER, "kid": kid}, CREDENTIAL, ISSUER))
        with pytest.raises(errors.KeyIdUnknown) as caught:
            key_ids.find(secured.kid, OWN_KEYS)
    assert seen == []
    assert caught.value.code == "kid_unknown"


def test_without_kid_there_is_just_one_key() -> None:
    with pytest.raises(errors.KeyIdUnknown):
        key_ids.find(None, OWN_KEYS)
    with pytest.raises(errors.KeyIdUnknown):
        key_ids.find(None, {})
    assert key_ids.find(None, {f"{DID}#ec": P256.public}) == f"{DID}#ec"
    ambiguous = {f"{DID}#a": P256.public, f"{DID}#b": P256.public}
    with pytest.raises(errors.KeyIdUnknown):
        key_ids.find(P256.public.thumbprint(), ambiguous)


@pytest.mark.case("JOS-04")
def test_a_key_in_the_header_does_not_become_the_issuers() -> None:
    """Signed with the key that it brings, in the name of a real issuer: by kid and by thumbprint."""
    attacker = Key("attacker")
    for kid in (attacker.public.thumbprint(), attacker.verification_method):
        forged = handmade({**HEADER, "jwk": attacker.public.to_jwk(), "kid": kid, "iss": DID}, CREDENTIAL, attacker)
        with pytest.raises(errors.KeyIdUnknown):
            key_ids.find(vc_jwt.read_credential(forged).kid, OWN_KEYS)
    forged = handmade({**HEADER, "jwk": attacker.public.to_jwk()}, CREDENTIAL, attacker)
    secured = vc_jwt.read_credential(forged)
    with pytest.raises(errors.SignatureInvalid):
        secured.check_signature(OWN_KEYS[key_ids.find(secured.kid, OWN_KEYS)])
