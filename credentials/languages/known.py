"""Which languages the pages speak. A new one is a row here and a catalog in templates/languages/."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Known:
    """One language. `tag` is what an address asks for (`?lang=`), `html` its BCP 47 tag on a page."""

    tag: str
    html: str
    #: Its name in itself: whoever cannot read the page can read this.
    name: str
    #: The CLDR locale that its days and numbers are written in.
    locale: str
    #: "ltr" or "rtl".
    direction: str = "ltr"


ENGLISH: Final = Known("en", "en", "English", "en_GB")
KNOWN: Final[Mapping[str, Known]] = {
    language.tag: language
    for language in (
        ENGLISH,
        Known("es", "es", "Español", "es"),
        Known("fr", "fr", "Français", "fr"),
        Known("de", "de", "Deutsch", "de"),
        Known("ar", "ar", "العربية", "ar", "rtl"),
        Known("hi", "hi", "हिन्दी", "hi"),
        Known("zh", "zh-Hans", "简体中文", "zh_Hans"),
    )
}
_BY_LOCALE: Final[Mapping[str, Known]] = {language.locale: language for language in KNOWN.values()}


def of_locale(locale: str) -> Known:
    """The language that is written in a CLDR locale; English for one that is none of ours."""
    return _BY_LOCALE.get(locale, ENGLISH)
