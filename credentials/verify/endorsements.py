"""Verifies a credential together with the endorsements that it carries. An endorsement never changes the verdict.

An endorsement (Open Badges 3.0, EndorsementCredential) is a credential of its own: in `endorsement` with its proof, or
in `endorsementJwt` as a token; on the credential, on its issuer and on its achievement. Each goes through the same
steps as any credential, and counts as vouching only when all of them passed and it is about this credential.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from credentials import errors, strict_json, vcdm
from credentials.ports import Fetched, Fetcher
from credentials.sentence import Sentence
from credentials.verify import steps
from credentials.verify.content import VerifiedCredential
from credentials.verify.limits import DEFAULT_LIMITS, Limits
from credentials.verify.outcomes import code_of
from credentials.verify.reading import objects, single, text
from credentials.verify.report import Endorsement, Outcome, Report, Verdict

TYPE: Final = "EndorsementCredential"
_VOUCHES: Final[Mapping[str, Sentence]] = {
    "credential": Sentence("Vouches for this record."),
    "achievement": Sentence("Vouches for the project as it is described."),
    "issuer": Sentence("Vouches for the issuer."),
}
_ELSEWHERE: Final = Endorsement(
    Outcome.NOT_APPLICABLE, Sentence("It is about something else, so it is not counted."), "endorses_something_else"
)
_NO_ENDORSEMENT: Final = Endorsement(
    Outcome.NOT_APPLICABLE, Sentence("It is no endorsement, so it is not counted."), "not_an_endorsement"
)
#: A verdict on an endorsement that leaves open whether somebody vouches.
_OPEN: Final = (Verdict.CANNOT_CHECK, Verdict.ISSUER_NOT_RECOGNISED)


def verify(data: bytes, *, fetcher: Fetcher, now: datetime, policy: Limits = DEFAULT_LIMITS) -> Report:
    """Verify the credential in `data` and the endorsements in it as of `now`, an aware datetime.

    Never raises for anything that the input or the world does. The endorsements of a credential whose content was not
    confirmed are not looked at.
    """
    door = _Door(fetcher, policy)
    report = replace(steps.verify(data, fetcher=door, now=now, policy=policy), source=data)
    if report.verified is None:
        return report
    carried = list(dict.fromkeys(_carried(report.verified.document)))
    if not carried:
        return report
    door.narrow()
    judged = [
        _judge(endorsement, report.verified, fetcher=door, now=now, policy=policy)
        for endorsement in carried[: policy.max_endorsements]
    ]
    return replace(report, endorsements=(*judged, *_left_out(len(carried), policy)))


def _carried(document: Mapping[str, Any]) -> Iterator[bytes]:
    """Every endorsement in the three places that may hold some, as bytes to be verified by themselves."""
    for place in (document, single(document.get("issuer")), _achievement(document)):
        yield from map(strict_json.dumps, objects(place.get("endorsement")))
        yield from (token.encode() for token in vcdm.as_list(place.get("endorsementJwt")) if isinstance(token, str))


def _achievement(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return single(single(document.get("credentialSubject")).get("achievement"))


def _judge(data: bytes, claim: VerifiedCredential, *, fetcher: Fetcher, now: datetime, policy: Limits) -> Endorsement:
    try:
        return _judged(steps.verify(data, fetcher=fetcher, now=now, policy=policy), claim)
    except Exception as error:  # a check that broke down was not done
        return Endorsement(Outcome.NOT_CHECKED, Verdict.CANNOT_CHECK.sentence, code_of(error))


def _judged(report: Report, claim: VerifiedCredential) -> Endorsement:
    """What the report on an endorsement means for `claim`."""
    verified = report.verified
    about = _subject(verified, claim) if verified else None
    if verified and TYPE not in vcdm.types(verified.document):
        return replace(_NO_ENDORSEMENT, steps=report.steps)
    if verified and about is None:
        return replace(_ELSEWHERE, steps=report.steps)
    if report.verdict is Verdict.VALID and about:
        return Endorsement(Outcome.PASSED, _VOUCHES[about], None, about, verified, report.steps)
    outcome = Outcome.NOT_CHECKED if report.verdict in _OPEN else Outcome.FAILED
    return Endorsement(outcome, report.headline, report.verdict.id, about, verified, report.steps)


def _subject(endorsement: VerifiedCredential, claim: VerifiedCredential) -> str | None:
    """Which of the three things of `claim` the endorsement is about."""
    about = text(single(endorsement.document.get("credentialSubject")).get("id"))
    known = {
        text(_achievement(claim.document).get("id")): "achievement",
        claim.issuer_did: "issuer",
        claim.id: "credential",
    }
    return known.get(about) if about else None


def _left_out(carried: int, policy: Limits) -> Sequence[Endorsement]:
    left = carried - policy.max_endorsements
    if left <= 0:
        return ()
    sentence = Sentence(
        "%(number)s further endorsement was not checked.",
        "%(number)s further endorsements were not checked.",
        number=left,
    )
    return (Endorsement(Outcome.NOT_CHECKED, sentence, errors.EndorsementLimit.code),)


class _Door:
    """Hands on to a fetcher and remembers its answers. Once narrowed it opens few further addresses, and none after
    some that did not answer: an endorser's silence must not keep a recruiter waiting."""

    def __init__(self, fetcher: Fetcher, limits: Limits) -> None:
        self._fetcher = fetcher
        self._limits = limits
        self._answers: dict[str, Fetched] = {}
        self._left: int | None = None
        self._silent = 0

    def narrow(self) -> None:
        """From now on, endorsers are asked."""
        self._left = self._limits.max_endorsement_fetches

    def fetch(self, url: str) -> Fetched:
        """The answer, the same one every time; raises what the fetcher raises, and `errors.EndorsementLimit`."""
        if url not in self._answers:
            self._answers[url] = self._asked(url) if self._left is not None else self._fetcher.fetch(url)
        return self._answers[url]

    def _asked(self, url: str) -> Fetched:
        if not self._left or self._silent >= self._limits.max_silent_endorsers:
            raise errors.EndorsementLimit(f"{url[:200]} was not asked")
        self._left -= 1
        try:
            return self._fetcher.fetch(url)
        except errors.Unreachable:
            self._silent += 1
            raise
