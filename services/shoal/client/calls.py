"""The few things that differ between the two clients: how a call is awaited, cancelled and iterated.

`AsyncCalls` and `SyncCalls` have the same methods; everything above them is written once, in `_async`, and
generated for `_sync`.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent import futures
from typing import Generic, Protocol, TypeVar

import grpc
import grpc.aio

from shoal.client.connection import Connection
from shoal.client.failures import from_rpc
from shoal.errors import CancelledError

Request = TypeVar("Request")
Response = TypeVar("Response")
Item = TypeVar("Item")
Result = TypeVar("Result")

ORDINARY_SECONDS = 30.0
"""How long a call may take that only reads or changes a record."""

CLEANUP_SECONDS = 5.0
"""How long deleting what a cancelled call left behind may take."""


class _Requests(Generic[Item]):
    """The messages of an upload. gRPC turns an error of the iterator into a bare UNKNOWN, so it is kept here
    to be raised."""

    def __init__(self, messages: Iterator[Item]) -> None:
        self._messages = messages
        self.failure: Exception | None = None

    def next(self) -> Item | None:
        """The next message, None at the end."""
        try:
            return next(self._messages, None)
        except Exception as error:
            self.failure = error
            raise

    def __iter__(self) -> Iterator[Item]:
        while (message := self.next()) is not None:
            yield message

    async def stream(self) -> AsyncIterator[Item]:
        """The messages, read in a thread so that the event loop never waits for a disk."""
        while (message := await asyncio.to_thread(self.next)) is not None:
            yield message


class _Calls:
    """What both kinds share: the server, the key and the time a call may take."""

    def __init__(self, connection: Connection, timeout: float | None) -> None:
        self.target = connection.target
        self._connection = connection
        self._metadata = connection.metadata
        self._timeout = timeout

    def _seconds(self, default: float | None) -> float | None:
        return default if self._timeout is None else self._timeout


class AsyncCalls(_Calls):
    """Makes the async client's calls. Cancelling the awaiting task cancels the call on the server, too."""

    def with_timeout(self, seconds: float | None) -> AsyncCalls:
        """The same server and key, with another longest time for a call."""
        return AsyncCalls(self._connection, seconds)

    async def unary(
        self,
        method: grpc.aio.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        *,
        seconds: float | None = ORDINARY_SECONDS,
    ) -> Response:
        """One request, one answer."""
        try:
            return await method(request, timeout=self._seconds(seconds), metadata=self._metadata)
        except grpc.RpcError as error:
            raise from_rpc(error, self.target) from error

    async def upload(
        self, method: grpc.aio.StreamUnaryMultiCallable[Request, Response], messages: Iterator[Request]
    ) -> Response:
        """A stream of requests, one answer."""
        requests = _Requests(messages)
        try:
            return await method(requests.stream(), timeout=self._timeout, metadata=self._metadata)
        except (grpc.RpcError, asyncio.CancelledError) as error:
            if requests.failure is not None:
                raise requests.failure from error
            if isinstance(error, grpc.RpcError):
                raise from_rpc(error, self.target) from error
            raise

    @contextlib.asynccontextmanager
    async def stream(
        self, method: grpc.aio.UnaryStreamMultiCallable[Request, Response], request: Request
    ) -> AsyncIterator[AsyncIterator[Response]]:
        """One request, a stream of answers; leaving the block ends the call on the server."""
        call = method(request, timeout=self._timeout, metadata=self._metadata)
        try:
            yield aiter(call)
        except grpc.RpcError as error:
            raise from_rpc(error, self.target) from error
        finally:
            call.cancel()

    async def blocking(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Runs a function that waits for a disk or works long, outside the event loop."""
        return await asyncio.to_thread(function, *arguments)


class _Cancellable(Protocol):
    def cancel(self) -> bool: ...


Call = TypeVar("Call", bound=_Cancellable)


def _started(start: Callable[[], Call]) -> Call:
    """The call that `start` begins, begun in a thread of its own.

    Ctrl-C raises in the main thread, wherever it is. Inside gRPC's bookkeeping for a new call that leaves the channel
    without the thread that serves it, and every later call on it, such as cleaning up, waits for ever.
    """
    begun: futures.Future[Call] = futures.Future()

    def run() -> None:
        try:
            begun.set_result(start())
        except BaseException as error:  # whatever it is, it is raised where the call is waited for
            begun.set_exception(error)

    try:
        threading.Thread(target=run, name="shoal call", daemon=True).start()
        return begun.result()
    except KeyboardInterrupt:
        begun.add_done_callback(_cancel)
        raise


def _cancel(begun: futures.Future[Call]) -> None:
    if begun.exception() is None:
        begun.result().cancel()


class SyncCalls(_Calls):
    """Makes the sync client's calls. An interrupt while waiting cancels the call on the server, too."""

    def with_timeout(self, seconds: float | None) -> SyncCalls:
        """The same server and key, with another longest time for a call."""
        return SyncCalls(self._connection, seconds)

    def unary(
        self,
        method: grpc.UnaryUnaryMultiCallable[Request, Response],
        request: Request,
        *,
        seconds: float | None = ORDINARY_SECONDS,
    ) -> Response:
        """One request, one answer."""
        return self._result(_started(lambda: method.future(request, timeout=self._seconds(seconds), metadata=self._metadata)))

    def upload(self, method: grpc.StreamUnaryMultiCallable[Request, Response], messages: Iterator[Request]) -> Response:
        """A stream of requests, one answer."""
        requests = _Requests(messages)
        call = _started(lambda: method.future(iter(requests), timeout=self._timeout, metadata=self._metadata))
        try:
            return self._result(call)
        except Exception as error:
            if requests.failure is not None:
                raise requests.failure from error
            raise

    @contextlib.contextmanager
    def stream(
        self, method: grpc.UnaryStreamMultiCallable[Request, Response], request: Request
    ) -> Iterator[Iterator[Response]]:
        """One request, a stream of answers; leaving the block ends the call on the server."""
        call = _started(lambda: method(request, timeout=self._timeout, metadata=self._metadata))
        try:
            yield iter(call)
        except grpc.RpcError as error:
            raise from_rpc(error, self.target) from error
        finally:
            call.cancel()

    def blocking(self, function: Callable[..., Result], *arguments: object) -> Result:
        """Runs a function; the sync client has no event loop to keep free."""
        return function(*arguments)

    def _result(self, call: grpc.Future[Response]) -> Response:
        try:
            return call.result()
        except grpc.FutureCancelledError as error:
            raise CancelledError("the call was cancelled; nothing was kept") from error
        except grpc.RpcError as error:
            raise from_rpc(error, self.target) from error
        except BaseException:
            call.cancel()
            raise
