"""The catalogs hold exactly the messages of the program, each of them translated whole."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message

from credentials.languages import KNOWN, Speech

REPOSITORY = Path(__file__).resolve().parent.parent
TAGS = [tag for tag in KNOWN if tag != "en"]
#: In other languages than English the detail, which is English, is left out.
WITHOUT_DETAIL = "%(title)s. %(detail)s"
#: gettext's forms of a number.
FORMS = {"es": 2, "fr": 2, "de": 2, "ar": 6, "hi": 2, "zh": 1}
UPDATE = "run: python docs/build_languages.py"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_languages", REPOSITORY / "docs" / "build_languages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def messages(builder: ModuleType, tag: str) -> list[Message]:
    return [message for message in builder.read(tag) if message.id]


def forms_of(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def originals_of(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (str(message.id),)


def placeholders(text: str) -> Counter[str]:
    return Counter(re.findall(r"%\([a-z_]+\)s", text))


def test_there_is_a_catalog_for_each_language_and_no_other(builder: ModuleType) -> None:
    assert sorted(path.stem for path in builder.CATALOGS.iterdir()) == sorted(TAGS)


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalog_holds_the_messages_of_the_program_and_no_stale_one(builder: ModuleType, tag: str) -> None:
    held = {message.id for message in messages(builder, tag)}
    assert held == set(builder.messages()), UPDATE
    assert not builder.read(tag).obsolete


@pytest.mark.parametrize("tag", TAGS)
def test_every_message_is_translated_and_none_is_a_guess(builder: ModuleType, tag: str) -> None:
    found = messages(builder, tag)
    assert [message.id for message in found if not all(forms_of(message)) or message.fuzzy] == []
    plural = [message for message in found if isinstance(message.id, tuple)]
    assert plural
    assert {len(forms_of(message)) for message in plural} == {FORMS[tag]}


@pytest.mark.parametrize("tag", TAGS)
def test_placeholders_are_the_same(builder: ModuleType, tag: str) -> None:
    """A form for nought, one or two may leave the number out: Arabic says "two hours" in one word."""
    wrong = []
    for message in messages(builder, tag):
        wanted = placeholders(originals_of(message)[-1])
        for form in forms_of(message):
            found = placeholders(form)
            said_in_words = isinstance(message.id, tuple) and tag == "ar" and not found - wanted
            if found != wanted and not said_in_words and message.id != WITHOUT_DETAIL:
                wrong.append((message.id, form))
            if "%" in re.sub(r"%\([a-z_]+\)s", "", form):
                wrong.append((message.id, form))
    assert wrong == []


@pytest.mark.parametrize("tag", TAGS)
def test_no_message_carries_markup(builder: ModuleType, tag: str) -> None:
    """Messages are escaped like any other text, so a tag in one would be shown."""
    texts = [text for message in messages(builder, tag) for text in (*originals_of(message), *forms_of(message))]
    assert [text for text in texts if re.search(r"</?[a-z]|&[a-z#0-9]+;", text)] == []


@pytest.mark.parametrize(("tag", "script"), [("ar", "\u0600-\u06ff"), ("hi", "\u0900-\u097f"), ("zh", "\u4e00-\u9fff")])
def test_a_catalog_is_written_in_its_own_script(builder: ModuleType, tag: str, script: str) -> None:
    """What holds words in English holds words in the script of the language."""
    bare = [
        message.id
        for message in messages(builder, tag)
        for form in forms_of(message)
        if re.search(r"[a-z]{3}", re.sub(r"%\([a-z_]+\)s", "", originals_of(message)[0]))
        and not re.search(f"[{script}]", form)
    ]
    assert bare == []


@pytest.mark.parametrize("tag", TAGS)
def test_a_sentence_ends_like_a_sentence(builder: ModuleType, tag: str) -> None:
    """A full stop or question mark in English is one in the translation; a title has none."""
    ends = {".": (".", "。", "।"), "?": ("?", "؟", "？")}
    wrong = [
        (message.id, form)
        for message in messages(builder, tag)
        for form in forms_of(message)
        if (originals_of(message)[-1][-1] in ends) != form.endswith(tuple(e for end in ends.values() for e in end))
        and message.id != WITHOUT_DETAIL
        and not originals_of(message)[-1].endswith("…")
    ]
    assert wrong == []


@pytest.mark.parametrize("tag", TAGS)
def test_writing_a_catalog_again_changes_nothing(builder: ModuleType, tag: str) -> None:
    written = (builder.CATALOGS / f"{tag}.po").read_text(encoding="utf-8")
    assert written == builder.text(tag, builder.updated(tag, builder.messages())), UPDATE


@pytest.mark.parametrize("tag", TAGS)
def test_a_catalog_can_be_spoken(builder: ModuleType, tag: str) -> None:
    speech = Speech(KNOWN[tag], (builder.CATALOGS / f"{tag}.po").read_bytes())
    assert speech.translations.gettext("Withdrawn") != "Withdrawn"
