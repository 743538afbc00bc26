"""Streams as they are kept: found, listed, deleted, and taken further in one transaction with their noise and their release."""

from __future__ import annotations

import asyncio
import uuid
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from shoal.accounting.amounts import DELTA_UNITS
from shoal.api.dp.v1 import dp_service_pb2, stream_pb2
from shoal.dp import records as answer_records
from shoal.dp.even_time import even_time
from shoal.dp.streams import messages, records
from shoal.dp.streams.advance import State, answers, brought_up, taken
from shoal.dp.streams.fence import Fence
from shoal.dp.streams.layout import Layout
from shoal.dp.streams.records import StreamRow, StreamState
from shoal.dp.streams.spec_from_wire import stream_id
from shoal.errors import ErrorReason, FailedPreconditionError, NotFoundError
from shoal.kernels import Monitor
from shoal.runtime import outbox, wire
from shoal.runtime.calls import caller, draft
from shoal.runtime.database import Database, Session, now
from shoal.runtime.pages import MOST_PAGE_BYTES, Pages, page_size
from shoal.runtime.vault import Vault


@dataclass(frozen=True)
class Found:
    """A stream before an update, as far as the update must know it. id: new, unless it is there."""

    id: str
    name: str
    spec: stream_pb2.StreamSpec
    is_new: bool


@dataclass(frozen=True)
class Update:
    """What an update does. added: what the batch adds to every sum; None without one."""

    found: Found
    layout: Layout
    added: Sequence[int] | None
    release: bool


