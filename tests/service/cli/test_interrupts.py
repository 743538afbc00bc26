"""Commands that are stopped in the middle: the right exit code, and never half a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from client.fake_server import FakeServer

from .conftest import POLICY, SHOAL, STAYS, environment


def start(*words: str | Path, fake: FakeServer | None = None, cwd: Path | None = None) -> subprocess.Popen[str]:
    """Starts `shoal`, in a process group of its own as a terminal would."""
    env = environment() if fake is None else environment(SHOAL_SERVER=fake.address, SHOAL_API_KEY="key")
    return subprocess.Popen(
        [SHOAL, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        cwd=cwd,
        process_group=0,
    )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_anonymize_is_cancelled(number: signal.Signals, code: int, fake: FakeServer, tmp_path: Path) -> None:
    fake.block.clear()
    process = start("anonymize", STAYS, "-p", POLICY, "-o", tmp_path / "out.csv", fake=fake)
    assert fake.started.wait(30)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code, err
    assert out == ""
    assert "Traceback" not in err
    assert fake.cancelled.wait(5)
    assert fake.deleted == ["datasets/d1"]  # the upload went first
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ("apply", "solutions/s1", STAYS, "-o", "out.csv", "--certificate", "cert.json"),
        ("frontier", STAYS, "-p", POLICY, "--k", "2..9", "--svg", "out.svg"),
        ("explore", STAYS, "-p", POLICY),
    ],
)
def test_the_other_long_calls_are_cancelled(words: tuple[str | Path, ...], fake: FakeServer, tmp_path: Path) -> None:
    fake.block.clear()
    process = start(*words, fake=fake, cwd=tmp_path)
    assert fake.started.wait(30)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert out == ""
    assert "Traceback" not in err
    assert fake.cancelled.wait(5)
    assert fake.deleted == ["datasets/d1"]
    assert list(tmp_path.iterdir()) == []


def test_a_release_that_is_not_downloaded_leaves_no_certificate(fake: FakeServer, tmp_path: Path) -> None:
    fake.download = "dropped"
    fake.released = os.urandom(500_000)
    words = ("apply", "solutions/s1", "datasets/x", "-o", "out.csv", "--certificate", "cert.json")
    process = start(*words, fake=fake, cwd=tmp_path)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 3, err
    assert list(tmp_path.iterdir()) == []
    assert fake.deleted == ["datasets/applied"]


def test_download_is_interrupted(fake: FakeServer, tmp_path: Path) -> None:
    fake.stored["datasets/d"] = os.urandom(500_000)
    fake.download = "dropped"
    fake.block.clear()
    target = tmp_path / "out.csv"
    target.write_text("precious")
    process = start("datasets", "download", "datasets/d", "-o", target, fake=fake)
    assert fake.started.wait(30)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert target.read_text() == "precious"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_server_is_killed_in_the_middle_of_a_download(fake: FakeServer, tmp_path: Path) -> None:
    fake.stored["datasets/d"] = os.urandom(500_000)
    fake.download = "dropped"
    fake.block.clear()
    process = start("datasets", "download", "datasets/d", "-o", tmp_path / "out.csv", fake=fake)
    assert fake.started.wait(30)
    fake.stop()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 3, err
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_that_python_ignores_comes_again() -> None:
    """In a finaliser, or a callback of the import system: it would be lost, and said to be ignored."""
    code = (
        "import sys, time\n"
        "from shoal import cli\n"
        "sys.unraisablehook = cli.again\n"
        "class Last:\n def __del__(self): raise KeyboardInterrupt\n"
        "last = Last()\n"
        "try:\n del last\n time.sleep(20)\n"
        "except KeyboardInterrupt:\n sys.exit(7)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment(), timeout=15
    )
    assert (done.returncode, done.stderr) == (7, "")


@pytest.mark.parametrize("delay", [0.2, 0.5, 0.8, 1.1, 1.4, 1.8])
def test_own_server_is_interrupted_at_any_moment(delay: float, tmp_path: Path) -> None:
    """Whenever Ctrl-C comes, there is the whole release or nothing, and the data folder stays usable."""
    rows = STAYS.read_text().splitlines(keepends=True)
    table = tmp_path / "large.csv"
    table.write_text(rows[0] + "".join(rows[1:]) * 60)
    folder = tmp_path / "out"
    folder.mkdir()
    data = tmp_path / "data"
    process = start("anonymize", table, "-p", POLICY, "-o", folder / "out.csv", "--data-dir", data)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    # -SIGINT: the interpreter was still importing what comes before our first line; a shell says 130, too.
    assert process.returncode in {0, 130, -signal.SIGINT}, err
    if process.returncode >= 0:
        assert "Traceback" not in err
    left = [each.name for each in folder.iterdir()]
    assert left == (["out.csv"] if process.returncode == 0 else [])
    after = subprocess.run(
        [SHOAL, "datasets", "list", "--json", "--data-dir", data],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert after.returncode == 0, after.stderr
    assert '"datasets": []' in after.stdout
