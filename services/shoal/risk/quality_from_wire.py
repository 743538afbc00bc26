"""The wire of quality: a MeasureQualityRequest, completed from a policy or a solution, becomes a question about two tables."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shoal.api.anonymization.v1 import hierarchy_pb2, policy_pb2, solution_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.errors import ErrorReason, FieldViolation, InvalidArgumentError, invalid_fields
from shoal.privacy.hierarchies import DefaultSpec, HierarchySpec
from shoal.privacy.specs_from_wire import spec_from_wire
from shoal.risk.quality.losses import Aggregate, Measure
from shoal.risk.quality.measure import Question
from shoal.risk.question_from_wire import MOST_HIERARCHIES, Source, check_names, is_left_out

_AGGREGATES = {
    policy_pb2.LOSS_AGGREGATE_UNSPECIFIED: Aggregate.GEOMETRIC_MEAN,
    policy_pb2.LOSS_AGGREGATE_GEOMETRIC_MEAN: Aggregate.GEOMETRIC_MEAN,
    policy_pb2.LOSS_AGGREGATE_ARITHMETIC_MEAN: Aggregate.ARITHMETIC_MEAN,
    policy_pb2.LOSS_AGGREGATE_MAXIMUM: Aggregate.MAXIMUM,
}
_MEASURES = {
    policy_pb2.LOSS_MEASURE_UNSPECIFIED: Measure.LOSS,
    **{policy_pb2.LossMeasure.Value(f"LOSS_MEASURE_{each}"): each for each in Measure},
}
_BY_COLUMN = (policy_pb2.LOSS_MEASURE_LOSS, policy_pb2.LOSS_MEASURE_PRECISION, policy_pb2.LOSS_MEASURE_NON_UNIFORM_ENTROPY)


@dataclass(frozen=True)
class Asked:
    """What a measurement is about. tables: hierarchies that are tables, by column. input_sha256: of the solution's input.

    measure: what was minimised, spelled out.
    """

    question: Question
    measure: policy_pb2.QualityMeasure
    tables: dict[str, Source]
    input_sha256: str

    def complete(self, read: dict[str, HierarchySpec]) -> Question:
        """The question with the hierarchies that were tables."""
        return replace(self.question, hierarchies={**self.question.hierarchies, **read})


@dataclass(frozen=True)
class _Attribute:
    """A quasi-identifier. hierarchy: None where nothing says how it was generalised."""

    name: str
    field: str
    weight: float = 1.0
    hierarchy: hierarchy_pb2.Hierarchy | None = None
    level: int | None = None


def comparison(request: risk_service_pb2.MeasureQualityRequest, solution: solution_pb2.Solution | None) -> Asked:
    """The request's content, completed; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    given = bool(request.HasField("policy")) + bool(request.solution) + bool(request.quasi_identifiers)
    if given != 1:
        wrong.append(
            FieldViolation("quasi_identifiers", "say what was generalised: one of a policy, a solution and quasi-identifiers")
        )
        raise invalid_fields(wrong)
    policy = request.policy if request.HasField("policy") else (solution or solution_pb2.Solution()).policy
    attributes = list(_attributes(request, solution))
    names = tuple(each.name for each in attributes)
    check_names(names, wrong, "policy.attributes" if request.HasField("policy") else "quasi_identifiers")
    target = request.target_column if request.HasField("target_column") else None
    if target is not None and not target:
        wrong.append(FieldViolation("target_column", "must name a column"))
    weights = tuple(each.weight for each in attributes)
    if not all(0 <= each < math.inf for each in weights) or not max(weights, default=1.0):
        wrong.append(FieldViolation("policy.attributes", "must have weights from 0 on, one of them above 0"))
    if policy.quality.aggregate not in _AGGREGATES:
        wrong.append(FieldViolation("policy.quality.aggregate", "is not one of LossAggregate"))
    if policy.quality.measure not in _MEASURES:
        wrong.append(FieldViolation("policy.quality.measure", "is not one of LossMeasure"))
    if len(request.hierarchies) > MOST_HIERARCHIES:
        wrong.append(FieldViolation("hierarchies", f"must have at most {MOST_HIERARCHIES} entries"))
    specs, tables = _hierarchies(attributes, request, wrong)
    if wrong:
        raise invalid_fields(wrong)
    question = Question(
        quasi_identifiers=names,
        weights=weights,
        hierarchies=specs,
        levels={each.name: each.level for each in attributes if each.level is not None},
        minimised=_MEASURES[policy.quality.measure],
        aggregate=_AGGREGATES[policy.quality.aggregate],
        target=target,
    )
    return Asked(question, _spelled_out(policy.quality), tables, solution.input_sha256 if solution is not None else "")


