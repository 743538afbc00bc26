"""A table prepared once, and what can be asked of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import InvalidArgumentError
from shoal.kernels.classes import histogram_of
from shoal.kernels.codes import U32, AttributeCodes, SensitiveCodes, as_codes, natural, raw_sensitive
from shoal.kernels.models import Model, raw_model
from shoal.kernels.objectives import LOSS, Measure, Objective, raw_objective
from shoal.kernels.refusals import translated
from shoal.kernels.results import Evaluation, Found, Release

_LONGEST = 1e9
"""Seconds: 30 years. What is longer need not be told apart."""


@dataclass(frozen=True)
class Limits:
    """What a search may spend.

    seconds: looked at between checks of nodes. nodes: nodes whose classes are computed. Both None without limit. memory: bytes
    for kept class lists, and in lattices of more than 2**20 nodes for what is known of them; the table, two class lists per
    thread, and some 30 bytes per node of a smaller lattice come on top. threads: 0 for all cores, at most 8.
    """

    seconds: float | None = None
    nodes: int | None = None
    memory: int = 256 << 20
    threads: int = 0


UNLIMITED = Limits()
"""The default limits: no end of time and nodes."""


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
                    (as_codes(each.codes), list(map(as_codes, each.generalizations)), natural(each.leaves, "leaves", U32))
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
        when a limit ends a search that is not `anytime`, or that has found nothing; OutOfMemory,
        CancelledError or InvalidArgumentError.
        """
        if limits.seconds is not None and not 0 <= limits.seconds < math.inf:
            raise InvalidArgumentError("seconds must be at least 0 and finite")
        raw_limits = (
            None if limits.seconds is None else min(float(limits.seconds), _LONGEST),
            None if limits.nodes is None else natural(limits.nodes, "nodes"),
            natural(limits.memory, "memory"),
            natural(limits.threads, "threads", U32),
        )
        raw, limit = [raw_model(model) for model in models], natural(suppression_limit, "suppression_limit")
        try:
            found = self._table.search(raw, limit, raw_objective(objective), raw_limits, anytime, monitor)
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
        levels = [levels_of(node) for node in nodes]
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
            raw = self._table.release(levels_of(levels), [raw_model(m) for m in models], raw_objective(objective), monitor)
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


def levels_of(node: Sequence[int]) -> list[int]:
    return [natural(level, "level", 2**16) for level in node]
