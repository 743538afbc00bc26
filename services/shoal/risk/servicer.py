"""RiskService: wire in, wire out."""

from __future__ import annotations

from typing import Any

import polars as pl

from shoal.api.risk.v1 import risk_service_pb2
from shoal.kernels import Monitor
from shoal.measures.messages import risk_to_wire
from shoal.risk import messages
from shoal.risk.assess import assess
from shoal.runtime.calls import draft
from shoal.runtime.host import Built, Host, Workers
from shoal.runtime.opened import OpenedTable, TableOpener, opener_of, unknown_column
from shoal.tables.columns import exactly
from shoal.tables.formats import Limits


class RiskServicer:
    """Measures any table."""

    def __init__(self, opener: TableOpener, workers: Workers) -> None:
        self._opener = opener
        self._workers = workers

    async def AssessRisk(
        self, request: risk_service_pb2.AssessRiskRequest, context: Any
    ) -> risk_service_pb2.AssessRiskResponse:
        wanted = messages.assessment(request)
        table = await self._opener.open(request.table, "table")
        monitor = Monitor()

        def work() -> risk_service_pb2.AssessRiskResponse:
            with table.reading():
                frame = _columns(table, wanted.quasi_identifiers, self._opener.limits)
            summary, warnings = assess(
                frame,
                threshold=wanted.threshold,
                attackers=wanted.attackers,
                suppressed_values=wanted.suppressed_values,
                null_values=wanted.null_values,
                cut_points=wanted.cut_points,
                monitor=monitor,
            )
            return risk_service_pb2.AssessRiskResponse(report=risk_to_wire(summary), warnings=warnings)

        response = await self._workers.run(work, monitor)
        draft().details.update(
            rows=str(response.report.row_count), classes=str(response.report.class_count), k=str(response.report.k)
        )
        return response


def _columns(table: OpenedTable, names: tuple[str, ...], limits: Limits) -> pl.DataFrame:
    frame, _ = table.scan(limits)
    known = set(frame.collect_schema().names())
    for place, name in enumerate(names):
        if name not in known:
            raise unknown_column(name, f"quasi_identifiers[{place}]")
    return frame.select(exactly(names)).collect(engine="streaming")


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = RiskServicer(opener_of(host), host.workers)
    return Built(servicers=[(risk_service_pb2.DESCRIPTOR.services_by_name["RiskService"], servicer)])
