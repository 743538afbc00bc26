"""How quickly a server answers its health check while two Anonymize calls of a million rows run at once.

A process of its own asks every 5 ms, whether the last answer has come or not, so that a stall counts as often as it was long.
Only what was asked while both calls ran counts. The rows are unlike one another (every column drawn on its own). The peer is
the same server with nothing to do; the probe shares the two cores with the calls.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.common import ROUNDS, Row, percentile
from benchmarks.data import Draw, write_resampled_adult
from benchmarks.service import Service, adult_policy, serving

TITLE = "health while two Anonymize calls of 1 M rows run"
PEER = "the same server idle"

ROWS = 1_000_000
LIMIT_MS = 20
IDLE_SECONDS = 2.0

# The clock of time.monotonic() is one for all processes.
PROBE = """
import json, sys, threading, time
import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
check = health_pb2_grpc.HealthStub(grpc.insecure_channel(sys.argv[1])).Check
check(health_pb2.HealthCheckRequest())
asked, stop = [], threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()
print("ready", flush=True)
while not stop.wait(0.005):
    mark = [time.monotonic(), None]
    asked.append(mark)
    future = check.future(health_pb2.HealthCheckRequest())
    future.add_done_callback(lambda done, mark=mark: (done.result(), mark.__setitem__(1, time.monotonic())))
time.sleep(1)
print(json.dumps(asked))
"""


class Probe:
    """The process that asks."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROBE, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def stop(self) -> list[tuple[float, float]]:
        """Ends it: the times of every question and its answer."""
        output, _ = self._process.communicate()
        found = json.loads(output.splitlines()[-1])
        if any(answered is None for _, answered in found):
            raise AssertionError("a health check was not answered")
        return [(asked, answered) for asked, answered in found]


def run() -> list[Row]:
    """Idle, then in rounds of two calls at once."""
    spans = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "adult.csv"
        write_resampled_adult(source, ROWS, Draw.COLUMNS)
        with serving(folder / "data") as service:
            dataset = service.upload(source)
            _two_calls(service, dataset)
            probe = Probe(service.address)
            idle_since = time.monotonic()
            time.sleep(IDLE_SECONDS)
            idle_until = time.monotonic()
            for _ in range(ROUNDS):
                spans.append(_two_calls(service, dataset))
            answers = probe.stop()
    idle = _milliseconds(answers, idle_since, idle_until)
    rounds = [_milliseconds(answers, since, until) for since, until in spans]
    busy = [each for found in rounds for each in found]
    seconds = statistics.median(until - since for since, until in spans)
    print(f"  {len(busy)} checks in {ROUNDS} rounds, both calls running {seconds:.2f} s a round; {len(idle)} idle")
    by_round = statistics.median(percentile(found, 0.99) for found in rounds)
    rows = [_row("p50", percentile(busy, 0.5), percentile(idle, 0.5))]
    p99 = percentile(busy, 0.99)
    rows.append(_row("p99 of all rounds", p99, percentile(idle, 0.99), judged=True))
    rows.append(_row("p99, median of rounds", by_round, percentile(idle, 0.99)))
    rows.append(_row("longest", max(busy), max(idle)))
    return rows


def _row(what: str, busy: float, idle: float, *, judged: bool = False) -> Row:
    bar, met = (f"< {LIMIT_MS} ms", busy < LIMIT_MS) if judged else ("", None)
    return Row(what, f"{busy:.1f} ms", f"{idle:.1f} ms", busy / idle, bar, met)


def _two_calls(service: Service, dataset: str) -> tuple[float, float]:
    """Runs two calls at once; from when to when both ran."""
    starts: list[float] = []
    ends: list[float] = []
    outputs: list[str] = []

    def call() -> None:
        starts.append(time.monotonic())
        outputs.append(service.anonymize(dataset, adult_policy()).output.name)
        ends.append(time.monotonic())

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(ends) < len(threads):
        raise AssertionError("a call failed")
    for output in outputs:
        service.delete(output)
    return max(starts), min(ends)


def _milliseconds(answers: list[tuple[float, float]], since: float, until: float) -> list[float]:
    return [(answered - asked) * 1e3 for asked, answered in answers if since <= asked <= until]
