"""RDF Dataset Canonicalization RDFC-1.0 (W3C), bounded: blank nodes get the labels every implementation gives them.

Telling blank nodes apart is a graph-isomorphism problem: a kilobyte of hostile quads can ask for centuries of work
(RDFC-1.0, 7.1). Work is therefore counted and stops at a named limit. Names of steps are those of section 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice, permutations
from operator import eq
from typing import Any, Final

from credentials import errors
from credentials.canonical.nquads import Quad, write_quad

#: One unit is one quad looked at, or one node placed, while hashing N-degree quads: about half a microsecond. The
#: hardest dataset of the W3C suite that must succeed takes 22,680 units; credentials whose blank nodes differ, none.
WORK_LIMIT: Final = 100_000
#: Levels of recursion; a list of that many equal values is the only honest way there.
DEPTH_LIMIT: Final = 64

_HASHES: Final[dict[str, Callable[[bytes], Any]]] = {"sha256": hashlib.sha256, "sha384": hashlib.sha384}
#: Issued identifiers in order of issue: existing label → new label.
_Issuer = dict[str, str]


class _Repeated(Exception):  # noqa: N818 - an outcome, not an error
    """A statement occurs more than once."""


@dataclass(frozen=True, slots=True)
class Canonicalized:
    """The canonical N-Quads, and the map from the input's blank node labels (`_:b0`) to canonical ones (`_:c14n0`)."""

    nquads: str
    labels: dict[str, str]


def rdfc10(quads: Iterable[Quad], *, hash: str = "sha256", work_limit: int = WORK_LIMIT) -> str:
    """Return the canonical N-Quads of the dataset; `hash` is "sha256" or "sha384".

    Raises `errors.CanonicalizationLimit` when telling the blank nodes apart takes more than `work_limit` units.
    """
    return canonicalize(quads, hash=hash, work_limit=work_limit).nquads


def canonicalize(quads: Iterable[Quad], *, hash: str = "sha256", work_limit: int = WORK_LIMIT) -> Canonicalized:
    """As `rdfc10`, with the labels that were issued."""
    dataset = list(quads)
    try:
        return _canonicalize(dataset, _HASHES[hash], work_limit)
    except _Repeated:
        return _canonicalize(list(dict.fromkeys(dataset)), _HASHES[hash], work_limit)


def _canonicalize(dataset: list[Quad], digest: Callable[[bytes], Any], work_limit: int) -> Canonicalized:
    """The whole of section 4.4.3; raises `_Repeated` when `dataset` holds a statement twice.

    Statements seldom repeat, and finding that out beforehand would cost as much as hashing them.
    """
    statements = _Statements(dataset)
    first_degree = {
        label: digest("".join(sorted(lines)).encode()).hexdigest() for label, lines in statements.of.items()
    }
    by_hash: dict[str, list[str]] = {}
    for label, value in first_degree.items():
        by_hash.setdefault(value, []).append(label)
    alike = len(by_hash) < len(first_degree)
    if alike and len(set(dataset)) < len(dataset):
        raise _Repeated
    labelling = _Labelling(dataset if alike else (), first_degree, digest, work_limit)
    labels = labelling.issue_all(by_hash)
    lines = statements.written(labels)
    lines.sort()
    if any(map(eq, lines, islice(lines, 1, None))):
        raise _Repeated
    return Canonicalized("".join(lines), labels)


class _Statements:
    """The quads of a dataset, nearly written: `of` holds each blank node's own lines as they are hashed (4.6).

    There the node itself is _:a and every other blank node _:z.
    """

    def __init__(self, dataset: list[Quad]) -> None:
        self.of: dict[str, list[str]] = {}
        self._ground: list[str] = []
        #: Quads whose one blank node is the subject (most of them) with the rest written, and all others.
        self._described: list[tuple[str, str]] = []
        self._linked: list[Quad] = []
        # The hot loop of canonicalisation: a dictionary look-up or a call more for each quad can be measured.
        of, ground, described = self.of, self._ground, self._described
        for quad in dataset:
            subject, predicate, object_, graph = quad
            if object_[0] == "_" or graph[:1] == "_":
                self._linked.append(quad)
                self._mask(quad)
                continue
            rest = f" {predicate} {object_} {graph} .\n" if graph else f" {predicate} {object_} .\n"
            if subject[0] != "_":
                ground.append(subject + rest)
                continue
            described.append((subject, rest))
            if subject in of:
                of[subject].append("_:a" + rest)
            else:
                of[subject] = ["_:a" + rest]

    def _mask(self, quad: Quad) -> None:
        subject, predicate, object_, graph = quad
        if subject != object_ and not _blank(graph):
            # A link between two nodes, or from an IRI to one: nearly all.
            end = f"{graph} .\n" if graph else ".\n"
            named = subject[0] != "_"
            if not named:
                self.of.setdefault(subject, []).append(f"_:a {predicate} _:z {end}")
            self.of.setdefault(object_, []).append(f"{subject if named else '_:z'} {predicate} _:a {end}")
            return
        for label in dict.fromkeys(term for term in (subject, object_, graph) if _blank(term)):
            s, o, g = (
                term if not _blank(term) else "_:a" if term == label else "_:z" for term in (subject, object_, graph)
            )
            self.of.setdefault(label, []).append(write_quad((s, predicate, o, g)))

    def written(self, labels: dict[str, str]) -> list[str]:
        """All lines with their canonical labels, in no order."""
        get = labels.get
        return [
            *self._ground,
            *[labels[subject] + rest for subject, rest in self._described],
            *[write_quad((get(s, s), p, get(o, o), get(g, g))) for s, p, o, g in self._linked],
        ]


