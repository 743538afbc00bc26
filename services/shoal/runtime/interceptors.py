"""What happens around every call, outermost first; the order of this file is the order of the stages.

    exception guard     errors become status; a bug becomes an id, and no data value leaves
    audit               the draft is opened, and written on exit unless the handler wrote it with its effect
    gate                a stopping server takes no new calls from outside
    authentication      who calls
    authorisation       may they: one table, refused by default
    deadline            the shorter of the caller's and the server's

All four kinds of handlers (one or many messages in, one or many out) are wrapped alike.
"""

from __future__ import annotations

import asyncio
import inspect
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import grpc
import grpc.aio

from shoal.errors import (
    CancelledError,
    DeadlineExceededError,
    ErrorReason,
    InvalidArgumentError,
    PermissionDeniedError,
    ShoalError,
    UnauthenticatedError,
    UnavailableError,
)
from shoal.runtime import access, outbox
from shoal.runtime.calls import Caller, Draft, Role, current_draft
from shoal.runtime.database import Database
from shoal.runtime.registration import Undecodable
from shoal.runtime.status import to_status, unexpected
from shoal.runtime.threads import in_thread

Authenticate = Callable[[dict[str, str]], Awaitable[Caller]]

CLEAN_UP_SECONDS = 20.0
# Each call of an unknown caller costs us a durable write; a flood of them must not fill the disk.
REFUSALS_PER_SECOND = 5.0
REFUSALS_AT_ONCE = 100.0


