"""RiskService: wire in, wire out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from shoal.api.anonymization.v1 import anonymization_service_pb2, solution_pb2
from shoal.api.anonymization.v1.anonymization_service_pb2_grpc import AnonymizationServiceStub
from shoal.api.risk.v1 import risk_service_pb2
from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.privacy.hierarchies import HierarchySpec
from shoal.privacy.models import OfAttribute
from shoal.privacy.specs_from_wire import table_spec
from shoal.risk import messages, quality_from_wire, question_from_wire
from shoal.risk.assess import Assessment, assess
from shoal.risk.linkage import Attack, link
from shoal.risk.quality.measure import measure
from shoal.risk.question_from_wire import Asked
from shoal.risk.uniqueness.estimate import estimate
from shoal.risk.validation.grouping import group
from shoal.risk.validation.validate import Question, validate
from shoal.runtime.calls import draft
from shoal.runtime.host import Built, Host
from shoal.runtime.opened import OpenedTable, opener_of, unknown_column
from shoal.runtime.peers import answered
from shoal.runtime.stopping import Stop
from shoal.tables.formats import Limits


@dataclass(frozen=True)
class Tables:
    """The tables of a validation, opened. hierarchies: by column."""

    table: OpenedTable
    reference: OpenedTable | None
    population: OpenedTable | None
    hierarchies: dict[str, OpenedTable]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Work on the rows of all of them."""
        with ExitStack() as stack:
            for each in (self.table, self.reference, self.population):
                if each is not None:
                    stack.enter_context(each.reading())
            yield

    def specs(self, limits: Limits) -> dict[str, HierarchySpec]:
        """The hierarchies that are tables, read."""
        return {name: table_spec(name, opened, limits) for name, opened in self.hierarchies.items()}


