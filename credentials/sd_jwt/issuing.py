"""Makes SD-JWTs: hides the claims that may be disclosed one by one behind digests, and signs; salts come in.

Source: RFC 9901, 4.2 (disclosures and digests), 4.2.5 (decoys), 6.1 (issuance).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from credentials import errors, strict_json
from credentials.jose import jws
from credentials.multikey import PublicKey
from credentials.ports import Signer
from credentials.sd_jwt import disclosures, marks
from credentials.sd_jwt.disclosures import DIGESTS, ELEMENT_DIGEST, HASH_NAME, RESERVED, SALT_BYTES, SALT_CHARACTERS
from credentials.sd_jwt.marks import Mark
from credentials.sd_jwt.paths import Selector, below
from credentials.sd_jwt.profiles import Profile

#: Gives so many fresh random bytes, as `secrets.token_bytes` does.
Salts: TypeAlias = Callable[[int], bytes]
#: Says how many decoy digests to add to the object or array at this pointer ("" is the whole claims set).
Decoys: TypeAlias = Callable[[str], int]

_NOTHING = Mark()
_CONTAINERS = (dict, list)


@dataclass(slots=True)
class _Hiding:
    """One walk over a claims set: what is asked for, and what was made so far."""

    salts: Salts
    decoys: Decoys | None
    hash_name: str
    texts: list[bytes] = field(default_factory=list)
    met: list[Selector] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def hide(self, value: Any, mark: Mark, pointer: str) -> Any:
        """`value` with everything marked in it replaced by digests; it is not changed itself."""
        if type(value) is dict:
            return self._members(value, mark, pointer)
        return self._elements(value, mark, pointer) if type(value) is list else value

    def _members(self, source: dict[str, Any], mark: Mark, pointer: str) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        hidden: list[tuple[Any, ...]] = []
        steps, everywhere = mark.below, self.decoys is not None
        for name, item in source.items():
            step = steps.get(name)
            if step is None and not everywhere:
                shown[name] = item
                continue
            step = step or _NOTHING
            if (step.below or everywhere) and type(item) in _CONTAINERS:
                item = self.hide(item, step, below(pointer, name))
            if step.selectors:
                self.met += step.selectors
                hidden.append((name, item))
            else:
                shown[name] = item
        digests = self._disclose(hidden) + self._decoys(pointer)
        if digests:
            shown[DIGESTS] = sorted(digests)
        return shown

    def _elements(self, source: list[Any], mark: Mark, pointer: str) -> list[Any]:
        shown: list[Any] = []
        for index, item in enumerate(source):
            step = mark.element(index) or _NOTHING
            inner = self.hide(item, step, below(pointer, index)) if step.below or self.decoys else item
            if step.selectors:
                self.met += step.selectors
                inner = {ELEMENT_DIGEST: self._disclose([(inner,)])[0]}
            shown.append(inner)
        for decoy in self._decoys(pointer):
            # A decoy's place must look like an element's: the digest is random, so it may choose.
            shown.insert(sum(decoy.encode()) % (len(shown) + 1), {ELEMENT_DIGEST: decoy})
        return shown

    def _disclose(self, hidden: list[tuple[Any, ...]]) -> list[str]:
        """Disclose one object's members (name and value each) or one element (value); returns the digests."""
        if not hidden:
            return []
        salts = self._fresh(len(hidden))
        texts = disclosures.write([[salt, *part] for salt, part in zip(salts, hidden, strict=True)])
        self.texts += texts
        return disclosures.digests(texts, self.hash_name)

    def _decoys(self, pointer: str) -> list[str]:
        """Digests of fresh salts: they look like any other, and nothing is behind them."""
        count = self.decoys(pointer) if self.decoys else 0
        return disclosures.digests([salt.encode() for salt in self._fresh(count)], self.hash_name) if count else []

    def _fresh(self, count: int) -> list[str]:
        """So many salts in base64url, asked for at once; none of them was there before."""
        drawn = self.salts(SALT_BYTES * count)
        text = disclosures.base64url(drawn).decode("ascii")
        salts = [text[start : start + SALT_CHARACTERS] for start in range(0, len(text), SALT_CHARACTERS)]
        before = len(self.used)
        self.used.update(salts)
        if len(drawn) != SALT_BYTES * count or len(self.used) != before + count:
            raise errors.SaltUnusable(
                f"{len(drawn)} bytes, or a salt that came before; {SALT_BYTES * count} are needed"
            )
        return salts


