"""An organisation's did:webvh through the installation: off by default, served beside did.json, told to the audit."""

from __future__ import annotations

import pytest

from credentials import strict_json
from credentials.did import DidResolver
from issuer.problems import NotFound
from issuer.services import did_history, records
from issuer.services.origin import OwnOriginFetcher
from tests.issuer.services.test_status_lists import NoWayOut
from tests.worlds.instances import World, damages, issued


def test_off_until_it_is_asked_for(world: World) -> None:
    with pytest.raises(NotFound):
        did_history.published(world.instance, "acme")
    assert did_history.did_of(world.instance, "acme") is None
    assert "alsoKnownAs" not in strict_json.loads_object(records.did_document(world.instance, "acme"))


def test_both_documents_name_each_other_and_hold_the_same_keys(world: World) -> None:
    """Resolved in-process through the origin's own fetcher, under both names."""
    published = did_history.publish(world.instance, world.organisation, actor="tester")
    resolver = DidResolver(OwnOriginFetcher(world.instance, NoWayOut()), now=world.clock())
    history, web = resolver.resolve(published.did), resolver.resolve(world.organisation.did)
    assert (history.source, web.source) == ("own origin", "own origin")
    assert history.document["alsoKnownAs"] == [world.organisation.did]
    assert web.document["alsoKnownAs"] == [published.did]
    keys = [
        [method["publicKeyMultibase"] for method in found.document["verificationMethod"]] for found in (history, web)
    ]
    assert keys[0] == keys[1]


def test_what_is_published_is_carried_on_and_damages_nothing(world: World) -> None:
    """Credentials name the did:web before and after; fsck finds the chain of the audit and all keys in order."""
    issued(world, 1)
    first = did_history.publish(world.instance, world.organisation, actor="tester")
    world.clock.move(days=1)
    world.instance.keyring().rotate(world.organisation.did)
    second = did_history.publish(world.instance, world.organisation, rotate_update_key=True, actor="tester")
    assert (second.did, second.version_id[0]) == (first.did, "2")
    assert not did_history.publish(world.instance, world.organisation, actor="tester").changed
    assert damages(world.instance) == []