class RiskServicer:
    """Measures any table."""

    def __init__(self, host: Host) -> None:
        self._opener = opener_of(host)
        self._workers = host.workers
        self._peers = host.peers

    async def AssessRisk(
        self, request: risk_service_pb2.AssessRiskRequest, context: Any
    ) -> risk_service_pb2.AssessRiskResponse:
        order = messages.assessment(request)
        opened = {name: await self._opener.open(source, field) for name, (field, source) in order.tables.items()}
        tables = Tables(
            table=await self._opener.open(request.table, "table"),
            reference=None,
            population=await self._opener.open(order.population[1], order.population[0]) if order.population else None,
            hierarchies=opened,
        )
        stop = Stop()
        response = await self._workers.run(lambda: self._assess(tables, order.assessment, stop), stop)
        draft().details.update(
            rows=str(response.report.row_count), classes=str(response.report.class_count), k=str(response.report.k)
        )
        return response

    async def ValidatePrivacy(
        self, request: risk_service_pb2.ValidatePrivacyRequest, context: Any
    ) -> risk_service_pb2.ValidatePrivacyResponse:
        asked = question_from_wire.question(request, await self._solution(request.solution))
        opened = {name: await self._opener.open(source, field) for name, (field, source) in asked.tables.items()}
        tables = Tables(
            table=await self._opener.open(request.table, "table"),
            reference=await self._opener.open(request.reference, "reference") if request.HasField("reference") else None,
            population=await self._opener.open(asked.population[1], asked.population[0]) if asked.population else None,
            hierarchies=opened,
        )
        stop = Stop()
        response = await self._workers.run(lambda: self._validate(tables, asked, stop), stop)
        draft().details.update(
            valid=str(response.valid).lower(),
            rows=str(response.row_count),
            classes=str(response.class_count),
            violating_classes=str(response.violating_class_count),
        )
        return response

    async def SimulateLinkage(
        self, request: risk_service_pb2.SimulateLinkageRequest, context: Any
    ) -> risk_service_pb2.SimulateLinkageResponse:
        asked, sources = messages.attack(request)
        opened = {name: await self._opener.open(source, field) for name, (field, source) in sources.items()}
        tables = Tables(
            table=await self._opener.open(request.table, "table"),
            reference=None,
            population=await self._opener.open(request.roll, "roll"),
            hierarchies=opened,
        )
        stop = Stop()
        response = await self._workers.run(lambda: self._link(tables, asked, stop), stop)
        draft().details.update(
            people=str(response.person_count), linked=str(response.linked_count), unique=str(response.uniquely_linked_count)
        )
        return response

    async def EstimatePopulationUniqueness(
        self, request: risk_service_pb2.EstimatePopulationUniquenessRequest, context: Any
    ) -> risk_service_pb2.EstimatePopulationUniquenessResponse:
        names, population = messages.sample(request)
        opened = await self._opener.open(request.table, "table")
        stop = Stop()

        def work() -> risk_service_pb2.EstimatePopulationUniquenessResponse:
            with opened.reading():
                classes = group(_scan(opened, names, "quasi_identifiers", self._opener.limits), names, [])
            stop.check()
            people = population.people(classes.rows)
            if people < classes.rows:
                raise InvalidArgumentError(
                    f"population: the table has {classes.rows} rows, more than the population's {people}"
                )
            sizes, counts = np.unique(classes.sizes, return_counts=True)
            return messages.uniqueness_to_wire(estimate(sizes, counts, people))

        response = await self._workers.run(work, stop)
        draft().details.update(rows=str(response.row_count), uniques=str(response.unique_count), model=response.dankar_model)
        return response

    async def MeasureQuality(
        self, request: risk_service_pb2.MeasureQualityRequest, context: Any
    ) -> risk_service_pb2.MeasureQualityResponse:
        asked = quality_from_wire.comparison(request, await self._solution(request.solution))
        opened = {name: await self._opener.open(source, field) for name, (field, source) in asked.tables.items()}
        tables = Tables(
            table=await self._opener.open(request.released, "released"),
            reference=await self._opener.open(request.original, "original"),
            population=None,
            hierarchies=opened,
        )
        stop = Stop()
        response = await self._workers.run(lambda: self._measure(tables, asked, stop), stop)
        draft().details.update(
            rows=str(response.row_count),
            released=str(response.released_count),
            suppressed=str(response.suppressed_count),
            classes=str(response.class_count),
        )
        return response

    async def _solution(self, given: str) -> solution_pb2.Solution | None:
        name = question_from_wire.solution_name(given)
        if name is None:
            return None
        draft().resources.append(name)
        stub = self._peers.stub(AnonymizationServiceStub)
        wanted = anonymization_service_pb2.GetSolutionRequest(name=name)
        return await answered(stub.GetSolution(wanted, metadata=self._peers.credential()))

    def _assess(self, tables: Tables, asked: Assessment, stop: Stop) -> risk_service_pb2.AssessRiskResponse:
        limits = self._opener.limits
        with tables.reading():
            table = _scan(tables.table, asked.quasi_identifiers, "quasi_identifiers", limits)
            _scan(tables.table, asked.sensitive, "sensitive_attributes", limits)
            _check_column(table, asked.entity_column, "entity_column")
            population = None
            if tables.population is not None:
                population = _scan(tables.population, asked.quasi_identifiers, "population", limits, "the population")
            complete = replace(asked, hierarchies={**asked.hierarchies, **tables.specs(limits)})
            return messages.assessed_to_wire(assess(table, complete, population, stop))

    def _link(self, tables: Tables, asked: Attack, stop: Stop) -> risk_service_pb2.SimulateLinkageResponse:
        limits = self._opener.limits
        truth = [asked.truth] if asked.truth is not None else []
        with tables.reading():
            table = _scan(tables.table, asked.columns, "columns", limits)
            _scan(tables.table, asked.sensitive, "sensitive_columns", limits)
            _check_column(table, asked.truth, "truth_column")
            assert tables.population is not None  # noqa: S101 (a request without a roll was refused)
            roll = _scan(tables.population, [*asked.columns, *truth], "roll", limits, "the roll")
            complete = replace(asked, hierarchies={**asked.hierarchies, **tables.specs(limits)})
            found = link(table, roll, complete, stop)
        warnings = []
        if found.people and not found.linked:
            warnings.append(
                "nobody on the roll matches any row: if the table is a release, give the hierarchies that it was made with"
            )
        return messages.linked_to_wire(found, asked, warnings)

    def _measure(self, tables: Tables, asked: quality_from_wire.Asked, stop: Stop) -> risk_service_pb2.MeasureQualityResponse:
        limits = self._opener.limits
        names = asked.question.quasi_identifiers
        target = [] if asked.question.target is None else [asked.question.target]
        with tables.reading():
            assert tables.reference is not None  # noqa: S101 (a request without an original was refused)
            for place, wanted in (("quasi_identifiers", names), ("target_column", target)):
                original = _scan(tables.reference, wanted, place, limits, "the original")
                released = _scan(tables.table, wanted, place, limits, "the release")
            found = measure(original, released, asked.complete(tables.specs(limits)), stop)
            warnings = []
            if asked.input_sha256 and tables.reference.digest() != asked.input_sha256:
                warnings.append("the original is not, byte for byte, the input of the solution")
        return messages.measured_to_wire(found, asked.measure, warnings)

    def _validate(self, tables: Tables, asked: Asked, stop: Stop) -> risk_service_pb2.ValidatePrivacyResponse:
        limits = self._opener.limits
        with tables.reading():
            table = _scan(tables.table, asked.quasi_identifiers, "quasi_identifiers", limits)
            known = set(table.collect_schema().names())
            for place, model in asked.models:
                if isinstance(model, OfAttribute) and model.attribute not in known:
                    raise unknown_column(model.attribute, f"privacy_models[{place}].attribute")
            question = Question(
                quasi_identifiers=asked.quasi_identifiers,
                models=asked.models,
                entity_column=_entity_column(asked, known),
                hierarchies={**asked.specs, **tables.specs(limits)},
            )
            reference = population = None
            if tables.reference is not None:
                reference = _scan(tables.reference, question.compared, "reference", limits, "the reference")
            if tables.population is not None:
                population = _scan(tables.population, asked.quasi_identifiers, "population", limits, "the population")
            verdict = validate(table, question, reference=reference, population=population, stop=stop)
        sentence, warnings = _reference(tables, asked, question, verdict.reference_rows)
        return messages.verdict_to_wire(verdict, asked, sentence, warnings)


