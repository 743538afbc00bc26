"""The command as people run it: a process of its own."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from client.fake_server import FakeServer

from shoal.cli.entry import run as run_here
from shoal.runtime.embedded import EmbeddedServer

SHOAL = Path(sys.executable).with_name("shoal")
EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
STAYS = EXAMPLES / "hospital_stays.csv"
ROLL = EXAMPLES / "voter_roll.csv"
POLICY = EXAMPLES / "hospital_policy.yaml"
QI = "birth_date,sex,postcode,admission_date"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on stdout; anything else there fails."""
        content = json.loads(self.out)
        assert isinstance(content, dict)
        return content

    @property
    def error(self) -> dict[str, Any]:
        """The error object on stderr."""
        content = json.loads(self.err.strip().splitlines()[-1])["error"]
        assert isinstance(content, dict)
        assert set(content) == {"code", "reason", "message", "violations"}
        return content


Run = Callable[..., Ended]


def environment(**more: str) -> dict[str, str]:
    """The environment without anybody's SHOAL_*."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SHOAL_")} | more


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `shoal` in an empty folder."""

    def call(*words: str | Path, stdin: str | None = None, env: dict[str, str] | None = None) -> Ended:
        done = subprocess.run(
            [SHOAL, *words],
            capture_output=True,
            text=True,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            env=environment(**(env or {})),
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def call(run: Run, server: EmbeddedServer) -> Run:
    """Runs `shoal` against the shared server."""

    def with_server(*words: str | Path, stdin: str | None = None) -> Ended:
        return run(*words, stdin=stdin, env={"SHOAL_SERVER": server.address, "SHOAL_API_KEY": server.api_key})

    return with_server


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """A server that waits, fails and drops on demand, and answers with made-up numbers."""
    server = FakeServer()
    yield server
    server.stop()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Runs the command line inside this process, in an empty folder: what needs no process of its own is quicker so."""
    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)

    def call(*words: str | Path, stdin: str | None = None, env: dict[str, str] | None = None) -> Ended:
        with monkeypatch.context() as patch:
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            patch.setattr("sys.stdin", io.StringIO(stdin or ""))
            capfd.readouterr()
            code = run_here([str(each) for each in words])
        captured = capfd.readouterr()
        return Ended(code, captured.out, captured.err)

    yield call
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def call_here(here: Run, server: EmbeddedServer) -> Run:
    """The same against the shared server."""

    def with_server(*words: str | Path, stdin: str | None = None) -> Ended:
        return here(*words, stdin=stdin, env={"SHOAL_SERVER": server.address, "SHOAL_API_KEY": server.api_key})

    return with_server


@pytest.fixture
def call_fake(here: Run, fake: FakeServer) -> Run:
    """The same against the server with made-up numbers."""

    def with_server(*words: str | Path, stdin: str | None = None) -> Ended:
        return here(*words, stdin=stdin, env={"SHOAL_SERVER": fake.address, "SHOAL_API_KEY": "key"})

    return with_server
