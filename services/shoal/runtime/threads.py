"""Threads under calls: work that has begun is waited for, whatever the caller does meanwhile.

Cancelling a coroutine does not stop the thread that it waits for. A call that ended while its thread still commits would be
recorded as cancelled although its effect happens, and what the thread holds would be cleaned up under its hands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def completed(work: asyncio.Future[T]) -> T:
    """The outcome of `work`; when the call is cancelled meanwhile, the cancellation is raised after `work` has ended."""
    cancelled = False
    while not work.done():
        try:
            await asyncio.wait([work])
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        if not work.cancelled():
            work.exception()  # seen: the cancellation is what the caller hears of
        raise asyncio.CancelledError
    return work.result()


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Runs a short piece of work (a unit of work on a database, a write to a file) in a thread, to its end."""
    return await completed(asyncio.ensure_future(asyncio.to_thread(work, *args, **kwargs)))


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end, also when the call is cancelled meanwhile."""
    return await completed(asyncio.ensure_future(work))
