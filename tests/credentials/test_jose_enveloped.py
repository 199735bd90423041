"""Envelopes say what is inside and nothing more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials import errors, vcdm
from credentials.jose import enveloped
from credentials.jose.enveloped import Envelope

tokens = st.text("ABCxyz019-_.~", min_size=1, max_size=200).map(str.encode)
GOOD = enveloped.wrap("vc+jwt", b"a.b.c")


@given(st.sampled_from(sorted(enveloped.TYPES)), tokens, st.binary(min_size=1, max_size=200))
def test_what_is_wrapped_comes_out(media_type: str, token: bytes, binary: bytes) -> None:
    """Tokens and CBOR, credentials and presentations; and the data model's own rules agree."""
    content = binary if media_type.endswith("+cose") else token
    wrapped = enveloped.wrap(media_type, content)
    assert enveloped.read(wrapped) == Envelope(media_type, content)
    assert list(vcdm.check_envelope(wrapped, enveloped.TYPES[media_type])) == []


def test_forms_that_mean_the_same() -> None:
    """Type and context in lists, more contexts, another case, and base64 as the W3C's examples have it."""
    for same in (
        {"type": [GOOD["type"]]}, {"@context": [vcdm.CONTEXT]}, {"@context": [vcdm.CONTEXT, "https://x.example/v1"]},
        {"id": "DATA:Application/VC+jwt,a.b.c"},
    ):  # fmt: skip
        assert enveloped.read({**GOOD, **same}) == Envelope("vc+jwt", b"a.b.c")
    cose = enveloped.wrap("vc+cose", b"\xd2\x84\x01\x02")
    assert cose["id"] == "data:application/vc+cose;base64,0oQBAg=="
    for url in (cose["id"], cose["id"].rstrip("="), cose["id"].rstrip("=") + "\n"):
        assert enveloped.read({**cose, "id": url}).content == b"\xd2\x84\x01\x02"


@pytest.mark.parametrize(
    "change",
    [
        {"name": "not signed by anybody"}, {"proof": {}}, {"@context": "https://www.w3.org/2018/credentials/v1"},
        {"@context": []}, {"@context": [vcdm.CONTEXT, {"id": "https://x.example/"}]}, {"@context": None},
        {"type": "VerifiableCredential"}, {"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]},
        {"type": []}, {"type": None}, {"type": "EnvelopedVerifiablePresentation"},
        {"id": None}, {"id": 5}, {"id": ["data:application/vc+jwt,a.b.c"]}, {"id": "a.b.c"}, {"id": "not-a-credential"},
        {"id": "https://employer.example/c/1.jwt"}, {"id": "data:,a.b.c"}, {"id": "data:text/plain,a.b.c"},
        {"id": "data:application/vc+jwt,"}, {"id": "data:application/vc+jwt;base64,YQ=="},
        {"id": "data:application/vc+jwt;charset=utf-8,a.b.c"}, {"id": "data:application/vc+jwt,a.b%2Ec"},
        {"id": "data:application/vc+jwt,a.b.c="}, {"id": "data:application/vc+jwt,a.b.c\n\n"},
        {"id": "data:application/vc+jwt,a.b .c"}, {"id": "data:application/vc+jwt,a+b/c"},
        {"id": " data:application/vc+jwt,a.b.c"}, {"id": "data:application/vc+jwt,a.b.c\0"},
        {"id": "data:application/vc+cose,0oQ="}, {"id": "data:application/vc+cose;base64,0oQBAh=="},
        {"id": "data:application/vc+cose;base64,0oQ-_w=="}, {"id": "data:application/vc+cose;base64,0oQBAg="},
        {"id": "data:application/vc+cose;base64,0oQBA"}, {"id": "data:application/vc+cose;base64,0=oQBA"},
        {"id": "data:application/vc+cose;base64,===="}, {"id": "data:application/vp+jwt,a.b.c"},
    ],
)  # fmt: skip
def test_other_forms_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(errors.EnvelopeMalformed):
        enveloped.read({**GOOD, **change})


@pytest.mark.parametrize("value", [None, "data:application/vc+jwt,a.b.c", [], {}, [GOOD], {"id": GOOD["id"]}])
def test_other_things_are_no_envelopes(value: Any) -> None:
    with pytest.raises(errors.EnvelopeMalformed):
        enveloped.read(value)


@pytest.mark.parametrize("media_type", ["vc", "jwt", "vc-ld+jwt", "dc+sd-jwt", "vc+xml", "json"])
def test_other_media_types_are_not_known(media_type: str) -> None:
    """That says nothing about what is inside."""
    with pytest.raises(errors.FormatNotSupported):
        enveloped.read({**GOOD, "id": f"data:application/{media_type},a.b.c"})
    with pytest.raises(errors.FormatNotSupported):
        enveloped.wrap(media_type, b"a.b.c")


@pytest.mark.parametrize("content", [b"", b"a b", b"a,b", b"\xff", b"a.b.c\n", b"a.b.c="])
def test_only_tokens_are_wrapped_as_tokens(content: bytes) -> None:
    with pytest.raises(errors.EnvelopeMalformed):
        enveloped.wrap("vc+jwt", content)


def test_a_presentation_holds_one_or_several_or_none() -> None:
    other = enveloped.wrap("vc+cose", b"\xd2")
    for held, count in ((GOOD, 1), ([GOOD, other], 2), ([], 0)):
        assert len(enveloped.read_credentials({"verifiableCredential": held})) == count
    assert enveloped.read_credentials({}) == ()
    for wrong in ([GOOD, enveloped.wrap("vp+jwt", b"a.b.c")], [GOOD, "a.b.c"], "a.b.c", [None], [[GOOD]]):
        with pytest.raises(errors.EnvelopeMalformed):
            enveloped.read_credentials({"verifiableCredential": wrong})
