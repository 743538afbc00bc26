"""Optimal search against ARX's recorded CPU times, scaled by the calibration loop.

ARX's times and optima are those of ARX 3.9.2 (commit aacd487f, OpenJDK 17), medians after warm-up on a machine whose loop took
0.985 s. Ours is the wall time inside the kernel with two threads, grouping of the rows included; the CPU time with one thread
stands beside it. Every search must find ARX's loss and suppressed rows, otherwise the benchmark fails.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from fractions import Fraction

from benchmarks.common import Row, at_least, geometric_mean
from benchmarks.data import ADULT8, ADULT9, CC8, adult_attributes, creditcard_attributes

from shoal.kernels import (
    Aggregate,
    AttributeCodes,
    Closeness,
    Distance,
    DistinctDiversity,
    EntropyDiversity,
    KAnonymity,
    Limits,
    Measure,
    Model,
    Objective,
    RecursiveDiversity,
    SensitiveCodes,
    Table,
)

TITLE = "optimal search"
PEER = "ARX 3.9.2 (aacd487f), recorded CPU milliseconds × calibration"

REFERENCE_LOOP_SECONDS = 0.985
ROUNDS = 9
CLOSE = 1e-9

LOSS = Objective()
MEAN = Objective(aggregate=Aggregate.ARITHMETIC_MEAN)

K5 = (KAnonymity(5),)
DISTINCT = (*K5, DistinctDiversity(0, 3))
ENTROPY = (*K5, EntropyDiversity(0, 3.0))
RECURSIVE = (*K5, RecursiveDiversity(0, Fraction(4), 3))
T_EQUAL = (*K5, Closeness(0, Distance.EQUAL, Fraction(1, 5)))
T_HIERARCHICAL = (*K5, Closeness(0, Distance.HIERARCHICAL, Fraction(1, 5)))


@dataclass(frozen=True)
class Case:
    """A search that ARX's results are recorded for. default, precomputed: CPU milliseconds of ARX's two exact settings."""

    name: str
    models: tuple[Model, ...]
    share: float
    objective: Objective
    loss: float
    suppressed: int
    default: float
    precomputed: float | None = None

    def attributes(self) -> tuple[AttributeCodes, ...]:
        """The quasi-identifiers."""
        if self.name.startswith("cc8"):
            return creditcard_attributes(CC8)
        return adult_attributes(ADULT8 if self.name.startswith("adult8") else ADULT9)

    def sensitive(self) -> tuple[SensitiveCodes, ...]:
        """The sensitive column, if a model asks for one."""
        if len(self.models) == 1:
            return ()
        (occupation,) = adult_attributes(("occupation",))
        return (SensitiveCodes(occupation.codes, occupation.leaves, generalizations=occupation.generalizations),)


CASES = (
    Case("adult-k5-s0", K5, 0, LOSS, 0.5731509656, 0, 20.1),
    Case("adult-k5-s0-am", K5, 0, MEAN, 0.6355438467, 0, 19.4),
    Case("adult8-k5-s0", K5, 0, LOSS, 0.5422108254, 0, 13.0),
    Case("cc8-k5-s0", K5, 0, LOSS, 0.5834455675, 0, 19.8),
    Case("adult8-distinct3-s0", DISTINCT, 0, LOSS, 0.5422108254, 0, 19.8),
    Case("adult8-entropy3-s0", ENTROPY, 0, LOSS, 0.6131717847, 0, 17.2),
    Case("adult8-recursive43-s0", RECURSIVE, 0, LOSS, 0.5422108254, 0, 16.9),
    Case("adult8-tequal02-s0", T_EQUAL, 0, LOSS, 0.9183953641, 0, 7.7),
    Case("adult8-thier02-s0", T_HIERARCHICAL, 0, LOSS, 0.7591763053, 0, 9.0),
    Case("adult-k5-s2", K5, 0.02, LOSS, 0.3137130353, 506, 549.7, 333.6),
    Case("adult-k5-s5", K5, 0.05, LOSS, 0.2419323651, 1346, 643.8, 264.8),
    Case("adult-k5-s100", K5, 1, LOSS, 0.2204119285, 2553, 2282.9, 1142.8),
    Case("adult-k2-s2", (KAnonymity(2),), 0.02, LOSS, 0.2093709911, 573, 598.7),
    Case("adult-k10-s2", (KAnonymity(10),), 0.02, LOSS, 0.3423367036, 592, 470.9),
    Case("adult-k5-s2-am", K5, 0.02, MEAN, 0.3574824899, 506, 526.9),
    Case("adult-k5-s5-am", K5, 0.05, MEAN, 0.2696346628, 1346, 591.5),
    Case("adult-k5-s100-am", K5, 1, MEAN, 0.2277003232, 2553, 1809.2),
    Case("adult8-k5-s2", K5, 0.02, LOSS, 0.2464771552, 506, 202.1),
    Case("cc8-k5-s2", K5, 0.02, LOSS, 0.2103474711, 405, 647.9, 138.0),
    Case("adult-k5-s2-aecs", K5, 0.02, Objective(Measure.AVERAGE_CLASS_SIZE), 30162 / 637, 419, 460.7),
    Case("adult-k5-s2-dm", K5, 0.02, Objective(Measure.DISCERNIBILITY), 7220555, 105, 411.0),
    Case("adult-k5-s2-prec", K5, 0.02, Objective(Measure.PRECISION), 0.3709608456, 407, 647.7),
    Case("adult8-distinct3-s2", DISTINCT, 0.02, LOSS, 0.2469117398, 522, 303.7),
    Case("adult8-distinct3-s5", DISTINCT, 0.05, LOSS, 0.1717021812, 1400, 278.1),
    Case("adult8-entropy3-s2", ENTROPY, 0.02, LOSS, 0.2751571132, 518, 319.3),
    Case("adult8-recursive43-s2", RECURSIVE, 0.02, LOSS, 0.2554529144, 573, 327.2),
    Case("adult8-tequal02-s2", T_EQUAL, 0.02, LOSS, 0.8150031862, 235, 450.1),
    Case("adult8-thier02-s2", T_HIERARCHICAL, 0.02, LOSS, 0.7351403745, 151, 451.4),
    Case("adult8-thier02-s5", T_HIERARCHICAL, 0.05, LOSS, 0.6128064960, 1384, 650.3),
)

HEURISTIC = ("adult-k5-s2", 450.2)
"""ARX with practical monotonicity, which gives up its proof of optimality: shown, and part of no mean."""

TWO_THREADS = Limits(threads=2)
ONE_THREAD = Limits(threads=1)


def calibration_loop() -> int:
    """The loop of the recorded times, in a function: at module level CPython takes 1.4 times as long for it."""
    s = 1
    for i in range(10**7):
        s = (s * 6364136223846793005 + i) & (2**64 - 1)
    return s


def run() -> list[Row]:
    """All cases, and the means that the bars are about."""
    for case in CASES:
        case.attributes()
    measured, loop = _measure()
    factor = loop / REFERENCE_LOOP_SECONDS
    print(f"  calibration loop: {loop:.3f} s CPU here, {REFERENCE_LOOP_SECONDS} s where ARX was measured")
    rows: list[Row] = []
    with_suppression: list[float] = []
    without: list[float] = []
    against_precomputed: list[float] = []
    for case in CASES:
        wall, cpu = measured[case.name]
        default = case.default * factor
        (with_suppression if case.share else without).append(default / wall)
        ours = f"{wall:.2f} ms ({cpu:.2f} CPU of one thread)"
        rows.append(Row(case.name, ours, f"default {default:.1f} ms", default / wall))
        if case.precomputed is not None:
            precomputed = case.precomputed * factor
            against_precomputed.append(precomputed / wall)
            rows.append(Row("", "", f"precomputed {precomputed:.1f} ms", precomputed / wall))
    name, recorded = HEURISTIC
    wall = measured[name][0]
    rows.append(
        Row(f"{name}, ARX not exact", f"{wall:.2f} ms", f"monotone {recorded * factor:.1f} ms", recorded * factor / wall)
    )
    rows += [
        at_least("suppression allowed, geometric mean to default", "", "ARX default", geometric_mean(with_suppression), 20),
        at_least("suppression allowed, worst case to default", "", "ARX default", min(with_suppression), 6),
        at_least(
            "suppression allowed, geometric mean to precomputed", "", "ARX precomputed", geometric_mean(against_precomputed), 10
        ),
        at_least("0 %, geometric mean to default", "", "ARX default", geometric_mean(without), 4),
        at_least("0 %, worst case to default", "", "ARX default", min(without), 2),
    ]
    return rows


def _measure() -> tuple[dict[str, tuple[float, float]], float]:
    """Of each case the median wall milliseconds inside the kernel with two threads and CPU milliseconds with one.

    And the median CPU seconds of the calibration loop, which has its turn among the cases.
    """
    walls: dict[str, list[float]] = {case.name: [] for case in CASES}
    cpus: dict[str, list[float]] = {case.name: [] for case in CASES}
    loops: list[float] = []
    for turn in range(ROUNDS + 1):
        for case in CASES:
            wall, _ = _search(case, TWO_THREADS)
            _, cpu = _search(case, ONE_THREAD)
            if turn:  # the first turn warms up
                walls[case.name].append(wall * 1e3)
                cpus[case.name].append(cpu * 1e3)
        start = time.process_time()
        calibration_loop()
        loops.append(time.process_time() - start)
    found = {name: (statistics.median(walls[name]), statistics.median(cpus[name])) for name in walls}
    return found, statistics.median(loops)


def _search(case: Case, limits: Limits) -> tuple[float, float]:
    """Wall seconds inside the kernel, preparation included, and CPU seconds of the calls."""
    attributes, sensitive = case.attributes(), case.sensitive()
    limit = int(case.share * len(attributes[0].codes))
    start = time.process_time()
    table = Table(attributes, sensitive)
    found = table.search(case.models, suppression_limit=limit, objective=case.objective, limits=limits)
    cpu = time.process_time() - start
    if abs(found.loss - case.loss) > CLOSE or found.suppressed != case.suppressed:
        raise AssertionError(f"{case.name}: found {found.loss}, {found.suppressed}; ARX {case.loss}, {case.suppressed}")
    return table.seconds + found.seconds, cpu
