"""What a release lost where tables are odd: types, nulls, huge and equal numbers; a column is predicted in every one."""

from __future__ import annotations

import math
import random

import polars as pl
import pytest

from shoal.errors import InvalidArgumentError
from shoal.privacy.hierarchies import DefaultSpec, ExplicitSpec
from shoal.risk.quality.measure import Question, measure

COLUMNS: list[list[object]] = [
    [None],
    [None, 1, 2, 3],
    [1.5, math.nan, None, -0.0, 0.0],
    [10**17, 10**18, 1],
    ["1e300", "-1e300", "2"],
    ["1e25", "3", ""],
    [True, False, None],
    ["2020-01-01", "1999-12-31", None],
    ["a", "*", "", None, "é"],
    ["5", "5.0", "7"],
]


@pytest.mark.parametrize("seed", range(40))
def test_every_figure_is_a_number(seed: int) -> None:
    chance = random.Random(seed)
    rows = chance.choice([1, 2, 5, 60])
    kinds = {f"c{place}": chance.choice(COLUMNS) for place in range(chance.randint(2, 4))}
    original = pl.DataFrame({name: pl.Series(chance.choices(values, k=rows), strict=False) for name, values in kinds.items()})
    kept = original.sample(chance.randint(0, rows), seed=seed)
    released = chance.choice([original, kept, kept.with_columns(pl.lit("*").alias("c0"))])
    names = tuple(kinds)[:-1]
    question = Question(
        names,
        tuple(1.0 for _ in names),
        hierarchies={name: DefaultSpec() for name in names if chance.random() < 0.5},
        target=f"c{len(kinds) - 1}",
    )
    try:
        found = measure(original.lazy(), released.lazy(), question)
    except InvalidArgumentError as error:
        assert "cannot" in error.message or "hierarchy" in error.message.lower()  # noqa: PT017 (most tables are measured)
        return
    assert found.rows == rows
    figures = [*found.report.values(), *found.metrics.values()]
    figures += [value for column in found.columns for value in column.metrics.values()]
    assert not any(math.isnan(value) for value in figures)
    # Whatever is taken away from a table, it is still explained by its own rows.
    if found.prediction is not None:
        assert found.prediction.tested <= rows
        assert all(math.isfinite(each) for each in (found.prediction.original, found.prediction.baseline))


def test_numbers_of_a_hierarchy_whose_column_is_empty() -> None:
    """The leaves are numbers, and no row has one: there is nothing to lose."""
    table = pl.DataFrame({"a": pl.Series([None, None], dtype=pl.String)})
    spec = ExplicitSpec(rows=(("1", "*"), ("2", "*"), ("", "*")))
    found = measure(table.lazy(), table.lazy(), Question(("a",), (1.0,), hierarchies={"a": spec}))
    assert found.metrics["sse_sst_ratio"] == 0
    assert found.metrics["r_squared"] == 1
