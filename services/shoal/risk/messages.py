"""The wire of risk: requests become checked values, verdicts become answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.measures.v1 import quality_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.errors import FieldViolation, invalid_fields
from shoal.measures.messages import risk_to_wire
from shoal.measures.risk import ATTACKERS, DEFAULT_CUT_POINTS, DEFAULT_THRESHOLD
from shoal.privacy.models import Attacker
from shoal.privacy.models_from_wire import part_of
from shoal.risk.assess import Assessed, Assessment, NullValues, SuppressedValues
from shoal.risk.linkage import Attack, Linked
from shoal.risk.quality.measure import Measured
from shoal.risk.question_from_wire import Asked, Source, check_entity, check_names, hierarchies_of
from shoal.risk.uniqueness.estimate import REGIONS, Population, Uniqueness
from shoal.risk.validation.judgements import Judgement
from shoal.risk.validation.validate import Verdict, Violation

MOST_SENSITIVE = 64
LEAST_FRACTION = 1e-9
MOST_VIOLATION_BYTES = 3 * 1024**2
"""What the violations of an answer may take: it must fit into a message of 4 MiB."""

_ATTACKERS = {
    risk_service_pb2.ATTACKER_PROSECUTOR: Attacker.PROSECUTOR,
    risk_service_pb2.ATTACKER_JOURNALIST: Attacker.JOURNALIST,
    risk_service_pb2.ATTACKER_MARKETER: Attacker.MARKETER,
}
_SUPPRESSED = {
    risk_service_pb2.SUPPRESSED_VALUES_UNSPECIFIED: SuppressedValues.OMIT_ROWS,
    risk_service_pb2.SUPPRESSED_VALUES_OMIT_ROWS: SuppressedValues.OMIT_ROWS,
    risk_service_pb2.SUPPRESSED_VALUES_OWN_VALUE: SuppressedValues.OWN_VALUE,
    risk_service_pb2.SUPPRESSED_VALUES_WILDCARD: SuppressedValues.WILDCARD,
}
_NULLS = {
    risk_service_pb2.NULL_VALUES_UNSPECIFIED: NullValues.OWN_VALUE,
    risk_service_pb2.NULL_VALUES_OWN_VALUE: NullValues.OWN_VALUE,
    risk_service_pb2.NULL_VALUES_WILDCARD: NullValues.WILDCARD,
    risk_service_pb2.NULL_VALUES_OMIT_ROWS: NullValues.OMIT_ROWS,
}


@dataclass(frozen=True)
class AssessmentOrder:
    """What to assess, checked, and the tables that are still to be read. tables: hierarchies by column."""

    assessment: Assessment
    tables: dict[str, Source]
    population: Source | None


def assessment(request: risk_service_pb2.AssessRiskRequest) -> AssessmentOrder:
    """The request's content; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    names = tuple(request.quasi_identifiers)
    check_names(names, wrong)
    threshold = request.threshold if request.HasField("threshold") else DEFAULT_THRESHOLD
    if not 0 <= threshold <= 1:  # refuses NaN, too
        wrong.append(FieldViolation("threshold", "must be between 0 and 1"))
    for place, attacker in enumerate(request.attackers):
        if attacker not in _ATTACKERS:
            wrong.append(FieldViolation(f"attackers[{place}]", "is not one of Attacker"))
        elif attacker in request.attackers[:place]:
            wrong.append(FieldViolation(f"attackers[{place}]", "is there a second time"))
    points = tuple(request.risk_level_cut_points) or DEFAULT_CUT_POINTS
    if len(points) != 3 or not all(0 <= point <= 1 for point in points) or list(points) != sorted(points):
        wrong.append(FieldViolation("risk_level_cut_points", "must be three numbers between 0 and 1, ascending"))
    if request.suppressed_values not in _SUPPRESSED:
        wrong.append(FieldViolation("suppressed_values", "is not one of SuppressedValues"))
    if request.null_values not in _NULLS:
        wrong.append(FieldViolation("null_values", "is not one of NullValues"))
    entity = request.entity_column if request.HasField("entity_column") else None
    check_entity(entity, names, wrong)
    _check_sensitive(request.sensitive_attributes, names, wrong)
    if wrong:
        raise invalid_fields(wrong)
    population = ("population", request.population) if request.HasField("population") else None
    specs, tables = hierarchies_of(request.hierarchies, set(names) if population else set())
    return AssessmentOrder(
        Assessment(
            quasi_identifiers=names,
            threshold=threshold,
            attackers=frozenset(_ATTACKERS[each] for each in request.attackers) or ATTACKERS,
            suppressed_values=_SUPPRESSED[request.suppressed_values],
            null_values=_NULLS[request.null_values],
            cut_points=(points[0], points[1], points[2]),
            entity_column=entity,
            sensitive=tuple(request.sensitive_attributes),
            contributions=request.contributions,
            hierarchies=specs,
        ),
        tables,
        population,
    )


