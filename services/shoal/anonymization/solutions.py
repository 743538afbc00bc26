"""A release as the Solution message that is answered and kept."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from shoal import __version__
from shoal.anonymization.anonymize import Release
from shoal.anonymization.apply import Applied
from shoal.anonymization.explore import Neighbourhood
from shoal.anonymization.frontier import Frontier
from shoal.anonymization.models import LDiversity, OfAttribute
from shoal.anonymization.outcomes import Measured, Outcome, Recoding
from shoal.anonymization.policies_from_wire import BY_ATTRIBUTE, MEASURES, STRATEGIES_TO_WIRE
from shoal.anonymization.policy import Policy, Strategy
from shoal.anonymization.prepare import Prepared
from shoal.anonymization.profile import Profile
from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2, solution_pb2
from shoal.api.datasets.v1 import dataset_pb2
from shoal.measures.messages import quality_to_wire, risk_to_wire
from shoal.privacy.models_from_wire import part_of
from shoal.privacy.specs_from_wire import spec_to_wire
from shoal.runtime import wire

FORMAT_VERSION = 1
MOST_KEPT_ROWS = 1000  # of an explicit hierarchy; a solution must fit into an answer together with others

_RECODINGS = {
    Recoding.GLOBAL: solution_pb2.RECODING_GLOBAL,
    Recoding.LOCAL: solution_pb2.RECODING_LOCAL,
    Recoding.MICROAGGREGATION: solution_pb2.RECODING_MICROAGGREGATION,
}
INPUT_REFERENCE = "all rows of the input"
SOLUTION_REFERENCE = "all rows of the solution's input"


@dataclass(frozen=True)
class Provenance:
    """Where a solution comes from and goes to."""

    solution_id: str
    creator: str
    create_time: dt.datetime
    input_sha256: str
    output: str
    output_sha256: str


def solution_to_wire(release: Release, asked: policy_pb2.AnonymizationPolicy, origin: Provenance) -> solution_pb2.Solution:
    """The solution of a release; `asked` is the policy as it came."""
    outcome, policy = release.outcome, release.prepared.policy
    solution = solution_pb2.Solution(
        name=f"solutions/{origin.solution_id}",
        format_version=FORMAT_VERSION,
        policy=_completed(asked, policy),
        dropped_columns=release.prepared.dropped_columns,
        row_count=release.rows,
        released_count=release.frame.height,
        suppressed_count=release.suppressed,
        loss=outcome.loss,
        quality=quality_to_wire(release.quality),
        risk_before=risk_to_wire(release.risk_before),
        risk_after=risk_to_wire(release.risk_after),
        search=solution_pb2.SearchReport(
            lattice_size=outcome.proof.lattice_size,
            checked_count=outcome.proof.checked,
            optimal=outcome.proof.optimal,
            gap=outcome.gap,
            search_seconds=outcome.proof.seconds,
            stopped_by=outcome.proof.stopped_by,
            lower_bound=outcome.proof.lower_bound,
        ),
        warnings=release.warnings,
        input_sha256=origin.input_sha256,
        output_sha256=origin.output_sha256,
        output=origin.output,
        creator=f"users/{origin.creator}",
        create_time=wire.timestamp(origin.create_time),
        shoal_version=__version__,
        recoding=_RECODINGS[outcome.recoding],
        models=models_to_wire(outcome.measured, asked.privacy_models, reference=INPUT_REFERENCE),
    )
    _add_attributes(solution, release, asked)
    return solution


def models_to_wire(
    measured: Sequence[Measured],
    asked: Sequence[policy_pb2.PrivacyModel],
    *,
    reference: str,
    satisfied: Sequence[bool] | None = None,
) -> list[solution_pb2.ModelResult]:
    """What each model measured, next to the model as the policy has it. satisfied: by model, None when all are."""
    return [
        solution_pb2.ModelResult(
            model=part_of(asked[each.place], each.model),
            satisfied=holds,
            measured=each.value,
            measured_least=each.least,
            reference=reference if _has_reference(each) else "",
        )
        for each, holds in zip(measured, satisfied or [True] * len(measured), strict=True)
    ]


def profiles_to_wire(profiles: Sequence[Profile]) -> list[solution_pb2.SuppressedProfile]:
    """Who was suppressed, by sensitive attribute."""
    return [
        solution_pb2.SuppressedProfile(
            attribute=profile.attribute,
            values=[
                solution_pb2.ValueShare(
                    value=each.value,
                    share_of_all=each.share_of_all,
                    share_of_suppressed=each.share_of_suppressed,
                    suppressed_rate=each.suppressed_rate,
                )
                for each in profile.values
            ],
            hidden_count=profile.hidden,
            distance=profile.distance,
        )
        for profile in profiles
    ]


def batch_to_wire(
    applied: Applied, solution: solution_pb2.Solution, output: dataset_pb2.Dataset, warnings: Sequence[str]
) -> anonymization_service_pb2.ApplySolutionResponse:
    """The answer to a release of new rows, complete but for its certificate."""
    asked = solution.policy.privacy_models
    return anonymization_service_pb2.ApplySolutionResponse(
        output=output,
        row_count=applied.rows,
        released_count=applied.frame.height,
        unseen_count=applied.unseen,
        violating_count=applied.violating,
        guarantee=applied.guarantee,
        batch_models=models_to_wire(applied.batch, asked, reference=SOLUTION_REFERENCE),
        union_models=models_to_wire(applied.union, asked, reference=SOLUTION_REFERENCE, satisfied=applied.satisfied),
        warnings=[*applied.warnings, *warnings],
    )


def frontier_to_wire(prepared: Prepared, frontier: Frontier) -> anonymization_service_pb2.ComputeFrontierResponse:
    """The points of a frontier."""
    response = anonymization_service_pb2.ComputeFrontierResponse(
        search_seconds=frontier.seconds,
        lattice_size=prepared.table.lattice_size,
        row_count=prepared.rows,
        attributes=[each.name for each in prepared.policy.quasi_identifiers],
    )
    for each in frontier.points:
        setting = each.setting
        point = response.points.add(
            k=setting.k, suppression_limit=setting.suppression_limit, parameters=setting.parameters, feasible=False
        )
        if each.choice is not None:
            point.feasible = True
            point.loss = each.choice.loss
            point.levels.extend(each.choice.levels)
            point.suppressed_count = each.suppressed
            point.highest_risk = each.highest_risk
            point.average_risk = each.average_risk
            point.optimal = each.choice.proof.optimal
            point.gap = max(0.0, each.choice.loss - each.choice.proof.lower_bound)
    return response


def neighbourhood_to_wire(prepared: Prepared, near: Neighbourhood) -> anonymization_service_pb2.ExploreLatticeResponse:
    """The nodes around a combination of levels."""
    response = anonymization_service_pb2.ExploreLatticeResponse(
        attributes=[each.name for each in prepared.policy.quasi_identifiers], complete=near.complete
    )
    for node in near.nodes:
        response.nodes.add(
            levels=node.levels,
            satisfied=node.satisfied,
            suppressed_count=node.suppressed,
            loss=node.loss if math.isfinite(node.loss) else None,
            class_count=node.classes,
            smallest_class=node.smallest,
        )
    return response


def _has_reference(measured: Measured) -> bool:
    return isinstance(measured.model, OfAttribute) and not isinstance(measured.model, LDiversity)


def _add_attributes(solution: solution_pb2.Solution, release: Release, asked: policy_pb2.AnonymizationPolicy) -> None:
    outcome: Outcome = release.outcome
    open_choice = {each.name: not each.hierarchy.WhichOneof("kind") for each in asked.attributes}
    for place, attribute in enumerate(release.prepared.policy.quasi_identifiers):
        hierarchy = release.prepared.hierarchies[place]
        result = solution.attributes.add(
            name=attribute.name,
            level=outcome.levels[place],
            level_count=hierarchy.levels,
            leaf_count=len(hierarchy.leaves),
            loss=outcome.attribute_losses[place],
            weight=attribute.weight,
            hierarchy_sha256=hierarchy.digest(),
        )
        if open_choice[attribute.name]:
            chosen = spec_to_wire(hierarchy.spec)
            if chosen is not None:
                result.hierarchy.CopyFrom(chosen)


def _completed(asked: policy_pb2.AnonymizationPolicy, policy: Policy) -> policy_pb2.AnonymizationPolicy:
    """The policy with its defaults filled in, and without the rows of tables that came inside it."""
    full = policy_pb2.AnonymizationPolicy()
    full.CopyFrom(asked)
    full.format_version = 1
    full.suppression_limit = policy.suppression_limit
    full.quality.measure = next(
        number for number, measure in MEASURES.items() if measure is policy.objective.measure and number
    )
    if policy.objective.measure in BY_ATTRIBUTE:
        full.quality.aggregate = full.quality.aggregate or policy_pb2.LOSS_AGGREGATE_GEOMETRIC_MEAN
    full.search.strategy = STRATEGIES_TO_WIRE[policy.search.strategy]
    if policy.search.strategy is Strategy.ANYTIME and policy.search.limits.seconds is not None:
        full.search.max_seconds = policy.search.limits.seconds
    full.unlisted = full.unlisted or policy_pb2.UNLISTED_COLUMNS_DROP
    for attribute in full.attributes:
        if attribute.role == policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER and not attribute.HasField("weight"):
            attribute.weight = 1.0
        if attribute.hierarchy.table.WhichOneof("source") == "inline":
            attribute.hierarchy.table.inline.ClearField("data")
        if len(attribute.hierarchy.explicit.rows) > MOST_KEPT_ROWS:
            attribute.hierarchy.explicit.ClearField("rows")
    if full.population.WhichOneof("source") == "inline":
        full.population.inline.ClearField("data")
    return full
