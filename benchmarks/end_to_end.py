"""Upload, Anonymize and download of a million rows over gRPC, against the same work in one process without a service.

The bar is against reading the file, the kernel's search alone and writing the release; what a release needs beside them (coding
the columns, the order of the rows, the labels) is ours to pay. The second ratio counts it on both sides: what the service
costs.

Two tables: rows of adult drawn with repetition, which are few distinct tuples and leave the kernel little to do, and every
column drawn on its own, which makes most rows unique.
"""

from __future__ import annotations

import hashlib
import statistics
import tempfile
import time
from pathlib import Path

import polars as pl
from benchmarks.common import ROUNDS, Row, at_most
from benchmarks.data import ADULT9, SEPARATOR, Draw, adult_hierarchy, write_resampled_adult
from benchmarks.service import Service, adult_policy, serving

from shoal.anonymization.anonymize import Release, anonymize
from shoal.anonymization.policy import Attribute, Policy, Role
from shoal.kernels import Monitor
from shoal.privacy.hierarchies import HierarchySpec, TableSpec
from shoal.privacy.models import KAnonymity
from shoal.tables.formats import TableFormat, read_headerless, read_table, write_table

TITLE = "Anonymize of 1 M rows over gRPC, upload and download included"
PEER = f"the same functions in one process (polars {pl.__version__} reads and writes)"

ROWS = 1_000_000
LIMIT = 2
GIGABYTES_PER_SECOND = 1.0


def run() -> list[Row]:
    """Over gRPC and in one process, turn by turn, for both tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_resampled_adult(folder / "adult.csv", 1, Draw.ROWS)  # says at once when there is no data
        with serving(folder / "data") as service:
            return [row for draw in Draw for row in _compare(service, folder, draw)]


def _compare(service: Service, folder: Path, draw: Draw) -> list[Row]:
    source, over_grpc, in_process = folder / "adult.csv", folder / "remote.csv", folder / "local.csv"
    write_resampled_adult(source, ROWS, draw)
    remote: list[tuple[float, ...]] = []
    local: list[tuple[float, ...]] = []
    for turn in range(ROUNDS + 1):
        theirs = _over_grpc(service, source, over_grpc)
        ours = _in_process(source, in_process)
        if _digest(over_grpc) != _digest(in_process):
            raise AssertionError("the releases differ")
        if turn:  # the first turn warms up
            remote.append(theirs)
            local.append(ours)
    sent, received = source.stat().st_size / 1e9, over_grpc.stat().st_size / 1e9
    print(f"  {draw.value}: {ROWS} rows, {sent * 1e3:.0f} MB sent, {received * 1e3:.0f} MB received")
    return _rows(draw.value, remote, local, sent, received)


def _rows(
    what: str, remote: list[tuple[float, ...]], local: list[tuple[float, ...]], sent: float, received: float
) -> list[Row]:
    upload, call, download = _medians(remote)
    read, work, kernel, write = _medians(local)
    total = statistics.median(sum(each) for each in remote)
    least = statistics.median(each[0] + each[2] + each[3] for each in local)
    whole = statistics.median(each[0] + each[1] + each[3] for each in local)
    up, down = sent / upload, received / download
    bar = f"≥ {GIGABYTES_PER_SECOND:g} GB/s"
    return [
        at_most(f"{what}: read + kernel + write", f"{total:.2f} s", f"{least:.2f} s", total / least, LIMIT),
        Row(f"{what}: read + anonymize() + write", f"{total:.2f} s", f"{whole:.2f} s", total / whole),
        Row("  the call alone, anonymize()", f"{call:.2f} s", f"{work:.2f} s", call / work),
        Row("  read, kernel, write", "", f"{read:.2f}, {kernel:.2f}, {write:.2f} s"),
        Row(f"{what}: upload, judging included", f"{upload:.2f} s, {up:.2f} GB/s", "", None, bar, up >= GIGABYTES_PER_SECOND),
        Row(f"{what}: download into a file", f"{download:.2f} s, {down:.2f} GB/s", "", None, bar, down >= GIGABYTES_PER_SECOND),
    ]


def _medians(measured: list[tuple[float, ...]]) -> list[float]:
    return [statistics.median(column) for column in zip(*measured, strict=True)]


def _over_grpc(service: Service, source: Path, target: Path) -> tuple[float, float, float]:
    """Seconds of upload, call and download."""
    start = time.perf_counter()
    dataset = service.upload(source)
    uploaded = time.perf_counter()
    output = service.anonymize(dataset, adult_policy()).output.name
    answered = time.perf_counter()
    service.download(output, target)
    end = time.perf_counter()
    service.delete(dataset)
    service.delete(output)
    return uploaded - start, answered - uploaded, end - answered


def _in_process(source: Path, target: Path) -> tuple[float, float, float, float]:
    """Seconds of reading, of anonymize(), of the kernel's search inside it, and of writing."""
    start = time.perf_counter()
    table = read_table(source, TableFormat.CSV, SEPARATOR, inspected=True)
    read = time.perf_counter()
    release = _anonymize(table)
    done = time.perf_counter()
    write_table(release.frame, target, TableFormat.CSV, SEPARATOR)
    return read - start, done - read, release.outcome.proof.seconds, time.perf_counter() - done


def _anonymize(table: pl.DataFrame) -> Release:
    attributes = tuple(Attribute(name=name, role=Role.QUASI_IDENTIFIER, hierarchy=None) for name in ADULT9)
    hierarchies: dict[str, HierarchySpec] = {
        name: TableSpec(rows=read_headerless(adult_hierarchy(name), SEPARATOR)) for name in ADULT9
    }
    return anonymize(
        table.lazy(), Policy(attributes=attributes, models=(KAnonymity(k=5),), suppression_limit=0.02), hierarchies, Monitor()
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
