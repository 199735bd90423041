"""Tells a text's direction, and the language whose letter forms it wants. It guesses nothing about people.

Han characters share code points but not shapes: 直 looks different in Tokyo, Taipei and Shanghai. Where a name holds
signs that only one of them uses, its forms follow; otherwise those of the record's own language do.
"""

from __future__ import annotations

import unicodedata

#: Legacy character sets tell the written standards apart: each lists just the signs that its standard uses.
_STANDARDS = (("zh-Hans", "gb2312"), ("zh-Hant", "big5"), ("ja", "shift_jis"))
_CJK = ("zh", "ja", "ko", "yue")


def direction(text: str) -> str:
    """ "rtl" or "ltr" by the first strong character (rules P2 and P3 of the Unicode bidirectional algorithm)."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def han_language(text: str, language: str) -> str | None:
    """The BCP 47 tag whose Han forms `text` is to be drawn in; None when it holds no East Asian sign.

    `language` is the record's own, used where the text itself fits several standards.
    """
    names = [unicodedata.name(character, "") for character in text]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "ja"
    if any(name.startswith("HANGUL") for name in names):
        return "ko"
    han = "".join(one for one, name in zip(text, names, strict=True) if name.startswith("CJK"))
    if not han:
        return None
    if language.split("-", maxsplit=1)[0] in _CJK:
        return language
    return _by_standard(han, spaced=" " in text.strip())


def _by_standard(han: str, *, spaced: bool) -> str:
    """The standard that lists all the signs. Japanese names alone are written with a space between their parts."""
    fitting = [tag for tag, encoding in _STANDARDS if _encodes(han, encoding)]
    if len(fitting) == 1:
        return fitting[0]
    if spaced and ("ja" in fitting or not fitting):
        return "ja"
    return fitting[0] if fitting else "zh-Hant"


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