def issue(
    claims: Mapping[str, Any],
    *,
    disclosable: Iterable[Selector],
    signer: Signer,
    salts: Salts,
    profile: Profile,
    header: Mapping[str, Any] | None = None,
    holder: PublicKey | None = None,
    decoys: Decoys | None = None,
    hash_name: str = disclosures.DEFAULT_HASH,
) -> str:
    """Issue `claims` as a compact SD-JWT in which each place named by `disclosable` can be disclosed on its own.

    A place is a JSON pointer ("/address/street", "/languages/0") or a claim path (["languages", None] is every
    element); a place inside another hidden one makes a recursive disclosure. `profile` writes `typ` (and `cty`);
    `header` may add other members, such as `kid`. `holder` is the key (`cnf.jwk`) by which the holder can later prove
    to be that. All disclosures are in the result.

    Raises `errors.DisclosurePathUnknown`, `errors.ReservedClaimName`, `errors.ClaimMustBeOpen` and what else
    `profile.check` raises, `errors.HashAlgorithmNotSupported`, `errors.SaltUnusable`,
    `errors.NotCanonicalizable`, `errors.JsonDepth`, and what `jws.sign` raises.
    """
    document = dict(claims)
    if holder is not None:
        document["cnf"] = {"jwk": holder.to_jwk()}
    payload, texts = conceal(document, disclosable, salts=salts, profile=profile, decoys=decoys, hash_name=hash_name)
    token = jws.sign({**(header or {}), **profile.header()}, strict_json.dumps(payload), signer)
    return b"~".join([token.encode("ascii"), *texts, b""]).decode("ascii")


def conceal(
    claims: Mapping[str, Any],
    disclosable: Iterable[Selector],
    *,
    salts: Salts,
    profile: Profile,
    decoys: Decoys | None = None,
    hash_name: str = disclosures.DEFAULT_HASH,
) -> tuple[dict[str, Any], list[bytes]]:
    """The payload that is to be signed for `claims`, and the texts of its disclosures. For the rest see `issue`."""
    disclosures.check_hash(hash_name)
    document = dict(claims)
    _refuse_unreadable(document, "", 1)
    strict_json.dumps(document)
    wanted = marks.of(disclosable)
    if not profile.issued_open.isdisjoint(wanted.root.below):
        raise errors.ClaimMustBeOpen(f"these stay open: {', '.join(sorted(profile.issued_open))}")
    profile.check(document)
    hiding = _Hiding(salts, decoys, hash_name)
    payload = hiding.hide(document, wanted.root, "")
    wanted.check_met(hiding.met)
    if hiding.used or hash_name != disclosures.DEFAULT_HASH:
        payload[HASH_NAME] = hash_name
    return payload, hiding.texts


def _refuse_unreadable(value: Any, pointer: str, depth: int) -> None:
    """What no reader would accept: reserved names, and more levels than any JSON that is read here."""
    if depth > strict_json.MAX_DEPTH:
        raise errors.JsonDepth(f"nested deeper than {strict_json.MAX_DEPTH}", pointer=pointer)
    if type(value) is dict and not RESERVED.isdisjoint(value):
        raise errors.ReservedClaimName(f"a claim is called one of {', '.join(sorted(RESERVED))}", pointer=pointer)
    for step, item in value.items() if type(value) is dict else enumerate(value):
        if type(item) in _CONTAINERS:
            _refuse_unreadable(item, below(pointer, step), depth + 1)
