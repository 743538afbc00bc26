"""What a service gets from the process that hosts it, and what it gives back."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from google.protobuf.descriptor import ServiceDescriptor

from shoal.runtime.database import Database
from shoal.runtime.datadir import Presence
from shoal.runtime.pages import Pages
from shoal.runtime.peers import Peers
from shoal.runtime.settings import Settings
from shoal.runtime.threads import completed
from shoal.tables.storage import LocalStorage

T = TypeVar("T")


class Cancellable(Protocol):
    """Something that can be told to stop, from any thread."""

    def cancel(self) -> None:
        """Says that the work should end soon."""


HEAVY_NICENESS = 10


def _yield_to_others() -> None:
    """Lowers the priority of this thread, and of those that libraries start from it, below the event loop's.

    Heavy work takes all cores; what answers health checks needs one of them at once, and for microseconds.
    """
    if sys.platform == "linux":  # elsewhere priorities are a process's, not a thread's
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), HEAVY_NICENESS)


class Workers:
    """The threads for heavy work: as many as cores, so that two long jobs leave the event loop free to answer."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="heavy", initializer=_yield_to_others)

    async def run(self, work: Callable[[], T], monitor: Cancellable | None = None) -> T:
        """Runs `work` in a thread. When the call is cancelled, tells `monitor` and waits until the thread has ended.

        Waiting matters: what the thread holds (a staged file) may only be cleaned up once it no longer writes.
        """
        context = copy_context()
        thread = self._pool.submit(context.run, work)
        future = asyncio.wrap_future(thread)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if monitor is not None:
                monitor.cancel()
            # The thread's own future: cancelling the one that wraps it would only stop us from waiting.
            if not thread.cancel():
                await completed(future)
            raise

    def close(self) -> None:
        """Ends the threads once their work is done."""
        self._pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True)
class Host:
    """What a service is built with."""

    settings: Settings
    folder: Path
    secret: bytes
    database: Database
    storage: LocalStorage
    presence: Presence
    peers: Peers
    pages: Pages
    workers: Workers
    drain_outboxes: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Built:
    """A service that is ready to be served."""

    servicers: Sequence[tuple[ServiceDescriptor, object]]
    """Descriptor and servicer of each gRPC service that it answers."""

    on_start: Callable[[], Awaitable[None]] | None = None
    """Runs once, when the server takes calls: tidying up after processes that were killed."""

    background: Sequence[Callable[[], Coroutine[Any, Any, None]]] = field(default_factory=tuple)
    """Runs for as long as the server does."""

    on_stop: Callable[[], Awaitable[None]] | None = None
    """Runs once, after the last call and before the database is closed."""


@dataclass(frozen=True)
class Service:
    """One row of the catalog."""

    name: str
    descriptors: Callable[[], Sequence[ServiceDescriptor]]
    """Its gRPC services, imported when asked for."""

    build: Callable[[Host], Built] | None = None
    """How to make it; None: the contract stands, the service is not built yet, its calls answer UNIMPLEMENTED."""

    schema_head: str = ""
    """The newest revision of its tables; a test compares it with the migrations."""

    needs: frozenset[str] = frozenset()
    """The services that it calls."""
