"""The pinned contexts and schemas are the published ones, byte for byte as the manifest says, and nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import schemas
from schemas import manifest

#: Published copies that came by another way than ours, to compare with.
PUBLISHED = {
    "https://www.w3.org/ns/credentials/v2": "w3c/credentials/v2",
    "https://www.w3.org/2018/credentials/v1": "w3c/credentials/v1",
    "https://www.w3.org/ns/credentials/examples/v2": "w3c/credentials/examples/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "from-1edtech-validator/ob-v3p0-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": "from-1edtech-validator/ob-v3p0-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": "from-1edtech-validator/ob-v3p0-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": "from-1edtech-validator/ob-v3p0.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "from-1edtech-validator/ob-v3p0-extensions.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity-v2.npm-digitalbazaar-2.0.1.json",
    "https://w3id.org/security/data-integrity/v1": "from-1edtech-validator/data-integrity-v1.jsonld",
    "https://w3id.org/security/suites/ed25519-2020/v1": "from-1edtech-validator/suites-ed25519-2020.jsonld",
    "https://www.w3.org/ns/did/v1": "from-1edtech-validator/did-v1.jsonld",
}
#: Pinned from one source only: nothing to compare with here.
ONE_SOURCE = {
    "https://www.w3.org/ns/credentials/status/v1",
    "https://w3id.org/vc/status-list/2021/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/citizenship/v4rc1",
    "https://identity.foundation/.well-known/did-configuration/v1",
    schemas.PLAUDIT_CONTEXT,
}


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the folder that may be spoiled, with nothing remembered from the real one."""
    folder = tmp_path / "schemas"
    shutil.copytree(schemas.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.setattr(schemas, "FOLDER", folder)
    remembered = (schemas.rows, schemas._context_rows, schemas._load, schemas.published)
    for function in remembered:
        function.cache_clear()
    yield folder
    for function in remembered:
        function.cache_clear()


def test_every_file_is_the_pinned_one() -> None:
    """The check that runs at start passes on what is committed."""
    schemas.check_manifest()


@pytest.mark.parametrize("url", sorted(PUBLISHED))
def test_context_equals_the_published_one(url: str, vectors: Path) -> None:
    """Each context is JSON-equal to a copy that came another way."""
    published = json.loads((vectors / "contexts" / PUBLISHED[url]).read_bytes())
    assert schemas.context(url) == published


def test_no_context_escapes_the_comparison() -> None:
    """A context that is added later must be compared, or be named as having one source."""
    assert set(schemas.contexts()) == PUBLISHED.keys() | ONE_SOURCE


def test_open_badges_schema_is_the_published_one(vectors: Path) -> None:
    """The strict Open Badges 3.0 schema, unchanged."""
    published = vectors / "ob3-json-schemas" / "json_ob_v3p0_achievementcredential_schema.json"
    assert schemas.json_schema(schemas.OPEN_BADGES_SCHEMA) == json.loads(published.read_bytes())


def test_published_bytes_are_those_of_every_version(vectors: Path) -> None:
    """What digests are taken of: byte for byte as published, the context of 2024-07 to 2025-02 included."""
    folder = vectors / "contexts"
    today, before = folder / "w3c/credentials/v2", folder / "w3c-historic/credentials-v2.blob-717b8f0b.jsonld"
    assert schemas.published("https://www.w3.org/ns/credentials/v2") == (today.read_bytes(), before.read_bytes())
    v1 = (folder / "w3c/credentials/v1").read_bytes()
    assert schemas.published("https://www.w3.org/2018/credentials/v1") == (v1,)


def test_copies_from_packages_are_no_published_bytes() -> None:
    """A context that a package wrote anew has other bytes than the ones people took digests of."""
    assert schemas.published("https://w3id.org/security/multikey/v1") == ()
    assert schemas.published("https://example.org/unknown") == ()
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    assert [json.loads(data) for data in schemas.published(examples)] == [schemas.context(examples)]


def test_schema_by_url_and_by_name_is_one() -> None:
    """Our own schema is found by its URL and by its file name."""
    assert schemas.json_schema(schemas.COMPLETION_SCHEMA) is schemas.json_schema("completion.schema.json")


def test_unknown_names_have_nothing() -> None:
    """Matching is exact: no trailing slash, no http, no context among the schemas."""
    assert schemas.context("https://www.w3.org/ns/credentials/v2/") is None
    assert schemas.context("http://www.w3.org/ns/credentials/v2") is None
    with pytest.raises(KeyError):
        schemas.json_schema("https://www.w3.org/ns/credentials/v2")


def test_a_changed_file_is_never_used(copied: Path) -> None:
    """One changed byte stops both the check at start and the loading."""
    spoiled = copied / "contexts" / "credentials-v2.json"
    spoiled.write_bytes(spoiled.read_bytes().replace(b'"@protected": true', b'"@protected":false', 1))
    with pytest.raises(schemas.SchemaIntegrityError, match=r"credentials-v2\.json"):
        schemas.check_manifest()
    with pytest.raises(schemas.SchemaIntegrityError):
        schemas.context("https://www.w3.org/ns/credentials/v2")


def test_missing_and_stray_files_are_named(copied: Path) -> None:
    """A row without a file and a file without a row both stop the start."""
    (copied / "contexts" / "stray.json").write_text("{}")
    with pytest.raises(schemas.SchemaIntegrityError, match=r"stray\.json"):
        schemas.check_manifest()
    (copied / "contexts" / "did-v1.json").unlink()
    with pytest.raises(schemas.SchemaIntegrityError, match=r"did-v1\.json"):
        schemas.check_manifest()


def test_refresh_pins_our_own_files_and_no_others(copied: Path) -> None:
    """A change to our context is pinned anew; a change to a published one stays an error."""
    own = copied / "contexts" / "plaudit-v1.json"
    own.write_bytes(own.read_bytes() + b"\n")
    assert manifest.refresh(copied) == ["contexts/plaudit-v1.json"]
    schemas.rows.cache_clear()
    schemas.check_manifest()
    foreign = copied / "contexts" / "did-v1.json"
    foreign.write_bytes(foreign.read_bytes() + b"\n")
    assert manifest.refresh(copied) == []
    schemas.rows.cache_clear()
    with pytest.raises(schemas.SchemaIntegrityError, match=r"did-v1\.json"):
        schemas.check_manifest()


def test_command_checks_and_refuses_other_words(capsys: pytest.CaptureFixture[str]) -> None:
    """`python -m schemas.manifest` says how many files it checked; anything else is a usage error."""
    assert manifest.main([]) == 0
    assert "are the pinned ones" in capsys.readouterr().out
    assert manifest.main(["reset"]) == 64


def test_every_row_says_where_it_came_from() -> None:
    """Source and licence are named; no source is a registry's host."""
    for row in schemas.rows():
        assert row.source.startswith(("npm ", "https://", manifest.OWN)), row
        assert row.licence
    read = [row.url for row in schemas.rows() if not row.file.startswith("published/")]
    assert len(set(read)) == len(read)
