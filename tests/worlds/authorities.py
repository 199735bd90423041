"""Certificate authorities for tests: real chains by keys that are the same in every run, and known to all."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.worlds.completions import NOW

ROOT_KEY, MIDDLE_KEY, OTHER_KEY = (ec.derive_private_key(number, ec.SECP256R1()) for number in (11, 12, 13))
LEAF_KEY = ec.derive_private_key(14, ec.SECP256R1())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def key_usage(*, signing: bool = False, certifying: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(signing, False, False, False, False, certifying, certifying, False, False)


def certify(
    subject: str,
    key: Any,
    issuer: str = "root",
    by: ec.EllipticCurvePrivateKey = ROOT_KEY,
    *,
    authority: bool = False,
    names: tuple[str, ...] = ("issuer.example",),
    usage: x509.KeyUsage | None = None,
    days: tuple[int, int] = (-1, 30),
    extra: tuple[x509.ExtensionType, ...] = (),
) -> x509.Certificate:
    """A certificate for `key` by the authority `issuer`; `days` are its validity, counted from `NOW`."""
    builder = (
        x509.CertificateBuilder(_name(issuer), _name(subject), key.public_key(), 7)
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(usage or key_usage(signing=not authority, certifying=authority), critical=True)
    )
    if authority:
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    elif names:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
    for extension in extra:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(by, hashes.SHA256())


def x5c(*chain: x509.Certificate) -> list[str]:
    """The chain as the header member of that name (RFC 7515, 4.1.6)."""
    return [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode() for certificate in chain]
