"""Whether a server and its services are ready."""

from __future__ import annotations

from grpc_health.v1 import health_pb2, health_pb2_grpc

from shoal.client.calls import AsyncCalls
from shoal.client.connection import AsyncChannel


class AsyncHealth:
    """`client.health`: the standard health service of gRPC."""

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel) -> None:
        self._calls = calls
        self._stub = health_pb2_grpc.HealthStub(channel)

    async def check(self, service: str = "") -> str:
        """Returns `SERVING` or `NOT_SERVING` for a service by its full name, empty: the whole server."""
        answer = await self._calls.unary(self._stub.Check, health_pb2.HealthCheckRequest(service=service), seconds=10.0)
        return str(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))
