"""What a template asks for words: the functions of gettext, and `wording`, in the language of whoever reads the page.

Which language that is, is asked anew each time; nothing is kept here but the catalogs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from credentials import wording
from credentials.languages.known import ENGLISH, KNOWN, Known
from credentials.languages.speech import Speech
from credentials.sentence import Sentence


class Spoken:
    """All languages. `catalogs` holds a .po file by tag; `current` returns the tag of the language to speak now."""

    def __init__(self, catalogs: Mapping[str, bytes], current: Callable[[], str]) -> None:
        self._speeches = {tag: Speech(KNOWN[tag], catalog) for tag, catalog in catalogs.items()}
        self._current = current

    def in_templates(self) -> dict[str, Any]:
        """What every template may use, by name; whoever serves pages adds `language_choices`."""
        return {
            "_": self.gettext,
            "gettext": self.gettext,
            "ngettext": self.ngettext,
            "wording": self,
            "spoken_language": self.language,
        }

    def language(self) -> Known:
        """The language that is spoken now."""
        return KNOWN.get(self._current(), ENGLISH)

    def speech(self) -> Speech | None:
        """The words of that language; None for English, which needs none."""
        return self._speeches.get(self._current())

    def gettext(self, text: str, /, **values: Any) -> str:
        """Return a message of the catalog, or a `Sentence`, in words.

        Plain text comes back for the template to escape. Only a value that is markup makes the whole markup; then the
        message itself and the other values are escaped here.
        """
        speech = self.speech()
        if isinstance(text, Sentence):
            return str(text) if speech is None else speech.say(text)
        message = text if speech is None or not text else speech.translations.gettext(text)
        return _filled(message, values) if values else message

    def ngettext(self, singular: str, plural: str, number: int, /, **values: Any) -> str:
        """The same for what is counted; `number` fills `%(number)s` and `%(num)s`."""
        speech = self.speech()
        if speech is None:
            message = singular if number == 1 else plural
        else:
            message = speech.translations.ngettext(singular, plural, number)
        written = number if speech is None else speech.number(number)
        return _filled(message, {"num": written, "number": written, **values})

    def __getattr__(self, name: str) -> Any:
        """A function of `credentials.wording`, in the language that is spoken now."""
        return getattr(self.speech() or wording, name)


def _filled(message: str, values: Mapping[str, Any]) -> str:
    markup = next((type(value) for value in values.values() if hasattr(value, "__html__")), None)
    return (message if markup is None else markup.escape(message)) % values
