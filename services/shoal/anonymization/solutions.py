"""A release as the Solution message that is answered and kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from shoal import __version__
from shoal.anonymization.anonymize import Release
from shoal.anonymization.messages import Order
from shoal.anonymization.specs_from_wire import spec_to_wire
from shoal.api.anonymization.v1 import policy_pb2, solution_pb2
from shoal.measures.messages import quality_to_wire, risk_to_wire
from shoal.runtime import wire

FORMAT_VERSION = 1
MOST_KEPT_ROWS = 1000  # of an explicit hierarchy; a solution must fit into an answer together with others


@dataclass(frozen=True)
class Provenance:
    """Where a solution comes from and goes to."""

    solution_id: str
    creator: str
    create_time: dt.datetime
    input_sha256: str
    output: str
    output_sha256: str


def solution_to_wire(
    release: Release, order: Order, asked: policy_pb2.AnonymizationPolicy, origin: Provenance
) -> solution_pb2.Solution:
    """The solution of a release; `asked` is the policy as it came."""
    outcome = release.outcome
    solution = solution_pb2.Solution(
        name=f"solutions/{origin.solution_id}",
        format_version=FORMAT_VERSION,
        policy=_completed(asked, order),
        dropped_columns=release.dropped_columns,
        row_count=release.rows,
        released_count=outcome.released,
        suppressed_count=outcome.suppressed,
        loss=outcome.loss,
        quality=quality_to_wire(release.quality),
        risk_before=risk_to_wire(release.risk_before),
        risk_after=risk_to_wire(release.risk_after),
        search=solution_pb2.SearchReport(
            lattice_size=outcome.lattice_size,
            checked_count=outcome.checked,
            optimal=outcome.optimal,
            gap=outcome.gap,
            search_seconds=outcome.seconds,
        ),
        warnings=release.warnings,
        input_sha256=origin.input_sha256,
        output_sha256=origin.output_sha256,
        output=origin.output,
        creator=f"users/{origin.creator}",
        create_time=wire.timestamp(origin.create_time),
        shoal_version=__version__,
    )
    open_choice = {each.name: not each.hierarchy.WhichOneof("kind") for each in asked.attributes}
    for place, attribute in enumerate(order.policy.quasi_identifiers):
        hierarchy = release.hierarchies[place]
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
    return solution


def _completed(asked: policy_pb2.AnonymizationPolicy, order: Order) -> policy_pb2.AnonymizationPolicy:
    """The policy with its defaults filled in, and without the rows of tables that came inside it."""
    policy = policy_pb2.AnonymizationPolicy()
    policy.CopyFrom(asked)
    policy.format_version = 1
    policy.suppression_limit = order.policy.suppression_limit
    policy.quality.measure = policy_pb2.LOSS_MEASURE_LOSS
    policy.quality.aggregate = policy.quality.aggregate or policy_pb2.LOSS_AGGREGATE_GEOMETRIC_MEAN
    policy.search.strategy = policy_pb2.SearchStrategy.STRATEGY_OPTIMAL
    policy.unlisted = policy.unlisted or policy_pb2.UNLISTED_COLUMNS_DROP
    for attribute in policy.attributes:
        if attribute.role == policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER and not attribute.HasField("weight"):
            attribute.weight = 1.0
        if attribute.hierarchy.table.WhichOneof("source") == "inline":
            attribute.hierarchy.table.inline.ClearField("data")
        if len(attribute.hierarchy.explicit.rows) > MOST_KEPT_ROWS:
            attribute.hierarchy.explicit.ClearField("rows")
    return policy
