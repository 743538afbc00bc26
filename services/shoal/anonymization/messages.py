"""The wire of anonymization: requests become checked orders."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from shoal.anonymization.explore import LARGEST_RADIUS
from shoal.anonymization.frontier import Setting
from shoal.anonymization.models import KAnonymity
from shoal.anonymization.policies_from_wire import Tables, policy_from_wire
from shoal.anonymization.policy import Policy, Strategy
from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2, solution_pb2
from shoal.api.detection.v1 import detection_service_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.errors import FailedPreconditionError, FieldViolation, InvalidArgumentError, invalid_fields
from shoal.privacy.models_from_wire import models_from_wire
from shoal.runtime import wire
from shoal.runtime.opened import FORMATS
from shoal.tables.formats import TableFormat

LONGEST_NAME = 255
MOST_VARIED = 3
MOST_POINTS = 10_000
VARIABLE = frozenset({"k", "l", "c", "t", "delta", "beta", "min_delta", "max_delta", "max_highest", "max_average"})
APPLY_DAYS = 90
LONGEST_APPLY = dt.timedelta(days=3650)


@dataclass(frozen=True)
class Inputs:
    """The tables of a request that are still to be read. hierarchies: by attribute, with the field's path."""

    table: table_pb2.TableSource
    hierarchies: Tables
    population: table_pb2.TableSource | None


@dataclass(frozen=True)
class Order:
    """A request for a release, checked. apply_ttl: None when nothing is to be kept for ApplySolution."""

    policy: Policy
    inputs: Inputs
    output_format: TableFormat | None
    output_display_name: str
    output_ttl: dt.timedelta | None
    apply_ttl: dt.timedelta | None
    request_id: str | None
    request_sha256: str


@dataclass(frozen=True)
class FrontierOrder:
    """A request for a frontier, checked."""

    policy: Policy
    inputs: Inputs
    settings: tuple[Setting, ...]


@dataclass(frozen=True)
class ExploreOrder:
    """A request for a piece of a lattice, checked. levels: None for the optimum."""

    policy: Policy
    inputs: Inputs
    levels: tuple[int, ...] | None
    radius: int


@dataclass(frozen=True)
class ApplyOrder:
    """A request for a release of new rows, checked."""

    solution_id: str
    table: table_pb2.TableSource
    output_format: TableFormat | None
    output_ttl: dt.timedelta | None
    request_id: str | None
    request_sha256: str


