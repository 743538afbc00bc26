"""How tables get to the server for one call: by name, inside the request when small, else uploaded and
deleted afterwards."""

from __future__ import annotations

import logging
from datetime import timedelta
from types import TracebackType

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.client.calls import CLEANUP_SECONDS, AsyncCalls
from shoal.client.connection import AsyncChannel
from shoal.client.policies import Policy, ReadPolicy, override_k, read_policy
from shoal.client.tables import INLINE_BYTES, Table, named_source, payload
from shoal.errors import NotFoundError, ShoalError

from .datasets import AsyncDatasets, Progress

REQUEST_BYTES = 2 * 1024 * 1024
"""How many bytes of tables one request carries at most; the contract's limit for all of it is 4 MiB."""

TRANSIENT = timedelta(hours=24)
"""How long the server keeps an uploaded table whose deletion never arrives."""

log = logging.getLogger("shoal.client")


class AsyncTransfer:
    """The tables of one request. Leaving the block deletes what was uploaded for it."""

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel, progress: Progress | None = None) -> None:
        self._datasets = AsyncDatasets(calls, channel)
        self._cleanup = AsyncDatasets(calls.with_timeout(CLEANUP_SECONDS), channel)
        self._calls = calls
        self._progress = progress
        self._inline_bytes = 0
        self._uploaded: list[str] = []

    async def __aenter__(self) -> AsyncTransfer:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self._uploaded:
            try:
                await self._cleanup.delete(name)
            except NotFoundError:
                pass  # gone already, as it should be
            except ShoalError as failure:
                # The call's own result or error matters more; the server deletes the table when its time is
                # over.
                log.warning("%s was not deleted and expires by itself: %s", name, failure.message)

    async def source(self, table: Table, *, separator: str | None = None, headerless: bool = False) -> table_pb2.TableSource:
        """The source that stands for `table` in a request; headerless: a CSV without a header line."""
        named = named_source(table)
        if named is not None:
            return named
        content = await self._calls.blocking(payload, table, separator)
        if content.size <= min(INLINE_BYTES, REQUEST_BYTES - self._inline_bytes):
            inline = await self._calls.blocking(content.inline)
            self._inline_bytes += len(inline.data)
            return table_pb2.TableSource(inline=inline)
        dataset = await self._datasets.upload(
            table, separator=separator, headerless=headerless, ttl=TRANSIENT, progress=self._progress
        )
        self._uploaded.append(dataset.name)
        return table_pb2.TableSource(dataset=dataset.name)

    async def policy(self, policy: Policy | ReadPolicy, k: int | None = None) -> policy_pb2.AnonymizationPolicy:
        """The policy as a request carries it: every `file` in place, its k overridden by `k`; what was given stays
        as it is."""
        wanted = policy if isinstance(policy, ReadPolicy) else await self._calls.blocking(read_policy, policy)
        await self._calls.blocking(wanted.check_files)
        sources = [await self.source(each.path, headerless=each.headerless) for each in wanted.files]
        for each, source in zip(wanted.files, sources, strict=True):
            each.source.CopyFrom(source)
        message = policy_pb2.AnonymizationPolicy()
        message.CopyFrom(wanted.message)
        if k is not None:
            override_k(message, k)
        return message
