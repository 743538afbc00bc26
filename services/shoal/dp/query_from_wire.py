"""A query's message becomes a query: every limit of the contract is looked at, and all that is wrong is said at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS, units_down
from shoal.api.dp.v1 import dp_service_pb2, query_pb2
from shoal.dp.binning_from_wire import bins_of
from shoal.dp.grouping_from_wire import check_room, conditions_of, group_by_of, unit_of
from shoal.dp.query import (
    ALL_ROWS,
    Bounds,
    Choice,
    Column,
    GroupBy,
    Neighbouring,
    NoiseType,
    Query,
    Statistic,
    Unit,
    Unlisted,
)
from shoal.errors import FieldViolation, invalid_fields

LEAST_EPSILON, MOST_EPSILON = 1e-6, 100.0
LEAST_DELTA = 1e-15
MOST_COLUMNS = 100
MOST_CANDIDATES = 10_000
LONGEST_TEXT = 255
LARGEST, CLOSEST = 1e100, 1e-100
MOST_WHOLE = float(2**30)

NOISES = {
    query_pb2.NOISE_TYPE_UNSPECIFIED: NoiseType.LAPLACE,
    query_pb2.NOISE_TYPE_LAPLACE: NoiseType.LAPLACE,
    query_pb2.NOISE_TYPE_GAUSSIAN: NoiseType.GAUSSIAN,
    query_pb2.NOISE_TYPE_DISCRETE_LAPLACE: NoiseType.DISCRETE_LAPLACE,
    query_pb2.NOISE_TYPE_DISCRETE_GAUSSIAN: NoiseType.DISCRETE_GAUSSIAN,
}
_STATISTICS = {
    "mean": Statistic.MEAN,
    "sum": Statistic.SUM,
    "variance": Statistic.VARIANCE,
    "count": Statistic.COUNT,
    "histogram": Statistic.HISTOGRAM,
    "exponential": Statistic.CHOICE,
}


def query(request: dp_service_pb2.ComputeRequest) -> Query:
    """The request's query; raises InvalidArgumentError with all its violations."""
    wrong: list[FieldViolation] = []
    kind = request.WhichOneof("query")
    if kind is None:
        wrong.append(FieldViolation("query", "is required: mean, sum, variance, count, histogram or exponential"))
        raise invalid_fields(wrong)
    statistic = _STATISTICS[kind]
    noise = NOISES.get(request.noise, NoiseType.LAPLACE)
    if request.noise not in NOISES:
        wrong.append(FieldViolation("noise", "is not one of NoiseType"))
    unit = unit_of(request.privacy_unit, wrong)
    by = group_by_of(request.group_by, wrong) if request.HasField("group_by") else None
    columns, choice = _asked(statistic, getattr(request, kind), noise, wrong)
    if noise.is_whole and statistic in (Statistic.MEAN, Statistic.VARIANCE):
        wrong.append(FieldViolation("noise", f"on whole numbers is not for a {statistic}: use LAPLACE or GAUSSIAN"))
    if statistic is Statistic.CHOICE and (request.noise != query_pb2.NOISE_TYPE_UNSPECIFIED):
        wrong.append(FieldViolation("noise", "must be absent: a choice has none"))
    epsilon = _epsilon(request, columns, wrong)
    delta = _delta(request, statistic, noise, by, wrong)
    if choice is not None and choice.column is None and (by is not None or len(request.where)):
        wrong.append(FieldViolation("exponential.candidates", "with utilities of their own go without group_by and where"))
    where = conditions_of(request.where, wrong)
    size = _size(request, unit, statistic, wrong)
    if wrong:
        raise invalid_fields(wrong)
    found = Query(statistic, columns, epsilon, delta, noise, choice, by, where, unit, size)
    check_room(found, wrong)
    if wrong:
        raise invalid_fields(wrong)
    return found


