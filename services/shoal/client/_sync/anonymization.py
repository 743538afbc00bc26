# GENERATED from ../_async/anonymization.py by ../generate_sync.py; never edited.
"""Releases and the solutions that are kept of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

from shoal.api.anonymization.v1 import (
    anonymization_service_pb2,
    anonymization_service_pb2_grpc,
    policy_pb2,
    solution_pb2,
)
from shoal.api.tables.v1 import table_pb2
from shoal.client.calls import SyncCalls
from shoal.client.connection import SyncChannel
from shoal.client.policies import Policy, ReadPolicy, read_policy
from shoal.client.tables import Table

from .datasets import UNCHANGED, Datasets, Progress, duration_of
from .release import AppliedRelease, Release
from .transfer import Transfer

Varied: TypeAlias = tuple[int, str, Sequence[float]]
"""A parameter to vary: the place of its model in the policy's `privacy_models`, its name, and the values to try."""


class Anonymization:
    """`client.anonymization`: makes releases, and keeps what is known about them."""

    def __init__(self, calls: SyncCalls, channel: SyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self._stub = anonymization_service_pb2_grpc.AnonymizationServiceStub(channel)
        self._datasets = Datasets(calls, channel)

    def anonymize(
        self,
        table: Table,
        policy: Policy | ReadPolicy,
        *,
        k: int | None = None,
        separator: str | None = None,
        output_format: table_pb2.TableFormat = UNCHANGED,
        output_display_name: str = "",
        output_ttl: timedelta | None = None,
        apply_ttl: timedelta | None = None,
        request_id: str | None = None,
        progress: Progress | None = None,
    ) -> Release:
        """Makes a release of a table by a policy: a dict, the path of a YAML or JSON file, or the message.

        `k` overrides the policy's. `output_ttl` is how long the server keeps the released dataset, None:
        until it is deleted. `apply_ttl` is how long it keeps the class counts that `apply_solution` needs, None: 90
        days, zero: not at all. Without a timeout the call takes as long as it needs; cancelling it stops the work
        on the server.
        """
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = anonymization_service_pb2.AnonymizeRequest(
                policy=transfer.policy(policy, k),
                table=transfer.source(table, separator=separator),
                output_format=output_format,
                output_display_name=output_display_name,
                output_ttl=duration_of(output_ttl),
                apply_ttl=duration_of(apply_ttl),
                request_id=request_id or str(uuid.uuid4()),
            )
            answer = self._calls.unary(self._stub.Anonymize, request, seconds=None)
        return Release(answer.solution, answer.output, self._datasets)

    def auto_anonymize(
        self,
        table: Table,
        *,
        privacy_models: Iterable[Mapping[str, Any] | policy_pb2.PrivacyModel] = (),
        suppression_limit: float | None = None,
        separator: str | None = None,
        output_format: table_pb2.TableFormat = UNCHANGED,
        output_ttl: timedelta | None = None,
        request_id: str | None = None,
        progress: Progress | None = None,
    ) -> Release:
        """Makes a release by a policy that the server makes from the table itself; the policy is the result's
        `policy`."""
        models = [
            each
            if isinstance(each, policy_pb2.PrivacyModel)
            else read_policy({"privacy_models": [each]}).message.privacy_models[0]
            for each in privacy_models
        ]
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = anonymization_service_pb2.AutoAnonymizeRequest(
                table=transfer.source(table, separator=separator),
                privacy_models=models,
                suppression_limit=suppression_limit,
                output_format=output_format,
                output_ttl=duration_of(output_ttl),
                request_id=request_id or str(uuid.uuid4()),
            )
            answer = self._calls.unary(self._stub.AutoAnonymize, request, seconds=None)
        return Release(answer.solution, answer.output, self._datasets, answer.policy)

    def apply_solution(
        self,
        solution: str,
        table: Table,
        *,
        separator: str | None = None,
        output_format: table_pb2.TableFormat = UNCHANGED,
        output_ttl: timedelta | None = None,
        request_id: str | None = None,
        progress: Progress | None = None,
    ) -> AppliedRelease:
        """Makes a release of new rows with the levels of a solution, `solutions/…`. Rows with unseen values and classes that
        violate the policy are left out and counted."""
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = anonymization_service_pb2.ApplySolutionRequest(
                solution=solution,
                table=transfer.source(table, separator=separator),
                output_format=output_format,
                output_ttl=duration_of(output_ttl),
                request_id=request_id or str(uuid.uuid4()),
            )
            answer = self._calls.unary(self._stub.ApplySolution, request, seconds=None)
        return AppliedRelease(answer, self._datasets)

    def compute_frontier(
        self,
        table: Table,
        policy: Policy | ReadPolicy,
        *,
        ks: Iterable[int] = (),
        suppression_limits: Iterable[float] = (),
        parameters: Iterable[Varied] = (),
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> anonymization_service_pb2.ComputeFrontierResponse:
        """Returns the optimum of every combination of settings, without making a release.

        `ks` and `suppression_limits` stand in for the policy's own, which are used where none are given; `parameters`
        are others to vary: `(1, "l", [2, 3, 4])` varies `l` of the second privacy model.
        """
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = anonymization_service_pb2.ComputeFrontierRequest(
                policy=transfer.policy(policy),
                table=transfer.source(table, separator=separator),
                ks=ks,
                suppression_limits=suppression_limits,
                parameters=[
                    anonymization_service_pb2.VariedParameter(model=model, parameter=parameter, values=values)
                    for model, parameter, values in parameters
                ],
            )
            return self._calls.unary(self._stub.ComputeFrontier, request, seconds=None)

    def explore_lattice(
        self,
        table: Table,
        policy: Policy | ReadPolicy,
        *,
        levels: Iterable[int] = (),
        radius: int = 1,
        k: int | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> anonymization_service_pb2.ExploreLatticeResponse:
        """Returns the combinations of levels within `radius` (1 to 3) levels of one: of `levels`, one for each
        quasi-identifier in the policy's order, or else of the optimum."""
        with Transfer(self._calls, self._channel, progress) as transfer:
            request = anonymization_service_pb2.ExploreLatticeRequest(
                policy=transfer.policy(policy, k),
                table=transfer.source(table, separator=separator),
                levels=levels,
                radius=radius,
            )
            return self._calls.unary(self._stub.ExploreLattice, request, seconds=None)

    def get_solution(self, name: str) -> solution_pb2.Solution:
        """Returns one solution."""
        request = anonymization_service_pb2.GetSolutionRequest(name=name)
        return self._calls.unary(self._stub.GetSolution, request)

    def delete_solution(self, name: str) -> None:
        """Deletes a solution; its output dataset stays."""
        request = anonymization_service_pb2.DeleteSolutionRequest(name=name)
        self._calls.unary(self._stub.DeleteSolution, request)

    def list_solutions(self, *, limit: int | None = 20) -> list[solution_pb2.Solution]:
        """Returns the newest solutions, at most `limit` (None: all)."""
        request = anonymization_service_pb2.ListSolutionsRequest()
        found: list[solution_pb2.Solution] = []
        while limit is None or len(found) < limit:
            request.page_size = 100 if limit is None else min(100, limit - len(found))
            page = self._calls.unary(self._stub.ListSolutions, request)
            found += page.solutions
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found
