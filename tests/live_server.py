"""A real server, started as an operator starts it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests


@dataclass
class Server:
    """A running server: its address, database file and log."""

    address: str
    database: Path
    log: Path
    process: subprocess.Popen[bytes]

    def session(self) -> str:
        return str(requests.post(f"{self.address}/session", timeout=10).json()["session"])

    def say(self, session: str, text: str, **more: str) -> requests.Response:
        return requests.post(f"{self.address}/messages", json={"session": session, "text": text, **more}, timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    port, log = free_port(), folder / "server.log"
    environment = {**os.environ, "MUTUAL_DATABASE": str(folder / "conversations.db"), "RASA_TELEMETRY_ENABLED": "true"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "mutual"), "serve", "--port", str(port)],
            stdout=output, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
    deadline = time.monotonic() + 180
    while "Mutual is ready" not in log.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the server did not start:\n{log.read_text()}")
        time.sleep(0.3)
    yield Server(f"http://127.0.0.1:{port}/webhooks/web", folder / "conversations.db", log, process)
    process.terminate()
    process.wait(20)
