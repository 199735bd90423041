"""Fetches an issuer's status lists and confirms that they are that issuer's: credentials and tokens alike.

Each list is fetched at most once for one verification. Nothing of a list is believed before its signature was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from credentials import errors, token_status_list
from credentials.cose import cwt
from credentials.jose import jws
from credentials.multikey import PublicKey
from credentials.ports import Fetched, Fetcher
from credentials.token_status_list import StatusListToken
from credentials.verify import forms, keys
from credentials.verify.forms import KeyClaim, Secured
from credentials.verify.keys import KeyDocuments
from credentials.verify.limits import Limits

#: The first byte of a tagged COSE_Sign1: a status list as CWT begins with it, one as JWT never.
_COSE_SIGN1: Final = b"\xd2"


@dataclass(frozen=True, slots=True)
class Published:
    """A list whose signature was confirmed as the issuer's, and the `Fetched.source` that it came from."""

    document: Mapping[str, Any]
    source: str


@dataclass(frozen=True, slots=True)
class PublishedToken:
    """The same for a Token Status List."""

    token: StatusListToken
    source: str


class StatusLists:
    """The lists of one issuer at one moment. Raises `errors.StatusListUnreachable` and `StatusListNotTrusted`."""

    def __init__(self, *, fetcher: Fetcher, keys: KeyDocuments, issuer: str, now: datetime, limits: Limits) -> None:
        self._fetcher = fetcher
        self._keys = keys
        self._issuer = issuer
        self._now = now
        self._limits = limits
        self._credentials: dict[str, Published] = {}
        self._tokens: dict[str, PublishedToken] = {}

    def credential(self, url: str) -> Published:
        """The BitstringStatusListCredential at `url`, however it is secured."""
        if url not in self._credentials:
            fetched = self._fetch(url)
            self._credentials[url] = Published(self._authentic(fetched.body).document, fetched.source)
        return self._credentials[url]

    def token(self, url: str) -> PublishedToken:
        """The Status List Token at `url`, as JWT or CWT (Token Status List, 5)."""
        if url not in self._tokens:
            fetched = self._fetch(url)
            self._tokens[url] = PublishedToken(self._opened(fetched.body), fetched.source)
        return self._tokens[url]

    def _fetch(self, url: str) -> Fetched:
        try:
            return self._fetcher.fetch(url)
        except errors.Unreachable as error:
            raise errors.StatusListUnreachable(error.detail) from error

    def _authentic(self, body: bytes) -> Secured:
        try:
            secured = forms.read(body, self._limits)
            if secured.issuer != self._issuer:
                raise errors.StatusListNotTrusted("the list is another issuer's")
            for signature in secured.signatures:
                key = self._own_key(signature.claim())
                keys.check_signature(signature, key, now=self._now, skew=self._limits.clock_skew)
        except errors.BadData as error:
            raise errors.StatusListNotTrusted(f"{error.title}: {error.detail}") from error
        return secured

    def _opened(self, body: bytes) -> StatusListToken:
        if len(body) > self._limits.max_bytes:
            raise errors.StatusListTooLarge(f"{len(body)} bytes")
        try:
            return self._open_cwt(body) if body.startswith(_COSE_SIGN1) else self._open_jwt(body.strip())
        except errors.BadData as error:
            raise errors.StatusListNotTrusted(f"{error.title}: {error.detail}") from error

    def _open_jwt(self, body: bytes) -> StatusListToken:
        token = jws.parse(body)
        return token_status_list.open_jwt(token, self._key_called(token.kid))

    def _open_cwt(self, body: bytes) -> StatusListToken:
        token = cwt.parse(body, any_order=True)
        kid = None if token.kid is None else token.kid.decode("utf-8", "replace")
        return token_status_list.open_cwt(token, self._key_called(kid))

    def _key_called(self, kid: str | None) -> PublicKey:
        """The issuer's own key of that name; what is opened with it checks the signature itself."""
        return self._own_key(KeyClaim(kid, None)).method.public_key

    def _own_key(self, claim: KeyClaim) -> keys.FoundKey:
        found = keys.find_key(claim, issuer=self._issuer, keys=self._keys, now=self._now)
        keys.check_owner(found, self._issuer)
        return found
