"""What every benchmark needs: interleaved timing, rows with a bar, tables on the terminal."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

ROUNDS = 5


@dataclass(frozen=True)
class Row:
    """One measured line.

    ours, peer: numbers with their unit, as printed. ratio: ours to the peer's, or the other way about where the bar is a floor.
    bar: empty when the row is there to be looked at only. met: None without a bar, False for what is not built as well.
    """

    what: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    bar: str = ""
    met: bool | None = None


class NeedsData(Exception):  # noqa: N818
    """The benchmark needs the reference tables, and SHOAL_TEST_DATA does not name their folder."""

    def __init__(self) -> None:
        super().__init__("SHOAL_TEST_DATA does not name the folder of the reference tables")


def at_most(what: str, ours: str, peer: str, ratio: float, limit: float, unit: str = "×") -> Row:
    """A row whose ratio must not be above the limit."""
    return Row(what, ours, peer, ratio, f"≤ {limit:g}{unit}", ratio <= limit)


def at_least(what: str, ours: str, peer: str, ratio: float, limit: float, unit: str = "×") -> Row:
    """A row whose ratio must not be below the limit."""
    return Row(what, ours, peer, ratio, f"≥ {limit:g}{unit}", ratio >= limit)


def medians(*works: Callable[[], object], rounds: int = ROUNDS, warm: bool = True) -> list[float]:
    """The median wall seconds of each piece of work; they take turns, so that a disturbance meets all of them."""
    if warm:
        for work in works:
            work()
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            seconds[place].append(time.perf_counter() - start)
    return [statistics.median(each) for each in seconds]


def geometric_mean(values: Iterable[float]) -> float:
    """The geometric mean of positive numbers."""
    logarithms = [math.log(value) for value in values]
    return math.exp(sum(logarithms) / len(logarithms))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def show(rows: Sequence[Row]) -> None:
    """Prints rows as a table."""
    cells = [("what", "ours", "peer", "ratio", "bar", "")]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        cells.append((row.what, row.ours, row.peer, ratio, row.bar, verdict(row)))
    widths = [max(len(line[place]) for line in cells) for place in range(len(cells[0]))]
    for line in cells:
        shown = [
            cell.ljust(width) if place in (0, 5) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  " + "  ".join(shown).rstrip(), flush=True)


def verdict(row: Row) -> str:
    """`met` or `NOT MET`; empty for a row without a bar."""
    return "" if row.met is None else "met" if row.met else "NOT MET"
