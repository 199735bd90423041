"""The eight steps of verification, in their order, and how their outcomes become one report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from credentials import did, errors, timestamps, vcdm
from credentials.ports import Fetcher
from credentials.sentence import Sentence
from credentials.verify import content, forms, keys, standing
from credentials.verify.forms import Secured, Signature, Window
from credentials.verify.keys import FoundKey, KeyDocuments
from credentials.verify.limits import DEFAULT_LIMITS, Limits
from credentials.verify.outcomes import BROKE_DOWN, NOT_REACHED, Result, code_of, failed, from_error, judge_each, passed
from credentials.verify.report import Outcome, Report, Verdict
from credentials.verify.status import EntryStatus, StatusReader
from credentials.verify.status_lists import StatusLists

#: `Fetched.source` of what lay beside the file: the issuer itself was not asked.
FOLDER = "folder"


def verify(data: bytes, *, fetcher: Fetcher, now: datetime, policy: Limits = DEFAULT_LIMITS) -> Report:
    """Verify the credential in `data` (JSON with one or more Data Integrity proofs) as of `now`, an aware datetime.

    Never raises for anything that the input or the world does; what happened stands in the report.
    """
    if now.tzinfo is None:
        raise ValueError("now must have a time zone")
    run = _Run(data, fetcher, now, policy)
    results: dict[str, Result] = {}
    stopped = False
    for identifier, _, check in _STEPS:
        results[identifier] = NOT_REACHED if stopped else _attempt(check, run)
        stopped = stopped or (identifier in _NEEDED and results[identifier].is_obstacle)
    try:
        return _report(run, results)
    except Exception:  # a report that breaks its own rules confirms nothing
        return _report(run, dict.fromkeys(results, BROKE_DOWN))


class _Run:
    """What the steps hand to one another. An attribute is read only by steps after the one that sets it."""

    secured: Secured
    document: Mapping[str, Any]
    issuer: str
    found_keys: Sequence[FoundKey]

    def __init__(self, data: bytes, fetcher: Fetcher, now: datetime, limits: Limits) -> None:
        self.data = data
        self.fetcher = fetcher
        self.now = now
        self.limits = limits
        self.keys = KeyDocuments(fetcher, now)


# -- 1 size


class _Sized(Protocol):
    data: bytes
    limits: Limits


def check_size(run: _Sized) -> Result:
    """Step 1, of credentials and presentations alike."""
    if len(run.data) > run.limits.max_bytes:
        raise errors.JsonTooLarge(f"{len(run.data)} bytes; at most {run.limits.max_bytes} are read")
    return passed(Sentence("It is small enough to be a credential."), bytes=len(run.data))


# -- 2 form


def _check_form(run: _Run) -> Result:
    run.secured = forms.read(run.data, run.limits)
    run.document, run.issuer = run.secured.document, run.secured.issuer
    kinds = [str(kind) for kind in vcdm.types(run.document)]
    return passed(Sentence("It is a well-formed credential."), types=kinds, format=run.secured.format)


# -- 3 key


def _check_key(run: _Run) -> Result:
    run.found_keys, judged = judge_each(
        run.secured.signatures,
        lambda signature: _find_key(run, signature),
    )
    if judged:
        return judged
    sources = sorted({key.source for key in run.found_keys})
    return passed(_where_found(sources), keys=[key.method.id for key in run.found_keys], sources=sources)


def _find_key(run: _Run, signature: Signature) -> FoundKey:
    anchors = run.limits.trust_anchors
    return keys.find_key(signature.claim(), issuer=run.issuer, keys=run.keys, now=run.now, trust_anchors=anchors)


def _where_found(sources: Sequence[str]) -> Sentence:
    if FOLDER in sources:
        return Sentence("The signing key was found in did.json beside the file, and it may be used for this.")
    if sources == [keys.CERTIFICATE]:
        return Sentence("The signing key is in a certificate of an authority that is trusted here.")
    if sources == ["key"]:
        return Sentence("The issuer's name is itself the key, and it may be used for this.")
    return Sentence("The signing key was found where its owner publishes it, and it may be used for this.")


# -- 4 signature


def _check_signature(run: _Run) -> Result:
    _, judged = judge_each(
        list(zip(run.secured.signatures, run.found_keys, strict=True)),
        lambda pair: keys.check_signature(*pair, now=run.now, skew=run.limits.clock_skew),
    )
    return judged or passed(
        Sentence("Nothing was changed since it was signed."),
        proofs=[signature.describe() for signature in run.secured.signatures],
    )


# -- 5 issuer


def _check_issuer(run: _Run) -> Result:
    _, judged = judge_each(run.found_keys, lambda key: keys.check_owner(key, run.issuer))
    return judged or passed(Sentence("The key belongs to the issuer whom the credential names."), issuer=run.issuer)


# -- 6 validity


def _check_validity(run: _Run) -> Result:
    own, *others = run.secured.windows()
    details = _times(own)
    if own.end is not None and own.end < run.now:
        return failed(Verdict.EXPIRED, "expired", Sentence("It expired on %(day)s.", day=own.end), **details)
    for window in others:
        if window.end is not None and window.end < run.now:
            return signature_expired(window)
    start = max((window.start for window in (own, *others) if window.start is not None), default=None)
    if start is not None and start > run.now + run.limits.clock_skew:
        return failed(
            Verdict.NOT_YET_VALID, "not_yet_valid", Sentence("It is not in force before %(day)s.", day=start), **details
        )
    end = min((window.end for window in (own, *others) if window.end is not None), default=None)
    if end is None:
        return passed(Sentence("It is in force and has no end date."), **details)
    return passed(Sentence("It is in force until %(day)s.", day=end), **details)


def signature_expired(window: Window) -> Result:
    """A proof's or a token's own end came before the credential's."""
    sentence = Sentence("Its signature expired on %(day)s.", day=window.end)
    return failed(Verdict.EXPIRED, errors.ProofExpired.code, sentence, errors.ProofExpired.problem_type)


