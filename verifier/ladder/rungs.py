"""The ladder as it is shown: rungs with an outcome, a sentence, a time and details. Nothing is asked here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from credentials import timestamps
from credentials.sentence import Sentence
from credentials.verify import Outcome

#: The rungs from the ground up: the later ones show more, or are shown by more than one party.
TITLES: Final[Mapping[str, Sentence]] = {
    "email": Sentence("E-mail at the domain"),
    "dns": Sentence("DNS record"),
    "did_web": Sentence("Keys at the domain itself"),
    "did_configuration": Sentence("DID configuration"),
    "registry": Sentence("Registry of issuers"),
    "federation": Sentence("Federation"),
}


@dataclass(frozen=True, slots=True)
class Rung:
    """One way in which a domain can be shown to be the issuer's. `checked_at` is None when nothing was asked.

    `stated` says that the issuer names this way as the one that had been shown when it signed.
    """

    id: str
    outcome: Outcome
    sentence: str
    checked_at: datetime | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    stated: bool = False

    @property
    def title(self) -> Sentence:
        """What the rung is called."""
        return TITLES[self.id]

    def to_json(self) -> dict[str, Any]:
        """The rung as one member of `rungs`."""
        return {
            "id": self.id,
            "title": self.title,
            "outcome": self.outcome.value,
            "sentence": self.sentence,
            "checkedAt": None if self.checked_at is None else timestamps.format(self.checked_at),
            "statedWhenSigned": self.stated,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Ladder:
    """How far the domain was shown to be the issuer's. `domain` None: the issuer names none.

    `proof` is the issuer's own word of `credentials.model.DOMAIN_PROOFS`, None when it says nothing; `statement` puts
    it into a sentence, and `signed_at` is when it was signed. `looked_up` tells whether the rungs are as now.
    """

    domain: str | None
    proof: str | None
    statement: str
    signed_at: datetime | None
    rungs: tuple[Rung, ...]
    looked_up: bool = False

    def rung(self, identifier: str) -> Rung:
        """The rung with this id; raises KeyError."""
        for rung in self.rungs:
            if rung.id == identifier:
                return rung
        raise KeyError(identifier)

    def to_json(self) -> dict[str, Any]:
        """The ladder as the member `issuerDomain` of an answer."""
        return {
            "domain": self.domain,
            "whenSigned": {
                "proof": self.proof,
                "sentence": self.statement,
                "at": None if self.signed_at is None else timestamps.format(self.signed_at),
            },
            "lookedUp": self.looked_up,
            "rungs": [rung.to_json() for rung in self.rungs],
        }
