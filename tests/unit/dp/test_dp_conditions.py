"""Conditions as people write them."""

from __future__ import annotations

import pytest

from shoal.api.dp.v1 import query_pb2
from shoal.client.conditions import read_condition
from shoal.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("text", "column", "comparison", "operand"),
    [
        ("age >= 50", "age", "GREATER_OR_EQUAL", 50.0),
        ("age<50.5", "age", "LESS", 50.5),
        ("admission type = urgent", "admission type", "EQUAL", "urgent"),
        ("city != New York", "city", "NOT_EQUAL", "New York"),
        ('"a < b" == "5"', "a < b", "EQUAL", "5"),
        ('x > "say ""hi"""', "x", "GREATER", 'say "hi"'),
        ("x <= -1e3", "x", "LESS_OR_EQUAL", -1000.0),
        ("x = inf", "x", "EQUAL", "inf"),
    ],
)
def test_a_condition_is_read(text: str, column: str, comparison: str, operand: float | str) -> None:
    found = read_condition(text)
    assert found.column == column
    assert query_pb2.Comparison.Name(found.comparison) == f"COMPARISON_{comparison}"
    assert getattr(found, found.WhichOneof("operand")) == operand


@pytest.mark.parametrize("text", ["", "age", "age >", "> 5", "age => 5", "age = = 5", 'age = "5', "a = b = c"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgumentError, match="is no condition"):
        read_condition(text)
