"""Finds out what the issuer says about a status that is set: since when, why, and what took the credential's place.

Such a notice is a small credential of the issuer's own, at a fixed place below the credential's `id` (docs/adr/0012).
It is looked for only when the status is set, and only when that id lies at the domain that the issuer's DID proves. It
is believed like any credential of that issuer: key, purpose, signature, time, and it must be about this credential. A
notice explains a set status; nothing that it says, and nothing that goes wrong with it, makes the status good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from credentials import did, errors, vcdm
from credentials.corrections import MAX_REASON, Change
from credentials.notices import KINDS, PLACE, TYPE
from credentials.ports import Fetcher
from credentials.sentence import Sentence
from credentials.verify import corrected, forms, keys
from credentials.verify.forms import Secured
from credentials.verify.keys import KeyDocuments
from credentials.verify.limits import Limits
from credentials.verify.outcomes import Result, code_of, failed
from credentials.verify.reading import single, text
from credentials.verify.report import Notice, Verdict

#: An id that a notice may lie below: a plain web address. Plain http occurs where an installation runs on a desk; it is
#: asked by https all the same, as a did:web is.
_ID: Final = re.compile(
    r"https?://(?P<host>[a-z0-9.-]{1,253}(?::[0-9]{1,5})?)(?P<path>(?:/[A-Za-z0-9._~!$&'()*+,;=:@-]+){1,20})", re.ASCII
)
_MAX_ID: Final = 1_000


@dataclass(frozen=True, slots=True)
class Asking:
    """What is needed to read notices: the credential itself, confirmed and with a set status, and the way out."""

    credential: Secured
    fetcher: Fetcher
    keys: KeyDocuments
    now: datetime
    limits: Limits


def judge(asking: Asking, purposes: set[str | None], details: Mapping[str, Any]) -> Result:
    """What a set status of these purposes means for the credential. Never raises; never better than replaced."""
    bare = _without_notice(purposes, details)
    address = _address(asking.credential)
    if address is None:
        return _told(bare, outcome="not_applicable", code=None)
    try:
        notice = _read(asking, address + PLACE)
        _check_explains(notice, purposes)
    except Exception as error:  # what could not be read explains nothing, whatever broke
        return _told(_unexplained(bare), outcome="not_checked", code=code_of(error), address=address + PLACE)
    explained = _replaced(asking, bare, notice, address) if notice.kind == "replaced" else _explained(bare, notice)
    return _told(explained, outcome="passed", code=None, address=address + PLACE)


def _address(credential: Secured) -> str | None:
    """The web address that is the credential's id; None when it is not at the domain that its issuer's DID proves."""
    identifier = credential.document.get("id")
    if not isinstance(identifier, str) or len(identifier) > _MAX_ID:
        return None
    found = _ID.fullmatch(identifier)
    if found is None or found["host"] != did.domain_of(credential.issuer):
        return None
    return None if {".", ".."} & set(found["path"].split("/")) else f"https://{found['host']}{found['path']}"


# -- reading


def _read(asking: Asking, place: str) -> Notice:
    """The notice at `place`. Raises `errors.Unreachable`, `errors.Refused` and `errors.NoticeNotTrusted`."""
    body = asking.fetcher.fetch(place).body
    if len(body) > asking.limits.max_notice_bytes:
        raise errors.NoticeNotTrusted(f"{len(body)} bytes; at most {asking.limits.max_notice_bytes} are read")
    secured, start = _confirmed(asking, body)
    subject = single(secured.document.get("credentialSubject"))
    kind, reason = text(subject.get("standing")), text(subject.get("reason"))
    if TYPE not in vcdm.types(secured.document) or kind not in KINDS:
        raise errors.NoticeNotTrusted("it is no notice about a withdrawal, a suspension or a replacement")
    if subject.get("id") != asking.credential.document["id"]:
        raise errors.NoticeNotTrusted("it is about another credential")
    before = _held_from(asking)
    if before is not None and start < before:
        raise errors.NoticeNotTrusted("it is older than this version of the credential")
    if reason is not None and (len(reason) > MAX_REASON or not reason.isprintable()):
        raise errors.NoticeNotTrusted(f"its reason is not {MAX_REASON} printable characters at most")
    return Notice(str(kind), start, reason, corrected.changes(subject.get("change")))


def _confirmed(asking: Asking, body: bytes) -> tuple[Secured, datetime]:
    """A credential of the same issuer, in force, and the moment from which it holds."""
    try:
        secured = forms.read(body, asking.limits)
        if secured.issuer != asking.credential.issuer:
            raise errors.NoticeNotTrusted("it is another issuer's")
        for signature in secured.signatures:
            key = keys.find_key(signature.claim(), issuer=secured.issuer, keys=asking.keys, now=asking.now)
            keys.check_owner(key, secured.issuer)
            keys.check_signature(signature, key, now=asking.now, skew=asking.limits.clock_skew)
        return secured, _start(asking, secured)
    except errors.BadData as error:
        raise errors.NoticeNotTrusted(f"{error.title}: {error.detail}") from error


def _start(asking: Asking, secured: Secured) -> datetime:
    windows = secured.windows()
    start = windows[0].start
    if start is None or start > asking.now + asking.limits.clock_skew:
        raise errors.NoticeNotTrusted("it does not hold yet, or does not say from when")
    if any(window.end is not None and window.end < asking.now for window in windows):
        raise errors.NoticeNotTrusted("it does not hold any more")
    return start


def _held_from(asking: Asking) -> datetime | None:
    """From when on the credential at hand says that it holds."""
    return asking.credential.windows()[0].start


def _check_explains(notice: Notice, purposes: set[str | None]) -> None:
    """Where a suspension has a status of its own, each status means what its purpose says, and no notice softens it.

    A credential with one status, as Open Badges 3.0 demands, is suspended and replaced by the same bit that withdraws
    it: there the notice says which of them it is.
    """
    if "suspension" in purposes and notice.kind != ("withdrawn" if "revocation" in purposes else "suspended"):
        raise errors.NoticeNotTrusted(f"it says {notice.kind}, which is not what the issuer's lists say")


# -- the newer version


def _replaced(asking: Asking, bare: Result, notice: Notice, address: str) -> Result:
    """Replaced only when the newer version is there and stands up; else withdrawn, with what the notice says."""
    try:
        newer = _newer(asking, address)
    except Exception as error:  # a newer version that cannot be confirmed takes nobody's place
        sentence = Sentence(
            "The issuer says that it corrected it on %(day)s, but the newer version could not be confirmed.",
            day=notice.date,
        )
        details = {**bare.details, "newer": {"outcome": "not_checked", "code": code_of(error)}}
        return replace(bare, sentence=sentence, notice=replace(notice, changes=()), details=details)
    told = replace(notice, changes=_since(asking, newer) or notice.changes, link=str(newer.document["id"]))
    result = failed(
        Verdict.REPLACED, "replaced",
        Sentence("The issuer put a corrected version in its place on %(day)s.", day=notice.date),
        **bare.details,
    )  # fmt: skip
    return replace(result, notice=told)


def _newer(asking: Asking, address: str) -> Secured:
    """What is at the credential's own address, when it is a later version of it by the same issuer, and in force."""
    body = asking.fetcher.fetch(address).body
    if len(body) > asking.limits.max_bytes:
        raise errors.NoticeNotTrusted(f"{len(body)} bytes; at most {asking.limits.max_bytes} are read")
    newer, start = _confirmed(asking, body)
    before = _held_from(asking)
    if newer.document.get("id") != asking.credential.document["id"] or before is None or start <= before:
        raise errors.NoticeNotTrusted("what is at the credential's address is no later version of it")
    return newer


