"""How the work was judged, what it is aligned to and in which languages, read from the document and no further."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.verify import Deliverable, content, reading
from credentials.verify.judgements import Alignment, Judgement, LanguageVersion
from tests.worlds.issuers import Issuer, judge
from tests.worlds.memory_web import MemoryWeb

RATING = {
    "id": "urn:r",
    "type": ["ResultDescription"],
    "name": "Overall rating",
    "resultType": "RubricScore",
    "rubricCriterionLevel": [
        {"id": "urn:r1", "type": ["RubricCriterionLevel"], "name": "Met"},
        {"id": "urn:r2", "type": ["RubricCriterionLevel"], "name": "Exceeded"},
    ],
}
SKILL = {
    "type": ["Alignment"],
    "targetName": "Communication",
    "targetUrl": "https://nace.example/communication",
    "targetFramework": "NACE",
    "targetCode": "3",
}


def with_results(*results: dict[str, Any], descriptions: tuple[dict[str, Any], ...] = (RATING,)) -> Any:
    subject = {"result": list(results), "achievement": {"resultDescription": list(descriptions)}}
    return content.seal({"credentialSubject": subject})


def test_a_rating_is_the_achieved_level_of_its_scale() -> None:
    shown = with_results({"resultDescription": "urn:r", "achievedLevel": "urn:r2"})
    assert shown.judgements == (Judgement("Overall rating", "Exceeded", ("Met", "Exceeded"), True, ()),)


@pytest.mark.parametrize(
    ("more", "scale"),
    [
        ({"allowedValue": ["low", "high"]}, ("low", "high")),
        ({"allowedValue": "high"}, ("high",)),
        ({"valueMin": "1", "valueMax": "5"}, ("1", "5")),
        ({}, ()),
    ],
)
def test_a_competency_has_its_value_its_scale_and_its_framework(more: dict[str, Any], scale: tuple[str, ...]) -> None:
    description = {"id": "urn:c", "name": "Communication", "resultType": "Result", **more}
    shown = with_results(
        {"resultDescription": "urn:c", "value": "4", "alignment": [SKILL]}, descriptions=(description,)
    )
    aligned = Alignment("Communication", "https://nace.example/communication", "NACE", "3")
    assert shown.judgements == (Judgement("Communication", "4", scale, False, (aligned,)),)


def test_the_description_s_alignment_counts_where_the_result_has_none() -> None:
    description = {"id": "urn:c", "name": "Communication", "resultType": "Result", "alignment": SKILL}
    shown = with_results({"resultDescription": "urn:c", "value": "4"}, descriptions=(description,))
    assert [item.framework for item in shown.judgements[0].alignments] == ["NACE"]


@pytest.mark.parametrize(
    "result",
    [
        {"resultDescription": "urn:unknown", "value": "5"},
        {"resultDescription": "urn:r"},
        {"resultDescription": "urn:r", "achievedLevel": "urn:other"},
        {"value": "5"},
    ],
)
def test_a_result_that_nothing_explains_is_not_shown(result: dict[str, Any]) -> None:
    assert with_results(result).judgements == ()


def test_hours_and_outcome_are_no_judgements() -> None:
    web = MemoryWeb()
    shown = judge(Issuer(web).issue(), web).verified
    assert shown is not None
    assert shown.judgements == ()
    assert (shown.hours, shown.outcome) == ("31", "accepted")


def test_machines_get_judgements_and_frameworks() -> None:
    shown = content.seal(
        {
            "credentialSubject": {
                "achievement": {"resultDescription": [RATING], "alignment": [SKILL]},
                "result": [{"resultDescription": "urn:r", "achievedLevel": "urn:r1"}],
            }
        }
    ).to_json()
    assert shown["skills"] == [
        {"name": "Communication", "url": "https://nace.example/communication", "framework": "NACE", "code": "3"}
    ]
    assert shown["judgements"] == [
        {"name": "Overall rating", "level": "Met", "scale": ["Met", "Exceeded"], "isRating": True, "alignments": []}
    ]


def test_titles_in_several_languages_are_kept_apart() -> None:
    names = [{"@value": "Audit", "@language": "en"}, {"@value": "Auditoría", "@language": "es"}]
    described = {"@value": "Web checkout", "@language": "en"}
    achievement = {"name": names, "inLanguage": "es", "description": described}
    shown = content.seal({"credentialSubject": {"achievement": achievement}})
    assert (shown.title, shown.description) == ("Auditoría", "Web checkout")
    assert shown.language_versions == (
        LanguageVersion("en", "Audit", "Web checkout"),
        LanguageVersion("es", "Auditoría", None),
    )
    assert shown.to_json()["languageVersions"][1] == {"language": "es", "title": "Auditoría", "description": None}


@pytest.mark.parametrize("odd", [None, [], [{"@language": "en"}], [{"@value": 1, "@language": "en"}, {"@value": "x"}]])
def test_odd_languages_are_read_as_nothing(odd: Any) -> None:
    assert reading.by_language(odd) == {}
    assert reading.words(odd) is None


def test_a_digest_is_an_sri_expression_or_a_multihash() -> None:
    evidence = [
        {"id": "https://a.example/1", "name": "One", "digestSRI": "sha256-x", "digestMultibase": "zQ"},
        {"id": "https://a.example/2", "name": "Two", "byteSize": 1200},
    ]
    related = [{"id": "https://a.example/2", "digestMultibase": "zQmY"}]
    shown = content.seal({"evidence": evidence, "relatedResource": related})
    assert shown.deliverables == (
        Deliverable("One", None, "https://a.example/1", "sha256-x"),
        Deliverable("Two", None, "https://a.example/2", "zQmY", 1200),
    )
    assert shown.to_json()["deliverables"][1]["size"] == 1200
