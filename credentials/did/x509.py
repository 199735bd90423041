"""X.509 certificate chains as a way to name an issuer: whose key is it, if these authorities are trusted. No fetching.

Whoever calls must have decided that the issuer is named by a certificate and must bring the authorities it trusts: a
chain that comes along in a header is never a reason to trust it, and never chooses a key for an issuer with a DID.
Revocation is NOT checked: that would need a fetch of lists or of an answer that the certificate itself names.

Source: RFC 5280, 6 (path validation); RFC 7515, 4.1.6 (x5c); OpenID for Verifiable Presentations 1.0, 5.9.3
(x509_san_dns, x509_hash); OpenID4VC High Assurance Interoperability Profile 1.0, 6 (no self-signed signer).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import verification

from credentials import errors, multibase
from credentials.did.cid import cid_host
from credentials.did.syntax import check_host
from credentials.multikey import PublicKey

SAN_DNS: Final = "x509_san_dns:"
HASH: Final = "x509_hash:"
#: Signer, two or three authorities between: longer chains only cost signature checks.
MAX_CERTIFICATES: Final = 6
#: A certificate with an RSA key and many names stays under 4 kB.
MAX_CERTIFICATE_BYTES: Final = 16_000
_CURVES: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
#: What the library raises for parts of a certificate that it does not understand.
_UNREADABLE: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class Certified:
    """A signer's certificate that leads to a trusted authority, and the key in it. Nobody asked whether it is revoked.

    `dns_names` are the names that the certificate says it is for, in lower case; `sha256` is of its DER.
    """

    public_key: PublicKey
    dns_names: frozenset[str]
    sha256: bytes
    not_after: datetime


def read_x5c(value: object) -> list[x509.Certificate]:
    """Read an `x5c` member: DER certificates in plain base64, the signer's first.

    Raises `errors.MalformedCertificate`.
    """
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_CERTIFICATES:
        raise errors.MalformedCertificate(f"x5c is not a list of 1 to {MAX_CERTIFICATES} certificates")
    return [_certificate(item) for item in value]


def verify_chain(
    chain: Sequence[x509.Certificate], *, trust_anchors: Sequence[x509.Certificate], at: datetime
) -> Certified:
    """Check that the first certificate leads through the others to a trust anchor, all of them valid at `at` (aware).

    The signer's own certificate must have a key for signatures, may not be an authority's, and may not be an anchor.
    Raises `errors.MalformedCertificate` and `errors.CertificateNotTrusted`.
    """
    if not chain or len(chain) > MAX_CERTIFICATES:
        raise errors.MalformedCertificate(f"a chain has 1 to {MAX_CERTIFICATES} certificates")
    leaf = chain[0]
    if not trust_anchors or leaf in trust_anchors:
        raise errors.CertificateNotTrusted("no authority above the signer is trusted")
    builder = verification.PolicyBuilder().store(verification.Store(list(trust_anchors))).time(at)
    builder = builder.extension_policies(
        ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(), ee_policy=_signer_policy()
    )
    try:
        builder.build_client_verifier().verify(leaf, list(chain[1:]))
        return Certified(_public_key(leaf), _dns_names(leaf), _sha256(leaf), leaf.not_valid_after_utc)
    except verification.VerificationError as error:
        raise errors.CertificateNotTrusted(str(error)[:300]) from error
    except _UNREADABLE as error:
        raise errors.MalformedCertificate(f"the signer's certificate cannot be read: {str(error)[:200]}") from error


def check_issuer(certified: Certified, issuer: str) -> None:
    """Raise `errors.CertificateNameMismatch` unless `issuer` is who the certificate is for.

    `https://<host>/…` and `x509_san_dns:<host>`: the host is one of the certificate's DNS names, letter for letter (a
    wildcard names nobody). `x509_hash:<base64url>`: it is this very certificate. Raises `errors.MalformedDid` for an
    identifier of any other form: a DID's keys come from its document only.
    """
    if issuer.startswith(HASH):
        matches = multibase.encode_base64url(certified.sha256) == issuer.removeprefix(HASH)
    elif issuer.startswith(SAN_DNS):
        check_host(issuer.removeprefix(SAN_DNS))
        matches = issuer.removeprefix(SAN_DNS) in certified.dns_names
    else:
        matches = cid_host(issuer) in certified.dns_names
    if not matches:
        raise errors.CertificateNameMismatch(f"the certificate is not for {issuer[:200]}")


def certified_key(x5c: object, *, issuer: str, trust_anchors: Sequence[x509.Certificate], at: datetime) -> PublicKey:
    """The key of an issuer that is named by certificate: the chain is good at `at` and its signer is `issuer`.

    Raises what `read_x5c`, `verify_chain` and `check_issuer` raise.
    """
    certified = verify_chain(read_x5c(x5c), trust_anchors=trust_anchors, at=at)
    check_issuer(certified, issuer)
    return certified.public_key


def _certificate(item: object) -> x509.Certificate:
    try:
        der = base64.b64decode(item, validate=True) if isinstance(item, str) else b""
        if base64.b64encode(der).decode() != item or not 0 < len(der) <= MAX_CERTIFICATE_BYTES:
            raise errors.MalformedCertificate("a certificate is not DER in base64, or too long")
        return x509.load_der_x509_certificate(der)
    except _UNREADABLE as error:
        raise errors.MalformedCertificate(f"a certificate cannot be read: {str(error)[:200]}") from error


def _signer_policy() -> verification.ExtensionPolicy:
    """What the signer's certificate must say: it is for signatures, it is no authority, and its names are known.

    Not the web's rules: those demand a purpose (serverAuth) that certificates for signing documents do not have.
    """
    agnostic = verification.Criticality.AGNOSTIC
    return (
        verification.ExtensionPolicy.permit_all()
        .may_be_present(x509.BasicConstraints, agnostic, _no_authority)
        .require_present(x509.KeyUsage, agnostic, _for_signatures)
    )


def _no_authority(_policy: Any, _leaf: x509.Certificate, constraints: x509.BasicConstraints | None) -> None:
    if constraints is not None and constraints.ca:
        raise ValueError("the signer's certificate is an authority's")


def _for_signatures(_policy: Any, _leaf: x509.Certificate, usage: x509.KeyUsage) -> None:
    if not usage.digital_signature:
        raise ValueError("the signer's certificate is not for signatures")


def _public_key(leaf: x509.Certificate) -> PublicKey:
    key = leaf.public_key()
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            return PublicKey.from_ed25519_bytes(key.public_bytes_raw())
        if isinstance(key, rsa.RSAPublicKey):
            return PublicKey("RS256", key.public_bytes(Encoding.DER, PublicFormat.PKCS1))
        if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES:
            return PublicKey(_CURVES[key.curve.name], key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    except errors.InvalidPublicKey as error:
        raise errors.MalformedCertificate(f"the signer's key cannot be used: {error.detail}") from error
    raise errors.MalformedCertificate("the signer's key is of a kind that is not used here")


def _dns_names(leaf: x509.Certificate) -> frozenset[str]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(name.lower() for name in names.get_values_for_type(x509.DNSName) if "*" not in name)


def _sha256(certificate: x509.Certificate) -> bytes:
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()
