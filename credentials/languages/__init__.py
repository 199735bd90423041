"""The languages of the pages: which there are, and the words and forms of each. It reads no file and knows no web.

Signed text is never translated. What is: our own sentences (`credentials.sentence.Sentence`), the fixed terms of the
completion record, and how days, numbers and hours are written. Catalogs (gettext .po) come in as bytes.
"""

from __future__ import annotations

from credentials.languages import addresses
from credentials.languages.known import ENGLISH, KNOWN, Known, of_locale
from credentials.languages.speech import Speech
from credentials.languages.spoken import Spoken

__all__ = ["ENGLISH", "KNOWN", "Known", "Speech", "Spoken", "addresses", "of_locale"]
