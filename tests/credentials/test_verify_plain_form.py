"""Which forms of a document are plain, and what is told of one that is not."""

from __future__ import annotations

from typing import Any

import pytest

from credentials import errors
from credentials.verify import plain_form


@pytest.mark.parametrize(
    ("document", "detail", "pointer"),
    [
        ({"a": {"https://x.example/" + "y" * 80: 1}}, f"the member {('https://x.example/' + 'y' * 62)!r} is not a term",
         "/a"),
        ({"a": [{"@id": 1}]}, "the member '@id' is not a term", "/a/0"),
        ({"a": {"@value": "x"}}, "a plain value is wrapped in an object", "/a"),
        ({"a": [["x"]]}, "a list stands in a list", "/a"),
        ({"a": ["x", {"id": "urn:1"}, {"id": "urn:1"}]}, "one thing is torn into two objects", "/a"),
        ({"a": {"Criteria": 1}}, "'Criteria' is a class, not a member", "/a"),
    ],
)  # fmt: skip
def test_a_roundabout_form_is_told_with_its_place(document: Any, detail: str, pointer: str) -> None:
    with pytest.raises(errors.NotCompacted) as caught:
        plain_form.check(document)
    assert (caught.value.detail, caught.value.pointer) == (detail, pointer)


@pytest.mark.parametrize(
    "document",
    [
        {"@context": [["x"], {"a:b": {"@id": 1}}]},
        {"a": {"@value": "x", "@language": "en"}},
        {"a": {"@value": "x", "@direction": "ltr"}},
        {"a": [{"id": "urn:1"}, {"id": "urn:2"}], "b": {"id": "urn:1"}},
        {"a": [{"id": 5}, {"id": 5}, "urn:1", "urn:1"]},
        {"Unheard": 1},
        {"": 1},
    ],
)
def test_a_plain_form_is_not_refused(document: Any) -> None:
    plain_form.check(document)


def test_a_class_in_a_member_s_place_is_found_in_contexts_and_in_contexts_inside_them() -> None:
    plain_form._class_names.cache_clear()
    for name in ("Achievement", "Address", "Criteria", "GeoCoordinates", "Image", "Profile"):
        with pytest.raises(errors.NotCompacted):
            plain_form.check({name: 1})
    plain_form.check({"Alignment": 1, "Result": 1})


def test_the_terms_of_a_context_are_read_however_it_is_written() -> None:
    inner = {"@context": {"inner": "urn:inner"}, "@id": "urn:outer"}
    context = ["https://x.example/v1", {"plain": "urn:plain", "outer": inner, "none": None, "odd": {"@type": "@id"}}]
    expected = [("plain", "urn:plain"), ("outer", "urn:outer"), ("inner", "urn:inner")]
    assert list(plain_form._terms(context)) == expected
    assert list(plain_form._terms(context[1])) == expected
