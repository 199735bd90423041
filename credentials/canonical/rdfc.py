"""RDF Dataset Canonicalization RDFC-1.0 (W3C), bounded: blank nodes get the labels every implementation gives them.

Telling blank nodes apart is a graph-isomorphism problem: a kilobyte of hostile quads can ask for centuries of work
(RDFC-1.0, 7.1). Work is therefore counted and stops at a named limit. Names of steps are those of section 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations
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
    dataset = list(dict.fromkeys(quads))
    labels = _Labelling(dataset, _HASHES[hash], work_limit).issue_all()
    lines = {write_quad(_relabel(quad, labels)) for quad in dataset}
    return Canonicalized("".join(sorted(lines)), labels)


def _relabel(quad: Quad, labels: dict[str, str]) -> Quad:
    subject, predicate, object_, graph = quad
    return labels.get(subject, subject), predicate, labels.get(object_, object_), labels.get(graph, graph)


def _blank(term: str) -> bool:
    return term[:2] == "_:"


class _Labelling:
    """The canonicalization state of RDFC-1.0, 4.2, for one dataset."""

    def __init__(self, dataset: list[Quad], digest: Callable[[bytes], Any], work_limit: int) -> None:
        self._digest = digest
        self._work_left = work_limit
        self._issued: _Issuer = {}
        self._quads_of: dict[str, list[Quad]] = {}
        for quad in dataset:
            subject, _, object_, graph = quad
            if _blank(subject):
                self._quads_of.setdefault(subject, []).append(quad)
            if _blank(object_) and object_ != subject:
                self._quads_of.setdefault(object_, []).append(quad)
            if _blank(graph) and graph not in (subject, object_):
                self._quads_of.setdefault(graph, []).append(quad)
        self._first_degree = {label: self._hash_first_degree(label) for label in self._quads_of}

    def issue_all(self) -> _Issuer:
        """Issue a canonical label for every blank node (steps 3 to 5 of section 4.4.3)."""
        by_hash: dict[str, list[str]] = {}
        for label, value in self._first_degree.items():
            by_hash.setdefault(value, []).append(label)
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

    def _hash_first_degree(self, label: str) -> str:
        """Section 4.6: the node's own quads, itself as _:a and every other blank node as _:z."""

        def masked(term: str) -> str:
            return term if term[:2] != "_:" else "_:a" if term == label else "_:z"

        lines = [write_quad((masked(s), p, masked(o), masked(g))) for s, p, o, g in self._quads_of[label]]
        lines.sort()
        return self._hash("".join(lines))

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
        chosen: tuple[str, _Issuer] | None = None
        for order in permutations(alike):
            self._spend(len(order) + len(issuer))
            found = self._path(order, dict(issuer), depth, chosen[0] if chosen else "")
            if found is not None and (chosen is None or found[0] < chosen[0]):
                chosen = found
        if chosen is None:
            raise AssertionError("the first permutation is never skipped")
        return chosen

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
