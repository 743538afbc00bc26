"""Strategies other than the optimum, the frontier and the lattice around a solution, through the real server."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import polars as pl
import pytest
from google.protobuf import json_format
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from release_check import check_release
from test_adult import LEVELS, QUASI, policy

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.datasets.v1.dataset_pb2 import Dataset
from shoal.api.tables.v1 import table_pb2

Search = policy_pb2.SearchStrategy


@pytest.fixture(scope="module")
def uploaded(stubs: Stubs, adult: Path) -> Dataset:
    return stubs.upload((adult / "adult.csv").read_bytes())


def run(stubs: Stubs, dataset: Dataset, message: policy_pb2.AnonymizationPolicy) -> anonymization_service_pb2.AnonymizeResponse:
    request = anonymization_service_pb2.AnonymizeRequest(table={"dataset": dataset.name}, policy=message)
    return stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=120)


def frame_of(stubs: Stubs, answer: anonymization_service_pb2.AnonymizeResponse) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(stubs.download(answer.output.name)), separator=";", infer_schema=False)


def smallest(frame: pl.DataFrame, names: list[str]) -> int:
    return int(frame.group_by(names).len()["len"].min())  # type: ignore[arg-type]


def test_anytime_with_enough_of_everything_is_the_optimum(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    message = policy(adult, 0.02)
    message.search.strategy = Search.STRATEGY_ANYTIME
    message.search.max_seconds = 60
    solution = run(stubs, uploaded, message).solution
    assert solution.loss == pytest.approx(0.3137130353, abs=1e-9)
    assert solution.search.optimal
    assert solution.search.gap == 0
    assert not solution.search.stopped_by


def test_anytime_stopped_early_gives_a_release_and_a_proven_bound(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    message = policy(adult, 0.02)
    message.search.strategy = Search.STRATEGY_ANYTIME
    message.search.max_nodes = 25
    answer = run(stubs, uploaded, message)
    solution = answer.solution
    assert solution.search.stopped_by == "max_nodes"
    assert solution.search.lower_bound <= 0.3137130353 + 1e-9 <= solution.loss + 2e-9
    assert solution.search.gap == pytest.approx(solution.loss - solution.search.lower_bound, abs=1e-12)
    assert smallest(frame_of(stubs, answer), QUASI) >= 5


def widened(stubs: Stubs, adult: Path) -> tuple[Dataset, policy_pb2.AnonymizationPolicy]:
    """adult with six more attributes of 64 values, which follow the age, and hierarchies that halve them: 1.5e9 nodes."""
    frame = pl.read_csv(adult / "adult.csv", separator=";", infer_schema=False)
    random = np.random.default_rng(2)
    message = policy(adult, 0.02)
    for place in range(6):
        values = np.clip(frame["age"].cast(pl.Int64).to_numpy() / 2 + random.normal(0, 6, frame.height), 0, 63).astype(int)
        frame = frame.with_columns(pl.Series(f"more{place}", values.astype(str)))
        attribute = message.attributes.add(name=f"more{place}", role=policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER)
        attribute.hierarchy.table.inline.format = table_pb2.TABLE_FORMAT_CSV
        levels = ((f"{leaf >> bits}/{bits}" if bits else f"{leaf}" for bits in range(7)) for leaf in range(64))
        attribute.hierarchy.table.inline.data = "".join(";".join(each) + "\n" for each in levels).encode()
    return stubs.upload(frame.write_csv(separator=";").encode()), message


def test_lattices_beyond_counting(stubs: Stubs, adult: Path) -> None:
    """ANYTIME gives a release and a proven gap that more time makes smaller; OPTIMAL runs until its time is over."""
    dataset, message = widened(stubs, adult)
    message.search.strategy = Search.STRATEGY_ANYTIME
    solutions = []
    for seconds in (1, 6):
        message.search.max_seconds = seconds
        answer = run(stubs, dataset, message)
        solution = answer.solution
        assert solution.search.lattice_size == 12960 * 7**6 > 2**30
        assert solution.search.stopped_by == "max_seconds"
        assert solution.search.search_seconds < seconds + 2
        assert 0 < solution.search.lower_bound < solution.loss < 1
        assert solution.search.gap == pytest.approx(solution.loss - solution.search.lower_bound, abs=1e-12)
        names = [*QUASI, *(f"more{place}" for place in range(6))]
        assert smallest(frame_of(stubs, answer), names) >= 5
        assert solution.suppressed_count <= 603
        solutions.append(solution)
    assert solutions[1].search.gap < solutions[0].search.gap
    assert solutions[1].loss <= solutions[0].loss
    # Without suppression the optimum is proven.
    message.suppression_limit = 0
    message.search.strategy = Search.STRATEGY_OPTIMAL
    message.search.max_seconds = 60
    assert run(stubs, dataset, message).solution.search.optimal
    message.suppression_limit = 0.02
    message.search.max_seconds = 1
    with pytest.raises(grpc.RpcError) as caught:
        run(stubs, dataset, message)
    assert status_of(caught.value)[0] == "DEADLINE_EXCEEDED"
    assert "ANYTIME" in caught.value.details()


def test_the_lattice_around_a_node_of_one_beyond_counting(stubs: Stubs, adult: Path) -> None:
    """Around given levels nothing is searched; around the best ones the policy's strategy is, which ANYTIME ends in time."""
    dataset, message = widened(stubs, adult)
    message.search.strategy = Search.STRATEGY_ANYTIME
    message.search.max_seconds = 1
    for levels in ([1] * 15, []):
        request = anonymization_service_pb2.ExploreLatticeRequest(
            table={"dataset": dataset.name}, policy=message, levels=levels
        )
        answer = stubs.anonymization.ExploreLattice(request, metadata=stubs.metadata, timeout=60)
        assert answer.nodes[0].satisfied == (not levels)
        assert 15 < len(answer.nodes) <= 31
        assert answer.complete
    points = frontier(stubs, dataset, message, ks=[5, 50]).points
    assert all(each.feasible and not each.optimal and each.gap > 0 for each in points)
    assert points[0].loss < points[1].loss


