"""One server process: databases, services, a grpc.aio server around them, and a stop that loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

import grpc
import grpc.aio
from grpc_health.v1 import health_pb2
from grpc_health.v1._async import HealthServicer
from grpc_health.v1.health_pb2_grpc import add_HealthServicer_to_server
from grpc_reflection.v1alpha import reflection
from grpc_reflection.v1alpha._async import ReflectionServicer
from grpc_reflection.v1alpha.reflection_pb2_grpc import add_ServerReflectionServicer_to_server

from shoal import catalog
from shoal.api.audit.v1.audit_service_pb2 import AppendEntriesRequest, EntryDraft
from shoal.api.audit.v1.audit_service_pb2_grpc import AuditServiceStub
from shoal.errors import FailedPreconditionError, InvalidArgumentError, ShoalError
from shoal.runtime import datadir
from shoal.runtime.auth import Authenticator
from shoal.runtime.calls import Caller, Role
from shoal.runtime.database import Database
from shoal.runtime.host import Built, Host, Service, Workers
from shoal.runtime.interceptors import CallInterceptor, Gate
from shoal.runtime.migrations import upgrade
from shoal.runtime.outbox import Relay, Waiting
from shoal.runtime.pages import Pages
from shoal.runtime.peers import Peers, answered
from shoal.runtime.registration import register
from shoal.runtime.settings import Settings, is_loopback
from shoal.tables.storage import LocalStorage

log = logging.getLogger(__name__)

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
OPTIONS = [
    ("grpc.so_reuseport", 0),  # a second server on the port fails at once instead of sharing its calls
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 20_000),
    ("grpc.keepalive_permit_without_calls", 1),
]


class Server:
    """A process that serves some or all services; made, started, stopped once."""

    def __init__(self, services: Sequence[Service], settings: Settings) -> None:
        self._services = list(services)
        self._settings = settings
        self._tasks: list[asyncio.Task[None]] = []
        self._built: list[Built] = []
        self._databases: dict[str, Database] = {}
        self._relays: dict[str, Relay] = {}
        self.address = ""

    async def start(self) -> None:
        """Opens everything and takes calls; raises a ShoalError with one sentence when it cannot."""
        settings = self._settings
        self._folder = datadir.prepare(settings.data_dir)
        self._presence = datadir.Presence(self._folder)
        self._peers = Peers()
        self._gate = Gate()
        self._workers = Workers(os.cpu_count() or 1)
        secret = datadir.server_secret(self._folder)
        storage = LocalStorage(self._folder / "objects", owner=self._presence.id)
        await asyncio.to_thread(self._open_databases)
        for service in self._services:
            if service.build is None:
                self._built.append(Built(servicers=[(each, object()) for each in service.descriptors()]))
                continue
            host = Host(
                settings=settings,
                folder=self._folder,
                secret=secret,
                database=self._databases[service.name],
                storage=storage,
                presence=self._presence,
                peers=self._peers,
                pages=Pages(secret),
                workers=self._workers,
                drain_outboxes=self._drain,
            )
            self._built.append(await asyncio.to_thread(service.build, host))
        self._listen()
        await self._server.start()
        self._peers.connect(self._own_address)
        for name, database in self._databases.items():
            self._relays[name] = Relay(database, self._presence.id, self._send, self._presence.is_alive)
            self._tasks.append(asyncio.create_task(self._relays[name].run(), name=f"relay {name}"))
        for built in self._built:
            if built.on_start is not None:
                await built.on_start()
            self._tasks.extend(asyncio.create_task(work()) for work in built.background)
        await asyncio.to_thread(storage.sweep_staging, self._presence.is_alive)
        self._presence.sweep()
        await self._report_health()

    def limit_grace(self, seconds: float) -> None:
        """Says how long running calls may go on at the stop, instead of the settings' time."""
        self._settings = self._settings.model_copy(update={"stop_grace_seconds": seconds})

    async def stop(self) -> None:
        """Takes no more calls, lets the running ones end, moves the last audit entries, closes everything."""
        await self._health.enter_graceful_shutdown()
        await self._gate.close(self._settings.stop_grace_seconds)
        for built in self._built:
            if built.on_stop is not None:
                await built.on_stop()
        with contextlib.suppress(TimeoutError):
            # Entries that the record does not take now wait in the outbox for the next start.
            async with asyncio.timeout(self._settings.stop_grace_seconds):
                await self._drain()
        for task in self._tasks:
            task.cancel()
        for outcome in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                log.error("a background task had ended: %s", type(outcome).__name__)
        await self._peers.close()
        await self._server.stop(0)
        # grpc.aio's server schedules one more coroutine when it is collected, which needs a loop that still runs.
        del self._server
        await asyncio.sleep(0)
        await asyncio.to_thread(self._workers.close)
        for database in self._databases.values():
            database.close()
        self._presence.close()

    def _open_databases(self) -> None:
        for service in self._services:
            if service.build is not None:
                database = Database(self._folder / f"{service.name}.db")
                upgrade(database, service.name, service.schema_head)
                self._databases[service.name] = database

    def _listen(self) -> None:
        interceptor = CallInterceptor(
            databases=self._databases,
            authenticate=Authenticator(self._peers),
            gate=self._gate,
            max_seconds=self._settings.max_call_seconds,
            on_entry=self._wake_relay,
        )
        self._server = grpc.aio.server(interceptors=[interceptor], options=OPTIONS)
        names = [health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME]
        for built in self._built:
            for descriptor, servicer in built.servicers:
                register(self._server, servicer, descriptor)
                names.append(descriptor.full_name)
        self._health = HealthServicer()
        add_HealthServicer_to_server(self._health, self._server)
        add_ServerReflectionServicer_to_server(ReflectionServicer(names), self._server)
        host = self._settings.listen.rpartition(":")[0]
        try:
            if self._settings.tls_certificate is not None and self._settings.tls_key is not None:
                pair = (self._settings.tls_key.read_bytes(), self._settings.tls_certificate.read_bytes())
                port = self._server.add_secure_port(self._settings.listen, grpc.ssl_server_credentials([pair]))
                # The neighbours in this process are dialled by loopback: a certificate for that name is nobody's to give.
                own = self._server.add_insecure_port("127.0.0.1:0")
                self._own_address = f"127.0.0.1:{own}"
            else:
                if not is_loopback(self._settings.listen):  # Settings refuse it, too; here it would be heard
                    raise InvalidArgumentError(f"refusing to listen on {self._settings.listen} without TLS")
                port = self._server.add_insecure_port(self._settings.listen)
                self._own_address = f"{host}:{port}"
        except OSError as error:
            raise InvalidArgumentError(f"cannot read the TLS files: {error.strerror}") from None
        except RuntimeError:
            raise FailedPreconditionError(
                f"cannot listen on {self._settings.listen}: the port is taken or the address is not this machine's"
            ) from None
        self.address = f"{host}:{port}"

    async def _report_health(self) -> None:
        await self._health.set("", SERVING)
        for service, built in zip(self._services, self._built, strict=True):
            for descriptor, _ in built.servicers:
                await self._health.set(descriptor.full_name, SERVING if service.build else NOT_SERVING)

    def _wake_relay(self, service: str) -> None:
        relay = self._relays.get(service) or next(iter(self._relays.values()), None)
        if relay is not None:
            relay.wake()

    async def _drain(self) -> None:
        for name, relay in self._relays.items():
            try:
                await relay.drain()
            except ShoalError as error:
                # What cannot be moved stays in the outbox; whoever reads or stops must not fail for it.
                log.warning("entries of %s wait in its outbox: the audit service answered %s", name, error.code)

    async def _send(self, entries: list[Waiting]) -> None:
        request = AppendEntriesRequest(
            entries=[
                EntryDraft(entry_id=each.entry_id, organization=each.organization, content=each.content) for each in entries
            ]
        )
        nobody = Caller(role=Role.SERVICE, organization="", user="", api_key="")
        stub = self._peers.stub(AuditServiceStub)
        await answered(stub.AppendEntries(request, metadata=self._peers.credential(nobody), timeout=10.0))


def serve(services: list[str], settings: Settings, on_ready: Any = None) -> None:
    """Serves until SIGTERM or SIGINT, then stops gracefully. services: names of the catalog, none for all.

    on_ready: called with the address once calls are taken.
    """
    chosen = catalog.choose(services)
    # Python work in a heavy thread gives the lock back after this long; the event loop must answer meanwhile.
    sys.setswitchinterval(0.001)

    async def run() -> None:
        server = Server(chosen, settings)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await server.start()
        log.info("serving %s on %s", ", ".join(each.name for each in chosen), server.address)
        if on_ready is not None:
            on_ready(server.address)
        await stop.wait()
        await server.stop()

    asyncio.run(run())
