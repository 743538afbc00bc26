"""The patterns that are kept: an organisation's own in the database, everybody's in files."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from shoal.api.detection.v1 import detection_service_pb2, pattern_pb2
from shoal.detection import patterns_from_wire as convert
from shoal.detection import records
from shoal.detection.patterns import Origin, Pattern, read_files
from shoal.detection.roles import Role
from shoal.errors import AlreadyExistsError, FailedPreconditionError, NotFoundError, ResourceExhaustedError
from shoal.runtime import outbox, wire
from shoal.runtime.calls import caller, draft
from shoal.runtime.database import Database, Session, now
from shoal.runtime.pages import MOST_PAGE_BYTES, Pages, page_size


class PatternKeeper:
    """Makes, finds, changes and deletes patterns. folder: where the server's own pattern files are."""

    def __init__(self, database: Database, pages: Pages, folder: Path) -> None:
        self._database = database
        self._pages = pages
        self._folder = folder
        self._files = read_files(folder, now())

    def in_force(self) -> tuple[Pattern, ...]:
        """All patterns of the caller's organisation, in the order in which they are tried."""
        with self._database.begin() as session:
            rows = records.patterns_of(session, caller().organization)
        return (*map(_pattern, rows), *self._files)

    def create(self, request: detection_service_pb2.CreatePatternRequest) -> pattern_pb2.Pattern:
        """Keeps a custom pattern."""
        me, moment = caller(), now()
        pattern, request_id = convert.new_pattern(request, uuid.uuid4().hex)
        pattern = replace(pattern, creator=me.user, create_time=moment, update_time=moment)
        digest = wire.digest(request.pattern)
        with self._database.begin() as session:
            if request_id and (earlier := records.pattern_by_request(session, me.organization, me.user, request_id)):
                wire.same_request(earlier.request_sha256, digest, f"patterns/{earlier.id}")
                return convert.to_wire(_pattern(earlier))
            _name_is_free(session, me.organization, pattern)
            if len(records.patterns_of(session, me.organization)) >= records.MOST_PATTERNS:
                raise ResourceExhaustedError(
                    f"the organisation has {records.MOST_PATTERNS} patterns, the most there may be: delete one first",
                    metadata={"limit": "patterns", "maximum": str(records.MOST_PATTERNS)},
                )
            row = records.PatternRow(id=pattern.id, organization=me.organization, creator=me.user, **_columns(pattern))
            row.create_time, row.request_id, row.request_sha256 = moment, request_id, digest if request_id else None
            session.add(row)
            draft().resources.append(f"patterns/{row.id}")
            outbox.add(session, draft())
        return convert.to_wire(pattern)

    def get(self, name: str) -> pattern_pb2.Pattern:
        """One pattern, custom or of a file."""
        wanted = convert.pattern_id(name)
        draft().resources.append(name)
        for pattern in self._files:
            if pattern.id == wanted:
                return convert.to_wire(pattern)
        with self._database.begin() as session:
            return convert.to_wire(_pattern(self._row(session, wanted)))

    def list(self, request: detection_service_pb2.ListPatternsRequest) -> detection_service_pb2.ListPatternsResponse:
        """A page of patterns in the order in which they are tried."""
        size = page_size(request.page_size, default=50, most=500)
        role, origin = convert.filters(request)
        binding = ("ListPatterns", caller().organization, str(request.role), str(request.origin))
        after = self._pages.position(request.page_token, *binding) or ""
        found = [
            each
            for each in self.in_force()
            if (role is None or each.role is role) and (origin is None or each.origin is origin)
        ]
        rest = [each for each in sorted(found, key=lambda each: each.place) if each.place > after]
        answer = detection_service_pb2.ListPatternsResponse(total_size=len(found))
        used = 0
        for each in rest[:size]:
            message = convert.to_wire(each)
            used += message.ByteSize() + 8
            if answer.patterns and used > MOST_PAGE_BYTES:
                break
            answer.patterns.append(message)
        if len(answer.patterns) < len(rest):
            answer.next_page_token = self._pages.token(rest[len(answer.patterns) - 1].place, *binding)
        return answer

    def update(self, request: detection_service_pb2.UpdatePatternRequest) -> pattern_pb2.Pattern:
        """Changes fields of a custom pattern."""
        wanted = self._custom(request.pattern.name, "pattern.name")
        with self._database.begin() as session:
            row = self._row(session, wanted)
            pattern = replace(convert.changed(request, _pattern(row)), update_time=now())
            if pattern.display_name != row.display_name:
                _name_is_free(session, row.organization, pattern)
            for column, value in _columns(pattern).items():
                setattr(row, column, value)
            session.add(row)
            outbox.add(session, draft())
        return convert.to_wire(pattern)

    def delete(self, name: str) -> None:
        """Deletes a custom pattern."""
        wanted = self._custom(name, "name")
        with self._database.begin() as session:
            session.delete(self._row(session, wanted))
            outbox.add(session, draft())

    def delete_all(self) -> int:
        """Deletes every custom pattern of the organisation and says how many there were."""
        with self._database.begin() as session:
            count = records.delete_patterns(session, caller().organization)
            draft().details["patterns"] = str(count)
            outbox.add(session, draft())
        return count

    def reload(self) -> tuple[int, int]:
        """Reads the files again; how many patterns they hold, and how many custom ones the organisation has."""
        self._files = read_files(self._folder, now())
        with self._database.begin() as session:
            custom = len(records.patterns_of(session, caller().organization))
        return len(self._files), custom

    def _custom(self, name: str, field: str) -> str:
        """The id of a pattern that may be changed."""
        wanted = convert.pattern_id(name, field)
        draft().resources.append(name)
        if any(pattern.id == wanted for pattern in self._files):
            raise FailedPreconditionError(
                f"{name} comes from a file of the server: change the file, and call ReloadPatterns", metadata={"resource": name}
            )
        return wanted

    def _row(self, session: Session, wanted: str) -> records.PatternRow:
        row = records.pattern_of(session, caller().organization, wanted)
        if row is None:
            raise NotFoundError(f"there is no pattern patterns/{wanted}", metadata={"resource": f"patterns/{wanted}"})
        return row


def _name_is_free(session: Session, organization: str, pattern: Pattern) -> None:
    earlier = records.pattern_named(session, organization, pattern.display_name)
    if earlier is not None:
        raise AlreadyExistsError(
            f"patterns/{earlier.id} has that display name already: choose another",
            metadata={"resource": f"patterns/{earlier.id}"},
        )


def _columns(pattern: Pattern) -> dict[str, Any]:
    """The columns of a row that a caller may set."""
    return {
        "display_name": pattern.display_name,
        "description": pattern.description,
        "role": pattern.role.name,
        "priority": pattern.priority,
        "column_patterns": list(pattern.column_patterns),
        "value_patterns": list(pattern.value_patterns),
        "min_match_ratio": pattern.min_match_ratio,
        "update_time": pattern.update_time,
    }


def _pattern(row: records.PatternRow) -> Pattern:
    return Pattern(
        id=row.id,
        display_name=row.display_name,
        role=Role[row.role],
        column_patterns=tuple(row.column_patterns),
        value_patterns=tuple(row.value_patterns),
        min_match_ratio=row.min_match_ratio,
        priority=row.priority,
        description=row.description,
        origin=Origin.CUSTOM,
        creator=row.creator,
        create_time=row.create_time,
        update_time=row.update_time,
    )
