"""MeasureQuality against a naive measurer, on random tables with nulls and stars, released globally, locally and at random."""

from __future__ import annotations

import math
import random
from collections import Counter
from fractions import Fraction

import naive_quality
import pytest
from counts import FULL
from grpc_stubs import Stubs
from qualities import column, measure, report_of
from validations import csv

TABLES = 500 if FULL else 50
KINDS = {
    "town": [["a", "west", "*"], ["b", "west", "*"], ["c", "east", "*"], ["", "none", "*"], ["d", "east", "*"]],
    "age": [
        ["1", "1-2", "low", "*"],
        ["2", "1-2", "low", "*"],
        ["3", "3-4", "low", "*"],
        ["4", "3-4", "low", "*"],
        ["17.5", "9+", "high", "*"],
    ],
    "star": [["*", "x", "all"], ["p", "x", "all"], ["q", "y", "all"]],
    "plain": None,
}
PLAIN = ["u", "v", "w", ""]


def pair(chance: random.Random) -> naive_quality.Pair:
    names = chance.sample(sorted(KINDS), chance.randint(1, 3))
    paths = {name: KINDS[name] for name in names}
    domain = {name: [path[0] for path in (KINDS[name] or [])] or PLAIN for name in names}
    chosen = {name: chance.sample(domain[name], chance.randint(1, len(domain[name]))) for name in names}
    original = [tuple(chance.choice(chosen[name]) for name in names) for _ in range(chance.randint(1, 40))]
    manner = chance.choice(["global", "global", "global", "local", "random", "same"])
    levels = {name: chance.randrange(len(KINDS[name][0])) if KINDS[name] else chance.choice([0, 1]) for name in names}

    def label(name: str, value: str) -> str:
        level = 0 if manner == "same" else levels[name] if manner == "global" else chance.randrange(4)
        rows = KINDS[name]
        if rows is None:
            return "*" if level and name == "plain" and manner != "same" else value
        path = next(path for path in rows if path[0] == value)
        return path[min(level, len(path) - 1)]

    released = [tuple(label(name, value) for name, value in zip(names, row, strict=True)) for row in original]
    if manner == "random":
        released = [tuple(chance.choice([*domain[name], "*", "strange"]) for name in names) for _ in original]
    gone = set(chance.sample(sorted(set(released)), chance.randint(0, len(set(released)) - 1))) if manner != "same" else set()
    starred = chance.random() < 0.5
    kept = [row for row in released if row not in gone]
    if starred:
        kept += [("*",) * len(names)] * sum(row in gone for row in released)
    if chance.random() < 0.2 and len(kept) > 1:  # suppressed within a class
        kept.pop()
    chance.shuffle(kept)
    return naive_quality.Pair(names, original, kept, paths)


def test_a_naive_measurer_agrees_on_random_tables(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    measured = counted = 0
    for _ in range(TABLES):
        one = pair(chance)
        hierarchies = {name: rows for name, rows in one.paths.items() if rows is not None}
        answer = measure(stubs, csv(one.names, one.original), csv(one.names, one.released), one.names, hierarchies=hierarchies)
        compare(one, answer)
        measured += one.measurable
        counted += one.measurable and naive_quality.squared(one) is not None
    assert measured > TABLES / 2
    assert counted > TABLES / 3


def compare(one: naive_quality.Pair, answer: object) -> None:
    assert (answer.row_count, answer.released_count) == (len(one.original), len(one.kept))
    assert answer.suppressed_count == one.suppressed
    found, expected = report_of(answer), naive_quality.report(one)
    assert set(found) == set(expected)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-9), (name, one)
    for each in one.columns:
        name = one.names[one.columns.index(each)]
        metrics = column(answer, name)
        if not each.measurable:
            assert "loss" not in metrics
            assert any(f"'{name}'" in warning for warning in answer.warnings)
            continue
        assert metrics["loss"] == float(naive_quality.loss(one, each))
        if one.kept:
            apart = naive_quality.distances(
                {value: Fraction(count) for value, count in Counter(each.before).items()}, naive_quality.spread(one, each)
            )
            for what, value in apart.items():
                assert metrics[what] == pytest.approx(value, abs=1e-9), (what, one)
            assert ("wasserstein" in metrics) == ("wasserstein" in apart)
    if not one.measurable:
        assert "combined_loss" not in answer.metrics
        return
    squared = naive_quality.squared(one)
    assert ("r_squared" in answer.metrics) == (squared is not None)
    if squared is not None:
        for name, (ratio, mean) in zip(one.names, squared, strict=True):
            assert column(answer, name)["sse_sst_ratio"] == pytest.approx(ratio, abs=1e-9), (name, one)
            assert column(answer, name)["mean_squared_error"] == pytest.approx(mean, abs=1e-9), (name, one)
        assert answer.metrics["r_squared"] == pytest.approx(1 - sum(ratio for ratio, _ in squared) / len(squared), abs=1e-9)
    assert all(0 <= value <= 1 for value in answer.metrics.values() if not math.isnan(value)), answer.metrics
