"""kill -9 while a release is made: no half output, no effect without an audit entry, nothing stuck after the next start."""

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
from google.protobuf import json_format
from grpc_stubs import Stubs
from test_release import POLICY, table

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.api.datasets.v1 import datasets_service_pb2
from shoal.runtime.embedded import start_embedded

# The child uploads a table once and then makes releases of it until it is killed.
CHILD = """
import pathlib, sys, grpc
sys.path[:0] = {paths!r}
from google.protobuf import json_format
from grpc_stubs import Stubs
from test_release import POLICY, table
from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.runtime.embedded import start_embedded
server = start_embedded(pathlib.Path({folder!r}), transient=False)
stubs = Stubs(grpc.insecure_channel(server.address), server.api_key)
dataset = stubs.upload(table(1000))
message = json_format.ParseDict(POLICY, policy_pb2.AnonymizationPolicy())
request = anonymization_service_pb2.AnonymizeRequest(table={{"dataset": dataset.name}}, policy=message)
while True:
    print(stubs.anonymization.Anonymize(request, metadata=stubs.metadata).solution.name, flush=True)
"""


KILLS_A_FOLDER = 3
"""So that all that a folder holds is on one page of a list."""


@pytest.mark.timeout(3600)
def test_no_half_output_and_no_effect_without_an_entry(tmp_path: Path) -> None:
    here = Path(__file__).resolve().parent
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    for turn in range(200 if FULL else 5):
        folder = tmp_path / f"data{turn // KILLS_A_FOLDER}"
        script = CHILD.format(paths=[str(here), str(here.parent)], folder=str(folder))
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            answered = [child.stdout.readline().strip()]
            assert answered[0].startswith("solutions/")
            time.sleep(chance.uniform(0, 0.3))
            os.kill(child.pid, signal.SIGKILL)
            answered += [line.strip() for line in child.stdout if line.endswith("\n")]
        check(folder, answered)


def check(folder: Path, answered: list[str]) -> None:
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        listed = stubs.anonymization.ListSolutions(
            anonymization_service_pb2.ListSolutionsRequest(page_size=100), metadata=stubs.metadata
        )
        assert not listed.next_page_token
        solutions = {each.name: each for each in listed.solutions}
        assert set(answered) <= set(solutions), "an answered release is lost"
        datasets = stubs.datasets.ListDatasets(
            datasets_service_pb2.ListDatasetsRequest(page_size=500), metadata=stubs.metadata
        ).datasets
        outputs = {each.name for each in datasets if each.source}
        assert outputs == {each.output for each in solutions.values()}, "an output without solution, or the other way round"
        for each in datasets:
            stubs.download(each.name)  # whole, by its digest
        for name in solutions:
            request = audit_reader_service_pb2.ListEntriesRequest(resource=name, method="Anonymize")
            assert len(stubs.audit.ListEntries(request, metadata=stubs.metadata).entries) == 1
        for each in datasets:
            request = audit_reader_service_pb2.ListEntriesRequest(resource=each.name)
            assert stubs.audit.ListEntries(request, metadata=stubs.metadata).entries
        verdict = stubs.audit.VerifyLog(audit_reader_service_pb2.VerifyLogRequest(), metadata=stubs.metadata)
        assert verdict.intact
        files = [path for path in (server.data_dir / "objects").rglob("*") if path.is_file()]
        assert len(files) == len(datasets), "an object without a name was left"


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.15])
def test_a_cancelled_call_leaves_nothing(tmp_path: Path, moment: float) -> None:
    with start_embedded(tmp_path / "data", transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        dataset = stubs.upload(table(150_000))
        message = json_format.ParseDict(POLICY, policy_pb2.AnonymizationPolicy())
        request = anonymization_service_pb2.AnonymizeRequest(table={"dataset": dataset.name}, policy=message)
        call = stubs.anonymization.Anonymize.future(request, metadata=stubs.metadata)
        time.sleep(moment)
        assert call.cancel(), "the call was over before it was cancelled"
        deadline = time.monotonic() + 20
        objects = server.data_dir / "objects"
        while len([each for each in objects.rglob("*") if each.is_file()]) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.1)
        assert len([each for each in objects.rglob("*") if each.is_file()]) == 1
        listed = stubs.anonymization.ListSolutions(anonymization_service_pb2.ListSolutionsRequest(), metadata=stubs.metadata)
        assert len(listed.solutions) == 0
