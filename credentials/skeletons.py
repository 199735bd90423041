"""What a text looks like: its skeleton after Unicode's confusables, and the scripts that it mixes. It compares nothing.

The table of confusables is Unicode's, as the package confusable-homoglyphs carries it (MIT; the data under the Unicode
licence). Two texts with one skeleton can be taken for one another.
Source: UTS 39, 4 (confusable detection) and 5.2 (restriction levels); RFC 3492 (Punycode).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import groupby
from typing import Final

#: Letters beside one another that look like a single one at the size of a domain in a page; Unicode has only the first.
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))
#: Unicode takes the Cyrillic palochka for an i; in the fonts of browsers it is an l.
_MORE: Final[Mapping[str, str]] = {"ӏ": "l", "Ӏ": "l"}
_NO_SCRIPT: Final = frozenset({"COMMON", "INHERITED", "UNKNOWN"})
#: Scripts whose letters pass for Latin ones.
_LATIN_LIKE: Final = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
#: Top-level domains where such a script is at home, and a name written in it alone is an ordinary name.
_AT_HOME: Final[Mapping[str, frozenset[str]]] = {
    "CYRILLIC": frozenset({"ru", "su", "ua", "by", "bg", "rs", "me", "mk", "ba", "kz", "kg", "tj", "uz", "mn", "md"}),
    "GREEK": frozenset({"gr", "cy", "eu"}),
    "ARMENIAN": frozenset({"am"}),
}


@lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """What `text` looks like, in letters of one shape each; capitals stay capitals."""
    looks = _looks()
    shaped = "".join(looks.get(character, character) for character in unicodedata.normalize("NFD", text))
    return shaped.replace("O", "o").replace("0", "o")


def with_pairs_joined(text: str) -> str:
    """`text` with pairs of letters that look like one letter written as that one."""
    for pair, single in _PAIRS:
        text = text.replace(pair, single)
    return text


def mixed_scripts(text: str) -> tuple[str, ...]:
    """The scripts of the first word of `text` that mixes several; none: there is none.

    Only mixtures with letters that pass for Latin ones count: others deceive nobody, and are written every day.
    """
    for is_word, characters in groupby(text, key=lambda character: character.isalpha() or character.isdigit()):
        found = scripts("".join(characters)) if is_word else frozenset()
        if len(found) > 1 and found & _LATIN_LIKE:
            return tuple(sorted(found))
    return ()


def scripts(text: str) -> frozenset[str]:
    """The scripts of the letters of `text`, by Unicode's names in capitals; what all scripts share has none."""
    return frozenset(_script(character) for character in text if character.isalpha()) - _NO_SCRIPT


def decoded(host: str) -> str:
    """`host` with its `xn--` labels as people read them; what is no good Punycode stays as it is written."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(label.encode("ascii").decode("idna") if label.startswith("xn--") else label)
        except UnicodeError:
            labels.append(label)
    return ".".join(labels)


def poses_as_latin(host: str) -> str | None:
    """The Latin name that a decoded host can be taken for as a whole, none of it Latin; None: it is what it looks like.

    Where a script is at home, a name in it is not suspected.
    """
    *labels, top = host.split(".")
    for label in labels:
        found = scripts(label)
        shaped = skeleton(label)
        for script in found & _LATIN_LIKE if len(found) == 1 else ():
            if shaped.isascii() and top.isascii() and top not in _AT_HOME.get(script, ()):
                return shaped
    return None


@cache
def _looks() -> Mapping[str, str]:
    """Each character that looks like something else → the one form that stands for all of that shape.

    The package lists each pair both ways, so what has several look-alikes is the form that stands for them. Of two
    that have only one another, the text of several letters stands, else the first in Unicode's order.
    """
    from confusable_homoglyphs.confusables import confusables_data  # type: ignore[import-untyped]

    found: dict[str, str] = dict(_MORE)
    for character, others in confusables_data.items():
        if len(character) == 1 and len(others) == 1 and character not in found:
            other = others[0]["c"].strip("\u200e")
            alone = len(confusables_data[others[0]["c"]]) == 1
            found[character] = min(character, other, key=lambda text: (-len(text), text)) if alone else other
    return found


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    from confusable_homoglyphs import categories  # type: ignore[import-untyped]

    return str(categories.alias(character))
