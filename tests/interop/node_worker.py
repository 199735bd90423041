"""One Node process that stays: a peer's operations, asked for one at a time, and the time each took inside Node."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).resolve().parent
#: Far above what any one request takes, also on a machine with other work; then the process is ended.
REQUEST_SECONDS = 120


class NodeMissingError(Exception):
    """Node, or the packages of this folder, are not on this machine."""


class PeerError(Exception):
    """The peer's operation threw; `messages` are its error's and those of the errors inside it."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation gave the last time, and the microseconds of one turn."""

    result: Any
    microseconds: float


class NodeWorker:
    """`peers/<peer>.mjs` in a process of its own, from `with` to its end."""

    def __init__(self, peer: str) -> None:
        self._command = [node_program(), str(HERE / "worker.mjs"), peer]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._read()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(REQUEST_SECONDS)

    @property
    def pid(self) -> int:
        """The number of the process, for who wants to look at it from outside."""
        return self._process.pid

    def ask(self, op: str, args: Mapping[str, Any] | None = None, *, n: int = 1) -> Answer:
        """Have `op` done `n` times, one after the other. Raises `PeerError`."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"op": op, "args": args or {}, "n": n}) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if "error" in answer:
            raise PeerError(answer["error"])
        return Answer(answer["result"], answer["microseconds"])

    def do(self, op: str, **args: Any) -> Any:
        """The result of doing `op` once."""
        return self.ask(op, args).result

    def _read(self) -> Any:
        assert self._process.stdout is not None
        deadline = threading.Timer(REQUEST_SECONDS, self._process.kill)
        deadline.start()
        try:
            line = self._process.stdout.readline()
        finally:
            deadline.cancel()
        if not line:
            raise RuntimeError(f"Node ended with {self._process.wait()}")
        return json.loads(line)


def node_program() -> str:
    """Where Node is. Raises `NodeMissingError` without it, and without the packages that `make test` brings."""
    program = shutil.which("node") or shutil.which("nodejs")
    if program is None:
        raise NodeMissingError("Node is not on this machine: `make test` brings it")
    if not (HERE / "node_modules" / "@digitalbazaar" / "vc").is_dir():
        raise NodeMissingError("the Node packages are not installed: `make test` brings them")
    return program


def package_version(name: str) -> str:
    """The installed version of a Node package."""
    text = (HERE / "node_modules" / name / "package.json").read_text(encoding="utf-8")
    return str(json.loads(text)["version"])


def node_version() -> str:
    """The version of Node itself."""
    finished = subprocess.run([node_program(), "--version"], capture_output=True, text=True, check=True)
    return finished.stdout.strip().removeprefix("v")
