"""A server that behaves badly on demand: what the real one does only in accidents, the client must
survive."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf import any_pb2, empty_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc

from shoal.api.anonymization.v1 import (
    anonymization_service_pb2,
    anonymization_service_pb2_grpc,
    policy_pb2,
    solution_pb2,
)
from shoal.api.datasets.v1 import dataset_pb2, datasets_service_pb2, datasets_service_pb2_grpc
from shoal.api.risk.v1 import risk_service_pb2, risk_service_pb2_grpc
from shoal.api.tables.v1 import table_pb2

CERTIFICATE = solution_pb2.Certificate(
    payload=b'{"shoal": 1}', algorithm="Ed25519", signature=bytes(64), public_key=bytes(32), key_id="ab" * 32
)


K_ANONYMITY = policy_pb2.PrivacyModel(k_anonymity=policy_pb2.KAnonymity(k=5))


class FakeServer(
    datasets_service_pb2_grpc.DatasetServiceServicer,
    anonymization_service_pb2_grpc.AnonymizationServiceServicer,
    risk_service_pb2_grpc.RiskServiceServicer,
    health_pb2_grpc.HealthServicer,  # type: ignore[misc]
):
    """All services in one; attributes say how the next calls go and what the last ones brought."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.headers: list[datasets_service_pb2.UploadHeader] = []
        self.deleted: list[str] = []
        self.requests: list[anonymization_service_pb2.AnonymizeRequest] = []
        self.frontiers: list[anonymization_service_pb2.ComputeFrontierRequest] = []
        self.explorations: list[anonymization_service_pb2.ExploreLatticeRequest] = []
        self.applications: list[anonymization_service_pb2.ApplySolutionRequest] = []
        self.keys: list[str] = []
        self.failures: list[tuple[grpc.StatusCode, status_pb2.Status | None]] = []
        self.attempts = 0
        self.download = "whole"
        self.certified = True
        self.released = b"a,b\n3,4\n"
        self.block = threading.Event()
        self.block.set()
        self.started = threading.Event()
        self.cancelled = threading.Event()
        self._server = grpc.server(ThreadPoolExecutor(8))
        datasets_service_pb2_grpc.add_DatasetServiceServicer_to_server(self, self._server)
        anonymization_service_pb2_grpc.add_AnonymizationServiceServicer_to_server(self, self._server)
        risk_service_pb2_grpc.add_RiskServiceServicer_to_server(self, self._server)
        health_pb2_grpc.add_HealthServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def stop(self) -> None:
        """Drops every connection at once."""
        self.block.set()
        self._server.stop(0).wait()

    def UploadDataset(
        self,
        request_iterator: Iterator[datasets_service_pb2.UploadDatasetRequest],
        context: grpc.ServicerContext,
    ) -> dataset_pb2.Dataset:
        header = next(request_iterator).header
        data = b"".join(each.chunk for each in request_iterator)
        self.headers.append(header)
        name = f"datasets/d{len(self.stored) + 1}"
        self.stored[name] = data
        return self._dataset(name, header.format)

    def GetDataset(self, request: datasets_service_pb2.GetDatasetRequest, context: grpc.ServicerContext) -> dataset_pb2.Dataset:
        self._count(context)
        return self._dataset(request.name, table_pb2.TABLE_FORMAT_CSV)

    def ListDatasets(
        self, request: datasets_service_pb2.ListDatasetsRequest, context: grpc.ServicerContext
    ) -> datasets_service_pb2.ListDatasetsResponse:
        names = sorted(self.stored)
        start = int(request.page_token or 0)
        size = min(request.page_size, 2)
        page = [self._dataset(name, table_pb2.TABLE_FORMAT_CSV) for name in names[start : start + size]]
        token = str(start + size) if start + size < len(names) else ""
        return datasets_service_pb2.ListDatasetsResponse(datasets=page, next_page_token=token)

    def DeleteDataset(
        self, request: datasets_service_pb2.DeleteDatasetRequest, context: grpc.ServicerContext
    ) -> empty_pb2.Empty:
        self._count(context)
        self.deleted.append(request.name)
        return empty_pb2.Empty()

    def DownloadDataset(
        self, request: datasets_service_pb2.DownloadDatasetRequest, context: grpc.ServicerContext
    ) -> Iterator[datasets_service_pb2.DownloadDatasetResponse]:
        data = self.stored[request.name]
        digest = hashlib.sha256(data).hexdigest()
        yield datasets_service_pb2.DownloadDatasetResponse(
            header=datasets_service_pb2.DownloadHeader(
                dataset=self._dataset(request.name, table_pb2.TABLE_FORMAT_CSV),
                format=request.format or table_pb2.TABLE_FORMAT_CSV,
                size_bytes=len(data),
                sha256=digest,
            )
        )
        chunks = [data[start : start + 65536] for start in range(0, len(data), 65536)]
        if self.download == "short":
            chunks = chunks[:-1]
        if self.download == "changed":
            chunks[-1] = bytes(reversed(chunks[-1]))
        for place, chunk in enumerate(chunks):
            yield datasets_service_pb2.DownloadDatasetResponse(chunk=chunk)
            if self.download == "dropped" and place == len(chunks) // 2:
                self.started.set()
                self._wait(context)
                context.abort(grpc.StatusCode.UNAVAILABLE, "going away")

    def Anonymize(
        self, request: anonymization_service_pb2.AnonymizeRequest, context: grpc.ServicerContext
    ) -> anonymization_service_pb2.AnonymizeResponse:
        self.requests.append(request)
        self.keys += [str(value) for key, value in context.invocation_metadata() if key == "authorization"]
        self._work(context)
        name = "datasets/released"
        self.stored[name] = b"a,b\n1,2\n"
        solution = released_solution()
        solution.policy.CopyFrom(request.policy)
        if not self.certified:
            solution.ClearField("certificate")
        return anonymization_service_pb2.AnonymizeResponse(
            solution=solution, output=self._dataset(name, table_pb2.TABLE_FORMAT_CSV)
        )

    def ApplySolution(
        self, request: anonymization_service_pb2.ApplySolutionRequest, context: grpc.ServicerContext
    ) -> anonymization_service_pb2.ApplySolutionResponse:
        self.applications.append(request)
        self._work(context)
        name = "datasets/applied"
        self.stored[name] = self.released
        return anonymization_service_pb2.ApplySolutionResponse(
            output=self._dataset(name, table_pb2.TABLE_FORMAT_CSV),
            row_count=10,
            released_count=7,
            unseen_count=1,
            violating_count=2,
            guarantee="The union is 5-anonymous.",
            batch_models=[solution_pb2.ModelResult(model=K_ANONYMITY, satisfied=False, measured=3)],
            union_models=[solution_pb2.ModelResult(model=K_ANONYMITY, satisfied=True, measured=6)],
            certificate=CERTIFICATE if self.certified else None,
            warnings=["Two releases can be compared."],
        )

    def ComputeFrontier(
        self, request: anonymization_service_pb2.ComputeFrontierRequest, context: grpc.ServicerContext
    ) -> anonymization_service_pb2.ComputeFrontierResponse:
        """Loss grows with k and shrinks with the limit; above k = 20 nothing is feasible without suppression."""
        self.frontiers.append(request)
        self._work(context)
        policy = request.policy
        own_ks = [each.k_anonymity.k for each in policy.privacy_models if each.HasField("k_anonymity")][:1] or [0]
        ks, limits = list(request.ks) or own_ks, list(request.suppression_limits) or [policy.suppression_limit]
        points = [
            frontier_point(k, limit, list(values))
            for k in ks
            for limit in limits
            for values in itertools.product(*(each.values for each in request.parameters))
        ]
        return anonymization_service_pb2.ComputeFrontierResponse(
            points=points, search_seconds=0.25, lattice_size=120, row_count=1000, attributes=["age", "zip"]
        )

    def ExploreLattice(
        self, request: anonymization_service_pb2.ExploreLatticeRequest, context: grpc.ServicerContext
    ) -> anonymization_service_pb2.ExploreLatticeResponse:
        self.explorations.append(request)
        self._work(context)
        nodes = [
            anonymization_service_pb2.LatticeNode(
                levels=[1, 2], satisfied=True, suppressed_count=3, loss=0.25, class_count=40, smallest_class=5
            ),
            anonymization_service_pb2.LatticeNode(
                levels=[0, 2], satisfied=False, suppressed_count=400, loss=0.5, class_count=9, smallest_class=5
            ),
            anonymization_service_pb2.LatticeNode(levels=[1, 1], satisfied=False, suppressed_count=1000),
        ]
        return anonymization_service_pb2.ExploreLatticeResponse(nodes=nodes, attributes=["age", "zip"], complete=True)

    def AssessRisk(
        self, request: risk_service_pb2.AssessRiskRequest, context: grpc.ServicerContext
    ) -> risk_service_pb2.AssessRiskResponse:
        self._count(context)
        return risk_service_pb2.AssessRiskResponse()

    def Check(self, request: health_pb2.HealthCheckRequest, context: grpc.ServicerContext) -> health_pb2.HealthCheckResponse:
        self._count(context)
        return health_pb2.HealthCheckResponse(status=health_pb2.HealthCheckResponse.SERVING)

    def _work(self, context: grpc.ServicerContext) -> None:
        """Counts the call, says that it has started, and waits while it is blocked."""
        self._count(context)
        context.add_callback(self.cancelled.set)
        self.started.set()
        self._wait(context)

    def _wait(self, context: grpc.ServicerContext) -> None:
        while context.is_active() and not self.block.wait(0.02):
            pass

    def _count(self, context: grpc.ServicerContext) -> None:
        """Counts the call, and fails it when a failure is due."""
        self.attempts += 1
        if self.failures:
            code, status = self.failures.pop(0)
            if status is not None:
                context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
            context.abort(code, status.message if status is not None else "not now")

    def _dataset(self, name: str, form: table_pb2.TableFormat) -> dataset_pb2.Dataset:
        return dataset_pb2.Dataset(name=name, format=form, size_bytes=len(self.stored.get(name, b"")), row_count=1)