def amount_of_epsilon(value: float, field: str, wrong: list[FieldViolation]) -> int:
    """An epsilon in units; adds a violation when it is out of range."""
    if not LEAST_EPSILON <= value <= MOST_EPSILON:  # refuses NaN, too
        wrong.append(FieldViolation(field, "must be between 0.000001 and 100"))
        return EPSILON_UNITS
    return units_down(value, EPSILON_UNITS)


def _epsilon(request: dp_service_pb2.ComputeRequest, columns: Sequence[Column], wrong: list[FieldViolation]) -> int:
    own = [column.epsilon is not None for column in columns]
    if any(own):
        if not all(own):
            wrong.append(
                FieldViolation(columns[own.index(False)].field, "has no epsilon of its own where another column has one")
            )
        if request.HasField("epsilon"):
            wrong.append(FieldViolation("epsilon", "must be absent where the columns have their own"))
        return 0
    return amount_of_epsilon(request.epsilon if request.HasField("epsilon") else 1.0, "epsilon", wrong)


def _delta(
    request: dp_service_pb2.ComputeRequest,
    statistic: Statistic,
    noise: NoiseType,
    by: GroupBy | None,
    wrong: list[FieldViolation],
) -> int:
    delta = request.delta
    if delta != 0.0 and not LEAST_DELTA <= delta < 1.0:
        wrong.append(FieldViolation("delta", "must be 0, or at least 1e-15 and below 1"))
        return 0
    discovers = by is not None and by.unlisted is Unlisted.DISCOVER
    if statistic is Statistic.CHOICE and delta != 0.0 and not discovers:
        wrong.append(FieldViolation("delta", "must be 0: a choice is pure"))
    elif delta == 0.0 and noise.is_gaussian:
        wrong.append(FieldViolation("delta", "must be above 0 for Gaussian noise"))
    elif delta == 0.0 and discovers:
        wrong.append(FieldViolation("delta", "must be above 0 to discover groups: list them as group_by.keys, or give a delta"))
    return units_down(delta, DELTA_UNITS)


def _size(request: dp_service_pb2.ComputeRequest, unit: Unit, statistic: Statistic, wrong: list[FieldViolation]) -> int | None:
    if not request.HasField("dataset_size"):
        return None
    if request.dataset_size < 1:
        wrong.append(FieldViolation("dataset_size", "must be 1 or more"))
    elif unit.neighbouring is not Neighbouring.SUBSTITUTE:
        wrong.append(FieldViolation("dataset_size", "is public only where rows are replaced: NEIGHBOURING_RELATION_SUBSTITUTE"))
    elif request.HasField("group_by") or len(request.where) or unit.column is not None:
        wrong.append(FieldViolation("dataset_size", "goes without group_by, where and a unit column, which leave rows out"))
    elif statistic not in (Statistic.MEAN, Statistic.VARIANCE):
        wrong.append(FieldViolation("dataset_size", "is for means and variances"))
    return request.dataset_size


def _asked(
    statistic: Statistic, message: Any, noise: NoiseType, wrong: list[FieldViolation]
) -> tuple[tuple[Column, ...], Choice | None]:
    if statistic is Statistic.CHOICE:
        return (), _choice(message, wrong)
    if statistic is Statistic.COUNT and not message.columns:
        return (ALL_ROWS,), None
    path = f"{statistic}.columns"
    if not 1 <= len(message.columns) <= MOST_COLUMNS:
        wrong.append(FieldViolation(path, f"must have 1 to {MOST_COLUMNS} columns"))
    columns: list[Column] = []
    for place, each in enumerate(message.columns[:MOST_COLUMNS]):
        field = f"{path}[{place}]"
        bounds = bins = None
        if statistic is Statistic.HISTOGRAM:
            bins = bins_of(each, field, wrong)
        elif statistic is not Statistic.COUNT:
            bounds = _bounds(each, field, wrong, whole=noise.is_whole)
        own = amount_of_epsilon(each.epsilon, f"{field}.epsilon", wrong) if each.HasField("epsilon") else None
        if not each.column:
            wrong.append(FieldViolation(f"{field}.column", "is required"))
        elif any(each.column == other.name for other in columns):
            wrong.append(FieldViolation(f"{field}.column", f"names the column '{each.column}' a second time"))
        columns.append(Column(each.column, f"{field}.column", bounds, bins, own))
    return tuple(columns), None


