"""Classes without levels: Mondrian partitions and MDAV clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal import _core
from shoal._core import Monitor
from shoal.errors import InvalidArgumentError
from shoal.kernels.codes import U32, SensitiveCodes, as_codes, natural, raw_sensitive
from shoal.kernels.models import Model, raw_model
from shoal.kernels.refusals import translated


@dataclass(frozen=True, eq=False)
class OrderedAttribute:
    """One quasi-identifier of a local recoding.

    codes: place of every record's value in the attribute's order, below `values`. ordered: False makes the hierarchy
    decide where to cut, True the order of the codes. generalizations: as in AttributeCodes, over the values; may be empty.
    """

    codes: NDArray[np.uint32]
    values: int
    ordered: bool = True
    generalizations: tuple[NDArray[np.uint32], ...] = ()


@dataclass(frozen=True, eq=False)
class Partition:
    """Classes of records, each with a box around its values.

    class_of_record: uint32 per record; classes are numbered in order of first appearance. lows, highs: the smallest and
    the largest code of every class (rows) in every attribute (columns), uint32. levels: likewise the lowest level at which
    all codes of the class have one value, uint16; one above the last level where they never do. suppressed: records in
    no class, always 0. An ordered attribute is to be released as low to high, another one as its value at the level: so no
    two classes look alike.
    """

    class_of_record: NDArray[np.uint32]
    lows: NDArray[np.uint32]
    highs: NDArray[np.uint32]
    levels: NDArray[np.uint16]
    suppressed: int = 0

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.lows)


def mondrian(
    attributes: Sequence[OrderedAttribute],
    sensitive: Sequence[SensitiveCodes],
    models: Sequence[Model],
    *,
    strict: bool,
    weights: Sequence[float] = (),
    monitor: Monitor | None = None,
) -> Partition:
    """Cuts the table into ever smaller classes for as long as every class satisfies every model; suppresses nothing.

    Mondrian multidimensional partitioning (LeFevre, DeWitt and Ramakrishnan, ICDE 2006). A class is cut along its widest
    attribute: by the share of the attribute's values that the class's values stand for, times the weight (none given: all
    1). Ordered attributes are cut at the median code; the others into the children of the lowest node above all values, of
    which those that fail alone go together. strict: records with the median's code go to one side together; otherwise to
    both, so that the sides are equally large, if the union of classes that hold always holds (not so for
    delta-disclosure and Grassberger's entropy, where they stay together).

    Raises Infeasible when not even the whole table is a class that holds, NotNested, CancelledError, or
    InvalidArgumentError: also for a model that needs a population and for a limit on the average risk.
    """
    weights = list(weights) or [1.0] * len(attributes)
    if len(weights) != len(attributes):
        raise InvalidArgumentError(f"{len(weights)} weights were given for {len(attributes)} attributes")
    try:
        found = _core.mondrian(
            [
                (
                    as_codes(attribute.codes),
                    [as_codes(map_) for map_ in attribute.generalizations],
                    natural(attribute.values, "values", U32),
                    attribute.ordered,
                    weight,
                )
                for attribute, weight in zip(attributes, weights, strict=True)
            ],
            raw_sensitive(sensitive),
            [raw_model(model) for model in models],
            strict=strict,
            monitor=monitor,
        )
    except _core.CoreError as error:
        raise translated(error) from None
    shape = (found.classes, len(attributes))
    return Partition(
        class_of_record=np.frombuffer(found.class_of_record, dtype=np.uint32),
        lows=np.frombuffer(found.lows, dtype=np.uint32).reshape(shape),
        highs=np.frombuffer(found.highs, dtype=np.uint32).reshape(shape),
        levels=np.frombuffer(found.levels, dtype=np.uint16).reshape(shape),
    )


def mdav(columns: Sequence[NDArray[np.float64]], k: int, *, monitor: Monitor | None = None) -> NDArray[np.uint32]:
    """Clusters records whose numbers are close to each other: the class of every record, by order of first appearance.

    MDAV (Domingo-Ferrer and Torra 2005), with columns standardised here to mean 0 and variance 1; a column of one value
    weighs nothing. Every class has k records but one, which has up to 2k - 1. No other model than k-anonymity is
    looked at: check the others on the result.

    The work grows with records times distinct records: InvalidArgumentError names the most records that are possible
    when it would take much longer than a minute. It is raised, too, for k = 0, k above the number of records and numbers
    that are not finite; CancelledError when the monitor was cancelled.
    """
    for column in columns:
        if column.dtype != np.float64 or column.ndim != 1:
            raise InvalidArgumentError("columns must be one-dimensional arrays of float64")
    try:
        found = _core.mdav([np.ascontiguousarray(column) for column in columns], k=natural(k, "k"), monitor=monitor)
    except _core.CoreError as error:
        raise translated(error) from None
    return np.frombuffer(found, dtype=np.uint32)
