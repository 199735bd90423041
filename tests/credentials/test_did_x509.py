"""X.509: a chain names an issuer only to whoever asked for one and trusts its authority; nothing is looked up."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import example, given
from hypothesis import strategies as st

from credentials import errors
from credentials.did import x509 as certificates
from credentials.did.x509 import certified_key, check_issuer, read_x5c, verify_chain
from tests.worlds.authorities import LEAF_KEY, MIDDLE_KEY, OTHER_KEY, ROOT_KEY, certify, key_usage, x5c
from tests.worlds.completions import NOW

ROOT = certify("root", ROOT_KEY, authority=True)
MIDDLE = certify("middle", MIDDLE_KEY, authority=True)
SIGNER = certify("signer", LEAF_KEY)
BELOW = certify("signer", LEAF_KEY, "middle", MIDDLE_KEY)


def digest(certificate: x509.Certificate) -> str:
    return base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).rstrip(b"=").decode()


def trusted(*chain: x509.Certificate, at: datetime = NOW) -> certificates.Certified:
    return verify_chain(chain, trust_anchors=[ROOT], at=at)


# --- good chains ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "issuer",
    ["x509_san_dns:issuer.example", "https://issuer.example/o/acme", f"x509_hash:{digest(BELOW)}"],
    ids=["name", "address", "hash"],
)
def test_an_issuer_named_by_its_certificate(issuer: str) -> None:
    """Leaf and the authority between come along; the root is the verifier's own."""
    key = certified_key(x5c(BELOW, MIDDLE), issuer=issuer, trust_anchors=[ROOT], at=NOW)
    r, s = decode_dss_signature(LEAF_KEY.sign(b"data", ec.ECDSA(hashes.SHA256())))
    assert key.verify(r.to_bytes(32, "big") + s.to_bytes(32, "big"), b"data")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.derive_private_key(5, ec.SECP256R1()), "ES256"),
        (ec.derive_private_key(5, ec.SECP384R1()), "ES384"),
        (ec.derive_private_key(5, ec.SECP521R1()), "ES512"),
        (rsa.generate_private_key(65_537, 2048), "RS256"),
        (ed25519.Ed25519PrivateKey.from_private_bytes(b"\5" * 32), "EdDSA"),
    ],
    ids=["P-256", "P-384", "P-521", "RSA", "Ed25519"],
)
def test_keys_of_every_kind_that_signs_here(key: Any, algorithm: str) -> None:
    certified = trusted(certify("signer", key, names=("a.example", "B.example", "*.c.example")))
    assert certified.public_key.algorithm == algorithm
    assert certified.dns_names == {"a.example", "b.example"}
    assert certified.not_after == NOW + timedelta(days=30)


def test_the_time_is_the_callers_in_any_zone() -> None:
    """Valid on the first and the last second, not on the ones beside them."""
    zone = timezone(timedelta(hours=5))
    for moment in (SIGNER.not_valid_before_utc, SIGNER.not_valid_after_utc, NOW.astimezone(zone)):
        assert trusted(SIGNER, at=moment)
    second = timedelta(seconds=1)
    for moment in (SIGNER.not_valid_before_utc - second, (SIGNER.not_valid_after_utc + second).astimezone(zone)):
        with pytest.raises(errors.CertificateNotTrusted):
            trusted(SIGNER, at=moment)


def test_a_certificate_without_names_is_known_by_its_hash_alone() -> None:
    nameless = certify("signer", LEAF_KEY, names=())
    check_issuer(trusted(nameless), f"x509_hash:{digest(nameless)}")
    with pytest.raises(errors.CertificateNameMismatch):
        check_issuer(trusted(nameless), "x509_san_dns:issuer.example")


# --- chains that are not trusted --------------------------------------------------------------------------------------

IMPOSTOR_ROOT = certify("root", OTHER_KEY, by=OTHER_KEY, authority=True)
UNTRUSTED: dict[str, Callable[[], list[x509.Certificate]]] = {
    "another root of the same name": lambda: [certify("signer", LEAF_KEY, by=OTHER_KEY), IMPOSTOR_ROOT],
    "a missing link": lambda: [BELOW],
    "self-signed": lambda: [certify("signer", LEAF_KEY, "signer", LEAF_KEY)],
    "expired": lambda: [certify("signer", LEAF_KEY, days=(-30, -1))],
    "not yet valid": lambda: [certify("signer", LEAF_KEY, days=(1, 30))],
    "an expired link": lambda: [BELOW, certify("middle", MIDDLE_KEY, authority=True, days=(-30, -1))],
    "a link that is no authority": lambda: [
        certify("signer", LEAF_KEY, "middle", MIDDLE_KEY), certify("middle", MIDDLE_KEY)],
    "an authority as signer": lambda: [MIDDLE],
    "an authority that may sign too": lambda: [
        certify("middle", MIDDLE_KEY, authority=True, usage=key_usage(signing=True, certifying=True))],
    "the root itself": lambda: [ROOT],
    "a key for other things": lambda: [certify("signer", LEAF_KEY, usage=key_usage(certifying=True))],
    "a stranger first": lambda: [certify("signer", LEAF_KEY, "root", OTHER_KEY), SIGNER],
}  # fmt: skip


@pytest.mark.parametrize("chain", UNTRUSTED.values(), ids=UNTRUSTED.keys())
def test_chains_that_lead_to_no_trusted_authority(chain: Callable[[], list[x509.Certificate]]) -> None:
    with pytest.raises(errors.CertificateNotTrusted):
        trusted(*chain())


def test_a_leaf_that_says_ca_false_may_sign() -> None:
    plain = certify("signer", LEAF_KEY, extra=(x509.BasicConstraints(ca=False, path_length=None),))
    assert trusted(plain).public_key.algorithm == "ES256"


