"""Pinned hierarchies: new values get the labels of a rebuild, old labels never move, and nothing is made up."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from shoal.privacy.hierarchies import (
    DateSpec,
    DateUnit,
    ExplicitSpec,
    HierarchySpec,
    IntervalSpec,
    MaskingDirection,
    MaskingSpec,
    PathSpec,
    RoundingSpec,
    TableSpec,
    TopSpec,
    build,
)
from shoal.privacy.hierarchies.pinning import extend, pin, spec_from_json, spec_to_json

Values = list[str | None]


def extended(spec: HierarchySpec, old: Values, new: Values, level: int) -> list[str | bool | None]:
    """The label of each new value at the level, False for an unseen one."""
    hierarchy = build("a", pl.Series(old, dtype=pl.String), spec)
    found = extend(pin(hierarchy, level), pl.Series(new, dtype=pl.String))
    labels = found.labels[level].to_list()
    return [label if known else False for label, known in zip(labels, found.known, strict=True)]


def test_intervals_take_every_number_and_no_text() -> None:
    spec = IntervalSpec(widths=(10, 20))
    assert extended(spec, ["1", "25"], ["7", "25", "104", "-3", "many", None, "1" * 30], 1) == [
        "[0-10)",
        "[20-30)",
        "[100-110)",
        "[-10-0)",
        False,
        None,
        False,
    ]
    assert extended(spec, ["1", "25"], ["7", "many"], 3) == ["*", "*"]
    assert extended(spec, ["1", "25"], ["7", "many"], 0) == ["7", False]


def test_rounding_and_dates_take_what_they_can_read() -> None:
    assert extended(RoundingSpec(multiples=(10,)), ["1"], ["17", "x"], 1) == ["20", False]
    dates = DateSpec(levels=(DateUnit.MONTH, DateUnit.YEAR))
    assert extended(dates, ["2020-01-02"], ["2021-03-04", "yesterday", None, "1999-12-31"], 1) == [
        "2021-03",
        False,
        None,
        "1999-12",
    ]
    written = DateSpec(levels=(DateUnit.YEAR,), format="%d.%m.%Y")
    assert extended(written, ["02.01.2020"], ["03.04.2021", "2021-04-03"], 1) == ["2021", False]


def test_typed_dates_are_read_as_they_are() -> None:
    hierarchy = build("a", pl.Series([dt.date(2020, 1, 2)]), DateSpec())
    found = extend(pin(hierarchy, 1), pl.Series([dt.date(2021, 5, 6), None]))
    assert found.known.tolist() == [True, True]
    assert found.labels[1].to_list() == ["2021-05", None]


def test_masking_does_not_move_when_longer_values_come() -> None:
    spec = MaskingSpec()
    assert extended(spec, ["1234", "5678"], ["9012", "123456", "1", None], 2) == ["90**", "1234**", "**", None]
    assert extended(spec, ["1234", "5678"], ["9012", "123456"], 4) == ["*", "*"]
    left = MaskingSpec(direction=MaskingDirection.LEFT, max_level=2)
    assert extended(left, ["1234"], ["123456"], 1) == ["*23456"]


def test_deeper_paths_are_unseen() -> None:
    old: Values = ["EU/FR/Lyon", "EU/DE/Bonn"]
    assert extended(PathSpec(), old, ["EU/FR/Nice", "EU/FR/Lyon/5e", "AF", None], 1) == ["EU/FR", False, "AF", None]


def test_the_value_itself_and_the_top() -> None:
    assert extended(TopSpec(), ["a"], ["b", None], 1) == ["*", "*"]
    assert extended(TopSpec(), ["a"], ["b", None], 0) == ["b", None]


def test_a_table_knows_its_own_rows_only() -> None:
    rows = (("paris", "FR", "*"), ("bonn", "DE", "*"), ("", "?", "*"))
    for spec in (ExplicitSpec(rows=rows), TableSpec(rows=pl.DataFrame(rows, orient="row"))):
        assert extended(spec, ["paris"], ["bonn", "lyon", None, "", "paris"], 1) == ["DE", False, "?", "?", "FR"]
        assert extended(spec, ["paris"], ["bonn", "lyon"], 2) == ["*", False]  # also at the top: a table says what it knows
        assert extended(spec, ["paris"], ["bonn", "lyon"], 0) == ["bonn", False]


def test_a_table_matches_numbers_by_their_text() -> None:
    hierarchy = build("a", pl.Series([5, 7]), ExplicitSpec(rows=(("5", "odd"), ("7", "odd"), ("8", "even"))))
    found = extend(pin(hierarchy, 1), pl.Series([8, 9]))
    assert found.known.tolist() == [True, False]
    assert found.labels[1].to_list() == ["even", None]


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_old_values_keep_their_labels_whatever_comes(level: int) -> None:
    old: Values = ["1", "25", "38", None]
    for spec in (IntervalSpec(widths=(10, 20)), MaskingSpec(max_level=3), RoundingSpec(multiples=(5, 10))):
        hierarchy = build("a", pl.Series(old, dtype=pl.String), spec)
        pinned = pin(hierarchy, min(level, hierarchy.levels - 1))
        found = extend(pinned, pl.Series([*old, "999", "nonsense", "1000000"]))
        ((at, labels),) = found.labels.items()
        before = dict(zip(hierarchy.leaves.to_list(), hierarchy.label_at(at).to_list(), strict=True))
        assert found.known[: len(old)].all()
        assert labels.to_list()[: len(old)] == [before[value] for value in old]


def test_several_levels_at_once() -> None:
    hierarchy = build("a", pl.Series(["1", "25"]), IntervalSpec(widths=(10, 20)))
    found = extend(pin(hierarchy, 1, 2, 3), pl.Series(["7", "x"]))
    assert {level: labels.to_list() for level, labels in found.labels.items()} == {
        1: ["[0-10)", None],
        2: ["[0-20)", None],
        3: ["*", None],
    }
    # Every level of a masking: with a longer value the top would come later, so that value is unseen.
    masking = build("a", pl.Series(["12", "34"]), MaskingSpec())
    assert extend(pin(masking, *range(1, masking.levels)), pl.Series(["56", "789"])).known.tolist() == [True, False]
    assert extend(pin(masking, *range(1, masking.levels)), pl.Series(["56", "12"])).known.tolist() == [True, True]


@pytest.mark.parametrize(
    "spec",
    [
        IntervalSpec(widths=(0.1, 0.2), lower_bound=-1.5, upper_bound=7),
        MaskingSpec(direction=MaskingDirection.LEFT, mask_char="#", max_level=3),
        MaskingSpec(positions=(0, 4)),
        DateSpec(levels=(DateUnit.DAY, DateUnit.DECADE), format="%d/%m/%Y"),
        RoundingSpec(multiples=(5, 50)),
        PathSpec(separator="::"),
        TopSpec(),
    ],
    ids=lambda spec: spec.kind,
)
def test_a_kind_survives_as_json(spec: HierarchySpec) -> None:
    assert spec_from_json(spec_to_json(spec)) == spec


def test_a_table_is_no_kind() -> None:
    assert spec_from_json(spec_to_json(None)) is None
