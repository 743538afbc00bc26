"""Answers through the real server: they are the statistic, give or take the noise that they say they have."""

from __future__ import annotations

import io
import math
import random
import statistics
import time
from typing import Any

import grpc
import polars as pl
import pytest
from dp_calls import (
    DISCOVER,
    GAUSSIAN,
    LAPLACE,
    NOISES,
    OTHER,
    SUBSTITUTE,
    WHOLE_GAUSSIAN,
    WHOLE_LAPLACE,
    Dp,
    bounded,
    csv,
    widths,
)
from grpc_calls import status_of, violations_of

from shoal.api.dp.v1 import dp_service_pb2, query_pb2
from shoal.api.tables.v1 import table_pb2

CHANCE = random.Random(11)
AGES = [CHANCE.randrange(18, 95) for _ in range(4000)]
CITIES = [CHANCE.choice(["Ulm", "Ulm", "Bonn", "Kiel"]) for _ in AGES]
SURE = 99.0  # an epsilon at which noise is far below what these tests tell apart


@pytest.fixture
def people() -> dict[str, Any]:
    """Four rows a person."""
    return csv("age,city,who", *(f"{age},{city},p{at // 4}" for at, (age, city) in enumerate(zip(AGES, CITIES, strict=True))))


@pytest.fixture
def odd() -> dict[str, Any]:
    return csv("x,y", "1,a", "-5,b", "inf,c", "nan,d", ",e", "word,f", " 7 ,g", "1e3,h", '"",i')


def number(values: list[Any]) -> float:
    (answer,) = values
    return float(answer.value)


TRUTH = {
    "mean": statistics.fmean(AGES),
    "sum": float(sum(AGES)),
    "variance": statistics.pvariance(AGES),
}


@pytest.mark.parametrize(("noise", "delta"), NOISES)
@pytest.mark.parametrize("kind", TRUTH)
def test_an_answer_is_near_the_statistic_and_says_how_near(dp: Dp, people: Any, kind: str, noise: int, delta: float) -> None:
    if noise in (WHOLE_LAPLACE, WHOLE_GAUSSIAN) and kind != "sum":
        with pytest.raises(grpc.RpcError) as caught:
            dp.ask(people, **{kind: bounded("age")}, noise=noise, delta=delta)
        assert "noise" in violations_of(caught.value)
        return
    (answer,) = dp.ask(people, **{kind: bounded("age")}, noise=noise, delta=delta, epsilon=2.0).answers
    # Within ten standard deviations: false once in 10^6 draws of Laplace noise.
    assert abs(answer.value - TRUTH[kind]) < 10 * answer.noise_standard_deviation
    assert answer.interval.lower < answer.value < answer.interval.upper
    assert answer.interval.upper - answer.interval.lower < 40 * answer.noise_standard_deviation
    assert (answer.epsilon, answer.delta) == (pytest.approx(2.0, abs=3e-9), delta)
    assert answer.HasField("noisy_row_count") == (kind != "sum")
    if noise in (WHOLE_LAPLACE, WHOLE_GAUSSIAN):
        assert answer.value == int(answer.value)
    if kind != "sum":
        assert answer.noisy_row_count == pytest.approx(len(AGES), abs=100)


def test_bounds_clip_and_null_nan_and_words_do_not_count(dp: Dp, odd: Any) -> None:
    """Within [-2, 8]: 1, -5, inf, 7 and 1e3 count, as 1, -2, 8, 7 and 8."""
    columns = bounded("x", lower=-2, upper=8)
    assert number(dp.ask(odd, sum=columns, epsilon=SURE).answers) == pytest.approx(22.0, abs=2)
    (mean,) = dp.ask(odd, mean=columns, epsilon=SURE).answers
    assert mean.value == pytest.approx(22 / 5, abs=0.6)
    assert mean.noisy_row_count == pytest.approx(5, abs=0.6)
    assert number(dp.ask(odd, count={"columns": [{"column": "x"}]}, epsilon=SURE, noise=WHOLE_LAPLACE).answers) == 7
    assert number(dp.ask(odd, count={}, epsilon=SURE, noise=WHOLE_LAPLACE).answers) == 9


