"""How each form of credential is taken apart: windows, algorithms, and what is said of a form that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from credentials import data_integrity, errors, strict_json, vcdm
from credentials.jose import enveloped, jws
from credentials.presentation import build_presentation
from credentials.sd_jwt import issuing, profiles
from credentials.verify import Policy, Report, Verdict, forms
from credentials.verify.forms import KeyClaim, Window, embedded, presented
from tests.worlds import tokens
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.ec_keys import EcKey
from tests.worlds.issuers import Issuer, judge, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

KEY_ID = "did:web:employer.example#key-1"
DAY = timedelta(days=1)
VCT = "https://employer.example/vct"


def read(data: bytes) -> Any:
    return forms.read(data, Policy())


def details(report: Report) -> dict[str, Any]:
    return dict(report.step("structure").details)


def _seconds(moment: Any) -> int:
    return int(moment.timestamp())


def _sd_jwt(issuer: Issuer, claims: dict[str, Any], profile: Any = profiles.SD_JWT_VC, **header: Any) -> bytes:
    return issuing.issue(
        claims, disclosable=[], signer=issuer.key, salts=tokens.salts(), profile=profile,
        header={"kid": KEY_ID, **header},
    ).encode()  # fmt: skip


def _as_w3c_sd_jwt(document: Any, issuer: Issuer, **claims: Any) -> bytes:
    return _sd_jwt(issuer, {**document, **claims}, profiles.CREDENTIAL)


def _as_jwt(document: Any, issuer: Issuer, **claims: Any) -> bytes:
    payload = strict_json.dumps({**document, **claims})
    return jws.sign({"typ": "vc+jwt", "kid": KEY_ID}, payload, issuer.key).encode()


# -- windows


@pytest.mark.parametrize("write", [_as_jwt, _as_w3c_sd_jwt])
def test_a_token_holds_a_credential_s_own_time_and_its_signature_s(issuer: Issuer, write: Any) -> None:
    document = {**issuer.unsigned(), "validUntil": "2027-01-01T00:00:00Z"}
    claims = {"nbf": _seconds(NOW - DAY), "exp": _seconds(NOW + DAY), "iat": _seconds(SIGNED_AT)}
    found = read(write(document, issuer, **claims))
    own = embedded.own_window(document)
    assert (own.start, own.of_signature) == (SIGNED_AT, False)
    assert list(found.windows()) == [own, Window(NOW - DAY, NOW + DAY, of_signature=True)]
    (signature,) = found.signatures
    assert signature.claim() == KeyClaim(KEY_ID, SIGNED_AT)


def test_the_claims_of_an_sd_jwt_vc_are_its_own_time(issuer: Issuer) -> None:
    claims = {"iss": issuer.did, "vct": VCT, "nbf": _seconds(NOW - DAY), "exp": _seconds(NOW + DAY)}
    found = read(_sd_jwt(issuer, claims))
    assert list(found.windows()) == [Window(NOW - DAY, NOW + DAY), Window(None, None, of_signature=True)]
    assert found.signatures[0].claim() == KeyClaim(KEY_ID, None)


def test_a_cose_message_has_no_time_beside_the_credential_s(issuer: Issuer) -> None:
    found = read(tokens.as_cose(issuer.unsigned(), issuer.key))
    assert list(found.windows()) == [
        embedded.own_window(issuer.unsigned()),
        Window(None, None, of_signature=True),
    ]


def test_each_proof_s_end_is_a_window_of_its_own(issuer: Issuer) -> None:
    document = sign(issuer.issue(expires=NOW + DAY), issuer.key, expires=NOW + 2 * DAY)
    own, *others = read(to_bytes(sign(document, issuer.key))).windows()
    assert own == embedded.own_window(document)
    assert others == [Window(None, NOW + days * DAY, of_signature=True) for days in (1, 2)]


@pytest.mark.parametrize(
    ("claims", "step", "code"),
    [
        ({"exp": _seconds(NOW - DAY)}, "validity", "proof_expired"),
        ({"nbf": _seconds(NOW + DAY)}, "validity", "not_yet_valid"),
        ({"iat": _seconds(NOW + DAY)}, "signature", "proof_created_in_future"),
        ({"exp": _seconds(NOW + DAY), "nbf": _seconds(NOW - DAY), "iat": _seconds(NOW)}, "validity", None),
    ],
)
@pytest.mark.parametrize("write", [_as_jwt, _as_w3c_sd_jwt])
def test_the_times_of_a_w3c_token_are_judged(
    web: MemoryWeb, issuer: Issuer, write: Any, claims: dict[str, int], step: str, code: str | None
) -> None:
    report = judge(write(issuer.unsigned(), issuer, **claims), web)
    assert report.step(step).code == code
    assert (report.verdict is Verdict.VALID) is (code is None)


# -- kinds of token


def test_a_token_without_a_type_is_read_as_version_1_1(web: MemoryWeb, issuer: Issuer) -> None:
    document = {
        "@context": [vcdm.OLD_CONTEXT],
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "issuanceDate": "2026-06-21T12:00:00Z",
        "credentialSubject": {"id": "did:example:student"},
    }
    payload = strict_json.dumps({"iss": issuer.did, "nbf": _seconds(SIGNED_AT), "vc": document})
    for header in ({}, {"typ": "JWT"}, {"typ": "jwt"}, {"typ": "application/jwt"}):
        report = judge(jws.sign({"kid": KEY_ID, **header}, payload, issuer.key).encode(), web)
        assert report.verdict is Verdict.VALID, header
        assert details(report)["format"] == "vc+jwt (1.1)"


def test_what_is_read_as_an_sd_jwt_vc_is_told_by_type_and_claims_together(web: MemoryWeb, issuer: Issuer) -> None:
    """Older drafts called an SD-JWT VC what a W3C credential is called too: @context tells them apart."""
    claims = {"iss": issuer.did, "vct": VCT}
    assert (
        details(judge(_sd_jwt(issuer, claims, profiles.SD_JWT_VC_OLD, typ="vc+sd-jwt"), web))["format"] == "dc+sd-jwt"
    )
    with_context = _sd_jwt(issuer, {**claims, "@context": "https://employer.example/v1"})
    assert judge(with_context, web).verdict is Verdict.VALID
    assert details(judge(tokens.as_sd_jwt(issuer.unsigned(), issuer.key), web))["format"] == "vc+sd-jwt"


@pytest.mark.parametrize(
    ("claims", "code", "detail"),
    [
        ({"vct": VCT}, "claim_malformed", "iss, which names the issuer, is missing"),
        ({"vct": VCT, "iss": "did:web:employer.example", "issuer": "did:web:b.example"}, "issuer_mismatch",
         "iss and issuer name two issuers"),
    ],
)  # fmt: skip
def test_an_sd_jwt_vc_that_names_no_one_issuer_is_told_where(
    web: MemoryWeb, issuer: Issuer, claims: dict[str, Any], code: str, detail: str
) -> None:
    report = judge(_sd_jwt(issuer, claims), web)
    assert report.step("structure").code == code
    assert details(report) == {"detail": detail, "pointer": "/iss"}


def test_an_sd_jwt_vc_may_name_its_issuer_twice_alike(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(_sd_jwt(issuer, {"vct": VCT, "iss": issuer.did, "issuer": {"id": issuer.did}}), web)
    assert report.verdict is Verdict.VALID


# -- what is no credential


def test_a_presentation_in_cose_is_told_as_one(web: MemoryWeb, issuer: Issuer) -> None:
    presentation = {"@context": [vcdm.CONTEXT], "type": ["VerifiablePresentation"]}
    report = judge(tokens.as_cose(presentation, issuer.key), web)
    assert details(report) == {"detail": "this holds a credential instead of being one"}


@pytest.mark.parametrize("kind", ["VerifiablePresentation", "EnvelopedVerifiablePresentation"])
def test_a_presentation_in_json_is_told_as_one(web: MemoryWeb, kind: str) -> None:
    report = judge({"@context": [vcdm.CONTEXT], "type": [kind]}, web)
    assert (report.verdict, report.step("structure").code) == (Verdict.CANNOT_CHECK, "format_not_supported")
    assert details(report) == {"detail": "this is a presentation, which holds credentials instead of being one"}


@pytest.mark.parametrize(
    ("document", "verdict", "code"),
    [
        ({}, Verdict.NOT_A_CREDENTIAL, "not_a_credential"),
        ({"type": ["Person"]}, Verdict.NOT_A_CREDENTIAL, "not_a_credential"),
        ({"type": ["VerifiableCredential"]}, Verdict.INVALID, "credential_malformed"),
        ({"@context": []}, Verdict.INVALID, "credential_malformed"),
    ],
)
def test_json_is_a_credential_when_it_says_so_in_one_of_two_ways(
    web: MemoryWeb, document: Any, verdict: Verdict, code: str
) -> None:
    report = judge(document, web)
    assert (report.verdict, report.step("structure").code) == (verdict, code)
    if code == "not_a_credential":
        assert details(report) == {"detail": "it has neither @context nor the type VerifiableCredential"}


def test_an_envelope_of_another_kind_is_told_with_both(web: MemoryWeb, issuer: Issuer) -> None:
    token = tokens.as_sd_jwt(issuer.unsigned(), issuer.key).decode()
    envelope = {
        "@context": vcdm.CONTEXT,
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }
    assert details(judge(envelope, web)) == {"detail": "the envelope is for vc+jwt, in it is vc+sd-jwt"}


def test_json_in_an_envelope_is_no_token(web: MemoryWeb) -> None:
    document = enveloped.wrap("vc+cose", b'{"type":["VerifiableCredential"]}')
    assert judge(document, web).step("structure").code == "credential_malformed"


@pytest.mark.parametrize("ends", [(b"", b""), (b"\n", b"\r\n")])
@pytest.mark.parametrize("secure", [tokens.as_jwt, tokens.as_sd_jwt], ids=["jwt", "sd-jwt"])
def test_white_space_around_a_token_does_not_matter(
    web: MemoryWeb, issuer: Issuer, secure: Callable[..., bytes], ends: tuple[bytes, bytes]
) -> None:
    before, after = ends
    assert judge(before + secure(issuer.unsigned(), issuer.key) + after, web).verdict is Verdict.VALID


def test_a_caller_may_allow_more_bytes_than_usual(web: MemoryWeb, issuer: Issuer) -> None:
    data = to_bytes(issuer.issue())
    padded = data + b" " * (strict_json.MAX_BYTES + 1 - len(data))
    assert judge(padded, web).step("size").code == "json_too_large"
    assert judge(padded, web, policy=Policy(max_bytes=len(padded))).verdict is Verdict.VALID
    empty = to_bytes(build_presentation([]))
    padded = empty + b" " * (strict_json.MAX_BYTES + 1 - len(empty))
    with pytest.raises(errors.NothingPresented):
        presented.read(padded, Policy(max_bytes=len(padded)))


def test_an_assertion_of_open_badges_2_is_told_as_one(web: MemoryWeb, issuer: Issuer) -> None:
    """As JSON that is hosted, and signed as a token."""
    assertion = {
        "@context": "https://w3id.org/openbadges/v2",
        "id": "https://old.example/assertions/1",
        "type": "Assertion",
        "badge": "https://old.example/badges/1",
    }
    signed = jws.sign({}, strict_json.dumps(assertion), issuer.key).encode()
    for data, kind in ((to_bytes(assertion), "a hosted"), (signed, "a signed")):
        report = judge(data, web)
        assert (report.verdict, report.step("structure").code) == (Verdict.CANNOT_CHECK, "open_badges_2")
        assert details(report) == {"detail": f"{kind} Open Badges 2.0 assertion, https://old.example/assertions/1"}


# -- shapes


def test_the_first_breach_of_the_data_model_is_told_with_its_place(web: MemoryWeb, issuer: Issuer) -> None:
    document = issuer.issue()
    for changes, pointer in (({"validFrom": "soon"}, "/validFrom"), ({"issuer": 5}, "/issuer")):
        report = judge({**document, **changes}, web)
        (first, *_) = vcdm.check({**document, **changes})
        assert first.pointer == pointer
        assert report.step("structure").code == "credential_malformed"
        assert details(report) == {"detail": first.message, "pointer": pointer}


@pytest.mark.parametrize(
    ("context", "code", "detail"),
    [
        ({"x": "https://x.example/"}, "inline_context", "a context is written into the document"),
        ("https://stranger.example/" + "v" * 200, "context_not_known",
         f"https://stranger.example/{'v' * 175} is not known here"),
    ],
)  # fmt: skip
def test_a_context_that_is_not_pinned_is_told_with_its_place(
    web: MemoryWeb, issuer: Issuer, context: Any, code: str, detail: str
) -> None:
    document = issuer.issue()
    report = judge({**document, "@context": [*document["@context"], context]}, web)
    assert report.step("structure").code == code
    assert details(report) == {"detail": detail, "pointer": f"/@context/{len(document['@context'])}"}


@pytest.mark.parametrize(("value", "holder"), [("did:x:1", "did:x:1"), ({"id": "did:x:1"}, "did:x:1"), (None, None),
                                               ({}, None), (5, None), ({"id": 5}, None)])  # fmt: skip
def test_a_holder_is_a_text_or_an_object_with_an_id(value: Any, holder: str | None) -> None:
    assert vcdm.holder_id({"holder": value}) == holder


def test_a_credential_inside_is_verified_as_the_bytes_it_is(issuer: Issuer) -> None:
    alone = {**build_presentation([]), "verifiableCredential": issuer.issue()}
    assert presented.read(to_bytes(alone), Policy()).credentials == [to_bytes(issuer.issue())]


def test_a_credential_inside_a_presentation_of_version_1_1_may_be_a_token() -> None:
    document = {
        "@context": [vcdm.OLD_CONTEXT], "type": ["VerifiablePresentation"], "verifiableCredential": ["eyJ.e30.c2ln"],
    }  # fmt: skip
    assert presented.read(to_bytes(document), Policy()).credentials == [b"eyJ.e30.c2ln"]


def test_every_proof_must_answer_what_was_asked(issuer: Issuer) -> None:
    first = data_integrity.add_proof(
        build_presentation([]), signer=issuer.key, created=SIGNED_AT, challenge="c-1", domain="a.example"
    )
    both = data_integrity.add_proof(first, signer=issuer.key, created=SIGNED_AT, challenge="c-2", domain="b.example")
    found = presented.EmbeddedPresentation(both, None, (), ())
    presented.EmbeddedPresentation(first, None, (), ()).check_binding(challenge="c-1", domain="a.example")
    for challenge in ("c-1", "c-2"):
        with pytest.raises(errors.ChallengeMismatch):
            found.check_binding(challenge=challenge, domain=None)
    with pytest.raises(errors.DomainMismatch):
        found.check_binding(challenge=None, domain="a.example")


# -- mislabelled proofs


def test_a_proof_under_another_suite_s_name_is_told_as_mislabelled(web: MemoryWeb, issuer: Issuer) -> None:
    key = EcKey("key-ec", "ES256", issuer.did)
    issuer.publish_did(
        verificationMethod=[issuer.key.method(), key.method()],
        assertionMethod=[issuer.key.verification_method, key.verification_method],
    )
    cases: list[tuple[Any, str, str]] = [
        (issuer.key, "eddsa-jcs-2022", "eddsa-rdfc-2022"),
        (issuer.key, "eddsa-rdfc-2022", "eddsa-jcs-2022"),
        (key, "ecdsa-jcs-2019", "ecdsa-rdfc-2019"),
        (key, "ecdsa-rdfc-2019", "ecdsa-jcs-2019"),
    ]
    for signer, made, named in cases:
        document = sign(issuer.unsigned(), signer, suite=made)
        proof = {**document["proof"][0], "cryptosuite": named}
        report = judge({**document, "proof": [proof]}, web)
        assert report.verdict is Verdict.CANNOT_CHECK, (made, named)
        step = report.step("signature")
        assert step.code == "proof_unsupported"
        assert step.details["detail"] == "the proof is labelled as one cryptosuite and was made with another"
        assert step.details["pointer"] == "/proof/cryptosuite"
        altered = {**document, "awardedDate": "2026-06-17T00:00:00Z", "proof": [proof]}
        assert judge(altered, web).verdict is Verdict.ALTERED, (made, named)


def test_a_proof_of_the_older_kind_under_a_newer_name_is_told_as_mislabelled(web: MemoryWeb, issuer: Issuer) -> None:
    """The older kind has no member for a suite, so the name that was added is taken out again."""
    document = issuer.unsigned()
    contexts = [*document["@context"], "https://w3id.org/security/suites/ed25519-2020/v1"]
    signed = issuer.issue({**document, "@context": contexts}, suite="Ed25519Signature2020")
    proof = {**signed["proof"][0], "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
    report = judge({**signed, "proof": [proof]}, web)
    assert report.step("signature").code == "proof_unsupported"
