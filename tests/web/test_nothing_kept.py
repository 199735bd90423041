"""What strangers have checked leaves nothing behind: on the disk, in the database, in a log; nor does a crash.

Canaries go in by every entrance. What is compared is everything that outlives a request: the data folder with its
database, the folder for temporary files, and all that the server printed.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import sqlite3
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.verifier import archives, files
from tests.web.conftest import Site, answers, free_port, running, wait_for
from tests.web.issued import issue

pytestmark = [pytest.mark.timeout(900)]
CANARY = "Zaphkiel-Canary-7351"
#: Refused before anybody is asked, as no public address: what is typed there must not be written down either.
NOWHERE = f"https://127.0.0.1/{CANARY}"
#: SQLite's own beside the database; they come and go with readers.
_PASSING = ("-wal", "-shm")

Request = tuple[str, str, bytes, dict[str, str]]


def form(name: str, data: bytes, filename: str = "") -> tuple[bytes, dict[str, str]]:
    """A form with one part."""
    named = f'; filename="{filename}"' if filename else ""
    head = f'--canary-line\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()
    kind = "multipart/form-data; boundary=canary-line"
    return head + data + b"\r\n--canary-line--\r\n", {"Content-Type": kind}


def requests(credential: bytes) -> Iterator[Request]:
    """A check by every entrance, with a canary in whatever a stranger may write."""
    own = json.loads(credential)
    changed = {**own, "credentialSubject": {**own["credentialSubject"], "name": CANARY}}
    altered = json.dumps(changed).encode()
    about = {"User-Agent": CANARY, "Referer": f"https://{CANARY}.example/", "X-Forwarded-For": CANARY, "Cookie": CANARY}
    vc = {"Content-Type": "application/vc+json"}
    elsewhere = quote(f"{NOWHERE}/c/1", safe="")
    yield "POST", "/api/v1/verify", credential, {**vc, **about}
    yield "POST", "/api/v1/verify", altered, vc
    yield "POST", f"/api/v1/verify?{CANARY}=1", b"{" + CANARY.encode(), {"Content-Type": "application/json"}
    yield "GET", f"/verify?url={quote(own['id'], safe='')}&note={CANARY}", b"", about
    yield "GET", f"/verify?url={elsewhere}", b"", {}
    yield "GET", f"/{CANARY}", b"", {}
    yield "GET", f"/verify/{CANARY}?{CANARY}", b"", {}
    yield "GET", f"/api/v1/verify/issuer-keys?issuer=did:web:127.0.0.1:{CANARY}", b"", {}
    for path in ("/verify", "/api/v1/verify"):
        yield "POST", path, *form("file", files.pdf(altered), f"{CANARY}.pdf")
        yield "POST", path, *form("credential", altered)
        yield "POST", path, *form("file", b"%PDF-1.7 " + CANARY.encode(), f"{CANARY}.pdf")
    for path in ("/verify/resume", "/api/v1/verify/resume"):
        yield "POST", path, *form("text", f"{CANARY}, {NOWHERE}/c/1 {own['id']}".encode())
    for path in ("/verify/batch", "/api/v1/verify/batch"):
        yield "POST", path, *form("file", archives.archive((f"{CANARY}.pdf", files.pdf(altered))), f"{CANARY}.zip")
        yield "POST", path, *form("credentials", f"{own['id']}\n{CANARY}".encode())
    yield (
        "POST",
        "/vc-api/credentials/verify",
        json.dumps({"verifiableCredential": changed}).encode(),
        {"Content-Type": "application/json"},
    )


def ask(site: Site, request: Request) -> int:
    method, path, body, headers = request
    host = site.address.removeprefix("http://")
    connection = http.client.HTTPConnection(host.replace("localhost", "127.0.0.1"), timeout=60)
    connection.request(method, path, body, {"Host": host, **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def database(site: Site) -> list[str]:
    """Every row of every table."""
    (path,) = site.home.glob("*.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return list(connection.iterdump())


def waiting(site: Site) -> int:
    """How much the issuer's worker has still to do of its own."""
    (path,) = site.home.glob("*.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        return int(connection.execute("select count(*) from outbox where done_at is null").fetchone()[0])


def on_disk(folder: Path) -> dict[str, str]:
    """Every file below the folder with the digest of what is in it."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.endswith(_PASSING) and path.suffix != ".db":
            found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def holds_canary(folder: Path) -> list[str]:
    """Files below the folder, whatever they are, that hold a canary in any spelling that a log would use."""
    spellings = [CANARY.encode(), CANARY.lower().encode(), CANARY.encode("utf-16-le")]
    return [
        str(path)
        for path in folder.rglob("*")
        if CANARY in path.name or (path.is_file() and any(one in path.read_bytes() for one in spellings))
    ]


def nothing_is_kept(folder: Path, count: int) -> None:
    """Check `count` things, then kill the server in the middle of more, start it again, and look for what is left."""
    temporary = folder / "tmp"
    temporary.mkdir()
    port = free_port()
    address = f"http://localhost:{port}"
    credentials = issue(folder, address, 5)
    settings = {"PLAUDIT_BASE_URL": address, "PLAUDIT_VERIFIER_PER_MINUTE": "0", "TMPDIR": str(temporary)}
    every = list(requests(credentials[0]))
    with running(folder, **settings) as site:
        ask(site, every[0])
        assert wait_for(lambda: not waiting(site), seconds=120), "certificates are drawn by and by"
        rows, disk, drawn = database(site), on_disk(site.home), in_folder(temporary)
        printed = site.printed()
        statuses: list[int] = []
        while len(statuses) < count:
            statuses += [ask(site, request) for request in islice(every, count - len(statuses))]
        assert max(statuses) < 500
        assert statuses.count(200) > count / 3
        unchanged(site, rows, disk, drawn, folder)
        assert site.printed() == printed, "a check is no line of a log"
        os.killpg(site.group, signal.SIGKILL)
        assert wait_for(lambda: not answers(port), seconds=15)
        unchanged(site, rows, disk, drawn, folder)
    with running(folder, **settings) as site:
        assert ask(site, every[0]) == 200
        unchanged(site, rows, disk, drawn, folder)
    print(f"\n{count} checks: the same {len(rows)} rows and {len(disk)} files, nothing printed, also after a kill")


def in_folder(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def unchanged(site: Site, rows: list[str], disk: dict[str, str], before: set[Path], folder: Path) -> None:
    assert database(site) == rows
    assert on_disk(site.home) == disk
    assert in_folder(folder / "tmp") <= before, "the issuer's own fonts are all that is there"
    assert holds_canary(folder) == []


@pytest.mark.case("PRV-09", "UPL-14")
def test_a_round_by_every_entrance_leaves_nothing(tmp_path: Path) -> None:
    nothing_is_kept(tmp_path, 44)


@pytest.mark.slow
@pytest.mark.case("PRV-09", "UPL-14")
def test_a_thousand_checks_leave_nothing(tmp_path: Path) -> None:
    nothing_is_kept(tmp_path, 1_000)
