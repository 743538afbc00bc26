"""A whole server inside this process, for one command or a test: in a thread of its own, on a loopback port of its own."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import TracebackType

from shoal import catalog
from shoal.errors import FailedPreconditionError
from shoal.runtime.server import Server
from shoal.runtime.settings import Settings, load_settings

KEY_FILE = "admin.key"


class EmbeddedServer:
    """A running embedded server. address: `host:port`. api_key: the administrator's, from the folder `data_dir`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self.address = ""
        self.data_dir = settings.data_dir
        self._thread = threading.Thread(target=self._run, name="embedded server", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        key_file = settings.data_dir / KEY_FILE
        try:
            self.api_key = key_file.read_text().strip()
        except OSError:
            self.stop()
            raise FailedPreconditionError(
                f"{key_file} is missing or cannot be read: the key that the first start wrote there was moved"
            ) from None

    def stop(self, grace: float | None = None) -> None:
        """Stops gracefully and waits for it; safe to call twice. grace: seconds, absent: the settings'."""
        loop, stopping = self._loop, self._stopping
        if loop is None or stopping is None or not self._thread.is_alive():
            return
        if grace is not None:
            self._server.limit_grace(grace)
        loop.call_soon_threadsafe(stopping.set)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
            self._ready.set()

    async def _serve(self) -> None:
        self._server = Server(catalog.SERVICES, self._settings)
        await self._server.start()
        self.address = self._server.address
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._ready.set()
        await self._stopping.wait()
        await self._server.stop()

    def __enter__(self) -> EmbeddedServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def start_embedded(data_dir: Path, *, transient: bool = True) -> EmbeddedServer:
    """Starts all services on a data folder.

    transient: datasets made in this server are deleted when it stops, and swept by the next start when it was killed.
    """
    return EmbeddedServer(load_settings(data_dir=data_dir, listen="127.0.0.1:0", transient=transient))
