"""Policies on the wire: an AnonymizationPolicy message becomes a policy of ours, or is refused with all that is wrong."""

from __future__ import annotations

import math

from shoal.anonymization.models import OfAttribute, needs_population
from shoal.anonymization.policy import (
    MOST_ATTRIBUTES,
    MOST_MODELS,
    MOST_QUASI_IDENTIFIERS,
    Attribute,
    LocalRecoding,
    Microaggregation,
    Policy,
    Role,
    Search,
    Strategy,
    Unlisted,
)
from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.errors import FieldViolation
from shoal.kernels import Aggregate, Limits, Measure, Objective
from shoal.privacy.models import NO_MEAN_OF_PERSONS, counts_rows_alone
from shoal.privacy.models_from_wire import models_from_wire
from shoal.privacy.specs_from_wire import spec_from_wire

_ROLES = {
    policy_pb2.ATTRIBUTE_ROLE_IDENTIFIER: Role.IDENTIFIER,
    policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER: Role.QUASI_IDENTIFIER,
    policy_pb2.ATTRIBUTE_ROLE_SENSITIVE: Role.SENSITIVE,
    policy_pb2.ATTRIBUTE_ROLE_INSENSITIVE: Role.INSENSITIVE,
}
_UNLISTED = {
    policy_pb2.UNLISTED_COLUMNS_UNSPECIFIED: Unlisted.DROP,
    policy_pb2.UNLISTED_COLUMNS_DROP: Unlisted.DROP,
    policy_pb2.UNLISTED_COLUMNS_KEEP: Unlisted.KEEP,
    policy_pb2.UNLISTED_COLUMNS_REFUSE: Unlisted.REFUSE,
}
_AGGREGATES = {
    policy_pb2.LOSS_AGGREGATE_UNSPECIFIED: Aggregate.GEOMETRIC_MEAN,
    policy_pb2.LOSS_AGGREGATE_GEOMETRIC_MEAN: Aggregate.GEOMETRIC_MEAN,
    policy_pb2.LOSS_AGGREGATE_ARITHMETIC_MEAN: Aggregate.ARITHMETIC_MEAN,
    policy_pb2.LOSS_AGGREGATE_MAXIMUM: Aggregate.MAXIMUM,
}
MEASURES = {
    policy_pb2.LOSS_MEASURE_UNSPECIFIED: Measure.LOSS,
    policy_pb2.LOSS_MEASURE_LOSS: Measure.LOSS,
    policy_pb2.LOSS_MEASURE_PRECISION: Measure.PRECISION,
    policy_pb2.LOSS_MEASURE_DISCERNIBILITY: Measure.DISCERNIBILITY,
    policy_pb2.LOSS_MEASURE_AVERAGE_CLASS_SIZE: Measure.AVERAGE_CLASS_SIZE,
    policy_pb2.LOSS_MEASURE_NON_UNIFORM_ENTROPY: Measure.NON_UNIFORM_ENTROPY,
    policy_pb2.LOSS_MEASURE_KL_DIVERGENCE: Measure.KL_DIVERGENCE,
    policy_pb2.LOSS_MEASURE_AMBIGUITY: Measure.AMBIGUITY,
}
BY_ATTRIBUTE = frozenset({Measure.LOSS, Measure.PRECISION, Measure.NON_UNIFORM_ENTROPY})
"""The measures that are taken attribute by attribute, and so have an aggregate and weights."""

_Search = policy_pb2.SearchStrategy
_STRATEGIES = {
    _Search.STRATEGY_UNSPECIFIED: Strategy.OPTIMAL,
    _Search.STRATEGY_OPTIMAL: Strategy.OPTIMAL,
    _Search.STRATEGY_ANYTIME: Strategy.ANYTIME,
    _Search.STRATEGY_BASIC: Strategy.BASIC,
    _Search.STRATEGY_WITH_IMPORTANCE: Strategy.WITH_IMPORTANCE,
    _Search.STRATEGY_WITH_DEVIATION: Strategy.WITH_DEVIATION,
    _Search.STRATEGY_LOCAL_RECODING: Strategy.LOCAL_RECODING,
    _Search.STRATEGY_MICROAGGREGATION: Strategy.MICROAGGREGATION,
}
STRATEGIES_TO_WIRE = {strategy: number for number, strategy in _STRATEGIES.items() if number}
_LOCAL = {
    _Search.LOCAL_RECODING_UNSPECIFIED: LocalRecoding.MONDRIAN_STRICT,
    _Search.LOCAL_RECODING_MONDRIAN_STRICT: LocalRecoding.MONDRIAN_STRICT,
    _Search.LOCAL_RECODING_MONDRIAN_RELAXED: LocalRecoding.MONDRIAN_RELAXED,
    _Search.LOCAL_RECODING_ITERATIVE: LocalRecoding.ITERATIVE,
}
_MICRO = {
    _Search.MICROAGGREGATION_UNSPECIFIED: Microaggregation.MEAN,
    _Search.MICROAGGREGATION_MEAN: Microaggregation.MEAN,
    _Search.MICROAGGREGATION_MEDIAN: Microaggregation.MEDIAN,
    _Search.MICROAGGREGATION_INTERVAL: Microaggregation.INTERVAL,
}
ANYTIME_SECONDS = 10.0
LEAST_MEMORY = 2**20

