"""The outbox: audit entries wait in the database of the service where they happened, committed with their effect.

A relay sends them to the audit service and deletes what it took. Nothing is lost while audit is down, and nothing is done
without a trace. Sending twice is harmless: audit skips an entry that it has.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sqlalchemy import event, insert, text
from sqlmodel import Field, Session, SQLModel, col, delete, select

from shoal.errors import InvalidArgumentError, ShoalError
from shoal.runtime.calls import Draft, shortened
from shoal.runtime.database import Database, UtcTime, now

log = logging.getLogger(__name__)

BATCH = 200
BATCH_BYTES = 2 * 1024**2  # well below the 4 MiB of a message
POLL_SECONDS = 1.0
LEASE_SECONDS = 15.0


class OutboxEntry(SQLModel, table=True):
    """One entry that waits for the relay."""

    __tablename__ = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    entry_id: str = Field(unique=True, max_length=64)
    organization: str = Field(max_length=64)
    content: str


class Lease(SQLModel, table=True):
    """Who may do a piece of work that only one process may do at a time, and until when."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True, max_length=64)
    owner: str = Field(max_length=64)
    until: dt.datetime = Field(sa_type=UtcTime)


# Made once: every call with an effect executes it, and the unit of work would take several times as long.
_ADD = insert(OutboxEntry.__table__)  # type: ignore[attr-defined]


def add(session: Session, draft: Draft, failure: ShoalError | None = None) -> None:
    """Puts the call's entry into the service's own transaction, where its effect is."""
    organization = draft.caller.organization if draft.caller else ""
    entry = {"entry_id": draft.entry_id, "organization": organization, "content": draft.content(failure)}
    session.connection().execute(_ADD, entry)

    def committed(_session: object) -> None:
        draft.written = True

    event.listen(session, "after_commit", committed, once=True)


def write(database: Database, draft: Draft, failure: ShoalError | None) -> None:
    """Writes the entry of a call without effect (a read, a refusal, a failure) in a transaction of its own."""
    with database.begin() as session:
        add(session, draft, failure)


@dataclass(frozen=True)
class Waiting:
    """An entry taken from the outbox to be sent."""

    id: int
    entry_id: str
    organization: str
    content: str


Send = Callable[[list[Waiting]], Awaitable[None]]


class Relay:
    """Moves the entries of one service's outbox to the audit service, one process at a time."""

    def __init__(self, database: Database, owner: str, send: Send, is_alive: Callable[[str], bool]) -> None:
        self._database = database
        self._is_alive = is_alive
        self._owner = owner
        self._send = send
        self._wake = asyncio.Event()
        self._busy = asyncio.Lock()

    def wake(self) -> None:
        """Says that there may be something to send."""
        self._wake.set()

    async def run(self) -> None:
        """Sends for ever; ends by cancellation. A failure is tried again: the entries stay where they are."""
        while True:
            try:
                await self.drain()
            except ShoalError as error:
                log.warning("the audit service does not take entries (%s); they wait in the outbox", error.code)
            except Exception as error:
                log.warning("the outbox cannot be read now (%s); trying again", type(error).__name__)
            self._wake.clear()
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue  # other processes put entries into the same outbox without waking us

    async def drain(self) -> None:
        """Sends everything that waits now. Waits while another process has the lease, which ends by itself."""
        async with self._busy:
            while True:
                if not await asyncio.to_thread(self._acquire):
                    if not await asyncio.to_thread(self._take):
                        return
                    await asyncio.sleep(0.02)
                    continue
                batch = await asyncio.to_thread(self._take)
                if batch:
                    await self._deliver(batch)
                await asyncio.to_thread(self._finish, [entry.id for entry in batch])
                if not batch:
                    return

    async def _deliver(self, batch: list[Waiting]) -> None:
        try:
            await self._send(batch)
        except InvalidArgumentError:
            # One entry that is refused must not hold up the others for ever: it goes on record without its details.
            if len(batch) > 1:
                for entry in batch:
                    await self._deliver([entry])
                return
            log.warning("entry %s was refused by the audit service and is recorded without details", batch[0].entry_id)
            await self._send([replace(batch[0], content=shortened(batch[0].content))])

    def _acquire(self) -> bool:
        with self._database.begin() as session:
            moment = now()
            lease = session.get(Lease, "relay")
            if lease is None:
                lease = Lease(name="relay", owner=self._owner, until=moment)
            elif lease.owner != self._owner and lease.until > moment and self._is_alive(lease.owner):
                return False
            lease.owner, lease.until = self._owner, moment + dt.timedelta(seconds=LEASE_SECONDS)
            session.add(lease)
            return True

    def _take(self) -> list[Waiting]:
        with self._database.begin() as session:
            found = session.exec(select(OutboxEntry).order_by(col(OutboxEntry.id)).limit(BATCH)).all()
        taken: list[Waiting] = []
        size = 0
        for each in found:
            size += len(each.content)
            if taken and size > BATCH_BYTES:
                break
            taken.append(Waiting(each.id or 0, each.entry_id, each.organization, each.content))
        return taken

    def _finish(self, ids: list[int]) -> None:
        with self._database.begin() as session:
            if ids:
                session.exec(delete(OutboxEntry).where(col(OutboxEntry.id).in_(ids)))
            session.execute(text("DELETE FROM leases WHERE name = 'relay' AND owner = :owner"), {"owner": self._owner})
