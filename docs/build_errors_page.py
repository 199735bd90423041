"""Writes docs/errors.md out of the error classes and the outcomes of checks; a test holds page and program together.

Run it as `python docs/build_errors_page.py` after a change of an error. It changes no other file.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "errors.md"
PACKAGES = ("schemas", "credentials", "keys", "issuer", "verifier")
#: What a class with a code of its own looks like in the source; only such modules are imported.
CODE = re.compile(r'^    code(: ClassVar\[str\])? = "', re.MULTILINE)

sys.path.insert(0, str(REPOSITORY))

from credentials.errors import BadData, PlauditError, Refused, Unreachable  # noqa: E402
from credentials.verify.explained import OUTCOMES  # noqa: E402

INTRODUCTION = """# Errors, one by one

Every error of Plaudit has a code. You find it in the page or the JSON that reports the error (`code`, or the end of
`type`). Below stands what each means and what to do.

There are three families, because they call for different behaviour:

- **The data is wrong.** The same input will be wrong again.
- **Could not be reached.** The world did not answer; trying again may help. A check that met this was *not done*: it
  says nothing about the credential.
- **Refused.** A rule or a limit of Plaudit says no.

This page is written by `docs/build_errors_page.py` out of the program itself.
"""

FAMILIES: dict[type[PlauditError], tuple[str, str]] = {
    BadData: (
        "the data is wrong",
        "If you made the document, correct what the message names; if you were given it, ask for the original.",
    ),
    Unreachable: ("could not be reached", "Try again in a moment."),
    Refused: ("refused", "Do what the message names; the rule itself does not bend."),
}


def page() -> str:
    """The whole page, as Markdown: one section for each code, in the order of the alphabet."""
    sections = {code: _outcome(*words) for code, words in OUTCOMES.items()}
    sections |= {code: "\n\n".join(map(_error, kinds)) for code, kinds in error_classes().items()}
    body = "\n\n".join(f"## {code}\n\n{text}" for code, text in sorted(sections.items()))
    return f"{INTRODUCTION}\n{body}\n"


def error_classes() -> dict[str, list[type[PlauditError]]]:
    """Every error class of the program that has a code of its own, by code."""
    for path in sorted(path for package in PACKAGES for path in (REPOSITORY / package).rglob("*.py")):
        if CODE.search(path.read_text(encoding="utf-8")):
            importlib.import_module(".".join(path.relative_to(REPOSITORY).with_suffix("").parts))
    found: dict[str, list[type[PlauditError]]] = {}
    for kind in sorted(set(_subclasses(PlauditError)), key=lambda kind: (kind.__module__, kind.__name__)):
        if "code" in vars(kind) and kind.__module__.partition(".")[0] in PACKAGES:
            found.setdefault(kind.code, []).append(kind)
    return found


def _subclasses(kind: type[PlauditError]) -> Iterator[type[PlauditError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _subclasses(below)


def _error(kind: type[PlauditError]) -> str:
    family, advice = next(words for parent, words in FAMILIES.items() if issubclass(kind, parent))
    facts = [f"Family: {family}", f"HTTP status {kind.status_hint}"]
    if kind.problem_type:
        facts.append(f"problem type `{kind.problem_type}`")
    meaning = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " ")
    return _section(kind.title, meaning, kind.remedy or advice) + f"\n\n{' · '.join(facts)}"


def _outcome(title: str, meaning: str, remedy: str) -> str:
    return _section(title, meaning, remedy) + "\n\nAn outcome of verifying, not an error."


def _section(title: str, meaning: str, remedy: str) -> str:
    return f"**{title.rstrip('.')}.** {meaning}\n\n*What to do:* {remedy}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
