"""Whatever is handed in becomes the bytes of one credential, or an error that says what it is instead."""

from __future__ import annotations

import contextlib
import struct
import subprocess
import sys
import tracemalloc
import zlib
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import BadData, OpenBadges2
from tests.verifier import files
from tests.verifier.files import CREDENTIAL
from verifier import intake
from verifier.problems import (
    DamagedFile,
    EncryptedFile,
    FileUnpacksTooLarge,
    NoCredentialInFile,
    NothingGiven,
    NotRecognised,
    SeveralCredentialsInFile,
)

COMPACT = b"eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln"


@pytest.mark.parametrize("data", [CREDENTIAL, b" \r\n\t" + CREDENTIAL + b"\n", b"[]", b"{", b"\xef\xbb\xbf{}"])
def test_json_passes_through_byte_for_byte(data: bytes) -> None:
    assert intake.credential_bytes(data) == data


@pytest.mark.parametrize("token", [COMPACT, COMPACT + b"~ZGlz~", b"\n" + COMPACT + b" \n"])
def test_a_compact_token_is_recognised(token: bytes) -> None:
    assert intake.credential_bytes(token) == token.strip()
    assert intake.is_compact(token.strip())


@pytest.mark.parametrize(
    "data",
    [
        files.pdf(CREDENTIAL),
        files.pdf(CREDENTIAL, b"<notes/>"),
        files.pdf(CREDENTIAL, CREDENTIAL),
        files.pdf(CREDENTIAL, compress_streams=False),
        files.pdf(CREDENTIAL, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        b"X" * 900 + files.pdf(CREDENTIAL),
        files.png(files.itxt(CREDENTIAL)),
        files.png(files.itxt(b"hello", keyword=b"Comment"), files.itxt(CREDENTIAL)),
        files.svg(f"<openbadges:credential><![CDATA[{CREDENTIAL.decode()}]]></openbadges:credential><text>x</text>"),
        files.svg(f"<g><openbadges:credential>{CREDENTIAL.decode()}</openbadges:credential></g>", before="\n "),
    ],
)
def test_every_carrier_gives_the_same_bytes(data: bytes) -> None:
    assert intake.credential_bytes(data) == CREDENTIAL


def test_a_baked_token_is_taken_out_too() -> None:
    token = COMPACT.decode()
    assert intake.credential_bytes(files.png(files.itxt(COMPACT))) == COMPACT
    assert intake.credential_bytes(files.svg(f'<openbadges:credential verify="{token}"/>')) == COMPACT


@pytest.mark.case("UPL-07")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!doctype html><title>x</title>", "web page"),
        (b"<html><svg></svg></html>", "web page"),
        (b"\xff\xd8\xff\xe0JFIF", "picture"),
        (b"GIF89a/*<script>alert(1)</script>*/=1;", "picture"),
        (b"PK\x03\x04....", "ZIP"),
        ('{"a":1}'.encode("utf-16"), "UTF-16"),
        (b"hello", "no JSON"),
        (b"<?xml version='1.0'?><rss/>", "no JSON"),
    ],
)
def test_what_cannot_carry_a_credential_is_named(data: bytes, words: str) -> None:
    with pytest.raises(NotRecognised, match=words):
        intake.credential_bytes(data)


@pytest.mark.parametrize("data", [b"", b" \n\t"])
def test_nothing_is_nothing(data: bytes) -> None:
    with pytest.raises(NothingGiven):
        intake.credential_bytes(data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" https://a.example/c/1\n", "https://a.example/c/1"),
        ("http://localhost:8000/c/1", "http://localhost:8000/c/1"),
        ("HTTPS://A.EXAMPLE/", "HTTPS://A.EXAMPLE/"),
        ("https://a.example/c/1#0123", "https://a.example/c/1"),
        ("see https://a.example/", None),
        ("https://a.example/ and more", None),
        ('{"id":"https://a.example/"}', None),
    ],
)
def test_an_address_is_an_address_and_nothing_else(text: str, expected: str | None) -> None:
    assert intake.address_in(text) == expected


# --- PDF ------------------------------------------------------------------------------------------------------------


@pytest.mark.case("UPL-01")
@pytest.mark.parametrize("filters", ["/FlateDecode", "[/FlateDecode]"])
def test_a_flate_bomb_is_not_unpacked(filters: str) -> None:
    data = files.pdf_with_stream(files.deflated_zeros(1 << 27), filters)
    tracemalloc.start()
    try:
        with pytest.raises(FileUnpacksTooLarge):
            intake.credential_bytes(data)
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.case("UPL-01")
def test_a_double_flate_bomb_is_not_unpacked() -> None:
    twice = zlib.compress(files.deflated_zeros(1 << 29), 9)
    assert len(twice) < 3000
    with pytest.raises((FileUnpacksTooLarge, DamagedFile)):
        intake.credential_bytes(files.pdf_with_stream(twice, "[/FlateDecode/FlateDecode]"))


