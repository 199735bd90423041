"""What the report on a presentation says in full, and the exact limits of what is read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials import strict_json
from credentials.presentation import build_presentation, sign_presentation
from credentials.verify import Binding, Outcome, Policy, PresentationReport, Report, Step, Verdict, verify_presentation
from credentials.verify.report import ERROR_PAGES
from tests.worlds import tokens
from tests.worlds.completions import NOW, SIGNED_AT
from tests.worlds.issuers import Issuer, Key, sign, to_bytes
from tests.worlds.memory_web import MemoryWeb

HOLDER = Key("holder")
ASKED: dict[str, Any] = {"challenge": "c-1", "domain": "recruiter.example"}
UNSIGNED: Any = ("not_applicable", None, "It is not signed: nothing shows who presents it.", "", {})
NOT_REACHED: Any = ("not_checked", "not_reached", "Not done, because an earlier check did not pass.", "", {})
STEPS = {
    "size": "Size",
    "structure": "Form",
    "key": "Key",
    "signature": "Signature",
    "validity": "Validity",
    "challenge": "Challenge",
    "domain": "Domain",
    "holder": "Holder",
}


def about(issuer: Issuer, did: Any = HOLDER.controller) -> dict[str, Any]:
    """A credential about the person with this DID."""
    unsigned = issuer.unsigned()
    return dict(issuer.issue({**unsigned, "credentialSubject": {**unsigned["credentialSubject"], "id": did}}))


def present(*credentials: dict[str, Any], holder: Key = HOLDER, named: str | None = HOLDER.controller) -> Any:
    unsigned = build_presentation(credentials, holder=named)
    return sign_presentation(unsigned, signer=holder, created=SIGNED_AT, **ASKED)


def judge(presentation: Any, web: MemoryWeb, **options: Any) -> PresentationReport:
    data = presentation if isinstance(presentation, bytes) else to_bytes(presentation)
    return verify_presentation(data, fetcher=web, now=NOW, **{**ASKED, **options})


def told(report: PresentationReport, name: str) -> tuple[str, str | None, str, str, dict[str, Any]]:
    """Outcome, code, sentence, remedy and details of one step."""
    step = report.step(name)
    return step.outcome.value, step.code, step.sentence, step.remedy, dict(step.details)


def test_a_good_presentation_s_report_in_full(web: MemoryWeb, issuer: Issuer) -> None:
    data = to_bytes(present(about(issuer)))
    report = judge(data, web)
    said: dict[str, tuple[str, dict[str, Any]]] = {
        "size": ("It is small enough to be a credential.", {"bytes": len(data)}),
        "structure": ("It is a well-formed presentation.", {"format": "vp", "credentials": 1}),
        "key": ("The holder's key was found, and it may be used for this.", {"keys": [HOLDER.verification_method]}),
        "signature": ("Nothing was changed since the holder signed it.", {}),
        "validity": ("Its signature has not expired.", {}),
        "challenge": ("It answers the challenge that was given.", {}),
        "domain": ("It was made for the one who asks.", {"domain": "recruiter.example"}),
        "holder": ("The key belongs to the holder.", {"holder": HOLDER.controller, "bindings": ["holder"]}),
    }
    checks = [
        {"number": number, "id": name, "title": STEPS[name], "outcome": "passed", "code": None, "type": None,
         "sentence": sentence, "remedy": "", "details": details}
        for number, (name, (sentence, details)) in enumerate(said.items(), 1)
    ]  # fmt: skip
    (inside,) = report.credentials
    assert report.to_json() == {
        "verdict": "valid",
        "word": "Valid",
        "checkedAt": "2026-07-01T12:00:00Z",
        "holder": HOLDER.controller,
        "checks": checks,
        "credentials": [{**inside.to_json(), "binding": "holder"}],
    }


def test_an_unsigned_presentation_s_report_says_what_that_means(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = build_presentation([about(issuer)], holder=HOLDER.controller)
    report = verify_presentation(to_bytes(unsigned), fetcher=web, now=NOW)
    assert [told(report, name) for name in ("key", "signature", "validity", "holder")] == [UNSIGNED] * 4
    assert told(report, "challenge") == ("not_applicable", None, "No challenge was asked of it.", "", {})
    assert told(report, "domain") == ("not_applicable", None, "It was not asked for a domain.", "", {})
    asked = judge(unsigned, web)
    assert asked.step("challenge").details == {"detail": "an unsigned presentation answers no challenge"}
    assert asked.step("domain").details == {"detail": "an unsigned presentation is for nobody in particular"}
    assert asked.holder is None


@pytest.mark.parametrize(
    "asked", [{"challenge": "c-1", "domain": None}, {"challenge": None, "domain": ASKED["domain"]}]
)
def test_only_what_was_asked_is_judged(web: MemoryWeb, issuer: Issuer, asked: dict[str, Any]) -> None:
    report = judge(present(about(issuer)), web, **asked)
    assert report.verdict is Verdict.VALID
    outcomes = {name: report.step(name).outcome for name in ("challenge", "domain")}
    assert outcomes == {
        name: Outcome.NOT_APPLICABLE if value is None else Outcome.PASSED for name, value in asked.items()
    }


def test_each_answer_is_judged_in_its_own_step(web: MemoryWeb, issuer: Issuer) -> None:
    presented = present(about(issuer))
    other = judge(presented, web, challenge="c-2")
    assert other.step("challenge").details == {
        "detail": "the proof does not answer the challenge that was given", "pointer": "/proof",
    }  # fmt: skip
    assert other.step("domain").outcome is other.step("holder").outcome is Outcome.PASSED
    other = judge(presented, web, domain="other.example")
    assert other.step("domain").details == {
        "detail": "the proof was not made for other.example", "pointer": "/proof",
    }  # fmt: skip
    assert other.step("challenge").outcome is other.step("holder").outcome is Outcome.PASSED


def test_two_who_sign_are_no_one_holder(web: MemoryWeb, issuer: Issuer) -> None:
    thief = Key("thief")
    twice = sign_presentation(present(about(issuer), named=None), signer=thief, created=SIGNED_AT, **ASKED)
    report = judge(twice, web)
    assert report.step("signature").outcome is Outcome.PASSED
    owners = ", ".join(sorted([HOLDER.controller, thief.controller]))
    assert told(report, "holder")[:2] == ("failed", "holder_mismatch")
    assert report.step("holder").details == {"detail": f"signed by {owners}, presented for None"}
    assert report.holder is None


@pytest.mark.parametrize("wrap", [lambda did: did, lambda did: {"id": did}], ids=["text", "object"])
def test_a_thief_s_signature_is_told_with_both_names(web: MemoryWeb, issuer: Issuer, wrap: Any) -> None:
    thief = Key("thief")
    unsigned = {**build_presentation([about(issuer)]), "holder": wrap(HOLDER.controller)}
    report = judge(sign_presentation(unsigned, signer=thief, created=SIGNED_AT, **ASKED), web)
    assert report.step("holder").details == {
        "detail": f"signed by {thief.controller}, presented for {HOLDER.controller}"
    }


def test_a_credential_about_somebody_else_is_told_with_the_holder_s_name(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(present(about(issuer, "did:example:somebody")), web)
    assert report.step("holder").details == {"detail": f"a credential is about somebody else than {HOLDER.controller}"}
    assert report.holder == HOLDER.controller


def test_a_credential_is_the_holder_s_only_when_it_is_about_nobody_else(web: MemoryWeb, issuer: Issuer) -> None:
    mine, theirs = {"id": HOLDER.controller}, {"id": "did:example:somebody"}
    cases: list[tuple[Any, Binding]] = [
        ([mine], Binding.HOLDER),
        ([mine, mine], Binding.HOLDER),
        ([mine, {"name": "Maya Lee"}], Binding.HOLDER),
        ([mine, theirs], Binding.ANOTHER),
        ([{"name": "Maya Lee"}, {"name": "Liv Berg"}], Binding.NOBODY_NAMED),
    ]
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
    }
    for subject, binding in cases:
        credential = issuer.issue({**document, "credentialSubject": subject}, suite="eddsa-jcs-2022")
        assert judge(present(credential), web).bindings == (binding,), subject


def test_a_token_inside_is_verified_as_it_stands(web: MemoryWeb, issuer: Issuer) -> None:
    enveloped = tokens.as_enveloped_jwt(issuer.unsigned(), issuer.key)
    inside = strict_json.loads_object(enveloped)
    report = judge(present(inside), web)
    assert report.credentials[0].verdict is Verdict.VALID
    assert report.credentials[0].step("structure").details["format"] == "vc+jwt"


def test_a_holder_s_key_is_looked_up_at_the_moment_of_the_signature(web: MemoryWeb, issuer: Issuer) -> None:
    """A key that has ended since then was good for what it signed, and not for what came after."""
    key = Key("key-1", "did:web:student.example")
    method = {**key.method(), "expires": "2026-06-25T00:00:00Z"}
    document = {"id": key.controller, "verificationMethod": [method], "authentication": [key.verification_method]}
    web.put("https://student.example/.well-known/did.json", document)
    unsigned = build_presentation([about(issuer, key.controller)], holder=key.controller)
    assert judge(sign_presentation(unsigned, signer=key, created=SIGNED_AT, **ASKED), web).verdict is Verdict.VALID
    late = sign_presentation(unsigned, signer=key, created=SIGNED_AT + timedelta(days=6), **ASKED)
    assert told(judge(late, web), "key")[:2] == ("failed", "key_expired")


def test_a_presentation_dated_in_the_future_is_refused(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = build_presentation([about(issuer)], holder=HOLDER.controller)
    for late, code in ((Policy().clock_skew, None), (timedelta(minutes=6), "proof_created_in_future")):
        signed = sign_presentation(unsigned, signer=HOLDER, created=NOW + late, **ASKED)
        assert judge(signed, web).step("signature").code == code


@pytest.mark.parametrize(
    ("document", "code", "details"),
    [
        ({}, "credential_malformed", {"detail": "This is not a presentation.", "pointer": "/type"}),
        ({"type": ["VerifiablePresentation"]}, "credential_malformed",
         {"detail": "@context must be a list that starts with https://www.w3.org/ns/credentials/v2.",
          "pointer": "/@context"}),
        (build_presentation([]), "nothing_presented",
         {"detail": "the presentation holds no credential", "pointer": "/verifiableCredential"}),
    ],
    ids=["nothing", "no context", "no credential"],
)  # fmt: skip
def test_what_is_wrong_with_the_form_is_told_with_its_place(
    web: MemoryWeb, document: Any, code: str, details: dict[str, str]
) -> None:
    report = judge(document, web)
    assert report.step("structure").code == code
    assert report.step("structure").details == details
    assert [told(report, name) for name in list(STEPS)[2:]] == [NOT_REACHED] * 6
    assert report.step("holder").problem_type == ERROR_PAGES + "not_reached"
    assert [(step.number, step.id, step.title) for step in report.steps] == [
        (number, name, title) for number, (name, title) in enumerate(STEPS.items(), 1)
    ]


def test_a_presentation_without_the_member_for_credentials_holds_none(web: MemoryWeb) -> None:
    empty = build_presentation([])
    del empty["verifiableCredential"]
    assert judge(empty, web).step("structure").code == "nothing_presented"


def test_as_many_credentials_as_the_limit_are_read_and_one_more_is_told(web: MemoryWeb, issuer: Issuer) -> None:
    two = [issuer.issue({**issuer.unsigned(), "id": f"https://employer.example/c/{number}"}) for number in range(2)]
    assert judge(present(*two), web, policy=Policy(max_credentials=2)).verdict is Verdict.VALID
    report = judge(present(*two), web, policy=Policy(max_credentials=1))
    assert report.step("structure").details["detail"] == "2 credentials; at most 1 are verified"


def test_the_limits_hold_for_each_credential_inside_too(web: MemoryWeb, issuer: Issuer) -> None:
    signed = issuer.issue()
    twice = {**signed, "proof": signed["proof"] * 2}
    report = judge(present(twice), web, policy=Policy(max_proofs=1))
    assert report.step("structure").outcome is Outcome.PASSED
    assert report.credentials[0].step("structure").code == "too_many_proofs"


def test_a_roundabout_form_of_the_presentation_itself_is_refused(web: MemoryWeb, issuer: Issuer) -> None:
    """What stands inside is judged there; an unsigned presentation hides nothing that anybody vouched for."""
    signed = present(about(issuer))
    named = {**signed, "https://www.w3.org/2018/credentials#holder": "did:example:other"}
    assert judge(named, web).step("structure").code == "not_compacted"


def test_the_worst_of_presentation_and_credentials_is_the_verdict(web: MemoryWeb, issuer: Issuer) -> None:
    good = about(issuer)
    expired = issuer.issue({**issuer.unsigned(), "validUntil": "2026-06-30T00:00:00Z"})
    report = judge(present(good, expired), web)
    assert report.verdict is Verdict.EXPIRED
    assert report.bindings == (Binding.HOLDER, Binding.NOBODY_NAMED)
    assert judge(present(good, expired), web, challenge="c-2").verdict is Verdict.INVALID


def test_a_proof_that_vouches_is_told_with_what_was_needed(web: MemoryWeb, issuer: Issuer) -> None:
    unsigned = build_presentation([about(issuer)], holder=HOLDER.controller)
    report = judge(sign(unsigned, HOLDER, **ASKED), web)
    assert report.step("key").details == {
        "detail": "made for 'assertionMethod', needed for 'authentication'",
        "proofs": [{"outcome": "failed", "code": "proof_purpose"}],
    }


# -- rules of the report


def _made(verdict: Verdict, outcome: Outcome, *inside: Report) -> PresentationReport:
    step = Step(1, "size", "Size", outcome, None, "A sentence.")
    return PresentationReport(verdict, (step,), NOW, None, inside, (Binding.NOT_SHOWN,) * len(inside))


def test_no_verdict_is_better_than_the_worst_of_steps_and_credentials() -> None:
    expired = Report(Verdict.EXPIRED, "Said.", (), NOW, None, (Verdict.EXPIRED,))
    assert _made(Verdict.VALID, Outcome.PASSED).verdict is Verdict.VALID
    assert _made(Verdict.EXPIRED, Outcome.PASSED, expired).verdict is Verdict.EXPIRED
    assert _made(Verdict.CANNOT_CHECK, Outcome.NOT_CHECKED).verdict is Verdict.CANNOT_CHECK
    for verdict, outcome, inside in (
        (Verdict.VALID, Outcome.NOT_CHECKED, ()),
        (Verdict.CANNOT_CHECK, Outcome.FAILED, ()),
        (Verdict.NOT_YET_VALID, Outcome.PASSED, (expired,)),
    ):
        with pytest.raises(ValueError, match=f"^the verdict {verdict.id} is better than what was found allows$"):
            _made(verdict, outcome, *inside)


def test_every_credential_inside_has_its_binding_in_the_report() -> None:
    inside = Report(Verdict.VALID, "Said.", (), NOW, None, (Verdict.VALID,))
    report = PresentationReport(Verdict.VALID, (), NOW, None, (inside, inside), (Binding.HOLDER,))
    with pytest.raises(ValueError, match="zip"):
        report.to_json()


# -- what is made


def test_an_unsigned_presentation_has_the_members_that_were_given_and_no_others() -> None:
    assert build_presentation([]) == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [],
    }
    credential = {"id": "urn:example:1"}
    made = build_presentation(
        [credential], holder="did:example:1", presentation_id="urn:example:p", contexts=["https://x.example/v1"]
    )
    assert made == {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://x.example/v1"],
        "id": "urn:example:p",
        "type": ["VerifiablePresentation"],
        "holder": "did:example:1",
        "verifiableCredential": [credential],
    }
    assert made["verifiableCredential"][0] is not credential


def test_a_holder_s_proof_says_what_it_answers_and_that_it_is_for_presenting() -> None:
    signed = sign_presentation(build_presentation([]), signer=HOLDER, created=SIGNED_AT, **ASKED)
    (proof,) = signed["proof"]
    del proof["proofValue"]
    assert proof == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-06-21T12:00:00Z",
        "verificationMethod": HOLDER.verification_method,
        "proofPurpose": "authentication",
        "challenge": "c-1",
        "domain": "recruiter.example",
    }
    jcs = sign_presentation(
        build_presentation([]), signer=HOLDER, created=SIGNED_AT, cryptosuite="eddsa-jcs-2022", **ASKED
    )
    assert jcs["proof"][0]["cryptosuite"] == "eddsa-jcs-2022"
