"""Validation and risk of a million rows through the server, against pycanon on a frame that it has in memory already.

Ours reads the table's file in every call, answers over gRPC, and measures more: three attackers, class sizes, violations.
pycanon runs in an environment of its own, its import and its reading are not timed, and both take turns.

    python benchmarks/risk.py --rows 10000000    time and peak memory of one process that validates and assesses so many rows
    python benchmarks/risk.py --rows 10000000 --draw COLUMNS    the same where many more rows are different
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import polars as pl
from benchmarks.common import ROUNDS, NeedsData, Row, at_least, at_most, show
from benchmarks.data import ADULT8, SEED, SEPARATOR, Draw, adult_rows, drawn, write_resampled_adult
from benchmarks.service import Service, serving

from shoal.api.anonymization.v1 import policy_pb2
from shoal.measures.risk import ATTACKERS, DEFAULT_CUT_POINTS, DEFAULT_THRESHOLD
from shoal.privacy.models import Distance, DiversityKind, KAnonymity, LDiversity, TCloseness
from shoal.risk.assess import Assessment, NullValues, SuppressedValues, assess
from shoal.risk.validation.validate import Question, validate
from shoal.runtime.stopping import Stop
from shoal.tables.formats import TableFormat, scan_table

PYCANON = "1.3.5"
TITLE = "validate and risk of 1 M rows over gRPC, and of 10 M rows in one process"
PEER = f"pycanon {PYCANON}: k_anonymity + l_diversity + t_closeness, the frame in memory"

ROWS, MORE = 1_000_000, 10_000_000
SENSITIVE = "occupation"
LIMIT = 20
LINEAR = 1.1
"""Linear, and what two runs of the same size may differ by."""


def run() -> list[Row]:
    """Turn by turn on a million rows, then the growth to ten million."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "adult.csv"
        write_resampled_adult(source, ROWS, Draw.ROWS)
        rows = [_compare(folder, source)]
    small, large = _alone(ROWS), _alone(MORE)
    growth = MORE / ROWS
    rows.append(
        at_most(
            f"{MORE // 10**6} M rows: seconds",
            f"{large['seconds']:.1f} s",
            f"{small['seconds']:.2f} s",
            large["seconds"] / small["seconds"] / growth,
            LINEAR,
        )
    )
    peak = f"{large['peak'] / 2**20:,.0f} MiB"
    ratio = large["peak"] / small["peak"] / growth
    rows.append(at_most(f"{MORE // 10**6} M rows: peak memory", peak, f"{small['peak'] / 2**20:,.0f} MiB", ratio, LINEAR))
    return rows


def _compare(folder: Path, source: Path) -> Row:
    ours: list[float] = []
    theirs: list[float] = []
    with serving(folder / "data") as service, _pycanon(source) as peer:
        dataset = service.upload(source)
        for turn in range(ROUNDS + 1):
            start = time.perf_counter()
            found = _measured(service, dataset)
            seconds = time.perf_counter() - start
            answer = peer()
            if found[:2] != (answer["k"], answer["l"]) or not math.isclose(found[2], answer["t"], abs_tol=1e-9):
                raise AssertionError(f"pycanon found {answer}, we {found}")
            if turn:  # the first turn warms up
                ours.append(seconds)
                theirs.append(answer["seconds"])
    one, other = statistics.median(ours), statistics.median(theirs)
    return at_least("1 M rows: validate and risk, 8 columns", f"{one:.2f} s", f"{other:.2f} s", other / one, LIMIT)


def _measured(service: Service, dataset: str) -> tuple[float, float, float]:
    """k, l and t as ValidatePrivacy measures them; AssessRisk must agree on k."""
    models = [policy_pb2.PrivacyModel() for _ in range(3)]
    models[0].k_anonymity.k = 2
    models[1].l_diversity.attribute, models[1].l_diversity.l = SENSITIVE, 2
    models[2].t_closeness.attribute, models[2].t_closeness.t = SENSITIVE, 0.5
    verdict = service.validate(dataset, ADULT8, models)
    report = service.assess(dataset, ADULT8)
    k, least_l, t = (each.measured for each in verdict.models)
    if k != report.k:
        raise AssertionError("validation and risk disagree")
    return k, least_l, t


@contextmanager
def _pycanon(source: Path) -> Iterator[Any]:
    """A process that measures the table when it is called; what it answers."""
    uv = shutil.which("uv") or ".tools/bin/uv"
    script = Path(__file__).parent / "peers" / "pycanon_times.py"
    words = [uv, "run", "--quiet", "--isolated", "--no-project", "--with", f"pycanon=={PYCANON}", "python", str(script)]
    process = subprocess.Popen(
        [*words, str(source), SEPARATOR, ",".join(ADULT8), SENSITIVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    to, back = process.stdin, process.stdout
    try:
        if not back.readline():
            raise RuntimeError("pycanon did not start: it comes from the package index, which must be reachable")

        def ask() -> dict[str, float]:
            to.write("\n")
            to.flush()
            found: dict[str, float] = json.loads(back.readline())
            return found

        yield ask
    finally:
        to.close()
        process.wait(60)


def _alone(rows: int) -> dict[str, float]:
    """Seconds and peak bytes of a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--rows", str(rows)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _one(rows: int, draw: Draw) -> dict[str, float]:
    """Validates and assesses a Parquet file, without a server: what streaming needs. The file is written by another process."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "adult.parquet"
        words = ["--write", str(path), "--rows", str(rows), "--draw", draw.name]
        subprocess.run([sys.executable, __file__, *words], check=True)
        start = time.perf_counter()
        table = scan_table(path, TableFormat.PARQUET, None)
        models = (
            (0, KAnonymity(k=2)),
            (1, LDiversity(attribute=SENSITIVE, kind=DiversityKind.DISTINCT, l=2)),
            (2, TCloseness(attribute=SENSITIVE, distance=Distance.EQUAL, t=Fraction(1, 2))),
        )
        verdict = validate(table, Question(ADULT8, models))
        asked = Assessment(
            quasi_identifiers=ADULT8,
            threshold=DEFAULT_THRESHOLD,
            attackers=ATTACKERS,
            suppressed_values=SuppressedValues.OMIT_ROWS,
            null_values=NullValues.OWN_VALUE,
            cut_points=DEFAULT_CUT_POINTS,
        )
        summary = assess(table, asked, None, Stop()).summary
        seconds = time.perf_counter() - start
    if verdict.rows != rows or summary.rows != rows:
        raise AssertionError("rows are missing")
    return {"seconds": seconds, "peak": _peak(), "classes": summary.classes.classes}


def _peak() -> int:
    """The most bytes that this process had in memory; getrusage would count the parent's before the program was started."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _write(path: Path, rows: int, draw: Draw) -> None:
    """Adult, drawn with repetition, in pieces."""
    table, random = adult_rows(), np.random.default_rng(SEED)
    pieces = [path.with_suffix(f".{start}") for start in range(0, rows, ROWS)]
    for start, piece in zip(range(0, rows, ROWS), pieces, strict=True):
        drawn(table, random, min(ROWS, rows - start), draw).write_parquet(piece)
    pl.scan_parquet(pieces).sink_parquet(path)
    for piece in pieces:
        piece.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--draw", choices=[each.name for each in Draw], default=Draw.ROWS.name)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    try:
        if given.write:
            _write(given.write, given.rows, Draw[given.draw])
        elif given.rows:
            print(json.dumps(_one(given.rows, Draw[given.draw])))
        else:
            show(run())
    except NeedsData as error:
        print(f"skipped: {error}")
