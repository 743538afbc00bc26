"""Audit's wire: drafts in, entries out."""

from __future__ import annotations

import datetime as dt
import json
import re

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shoal.api.audit.v1 import audit_pb2, audit_reader_service_pb2, audit_service_pb2
from shoal.audit.records import EntryRow, Filters
from shoal.errors import FieldViolation, invalid_fields

MOST_DRAFTS = 500
LONGEST_FILTER = 255
_OUTCOMES = {
    "DONE": audit_pb2.AUDIT_OUTCOME_DONE,
    "REFUSED": audit_pb2.AUDIT_OUTCOME_REFUSED,
    "FAILED": audit_pb2.AUDIT_OUTCOME_FAILED,
}
_NAME = re.compile(r"auditEntries/([1-9][0-9]{0,18})")


class Content(BaseModel):
    """What a service says about a call: the JSON object inside a draft."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    entry_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    event_time: str = Field(max_length=40)
    service: str = Field(max_length=64)
    method: str = Field(max_length=255)
    actor: str = Field(max_length=128)
    api_key: str = Field(max_length=64)
    outcome: str = Field(pattern="^(DONE|REFUSED|FAILED)$")
    code: str = Field(max_length=32)
    reason: str = Field(max_length=64)
    resources: list[str] = Field(max_length=10_000)
    details: dict[str, str]
    duration_us: int = Field(ge=0)
    request_id: str = Field(max_length=64)


def drafts(request: audit_service_pb2.AppendEntriesRequest) -> list[tuple[str, str, dict[str, object]]]:
    """Organisation, entry id and content of each draft; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    if not 1 <= len(request.entries) <= MOST_DRAFTS:
        wrong.append(FieldViolation("entries", f"must hold 1 to {MOST_DRAFTS} entries"))
    found: list[tuple[str, str, dict[str, object]]] = []
    for place, entry in enumerate(request.entries):
        try:
            content = Content.model_validate_json(entry.content)
        except ValidationError:
            wrong.append(FieldViolation(f"entries[{place}].content", "is not an entry's JSON object"))
            continue
        if content.entry_id != entry.entry_id:
            wrong.append(FieldViolation(f"entries[{place}].entry_id", "is not the one inside content"))
        found.append((entry.organization, entry.entry_id, content.model_dump()))
    if wrong:
        raise invalid_fields(wrong)
    return found


def sequence_in(name: str) -> int:
    """The place in `auditEntries/{sequence}`."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise invalid_fields([FieldViolation("name", "must be of the form auditEntries/ and a number from 1")])
    return min(int(match.group(1)), 2**63 - 1)  # no chain is that long, and no database counts further


def filters(request: audit_reader_service_pb2.ListEntriesRequest) -> Filters:
    """The request's filters."""
    long = [field for field in ("service", "method", "actor", "resource") if len(getattr(request, field)) > LONGEST_FILTER]
    if long:
        raise invalid_fields([FieldViolation(field, f"must have at most {LONGEST_FILTER} characters") for field in long])
    outcomes = {value: name for name, value in _OUTCOMES.items()}
    if request.outcome and request.outcome not in outcomes:
        raise invalid_fields([FieldViolation("outcome", "is not one of AuditOutcome")])
    return Filters(
        service=request.service,
        method=request.method,
        actor=request.actor,
        outcome=outcomes.get(request.outcome, ""),
        resource=request.resource,
        start_time=_moment(request, "start_time"),
        end_time=_moment(request, "end_time"),
    )


def binding(organization: str, chosen: Filters) -> tuple[str, ...]:
    """What a page token of this list is good for."""
    times = [str(each) for each in (chosen.start_time, chosen.end_time)]
    return (
        "ListEntries",
        organization,
        chosen.service,
        chosen.method,
        chosen.actor,
        chosen.outcome,
        chosen.resource,
        *times,
    )


def entry_to_wire(row: EntryRow) -> audit_pb2.AuditEntry:
    """An entry as a message."""
    said = json.loads(row.payload)
    time = Timestamp()
    time.FromDatetime(dt.datetime.fromisoformat(row.event_time))
    duration = Duration()
    duration.FromMicroseconds(said["duration_us"])
    return audit_pb2.AuditEntry(
        name=f"auditEntries/{row.sequence}",
        sequence=row.sequence,
        entry_id=row.entry_id,
        event_time=time,
        service=row.service,
        method=row.method,
        actor=row.actor,
        api_key=said["api_key"],
        outcome=_OUTCOMES[row.outcome],
        code=said["code"],
        reason=said["reason"],
        resources=said["resources"],
        details=said["details"],
        duration=duration,
        request_id=said["request_id"],
        payload=row.payload,
        previous_hash=row.previous_hash,
        hash=row.hash,
    )


def _moment(request: audit_reader_service_pb2.ListEntriesRequest, field: str) -> dt.datetime | None:
    if not request.HasField(field):
        return None
    try:
        moment: dt.datetime = getattr(request, field).ToDatetime(tzinfo=dt.UTC)
    except ValueError:
        raise invalid_fields([FieldViolation(field, "is outside the years 1 to 9999")]) from None
    return moment