Tables = dict[str, tuple[str, table_pb2.TableSource]]
"""Hierarchies that are tables still to be read: attribute → the field's path and the source."""


def policy_from_wire(message: policy_pb2.AnonymizationPolicy, wrong: list[FieldViolation]) -> tuple[Policy | None, Tables]:
    """The policy and the tables that it names; None when something was added to `wrong`."""
    before = len(wrong)
    if message.format_version not in (0, 1):
        wrong.append(FieldViolation("policy.format_version", "this server knows version 1 only"))
    attributes, tables = _attributes(message, wrong)
    if len(message.privacy_models) > MOST_MODELS:
        wrong.append(FieldViolation("policy.privacy_models", f"must have at most {MOST_MODELS} models"))
    models = models_from_wire(message, wrong)
    limit = message.suppression_limit if message.HasField("suppression_limit") else 0.0
    if not 0 <= limit <= 1:  # refuses NaN, too
        wrong.append(FieldViolation("policy.suppression_limit", "must be between 0 and 1"))
    if message.unlisted not in _UNLISTED:
        wrong.append(FieldViolation("policy.unlisted", "is not one of UnlistedColumns"))
    weights = tuple(each.weight for each in attributes if each.role is Role.QUASI_IDENTIFIER)
    objective = _objective(message.quality, weights, wrong)
    search = _search(message.search, wrong)
    _check_together(message, attributes, wrong)
    if len(wrong) > before:
        return None, {}
    policy = Policy(
        attributes=tuple(attributes),
        models=models,
        suppression_limit=limit,
        objective=objective,
        search=search,
        unlisted=_UNLISTED[message.unlisted],
        entity_column=message.entity_column if message.HasField("entity_column") else None,
        population=message.HasField("population"),
    )
    _check_models(policy, wrong)
    return (policy if len(wrong) == before else None), tables


def _objective(message: policy_pb2.QualityMeasure, weights: tuple[float, ...], wrong: list[FieldViolation]) -> Objective:
    measure = MEASURES.get(message.measure)
    if measure is None:
        wrong.append(FieldViolation("policy.quality.measure", "is not one of LossMeasure"))
        return Objective()
    if message.aggregate not in _AGGREGATES:
        wrong.append(FieldViolation("policy.quality.aggregate", "is not one of LossAggregate"))
        return Objective()
    if message.aggregate and measure not in BY_ATTRIBUTE:
        wrong.append(FieldViolation("policy.quality.aggregate", f"is of no use to {measure}, which is not taken by attribute"))
    return Objective(measure, _AGGREGATES[message.aggregate], weights)


def _search(message: policy_pb2.SearchStrategy, wrong: list[FieldViolation]) -> Search:
    strategy = _STRATEGIES.get(message.strategy)
    local, micro = _LOCAL.get(message.local_recoding), _MICRO.get(message.microaggregation)
    if strategy is None:
        wrong.append(FieldViolation("policy.search.strategy", "is not one of Strategy"))
    if local is None:
        wrong.append(FieldViolation("policy.search.local_recoding", "is not one of LocalRecoding"))
    elif message.local_recoding and strategy is not Strategy.LOCAL_RECODING:
        wrong.append(FieldViolation("policy.search.local_recoding", "is for the strategy LOCAL_RECODING only"))
    if micro is None:
        wrong.append(FieldViolation("policy.search.microaggregation", "is not one of Microaggregation"))
    elif message.microaggregation and strategy is not Strategy.MICROAGGREGATION:
        wrong.append(FieldViolation("policy.search.microaggregation", "is for the strategy MICROAGGREGATION only"))
    seconds = message.max_seconds if message.HasField("max_seconds") else None
    if seconds is not None and not 0 < seconds < math.inf:
        wrong.append(FieldViolation("policy.search.max_seconds", "must be greater than 0"))
    nodes = message.max_nodes if message.HasField("max_nodes") else None
    if nodes is not None and nodes < 1:
        wrong.append(FieldViolation("policy.search.max_nodes", "must be 1 or more"))
    elif nodes is not None and strategy is not Strategy.ANYTIME:
        wrong.append(FieldViolation("policy.search.max_nodes", "is for the strategy ANYTIME only"))
    memory = message.max_memory_bytes if message.HasField("max_memory_bytes") else Limits().memory
    if memory < LEAST_MEMORY:
        wrong.append(FieldViolation("policy.search.max_memory_bytes", f"must be {LEAST_MEMORY} or more"))
    if strategy is None or local is None or micro is None:
        return Search()
    if strategy is Strategy.ANYTIME and seconds is None and nodes is None:
        seconds = ANYTIME_SECONDS
    limits = Limits(seconds=seconds, nodes=nodes, memory=memory)
    return Search(strategy=strategy, limits=limits, local_recoding=local, microaggregation=micro)


