"""Receipts over the web: checked again, signed by the verifier key, and recognised when they come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from credentials import receipts, strict_json
from credentials.verify import Verdict
from issuer.certificates import RendererBusy
from issuer.services.receipt_printing import ReceiptPrinting
from issuer.services.redrawing import Redrawing
from keys.keyring import Keyring
from keys.passphrase import Passphrase
from keys.verifier_key import PublishedHere, VerifierKey
from tests.issuer.certificates import reading
from tests.verifier import files, forgeries
from tests.verifier.conftest import ORIGIN
from tests.verifier.reading import InProcess
from tests.worlds.completions import NOW
from tests.worlds.instances import CHEAP
from tests.worlds.issuers import Issuer, judge, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import carrying, create_app
from verifier.config import VerifierConfig
from verifier.receipts.signer import ReceiptOffice

PAGE, API = "/verify/receipt", "/api/v1/verify/receipt"


def _clock() -> datetime:
    return NOW


class World:
    """A verifier with a key of its own, an issuer, and a keyring that can be stopped or sealed."""

    def __init__(self, folder: Path, redrawing: Redrawing) -> None:
        self.folder = folder
        self.passphrase = "correct horse battery staple"
        self.issuer = Issuer(MemoryWeb())
        self.credential = to_bytes(self.issuer.issue())
        self.key = VerifierKey(self.keyring, ORIGIN, _clock)
        self.fetcher = PublishedHere(self.key, self.issuer.web)
        self.office = ReceiptOffice(self.key, ReceiptPrinting(redrawing.pool))
        self.redrawing = redrawing
        self.client = self.client_with(self.office)

    def keyring(self) -> Keyring:
        return Keyring.open(
            self.folder / "keys", passphrase=lambda: Passphrase(self.passphrase), clock=_clock, stretching=CHEAP
        )

    def client_with(self, office: ReceiptOffice | None) -> FlaskClient:
        return create_app(
            VerifierConfig(ORIGIN, ("verify.example", "localhost")),
            fetcher=self.fetcher,
            clock=_clock,
            reader=InProcess(),
            redrawer=self.redrawing,
            receipts=office,
        ).test_client()

    def receipt(self, data: bytes | None = None, kind: str = "application/json") -> bytes:
        answer = self.client.post(API, data=data or self.credential, content_type=kind)
        assert answer.status_code == 200, answer.text
        return bytes(answer.data)

    def subject(self, data: bytes, kind: str = "application/json") -> dict[str, Any]:
        subject: dict[str, Any] = strict_json.loads_object(self.receipt(data, kind))["credentialSubject"]
        return subject


@pytest.fixture(scope="module")
def redrawing() -> Iterator[Redrawing]:
    drawing = Redrawing(lambda: None)
    yield drawing
    drawing.close()


@pytest.fixture
def world(tmp_path: Path, redrawing: Redrawing) -> World:
    return World(tmp_path, redrawing)


def test_a_receipt_tells_the_report_and_verifies(world: World) -> None:
    signed = world.receipt()
    report = judge(signed, world.fetcher)  # type: ignore[arg-type]
    assert report.verdict is Verdict.VALID
    assert report.verified is not None
    receipt = receipts.read(report.verified.document)
    asked = world.client.post("/api/v1/verify", data=world.credential, content_type="application/json").get_json()
    assert receipt.verdict.id == asked["verdict"] == "valid"
    assert [one.sentence for one in receipt.steps] == [check["sentence"] for check in asked["checks"]]
    assert (receipt.verifier, receipt.digest) == ("verify.example", receipts.digest_of(world.credential))


def test_what_is_no_longer_valid_gets_a_receipt_that_says_so(world: World) -> None:
    world.issuer.revoke(7)
    assert world.subject(world.credential)["verdict"] == "withdrawn"
    altered = world.credential.replace(b'"31"', b'"91"')
    subject = world.subject(altered)
    assert (subject["verdict"], "id" in subject) == ("altered", False)
    assert world.subject(b'{"hello": "world"}')["verdict"] == "not_a_credential"


def test_what_the_caller_says_of_the_result_counts_for_nothing(world: World) -> None:
    """A report that comes along is not looked at: everything is checked again."""
    world.issuer.revoke(7)
    lie = {"carried": carrying.pack(world.credential), "verdict": "valid", "report": '{"verdict":"valid"}'}
    answer = world.client.post(PAGE, data={**lie, "format": "json"})
    assert answer.get_json()["credentialSubject"]["verdict"] == "withdrawn"


def test_the_receipt_of_a_pdf_names_the_pdf_and_what_it_shows(world: World) -> None:
    genuine = world.redrawing.redraw(world.credential)
    assert genuine is not None
    subject = world.subject(genuine, "application/pdf")
    assert subject["digestSRI"] == receipts.digest_of(genuine)
    assert [check["outcome"] for check in subject["check"] if check["stepNumber"] == 10] == ["passed"]
    forged = forgeries.white_box(genuine)
    subject = world.subject(forged, "application/pdf")
    assert (subject["verdict"], subject["digestSRI"]) == ("altered", receipts.digest_of(forged))


SENT: dict[str, Callable[[World], dict[str, Any]]] = {
    "what a page carries": lambda world: {"carried": carrying.pack(world.credential)},
    "a file": lambda world: {"file": (BytesIO(world.credential), "x")},
    "pasted text": lambda world: {"credential": world.credential.decode()},
    "an address": lambda world: {"credential": world.issuer.record_url},
}


@pytest.mark.parametrize("name", SENT)
def test_the_button_of_a_page_gives_a_pdf(world: World, name: str) -> None:
    world.issuer.web.put(world.issuer.record_url, world.credential)
    answer = world.client.post(PAGE, data=SENT[name](world), content_type="multipart/form-data")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="receipt-2026-07-01.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert reading.failures(answer.data) == []
    [(signed, _, _)] = reading.attachments(answer.data).values()
    subject = strict_json.loads_object(signed)["credentialSubject"]
    assert subject["digestSRI"] == receipts.digest_of(world.credential)


def test_the_api_gives_a_pdf_where_one_is_asked_for(world: World) -> None:
    asked = {"Accept": "application/pdf"}
    answer = world.client.post(API, data=world.credential, content_type="application/json", headers=asked)
    assert (answer.content_type, answer.data[:5]) == ("application/pdf", b"%PDF-")
    assert world.client.post(API, data=world.credential, content_type="application/json").content_type == (
        "application/vc+json"
    )


@pytest.mark.parametrize("as_pdf", [False, True], ids=["JSON", "PDF"])
def test_a_receipt_that_is_handed_in_is_told_from_a_credential(world: World, as_pdf: bool) -> None:
    world.issuer.revoke(7)
    signed = world.receipt()
    data = ReceiptPrinting(world.redrawing.pool).print(signed) if as_pdf else signed
    page = world.client.post("/verify", data={"file": (BytesIO(data), "x")}).text
    for told in (
        "This is a receipt", "verify.example", "1 July 2026, 12:00 UTC", "The receipt is genuine", "Withdrawn",
        "nothing of today", world.issuer.record_url, receipts.digest_of(world.credential), "What was checked then",
    ):  # fmt: skip
        assert told in page, told
    assert "completed" not in page
    body = world.client.post("/api/v1/verify", data={"file": (BytesIO(data), "x")}).get_json()
    assert (body["verdict"], body["receipt"]["verdict"]) == ("valid", "withdrawn")
    assert [check["number"] for check in body["receipt"]["checks"]] == list(range(1, 9))


def test_a_doctored_receipt_is_no_receipt(world: World) -> None:
    world.issuer.revoke(7)
    signed = world.receipt()
    changed = signed.replace(b'"withdrawn"', b'"valid"')
    assert changed != signed
    body = world.client.post("/api/v1/verify", data=changed, content_type="application/json").get_json()
    assert (body["verdict"], "receipt" in body) == ("altered", False)
    pdf = ReceiptPrinting(world.redrawing.pool).print(signed)
    doctored = forgeries.added_claim(pdf)
    body = world.client.post("/api/v1/verify", data=doctored, content_type="application/pdf").get_json()
    assert body["verdict"] == "cannot_check"


def test_ordinary_answers_hold_no_receipt(world: World) -> None:
    body = world.client.post("/api/v1/verify", data=world.credential, content_type="application/json").get_json()
    assert "receipt" not in body


def test_the_key_is_published_where_its_name_says(world: World) -> None:
    assert world.client.get("/verify/did.json").status_code >= 400  # no receipt was ever signed
    world.receipt()
    answer = world.client.get("/verify/did.json")
    assert (answer.status_code, answer.content_type) == (200, "application/did+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.get_json()["id"] == "did:web:verify.example:verify"


def test_stopped_and_sealed_keys_say_what_to_do(world: World) -> None:
    world.receipt()
    world.passphrase = "another pass phrase entirely"
    answer = world.client.post(API, data=world.credential, content_type="application/json")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "receipt_not_made")
    assert "passphrase" in answer.get_json()["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    world.passphrase = "correct horse battery staple"
    world.keyring().stop("a drill that nobody outside is told of")
    answer = world.client.post(PAGE, data={"carried": carrying.pack(world.credential)})
    assert answer.status_code == 503
    assert "Signing is stopped" in answer.text
    assert "drill" not in answer.text
    checked = world.client.post("/api/v1/verify", data=world.credential, content_type="application/json")
    assert checked.get_json()["verdict"] == "valid"


def test_a_busy_printer_is_503_and_the_json_is_still_to_be_had(world: World) -> None:
    class Busy:
        def print(self, _receipt: bytes) -> bytes:
            raise RendererBusy("no renderer was free")

    client = world.client_with(ReceiptOffice(world.key, Busy()))
    carried = {"carried": carrying.pack(world.credential)}
    assert client.post(PAGE, data=carried).status_code == 503
    assert client.post(PAGE, data={**carried, "format": "json"}).status_code == 200


@pytest.mark.parametrize(
    ("data", "status"), [(b"", 400), (b"{", 400), (b"hello", 400)], ids=["nothing", "no JSON", "text"]
)
def test_what_cannot_be_checked_has_no_receipt(world: World, data: bytes, status: int) -> None:
    answer = world.client.post(API, data=data, content_type="application/json")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_without_a_signer_there_are_no_receipts_and_no_button(world: World) -> None:
    client = world.client_with(None)
    assert client.post(PAGE, data={}).status_code == 404
    assert client.post(API, data=world.credential, content_type="application/json").status_code == 404
    assert PAGE not in client.post("/verify", data={"credential": world.credential.decode()}).text
    assert PAGE in world.client.post("/verify", data={"credential": world.credential.decode()}).text


def test_a_pdf_that_is_not_confirmed_is_not_carried_on_as_a_credential_that_is(world: World) -> None:
    """Else a click on another language, or on "receipt", would make a doctored PDF look valid."""
    genuine = world.redrawing.redraw(world.credential)
    assert genuine is not None
    for pdf in (forgeries.white_box(genuine), forgeries.second_page(genuine)):
        page = world.client.post("/verify", data={"file": (BytesIO(pdf), "x")}).text
        assert 'name="carried"' not in page
    assert 'name="carried"' in world.client.post("/verify", data={"file": (BytesIO(genuine), "x")}).text


@pytest.mark.case("PRV-09")
def test_nothing_of_a_receipt_is_kept(world: World, caplog: pytest.LogCaptureFixture) -> None:
    before = sorted(world.folder.rglob("*"))
    world.receipt()
    made = set(world.folder.rglob("*")) - set(before)
    assert all("keys" in path.parts for path in made)  # the verifier key itself, once
    once = sorted(world.folder.rglob("*"))
    world.receipt()
    assert sorted(world.folder.rglob("*")) == once
    assert caplog.text == ""


def test_a_receipt_in_a_pdf_of_somebody_else_is_not_its_page(world: World) -> None:
    body = world.client.post(
        "/api/v1/verify", data=forgeries.second_page(files.pdf(world.receipt())), content_type="application/pdf"
    ).get_json()
    assert body["verdict"] == "cannot_check"
    assert datetime.fromisoformat(body["receipt"]["checkedAt"]).astimezone(UTC) == NOW
