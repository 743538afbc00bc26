"""What the messages of all services share: resource names, request ids, times, and positions in newest-first lists."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from shoal.errors import AlreadyExistsError, FieldViolation, invalid_fields

UTC = dt.UTC
SHORTEST_TTL = dt.timedelta(minutes=1)
LONGEST_TTL = dt.timedelta(days=3650)
_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Whether the text is an id of ours: 32 hexadecimal digits."""
    return _ID.fullmatch(text) is not None


def resource_id(name: str, collection: str, field: str = "name") -> str:
    """The id in a resource name `{collection}/{id}`; raises InvalidArgumentError that names the field."""
    prefix, _, found = name.partition("/")
    if prefix != collection or not is_id(found):
        raise invalid_fields([FieldViolation(field, f"must be of the form {collection}/ and 32 hexadecimal digits")])
    return found


def request_id(text: str, field: str, wrong: list[FieldViolation]) -> str | None:
    """A request id, None when there is none; adds a violation when it is no UUID."""
    if not text:
        return None
    try:
        return uuid.UUID(text).hex
    except ValueError:
        wrong.append(FieldViolation(field, "must be a UUID"))
        return None


def digest(message: Message) -> str:
    """The SHA-256 of a request, in hexadecimal: tells whether a request id comes with the same request again."""
    return hashlib.sha256(message.SerializeToString(deterministic=True)).hexdigest()


def same_request(kept: str | None, now: str, resource: str) -> None:
    """Raises AlreadyExistsError when a request id was used for another request."""
    if kept != now:
        raise AlreadyExistsError(
            f"this request_id was used for another request before, which made {resource}: use a new one",
            metadata={"resource": resource},
        )


def ttl(message: Duration | None, field: str, wrong: list[FieldViolation]) -> dt.timedelta | None:
    """A time to live, None when there is none; adds a violation when it is out of range."""
    if message is None:
        return None
    if not SHORTEST_TTL.total_seconds() <= message.seconds <= LONGEST_TTL.total_seconds():
        wrong.append(FieldViolation(field, "must be between one minute and ten years"))
        return None
    return dt.timedelta(seconds=message.seconds)


def timestamp(moment: dt.datetime | None) -> Timestamp | None:
    """A point in time as a message."""
    if moment is None:
        return None
    message = Timestamp()
    message.FromDatetime(moment)
    return message


def position_of(create_time: dt.datetime, row_id: str) -> str:
    """The place after a row in a list that is sorted by creation time and id, newest first."""
    return f"{create_time.isoformat()} {row_id}"


def position(text: str | None) -> tuple[dt.datetime, str] | None:
    """The place that `position_of` wrote."""
    if text is None:
        return None
    time, _, last = text.partition(" ")
    return dt.datetime.fromisoformat(time), last