class StreamKeeper:
    """The streams of one data folder."""

    def __init__(self, database: Database, folder: Path, secret: bytes, pages: Pages) -> None:
        self._fence = Fence(folder, database)
        self._vault = Vault(secret, "dp streams")
        self._pages = pages
        self._locks: weakref.WeakValueDictionary[tuple[str, str], asyncio.Lock] = weakref.WeakValueDictionary()

    def turn(self, name: str) -> asyncio.Lock:
        """What an update of the stream holds: those of one process come after each other, so that none is charged for making
        what another one is making.
        """
        return self._locks.setdefault((caller().organization, name), asyncio.Lock())

    def find(self, name: str, given: stream_pb2.StreamSpec | None) -> Found:
        """The stream of that id, or a new one of the given spec, with its defaults filled in; raises NotFoundError without
        either, and FailedPreconditionError for another spec and for a fenced stream.
        """
        draft().resources.append(f"streams/{name}")
        with self._fence.reading() as session:
            row = records.stream_of(session, caller().organization, name)
        if row is None:
            if given is None:
                raise _missing(name)
            return Found(uuid.uuid4().hex, name, given, is_new=True)
        _check_active(row)
        kept = stream_pb2.StreamSpec.FromString(row.spec)
        if given is not None and given != kept:
            raise FailedPreconditionError(
                "spec: is not the stream's own, which never changes: leave it out, or make another stream"
            )
        return Found(row.id, name, kept, is_new=False)

    def get(self, name: str) -> stream_pb2.Stream:
        """A stream with its last release."""
        found = stream_id(name)
        draft().resources.append(name)
        with self._fence.reading() as session:
            row = records.stream_of(session, caller().organization, found)
        if row is None:
            raise _missing(found)
        return messages.stream(row, whole=True)

    def list(self, request: dp_service_pb2.ListStreamsRequest) -> dp_service_pb2.ListStreamsResponse:
        """A page of streams, newest first."""
        size = page_size(request.page_size, default=50, most=500)
        binding = ("ListStreams", caller().organization)
        after = wire.position(self._pages.position(request.page_token, *binding))
        with self._fence.reading() as session:
            rows = records.streams_page(session, caller().organization, after=after, size=size + 1)
        answer = dp_service_pb2.ListStreamsResponse()
        used = 0
        for row in rows[:size]:
            message = messages.stream(row, whole=False)
            used += message.ByteSize() + 8
            if answer.streams and used > MOST_PAGE_BYTES:
                break
            answer.streams.append(message)
        if len(answer.streams) < len(rows):
            last = rows[len(answer.streams) - 1]
            answer.next_page_token = self._pages.token(wire.position_of(last.create_time, last.id), *binding)
        return answer

    def delete(self, name: str) -> None:
        """Deletes a stream; a tombstone says what it spent."""
        found = stream_id(name)
        draft().resources.append(name)
        with self._fence.writing() as session:
            row = records.stream_of(session, caller().organization, found)
            if row is None:
                raise _missing(found)
            records.delete_stream(session, row, now())
            outbox.add(session, draft())

    def update(
        self,
        update: Update,
        response: dp_service_pb2.UpdateStreamResponse,
        kept_id: str | None,
        monitor: Monitor | None = None,
    ) -> dp_service_pb2.UpdateStreamResponse:
        """Takes the batch in, draws its noise and makes its release, all in one transaction; completes the response, and keeps
        it under the request id's record.
        """
        with self._fence.writing() as session:
            if kept_id is not None and (earlier := answer_records.kept_response(session, kept_id)) is not None:
                # Another call with the request id was quicker: its batch is this one's, and is in already.
                return dp_service_pb2.UpdateStreamResponse.FromString(earlier)
            row, state = self._current(session, update)
            # How long a draw takes follows from what is drawn.
            with even_time():
                if update.added is not None:
                    state = taken(update.layout, state, update.added, monitor)
                if update.release:
                    state = brought_up(update.layout, state, monitor)
                    self._release(row, state, update.layout, response)
            row.version += 1
            row.batch_count, row.update_time = state.batches, now()
            record = _record(row)
            row.content = self._vault.seal(state.to_bytes(), organization=row.organization, record=record)
            session.add(row)
            session.flush()
            response.stream.CopyFrom(messages.stream(row, whole=False))
            if kept_id is not None:
                first = answer_records.keep(session, kept_id, response.SerializeToString(deterministic=True))
                response = dp_service_pb2.UpdateStreamResponse.FromString(first)
            outbox.add(session, draft())
        return response

    def _current(self, session: Session, update: Update) -> tuple[StreamRow, State]:
        """The stream's row and state now, made if it is new."""
        me, found, moment = caller(), update.found, now()
        row = records.stream_of(session, me.organization, found.name)
        if row is not None:
            _check_active(row)
            if stream_pb2.StreamSpec.FromString(row.spec) != found.spec:
                raise FailedPreconditionError("the stream was made again with another spec meanwhile: try again")
            state = self._vault.open(row.content, organization=row.organization, record=_record(row))
            return row, State.from_bytes(state)
        if not found.is_new:
            raise _missing(found.name)
        plan = update.layout.plan(0)
        row = StreamRow(
            id=found.id,
            organization=me.organization,
            name=found.name,
            former_name=found.name,
            creator=me.user,
            state=StreamState.ACTIVE,
            spec=found.spec.SerializeToString(deterministic=True),
            version=0,
            batch_count=0,
            release_count=0,
            spent_epsilon=plan.epsilon,
            spent_delta=min(plan.delta, DELTA_UNITS),
            create_time=moment,
            update_time=moment,
        )
        return row, State()

    def _release(self, row: StreamRow, state: State, layout: Layout, response: dp_service_pb2.UpdateStreamResponse) -> None:
        """Puts the newest release into the response: the last one, if nothing has come since."""
        if state.shown is None:
            return
        last = stream_pb2.StreamRelease.FromString(row.last_release) if row.last_release is not None else None
        if last is not None and last.batch_count == state.shown_batches:
            response.release.CopyFrom(last)
            response.repeated_release = True
            return
        row.release_count += 1
        made = messages.release(row.release_count, state.shown_batches, answers(layout, state))
        row.last_release = made.SerializeToString(deterministic=True)
        response.release.CopyFrom(made)


def _record(row: StreamRow) -> str:
    """What a state is sealed for: an older one of the same stream does not open."""
    return f"{row.id} {row.version}"


def _check_active(row: StreamRow) -> None:
    if row.state is StreamState.FENCED:
        raise FailedPreconditionError(
            "the stream was restored from a backup: going on could use noise a second time that has been seen. Read or delete "
            "it, and make a new one, which is a new charge",
            metadata={"resource": f"streams/{row.former_name}"},
        )


def _missing(name: str) -> NotFoundError:
    return NotFoundError(
        f"there is no stream streams/{name}: a spec would make it",
        reason=ErrorReason.RESOURCE_NOT_FOUND,
        metadata={"resource": f"streams/{name}"},
    )