def _bounds(each: query_pb2.BoundedColumn, field: str, wrong: list[FieldViolation], *, whole: bool) -> Bounds:
    found = Bounds(each.bounds.lower, each.bounds.upper)
    if not each.HasField("bounds"):
        wrong.append(FieldViolation(f"{field}.bounds", "is required: the least and the greatest value that count"))
    else:
        check_bounds(found, f"{field}.bounds", wrong)
        if whole and not all(end == math.floor(end) and abs(end) <= MOST_WHOLE for end in (found.lower, found.upper)):
            wrong.append(FieldViolation(f"{field}.bounds", "must be whole numbers of at most 2^30 for noise on whole numbers"))
    return found


def check_bounds(bounds: Bounds, field: str, wrong: list[FieldViolation]) -> None:
    """Adds a violation for bounds that are not two numbers in order."""
    if not (abs(bounds.lower) <= LARGEST and abs(bounds.upper) <= LARGEST):  # refuses NaN, too
        wrong.append(FieldViolation(field, "must be between -1e100 and 1e100"))
    elif not bounds.upper - bounds.lower >= CLOSEST:
        wrong.append(FieldViolation(f"{field}.lower", "must be below upper"))


def _choice(message: query_pb2.ExponentialQuery, wrong: list[FieldViolation]) -> Choice:
    path = "exponential.candidates"
    if not 2 <= len(message.candidates) <= MOST_CANDIDATES:
        wrong.append(FieldViolation(path, f"must have 2 to {MOST_CANDIDATES} candidates"))
    given = message.candidates[:MOST_CANDIDATES]
    candidates = [_candidate(each, f"{path}[{place}]", wrong) for place, each in enumerate(given)]
    if len(set(candidates)) < len(candidates):
        wrong.append(FieldViolation(path, "must name each candidate once"))
    if message.HasField("column"):
        if not message.column:
            wrong.append(FieldViolation("exponential.column", "must not be empty"))
        if message.HasField("sensitivity"):
            wrong.append(FieldViolation("exponential.sensitivity", "must be absent: that of a column's counts is known"))
        if any(each.HasField("utility") for each in given):
            wrong.append(FieldViolation(path, "must have no utility where a column gives it"))
        return Choice(tuple(candidates), message.column, (), 1.0, monotone=True)
    for place, each in enumerate(given):
        if not (each.HasField("utility") and abs(each.utility) <= LARGEST):
            wrong.append(FieldViolation(f"{path}[{place}].utility", "is required without a column, at most 1e100 in size"))
    if not CLOSEST <= message.sensitivity <= LARGEST:
        wrong.append(FieldViolation("exponential.sensitivity", "is required without a column, between 1e-100 and 1e100"))
    utilities = tuple(each.utility for each in given)
    return Choice(tuple(candidates), None, utilities, message.sensitivity, message.monotone)


def _candidate(each: query_pb2.Candidate, field: str, wrong: list[FieldViolation]) -> str | float:
    kind = each.WhichOneof("value")
    if kind is None:
        wrong.append(FieldViolation(field, "is required: text or number"))
    elif kind == "text" and len(each.text) > LONGEST_TEXT:
        wrong.append(FieldViolation(f"{field}.text", f"must have at most {LONGEST_TEXT} characters"))
    elif kind == "number" and not math.isfinite(each.number):
        wrong.append(FieldViolation(f"{field}.number", "must be finite"))
    return each.number if kind == "number" else each.text
