"""A small OpenID Federation on a `MemoryWeb`: entities with real keys that sign what the specification says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from credentials import strict_json
from credentials.jose import claims, jws
from tests.worlds.completions import NOW
from tests.worlds.issuers import Key
from tests.worlds.memory_web import MemoryWeb

HOUR = 3_600


@dataclass
class Entity:
    """One entity: its identifier is its https address; `above` are those that it names as its superiors."""

    web: MemoryWeb
    identifier: str
    above: tuple[Entity, ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    name: str = "Entity"

    def __post_init__(self) -> None:
        self.key = Key(f"federation of {self.identifier}")

    @property
    def kid(self) -> str:
        return self.key.public.thumbprint()

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{**self.key.public.to_jwk(), "kid": self.kid}]}

    def statement(self, subject: Entity | str, *, typ: str = "entity-statement+jwt", **changes: Any) -> str:
        """This entity's signed statement about `subject`; `changes` replace claims, None removes one."""
        now = claims.numeric_date(NOW)
        about = subject.identifier if isinstance(subject, Entity) else subject
        said = {"iss": self.identifier, "sub": about, "iat": now - HOUR, "exp": now + HOUR}
        said["jwks"] = subject.jwks() if isinstance(subject, Entity) else {"keys": []}
        if subject is self:
            endpoint = f"{self.identifier}/fetch"
            said["metadata"] = {
                "federation_entity": {"federation_fetch_endpoint": endpoint, "organization_name": self.name},
                **self.metadata,
            }
            said["authority_hints"] = [one.identifier for one in self.above]
        payload = {name: value for name, value in {**said, **changes}.items() if value is not None}
        return jws.sign({"typ": typ, "kid": self.kid}, strict_json.dumps(payload), self.key)

    def publish(self, **changes: Any) -> None:
        """Publish its own statement."""
        self.web.put(f"{self.identifier}/.well-known/openid-federation", self.statement(self, **changes).encode())

    def publish_about(self, subject: Entity | str, **changes: Any) -> None:
        """Publish what it says about one below."""
        about = subject.identifier if isinstance(subject, Entity) else subject
        url = f"{self.identifier}/fetch?sub={quote(about, safe='')}"
        self.web.put(url, self.statement(subject, **changes).encode())


def chain(web: MemoryWeb, *identifiers: str, leaf_metadata: dict[str, Any] | None = None) -> list[Entity]:
    """Publish entities each below the next; the last is the anchor."""
    entities: list[Entity] = []
    for identifier in reversed(identifiers):
        above = (entities[-1],) if entities else ()
        metadata = (leaf_metadata or {}) if identifier == identifiers[0] else {}
        entities.append(Entity(web, identifier, above, metadata, name=identifier.removeprefix("https://")))
    entities.reverse()
    for entity in entities:
        entity.publish()
        for superior in entity.above:
            superior.publish_about(entity)
    return entities
