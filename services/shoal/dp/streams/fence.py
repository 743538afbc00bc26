"""How a database that was restored from a backup is noticed.

Going on from an old state draws new noise beside noise that has been released: two releases with noise in common, whose
difference is data. So a file beside the database says how far it has come, and is written before and after each commit; a
database that is behind it was restored. A second file is never written again: a folder that was copied or unpacked has that
file with another inode or another time of change, which no copying tool can set.

Neither sees a disk that went back to a snapshot as a whole.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from shoal.dp.streams import records
from shoal.dp.streams.records import FenceRow
from shoal.runtime.database import Database, Session
from shoal.runtime.datadir import made_once

log = logging.getLogger(__name__)

WIDTH = 128
"""Bytes of the fence: within a sector, so that it is written whole or not at all."""


@dataclass(frozen=True)
class Mark:
    """What the fence says. settled: the commit that it speaks of has happened."""

    token: str
    counter: int
    settled: bool


class Fence:
    """The fence of one data folder. One process at a time is behind it."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._path, self._identity = folder / "dp.fence", folder / "dp.identity"
        self._database = database

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction in which every stream's state is what it should be."""
        with self._locked() as file:
            self._check(file)
            with self._database.begin() as session:
                yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that takes a stream further, known to the fence before it is committed and after."""
        with self._locked() as file:
            mark = self._check(file)
            with self._database.begin() as session:
                yield session
                mark = replace(mark, counter=mark.counter + 1, settled=False)
                records.count_up(session, mark.counter)
                _write(file, mark)
            _write(file, replace(mark, settled=True))

    @contextmanager
    def _locked(self) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _check(self, file: int) -> Mark:
        """What the fence says; fences every stream when its two sides do not belong together."""
        mark, identity = _read(file), self._found_identity()
        with self._database.begin() as session:
            row = records.fence_row(session)
            if row is not None and mark is not None and (row.inode, row.changed) == identity and _agree(row, mark):
                # Unsettled: the process died between its commit and the fence, or before the commit, of which nobody has heard.
                found = Mark(row.token, row.counter, settled=True)
                if mark != found:
                    _write(file, found)
                return found
            fenced = records.fence_off(session)
            found = Mark(secrets.token_hex(16), 0, settled=True)
            records.put_fence(session, found.token, found.counter, *identity)
        # After the commit: should the process die here, the sides still disagree.
        _write(file, found)
        if fenced:
            log.warning("the database of streams was restored from a backup or copied: %d streams are fenced", fenced)
        return found

    def _found_identity(self) -> tuple[str, str]:
        made_once(self._identity, lambda: secrets.token_bytes(16))
        found = self._identity.stat()
        return str(found.st_ino), str(found.st_ctime_ns)


def _agree(row: FenceRow, mark: Mark) -> bool:
    if row.token != mark.token:
        return False
    return mark.counter == row.counter or (mark.counter == row.counter + 1 and not mark.settled)


def _read(file: int) -> Mark | None:
    try:
        found = json.loads(os.pread(file, WIDTH, 0))
        return Mark(str(found["token"]), int(found["counter"]), bool(found["settled"]))
    except (ValueError, KeyError, TypeError):
        return None  # empty, or not a fence: it agrees with nothing


def _write(file: int, mark: Mark) -> None:
    os.pwrite(file, json.dumps(vars(mark)).encode().ljust(WIDTH), 0)
    os.fsync(file)
