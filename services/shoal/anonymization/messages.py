"""The wire of anonymization: policies become checked values, releases become solutions."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from shoal.anonymization.policy import (
    MOST_ATTRIBUTES,
    MOST_QUASI_IDENTIFIERS,
    Attribute,
    Policy,
    Role,
    Unlisted,
)
from shoal.anonymization.specs_from_wire import spec_from_wire
from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.errors import FieldViolation, UnimplementedError, invalid_fields
from shoal.kernels import Aggregate
from shoal.runtime import wire
from shoal.runtime.opened import FORMATS
from shoal.tables.formats import TableFormat

LONGEST_NAME = 255

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


@dataclass(frozen=True)
class Order:
    """A request for a release, checked. tables: the hierarchies that are tables still to be read, by attribute and field
    path.
    """

    policy: Policy
    tables: dict[str, tuple[str, table_pb2.TableSource]]
    output_format: TableFormat | None
    output_display_name: str
    output_ttl: dt.timedelta | None
    request_id: str | None
    request_sha256: str


def order(request: anonymization_service_pb2.AnonymizeRequest) -> Order:
    """The request's content; raises InvalidArgumentError with all violations, UnimplementedError for what comes later."""
    wrong: list[FieldViolation] = []
    policy, tables = _policy(request.policy, wrong)
    output_format = None
    if request.output_format:
        output_format = FORMATS.get(request.output_format)
        if output_format is None:
            wrong.append(FieldViolation("output_format", "is not one of TableFormat"))
    if len(request.output_display_name) > LONGEST_NAME:
        wrong.append(FieldViolation("output_display_name", f"must have at most {LONGEST_NAME} characters"))
    ttl = wire.ttl(request.output_ttl if request.HasField("output_ttl") else None, "output_ttl", wrong)
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if wrong or policy is None:
        raise invalid_fields(wrong)
    _refuse_unbuilt(request.policy)
    return Order(policy, tables, output_format, request.output_display_name, ttl, request_id, wire.digest(request))


def _policy(
    message: policy_pb2.AnonymizationPolicy, wrong: list[FieldViolation]
) -> tuple[Policy | None, dict[str, tuple[str, table_pb2.TableSource]]]:
    before = len(wrong)
    if message.format_version not in (0, 1):
        wrong.append(FieldViolation("policy.format_version", "this server knows version 1 only"))
    attributes, tables = _attributes(message, wrong)
    k = _k(message, wrong)
    limit = message.suppression_limit if message.HasField("suppression_limit") else 0.0
    if not 0 <= limit <= 1:  # refuses NaN, too
        wrong.append(FieldViolation("policy.suppression_limit", "must be between 0 and 1"))
    if message.unlisted not in _UNLISTED:
        wrong.append(FieldViolation("policy.unlisted", "is not one of UnlistedColumns"))
    if message.quality.measure not in policy_pb2.LossMeasure.values():
        wrong.append(FieldViolation("policy.quality.measure", "is not one of LossMeasure"))
    if message.quality.aggregate not in _AGGREGATES:
        wrong.append(FieldViolation("policy.quality.aggregate", "is not one of LossAggregate"))
    seconds = message.search.max_seconds if message.search.HasField("max_seconds") else None
    if seconds is not None and not 0 < seconds < math.inf:
        wrong.append(FieldViolation("policy.search.max_seconds", "must be greater than 0"))
    if message.search.strategy not in policy_pb2.SearchStrategy.Strategy.values():
        wrong.append(FieldViolation("policy.search.strategy", "is not one of Strategy"))
    if len(wrong) > before:
        return None, {}
    policy = Policy(
        attributes=tuple(attributes),
        k=k,
        suppression_limit=limit,
        aggregate=_AGGREGATES[message.quality.aggregate],
        max_seconds=seconds,
        unlisted=_UNLISTED[message.unlisted],
    )
    return policy, tables


def _attributes(
    message: policy_pb2.AnonymizationPolicy, wrong: list[FieldViolation]
) -> tuple[list[Attribute], dict[str, tuple[str, table_pb2.TableSource]]]:
    found: list[Attribute] = []
    tables: dict[str, tuple[str, table_pb2.TableSource]] = {}
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


def _k(message: policy_pb2.AnonymizationPolicy, wrong: list[FieldViolation]) -> int:
    """The k that satisfies every k-anonymity model of the policy."""
    k = 1
    if not message.privacy_models:
        wrong.append(FieldViolation("policy.privacy_models", "must have at least one model"))
    for place, model in enumerate(message.privacy_models):
        kind = model.WhichOneof("model")
        field = f"policy.privacy_models[{place}]"
        if kind is None:
            wrong.append(FieldViolation(field, "names no model"))
        elif kind == "k_anonymity":
            if model.k_anonymity.k < 1:
                wrong.append(FieldViolation(f"{field}.k_anonymity.k", "must be 1 or more"))
            k = max(k, model.k_anonymity.k)
    return k


def _refuse_unbuilt(message: policy_pb2.AnonymizationPolicy) -> None:
    asked: list[str] = []
    for model in message.privacy_models:
        if model.WhichOneof("model") != "k_anonymity":
            asked.append(f"the privacy model {model.WhichOneof('model')}")
    if message.quality.measure not in (policy_pb2.LOSS_MEASURE_UNSPECIFIED, policy_pb2.LOSS_MEASURE_LOSS):
        asked.append(f"the measure {policy_pb2.LossMeasure.Name(message.quality.measure).removeprefix('LOSS_MEASURE_')}")
    search = message.search
    if search.strategy not in (
        policy_pb2.SearchStrategy.STRATEGY_UNSPECIFIED,
        policy_pb2.SearchStrategy.STRATEGY_OPTIMAL,
    ):
        name = policy_pb2.SearchStrategy.Strategy.Name(search.strategy).removeprefix("STRATEGY_")
        asked.append(f"the search strategy {name}")
    asked += [f"search.{field}" for field in ("max_nodes", "max_memory_bytes") if search.HasField(field)]
    asked += [field for field in ("entity_column", "population") if message.HasField(field)]
    if asked:
        raise UnimplementedError(
            f"{asked[0]} is part of the contract but not built yet; docs/status.md says what works",
            metadata={"feature": asked[0]},
        )
