"""A photo or screenshot of a QR code is an entrance like every other, and a code that leads elsewhere says where to."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from credentials.verify import Verdict
from tests.verifier import files, pictures, situations
from tests.verifier.conftest import MakeClient
from tests.verifier.pages import Page
from tests.worlds import tokens
from tests.worlds.issuers import Issuer, to_bytes
from tests.worlds.memory_web import MemoryWeb
from verifier import intake
from verifier.problems import CodeDamaged, DamagedFile, NoCodeInPicture, PictureTooLarge
from verifier.reading import codes
from verifier.reading.pages import codes_on_pages
from verifier.reading.pictures import codes_in
from verifier.sandbox import FileSandbox

API = "/api/v1/verify"
LINK = "https://employer.example/c/aaaaaaaaaaaaaaaaaaaaaaaaaa"


def texts(found: tuple[codes.Code, ...]) -> list[str]:
    return [one.text for one in found]


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turned", [0, 5, 30, 45, 90, 135, 180, 200, 270, 331])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_code_is_read_at_any_turn(turned: float, kind: str) -> None:
    data = pictures.saved(pictures.photo(LINK, turned=turned), kind, quality=60)
    assert texts(codes_in(data)) == [LINK]


@pytest.mark.parametrize("picture", [
    pictures.code(LINK, 2),
    pictures.code(LINK, 2).point(lambda value: 255 - value),
    pictures.photo(LINK, scale=3, blur=1.0),
    pictures.code(LINK).convert("1"),
    pictures.code(LINK).convert("P"),
    pictures.code(LINK).convert("RGB").convert("CMYK"),
    pictures.code(LINK).convert("I;16"),
    pictures.beside(pictures.code(LINK, 40)),
], ids=["small", "inverted", "small and blurred", "bits", "palette", "print", "sixteen bits", "large"])  # fmt: skip
def test_a_code_is_read_in_every_kind_of_picture(picture: Image.Image) -> None:
    kind = "JPEG" if picture.mode == "CMYK" else "PNG"
    assert texts(codes_in(pictures.saved(picture, kind))) == [LINK]


def test_a_code_on_transparent_ground_is_read_on_white() -> None:
    ink = pictures.code(LINK)
    clear = Image.merge("RGBA", (*[Image.new("L", ink.size, 0)] * 3, ink.point(lambda value: 255 - value)))
    assert texts(codes_in(pictures.saved(clear))) == [LINK]


def test_every_code_of_a_picture_is_read_once() -> None:
    row = pictures.beside(pictures.code(LINK), pictures.code("https://a.example/"), pictures.code(LINK))
    assert sorted(texts(codes_in(pictures.saved(row)))) == ["https://a.example/", LINK]


def test_the_codes_of_a_document_come_with_their_place() -> None:
    found = codes_on_pages(pictures.pdf_page(pictures.beside(pictures.code(LINK, 4)), pages_before=2))
    assert texts(found) == [LINK]
    place = found[0].place
    assert place is not None
    assert place.page == 3
    assert place.words == f"page 3, {place.down} mm down, {place.right} mm across"
    assert 10 <= place.down == place.right <= 20, "thirty pixels of margin and four modules of quiet, at 72 to the inch"


def test_codes_come_back_from_the_child_as_they_were_sent() -> None:
    found = codes_on_pages(pictures.pdf_page(pictures.code(LINK)))
    assert codes.decode(codes.encode((*found, codes.Code("\ud800")))) == (*found, codes.Code("?"))


@pytest.mark.case("UPL-06")
@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (65_535, 32_767)])
def test_a_picture_that_claims_too_much_is_refused_at_once(width: int, height: int, client_for: MakeClient) -> None:
    client = client_for(MemoryWeb(), reader=None)
    started = time.perf_counter()
    response = client.post(API, data=pictures.claims(width, height), content_type="image/png")
    assert time.perf_counter() - started < 0.2
    assert response.status_code == 422
    assert response.get_json()["code"] == "picture_too_large"
    with pytest.raises(PictureTooLarge):
        codes_in(pictures.claims(width, height))


@pytest.mark.case("UPL-06")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_largest_picture_fits_into_the_child_and_a_larger_one_is_refused(kind: str) -> None:
    side = 7_000 if kind != "WEBP" else 3_000
    large = Image.new("RGB", (side, side), "white")
    large.paste(pictures.code(LINK, 20), (500, 500))
    assert texts(FileSandbox().read_picture(pictures.saved(large, kind))) == [LINK]
    with pytest.raises(PictureTooLarge):
        codes_in(pictures.saved(Image.new("L", (8_000, 8_000)), kind))


@pytest.mark.case("UPL-07")
@pytest.mark.parametrize("data", [
    b"\xff\xd8\xff\xe0 no picture",
    b"RIFF\0\0\0\0WEBP<script>",
    files.png(files.itxt(b"x", keyword=b"Comment"))[:60],
    pictures.jpeg(LINK)[:400],
])  # fmt: skip
def test_what_only_begins_like_a_picture_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedFile):
        FileSandbox().read_picture(data)


def test_a_picture_without_a_code_says_how_to_take_a_better_one() -> None:
    with pytest.raises(NoCodeInPicture) as caught:
        codes_in(pictures.saved(Image.new("L", (400, 400), 200)))
    assert "closer" in caught.value.remedy


@pytest.mark.case("QRC-02")
def test_a_code_with_too_much_missing_is_named_as_such() -> None:
    with pytest.raises(CodeDamaged):
        codes_in(pictures.saved(pictures.spoilt(LINK)))


# --- judging --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", situations.ALL)
def test_a_picture_gives_what_the_pasted_link_gives(name: str, client_for: MakeClient) -> None:
    situation = situations.make(name)
    situation.web.put(LINK, situation.credential)
    client = client_for(situation.web)
    pasted = client.post(API, json={"url": LINK}).get_json()
    for data in (
        pictures.jpeg(LINK),
        pictures.saved(pictures.photo(LINK), "WEBP"),
        pictures.saved(pictures.code(LINK)),
        pictures.pdf_page(pictures.code(LINK)),
        pictures.saved(pictures.beside(pictures.code(LINK), pictures.code("https://elsewhere.example/"))),
    ):
        shown = client.post(API, data={"file": (BytesIO(data), "x")}).get_json()
        assert (shown.pop("ledTo"), shown.pop("ledBy")) == (LINK, "code")
        # Of a PDF it is also said that what it shows was not compared.
        shown["checks"] = [check for check in shown["checks"] if check["id"] not in ("document", "pdf_signature")]
        assert shown == pasted


def test_the_claim_behind_the_address_in_our_codes_stays_in_the_code(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    situation.web.put(LINK, situation.credential)
    client = client_for(situation.web)
    shown = client.post(API, data=pictures.jpeg(f"{LINK}#0123456789"), content_type="image/jpeg").get_json()
    assert (shown["verdict"], shown["ledTo"]) == ("valid", LINK)
    assert client.post(API, json={"url": f"{LINK}#0123456789"}).get_json()["verdict"] == "valid"
    page = client.get("/verify", query_string={"url": f"{LINK}#0123456789"})
    assert page.status_code == 200
    assert not any("#" in address for address in situation.web.asked)


def test_an_embedded_credential_comes_before_a_code(client_for: MakeClient) -> None:
    """The code is not even followed: what the file carries needs no stranger's answer."""
    situation = situations.make("valid")
    baked = pictures.saved(pictures.code("https://elsewhere.example/"))
    png = baked[:33] + files.itxt(situation.credential) + baked[33:]
    report = client_for(situation.web).post(API, data=png, content_type="image/png").get_json()
    assert report["verdict"] == "valid"
    assert "ledTo" not in report
    assert "https://elsewhere.example/" not in situation.web.asked


