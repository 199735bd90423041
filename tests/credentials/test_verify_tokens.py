"""Credentials in signed envelopes, as the whole verifier judges them: JWT, SD-JWT, COSE, and both data models."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from credentials import cryptosuites, strict_json, vcdm
from credentials.jose import jws, vc_jwt
from credentials.multibase import decode_base64url, encode_base64url
from credentials.sd_jwt import holding, issuing, profiles
from credentials.verify import Outcome, Verdict
from tests.worlds import tokens
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, Key, judge, outcome, sign
from tests.worlds.memory_web import MemoryWeb

Secure = Callable[[Any, Any], bytes]
each_format = pytest.mark.parametrize("secure", tokens.ALL.values(), ids=tokens.ALL.keys())
each_of_vcdm = pytest.mark.parametrize("secure", tokens.OF_VCDM_2.values(), ids=tokens.OF_VCDM_2.keys())
V1 = vcdm.OLD_CONTEXT


def old_credential(issuer: Issuer) -> dict[str, Any]:
    """A credential of version 1.1 of the data model."""
    return {
        "@context": [V1, "https://w3id.org/security/data-integrity/v2"],
        "id": "https://employer.example/c/old",
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "issuanceDate": "2026-06-21T12:00:00Z",
        "credentialSubject": {"id": "did:example:student"},
    }


@each_format
def test_a_credential_is_valid_in_every_format(web: MemoryWeb, issuer: Issuer, secure: Secure) -> None:
    report = judge(secure(issuer.unsigned(), issuer.key), web)
    assert report.verdict is Verdict.VALID
    assert report.step("domain").outcome is Outcome.PASSED
    assert report.verified is not None
    assert report.verified.issuer_did == issuer.did
    assert report.verified.title == "Checkout accessibility audit"
    assert report.verified.role == "Accessibility intern"


@each_of_vcdm
def test_every_format_shows_the_same_as_the_credential_with_an_embedded_proof(
    web: MemoryWeb, issuer: Issuer, secure: Secure
) -> None:
    shown = judge(secure(issuer.unsigned(), issuer.key), web).verified
    embedded = judge(issuer.issue(), web).verified
    assert shown is not None
    assert embedded is not None
    assert shown.to_json() == embedded.to_json()


@pytest.mark.parametrize("algorithm", ["ES256", "ES384", "ES512"])
@each_format
def test_every_format_is_read_with_every_kind_of_key(
    web: MemoryWeb, issuer: Issuer, secure: Secure, algorithm: str
) -> None:
    key = EcKey("key-ec", algorithm, issuer.did)
    issuer.publish_did(
        verificationMethod=[issuer.key.method(), key.method()],
        assertionMethod=[issuer.key.verification_method, key.verification_method],
    )
    assert judge(secure(issuer.unsigned(), key), web).verdict is Verdict.VALID


@each_format
def test_a_key_that_the_issuer_does_not_publish_is_refused(web: MemoryWeb, issuer: Issuer, secure: Secure) -> None:
    report = judge(secure(issuer.unsigned(), Key("key-2", issuer.did)), web)
    assert outcome(report, "key") == ("failed", "verification_method_invalid")
    assert report.verdict is Verdict.INVALID


@pytest.mark.case("JOS-04", "DIP-03")
@each_format
def test_a_good_signature_by_somebody_else_is_an_issuer_mismatch(
    web: MemoryWeb, issuer: Issuer, secure: Secure
) -> None:
    report = judge(secure(issuer.unsigned(), Key("attacker")), web)
    assert report.step("signature").outcome is Outcome.PASSED
    assert outcome(report, "issuer") == ("failed", "issuer_mismatch")
    assert report.verified is None


@each_format
def test_a_key_with_the_same_name_and_other_bytes_does_not_fit(web: MemoryWeb, issuer: Issuer, secure: Secure) -> None:
    forged = Key("forged", issuer.did)
    forged.verification_method = issuer.key.verification_method
    report = judge(secure(issuer.unsigned(), forged), web)
    assert report.verdict is Verdict.ALTERED
    assert outcome(report, "signature") == ("failed", "signature_invalid")
    assert report.verified is None


@each_of_vcdm
def test_a_term_that_no_context_defines_is_refused(web: MemoryWeb, issuer: Issuer, secure: Secure) -> None:
    """Signed by the issuer itself, and all the same nobody can say what it means."""
    document = issuer.unsigned()
    document["credentialSubject"] = {**document["credentialSubject"], "grade": "A+"}
    report = judge(secure(document, issuer.key), web)
    assert outcome(report, "structure") == ("failed", "data_loss")
    assert report.step("structure").details["pointer"] == "/credentialSubject/grade"


@each_of_vcdm
@pytest.mark.parametrize(
    ("context", "code", "verdict"),
    [
        ("https://w3id.org/security/multikey/v1", "data_loss", Verdict.INVALID),
        ("https://stranger.example/v1", "context_not_known", Verdict.CANNOT_CHECK),
    ],
)
def test_a_swapped_context_is_refused(
    web: MemoryWeb, issuer: Issuer, secure: Secure, context: str, code: str, verdict: Verdict
) -> None:
    document = issuer.unsigned()
    document["@context"] = [document["@context"][0], context, *document["@context"][2:]]
    try:
        data = secure(document, issuer.key)
    except Exception:  # what reads contexts before it signs does not sign with an unknown one
        data = secure(issuer.unsigned(), issuer.key)
        data = _rewritten(data, document)
    report = judge(data, web)
    assert report.step("structure").code == code
    assert report.verdict is verdict


def _rewritten(data: bytes, document: dict[str, Any]) -> bytes:
    """The token with another payload under the old signature: its form is judged before its signature."""
    token = data
    if data.startswith(b"{"):
        envelope = strict_json.loads_object(data)
        inner = _rewritten(envelope["id"].partition(",")[2].encode(), document)
        return strict_json.dumps({**envelope, "id": f"data:application/vc+jwt,{inner.decode()}"})
    header, _, signature = token.split(b".")
    return b".".join([header, encode_base64url(strict_json.dumps(document)).encode(), signature])


@each_format
def test_one_changed_byte_anywhere_is_never_valid(web: MemoryWeb, issuer: Issuer, secure: Secure) -> None:
    data = secure(issuer.unsigned(), issuer.key)
    for position in range(0, len(data), 97):
        changed = bytearray(data)
        changed[position] ^= 1
        report = judge(bytes(changed), web)
        assert report.verdict is not Verdict.VALID, position
        assert report.verified is None


@each_of_vcdm
def test_withdrawal_is_seen_in_every_format(web: MemoryWeb, issuer: Issuer, secure: Secure) -> None:
    data = secure(issuer.unsigned(index=9), issuer.key)
    issuer.revoke(9)
    assert judge(data, web).verdict is Verdict.WITHDRAWN


@each_of_vcdm
def test_the_credential_s_own_end_counts_in_every_format(web: MemoryWeb, issuer: Issuer, secure: Secure) -> None:
    document = {**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"}
    report = judge(secure(document, issuer.key), web)
    assert outcome(report, "validity") == ("failed", "expired")
    assert report.step("signature").outcome is Outcome.PASSED


@pytest.mark.case("JOS-17")
def test_the_earliest_end_of_token_and_credential_counts(web: MemoryWeb, issuer: Issuer) -> None:
    document = {**issuer.unsigned(), "validUntil": "2027-01-01T00:00:00Z"}
    report = judge(tokens.as_jwt(document, issuer.key, expires=NOW - timedelta(hours=1)), web)
    assert outcome(report, "validity") == ("failed", "proof_expired")
    assert report.verdict is Verdict.EXPIRED
    assert report.step("signature").outcome is Outcome.PASSED
    assert judge(tokens.as_jwt(document, issuer.key, expires=NOW + timedelta(hours=1)), web).verdict is Verdict.VALID


@pytest.mark.case("JOS-17")
def test_a_token_that_is_not_in_force_yet_makes_its_credential_wait(web: MemoryWeb, issuer: Issuer) -> None:
    payload = {**issuer.unsigned(), "nbf": int((NOW + timedelta(days=1)).timestamp())}
    header = {"typ": "vc+jwt", "kid": issuer.key.verification_method}
    report = judge(jws.sign(header, strict_json.dumps(payload), issuer.key).encode(), web)
    assert outcome(report, "validity") == ("failed", "not_yet_valid")


def test_a_token_dated_in_the_future_is_refused(web: MemoryWeb, issuer: Issuer) -> None:
    token = vc_jwt.sign_credential(issuer.unsigned(), issuer.key, issued_at=NOW + timedelta(minutes=10))
    assert outcome(judge(token.encode(), web), "signature") == ("failed", "proof_created_in_future")


@pytest.mark.parametrize("name", ["whole", "fragment", "with the hash", "thumbprint", "none"])
def test_a_token_may_call_its_key_by_less_than_its_whole_id(web: MemoryWeb, issuer: Issuer, name: str) -> None:
    kid = {
        "whole": issuer.key.verification_method,
        "fragment": "key-1",
        "with the hash": "#key-1",
        "thumbprint": issuer.key.public.thumbprint(),
    }.get(name)
    header = {"typ": "vc+jwt", **({"kid": kid} if kid else {})}
    token = jws.sign(header, strict_json.dumps(issuer.unsigned()), issuer.key)
    assert judge(token.encode(), web).verdict is Verdict.VALID


@pytest.mark.case("JOS-06", "JOS-07")
@pytest.mark.parametrize("kid", ["../../../../dev/null", "file:///etc/passwd", "x' UNION SELECT 1 --", "a\0b", "key-2"])
def test_a_kid_that_names_no_key_of_the_issuer_is_unknown(web: MemoryWeb, issuer: Issuer, kid: str) -> None:
    token = jws.sign({"typ": "vc+jwt", "kid": kid}, strict_json.dumps(issuer.unsigned()), issuer.key)
    report = judge(token.encode(), web)
    assert outcome(report, "key") == ("failed", "kid_unknown")
    assert web.asked == [issuer.did_url]


def test_without_a_kid_two_keys_are_one_too_many(web: MemoryWeb, issuer: Issuer) -> None:
    other = Key("key-2", issuer.did)
    issuer.publish_did(
        verificationMethod=[issuer.key.method(), other.method()],
        assertionMethod=[issuer.key.verification_method, other.verification_method],
    )
    token = jws.sign({"typ": "vc+jwt"}, strict_json.dumps(issuer.unsigned()), issuer.key)
    assert outcome(judge(token.encode(), web), "key") == ("failed", "kid_unknown")


@pytest.mark.case("JOS-05")
def test_no_header_is_an_address_to_fetch_from(web: MemoryWeb, issuer: Issuer) -> None:
    elsewhere = {"jku": "https://attacker.example/jwks", "x5u": "https://attacker.example/cert", "x5c": ["AAAA"]}
    header = {"typ": "vc+jwt", "kid": issuer.key.verification_method, **elsewhere}
    judge(jws.sign(header, strict_json.dumps(issuer.unsigned()), issuer.key).encode(), web)
    assert not [url for url in web.asked if "attacker" in url]


@pytest.mark.case("JOS-01")
def test_an_unsigned_token_is_refused_before_any_look_up(web: MemoryWeb, issuer: Issuer) -> None:
    head, payload, _ = tokens.as_jwt(issuer.unsigned(), issuer.key).split(b".")
    header = {**strict_json.loads_object(decode_base64url(head)), "alg": "none"}
    token = b".".join([encode_base64url(strict_json.dumps(header)).encode(), payload, b""])
    report = judge(token, web)
    assert outcome(report, "structure") == ("failed", "alg_not_allowed")
    assert web.asked == []


@pytest.mark.case("JOS-16")
@pytest.mark.parametrize("typ", ["JWT", "at+jwt", "kb+jwt", "vp+jwt", "statuslist+jwt"])
def test_a_token_of_another_type_is_no_credential(web: MemoryWeb, issuer: Issuer, typ: str) -> None:
    token = jws.sign({"typ": typ}, strict_json.dumps(issuer.unsigned()), issuer.key)
    report = judge(token.encode(), web)
    assert report.verdict in (Verdict.INVALID, Verdict.NOT_A_CREDENTIAL)
    assert report.step("structure").outcome is Outcome.FAILED
    assert web.asked == []


@pytest.mark.case("JOS-13")
@pytest.mark.parametrize("token", [b"eyJhbGciOiJFZERTQSJ9.e30", b"eyJhbGciOiJFZERTQSJ9.e30.c2ln.c2ln"])
def test_a_token_with_parts_missing_or_to_spare_is_malformed(web: MemoryWeb, token: bytes) -> None:
    assert judge(token, web).step("structure").outcome is Outcome.FAILED


def test_an_envelope_holds_what_it_says(web: MemoryWeb, issuer: Issuer) -> None:
    token = tokens.as_sd_jwt(issuer.unsigned(), issuer.key).decode()
    envelope = {
        "@context": vcdm.CONTEXT,
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }
    assert outcome(judge(envelope, web), "structure") == ("failed", "typ")


def test_a_presentation_in_cose_is_not_a_credential(web: MemoryWeb, issuer: Issuer) -> None:
    presentation = {"@context": [vcdm.CONTEXT], "type": ["VerifiablePresentation"]}
    report = judge(tokens.as_cose(presentation, issuer.key), web)
    assert outcome(report, "structure") == ("not_checked", "format_not_supported")


# -- SD-JWT


def test_what_was_not_disclosed_is_not_shown(web: MemoryWeb, issuer: Issuer) -> None:
    text = tokens.as_sd_jwt(issuer.unsigned(), issuer.key).decode()
    hidden = holding.present(text, ["/credentialSubject/identifier"])
    report = judge(hidden.encode(), web)
    assert report.verdict is Verdict.VALID
    assert report.verified is not None
    assert report.verified.student_name == "Nguyễn Thị Hồng Ánh"
    assert report.verified.role is None
    (signature,) = report.step("signature").details["proofs"]
    assert signature["disclosed"] == ["/credentialSubject/identifier"]


def test_a_key_binding_that_nobody_asked_for_is_said_to_be_unchecked(web: MemoryWeb, issuer: Issuer) -> None:
    holder = Key("holder")
    text = issuing.issue(
        {"iss": issuer.did, "vct": "https://employer.example/vct"}, disclosable=[], signer=issuer.key,
        salts=tokens.salts(), profile=profiles.SD_JWT_VC, holder=holder.public,
        header={"kid": issuer.key.verification_method},
    )  # fmt: skip
    bound = holding.bind(text, audience="a", nonce="n", issued_at=SIGNED_AT, signer=holder)
    report = judge(bound.encode(), web)
    assert report.verdict is Verdict.VALID
    assert report.step("signature").details["proofs"][0]["keyBinding"] == "not_checked"


@pytest.mark.case("SDJ-04")
@pytest.mark.parametrize(
    ("claim", "moment", "code"),
    [("exp", NOW - timedelta(hours=1), "expired"), ("nbf", NOW + timedelta(hours=1), "not_yet_valid")],
)
def test_the_times_of_an_sd_jwt_vc_are_judged(
    web: MemoryWeb, issuer: Issuer, claim: str, moment: Any, code: str
) -> None:
    claims = {"iss": issuer.did, "vct": "https://employer.example/vct", claim: int(moment.timestamp())}
    text = issuing.issue(
        claims, disclosable=[], signer=issuer.key, salts=tokens.salts(), profile=profiles.SD_JWT_VC,
        header={"kid": issuer.key.verification_method},
    )  # fmt: skip
    assert outcome(judge(text.encode(), web), "validity") == ("failed", code)


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"vct": "https://employer.example/vct"}, "claim_malformed"),
        ({"vct": "https://employer.example/vct", "iss": "did:web:employer.example", "issuer": "did:web:b.example"},
         "issuer_mismatch"),
    ],
)  # fmt: skip
def test_an_sd_jwt_vc_names_one_issuer(web: MemoryWeb, issuer: Issuer, claims: dict[str, Any], code: str) -> None:
    text = issuing.issue(claims, disclosable=[], signer=issuer.key, salts=tokens.salts(), profile=profiles.SD_JWT_VC)
    assert outcome(judge(text.encode(), web), "structure") == ("failed", code)


# -- version 1.1 of the data model


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_credential_of_version_1_1_verifies(web: MemoryWeb, issuer: Issuer, suite: str) -> None:
    report = judge(issuer.issue(old_credential(issuer), suite=suite), web)
    assert report.verdict is Verdict.VALID
    assert report.step("structure").details["format"] == "vc"


def test_a_credential_of_version_1_1_with_the_suite_of_2020_verifies(web: MemoryWeb, issuer: Issuer) -> None:
    document = {**old_credential(issuer), "@context": [V1, "https://w3id.org/security/suites/ed25519-2020/v1"]}
    signed = issuer.issue(document, suite="Ed25519Signature2020")
    assert judge(signed, web).verdict is Verdict.VALID
    assert judge({**signed, "issuanceDate": "2026-06-21T12:00:01Z"}, web).verdict is Verdict.ALTERED


def test_a_token_of_version_1_1_verifies(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(tokens.as_jwt_1_1(old_credential(issuer), issuer.key), web)
    assert report.verdict is Verdict.VALID
    assert report.verified is not None
    assert report.verified.id == "https://employer.example/c/old"


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("expirationDate", "2026-06-30T00:00:00Z", "expired"),
        ("issuanceDate", "2026-08-01T00:00:00Z", "not_yet_valid"),
    ],
)
def test_the_dates_of_version_1_1_are_judged(
    web: MemoryWeb, issuer: Issuer, member: str, value: str, code: str
) -> None:
    signed = issuer.issue({**old_credential(issuer), member: value})
    assert outcome(judge(signed, web), "validity") == ("failed", code)


# -- cryptosuites


@pytest.mark.parametrize(
    ("suite", "algorithm"),
    [
        (name, algorithm)
        for name, suite in cryptosuites.HASHED.items()
        for algorithm in suite.hashes
        if not suite.legacy
    ],
)
def test_every_cryptosuite_is_verified_with_every_kind_of_key(
    web: MemoryWeb, issuer: Issuer, suite: str, algorithm: str
) -> None:
    key: Any = issuer.key if algorithm == "EdDSA" else EcKey("key-ec", algorithm, issuer.did)
    issuer.publish_did(
        verificationMethod=[issuer.key.method(), *([] if key is issuer.key else [key.method()])],
        assertionMethod=[issuer.key.verification_method, key.verification_method],
    )
    report = judge(sign(issuer.unsigned(), key, suite=suite), web)
    assert report.verdict is Verdict.VALID
    assert report.step("signature").details["proofs"][0]["cryptosuite"] == suite
