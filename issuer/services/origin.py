"""Answers in-process for addresses of our own origin, so that one worker never waits for itself. Opens no connection.

Everything else goes to the fetcher that it was given: the verifier's door to the outside, unchanged.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from credentials.ports import Fetched, Fetcher
from issuer.instance import Instance
from issuer.problems import NotFound
from issuer.services import certificates, did_history, notices, records, status, tokens
from issuer.services.kept_answers import KeptAnswers

_DID_DOCUMENT = re.compile(r"/o/([a-z0-9-]{2,40})/did\.json", re.ASCII)
_DID_LOG = re.compile(r"/o/([a-z0-9-]{2,40})/did\.jsonl", re.ASCII)
_STATUS_LIST = re.compile(r"/status/([a-z2-7]{26})", re.ASCII)
_RECORD = re.compile(r"/c/([a-z2-7]{26})(?:\.json)?", re.ASCII)
_TOKEN = re.compile(r"/c/([a-z2-7]{26})\.jwt", re.ASCII)
_STANDING = re.compile(r"/c/([a-z2-7]{26})/standing", re.ASCII)
_CERTIFICATE = re.compile(r"/c/([a-z2-7]{26})\.pdf", re.ASCII)

SOURCE = "own origin"


class OwnOriginFetcher:
    """A `Fetcher`: our DID documents, status lists, records, notices and certificates, the rest from `otherwise`."""

    def __init__(self, instance: Instance, otherwise: Fetcher) -> None:
        self._instance = instance
        self._otherwise = otherwise
        self._kept = KeptAnswers(instance)
        base = instance.config.base_url
        #: did:web always means https, also where a desk's own origin is plain http.
        self._origins = (base, f"https://{urlsplit(base).netloc}")

    def fetch(self, url: str) -> Fetched:
        """Raises `NotFound` for an address of ours that leads nowhere, and what `otherwise` raises."""
        path = self._own_path(url)
        if path is None:
            return self._otherwise.fetch(url)
        if match := _DID_DOCUMENT.fullmatch(path):
            slug = match[1]
            document = self._kept.get(path, lambda: records.did_document(self._instance, slug))
            return Fetched(url, document, "application/did+json", SOURCE)
        if match := _DID_LOG.fullmatch(path):
            return Fetched(url, did_history.published(self._instance, match[1]), "text/jsonl", SOURCE)
        if match := _STATUS_LIST.fullmatch(path):
            list_id = match[1]
            published = self._kept.get(path, lambda: status.published(self._instance, list_id))
            return Fetched(url, published, "application/vc+json", SOURCE)
        if match := _RECORD.fullmatch(path):
            return Fetched(url, records.signed(self._instance, match[1]), "application/vc+json", SOURCE)
        if match := _TOKEN.fullmatch(path):
            version_id = records.get(self._instance, match[1]).version_id
            return Fetched(url, tokens.of_version(self._instance, version_id), "application/vc+jwt", SOURCE)
        if match := _STANDING.fullmatch(path):
            return Fetched(url, notices.published(self._instance, match[1]), "application/vc+json", SOURCE)
        if match := _CERTIFICATE.fullmatch(path):
            return Fetched(url, certificates.certificate(self._instance, match[1]), "application/pdf", SOURCE)
        if path == "/.well-known/did.json":
            return Fetched(url, records.did_document(self._instance, None), "application/did+json", SOURCE)
        raise NotFound(f"{path[:200]} is no DID document, status list or credential of this installation")

    def _own_path(self, url: str) -> str | None:
        for origin in self._origins:
            if url.startswith(origin + "/"):
                return url.removeprefix(origin)
        return None
