"""The registries that the operator configured: read at the start, fetched when asked for, remembered for an hour.

None is configured by default. A registry holds names of organisations, so remembering it keeps nothing of anybody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from credentials.domains import names, registry
from credentials.domains.registry import Entry, Registry
from credentials.errors import PlauditError
from credentials.lookalikes import KnownIssuer
from credentials.ports import Fetcher
from verifier.problems import ConfigurationRefused

#: In seconds: a registry changes by the day. One that could not be read is asked again after a minute.
KEPT_SECONDS = 3_600.0
FAILURE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Kept:
    until: float
    entries: Mapping[str, Entry] | None
    error: PlauditError | None


class Registries:
    """The configured registries. `clock` counts seconds. Thread-safe."""

    def __init__(self, listed: tuple[Registry, ...], files: Mapping[str, bytes], clock: Callable[[], float]) -> None:
        """`files` holds the registries that lie beside the list, by name; raises `DomainEvidenceMalformed`."""
        self.listed = listed
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._files = {name: registry.read_registry(body) for name, body in files.items()}

    @classmethod
    def load(cls, path: Path | None, clock: Callable[[], float]) -> Registries:
        """Read the operator's list and the copies beside it; raises `ConfigurationRefused`."""
        if path is None:
            return cls((), {}, clock)
        try:
            listed = registry.read_list(path.read_bytes())
            wanted = {one.file for one in listed if one.file is not None}
            files = {name: (path.parent / Path(name).name).read_bytes() for name in wanted}
            return cls(listed, files, clock)
        except (OSError, PlauditError) as error:
            raise ConfigurationRefused(f"The list of registries {path.name} cannot be used: {error}") from error

    def of_kind(self, kind: str) -> tuple[Registry, ...]:
        """The registries of one kind, in the operator's order."""
        return tuple(one for one in self.listed if one.kind == kind)

    def entries(self, one: Registry, fetcher: Fetcher) -> Mapping[str, Entry]:
        """The issuers of a registry of the DCC's format by DID; raises what fetching and reading it raise."""
        if one.file is not None:
            return self._files[one.file]
        url = str(one.url)
        kept = self._kept.get(url)
        if kept is None or kept.until <= self._clock():
            kept = self._fetched(url, fetcher)
            with self._lock:
                self._kept[url] = kept
        if kept.entries is None:
            raise kept.error or RuntimeError("a registry is kept with neither its entries nor an error")
        return kept.entries

    def known(self) -> tuple[KnownIssuer, ...]:
        """The issuers of every registry that has been read so far; nothing is fetched for it."""
        with self._lock:
            fetched = [kept.entries for kept in self._kept.values() if kept.entries is not None]
        return tuple(
            KnownIssuer(entry.name, names.domain_of_page(entry.url), entry.did)
            for entries in (*self._files.values(), *fetched)
            for entry in entries.values()
        )

    def _fetched(self, url: str, fetcher: Fetcher) -> _Kept:
        try:
            entries = registry.read_registry(fetcher.fetch(url).body)
        except PlauditError as error:
            return _Kept(self._clock() + FAILURE_SECONDS, None, error)
        return _Kept(self._clock() + KEPT_SECONDS, entries, None)
