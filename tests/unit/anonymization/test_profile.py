"""The profile of the suppressed: right where it speaks, and silent where few people would show."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.anonymization.profile import MOST_VALUES, Profile, suppressed_profile
from shoal.tables.coding import code_distinct


def profile(counts: dict[str | None, tuple[int, int]], entities: list[int] | None = None) -> Profile:
    """The profile of a table with so many (suppressed, kept) rows of each value."""
    values: list[str | None] = []
    kept: list[bool] = []
    for value, (suppressed, released) in counts.items():
        values += [value] * (suppressed + released)
        kept += [False] * suppressed + [True] * released
    order = np.random.default_rng(1).permutation(len(values))
    codes, distinct = code_distinct(pl.Series([values[place] for place in order], dtype=pl.String))
    who = None if entities is None else np.array([entities[place] for place in order], dtype=np.uint32)
    return suppressed_profile("ill", codes, distinct, np.array([kept[place] for place in order], dtype=np.bool_), who)


def test_the_shares_of_a_hand_made_table() -> None:
    found = profile({"flu": (20, 180), "gout": (60, 40), "none": (20, 680)})
    assert [(each.value, each.share_of_all, each.share_of_suppressed, each.suppressed_rate) for each in found.values] == [
        ("gout", 0.1, 0.6, 0.6),
        ("flu", 0.2, 0.2, 0.1),
        ("none", 0.7, 0.2, 0.03),
    ]
    assert found.hidden == 0
    assert found.distance == pytest.approx(0.5)
    assert found.attribute == "ill"


def test_shares_are_rounded_to_a_hundredth() -> None:
    found = profile({"a": (333, 666), "b": (1001, 2000), "c": (101, 5000)})
    for each in found.values:
        for share in (each.share_of_all, each.share_of_suppressed, each.suppressed_rate):
            assert share == round(share, 2)
    assert found.distance == round(found.distance or 0, 2)


def test_nobody_suppressed_shows_nothing() -> None:
    assert profile({"a": (0, 50), "b": (0, 60)}) == Profile("ill", (), 2, None)


def test_fewer_than_ten_suppressed_rows_show_nothing() -> None:
    assert profile({"a": (9, 100), "b": (0, 100)}) == Profile("ill", (), 2, None)


def test_everybody_suppressed_shows_nothing() -> None:
    assert profile({"a": (50, 0), "b": (60, 0)}) == Profile("ill", (), 0, None)


def test_what_was_hidden_cannot_be_had_by_subtraction() -> None:
    # 55 suppressed rows, of which 50 have `a`: if `a` were shown, everybody knew that 5 have `b`.
    assert profile({"a": (50, 100), "b": (5, 100)}) == Profile("ill", (), 2, None)
    # A third value hides `b`, and hides enough of itself that 0 to 9 rows of `b` stay possible.
    found = profile({"a": (50, 100), "b": (5, 100), "c": (14, 100)})
    assert [each.value for each in found.values] == ["a"]
    assert found.hidden == 2


def test_a_hidden_zero_stays_possible_and_no_more_than_that() -> None:
    # With 10 and 0 hidden together, their sum of 10 would say that the other has none.
    assert [each.value for each in profile({"a": (50, 100), "b": (0, 100), "c": (10, 100)}).values] == ["c"]
    assert profile({"b": (0, 100), "c": (10, 100), "d": (10, 100)}).values == ()
    # Two zeros alone would be seen as zeros.
    assert [each.value for each in profile({"a": (50, 99), "b": (0, 99), "c": (0, 99), "d": (25, 99)}).values] == ["a"]


def test_two_nines_are_not_left_alone() -> None:
    # 9 + 9 is the only way to have 18 suppressed rows in two values of fewer than ten.
    found = profile({"a": (50, 100), "b": (9, 100), "c": (9, 100), "d": (30, 100)})
    assert [each.value for each in found.values] == ["a"]


def test_few_kept_rows_hide_a_value_and_need_no_other() -> None:
    # How many rows were kept is seen in the release; what is protected are the few that were suppressed.
    found = profile({"a": (50, 100), "b": (40, 9)})
    assert [each.value for each in found.values] == ["a"]
    assert found.hidden == 1


def test_a_value_that_only_suppressed_rows_have_is_not_even_counted() -> None:
    found = profile({"a": (50, 100), "b": (60, 100), "rare": (1, 0), "c": (20, 100), "d": (5, 100)})
    assert "rare" not in {each.value for each in found.values}
    assert found.hidden + len(found.values) == 4


@given(st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=6))
def test_every_small_count_stays_possible(counts: list[tuple[int, int]]) -> None:
    """Against an attacker who knows all shown counts exactly, the sum, and which hidden values have fewer than ten."""
    found = profile({str(place): pair for place, pair in enumerate(counts)})
    shown = {int(each.value) for each in found.values}
    for place in shown:
        assert min(counts[place]) >= 10
    hidden = [pair[0] for place, pair in enumerate(counts) if place not in shown and sum(pair)]
    if not shown:
        return
    small = [count for count in hidden if count < 10]
    others, rest = len(hidden) - len(small), sum(hidden)
    for _ in small[:1]:  # all small ones have the same range
        possible = {one for one in range(10) if can_be(rest - one, len(small) - 1, others)}
        assert possible == set(range(10)), (counts, shown)


def can_be(rest: int, small: int, others: int) -> bool:
    """Whether so many rows can be spread over values of 0 to 9 and values of 10 or more, by trying."""
    if others:
        return rest >= 10 * others
    reachable = {0}
    for _ in range(small):
        reachable = {have + more for have in reachable for more in range(10)}
    return rest in reachable


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8))
def test_the_shares_are_those_of_a_naive_count(counts: list[tuple[int, int]]) -> None:
    found = profile({str(place): pair for place, pair in enumerate(counts)})
    suppressed = Counter({place: pair[0] for place, pair in enumerate(counts)})
    everything, gone = sum(map(sum, counts)), suppressed.total()
    rest_all, rest_gone = everything, gone
    distance = 0.0
    for each in found.values:
        place = int(each.value)
        total = sum(counts[place])
        assert each.share_of_all == round(total / everything, 2)
        assert each.share_of_suppressed == round(suppressed[place] / gone, 2)
        assert each.suppressed_rate == round(suppressed[place] / total, 2)
        distance += abs(suppressed[place] / gone - total / everything)
        rest_all, rest_gone = rest_all - total, rest_gone - suppressed[place]
    if found.values:
        distance += abs(rest_gone / gone - rest_all / everything)
        assert found.distance == pytest.approx(distance / 2, abs=0.0051)
    else:
        assert found.distance is None
    rates = [each.suppressed_rate for each in found.values]
    assert rates == sorted(rates, reverse=True)


def test_at_most_a_hundred_values_those_hit_most() -> None:
    found = profile({f"v{place:03}": (10 + place, 400 - place) for place in range(150)})
    assert len(found.values) == MOST_VALUES == 100
    assert found.values[0].suppressed_rate == 0.39
    assert found.values[-1].suppressed_rate == pytest.approx(0.15, abs=0.01)
    assert found.hidden == 0
    codes, distinct = code_distinct(pl.Series(["a"] * 40 + ["b"] * 40))
    kept = np.array(([True] * 20 + [False] * 20) * 2)
    assert len(suppressed_profile("x", codes, distinct, kept, most=1).values) == 1


def test_null_and_empty_text_are_one_value() -> None:
    found = profile({None: (10, 20), "": (15, 25), "a": (30, 300)})
    assert [(each.value, each.suppressed_rate) for each in found.values] == [("", round(25 / 70, 2)), ("a", 0.09)]
    assert [each.value for each in profile({None: (10, 20), "a": (30, 300)}).values] == ["", "a"]


def test_long_values_are_cut() -> None:
    found = profile({"x" * 100_000: (10, 20), "a": (30, 300)})
    assert found.values[0].value == "x" * 200


def test_other_types_become_their_text() -> None:
    codes, distinct = code_distinct(pl.Series([1.5] * 40 + [2.0] * 40))
    kept = np.array(([True] * 20 + [False] * 20) * 2)
    assert [each.value for each in suppressed_profile("x", codes, distinct, kept).values] == ["1.5", "2.0"]


def test_many_rows_of_few_persons_are_few() -> None:
    counts: dict[str | None, tuple[int, int]] = {"a": (40, 100), "b": (50, 100), "c": (60, 100)}
    everybody = list(range(450))
    assert len(profile(counts, everybody).values) == 3
    nine = [place % 9 if place < 40 else place for place in range(450)]  # the suppressed rows of `a` are of nine persons
    assert "a" not in {each.value for each in profile(counts, nine).values}
