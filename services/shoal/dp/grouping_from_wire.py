"""Groups, conditions and privacy units, from their messages."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shoal.accounting.amounts import EPSILON_UNITS, units_down
from shoal.api.dp.v1 import query_pb2
from shoal.dp.compute import MOST_ANSWER_BYTES, MOST_ANSWERS, MOST_BINS, answer_bytes, group_counts, name_bytes
from shoal.dp.query import Comparison, Condition, GroupBy, GroupKey, Neighbouring, Query, Unit, Unlisted
from shoal.errors import FieldViolation

MOST_KEYS = 4000
MOST_CONDITIONS = 16
MOST_CONTRIBUTIONS = MOST_GROUP_SIZE = 1_000_000
DEFAULT_GROUP_SIZE = 5
LONGEST_TEXT = 255

_UNLISTED = {
    query_pb2.UNLISTED_GROUPS_UNSPECIFIED: Unlisted.DROP,
    query_pb2.UNLISTED_GROUPS_DROP: Unlisted.DROP,
    query_pb2.UNLISTED_GROUPS_OTHER: Unlisted.OTHER,
    query_pb2.UNLISTED_GROUPS_DISCOVER: Unlisted.DISCOVER,
}
_COMPARISONS = {
    query_pb2.COMPARISON_EQUAL: Comparison.EQUAL,
    query_pb2.COMPARISON_NOT_EQUAL: Comparison.NOT_EQUAL,
    query_pb2.COMPARISON_LESS: Comparison.LESS,
    query_pb2.COMPARISON_LESS_OR_EQUAL: Comparison.LESS_OR_EQUAL,
    query_pb2.COMPARISON_GREATER: Comparison.GREATER,
    query_pb2.COMPARISON_GREATER_OR_EQUAL: Comparison.GREATER_OR_EQUAL,
}
NEIGHBOURING = {
    query_pb2.NEIGHBOURING_RELATION_UNSPECIFIED: Neighbouring.ADD_REMOVE,
    query_pb2.NEIGHBOURING_RELATION_ADD_REMOVE: Neighbouring.ADD_REMOVE,
    query_pb2.NEIGHBOURING_RELATION_SUBSTITUTE: Neighbouring.SUBSTITUTE,
}


def unit_of(message: query_pb2.PrivacyUnit, wrong: list[FieldViolation]) -> Unit:
    """Who is protected; adds what is wrong."""
    if message.neighbouring not in NEIGHBOURING:
        wrong.append(FieldViolation("privacy_unit.neighbouring", "is not one of NeighbouringRelation"))
    rows = message.max_contributions if message.HasField("max_contributions") else 1
    groups = message.max_groups if message.HasField("max_groups") else rows
    if not 1 <= rows <= MOST_CONTRIBUTIONS:
        wrong.append(FieldViolation("privacy_unit.max_contributions", f"must be between 1 and {MOST_CONTRIBUTIONS}"))
    elif not 1 <= groups <= rows:
        wrong.append(FieldViolation("privacy_unit.max_groups", "must be between 1 and max_contributions"))
    column = message.unit_column if message.HasField("unit_column") else None
    if column == "":
        wrong.append(FieldViolation("privacy_unit.unit_column", "must not be empty"))
    relation = NEIGHBOURING.get(message.neighbouring, Neighbouring.ADD_REMOVE)
    return Unit(relation, rows, groups, column)


def group_by_of(message: query_pb2.GroupBy, wrong: list[FieldViolation]) -> GroupBy:
    """The groups; adds what is wrong."""
    if not message.column:
        wrong.append(FieldViolation("group_by.column", "is required"))
    if len(message.keys) > MOST_KEYS:
        wrong.append(FieldViolation("group_by.keys", f"must have at most {MOST_KEYS} keys"))
    keys = [_key(each, f"group_by.keys[{place}]", wrong) for place, each in enumerate(message.keys[:MOST_KEYS])]
    if len({key.value for key in keys}) < len(keys):
        wrong.append(FieldViolation("group_by.keys", "must name each group once"))
    if message.unlisted not in _UNLISTED:
        wrong.append(FieldViolation("group_by.unlisted", "is not one of UnlistedGroups"))
    unlisted = _UNLISTED.get(message.unlisted, Unlisted.DROP)
    if not message.keys and unlisted is not Unlisted.DISCOVER:
        says = "must be UNLISTED_GROUPS_DISCOVER where no keys are listed: keys that the data alone reveals are not answered"
        wrong.append(FieldViolation("group_by.unlisted", says))
    size = message.min_group_size if message.HasField("min_group_size") else DEFAULT_GROUP_SIZE
    if not 1 <= size <= MOST_GROUP_SIZE:
        wrong.append(FieldViolation("group_by.min_group_size", f"must be between 1 and {MOST_GROUP_SIZE}"))
    return GroupBy(message.column, tuple(keys), unlisted, size)


def _key(message: query_pb2.GroupKey, field: str, wrong: list[FieldViolation]) -> GroupKey:
    if not 1 <= len(message.value) <= LONGEST_TEXT:
        wrong.append(FieldViolation(f"{field}.value", f"must have 1 to {LONGEST_TEXT} characters"))
    if not message.HasField("epsilon"):
        return GroupKey(message.value)
    if not 1e-6 <= message.epsilon <= 100.0:
        wrong.append(FieldViolation(f"{field}.epsilon", "must be between 0.000001 and 100"))
        return GroupKey(message.value)
    return GroupKey(message.value, units_down(message.epsilon, EPSILON_UNITS))


def conditions_of(messages: Sequence[query_pb2.Condition], wrong: list[FieldViolation]) -> tuple[Condition, ...]:
    """The conditions; adds what is wrong."""
    if len(messages) > MOST_CONDITIONS:
        wrong.append(FieldViolation("where", f"must have at most {MOST_CONDITIONS} conditions"))
    found = []
    for place, each in enumerate(messages[:MOST_CONDITIONS]):
        field = f"where[{place}]"
        if not each.column:
            wrong.append(FieldViolation(f"{field}.column", "is required"))
        if each.comparison not in _COMPARISONS:
            wrong.append(FieldViolation(f"{field}.comparison", "is required: EQUAL, NOT_EQUAL, LESS, …"))
        kind = each.WhichOneof("operand")
        if kind is None:
            wrong.append(FieldViolation(f"{field}.operand", "is required: number or text"))
        elif kind == "number" and not math.isfinite(each.number):
            wrong.append(FieldViolation(f"{field}.number", "must be finite"))
        elif kind == "text" and len(each.text) > LONGEST_TEXT:
            wrong.append(FieldViolation(f"{field}.text", f"must have at most {LONGEST_TEXT} characters"))
        comparison = _COMPARISONS.get(each.comparison, Comparison.EQUAL)
        found.append(Condition(each.column, comparison, each.number if kind == "number" else each.text))
    return tuple(found)


def check_room(query: Query, wrong: list[FieldViolation]) -> None:
    """Adds a violation when the answers to listed groups would be too many, or too long for a message."""
    by = query.group_by
    groups = 1 if by is None else len(by.keys) + (by.unlisted is not Unlisted.DROP)
    columns = max(1, len(query.columns))
    if groups * columns > MOST_ANSWERS:
        wrong.append(FieldViolation("group_by.keys", f"times the columns are more than {MOST_ANSWERS} answers"))
    if groups * group_counts(query) > MOST_BINS:
        if query.choice is not None:
            wrong.append(FieldViolation("exponential.candidates", f"times the groups are more than {MOST_BINS} candidates"))
        else:
            wrong.append(FieldViolation("histogram.columns", f"have more than {MOST_BINS} bins over all groups"))
    names = name_bytes(query)
    keys = [key.value for key in by.keys] if by is not None else []
    if sum(answer_bytes(key, columns, names) for key in keys) > MOST_ANSWER_BYTES:
        wrong.append(FieldViolation("group_by.keys", "make the answer longer than a message may be: ask for fewer at once"))
