"""A public internet made of loopback sockets: names, public-looking addresses, and servers behind them.

The fetcher under test is the real one. Only what lies outside it is simulated: what the name system says, and which
local port stands behind a "public" IP address. Every connection that is opened is written down.
"""

from __future__ import annotations

import datetime
import importlib.util
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from verifier.addresses import IPAddress
from verifier.fetch import SocketStream, Stream
from verifier.problems import HostNotFound

PUBLIC = "8.8.4.4"


@dataclass
class Names:
    """A name system: each look-up of a name takes the next answer, the last one for ever."""

    answers: dict[str, list[Sequence[str]]]
    asked: list[str] = field(default_factory=list)

    def addresses(self, host: str, timeout: float) -> Sequence[str]:
        self.asked.append(host)
        known = self.answers.get(host) or self.answers.get("*")
        if known is None:
            raise HostNotFound("No address is known for the host's name.")
        return known.pop(0) if len(known) > 1 else known[0]


@dataclass
class PlainLoopback:
    """Stands in for TCP and TLS: every address leads to one plain loopback port."""

    port: int
    opened: list[tuple[str, int, str]] = field(default_factory=list)

    def connect(self, address: IPAddress, port: int, host: str, timeout: float) -> Stream:
        self.opened.append((str(address), port, host))
        return SocketStream(socket.create_connection(("127.0.0.1", self.port), timeout=timeout))


def load_hostile_server(folder: Path) -> ModuleType:
    """Load the maker as a module of its own (its list of hits is state)."""
    spec = importlib.util.spec_from_file_location("hostile_server", folder / "makers" / "hostile_server.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def serving(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """Accept connections on a loopback port that the system gave, one daemon thread each; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=handle, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


# --- TLS ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Authority:
    """A certificate authority for tests, which can sign certificates for any name and time."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def create(cls) -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate("Test authority", key.public_key(), key, "Test authority", days=(-1, 2), ca=True)
        return cls(key, certificate)

    def server_context(self, name: str, folder: Path, *, days: tuple[int, int] = (-1, 2)) -> ssl.SSLContext:
        """Return a server's TLS context with a certificate for `name`, valid between `days` from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, key.public_key(), self.key, "Test authority", days=days)
        file = folder / f"{name}{days}.pem"
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + _pem(key))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return the context of a client that trusts this authority and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cadata=self.certificate.public_bytes(serialization.Encoding.PEM).decode())
        return context


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(
    name: str,
    public_key: ec.EllipticCurvePublicKey,
    signing_key: ec.EllipticCurvePrivateKey,
    signer: str,
    *,
    days: tuple[int, int],
    ca: bool = False,
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)]))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(signing_key, hashes.SHA256())
