"""How time and memory grow with rows: class histograms and a search of generated tables, every size in a process of its own.

    python benchmarks/growth.py            1 M and 10 M rows
    python benchmarks/growth.py --full     100 M rows as well: some minutes, 16 GiB
    python benchmarks/growth.py --svg F    also draws the growth there

Peak memory is that of the whole process, codes and interpreter included: what a machine must have.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import polars as pl
from benchmarks.common import Row, at_most, show
from numpy.typing import NDArray

from shoal import kernels

TITLE = "growth from 1 M rows, 8 quasi-identifiers"
PEER = "1 M rows, times the growth of the rows"

SIZES = (1_000_000, 10_000_000)
LARGEST = 100_000_000
DOMAINS = (74, 5, 7, 16, 41, 7, 14, 200)
"""Leaves of every quasi-identifier: nearly those of adult, with a larger one."""
SEED = 1
K = 5
SUPPRESSED = 0.02
ROUNDS = 5
ENOUGH = 10.0
"""Seconds after which a measurement is not repeated."""
REPEATED = 8
"""Rows to a distinct tuple in the tables that are searched."""
PIECE = 1 << 22
MEMORY = 16 << 30
LIMIT = 1.1
"""Linear, and what two runs of the same size may differ by."""


@dataclass(frozen=True)
class Measured:
    """One kernel at one size. seconds: median. peak, codes: bytes of the process at its peak, and of the codes alone."""

    what: str
    rows: int
    seconds: float
    peak: int
    codes: int


def run() -> list[Row]:
    """For `run.py`: the smaller sizes."""
    return _rows(_measure_all(SIZES))


def main() -> int:
    """Prints the table and draws the plot."""
    parser = argparse.ArgumentParser(description="Time and memory by rows.")
    parser.add_argument("--full", action="store_true", help=f"also {LARGEST // 10**6} M rows")
    parser.add_argument("--svg", type=Path, metavar="FILE", help="draw the growth there")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "ROWS"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        what, rows = given.one
        print(json.dumps(asdict(_measure(what, int(rows)))))
        return 0
    measured = _measure_all((*SIZES, LARGEST) if given.full else SIZES)
    print(f"{TITLE}\n  peer: {PEER}")
    show(_rows(measured))
    if given.svg:
        _draw(measured, given.svg)
    return 0


def _measure_all(sizes: Sequence[int]) -> list[Measured]:
    """Sizes one after the other, each in a new process: memory that another one had needed would count as its own."""
    found = []
    for what in _KERNELS:
        for rows in sizes:
            command = [sys.executable, __file__, "--one", what, str(rows)]
            output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            found.append(Measured(**json.loads(output)))
    return found


def _measure(what: str, rows: int) -> Measured:
    columns, work = _KERNELS[what](rows)
    start = time.perf_counter()
    work()
    seconds = [time.perf_counter() - start]
    if seconds[0] < ENOUGH:
        seconds.clear()  # a warm-up: memory that the machine has not given out yet costs more than the kernel
    while len(seconds) < ROUNDS and sum(seconds) < ENOUGH:
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Measured(what, rows, statistics.median(seconds), peak, sum(column.nbytes for column in columns))


def _drawn(random: np.random.Generator, rows: int, most: int) -> NDArray[np.uint32]:
    """Numbers below `most`, smaller ones more often, as ages and places are; in pieces to save memory."""
    numbers = np.empty(rows, dtype=np.uint32)
    for start in range(0, rows, PIECE):
        piece = numbers[start : start + PIECE]
        piece[:] = random.random(len(piece)) ** 2 * most
    return numbers


def _unique(rows: int) -> list[NDArray[np.uint32]]:
    """Columns drawn one by one: most rows are unique, which is the most that grouping can have to remember."""
    random = np.random.default_rng(SEED)
    return [_drawn(random, rows, most) for most in DOMAINS]


def _repeated(rows: int) -> list[NDArray[np.uint32]]:
    """Rows drawn from an eighth as many: people of one kind are alike, or there would be nothing to release."""
    random = np.random.default_rng(SEED)
    kinds = [_drawn(random, rows // REPEATED, most) for most in DOMAINS]
    kind_of_row = _drawn(random, rows, rows // REPEATED)
    return [column[kind_of_row] for column in kinds]


_Work = tuple[list[NDArray[np.uint32]], Callable[[], object]]


def _histogram(rows: int) -> _Work:
    columns = _unique(rows)
    return columns, lambda: kernels.class_histogram(columns, DOMAINS)


def _search(rows: int) -> _Work:
    """The table is prepared every time: that is where the rows are."""
    columns = _repeated(rows)
    attributes = [
        kernels.AttributeCodes(codes, _quarters(leaves), leaves) for codes, leaves in zip(columns, DOMAINS, strict=True)
    ]
    models = [kernels.KAnonymity(K)]
    return columns, lambda: kernels.Table(attributes).search(models, suppression_limit=int(rows * SUPPRESSED))


_KERNELS: dict[str, Callable[[int], _Work]] = {
    "class histogram": _histogram,
    f"search, k = {K}, {SUPPRESSED:.0%} suppressed": _search,
}


def _quarters(leaves: int) -> tuple[NDArray[np.uint32], ...]:
    """A hierarchy: each level joins four values of the one below, down to one."""
    codes = np.arange(leaves, dtype=np.uint32)
    bits = (leaves - 1).bit_length()
    return tuple((codes >> min(level, bits)).astype(np.uint32) for level in range(2, bits + 2, 2))


def _rows(measured: list[Measured]) -> list[Row]:
    found = []
    for each in measured:
        least = next(other for other in measured if other.what == each.what)
        growth = each.rows / least.rows
        name = f"{each.what}, {each.rows // 10**6} M rows"
        shown, peak = f"{each.seconds:.2f} s", f"{each.peak / 2**30:.2f} GiB"
        if each is least:
            found += [Row(f"{name}: time", shown), Row(f"{name}: peak memory", f"{peak}, codes {each.codes / 2**30:.2f}")]
            continue
        linear = f"{least.seconds * growth:.2f} s"
        found.append(at_most(f"{name}: time", shown, linear, each.seconds / least.seconds / growth, LIMIT))
        ratio = each.peak / least.peak / growth
        found.append(at_most(f"{name}: peak memory", peak, f"{least.peak * growth / 2**30:.2f} GiB", ratio, LIMIT))
        if each.rows == LARGEST:
            found.append(at_most(f"{name}: within 16 GiB", peak, "", each.peak / MEMORY, 1))
    return found


def _draw(measured: list[Measured], path: Path) -> None:
    """Time and memory against rows, both axes logarithmic, with dashes where linear growth would be."""
    import altair as alt  # noqa: PLC0415 - only who draws needs it

    lines = []
    for each in measured:
        least = next(other for other in measured if other.what == each.what)
        growth = each.rows / least.rows
        for quantity, value, linear in (
            ("seconds", each.seconds, least.seconds * growth),
            ("peak memory in GiB", each.peak / 2**30, least.peak * growth / 2**30),
        ):
            for kind, shown in (("measured", value), ("linear", linear)):
                lines.append({"what": each.what, "quantity": quantity, "rows": each.rows, "kind": kind, "value": shown})
    chart = (
        alt.Chart(pl.DataFrame(lines))
        .mark_line(point=True)
        .encode(
            x=alt.X(
                "rows:Q",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format="~s", values=sorted({each.rows for each in measured})),
            ),
            y=alt.Y("value:Q", scale=alt.Scale(type="log"), title=None),
            color=alt.Color("what:N", title=None),
            strokeDash=alt.StrokeDash(
                "kind:N", title=None, sort=["measured", "linear"], legend=alt.Legend(symbolType="stroke")
            ),
        )
        .properties(width=320, height=260)
        .facet(column=alt.Column("quantity:N", title=None))
        .resolve_scale(y="independent")
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    chart.save(path, format="svg")


if __name__ == "__main__":
    sys.exit(main())
