"""AuditService (append) and AuditReaderService (read and verify): wire in, wire out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from shoal.api.audit.v1 import audit_pb2, audit_reader_service_pb2, audit_service_pb2
from shoal.audit import chain, messages, records
from shoal.errors import NotFoundError
from shoal.runtime.calls import caller, draft
from shoal.runtime.database import Database
from shoal.runtime.host import Built, Host
from shoal.runtime.pages import Pages, page_size
from shoal.runtime.threads import in_thread


class AuditServicer:
    """Takes entries from the outboxes of all services."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def AppendEntries(
        self, request: audit_service_pb2.AppendEntriesRequest, context: Any
    ) -> audit_service_pb2.AppendEntriesResponse:
        return await in_thread(self._append, request)

    def _append(self, request: audit_service_pb2.AppendEntriesRequest) -> audit_service_pb2.AppendEntriesResponse:
        entries = messages.drafts(request)
        with self._database.begin() as session:
            appended = sum(records.append(session, *entry) for entry in entries)
        return audit_service_pb2.AppendEntriesResponse(appended_count=appended)


class AuditReaderServicer:
    """Reads and verifies; whatever waits in this process's outboxes is moved first, so that a reader sees what was done."""

    def __init__(self, database: Database, pages: Pages, drain: Callable[[], Awaitable[None]]) -> None:
        self._database = database
        self._pages = pages
        self._drain = drain

    async def GetEntry(self, request: audit_reader_service_pb2.GetEntryRequest, context: Any) -> audit_pb2.AuditEntry:
        await self._drain()
        return await in_thread(self._get, request.name)

    async def ListEntries(
        self, request: audit_reader_service_pb2.ListEntriesRequest, context: Any
    ) -> audit_reader_service_pb2.ListEntriesResponse:
        await self._drain()
        return await in_thread(self._list, request)

    async def VerifyLog(
        self, request: audit_reader_service_pb2.VerifyLogRequest, context: Any
    ) -> audit_reader_service_pb2.VerifyLogResponse:
        await self._drain()
        return await in_thread(self._verify)

    def _get(self, name: str) -> audit_pb2.AuditEntry:
        sequence = messages.sequence_in(name)
        draft().resources.append(name)
        with self._database.begin() as session:
            row = records.entry_at(session, caller().organization, sequence)
        if row is None:
            raise NotFoundError(f"there is no entry {name}", metadata={"resource": name})
        return messages.entry_to_wire(row)

    def _list(self, request: audit_reader_service_pb2.ListEntriesRequest) -> audit_reader_service_pb2.ListEntriesResponse:
        size = page_size(request.page_size, default=50, most=500)
        chosen = messages.filters(request)
        organization = caller().organization
        binding = messages.binding(organization, chosen)
        position = self._pages.position(request.page_token, *binding)
        before = None if position is None else int(position)
        with self._database.begin() as session:
            rows = records.entries_page(session, organization, chosen, before=before, size=size + 1)
        response = audit_reader_service_pb2.ListEntriesResponse(entries=[messages.entry_to_wire(row) for row in rows[:size]])
        if len(rows) > size:
            response.next_page_token = self._pages.token(str(rows[size - 1].sequence), *binding)
        return response

    def _verify(self) -> audit_reader_service_pb2.VerifyLogResponse:
        organization = caller().organization
        with self._database.begin() as session:
            length, head_hash = records.head_of(session, organization)
            verdict = chain.verify(organization, records.links(session, organization), length, head_hash)
        draft().details["verified_entries"] = str(verdict.verified)
        draft().details["intact"] = str(verdict.first_fault is None).lower()
        return audit_reader_service_pb2.VerifyLogResponse(
            intact=verdict.first_fault is None,
            verified_count=verdict.verified,
            first_fault=verdict.first_fault,
            fault=verdict.fault,
            head_hash=verdict.head_hash,
        )


def build(host: Host) -> Built:
    """Makes the service."""
    return Built(
        servicers=[
            (audit_service_pb2.DESCRIPTOR.services_by_name["AuditService"], AuditServicer(host.database)),
            (
                audit_reader_service_pb2.DESCRIPTOR.services_by_name["AuditReaderService"],
                AuditReaderServicer(host.database, host.pages, host.drain_outboxes),
            ),
        ]
    )
