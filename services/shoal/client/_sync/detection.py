# GENERATED from ../_async/detection.py by ../generate_sync.py; never edited.
"""Which columns of a table identify people, and a policy from it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.detection.v1 import detection_pb2, detection_service_pb2, detection_service_pb2_grpc, pattern_pb2
from shoal.client.calls import SyncCalls
from shoal.client.connection import SyncChannel
from shoal.client.policies import Policy, ReadPolicy, read_policy
from shoal.client.tables import Table

from .datasets import Progress
from .transfer import Transfer


class Detection:
    """`client.detection`: looks at tables, and keeps the patterns it goes by."""

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

    def generate_config(
        self,
        table: Table,
        *,
        template: Policy | ReadPolicy | None = None,
        options: detection_pb2.DetectionOptions | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> detection_service_pb2.GenerateConfigResponse:
        """Judges a table and writes a policy for it, which `client.anonymization.anonymize` takes as it stands.

        `template` is the policy to complete (a dict, the path of a YAML or JSON file, or the message): what it says is kept.
        """
        read = template
        if template is not None and not isinstance(template, ReadPolicy):
            read = self._calls.blocking(read_policy, template)
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = detection_service_pb2.GenerateConfigRequest(options=options)
            if isinstance(read, ReadPolicy):
                request.template.CopyFrom(transfer.policy(read))
            request.table.CopyFrom(transfer.source(table, separator=separator))
            return self._calls.unary(self._stub.GenerateConfig, request, seconds=None)

    def create_pattern(self, pattern: pattern_pb2.Pattern) -> pattern_pb2.Pattern:
        """Keeps a custom pattern; the next detection uses it."""
        request = detection_service_pb2.CreatePatternRequest(pattern=pattern, request_id=str(uuid.uuid4()))
        return self._calls.unary(self._stub.CreatePattern, request)

    def get_pattern(self, name: str) -> pattern_pb2.Pattern:
        """Returns one pattern, custom or of a file."""
        return self._calls.unary(self._stub.GetPattern, detection_service_pb2.GetPatternRequest(name=name))

    def list_patterns(
        self,
        *,
        role: policy_pb2.AttributeRole = policy_pb2.ATTRIBUTE_ROLE_UNSPECIFIED,
        origin: pattern_pb2.PatternOrigin = pattern_pb2.PATTERN_ORIGIN_UNSPECIFIED,
    ) -> list[pattern_pb2.Pattern]:
        """Returns all patterns in the order in which they are tried."""
        request = detection_service_pb2.ListPatternsRequest(page_size=500, role=role, origin=origin)
        found: list[pattern_pb2.Pattern] = []
        while True:
            page = self._calls.unary(self._stub.ListPatterns, request)
            found.extend(page.patterns)
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    def update_pattern(self, pattern: pattern_pb2.Pattern, fields: Iterable[str] = ()) -> pattern_pb2.Pattern:
        """Changes fields of a custom pattern: those named, or all that are set in `pattern`."""
        request = detection_service_pb2.UpdatePatternRequest(pattern=pattern)
        request.update_mask.paths.extend(fields)
        return self._calls.unary(self._stub.UpdatePattern, request)

    def delete_pattern(self, name: str) -> None:
        """Deletes a custom pattern."""
        self._calls.unary(self._stub.DeletePattern, detection_service_pb2.DeletePatternRequest(name=name))

    def delete_all_patterns(self) -> int:
        """Deletes every custom pattern of the organisation and returns how many there were; for administrators."""
        answer = self._calls.unary(self._stub.DeleteAllPatterns, detection_service_pb2.DeleteAllPatternsRequest())
        return answer.deleted_count

    def reload_patterns(self) -> detection_service_pb2.ReloadPatternsResponse:
        """Has the server read its pattern files again; for administrators."""
        return self._calls.unary(self._stub.ReloadPatterns, detection_service_pb2.ReloadPatternsRequest())