def test_nobody_is_trusted_by_default() -> None:
    """No anchors, no trust; and what comes along in a chain is never an anchor."""
    with pytest.raises(errors.CertificateNotTrusted):
        verify_chain([SIGNER, ROOT], trust_anchors=[], at=NOW)
    with pytest.raises(errors.CertificateNotTrusted):
        certified_key(x5c(SIGNER, ROOT), issuer="x509_san_dns:issuer.example", trust_anchors=[IMPOSTOR_ROOT], at=NOW)


@pytest.mark.parametrize(
    "issuer",
    [
        "x509_san_dns:evil.example", "x509_san_dns:sub.issuer.example", "x509_san_dns:example",
        "https://issuer.example.evil.example/", "https://sub.issuer.example", f"x509_hash:{digest(ROOT)}",
        f"x509_hash:{digest(SIGNER)}=", "x509_hash:",
    ],
    ids=range(8),
)  # fmt: skip
def test_a_good_certificate_of_somebody_else(issuer: str) -> None:
    with pytest.raises(errors.CertificateNameMismatch):
        certified_key(x5c(SIGNER), issuer=issuer, trust_anchors=[ROOT], at=NOW)


def test_a_wildcard_names_nobody() -> None:
    certified = trusted(certify("signer", LEAF_KEY, names=("*.issuer.example",)))
    for host in ("a.issuer.example", "issuer.example"):
        with pytest.raises(errors.CertificateNameMismatch):
            check_issuer(certified, f"x509_san_dns:{host}")


@pytest.mark.parametrize(
    "issuer",
    ["did:web:issuer.example", "did:key:z6Mk", "issuer.example", "x509_san_dns:*.issuer.example", "x509_san_dns:",
     "x509_san_dns:Issuer.example", "x509_san_dns:10.0.0.1", "http://issuer.example", "X509_hash:x", ""],
)  # fmt: skip
def test_issuers_that_no_certificate_can_name(issuer: str) -> None:
    """A DID has its keys in its document: a certificate, however good, never speaks for it."""
    with pytest.raises(errors.MalformedDid):
        certified_key(x5c(SIGNER), issuer=issuer, trust_anchors=[ROOT], at=NOW)


# --- what is no chain -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        None, "x", [], {}, [5], [""], ["!"], [x5c(SIGNER)[0] + "\n"], [x5c(SIGNER)[0] + "="],
        [base64.b64encode(b"x").decode()], [base64.b64encode(SIGNER.public_bytes(Encoding.DER) + b"\0").decode()],
        [base64.b64encode(b"\0" * 16_001).decode()], [SIGNER.public_bytes(Encoding.PEM).decode()], x5c(*[SIGNER] * 7),
        [x5c(SIGNER)[0], None],
    ],
)  # fmt: skip
def test_what_is_no_certificate_chain(value: Any) -> None:
    with pytest.raises(errors.MalformedCertificate):
        read_x5c(value)


def test_chains_have_a_length() -> None:
    for chain in ([], [SIGNER] * 7):
        with pytest.raises(errors.MalformedCertificate):
            trusted(*chain)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = (
        bytes([size])
        if size < 128
        else bytes([0x80 + (size.bit_length() + 7) // 8]) + size.to_bytes(2, "big").lstrip(b"\0")
    )
    return bytes([tag]) + length + content


def resigned(certificate: x509.Certificate, before: bytes, after: bytes) -> x509.Certificate:
    """The certificate with some bytes replaced, signed by the root again."""
    content = certificate.tbs_certificate_bytes
    assert content.count(before) == 1
    content = content.replace(before, after)
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")
    signature = ROOT_KEY.sign(content, ec.ECDSA(hashes.SHA256()))
    return x509.load_der_x509_certificate(_der(0x30, content + algorithm + _der(0x03, b"\0" + signature)))


@pytest.mark.parametrize(
    "certificate",
    [
        lambda: certify("signer", ec.derive_private_key(5, ec.SECP256K1())),
        lambda: certify("signer", x25519.X25519PrivateKey.from_private_bytes(b"\5" * 32)),
        lambda: certify("signer", rsa.generate_private_key(65_537, 1024)),
        lambda: resigned(SIGNER, bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06072a8648ce3d0209")),
        lambda: resigned(SIGNER, b"\x82\x0eissuer.example", b"\xa3\x0eissuer.example"),
    ],
    ids=["secp256k1", "X25519", "short RSA", "a key of no known kind", "a name of no known kind"],
)
def test_trusted_certificates_that_cannot_be_used(certificate: Callable[[], x509.Certificate]) -> None:
    """Signed by the trusted authority, and still nothing to check a signature with."""
    with pytest.raises(errors.MalformedCertificate):
        trusted(certificate())


_BELOW, _MIDDLE = (certificate.public_bytes(Encoding.DER) for certificate in (BELOW, MIDDLE))


@given(position=st.integers(0, len(_BELOW + _MIDDLE) - 1), bit=st.integers(0, 7))
@example(position=12, bit=0)
@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_one_bit_gives_nobody_another_key(position: int, bit: int) -> None:
    """Turned anywhere in the chain: an error of ours, or (a bit that DER leaves unused) the key that was there."""
    both = bytearray(_BELOW + _MIDDLE)
    both[position] ^= 1 << bit
    chain = [base64.b64encode(both[: len(_BELOW)]).decode(), base64.b64encode(both[len(_BELOW) :]).decode()]
    try:
        key = certified_key(chain, issuer="x509_san_dns:issuer.example", trust_anchors=[ROOT], at=NOW)
    except errors.BadData:
        return
    assert key == trusted(BELOW, MIDDLE).public_key
