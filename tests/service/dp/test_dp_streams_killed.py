"""A server that is killed while it takes batches in: what was answered is kept and charged, and no stream is fenced for it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import grpc
import pytest
from counts import FULL
from dp_calls import Dp
from grpc_stubs import Stubs

from shoal.api.budget.v1 import budget_service_pb2
from shoal.api.dp.v1 import dp_service_pb2, stream_pb2
from shoal.runtime.embedded import start_embedded

KILLS = 100 if FULL else 1
STREAM = "streams/killed"

CHILD = """
import pathlib, sys, grpc
sys.path[:0] = {paths!r}
from dp_calls import Dp, csv
from grpc_stubs import Stubs
from shoal.api.dp.v1 import dp_service_pb2
from shoal.runtime.embedded import start_embedded
server = start_embedded(pathlib.Path({folder!r}), transient=False)
dp = Dp(Stubs(grpc.insecure_channel(server.address), server.api_key), server)
while True:
    request = dp_service_pb2.UpdateStreamRequest(name={stream!r}, batch=csv("age", "1", "2"), release=True)
    found = dp.stub.UpdateStream(request, metadata=dp.stubs.metadata, timeout=60)
    print(found.stream.batch_count, found.release.release_number, repr(found.release.answers[0].value), flush=True)
"""


@pytest.mark.timeout(900)
def test_what_a_killed_server_has_answered_is_kept_and_was_charged(tmp_path: Path) -> None:
    folder, here = tmp_path / "data", Path(__file__).resolve().parent
    script = CHILD.format(paths=[str(here), str(here.parent)], folder=str(folder), stream=STREAM)
    seed = random.randrange(2**32)
    chance, heard = random.Random(seed), ""
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        spec = stream_pb2.StreamSpec(epsilon=1.0)
        spec.count.SetInParent()
        dp = Dp(Stubs(channel, server.api_key), server)
        request = dp_service_pb2.UpdateStreamRequest(name=STREAM, spec=spec)
        dp.stub.UpdateStream(request, metadata=dp.stubs.metadata, timeout=60)
    for _ in range(KILLS):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            heard = child.stdout.readline() or heard
            time.sleep(chance.uniform(0, 0.3))
            os.kill(child.pid, signal.SIGKILL)
            heard = ([heard, *child.stdout.read().splitlines(keepends=True)])[-1]
    batches, number, value = heard.split()
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        dp = Dp(Stubs(channel, server.api_key), server)
        found = dp.stub.GetStream(dp_service_pb2.GetStreamRequest(name=STREAM), metadata=dp.stubs.metadata, timeout=30)
        spends, request = 0, budget_service_pb2.ListSpendsRequest(page_size=500)
        while True:
            page = dp.budgets.ListSpends(request, metadata=dp.stubs.metadata, timeout=30)
            spends += len(page.spends)
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
    assert found.state == stream_pb2.STREAM_STATE_ACTIVE, seed
    # One more than was heard of, at most: its answer was on the way.
    assert 0 <= found.batch_count - int(batches) <= 1, seed
    assert found.release_count == found.batch_count, seed
    if found.last_release.release_number == int(number):
        assert repr(found.last_release.answers[0].value) == value, seed
    assert spends >= found.batch_count, seed
