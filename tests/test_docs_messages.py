"""What the verifier says is one set: complete, plain, without blame, each with one thing to do."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from credentials.verify import Verdict

pytestmark = pytest.mark.docs
REPOSITORY = Path(__file__).resolve().parent.parent
#: Words of specifications; whoever was handed a credential need not know them.
JARGON = re.compile(
    r"\b(JWT|JWS|JOSE|COSE|CBOR|JSON-LD|RDF|URDNA|VCDM|cryptosuite|proof|claimset|payload|base64\w*|UTF-8|HTTP|TLS|"
    r"canonical\w*|resolv\w+|verification method|disclosure|digest|pointer|syntax|parse\w*|null)\b",
    re.IGNORECASE,
)
#: Words that point at the reader.
BLAME = re.compile(
    r"\b(you (did|have|must|failed)|your (fault|mistake|error)|illegal|bad|wrong|oops|sorry)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_messages", REPOSITORY / "docs" / "build_messages_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(builder: ModuleType, heading: str) -> list[list[str]]:
    section = builder.page().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def sentences(builder: ModuleType) -> list[str]:
    done = builder.page().partition("## What a check says when it was done\n")[2].partition("\n## ")[0]
    said = [line[2:] for line in done.splitlines() if line.startswith("- ")]
    return said + [row[1] for row in rows(builder, "What a check says when it did not pass")]


def test_the_page_is_what_the_program_says(builder: ModuleType) -> None:
    assert builder.PAGE.read_text(encoding="utf-8") == builder.page(), "run: python docs/build_messages_page.py"


def test_every_verdict_has_one_word_one_sentence_and_one_thing_to_do(builder: ModuleType) -> None:
    found = rows(builder, "Verdicts")
    assert [row[0] for row in found] == [f"`{verdict.id}`" for verdict in Verdict]
    assert all(all(cell for cell in row) for row in found)
    assert all(len(row[1].split()) <= 4 for row in found)
    assert len({row[1] for row in found}) == len(found), "no two verdicts share a word"


def test_every_outcome_and_every_problem_says_what_to_do(builder: ModuleType) -> None:
    found = rows(builder, "Outcomes that no error stands behind") + rows(
        builder, "What keeps something from being judged"
    )
    assert len(found) > 40
    silent = [row for row in found if len(row) < 3 or not re.search(r"\S.{8,}", row[2])]
    assert silent == []


def test_sentences_are_sentences(builder: ModuleType) -> None:
    said = sentences(builder)
    assert len(said) > 150
    assert [one for one in said if not re.fullmatch(r"(?:[A-Z]|\*\w+\*).{8,170}\.", one)] == []


def test_sentences_are_plain_and_blame_nobody(builder: ModuleType) -> None:
    assert [one for one in sentences(builder) if JARGON.search(one) or BLAME.search(one)] == []


def test_titles_and_remedies_blame_nobody(builder: ModuleType) -> None:
    found = rows(builder, "What keeps something from being judged") + rows(builder, "Verdicts")
    assert [row for row in found if any(BLAME.search(cell) for cell in row[1:])] == []
