"""What is shipped and how it is found: our flat top-level names are ours alone, and no file names a machine of ours."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
TOP_LEVEL_NAMES = ("credentials", "schemas", "keys", "issuer", "verifier", "plaudit")

#: Put together here so that this file does not contain what it looks for.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("npmjs", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("crates", "io"),
        ("proxy", "golang"),
    )
]
MACHINE_FOLDERS = ["work", "root", "tmp"]
#: A home folder and the like, but not https://example.org/work/ or a relative ./work/. Inside a bare system that a
#: script makes for itself, root's home is nobody's machine.
MACHINE_PATH = re.compile(r"(?<![\w.\-}\)\"$])/(?:" + "|".join(MACHINE_FOLDERS) + r")/[\w.]")


def project() -> dict[str, object]:
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        table = tomllib.load(file)["project"]
    assert isinstance(table, dict)
    return table


def files_of_the_repository() -> list[Path]:
    """What is committed, and what would be: no ignored files."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    result = subprocess.run(listing, capture_output=True, text=True, cwd=REPOSITORY)
    if result.returncode:
        pytest.skip("this is not a git checkout")
    return [path for name in result.stdout.split("\0") if name and (path := REPOSITORY / name).is_file()]


def text_of(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("name", TOP_LEVEL_NAMES)
def test_a_top_level_name_resolves_to_this_checkout(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None, f"{name} is a namespace package: another distribution could add to it"
    assert Path(spec.origin).resolve().is_relative_to(REPOSITORY)


@pytest.mark.parametrize("name", TOP_LEVEL_NAMES)
def test_no_other_distribution_claims_a_top_level_name(name: str) -> None:
    claims = set(importlib.metadata.packages_distributions().get(name, []))
    assert claims <= {"plaudit"}


def test_the_distribution_can_not_be_uploaded_by_mistake() -> None:
    classifiers = project()["classifiers"]
    assert isinstance(classifiers, list)
    assert "Private :: Do Not Upload" in classifiers


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "deploy/installer.lock"])
def test_every_locked_requirement_is_pinned_and_hashed(lock: str) -> None:
    requirements = re.split(r"\n(?=\S)", (REPOSITORY / lock).read_text(encoding="utf-8").strip())
    loose = [
        requirement.splitlines()[0]
        for requirement in requirements
        if not re.match(r"[a-z0-9-]+==\S+", requirement) or "--hash=sha256:" not in requirement
    ]
    assert not loose


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_declared_dependency_is_locked(lock: str) -> None:
    declared = project()["dependencies"]
    assert isinstance(declared, list)
    names = {re.split(r"[\[<>=!~ ;]", requirement)[0] for requirement in declared}
    locked = set(re.findall(r"^([a-z0-9-]+)==", (REPOSITORY / lock).read_text(encoding="utf-8"), re.MULTILINE))
    assert names <= locked, f"run `make lock`: {sorted(names - locked)}"


def test_no_file_names_a_package_registry() -> None:
    guilty = [
        f"{path.relative_to(REPOSITORY)} names {host}"
        for path in files_of_the_repository()
        if (text := text_of(path)) is not None
        for host in REGISTRY_HOSTS
        if host in text
    ]
    assert not guilty, "\n".join(guilty)


def test_no_file_names_a_path_of_one_machine() -> None:
    guilty = [
        f"{path.relative_to(REPOSITORY)}: {found.group()}"
        for path in files_of_the_repository()
        if (text := text_of(path)) is not None and (found := MACHINE_PATH.search(text))
    ]
    assert not guilty, "\n".join(guilty)


def test_private_key_material_is_nowhere_in_the_repository() -> None:
    marks = ["-".join(["-" * 4, "BEGIN"]) + " " + kind for kind in ("PRIVATE KEY", "EC PRIVATE", "OPENSSH PRIVATE")]
    guilty = [
        path.relative_to(REPOSITORY).as_posix()
        for path in files_of_the_repository()
        if (text := text_of(path)) is not None and any(mark in text for mark in marks)
    ]
    assert not guilty