def test_a_code_that_holds_the_token_itself_is_judged(client_for: MakeClient) -> None:
    issuer = Issuer(MemoryWeb())
    document = issuer.unsigned()
    small = {name: document[name] for name in ("@context", "id", "type", "issuer", "validFrom", "credentialStatus")}
    token = tokens.as_jwt({**small, "credentialSubject": {"type": ["AchievementSubject"]}}, issuer.key)
    upload = pictures.saved(pictures.code(token, 3))
    client = client_for(issuer.web)
    assert client.post(API, data=upload, content_type="image/png").get_json()["verdict"] == "valid"
    issuer.revoke(7)
    assert client.post(API, data=upload, content_type="image/png").get_json()["verdict"] == "withdrawn"


@pytest.mark.case("QRC-01")
@pytest.mark.parametrize(
    "what", [b"<!doctype html><title>Log in</title>", b"hello", b"", pictures.jpeg("https://a.example/")]
)
def test_a_code_that_leads_elsewhere_says_where_and_sends_nobody_there(what: bytes, client_for: MakeClient) -> None:
    web = MemoryWeb()
    web.put("https://evil.example/login?next=/c/1", what)
    client = client_for(web)
    upload = pictures.jpeg("https://evil.example/login?next=/c/1")
    response = client.post("/verify", data={"file": (BytesIO(upload), "x.jpg")})
    assert response.status_code == 422
    assert "Location" not in response.headers
    page = Page(response.text)
    assert page.heading == "This QR code does not lead to a credential"
    assert "The QR code points to https://evil.example/login?next=/c/1 and there is no credential there." in page.plain
    assert not any("evil" in link for link in page.links)
    problem = client.post(API, data=upload, content_type="image/jpeg").get_json()
    assert problem["code"] == "code_leads_elsewhere"


