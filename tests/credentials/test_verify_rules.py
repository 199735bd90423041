"""The rules that no report can break, and what errors become."""

from __future__ import annotations

import pytest

from credentials import errors
from credentials.verify import Outcome, Report, Step, Verdict, outcomes, sentences
from credentials.verify.report import ERROR_PAGES
from tests.worlds.completions import NOW
from tests.worlds.issuers import Issuer, judge
from tests.worlds.memory_web import MemoryWeb

ASK_ISSUER = "Ask the issuer to confirm it."
LATER = "Try again in a moment."
DO_NOT_RELY = "Do not rely on it. Ask the issuer whether they gave it."


def _step(name: str, outcome: Outcome = Outcome.PASSED) -> Step:
    return Step(1, name, name.title(), outcome, None, "A sentence.")


@pytest.mark.parametrize(
    ("outcome", "best"),
    [
        (Outcome.FAILED, Verdict.NOT_YET_VALID),
        (Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK),
        (Outcome.NOT_APPLICABLE, Verdict.VALID),
        (Outcome.PASSED, Verdict.VALID),
    ],
)
def test_no_verdict_is_better_than_the_worst_step_allows(outcome: Outcome, best: Verdict) -> None:
    steps = (_step("signature"), _step("issuer", outcome))
    for verdict in Verdict:
        if verdict.severity <= best.severity:
            assert Report(verdict, "Said.", steps, NOW, None, (verdict,)).verdict is verdict
        else:
            with pytest.raises(ValueError, match=f"^the verdict {verdict.id} is better than the worst step allows$"):
                Report(verdict, "Said.", steps, NOW, None, (verdict,))


@pytest.mark.parametrize("reasons", [(), (Verdict.VALID,), (Verdict.EXPIRED, Verdict.WITHDRAWN)])
def test_the_verdict_is_the_worst_reason(reasons: tuple[Verdict, ...]) -> None:
    with pytest.raises(ValueError, match=r"^the verdict is not the worst of its reasons$"):
        Report(Verdict.EXPIRED, "Said.", (), NOW, None, reasons)


def test_content_is_shown_only_after_signature_and_issuer(web: MemoryWeb, issuer: Issuer) -> None:
    shown = judge(issuer.issue(), web).verified
    both: tuple[Step, ...] = (_step("signature"), _step("issuer"))
    for steps in (both, (*both, _step("domain"))):
        assert Report(Verdict.VALID, "Said.", steps, NOW, shown, (Verdict.VALID,)).verified is shown
    for steps in (both[:1], both[1:], (_step("signature", Outcome.NOT_APPLICABLE), both[1])):
        with pytest.raises(ValueError, match=r"^content may be shown only when the signature and the issuer were"):
            Report(Verdict.VALID, "Said.", steps, NOW, shown, (Verdict.VALID,))


# -- errors as outcomes


def test_an_error_without_a_sentence_speaks_by_its_title_or_by_the_issuer_s_silence() -> None:
    assert sentences.sentence(errors.Refused("no")) == "Not allowed."
    assert sentences.sentence(errors.Unreachable("no")) == "The issuer could not be reached."
    assert sentences.sentence(errors.StatusListUnreachable("no")).startswith("The issuer's list of withdrawals")


def test_what_was_not_done_is_tried_again_only_where_the_world_was_silent() -> None:
    assert sentences.unchecked_remedy(errors.Unreachable("no")) == LATER
    assert sentences.unchecked_remedy(errors.Refused("no")) == ASK_ISSUER


@pytest.mark.parametrize(
    ("error", "outcome", "verdict", "remedy"),
    [
        (errors.SignatureInvalid("d"), Outcome.FAILED, Verdict.ALTERED, Verdict.ALTERED.remedy),
        (errors.InvalidJson("d"), Outcome.FAILED, Verdict.NOT_A_CREDENTIAL, Verdict.NOT_A_CREDENTIAL.remedy),
        (errors.NotACredential("d"), Outcome.FAILED, Verdict.NOT_A_CREDENTIAL, Verdict.NOT_A_CREDENTIAL.remedy),
        (errors.MalformedProof("d"), Outcome.FAILED, Verdict.INVALID, DO_NOT_RELY),
        (errors.AlgorithmKeyMismatch("d"), Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK, ASK_ISSUER),
        (errors.InvalidDidDocument("d"), Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK, ASK_ISSUER),
        (errors.UnsupportedProof("d"), Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK, ASK_ISSUER),
        (errors.Unreachable("d"), Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK, LATER),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_bad_data_fails_a_step_and_anything_else_leaves_it_undone(
    error: errors.PlauditError, outcome: Outcome, verdict: Verdict, remedy: str
) -> None:
    result = outcomes.from_error(error)
    assert (result.outcome, result.verdict, result.remedy) == (outcome, verdict, remedy)
    assert (result.code, result.sentence) == (error.code, sentences.sentence(error))
    assert result.problem_type == (error.problem_type or ERROR_PAGES + error.code)
    assert result.details == {"detail": "d"}


def test_bad_data_of_a_list_says_nothing_about_the_credential() -> None:
    result = outcomes.from_error(errors.StatusListMalformed("d", pointer="/x"), {"entries": []})
    assert (result.outcome, result.verdict, result.remedy) == (
        Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK, ASK_ISSUER,
    )  # fmt: skip
    assert result.details == {"detail": "d", "pointer": "/x", "entries": []}


def test_an_error_that_nobody_foresaw_has_no_text_of_its_own() -> None:
    assert outcomes.from_error(RuntimeError("secret")) == outcomes.BROKE_DOWN
    assert outcomes.from_error(RuntimeError("secret"), {"entries": [1]}).details == {"entries": [1]}
    assert outcomes.code_of(RuntimeError("secret")) == "internal_error"
    assert outcomes.code_of(errors.NoProof("d")) == "no_proof"
