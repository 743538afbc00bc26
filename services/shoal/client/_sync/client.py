# GENERATED from ../_async/client.py by ../generate_sync.py; never edited.
"""The client: one connection, one attribute for each service."""

from __future__ import annotations

import os
from types import TracebackType

from shoal.client.calls import SyncCalls
from shoal.client.connection import SyncChannel, open_channel, resolve

from .anonymization import Anonymization
from .audit import Audit
from .budget import Budgets
from .datasets import Datasets
from .detection import Detection
from .dp import Dp
from .health import Health
from .identity import Identity
from .risk import Risk
from .streams import Streams


class Client:
    """A connection to a server. Made by `connect`; use it in a `with` block, or close it."""

    def __init__(self, calls: SyncCalls, channel: SyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self.target = calls.target
        self.datasets = Datasets(calls, channel)
        self.detection = Detection(calls, channel)
        self.anonymization = Anonymization(calls, channel)
        self.risk = Risk(calls, channel)
        self.dp = Dp(calls, channel)
        self.streams = Streams(calls, channel)
        self.budgets = Budgets(calls, channel)
        self.audit = Audit(calls, channel)
        self.identity = Identity(calls, channel)
        self.health = Health(calls, channel)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.target}>"  # never the key

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def with_timeout(self, seconds: float | None) -> Client:
        """The same connection with another longest time for a call:
        `client.with_timeout(5).datasets.get(name)`."""
        return Client(self._calls.with_timeout(seconds), self._channel)

    def close(self) -> None:
        """Ends the connection; calls that still run are cancelled."""
        self._channel.close()


def connect(
    target: str | None = None,
    api_key: str | None = None,
    *,
    ca: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
) -> Client:
    """Opens a client of the server at `target` (`host:port`, `unix:path`), by default SHOAL_SERVER, with
    SHOAL_API_KEY.

    To this machine the key travels in plaintext unless `ca` is given; everywhere else inside TLS, verified by
    the system's authorities or by the PEM file `ca`. `timeout` is the longest that any call may take, in
    seconds; by default 30 for calls that only touch records, and none for those that work through a table.
    The connection is made by the first call.
    """
    connection = resolve(target, api_key, ca)
    return Client(SyncCalls(connection, timeout), open_channel(connection))