def released_solution() -> solution_pb2.Solution:
    """A made-up release of 8 of 10 rows."""
    return solution_pb2.Solution(
        name="solutions/s1",
        attributes=[solution_pb2.AttributeResult(name="age", level=2, level_count=4, loss=0.3)],
        loss=0.25,
        row_count=10,
        released_count=8,
        suppressed_count=2,
        search=solution_pb2.SearchReport(
            lattice_size=4, checked_count=3, gap=0.0625, lower_bound=0.1875, search_seconds=0.5, stopped_by="max_seconds"
        ),
        models=[
            solution_pb2.ModelResult(model=K_ANONYMITY, satisfied=True, measured=6),
            solution_pb2.ModelResult(
                model=policy_pb2.PrivacyModel(
                    t_closeness=policy_pb2.TCloseness(attribute="ill", distance=policy_pb2.T_CLOSENESS_DISTANCE_ORDERED, t=0.2)
                ),
                satisfied=False,
                measured=0.375,
                reference="all rows of the input",
            ),
        ],
        suppressed_profiles=[
            solution_pb2.SuppressedProfile(
                attribute="ill",
                values=[
                    solution_pb2.ValueShare(value=f"v{place}", share_of_all=0.1, share_of_suppressed=0.5, suppressed_rate=0.25)
                    for place in range(10)
                ],
                hidden_count=3,
                distance=0.125,
            )
        ],
        certificate=CERTIFICATE,
        warnings=["The same content was released before."],
    )