def order(request: anonymization_service_pb2.AnonymizeRequest) -> Order:
    """The request's content; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    policy, tables = policy_from_wire(request.policy, wrong)
    output_format = _output_format(request.output_format, wrong)
    if len(request.output_display_name) > LONGEST_NAME:
        wrong.append(FieldViolation("output_display_name", f"must have at most {LONGEST_NAME} characters"))
    ttl = wire.ttl(request.output_ttl if request.HasField("output_ttl") else None, "output_ttl", wrong)
    apply_ttl = _apply_ttl(request, wrong)
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if wrong or policy is None:
        raise invalid_fields(wrong)
    return Order(
        policy=policy,
        inputs=_inputs(request.table, request.policy, tables),
        output_format=output_format,
        output_display_name=request.output_display_name,
        output_ttl=ttl,
        apply_ttl=apply_ttl,
        request_id=request_id,
        request_sha256=wire.digest(request),
    )


def auto_request_id(request: anonymization_service_pb2.AutoAnonymizeRequest) -> str | None:
    """The request id, None when there is none; raises InvalidArgumentError when it is no UUID."""
    wrong: list[FieldViolation] = []
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if wrong:
        raise invalid_fields(wrong)
    return request_id


def config_request(request: anonymization_service_pb2.AutoAnonymizeRequest) -> detection_service_pb2.GenerateConfigRequest:
    """What detection is asked for: a policy with the models of the request."""
    asked = detection_service_pb2.GenerateConfigRequest(table=request.table)
    asked.template.privacy_models.extend(request.privacy_models)
    if request.HasField("suppression_limit"):
        asked.template.suppression_limit = request.suppression_limit
    return asked


@contextmanager
def without_template() -> Iterator[None]:
    """Errors about the template become errors about the request that it was made from."""
    try:
        yield
    except InvalidArgumentError as error:
        violations = [replace(each, field=each.field.removeprefix("template.")) for each in error.violations]
        raise (invalid_fields(violations) if violations else error) from None


def auto_order(
    request: anonymization_service_pb2.AutoAnonymizeRequest, policy: policy_pb2.AnonymizationPolicy
) -> anonymization_service_pb2.AnonymizeRequest:
    """The request as if it had come with this policy."""
    asked = anonymization_service_pb2.AnonymizeRequest(
        table=request.table, policy=policy, output_format=request.output_format, request_id=request.request_id
    )
    if request.HasField("output_ttl"):
        asked.output_ttl.CopyFrom(request.output_ttl)
    return asked


def auto_warnings(made: detection_service_pb2.GenerateConfigResponse) -> tuple[str, ...]:
    """What whoever takes a made policy as it is must know of it."""
    column = made.detection.entity_column
    if not column or made.policy.HasField("entity_column"):
        return ()
    return (
        f"rows are counted, not persons, of whom some have several rows each: to count persons, anonymize with this policy and "
        f"'{column}' as its entity_column",
    )


def frontier_order(request: anonymization_service_pb2.ComputeFrontierRequest) -> FrontierOrder:
    """The request's content; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    policy, tables = policy_from_wire(request.policy, wrong)
    if policy is not None and policy.search.strategy not in (Strategy.OPTIMAL, Strategy.ANYTIME):
        wrong.append(FieldViolation("policy.search.strategy", "must be OPTIMAL or ANYTIME"))
    for place, k in enumerate(request.ks):
        if k < 1:
            wrong.append(FieldViolation(f"ks[{place}]", "must be 1 or more"))
    for place, limit in enumerate(request.suppression_limits):
        if not 0 <= limit <= 1:
            wrong.append(FieldViolation(f"suppression_limits[{place}]", "must be between 0 and 1"))
    if len(request.parameters) > MOST_VARIED:
        wrong.append(FieldViolation("parameters", f"must have at most {MOST_VARIED} entries"))
    for place, each in enumerate(request.parameters):
        _check_varied(each, f"parameters[{place}]", request.policy, wrong)
    if request.ks and not any(each.WhichOneof("model") == "k_anonymity" for each in request.policy.privacy_models):
        wrong.append(FieldViolation("ks", "vary a k-anonymity model, and the policy has none"))
    axes = [len(request.ks) or 1, len(request.suppression_limits) or 1, *(len(each.values) for each in request.parameters)]
    if math.prod(axes) > MOST_POINTS:
        sentence = f"ask for {math.prod(axes)} points, at most {MOST_POINTS} are possible in one call"
        wrong.append(FieldViolation("parameters", sentence))
    if wrong or policy is None:
        raise invalid_fields(wrong)
    settings = _settings(request, policy, wrong)
    if wrong:
        raise invalid_fields(wrong)
    return FrontierOrder(policy, _inputs(request.table, request.policy, tables), settings)


def explore_order(request: anonymization_service_pb2.ExploreLatticeRequest) -> ExploreOrder:
    """The request's content; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    policy, tables = policy_from_wire(request.policy, wrong)
    if policy is not None and policy.search.strategy not in (Strategy.OPTIMAL, Strategy.ANYTIME):
        wrong.append(FieldViolation("policy.search.strategy", "must be OPTIMAL or ANYTIME"))
    if policy is not None and request.levels and len(request.levels) != len(policy.quasi_identifiers):
        wrong.append(
            FieldViolation("levels", f"must have a level for each of the {len(policy.quasi_identifiers)} quasi-identifiers")
        )
    if request.radius > LARGEST_RADIUS:
        wrong.append(FieldViolation("radius", f"must be 1 to {LARGEST_RADIUS}"))
    if wrong or policy is None:
        raise invalid_fields(wrong)
    return ExploreOrder(
        policy=policy,
        inputs=_inputs(request.table, request.policy, tables),
        levels=tuple(request.levels) or None,
        radius=request.radius or 1,
    )


def apply_order(request: anonymization_service_pb2.ApplySolutionRequest) -> ApplyOrder:
    """The request's content; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    solution_id = request.solution.removeprefix("solutions/")
    if not request.solution.startswith("solutions/") or not wire.is_id(solution_id):
        wrong.append(FieldViolation("solution", "must be of the form solutions/ and 32 hexadecimal digits"))
    output_format = _output_format(request.output_format, wrong)
    ttl = wire.ttl(request.output_ttl if request.HasField("output_ttl") else None, "output_ttl", wrong)
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if wrong:
        raise invalid_fields(wrong)
    return ApplyOrder(solution_id, request.table, output_format, ttl, request_id, wire.digest(request))


