"""What the service remembers of releases: traces, by which repeats are recognised, and what applying a solution needs.

Both stand beside the solutions in the service's database and go with them. What could tell about people is sealed by the vault.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shoal.anonymization import records
from shoal.anonymization.records import ApplyStateRow, TraceRow
from shoal.anonymization.repeats import Earlier, EntitySketch, Likeness, Trace, overlap
from shoal.errors import FailedPreconditionError, UnavailableError
from shoal.runtime.database import Database, Session, now
from shoal.runtime.vault import Vault, derived_key

__all__ = ["MOST_GROWN_BYTES", "MOST_STATE_BYTES", "KeptState", "Memory"]

MOST_STATE_BYTES = 64 * 1024**2
"""The most bytes that are kept for applying a solution when it is made."""

MOST_GROWN_BYTES = 4 * MOST_STATE_BYTES
"""And the most that they may grow to as it is applied."""

MOST_ALIKE = 1000
MOST_SKETCHES = 1000
"""Earlier releases that a new one is compared with, the newest; comparing takes about 30 µs each."""


@dataclass(frozen=True)
class KeptState:
    """What applying a solution needs, opened. version: to be named when it is replaced."""

    content: bytes
    version: int
    expire_time: dt.datetime


class Memory:
    """Traces and states of all organisations; each call names the one that it is for. secret: the data folder's."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret
        self._vault = Vault(secret, "anonymization")

    def key(self, organization: str) -> bytes:
        """The key of an organisation's fingerprints: those of two organisations cannot be compared."""
        return derived_key(self._secret, f"fingerprints of {organization}")

    def earlier(self, organization: str, trace: Trace) -> list[Earlier]:
        """The earlier releases of the organisation that are like this one, newest first."""
        with self._database.begin() as session:
            alike = records.alike(session, organization, trace.input_sha256, trace.rows, trace.quasi_identifiers, MOST_ALIKE)
            sketched = records.sketched(session, organization, MOST_SKETCHES) if trace.sketch is not None else []
        found = [Earlier(f"solutions/{row.solution}", _likeness(row, trace)) for row in alike]
        for row in sketched:
            sketch = self._sketch(row)
            if sketch is not None and trace.sketch is not None:
                found.append(Earlier(f"solutions/{row.solution}", Likeness.ENTITIES, overlap(trace.sketch, sketch)))
        return found

    def remember(self, session: Session, organization: str, solution_id: str, release_id: str, trace: Trace) -> None:
        """Keeps the trace of a release. release_id: the solution's id, or that of a batch of new rows."""
        sealed = None
        if trace.sketch is not None:
            sealed = self._vault.seal(trace.sketch.to_bytes(), organization=organization, record=_sketch_of(release_id))
        session.add(
            TraceRow(
                id=release_id,
                organization=organization,
                solution=solution_id,
                create_time=now(),
                input_sha256=trace.input_sha256,
                rows=trace.rows,
                quasi_identifiers=trace.quasi_identifiers,
                sketch=sealed,
            )
        )

    def keep_state(
        self, session: Session, organization: str, solution_id: str, content: bytes, expire_time: dt.datetime
    ) -> None:
        """Keeps what applying a solution needs, until its time is over."""
        sealed = self._vault.seal(content, organization=organization, record=_state_of(solution_id, 1))
        session.add(
            ApplyStateRow(solution=solution_id, organization=organization, version=1, expire_time=expire_time, content=sealed)
        )

    def state(self, organization: str, solution_id: str) -> KeptState | None:
        """What applying a solution needs; None when it was not kept, has expired or is another organisation's."""
        with self._database.begin() as session:
            records.delete_expired_states(session, now())
            row = records.apply_state_of(session, organization, solution_id, now())
        if row is None:
            return None
        content = self._vault.open(row.content, organization=organization, record=_state_of(solution_id, row.version))
        return KeptState(content, row.version, row.expire_time)

    def replace_state(self, session: Session, organization: str, solution_id: str, before: KeptState, content: bytes) -> None:
        """Puts new content in the place of what was read; raises when somebody else was faster, or it is gone.

        Two calls that both started from the same state must not both add to it: neither would have counted the other's rows.
        """
        sealed = self._vault.seal(content, organization=organization, record=_state_of(solution_id, before.version + 1))
        if records.replace_apply_state(session, solution_id, before.version, sealed):
            return
        if records.apply_state_of(session, organization, solution_id, now()) is None:
            raise FailedPreconditionError(
                f"solutions/{solution_id} was deleted, or its time for being applied ended, while it was applied",
                metadata={"resource": f"solutions/{solution_id}"},
            )
        raise UnavailableError(
            f"another call released rows by solutions/{solution_id} meanwhile: try again",
            metadata={"resource": f"solutions/{solution_id}"},
        )

    def sweep(self) -> None:
        """Deletes the states whose time is over."""
        with self._database.begin() as session:
            records.delete_expired_states(session, now())

    def _sketch(self, row: TraceRow) -> EntitySketch | None:
        if row.sketch is None:
            return None
        opened = self._vault.open(row.sketch, organization=row.organization, record=_sketch_of(row.id))
        return EntitySketch.from_bytes(opened)


def _likeness(row: TraceRow, trace: Trace) -> Likeness:
    if row.input_sha256 == trace.input_sha256:
        return Likeness.INPUT
    return Likeness.ROWS if row.rows == trace.rows else Likeness.QUASI_IDENTIFIERS


def _sketch_of(release_id: str) -> str:
    return f"sketch of {release_id}"


def _state_of(solution_id: str, version: int) -> str:
    return f"apply state {version} of {solution_id}"
