"""A table that is prepared once, and everything that is asked of its lattice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import InvalidArgumentError
from shoal.kernels.classes import ClassHistogram, histogram_of
from shoal.kernels.columns import U32, AttributeCodes, SensitiveCodes, as_codes, natural, raw_sensitive
from shoal.kernels.failures import translated
from shoal.kernels.models import Model, raw_model
from shoal.kernels.objectives import LONGEST, LOSS, UNLIMITED, Limits, Measure, Objective, raw_objective


@dataclass(frozen=True)
class Found:
    """The best node of a lattice.

    levels: one per attribute. loss: the objective's value. attribute_losses: unweighted, under the objective's measure when
    it is marginal, else under LOSS. suppressed: rows. smallest: rows of the smallest released class. classes: released
    classes. checked: nodes whose classes were computed. lattice_size: nodes in all, at most 2**64 - 1. optimal: whether the
    node is proved to be the best. lower_bound: proven, of every release's loss. stopped: the limit that ended the search
    before it had a proof, `seconds`, `nodes` or `memory`, or empty. seconds: of the search, without the preparation of the
    table.
    """

    levels: tuple[int, ...]
    loss: float
    attribute_losses: tuple[float, ...]
    suppressed: int
    smallest: int
    classes: int
    checked: int
    lattice_size: int
    optimal: bool
    lower_bound: float
    stopped: str
    seconds: float

    @property
    def gap(self) -> float:
        """How much less a release might lose, at most."""
        return self.loss - self.lower_bound


@dataclass(frozen=True)
class Evaluation:
    """One node.

    satisfied: within the limit and not everything suppressed. suppressed: rows. loss: the objective's value, infinite when
    nothing is released. classes: released. smallest: rows of the smallest of them, 0 when there is none.
    """

    levels: tuple[int, ...]
    satisfied: bool
    suppressed: int
    loss: float
    classes: int
    smallest: int


@dataclass(frozen=True, eq=False)
class Release:
    """What a node does to the table.

    kept: for every record whether it is released. class_of_record: for every record its class, numbered from 0 in order of
    first appearance, 2**32 - 1 when it is suppressed. before, after: class sizes of the input at level 0 and of the
    released rows. suppressed: rows. attribute_losses: unweighted, under LOSS. losses: of every measure, marginal ones under
    the objective's aggregate and weights; infinite when nothing is released. population_after: rows and population rows of
    every released class, in the order of their numbers; both empty without a population. measured: per model the worst
    value over released classes, empty without a class: k-anonymity: smallest rows; k-map: smallest population;
    delta-presence: smallest and largest share; distinct: fewest values; entropy: smallest exp(H); recursive: largest
    r1/(r_l + ...); closeness: largest distance; delta-disclosure: largest |ln(p/q)|; beta: largest (p - q)/q; average risk:
    the mean.
    """

    kept: NDArray[np.bool_]
    class_of_record: NDArray[np.uint32]
    before: ClassHistogram
    after: ClassHistogram
    suppressed: int
    attribute_losses: tuple[float, ...]
    losses: dict[Measure, float]
    population_after: tuple[NDArray[np.uint64], NDArray[np.uint64]]
    measured: tuple[tuple[float, ...], ...]


class Table:
    """Records prepared once: distinct tuples, hierarchies, histograms. Any number of threads may use it at a time.

    rows: that the records stand for. records: given. tuples: distinct. lattice_size: nodes, at most 2**64 - 1. seconds: of the
    preparation. The arrays are read once; they may change afterwards.
    """

    rows: int
    records: int
    tuples: int
    lattice_size: int
    seconds: float

    def __init__(
        self,
        attributes: Sequence[AttributeCodes],
        sensitive: Sequence[SensitiveCodes] = (),
        *,
        population: Sequence[NDArray[np.uint32]] | None = None,
        population_counts: NDArray[np.uint32] | None = None,
        counts: NDArray[np.uint32] | None = None,
        monitor: Monitor | None = None,
    ) -> None:
        """Prepares the records.

        population: per attribute the leaf of every record of a population that an attacker may know. population_counts, counts:
        how many people or rows each record stands for, None for one. Raises NotNested, CancelledError or InvalidArgumentError.
        """
        try:
            self._table = _core.Table(
                [
                    (
                        as_codes(each.codes),
                        [as_codes(map_) for map_ in each.generalizations],
                        natural(each.leaves, "leaves", U32),
                    )
                    for each in attributes
                ],
                raw_sensitive(sensitive),
                None if population is None else [as_codes(codes) for codes in population],
                None if population_counts is None else as_codes(population_counts),
                None if counts is None else as_codes(counts),
                monitor,
            )
        except _core.CoreError as error:
            raise translated(error) from None
        self.rows = self._table.rows
        self.records = self._table.records
        self.tuples = self._table.tuples
        self.lattice_size = self._table.lattice_size
        self.seconds = self._table.seconds

    def search(
        self,
        models: Sequence[Model],
        *,
        suppression_limit: int,
        objective: Objective = LOSS,
        limits: Limits = UNLIMITED,
        anytime: bool = False,
        monitor: Monitor | None = None,
    ) -> Found:
        """The node with the least loss of those that suppress at most `suppression_limit` rows, and not all.

        Ties: smaller level sum, then the lexicographically smaller vector of levels. Unless a limit ends it, the search
        proves its result, which then is the same for any number of threads. anytime: when a limit is reached, give the best
        found so far with the lower bound proven so far. Raises Infeasible when there is provably no such node; LimitReached
        when a limit ends a search that is not `anytime`, or that has found nothing; LatticeTooLarge, OutOfMemory,
        CancelledError or InvalidArgumentError.
        """
        if limits.seconds is not None and not 0 <= limits.seconds < math.inf:
            raise InvalidArgumentError("seconds must be at least 0 and finite")
        raw_limits = (
            None if limits.seconds is None else min(float(limits.seconds), LONGEST),
            None if limits.nodes is None else natural(limits.nodes, "nodes"),
            natural(limits.memory, "memory"),
            natural(limits.threads, "threads", U32),
        )
        limit = natural(suppression_limit, "suppression_limit")
        try:
            found = self._table.search(
                [raw_model(m) for m in models], limit, raw_objective(objective), raw_limits, anytime, monitor
            )
        except _core.CoreError as error:
            raise translated(error) from None
        return Found(
            levels=tuple(found.levels),
            loss=found.loss,
            attribute_losses=tuple(found.attribute_losses),
            suppressed=found.suppressed,
            smallest=found.smallest,
            classes=found.classes,
            checked=found.checked,
            lattice_size=found.lattice_size,
            optimal=not found.stopped,
            lower_bound=found.lower_bound,
            stopped=found.stopped,
            seconds=found.seconds,
        )

    def evaluate(
        self,
        nodes: Sequence[Sequence[int]],
        models: Sequence[Model],
        *,
        suppression_limit: int,
        objective: Objective = LOSS,
        monitor: Monitor | None = None,
    ) -> list[Evaluation]:
        """Measures nodes. Raises CancelledError or InvalidArgumentError."""
        levels = [raw_levels(node) for node in nodes]
        limit = natural(suppression_limit, "suppression_limit")
        try:
            measured = self._table.evaluate(levels, [raw_model(m) for m in models], limit, raw_objective(objective), monitor)
        except _core.CoreError as error:
            raise translated(error) from None
        return [Evaluation(tuple(node), *numbers) for node, numbers in zip(levels, measured, strict=True)]

    def release(
        self, levels: Sequence[int], models: Sequence[Model], *, objective: Objective = LOSS, monitor: Monitor | None = None
    ) -> Release:
        """Applies a node to the table, whatever it suppresses. Raises CancelledError or InvalidArgumentError."""
        try:
            raw = self._table.release(raw_levels(levels), [raw_model(m) for m in models], raw_objective(objective), monitor)
        except _core.CoreError as error:
            raise translated(error) from None
        population = np.array(raw.population_after, dtype=np.uint64).reshape(-1, 2)
        return Release(
            kept=np.frombuffer(raw.kept, dtype=np.bool_),
            class_of_record=np.frombuffer(raw.class_of_record, dtype=np.uint32),
            before=histogram_of(raw.before),
            after=histogram_of(raw.after),
            suppressed=raw.suppressed,
            attribute_losses=tuple(raw.attribute_losses),
            losses={Measure(name): value for name, value in raw.losses},
            population_after=(population[:, 0].copy(), population[:, 1].copy()),
            measured=tuple(tuple(values) for values in raw.measured),
        )


def raw_levels(node: Sequence[int]) -> list[int]:
    return [natural(level, "level", 2**16) for level in node]