def kept_policy(solution: solution_pb2.Solution) -> Policy:
    """The policy of a solution that was kept; its hierarchies that are tables are not in it."""
    wrong: list[FieldViolation] = []
    policy, _ = policy_from_wire(solution.policy, wrong)
    if policy is None:
        raise FailedPreconditionError(
            f"{solution.name} was made under a policy that this server cannot read any more: {wrong[0].field} "
            f"{wrong[0].description}",
            metadata={"resource": solution.name},
        )
    return policy


def _output_format(format: table_pb2.TableFormat, wrong: list[FieldViolation]) -> TableFormat | None:  # noqa: A002
    """The format that was asked for, None for the input's."""
    if not format:
        return None
    found = FORMATS.get(format)
    if found is None:
        wrong.append(FieldViolation("output_format", "is not one of TableFormat"))
    return found


def _inputs(table: table_pb2.TableSource, policy: policy_pb2.AnonymizationPolicy, tables: Tables) -> Inputs:
    return Inputs(table, tables, policy.population if policy.HasField("population") else None)


def _apply_ttl(request: anonymization_service_pb2.AnonymizeRequest, wrong: list[FieldViolation]) -> dt.timedelta | None:
    if not request.HasField("apply_ttl"):
        return dt.timedelta(days=APPLY_DAYS)
    given = dt.timedelta(seconds=request.apply_ttl.seconds, microseconds=request.apply_ttl.nanos / 1000)
    if not dt.timedelta() <= given <= LONGEST_APPLY:
        wrong.append(FieldViolation("apply_ttl", f"must be between 0 and {LONGEST_APPLY.days} days"))
        return None
    return given or None


def _check_varied(
    message: anonymization_service_pb2.VariedParameter,
    field: str,
    policy: policy_pb2.AnonymizationPolicy,
    wrong: list[FieldViolation],
) -> None:
    if message.model >= len(policy.privacy_models):
        wrong.append(FieldViolation(f"{field}.model", f"must be below {len(policy.privacy_models)}, the number of models"))
        return
    kind = policy.privacy_models[message.model].WhichOneof("model")
    if kind is None:
        return  # the policy's own violation says so
    model = getattr(policy.privacy_models[message.model], kind)
    known = [each for each in model.DESCRIPTOR.fields_by_name if each in VARIABLE]
    if message.parameter not in known:
        wrong.append(FieldViolation(f"{field}.parameter", f"must be one of {', '.join(known)} for {kind}"))
    if not message.values:
        wrong.append(FieldViolation(f"{field}.values", "must have at least one value"))
    if message.parameter == "k" and any(value != math.floor(value) or not 1 <= value < 2**32 for value in message.values):
        wrong.append(FieldViolation(f"{field}.values", "must be whole numbers from 1 on for k"))


def _settings(
    request: anonymization_service_pb2.ComputeFrontierRequest, policy: Policy, wrong: list[FieldViolation]
) -> tuple[Setting, ...]:
    """Every combination of the values to try, each checked like a policy of its own."""
    limits = list(request.suppression_limits) or [policy.suppression_limit]
    found = []
    for k in list(request.ks) or [0]:
        for values in itertools.product(*(each.values for each in request.parameters)):
            varied = policy_pb2.AnonymizationPolicy(privacy_models=request.policy.privacy_models)
            for model in varied.privacy_models:
                if k and model.WhichOneof("model") == "k_anonymity":
                    model.k_anonymity.k = k
            for each, value in zip(request.parameters, values, strict=True):
                model = varied.privacy_models[each.model]
                exact_value = int(value) if each.parameter == "k" else value
                setattr(getattr(model, str(model.WhichOneof("model"))), each.parameter, exact_value)
            models = models_from_wire(varied, wrong)
            if wrong:
                return ()
            shown = k or (policy.k if any(isinstance(each, KAnonymity) for each in policy.models) else 0)
            found += [Setting(shown, limit, values, models) for limit in limits]
    # By k, then limit, then the other parameters, as the contract says.
    ks = list(request.ks) or [shown]
    return tuple(sorted(found, key=lambda each: (ks.index(each.k), limits.index(each.suppression_limit))))
