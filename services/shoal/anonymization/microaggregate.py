"""Microaggregation: numbers replaced by a value of their class (MDAV, Domingo-Ferrer and Torra 2005)."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from decimal import Decimal, localcontext

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal import kernels
from shoal.anonymization.classwise import Labelled, refuse_population, release
from shoal.anonymization.outcomes import Outcome, Recoding
from shoal.anonymization.policy import Microaggregation
from shoal.anonymization.prepare import Prepared
from shoal.anonymization.sensitive import numbers_of
from shoal.anonymization.strategies import within
from shoal.errors import InvalidArgumentError
from shoal.kernels import Monitor

MORE_PLACES = 2
"""A mean has this many decimal places more than the numbers it is of."""


def microaggregate(prepared: Prepared, monitor: Monitor) -> Outcome:
    """Classes of near rows, k to 2k - 1 each, and in them one value for all numbers of an attribute.

    Other models are checked on the classes, and failing ones suppressed. Raises InvalidArgumentError when a quasi-identifier
    is not numeric or the policy has no k.
    """
    refuse_population(prepared, "MICROAGGREGATION")
    k = _group_size(prepared)
    numbers = [_numbers(prepared, place) for place in range(len(prepared.hierarchies))]
    with within(prepared.policy.search.limits, monitor):
        start = time.perf_counter()
        columns = [
            np.array([float(number) for number in each])[hierarchy.row_codes]
            for each, hierarchy in zip(numbers, prepared.hierarchies, strict=True)
        ]
        groups = kernels.mdav(columns, k, monitor=monitor)
        labelled = [
            _labelled(each, hierarchy.row_codes, groups, prepared.policy.search.microaggregation)
            for each, hierarchy in zip(numbers, prepared.hierarchies, strict=True)
        ]
        kept = np.ones(prepared.rows, dtype=np.bool_)
        checked = int(groups.max()) + 1
        return release(prepared, labelled, kept, Recoding.MICROAGGREGATION, checked=checked, start=start, monitor=monitor)


def _group_size(prepared: Prepared) -> int:
    sizes = [bound.kernel.k for bound in prepared.bounds if isinstance(bound.kernel, kernels.KAnonymity)]
    if not sizes and prepared.policy.entity_column is not None:
        raise InvalidArgumentError(
            "the strategy MICROAGGREGATION forms groups of k rows and cannot count persons: leave out the policy's "
            "entity_column, or use LOCAL_RECODING"
        )
    if not sizes:
        raise InvalidArgumentError(
            "the strategy MICROAGGREGATION forms groups of k rows: add a k-anonymity model to the policy"
        )
    return max(sizes)


def _numbers(prepared: Prepared, place: int) -> list[Decimal]:
    """The number of every leaf."""
    name = prepared.policy.quasi_identifiers[place].name
    numbers = numbers_of(prepared.hierarchies[place].leaves)
    if numbers is None or any(number is None for number in numbers):
        raise InvalidArgumentError(
            f"the strategy MICROAGGREGATION needs numbers, but '{name}' holds other values or empty cells: use LOCAL_RECODING"
        )
    return [number for number in numbers if number is not None]


def _labelled(
    numbers: Sequence[Decimal], row_codes: NDArray[np.uint32], groups: NDArray[np.uint32], how: Microaggregation
) -> Labelled:
    order = sorted(range(len(numbers)), key=lambda leaf: (numbers[leaf], leaf))
    rank = np.empty(len(numbers), dtype=np.int64)
    rank[order] = np.arange(len(numbers))
    ranked = [numbers[leaf] for leaf in order]
    by_row = rank[row_codes]
    sequence = np.lexsort((by_row, groups))
    bounds = np.flatnonzero(np.diff(groups[sequence], prepend=np.int64(-1), append=np.int64(-1)))
    labels, leaves = [], np.empty(len(bounds) - 1)
    for group, (first, end) in enumerate(itertools.pairwise(bounds)):
        members = by_row[sequence[first:end]]
        labels.append(_label(ranked, members, how))
        leaves[group] = members[-1] - members[0] + 1
    return Labelled(groups, pl.Series(labels, dtype=pl.String), leaves, np.zeros(len(labels), dtype=np.int64))


def _label(ranked: Sequence[Decimal], members: NDArray[np.int64], how: Microaggregation) -> str:
    """members: ranks of a group's values, ascending."""
    low, high = ranked[members[0]], ranked[members[-1]]
    match how:
        case Microaggregation.INTERVAL:
            return plain(low) if low == high else f"[{plain(low)}-{plain(high)}]"
        case Microaggregation.MEDIAN:
            return plain(ranked[members[(len(members) - 1) // 2]])
        case Microaggregation.MEAN:
            values, counts = np.unique(members, return_counts=True)
            places = max(0, *(-int(ranked[value].normalize().as_tuple().exponent) for value in values))
            with localcontext() as context:
                context.prec = 60
                total = sum((ranked[value] * int(count) for value, count in zip(values, counts, strict=True)), Decimal(0))
                return plain((total / len(members)).quantize(Decimal(1).scaleb(-places - MORE_PLACES)))


def plain(number: Decimal) -> str:
    """The number without an exponent and without trailing zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
