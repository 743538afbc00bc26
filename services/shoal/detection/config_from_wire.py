"""The wire of configurations: a template is checked and completed to a policy."""

from __future__ import annotations

from dataclasses import replace

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.detection.v1 import detection_service_pb2
from shoal.detection.configure import Chosen, Protection, Shield
from shoal.detection.detect import Options
from shoal.detection.messages import ROLES, ROLES_TO_WIRE, options
from shoal.detection.roles import Role
from shoal.errors import ErrorReason, FieldViolation, ResourceExhaustedError, invalid_fields
from shoal.privacy.specs_from_wire import spec_to_wire
from shoal.runtime.opened import unknown_column

__all__ = ["check_size", "complete", "finished", "request_options"]

MOST_ATTRIBUTES = 1_000
MOST_QUASI_IDENTIFIERS = 64
DEFAULT_K = 5
DEFAULT_SUPPRESSION = 0.02

_OF_COLUMN = ("l_diversity", "t_closeness", "delta_disclosure", "beta_likeness")
"""Models that speak of a sensitive attribute."""


def request_options(request: detection_service_pb2.GenerateConfigRequest) -> Options:
    """The detection's knobs, with the template's roles as known; raises InvalidArgumentError with all violations."""
    found = options(request.options)
    wrong: list[FieldViolation] = []
    if found.max_quasi_identifiers > MOST_QUASI_IDENTIFIERS:
        wrong.append(
            FieldViolation("options.max_quasi_identifiers", f"must be at most {MOST_QUASI_IDENTIFIERS}, as in a policy")
        )
    known = dict(found.known)
    for place, each in enumerate(request.template.attributes):
        field = f"template.attributes[{place}]"
        if each.role not in ROLES:
            wrong.append(FieldViolation(f"{field}.role", "is required"))
        elif any(each.name == other.name for other in request.template.attributes[:place]):
            wrong.append(FieldViolation(f"{field}.name", f"'{each.name}' is there a second time"))
        elif each.name in found.ignored:
            wrong.append(FieldViolation(f"{field}.name", f"'{each.name}' is in options.ignored_columns, too: choose one"))
        elif known.get(each.name, ROLES[each.role]) is not ROLES[each.role]:
            wrong.append(FieldViolation(f"{field}.role", f"'{each.name}' has another role in options.known_roles"))
        else:
            known[each.name] = ROLES[each.role]
    if wrong:
        raise invalid_fields(wrong)
    return replace(found, known=known)


def finished(template: policy_pb2.AnonymizationPolicy) -> set[str]:
    """The quasi-identifiers that have a hierarchy already."""
    return {each.name for each in template.attributes if each.HasField("hierarchy")}


def check_size(template: policy_pb2.AnonymizationPolicy, found: Options, names: list[str]) -> None:
    """Refuses a table with more columns than a policy may name, and a template that names one that is not there."""
    for place, each in enumerate(template.attributes):
        if each.name not in names:
            raise unknown_column(each.name, f"template.attributes[{place}].name")
    if len(names) - len(found.ignored) > MOST_ATTRIBUTES:
        raise ResourceExhaustedError(
            f"the table has more columns than the {MOST_ATTRIBUTES} that a policy may name: ignore some",
            reason=ErrorReason.LIMIT_EXCEEDED,
            metadata={"limit": "columns", "maximum": str(MOST_ATTRIBUTES)},
        )


def complete(
    template: policy_pb2.AnonymizationPolicy, attributes: list[Chosen], shields: list[Shield]
) -> policy_pb2.AnonymizationPolicy:
    """The template with what it leaves open; raises InvalidArgumentError when that makes no policy."""
    quasi = sum(each.role is Role.QUASI_IDENTIFIER for each in attributes)
    if not quasi:
        sentence = "has no quasi-identifier that was found, so there is nothing to generalise: name one in options.known_roles"
        raise invalid_fields([FieldViolation("table", sentence)])
    if quasi > MOST_QUASI_IDENTIFIERS:
        sentence = f"has {quasi} quasi-identifiers, more than the {MOST_QUASI_IDENTIFIERS} of a policy: ignore some"
        raise invalid_fields([FieldViolation("table", sentence)])
    policy = policy_pb2.AnonymizationPolicy()
    policy.CopyFrom(template)
    listed = {each.name: each for each in policy.attributes}
    for chosen in attributes:
        attribute = listed.get(chosen.name)
        if attribute is None:
            attribute = policy.attributes.add(name=chosen.name, role=ROLES_TO_WIRE[chosen.role])
        if chosen.hierarchy is not None and not attribute.HasField("hierarchy"):
            message = spec_to_wire(chosen.hierarchy)
            if message is not None:
                attribute.hierarchy.CopyFrom(message)
    if not policy.HasField("suppression_limit"):
        policy.suppression_limit = DEFAULT_SUPPRESSION
    _add_models(policy, attributes, shields)
    return policy


def _add_models(policy: policy_pb2.AnonymizationPolicy, attributes: list[Chosen], shields: list[Shield]) -> None:
    """Repeats models without an attribute for every sensitive column; adds k-anonymity and shields where nothing is said."""
    given = [policy_pb2.PrivacyModel.FromString(each.SerializeToString()) for each in policy.privacy_models]
    del policy.privacy_models[:]
    sensitive = [each.name for each in attributes if each.role is Role.SENSITIVE]
    speaks = False
    for place, model in enumerate(given):
        kind = model.WhichOneof("model")
        speaks = speaks or kind in _OF_COLUMN
        if kind not in _OF_COLUMN or getattr(model, kind).attribute:
            policy.privacy_models.add().CopyFrom(model)
            continue
        if not sensitive:
            field = f"template.privacy_models[{place}].{kind}.attribute"
            raise invalid_fields([FieldViolation(field, "is needed: no sensitive column was found")])
        for name in sensitive:
            repeated = policy.privacy_models.add()
            repeated.CopyFrom(model)
            getattr(repeated, kind).attribute = name
    if not given:
        policy.privacy_models.add().k_anonymity.k = DEFAULT_K
    for shield in [] if speaks else shields:
        added = policy.privacy_models.add()
        if shield.kind is Protection.DIVERSITY:
            added.l_diversity.attribute, added.l_diversity.l = shield.column, shield.bound
            added.l_diversity.kind = policy_pb2.L_DIVERSITY_KIND_DISTINCT
        else:
            added.t_closeness.attribute, added.t_closeness.t = shield.column, shield.bound
            added.t_closeness.distance = policy_pb2.T_CLOSENESS_DISTANCE_EQUAL
