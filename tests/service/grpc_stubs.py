"""Plain generated stubs, and the few lines around an upload and a download that every client needs."""

from __future__ import annotations

import hashlib
from typing import Any

import grpc
from grpc_calls import pieces

from shoal.api.anonymization.v1.anonymization_service_pb2_grpc import AnonymizationServiceStub
from shoal.api.audit.v1.audit_reader_service_pb2_grpc import AuditReaderServiceStub
from shoal.api.datasets.v1.dataset_pb2 import Dataset
from shoal.api.datasets.v1.datasets_service_pb2 import (
    DownloadDatasetRequest,
    UploadDatasetRequest,
    UploadHeader,
)
from shoal.api.datasets.v1.datasets_service_pb2_grpc import DatasetServiceStub
from shoal.api.detection.v1.detection_service_pb2_grpc import DetectionServiceStub
from shoal.api.identity.v1.identity_service_pb2_grpc import IdentityServiceStub
from shoal.api.risk.v1.risk_service_pb2_grpc import RiskServiceStub
from shoal.api.tables.v1.table_pb2 import TABLE_FORMAT_CSV


class Stubs:
    """The stubs of one channel, with one caller's credential."""

    def __init__(self, channel: grpc.Channel, key: str) -> None:
        self.channel = channel
        self.metadata = (("authorization", f"Bearer {key}"),)
        self.identity = IdentityServiceStub(channel)
        self.datasets = DatasetServiceStub(channel)
        self.detection = DetectionServiceStub(channel)
        self.anonymization = AnonymizationServiceStub(channel)
        self.risk = RiskServiceStub(channel)
        self.audit = AuditReaderServiceStub(channel)

    def upload(self, data: bytes, **header: Any) -> Dataset:
        header.setdefault("format", TABLE_FORMAT_CSV)

        def requests() -> Any:
            yield UploadDatasetRequest(header=UploadHeader(**header))
            for piece in pieces(data):
                yield UploadDatasetRequest(chunk=piece)

        return self.datasets.UploadDataset(requests(), metadata=self.metadata, timeout=120)

    def download(self, name: str, **request: Any) -> bytes:
        answers = self.datasets.DownloadDataset(
            DownloadDatasetRequest(name=name, **request), metadata=self.metadata, timeout=120
        )
        header = next(answers).header
        data = b"".join(answer.chunk for answer in answers)
        assert len(data) == header.size_bytes
        assert hashlib.sha256(data).hexdigest() == header.sha256
        return data
