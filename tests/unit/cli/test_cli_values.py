"""Values as people write them on the command line."""

from __future__ import annotations

import pytest

from shoal.cli.values import MOST, parse_shares, parse_values, parse_whole
from shoal.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5", [5]),
        ("2..5", [2, 3, 4, 5]),
        ("2..50/4", list(range(2, 51, 4))),
        ("2..10/4", [2, 6, 10]),
        ("7..7", [7]),
        ("10,2..4, 3 ,2", [2, 3, 4, 10]),
        ("0..1", [0, 1]),
        ("-2..1", [-2, -1, 0, 1]),
    ],
)
def test_whole(text: str, values: list[int]) -> None:
    assert parse_whole(text, "--k", -10, 100) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0,0.02", [0.0, 0.02]),
        ("0%,2%, 12.5 %", [0.0, 0.02, 0.125]),
        ("0..0.3/0.1", [0.0, 0.1, 0.2, 0.3]),  # no 0.30000000000000004
        ("0%..5%/1%", [0.0, 0.01, 0.02, 0.03, 0.04, 0.05]),
        (".5,1e-3,1E-2", [0.001, 0.01, 0.5]),
    ],
)
def test_shares(text: str, values: list[float]) -> None:
    assert parse_shares(text, "--suppression") == values


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "neither a number nor a range"),
        ("2,,3", "neither a number nor a range"),
        ("two", "'two' is neither a number nor a range"),
        ("2...5.", "neither"),
        ("2..", "neither"),
        ("1/2", "neither"),
        ("nan", "neither"),
        ("inf", "neither"),
        ("1e99999999", "neither"),
        ("9" * 30, "neither"),
        ("5..2", "runs backwards"),
        ("0.1..0.5", "needs a step, as in 0.1..0.5/0.1"),
        ("1..5/0", "step of 1..5/0 must be greater than 0"),
        ("1..5/-1", "must be greater than 0"),
        ("1..999999999999", "at most 10,000 values"),
        ("1..9000,9001..20000", "at most 10,000 values"),
    ],
)
def test_mistakes_get_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        parse_values(text, "--k")
    assert sentence in caught.value.message
    assert caught.value.message.startswith("--k: ")


def test_limits_of_the_values() -> None:
    assert len(parse_values(f"1..{MOST}", "--k")) == MOST
    with pytest.raises(InvalidArgumentError, match="must be 1 or more"):
        parse_whole("0..5", "--k", 1, 9)
    with pytest.raises(InvalidArgumentError, match="must be at most 1,000"):
        parse_whole("5,1001", "--k", 1, 1000)
    with pytest.raises(InvalidArgumentError, match="whole numbers are expected"):
        parse_whole("2.5", "--k", 1, 9)
    for text in ("1.01", "-0.1", "101%"):
        with pytest.raises(InvalidArgumentError, match="a share of the rows"):
            parse_shares(text, "--suppression")
