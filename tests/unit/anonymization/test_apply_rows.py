"""Applying a solution, without a server: against a naive judge in plain Python, and value by value."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shoal.anonymization.aftermath import aftermath_of
from shoal.anonymization.anonymize import Release, anonymize
from shoal.anonymization.apply import Applied, apply_solution
from shoal.anonymization.apply_state import ApplyState, state_from_bytes, state_to_bytes
from shoal.anonymization.models import (
    DeltaPresence,
    DiversityKind,
    KAnonymity,
    KMap,
    LDiversity,
    PrivacyModel,
    RiskLimit,
    TCloseness,
)
from shoal.anonymization.policy import Attribute, Policy, Role, Unlisted
from shoal.errors import InfeasibleError, InvalidArgumentError
from shoal.kernels import Monitor
from shoal.measures.risk import Attacker
from shoal.privacy.hierarchies import ExplicitSpec, HierarchySpec, IntervalSpec, MaskingSpec, TableSpec, TopSpec
from shoal.privacy.models import Distance

KEY = bytes(range(32))
AGE = IntervalSpec(widths=(10, 20))


def policy(
    *models: PrivacyModel,
    age: HierarchySpec = AGE,
    zips: HierarchySpec | None = None,
    ill: HierarchySpec | None = None,
    entity: str | None = None,
    **more: object,
) -> Policy:
    return Policy(
        attributes=(
            Attribute(name="age", role=Role.QUASI_IDENTIFIER, hierarchy=age),
            Attribute(name="zip", role=Role.QUASI_IDENTIFIER, hierarchy=zips or MaskingSpec(max_level=3)),
            Attribute(name="ill", role=Role.SENSITIVE, hierarchy=ill or TopSpec()),
        ),
        models=models,
        suppression_limit=0.5,
        entity_column=entity,
        **more,
    )


def rows(count: int, seed: int, *, ages: tuple[int, int] = (20, 60), people: int = 10**6) -> pl.DataFrame:
    chance = random.Random(seed)
    return pl.DataFrame(
        {
            "age": [str(chance.randint(*ages)) for _ in range(count)],
            "zip": [chance.choice(["690", "691", "750", "751"]) for _ in range(count)],
            "ill": [chance.choice(["flu", "flu", "flu", "gout", "hiv"]) for _ in range(count)],
            "who": [str(chance.randint(1, people)) for _ in range(count)],
        }
    )


def release(table: pl.DataFrame, asked: Policy, population: pl.DataFrame | None = None) -> tuple[Release, ApplyState]:
    made = anonymize(table.lazy(), asked, {}, Monitor(), population=None if population is None else population.lazy())
    state = aftermath_of(made, {}, "digest", KEY, keep_state=True).state
    assert state is not None
    return made, state_from_bytes(state_to_bytes(state))


def applied(table: pl.DataFrame, asked: Policy, state: ApplyState) -> Applied:
    return apply_solution(table.lazy(), asked, state, KEY, Monitor())


Rows = list[tuple[str | None, ...]]
Holds = Callable[[Rows], bool]


def classes_of(table: Rows) -> dict[tuple[str | None, ...], Rows]:
    found: dict[tuple[str | None, ...], Rows] = defaultdict(list)
    for row in table:
        found[row[:2]].append(row)
    return found


def greatest(before: Rows, new: Rows, holds: Holds) -> Rows:
    """The new rows that stay, by throwing out failing classes one after the other."""
    while True:
        together = classes_of(before + new)
        failing = {key for key, rows in classes_of(new).items() if not holds(rows) or not holds(together[key])}
        if not failing:
            return new
        new = [row for row in new if row[:2] not in failing]


def close_to(reference: Sequence[str | None], t: Fraction) -> Holds:
    whole = Counter(reference)

    def holds(rows: Rows) -> bool:
        here = Counter(row[2] for row in rows)
        values = set(whole) | set(here)
        distance = sum(abs(Fraction(here[v], len(rows)) - Fraction(whole[v], len(reference))) for v in values) / 2
        return distance <= t

    return holds


def labelled(made: Release | Applied) -> Rows:
    return made.frame.select("age", "zip", "ill").rows()


MODELS: dict[str, tuple[tuple[PrivacyModel, ...], Callable[[pl.DataFrame], Holds]]] = {
    "k": ((KAnonymity(3),), lambda _: lambda rows: len(rows) >= 3),
    "l": (
        (KAnonymity(2), LDiversity("ill", DiversityKind.DISTINCT, 2)),
        lambda _: lambda rows: len(rows) >= 2 and len({row[2] for row in rows}) >= 2,
    ),
    "t": (
        (KAnonymity(2), TCloseness("ill", Distance.EQUAL, Fraction(3, 10))),
        lambda table: lambda rows: len(rows) >= 2 and close_to(table["ill"].to_list(), Fraction(3, 10))(rows),
    ),
}


@pytest.mark.parametrize("name", MODELS)
@given(seed=st.integers(0, 2**32 - 1), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_what_stays_is_what_a_naive_judge_lets_stay(name: str, seed: int, sizes: list[int]) -> None:
    models, judge = MODELS[name]
    asked, table = policy(*models), rows(120, seed)
    try:
        made, state = release(table, asked)
    except InfeasibleError:
        return
    levels = made.outcome.levels
    before, holds = labelled(made), judge(table)
    for number, size in enumerate(sizes):
        batch = rows(size, seed + number + 1, ages=(15, 70))
        # What the labels of the new rows are, from a release of nothing else: every row by itself, at the same levels.
        alone = labels_of(batch, levels)
        found = applied(batch, asked, state)
        expected = greatest(before, alone, holds)
        assert sorted(labelled(found), key=str) == sorted(expected, key=str)
        assert found.rows == size
        assert found.unseen == 0
        assert found.violating == size - len(expected)
        before += expected
        assert found.union_rows == len(before) == found.state.released.rows
        assert all(found.satisfied)
        assert len(found.union) == len(models)
        state = state_from_bytes(state_to_bytes(found.state))


def labels_of(batch: pl.DataFrame, levels: tuple[int, ...]) -> Rows:
    """The labels in plain Python."""
    found: Rows = []
    for age, code, ill in batch.select("age", "zip", "ill").iter_rows():
        width = [0, 10, 20][levels[0]] if levels[0] < 3 else None
        low = int(age) // width * width if width else 0
        first = age if levels[0] == 0 else "*" if width is None else f"[{low}-{low + width})"
        second = code if levels[1] == 0 else "*" if levels[1] == 3 else code[: -levels[1]] + "*" * levels[1]
        found.append((first, second, ill))
    return found


def test_the_measures_are_those_of_batch_and_union() -> None:
    asked = policy(KAnonymity(3), age=TopSpec())
    made, state = release(rows(100, 1, ages=(30, 30)), asked)
    before = Counter(row[:2] for row in labelled(made))
    batch = rows(40, 2, ages=(30, 30))
    found = applied(batch, asked, state)
    alone = Counter(row[:2] for row in labelled(found))
    assert [each.value for each in found.batch] == [min(alone.values())]
    assert [each.value for each in found.union] == [min((before + alone).values())]


def test_a_class_that_is_large_together_but_small_alone_is_suppressed() -> None:
    asked = policy(KAnonymity(3), age=TopSpec(), zips=TopSpec())
    table = pl.DataFrame({"age": ["30"] * 5 + ["40"] * 5, "zip": ["690"] * 10, "ill": ["flu"] * 10})
    _, state = release(table, asked)
    batch = pl.DataFrame({"age": ["30"] * 2 + ["40"] * 3, "zip": ["690"] * 5, "ill": ["flu"] * 5})
    found = applied(batch, asked, state)
    assert found.frame["age"].to_list() == ["40"] * 3
    assert (found.unseen, found.violating) == (0, 2)
    assert "3 new rows by themselves" in found.guarantee
    assert "10 rows that were released by this solution before" in found.guarantee


def test_a_class_that_fails_together_is_suppressed_although_it_holds_alone() -> None:
    # Of ten people of 30 at most half may be in the releases: four were, so one more may come, and two may not.
    model = DeltaPresence(Fraction(0), Fraction(1, 2))
    asked = policy(KAnonymity(1), model, age=TopSpec(), zips=TopSpec(), population=True)
    outside = pl.DataFrame({"age": ["30"] * 10, "zip": ["690"] * 10})

    def people(count: int) -> pl.DataFrame:
        return pl.DataFrame({"age": ["30"] * count, "zip": ["690"] * count, "ill": ["flu"] * count})

    _, state = release(people(4), asked, outside)
    refused = applied(people(2), asked, state)
    assert refused.violating == 2
    assert refused.guarantee == "no row was released, so nothing changed"
    assert refused.batch == ()
    assert refused.union_rows == 4
    found = applied(people(1), asked, state)
    assert found.frame.height == 1
    assert [(each.least, each.value) for each in found.batch] == [(None, 1), (0.1, 0.1)]
    assert [(each.least, each.value) for each in found.union] == [(None, 5), (0.5, 0.5)]
    assert applied(people(1), asked, found.state).violating == 1


def test_values_that_the_solution_does_not_know_are_unseen_and_counted() -> None:
    zips = ExplicitSpec(rows=(("690", "69*", "*"), ("691", "69*", "*"), ("750", "75*", "*"), ("751", "75*", "*")))
    asked = policy(KAnonymity(2), zips=zips)
    _, state = release(rows(100, 1), asked)
    batch = pl.DataFrame(
        {
            "age": ["30", "30", "many", "30", "30"],
            "zip": ["690", "690", "690", "999", None],
            "ill": ["flu"] * 5,
        }
    )
    found = applied(batch, asked, state)
    assert (found.rows, found.frame.height, found.unseen, found.violating) == (5, 2, 3, 0)


@pytest.mark.parametrize(
    ("model", "ill", "values", "unseen"),
    [
        (TCloseness("ill", Distance.ORDERED, Fraction(1)), None, ["15", "20", "many"], 2),
        (TCloseness("ill", Distance.WASSERSTEIN, Fraction(1)), None, ["15", "x", None], 2),
        (
            TCloseness("ill", Distance.HIERARCHICAL, Fraction(1)),
            TableSpec(rows=pl.DataFrame({"a": ["10", "20", "30"], "b": ["low", "low", "high"], "c": ["*"] * 3})),
            ["30", "40", "10"],
            1,
        ),
        (TCloseness("ill", Distance.HIERARCHICAL, Fraction(1)), IntervalSpec(widths=(20,)), ["35", "x", "10"], 1),
        (TCloseness("ill", Distance.EQUAL, Fraction(1)), None, ["35", "x", None], 0),
    ],
    ids=lambda each: str(getattr(each, "distance", "")),
)
def test_sensitive_values_without_a_place_are_unseen(
    model: TCloseness, ill: HierarchySpec | None, values: list[str | None], unseen: int
) -> None:
    asked = policy(KAnonymity(1), model, age=TopSpec(), zips=TopSpec(), ill=ill)
    table = pl.DataFrame({"age": ["30"] * 6, "zip": ["690"] * 6, "ill": ["10", "20", "10", "20", "10", "20"]})
    _, state = release(table, asked)
    batch = pl.DataFrame({"age": ["30"] * 3, "zip": ["690"] * 3, "ill": values})
    found = applied(batch, asked, state)
    assert found.unseen == unseen
    assert found.frame.height == 3 - unseen
    again = applied(batch, asked, state_from_bytes(state_to_bytes(found.state)))
    assert again.unseen == unseen
    assert again.union_rows == 6 + 2 * (3 - unseen)


def test_the_reference_stays_the_input_of_the_solution() -> None:
    # Half flu, half gout in the input. New rows of one class with other shares do not move the reference.
    asked = policy(KAnonymity(2), TCloseness("ill", Distance.EQUAL, Fraction(1, 10)), age=TopSpec(), zips=TopSpec())
    table = pl.DataFrame({"age": ["30"] * 20, "zip": ["690"] * 20, "ill": ["flu", "gout"] * 10})
    _, state = release(table, asked)
    batch = pl.DataFrame({"age": ["30"] * 10, "zip": ["690"] * 10, "ill": ["flu"] * 7 + ["gout"] * 3})
    assert applied(batch, asked, state).violating == 10  # 0.7 - 0.5 > 0.1
    near = pl.DataFrame({"age": ["30"] * 10, "zip": ["690"] * 10, "ill": ["flu"] * 6 + ["gout"] * 4})
    assert applied(near, asked, state).frame.height == 10
    assert [each.value for each in applied(near, asked, state).batch][1] == pytest.approx(0.1)


def test_persons_are_counted_across_releases() -> None:
    asked = policy(KAnonymity(3), age=TopSpec(), zips=TopSpec(), entity="who")

    def people(*names: str) -> pl.DataFrame:
        count = len(names)
        return pl.DataFrame({"age": ["30"] * count, "zip": ["690"] * count, "ill": ["flu"] * count, "who": list(names)})

    _, state = release(people("a", "b", "c", "d"), asked)
    assert applied(people("e", "e", "e", "f"), asked, state).violating == 4  # two persons, four rows
    found = applied(people("a", "b", "c", "c"), asked, state)
    assert found.frame.height == 4
    assert [each.value for each in found.batch] == [3]
    assert [each.value for each in found.union] == [4]  # the same persons as before
    assert "who" not in found.frame.columns


def test_a_population_is_kept_for_its_models() -> None:
    asked = policy(KMap(5), age=TopSpec(), zips=TopSpec(), population=True)
    outside = pl.DataFrame({"age": ["30"] * 6 + ["40"] * 4 + ["50"] * 9, "zip": ["690"] * 19})
    table = pl.DataFrame({"age": ["30"] * 2, "zip": ["690"] * 2, "ill": ["flu"] * 2})
    _, state = release(table, asked, outside)
    batch = pl.DataFrame({"age": ["30", "40", "50", "60"], "zip": ["690"] * 4, "ill": ["flu"] * 4})
    found = applied(batch, asked, state)
    assert found.frame["age"].to_list() == ["30", "50"]
    assert found.violating == 2
    assert [each.value for each in found.union] == [6]


def test_an_average_risk_is_held_by_batch_and_union() -> None:
    limit = RiskLimit(Attacker.PROSECUTOR, None, Fraction(1, 4))
    asked = policy(KAnonymity(2), limit, age=TopSpec(), zips=TopSpec())

    def ages(**counts: int) -> pl.DataFrame:
        listed = [name for name, count in counts.items() for _ in range(count)]
        return pl.DataFrame({"age": listed, "zip": ["690"] * len(listed), "ill": ["flu"] * len(listed)})

    _, state = release(ages(a=6, b=6), asked)
    found = applied(ages(c=2, d=2, e=8, f=8), asked, state)
    # c and d would make the mean 4 / 20 = 0.2: they may stay; with g and h alone it is 2 / 4.
    assert found.frame.height == 20
    alone = applied(ages(g=2, h=2), asked, found.state)
    assert alone.frame.height == 0


def test_columns_must_be_those_of_the_input() -> None:
    asked = policy(KAnonymity(2))
    _, state = release(rows(50, 1), asked)
    batch = rows(20, 2)
    with pytest.raises(InvalidArgumentError, match="'zip'"):
        applied(batch.drop("zip"), asked, state)
    with pytest.raises(InfeasibleError, match="no rows"):
        applied(batch.head(0), asked, state)
    found = applied(batch.with_columns(extra=pl.lit("x")), asked, state)
    assert "extra" in found.warnings[0]
    assert found.frame.columns == ["age", "zip", "ill"]
    assert applied(batch.select("ill", "zip", "age"), asked, state).frame.columns == ["age", "zip", "ill"]
    strict = policy(KAnonymity(2), unlisted=Unlisted.REFUSE)
    _, state = release(rows(50, 1).drop("who"), strict)
    with pytest.raises(InvalidArgumentError, match="'who'"):
        applied(batch, strict, state)


def test_types_must_fit() -> None:
    asked = policy(KAnonymity(2))
    typed = rows(50, 1).with_columns(pl.col("age").cast(pl.Int32))
    _, state = release(typed, asked)
    batch = rows(20, 2).with_columns(pl.col("age").cast(pl.Int32))
    expected = applied(batch, asked, state).frame
    for dtype in (pl.Int8, pl.Int64, pl.UInt16):
        assert applied(batch.with_columns(pl.col("age").cast(dtype)), asked, state).frame.equals(expected)
    with pytest.raises(InvalidArgumentError, match=r"TEXT.*INTEGER"):
        applied(rows(20, 2), asked, state)
    with pytest.raises(InvalidArgumentError, match="'age'"):
        applied(batch.with_columns(pl.lit(2**40).alias("age")), asked, state)
    _, text = release(rows(50, 1), asked)
    assert applied(batch, asked, text).frame.equals(expected)  # a number has a text, a text not always a number
    assert applied(batch.with_columns(pl.col("zip").cast(pl.Categorical)), asked, text).frame.equals(expected)


def test_what_only_suppressed_rows_have_is_not_kept() -> None:
    asked = policy(KAnonymity(2), LDiversity("ill", DiversityKind.DISTINCT, 1), age=TopSpec(), zips=TopSpec())
    table = pl.DataFrame({"age": ["30"] * 4, "zip": ["690"] * 4, "ill": ["flu"] * 4})
    _, state = release(table, asked)
    batch = pl.DataFrame({"age": ["30", "30", "41"], "zip": ["690"] * 3, "ill": ["gout", "flu", "canary"]})
    found = applied(batch, asked, state)
    assert found.violating == 1
    assert found.state.labels[0].to_list() == ["30"]
    assert found.state.sensitive[0].values.to_list() == ["flu", "gout"]
    assert found.state.sensitive[0].reference.tolist() == [4, 0]


def test_a_batch_that_loses_much_is_warned_about() -> None:
    asked = policy(KAnonymity(3), age=TopSpec(), zips=TopSpec())
    table = pl.DataFrame({"age": ["30"] * 4, "zip": ["690"] * 4, "ill": ["flu"] * 4})
    _, state = release(table, asked)
    batch = pl.DataFrame({"age": [str(number) for number in range(8)], "zip": ["690"] * 8, "ill": ["flu"] * 8})
    assert any("suppression_limit" in warning for warning in applied(batch, asked, state).warnings)