def test_where_is_a_test_of_each_row(dp: Dp, odd: Any) -> None:
    def count(*conditions: dict[str, Any]) -> int:
        return int(number(dp.ask(odd, count={}, where=conditions, epsilon=SURE, noise=WHOLE_LAPLACE).answers))

    compare = query_pb2.Comparison.Value
    above, unequal = compare("COMPARISON_GREATER"), compare("COMPARISON_NOT_EQUAL")
    assert count({"column": "x", "comparison": above, "number": 0.0}) == 4  # 1, inf, 7, 1e3
    assert count({"column": "x", "comparison": unequal, "number": 1.0}) == 4  # -5, inf, 7, 1e3: no null, no NaN, no word
    assert count({"column": "x", "comparison": unequal, "text": "1"}) == 6  # every text but "1"
    assert count({"column": "y", "comparison": compare("COMPARISON_LESS_OR_EQUAL"), "text": "c"}) == 3
    assert count({"column": "x", "comparison": above, "number": 0.0}, {"column": "y", "comparison": above, "text": "c"}) == 2


def test_histograms(dp: Dp, odd: Any, people: Any) -> None:
    answer = dp.ask(people, histogram=widths("age", 5), epsilon=SURE, noise=WHOLE_LAPLACE).answers[0]
    assert list(answer.histogram.edges) == [0, 20, 40, 60, 80, 100]
    assert list(answer.histogram.counts) == [sum(low <= age < low + 20 for age in AGES) for low in range(0, 100, 20)]
    columns = {"columns": [{"column": "city", "categories": {"values": ["Bonn", "Rom", "Ulm"]}}]}
    answer = dp.ask(people, histogram=columns, epsilon=SURE, noise=WHOLE_LAPLACE).answers[0]
    assert list(answer.histogram.counts) == [CITIES.count("Bonn"), 0, CITIES.count("Ulm")]
    assert not answer.histogram.edges
    clamped = widths("x", 2, 0, 8, outliers=query_pb2.OUTLIERS_CLAMP)
    assert list(dp.ask(odd, histogram=clamped, epsilon=SURE, noise=WHOLE_LAPLACE).answers[0].histogram.counts) == [2, 3]
    dropped = dp.ask(odd, histogram=widths("x", 2, 0, 8), epsilon=SURE, noise=WHOLE_LAPLACE).answers[0]
    assert list(dropped.histogram.counts) == [1, 1]


def test_listed_groups_are_all_answered_empty_ones_too(dp: Dp, people: Any) -> None:
    by = {"column": "city", "keys": [{"value": "Rom"}, {"value": "Ulm", "epsilon": 50.0}], "unlisted": OTHER}
    answer = dp.ask(people, count={}, group_by=by, epsilon=SURE, noise=WHOLE_LAPLACE)
    assert [each.group.key for each in answer.answers] == ["Rom", "Ulm", ""]
    assert [each.group.other for each in answer.answers] == [False, False, True]
    assert [each.value for each in answer.answers] == [0, CITIES.count("Ulm"), len(CITIES) - CITIES.count("Ulm")]
    assert [each.epsilon for each in answer.answers] == [SURE, 50.0, SURE]
    assert answer.epsilon == SURE  # groups share no rows: the dearest counts
    replaced = dp.ask(people, count={}, group_by=by, epsilon=SURE, noise=WHOLE_LAPLACE, privacy_unit=SUBSTITUTE)
    assert replaced.epsilon == 2 * SURE  # a row may move from one group to another


def test_groups_are_discovered_only_where_many_people_are(dp: Dp) -> None:
    rare = [f"50,Village{at},q{at}" for at in range(200)]
    table = csv(
        "age,city,who", *(f"{age},{city},p{at}" for at, (age, city) in enumerate(zip(AGES, CITIES, strict=True))), *rare
    )
    by = {"column": "city", "unlisted": DISCOVER}
    answer = dp.ask(table, mean=bounded("age"), group_by=by, epsilon=2.0, delta=1e-6)
    assert [each.group.key for each in answer.answers] == ["Bonn", "Kiel", "Ulm"]
    assert answer.group_threshold == 14.0  # of epsilon 1, delta 1e-6
    assert (answer.epsilon, answer.delta) == (2.0, 1e-6)
    high = {**by, "min_group_size": 1200}
    answer = dp.ask(table, count={}, group_by=high, epsilon=2.0, delta=1e-6)
    assert [each.group.key for each in answer.answers] == ["Ulm"]
    assert answer.group_threshold == 1199.0
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(table, count={}, group_by=by)
    assert violations_of(caught.value) == ["delta"]
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(table, count={}, group_by={"column": "city"})
    assert violations_of(caught.value) == ["group_by.unlisted"]


