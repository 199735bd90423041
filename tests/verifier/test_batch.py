"""Two hundred at once: one table with word, who, what and reason; bombs stay small; what was not reached is said."""

from __future__ import annotations

import base64
import csv
import threading
import zipfile
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import strict_json
from credentials.ports import Fetched
from tests.verifier import archives, files, pictures, situations
from tests.verifier.conftest import MakeClient
from tests.verifier.pages import Page
from tests.verifier.reading import InProcess
from tests.worlds import tokens
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import sandbox, sandbox_worker, tables
from verifier.many import Effort
from verifier.problems import ManyBusy, ReaderBusy
from verifier.reading import frames, names
from verifier.sandbox import FileSandbox, SandboxLimits

API = "/api/v1/verify/batch"
BOMB_IN_PDF = files.pdf_with_stream(files.deflated_zeros(1 << 26), "/FlateDecode")


def posted(client: Any, data: bytes, content_type: str = "application/zip") -> dict[str, Any]:
    response = client.post(API, data=data, content_type=content_type)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.get_json()
    assert answer["count"] == len(answer["results"]) == sum(answer["summary"].values())
    assert [row["number"] for row in answer["results"]] == list(range(1, answer["count"] + 1))
    return answer


def told(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(row["given"], row["verdict"]) for row in answer["results"]]


def world(count: int) -> tuple[MemoryWeb, list[str]]:
    """One employer with `count` credentials at addresses of their own; the second is withdrawn."""
    issuer = Issuer(MemoryWeb())
    addresses = [f"https://employer.example/c/{number}" for number in range(count)]
    for number, address in enumerate(addresses):
        issuer.web.put(address, to_bytes(issuer.issue({**issuer.unsigned(100 + number), "id": address})))
    issuer.revoke(101)
    return issuer.web, addresses


# --- lists ----------------------------------------------------------------------------------------------------------


def test_two_hundred_links_are_checked_and_each_address_is_asked_once(client_for: MakeClient) -> None:
    web, addresses = world(205)
    answer = posted(client_for(web), "\n\n".join(addresses).encode(), "text/plain")
    assert answer["count"] == 200
    assert answer["leftOut"] == 5
    assert answer["summary"] == {"Valid": 199, "Withdrawn": 1}
    assert answer["results"][1]["verdict"] == "withdrawn"
    assert answer["results"][0]["report"]["checks"][0]["number"] == 1
    assert len(web.asked) == 203, "two hundred records, one key document, one status list, one notice"


