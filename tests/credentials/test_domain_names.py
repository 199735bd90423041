"""Domains of home pages, DNS records, and lists of registries: what is read, and what is passed over or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from credentials import errors
from credentials.domains import names, registry, txt

DID = "did:web:plaudit.example:o:acme"


@pytest.mark.parametrize(
    ("page", "domain"),
    [
        ("https://acme.example/about", "acme.example"),
        ("https://www.acme.example", "acme.example"),
        ("http://ACME.example:8080/", "acme.example"),
        ("https://münchen.example", "xn--mnchen-3ya.example"),
        ("https://xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
        ("https://localhost", None),
        ("https://127.0.0.1/", None),
        ("https://[::1]/", None),
        ("https://[broken/", None),
        ("https://a..example/", None),
        ("https://" + "a" * 64 + ".example", None),
        ("mailto:a@acme.example", None),
        ("acme.example", None),
        ("https:///x", None),
        ("https://acme.example/" + "x" * 3000, None),
        (None, None),
        (7, None),
    ],
)
def test_the_domain_of_a_home_page(page: object, domain: str | None) -> None:
    assert names.domain_of_page(page) == domain


@pytest.mark.parametrize(
    ("page", "origins"),
    [
        ("https://acme.example/", ("https://acme.example",)),
        ("https://www.acme.example:443/", ("https://www.acme.example", "https://acme.example")),
        ("https://acme.example:8443", ("https://acme.example:8443", "https://acme.example")),
        ("http://www.acme.example/", ("https://acme.example",)),
        (None, ("https://acme.example",)),
    ],
)
def test_the_origins_of_an_issuer(page: str | None, origins: tuple[str, ...]) -> None:
    assert names.origins("acme.example", page) == origins


def test_names_below_a_domain_are_within_it() -> None:
    assert names.is_within("acme.example", "acme.example")
    assert names.is_within("jobs.acme.example:8443", "acme.example")
    assert not names.is_within("notacme.example", "acme.example")
    assert not names.is_within("acme.example.evil.example", "acme.example")


@pytest.mark.parametrize(
    ("host", "owned"),
    [
        ("acme.com", "acme.com"),
        ("careers.acme.com:8443", "acme.com"),
        ("a.b.acme.co.uk", "acme.co.uk"),
        ("york.ac.uk", "york.ac.uk"),
        ("co.uk", "co.uk"),
        ("a.acme.de", "acme.de"),
        ("localhost", "localhost"),
    ],
)
def test_what_the_owner_registered(host: str, owned: str) -> None:
    assert names.registrable(host) == owned


def test_a_record_names_a_did() -> None:
    assert txt.record_name("acme.example") == "_plaudit.acme.example"
    assert txt.record_value(DID) == f"did={DID}"
    assert txt.named(["v=spf1 -all", f"did={DID}", "did=", "did=nonsense", f" did={DID}", f"DID={DID}"]) == (DID,)
    with pytest.raises(errors.MalformedDid):
        txt.record_value("acme")


def test_only_so_many_records_are_looked_at() -> None:
    assert txt.named(["x"] * txt.MAX_RECORDS + [f"did={DID}"]) == ()


def _list(*rows: Any) -> bytes:
    return json.dumps(list(rows)).encode()


def test_a_list_of_registries_in_the_format_of_the_dcc() -> None:
    anchor = "https://registry.example/.well-known/openid-federation"
    jwks: dict[str, Any] = {"keys": []}
    read = registry.read_list(
        _list(
            {"name": "Pilot", "url": "https://registry.example/registry.json"},
            {"name": "Copy", "type": "dcc-legacy", "file": "copy.json"},
            {"name": "Members", "type": "oidf", "trustAnchorEC": anchor, "jwks": jwks},
        )
    )
    assert [(one.name, one.kind, one.url, one.file, one.jwks) for one in read] == [
        ("Pilot", "dcc-legacy", "https://registry.example/registry.json", None, None),
        ("Copy", "dcc-legacy", None, "copy.json", None),
        ("Members", "oidf", anchor, None, jwks),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{}",
        _list(*[{"name": "x", "url": "https://a.example"}] * 17),
        _list("x"),
        _list({"url": "https://a.example"}),
        _list({"name": "x", "type": "vc-recognition", "url": "https://a.example"}),
        _list({"name": "x"}),
        _list({"name": "x", "url": "https://a.example", "file": "a.json"}),
        _list({"name": "x", "type": "oidf", "url": "https://a.example"}),
        _list({"name": "x", "url": "https://a.example", "jwks": []}),
        _list({"name": "x\n", "url": "https://a.example"}),
    ],
)
def test_other_lists_are_refused(body: bytes) -> None:
    with pytest.raises(errors.DomainEvidenceMalformed):
        registry.read_list(body)


def test_a_registry_keeps_its_good_entries() -> None:
    good = {"name": "MIT", "url": "https://mit.edu", "location": "Cambridge"}
    read = registry.read_registry(json.dumps({"registry": {
        "did:key:a": good, "did:key:b": {"name": ""}, "did:key:c": 5, "did:key:d": {"name": "D", "url": 7},
    }}).encode())  # fmt: skip
    assert read["did:key:a"] == registry.Entry("did:key:a", "MIT", "https://mit.edu", "Cambridge")
    assert read["did:key:d"] == registry.Entry("did:key:d", "D", None, None)
    assert read.keys() == {"did:key:a", "did:key:d"}


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"registry": []}', b"\xff"])
def test_what_is_no_registry_is_refused(body: bytes) -> None:
    with pytest.raises(errors.DomainEvidenceMalformed):
        registry.read_registry(body)