def frontier_point(k: int, limit: float, values: list[float]) -> anonymization_service_pb2.FrontierPoint:
    """A made-up optimum."""
    if k > 20 and limit == 0:
        return anonymization_service_pb2.FrontierPoint(k=k, suppression_limit=limit, parameters=values)
    return anonymization_service_pb2.FrontierPoint(
        k=k,
        suppression_limit=limit,
        feasible=True,
        loss=(1 - 1 / (k + 1)) * (1 - limit) + sum(values) / 100,
        levels=[1, 2],
        suppressed_count=int(limit * 1000),
        highest_risk=1 / max(k, 1),
        average_risk=0.5 / max(k, 1),
        optimal=k != 7,
        gap=0.01 if k == 7 else 0,
        parameters=values,
    )


def shoal_status(
    code: grpc.StatusCode,
    reason: str,
    message: str,
    *,
    violations: tuple[tuple[str, str], ...] = (),
    **metadata: str,
) -> tuple[grpc.StatusCode, status_pb2.Status]:
    """A failure as our servers send it."""
    info = any_pb2.Any()
    info.Pack(error_details_pb2.ErrorInfo(reason=reason, domain="shoal", metadata=metadata))
    details = [info]
    if violations:
        request = any_pb2.Any()
        request.Pack(
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(field=field, description=text) for field, text in violations
                ]
            )
        )
        details.append(request)
    return code, status_pb2.Status(code=code.value[0], message=message, details=details)