def _check_sensitive(
    sensitive: Sequence[str], names: Sequence[str], wrong: list[FieldViolation], field: str = "sensitive_attributes"
) -> None:
    if len(sensitive) > MOST_SENSITIVE:
        wrong.append(FieldViolation(field, f"must name at most {MOST_SENSITIVE} columns"))
    for place, name in enumerate(sensitive):
        if name in names:
            wrong.append(FieldViolation(f"{field}[{place}]", f"'{name}' is a quasi-identifier"))
        elif name in sensitive[:place]:
            wrong.append(FieldViolation(f"{field}[{place}]", f"names the column '{name}' a second time"))


def assessed_to_wire(assessed: Assessed) -> risk_service_pb2.AssessRiskResponse:
    """What was found as the answer."""
    answer = risk_service_pb2.AssessRiskResponse(report=risk_to_wire(assessed.summary), warnings=assessed.warnings)
    if assessed.contributions is not None:
        found = assessed.contributions
        answer.contribution_error = found.error
        answer.largest_minimal_unique = found.size
        answer.minimal_unique_count = found.uniques
        for name, separation, unique in zip(assessed.summary.quasi_identifiers, found.separation, found.unique, strict=True):
            answer.contributions.add(attribute=name, separation_share=separation, minimal_unique_share=unique)
    for each in assessed.sensitive:
        answer.sensitive.add(
            attribute=each.attribute,
            distinct_l=each.distinct_l,
            entropy_l=each.entropy_l,
            t_equal=each.t_equal,
            t_ordered=each.t_ordered,
            delta_disclosure=each.delta_disclosure,
            basic_beta=each.basic_beta,
            null_count=each.nulls,
            disclosed_row_count=each.disclosed,
        )
    return answer


def attack(request: risk_service_pb2.SimulateLinkageRequest) -> tuple[Attack, dict[str, Source]]:
    """What the attacker does, and the hierarchies that are tables; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    names = tuple(request.columns)
    check_names(names, wrong, "columns")
    truth = request.truth_column if request.HasField("truth_column") else None
    if truth is not None and (not truth or truth in names):
        wrong.append(FieldViolation("truth_column", "must name a column that is not linked on"))
    _check_sensitive(request.sensitive_columns, names, wrong, "sensitive_columns")
    if wrong:
        raise invalid_fields(wrong)
    specs, tables = hierarchies_of(request.hierarchies, set(names))
    return Attack(names, truth, tuple(request.sensitive_columns), specs), tables


def linked_to_wire(found: Linked, asked: Attack, warnings: list[str]) -> risk_service_pb2.SimulateLinkageResponse:
    """Whom the attacker finds as the answer."""
    answer = risk_service_pb2.SimulateLinkageResponse(
        person_count=found.people,
        linked_count=found.linked,
        uniquely_linked_count=found.unique,
        exclusively_linked_count=found.exclusive,
        correctly_linked_count=found.correct,
        expected_correct=found.expected,
        row_count=found.rows,
        suppressed_count=found.suppressed,
        warnings=warnings,
    )
    for learned in found.learned:
        answer.learned.add(column=learned.column, person_count=learned.people, correct_count=learned.correct)
    for name, count in zip(asked.columns, found.without, strict=False):
        answer.column_effects.add(column=name, uniquely_linked_without=count)
    return answer


def sample(request: risk_service_pb2.EstimatePopulationUniquenessRequest) -> tuple[tuple[str, ...], Population]:
    """The quasi-identifiers and the population; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    names = tuple(request.quasi_identifiers)
    check_names(names, wrong)
    kind, population = request.WhichOneof("population"), Population()
    if kind is None:
        wrong.append(FieldViolation("population", "is required: population_size, sampling_fraction or region"))
    elif kind == "population_size":
        population = Population(size=request.population_size)
        if request.population_size < 1:
            wrong.append(FieldViolation("population_size", "must be 1 or more"))
    elif kind == "sampling_fraction":
        population = Population(fraction=request.sampling_fraction)
        if not LEAST_FRACTION <= request.sampling_fraction <= 1:  # refuses NaN, too
            wrong.append(FieldViolation("sampling_fraction", f"must be from {LEAST_FRACTION} to 1"))
    elif request.region in REGIONS:
        population = Population(size=REGIONS[request.region])
    else:
        wrong.append(FieldViolation("region", f"must be one of {', '.join(REGIONS)}"))
    if wrong:
        raise invalid_fields(wrong)
    return names, population


