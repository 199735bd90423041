"""The statements of a document as ecdsa-sd-2023 signs them, one by one, and which of them a selection names.

Blank node labels are replaced, so that what is shown does not tell how many nodes are hidden: the issuer's come from an
HMAC, the verifier's from the disclosure proof. Statements are then sorted by code point.

Source: Data Integrity ECDSA Cryptosuites 1.0, 3.4 (labelReplacementCanonicalizeJsonLd, canonicalizeAndGroup).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from credentials import canonical, errors, jsonld, multibase
from credentials.canonical import Quad
from credentials.canonical.nquads import write_quad
from credentials.cryptosuites.ecdsa_sd import limits, selection
from credentials.cryptosuites.ecdsa_sd.naming import NamedDocument

_CANONICAL: Final = "_:c14n"


class Statements:
    """The statements of an unsecured document under its HMAC labels; `lines` are N-Quads, sorted.

    Construction raises what `NamedDocument` raises, and `errors.SelectionLimit`.
    """

    def __init__(self, document: Mapping[str, Any], hmac_key: bytes, *, allow_inline_contexts: bool) -> None:
        self._named = NamedDocument(document, allow_inline_contexts=allow_inline_contexts)
        self._digests = {
            name: hmac.digest(hmac_key, label.removeprefix("_:").encode(), "sha256")
            for name, label in self._named.canonical_labels.items()
        }
        self._labels = {name: label_of(digest) for name, digest in self._digests.items()}
        self.lines = _lines(self._named.quads_of(self._named.document), self._labels)
        limits.check_statements(self.lines)
        self._index = {line: index for index, line in enumerate(self.lines)}

    def indexes(self, pointers: Sequence[str]) -> list[int]:
        """The places in `lines` of what the pointers name, ascending; none for no pointers.

        Raises `errors.InvalidPointer` and `errors.SelectionLimit`.
        """
        limits.check_pointers(pointers)
        if not pointers:
            return []
        found = self._indexes(self.selected_quads(pointers))
        if found is None:
            culprit = next((one for one in pointers if self._indexes(self.selected_quads([one])) is None), pointers[0])
            raise errors.InvalidPointer(f"{culprit[:100]!r} is inside of what can only be shown whole", pointer=culprit)
        return found

    def selected_quads(self, pointers: Sequence[str]) -> list[Quad]:
        """The quads of what the pointers name, by the names of the whole document."""
        return self._named.quads_of(selection.select(self._named.document, pointers))

    def verifier_labels(self, pointers: Sequence[str]) -> dict[int, bytes]:
        """The HMACs by the number of the canonical label that a verifier of the selection will see."""
        labels = canonical.canonicalize(self.selected_quads(pointers)).labels
        numbered = {int(label.removeprefix(_CANONICAL)): self._digests[name] for name, label in labels.items()}
        return dict(sorted(numbered.items()))

    def _indexes(self, quads: Sequence[Quad]) -> list[int] | None:
        """The places of the quads; None when one of them is not a statement of the document."""
        lines = _lines(quads, self._labels)
        return [self._index[line] for line in lines] if self._index.keys() >= set(lines) else None


def label_of(digest: bytes) -> str:
    """The blank node label made of an HMAC: base64url after a `u`, as N-Quads allows no label to begin otherwise."""
    return f"_:u{multibase.encode_base64url(digest)}"


def of_part(document: Mapping[str, Any], labels: Mapping[int, bytes], *, allow_inline_contexts: bool) -> list[str]:
    """The statements of a disclosed document, sorted, under the labels of its disclosure proof.

    Raises `errors.SignatureInvalid` when the labels are not exactly those of its nodes, `errors.SelectionLimit`, and
    what canonicalisation raises.
    """
    quads = jsonld.to_quads(document, allow_inline_contexts=allow_inline_contexts)
    limits.check_statements(quads)
    form = canonical.canonicalize(quads)
    new = {f"{_CANONICAL}{number}": label_of(digest) for number, digest in labels.items()}
    if set(form.labels.values()) != new.keys():
        raise errors.SignatureInvalid("the nodes of the document are not those that the proof knows")
    return _lines(quads, {label: new[canonical_label] for label, canonical_label in form.labels.items()})


def _lines(quads: Iterable[Quad], labels: Mapping[str, str]) -> list[str]:
    """The quads as N-Quads under other labels, each once, sorted."""
    label = labels.get
    return sorted({write_quad((label(s, s), p, label(o, o), label(g, g))) for s, p, o, g in quads})
