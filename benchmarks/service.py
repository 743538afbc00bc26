"""An embedded server and the few calls of a client: plain gRPC stubs, no channel options, so messages stay below 4 MiB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import grpc
from benchmarks.data import ADULT9, SEPARATOR, adult_hierarchy

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.anonymization.v1.anonymization_service_pb2_grpc import AnonymizationServiceStub
from shoal.api.datasets.v1 import datasets_service_pb2
from shoal.api.datasets.v1.datasets_service_pb2_grpc import DatasetServiceStub
from shoal.api.measures.v1 import risk_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.risk.v1.risk_service_pb2_grpc import RiskServiceStub
from shoal.api.tables.v1 import table_pb2
from shoal.runtime.embedded import start_embedded

CHUNK = 1024**2


class Service:
    """The calls of one client."""

    def __init__(self, address: str, channel: grpc.Channel, key: str) -> None:
        self.address = address
        self._metadata = (("authorization", f"Bearer {key}"),)
        self._datasets = DatasetServiceStub(channel)
        self._anonymization = AnonymizationServiceStub(channel)
        self._risk = RiskServiceStub(channel)

    def upload(self, source: Path) -> str:
        """Streams a CSV file; the name of the dataset."""

        def requests() -> Iterator[datasets_service_pb2.UploadDatasetRequest]:
            header = datasets_service_pb2.UploadHeader(format=table_pb2.TABLE_FORMAT_CSV, separator=SEPARATOR)
            yield datasets_service_pb2.UploadDatasetRequest(header=header)
            with source.open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield datasets_service_pb2.UploadDatasetRequest(chunk=chunk)

        return str(self._datasets.UploadDataset(requests(), metadata=self._metadata).name)

    def anonymize(self, dataset: str, policy: policy_pb2.AnonymizationPolicy) -> anonymization_service_pb2.AnonymizeResponse:
        """Makes a release."""
        request = anonymization_service_pb2.AnonymizeRequest(table=table_pb2.TableSource(dataset=dataset), policy=policy)
        return self._anonymization.Anonymize(request, metadata=self._metadata)

    def validate(
        self, dataset: str, quasi_identifiers: Sequence[str], models: Sequence[policy_pb2.PrivacyModel]
    ) -> risk_service_pb2.ValidatePrivacyResponse:
        """Checks a table."""
        request = risk_service_pb2.ValidatePrivacyRequest(
            table=table_pb2.TableSource(dataset=dataset), quasi_identifiers=quasi_identifiers, privacy_models=models
        )
        return self._risk.ValidatePrivacy(request, metadata=self._metadata)

    def assess(self, dataset: str, quasi_identifiers: Sequence[str]) -> risk_pb2.RiskReport:
        """The risk of a table."""
        request = risk_service_pb2.AssessRiskRequest(
            table=table_pb2.TableSource(dataset=dataset), quasi_identifiers=quasi_identifiers
        )
        return self._risk.AssessRisk(request, metadata=self._metadata).report

    def download(self, dataset: str, target: Path) -> None:
        """Streams a dataset into a file."""
        request = datasets_service_pb2.DownloadDatasetRequest(name=dataset)
        with target.open("wb") as file:
            for answer in self._datasets.DownloadDataset(request, metadata=self._metadata):
                file.write(answer.chunk)

    def delete(self, dataset: str) -> None:
        """Deletes a dataset."""
        self._datasets.DeleteDataset(datasets_service_pb2.DeleteDatasetRequest(name=dataset), metadata=self._metadata)


@contextmanager
def serving(folder: Path) -> Iterator[Service]:
    """A server in this process on a new data folder, and a client of it."""
    with start_embedded(folder) as server, grpc.insecure_channel(server.address) as channel:
        yield Service(server.address, channel, server.api_key)


def adult_policy() -> policy_pb2.AnonymizationPolicy:
    """k = 5 with at most 2 % suppressed, nine quasi-identifiers, ARX's hierarchies."""
    policy = policy_pb2.AnonymizationPolicy(suppression_limit=0.02)
    policy.privacy_models.add().k_anonymity.k = 5
    for name in ADULT9:
        attribute = policy.attributes.add(name=name, role=policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER)
        attribute.hierarchy.table.inline.format = table_pb2.TABLE_FORMAT_CSV
        attribute.hierarchy.table.inline.data = adult_hierarchy(name).read_bytes()
    return policy