def test_a_person_of_many_rows_counts_as_one(dp: Dp, people: Any) -> None:
    unit = {"max_contributions": 2, "unit_column": "who"}
    answer = dp.ask(people, count={}, privacy_unit=unit, epsilon=SURE, noise=WHOLE_LAPLACE)
    assert answer.answers[0].value == pytest.approx(2000, abs=1)
    assert answer.answers[0].noise_scale == pytest.approx(2 / SURE)
    assert answer.privacy_unit.max_groups == 2
    assert not any("unit_column" in each for each in answer.warnings)
    declared = dp.ask(people, count={}, privacy_unit={"max_contributions": 4}, epsilon=SURE, noise=WHOLE_LAPLACE)
    assert declared.answers[0].value == pytest.approx(4000, abs=1)
    assert any("unit_column" in each for each in declared.warnings)


def test_a_choice_is_the_best_with_high_probability(dp: Dp, people: Any) -> None:
    cities = [{"text": name} for name in ("Bonn", "Kiel", "Rom", "Ulm")]
    answer = dp.ask(people, exponential={"candidates": cities, "column": "city"}, epsilon=0.5)
    assert answer.answers[0].selected.text == "Ulm"
    assert not answer.answers[0].selected.HasField("utility")
    assert answer.noise == query_pb2.NOISE_TYPE_UNSPECIFIED
    brought = [{"number": float(at), "utility": -abs(at - 7.0)} for at in range(20)]
    query = {"candidates": brought, "sensitivity": 1e-3}
    assert dp.ask(people, exponential=query, epsilon=1.0).answers[0].selected.number == 7.0
    even = [{"text": "a", "utility": 0.0}, {"text": "b", "utility": 0.0}]
    found = {dp.ask(people, exponential={"candidates": even, "sensitivity": 1.0}).answers[0].selected.text for _ in range(30)}
    assert found == {"a", "b"}


def test_a_public_number_of_rows_needs_less_noise(dp: Dp, people: Any) -> None:
    known = dp.ask(people, mean=bounded("age"), dataset_size=4000, privacy_unit=SUBSTITUTE, epsilon=1.0).answers[0]
    assert known.noise_scale == 100.0
    assert not known.HasField("noisy_row_count")
    assert known.value == pytest.approx(TRUTH["mean"], abs=20 * known.noise_standard_deviation)
    assert known.noise_standard_deviation == pytest.approx(100.0 * math.sqrt(2.0) / 4000)
    spread = dp.ask(people, variance=bounded("age"), dataset_size=4000, privacy_unit=SUBSTITUTE, epsilon=1.0).answers[0]
    assert spread.value == pytest.approx(TRUTH["variance"], abs=20 * spread.noise_standard_deviation)
    warned = dp.ask(
        people, mean=bounded("age"), dataset_size=4000, privacy_unit=SUBSTITUTE, noise=GAUSSIAN, delta=1e-3, epsilon=1.0
    )
    assert any("delta" in each for each in warned.warnings)


