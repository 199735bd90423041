"""Warns when an issuer's name or domain can be taken for a known issuer's without being it. It looks nothing up.

A warning is no verdict: it says what to compare before relying on a name. A known issuer itself is never warned of,
nor is a name at the known one's own domain. What is near is bounded by length, so that short and common names are left
alone: see docs/domains.md.
Source: UTS 39 (confusables); Damerau–Levenshtein in its form of optimal string alignment.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from credentials import did as dids
from credentials import skeletons
from credentials.domains import names
from credentials.sentence import Sentence

#: More would hide the first.
MAX_WARNINGS: Final = 3
#: Results kept: the same issuers come again and again.
_KEPT: Final = 4096
#: In characters: longer ones are not compared letter by letter.
_LONGEST: Final = 120
#: Words that say in which form a company is made, at the end of a name (or, in East Asia, at its beginning).
_FORMS: Final = frozenset({
    "ab", "ag", "as", "asa", "bv", "co", "company", "corp", "corporation", "ev", "gbr", "gmbh", "inc", "incorporated",
    "kft", "kg", "kk", "limited", "llc", "llp", "lp", "ltd", "ltda", "mbh", "nv", "oü", "oy", "oyj", "plc", "pte",
    "pty", "pvt", "sa", "sarl", "sas", "se", "sl", "spa", "srl", "sro", "ug", "ао", "ооо", "пао",
})  # fmt: skip
_FORMS_AT_EDGES: Final = ("株式会社", "有限公司", "股份有限公司", "有限责任公司", "주식회사")
#: The most that `_slips` allows.
_MOST_SLIPS: Final = 2
#: Scripts whose signs each carry a whole syllable or word: one of them changed is another name, not a slip.
_NO_LETTERS: Final = frozenset({"HAN", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


@dataclass(frozen=True, slots=True)
class KnownIssuer:
    """An issuer that is known by a registry or to this installation. `domain` is where it is at home on the web."""

    name: str
    domain: str | None = None
    did: str | None = None


@dataclass(frozen=True, slots=True)
class Caution:
    """One thing to compare before relying on a name. `kind` is a word for programs, `details` plain JSON."""

    kind: str
    sentence: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The warning as one member of `warnings`."""
        return {"kind": self.kind, "sentence": self.sentence, "details": dict(self.details)}


class LookAlikes:
    """Compares issuers with the known ones; made once for each set of them, and thread-safe."""

    def __init__(self, known: Iterable[KnownIssuer]) -> None:
        self._dids: set[str] = set()
        self._by_name: dict[str, list[_Known]] = defaultdict(list)
        self._by_domain: dict[str, list[_Known]] = defaultdict(list)
        for issuer in known:
            self._add(_Known(issuer))
        self.warnings = lru_cache(maxsize=_KEPT)(self._warnings)

    def _add(self, known: _Known) -> None:
        if known.issuer.did:
            self._dids.add(known.issuer.did)
        for index, shape in ((self._by_name, _shape(known.name)), (self._by_domain, _shape(known.word))):
            if shape:
                for key in (f"={shape}", f"<{shape[:2]}{len(shape)}", f">{shape[-2:]}{len(shape)}"):
                    index[key].append(known)
        if known.cased:
            self._by_name[f"~{known.cased}"].append(known)
        self._by_domain[f"^{known.label}"].append(known)

    def _warnings(self, name: str | None, did: str, page_domain: str | None = None) -> tuple[Caution, ...]:
        """What to compare of an issuer: its name, its DID, and the domain of the home page that it claims."""
        if did in self._dids:
            return ()
        proven = (dids.domain_of(did) or "").partition(":")[0] or None
        found: dict[str, Caution] = {}
        for warning in (*self._of_name(name or "", proven), *self._of_domains(proven, page_domain)):
            found.setdefault(warning.kind, warning)
        return tuple(islice(found.values(), MAX_WARNINGS))

    def _of_name(self, name: str, proven: str | None) -> Iterator[Caution]:
        mixed = skeletons.mixed_scripts(name)
        plain = normal(name)
        for known in self._named_nearly(name, plain):
            if known.is_at(proven):
                continue
            kind = _name_kind(name, plain, known)
            if kind:
                yield _warning(kind, known, name=name, domain=proven)
        if mixed:
            sentence = Sentence("The issuer's name mixes letters of several scripts and can look like another name.")
            yield Caution("mixed_scripts", sentence, {"name": name, "scripts": list(mixed)})

    def _of_domains(self, proven: str | None, page: str | None) -> Iterator[Caution]:
        for domain in dict.fromkeys(domain for domain in (proven, page) if domain):
            shown = skeletons.decoded(domain)
            for known in self._at_nearly(shown):
                if known.is_at(proven):
                    continue
                kind = _domain_kind(shown, known)
                if domain == page and known.is_at(page):
                    kind = "borrowed_page"
                if kind:
                    yield _warning(kind, known, domain=shown, written=domain)
            posing = skeletons.poses_as_latin(shown) or skeletons.mixed_scripts(shown)
            if posing:
                sentence = Sentence(
                    "The letters of the domain %(domain)s look like others; it is written %(written)s.",
                    domain=shown, written=domain,
                )  # fmt: skip
                yield Caution("disguised_domain", sentence, {"domain": shown, "written": domain})

    def _named_nearly(self, name: str, plain: str) -> list[_Known]:
        """Who may have a name near this one. Without any known issuer, the table of confusables is not loaded."""
        keys = (f"~{_cased(name)}", *_near_keys(_shape(plain))) if self._by_name else ()
        return _unique(self._by_name, keys)

    def _at_nearly(self, host: str) -> list[_Known]:
        """Who may have a domain near this one, or one that is written in it."""
        keys = (*_near_keys(_shape(_word(host))), *_inner_keys(host)) if self._by_domain else ()
        return _unique(self._by_domain, keys)


