"""The built-in kinds: worked examples, by hand from the rules of the contract."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.privacy.hierarchies import (
    DateSpec,
    DateUnit,
    HierarchySpec,
    IntervalSpec,
    MaskingDirection,
    MaskingSpec,
    PathSpec,
    RoundingSpec,
    TopSpec,
    build,
)

DAY, MONTH, YEAR = DateUnit.DAY, DateUnit.MONTH, DateUnit.YEAR


def paths(values: list[Any] | pl.Series, spec: HierarchySpec) -> dict[Any, list[str | None]]:
    """Each distinct value's labels from level 1 to the top."""
    built = build("x", values if isinstance(values, pl.Series) else pl.Series(values), spec)
    assert built.leaves.gather(built.row_codes).to_list() == list(values)
    return {leaf: [label[place] for label in built.labels] for place, leaf in enumerate(built.leaves)}


def refused(values: list[Any], spec: HierarchySpec) -> InvalidArgumentError:
    with pytest.raises(InvalidArgumentError) as caught:
        build("x", pl.Series(values), spec)
    assert caught.value.reason is ErrorReason.INVALID_HIERARCHY
    assert "'x'" in caught.value.message
    return caught.value


def test_intervals() -> None:
    assert paths(["65", "69", "70", "-1", "0", None], IntervalSpec(widths=(5, 10, 20))) == {
        None: [None, None, None, "*"],
        "65": ["[65-70)", "[60-70)", "[60-80)", "*"],
        "69": ["[65-70)", "[60-70)", "[60-80)", "*"],
        "70": ["[70-75)", "[70-80)", "[60-80)", "*"],
        "-1": ["[-5-0)", "[-10-0)", "[-20-0)", "*"],
        "0": ["[0-5)", "[0-10)", "[0-20)", "*"],
    }


def test_intervals_are_exact_for_decimals() -> None:
    """0.3 / 0.1 is 2.9999999999999996 in binary, yet 0.3 lies in [0.3-0.4)."""
    found = paths(["0.3", "0.1", "0.29", "-0.05", "0.30000000000000000001", "1"], IntervalSpec(widths=(0.1, 0.5)))
    assert {value: labels[:2] for value, labels in found.items()} == {
        "0.3": ["[0.3-0.4)", "[0-0.5)"],
        "0.1": ["[0.1-0.2)", "[0-0.5)"],
        "0.29": ["[0.2-0.3)", "[0-0.5)"],
        "-0.05": ["[-0.1-0)", "[-0.5-0)"],
        "0.30000000000000000001": ["[0.3-0.4)", "[0-0.5)"],
        "1": ["[1-1.1)", "[1-1.5)"],
    }
    assert paths([0.3, 0.7], IntervalSpec(widths=(0.1,))) == {
        0.3: ["[0.3-0.4)", "*"],
        0.7: ["[0.7-0.8)", "*"],
    }
    money = pl.Series([Decimal("1.10"), Decimal("-1.10")])
    assert paths(money, IntervalSpec(widths=(0.5,)))[Decimal("-1.10")] == ["[-1.5--1)", "*"]


def test_values_outside_the_bounds_go_into_the_outer_bins() -> None:
    spec = IntervalSpec(widths=(5, 10), lower_bound=18, upper_bound=90)
    found = paths(["5", "17", "18", "20", "89", "90", "91", "1000"], spec)
    assert [found[value][0] for value in ("5", "17", "18", "20")] == [
        "[15-20)",
        "[15-20)",
        "[15-20)",
        "[20-25)",
    ]
    assert [found[value][:2] for value in ("89", "90", "91", "1000")] == [["[85-90)", "[80-90)"]] * 4
    between = IntervalSpec(widths=(10,), upper_bound=95)
    assert [labels[0] for labels in paths(["94", "95", "99"], between).values()] == ["[90-100)"] * 3


def test_bins_start_at_the_origin() -> None:
    assert paths([5, 18], IntervalSpec(widths=(5, 10), origin=2.5)) == {
        5: ["[2.5-7.5)", "[2.5-12.5)", "*"],
        18: ["[17.5-22.5)", "[12.5-22.5)", "*"],
    }


def test_what_counts_as_a_number() -> None:
    good = [" 7", "7\t", "+7", "07", "7.", "7.0", "7e0", "70e-1", "0.7E1", "9", "-.5"]
    found = paths(good, IntervalSpec(widths=(1,)))
    assert {found[value][0] for value in good[:9]} == {"[7-8)"}
    assert found["-.5"] == ["[-1-0)", "*"]
    for bad in (
        "",
        " ",
        "x",
        "1,5",
        "1 000",
        "0x1F",
        "NaN",
        "nan",
        "inf",
        "1e",
        ".",
        "-",
        "--1",
        "1.2.3",
        "٣",
        "1e99",
    ):
        assert refused(["1", bad], IntervalSpec(widths=(1,))).metadata["values"] == "1"
    assert refused([float("nan"), float("inf"), 1.0], IntervalSpec(widths=(1,))).metadata["values"] == "2"


