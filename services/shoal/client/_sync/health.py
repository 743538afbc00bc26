# GENERATED from ../_async/health.py by ../generate_sync.py; never edited.
"""Whether a server and its services are ready."""

from __future__ import annotations

from grpc_health.v1 import health_pb2, health_pb2_grpc

from shoal.client.calls import SyncCalls
from shoal.client.connection import SyncChannel


class Health:
    """`client.health`: the standard health service of gRPC."""

    def __init__(self, calls: SyncCalls, channel: SyncChannel) -> None:
        self._calls = calls
        self._stub = health_pb2_grpc.HealthStub(channel)

    def check(self, service: str = "") -> str:
        """Returns `SERVING` or `NOT_SERVING` for a service by its full name, empty: the whole server."""
        answer = self._calls.unary(self._stub.Check, health_pb2.HealthCheckRequest(service=service), seconds=10.0)
        return str(health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status))
