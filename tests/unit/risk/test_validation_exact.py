"""Exact comparisons, numbers beyond 64 bits, sampling: what tables through the server rarely reach."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from shoal.errors import ResourceExhaustedError
from shoal.measures import separation
from shoal.risk import contributions, wildcards
from shoal.risk.validation import distances, lines
from shoal.risk.validation.exact import at_most, less, ratio
from shoal.risk.validation.grouping import group, number, suppressed_rows
from shoal.risk.validation.histograms import attribute_of
from shoal.runtime.stopping import Stop


def test_fractions_are_compared_exactly_where_floats_cannot() -> None:
    big = 10**17
    above, below = np.array([big, big + 1, big - 1, 0]), np.array([3 * big] * 4)
    third = Fraction(1, 3)
    assert at_most(above, below, third).tolist() == [True, False, True, True]
    assert less(above, below, third).tolist() == [False, False, True, True]
    wide = above.astype(object) * 10**30
    assert at_most(wide, below.astype(object) * 10**30, third).tolist() == [True, False, True, True]
    assert np.isinf(ratio(np.array([1]), np.array([0]))).all()
    assert not at_most(np.array([1]), np.array([0]), Fraction(10**18)).any()


@pytest.mark.parametrize("largest", [0, 40, 400, 2**62])
def test_narrow_and_wide_numbers_give_the_same_distances(monkeypatch: pytest.MonkeyPatch, largest: int) -> None:
    """Classes of several sizes, some of them computed in 64 bits and some beyond: all against fractions."""
    monkeypatch.setattr(distances, "LARGEST", largest)
    chance = random.Random(3)
    rows = [(chance.choice("aaaabbc"), chance.choice(["1", "2", "5", "9.5"])) for _ in range(60)]
    frame = pl.DataFrame({"q": [row[0] for row in rows], "x": [row[1] for row in rows]}).lazy()
    attribute = attribute_of("x", group(frame, ["q"], ["x"]), None)
    values = sorted({row[1] for row in rows}, key=Fraction)
    q = Counter(row[1] for row in rows)

    def expected(places: list[Fraction]) -> list[Fraction]:
        found = []
        for name in "abc":
            p = Counter(row[1] for row in rows if row[0] == name)
            total, risen, area = sum(p.values()), Fraction(0), Fraction(0)
            for place, value in enumerate(values[:-1]):
                risen += Fraction(p[value], total) - Fraction(q[value], 60)
                area += abs(risen) * (places[place + 1] - places[place])
            found.append(area / (places[-1] - places[0]))
        return found

    def exactly(ratios: distances.Ratios) -> list[Fraction]:
        return [Fraction(int(a), int(b)) for a, b in zip(ratios.above, ratios.below, strict=True)]

    assert exactly(distances.along(attribute, lines.by_rank(attribute.leaves))) == expected(
        [Fraction(i) for i in range(len(values))]
    )
    assert exactly(distances.along(attribute, lines.by_place("x", attribute.leaves))) == expected([Fraction(v) for v in values])
    halves = [
        sum(abs(Fraction(p[v], sum(p.values())) - Fraction(q[v], 60)) for v in values) / 2
        for p in (Counter(row[1] for row in rows if row[0] == name) for name in "abc")
    ]
    assert exactly(distances.equal(attribute)) == halves


def test_numbers_are_those_that_are_written() -> None:
    def numbers(*texts: str | None) -> object:
        return lines.numbers_of(pl.Series(list(texts), dtype=pl.String))

    assert numbers("1", "-07", None) == [1, -7, None]
    assert numbers(" 2.50 ", "1e3", "+.5", "3.") == [Fraction(5, 2), 1000, Fraction(1, 2), 3]
    for text in ("", ".", "1e", "nan", "inf", "1_000", "1,5", "1e999", "0x1", "\u0661"):
        assert numbers("1", text) is None
    assert lines.numbers_of(pl.Series([0.1, 1e300])) == [Fraction(1, 10), 10**300]
    assert lines.numbers_of(pl.Series([True, False])) is None
    assert lines.by_rank(pl.Series([None, "10", "9", "9.0"])).rank.tolist() == [0, 3, 1, 2]


def test_many_wide_columns_are_numbered_without_overflow() -> None:
    chance = random.Random(1)
    columns = [[str(chance.randrange(50)) for _ in range(200)] for _ in range(20)]  # 50^20 combinations
    of, first = number([pl.Series(each) for each in columns], 200)
    rows = list(zip(*columns, strict=True))
    assert len(first) == len(set(rows))
    assert [rows[place] for place in first.tolist()] == [rows[of.tolist().index(each)] for each in range(len(first))]
    assert len({(rows[place], int(of[place])) for place in range(200)}) == len(set(rows))


def test_only_text_can_be_starred() -> None:
    assert suppressed_rows([pl.Series(["*", "*", "x"]), pl.Series([1, 2, 3])]).tolist() == [False, False, False]
    assert suppressed_rows([pl.Series(["*", "*", "x"]), pl.Series(["*", "*", "*"])]).tolist() == [True, True, False]
    assert suppressed_rows([pl.Series(["*", "*"])]).tolist() == [False, False]
    assert suppressed_rows([pl.Series([], dtype=pl.String)]).tolist() == []


def test_too_many_patterns_of_wildcards_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wildcards, "MOST_WORK", 5)
    codes, wild = np.zeros((3, 2), dtype=np.int64), np.array([[True, False], [False, True], [False, False]])
    with pytest.raises(ResourceExhaustedError, match="3 different sets of columns"):
        wildcards.crowds(codes, wild, np.ones(3, dtype=np.int64), Stop())


def test_sampled_contributions_are_within_their_error(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(2)
    codes = np.unique(np.stack([chance.integers(0, size, 4000) for size in (2, 3, 5, 40, 4000)], axis=1), axis=0)
    rows = chance.integers(1, 4, len(codes))
    exact = contributions.contributions(codes, rows, Stop())
    assert exact.error == 0
    assert exact.size == 5
    monkeypatch.setattr(contributions, "MOST_WORK", 20_000)
    monkeypatch.setattr(separation, "SAMPLED_ROWS", 2000)
    sampled = contributions.contributions(codes, rows, Stop())
    assert 0 < sampled.error < 0.2
    assert np.abs(np.array(sampled.separation) - exact.separation).max() < sampled.error
    assert sampled.size < 5
    assert "95 %" in sampled.warnings[0]
