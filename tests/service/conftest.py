"""Stubs with the administrator's key on the shared server."""

from __future__ import annotations

import grpc
import pytest
from grpc_stubs import Stubs

from shoal.runtime.embedded import EmbeddedServer


@pytest.fixture(scope="session")
def stubs(channel: grpc.Channel, server: EmbeddedServer) -> Stubs:
    """The stubs of the shared server."""
    return Stubs(channel, server.api_key)
