"""What was promised: the least that each comparison must show. Measures nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: Names of contenders, as the comparisons give them.
OURS = "Plaudit"
BY_TEMPLATE = "Plaudit, by template"
UNLINTED = "Plaudit, without lint"
DIGITAL_BAZAAR = "@digitalbazaar/vc"
NODE_JSONLD = "jsonld + rdf-canonize"
PYLD = "PyLD"
JOSERFC = "joserfc"
PYJWT = "PyJWT"
SD_JWT = "sd-jwt"
RAW = "signature alone"


@dataclass(frozen=True, slots=True)
class Target:
    """One promise about a comparison.

    "times": `ours` is at least `bound` times as fast as `other`. "share": it takes so little that it reaches `bound`
    of the rate of `other`, the bare signature. "microseconds": it takes at most `bound`. "within": it takes at most
    `bound` times what `other` takes.
    """

    comparison: str
    kind: Literal["times", "share", "microseconds", "within"]
    bound: float
    other: str = ""
    ours: str = OURS

    def measured(self, medians: Mapping[str, float]) -> float | None:
        """The figure that `bound` is about, out of microseconds by contender; None when one was not measured."""
        mine, other = medians.get(self.ours), medians.get(self.other)
        if self.kind == "microseconds" or mine is None:
            return mine
        if other is None:
            return None
        return mine / other if self.kind == "within" else other / mine

    def is_met(self, measured: float) -> bool:
        """Does the figure keep the promise?"""
        return measured <= self.bound if self.kind in ("microseconds", "within") else measured >= self.bound

    def describe(self) -> str:
        """The promise, in a few words."""
        return {
            "times": f"{self.ours}: at least {self.bound:g} × {self.other}",
            "share": f"{self.ours}: at least {self.bound:.0%} of the {self.other}",
            "microseconds": f"{self.ours}: at most {self.bound / 1000:g} ms",
            "within": f"{self.ours}: at most {self.bound:g} × {self.other}",
        }[self.kind]

    def write(self, figure: float) -> str:
        """A figure of this kind as it is printed."""
        match self.kind:
            case "share":
                return f"{figure:.1%}"
            case "microseconds":
                return f"{figure / 1000:.2f} ms"
            case _:
                return f"{figure:.3g} ×" if figure < 100 else f"{figure:,.0f} ×"


ONE_REVOCATION = "one revocation"
THOUSAND_REVOCATIONS = "1,000 revocations at once"

TARGETS = (
    Target("canonicalise", "times", 30, PYLD),
    Target("canonicalise", "times", 25, NODE_JSONLD),
    Target("canonicalise", "times", 200, PYLD, BY_TEMPLATE),
    Target("eddsa-rdfc-2022 issue", "times", 80, DIGITAL_BAZAAR, BY_TEMPLATE),
    Target("eddsa-rdfc-2022 issue", "share", 0.20, RAW, BY_TEMPLATE),
    Target("eddsa-rdfc-2022 issue", "times", 20, DIGITAL_BAZAAR),
    Target("eddsa-rdfc-2022 verify", "times", 18, DIGITAL_BAZAAR),
    Target("eddsa-rdfc-2022 verify", "share", 0.12, RAW),
    Target("ecdsa-rdfc-2019 issue", "times", 80, DIGITAL_BAZAAR, BY_TEMPLATE),
    Target("ecdsa-rdfc-2019 verify", "times", 20, DIGITAL_BAZAAR),
    Target("eddsa-jcs-2022 issue", "share", 0.28, RAW, BY_TEMPLATE),
    Target("eddsa-jcs-2022 verify", "share", 0.50, RAW),
    Target("vc+jwt verify", "times", 1.5, JOSERFC),
    Target("vc+jwt verify", "times", 4, PYJWT),
    Target("dc+sd-jwt EdDSA issue", "times", 4, SD_JWT),
    Target("dc+sd-jwt EdDSA verify", "times", 2, SD_JWT),
    Target("dc+sd-jwt ES256 issue", "times", 4, SD_JWT),
    Target("dc+sd-jwt ES256 verify", "times", 2, SD_JWT),
    Target("revocation", "microseconds", 600, ours=ONE_REVOCATION),
    Target("revocation", "within", 1.3, ONE_REVOCATION, THOUSAND_REVOCATIONS),
)


def of(comparison: str) -> list[Target]:
    """The promises about one comparison."""
    return [target for target in TARGETS if target.comparison == comparison]
