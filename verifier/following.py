"""Follows QR codes and web pages to the one credential they lead to. It opens nothing itself.

The address in a code is opened by the same door and judged by the same rules as if it had been pasted; nobody's browser
is ever sent there. Where there is no credential, the answer says what the code points to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass

from credentials import verify
from credentials.errors import BadData, PlauditError
from verifier import intake
from verifier.problems import CodeLeadsElsewhere, NoCredentialOnPage, SeveralCodes, SeveralCredentialsInFile
from verifier.reading.codes import Code, kind, shown
from verifier.reading.web_page import Offered

#: A certificate has one code, a badge beside a profile's code two; every one may cost an exchange with a stranger.
MAX_FOLLOWED = 4


@dataclass(frozen=True, slots=True)
class Followed:
    """The text of a code and what it led to; `address` is None when the code holds the credential itself."""

    text: str
    report: verify.Report
    address: str | None


def only_credential(
    codes: Sequence[Code],
    *,
    at: Callable[[str], verify.Report],
    written: Callable[[bytes], verify.Report],
) -> Followed:
    """Return what the one code that leads to a credential leads to.

    `at` judges what is at an address (with the claim of a printed code behind its #), `written` a credential that a
    code holds. Raises `CodeLeadsElsewhere` when none does, `SeveralCodes` when several do, and what kept an address
    from being opened.
    """
    if len(codes) > MAX_FOLLOWED:
        raise SeveralCodes(f"There are {len(codes)} QR codes in it; no more than {MAX_FOLLOWED} are followed at once.")
    found: list[Followed] = []
    problems: list[PlauditError] = []
    for code in codes:
        try:
            found.append(_follow(code.text, at, written))
        except PlauditError as problem:
            problems.append(problem)
    return _the_one(found, problems)


def _follow(text: str, at: Callable[[str], verify.Report], written: Callable[[bytes], verify.Report]) -> Followed:
    address = intake.address_in(text)
    if address is not None:
        return Followed(text, _opened(text.strip(), at), address)
    data = text.encode()
    if not intake.is_written_credential(data):
        raise CodeLeadsElsewhere(f"The QR code holds {kind(text)}.")
    return Followed(text, written(data.strip()), None)


def _opened(address: str, at: Callable[[str], verify.Report]) -> verify.Report:
    bare = intake.without_fragment(address)
    try:
        return at(address)
    except BadData as problem:
        raise CodeLeadsElsewhere(f"The QR code points to {shown(bare)} and there is no credential there.") from problem
    except PlauditError as problem:
        told = copy(problem)  # the same error may be told to others who asked for the same address
        told.detail = f"The QR code points to {shown(bare)} and that could not be looked at. {problem.detail}"
        raise told from problem


def _the_one(found: Sequence[Followed], problems: Sequence[PlauditError]) -> Followed:
    """Credentials come before other documents, and "could not be looked at" before "leads elsewhere"."""
    credentials = {_name(one): one for one in found if one.report.verdict is not verify.Verdict.NOT_A_CREDENTIAL}
    if len(credentials) > 1:
        raise SeveralCodes(f"{len(credentials)} of the QR codes in it lead to a credential each.")
    if credentials or found:
        return next(iter([*credentials.values(), *found]))
    raise next((problem for problem in problems if not isinstance(problem, BadData)), problems[0])


def _name(one: Followed) -> str:
    """What makes two codes lead to the same credential: its identifier, once that is confirmed."""
    verified = one.report.verified
    return (verified and verified.id) or one.text


def from_page(
    found: Offered, *, at: Callable[[str], verify.Report], written: Callable[[bytes], verify.Report]
) -> tuple[verify.Report, str | None]:
    """Return the credential that a web page offers, and the address where it lies (None: in the page itself).

    What stands in the page comes first, then each address that it names, the best first, until one leads to a
    credential. Raises `SeveralCredentialsInFile` for several in the page, `NoCredentialOnPage` when nothing leads to
    one, and what kept an address from being opened.
    """
    if len(found.credentials) > 1:
        raise SeveralCredentialsInFile("The web page holds several credentials.")
    if found.credentials:
        return written(found.credentials[0]), None
    problems: list[PlauditError] = []
    for address in found.links:
        try:
            report = at(address)
        except PlauditError as problem:
            problems.append(problem)
            continue
        if report.verdict is not verify.Verdict.NOT_A_CREDENTIAL:
            return report, address
    raise next(
        (problem for problem in problems if not isinstance(problem, BadData)),
        NoCredentialOnPage("There is a web page at this address, and it names no address of a credential."),
    )
