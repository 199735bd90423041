"""Baked badges: what goes into an image comes out again, and nothing a stranger puts into one costs or misleads us."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openbadgeslib import baking as other
from PIL import Image

from credentials import baking, errors, multibase, strict_json
from tests.credentials.images import OB3, SIGNATURE, chunk, itxt, png, svg
from tests.worlds.issuers import Issuer
from tests.worlds.memory_web import MemoryWeb

TOKEN = b"eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln"
CREDENTIAL = strict_json.dumps({"type": ["VerifiableCredential"], "name": "Nguyễn ]]> & <b>", "proof": [{}]})
SVG_ROOT = f' xmlns:openbadges="{OB3}"'
BAKERS = [
    pytest.param(baking.bake_png, baking.read_png, png(), id="png"),
    pytest.param(baking.bake_svg, baking.read_svg, svg("<g/>"), id="svg"),
]
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(("bake", "read", "image"), BAKERS)
@pytest.mark.parametrize("credential", [CREDENTIAL, TOKEN])
def test_what_is_baked_is_read_back(bake: Any, read: Any, image: bytes, credential: bytes) -> None:
    assert read(bake(image, credential)) == credential


@pytest.mark.parametrize(("bake", "read", "image"), BAKERS)
@given(value=_JSON)
def test_any_json_is_read_back_or_refused_at_once(bake: Any, read: Any, image: bytes, value: Any) -> None:
    """Some code points cannot stand in XML at all."""
    credential = strict_json.dumps({"proof": [], "value": value})
    with contextlib.suppress(errors.ImageDamaged):
        assert read(bake(image, credential)) == credential


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFFFD, exclude_categories=["Cs"])))
def test_any_name_is_read_back_from_an_svg(name: str) -> None:
    credential = strict_json.dumps({"proof": [], "name": name})
    assert baking.read_svg(baking.bake_svg(svg(), credential)) == credential


def test_a_real_credential_is_baked_byte_for_byte() -> None:
    credential = strict_json.dumps(Issuer(MemoryWeb()).issue())
    assert baking.read_png(baking.bake_png(png(), credential)) == credential
    assert baking.read_svg(baking.bake_svg(svg(), credential)) == credential


# --- another implementation, both ways ------------------------------------------------------------------------------


@pytest.mark.parametrize("credential", [CREDENTIAL, TOKEN])
def test_another_library_reads_our_png(credential: bytes) -> None:
    baked = baking.bake_png(png(), credential)
    assert other.extract_png(baked, keyword=other.ITXT_KEYWORD_OB3) == credential.decode()


@pytest.mark.parametrize("credential", [CREDENTIAL, TOKEN])
@pytest.mark.parametrize("image", [svg("<g/>"), svg(attributes=SVG_ROOT), b'<svg xmlns="http://www.w3.org/2000/svg"/>'])
def test_another_library_reads_our_svg(credential: bytes, image: bytes) -> None:
    baked = baking.bake_svg(image, credential)
    assert other.extract_svg(baked, element=other.SVG_ELEMENT_OB3, text_fallback=True) == credential.decode()


@pytest.mark.parametrize("credential", [CREDENTIAL, TOKEN])
def test_we_read_the_png_of_another_library(credential: bytes) -> None:
    baked = other.bake_png(png(), credential.decode(), keyword=other.ITXT_KEYWORD_OB3)
    assert baking.read_png(baked) == credential


@pytest.mark.parametrize("credential", [CREDENTIAL, TOKEN])
def test_we_read_the_svg_of_another_library(credential: bytes) -> None:
    baked = other.bake_svg(
        svg("<g/>"), credential.decode(), element=other.SVG_ELEMENT_OB3, namespace=other.SVG_NS_OB3,
        as_text=credential is CREDENTIAL,
    )  # fmt: skip
    assert baking.read_svg(baked) == credential


def test_we_name_the_open_badges_2_images_of_another_library() -> None:
    with pytest.raises(errors.OpenBadges2):
        baking.read_png(other.bake_png(png(), TOKEN.decode()))
    with pytest.raises(errors.OpenBadges2):
        baking.read_svg(other.bake_svg(svg(), TOKEN.decode()))


def test_a_baked_png_is_still_the_same_picture() -> None:
    drawn, baked = BytesIO(), BytesIO()
    Image.radial_gradient("L").save(drawn, "PNG")
    baked.write(baking.bake_png(drawn.getvalue(), CREDENTIAL))
    assert Image.open(baked).tobytes() == Image.radial_gradient("L").tobytes()


# --- writing --------------------------------------------------------------------------------------------------------


def test_the_chunk_stands_behind_the_header_and_is_not_compressed() -> None:
    baked = baking.bake_png(png() + b"behind the image", CREDENTIAL)
    assert baked == png(itxt(CREDENTIAL))


@pytest.mark.parametrize(
    ("image", "credential", "expected"),
    [
        (svg("<g/>"), TOKEN, f'<svg xmlns="http://www.w3.org/2000/svg"{SVG_ROOT}>'
         f'<openbadges:credential verify="{TOKEN.decode()}"></openbadges:credential><g/></svg>'),
        (b"<?xml version='1.0'?><!-- > --><s:svg a='>' xmlns:s='http://www.w3.org/2000/svg' />", TOKEN,
         f"<?xml version='1.0'?><!-- > --><s:svg a='>' xmlns:s='http://www.w3.org/2000/svg' {SVG_ROOT}>"
         f'<openbadges:credential verify="{TOKEN.decode()}"></openbadges:credential></s:svg>'),
        (svg(attributes=' xmlns:openbadges="http://openbadges.org"'), b'{"proof":1}',
         '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:credential'
         f'{SVG_ROOT}><![CDATA[{{"proof":1}}]]></openbadges:credential></svg>'),
    ],
    ids=["plain", "prefixed and empty", "the prefix is taken"],
)  # fmt: skip
def test_the_element_is_the_first_child_and_nothing_else_changes(
    image: bytes, credential: bytes, expected: str
) -> None:
    assert baking.bake_svg(image, credential).decode() == expected


@pytest.mark.parametrize(("bake", "read", "image"), BAKERS)
def test_an_image_is_baked_once(bake: Any, read: Any, image: bytes) -> None:
    with pytest.raises(errors.BakedTwice):
        bake(bake(image, CREDENTIAL), TOKEN)


@pytest.mark.parametrize(
    ("credential", "error"),
    [
        (b'{"a":1}', errors.NoProof),
        (b'{"proof":1,"proof":1}', errors.DuplicateKey),
        (b"https://a.example/1", errors.InvalidJson),
        (b"a.b", errors.InvalidJson),
        (b"[]", errors.NotAnObject),
        (b" " * 1_000_001, errors.JsonTooLarge),
    ],
)
@pytest.mark.parametrize(("bake", "read", "image"), BAKERS)
def test_only_signed_credentials_are_baked(
    bake: Any, read: Any, image: bytes, credential: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        bake(image, credential)


def test_json_that_xml_would_change_is_not_baked_into_an_svg() -> None:
    with pytest.raises(errors.MalformedEncoding):
        baking.bake_svg(svg(), b'{\r\n"proof":1}')


# --- reading a PNG --------------------------------------------------------------------------------------------------


def test_compressed_text_is_read() -> None:
    assert baking.read_png(png(itxt(zlib.compress(CREDENTIAL), flags=b"\1\0"))) == CREDENTIAL


def test_what_stands_behind_the_end_of_an_image_is_no_part_of_it() -> None:
    assert baking.read_png(png(itxt(TOKEN)) + itxt(CREDENTIAL) + b"MZ") == TOKEN


def test_a_compression_bomb_is_not_unpacked() -> None:
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(64)) + packer.flush()
    image = png(itxt(bomb, flags=b"\1\0"))
    tracemalloc.start()
    try:
        with pytest.raises(errors.ImageTooLarge):
            baking.read_png(image)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(svg(), id="an SVG"),
        pytest.param(SIGNATURE + chunk(b"IDAT", b"") + chunk(b"IEND", b""), id="no header"),
        pytest.param(png(itxt(TOKEN))[:-7], id="cut in a chunk"),
        pytest.param(png(itxt(TOKEN))[:-12], id="cut between chunks"),
        pytest.param(png(itxt(TOKEN)).replace(b"c2ln", b"c2lm"), id="a wrong checksum of the text"),
        pytest.param(png(itxt(TOKEN)).replace(b"IDATx", b"IDATy"), id="a wrong checksum of the picture"),
        pytest.param(png(b"\xff\xff\xff\xffiTXt" + itxt(TOKEN)), id="a length beyond the image"),
        pytest.param(png(chunk(b"iTXt", b"openbadgecredential")), id="a keyword only"),
        pytest.param(png(chunk(b"iTXt", b"openbadgecredential\0\0\0en")), id="no text"),
        pytest.param(png(itxt(TOKEN, flags=b"\2\0")), id="an unknown flag"),
        pytest.param(png(itxt(zlib.compress(TOKEN), flags=b"\1\1")), id="an unknown method"),
        pytest.param(png(itxt(TOKEN, flags=b"\1\0")), id="text that is not compressed"),
        pytest.param(png(itxt(zlib.compress(TOKEN)[:-1], flags=b"\1\0")), id="compressed text that is cut"),
    ],
)
def test_a_damaged_png_is_named_as_such(image: bytes) -> None:
    with pytest.raises(errors.ImageDamaged):
        baking.read_png(image)


@pytest.mark.parametrize("texts", [[CREDENTIAL, TOKEN], [TOKEN, TOKEN]])
def test_a_png_with_two_credentials_is_refused(texts: list[bytes]) -> None:
    with pytest.raises(errors.BakedTwice):
        baking.read_png(png(*map(itxt, texts)))


@pytest.mark.parametrize("image", [png(), png(itxt(b"x", keyword=b"Comment")), png(itxt(TOKEN, keyword=b"x" * 90))])
def test_a_png_without_a_credential_says_so(image: bytes) -> None:
    with pytest.raises(errors.NotBaked):
        baking.read_png(image)


def test_too_many_chunks_and_too_many_bytes_are_refused() -> None:
    for image in (png(chunk(b"teXt", b"") * 50_000), png() + bytes(16_000_000)):
        with pytest.raises(errors.ImageTooLarge):
            baking.read_png(image)


# --- reading an SVG -------------------------------------------------------------------------------------------------

_OPEN, _CLOSE = f"<o:credential xmlns:o='{OB3}'>", "</o:credential>"


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(png(), id="a PNG"),
        pytest.param(b"<html/>", id="another root"),
        pytest.param(svg("<g>"), id="not well formed"),
        pytest.param(svg("&a;"), id="an entity"),
        pytest.param(svg(before="<!DOCTYPE svg>"), id="a document type"),
        pytest.param(svg(before='<!DOCTYPE s [<!ENTITY a "b">]>'), id="a declared entity"),
        pytest.param(svg(before='<!DOCTYPE s SYSTEM "file:///etc/passwd">'), id="a document type elsewhere"),
        pytest.param(svg("<g>" * 300 + "</g>" * 300), id="deep"),
        pytest.param(svg(before='<?xml version="1.0" encoding="nonsense"?>'), id="an unknown encoding"),
        pytest.param(svg(before='<?xml version="1.0" encoding="ISO-8859-1"?>'), id="another encoding"),
        pytest.param('<svg xmlns="http://www.w3.org/2000/svg"/>'.encode("utf-16"), id="UTF-16"),
        pytest.param(svg("\x01"), id="a control character"),
    ],
)
def test_a_damaged_svg_is_named_as_such(image: bytes) -> None:
    with pytest.raises(errors.ImageDamaged):
        baking.read_svg(image)


@pytest.mark.parametrize("declared", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>'])
def test_an_element_is_found_wherever_it_stands_and_whatever_its_prefix(declared: str) -> None:
    text = f"<g>{_OPEN} <b>{TOKEN.decode()}</b>\n{_CLOSE}</g>"
    assert baking.read_svg(svg(text, before=declared)) == TOKEN


@pytest.mark.parametrize(
    "inside",
    [
        f"{_OPEN}a{_CLOSE}{_OPEN}b{_CLOSE}",
        f"{_OPEN}a{_CLOSE}<g>{_OPEN}a{_CLOSE}</g>",
        f"<o:credential xmlns:o='{OB3}' verify='a'>b</o:credential>",
        f"{_OPEN}a<o:credential verify='b'/>{_CLOSE}",
    ],
)
def test_an_svg_with_two_credentials_is_refused(inside: str) -> None:
    with pytest.raises(errors.BakedTwice):
        baking.read_svg(svg(inside))


@pytest.mark.parametrize("inside", ["", f"{_OPEN} {_CLOSE}", "<credential>a</credential>", "<script>alert(1)</script>"])
def test_an_svg_without_a_credential_says_so(inside: str) -> None:
    with pytest.raises(errors.NotBaked):
        baking.read_svg(svg(inside))


@pytest.mark.parametrize("make", [lambda long: f"{_OPEN}{long}{_CLOSE}",
                                  lambda long: f"<o:credential xmlns:o='{OB3}' verify='{long}'/>"])  # fmt: skip
def test_a_text_beyond_any_credential_is_refused(make: Callable[[str], str]) -> None:
    with pytest.raises(errors.ImageTooLarge):
        baking.read_svg(svg(make("a" * 1_000_001)))


@given(st.sampled_from([SIGNATURE + b"\0\0\0\x0dIHDR", b"<svg ", png()[:40], svg()[:50]]), st.binary(max_size=200))
def test_no_bytes_raise_anything_untyped(start: bytes, rest: bytes) -> None:
    for read in (baking.read_png, baking.read_svg):
        with contextlib.suppress(errors.BadData, errors.Refused):
            read(start + rest)


# --- Open Badges 2.0 ------------------------------------------------------------------------------------------------

HOSTED: dict[str, Any] = {
    "@context": "https://w3id.org/openbadges/v2",
    "type": "Assertion",
    "id": "https://old.example/assertions/1",
    "verification": {"type": "HostedBadge"},
}


def _token(document: Any) -> bytes:
    payload = multibase.encode_base64url(strict_json.dumps(document))
    return f"eyJhbGciOiJSUzI1NiJ9.{payload}.c2ln".encode()


@pytest.mark.parametrize(
    ("document", "signed"),
    [
        (HOSTED, False),
        ({**HOSTED, "@context": ["https://w3id.org/openbadges/v2", "https://x.example"], "type": ["Assertion"]}, False),
        ({key: value for key, value in HOSTED.items() if key != "verification"}, False),
        ({**HOSTED, "verification": {"type": "SignedBadge"}}, True),
        ({**HOSTED, "verification": {"type": "signed"}}, True),
        (_token(HOSTED), True),
        (b"\n" + _token(HOSTED), True),
    ],
)
def test_an_open_badges_2_assertion_is_recognised(document: Any, signed: bool) -> None:
    assert baking.recognise_open_badges_2(document) == baking.Assertion("https://old.example/assertions/1", signed)
    with pytest.raises(errors.OpenBadges2, match=r"https://old\.example/assertions/1") as caught:
        baking.refuse_open_badges_2(document)
    assert caught.value.code == "open_badges_2"
    assert "invalid" not in (caught.value.title + caught.value.remedy).lower()


def test_an_assertion_without_an_id_is_recognised_too() -> None:
    assert baking.recognise_open_badges_2({**HOSTED, "id": 5}) == baking.Assertion(None, signed=False)
    with pytest.raises(errors.OpenBadges2, match="without an id"):
        baking.refuse_open_badges_2({**HOSTED, "id": None})


@pytest.mark.parametrize(
    "document",
    [
        {},
        {**HOSTED, "@context": "https://www.w3.org/ns/credentials/v2"},
        {**HOSTED, "type": "BadgeClass"},
        json.loads(CREDENTIAL),
        TOKEN,
        b"a.b",
        b"a.*.b",
        b"a.YQ.b",
        _token([HOSTED]),
        CREDENTIAL,
    ],
)
def test_nothing_else_is_taken_for_one(document: Any) -> None:
    assert baking.recognise_open_badges_2(document) is None
    baking.refuse_open_badges_2(document)