class Gate:
    """Counts the calls from outside, and lets none in any more once it is closed."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    def enter(self) -> None:
        """Lets a call in; raises UnavailableError when the server is stopping."""
        if self._closed:
            raise UnavailableError("the server is stopping; try again in a moment")
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
        self._idle.clear()

    def leave(self) -> None:
        """Notes that a call is over."""
        task = asyncio.current_task()
        if task is not None:
            self._running.discard(task)
        if not self._running:
            self._idle.set()

    async def close(self, grace: float) -> None:
        """Lets no more calls in, waits `grace` seconds for the running ones and cancels those that still run.

        Cancelled calls get the time to take back what they wrote, while their neighbours are still there.
        """
        self._closed = True
        for seconds in (grace, CLEAN_UP_SECONDS):
            try:
                async with asyncio.timeout(seconds):
                    await self._idle.wait()
            except TimeoutError:
                for task in self._running:
                    task.cancel()


class _RefusalBucket:
    """Lets refusals of unknown callers through at a bounded rate, and counts the others for the next entry."""

    def __init__(self) -> None:
        self._level = REFUSALS_AT_ONCE
        self._last = time.monotonic()
        self._skipped = 0

    def admit(self, draft: Draft) -> bool:
        moment = time.monotonic()
        self._level = min(REFUSALS_AT_ONCE, self._level + (moment - self._last) * REFUSALS_PER_SECOND)
        self._last = moment
        if self._level < 1:
            self._skipped += 1
            return False
        self._level -= 1
        if self._skipped:
            draft.details["refusals_not_recorded_before"] = str(self._skipped)
            self._skipped = 0
        return True


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler in the stages above."""

    def __init__(
        self,
        *,
        databases: Mapping[str, Database],
        authenticate: Authenticate,
        gate: Gate,
        max_seconds: float,
        on_entry: Callable[[str], None],
    ) -> None:
        self._databases = databases
        self._authenticate = authenticate
        self._gate = gate
        self._max_seconds = max_seconds
        self._on_entry = on_entry
        self._refusals = _RefusalBucket()

    async def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], Awaitable[grpc.RpcMethodHandler[Any, Any] | None]],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Finds the call's handler and returns it wrapped."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return handler
        return self._wrapped(handler, handler_call_details.method)

    def _wrapped(self, handler: Any, method: str) -> grpc.RpcMethodHandler[Any, Any]:
        inner = handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
        checked = _checked_stream if handler.request_streaming else _checked_message

        async def answer_once(request: Any, context: Any) -> Any:
            async with self._around(method, context):
                return await inner(checked(request), context)

        async def answer_many(request: Any, context: Any) -> None:
            # Writes instead of yielding: a caller who goes away then cancels this coroutine where it waits, while a generator
            # would be left suspended, with the file it reads and the draft it carries, until it is collected.
            async with self._around(method, context):
                answer = inner(checked(request), context)
                if not inspect.isasyncgen(answer):
                    await answer  # a handler that writes by itself, such as health's Watch
                    return
                async with aclosing(answer) as responses:
                    async for response in responses:
                        await _written(context, response)

        shape = {
            "request_deserializer": handler.request_deserializer,
            "response_serializer": handler.response_serializer,
        }
        if handler.unary_unary:
            return grpc.unary_unary_rpc_method_handler(answer_once, **shape)
        if handler.unary_stream:
            return grpc.unary_stream_rpc_method_handler(answer_many, **shape)
        if handler.stream_unary:
            return grpc.stream_unary_rpc_method_handler(answer_once, **shape)
        return grpc.stream_stream_rpc_method_handler(answer_many, **shape)

    @asynccontextmanager
    async def _around(self, method: str, context: Any) -> AsyncIterator[None]:
        rule = access.RULES.get(method)
        request_id = uuid.uuid4().hex
        context.set_trailing_metadata((("x-request-id", request_id),))
        draft = Draft(service=service_of(method), method=method, request_id=request_id, audited=rule is None or rule.audited)
        reset = current_draft.set(draft)
        try:
            async with self._recorded(draft, context):
                metadata = {key: value for key, value in context.invocation_metadata() or () if isinstance(value, str)}
                if rule is None or rule.access is not access.Access.PUBLIC:
                    draft.caller = await self._authenticate(metadata)
                _authorise(method, rule, draft.caller)
                async with self._counted(draft.caller), self._limited(context):
                    yield
        except ShoalError as error:
            await context.abort_with_status(to_status(error))
        finally:
            current_draft.reset(reset)

    @asynccontextmanager
    async def _recorded(self, draft: Draft, context: Any) -> AsyncIterator[None]:
        """The exception guard and the audit entry: whatever ends the call, it is a ShoalError from here on, and on record."""
        failure: ShoalError | None = None
        try:
            yield
        except (asyncio.CancelledError, GeneratorExit):
            remaining = context.time_remaining()
            late = remaining is not None and remaining <= 0
            failure = (
                DeadlineExceededError("the call's deadline passed")
                if late
                else CancelledError("the caller cancelled the call or went away")
            )
            raise
        except ShoalError as error:
            failure = error
            raise
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            # Base: a library's panic is no Exception, and must not get past the guard, either.
            failure = unexpected(error)
            raise failure from None
        finally:
            await self._record(draft, failure)

    async def _record(self, draft: Draft, failure: ShoalError | None) -> None:
        if draft.audited and not draft.written and self._worth_recording(draft):
            try:
                await in_thread(outbox.write, self._database(draft.service), draft, failure)
            except Exception as error:
                # What cannot be recorded must not succeed, and this error must not leave as it is.
                raise unexpected(error) from None
        if draft.written:
            self._on_entry(draft.service)

    def _worth_recording(self, draft: Draft) -> bool:
        return draft.caller is not None or self._refusals.admit(draft)

    def _database(self, service: str) -> Database:
        # A service that is not built yet has no database of its own; its refusals wait in another's outbox.
        return self._databases.get(service) or next(iter(self._databases.values()))

    @asynccontextmanager
    async def _counted(self, caller: Caller | None) -> AsyncIterator[None]:
        # Calls among our own services go on while the server stops: the calls from outside that still run need them.
        if caller is None or caller.role is Role.SERVICE:
            yield
            return
        self._gate.enter()
        try:
            yield
        finally:
            self._gate.leave()

    @asynccontextmanager
    async def _limited(self, context: Any) -> AsyncIterator[None]:
        remaining = context.time_remaining()
        if remaining is not None and remaining <= 0:
            raise DeadlineExceededError("the call's deadline had passed when it arrived")
        limit = asyncio.timeout(self._max_seconds)
        try:
            async with limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise DeadlineExceededError(
                f"the call took longer than this server allows ({self._max_seconds:g} s, SHOAL_MAX_CALL_SECONDS)"
            ) from None


async def _written(context: Any, response: Any) -> None:
    try:
        await context.write(response)
    except grpc.aio.InternalError:
        # What a write says that comes after the caller went away and before the cancellation is heard of.
        raise asyncio.CancelledError from None


def service_of(method: str) -> str:
    """The short name of the service that a method belongs to: `/shoal.api.risk.v1.RiskService/AssessRisk` is of `risk`."""
    parts = method.lstrip("/").split(".")
    return parts[2] if parts[:2] == ["shoal", "api"] and len(parts) > 2 else parts[0]


def _authorise(method: str, rule: access.Rule | None, caller: Caller | None) -> None:
    if rule is not None and rule.access is access.Access.PUBLIC:
        return
    if caller is None:
        raise UnauthenticatedError("this call needs a credential")
    if rule is None or caller.role not in access.ALLOWED[rule.access]:
        raise PermissionDeniedError(
            f"the role {caller.role.value} may not call {method}",
            reason=ErrorReason.PERMISSION_MISSING,
            metadata={"method": method},
        )


def _checked_message(request: Any) -> Any:
    if isinstance(request, Undecodable):
        raise InvalidArgumentError("the request's bytes are not a message of this call")
    return request


async def _checked_stream(requests: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for request in requests:
        yield _checked_message(request)
