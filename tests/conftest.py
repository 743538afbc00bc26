"""What all tests share: the data sets outside the repository, and a real server in a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import grpc
import hypothesis
import pytest

from shoal.runtime.embedded import EmbeddedServer, start_embedded

# A slow machine is no wrong answer: examples have no deadline, tests have a timeout.
hypothesis.settings.register_profile("shoal", deadline=None)
hypothesis.settings.load_profile("shoal")


def data_set(relative: str) -> Path:
    """A file or folder of the shared data sets: skips when SHOAL_TEST_DATA is unset, fails when it is set and the path is
    missing.
    """
    root = os.environ.get("SHOAL_TEST_DATA")
    if not root:
        pytest.skip("SHOAL_TEST_DATA is not set: the real data sets are outside the repository")
    path = Path(root) / relative
    assert path.exists(), f"SHOAL_TEST_DATA is set, but {path} is missing"
    return path


@pytest.fixture(scope="session")
def adult() -> Path:
    """The folder of the UCI adult table with ARX's hierarchies."""
    return data_set("datasets/adult-arx")


@pytest.fixture(scope="session")
def detection_benchmark() -> Path:
    """The folder of labelled tables, with their scorer."""
    return data_set("detection-benchmark")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SHOAL_") and not name.startswith("SHOAL_TEST_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server that many tests share; what a test makes in it, others may see."""
    with start_embedded(tmp_path_factory.mktemp("shared") / "data", transient=False) as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server for one test alone."""
    with start_embedded(tmp_path / "data", transient=False) as running:
        yield running


@pytest.fixture(scope="session")
def channel(server: EmbeddedServer) -> Iterator[grpc.Channel]:
    """A plain channel to the shared server."""
    with grpc.insecure_channel(server.address) as open_channel:
        yield open_channel


@pytest.fixture(scope="session")
def key(server: EmbeddedServer) -> tuple[tuple[str, str], ...]:
    """The metadata of a call with the administrator's key."""
    return (("authorization", f"Bearer {server.api_key}"),)
