# GENERATED from ../_async/risk.py by ../generate_sync.py; never edited.
"""How exposed the people of a table are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shoal.api.risk.v1 import risk_service_pb2, risk_service_pb2_grpc
from shoal.client.calls import SyncCalls
from shoal.client.connection import SyncChannel
from shoal.client.tables import Table

from .datasets import Progress
from .transfer import Transfer


class Risk:
    """`client.risk`: measures tables, Shoal's own releases or anybody's; changes nothing."""

    def __init__(self, calls: SyncCalls, channel: SyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self._stub = risk_service_pb2_grpc.RiskServiceStub(channel)

    def assess(
        self,
        table: Table,
        quasi_identifiers: Iterable[str],
        *,
        threshold: float | None = None,
        attackers: Sequence[risk_service_pb2.Attacker] = (),
        suppressed_values: risk_service_pb2.SuppressedValues = risk_service_pb2.SUPPRESSED_VALUES_UNSPECIFIED,
        null_values: risk_service_pb2.NullValues = risk_service_pb2.NULL_VALUES_UNSPECIFIED,
        population: Table | None = None,
        entity_column: str | None = None,
        risk_level_cut_points: Sequence[float] = (),
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> risk_service_pb2.AssessRiskResponse:
        """Measures the re-identification risk of a table; arguments left out mean what the contract's absent
        fields mean."""
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = risk_service_pb2.AssessRiskRequest(
                table=transfer.source(table, separator=separator),
                quasi_identifiers=quasi_identifiers,
                threshold=threshold,
                attackers=attackers,
                suppressed_values=suppressed_values,
                null_values=null_values,
                population=None if population is None else transfer.source(population),
                entity_column=entity_column,
                risk_level_cut_points=risk_level_cut_points,
            )
            return self._calls.unary(self._stub.AssessRisk, request, seconds=None)
