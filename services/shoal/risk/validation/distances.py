"""t-closeness: how far the distribution of an attribute in each class is from the reference.

Li, Li and Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007, section 4, and the area
between the cumulative distributions (Kantorovich). Every distance is a fraction of whole numbers; with c rows of a value in a
class of n rows, and r of R rows in the reference, |c/n - r/R| is |c R - r n| / (n R).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal.risk.validation.exact import LARGEST, Whole
from shoal.risk.validation.grouping import Ints
from shoal.risk.validation.histograms import Attribute, Histogram, histogram_of
from shoal.risk.validation.lines import Line


@dataclass(frozen=True, eq=False)
class Ratios:
    """One fraction for each class."""

    above: Whole
    below: Whole


def equal(attribute: Attribute) -> Ratios:
    """Half the sum of absolute differences: what the values that are too frequent have in excess."""
    histogram = histogram_of(attribute)
    return _exactly(histogram, 1, lambda part: Ratios(_excess(part), part.sizes * part.rows))


def hierarchical(attribute: Attribute, levels: Sequence[Ints]) -> Ratios:
    """The mean of the equal distance over the levels below the root. levels: the group of each leaf, by level from 1 on.

    That is Li et al.'s sum over the inner nodes of (height / height of the tree) times the lesser of what its children have in
    excess and lack. When the last level has more than one group, a root is thought above it.
    """
    below_root = list(levels)
    if below_root and len(np.unique(below_root[-1])) <= 1:
        below_root.pop()
    histograms = [histogram_of(attribute), *(histogram_of(attribute, _dense(level)) for level in below_root)]
    height = len(histograms)
    total: Whole | None = None
    for histogram in histograms:
        each = _exactly(histogram, height, lambda part: Ratios(_excess(part), part.sizes * part.rows)).above
        total = each if total is None else total + each
    assert total is not None  # noqa: S101 (there is always the level of the values)
    sizes = attribute.sizes.astype(object) if total.dtype == object else attribute.sizes
    return Ratios(total, sizes * int(attribute.reference.sum()) * height)


def along(attribute: Attribute, line: Line) -> Ratios:
    """The area between the cumulative distributions, over the length of the line; 0 when the line has none.

    Between two neighbouring values of a class its cumulative count C is constant, while the reference's, Q, rises: the sum of
    |C R - Q n| over the steps between them is split where Q n passes C R, and both parts come from prefix sums.
    """
    histogram = histogram_of(attribute, line.rank)
    span = int(line.places[-1]) if len(line.places) else 0
    if span == 0 or not len(histogram.sizes):
        return Ratios(np.zeros(len(histogram.sizes), dtype=np.int64), np.ones(len(histogram.sizes), dtype=np.int64))
    return _exactly(histogram, span, lambda part: _area(part, line.places, span))


def _area(part: Histogram, places: Whole, span: int) -> Ratios:
    wide = part.sizes.dtype == object
    places = places.astype(object) if wide else places
    rows, last = part.rows, len(places) - 1
    risen = np.cumsum(part.reference)
    until = _prefix(risen[:last] * np.diff(places))
    starts, entries = part.starts, len(part.values)
    ends = np.append(starts[1:], entries) - 1
    counted = np.cumsum(part.counts)
    before = counted[starts] - part.counts[starts]
    own = counted - before[part.of]
    sizes = part.sizes[part.of]
    here = part.values
    following = np.empty(entries, dtype=np.int64)
    following[:-1] = part.values[1:]
    following[ends] = last
    # Up to `turn` the reference's cumulative share is at most the class's.
    reached = (own * rows) // sizes
    turn = np.searchsorted(risen.astype(np.int64), reached.astype(np.int64), side="right")
    turn = np.clip(turn, here, following)
    ahead = own * rows * (places[turn] - places[here]) - sizes * (until[turn] - until[here])
    behind = sizes * (until[following] - until[turn]) - own * rows * (places[following] - places[turn])
    first = part.sizes * until[part.values[starts]]
    return Ratios(first + part.sums(ahead + behind), part.sizes * rows * span)


def _prefix(steps: NDArray[np.int64]) -> Whole:
    """The sums of the first 0, 1, 2, … steps."""
    sums = np.zeros(len(steps) + 1, dtype=steps.dtype)
    sums[1:] = np.cumsum(steps)
    return sums


def _excess(part: Histogram) -> Whole:
    """For each class, the sum of c R - r n over the values for which it is above 0."""
    excess = part.counts * part.rows - part.reference[part.values] * part.sizes[part.of]
    return part.sums(np.maximum(excess, 0))


def _exactly(histogram: Histogram, factor: int, distance: Callable[[Histogram], Ratios]) -> Ratios:
    """A distance of every class: in int64 where its largest number, size x reference x factor, allows, else wider."""
    most = LARGEST // max(1, histogram.rows * factor)
    narrow = histogram.sizes <= most
    if narrow.all():
        return distance(histogram)
    found = Ratios(np.empty(len(narrow), dtype=object), np.empty(len(narrow), dtype=object))
    for classes, part in ((narrow, histogram.part(narrow)), (~narrow, histogram.part(~narrow).widened())):
        if classes.any():
            each = distance(part)
            found.above[classes], found.below[classes] = each.above.astype(object), each.below.astype(object)
    return found


def _dense(groups: Ints) -> Ints:
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)
