"""How an address names a language (`?lang=es`), so that pages of every application do it alike. Pure text work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from credentials.languages.known import ENGLISH, KNOWN, Known


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a language switch: this page in that language."""

    language: Known
    address: str
    chosen: bool


def named(value: str | None) -> Known | None:
    """The language that `lang` names, also with a region (`zh-CN`); None when it is not one of ours."""
    return KNOWN.get((value or "").lower().replace("_", "-").partition("-")[0])


def preferred(accepted: Iterable[tuple[str, float]]) -> Known:
    """The first language of ours among those that a browser accepts (tag and quality, best first), else English.

    `en-US, de;q=0.9` is English: a region that we do not tell apart does not make the next language the better one.
    """
    return next((known for tag, quality in accepted if quality > 0 and (known := named(tag))), ENGLISH)


def in_language(path: str, language: Known | None) -> str:
    """A path that hands on the language which its page was asked for in; unchanged when it was not asked for."""
    return path if language is None else f"{path}{'&' if '?' in path else '?'}lang={language.tag}"


def choices(path: str, query: Mapping[str, str], now: Known) -> tuple[Choice, ...]:
    """The page at `path` in every language; `query` is what else its address says."""
    kept = {name: value for name, value in query.items() if name != "lang"}
    return tuple(
        Choice(language, f"{path}?{urlencode({**kept, 'lang': language.tag})}", language is now)
        for language in KNOWN.values()
    )
