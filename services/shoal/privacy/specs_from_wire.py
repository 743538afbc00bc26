"""Hierarchies on the wire: a Hierarchy message becomes a spec, a spec that we chose becomes a message."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from shoal.api.anonymization.v1 import hierarchy_pb2
from shoal.errors import ErrorReason, FieldViolation, InvalidArgumentError
from shoal.privacy.hierarchies import (
    DateSpec,
    DateUnit,
    DefaultSpec,
    ExplicitSpec,
    HierarchySpec,
    IntervalSpec,
    MaskingDirection,
    MaskingSpec,
    PathSpec,
    RoundingSpec,
    TableSpec,
)
from shoal.runtime.opened import OpenedTable
from shoal.tables.formats import Limits

MOST_EXPLICIT_ROWS = 10_000

_DIRECTIONS = {
    hierarchy_pb2.MASKING_DIRECTION_UNSPECIFIED: MaskingDirection.RIGHT,
    hierarchy_pb2.MASKING_DIRECTION_FROM_RIGHT: MaskingDirection.RIGHT,
    hierarchy_pb2.MASKING_DIRECTION_FROM_LEFT: MaskingDirection.LEFT,
}
_UNITS = {
    hierarchy_pb2.DATE_UNIT_DAY: DateUnit.DAY,
    hierarchy_pb2.DATE_UNIT_MONTH: DateUnit.MONTH,
    hierarchy_pb2.DATE_UNIT_QUARTER: DateUnit.QUARTER,
    hierarchy_pb2.DATE_UNIT_YEAR: DateUnit.YEAR,
    hierarchy_pb2.DATE_UNIT_DECADE: DateUnit.DECADE,
}


def spec_from_wire(message: hierarchy_pb2.Hierarchy, field: str, wrong: list[FieldViolation]) -> HierarchySpec:
    """The spec of every kind but `table`, whose rows are read elsewhere; adds what is wrong to `wrong`."""
    kind = message.WhichOneof("kind")
    if kind is None:
        return DefaultSpec()
    try:
        return _spec(kind, message)
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            inner = ".".join(str(part) for part in each["loc"])
            sentence = str(each["msg"]).removeprefix("Value error, ")
            wrong.append(FieldViolation(f"{field}.{kind}" + (f".{inner}" if inner else ""), sentence))
    except KeyError:
        wrong.append(FieldViolation(f"{field}.{kind}", "has a value that is not one of its enum"))
    return DefaultSpec()


def _spec(kind: str, message: hierarchy_pb2.Hierarchy) -> HierarchySpec:
    if kind == "explicit":
        return ExplicitSpec(rows=tuple(tuple(row.labels) for row in message.explicit.rows))
    if kind == "intervals":
        return IntervalSpec(
            widths=tuple(message.intervals.widths), **_given(message.intervals, "lower_bound", "upper_bound", "origin")
        )
    if kind == "masking":
        masking = message.masking
        return MaskingSpec(
            direction=_DIRECTIONS[masking.direction],
            positions=tuple(masking.positions),
            **_given(masking, "mask_char", "max_level"),
        )
    if kind == "dates":
        units = {"levels": tuple(_UNITS[each] for each in message.dates.levels)} if message.dates.levels else {}
        return DateSpec(**units, **_given(message.dates, "format"))
    if kind == "rounding":
        return RoundingSpec(multiples=tuple(message.rounding.multiples))
    return PathSpec(**_given(message.path, "separator"))


def spec_to_wire(spec: HierarchySpec) -> hierarchy_pb2.Hierarchy | None:
    """The message of a spec that was chosen for the user; None for the single level `*`, which no kind describes."""
    message = hierarchy_pb2.Hierarchy()
    if isinstance(spec, IntervalSpec):
        message.intervals.widths.extend(spec.widths)
        message.intervals.origin = spec.origin
    elif isinstance(spec, MaskingSpec):
        message.masking.direction = hierarchy_pb2.MASKING_DIRECTION_FROM_RIGHT
        message.masking.mask_char = spec.mask_char
        if spec.max_level is not None:
            message.masking.max_level = spec.max_level
    elif isinstance(spec, DateSpec):
        units = {value: name for name, value in _UNITS.items()}
        message.dates.levels.extend(units[each] for each in spec.levels)
        if spec.format is not None:
            message.dates.format = spec.format
    elif isinstance(spec, ExplicitSpec):
        for row in spec.rows:
            message.explicit.rows.add(labels=row)
    else:
        return None
    return message


def table_spec(attribute: str, table: OpenedTable, limits: Limits) -> TableSpec:
    """The spec of a hierarchy that is a table: its rows, read without a header."""
    try:
        rows = table.headerless(limits)
    except InvalidArgumentError as error:
        raise InvalidArgumentError(
            f"the hierarchy of '{attribute}' cannot be read: {error.message}",
            reason=ErrorReason.INVALID_HIERARCHY,
            metadata={"attribute": attribute},
        ) from None
    return TableSpec(rows=rows)


def _given(message: Any, *fields: str) -> dict[str, Any]:
    """The optional fields that are set; the others keep the spec's defaults."""
    return {field: getattr(message, field) for field in fields if message.HasField(field)}