def _since(asking: Asking, newer: Secured) -> tuple[Change, ...]:
    """What changed after the version at hand, over all corrections since."""
    held = corrected.version(asking.credential.document)
    later = [item for item in corrected.corrections(newer.document) if item.version > held]
    return tuple(change for item in later for change in item.changes)


# -- results


def _without_notice(purposes: set[str | None], details: Mapping[str, Any]) -> Result:
    """What the bits alone say."""
    both = (Verdict.SUSPENDED,) if {"revocation", "suspension"} <= purposes else ()
    if "revocation" in purposes:
        return failed(Verdict.WITHDRAWN, "revoked", Sentence("The issuer has withdrawn it."), also=both, **details)
    return failed(Verdict.SUSPENDED, "suspended", Sentence("The issuer has suspended it for now."), **details)


def _unexplained(bare: Result) -> Result:
    if bare.verdict is Verdict.WITHDRAWN:
        return replace(bare, sentence=Sentence("The issuer has withdrawn it. Its reason could not be read."))
    return replace(bare, sentence=Sentence("The issuer has suspended it for now. Its reason could not be read."))


def _explained(bare: Result, notice: Notice) -> Result:
    told = replace(notice, changes=())
    if notice.kind == "withdrawn":
        sentence = Sentence("The issuer withdrew it on %(day)s.", day=notice.date)
        return replace(bare, sentence=sentence, notice=told)
    sentence = Sentence("The issuer has suspended it since %(day)s.", day=notice.date)
    result = failed(Verdict.SUSPENDED, "suspended", sentence, **bare.details)
    return replace(result, notice=told)


def _told(result: Result, *, outcome: str, code: str | None, address: str | None = None) -> Result:
    """With what came of reading the notice, for whom the sentence is not enough."""
    where = {} if address is None else {"address": address}
    return replace(result, details={**result.details, "notice": {"outcome": outcome, "code": code, **where}})
