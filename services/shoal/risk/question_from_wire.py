"""The wire of validation: a ValidatePrivacyRequest, completed from a solution, becomes a question about tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shoal.api.anonymization.v1 import hierarchy_pb2, policy_pb2, solution_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.errors import ErrorReason, FieldViolation, InvalidArgumentError, invalid_fields
from shoal.privacy.hierarchies import DefaultSpec, HierarchySpec
from shoal.privacy.models import (
    NO_MEAN_OF_PERSONS,
    Attacker,
    Distance,
    KAnonymity,
    OfAttribute,
    PrivacyModel,
    RiskLimit,
    TCloseness,
    counts_rows_alone,
    needs_population,
)
from shoal.privacy.models_from_wire import placed_models
from shoal.privacy.specs_from_wire import spec_from_wire
from shoal.runtime import wire

MOST_QUASI_IDENTIFIERS = 64
MOST_MODELS = 100
MOST_HIERARCHIES = 1000

Source = tuple[str, table_pb2.TableSource]
"""The path of a field, and the table that it names."""


@dataclass(frozen=True)
class Asked:
    """What a validation is about.

    messages: the models as they came. specs: the hierarchies that are no tables; tables: those that are, by column. population:
    None without one. input_sha256: of the solution's input, empty without a solution. entity_is_solutions: the entity column
    was not given but taken from the solution.
    """

    quasi_identifiers: tuple[str, ...]
    models: tuple[tuple[int, PrivacyModel], ...]
    messages: tuple[policy_pb2.PrivacyModel, ...]
    entity_column: str | None
    entity_is_solutions: bool
    specs: dict[str, HierarchySpec]
    tables: dict[str, Source]
    population: Source | None
    input_sha256: str

    @property
    def counts_persons(self) -> bool:
        """Whether a model asks how many persons a class has."""
        return any(
            isinstance(model, KAnonymity)
            or (isinstance(model, RiskLimit) and model.highest is not None and model.attacker is Attacker.PROSECUTOR)
            for _, model in self.models
        )


def solution_name(name: str) -> str | None:
    """The solution that a request names, None for none; raises InvalidArgumentError when it is no such name."""
    if not name:
        return None
    wire.resource_id(name, "solutions", "solution")
    return name


def question(request: risk_service_pb2.ValidatePrivacyRequest, solution: solution_pb2.Solution | None) -> Asked:
    """The request's content, completed; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    kept = solution or solution_pb2.Solution()
    names = tuple(request.quasi_identifiers) or tuple(each.name for each in kept.attributes)
    check_names(names, wrong)
    messages = tuple(request.privacy_models) or tuple(kept.policy.privacy_models)
    if len(messages) > MOST_MODELS:
        wrong.append(FieldViolation("privacy_models", f"must have at most {MOST_MODELS} models"))
    models = placed_models(messages, "privacy_models", wrong)
    entity, solutions = _entity(request, kept, names, wrong)
    population = _population(request, kept)
    _check_models(models, names, wrong, population=population is not None, persons=entity is not None)
    if wrong:
        raise invalid_fields(wrong)
    specs, tables = hierarchies_of(request.hierarchies, _wanted(models, names, population is not None), kept)
    return Asked(
        quasi_identifiers=names,
        models=models,
        messages=messages,
        entity_column=entity,
        entity_is_solutions=solutions,
        specs=specs,
        tables=tables,
        population=population,
        input_sha256=kept.input_sha256,
    )


def check_names(names: Sequence[str], wrong: list[FieldViolation], field: str = "quasi_identifiers") -> None:
    """Adds what is wrong with a list of quasi-identifiers."""
    if not 1 <= len(names) <= MOST_QUASI_IDENTIFIERS:
        wrong.append(FieldViolation(field, f"must name 1 to {MOST_QUASI_IDENTIFIERS} columns"))
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            wrong.append(FieldViolation(f"{field}[{place}]", f"names the column '{name}' a second time"))
        seen.add(name)


def check_entity(name: str | None, names: Sequence[str], wrong: list[FieldViolation]) -> None:
    """Adds what is wrong with an entity column beside those quasi-identifiers."""
    if name is not None and not name:
        wrong.append(FieldViolation("entity_column", "must name a column"))
    if name in names:
        wrong.append(FieldViolation("entity_column", "must not be a quasi-identifier: it tells persons apart"))


