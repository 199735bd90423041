"""What every view needs and `create_app` was given: the instance, the way out for verification, the public address.

It performs nothing itself. A view asks `site()` instead of importing a global, so two apps can live in one process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from credentials.ports import Fetcher
from credentials.verify import Policy
from issuer.instance import Instance

EXTENSION = "plaudit"


@dataclass(frozen=True, slots=True)
class Site:
    """One running issuer; `fetcher` answers for our own origin in-process and asks the network for the rest.

    `policy` is what its pages verify by.
    """

    instance: Instance
    fetcher: Fetcher
    policy: Policy = field(default_factory=Policy)

    @property
    def base_url(self) -> str:
        """The public origin, from configuration only and without a trailing slash: never from a request's Host."""
        return self.instance.config.base_url

    def url(self, path: str) -> str:
        """Return the absolute public URL of `path`, which begins with a slash."""
        return self.base_url + path


def site() -> Site:
    """Return the `Site` of the app that is answering."""
    return cast(Site, current_app.extensions[EXTENSION])