@pytest.mark.parametrize(
    ("strategy", "limit"),
    [(Search.STRATEGY_BASIC, 1.0), (Search.STRATEGY_WITH_IMPORTANCE, 0.02), (Search.STRATEGY_WITH_DEVIATION, 0.02)],
    ids=["basic", "importance", "deviation"],
)
def test_simple_strategies_satisfy_the_policy_and_claim_nothing(
    stubs: Stubs, adult: Path, uploaded: Dataset, strategy: Any, limit: float
) -> None:
    message = policy(adult, limit)
    message.search.strategy = strategy
    answer = run(stubs, uploaded, message)
    solution = answer.solution
    assert smallest(frame_of(stubs, answer), QUASI) >= 5
    assert solution.suppressed_count <= limit * 30162
    assert not solution.search.optimal
    assert solution.search.gap == solution.loss
    assert solution.loss >= (0.2204119285 if limit == 1.0 else 0.3137130353) - 1e-9
    if strategy == Search.STRATEGY_BASIC:
        assert [each.level for each in solution.attributes] == [1] * 9


def test_basic_fails_where_level_1_is_not_enough(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    message = policy(adult, 0.0)
    message.search.strategy = Search.STRATEGY_BASIC
    with pytest.raises(grpc.RpcError) as caught:
        run(stubs, uploaded, message)
    assert status_of(caught.value)[:2] == ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")
    assert "BASIC" in caught.value.details()


def test_importance_raises_the_least_weight_first(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    message = policy(adult, 0.02)
    message.search.strategy = Search.STRATEGY_WITH_IMPORTANCE
    for place, attribute in enumerate(message.attributes):
        attribute.weight = 10 - place
    solution = run(stubs, uploaded, message).solution
    levels = [each.level for each in solution.attributes]
    tops = [count - 1 for count in LEVELS]
    first = next(place for place, level in enumerate(levels) if level > 0)
    assert levels[:first] == [0] * first
    assert levels[first + 1 :] == tops[first + 1 :]


def test_every_measure_finds_an_optimum_no_worse_than_the_others_(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    """Each measure's own optimum has the least value of it among the optima of all measures."""
    measures = {
        policy_pb2.LOSS_MEASURE_LOSS: "loss_geometric_mean",
        policy_pb2.LOSS_MEASURE_DISCERNIBILITY: "discernibility",
        policy_pb2.LOSS_MEASURE_NON_UNIFORM_ENTROPY: "non_uniform_entropy",
        policy_pb2.LOSS_MEASURE_KL_DIVERGENCE: "kl_divergence",
        policy_pb2.LOSS_MEASURE_AMBIGUITY: "ambiguity",
    }
    found = {}
    for measure in measures:
        message = policy(adult, 0.02)
        message.quality.measure = measure
        found[measure] = run(stubs, uploaded, message).solution
    for measure, field in measures.items():
        own = getattr(found[measure].quality, field)
        assert own == pytest.approx(found[measure].loss, rel=1e-9)
        assert all(own <= getattr(other.quality, field) * (1 + 1e-12) for other in found.values()), field
    # ARX's optimum for discernibility, table 2.1.
    assert found[policy_pb2.LOSS_MEASURE_DISCERNIBILITY].loss == 7220555
    assert found[policy_pb2.LOSS_MEASURE_DISCERNIBILITY].suppressed_count == 105


@pytest.mark.parametrize(
    "method",
    [Search.LOCAL_RECODING_MONDRIAN_STRICT, Search.LOCAL_RECODING_MONDRIAN_RELAXED, Search.LOCAL_RECODING_ITERATIVE],
    ids=["strict", "relaxed", "iterative"],
)
def test_local_recoding_loses_less_and_keeps_the_promise(stubs: Stubs, adult: Path, uploaded: Dataset, method: Any) -> None:
    message = policy(adult, 0.02)
    for attribute in message.attributes:
        if attribute.name == "occupation":
            attribute.role = policy_pb2.ATTRIBUTE_ROLE_SENSITIVE
    diversity = message.privacy_models.add().l_diversity
    diversity.attribute, diversity.l = "occupation", 3
    globally = run(stubs, uploaded, message).solution
    message.search.strategy = Search.STRATEGY_LOCAL_RECODING
    message.search.local_recoding = method
    answer = run(stubs, uploaded, message)
    solution = answer.solution
    frame = frame_of(stubs, answer)
    quasi = [name for name in QUASI if name != "occupation"]
    assert smallest(frame, quasi) >= 5
    assert int(frame.group_by(quasi).agg(pl.col("occupation").n_unique())["occupation"].min()) >= 3  # type: ignore[arg-type]
    assert solution.recoding == 2
    assert solution.suppressed_count <= 603
    assert solution.loss < globally.loss
    assert solution.models[0].measured == smallest(frame, quasi)
    assert not solution.search.optimal


def test_microaggregation_of_numbers(stubs: Stubs) -> None:
    lines = ["height,weight,ill"] + [f"{150 + (i * 7) % 50}.5,{50 + (i * 11) % 60},{'ab'[i % 2]}" for i in range(200)]
    dataset = stubs.upload(("\n".join(lines) + "\n").encode())
    quasi = [{"name": name, "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"} for name in ("height", "weight")]
    for how in ("MEAN", "MEDIAN", "INTERVAL"):
        message = json_format.ParseDict(
            {
                "attributes": [*quasi, {"name": "ill", "role": "ATTRIBUTE_ROLE_SENSITIVE"}],
                "privacy_models": [{"k_anonymity": {"k": 5}}],
                "search": {"strategy": "STRATEGY_MICROAGGREGATION", "microaggregation": f"MICROAGGREGATION_{how}"},
            },
            policy_pb2.AnonymizationPolicy(),
        )
        answer = run(stubs, dataset, message)
        frame = pl.read_csv(io.BytesIO(stubs.download(answer.output.name)), infer_schema=False)
        assert frame.height == 200
        assert smallest(frame, ["height", "weight"]) >= 5
        assert answer.solution.recoding == 3
        assert 0 < answer.solution.loss < 1
        if how == "MEAN":
            means = frame.group_by(["height", "weight"]).len()
            total = (means["height"].cast(pl.Float64) * means["len"]).sum()
            assert total == pytest.approx(sum(150.5 + (i * 7) % 50 for i in range(200)), abs=1)


def frontier(
    stubs: Stubs, dataset: Dataset, message: policy_pb2.AnonymizationPolicy, **more: Any
) -> anonymization_service_pb2.ComputeFrontierResponse:
    request = anonymization_service_pb2.ComputeFrontierRequest(table={"dataset": dataset.name}, policy=message, **more)
    return stubs.anonymization.ComputeFrontier(request, metadata=stubs.metadata, timeout=120)


def test_the_frontier_s_points_are_the_optima(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    ks, limits = [2, 5, 10, 40000], [0.0, 0.02, 1.0]
    answer = frontier(stubs, uploaded, policy(adult, 0.02), ks=ks, suppression_limits=limits)
    assert [(each.k, each.suppression_limit) for each in answer.points] == list(itertools.product(ks, limits))
    points = {(each.k, each.suppression_limit): each for each in answer.points}
    assert points[5, 0.0].loss == pytest.approx(0.5731509656, abs=1e-9)
    assert points[5, 0.02].loss == pytest.approx(0.3137130353, abs=1e-9)
    assert points[5, 1.0].loss == pytest.approx(0.2204119285, abs=1e-9)
    assert points[2, 0.02].loss == pytest.approx(0.2093709911, abs=1e-9)
    assert points[10, 0.02].loss == pytest.approx(0.3423367036, abs=1e-9)
    assert points[5, 0.02].suppressed_count == 506
    assert points[5, 0.02].highest_risk == 0.2
    assert points[5, 0.02].average_risk == pytest.approx(0.0074858376, abs=1e-10)
    assert all(each.feasible == (each.k != 40000) for each in answer.points)
    assert all(each.optimal for each in answer.points if each.feasible)
    assert answer.row_count == 30162
    assert list(answer.attributes) == QUASI


def test_any_parameter_can_be_varied(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    message = policy(adult, 0.02)
    message.attributes[7].role = policy_pb2.ATTRIBUTE_ROLE_SENSITIVE
    closeness = message.privacy_models.add().t_closeness
    closeness.attribute, closeness.t = "occupation", 0.5
    varied = [{"model": 1, "parameter": "t", "values": [0.2, 0.5, 1.0]}]
    answer = frontier(stubs, uploaded, message, parameters=varied)
    assert [list(each.parameters) for each in answer.points] == [[0.2], [0.5], [1.0]]
    losses = [each.loss for each in answer.points]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] == pytest.approx(0.8150031862, abs=1e-9)
    assert losses[2] == pytest.approx(0.2464771552, abs=1e-9)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ks": [0]}, "ks[0]"),
        ({"suppression_limits": [1.5]}, "suppression_limits[0]"),
        ({"parameters": [{"model": 4, "parameter": "t", "values": [1]}]}, "parameters[0].model"),
        ({"parameters": [{"model": 0, "parameter": "t", "values": [1]}]}, "parameters[0].parameter"),
        ({"parameters": [{"model": 0, "parameter": "k"}]}, "parameters[0].values"),
        ({"parameters": [{"model": 0, "parameter": "k", "values": [2.5]}]}, "parameters[0].values"),
        ({"ks": list(range(1, 200)), "suppression_limits": [i / 100 for i in range(100)]}, "parameters"),
    ],
)
def test_a_frontier_that_makes_no_sense(stubs: Stubs, adult: Path, uploaded: Dataset, more: dict[str, Any], field: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        frontier(stubs, uploaded, policy(adult, 0.02), **more)
    assert field in violations_of(caught.value)


def test_the_lattice_around_the_optimum(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    request = anonymization_service_pb2.ExploreLatticeRequest(table={"dataset": uploaded.name}, policy=policy(adult, 0.02))
    answer = stubs.anonymization.ExploreLattice(request, metadata=stubs.metadata, timeout=60)
    optimum = [0, 3, 0, 2, 2, 1, 1, 2, 0]
    middle = answer.nodes[0]
    assert (list(middle.levels), middle.satisfied, middle.suppressed_count) == (optimum, True, 506)
    assert middle.loss == pytest.approx(0.3137130353, abs=1e-9)
    assert (middle.class_count, middle.smallest_class) == (222, 5)
    around = {tuple(each.levels) for each in answer.nodes[1:]}
    expected = set()
    for place, (level, count) in enumerate(zip(optimum, LEVELS, strict=True)):
        for step in (-1, 1):
            if 0 <= level + step < count:
                expected.add((*optimum[:place], level + step, *optimum[place + 1 :]))
    assert around == expected
    assert all(each.loss >= middle.loss for each in answer.nodes if each.satisfied)
    assert answer.complete
    wide = anonymization_service_pb2.ExploreLatticeRequest(
        table={"dataset": uploaded.name}, policy=policy(adult, 0.02), levels=[0] * 9, radius=2
    )
    nodes = stubs.anonymization.ExploreLattice(wide, metadata=stubs.metadata, timeout=60).nodes
    assert max(sum(each.levels) for each in nodes) == 2
    assert not nodes[0].satisfied


def test_levels_that_no_hierarchy_has(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    for levels, field in (([0] * 8, "levels"), ([2, *[0] * 8], "levels[0]")):
        request = anonymization_service_pb2.ExploreLatticeRequest(
            table={"dataset": uploaded.name}, policy=policy(adult, 0.02), levels=levels
        )
        with pytest.raises(grpc.RpcError) as caught:
            stubs.anonymization.ExploreLattice(request, metadata=stubs.metadata, timeout=60)
        assert violations_of(caught.value) == [field]


def test_a_release_of_a_policy_is_checked_by_somebody_else(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    message = policy(adult, 0.02)
    answer = run(stubs, uploaded, message)
    original = pl.read_csv(adult / "adult.csv", separator=";", infer_schema=False)
    document = json_format.MessageToDict(message, preserving_proto_field_name=True)
    assert check_release(original, frame_of(stubs, answer), document) == []