def test_the_largest_numbers() -> None:
    large = 10**18 - 1
    assert paths([large, -large], IntervalSpec(widths=(10,))) == {
        large: [f"[{large - 9}-{large + 1})", "*"],
        -large: [f"[{-large - 1}-{-large + 9})", "*"],
    }
    assert paths(["0" * 30 + "5"], IntervalSpec(widths=(5,)))["0" * 30 + "5"] == ["[5-10)", "*"]
    error = refused([10**18, 1], IntervalSpec(widths=(10,)))
    assert "18 digits" in error.message
    assert refused(["99999999999999999"], IntervalSpec(widths=(0.01,))).metadata["values"] == "1"


@pytest.mark.parametrize(
    "fields",
    [
        {"widths": ()},
        {"widths": (0,)},
        {"widths": (-5,)},
        {"widths": (float("nan"),)},
        {"widths": (float("inf"),)},
        {"widths": (5, 12)},
        {"widths": (10, 5)},
        {"widths": (30, 60, 90)},
        {"widths": (5,), "lower_bound": 9, "upper_bound": 9},
        {"widths": (1e-17, 1)},
        {"widths": tuple(range(1, 32))},
        {"widths": (5,), "colour": "red"},
    ],
)
def test_intervals_that_make_no_sense(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IntervalSpec(**fields)


def test_widths_are_multiples_as_written() -> None:
    assert IntervalSpec(widths=(0.1, 0.3, 0.9)).widths == (0.1, 0.3, 0.9)  # 0.3 / 0.1 is not whole in binary


def test_masking_from_the_right() -> None:
    assert paths(["A+", "12345", None, "é😀x"], MaskingSpec(max_level=3)) == {
        None: [None, None, None, "*"],
        "A+": ["A*", "**", "***", "*"],
        "12345": ["1234*", "123**", "12***", "*"],
        "é😀x": ["é😀*", "é**", "***", "*"],
    }


def test_the_last_masking_level_is_the_top_when_it_masks_everything() -> None:
    assert paths(["A+", "123", None], MaskingSpec()) == {
        None: [None, None, "*"],
        "A+": ["A*", "**", "*"],
        "123": ["12*", "1**", "*"],
    }
    assert paths(["a", "b"], MaskingSpec(mask_char="#")) == {"a": ["*"], "b": ["*"]}
    assert paths(["ab"], MaskingSpec(max_level=4)) == {"ab": ["a*", "**", "***", "*"]}


def test_masking_from_the_left() -> None:
    spec = MaskingSpec(direction=MaskingDirection.LEFT, mask_char="#", max_level=2)
    assert paths(["A+", "69003"], spec) == {"A+": ["#+", "##", "*"], "69003": ["#9003", "##003", "*"]}


def test_masking_of_fixed_positions() -> None:
    assert paths(["A+", "1234", ""], MaskingSpec(positions=(3, 1, 1))) == {
        "": ["", "*"],
        "A+": ["A*", "*"],
        "1234": ["1*3*", "*"],
    }


def test_mask_characters_in_the_values() -> None:
    assert paths(["a*", "ab", "*"], MaskingSpec()) == {"a*": ["a*", "*"], "ab": ["a*", "*"], "*": ["*", "*"]}


def test_masking_of_numbers() -> None:
    assert paths([69003, 5], MaskingSpec(max_level=1)) == {69003: ["6900*", "*"], 5: ["*", "*"]}


def test_masking_has_at_most_255_levels() -> None:
    assert build("x", pl.Series(["a" * 1000]), MaskingSpec()).levels == 257


@pytest.mark.parametrize(
    "fields",
    [
        {"mask_char": ""},
        {"mask_char": "**"},
        {"max_level": 0},
        {"max_level": 256},
        {"positions": (-1,)},
        {"positions": (1,), "max_level": 2},
        {"positions": (1,), "direction": "LEFT"},
    ],
)
def test_masking_that_makes_no_sense(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MaskingSpec(**fields)


def test_dates() -> None:
    assert paths(["2023-04-17", "2023-12-31T23:59:00+02:00", None, " 1999-01-01"], DateSpec()) == {
        None: [None, None, None, None, "*"],
        "2023-04-17": ["2023-04", "2023-Q2", "2023", "2020-2029", "*"],
        "2023-12-31T23:59:00+02:00": ["2023-12", "2023-Q4", "2023", "2020-2029", "*"],
        " 1999-01-01": ["1999-01", "1999-Q1", "1999", "1990-1999", "*"],
    }


def test_days_of_moments() -> None:
    values = ["2023-04-17 08:30", "2023-04-17T23:59:59.5Z", "2023-04-18"]
    found = paths(values, DateSpec(levels=(DAY, YEAR)))
    assert [found[value][0] for value in values] == ["2023-04-17", "2023-04-17", "2023-04-18"]


def test_dates_in_another_format() -> None:
    assert paths(["17/04/2023"], DateSpec(format="%d/%m/%Y", levels=(DAY, MONTH))) == {
        "17/04/2023": ["2023-04-17", "2023-04", "*"]
    }
    assert paths(["17.04.2023 12:30"], DateSpec(format="%d.%m.%Y %H:%M", levels=(MONTH,))) == {
        "17.04.2023 12:30": ["2023-04", "*"]
    }


def test_date_columns() -> None:
    day, moment = dt.date(2020, 2, 29), dt.datetime(2020, 2, 29, 1)  # noqa: DTZ001
    assert paths([day], DateSpec(levels=(MONTH,))) == {day: ["2020-02", "*"]}
    assert paths([moment, None], DateSpec(levels=(DAY,))) == {moment: ["2020-02-29", "*"], None: [None, "*"]}
    assert paths([dt.date(7, 1, 1)], DateSpec())[dt.date(7, 1, 1)] == [
        "0007-01",
        "0007-Q1",
        "0007",
        "0000-0009",
        "*",
    ]


def test_values_that_are_no_dates() -> None:
    bad = ["2023-02-30", "2023-4-17", "x", "", "2023-04-17T25:00", "20230417", "2023-04-17x", "2023-04"]
    error = refused(["2023-04-17", *bad], DateSpec())
    assert error.metadata["values"] == str(len(bad))
    assert refused(["17/04/2023", "x"], DateSpec(format="%d/%m/%Y")).metadata["values"] == "1"
    refused(["2023"], DateSpec(format="nonsense"))
    refused(["2023"], DateSpec(format="%H"))


@pytest.mark.parametrize("levels", [(), ("YEAR", "MONTH"), ("YEAR", "YEAR"), ("WEEK",)])
def test_dates_that_make_no_sense(levels: Any) -> None:
    with pytest.raises(ValidationError):
        DateSpec(levels=levels)


def test_rounding_is_half_away_from_zero() -> None:
    assert paths(["2.5", "-2.5", "7.5", "12", "2.4999", "-0.4", None], RoundingSpec(multiples=(5, 10))) == {
        None: [None, None, "*"],
        "2.5": ["5", "10", "*"],
        "-2.5": ["-5", "-10", "*"],
        "7.5": ["10", "10", "*"],
        "12": ["10", "10", "*"],
        "2.4999": ["0", "0", "*"],
        "-0.4": ["0", "0", "*"],
    }
    found = paths(["0.05", "0.149", "0.15", "1.25"], RoundingSpec(multiples=(0.1, 0.5)))
    assert [labels[:2] for labels in found.values()] == [
        ["0.1", "0"],
        ["0.1", "0"],
        ["0.2", "0"],
        ["1.3", "1.5"],
    ]
    assert paths(["3", "4.5"], RoundingSpec(multiples=(3,))) == {"3": ["3", "*"], "4.5": ["6", "*"]}
    assert refused(["x"], RoundingSpec(multiples=(3,))).metadata["values"] == "1"
    with pytest.raises(ValidationError):
        RoundingSpec(multiples=(5, 7))


def test_paths() -> None:
    values = ["A/B/C", "A/B", "A", "A/C/D", None]
    assert paths(values, PathSpec(separator="/")) == {
        None: [None, None, "*"],
        "A": ["A", "A", "*"],
        "A/B": ["A/B", "A", "*"],
        "A/B/C": ["A/B", "A", "*"],
        "A/C/D": ["A/C", "A", "*"],
    }
    assert paths(["a::b"], PathSpec(separator="::")) == {"a::b": ["a", "*"]}
    assert paths(["a", "b"], PathSpec()) == {"a": ["*"], "b": ["*"]}
    assert "parts" in refused(["/" * 300], PathSpec()).message


def test_the_top_alone() -> None:
    assert paths(["a", None], TopSpec()) == {None: ["*"], "a": ["*"]}


@pytest.mark.parametrize(
    "spec",
    [
        IntervalSpec(widths=(5,)),
        MaskingSpec(),
        MaskingSpec(positions=(1,)),
        DateSpec(),
        RoundingSpec(multiples=(5,)),
        PathSpec(),
        TopSpec(),
    ],
)
@pytest.mark.parametrize("values", [[], [None], [None, None]])
def test_columns_without_values(spec: HierarchySpec, values: list[None]) -> None:
    built = build("x", pl.Series(values, dtype=pl.String), spec)
    assert len(built.leaves) == min(len(values), 1)
    assert built.labels[-1].to_list() == ["*"] * len(built.leaves)


def test_a_validation_error_does_not_show_what_it_was_given() -> None:
    with pytest.raises(ValidationError) as caught:
        PathSpec(separator="canary-canary")
    assert "canary" not in str(caught.value)