def test_every_kind_of_item_is_judged(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    issuer = Issuer(situation.web)
    token = tokens.as_jwt(issuer.unsigned(), issuer.key).decode()
    situation.web.put("https://elsewhere.example/c/1", situation.credential)
    document = strict_json.loads(situation.credential)
    items = ["https://elsewhere.example/c/1", token, document, situation.credential.decode(), "hello", {"a": 1}, ""]
    answer = client_for(situation.web).post(API, json={"items": items}).get_json()
    assert [row["verdict"] for row in answer["results"]] == [
        "valid", "valid", "valid", "valid", "no_credential", "not_a_credential", "no_credential",
    ]  # fmt: skip
    lines = "\n".join(["https://elsewhere.example/c/1", token, situation.credential.decode()])
    answer = client_for(situation.web).post(API, data={"credentials": lines}, content_type="multipart/form-data")
    assert [row["verdict"] for row in answer.get_json()["results"]] == ["valid"] * 3


@pytest.mark.parametrize(("data", "kind", "code"), [
    (b"", "text/plain", "nothing_given"),
    (b" \n ", "text/plain", "nothing_given"),
    (b"\xff\xfe", "text/plain", "batch_not_read"),
    (b"{}", "application/json", "request_not_understood"),
    (b'{"items":[1]}', "application/json", "request_not_understood"),
    (b'{"items":["a"],"more":1}', "application/json", "request_not_understood"),
    (b'{"items":[]}', "application/json", "nothing_given"),
    (b"PK\x05\x06" + bytes(18), "application/zip", "nothing_given"),
    (b"PK\x03\x04nonsense", "application/zip", "batch_not_read"),
    (b"x", "image/png", "not_recognised"),
])  # fmt: skip
def test_what_is_no_batch_is_a_problem(data: bytes, kind: str, code: str, client_for: MakeClient) -> None:
    response = client_for(MemoryWeb()).post(API, data=data, content_type=kind)
    assert response.content_type == "application/problem+json"
    assert response.get_json()["code"] == code
    assert 400 <= response.status_code < 500


# --- archives -------------------------------------------------------------------------------------------------------


def test_an_archive_of_every_kind_of_file(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    link = "https://elsewhere.example/c/1"
    situation.web.put(link, situation.credential)
    data = archives.archive(
        ("a.pdf", files.pdf(situation.credential)),
        ("b/c.json", situation.credential),
        ("d.png", files.png(files.itxt(situation.credential))),
        ("e.jpg", pictures.jpeg(link)),
        ("scan.pdf", pictures.pdf_page(pictures.code(link))),
        ("empty.pdf", files.pdf()),
        ("notes.txt", b"hello"),
        ("old.png", files.png(files.itxt(b"https://a.example/1", keyword=b"openbadges"))),
        (".DS_Store", b"x"),
        ("__MACOSX/a.pdf", b"x"),
        ("folder/", b""),
    )
    expected = [
        ("a.pdf", "valid"), ("b/c.json", "valid"), ("d.png", "valid"), ("e.jpg", "valid"), ("scan.pdf", "valid"),
        ("empty.pdf", "no_credential"), ("notes.txt", "no_credential"), ("old.png", "not_opened"),
    ]  # fmt: skip
    for reader in (InProcess(), FileSandbox()):
        assert told(posted(client_for(situation.web, reader=reader), data)) == expected


@pytest.mark.case("UPL-01")
@pytest.mark.parametrize(("data", "code"), [
    (archives.bomb(1 << 26), "file_unpacks_too_large"),
    (archives.lying(), "not_recognised"),
    (archives.encrypted(b"{}"), "encrypted_file"),
    (archives.archive(("x.json", b"{}"), method=zipfile.ZIP_BZIP2), "file_unpacks_too_large"),
    (archives.archive(("in.zip", archives.archive(("x.json", b"{}")))), "archive_in_archive"),
    (archives.archive(("in.docx", b"PK\x03\x04")), "archive_in_archive"),
    (archives.archive(("in.gz", b"\x1f\x8b\x08")), "archive_in_archive"),
    (archives.archive(("x.json", b"{}"), method=zipfile.ZIP_STORED).replace(b"{}", b"[]", 1), "damaged_file"),
    (archives.archive(("x.pdf", BOMB_IN_PDF)), "file_unpacks_too_large"),
    (archives.archive(("x.png", pictures.claims(50_000, 50_000))), "picture_too_large"),
], ids=["bomb", "lying", "encrypted", "method", "nested", "office", "gzip", "checksum", "pdf", "pixels"])  # fmt: skip
def test_a_hostile_file_in_an_archive_costs_only_itself(data: bytes, code: str, client_for: MakeClient) -> None:
    for reader in (FileSandbox(), InProcess()):
        answer = posted(client_for(MemoryWeb(), reader=reader), data)
        assert [row["code"] for row in answer["results"]] == [code]


@pytest.mark.case("UPL-05")
def test_a_name_in_an_archive_is_only_shown(
    client_for: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    situation = situations.make("valid")
    odd = ["../../etc/x.json", "/abs.json", "C:\\x.json", "a\u202egnp.json", "=1+1.json", "x" * 300 + ".json"]
    data = archives.archive(*[(name, situation.credential) for name in odd])
    answer = posted(client_for(situation.web), data)
    assert [row["verdict"] for row in answer["results"]] == ["valid"] * len(odd)
    shown = [row["given"] for row in answer["results"]]
    assert shown[0] == "../../etc/x.json"
    assert shown[3] == "a\N{REPLACEMENT CHARACTER}gnp.json"
    assert len(shown[5]) == 121
    assert list(tmp_path.iterdir()) == []


def test_more_files_than_the_limit_are_counted(client_for: MakeClient) -> None:
    answer = posted(client_for(MemoryWeb()), archives.archive(*[(f"{number}.json", b"{}") for number in range(203)]))
    assert (answer["count"], answer["leftOut"]) == (200, 3)
    response = client_for(MemoryWeb()).post(
        API,
        data=archives.archive(*[(f"{number}.json", b"") for number in range(5_001)]),
        content_type="application/zip",
    )
    assert response.get_json()["code"] == "batch_not_read"


class Deadly(InProcess):
    """A child that dies whenever it comes to a file whose name begins with `deadly`, in the middle of its answer."""

    def _ask(self, task: str, data: bytes) -> bytes:
        skip = int(task.partition(" ")[2])
        pieces = list(sandbox_worker.answers(task, data))
        listed, _ = frames.listed(next(frames.split(pieces[0].partition(b"\n")[2])))
        dies_at = next((at for at in range(skip, len(listed)) if listed[at].startswith("deadly")), len(listed))
        return b"".join(pieces[: 1 + dies_at - skip]) + b"\0\0"


def test_a_file_that_kills_its_child_costs_no_other_file() -> None:
    names_of = ["a", "deadly 1", "b", "deadly 2", "deadly 3", "c"]
    entries = [(name, b"{}") for name in names_of]
    unpacked = Deadly().read_archive(archives.archive(*entries))
    assert [name for name, _ in unpacked.files] == names_of
    assert [type(found).__name__ for _, found in unpacked.files] == [
        "bytes", "DamagedFile", "bytes", "DamagedFile", "DamagedFile", "bytes",
    ]  # fmt: skip


def test_what_was_not_unpacked_in_time_is_not_checked(client_for: MakeClient) -> None:
    reader = Deadly(SandboxLimits(archive_seconds=0))
    data = archives.archive(("a", b"{}"), ("deadly", b"{}"), ("c", b"{}"))
    answer = posted(client_for(MemoryWeb(), reader=reader), data)
    assert [row["verdict"] for row in answer["results"]] == ["not_a_credential", "not_checked", "not_checked"]
    assert answer["results"][2]["reason"] == "Not checked: time ran out."


def test_a_child_ends_when_it_is_late_and_the_next_one_goes_on() -> None:
    data = archives.archive(*[(str(number), b"{}") for number in range(4)])
    pieces = list(sandbox_worker.answers("archive 1", data, lambda: True))
    assert len(pieces) == 2, "the list of names and one file"


@pytest.mark.case("UPL-13")
def test_one_archive_is_unpacked_at_a_time() -> None:
    inside, release = threading.Event(), threading.Event()

    class Held(InProcess):
        def _ask(self, task: str, data: bytes) -> bytes:
            inside.set()
            release.wait(10)
            return super()._ask(task, data)

    reader, data = Held(), archives.archive(("a", b"{}"))
    thread = threading.Thread(target=reader.read_archive, args=(data,))
    thread.start()
    assert inside.wait(10)
    with pytest.raises(ManyBusy):
        reader.read_archive(data)
    release.set()
    thread.join()
    assert reader.read_archive(data).files


@pytest.mark.case("UPL-08")
def test_an_archive_may_be_larger_than_a_certificate_but_not_without_limit(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    large = archives.archive(("x.bin", bytes(6_000_000)), method=zipfile.ZIP_STORED)
    for path, limit in ((API, 200), ("/verify/batch", 200), ("/api/v1/verify", 413)):
        assert client.post(path, data={"file": (BytesIO(large), "x.zip")}).status_code == limit
    for path in (API, "/verify/batch"):
        environ = {"CONTENT_LENGTH": "50000000"}
        kind = "multipart/form-data; boundary=x"
        assert client.post(path, content_type=kind, environ_overrides=environ).status_code == 413


def test_frames_that_are_cut_are_dropped() -> None:
    data = frames.frame(b"one") + frames.frame(b"") + frames.frame(b"three")
    assert list(frames.split(data)) == [b"one", b"", b"three"]
    assert list(frames.split(data[:-1])) == [b"one", b""]
    assert list(frames.split(data[:2])) == []


# --- time -----------------------------------------------------------------------------------------------------------


class Holding(MemoryWeb):
    """A web in which some addresses give no answer until they are let go."""

    def __init__(self, web: MemoryWeb, silent: set[str]) -> None:
        super().__init__()
        self.web, self.silent, self.release = web, silent, threading.Event()
        self.waiting = threading.Event()

    def fetch(self, url: str) -> Fetched:
        if url in self.silent:
            self.waiting.set()
            self.release.wait(20)
        return self.web.fetch(url)


def test_when_time_runs_out_nothing_is_guessed(client_for: MakeClient) -> None:
    web, addresses = world(12)
    holding = Holding(web, set(addresses[2:]))
    client = client_for(holding, effort=Effort(seconds=1.0, at_once=4))
    answer = posted(client, "\n".join(addresses).encode(), "text/plain")
    holding.release.set()
    assert [row["verdict"] for row in answer["results"]] == ["valid", "withdrawn", *["not_checked"] * 10]
    assert {row["reason"] for row in answer["results"][2:]} == {"Not checked: time ran out."}
    assert all(row["who"] == row["what"] == "" for row in answer["results"][2:])


def test_more_requests_than_the_places_are_told_to_come_back(client_for: MakeClient) -> None:
    web, addresses = world(1)
    holding = Holding(web, {addresses[0]})
    client = client_for(holding, effort=Effort(requests=1))
    thread = threading.Thread(target=client.post, args=(API,), kwargs={"json": {"items": addresses}})
    thread.start()
    assert holding.waiting.wait(10)
    response = client.post(API, json={"items": addresses})
    holding.release.set()
    thread.join()
    assert response.status_code == 503
    assert response.get_json()["code"] == "many_busy"
    assert int(response.headers["Retry-After"]) > 0
    assert told(posted(client, addresses[0].encode(), "text/plain")) == [(addresses[0], "valid")]


def test_a_file_waits_for_a_place_to_be_read_in_as_long_as_there_is_time(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    situation.web.put("https://elsewhere.example/c.pdf", files.pdf(situation.credential))

    class Busy(InProcess):
        tries = 0

        def read_pdf(self, data: bytes) -> Any:
            self.tries += 1
            if self.tries < 4:
                raise ReaderBusy("2 files are being read at this moment.")
            return super().read_pdf(data)

    client = client_for(situation.web, reader=Busy(), effort=Effort(pause=0.001))
    items = {"items": ["https://elsewhere.example/c.pdf"]}
    assert client.post(API, json=items).get_json()["summary"] == {"Valid": 1}
    always = Busy()
    always.tries = -1_000_000
    client = client_for(situation.web, reader=always, effort=Effort(seconds=0.2, pause=0.001))
    assert client.post(API, json=items).get_json()["summary"] == {"Not checked": 1}


def test_a_silent_host_is_waited_for_once(client_for: MakeClient) -> None:
    web, addresses = world(6)
    web.hang("https://employer.example/.well-known/did.json")
    answer = posted(client_for(web), "\n".join(addresses).encode(), "text/plain")
    assert {row["verdict"] for row in answer["results"]} == {"cannot_check"}
    assert web.asked.count("https://employer.example/.well-known/did.json") == 1


def test_addresses_past_the_limit_are_not_opened(client_for: MakeClient) -> None:
    web, addresses = world(9)
    answer = posted(client_for(web, effort=Effort(fetches=4)), "\n".join(addresses).encode(), "text/plain")
    assert len(web.asked) == 4
    assert {row["verdict"] for row in answer["results"]} <= {"valid", "withdrawn", "cannot_check", "not_opened"}


# --- tables to keep -------------------------------------------------------------------------------------------------


def test_the_table_can_be_had_as_csv(client_for: MakeClient) -> None:
    web, addresses = world(2)
    response = client_for(web).post(API, json={"items": addresses}, headers={"Accept": "text/csv"})
    assert response.content_type == "text/csv; charset=utf-8"
    rows = list(csv.reader(StringIO(response.data.decode("utf-8-sig"))))
    assert tuple(rows[0]) == tables.COLUMNS
    assert [row[2] for row in rows[1:]] == ["Valid", "Withdrawn"]
    assert rows[1][4:8] == [situations.STUDENT, situations.TITLE, "31 hours", "24 May – 11 June 2026"]


@given(st.text(max_size=20))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = tables.safe(text)
    assert cell in (text, "'" + text)
    assert not cell.strip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", " =1", "\u200b=1", "＝1"])
def test_a_name_like_a_formula_is_text_in_the_spreadsheet(name: str, client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    document["credentialSubject"]["achievement"]["name"] = name
    item = issuer.issue(document)
    response = client_for(issuer.web).post(API, json={"items": [item]}, headers={"Accept": "text/csv"})
    assert list(csv.reader(StringIO(response.data.decode("utf-8-sig"), newline="")))[1][5] == "'" + name


def test_the_page_holds_the_table_and_its_files(client_for: MakeClient) -> None:
    web, addresses = world(3)
    page = Page(client_for(web).post("/verify/batch", data={"credentials": "\n".join([*addresses, "hello"])}).text)
    assert page.heading == "2 of 4 are valid"
    assert "2 Valid" in page.status
    assert page.html.count("<tr>") == 5
    assert situations.TITLE in page.signed
    assert "This is not a kind of file we can read" in page.html
    saved = [base64.b64decode(link.partition("base64,")[2]) for link in page.links if link.startswith("data:")]
    assert saved[0].decode("utf-8-sig").count("\r\n") == 5
    assert [row["word"] for row in strict_json.loads(saved[1])["results"]] == [
        "Valid", "Withdrawn", "Valid", "No credential",
    ]  # fmt: skip


def test_the_form_and_its_problems(client_for: MakeClient) -> None:
    client = client_for(MemoryWeb())
    assert Page(client.get("/verify/batch").text).heading == "Check many at once"
    page = Page(client.post("/verify/batch", data={"file": (BytesIO(b"\xff\xff"), "x.zip")}).text)
    assert page.heading == "This is neither a list of links nor a ZIP archive"
    assert 'action="/verify/batch"' in page.html
    page = Page(client.post("/verify/batch", data={"credentials": "\n".join(["x"] * 201)}).text)
    assert "1 more was handed in and not looked at" in page.html


@pytest.mark.case("PRV-09", "UPL-14")
def test_nothing_of_a_batch_is_kept_or_logged(
    client_for: MakeClient, caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    situation = situations.make("valid")
    data = archives.archive(("amara.pdf", files.pdf(situation.credential)), ("x", b"not Amara"))
    with caplog.at_level("DEBUG"):
        for path in (API, "/verify/batch"):
            upload = {"file": (BytesIO(data), "x.zip")}
            assert client_for(situation.web, reader=None).post(path, data=upload).status_code == 200
    assert caplog.text == ""
    assert list(tmp_path.iterdir()) == []


def test_names_keep_what_can_be_read() -> None:
    assert names.shown("Zeugnis Müller (2).pdf") == "Zeugnis Müller (2).pdf"
    assert names.is_hidden("a/.x")
    assert not names.is_hidden("a.b/x.pdf")


def test_an_answer_of_an_archive_that_is_none_is_a_damaged_file() -> None:
    assert type(sandbox._entry(b"nonsense")).__name__ == "DamagedFile"
