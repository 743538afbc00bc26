"""One call: who makes it, and what the record will say about it. Carried in a context variable, also into threads."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from shoal.errors import InternalError, ShoalError, UnauthenticatedError
from shoal.runtime.database import now

MOST_RESOURCES = 500
LONGEST_DETAIL = 1000
REFUSALS = frozenset({"UNAUTHENTICATED", "PERMISSION_DENIED"})


class Role(StrEnum):
    """What a caller may do: a member, an administrator, or one of our own services."""

    USER = "USER"
    ADMIN = "ADMIN"
    SERVICE = "SERVICE"


@dataclass(frozen=True)
class Caller:
    """Who calls. For a service, `organization`, `user` and `api_key` are those of the person on whose behalf it works."""

    role: Role
    organization: str
    user: str
    api_key: str
    service: str = ""

    @property
    def actor(self) -> str:
        """The caller's name in the record: the person, also when a service works for them."""
        if self.user:
            return f"users/{self.user}"
        return f"services/{self.service}" if self.service else "unknown"


@dataclass
class Draft:
    """An audit entry in the making. Handlers add the names of resources and facts; never a data value."""

    service: str
    method: str
    request_id: str
    audited: bool
    entry_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    event_time: dt.datetime = field(default_factory=now)
    started: float = field(default_factory=time.monotonic)
    caller: Caller | None = None
    resources: list[str] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    written: bool = False

    def content(self, failure: ShoalError | None = None) -> str:
        """The entry as the JSON text that the outbox keeps; `failure` is how the call ended, None for well."""
        code = failure.code if failure else "OK"
        outcome = "DONE" if failure is None else "REFUSED" if code in REFUSALS else "FAILED"
        fields: dict[str, object] = {
            "entry_id": self.entry_id,
            "event_time": self.event_time.isoformat(timespec="microseconds"),
            "service": self.service,
            "method": self.method,
            "actor": self.caller.actor if self.caller else "unknown",
            "api_key": f"apiKeys/{self.caller.api_key}" if self.caller and self.caller.api_key else "",
            "outcome": outcome,
            "code": code,
            "reason": failure.reason.value if failure else "",
            **self._bounded(),
            "duration_us": int((time.monotonic() - self.started) * 1e6),
            "request_id": self.request_id,
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    def _bounded(self) -> dict[str, object]:
        """Resources and details, a few kilobytes at most: an entry must fit into a message, whatever a call was given."""
        names = list(dict.fromkeys(self.resources))
        details = {key: value[:LONGEST_DETAIL] for key, value in self.details.items()}
        if len(names) > MOST_RESOURCES:
            details["resources_not_listed"] = str(len(names) - MOST_RESOURCES)
        return {"resources": [name[:LONGEST_DETAIL] for name in names[:MOST_RESOURCES]], "details": details}


def shortened(content: str) -> str:
    """An entry's content without resources and details: what is left of one that the audit service refuses."""
    fields = json.loads(content)
    fields["resources"], fields["details"] = [], {"shortened": "the entry was refused as it was"}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


current_draft: ContextVar[Draft] = ContextVar("current_draft")


def draft() -> Draft:
    """The audit entry of the call that runs here."""
    try:
        return current_draft.get()
    except LookupError:
        raise InternalError("this code runs outside a call") from None


def caller() -> Caller:
    """Who makes the call that runs here; raises UnauthenticatedError before that is known."""
    found = draft().caller
    if found is None:
        raise UnauthenticatedError("the caller is not known yet")
    return found
