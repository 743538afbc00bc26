"""A server that is killed while it answers: what was answered is kept and was charged, once; no stream is fenced for it."""

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
from shoal.api.tables.v1 import table_pb2
from shoal.runtime.embedded import start_embedded

KILLS = 100 if FULL else 1
STREAM = "streams/killed"

BUDGET = "budgets/killed"
TABLE = {"inline": {"data": b"age\n1\n2\n", "format": table_pb2.TABLE_FORMAT_CSV}}
QUERY = {"count": {}, "epsilon": 0.001, "budgets": [BUDGET]}

SERVER = """
import pathlib, sys, uuid, grpc
sys.path[:0] = {paths!r}
from dp_calls import Dp, csv
from grpc_stubs import Stubs
from shoal.api.dp.v1 import dp_service_pb2
from shoal.runtime.embedded import start_embedded
server = start_embedded(pathlib.Path({folder!r}), transient=False)
dp = Dp(Stubs(grpc.insecure_channel(server.address), server.api_key), server)
"""

ASKS = """
while True:
    request_id = uuid.uuid4()
    print("asked", request_id, flush=True)
    found = dp.ask({table!r}, request_id=str(request_id), **{query!r})
    print("heard", request_id, found.SerializeToString().hex(), flush=True)
"""

UPDATES = """
while True:
    request = dp_service_pb2.UpdateStreamRequest(name={stream!r}, batch=csv("age", "1", "2"), release=True)
    found = dp.stub.UpdateStream(request, metadata=dp.stubs.metadata, timeout=60)
    print(found.stream.batch_count, found.release.release_number, repr(found.release.answers[0].value), flush=True)
"""


def killed_after_a_while(code: str, folder: Path, chance: random.Random) -> list[str]:
    """What a process had said when it was killed, up to 0.3 seconds after its first line."""
    here = Path(__file__).resolve().parent
    script = SERVER.format(paths=[str(here), str(here.parent)], folder=str(folder)) + code
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        assert first
        time.sleep(chance.uniform(0, 0.3))
        os.kill(child.pid, signal.SIGKILL)
        lines = [first, *child.stdout.read().splitlines(keepends=True)]
    return [line for line in lines if line.endswith("\n")]


@pytest.mark.timeout(1800)
def test_every_answer_was_charged_once_and_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOAL_CONTENT_EPSILON_BUDGET", "1000")
    folder, seed = tmp_path / "data", random.randrange(2**32)
    chance = random.Random(seed)
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        Dp(Stubs(channel, server.api_key), server).create(BUDGET.partition("/")[2], 1000.0)
    code, said = ASKS.format(table=TABLE, query=QUERY), list[str]()
    for _ in range(KILLS):
        said += killed_after_a_while(code, folder, chance)
    asked = {line.split()[1] for line in said if line.startswith("asked")}
    heard = {line.split()[1]: line.split()[2] for line in said if line.startswith("heard")}
    assert len(asked) - KILLS <= len(heard)
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        dp = Dp(Stubs(channel, server.api_key), server)
        charged = dp.budget(BUDGET)
        assert len(heard) <= charged.query_count <= len(asked), seed
        for request_id, answer in heard.items():
            assert dp.ask(TABLE, request_id=request_id, **QUERY).SerializeToString().hex() == answer, seed
        assert dp.budget(BUDGET) == charged, seed
        # What nobody heard was charged or was not; asked again it is answered, and then it was charged once.
        for request_id in asked - set(heard):
            dp.ask(TABLE, request_id=request_id, **QUERY)
        assert dp.budget(BUDGET).query_count == len(asked), seed
        assert dp.budget(BUDGET).spent_epsilon == pytest.approx(0.001 * len(asked)), seed


@pytest.mark.timeout(1800)
def test_what_a_killed_server_has_answered_is_kept_and_was_charged(tmp_path: Path) -> None:
    folder, seed = tmp_path / "data", random.randrange(2**32)
    chance, heard = random.Random(seed), ""
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        spec = stream_pb2.StreamSpec(epsilon=1.0)
        spec.count.SetInParent()
        dp = Dp(Stubs(channel, server.api_key), server)
        request = dp_service_pb2.UpdateStreamRequest(name=STREAM, spec=spec)
        dp.stub.UpdateStream(request, metadata=dp.stubs.metadata, timeout=60)
    for _ in range(KILLS):
        heard = killed_after_a_while(UPDATES.format(stream=STREAM), folder, chance)[-1]
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
