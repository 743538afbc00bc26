"""Tests of rows as people write them: `age >= 50`, `"admission type" = urgent`, `city != "New York"`."""

from __future__ import annotations

import math
import re

from shoal.api.dp.v1 import query_pb2
from shoal.errors import InvalidArgumentError

_COMPARISONS = {
    "<=": query_pb2.COMPARISON_LESS_OR_EQUAL,
    ">=": query_pb2.COMPARISON_GREATER_OR_EQUAL,
    "!=": query_pb2.COMPARISON_NOT_EQUAL,
    "==": query_pb2.COMPARISON_EQUAL,
    "=": query_pb2.COMPARISON_EQUAL,
    "<": query_pb2.COMPARISON_LESS,
    ">": query_pb2.COMPARISON_GREATER,
}
_QUOTED = r'"(?:[^"]|"")*"'
_PLAIN = r'[^\s"<>=!](?:[^"<>=!]*[^\s"<>=!])?'
_CONDITION = re.compile(rf"\s*({_QUOTED}|{_PLAIN})\s*(<=|>=|!=|==|=|<|>)\s*({_QUOTED}|{_PLAIN})\s*")


def read_condition(text: str) -> query_pb2.Condition:
    """The condition; an operand that is a number is compared as one, in quotes it is text."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise InvalidArgumentError(f"{text!r} is no condition; write column, comparison and value, as in 'age >= 50'")
    column, comparison, operand = found.groups()
    condition = query_pb2.Condition(column=_plain(column), comparison=_COMPARISONS[comparison])
    number = None if operand.startswith('"') else _number(operand)
    if number is None:
        condition.text = _plain(operand)
    else:
        condition.number = number
    return condition


def _plain(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
