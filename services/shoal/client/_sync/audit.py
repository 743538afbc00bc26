# GENERATED from ../_async/audit.py by ../generate_sync.py; never edited.
"""The record of everything that was done and refused, for administrators."""

from __future__ import annotations

from datetime import datetime

from google.protobuf import timestamp_pb2

from shoal.api.audit.v1 import audit_pb2, audit_reader_service_pb2, audit_reader_service_pb2_grpc
from shoal.client.calls import SyncCalls
from shoal.client.connection import SyncChannel


class Audit:
    """`client.audit`: reads and verifies the record of the caller's organisation."""

    def __init__(self, calls: SyncCalls, channel: SyncChannel) -> None:
        self._calls = calls
        self._stub = audit_reader_service_pb2_grpc.AuditReaderServiceStub(channel)

    def get(self, name: str) -> audit_pb2.AuditEntry:
        """Returns one entry, `auditEntries/{sequence}`."""
        request = audit_reader_service_pb2.GetEntryRequest(name=name)
        return self._calls.unary(self._stub.GetEntry, request)

    def verify(self) -> audit_reader_service_pb2.VerifyLogResponse:
        """Has the chain recomputed; a broken chain is an answer, not an error."""
        return self._calls.unary(self._stub.VerifyLog, audit_reader_service_pb2.VerifyLogRequest(), seconds=None)

    def checkpoint(self) -> audit_reader_service_pb2.Checkpoint:
        """Returns a signed statement of the chain's length and last hash, to be kept elsewhere."""
        return self._calls.unary(self._stub.GetCheckpoint, audit_reader_service_pb2.GetCheckpointRequest())

    def list(
        self,
        *,
        limit: int | None = 100,
        service: str = "",
        method: str = "",
        actor: str = "",
        outcome: audit_pb2.AuditOutcome = audit_pb2.AUDIT_OUTCOME_UNSPECIFIED,
        resource: str = "",
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> list[audit_pb2.AuditEntry]:
        """Returns the newest entries that pass all filters, at most `limit` (None: all)."""
        request = audit_reader_service_pb2.ListEntriesRequest(
            service=service,
            method=method,
            actor=actor,
            outcome=outcome,
            resource=resource,
            start_time=_timestamp(start),
            end_time=_timestamp(end),
        )
        found: list[audit_pb2.AuditEntry] = []
        while limit is None or len(found) < limit:
            request.page_size = 500 if limit is None else min(500, limit - len(found))
            page = self._calls.unary(self._stub.ListEntries, request)
            found += page.entries
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found


def _timestamp(moment: datetime | None) -> timestamp_pb2.Timestamp | None:
    if moment is None:
        return None
    message = timestamp_pb2.Timestamp()
    message.FromDatetime(moment)
    return message
