"""Keeping tables: bytes come in and are judged, get a name, go out, and are swept when their time is over."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from shoal.datasets import messages, records
from shoal.datasets.messages import Committed, Incoming
from shoal.datasets.records import DatasetRow
from shoal.errors import NotFoundError
from shoal.runtime import outbox, wire
from shoal.runtime.calls import caller, draft
from shoal.runtime.database import Database, now
from shoal.runtime.datadir import Presence
from shoal.tables.columns import NEUTRAL, exactly
from shoal.tables.formats import Limits, TableFormat, UploadMeter, inspect, read_table, scan_table, write_table
from shoal.tables.sources import no_panic
from shoal.tables.storage import LocalStorage, StagedObject
from shoal.tables.text import as_text

log = logging.getLogger(__name__)

CHUNK_BYTES = 1024**2
MOST_PREVIEW_COLUMNS = 200
LONGEST_PREVIEW_CELL = 200
MOST_PREVIEW_BYTES = 2 * 1024**2
SWEEP_BATCH = 500


class Intake:
    """One upload: chunks go to a staged file and through the meter; nothing has a name until `finish`."""

    def __init__(self, storage: LocalStorage, incoming: Incoming, limits: Limits) -> None:
        self._incoming = incoming
        self._limits = limits
        self._meter = UploadMeter(incoming.format, limits, incoming.separator, header=not incoming.headerless)
        self._digest = hashlib.sha256()
        self._size = 0
        self.staged = storage.stage()

    def take(self, chunk: bytes) -> None:
        """Takes the next chunk; raises ResourceExhaustedError or InvalidArgumentError as soon as it shows."""
        self._meter.feed(chunk)
        self.staged.write(chunk)
        self._digest.update(chunk)
        self._size += len(chunk)

    def finish(self) -> DatasetRow:
        """Judges the whole file and describes it; raises InvalidArgumentError when it is not a table."""
        shape = self._meter.finish()
        facts = inspect(
            self.staged.path,
            self._incoming.format,
            self._limits,
            self._incoming.separator,
            shape=shape,
            header=not self._incoming.headerless,
        )
        me, moment = caller(), now()
        return DatasetRow(
            id=uuid.uuid4().hex,
            organization=me.organization,
            creator=me.user,
            display_name=self._incoming.display_name,
            format=self._incoming.format,
            separator=facts.separator,
            headerless=self._incoming.headerless,
            columns=messages.column_rows(facts.columns),
            row_count=facts.rows,
            size_bytes=self._size,
            sha256=self._digest.hexdigest(),
            create_time=moment,
            expire_time=None if self._incoming.ttl is None else moment + self._incoming.ttl,
            request_id=self._incoming.request_id,
            request_sha256=self._incoming.request_sha256,
        )


@dataclass(frozen=True)
class Outgoing:
    """A dataset's bytes, ready to leave."""

    path: Path
    size_bytes: int
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        """The bytes, in pieces of at most 1 MiB."""
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk


class Keeper:
    """Everything that datasets do with database and storage; one call, one unit of work."""

    def __init__(self, database: Database, storage: LocalStorage, presence: Presence, transient: bool) -> None:
        self._database = database
        self._storage = storage
        self._presence = presence
        self._owner = presence.id if transient else None

    def keep(self, row: DatasetRow, staged: StagedObject) -> DatasetRow:
        """Names a staged object, in one transaction with its audit entry.

        The object moves inside the transaction: whoever sweeps objects without a row holds the same lock, and sees none of
        these.
        """
        row.owner = self._owner
        with self._database.begin() as session:
            if row.request_id:
                earlier = records.dataset_by_request(session, row.organization, row.creator, row.request_id)
                if earlier is not None and not earlier.is_over(now()):
                    return earlier
                if earlier is not None:
                    session.delete(earlier)
                    session.flush()
            session.add(row)
            draft().resources.append(f"datasets/{row.id}")
            draft().details.update(rows=str(row.row_count), columns=str(len(row.columns)), sha256=row.sha256)
            outbox.add(session, draft())
            session.flush()
            staged.commit(row.object)
        return row

    def commit(self, wanted: Committed) -> DatasetRow:
        """Names an object that another service staged."""
        me, moment = caller(), now()
        existing = self.find(me.organization, wanted.dataset_id)
        if existing is not None:
            return existing
        staged = self._storage.adopt(wanted.staged_object)
        with staged.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        row = DatasetRow(
            id=wanted.dataset_id,
            organization=me.organization,
            creator=me.user,
            display_name=wanted.display_name,
            format=wanted.format,
            separator=wanted.separator,
            columns=wanted.columns,
            row_count=wanted.row_count,
            size_bytes=staged.path.stat().st_size,
            sha256=digest,
            source=wanted.source,
            create_time=moment,
            expire_time=None if wanted.ttl is None else moment + wanted.ttl,
        )
        return self.keep(row, staged)

    def earlier(self, incoming: Incoming) -> DatasetRow | None:
        """The dataset that this very upload made before, when it is a second try."""
        if incoming.request_id is None:
            return None
        me = caller()
        with self._database.begin() as session:
            row = records.dataset_by_request(session, me.organization, me.user, incoming.request_id)
        if row is None or row.is_over(now()):
            return None
        wire.same_request(row.request_sha256, incoming.request_sha256, f"datasets/{row.id}")
        return row

    def find(self, organization: str, dataset_id: str) -> DatasetRow | None:
        """The dataset of that id, None when the organisation has none."""
        with self._database.begin() as session:
            return records.dataset_of(session, organization, dataset_id)

    def page(self, organization: str, source: str, after: tuple[dt.datetime, str] | None, size: int) -> list[DatasetRow]:
        """Up to `size` datasets, newest first."""
        with self._database.begin() as session:
            return records.datasets_page(session, organization, source=source, after=after, size=size)

    def delete(self, organization: str, dataset_id: str) -> bool:
        """Deletes a dataset; False when the organisation has none of that id."""
        with self._database.begin() as session:
            row = records.dataset_of(session, organization, dataset_id)
            if row is None:
                return False
            session.delete(row)
            outbox.add(session, draft())
        self._storage.delete(row.object)
        return True

    def staged_for(self, row: DatasetRow, wanted: TableFormat) -> AbstractContextManager[StagedObject | None]:
        """The staged object that a conversion needs, None where the kept bytes leave as they are."""
        return nullcontext() if wanted is row.format else self._storage.stage()

    def outgoing(self, row: DatasetRow, wanted: TableFormat, staged: StagedObject | None) -> Outgoing:
        """The dataset's bytes in the wanted format; converted ones are written to `staged`."""
        path = self._storage.path(row.object)
        if staged is None:
            return Outgoing(path, row.size_bytes, row.sha256)
        with present(row):
            table = read_table(path, row.format, row.separator, inspected=True, header=not row.headerless)
            write_table(table, staged.path, wanted)
        with staged.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Outgoing(staged.path, staged.path.stat().st_size, digest)

    def preview(self, row: DatasetRow, count: int) -> list[list[str | None]]:
        """The first `count` rows as text, long cells cut."""
        names = [name for name, _ in row.columns[:MOST_PREVIEW_COLUMNS]]
        path = self._storage.path(row.object)
        with present(row):
            table = scan_table(path, row.format, row.separator, header=not row.headerless)
            frame = table.select(exactly(names)).head(count).collect()
            texts = [_shortened(as_text(column.alias(NEUTRAL))) for column in frame]
        rows: list[list[str | None]] = []
        size = 0
        for cells in zip(*texts, strict=True):
            size += sum(len((cell or "").encode()) + 8 for cell in cells)
            if size > MOST_PREVIEW_BYTES:
                break
            rows.append(list(cells))
        return rows

    def release_owned(self) -> None:
        """Deletes the datasets that live as long as this process: it is ending."""
        if self._owner is not None:
            self._drop_owned(self._owner)

    def sweep(self) -> None:
        """Deletes what is over: expired datasets, those of dead processes, and objects without a dataset."""
        with self._database.begin() as session:
            dead = [owner for owner in records.owners(session) if not self._presence.is_alive(owner)]
        for owner in dead:
            self._drop_owned(owner)
        with self._database.begin() as session:
            gone = records.expired(session)
            for row in gone:
                session.delete(row)
        for row in gone:
            self._storage.delete(row.object)
        self._sweep_objects()

    def _drop_owned(self, owner: str) -> None:
        with self._database.begin() as session:
            gone = records.owned_by(session, owner)
            for row in gone:
                session.delete(row)
        for row in gone:
            self._storage.delete(row.object)

    def _sweep_objects(self) -> None:
        # A process that was killed between moving an object and committing its row, or between deleting a row and its object,
        # leaves an object that nobody can name.
        keys = list(self._storage.keys("organizations"))
        for start in range(0, len(keys), SWEEP_BATCH):
            batch = keys[start : start + SWEEP_BATCH]
            with self._database.begin() as session:
                for key in set(batch) - records.existing(session, batch):
                    self._storage.delete(key)


@contextmanager
def present(row: DatasetRow) -> Iterator[None]:
    """Reading a dataset's rows: one that is deleted meanwhile is as one that does not exist."""
    try:
        with no_panic("The table holds values that have no text form, such as dates far out of range."):
            yield
    except FileNotFoundError:
        raise NotFoundError(
            f"datasets/{row.id} was deleted while it was read", metadata={"resource": f"datasets/{row.id}"}
        ) from None


def _shortened(texts: pl.Series) -> list[str | None]:
    short = texts.str.head(LONGEST_PREVIEW_CELL - 1) + "…"
    kept: list[str | None] = (
        pl.select(pl.when(texts.str.len_chars() > LONGEST_PREVIEW_CELL).then(short).otherwise(texts)).to_series().to_list()
    )
    return kept
