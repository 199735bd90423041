"""The rules of the Verifiable Credentials Data Model about the shape of documents; no JSON-LD, no signatures.

`check` and `check_presentation` list every breach, so that whoever made the document can mend all of them at once. The
first context says which version's rules count: 2.0 (`credential`) or 1.1 (`version_1`). What no list of members can
show (terms that no context maps, protected terms defined anew) is `credentials.jsonld`'s business.

Source: VCDM 2.0; VCDM 1.1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from credentials.findings import Finding
from credentials.vcdm import credential, version_1
from credentials.vcdm.credential import Rule
from credentials.vcdm.envelope import ENVELOPED_CREDENTIAL, ENVELOPED_PRESENTATION, check_envelope, is_envelope
from credentials.vcdm.presentation import check_presentation, holder_id
from credentials.vcdm.shapes import CONTEXT, OLD_CONTEXT, as_list, check_proofs, is_url, is_version_1, issuer_id, types

__all__ = [
    "CONTEXT",
    "ENVELOPED_CREDENTIAL",
    "ENVELOPED_PRESENTATION",
    "OLD_CONTEXT",
    "Rule",
    "as_list",
    "check",
    "check_envelope",
    "check_presentation",
    "check_proofs",
    "holder_id",
    "is_envelope",
    "is_url",
    "is_version_1",
    "issuer_id",
    "rules_about",
    "types",
]


def check(document: Mapping[str, Any]) -> list[Finding]:
    """Every breach of the data model in the credential `document`, in the order of its rules; an empty list is good."""
    return version_1.check(document) if is_version_1(document) else credential.check(document)


def rules_about(document: Mapping[str, Any], members: Collection[str]) -> tuple[Rule, ...]:
    """What a credential may break that was good like `document`, and of which only these members changed.

    The contexts must be the same: they say which version's rules count.
    """
    return (version_1.check,) if is_version_1(document) else credential.rules_about(members)
