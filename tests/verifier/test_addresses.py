"""Which addresses the outbound door opens at all: spelling first, then where the name really leads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verifier.addresses import check_ip, parse_address
from verifier.problems import AddressNotAllowed, PrivateAddress


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://issuer.example/.well-known/did.json", "https://issuer.example/.well-known/did.json"),
        ("https://Issuer.EXAMPLE", "https://issuer.example/"),
        ("https://issuer.example:443/a?b=c", "https://issuer.example/a?b=c"),
        ("https://issuer.example:8443/u/x/did.json#key-1", "https://issuer.example:8443/u/x/did.json"),
        ("https://xn--bcher-kva.example/a%20b", "https://xn--bcher-kva.example/a%20b"),
    ],
)
def test_an_address_has_one_spelling(url: str, expected: str) -> None:
    assert parse_address(url).url == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/",
        "ftp://issuer.example/",
        "file:///etc/passwd",
        "https:/issuer.example",
        "https:issuer.example",
        "//issuer.example/",
        "https://",
        "https:///path",
        "https://user@issuer.example/",
        "https://user:word@issuer.example/",
        "https://issuer.example@127.0.0.1/",
        "https://issuer.example\\@evil.example/",
        "https://issuer.example/\r\nX: y",
        "https://issuer.example/a b",
        "https://issuer.example\t/",
        " https://issuer.example/",
        "https://issuer.example:/",
        "https://issuer.example:99999/",
        "https://issuer.example:22/",
        "https://issuer.example:0/",
        "https://issuer.example:٤٤٣/",
        "https://issuer。example/",
        "https://bücher.example/",
        "https://issuer.example./",
        "https://-issuer.example/",
        "https://issuer..example/",
        "https://iss_uer.example/",
        "https://intranet/",
        "https://printer.local/",
        "https://a.localhost/",
        "https://metadata.google.internal/",
        "https://issuer.example.1/",
        "https://1.2.3.0x7f/",
        "https://issuer.example/" + "a" * 2048,
    ],
)
def test_every_other_spelling_is_refused(url: str) -> None:
    with pytest.raises(AddressNotAllowed):
        parse_address(url)


@pytest.mark.case("DID-01")
def test_hosts_of_the_ssrf_corpus_are_refused_by_spelling(security_cases: Path) -> None:
    for record in json.loads((security_cases / "corpora" / "ssrf-hosts.json").read_bytes()):
        with pytest.raises(AddressNotAllowed):
            parse_address(f"https://{record['in']}/.well-known/did.json")


@pytest.mark.parametrize("ip", ["8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_public_addresses_pass(ip: str) -> None:
    assert str(check_ip(ip)) == ip


@pytest.mark.case("DID-02")
@pytest.mark.parametrize(
    "ip",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%lo",
        "2606:4700::1111%lo",
        "fec0::1",
        "ff02::1",
        "not an address",
        "127.1",
        "010.0.0.1",
        "",
    ],
)
def test_special_addresses_are_refused(ip: str) -> None:
    with pytest.raises(PrivateAddress):
        check_ip(ip)