def _scan(table: OpenedTable, names: Sequence[str], field: str, limits: Limits, what: str = "the table") -> pl.LazyFrame:
    """The rows of a table that has columns of those names; raises InvalidArgumentError that names the missing one."""
    frame, _ = table.scan(limits)
    known = set(frame.collect_schema().names())
    for place, name in enumerate(names):
        if name not in known:
            if what == "the table":
                raise unknown_column(name, f"{field}[{place}]")
            raise InvalidArgumentError(
                f"{field}: {what} has no column '{name}'", reason=ErrorReason.UNKNOWN_COLUMN, metadata={"column": name}
            )
    return frame


def _check_column(table: pl.LazyFrame, name: str | None, field: str) -> None:
    """Refuses the name of a column that the table does not have; None is no name."""
    if name is not None and name not in table.collect_schema().names():
        raise unknown_column(name, field)


def _entity_column(asked: Asked, known: set[str]) -> str | None:
    """The entity column; of a solution that removed it, None where no model counts persons."""
    name = asked.entity_column
    if name is None or name in known:
        return name
    if not asked.entity_is_solutions:
        raise unknown_column(name, "entity_column")
    if asked.counts_persons:
        raise InvalidArgumentError(
            f"entity_column: the solution counts the persons of '{name}', which the release does not have: validate a table "
            "that still has the column, or name the quasi-identifiers and models to check its rows",
            reason=ErrorReason.UNKNOWN_COLUMN,
            metadata={"column": name},
        )
    return None


def _reference(tables: Tables, asked: Asked, question: Question, rows: int) -> tuple[str, list[str]]:
    """The sentence that says where the reference distributions come from, and what is to be said about it."""
    if not question.compared:
        return "none: no model compares with a distribution", []
    if tables.reference is None:
        sentence = f"the {rows} rows of the table itself that are not suppressed"
        if asked.input_sha256:
            return sentence, [
                "the distributions are those of the release, not of the solution's input, which is not kept: give the original "
                "as the reference to check what was promised"
            ]
        return sentence, []
    sentence = f"all {rows} rows of the reference that was given"
    if asked.input_sha256 and tables.reference.digest() != asked.input_sha256:
        return sentence, ["the reference is not, byte for byte, the input of the solution"]
    return sentence, []


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = RiskServicer(host)
    return Built(servicers=[(risk_service_pb2.DESCRIPTOR.services_by_name["RiskService"], servicer)])
