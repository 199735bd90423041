"""One more check in a report: the verdict is found anew, and is never better than the worst check."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.verify import Outcome, Report, Verdict
from credentials.verify.report import Step, allowed
from tests.worlds.issuers import Issuer, judge, to_bytes
from tests.worlds.memory_web import MemoryWeb


def _step(outcome: Outcome, code: str | None = None) -> Step:
    return Step(0, "document", "The PDF's visible text", outcome, code, "What was found.", remedy="Do this.")


@pytest.fixture(scope="module")
def valid() -> Report:
    issuer = Issuer(MemoryWeb())
    return judge(issuer.issue(), issuer.web)


def test_a_check_that_passed_changes_nothing_but_the_list(valid: Report) -> None:
    report = valid.with_step(_step(Outcome.PASSED))
    assert [step.number for step in report.steps] == list(range(1, 10))
    assert (report.verdict, report.headline, report.reasons) == (valid.verdict, valid.headline, valid.reasons)
    assert report.verified is valid.verified


def test_a_check_that_failed_leads_and_altered_shows_nothing(valid: Report) -> None:
    report = valid.with_step(_step(Outcome.FAILED, "document_altered"), Verdict.ALTERED)
    assert (report.verdict, report.headline, report.remedy) == (Verdict.ALTERED, "What was found.", "Do this.")
    assert (report.verified, report.endorsements, report.notice) == (None, (), None)
    assert report.to_json()["credential"] is None


def test_a_check_that_was_not_done_leaves_the_content_and_takes_the_tick(valid: Report) -> None:
    report = valid.with_step(_step(Outcome.NOT_CHECKED, "document_not_compared"), Verdict.CANNOT_CHECK)
    assert (report.verdict, report.headline) == (Verdict.CANNOT_CHECK, "What was found.")
    assert report.verified is valid.verified


def test_what_was_worse_already_stays_the_headline() -> None:
    issuer = Issuer(MemoryWeb())
    credential = issuer.issue()
    issuer.revoke(7)
    withdrawn = judge(credential, issuer.web)
    report = withdrawn.with_step(_step(Outcome.NOT_CHECKED, "x"), Verdict.CANNOT_CHECK)
    assert (report.verdict, report.headline) == (Verdict.WITHDRAWN, withdrawn.headline)
    assert report.reasons == (Verdict.WITHDRAWN, Verdict.CANNOT_CHECK)
    altered = judge(to_bytes(credential).replace(b'"31"', b'"91"'), issuer.web)
    again = altered.with_step(_step(Outcome.FAILED, "document_altered"), Verdict.ALTERED)
    assert (again.headline, again.remedy) == (altered.headline, altered.remedy)


def test_a_verdict_that_its_check_does_not_allow_is_refused(valid: Report) -> None:
    with pytest.raises(ValueError, match="better than the worst step"):
        valid.with_step(_step(Outcome.FAILED, "x"))


@given(added=st.lists(st.tuples(st.sampled_from(Outcome), st.sampled_from([*Verdict, None])), max_size=4))
def test_the_headline_is_never_greener_than_the_worst_check(added: list[tuple[Outcome, Verdict | None]]) -> None:
    issuer = Issuer(MemoryWeb())
    report = judge(issuer.issue(), issuer.web)
    for outcome, verdict in added:
        try:
            report = report.with_step(_step(outcome, "x"), verdict)
        except ValueError:
            assert (verdict or report.verdict).severity > allowed({outcome}).severity
            return
    assert report.verdict.severity <= allowed({step.outcome for step in report.steps}).severity
    assert (report.verified is None) == (report.verdict is Verdict.ALTERED)
