"""What a report says in full: every step with its words, its details, its remedy and its problem type."""

from __future__ import annotations

from typing import Any

import pytest

from credentials import errors
from credentials.verify import Outcome, Policy, Report, Verdict
from credentials.verify.report import ERROR_PAGES
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, Key, judge, sign, to_bytes, told
from tests.worlds.memory_web import MemoryWeb

KEY_ID = "did:web:employer.example#key-1"
ASK_ISSUER = "Ask the issuer to confirm it."
LATER = "Try again in a moment."
DO_NOT_RELY = "Do not rely on it. Ask the issuer whether they gave it."
NOT_REACHED: tuple[str, str, str, str, dict[str, Any]] = (
    "not_checked",
    "not_reached",
    "Not done, because an earlier check did not pass.",
    "",
    {},
)
#: What an issuer signed and everybody can look up, step by step.
GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "size": ("It is small enough to be a credential.", {}),
    "structure": (
        "It is a well-formed credential.",
        {"types": ["VerifiableCredential", "AchievementCredential"], "format": "vc"},
    ),
    "key": (
        "The signing key was found where its owner publishes it, and it may be used for this.",
        {"keys": [KEY_ID], "sources": ["network"]},
    ),
    "signature": (
        "Nothing was changed since it was signed.",
        {
            "proofs": [
                {
                    "type": "DataIntegrityProof",
                    "cryptosuite": "eddsa-rdfc-2022",
                    "verificationMethod": KEY_ID,
                    "created": "2026-06-21T12:00:00Z",
                }
            ]
        },
    ),
    "issuer": (
        "The key belongs to the issuer whom the credential names.",
        {"issuer": "did:web:employer.example"},
    ),
    "validity": ("It is in force and has no end date.", {"validFrom": "2026-06-21T12:00:00Z"}),
    "status": (
        "The issuer's list says that it was not withdrawn.",
        {
            "entries": [
                {
                    "purpose": "revocation",
                    "outcome": "passed",
                    "code": None,
                    "set": False,
                    "source": "network",
                    "listedFrom": "2026-06-21T12:00:00Z",
                    "message": None,
                }
            ]
        },
    ),
    "domain": (
        "employer.example publishes this key as its own.",
        {"domain": "employer.example", "sources": ["network"]},
    ),
}
TITLES = {
    "size": "Size",
    "structure": "Form",
    "key": "Key",
    "signature": "Signature",
    "issuer": "Issuer",
    "validity": "Validity",
    "status": "Withdrawal",
    "domain": "Issuer's domain",
}


def _good_checks(size: int) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "id": name,
            "title": TITLES[name],
            "outcome": "passed",
            "code": None,
            "type": None,
            "sentence": sentence,
            "remedy": "",
            "details": {"bytes": size} if name == "size" else details,
        }
        for number, (name, (sentence, details)) in enumerate(GOOD.items(), 1)
    ]


def test_a_good_credential_s_report_in_full(web: MemoryWeb, issuer: Issuer) -> None:
    data = to_bytes(issuer.issue())
    report = judge(data, web)
    shown = report.verified
    assert shown is not None
    assert report.to_json() == {
        "verdict": "valid",
        "word": "Valid",
        "tone": "good",
        "headline": "employer.example vouches for this. It is unchanged and not withdrawn.",
        "remedy": "Nothing: you can rely on it.",
        "reasons": ["valid"],
        "checkedAt": "2026-07-01T12:00:00Z",
        "checks": _good_checks(len(data)),
        "credential": shown.to_json(),
        "endorsements": [],
    }