def _spelled_out(quality: policy_pb2.QualityMeasure) -> policy_pb2.QualityMeasure:
    """The measure with its defaults; an aggregate where there is one."""
    measure = quality.measure or policy_pb2.LOSS_MEASURE_LOSS
    found = policy_pb2.QualityMeasure(measure=measure)
    if measure in _BY_COLUMN:
        found.aggregate = quality.aggregate or policy_pb2.LOSS_AGGREGATE_GEOMETRIC_MEAN
    return found


def _attributes(
    request: risk_service_pb2.MeasureQualityRequest, solution: solution_pb2.Solution | None
) -> Iterator[_Attribute]:
    if request.HasField("policy"):
        for place, each in enumerate(request.policy.attributes):
            if each.role == policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER:
                field = f"policy.attributes[{place}].hierarchy"
                yield _Attribute(each.name, field, each.weight if each.HasField("weight") else 1.0, each.hierarchy)
    elif solution is not None:
        asked = {each.name: each.hierarchy for each in solution.policy.attributes if each.HasField("hierarchy")}
        everywhere = solution.recoding in (solution_pb2.RECODING_UNSPECIFIED, solution_pb2.RECODING_GLOBAL)
        for result in solution.attributes:
            # What was left open and is not on record has a single level above the values: the default finds it again.
            hierarchy = result.hierarchy if result.HasField("hierarchy") else asked.get(result.name, hierarchy_pb2.Hierarchy())
            level = result.level if everywhere else None
            yield _Attribute(result.name, "solution.policy.attributes", result.weight, hierarchy, level)
    else:
        for name in request.quasi_identifiers:
            yield _Attribute(name, "quasi_identifiers")


def _hierarchies(
    attributes: list[_Attribute], request: risk_service_pb2.MeasureQualityRequest, wrong: list[FieldViolation]
) -> tuple[dict[str, HierarchySpec], dict[str, Source]]:
    """Specs, and tables that are still to be read."""
    specs: dict[str, HierarchySpec] = {}
    tables: dict[str, Source] = {}
    for each in attributes:
        field, message = each.field, each.hierarchy
        if each.name in request.hierarchies:
            field, message = f"hierarchies['{each.name}']", request.hierarchies[each.name]
        if message is None:
            continue
        kind = message.WhichOneof("kind")
        if (kind == "table" and is_left_out(message.table)) or (kind == "explicit" and not message.explicit.rows):
            if request.solution and each.name not in request.hierarchies:
                raise InvalidArgumentError(
                    f"hierarchies: the hierarchy of '{each.name}' came inside the solution's policy and was not kept: give it "
                    "again",
                    reason=ErrorReason.INVALID_FIELD,
                    metadata={"attribute": each.name},
                )
            wrong.append(FieldViolation(field, "has no rows"))
        elif kind == "table":
            tables[each.name] = (f"{field}.table", message.table)
        elif kind is None and each.name in request.hierarchies:
            specs[each.name] = DefaultSpec()
        else:
            specs[each.name] = spec_from_wire(message, field, wrong)
    return specs, tables
