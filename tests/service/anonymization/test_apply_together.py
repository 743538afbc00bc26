"""ApplySolution by several at once, and kill -9 in the middle: every released row is counted once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import grpc
import pytest
from counts import FULL
from grpc_calls import status_of
from grpc_stubs import Stubs
from test_apply import apply, people, policy
from test_release import anonymize

from shoal.api.anonymization.v1 import anonymization_service_pb2
from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.api.datasets.v1 import datasets_service_pb2
from shoal.runtime.embedded import EmbeddedServer, start_embedded

CHILD = """
import pathlib, sys, grpc
sys.path[:0] = {paths!r}
from grpc_stubs import Stubs
from test_apply import apply, people
from shoal.runtime.embedded import start_embedded
server = start_embedded(pathlib.Path({folder!r}), transient=False)
stubs = Stubs(grpc.insecure_channel(server.address), server.api_key)
print("ready", flush=True)
while True:
    print(apply(stubs, {solution!r}, people(12)).output.name, flush=True)
"""


def test_calls_of_one_server_wait_for_each_other(tmp_path: Path) -> None:
    with start_embedded(tmp_path / "data", transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        solution = anonymize(stubs, people(40), policy()).solution.name
        measured: list[float] = []

        def work() -> None:
            for _ in range(5):
                measured.append(apply(stubs, solution, people(12)).union_models[0].measured)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # Each of the 20 calls added 3 rows to every class, and saw the rows of all before it.
    assert sorted(measured) == [10 + 3 * number for number in range(1, 21)]


def test_servers_on_one_folder_do_not_count_twice(tmp_path: Path) -> None:
    with (
        start_embedded(tmp_path / "data", transient=False) as first,
        start_embedded(tmp_path / "data", transient=False) as second,
        grpc.insecure_channel(first.address) as one,
        grpc.insecure_channel(second.address) as other,
    ):
        stubs = [Stubs(channel, first.api_key) for channel in (one, other)]
        solution = anonymize(stubs[0], people(40), policy()).solution.name
        measured: list[float] = []
        refused: list[str] = []

        def work(mine: Stubs) -> None:
            done = 0
            while done < 8:
                try:
                    measured.append(apply(mine, solution, people(12)).union_models[0].measured)
                    done += 1
                except grpc.RpcError as error:
                    refused.append(status_of(error)[0])

        threads = [threading.Thread(target=work, args=(each,)) for each in stubs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(measured) == [10 + 3 * number for number in range(1, 17)]
        assert set(refused) <= {"UNAVAILABLE"}
        request = datasets_service_pb2.ListDatasetsRequest(page_size=500, source=solution)
        datasets = stubs[0].datasets.ListDatasets(request, metadata=stubs[0].metadata).datasets
        assert len(datasets) == 1 + 16, "a refused call left its output"


@pytest.mark.parametrize("moment", [0.0, 0.25, 0.5])
def test_a_cancelled_call_leaves_nothing_and_counts_nothing(own_server: EmbeddedServer, moment: float) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        dataset = stubs.upload(people(200_000))
        # What a whole call takes on this machine, on a solution of its own: `moment` is a part of it.
        other = anonymize(stubs, people(40), policy()).solution.name
        started = time.monotonic()
        stubs.anonymization.ApplySolution(
            anonymization_service_pb2.ApplySolutionRequest(solution=other, table={"dataset": dataset.name}),
            metadata=stubs.metadata,
        )
        whole = time.monotonic() - started
        objects = own_server.data_dir / "objects"
        for _ in range(6):
            solution = anonymize(stubs, people(40), policy()).solution.name
            before = {path for path in objects.rglob("*") if path.is_file()}
            request = anonymization_service_pb2.ApplySolutionRequest(solution=solution, table={"dataset": dataset.name})
            call = stubs.anonymization.ApplySolution.future(request, metadata=stubs.metadata)
            time.sleep(moment * whole)
            if call.cancel():
                break
            whole /= 2.0  # the machine was slower when it was measured, and this call was over: once more, sooner
        else:
            pytest.fail("every call was over before it was cancelled")
        assert apply(stubs, solution, people(12)).union_models[0].measured == 13
        deadline = time.monotonic() + 20
        while len(left := {path for path in objects.rglob("*") if path.is_file()} - before) > 1:
            assert time.monotonic() < deadline, "what the cancelled call wrote stays"
            time.sleep(0.05)
        assert len(left) == 1


@pytest.mark.timeout(3600)
def test_a_kill_in_the_middle_counts_all_or_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        solution = anonymize(stubs, people(40), policy()).solution.name
    here = Path(__file__).resolve().parent
    script = CHILD.format(paths=[str(here), str(here.parent)], folder=str(folder), solution=solution)
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    answered: set[str] = set()
    for _ in range(100 if FULL else 4):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.5))
            os.kill(child.pid, signal.SIGKILL)
            answered |= {line.strip() for line in child.stdout if line.endswith("\n")}
        check(folder, solution, answered)


def check(folder: Path, solution: str, answered: set[str]) -> None:
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        request = datasets_service_pb2.ListDatasetsRequest(page_size=500, source=solution)
        datasets = {each.name for each in stubs.datasets.ListDatasets(request, metadata=stubs.metadata).datasets}
        first = stubs.anonymization.GetSolution(
            anonymization_service_pb2.GetSolutionRequest(name=solution), metadata=stubs.metadata
        ).output
        assert answered <= datasets, "an answered release is lost"
        for name in datasets - {first}:
            entries = audit_reader_service_pb2.ListEntriesRequest(resource=name, method="ApplySolution")
            assert len(stubs.audit.ListEntries(entries, metadata=stubs.metadata).entries) == 1
        # 3 rows in every class for every release that there is, this one included.
        assert apply(stubs, solution, people(12)).union_models[0].measured == 10 + 3 * len(datasets - {first}) + 3
        assert stubs.audit.VerifyLog(audit_reader_service_pb2.VerifyLogRequest(), metadata=stubs.metadata).intact
        files = [path for path in (folder / "objects").rglob("*") if path.is_file()]
        everything = stubs.datasets.ListDatasets(
            datasets_service_pb2.ListDatasetsRequest(page_size=500), metadata=stubs.metadata
        ).datasets
        assert len(files) == len(everything), "an object without a name was left"