def test_what_confirms_nothing_shows_no_content(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge(issuer.unsigned(), web).to_json()
    assert report["credential"] is None
    assert report["remedy"] == DO_NOT_RELY


def test_a_report_s_own_remedy_goes_before_the_verdict_s(web: MemoryWeb, issuer: Issuer) -> None:
    web.forbid(issuer.did_url)
    report = judge(issuer.issue(), web)
    assert report.remedy == ASK_ISSUER
    assert report.to_json()["remedy"] == ASK_ISSUER


def test_a_report_made_without_a_remedy_has_the_verdict_s() -> None:
    report = Report(Verdict.VALID, "Good.", (), NOW, None, (Verdict.VALID,))
    assert report.to_json()["remedy"] == Verdict.VALID.remedy


def test_a_key_beside_the_file_is_said_to_be_one() -> None:
    """Nobody was asked but the folder, and its list is only as good as its date."""
    web = MemoryWeb("folder")
    report = judge(Issuer(web).issue(), web)
    assert report.verdict is Verdict.VALID
    assert report.headline == (
        "Signed with the key that came with it; employer.example was not asked. "
        "By these files it is unchanged and not withdrawn."
    )
    assert report.step("key").sentence == (
        "The signing key was found in did.json beside the file, and it may be used for this."
    )
    assert report.step("key").details["sources"] == ["folder"]
    assert report.step("status").sentence == (
        "The issuer's list beside the file, of 21 June 2026, says that it was not withdrawn."
    )
    assert report.step("status").details["entries"][0]["source"] == "folder"
    assert told(report, "domain") == (
        "not_applicable",
        None,
        "The key came from a file beside the credential; employer.example itself was not asked.",
        "",
        {"domain": "employer.example", "sources": ["folder"]},
    )


def test_without_a_list_nothing_is_said_of_withdrawal() -> None:
    web = MemoryWeb("folder")
    issuer = Issuer(web)
    document = issuer.unsigned()
    del document["credentialStatus"]
    report = judge(issuer.issue(document), web)
    assert report.headline == (
        "Signed with the key that came with it; employer.example was not asked. By these files it is unchanged."
    )
    assert told(report, "status") == (
        "not_applicable",
        None,
        "The credential names no place where a withdrawal would be published.",
        "",
        {},
    )


def test_an_installation_says_that_it_answers_for_its_own_domain() -> None:
    web = MemoryWeb("own origin")
    report = judge(Issuer(web).issue(), web)
    assert report.headline == "employer.example vouches for this. It is unchanged and not withdrawn."
    assert told(report, "domain") == (
        "passed",
        None,
        "This installation answers for employer.example, and publishes this key there.",
        "",
        {"domain": "employer.example", "sources": ["own origin"]},
    )


def test_a_name_that_is_itself_the_key_is_said_to_be_one(web: MemoryWeb, issuer: Issuer) -> None:
    key = Key("somebody")
    document = issuer.unsigned()
    document["issuer"]["id"] = key.controller
    del document["credentialStatus"]
    report = judge(sign(document, key), web)
    remedy = "Ask the signer to confirm it from an address that you know."
    assert (report.headline, report.remedy) == (
        "It is unchanged since it was signed, but nothing shows who the signer is.",
        remedy,
    )
    assert report.step("key").sentence == "The issuer's name is itself the key, and it may be used for this."
    assert told(report, "domain") == (
        "not_applicable",
        None,
        "The issuer is only a key: no domain stands behind it.",
        remedy,
        {},
    )


def test_a_list_out_of_reach_is_told_with_what_was_tried(web: MemoryWeb, issuer: Issuer) -> None:
    web.hang(issuer.list_url())
    report = judge(issuer.issue(), web)
    assert (report.headline, report.remedy) == ("The issuer's list of withdrawals could not be reached.", LATER)
    assert told(report, "status") == (
        "not_checked",
        "status_list_unreachable",
        "The issuer's list of withdrawals could not be reached.",
        LATER,
        {
            "detail": f"{issuer.list_url()} gave no answer within 5 seconds",
            "entries": [{"purpose": "revocation", "outcome": "not_checked", "code": "status_list_unreachable"}],
        },
    )


def test_a_list_that_breaks_the_reader_is_told_as_an_error_of_ours(web: MemoryWeb, issuer: Issuer) -> None:
    web.crash(issuer.list_url(), RuntimeError("boom"))
    report = judge(issuer.issue(), web)
    assert told(report, "status") == (
        "not_checked",
        "internal_error",
        "Something went wrong on our side, so this check says nothing.",
        LATER,
        {"entries": [{"purpose": "revocation", "outcome": "not_checked", "code": "internal_error"}]},
    )


@pytest.mark.parametrize(
    ("break_it", "code", "sentence", "remedy", "detail"),
    [
        (MemoryWeb.forbid, "refused", "Not allowed.", ASK_ISSUER, {"detail": " leads to a private address"}),
        (MemoryWeb.hang, "unreachable", "The issuer could not be reached.", LATER,
         {"detail": " gave no answer within 5 seconds"}),
        (lambda web, url: web.crash(url, RuntimeError("boom")), "internal_error",
         "Something went wrong on our side, so this check says nothing.", LATER, {}),
    ],
    ids=["forbidden", "silent", "broken"],
)  # fmt: skip
def test_keys_that_were_not_had_leave_everything_after_them_undone(
    web: MemoryWeb, issuer: Issuer, break_it: Any, code: str, sentence: str, remedy: str, detail: dict[str, str]
) -> None:
    break_it(web, issuer.did_url)
    report = judge(issuer.issue(), web)
    assert (report.verdict, report.headline, report.remedy) == (Verdict.CANNOT_CHECK, sentence, remedy)
    expected = {name: issuer.did_url + text for name, text in detail.items()}
    proofs = [{"outcome": "not_checked", "code": code}]
    assert told(report, "key") == ("not_checked", code, sentence, remedy, {**expected, "proofs": proofs})
    assert [told(report, name) for name in ("signature", "issuer", "validity", "status", "domain")] == [NOT_REACHED] * 5
    assert report.step("domain").problem_type == ERROR_PAGES + "not_reached"


def test_what_is_no_json_is_told_as_no_credential(web: MemoryWeb) -> None:
    report = judge(b"<html>", web)
    assert told(report, "structure") == (
        "failed",
        "json_syntax",
        "This file does not hold a credential that can be read.",
        "Open the credential file itself, or the certificate PDF it came in.",
        {"detail": "Expecting value (line 1, column 1)"},
    )
    assert report.step("structure").problem_type == errors.InvalidJson.problem_type


def test_altered_has_the_verdict_s_own_headline(web: MemoryWeb, issuer: Issuer) -> None:
    report = judge({**issuer.issue(), "awardedDate": "2026-06-17T00:00:00Z"}, web)
    assert (report.headline, report.remedy) == (Verdict.ALTERED.sentence, Verdict.ALTERED.remedy)
    assert told(report, "signature") == (
        "failed",
        "signature_invalid",
        "The text is not what was signed.",
        "Do not rely on it. Ask the person who gave it to you for the original.",
        {
            "detail": "the signature does not fit the document under the issuer's key",
            "proofs": [{"outcome": "failed", "code": "signature_invalid"}],
        },
    )


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_proofs_the_bad_one_decides_and_each_is_listed(web: MemoryWeb, issuer: Issuer, order: int) -> None:
    signed = issuer.issue()
    good = signed["proof"][0]
    bad = {**good, "created": "2026-06-21T12:00:01Z"}
    report = judge({**signed, "proof": [good, bad][::order]}, web)
    assert report.verdict is Verdict.ALTERED
    listed = [{"outcome": "passed", "code": None}, {"outcome": "failed", "code": "signature_invalid"}]
    assert report.step("signature").details["proofs"] == listed[::order]


@pytest.mark.parametrize("order", [1, -1])
def test_a_proof_that_fails_counts_more_than_one_that_cannot_be_judged(
    web: MemoryWeb, issuer: Issuer, order: int
) -> None:
    signed = issuer.issue()
    good = signed["proof"][0]
    unknown = {**good, "cryptosuite": "of-tomorrow-2030"}
    wrong = {**good, "proofPurpose": "authentication"}
    report = judge({**signed, "proof": [unknown, wrong][::order]}, web)
    assert report.step("key").code == "proof_purpose"
    assert report.verdict is Verdict.INVALID


def test_too_large_is_told_with_both_sizes_and_the_limit_itself_is_not_too_large(
    web: MemoryWeb, issuer: Issuer
) -> None:
    data = to_bytes(issuer.issue())
    report = judge(data, web, policy=Policy(max_bytes=len(data) - 1))
    assert told(report, "size")[1:3] == ("json_too_large", "This is too large to be a credential.")
    assert report.step("size").details == {"detail": f"{len(data)} bytes; at most {len(data) - 1} are read"}
    assert judge(data, web, policy=Policy(max_bytes=len(data))).verdict is Verdict.VALID


def test_eight_proofs_are_checked_and_nine_are_too_many(web: MemoryWeb, issuer: Issuer) -> None:
    signed = issuer.issue()
    assert judge({**signed, "proof": signed["proof"] * 8}, web).verdict is Verdict.VALID
    report = judge({**signed, "proof": signed["proof"] * 9}, web)
    assert report.step("structure").code == "too_many_proofs"
    assert report.step("structure").details == {"detail": "9 proofs; at most 8 are checked", "pointer": "/proof"}


def test_a_time_without_a_zone_is_no_moment_to_verify_at(web: MemoryWeb) -> None:
    with pytest.raises(ValueError, match=r"^now must have a time zone$"):
        judge(b"{}", web, now=NOW.replace(tzinfo=None))


def test_a_report_that_breaks_its_own_rules_confirms_nothing(
    web: MemoryWeb, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("credentials.verify.content.seal", broken)
    report = judge(issuer.issue(), web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert {(step.outcome, step.code) for step in report.steps} == {(Outcome.NOT_CHECKED, "internal_error")}
    assert [step.id for step in report.steps] == list(GOOD)
    assert report.verified is None


def test_a_step_that_a_report_does_not_have_is_named_in_the_error(web: MemoryWeb) -> None:
    with pytest.raises(KeyError, match="astrology"):
        judge(b"{}", web).step("astrology")