def _entity(
    request: risk_service_pb2.ValidatePrivacyRequest,
    kept: solution_pb2.Solution,
    names: Sequence[str],
    wrong: list[FieldViolation],
) -> tuple[str | None, bool]:
    if request.HasField("entity_column"):
        check_entity(request.entity_column, names, wrong)
        return request.entity_column, False
    return (kept.policy.entity_column, True) if kept.policy.HasField("entity_column") else (None, False)


def _population(request: risk_service_pb2.ValidatePrivacyRequest, kept: solution_pb2.Solution) -> Source | None:
    if request.HasField("population"):
        return "population", request.population
    if not kept.policy.HasField("population"):
        return None
    if is_left_out(kept.policy.population):
        raise InvalidArgumentError(
            "population: the solution had a table of the population inside its policy, which is not kept: give it again",
            reason=ErrorReason.INVALID_FIELD,
        )
    return "solution.policy.population", kept.policy.population


def _check_models(
    models: Sequence[tuple[int, PrivacyModel]],
    names: Sequence[str],
    wrong: list[FieldViolation],
    *,
    population: bool,
    persons: bool,
) -> None:
    """What the models need of the rest of the request."""
    for place, model in models:
        field = f"privacy_models[{place}]"
        if needs_population(model) and not population:
            wrong.append(FieldViolation(field, "needs the population"))
        if counts_rows_alone(model) and persons:
            wrong.append(FieldViolation(f"{field}.risk_limit.max_average", NO_MEAN_OF_PERSONS))
        if isinstance(model, OfAttribute) and model.attribute in names:
            wrong.append(
                FieldViolation(
                    f"{field}.attribute", f"'{model.attribute}' is a quasi-identifier, so it cannot be sensitive, too"
                )
            )


def _wanted(models: Sequence[tuple[int, PrivacyModel]], names: Sequence[str], population: bool) -> set[str]:
    """The columns whose hierarchies are needed."""
    found = {
        model.attribute for _, model in models if isinstance(model, TCloseness) and model.distance is Distance.HIERARCHICAL
    }
    return found | set(names) if population else found


def hierarchies_of(
    given: Mapping[str, hierarchy_pb2.Hierarchy], wanted: set[str], solution: solution_pb2.Solution | None = None
) -> tuple[dict[str, HierarchySpec], dict[str, Source]]:
    """The hierarchies of the wanted columns, those given, else the solution's: specs, and tables that are still to be read."""
    wrong: list[FieldViolation] = []
    kept = solution or solution_pb2.Solution()
    if len(given) > MOST_HIERARCHIES:
        wrong.append(FieldViolation("hierarchies", f"must have at most {MOST_HIERARCHIES} entries"))
    solutions = {each.name: each.hierarchy for each in kept.policy.attributes if each.HasField("hierarchy")}
    chosen = {each.name: each.hierarchy for each in kept.attributes if each.HasField("hierarchy")}
    specs: dict[str, HierarchySpec] = {}
    tables: dict[str, Source] = {}
    for name in sorted(wanted):
        if name in given:
            field, message = f"hierarchies['{name}']", given[name]
        elif name in chosen or name in solutions:
            field, message = f"solution.policy.attributes['{name}'].hierarchy", chosen.get(name) or solutions[name]
        else:
            continue
        kind = message.WhichOneof("kind")
        if (kind == "table" and is_left_out(message.table)) or (kind == "explicit" and not message.explicit.rows):
            if name in given:
                wrong.append(FieldViolation(field, "has no rows"))
                continue
            raise InvalidArgumentError(
                f"hierarchies: the hierarchy of '{name}' came inside the solution's policy and was not kept: give it again",
                reason=ErrorReason.INVALID_FIELD,
                metadata={"attribute": name},
            )
        if kind == "table":
            tables[name] = (f"{field}.table", message.table)
            continue
        spec = spec_from_wire(message, field, wrong)
        if not isinstance(spec, DefaultSpec):
            specs[name] = spec
    if wrong:
        raise invalid_fields(wrong)
    return specs, tables


def is_left_out(source: table_pb2.TableSource) -> bool:
    """Whether the table was inside the policy: a solution keeps that it was there, not what it held."""
    return source.WhichOneof("source") == "inline" and not source.inline.data
