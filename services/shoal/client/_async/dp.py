"""Statistics with differential privacy."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from shoal.api.dp.v1 import dp_service_pb2, dp_service_pb2_grpc, query_pb2
from shoal.client.calls import AsyncCalls
from shoal.client.conditions import read_condition
from shoal.client.connection import AsyncChannel
from shoal.client.tables import Table
from shoal.errors import InvalidArgumentError

from .datasets import Progress
from .transfer import AsyncTransfer

NOISES = {
    "laplace": query_pb2.NOISE_TYPE_LAPLACE,
    "gaussian": query_pb2.NOISE_TYPE_GAUSSIAN,
    "discrete_laplace": query_pb2.NOISE_TYPE_DISCRETE_LAPLACE,
    "discrete_geometric": query_pb2.NOISE_TYPE_DISCRETE_LAPLACE,
    "discrete_gaussian": query_pb2.NOISE_TYPE_DISCRETE_GAUSSIAN,
}
UNLISTED = {
    "drop": query_pb2.UNLISTED_GROUPS_DROP,
    "other": query_pb2.UNLISTED_GROUPS_OTHER,
    "discover": query_pb2.UNLISTED_GROUPS_DISCOVER,
}


class AskedOptions(TypedDict, total=False):
    """What every query may say; left out means what the contract's absent fields mean.

    noise: one of NOISES. group_by: a column; groups: its values that are known without looking at the data,
    perhaps each with its epsilon; unlisted: one of UNLISTED, by default `discover` where no groups are given.
    where: conditions such as `age >= 50`. budgets: names, charged besides the content's own. request_id: a
    UUID; give the same one when you try again. preview: read and charge nothing, only say how much noise there
    would be; expected_rows: about how many rows, for previews of means and variances.
    """

    epsilon: float | None
    delta: float | None
    noise: str
    group_by: str | None
    groups: Iterable[str] | Mapping[str, float | None]
    unlisted: str | None
    min_group_size: int | None
    where: Iterable[str | query_pb2.Condition]
    privacy_unit: query_pb2.PrivacyUnit | None
    dataset_size: int | None
    budgets: Iterable[str]
    request_id: str | None
    preview: bool
    expected_rows: int | None
    separator: str | None
    progress: Progress | None


class AsyncDp:
    """`client.dp`: noisy answers, charged to the budget of the table's content and to those that are named.

    Bounds, bins, groups and candidates must be known without looking at the data.
    """

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self._stub = dp_service_pb2_grpc.DifferentialPrivacyServiceStub(channel)

    async def mean(
        self, table: Table | None, columns: Mapping[str, tuple[float, float]], **options: Unpack[AskedOptions]
    ) -> dp_service_pb2.ComputeResponse:
        """The mean of each column, within its bounds."""
        return await self._ask(table, options, mean=query_pb2.MeanQuery(columns=bounded(columns)))

    async def sum(
        self, table: Table | None, columns: Mapping[str, tuple[float, float]], **options: Unpack[AskedOptions]
    ) -> dp_service_pb2.ComputeResponse:
        """The sum of each column, of values clipped to its bounds."""
        return await self._ask(table, options, sum=query_pb2.SumQuery(columns=bounded(columns)))

    async def variance(
        self, table: Table | None, columns: Mapping[str, tuple[float, float]], **options: Unpack[AskedOptions]
    ) -> dp_service_pb2.ComputeResponse:
        """The population variance of each column, of values clipped to its bounds."""
        return await self._ask(table, options, variance=query_pb2.VarianceQuery(columns=bounded(columns)))

    async def count(
        self, table: Table | None, columns: Iterable[str] = (), **options: Unpack[AskedOptions]
    ) -> dp_service_pb2.ComputeResponse:
        """The number of rows; with columns, of those in which each is not null."""
        query = query_pb2.CountQuery(columns=[query_pb2.CountedColumn(column=name) for name in columns])
        return await self._ask(table, options, count=query)

    async def histogram(
        self,
        table: Table | None,
        column: str,
        *,
        bins: int | Sequence[float] | None = None,
        bounds: tuple[float, float] | None = None,
        categories: Iterable[str] = (),
        clamp: bool = False,
        **options: Unpack[AskedOptions],
    ) -> dp_service_pb2.ComputeResponse:
        """The number of rows by bin: `bins` of one width within `bounds`, between the edges `bins`, or one a category.

        clamp: values in no bin count in the first or the last one.
        """
        binned = query_pb2.BinnedColumn(column=column)
        if clamp:
            binned.outliers = query_pb2.OUTLIERS_CLAMP
        if bins is None:
            binned.categories.values.extend(categories)
        elif isinstance(bins, int):
            if bounds is None:
                raise InvalidArgumentError("bounds: a number of bins needs the range that they divide")
            binned.equal_width.count = bins
            binned.equal_width.range.lower, binned.equal_width.range.upper = bounds
        else:
            binned.edges.edges.extend(bins)
        return await self._ask(table, options, histogram=query_pb2.HistogramQuery(columns=[binned]))

    async def choose(
        self,
        table: Table | None,
        candidates: Iterable[str | float] | Mapping[str | float, float],
        *,
        column: str | None = None,
        sensitivity: float | None = None,
        monotone: bool = False,
        **options: Unpack[AskedOptions],
    ) -> dp_service_pb2.ComputeResponse:
        """One of the candidates, a good one with high probability: the value that many rows of `column` have, or one of high
        utility, which `candidates` map to, of at most that `sensitivity`."""
        given = candidates if isinstance(candidates, Mapping) else dict.fromkeys(candidates)
        query = query_pb2.ExponentialQuery(column=column, sensitivity=sensitivity, monotone=monotone)
        for value, utility in given.items():
            if isinstance(value, str):
                query.candidates.add(text=value, utility=utility)
            else:
                query.candidates.add(number=value, utility=utility)
        return await self._ask(table, options, exponential=query)

    async def _ask(self, table: Table | None, options: AskedOptions, **query: Any) -> dp_service_pb2.ComputeResponse:
        preview = options.get("preview", False)
        if table is None and not preview:
            raise InvalidArgumentError("table: is required, unless this is a preview")
        noise = options.get("noise")
        request = dp_service_pb2.ComputeRequest(
            epsilon=options.get("epsilon"),
            delta=options.get("delta"),
            noise=None if noise is None else named(NOISES, noise, "noise"),
            where=[read_condition(each) if isinstance(each, str) else each for each in options.get("where", ())],
            privacy_unit=options.get("privacy_unit"),
            dataset_size=options.get("dataset_size"),
            budgets=[each if each.startswith("budgets/") else f"budgets/{each}" for each in options.get("budgets", ())],
            request_id="" if preview else options.get("request_id") or str(uuid.uuid4()),
            validate_only=preview,
            expected_row_count=options.get("expected_rows"),
            **query,
        )
        group_by = options.get("group_by")
        if group_by is not None:
            request.group_by.CopyFrom(grouped(group_by, options))
        if table is None or preview:
            return await self._calls.unary(self._stub.Compute, request)
        async with AsyncTransfer(self._calls, self._channel, options.get("progress")) as transfer:
            request.table.CopyFrom(await transfer.source(table, separator=options.get("separator")))
            return await self._calls.unary(self._stub.Compute, request, seconds=None)


def bounded(columns: Mapping[str, tuple[float, float]]) -> list[query_pb2.BoundedColumn]:
    """Columns with their bounds, as messages."""
    return [
        query_pb2.BoundedColumn(column=name, bounds=query_pb2.Bounds(lower=lower, upper=upper))
        for name, (lower, upper) in columns.items()
    ]


def grouped(column: str, options: AskedOptions) -> query_pb2.GroupBy:
    """Groups, as a message."""
    groups = options.get("groups", ())
    keys = groups if isinstance(groups, Mapping) else dict.fromkeys(groups)
    unlisted = options.get("unlisted") or ("drop" if keys else "discover")
    found = query_pb2.GroupBy(
        column=column, unlisted=named(UNLISTED, unlisted, "unlisted"), min_group_size=options.get("min_group_size")
    )
    for value, epsilon in keys.items():
        found.keys.add(value=value, epsilon=epsilon)
    return found


def named(known: Mapping[str, Any], name: str, option: str) -> Any:
    """The value that a word stands for; raises InvalidArgumentError."""
    try:
        return known[name.lower().replace("-", "_")]
    except KeyError:
        raise InvalidArgumentError(f"{option}: there is no {name!r}; there are {', '.join(known)}") from None