def test_typed_tables_are_read_alike(dp: Dp) -> None:
    """Numbers, decimals and truth values of Parquet; a column of dates holds no numbers, as its type says before the charge."""
    frame = pl.DataFrame({"n": [1, None, 300], "b": [True, False, None], "t": ["a", None, "b"]}).with_columns(
        pl.Series("d", ["2020-01-01", None, "2021-01-01"]).str.to_date(), pl.col("n").cast(pl.Decimal(10, 2)).alias("m")
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    table = {"inline": {"data": buffer.getvalue(), "format": table_pb2.TABLE_FORMAT_PARQUET}}
    found = dp.ask(table, sum=bounded("n", "m", "b"), epsilon=SURE, noise=WHOLE_GAUSSIAN, delta=1e-2)
    assert [each.value for each in found.answers] == pytest.approx([101, 101, 1], abs=250)
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(table, sum=bounded("n", "d"))
    assert violations_of(caught.value) == ["sum.columns[1].column"]
    by = {"column": "d", "keys": [{"value": "2020-01-01"}], "unlisted": OTHER}
    counts = dp.ask(table, count={}, group_by=by, epsilon=SURE, noise=WHOLE_LAPLACE).answers
    assert [each.value for each in counts] == [1, 1]  # the null is in no group


def test_a_preview_reads_and_charges_nothing(dp: Dp, people: Any) -> None:
    answer = dp.ask(None, sum=bounded("age"), epsilon=0.25, validate_only=True)
    assert answer.answers[0].WhichOneof("result") is None
    assert answer.answers[0].noise_scale == 400.0
    assert (answer.epsilon, answer.spend, len(answer.budgets)) == (0.25, "", 0)
    asked = dp.ask(people, sum=bounded("age"), epsilon=0.25).answers[0]
    assert asked.noise_scale == 400.0
    found = dp.ask(None, count={}, group_by={"column": "g", "unlisted": DISCOVER}, delta=1e-6, epsilon=2.0, validate_only=True)
    assert (found.group_threshold, len(found.answers), found.answers[0].HasField("group")) == (14.0, 1, False)


BAD = {
    "query": {},
    "epsilon": {"count": {}, "epsilon": 0.0},
    "delta": {"count": {}, "noise": GAUSSIAN},
    "noise": {"count": {}, "noise": 9},
    "mean.columns": {"mean": {}},
    "mean.columns[0].bounds": {"mean": {"columns": [{"column": "age"}]}},
    "mean.columns[0].bounds.lower": {"mean": bounded("age", lower=3.0, upper=3.0)},
    "sum.columns[0].bounds": {"sum": bounded("age", lower=0.5), "noise": WHOLE_LAPLACE},
    "mean.columns[1].column": {"mean": bounded("age", "age")},
    "histogram.columns[0].bins": {"histogram": {"columns": [{"column": "age"}]}},
    "histogram.columns[0].equal_width.count": {"histogram": widths("age", 10_001)},
    "histogram.columns[0].outliers": {
        "histogram": {"columns": [{"column": "age", "categories": {"values": ["a"]}, "outliers": 2}]}
    },
    "exponential.candidates": {"exponential": {"candidates": [{"text": "a"}], "column": "city"}},
    "exponential.sensitivity": {"exponential": {"candidates": [{"text": "a", "utility": 1.0}, {"text": "b", "utility": 1.0}]}},
    "where[0].operand": {"count": {}, "where": [{"column": "age", "comparison": 1}]},
    "privacy_unit.max_groups": {"count": {}, "privacy_unit": {"max_contributions": 2, "max_groups": 3}},
    "dataset_size": {"mean": bounded("age"), "dataset_size": 10},
    "group_by.keys": {"count": {}, "group_by": {"column": "city", "keys": [{"value": "a"}, {"value": "a"}]}},
    "budgets": {"count": {}, "budgets": ["budgets/a", "budgets/a"]},
    "budgets[0]": {"count": {}, "budgets": [f"budgets/sha256-{'a' * 64}"]},
    "request_id": {"count": {}, "request_id": "1"},
    "histogram.columns": {
        "histogram": widths("age", 10_000),
        "group_by": {"column": "city", "keys": [{"value": str(at)} for at in range(6)]},
    },
}


@pytest.mark.parametrize("field", BAD)
def test_what_is_wrong_is_named(dp: Dp, people: Any, field: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(people, **BAD[field])
    assert status_of(caught.value)[0] == "INVALID_ARGUMENT"
    assert field in violations_of(caught.value)


def test_a_column_that_is_not_there_is_named(dp: Dp, people: Any) -> None:
    for request, field in (
        ({"mean": bounded("age", "height")}, "mean.columns[1].column"),
        ({"count": {}, "where": [{"column": "height", "comparison": 1, "number": 1.0}]}, "where[0].column"),
        ({"count": {}, "group_by": {"column": "height", "keys": [{"value": "1"}]}}, "group_by.column"),
        ({"count": {}, "privacy_unit": {"unit_column": "height"}}, "privacy_unit.unit_column"),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            dp.ask(people, **request)
        assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN")
        assert caught.value.details().startswith(field)


def test_every_noise_is_named_in_the_answer(dp: Dp, people: Any) -> None:
    for noise, delta in NOISES:
        assert dp.ask(people, count={}, noise=noise, delta=delta).noise == noise
    assert dp.ask(people, count={}).noise == LAPLACE


def test_a_plan_of_many_groups_ends_when_nobody_waits_for_it(dp: Dp) -> None:
    """Thousands of epsilons, a search for sigma each: a minute that a caller who hung up must not keep a worker for."""
    keys = [{"value": str(at), "epsilon": 0.5 + at / 8000} for at in range(4000)]
    query = {"sum": bounded("age"), "noise": WHOLE_GAUSSIAN, "delta": 1e-6, "epsilon": 1.0}
    request = dp_service_pb2.ComputeRequest(table=csv("age", "1", "2"), group_by={"column": "age", "keys": keys}, **query)
    for _ in range(2):
        with pytest.raises(grpc.RpcError) as caught:
            dp.stub.Compute(request, metadata=dp.stubs.metadata, timeout=1.0)
        assert status_of(caught.value)[0] == "DEADLINE_EXCEEDED"
    assert dp.ask(csv("age", "1", "2"), count={}, epsilon=1.0).answers
    time.sleep(1.0)
    spent = time.process_time()  # of the server, too: it runs in this process
    time.sleep(1.0)
    assert time.process_time() - spent < 0.5