@pytest.mark.case("QRC-01")
def test_the_page_of_a_credential_from_a_code_says_where_it_led(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    situation.web.put("https://elsewhere.example/c/1", situation.credential)
    upload = pictures.jpeg("https://elsewhere.example/c/1")
    page = Page(client_for(situation.web).post("/verify", data={"file": (BytesIO(upload), "x.jpg")}).text)
    assert "Valid" in page.status
    assert "https://elsewhere.example/c/1" in page.plain
    assert "https://elsewhere.example/c/1" not in page.links


@pytest.mark.parametrize(("address", "code"), [
    ("https://nowhere.example/c/1", "unreachable"),
    ("https://inside.example/", "refused"),
])  # fmt: skip
def test_a_code_whose_address_cannot_be_opened_is_no_verdict(address: str, code: str, client_for: MakeClient) -> None:
    web = MemoryWeb()
    web.forbid("https://inside.example/")
    answer = client_for(web).post(API, data=pictures.jpeg(address), content_type="image/jpeg")
    assert answer.status_code == 422
    assert answer.get_json()["code"] == code
    assert f"points to {address}" in answer.get_json()["detail"]


@pytest.mark.parametrize(("text", "words"), [
    ("WIFI:T:WPA;S:home;P:secret;;", "the key of a wireless network"),
    ("BEGIN:VCARD\nN:x\nEND:VCARD", "a contact card"),
    ("otpauth://totp/x?secret=secret", "the secret of a login"),
    ("secret words", "text that is no link"),
])  # fmt: skip
def test_a_code_that_holds_no_link_is_explained_without_repeating_it(
    text: str, words: str, client_for: MakeClient
) -> None:
    answer = client_for(MemoryWeb()).post(API, data=pictures.jpeg(text), content_type="image/jpeg")
    assert answer.get_json()["detail"] == f"The QR code holds {words}."
    assert "secret" not in answer.text.replace("the secret of a login", "")


def test_two_credentials_in_one_picture_are_too_many(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    issuer = Issuer(situation.web, "other.example")
    other = issuer.unsigned()
    other["id"] = "https://other.example/c/2"
    situation.web.put(LINK, situation.credential)
    situation.web.put("https://employer.example/same", situation.credential)
    situation.web.put("https://other.example/c/2", to_bytes(issuer.issue(other)))
    client = client_for(situation.web)

    def shown(*addresses: str) -> Any:
        row = pictures.beside(*[pictures.code(address) for address in addresses])
        return client.post(API, data=pictures.saved(row), content_type="image/png").get_json()

    assert shown(LINK, "https://employer.example/same")["verdict"] == "valid", "one credential at two addresses"
    assert shown(LINK, "https://other.example/c/2")["code"] == "several_codes"
    asked = len(situation.web.asked)
    assert shown(*[f"https://many.example/{number}" for number in range(5)])["code"] == "several_codes"
    assert len(situation.web.asked) == asked, "a sheet of codes is not followed at all"


def test_what_cannot_be_shown_of_an_address_is_replaced() -> None:
    assert codes.shown("https://a.example/\u202egnp.exe") == "https://a.example/\N{REPLACEMENT CHARACTER}gnp.exe"
    assert codes.shown("https://a.example/" + "x" * 500).endswith("x…")


def test_the_document_at_a_code_may_carry_the_credential(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    situation.web.put(LINK, files.pdf(situation.credential))
    report = client_for(situation.web).post(API, data=pictures.jpeg(LINK), content_type="image/jpeg").get_json()
    assert report["verdict"] == Verdict.VALID.id


def test_json_that_mentions_a_pdf_is_json() -> None:
    assert intake.contents(b'{"a":"%PDF-"}', FileSandbox()) == b'{"a":"%PDF-"}'


@pytest.mark.case("UPL-13")
def test_the_real_children_read_pictures_and_pages(client_for: MakeClient) -> None:
    situation = situations.make("valid")
    situation.web.put(LINK, situation.credential)
    client = client_for(situation.web, reader=None)
    for upload in (pictures.jpeg(LINK), pictures.pdf_page(pictures.code(LINK))):
        report = client.post(API, data={"file": (BytesIO(upload), "x")}).get_json()
        assert report["verdict"] == "valid"