class _Known:
    """A known issuer with what is compared, worked out once."""

    __slots__ = ("cased", "issuer", "label", "name", "own", "word")

    def __init__(self, issuer: KnownIssuer) -> None:
        self.issuer = issuer
        self.name = normal(issuer.name)
        self.cased = _cased(issuer.name)
        #: The registered domain, and the same as people read it.
        self.own = names.registrable(issuer.domain) if issuer.domain else None
        self.label = skeletons.decoded(self.own) if self.own else ""
        self.word = _word(self.label)

    def is_at(self, domain: str | None) -> bool:
        """Tell whether `domain` is the known issuer's own, or one below it."""
        return bool(domain and self.own and names.registrable(domain) == self.own)


_SENTENCES: Final[Mapping[str, Sentence]] = {
    "same_name": Sentence("A known issuer, %(known)s, has the same name; this is another one."),
    "confusable_name": Sentence(
        "The issuer's name looks like that of the known issuer %(known)s, but is written otherwise."
    ),
    "near_name": Sentence("The issuer's name is nearly that of the known issuer %(known)s, and not the same."),
    "confusable_domain": Sentence(
        "The domain %(domain)s looks like that of the known issuer %(known)s, and is another one."
    ),
    "near_domain": Sentence("The domain %(domain)s is nearly that of the known issuer %(known)s, and not the same."),
    "other_ending": Sentence(
        "The domain %(domain)s differs from that of the known issuer %(known)s only in its ending."
    ),
    "domain_inside": Sentence("The domain %(domain)s only begins like that of the known issuer %(known)s."),
    "borrowed_page": Sentence(
        "The home page that is named is that of the known issuer %(known)s, who did not sign this."
    ),
}


def _warning(kind: str, known: _Known, **details: str | None) -> Caution:
    issuer = known.issuer
    shown = f"{issuer.name} ({issuer.domain})" if issuer.domain else issuer.name
    values = {"known": shown, "domain": details.get("domain") or ""}
    message = _SENTENCES[kind].message
    sentence = Sentence(message, **{name: value for name, value in values.items() if f"%({name})s" in message})
    told = {"name": issuer.name, "domain": issuer.domain, "did": issuer.did}
    return Caution(kind, sentence, {**{k: v for k, v in details.items() if v}, "known": told})


# -- names