def _blank(term: str) -> bool:
    return term[:2] == "_:"


class _Labelling:
    """The canonicalization state of RDFC-1.0, 4.2, for one dataset; the quads are needed where hashes are shared."""

    def __init__(
        self,
        dataset: Iterable[Quad],
        first_degree: dict[str, str],
        digest: Callable[[bytes], Any],
        work_limit: int,
    ) -> None:
        self._digest = digest
        self._work_left = work_limit
        self._issued: _Issuer = {}
        self._first_degree = first_degree
        self._quads_of: dict[str, list[Quad]] = {}
        for quad in dataset:
            subject, _, object_, graph = quad
            for label in dict.fromkeys((subject, object_, graph)):
                if _blank(label):
                    self._quads_of.setdefault(label, []).append(quad)

    def issue_all(self, by_hash: dict[str, list[str]]) -> _Issuer:
        """Issue a canonical label for every blank node (steps 4 and 5 of section 4.4.3)."""
        shared = []
        for value in sorted(by_hash):
            if len(by_hash[value]) == 1:
                self._issue(by_hash[value][0])
            else:
                shared.append(by_hash[value])
        for group in shared:
            self._issue_group(group)
        return self._issued

    def _issue_group(self, group: list[str]) -> None:
        results = [
            self._hash_n_degree(label, {label: "_:b0"}, DEPTH_LIMIT) for label in group if label not in self._issued
        ]
        # Equal hashes mean nodes that no reader can tell apart: either order gives the same dataset.
        for _, issuer in sorted(results, key=lambda result: result[0]):
            for label in issuer:
                self._issue(label)

    def _issue(self, label: str) -> None:
        if label not in self._issued:
            self._issued[label] = f"_:c14n{len(self._issued)}"

    def _hash(self, text: str) -> str:
        return str(self._digest(text.encode()).hexdigest())

    def _spend(self, units: int) -> None:
        self._work_left -= units
        if self._work_left < 0:
            raise errors.CanonicalizationLimit("the blank nodes of the document cannot be told apart within the limit")

    def _hash_related(self, related: str, predicate: str, issuer: _Issuer, position: str) -> str:
        """Section 4.7: how a node is tied to its neighbour; `predicate` is "" for graph names."""
        identifier = self._issued.get(related) or issuer.get(related) or self._first_degree[related]
        return self._hash(position + predicate + identifier)

    def _related(self, label: str, issuer: _Issuer) -> dict[str, list[str]]:
        by_hash: dict[str, list[str]] = {}
        for subject, predicate, object_, graph in self._quads_of[label]:
            for related, via, position in ((subject, predicate, "s"), (object_, predicate, "o"), (graph, "", "g")):
                if _blank(related) and related != label:
                    by_hash.setdefault(self._hash_related(related, via, issuer, position), []).append(related)
        return by_hash

    def _hash_n_degree(self, label: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """Section 4.8: the node by the shape of all it is tied to, trying every order of what looks alike."""
        if depth == 0:
            raise errors.CanonicalizationLimit(f"blank nodes that look alike are chained more than {DEPTH_LIMIT} long")
        self._spend(len(self._quads_of[label]))
        data = []
        for related_hash, alike in sorted(self._related(label, issuer).items()):
            path, issuer = self._best_path(alike, issuer, depth)
            data.append(related_hash + path)
        return self._hash("".join(data)), issuer

    def _best_path(self, alike: list[str], issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        chosen_path, chosen_issuer = "", issuer
        for order in permutations(alike):
            self._spend(len(order) + len(issuer))
            found = self._path(order, dict(issuer), depth, chosen_path)
            if found is not None and (not chosen_path or found[0] < chosen_path):
                chosen_path, chosen_issuer = found
        return chosen_path, chosen_issuer

    def _path(
        self, order: tuple[str, ...], issuer: _Issuer, depth: int, chosen_path: str
    ) -> tuple[str, _Issuer] | None:
        """One permutation's path and the labels it issued; None once it cannot beat `chosen_path`."""
        path, recursion = "", []
        for related in order:
            canonical = self._issued.get(related)
            if canonical is None:
                if related not in issuer:
                    recursion.append(related)
                    issuer[related] = f"_:b{len(issuer)}"
                canonical = issuer[related]
            path += canonical
            if _beaten(path, chosen_path):
                return None
        for related in recursion:
            value, result_issuer = self._hash_n_degree(related, issuer, depth - 1)
            path += f"{issuer[related]}<{value}>"
            issuer = dict(result_issuer)
            if _beaten(path, chosen_path):
                return None
        return path, issuer


def _beaten(path: str, chosen_path: str) -> bool:
    return bool(chosen_path) and len(path) >= len(chosen_path) and path > chosen_path
