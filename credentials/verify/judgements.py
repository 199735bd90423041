"""What a credential says beside its facts: how the work was judged, what skills it is aligned to, other languages.

Reading only, as `credentials.verify.content` does; nothing is interpreted, put in order or translated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credentials import vcdm
from credentials.verify.reading import by_language, objects, single, text


@dataclass(frozen=True, slots=True)
class Alignment:
    """A skill or competency in a framework (Open Badges 3.0, Alignment). `url` is the skill's own page."""

    name: str
    url: str | None
    framework: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """One result that the issuer judged: a rating, or a competency with the level that was reached.

    `level` is the name of the achieved level, else the value; `scale` names the levels in the order of the document, or
    holds the least and the greatest value.
    """

    name: str
    level: str
    scale: tuple[str, ...]
    is_rating: bool
    alignments: tuple[Alignment, ...]


@dataclass(frozen=True, slots=True)
class LanguageVersion:
    """The title and the description in one language, a BCP 47 tag."""

    language: str
    title: str | None
    description: str | None


def alignments(value: Any) -> tuple[Alignment, ...]:
    """Every alignment that has a name."""
    return tuple(
        Alignment(name, text(item.get("targetUrl")), text(item.get("targetFramework")), text(item.get("targetCode")))
        for item in objects(value)
        if (name := text(item.get("targetName")))
    )


def judgements(subject: Mapping[str, Any], descriptions: Sequence[Mapping[str, Any]]) -> tuple[Judgement, ...]:
    """The results that are neither hours nor a status, each as its description explains it."""
    described = {text(item.get("id")): item for item in descriptions}
    found = (
        _judgement(result, described.get(text(result.get("resultDescription")), {}))
        for result in objects(subject.get("result"))
    )
    return tuple(judgement for judgement in found if judgement is not None)


def _judgement(result: Mapping[str, Any], description: Mapping[str, Any]) -> Judgement | None:
    kind, name = text(description.get("resultType")), text(description.get("name"))
    levels = {text(item.get("id")): text(item.get("name")) for item in objects(description.get("rubricCriterionLevel"))}
    level = levels.get(text(result.get("achievedLevel"))) or text(result.get("value"))
    if kind in (None, "ext:HoursWorked", "Status") or name is None or level is None:
        return None
    aligned = alignments(result.get("alignment")) or alignments(description.get("alignment"))
    return Judgement(name, level, _scale(description, levels), kind == "RubricScore", aligned)


def _scale(description: Mapping[str, Any], levels: Mapping[str | None, str | None]) -> tuple[str, ...]:
    """The levels, else the values that are allowed, else the least and the greatest."""
    bounds = (description.get("valueMin"), description.get("valueMax"))
    for values in (levels.values(), map(text, vcdm.as_list(description.get("allowedValue"))), map(text, bounds)):
        if named := tuple(value for value in values if value):
            return named
    return ()


def language_versions(document: Mapping[str, Any]) -> tuple[LanguageVersion, ...]:
    """The languages in which the credential gives its title or description, where it gives several."""
    achievement = single(single(document.get("credentialSubject")).get("achievement"))
    titles = by_language(document.get("name")) | by_language(achievement.get("name"))
    described = by_language(document.get("description")) | by_language(achievement.get("description"))
    languages = list(dict.fromkeys((*titles, *described)))
    return tuple(LanguageVersion(language, titles.get(language), described.get(language)) for language in languages)
