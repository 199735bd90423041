"""Writes docs/messages.md: all that the verifier says to people, as one set; a test holds page and program together.

Run it as `python docs/build_messages_page.py` after a change of a sentence. It changes no other file.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "messages.md"

sys.path.insert(0, str(REPOSITORY))

from credentials import errors  # noqa: E402
from credentials.errors import PlauditError  # noqa: E402
from credentials.verify import Verdict, sentences  # noqa: E402
from credentials.verify.explained import OUTCOMES  # noqa: E402
from credentials.verify.outcomes import from_error  # noqa: E402
from verifier import problems  # noqa: E402

INTRODUCTION = """# What the verifier says

Every verdict, every sentence of a check and every error, with the one thing to do next. They are read as a set here, so
that they keep to the same rules:

- One plain sentence says what was found. It says no more than was checked, and blames nobody.
- One thing to do next, that the reader can do.
- The same word for the same thing: *credential*, *issuer*, *holder*, *signed*, *withdrawn*, *suspended*, *record* (the
  finished work that is confirmed), *certificate* (its paper or PDF). No term of a specification where a plain word will
  do.
- Technical detail stands behind the sentence, never in it.

The page is written by `docs/build_messages_page.py` out of the program. Codes never change; words may. How the words
come into other languages: [languages](languages.md). What each code means in full: [errors](errors.md).
"""
#: Where the checks say what they found, in the order of this page.
CHECKS = {
    "The eight checks of a credential": "credentials/verify/steps.py",
    "A presentation": "credentials/verify/presentation.py",
    "Withdrawn, suspended, replaced": "credentials/verify/standing.py",
    "Endorsements": "credentials/verify/endorsements.py",
    "A printed code": "credentials/verify/printed.py",
    "The PDF as a whole": "verifier/document/*.py",
    "The issuer's domain": "verifier/ladder/*.py",
    "Look-alikes": "credentials/lookalikes.py",
}


def page() -> str:
    """The whole page, as Markdown."""
    parts = [INTRODUCTION, _verdicts(), _checks(), _obstacles(), _outcomes(), _problems()]
    return "\n".join(parts)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(heads)]
    lines += [["---"] * len(lines[0])]
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _verdicts() -> str:
    rows = [(f"`{verdict.id}`", verdict.word, verdict.sentence, verdict.remedy) for verdict in Verdict]
    text = "\nWorst first: of several that apply, the first one is the headline.\n\n"
    return "## Verdicts\n" + text + _table(("id", "word", "sentence", "to do"), rows)


def _checks() -> str:
    text = "## What a check says when it was done\n"
    for title, pattern in CHECKS.items():
        said = [sentence for path in sorted(REPOSITORY.glob(pattern)) for sentence in _sentences_in(path)]
        text += f"\n### {title}\n\n" + "".join(f"- {sentence}\n" for sentence in dict.fromkeys(said))
    return text


def _sentences_in(path: Path) -> Iterator[str]:
    """The sentences that a module says, in its order; names of checks (without a full stop) are left out."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id == "Sentence" and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant) and str(first.value).endswith("."):
                yield re.sub(r"%\((\w+)\)s", r"*\1*", str(first.value))


def _obstacles() -> str:
    """Every error that a check can meet, as its report words it."""
    text = "\nThe error keeps a check from passing. To do: where it differs from what the verdict says.\n\n"
    rows = []
    for kind in sorted(set(_kinds(PlauditError)), key=lambda kind: kind.code):
        if kind.code in sentences.known_codes() and "code" in vars(kind):
            error = kind.__new__(kind)
            error.detail, error.pointer = "", None
            found = from_error(error)
            verdict = found.verdict or Verdict.CANNOT_CHECK
            remedy = "" if found.remedy == verdict.remedy else found.remedy
            rows.append((f"`{kind.code}`", found.sentence, verdict.word, remedy))
    return "## What a check says when it did not pass\n" + text + _table(("code", "sentence", "verdict", "to do"), rows)


def _outcomes() -> str:
    rows = [(f"`{code}`", title, remedy) for code, (title, _, remedy) in sorted(OUTCOMES.items())]
    return "## Outcomes that no error stands behind\n\n" + _table(("code", "title", "to do"), rows)


def _problems() -> str:
    """What can be wrong with what was handed in, before anything is judged."""
    own = {kind for kind in _kinds(PlauditError) if kind.__module__ == problems.__name__}
    own |= {errors.OpenBadges2, *(kind for kind in _kinds(PlauditError) if "short_codes" in kind.__module__)}
    rows = [(f"`{kind.code}`", kind.title, kind.remedy) for kind in sorted(own, key=lambda kind: kind.code)]
    return "## What keeps something from being judged\n\n" + _table(("code", "title", "to do"), rows)


def _kinds(kind: type[PlauditError]) -> Iterator[type[PlauditError]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
