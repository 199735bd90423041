"""Signs PDFs (PAdES B-B) with certificates of an authority of `authorities`. Real signatures, made by pyHanko."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.worlds.authorities import LEAF_KEY, OTHER_KEY, ROOT_KEY, certify, key_usage

ROOT = certify("root", ROOT_KEY, authority=True).public_bytes(Encoding.PEM)


def signer(name: str, by: ec.EllipticCurvePrivateKey = ROOT_KEY, *, days: tuple[int, int] = (-1, 30)) -> signers.Signer:
    """One who signs PDFs, certified by `by` under the name of the root."""
    certificate = certify(name, LEAF_KEY, by=by, names=(), usage=key_usage(signing=True), days=days)
    [own] = load_certs_from_pemder_data(certificate.public_bytes(Encoding.PEM))
    secret = LEAF_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return signers.SimpleSigner(
        signing_cert=own,
        signing_key=load_private_key_from_pemder_data(secret, None),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def stranger(name: str) -> signers.Signer:
    """One whose certificate was signed by a key that nobody knows."""
    return signer(name, OTHER_KEY)


def signed(pdf: bytes, by: signers.Signer, field: str = "Signature") -> bytes:
    """The PDF with an invisible PAdES B-B signature, appended as an incremental update."""
    out = BytesIO()
    details = signers.PdfSignatureMetadata(
        field_name=field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    signing = partial(signers.PdfSigner(details, by).sign_pdf, IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    with ThreadPoolExecutor(1) as elsewhere:  # pyHanko starts an event loop, and a browser's tests have one here
        elsewhere.submit(signing).result()
    return out.getvalue()
