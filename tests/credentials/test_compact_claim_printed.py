"""On paper: every sample completion fits a QR code of version 13-M, and its picture is read back."""

from __future__ import annotations

import statistics
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from credentials import compact_claim, model
from credentials.record import CompletionRecord
from credentials.status_list import StatusEntry
from issuer.services.importing import check, read_table
from tests.worlds.completions import SIGNED_AT
from tests.worlds.issuers import Key

HOST = "plaudit.example"
DID = f"did:web:{HOST}:o:northwind"
KEY = Key("printed", DID)
RECORD_ID = "k7m2q4tza6w3x5yfbxnqdkrqea"


def record_url() -> str:
    return f"https://{HOST}/c/{RECORD_ID}"


def signed(record: CompletionRecord) -> bytes:
    """The signed claim of a record, with addresses as an installation writes them."""
    document = model.build_credential(
        record,
        issuer=model.IssuerProfile(DID, "Northwind Analytics", f"https://{HOST}", HOST),
        credential_id=record_url(),
        human_code="7K2M-9QX4-T0ZD",
        achievement_id=f"https://{HOST}/a/{RECORD_ID}",
        status=StatusEntry(f"https://{HOST}/status/{RECORD_ID}", 94_567, "revocation"),
        valid_from=SIGNED_AT,
        skill_url=lambda name: f"https://{HOST}/skills/{len(name)}",
    )
    return compact_claim.sign(compact_claim.from_credential(document, signed_at=SIGNED_AT), KEY, KEY.public)


def address(message: bytes) -> str:
    return f"{record_url()}#{compact_claim.to_fragment(message)}"


def code(text: str) -> Any:
    return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")


def version(barcode: Any) -> int:
    """From the number of modules a side (ISO/IEC 18004, 5.3.1)."""
    modules = len(memoryview(barcode.to_image(scale=1, add_quiet_zones=False)).tolist())
    assert (modules - 17) % 4 == 0
    return (modules - 17) // 4


def picture(barcode: Any, *, millimetres: float, dpi: int) -> Image.Image:
    """The code, `millimetres` wide with its quiet zone, as a scanner of `dpi` would see it."""
    pixels = round(millimetres / 25.4 * dpi)
    return Image.fromarray(barcode.to_image(scale=12)).resize((pixels, pixels), Image.Resampling.BOX)


def samples(folder: Path) -> list[CompletionRecord]:
    """Sixty completions with names in thirty scripts and orthographies."""
    report = check(read_table((folder / "autumn-2026.csv").read_bytes(), "autumn-2026.csv"))
    return [record for _, record in report.good]


@pytest.fixture
def records(shared_samples: Path) -> list[CompletionRecord]:
    return samples(shared_samples)


def test_each_sample_is_confirmed_from_its_text(records: list[CompletionRecord]) -> None:
    for record in records:
        text = address(signed(record)).partition("#")[2]
        claim = compact_claim.verify(compact_claim.parse(compact_claim.from_fragment(text)), KEY.public)
        assert (claim.student, claim.title) == (record.student.name, record.project.title)
        assert claim.hours == Decimal(str(record.hours))
        assert (claim.start, claim.end, claim.awarded) == (record.start, record.end, record.awarded_date)
    scripts = {
        unicodedata.name(letter).split()[0] for record in records for letter in record.student.name if letter.isalpha()
    }
    assert len(scripts) >= 15


def test_the_samples_fit_version_13(records: list[CompletionRecord]) -> None:
    messages = [signed(record) for record in records]
    versions = sorted(version(code(address(message))) for message in messages)
    assert statistics.median(map(len, messages)) <= 275
    assert (statistics.median(versions), versions[-1]) == (13, 14)


def test_a_printed_code_is_read_back(records: list[CompletionRecord]) -> None:
    """34 mm wide with its quiet zone, at 120 dpi: two pixels a module."""
    for record in records:
        text = address(signed(record))
        found = zxingcpp.read_barcode(picture(code(text), millimetres=34, dpi=120))
        assert found is not None, record.student.name
        assert (found.text, found.ec_level) == (text, "M")
