"""How a service calls a neighbour: a generated stub over a channel, with this process's own credential.

Embedded, the neighbour is this very process: it dials itself, so that there is one way to call and one place that checks. The
credential is random, lives in memory only, and carries the person on whose behalf the service works.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar

import grpc.aio

from shoal.client.failures import from_rpc
from shoal.errors import ErrorReason, UnavailableError
from shoal.runtime.calls import Caller, Role, current_draft

SERVICE_PREFIX = "service:"
BEHALF = "x-shoal-behalf"

S = TypeVar("S")


async def answered(call: Awaitable[S]) -> S:
    """A neighbour's answer; its error arrives as the ShoalError that the neighbour raised."""
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        raise from_rpc(error, "a neighbouring service") from None


class Peers:
    """The channels to neighbouring services, and this process's credential for them."""

    def __init__(self, service: str = "shoal") -> None:
        self._service = service
        self._secret = secrets.token_urlsafe(32)
        self._address: str | None = None
        self._channel: grpc.aio.Channel | None = None

    def connect(self, address: str) -> None:
        """Says where the neighbours are: in this process, at the loopback address that it listens on."""
        self._address = address

    def stub(self, kind: Callable[[grpc.aio.Channel], S]) -> S:
        """A stub of the neighbour, such as `stub(AuditServiceStub)`."""
        if self._address is None:
            raise UnavailableError("the server is still starting", reason=ErrorReason.PEER_UNAVAILABLE)
        if self._channel is None:
            # Messages between services are small: tables pass by name.
            self._channel = grpc.aio.insecure_channel(
                self._address, options=[("grpc.enable_retries", 0), ("grpc.use_local_subchannel_pool", 1)]
            )
        return kind(self._channel)

    def credential(self, caller: Caller | None = None) -> tuple[tuple[str, str], ...]:
        """The metadata of a call to a neighbour, on behalf of `caller` or of whoever makes the call that runs here."""
        person = caller
        if person is None:
            draft = current_draft.get(None)
            person = draft.caller if draft else None
        behalf = {
            "organization": person.organization if person else "",
            "user": person.user if person else "",
            "api_key": person.api_key if person else "",
        }
        return (("authorization", f"Bearer {SERVICE_PREFIX}{self._secret}"), (BEHALF, json.dumps(behalf)))

    def recognise(self, token: str, metadata: dict[str, str]) -> Caller | None:
        """The caller behind one of our own credentials; None for any other token."""
        if not token.startswith(SERVICE_PREFIX):
            return None
        if not hmac.compare_digest(token.removeprefix(SERVICE_PREFIX).encode(), self._secret.encode()):
            return None
        behalf = json.loads(metadata.get(BEHALF, "{}"))
        return Caller(
            role=Role.SERVICE,
            organization=behalf.get("organization", ""),
            user=behalf.get("user", ""),
            api_key=behalf.get("api_key", ""),
            service=self._service,
        )

    async def close(self) -> None:
        """Closes the channel."""
        if self._channel is not None:
            await self._channel.close()
            self._channel = None