def uniqueness_to_wire(found: Uniqueness) -> risk_service_pb2.EstimatePopulationUniquenessResponse:
    """The estimates as the answer."""
    return risk_service_pb2.EstimatePopulationUniquenessResponse(
        population_size=found.population,
        zayatz=found.zayatz,
        pitman=found.pitman,
        snb=found.snb,
        dankar=found.dankar,
        dankar_model=found.model,
        warnings=found.warnings,
        row_count=found.rows,
        unique_count=found.uniques,
        sampling_fraction=found.rows / found.population if found.population else 0.0,
        dankar_by_arx=found.by_arx,
    )


def measured_to_wire(
    found: Measured, measure: policy_pb2.QualityMeasure, warnings: list[str]
) -> risk_service_pb2.MeasureQualityResponse:
    """What a release lost as the answer. measure: what was minimised; warnings: of the tables, beside its own."""
    answer = risk_service_pb2.MeasureQualityResponse(
        report=quality_pb2.QualityReport(**found.report),
        metrics=found.metrics,
        warnings=[*warnings, *found.warnings],
        row_count=found.rows,
        released_count=found.released,
        suppressed_count=found.rows - found.released,
        class_count=found.classes,
        dropped_columns=found.dropped,
        loss=found.loss,
        measure=measure,
    )
    for each in found.columns:
        answer.attributes.add(
            name=each.name,
            metrics=each.metrics,
            quasi_identifier=each.quasi_identifier,
            level=each.level,
            level_count=each.levels,
        )
    if found.prediction is not None:
        predicted = found.prediction
        answer.prediction.CopyFrom(
            risk_service_pb2.TargetPrediction(
                column=predicted.column,
                score=predicted.score,
                original=predicted.original,
                released=predicted.released,
                baseline=predicted.baseline,
                tested_count=predicted.tested,
            )
        )
    return answer


def verdict_to_wire(
    verdict: Verdict, asked: Asked, reference: str, warnings: list[str]
) -> risk_service_pb2.ValidatePrivacyResponse:
    """A verdict as the answer. reference: the sentence; warnings: those of the tables, beside the verdict's own."""
    return risk_service_pb2.ValidatePrivacyResponse(
        valid=verdict.valid,
        models=[_check(each, asked) for each in verdict.judgements],
        violations=_fitting(verdict.violations),
        violating_class_count=verdict.failing,
        reference=reference,
        quasi_identifiers=asked.quasi_identifiers,
        row_count=verdict.rows,
        suppressed_count=verdict.suppressed,
        class_count=verdict.classes,
        warnings=[*warnings, *verdict.warnings],
    )


def _check(judgement: Judgement, asked: Asked) -> risk_service_pb2.ModelCheck:
    failing = len(judgement.holds) - int(judgement.holds.sum())
    return risk_service_pb2.ModelCheck(
        model=part_of(asked.messages[judgement.place], judgement.model),
        satisfied=judgement.satisfied and not failing,
        measured=judgement.worst,
        measured_least=judgement.least,
        violating_class_count=failing,
    )


def _fitting(violations: tuple[Violation, ...]) -> list[risk_service_pb2.ClassViolation]:
    found: list[risk_service_pb2.ClassViolation] = []
    size = 0
    for each in violations:
        message = risk_service_pb2.ClassViolation(
            model=each.place,
            quasi_identifier_values=each.values,
            row_count=each.rows,
            measured=each.measured,
            severity=each.severity,
        )
        size += message.ByteSize() + 8
        if size > MOST_VIOLATION_BYTES:
            break
        found.append(message)
    return found
