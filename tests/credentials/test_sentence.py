"""A sentence is its English text, and remembers enough to be said in another language."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, date, datetime

import pytest

from credentials import strict_json
from credentials.sentence import Sentence, english_day
from credentials.verify import sentences


def test_it_is_the_english_text() -> None:
    said = Sentence("It expired on %(day)s.", day=datetime(2026, 5, 2, 23, tzinfo=UTC))
    assert said == "It expired on 2 May 2026."
    assert isinstance(said, str)
    assert f"{said}" == "It expired on 2 May 2026."
    assert json.dumps({"sentence": said}) == '{"sentence": "It expired on 2 May 2026."}'
    assert strict_json.dumps({"sentence": said}) == b'{"sentence":"It expired on 2 May 2026."}'


def test_it_remembers_message_and_values() -> None:
    said = Sentence("%(domain)s publishes it since %(day)s.", domain="lumen.example", day=date(2026, 5, 2))
    assert said.message == "%(domain)s publishes it since %(day)s."
    assert said.values == {"domain": "lumen.example", "day": date(2026, 5, 2)}
    assert said.plural is None


def test_without_values_a_percent_sign_is_one() -> None:
    assert Sentence("100 % sure") == "100 % sure"
    assert Sentence("100 % sure").values == {}


@pytest.mark.parametrize(("number", "text"), [(1, "1 page"), (0, "0 pages"), (2, "2 pages"), (1.5, "1.5 pages")])
def test_what_is_counted_has_two_forms(number: float, text: str) -> None:
    said = Sentence("%(number)s page", "%(number)s pages", number=number)
    assert said == text
    assert (said.message, said.plural) == ("%(number)s page", "%(number)s pages")


def test_a_sentence_may_stand_in_a_sentence() -> None:
    whole = Sentence("%(title)s.", title=Sentence("Not found"))
    assert whole == "Not found."
    assert isinstance(whole.values["title"], Sentence)


@pytest.mark.parametrize(
    "said",
    [
        Sentence("plain, 100 %"),
        Sentence("on %(day)s", day=date(2026, 5, 2)),
        Sentence("%(number)s page", "%(number)s pages", number=3),
    ],
)
def test_copies_and_pickles_remember_too(said: Sentence) -> None:
    for again in (copy.copy(said), copy.deepcopy(said), pickle.loads(pickle.dumps(said))):
        assert (str(again), again.message, again.plural, again.values) == (
            str(said),
            said.message,
            said.plural,
            said.values,
        )


def test_days_are_written_as_in_english() -> None:
    assert english_day(date(2026, 12, 1)) == "1 December 2026"


def test_the_verifying_steps_offer_the_class() -> None:
    assert sentences.Sentence is Sentence
