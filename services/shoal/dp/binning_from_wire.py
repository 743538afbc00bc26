"""Bins of a histogram, from the message."""

from __future__ import annotations

import math
from itertools import pairwise

from shoal.api.dp.v1 import query_pb2
from shoal.dp.query import Bins
from shoal.errors import FieldViolation

MOST_BINS = 10_000
LONGEST_TEXT = 255
LARGEST = 1e100


def bins_of(each: query_pb2.BinnedColumn, field: str, wrong: list[FieldViolation]) -> Bins:
    """A column's bins; adds what is wrong with them."""
    if each.outliers not in query_pb2.Outliers.values():
        wrong.append(FieldViolation(f"{field}.outliers", "is not one of Outliers"))
    clamp = each.outliers == query_pb2.OUTLIERS_CLAMP
    kind = each.WhichOneof("bins")
    if kind == "categories":
        return _categories(each, field, wrong, clamp=clamp)
    if kind == "equal_width":
        edges = _equal_width(each.equal_width, f"{field}.equal_width", wrong)
    elif kind == "edges":
        edges = tuple(each.edges.edges)
        if not 2 <= len(edges) <= MOST_BINS + 1:
            wrong.append(FieldViolation(f"{field}.edges.edges", f"must have 2 to {MOST_BINS + 1} edges"))
        elif not all(abs(edge) <= LARGEST for edge in edges) or any(a >= b for a, b in pairwise(edges)):
            wrong.append(FieldViolation(f"{field}.edges.edges", "must be ascending numbers of at most 1e100 in size"))
    else:
        wrong.append(FieldViolation(f"{field}.bins", "is required: equal_width, edges or categories"))
        edges = ()
    return Bins(edges=edges or (0.0, 1.0), clamp=clamp)


def _categories(each: query_pb2.BinnedColumn, field: str, wrong: list[FieldViolation], *, clamp: bool) -> Bins:
    values = tuple(each.categories.values)
    if not 1 <= len(values) <= MOST_BINS:
        wrong.append(FieldViolation(f"{field}.categories.values", f"must have 1 to {MOST_BINS} values"))
    if any(len(value) > LONGEST_TEXT for value in values):
        wrong.append(FieldViolation(f"{field}.categories.values", f"must have at most {LONGEST_TEXT} characters each"))
    if len(set(values)) < len(values):
        wrong.append(FieldViolation(f"{field}.categories.values", "must name each value once"))
    if clamp:
        wrong.append(FieldViolation(f"{field}.outliers", "cannot be CLAMP: categories have no order"))
    return Bins(categories=values or ("",))


def _equal_width(bins: query_pb2.EqualWidthBins, field: str, wrong: list[FieldViolation]) -> tuple[float, ...]:
    lower, upper, count = bins.range.lower, bins.range.upper, bins.count
    if not 1 <= count <= MOST_BINS:
        wrong.append(FieldViolation(f"{field}.count", f"must be between 1 and {MOST_BINS}"))
        return ()
    if not (abs(lower) <= LARGEST and abs(upper) <= LARGEST and lower < upper):
        wrong.append(FieldViolation(f"{field}.range", "is required: two numbers in order, of at most 1e100 in size"))
        return ()
    edges = (*(lower + (upper - lower) * (place / count) for place in range(count)), upper)
    if any(not a < b for a, b in pairwise(edges)):
        wrong.append(FieldViolation(f"{field}.count", "is too large: the range has no room for so many bins"))
    return edges if all(math.isfinite(edge) for edge in edges) else ()
