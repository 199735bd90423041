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
from credentials.sd_jwt import disclosures, paths
from credentials.sd_jwt.disclosures import DIGESTS, ELEMENT_DIGEST, HASH_NAME, RESERVED, SALT_BYTES, Disclosure
from credentials.sd_jwt.paths import Selector, below
from credentials.sd_jwt.profiles import Profile

#: Gives so many fresh random bytes, as `secrets.token_bytes` does.
Salts: TypeAlias = Callable[[int], bytes]
#: Says how many decoy digests to add to the object or array at this pointer ("" is the whole claims set).
Decoys: TypeAlias = Callable[[str], int]


@dataclass(slots=True)
class _Mark:
    """One step of the paths that are to be hidden: is this place hidden itself, and what lies below it."""

    hidden: bool = False
    below: dict[str | int, _Mark] = field(default_factory=dict)


@dataclass(slots=True)
class _Hiding:
    """One walk over a claims set: what is asked for, and the disclosures that were made so far."""

    salts: Salts
    decoys: Decoys | None
    hash_name: str
    made: list[Disclosure] = field(default_factory=list)
    used: set[bytes] = field(default_factory=set)

    def hide(self, value: Any, mark: _Mark, pointer: str) -> Any:
        """`value` with everything marked in it replaced by digests; it is not changed itself."""
        if type(value) is dict and (mark.below or self.decoys):
            return self._members(value, mark, pointer)
        if type(value) is list and (mark.below or self.decoys):
            return self._elements(value, mark, pointer)
        return value

    def _members(self, source: dict[str, Any], mark: _Mark, pointer: str) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        digests: list[str] = []
        for name, item in source.items():
            step = mark.below.get(name, _NOTHING)
            inner = self.hide(item, step, below(pointer, name))
            if step.hidden:
                digests.append(self._disclose(name, inner))
            else:
                shown[name] = inner
        digests += self._decoys(pointer)
        if digests:
            shown[DIGESTS] = sorted(digests)
        return shown

    def _elements(self, source: list[Any], mark: _Mark, pointer: str) -> list[Any]:
        shown: list[Any] = []
        for index, item in enumerate(source):
            step = mark.below.get(index, _NOTHING)
            inner = self.hide(item, step, below(pointer, index))
            shown.append({ELEMENT_DIGEST: self._disclose(None, inner)} if step.hidden else inner)
        for decoy in self._decoys(pointer):
            # A decoy's place must look like an element's: the digest is random, so it may choose.
            shown.insert(sum(decoy.encode()) % (len(shown) + 1), {ELEMENT_DIGEST: decoy})
        return shown

    def _disclose(self, name: str | None, value: Any) -> str:
        one = disclosures.make(self._salt(SALT_BYTES), name, value)
        self.made.append(one)
        return disclosures.digest(one.text, self.hash_name)

    def _decoys(self, pointer: str) -> list[str]:
        count = self.decoys(pointer) if self.decoys else 0
        return [disclosures.digest(self._salt(2 * SALT_BYTES), self.hash_name) for _ in range(count)]

    def _salt(self, size: int) -> bytes:
        salt = self.salts(size)
        if len(salt) != size or salt in self.used:
            raise errors.SaltUnusable(f"a salt of {len(salt)} bytes, or one that came before; {size} are needed")
        self.used.add(salt)
        return salt


_NOTHING = _Mark()


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
    payload, made = conceal(document, disclosable, salts=salts, profile=profile, decoys=decoys, hash_name=hash_name)
    token = jws.sign({**(header or {}), **profile.header()}, strict_json.dumps(payload), signer)
    return "~".join([token, *(one.text.decode("ascii") for one in made), ""])


def conceal(
    claims: Mapping[str, Any],
    disclosable: Iterable[Selector],
    *,
    salts: Salts,
    profile: Profile,
    decoys: Decoys | None = None,
    hash_name: str = disclosures.DEFAULT_HASH,
) -> tuple[dict[str, Any], list[Disclosure]]:
    """The payload that is to be signed for `claims`, and its disclosures. Parameters and errors: see `issue`."""
    disclosures.check_hash(hash_name)
    document = dict(claims)
    _refuse_unreadable(document, "", 1)
    root = _marks(document, disclosable, profile)
    profile.check(document)
    hiding = _Hiding(salts, decoys, hash_name)
    payload = hiding.hide(document, root, "") if root.below or decoys else document
    if hiding.used or hash_name != disclosures.DEFAULT_HASH:
        payload[HASH_NAME] = hash_name
    return payload, hiding.made


def _marks(document: dict[str, Any], disclosable: Iterable[Selector], profile: Profile) -> _Mark:
    root = _Mark()
    for selector in disclosable:
        for path in paths.find(document, selector):
            if path[0] in profile.issued_open:
                raise errors.ClaimMustBeOpen(f"{path[0]} must not be hidden", pointer=paths.pointer_of(path))
            mark = root
            for step in path:
                mark = mark.below.setdefault(step, _Mark())
            mark.hidden = True
    return root


def _refuse_unreadable(value: Any, pointer: str, depth: int) -> None:
    """What no reader would accept: reserved names, and more levels than any JSON that is read here."""
    if depth > strict_json.MAX_DEPTH:
        raise errors.JsonDepth(f"nested deeper than {strict_json.MAX_DEPTH}", pointer=pointer)
    if type(value) is dict and not RESERVED.isdisjoint(value):
        raise errors.ReservedClaimName(f"a claim is called one of {', '.join(sorted(RESERVED))}", pointer=pointer)
    for step, item in value.items() if type(value) is dict else enumerate(value):
        if type(item) in (dict, list):
            _refuse_unreadable(item, below(pointer, step), depth + 1)
