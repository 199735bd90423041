"""Every public address that ends up in something signed, made in one place. They are promises: permanent.

All take the base URL from the configuration, never from a request.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from urllib.parse import urlsplit

from issuer.instance import Instance


def record_url(instance: Instance, credential_id: str) -> str:
    """The record's page, which is also the credential's `id`."""
    return f"{instance.config.base_url}/c/{credential_id}"


def status_list_url(instance: Instance, list_id: str) -> str:
    """Where the signed status list is served."""
    return f"{instance.config.base_url}/status/{list_id}"


def achievement_url(instance: Instance, project_id: str) -> str:
    """The page of a project as defined once, which is `achievement.id`."""
    return f"{instance.config.base_url}/a/{project_id}"


def portfolio_url(instance: Instance, slug: str) -> str:
    """A student's unlisted page."""
    return f"{instance.config.base_url}/p/{slug}"


def skill_url(instance: Instance, slug: str, name: str) -> str:
    """The employer's own page for a skill that has no URI in a framework."""
    return f"{instance.config.base_url}/o/{slug}/skills/{skill_key(name)}"


def skill_key(name: str) -> str:
    """A short key for a skill's name in any script: the same for names that differ only in case or composition."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return base64.b32encode(hashlib.sha256(folded.encode()).digest()[:10]).decode("ascii").lower()


def organisation_did(base_url: str, slug: str) -> str:
    """The organisation's did:web (W3C CCG did:web: a port's colon is percent-encoded, path parts follow colons)."""
    return f"{installation_did(base_url)}:o:{slug}"


def installation_did(base_url: str) -> str:
    """The installation's own did:web. It signs nothing; its organisations' DIDs lie below it."""
    return f"did:web:{urlsplit(base_url).netloc.replace(':', '%3A')}"


def did_document_url(base_url: str, slug: str) -> str:
    """Where that DID's document is served."""
    return f"{base_url}/o/{slug}/did.json"
