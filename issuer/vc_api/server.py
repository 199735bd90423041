"""Serves one WSGI application over http or https for conformance tests, in this process, until it is interrupted.

In one process, because the keys live in its memory. The real service is served by `plaudit.serve`.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

#: A client that connects and then says nothing gives its thread back after this.
SILENCE_SECONDS: Final = 30.0
#: A certificate nobody can check needs no long life: it is made anew at each start.
CERTIFICATE_LIFE: Final = timedelta(days=30)
#: So that a client whose clock is behind accepts it.
CERTIFICATE_START: Final = timedelta(hours=1)


def serve(application: Any, host: str, port: int, *, tls: ssl.SSLContext | None, ready: Callable[[], None]) -> None:
    """Answer at `host` and `port` until interrupted; `ready` is called once connections are taken."""
    with _Server(host, port, application, tls) as server:
        ready()
        server.serve_forever()


def self_signed(names: list[str], now: datetime) -> ssl.SSLContext:
    """A TLS context with a fresh certificate for these host names and addresses; its files are gone on return."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(key, names, now)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory(prefix="plaudit-tls-") as folder:
        file = Path(folder) / "certificate.pem"
        file.touch(mode=0o600)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
        context.load_cert_chain(file)
    return context


def _certificate(key: ec.EllipticCurvePrivateKey, names: list[str], now: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Plaudit conformance mode")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CERTIFICATE_START)
        .not_valid_after(now + CERTIFICATE_LIFE)
        .add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    return builder.sign(key, hashes.SHA256())


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class _Server(ThreadedWSGIServer):
    """A thread for each connection, in which the TLS handshake happens, too: a silent client holds up nobody else."""

    def __init__(self, host: str, port: int, application: Any, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, application, handler=_Quiet)
        self._tls = tls
        #: The request handler looks here to tell the application which scheme it is reached by.
        self.ssl_context = tls

    def finish_request(self, request: Any, client_address: Any) -> None:
        request.settimeout(SILENCE_SECONDS)
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        with self._tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)
            self._end(secured)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away or speaks no TLS is its own affair."""

    @staticmethod
    def _end(secured: ssl.SSLSocket) -> None:
        """Tell the client that this was all, if it still listens."""
        try:
            secured.unwrap().shutdown(socket.SHUT_RDWR)
        except OSError:
            return


class _Quiet(WSGIRequestHandler):
    """Writes no line for each request: the one line that counts is the one with the keys."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing of a request is logged."""
