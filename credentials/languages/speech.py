"""Says things in one language: our sentences by its catalog, days, numbers and hours by the CLDR (Babel).

`Speech` has the functions of `credentials.wording` under the same names, so that a template asks either of them.
English is not said here: it is what `credentials.wording` itself says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from io import BytesIO
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from credentials import wording
from credentials.languages.known import Known
from credentials.sentence import Sentence
from credentials.wording import Claim, Day, Named, Part

#: Every language here says a hundred in the form that it uses for fractions.
_LIKE_A_FRACTION = 100
_PLAIN_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)


class Speech:
    """One language other than English. `catalog` is its .po file."""

    iso_day = staticmethod(wording.iso_day)
    iso_moment = staticmethod(wording.iso_moment)
    direction = staticmethod(wording.direction)
    link = staticmethod(wording.link)
    host_of = staticmethod(wording.host_of)
    record_page = staticmethod(wording.record_page)

    def __init__(self, known: Known, catalog: bytes) -> None:
        self.known = known
        self.locale = Locale.parse(known.locale)
        self.translations = _compiled(catalog, known.locale)

    # -- sentences

    def say(self, text: str) -> str:
        """Return a sentence of ours in this language; text that is no `Sentence`, such as signed text, as it is."""
        if not isinstance(text, Sentence) or not text:
            return text
        values = {name: self._value(value) for name, value in text.values.items()}
        if text.plural is None:
            message = self.translations.gettext(text.message)
        else:
            message = self.translations.ngettext(text.message, text.plural, text.values["number"])
        return message % values if values else message

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.say(value)
        if isinstance(value, date):
            return self.day(value)
        return self.number(value) if isinstance(value, (int, float, Decimal)) else value

    # -- days, numbers, hours

    def day(self, value: Day | None) -> str:
        """As `wording.day`, in the long form of the language: `2 de mayo de 2026`."""
        found = wording.calendar_day(value)
        return format_date(found, "long", locale=self.locale) if found else str(value or "")

    def date_range(self, start: Day | None, end: Day | None) -> str:
        """As `wording.date_range`: month and year once where they are the same, in the order of the language."""
        first, last = wording.calendar_day(start), wording.calendar_day(end)
        if first is None or last is None or first == last:
            return self.day(end if first is None and last else start)
        field = "y" if first.year != last.year else "M" if first.month != last.month else "d"
        before, after = self._ranges[field]
        return format_date(first, before, locale=self.locale) + format_date(last, after, locale=self.locale)

    @cached_property
    def _ranges(self) -> Mapping[str, tuple[str, str]]:
        """The CLDR's interval patterns with the month in full, by the largest field in which two days differ."""
        formats = self.locale.interval_formats
        patterns = formats.get("yMMMMd") or formats["yMMMd"]
        full = {field: "\0".join(patterns[field]).replace("MMMM", "MMM").replace("MMM", "MMMM") for field in "yMd"}
        return {field: (pattern.split("\0")[0], pattern.split("\0")[1]) for field, pattern in full.items()}

    def moment(self, value: datetime) -> str:
        """As `wording.moment`; the clock has 24 hours everywhere, because UTC is said beside it."""
        utc = value.astimezone(UTC)
        return self.say(Sentence("%(day)s, %(time)s UTC", day=utc, time=f"{utc:%H:%M}"))

    def number(self, value: float | Decimal | str) -> str:
        """A number with the separators of the language; what is none comes back as it is."""
        exact = _decimal(value)
        return str(value) if exact is None else format_decimal(exact, "#,##0.##", locale=self.locale)

    def hours(self, value: float | str | None) -> str:
        """`24 Stunden`, in the plural form that the number asks for; nothing for None."""
        if value is None or value == "":
            return ""
        exact = _decimal(value)
        form = _LIKE_A_FRACTION if exact is None else self._like(exact)
        return self.translations.ngettext(wording.HOURS.message, str(wording.HOURS.plural), form) % {
            "number": self.number(value)
        }

    def _like(self, value: Decimal) -> int:
        """A whole number of the same plural form."""
        alike = self.locale.plural_form(value) == self.locale.plural_form(int(value))
        return int(value) if alike else _LIKE_A_FRACTION

    # -- the fixed terms of the completion record

    def hours_source(self, term: str) -> str:
        return self.say(wording.hours_source(term))

    def engagement(self, term: str) -> str:
        return self.say(wording.engagement(term))

    def mode(self, term: str) -> str:
        return self.say(wording.mode(term))

    def outcome(self, term: str) -> str:
        return self.say(wording.outcome(term))

    def team(self, size: int) -> str:
        return self.say(wording.team(size))

    # -- the first sentence

    def sentence_parts(self, claim: Claim, verdict: Named) -> tuple[Part, ...]:
        """As `wording.sentence_parts`, in the word order of the language."""
        return wording.sentence_parts(claim, verdict, self)

    def sentence(self, claim: Claim, verdict: Named) -> str:
        return "".join(part.text for part in self.sentence_parts(claim, verdict))


def _decimal(value: float | Decimal | str) -> Decimal | None:
    """The number, when it is written as people write hours: an issuer may have put anything there."""
    return Decimal(str(value)) if _PLAIN_NUMBER.fullmatch(str(value)) else None


#: As many catalogs as there are languages, and as many again while they change: apps of one process share them.
@lru_cache(maxsize=32)
def _compiled(catalog: bytes, locale: str) -> Translations:
    """A .po file as gettext works with it; what is marked fuzzy or is empty stays English."""
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(catalog), locale=locale, ignore_obsolete=True))
    compiled.seek(0)
    return Translations(fp=compiled)
