"""A server on which queries may spend as much as they like."""

from __future__ import annotations

import json
from collections.abc import Iterator

import grpc
import pytest
from dp_calls import Dp
from grpc_stubs import Stubs

from shoal.runtime.embedded import start_embedded


@pytest.fixture(scope="session")
def dp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dp]:
    folder = tmp_path_factory.mktemp("dp") / "data"
    (folder.parent / "imports").mkdir()
    # Only while the settings are read: servers of other tests in this process have the usual limits.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOAL_CONTENT_EPSILON_BUDGET", "1000")
        patch.setenv("SHOAL_CONTENT_DELTA_BUDGET", "0.5")
        patch.setenv("SHOAL_IMPORT_ROOTS", json.dumps([str(folder.parent / "imports")]))
        server = start_embedded(folder, transient=False)
    with server, grpc.insecure_channel(server.address) as channel:
        yield Dp(Stubs(channel, server.api_key), server)
