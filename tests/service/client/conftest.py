"""The badly behaved server and clients of it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from shoal.client import AsyncClient, Client, connect, connect_async

_SPEC = importlib.util.spec_from_file_location("fake_server", Path(__file__).with_name("fake_server.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
fake_server = importlib.util.module_from_spec(_SPEC)
sys.modules["fake_server"] = fake_server
_SPEC.loader.exec_module(fake_server)


@pytest.fixture
def fake() -> Iterator[Any]:
    """The server."""
    server = fake_server.FakeServer()
    yield server
    server.stop()


@pytest.fixture
def fake_client(fake: Any) -> Iterator[Client]:
    """A sync client of it."""
    with connect(fake.address, "shoal_key") as client:
        yield client


@pytest_asyncio.fixture
async def fake_async_client(fake: Any) -> AsyncIterator[AsyncClient]:
    """An async client of it."""
    async with connect_async(fake.address, "shoal_key") as client:
        yield client