def _check_together(message: policy_pb2.AnonymizationPolicy, attributes: list[Attribute], wrong: list[FieldViolation]) -> None:
    """What one part of the policy says about another."""
    if message.HasField("entity_column"):
        if not message.entity_column:
            wrong.append(FieldViolation("policy.entity_column", "must name a column"))
        quasi = {each.name for each in attributes if each.role is Role.QUASI_IDENTIFIER}
        if message.entity_column in quasi:
            wrong.append(FieldViolation("policy.entity_column", "must not be a quasi-identifier: it tells persons apart"))


def _check_models(policy: Policy, wrong: list[FieldViolation]) -> None:
    """What the models need of the rest of the policy."""
    roles = {each.name: each.role for each in policy.attributes}
    for place, model in enumerate(policy.models):
        field = f"policy.privacy_models[{place}]"
        if needs_population(model) and not policy.population:
            wrong.append(FieldViolation(field, "needs the policy's population"))
        if counts_rows_alone(model) and policy.entity_column is not None:
            wrong.append(FieldViolation(f"{field}.risk_limit.max_average", NO_MEAN_OF_PERSONS))
        if isinstance(model, OfAttribute) and roles.get(model.attribute) is not Role.SENSITIVE:
            wrong.append(
                FieldViolation(f"{field}.attribute", f"'{model.attribute}' is not a SENSITIVE attribute of the policy")
            )


def _attributes(message: policy_pb2.AnonymizationPolicy, wrong: list[FieldViolation]) -> tuple[list[Attribute], Tables]:
    found: list[Attribute] = []
    tables: Tables = {}
    if len(message.attributes) > MOST_ATTRIBUTES:
        wrong.append(FieldViolation("policy.attributes", f"must have at most {MOST_ATTRIBUTES} attributes"))
        return found, tables
    names: set[str] = set()
    for place, each in enumerate(message.attributes):
        field = f"policy.attributes[{place}]"
        if not each.name:
            wrong.append(FieldViolation(f"{field}.name", "is required"))
        elif each.name in names:
            wrong.append(FieldViolation(f"{field}.name", f"names the column '{each.name}' a second time"))
        names.add(each.name)
        role = _ROLES.get(each.role)
        if role is None:
            wrong.append(FieldViolation(f"{field}.role", "is required: IDENTIFIER, QUASI_IDENTIFIER, SENSITIVE or INSENSITIVE"))
            continue
        weight = each.weight if each.HasField("weight") else 1.0
        if not 0 <= weight < math.inf:
            wrong.append(FieldViolation(f"{field}.weight", "must be a number from 0 on"))
        if each.HasField("hierarchy") and role not in (Role.QUASI_IDENTIFIER, Role.SENSITIVE):
            wrong.append(FieldViolation(f"{field}.hierarchy", f"is of no use to the role {role.value}"))
        if each.hierarchy.WhichOneof("kind") == "table":
            tables[each.name] = (f"{field}.hierarchy.table", each.hierarchy.table)
            found.append(Attribute(name=each.name, role=role, hierarchy=None, weight=weight))
            continue
        spec = spec_from_wire(each.hierarchy, f"{field}.hierarchy", wrong)
        found.append(Attribute(name=each.name, role=role, hierarchy=spec, weight=weight))
    quasi = [each for each in found if each.role is Role.QUASI_IDENTIFIER]
    if not 1 <= len(quasi) <= MOST_QUASI_IDENTIFIERS:
        wrong.append(FieldViolation("policy.attributes", f"must have 1 to {MOST_QUASI_IDENTIFIERS} quasi-identifiers"))
    elif max(each.weight for each in quasi) == 0:
        wrong.append(FieldViolation("policy.attributes", "must have a quasi-identifier with a weight above 0"))
    return found, tables
