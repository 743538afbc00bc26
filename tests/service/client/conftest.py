"""The badly behaved server and clients of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from shoal.client import AsyncClient, Client, connect, connect_async

from .fake_server import FakeServer


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """The server."""
    server = FakeServer()
    yield server
    server.stop()


@pytest.fixture
def fake_client(fake: FakeServer) -> Iterator[Client]:
    """A sync client of it."""
    with connect(fake.address, "shoal_key") as client:
        yield client


@pytest_asyncio.fixture
async def fake_async_client(fake: FakeServer) -> AsyncIterator[AsyncClient]:
    """An async client of it."""
    async with connect_async(fake.address, "shoal_key") as client:
        yield client
