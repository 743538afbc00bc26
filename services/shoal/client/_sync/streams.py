# GENERATED from ../_async/streams.py by ../generate_sync.py; never edited.
"""Statistics that go on as batches arrive."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from google.protobuf import empty_pb2

from shoal.api.dp.v1 import dp_service_pb2, dp_service_pb2_grpc, query_pb2, stream_pb2
from shoal.client.calls import SyncCalls
from shoal.client.conditions import read_condition
from shoal.client.connection import SyncChannel
from shoal.client.tables import Table
from shoal.errors import InvalidArgumentError

from .datasets import Progress
from .dp import NOISES, bounded, grouped, named
from .transfer import Transfer

WINDOWS = {"sliding": stream_pb2.WINDOW_KIND_SLIDING, "tumbling": stream_pb2.WINDOW_KIND_TUMBLING}


class Streams:
    """`client.streams`: statistics that are released again and again while rows arrive, charged once.

    A stream is made by its first update, which brings its spec; later ones bring rows, ask for a release, or
    both.
    """

    def __init__(self, calls: SyncCalls, channel: SyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self._stub = dp_service_pb2_grpc.DifferentialPrivacyServiceStub(channel)

    @staticmethod
    def spec(
        statistic: str,
        columns: Mapping[str, tuple[float, float]] | Iterable[str] = (),
        *,
        epsilon: float | None = None,
        delta: float | None = None,
        noise: str | None = None,
        window: tuple[str, int] | None = None,
        group_by: str | None = None,
        groups: Iterable[str] | Mapping[str, float | None] = (),
        unlisted: str | None = None,
        where: Iterable[str | query_pb2.Condition] = (),
        privacy_unit: query_pb2.PrivacyUnit | None = None,
        max_releases: int | None = None,
        budgets: Iterable[str] = (),
    ) -> stream_pb2.StreamSpec:
        """The spec of a stream.

        statistic: mean, sum or variance of columns with their bounds, or count, perhaps of columns. window: its kind
        (sliding or tumbling) and its length in batches. groups: known without looking at the data; unlisted: `other`
        or `drop`.
        """
        found = stream_pb2.StreamSpec(
            epsilon=epsilon,
            delta=delta,
            noise=None if noise is None else named(NOISES, noise, "noise"),
            where=[read_condition(each) if isinstance(each, str) else each for each in where],
            privacy_unit=privacy_unit,
            max_releases=max_releases,
            budgets=[each if each.startswith("budgets/") else f"budgets/{each}" for each in budgets],
        )
        if statistic == "count":
            found.count.SetInParent()
            found.count.columns.extend(query_pb2.CountedColumn(column=each) for each in columns)
        elif statistic in ("mean", "sum", "variance"):
            if not isinstance(columns, Mapping):
                raise InvalidArgumentError(f"columns: a {statistic} needs the bounds of its columns")
            getattr(found, statistic).columns.extend(bounded(columns))
        else:
            raise InvalidArgumentError(f"statistic: there is no {statistic!r} of streams; there are mean, sum, variance, count")
        if window is not None:
            found.window.kind, found.window.batch_count = named(WINDOWS, window[0], "window"), window[1]
        if group_by is not None:
            found.group_by.CopyFrom(grouped(group_by, {"groups": groups, "unlisted": unlisted or "other"}))
        return found

    def update(
        self,
        name: str | None = None,
        batch: Table | None = None,
        *,
        spec: stream_pb2.StreamSpec | None = None,
        release: bool = False,
        request_id: str | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> dp_service_pb2.UpdateStreamResponse:
        """Takes a batch in, makes the stream when there is a spec and no stream, and releases when asked to.

        name: without one the server chooses. spec: by `client.streams.spec`. request_id: a UUID; give the same one when
        you try again, or a batch may be counted twice. Without a new batch a release is the last one again, free.
        """
        request = dp_service_pb2.UpdateStreamRequest(
            name="" if name is None else _stream_name(name),
            spec=spec,
            release=release,
            request_id=request_id or str(uuid.uuid4()),
        )
        if batch is None:
            return self._calls.unary(self._stub.UpdateStream, request)
        with Transfer(self._calls, self._channel, progress) as transfer:
            request.batch.CopyFrom(transfer.source(batch, separator=separator))
            return self._calls.unary(self._stub.UpdateStream, request, seconds=None)

    def get(self, name: str) -> stream_pb2.Stream:
        """Returns a stream with its last release, at no charge."""
        return self._calls.unary(self._stub.GetStream, dp_service_pb2.GetStreamRequest(name=_stream_name(name)))

    def list_streams(self, *, limit: int | None = 100) -> list[stream_pb2.Stream]:
        """Returns the newest streams, at most `limit` (None: all), without their groups' keys and releases."""
        request = dp_service_pb2.ListStreamsRequest()
        found: list[stream_pb2.Stream] = []
        while limit is None or len(found) < limit:
            request.page_size = 500 if limit is None else min(500, limit - len(found))
            page = self._calls.unary(self._stub.ListStreams, request)
            found += page.streams
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found

    def delete(self, name: str) -> empty_pb2.Empty:
        """Deletes a stream and its sums; what it spent stays spent."""
        request = dp_service_pb2.DeleteStreamRequest(name=_stream_name(name))
        return self._calls.unary(self._stub.DeleteStream, request)


def _stream_name(name: str) -> str:
    return name if name.startswith("streams/") else f"streams/{name}"
