"""The oracle's tables, models and objectives in the words of the door to the kernel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oracle import losses, models, table
from shoal import kernels


def codes(values: Sequence[int]) -> NDArray[np.uint32]:
    """An array of codes."""
    return np.array(values, dtype=np.uint32)


def maps(levels: Sequence[Sequence[int]]) -> tuple[NDArray[np.uint32], ...]:
    """The levels of a hierarchy from 1 on, each with codes that are dense: the oracle's need not be."""
    return tuple(np.unique(codes(level), return_inverse=True)[1].astype(np.uint32) for level in levels)


def opened(source: table.Table) -> kernels.Table:
    """The same table behind the door."""
    attributes = [kernels.AttributeCodes(codes(a.codes), maps(a.maps), a.leaves) for a in source.attributes]
    sensitive = [
        kernels.SensitiveCodes(
            codes(column.codes),
            column.values,
            None if column.reference is None else np.array(column.reference, dtype=np.uint64),
            None if column.positions is None else np.array(column.positions, dtype=np.uint64),
            maps(column.maps),
        )
        for column in source.sensitive
    ]
    population = None
    if source.population is not None:
        population = [codes([leaves[j] for leaves in source.population]) for j in range(len(attributes))]
    return kernels.Table(
        attributes,
        sensitive,
        population=population,
        population_counts=codes(source.population_counts) if source.population_counts else None,
        counts=codes(source.counts) if source.counts else None,
    )


def model(source: models.Model) -> kernels.Model:
    """The same model behind the door."""
    match source:
        case models.KAnonymity(k):
            return kernels.KAnonymity(k)
        case models.KMap(k):
            return kernels.KMap(k)
        case models.DeltaPresence(least, most):
            return kernels.DeltaPresence(least, most)
        case models.DistinctDiversity(column, l):
            return kernels.DistinctDiversity(column, l)
        case models.EntropyDiversity(column, bound, grassberger):
            return kernels.EntropyDiversity(column, bound, grassberger)
        case models.RecursiveDiversity(column, c, l):
            return kernels.RecursiveDiversity(column, c, l)
        case models.Closeness(column, distance, t):
            return kernels.Closeness(column, kernels.Distance(distance), t)
        case models.DeltaDisclosure(column, delta):
            return kernels.DeltaDisclosure(column, delta)
        case models.BetaLikeness(column, beta, enhanced):
            return kernels.BetaLikeness(column, beta, enhanced)
        case models.AverageRisk(limit, population):
            return kernels.AverageRisk(limit, population)


def objective(source: losses.Objective) -> kernels.Objective:
    """The same objective behind the door; weights only where they are of effect."""
    weights = source.weights if source.measure in losses.MARGINAL else ()
    return kernels.Objective(kernels.Measure(source.measure), kernels.Aggregate(source.aggregate), weights)