@pytest.mark.parametrize("filters", ["/LZWDecode", "/ASCIIHexDecode", "[/FlateDecode/Crypt]", "[/Fl/Fl/Fl]"])
def test_filters_that_no_credential_uses_are_not_run(filters: str) -> None:
    with pytest.raises(NoCredentialInFile):
        intake.credential_bytes(files.pdf_with_stream(CREDENTIAL, filters))


@pytest.mark.case("UPL-02")
def test_an_encrypted_pdf_is_named_as_such() -> None:
    data = files.pdf(CREDENTIAL, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(EncryptedFile):
        intake.credential_bytes(data)


def test_a_pdf_that_only_restricts_printing_is_read() -> None:
    data = files.pdf(CREDENTIAL, encryption=pikepdf.Encryption(owner="o", user=""))
    assert intake.credential_bytes(data) == CREDENTIAL


@pytest.mark.case("UPL-03")
def test_malformed_pdfs_give_typed_errors_only(vectors: Path) -> None:
    found = sorted((vectors / "pdf-malformed").glob("*.pdf"))
    assert len(found) > 100
    for file in found:
        with pytest.raises(BadData):
            intake.credential_bytes(file.read_bytes())


@pytest.mark.case("UPL-05")
def test_an_attachment_name_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert intake.credential_bytes(files.pdf(CREDENTIAL, name="../../x.json")) == CREDENTIAL
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("attachments", [(), (b"{}",), (b"hello",), (b"VerifiableCredential",)])
def test_a_pdf_without_a_credential(attachments: tuple[bytes, ...]) -> None:
    with pytest.raises(NoCredentialInFile):
        intake.credential_bytes(files.pdf(*attachments))


def test_two_different_credentials_are_too_many() -> None:
    with pytest.raises(SeveralCredentialsInFile):
        intake.credential_bytes(files.pdf(CREDENTIAL, CREDENTIAL + b" "))
    with pytest.raises(SeveralCredentialsInFile):
        intake.credential_bytes(files.png(files.itxt(CREDENTIAL), files.itxt(COMPACT)))


# --- images ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        files.png(files.itxt(b"x", compressed=True)),
        files.png(files.itxt(CREDENTIAL))[:-7],
        files.png(files.itxt(CREDENTIAL)).replace(b"Nguy", b"Nguz"),
        files.png(files.chunk(b"iTXt", b"openbadgecredential\0\0\0en")),
        files.svg("<openbadges:credential>"),
        files.svg("", before='<!DOCTYPE s [<!ENTITY a "lol">]>'),
        files.svg("&a;"),
        files.svg("<g>" * 500 + "</g>" * 500),
        files.svg("", before='<?xml version="1.0" encoding="nonsense"?>'),
    ],
)
def test_a_damaged_image_is_named_as_such(data: bytes) -> None:
    with pytest.raises(DamagedFile):
        intake.credential_bytes(data)


@pytest.mark.case("UPL-06")
def test_the_pixels_of_an_image_are_never_decoded() -> None:
    huge = files.chunk(b"IHDR", struct.pack(">IIBBBBB", 65535, 32767, 1, 0, 0, 0, 0))
    with pytest.raises(NoCredentialInFile):
        intake.credential_bytes(b"\x89PNG\r\n\x1a\n" + huge + files.chunk(b"IEND", b""))


def test_an_open_badges_2_image_is_explained() -> None:
    with pytest.raises(OpenBadges2, match=r"Open Badges 2\.0"):
        intake.credential_bytes(files.png(files.itxt(b"https://a.example/1", keyword=b"openbadges")))


def test_an_image_that_carries_more_than_any_credential_is_named_as_such() -> None:
    compressed = b"openbadgecredential\0\1\0\0\0" + files.deflated_zeros(1 << 25)
    with pytest.raises(FileUnpacksTooLarge):
        intake.credential_bytes(files.png(files.chunk(b"iTXt", compressed)))


def test_an_svg_with_a_script_is_only_searched() -> None:
    with pytest.raises(NoCredentialInFile):
        intake.credential_bytes(files.svg("<script>alert(1)</script>"))


# --- everything else ------------------------------------------------------------------------------------------------


@given(st.sampled_from([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"<svg ", b"eyJ", b"{"]), st.binary(max_size=400))
def test_no_bytes_raise_anything_untyped(start: bytes, rest: bytes) -> None:
    with contextlib.suppress(BadData):
        intake.credential_bytes(start + rest)


@pytest.mark.slow
@pytest.mark.case("UPL-01", "UPL-03", "UPL-06", "UPL-07")
def test_every_file_of_the_bomb_maker_gives_a_typed_error(security_cases: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(security_cases / "makers" / "mkbombs.py"), str(tmp_path)], check=True)
    for file in sorted(tmp_path.iterdir()):
        if file.suffix in (".pdf", ".png", ".svg", ".gif", ".gz", ".csv", ".txt"):
            with pytest.raises(BadData):
                intake.credential_bytes(file.read_bytes())