def _times(window: Window) -> dict[str, Any]:
    moments = {"validFrom": window.start, "validUntil": window.end}
    return {name: timestamps.format(moment) for name, moment in moments.items() if moment is not None}


# -- 7 status


def _check_status(run: _Run) -> Result:
    if not run.secured.status:
        return Result(
            Outcome.NOT_APPLICABLE, Sentence("The credential names no place where a withdrawal would be published.")
        )
    lists = StatusLists(fetcher=run.fetcher, keys=run.keys, issuer=run.issuer, now=run.now, limits=run.limits)
    found = StatusReader(lists, issuer=run.issuer, now=run.now, limits=run.limits).read(run.secured.status)
    details = {"entries": [_describe_entry(entry) for entry in found]}
    judged = [entry for entry in found if not entry.informs]
    set_purposes = {entry.purpose for entry in judged if entry.set}
    if set_purposes:
        asking = standing.Asking(run.secured, run.fetcher, run.keys, run.now, run.limits)
        return standing.judge(asking, set_purposes, details)
    broken = [entry.error for entry in judged if entry.error is not None]
    if broken:
        return from_error(broken[0], details)
    if not judged:
        return Result(Outcome.NOT_APPLICABLE, Sentence("The issuer publishes no withdrawals of it."), details=details)
    return passed(_not_withdrawn(judged), **details)


def _not_withdrawn(found: Sequence[EntryStatus]) -> Sentence:
    """Name what was read; a list that lay beside the file is only as good as its date."""
    old = [entry for entry in found if entry.source == FOLDER and entry.listed]
    if not old:
        return Sentence("The issuer's list says that it was not withdrawn.")
    return Sentence(
        "The issuer's list beside the file, of %(day)s, says that it was not withdrawn.",
        day=timestamps.parse(str(old[0].listed)),
    )


def _describe_entry(entry: EntryStatus) -> dict[str, Any]:
    if entry.error is not None:
        return {"purpose": entry.purpose, "outcome": "not_checked", "code": code_of(entry.error)}
    outcome = "not_applicable" if entry.informs else "failed" if entry.set else "passed"
    told = {"set": entry.set, "source": entry.source, "listedFrom": entry.listed, "message": entry.message}
    return {"purpose": entry.purpose, "outcome": outcome, "code": None, **told}


# -- 8 the issuer's domain


