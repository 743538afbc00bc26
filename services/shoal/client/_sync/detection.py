# GENERATED from ../_async/detection.py by ../generate_sync.py; never edited.
"""Which columns of a table identify people, and a policy from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.detection.v1 import detection_pb2, detection_service_pb2, detection_service_pb2_grpc
from shoal.client.calls import SyncCalls
from shoal.client.connection import SyncChannel
from shoal.client.tables import Table

from .datasets import Progress
from .transfer import Transfer


class Detection:
    """`client.detection`: looks at tables and changes nothing."""

    def __init__(self, calls: SyncCalls, channel: SyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self._stub = detection_service_pb2_grpc.DetectionServiceStub(channel)

    def detect(
        self,
        table: Table,
        *,
        mode: detection_pb2.DetectionMode = detection_pb2.DETECTION_MODE_UNSPECIFIED,
        sampling: detection_pb2.SamplingMethod = detection_pb2.SAMPLING_METHOD_UNSPECIFIED,
        cumulative_importance_threshold: float | None = None,
        max_quasi_identifiers: int | None = None,
        uniqueness_threshold: float | None = None,
        known_roles: Mapping[str, policy_pb2.AttributeRole] | None = None,
        ignored_columns: Iterable[str] = (),
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> detection_pb2.Detection:
        """Judges every column of a table; arguments left out mean what the contract's absent fields mean."""
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = detection_service_pb2.DetectQuasiIdentifiersRequest(
                table=transfer.source(table, separator=separator),
                options=detection_pb2.DetectionOptions(
                    mode=mode,
                    sampling=sampling,
                    cumulative_importance_threshold=cumulative_importance_threshold,
                    max_quasi_identifiers=max_quasi_identifiers,
                    uniqueness_threshold=uniqueness_threshold,
                    known_roles=known_roles,
                    ignored_columns=ignored_columns,
                ),
            )
            answer = self._calls.unary(self._stub.DetectQuasiIdentifiers, request, seconds=None)
            return answer.detection
