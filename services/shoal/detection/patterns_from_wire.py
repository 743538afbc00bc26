"""The wire of patterns: messages become checked patterns, patterns become messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from shoal.api.detection.v1 import detection_service_pb2, pattern_pb2
from shoal.detection.messages import ROLES, ROLES_TO_WIRE
from shoal.detection.patterns import DEFAULT_PRIORITY, DEFAULT_RATIO, Origin, Pattern, violations_of
from shoal.detection.roles import Role
from shoal.errors import FieldViolation, invalid_fields
from shoal.runtime import wire

__all__ = ["ORIGINS", "changed", "filters", "new_pattern", "pattern_id", "to_wire"]

_SETTABLE = ("display_name", "description", "role", "priority", "column_patterns", "value_patterns", "min_match_ratio")
_ORIGINS_TO_WIRE = {
    Origin.CUSTOM: pattern_pb2.PATTERN_ORIGIN_CUSTOM,
    Origin.FILE: pattern_pb2.PATTERN_ORIGIN_FILE,
}
ORIGINS = {name: origin for origin, name in _ORIGINS_TO_WIRE.items()}


def pattern_id(name: str, field: str = "name") -> str:
    """The id in `patterns/{pattern}`."""
    return wire.resource_id(name, "patterns", field)


def new_pattern(request: detection_service_pb2.CreatePatternRequest, new_id: str) -> tuple[Pattern, str | None]:
    """The pattern to make, and the request id; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    request_id = wire.request_id(request.request_id, "request_id", wrong)
    if not request.HasField("pattern"):
        wrong.append(FieldViolation("pattern", "is required"))
        raise invalid_fields(wrong)
    return _checked(request.pattern, Pattern(new_id, "", Role.SENSITIVE, ()), _SETTABLE, wrong), request_id


def changed(request: detection_service_pb2.UpdatePatternRequest, pattern: Pattern) -> Pattern:
    """The pattern after an update; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    paths = list(request.update_mask.paths)
    if paths == ["*"]:
        paths = list(_SETTABLE)
    elif not paths:
        paths = [field.name for field, _ in request.pattern.ListFields() if field.name in _SETTABLE]
    for path in paths:
        if path not in _SETTABLE:
            wrong.append(FieldViolation("update_mask", f"'{path[:64]}' is not a field that can be set: {', '.join(_SETTABLE)}"))
    return _checked(request.pattern, pattern, [path for path in paths if path in _SETTABLE], wrong)


def _checked(message: pattern_pb2.Pattern, pattern: Pattern, fields: Sequence[str], wrong: list[FieldViolation]) -> Pattern:
    """The pattern with these fields taken from the message."""
    values: dict[str, Any] = {}
    for name in fields:
        if name == "role":
            if message.role not in ROLES:
                wrong.append(
                    FieldViolation("pattern.role", "is required: IDENTIFIER, QUASI_IDENTIFIER, SENSITIVE or INSENSITIVE")
                )
            else:
                values[name] = ROLES[message.role]
        elif name in ("column_patterns", "value_patterns"):
            values[name] = tuple(getattr(message, name))
        elif name == "priority":
            values[name] = message.priority if message.HasField("priority") else DEFAULT_PRIORITY
        elif name == "min_match_ratio":
            values[name] = message.min_match_ratio if message.HasField("min_match_ratio") else DEFAULT_RATIO
        else:
            values[name] = getattr(message, name)
    found = replace(pattern, **values)
    wrong += violations_of(found)
    if wrong:
        raise invalid_fields(wrong)
    return found


def filters(request: detection_service_pb2.ListPatternsRequest) -> tuple[Role | None, Origin | None]:
    """The role and the origin that a list is kept to, None for all; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    if request.role and request.role not in ROLES:
        wrong.append(FieldViolation("role", "is not one of AttributeRole"))
    if request.origin and request.origin not in ORIGINS:
        wrong.append(FieldViolation("origin", "is not one of PatternOrigin"))
    if wrong:
        raise invalid_fields(wrong)
    return ROLES.get(request.role), ORIGINS.get(request.origin)


def to_wire(pattern: Pattern) -> pattern_pb2.Pattern:
    """A pattern as a message."""
    return pattern_pb2.Pattern(
        name=f"patterns/{pattern.id}",
        display_name=pattern.display_name,
        description=pattern.description,
        role=ROLES_TO_WIRE[pattern.role],
        priority=pattern.priority,
        column_patterns=pattern.column_patterns,
        value_patterns=pattern.value_patterns,
        min_match_ratio=pattern.min_match_ratio,
        origin=_ORIGINS_TO_WIRE[pattern.origin],
        creator=f"users/{pattern.creator}" if pattern.creator else "",
        create_time=wire.timestamp(pattern.create_time),
        update_time=wire.timestamp(pattern.update_time),
    )
