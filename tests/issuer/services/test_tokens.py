"""Records as tokens: made with the record, of the same text, never another; made later for older records."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DatabaseError

import issuer.db.tables as tables
from credentials import second_path, strict_json
from credentials.errors import SecondPathDisagrees
from credentials.jose import vc_jwt
from credentials.verify import Verdict, verify
from issuer.db.engine import reading, writing
from issuer.problems import NotFound
from issuer.services import records, revocation, status, tokens
from issuer.services.origin import OwnOriginFetcher
from keys.errors import SigningStopped
from tests.worlds.instances import World, issued
from tests.worlds.memory_web import MemoryWeb


def read(token: bytes) -> Any:
    return vc_jwt.read_credential(token)


def without_tokens(world: World) -> None:
    """As it was before migration 0003."""
    with writing(world.instance.engine) as connection:
        connection.execute(text("DROP TRIGGER token_stays"))
        connection.execute(delete(tables.CredentialToken))


def test_a_record_is_issued_in_both_forms_of_one_text(world: World) -> None:
    (name,) = issued(world, 1)
    record = records.get(world.instance, name)
    secured = read(tokens.of_version(world.instance, name))
    document = strict_json.loads_object(record.credential)
    [proof] = document.pop("proof")
    assert secured.document == document
    assert secured.kid == proof["verificationMethod"]
    assert secured.claims.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ") == proof["created"]


def test_both_forms_get_the_same_verdict_before_and_after_a_withdrawal(world: World) -> None:
    (name,) = issued(world, 1)
    fetcher = OwnOriginFetcher(world.instance, MemoryWeb())
    forms = (records.get(world.instance, name).credential, tokens.of_version(world.instance, name))

    def verdicts() -> list[Verdict]:
        return [verify(form, fetcher=fetcher, now=world.clock()).verdict for form in forms]

    assert verdicts() == [Verdict.VALID, Verdict.VALID]
    revocation.revoke(world.instance, name, "wrong student", actor="t")
    assert verdicts() == [Verdict.WITHDRAWN, Verdict.WITHDRAWN]


def test_the_token_is_found_at_the_records_own_address(world: World) -> None:
    (name,) = issued(world, 1)
    base = world.instance.config.base_url
    found = OwnOriginFetcher(world.instance, MemoryWeb()).fetch(f"{base}/c/{name}.jwt")
    assert (found.body, found.content_type) == (tokens.of_version(world.instance, name), "application/vc+jwt")


def test_a_token_never_changes_and_is_never_removed(world: World) -> None:
    (name,) = issued(world, 1)
    table = tables.CredentialToken
    for change in (update(table).values(token=b"x"), delete(table)):
        with pytest.raises(DatabaseError, match="what was signed"), writing(world.instance.engine) as connection:
            connection.execute(change)
    with writing(world.instance.engine) as connection:
        tokens.keep(connection, records.get(world.instance, name).organisation.id, [(name, b"other")], world.clock())
    assert read(tokens.of_version(world.instance, name))


def test_older_records_get_theirs_by_a_command_that_can_be_run_again(world: World) -> None:
    names = issued(world, 3)
    without_tokens(world)
    with pytest.raises(NotFound):
        tokens.of_version(world.instance, names[0])
    assert not tokens.exists(world.instance, names[0])
    assert tokens.make_missing(world.instance, actor="t") == 3
    assert tokens.make_missing(world.instance, actor="t") == 0
    for name in names:
        document = strict_json.loads_object(records.get(world.instance, name).credential)
        del document["proof"]
        assert read(tokens.of_version(world.instance, name)).document == document
    with reading(world.instance.engine) as connection:
        lines = connection.execute(
            select(tables.AuditLine.subject).where(tables.AuditLine.action == "credential.token")
        )
        assert sorted(lines.scalars()) == sorted(names)


def test_no_token_is_made_under_the_emergency_stop(world: World) -> None:
    issued(world, 1)
    without_tokens(world)
    world.instance.keyring().stop("drill")
    with pytest.raises(SigningStopped):
        tokens.make_missing(world.instance, actor="t")


def test_a_status_list_is_a_token_too_and_as_new(world: World) -> None:
    (name,) = issued(world, 1)
    list_id = status.list_of(records.get(world.instance, name).credential)
    first = read(status.published_token(world.instance, list_id)).document
    plain = strict_json.loads_object(status.published(world.instance, list_id))
    assert first["credentialSubject"] == plain["credentialSubject"]
    revocation.revoke(world.instance, name, "wrong student", actor="t")
    second = read(status.published_token(world.instance, list_id)).document
    plain = strict_json.loads_object(status.published(world.instance, list_id))
    assert second["credentialSubject"] == plain["credentialSubject"] != first["credentialSubject"]
    with pytest.raises(NotFound):
        status.published_token(world.instance, "a" * 26)


def test_a_list_of_before_gets_its_token_when_it_is_asked_for(world: World) -> None:
    (name,) = issued(world, 1)
    list_id = status.list_of(records.get(world.instance, name).credential)
    with writing(world.instance.engine) as connection:
        connection.execute(text("DROP TRIGGER list_token_stays"))
        connection.execute(delete(tables.StatusListToken))
    assert read(status.published_token(world.instance, list_id)).document["id"].endswith(list_id)


@pytest.mark.case("KEY-08")
def test_the_second_path_refuses_a_token_of_anything_else(world: World) -> None:
    (name,) = issued(world, 1)
    token = tokens.of_version(world.instance, name)
    document = strict_json.loads_object(records.get(world.instance, name).credential)
    del document["proof"]
    did = records.get(world.instance, name).organisation.did
    with world.instance.keyring().signer(did) as signer:
        key = signer.info.public_key.raw
    second_path.verify_token(token, strict_json.dumps(document), key)
    for spoilt, text_, raw in (
        (token[:-4] + b"AAAA", document, key),
        (token, {**document, "name": "x"}, key),
        (token, document, bytes(32)),
        (token.split(b".", 1)[1], document, key),
        (b"", document, key),
    ):
        with pytest.raises(SecondPathDisagrees):
            second_path.verify_token(spoilt, strict_json.dumps(text_), raw)
