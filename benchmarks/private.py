"""How long the exact half of a private answer takes on 1 M rows: clipping, laying on the grid, adding up in whole numbers.

Then the draws, and whole answers over gRPC of a dataset that is there already. The peer computes the same sums in floats with
numpy, which is what a private answer must not do.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import grpc
import numpy as np
import polars as pl
from benchmarks.common import Row, medians

from shoal.api.datasets.v1.datasets_service_pb2 import UploadDatasetRequest, UploadHeader
from shoal.api.datasets.v1.datasets_service_pb2_grpc import DatasetServiceStub
from shoal.api.dp.v1 import dp_service_pb2
from shoal.api.dp.v1.dp_service_pb2_grpc import DifferentialPrivacyServiceStub
from shoal.api.tables.v1 import table_pb2
from shoal.kernels import Grid, Groups, discrete_gaussian, discrete_laplace, histogram, moments
from shoal.runtime.embedded import start_embedded

TITLE = "statistics before their noise, and answers"
PEER = f"numpy {np.__version__}: the same in floats, in memory"

ROWS = 1_000_000
MEAN_SECONDS = 0.005
DRAWS = 10_000
ROUNDS = 21


def run() -> list[Row]:
    """Kernels on a million rows against numpy, draws, and answers through a server."""
    chance = np.random.default_rng(1)
    values = chance.uniform(-20.0, 120.0, ROWS)
    codes = chance.integers(0, 100, ROWS).astype(np.uint32)
    grid, edges = Grid(0.0, 100.0, 50.0, -24), np.linspace(0.0, 100.0, 21)
    groups = Groups(codes, 100)
    ours = medians(
        lambda: moments(values, grid),
        lambda: moments(values, grid, squares=True),
        lambda: moments(values, grid, groups=groups),
        lambda: histogram(values, edges),
        rounds=ROUNDS,
    )
    peers = medians(
        lambda: np.clip(values, 0.0, 100.0).mean(),
        lambda: np.clip(values, 0.0, 100.0).var(),
        lambda: np.bincount(codes, weights=np.clip(values, 0.0, 100.0)),
        lambda: np.histogram(values, edges),
        rounds=ROUNDS,
    )
    names = ("mean", "variance", "sum in 100 groups", "histogram, 20 bins")
    rows = [
        Row(f"{name} of 1 M rows", _ms(mine), _ms(theirs), mine / theirs)
        for name, mine, theirs in zip(names, ours, peers, strict=True)
    ]
    first = rows[0]
    rows[0] = Row(first.what, first.ours, first.peer, first.ratio, f"≤ {MEAN_SECONDS * 1000:g} ms", ours[0] <= MEAN_SECONDS)
    laplace, gaussian = medians(
        lambda: discrete_laplace(Fraction(2**30), DRAWS), lambda: discrete_gaussian(Fraction(2**30), DRAWS)
    )
    rows.append(Row("a draw of discrete Laplace noise", f"{laplace / DRAWS * 1e6:.1f} µs"))
    rows.append(Row("a draw of discrete Gaussian noise", f"{gaussian / DRAWS * 1e6:.1f} µs"))
    return [*rows, *_answers(values, codes)]


def _answers(values: np.ndarray, codes: np.ndarray) -> list[Row]:
    buffer = io.BytesIO()
    pl.DataFrame({"x": values, "g": codes}).write_parquet(buffer)
    data = buffer.getvalue()
    with (
        tempfile.TemporaryDirectory() as name,
        start_embedded(Path(name) / "data") as server,
        grpc.insecure_channel(server.address) as channel,
    ):
        metadata = (("authorization", f"Bearer {server.api_key}"),)
        dataset = DatasetServiceStub(channel).UploadDataset(_pieces(data), metadata=metadata).name
        stub = DifferentialPrivacyServiceStub(channel)
        bounds = {"lower": 0.0, "upper": 100.0}
        mean = {"columns": [{"column": "x", "bounds": bounds}]}
        request = dp_service_pb2.ComputeRequest(table={"dataset": dataset}, mean=mean, epsilon=0.01)
        few = {"inline": {"data": b"x\n1\n2\n", "format": table_pb2.TABLE_FORMAT_CSV}}
        small = dp_service_pb2.ComputeRequest(table=few, mean=mean, epsilon=0.01)
        large, little = medians(
            lambda: stub.Compute(request, metadata=metadata), lambda: stub.Compute(small, metadata=metadata), rounds=ROUNDS
        )
    return [
        Row("a mean of 1 M rows of Parquet over gRPC, charged", _ms(large)),
        Row("  of two rows", _ms(little)),
    ]


def _pieces(data: bytes) -> Iterator[UploadDatasetRequest]:
    header = UploadDatasetRequest(header=UploadHeader(format=table_pb2.TABLE_FORMAT_PARQUET))
    size = 1 << 20
    return iter([header, *(UploadDatasetRequest(chunk=data[at : at + size]) for at in range(0, len(data), size))])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
