"""How exposed the people of a table are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any

from shoal.api.anonymization.v1 import hierarchy_pb2, policy_pb2
from shoal.api.risk.v1 import risk_service_pb2, risk_service_pb2_grpc
from shoal.client.calls import AsyncCalls
from shoal.client.connection import AsyncChannel
from shoal.client.policies import Policy, ReadPolicy, override_k, read_policy
from shoal.client.tables import Table

from .datasets import Progress
from .transfer import AsyncTransfer


class AsyncRisk:
    """`client.risk`: measures tables, Shoal's own releases or anybody's; changes nothing."""

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel) -> None:
        self._calls = calls
        self._channel = channel
        self._stub = risk_service_pb2_grpc.RiskServiceStub(channel)

    async def assess(
        self,
        table: Table,
        quasi_identifiers: Iterable[str],
        *,
        threshold: float | None = None,
        attackers: Sequence[risk_service_pb2.Attacker] = (),
        suppressed_values: risk_service_pb2.SuppressedValues = risk_service_pb2.SUPPRESSED_VALUES_UNSPECIFIED,
        null_values: risk_service_pb2.NullValues = risk_service_pb2.NULL_VALUES_UNSPECIFIED,
        population: Table | None = None,
        hierarchies: Mapping[str, hierarchy_pb2.Hierarchy] | None = None,
        entity_column: str | None = None,
        sensitive_attributes: Iterable[str] = (),
        contributions: bool = False,
        risk_level_cut_points: Sequence[float] = (),
        policy: Policy | ReadPolicy | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> risk_service_pb2.AssessRiskResponse:
        """Measures the re-identification risk of a table; arguments left out mean what the contract's absent
        fields mean.

        Of a release and a population as it came, `policy` or `hierarchies` say which of its values the release's stand for.
        """
        read = policy if policy is None or isinstance(policy, ReadPolicy) else await self._calls.blocking(read_policy, policy)
        async with AsyncTransfer(self._calls, self._channel, progress) as transfer:
            request = risk_service_pb2.AssessRiskRequest(
                table=await transfer.source(table, separator=separator),
                quasi_identifiers=quasi_identifiers,
                threshold=threshold,
                attackers=attackers,
                suppressed_values=suppressed_values,
                null_values=null_values,
                population=None if population is None else await transfer.source(population),
                hierarchies=hierarchies,
                entity_column=entity_column,
                sensitive_attributes=sensitive_attributes,
                contributions=contributions,
                risk_level_cut_points=risk_level_cut_points,
            )
            if read is not None:
                _add_hierarchies(request.hierarchies, await transfer.policy(read))
            return await self._calls.unary(self._stub.AssessRisk, request, seconds=None)

    async def link(
        self,
        table: Table,
        roll: Table,
        columns: Iterable[str],
        *,
        truth_column: str | None = None,
        sensitive_columns: Iterable[str] = (),
        policy: Policy | ReadPolicy | None = None,
        hierarchies: Mapping[str, hierarchy_pb2.Hierarchy] | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> risk_service_pb2.SimulateLinkageResponse:
        """Plays an attacker who holds `roll`, a list of people: how many does the table give away?

        Of a release, `policy` or `hierarchies` say how its values cover original ones.
        """
        read = policy if policy is None or isinstance(policy, ReadPolicy) else await self._calls.blocking(read_policy, policy)
        async with AsyncTransfer(self._calls, self._channel, progress) as transfer:
            request = risk_service_pb2.SimulateLinkageRequest(
                columns=columns, truth_column=truth_column, sensitive_columns=sensitive_columns, hierarchies=hierarchies
            )
            if read is not None:
                _add_hierarchies(request.hierarchies, await transfer.policy(read))
            request.table.CopyFrom(await transfer.source(table, separator=separator))
            request.roll.CopyFrom(await transfer.source(roll))
            return await self._calls.unary(self._stub.SimulateLinkage, request, seconds=None)

    async def estimate_population_uniqueness(
        self,
        table: Table,
        quasi_identifiers: Iterable[str],
        *,
        population_size: int | None = None,
        sampling_fraction: float | None = None,
        region: str | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> risk_service_pb2.EstimatePopulationUniquenessResponse:
        """Estimates how much of a population is unique in its quasi-identifiers, from a sample of it.

        One of `population_size`, `sampling_fraction` and `region` says how large the population is.
        """
        async with AsyncTransfer(self._calls, self._channel, progress) as transfer:
            request = risk_service_pb2.EstimatePopulationUniquenessRequest(
                table=await transfer.source(table, separator=separator),
                quasi_identifiers=quasi_identifiers,
                population_size=population_size,
                sampling_fraction=sampling_fraction,
                region=region,
            )
            return await self._calls.unary(self._stub.EstimatePopulationUniqueness, request, seconds=None)

    async def validate(
        self,
        table: Table,
        quasi_identifiers: Iterable[str] = (),
        privacy_models: Iterable[Mapping[str, Any] | policy_pb2.PrivacyModel] = (),
        *,
        policy: Policy | ReadPolicy | None = None,
        solution: str = "",
        k: int | None = None,
        reference: Table | None = None,
        population: Table | None = None,
        entity_column: str | None = None,
        hierarchies: Mapping[str, hierarchy_pb2.Hierarchy] | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> risk_service_pb2.ValidatePrivacyResponse:
        """Checks whether a finished table satisfies privacy models; that it does not is an answer, not an error.

        What to check comes from the arguments, from a `policy` (a dict, the path of a YAML or JSON file, or the message), or
        from the `solution` of a release. `k` overrides the policy's. `reference` is the original, as a rule: without one the
        table's own distributions count as known.
        """
        read = policy if policy is None or isinstance(policy, ReadPolicy) else await self._calls.blocking(read_policy, policy)
        if read is not None and k is not None:
            override_k(read.message, k)
        async with AsyncTransfer(self._calls, self._channel, progress) as transfer:
            request = risk_service_pb2.ValidatePrivacyRequest(
                quasi_identifiers=quasi_identifiers,
                privacy_models=[model_of(each) for each in privacy_models],
                solution=solution,
                entity_column=entity_column,
                hierarchies=hierarchies,
            )
            if read is not None:
                _complete(request, await transfer.policy(read))
            elif k is not None:
                request.privacy_models.add().k_anonymity.k = k
            request.table.CopyFrom(await transfer.source(table, separator=separator))
            if reference is not None:
                request.reference.CopyFrom(await transfer.source(reference))
            if population is not None:
                request.population.CopyFrom(await transfer.source(population))
            return await self._calls.unary(self._stub.ValidatePrivacy, request, seconds=None)

    async def measure(
        self,
        original: Table,
        released: Table,
        quasi_identifiers: Iterable[str] = (),
        *,
        policy: Policy | ReadPolicy | None = None,
        solution: str = "",
        target_column: str | None = None,
        hierarchies: Mapping[str, hierarchy_pb2.Hierarchy] | None = None,
        separator: str | None = None,
        progress: Progress | None = None,
    ) -> risk_service_pb2.MeasureQualityResponse:
        """Measures what a release lost, whoever made it, from the two tables alone.

        One of `quasi_identifiers`, `policy` and `solution` says which columns were generalised. `target_column` is one to
        predict, trained on the release and tested on the original. `separator` is that of the original, if it is a CSV.
        """
        read = policy if policy is None or isinstance(policy, ReadPolicy) else await self._calls.blocking(read_policy, policy)
        async with AsyncTransfer(self._calls, self._channel, progress) as transfer:
            request = risk_service_pb2.MeasureQualityRequest(
                quasi_identifiers=quasi_identifiers,
                solution=solution,
                target_column=target_column,
                hierarchies=hierarchies,
                policy=None if read is None else await transfer.policy(read),
            )
            request.original.CopyFrom(await transfer.source(original, separator=separator))
            request.released.CopyFrom(await transfer.source(released))
            return await self._calls.unary(self._stub.MeasureQuality, request, seconds=None)


def model_of(content: Mapping[str, Any] | policy_pb2.PrivacyModel) -> policy_pb2.PrivacyModel:
    """The message of a privacy model that is written as in a policy."""
    if isinstance(content, policy_pb2.PrivacyModel):
        return content
    return read_policy({"privacy_models": [content]}).message.privacy_models[0]


def _complete(request: risk_service_pb2.ValidatePrivacyRequest, policy: policy_pb2.AnonymizationPolicy) -> None:
    """Takes from a policy what the request does not say itself."""
    if not request.quasi_identifiers:
        request.quasi_identifiers.extend(
            each.name for each in policy.attributes if each.role == policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER
        )
    if not request.privacy_models:
        request.privacy_models.extend(policy.privacy_models)
    if policy.HasField("entity_column") and not request.HasField("entity_column"):
        request.entity_column = policy.entity_column
    if policy.HasField("population"):
        request.population.CopyFrom(policy.population)
    _add_hierarchies(request.hierarchies, policy)


def _add_hierarchies(hierarchies: MutableMapping[str, hierarchy_pb2.Hierarchy], policy: policy_pb2.AnonymizationPolicy) -> None:
    """Adds the policy's hierarchies of columns that have none yet."""
    for each in policy.attributes:
        if each.HasField("hierarchy") and each.name not in hierarchies:
            hierarchies[each.name].CopyFrom(each.hierarchy)