def normal(name: str) -> str:
    """A name as it is compared: small letters without accents or punctuation, and without the company's legal form."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(character for character in folded if not "\u0300" <= character <= "\u036f")
    text = "".join(character if character.isalnum() or _is_mark(character) else " " for character in bare)
    for form in _FORMS_AT_EDGES:
        text = text.strip().removeprefix(form).removesuffix(form)
    words = f"{text} ".replace(" s a ", " sa ").split()
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    return " ".join(words)


def _is_mark(character: str) -> bool:
    """A vowel sign or the like, which belongs to the letter before it."""
    return unicodedata.category(character) in ("Mn", "Mc")


def _shape(text: str) -> str:
    """What a name or a label looks like, spaces and hyphens apart: what `with_pairs_joined` may join is joined twice,
    since a look-alike can be one of the pair."""
    together = text.replace(" ", "").replace("-", "")
    return skeletons.with_pairs_joined(skeletons.skeleton(skeletons.with_pairs_joined(together)))


def _cased(name: str) -> str:
    """What a name looks like with the capitals that it has: some letters pass for others only as capitals."""
    shaped = skeletons.skeleton(unicodedata.normalize("NFKC", name))
    return "".join(character for character in shaped if character.isalnum())


def _near_keys(shape: str) -> list[str]:
    """Under which keys something near may lie: the same shape, or about the length and the same beginning or end.

    A slip leaves the one or the other as it is; who slips at both is not found.
    """
    if not shape:
        return []
    lengths = range(len(shape) - _MOST_SLIPS, len(shape) + _MOST_SLIPS + 1)
    ends = [key for length in lengths for key in (f"<{shape[:2]}{length}", f">{shape[-2:]}{length}")]
    return [f"={shape}", *ends]


def _name_kind(name: str, plain: str, known: _Known) -> str | None:
    if plain == known.name:
        return "confusable_name" if _shows_otherwise(name, known.issuer.name) else "same_name"
    if _cased(name) == known.cased:
        return "confusable_name"
    if _shape(plain) == _shape(known.name):
        return "confusable_name" if plain.replace(" ", "") != known.name.replace(" ", "") else "near_name"
    return "near_name" if _is_near_name(plain, known.name) else None


def _shows_otherwise(name: str, known: str) -> bool:
    """Tell whether two names that are compared alike are written in characters of different kinds."""
    return skeletons.scripts(name) != skeletons.scripts(known)


def _is_near_name(one: str, other: str) -> bool:
    """One word, or one long word of several, differs by a slip; its first letter does not."""
    if skeletons.scripts(one) & _NO_LETTERS:
        return False
    words = list(zip(one.split(), other.split(), strict=False))
    if len(one.split()) != len(other.split()):
        return False
    differing = [(mine, theirs) for mine, theirs in words if mine != theirs]
    if len(differing) != 1:
        return False
    mine, theirs = differing[0]
    length = max(len(mine), len(theirs))
    most = (1 if length >= 8 else 0) if len(words) > 1 else _slips(length)
    return mine[0] == theirs[0] and not _is_number_apart(mine, theirs) and 0 < distance(mine, theirs, most) <= most


def _slips(length: int) -> int:
    """How many slips make one word near another: none in a short one, for there the next word is another name."""
    return 0 if length < 6 else 1 if length < 12 else 2


def _is_number_apart(one: str, other: str) -> bool:
    """`Studio 54` and `Studio 55`, `Web3` and `Web4` are two names."""
    letters = [text.rstrip("0123456789") for text in (one, other)]
    return letters[0] == letters[1]


# -- domains


def _word(host: str) -> str:
    """The label that the owner of a domain chose: `acme` of `careers.acme.co.uk`."""
    return names.registrable(host).partition(".")[0]


def _inner_keys(host: str) -> tuple[str, ...]:
    """A known domain written in front of another one: each domain that is written in the host."""
    parts = host.split(".")
    return tuple(f"^{'.'.join(parts[start:end])}" for start in range(len(parts)) for end in (start + 2, start + 3))


def _domain_kind(host: str, known: _Known) -> str | None:
    """`host` is not at the known issuer's domain: how it could be taken for it, None: not at all."""
    own = names.registrable(host)
    mine, theirs = _word(host), known.word
    if f".{host}".find(f".{known.label}.") >= 0 and own != known.label:
        return "domain_inside"
    if mine == theirs:
        return "other_ending" if len(mine) >= 4 else None
    if _shape(mine) == _shape(theirs) and len(mine) >= 3:
        return "confusable_domain"
    length = max(len(mine), len(theirs))
    near = _slips(length) and mine[:1] == theirs[:1] and not _is_number_apart(mine, theirs)
    return "near_domain" if near and distance(mine, theirs, _slips(length)) <= _slips(length) else None


# -- how far apart


def distance(one: str, other: str, most: int) -> int:
    """How many letters are changed, put in, left out or swapped with the next; more than `most` is `most` + 1."""
    if abs(len(one) - len(other)) > most or max(len(one), len(other)) > _LONGEST:
        return most + 1
    before: Sequence[int] = ()
    last: Sequence[int] = range(len(other) + 1)
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
        if min(last) > most:
            return most + 1
    return min(last[-1], most + 1)


def _unique(index: Mapping[str, list[_Known]], keys: Iterable[str]) -> list[_Known]:
    """What is found under any of `keys`, each once, in the order of the keys."""
    return list(dict.fromkeys(known for key in keys for known in index.get(key, ())))
