"""The client: one connection, one attribute for each service."""

from __future__ import annotations

import os
from types import TracebackType

from shoal.client.calls import AsyncCalls
from shoal.client.connection import AsyncChannel, open_async_channel, resolve

from .anonymization import AsyncAnonymization
from .audit import AsyncAudit
from .budget import AsyncBudgets
from .datasets import AsyncDatasets
from .detection import AsyncDetection
from .dp import AsyncDp
from .health import AsyncHealth
from .identity import AsyncIdentity
from .risk import AsyncRisk
from .streams import AsyncStreams


class AsyncClient:
    """A connection to a server. Made by `connect_async`; use it in a `with` block, or close it."""

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self.target = calls.target
        self.datasets = AsyncDatasets(calls, channel)
        self.detection = AsyncDetection(calls, channel)
        self.anonymization = AsyncAnonymization(calls, channel)
        self.risk = AsyncRisk(calls, channel)
        self.dp = AsyncDp(calls, channel)
        self.streams = AsyncStreams(calls, channel)
        self.budgets = AsyncBudgets(calls, channel)
        self.audit = AsyncAudit(calls, channel)
        self.identity = AsyncIdentity(calls, channel)
        self.health = AsyncHealth(calls, channel)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.target}>"  # never the key

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def with_timeout(self, seconds: float | None) -> AsyncClient:
        """The same connection with another longest time for a call:
        `client.with_timeout(5).datasets.get(name)`."""
        return AsyncClient(self._calls.with_timeout(seconds), self._channel)

    async def close(self) -> None:
        """Ends the connection; calls that still run are cancelled."""
        await self._channel.close()


def connect_async(
    target: str | None = None,
    api_key: str | None = None,
    *,
    ca: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
) -> AsyncClient:
    """Opens a client of the server at `target` (`host:port`, `unix:path`), by default SHOAL_SERVER, with
    SHOAL_API_KEY.

    To this machine the key travels in plaintext unless `ca` is given; everywhere else inside TLS, verified by
    the system's authorities or by the PEM file `ca`. `timeout` is the longest that any call may take, in
    seconds; by default 30 for calls that only touch records, and none for those that work through a table.
    The connection is made by the first call.
    """
    connection = resolve(target, api_key, ca)
    return AsyncClient(AsyncCalls(connection, timeout), open_async_channel(connection))
