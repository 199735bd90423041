"""`plaudit serve --conformance`: the real command, over a real connection, and where it does not start."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

import plaudit

REPOSITORY = Path(__file__).resolve().parent.parent
V2 = "https://www.w3.org/ns/credentials/v2"
#: Base path → the curves whose keys sign there.
BASES = {
    "/vc-api": ("Ed25519", "P-256", "P-384"),
    "/vc-api/eddsa-rdfc-2022": ("Ed25519",),
    "/vc-api/eddsa-jcs-2022": ("Ed25519",),
    "/vc-api/ecdsa-rdfc-2019": ("P-256", "P-384"),
    "/vc-api/ecdsa-jcs-2019": ("P-256", "P-384"),
    "/vc-api/status": ("Ed25519", "P-256", "P-384"),
    "/vc-api/vc-jwt": ("Ed25519", "P-256", "P-384"),
}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A server that was started, its did:keys by curve, and a client that does not know its certificate."""

    process: subprocess.Popen[bytes]
    port: int
    did: dict[str, str]
    #: Where it would leave temporary files.
    temporary: Path

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = HTTPSConnection("127.0.0.1", self.port, context=ssl._create_unverified_context(), timeout=20)
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path, data, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The command as a person starts it; ended by its process id."""
    port = _free_port()
    home = tmp_path_factory.mktemp("conformance") / "home"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PLAUDIT_")}
    command = [sys.executable, "plaudit.py", "serve", "--conformance", "--tls-self-signed", "--port", str(port)]
    temporary = tmp_path_factory.mktemp("temporary")
    environ |= {"PLAUDIT_HOME": str(home), "TMPDIR": str(temporary)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY, env=environ)
    assert process.stdout is not None
    try:
        yield Running(process, port, json.loads(process.stdout.readline()), temporary)
        assert not home.exists()
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()


def test_the_first_line_holds_the_did_keys(running: Running) -> None:
    prefixes = {"Ed25519": "did:key:z6Mk", "P-256": "did:key:zDna", "P-384": "did:key:z82"}
    assert running.did.keys() == prefixes.keys()
    assert all(running.did[curve].startswith(prefix) for curve, prefix in prefixes.items())


@pytest.mark.parametrize(("base", "curve"), [(base, curve) for base, curves in BASES.items() for curve in curves])
def test_issue_and_verify_over_https(base: str, curve: str, running: Running) -> None:
    credential = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": running.did[curve],
        "credentialSubject": {"id": "did:example:subject"},
    }
    status, answer = running.call("POST", f"{base}/credentials/issue", {"credential": credential})
    assert status == 201, answer
    issued = answer["verifiableCredential"]
    status, answer = running.call("POST", f"{base}/credentials/verify", {"verifiableCredential": issued})
    assert (status, answer["verified"]) == (200, True)
    presentation = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [issued]}
    status, answer = running.call("POST", f"{base}/presentations/verify", {"verifiablePresentation": presentation})
    assert (status, answer["verified"]) == (200, True)
    issued["id"] = "urn:example:changed"
    status, answer = running.call("POST", f"{base}/credentials/verify", {"verifiableCredential": issued})
    assert (status, answer["verified"]) == (422, False)


def test_a_status_is_set_over_https(running: Running) -> None:
    credential = {
        "@context": [V2],
        "id": "urn:example:1",
        "type": ["VerifiableCredential"],
        "issuer": running.did["Ed25519"],
        "credentialSubject": {"id": "did:example:subject"},
    }
    _, answer = running.call("POST", "/vc-api/status/credentials/issue", {"credential": credential})
    issued = answer["verifiableCredential"]
    address = issued["credentialStatus"]["statusListCredential"]
    assert address.startswith(f"https://127.0.0.1:{running.port}/")
    wanted = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "status": True}
    body = {"credentialId": "urn:example:1", "credentialStatus": wanted}
    assert running.call("POST", "/vc-api/status/credentials/status", body)[0] == 200
    body = {"verifiableCredential": issued, "options": {"checks": ["proof", "credentialStatus"]}}
    assert running.call("POST", "/vc-api/status/credentials/verify", body)[0] == 422
    status, listed = running.call("GET", address.removeprefix(f"https://127.0.0.1:{running.port}"))
    assert status == 200
    assert listed["issuer"] == running.did["Ed25519"]


def test_the_rest_of_plaudit_is_not_there(running: Running) -> None:
    assert running.call("POST", "/vc-api/credentials/none", {})[0] == 404
    assert running.call("POST", "/api/v1/verify", {"url": "https://127.0.0.1/"})[0] == 422


def test_part_of_a_credential_is_disclosed_over_https(running: Running) -> None:
    base = "/vc-api/ecdsa-sd-2023"
    credential = {
        "@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"],
        "type": ["VerifiableCredential"],
        "issuer": running.did["P-256"],
        "credentialSubject": {"id": "did:example:subject", "alumniOf": "North", "grade": "A"},
    }
    body = {"credential": credential, "options": {"mandatoryPointers": ["/issuer"]}}
    status, answer = running.call("POST", f"{base}/credentials/issue", body)
    assert status == 201, answer
    shown = {"selectivePointers": ["/credentialSubject/alumniOf"]}
    body = {"verifiableCredential": answer["verifiableCredential"], "options": shown}
    status, answer = running.call("POST", f"{base}/credentials/derive", body)
    assert status == 201, answer
    assert "grade" not in answer["verifiableCredential"]["credentialSubject"]
    status, answer = running.call("POST", f"{base}/credentials/verify", answer)
    assert (status, answer["verified"]) == (200, True)


def test_the_certificate_is_good_for_the_names_of_this_machine(running: Running) -> None:
    """A client that was told to trust it needs no other trick; and no file of it is left behind."""
    pem = ssl.get_server_certificate(("127.0.0.1", running.port))
    context = ssl.create_default_context(cadata=pem)
    for name in ("127.0.0.1", "localhost"):
        plain = socket.create_connection(("127.0.0.1", running.port))
        with context.wrap_socket(plain, server_hostname=name) as secured:
            assert secured.version() in ("TLSv1.2", "TLSv1.3")
    assert not list(running.temporary.iterdir())


def test_a_silent_client_holds_up_nobody(running: Running) -> None:
    """Who connects and says nothing, or speaks no TLS, costs a thread and no more."""
    with (
        socket.create_connection(("127.0.0.1", running.port)),
        socket.create_connection(("127.0.0.1", running.port)) as plain,
    ):
        plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert running.call("POST", "/vc-api/credentials/verify", {})[0] == 400


def _refusal(capfd: pytest.CaptureFixture[str], *more: str) -> str:
    """What the command says when it does not start; nothing may listen anywhere after."""
    assert plaudit.run(["serve", "--conformance", *more]) == plaudit.EXIT_REFUSED
    said = capfd.readouterr()
    assert said.out == ""
    return said.err


def test_it_does_not_start_beside_real_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "plaudit.db").write_bytes(b"")
    monkeypatch.setenv("PLAUDIT_HOME", str(home))
    assert "There is real data here" in _refusal(capfd)
    assert [path.name for path in home.iterdir()] == ["plaudit.db"]
    monkeypatch.setenv("PLAUDIT_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("PLAUDIT_DATABASE_URL", "postgresql://nobody@127.0.0.1/none")
    assert "PLAUDIT_DATABASE_URL" in _refusal(capfd)


def test_it_does_not_start_in_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAUDIT_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("PLAUDIT_MODE", "production")
    monkeypatch.setenv("PLAUDIT_BASE_URL", "https://credentials.example.org")
    assert "PLAUDIT_MODE is production" in _refusal(capfd)


def test_its_options_mean_nothing_without_it(capfd: pytest.CaptureFixture[str]) -> None:
    for option in (["--tls-self-signed"], ["--token", "x"]):
        assert plaudit.run(["serve", *option]) == plaudit.EXIT_USAGE
        assert "--conformance" in capfd.readouterr().err


def test_a_port_that_is_taken_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PLAUDIT_HOME", str(tmp_path / "none"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert plaudit.run(["serve", "--conformance", "--port", port]) == plaudit.EXIT_USAGE
    assert "choose another --port" in capfd.readouterr().err
