"""Whatever breaks inside the verifier, nothing turns green; and what is shown was signed."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credentials import errors, strict_json
from credentials.verify import Outcome, Report, Verdict
from credentials.verify.report import allowed
from tests.worlds.issuers import Issuer, judge, to_bytes
from tests.worlds.memory_web import MemoryWeb


@functools.cache
def _signed() -> tuple[MemoryWeb, bytes]:
    web = MemoryWeb()
    return web, to_bytes(Issuer(web).issue())


#: Every function that the verify path calls in another module, by the name it is looked up under.
COLLABORATORS = [
    "credentials.strict_json.loads_object",
    "credentials.vcdm.check",
    "credentials.vcdm.types",
    "credentials.vcdm.issuer_id",
    "credentials.timestamps.parse",
    "credentials.did.DidResolver.resolve",
    "credentials.did.dereference",
    "credentials.did.VerificationMethod.check_in_force",
    "credentials.data_integrity.proofs_of",
    "credentials.data_integrity.check_shape",
    "credentials.data_integrity.check_purpose",
    "credentials.data_integrity.check_proof",
    "credentials.jsonld.canonical_nquads",
    "credentials.multikey.PublicKey.verify",
    "credentials.multikey.PublicKey.from_multikey",
    "credentials.status_list.parse_entry",
    "credentials.status_list.read_status",
    "credentials.status_list.BitList.decode",
    "credentials.status_list.BitList.value",
    "credentials.verify.forms.read",
    "credentials.verify.forms.embedded.check_document",
    "credentials.verify.forms.embedded.check_contexts",
    "credentials.verify.forms.embedded.proofs_of",
    "credentials.verify.keys.find_key",
    "credentials.verify.keys.check_signature",
    "credentials.verify.keys.check_owner",
    "credentials.verify.content.domain_of",
    "credentials.verify.content.seal",
    "credentials.verify.steps.StatusLists",
    "credentials.verify.steps.StatusReader",
    "credentials.verify.status_lists.StatusLists.credential",
    "tests.worlds.memory_web.MemoryWeb.fetch",
]

FAULTS: list[Callable[[], Exception]] = [
    lambda: RuntimeError("boom"),
    lambda: KeyError("x"),
    lambda: RecursionError(),
    lambda: MemoryError(),
    lambda: errors.Unreachable("no route"),
    lambda: errors.Refused("no"),
    lambda: errors.BadData("bad"),
]


def _fail_on_call(original: Callable[..., Any], number: int, fault: Exception) -> Callable[..., Any]:
    calls = iter(range(1_000_000))

    def broken(*args: Any, **options: Any) -> Any:
        if next(calls) == number:
            raise fault
        return original(*args, **options)

    return broken


def _resolve(path: str) -> tuple[Any, str]:
    """The module or class that holds the last name of a dotted path."""
    import importlib

    parts = path.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            holder: Any = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:-1]:
            holder = getattr(holder, part)
        return holder, parts[-1]
    raise LookupError(path)


def _injected(monkeypatch: pytest.MonkeyPatch, path: str, fault: Callable[[], Exception]) -> Iterator[Report | None]:
    """A report for a fault at the first, second, … call of `path`, until a run has fewer calls; None: never called."""
    web, data = _signed()
    holder, name = _resolve(path)
    raw = vars(holder)[name]
    original = getattr(holder, name)
    for number in range(12):
        met: list[bool] = []
        broken = _fail_on_call(original, number, fault())

        def noting(*args: Any, broken: Callable[..., Any] = broken, met: list[bool] = met, **options: Any) -> Any:
            try:
                return broken(*args, **options)
            except BaseException:
                met.append(True)
                raise

        with monkeypatch.context() as patch:
            patch.setattr(
                holder, name, staticmethod(noting) if isinstance(raw, (classmethod, staticmethod)) else noting
            )
            report = judge(data, web)
        if not met:
            return
        yield report


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault()).__name__)
@pytest.mark.parametrize("path", COLLABORATORS)
@pytest.mark.case("OUT-15")
def test_a_fault_anywhere_is_never_valid(
    monkeypatch: pytest.MonkeyPatch, path: str, fault: Callable[[], Exception]
) -> None:
    """Each call of each collaborator fails once, with each kind of exception: a report comes back, never green."""
    reports = list(_injected(monkeypatch, path, fault))
    assert reports, f"{path} is not on the verify path any more"
    for report in reports:
        assert report is not None
        assert report.verdict is not Verdict.VALID
        assert any(step.outcome in (Outcome.FAILED, Outcome.NOT_CHECKED) for step in report.steps)
        if not isinstance(fault(), errors.BadData):
            assert report.verdict is Verdict.CANNOT_CHECK


def test_without_a_fault_it_is_valid() -> None:
    """The injection test starts from green."""
    web, data = _signed()
    assert judge(data, web).verdict is Verdict.VALID


@pytest.mark.parametrize("url_of", ["did", "list"])
@pytest.mark.case("OUT-15")
def test_a_fetcher_that_breaks_down_leaves_it_unchecked(url_of: str) -> None:
    web = MemoryWeb()
    issuer = Issuer(web)
    document = issuer.issue()
    web.crash(issuer.did_url if url_of == "did" else issuer.list_url(), ZeroDivisionError())
    report = judge(document, web)
    assert report.verdict is Verdict.CANNOT_CHECK
    assert "internal_error" in [step.code for step in report.steps]


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*path, name)
            yield from _places(item, (*path, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield (*path, number)
            yield from _places(item, (*path, number))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-2, 2) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_change_of_any_member_shows_anything_else(data: st.DataObject) -> None:
    """Any value of the signed document replaced by any other: refused, or (where JSON-LD knows no difference, such as a
    list of one) shown exactly as it was signed. Never an exception, never greener than the worst step."""
    web, signed = _signed()
    document = strict_json.loads_object(signed)
    path = data.draw(st.sampled_from(list(_places(document))))
    changed = copy.deepcopy(document)
    holder = functools.reduce(lambda part, name: part[name], path[:-1], changed)
    holder[path[-1]] = data.draw(_JSON | st.sampled_from([[holder[path[-1]]], {"@value": holder[path[-1]]}]))
    report = judge(changed, web)
    assert report.verdict.severity <= allowed({step.outcome for step in report.steps}).severity
    if report.verified is not None:
        assert report.verified.to_json() == judge(signed, web).to_json()["credential"]


@given(st.integers(0, 10_000), st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_no_flipped_bit_stays_green(position: int, bit: int) -> None:
    web, signed = _signed()
    flipped = bytearray(signed)
    flipped[position % len(flipped)] ^= 1 << bit
    report = judge(bytes(flipped), web)
    assert report.verdict is not Verdict.VALID
    assert report.verified is None


@given(st.binary(max_size=300) | _JSON.map(to_bytes))
@settings(max_examples=200, deadline=None)
def test_any_bytes_get_a_report(data: bytes) -> None:
    report = judge(data, MemoryWeb())
    assert report.verdict is not Verdict.VALID
    assert report.to_json()["checks"]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)


@given(name=_TEXT, title=_TEXT, comment=_TEXT, hours=st.integers(1, 2000))
@settings(max_examples=40, deadline=None)
@pytest.mark.case("LDP-21")
def test_every_string_that_is_shown_was_signed(name: str, title: str, comment: str, hours: int) -> None:
    """Each display field is a value of the signed document (days: its first ten characters; the domain: of its DID)."""
    web = MemoryWeb()
    issuer = Issuer(web)
    from tests.worlds.completions import completion

    document = issuer.issue(
        issuer.unsigned(
            student={"name": name, "email": "a@students.example"},
            project={**completion()["project"], "title": title},
            public_comment=comment,
            hours=hours,
        )
    )
    report = judge(document, web)
    signed = set(_strings({key: value for key, value in document.items() if key != "proof"}))
    days = {text[:10] for text in signed}
    assert report.verdict is Verdict.VALID
    shown = report.to_json()["credential"]
    assert shown["issuerDomain"] in shown["issuerDid"]
    del shown["issuerDomain"]
    assert set(_strings(shown)) <= signed | days