def _check_domain(run: _Run) -> Result:
    domain = did.domain_of(run.issuer)
    sources = {key.source for key in run.found_keys}
    if domain is None:
        return Result(
            Outcome.NOT_APPLICABLE,
            Sentence("The issuer is only a key: no domain stands behind it."),
            verdict=Verdict.ISSUER_NOT_RECOGNISED,
            remedy=Verdict.ISSUER_NOT_RECOGNISED.remedy,
        )
    if sources == {keys.CERTIFICATE}:
        sentence = Sentence("An authority that is trusted here certifies this key for %(domain)s.", domain=domain)
        return passed(sentence, domain=domain, sources=sorted(sources), certificateRevocation="not_checked")
    if not sources <= {"network", "own origin"}:
        return Result(
            Outcome.NOT_APPLICABLE,
            Sentence("The key came from a file beside the credential; %(domain)s itself was not asked.", domain=domain),
            details={"domain": domain, "sources": sorted(sources)},
        )
    if "own origin" in sources:
        sentence = Sentence("This installation answers for %(domain)s, and publishes this key there.", domain=domain)
    else:
        sentence = Sentence("%(domain)s publishes this key as its own.", domain=domain)
    return passed(sentence, domain=domain, sources=sorted(sources))


_STEPS: tuple[tuple[str, str, Callable[[_Run], Result]], ...] = (
    ("size", Sentence("Size"), check_size),
    ("structure", Sentence("Form"), _check_form),
    ("key", Sentence("Key"), _check_key),
    ("signature", Sentence("Signature"), _check_signature),
    ("issuer", Sentence("Issuer"), _check_issuer),
    ("validity", Sentence("Validity"), _check_validity),
    ("status", Sentence("Withdrawal"), _check_status),
    ("domain", Sentence("Issuer's domain"), _check_domain),
)
#: When one of these does not pass, nothing after it is done.
_NEEDED = ("size", "structure", "key", "signature", "issuer")


# -- outcomes


def _attempt(check: Callable[[_Run], Result], run: _Run) -> Result:
    """Run one step; whatever it raises becomes an outcome, and nothing raised becomes `passed`."""
    try:
        return check(run)
    except Exception as error:  # a check that broke down was not done
        return from_error(error)


# -- the report


def _report(run: _Run, results: Mapping[str, Result]) -> Report:
    steps = tuple(
        results[identifier].as_step(number, identifier, title)
        for number, (identifier, title, _) in enumerate(_STEPS, 1)
    )
    found = {verdict for result in results.values() for verdict in (result.verdict, *result.also) if verdict}
    reasons = tuple(sorted(found or {Verdict.VALID}, key=lambda verdict: verdict.severity))
    confirmed = all(results[name].outcome is Outcome.PASSED for name in _NEEDED)
    deciding = _deciding(reasons[0], results)
    return Report(
        verdict=reasons[0],
        headline=_headline(reasons[0], deciding, run, results),
        steps=steps,
        checked_at=run.now,
        verified=content.seal(run.document) if confirmed else None,
        reasons=reasons,
        remedy=(deciding.remedy if deciding else "") or reasons[0].remedy,
        notice=results["status"].notice,
    )


#: The headline when nothing is wrong: by whether the domain was asked, and whether a list of withdrawals was.
_ALL_WELL = {
    (True, True): Sentence("%(domain)s vouches for this. It is unchanged and not withdrawn."),
    (True, False): Sentence("%(domain)s vouches for this. It is unchanged."),
    (False, True): Sentence(
        "Signed with the key that came with it; %(domain)s was not asked. "
        "By these files it is unchanged and not withdrawn."
    ),
    (False, False): Sentence(
        "Signed with the key that came with it; %(domain)s was not asked. By these files it is unchanged."
    ),
}


def _deciding(verdict: Verdict, results: Mapping[str, Result]) -> Result | None:
    """The step that the verdict comes from; None when all is well."""
    return next((result for result in results.values() if verdict in (result.verdict, *result.also)), None)


def _headline(verdict: Verdict, deciding: Result | None, run: _Run, results: Mapping[str, Result]) -> str:
    """One sentence for a person: what the deciding step said, or who vouches."""
    if verdict in (Verdict.ALTERED, Verdict.ISSUER_NOT_RECOGNISED):
        return verdict.sentence
    if deciding is not None:
        return deciding.sentence
    domain = did.domain_of(run.issuer)
    asked = results["domain"].outcome is Outcome.PASSED
    standing = results["status"].outcome is Outcome.PASSED
    return Sentence(_ALL_WELL[asked, standing], domain=domain)
