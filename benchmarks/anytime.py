"""Searches with limits: how near the optimum they end, also where it cannot be proven; and the frontier."""

from __future__ import annotations

import itertools
import time

from benchmarks.common import Row, at_least, at_most
from benchmarks.data import ADULT9, adult_attributes, wide_attributes
from benchmarks.search import CASES, GM

from shoal.kernels import Infeasible, KAnonymity, LimitReached, Limits, Table

TITLE = "ANYTIME and the frontier"
PEER = "the proven optimum"

K, SHARE = 5, 0.02
SECONDS = (1.0, 3.0, 10.0)
KS = (2, 3, 5, 8, 10, 15, 20, 25, 30, 50)
SHARES = (0.0, 0.01, 0.02, 0.05, 0.1)
FRONTIER_SECONDS = 2.0


def run() -> list[Row]:
    """Nine-attribute cases under one second, a lattice of 1.5e9 nodes under one to ten, 50 points of a frontier."""
    return [*_small(), *_wide(), _frontier()]


def _small() -> list[Row]:
    rows = []
    worst = 0.0
    for case in CASES:
        if len(case.attributes()) != len(ADULT9):
            continue
        table = Table(case.attributes(), case.sensitive())
        limit = int(case.share * table.rows)
        models = (KAnonymity(case.k), *case.more)
        found = table.search(
            models, suppression_limit=limit, objective=case.objective, limits=Limits(seconds=1.0), anytime=True
        )
        above = found.loss / case.loss - 1
        worst = max(worst, above)
        rows.append(Row(f"{case.name}, 1 s", f"loss {found.loss:.6g} in {found.seconds:.2f} s", f"{case.loss:.6g}", 1 + above))
    rows.append(at_most("nine attributes, 1 s: worst loss to the optimum's", "", "optimum", 1 + worst, 1.1))
    return rows


def _wide() -> list[Row]:
    rows = []
    gaps = []
    for seconds in SECONDS:
        table = Table(wide_attributes())
        start = time.perf_counter()
        try:
            found = table.search(
                (KAnonymity(K),),
                suppression_limit=int(SHARE * table.rows),
                objective=GM,
                limits=Limits(seconds=seconds),
                anytime=True,
            )
        except (LimitReached, Infeasible) as error:
            rows.append(Row(f"15 attributes, {table.lattice_size:.1e} nodes, {seconds:g} s", f"nothing: {error}", met=False))
            continue
        wall = time.perf_counter() - start
        gaps.append(found.gap)
        ours = f"loss {found.loss:.4f}, gap {found.gap:.4f}, {found.checked} nodes in {wall:.2f} s"
        rows.append(Row(f"15 attributes, {table.lattice_size:.1e} nodes, {seconds:g} s", ours))
    if len(gaps) == len(SECONDS):
        shrinks = all(later <= earlier for earlier, later in itertools.pairwise(gaps)) and gaps[-1] < gaps[0]
        rows.append(
            Row("15 attributes: the gap shrinks with time", f"{gaps[0]:.4f} to {gaps[-1]:.4f}", met=shrinks, bar="shrinks")
        )
    return rows


def _frontier() -> Row:
    table = Table(adult_attributes(ADULT9))
    start = time.perf_counter()
    for k in KS:
        for share in SHARES:
            table.search((KAnonymity(k),), suppression_limit=int(share * table.rows), objective=GM)
    seconds = time.perf_counter() - start + table.seconds
    points = len(KS) * len(SHARES)
    return at_least(
        f"frontier of adult, {points} points", f"{seconds:.2f} s", f"{FRONTIER_SECONDS:g} s", FRONTIER_SECONDS / seconds, 1
    )
