"""The golden table: every number of it that belongs to a privacy model or a loss, by the oracle and by the engine."""

from __future__ import annotations

import json
import math
from fractions import Fraction

import pytest
from conftest import data_set
from oracle import door, golden
from oracle.exact import INFINITE, Number, to_float
from oracle.losses import MARGINAL, MEASURES, Objective, loss
from oracle.models import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctDiversity,
    EntropyDiversity,
    KAnonymity,
    KMap,
    Model,
    RecursiveDiversity,
    measured,
)
from oracle.search import Oracle
from oracle.table import Table

from shoal import kernels

F = Fraction
DISEASE, SALARY = golden.DISEASE, golden.SALARY
WIDE = F(1000)  # a bound that every class keeps
ENTROPIES = [  # counts 2 1; 2 1 1; 2
    math.exp(math.log(3) - 2 * math.log(2) / 3),
    math.exp(math.log(4) - 2 * math.log(2) / 4),
    1.0,
]
GAINS = [math.log(F(2, 3) / F(2, 9)), math.log(F(1, 4) / F(1, 9)), math.log(1 / F(2, 9))]
# Model, rows of the reference distribution (None: the class's table is of no matter), what classes A, B and C measure.
PER_CLASS: list[tuple[str, Model, int | None, list[Number | float | None]]] = [
    ("entropy", EntropyDiversity(DISEASE, 1.0), None, [*ENTROPIES]),
    ("recursive", RecursiveDiversity(DISEASE, WIDE, 2), None, [*golden.fractions("recursive_ratio_l2")]),
    ("equal-9", Closeness(DISEASE, "EQUAL", F(1)), 9, [*golden.fractions("t_equal_9")]),
    ("equal-10", Closeness(DISEASE, "EQUAL", F(1)), 10, [*golden.fractions("t_equal_10")]),
    ("ordered-9", Closeness(SALARY, "ORDERED", F(1)), 9, [*golden.fractions("t_ordered_9")]),
    ("ordered-10", Closeness(SALARY, "ORDERED", F(1)), 10, [*golden.fractions("t_ordered_10")]),
    ("hierarchical-9", Closeness(DISEASE, "HIERARCHICAL", F(1)), 9, [*golden.fractions("t_hier_9")]),
    ("wasserstein-9", Closeness(SALARY, "WASSERSTEIN", F(1)), 9, [*golden.fractions("t_wasserstein_scaled_9")]),
    ("delta-disclosure", DeltaDisclosure(DISEASE, 1000.0), 9, [*GAINS]),
    ("beta", BetaLikeness(DISEASE, WIDE), 9, [*golden.fractions("basic_beta")]),
    ("distinct", DistinctDiversity(DISEASE, 1), None, [F(2), F(3), F(1)]),
    ("k", KAnonymity(1), None, [F(3), F(4), F(2)]),
]
CASES = [
    pytest.param(model, golden.table(golden.CLASSES[place], reference), values[place], id=f"{name}-{'ABC'[place]}")
    for name, model, reference, values in PER_CLASS
    for place in range(3)
]


def test_the_constants_are_those_of_the_reference() -> None:
    reference = json.loads(data_set("reference/golden-table.json").read_text())
    assert [tuple(row) for row in reference["rows"]] == list(golden.ROWS)
    assert reference["columns"] == list(golden.COLUMNS)
    assert reference["levels"] == dict(zip(golden.COLUMNS, golden.LEVELS, strict=False))
    assert reference["suppressed_rows"] == list(golden.SUPPRESSED)
    assert reference["hierarchies"]["disease"] == golden.GROUPS
    assert {name: reference["expect"][name] for name in golden.EXPECTED} == golden.EXPECTED


def test_closed_forms_are_the_printed_decimals() -> None:
    assert pytest.approx(golden.decimals("exp_entropy_per_class"), abs=5e-7) == ENTROPIES
    assert pytest.approx(golden.decimals("delta_disclosure"), abs=5e-7) == GAINS


@pytest.mark.parametrize(("model", "table", "value"), CASES)
def test_a_class_by_the_oracle(model: Model, table: Table, value: Number | float | None) -> None:
    (found,) = measured(model, Oracle(table).groups(golden.LEVELS), table)
    if isinstance(value, Fraction):
        assert found == value
    else:
        assert to_float(found) == pytest.approx(to_float(INFINITE) if value is None else value, abs=1e-12)


@pytest.mark.parametrize(("model", "table", "value"), CASES)
def test_a_class_by_the_engine(model: Model, table: Table, value: Number | float | None) -> None:
    """The class as a table of its own, with the reference distribution of the golden table."""
    opened = door.opened(table)
    if value is None:  # fewer values than l: no bound is wide enough
        (evaluation,) = opened.evaluate(
            [golden.LEVELS], [door.model(model)], suppression_limit=0, objective=kernels.Objective()
        )
        assert (evaluation.satisfied, evaluation.suppressed) == (False, table.rows)
        return
    ((found,),) = opened.release(golden.LEVELS, [door.model(model)], objective=kernels.Objective()).measured
    if isinstance(value, Fraction):
        assert found == float(value)
    else:
        assert found == pytest.approx(value, abs=1e-9)


STEP = F(1, 10**15)
BOUNDS: list[
    tuple[str, Model, Model]
] = [  # the model that class C (2 cancer) or all classes just keep, and the next stricter one
    ("equal", Closeness(DISEASE, "EQUAL", F(7, 9)), Closeness(DISEASE, "EQUAL", F(7, 9) - STEP)),
    ("ordered", Closeness(SALARY, "ORDERED", F(3, 8)), Closeness(SALARY, "ORDERED", F(3, 8) - STEP)),
    ("hierarchical", Closeness(DISEASE, "HIERARCHICAL", F(7, 9)), Closeness(DISEASE, "HIERARCHICAL", F(7, 9) - STEP)),
    ("wasserstein", Closeness(SALARY, "WASSERSTEIN", F(16, 81)), Closeness(SALARY, "WASSERSTEIN", F(16, 81) - STEP)),
    ("beta", BetaLikeness(DISEASE, F(7, 2)), BetaLikeness(DISEASE, F(7, 2) - STEP)),
    ("recursive", RecursiveDiversity(DISEASE, F(1) + STEP, 1), RecursiveDiversity(DISEASE, F(1), 1)),
    ("delta", DeltaDisclosure(DISEASE, GAINS[2] + 1e-12), DeltaDisclosure(DISEASE, GAINS[2] - 1e-12)),
    ("k", KAnonymity(2), KAnonymity(3)),
    ("distinct", DistinctDiversity(DISEASE, 1), DistinctDiversity(DISEASE, 2)),
    ("k-map", KMap(4), KMap(5)),
    ("presence", DeltaPresence(F(1, 5), F(1, 2)), DeltaPresence(F(1, 5), F(1, 2) - STEP)),
    ("presence-least", DeltaPresence(F(1, 5), F(1, 2)), DeltaPresence(F(1, 5) + STEP, F(1, 2))),
    ("average", AverageRisk(F(1, 3)), AverageRisk(F(1, 3) - STEP)),
    ("average-population", AverageRisk(F(2, 15), population=True), AverageRisk(F(2, 15) - STEP, population=True)),
]


@pytest.mark.parametrize(("kept", "broken"), [case[1:] for case in BOUNDS], ids=[case[0] for case in BOUNDS])
def test_bounds_are_exact(kept: Model, broken: Model) -> None:
    """A bound that equals what the worst class measures holds, the next smaller one does not."""
    table = golden.table(tuple(range(9)), population=True)
    oracle, opened = Oracle(table), door.opened(table)
    for model, holds in ((kept, True), (broken, False)):
        assert (oracle.node(golden.LEVELS, [model]).suppressed == 0) is holds
        (answer,) = opened.evaluate([golden.LEVELS], [door.model(model)], suppression_limit=0, objective=kernels.Objective())
        assert answer.suppressed == oracle.node(golden.LEVELS, [model]).suppressed
        assert answer.satisfied is holds


def test_the_release() -> None:
    """All models at once on the ten rows and the population: classes A, B and C stay, row 10 goes."""
    table = golden.table(population=True)
    models: list[tuple[Model, tuple[float, ...]]] = [
        (KAnonymity(2), (2.0,)),
        (KMap(1), (4.0,)),
        (DeltaPresence(F(0), F(1)), (0.2, 0.5)),
        (DistinctDiversity(DISEASE, 1), (1.0,)),
        (EntropyDiversity(DISEASE, 1.0), (1.0,)),
        (RecursiveDiversity(DISEASE, WIDE, 1), (1.0,)),
        (Closeness(DISEASE, "EQUAL", F(1)), (4 / 5,)),
        (Closeness(SALARY, "ORDERED", F(1)), (3 / 8,)),
        (AverageRisk(F(1)), (1 / 3,)),
        (AverageRisk(F(1), population=True), (2 / 15,)),
    ]
    opened = door.opened(table)
    answer = opened.release(golden.LEVELS, [door.model(model) for model, _ in models], objective=kernels.Objective())
    assert answer.class_of_record.tolist() == [0, 0, 0, 1, 1, 1, 1, 2, 2, 2**32 - 1]
    assert answer.kept.tolist() == [True] * 9 + [False]
    assert answer.suppressed == len(golden.SUPPRESSED)
    assert answer.measured == tuple(values for _, values in models)
    assert [column.tolist() for column in answer.population_after] == [[3, 4, 2], [6, 20, 4]]
    assert answer.attribute_losses == (2 / 11, 13 / 40, 1 / 10)
    # The report's figure is of the released rows alone; the measure that is minimised has the suppressed as one more class.
    assert Fraction(answer.after.rows, answer.after.classes) == golden.EXPECTED["aecs"]
    assert answer.losses[kernels.Measure.AVERAGE_CLASS_SIZE] == 10 / 4
    assert answer.losses[kernels.Measure.DISCERNIBILITY] == golden.EXPECTED["dm"]
    # Classes cover 10 × 2 × 1 of 100 × 5 × 2 leaves.
    assert answer.losses[kernels.Measure.AMBIGUITY] == (9 * 20 + 1 * 1000) / 10
    spread = [(rows, rows / 200 + 1 / 10_000) for rows in (3, 4, 2)]
    divergence = sum(rows * math.log(0.1 / share) for rows, share in spread) / 10 + math.log(0.1 * 10_000) / 10
    assert divergence == pytest.approx(golden.EXPECTED["kl_nats"], abs=5e-7)
    assert answer.losses[kernels.Measure.KL_DIVERGENCE] == pytest.approx(divergence, abs=1e-9)
    oracle = Oracle(table)
    node = oracle.node(golden.LEVELS, [model for model, _ in models])
    for measure in MEASURES:
        expected = loss(table, golden.LEVELS, node.released, Objective(measure)).value
        assert answer.losses[kernels.Measure(measure)] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("place", range(3), ids=golden.COLUMNS[:3])
def test_marginal_losses(place: int) -> None:
    """One attribute at a time: by the arithmetic mean with weight on it alone, which is a third of its loss."""
    name = golden.COLUMNS[place]
    table = golden.table()
    oracle, opened = Oracle(table), door.opened(table)
    node = oracle.node(golden.LEVELS, [KAnonymity(2)])
    weights = tuple(float(j == place) for j in range(3))
    bits = [
        (3 * math.log2(3) + 4 * math.log2(4) + 2 * math.log2(2), 10 * math.log2(10), math.log2(10)),
        (5 * math.log2(5) + 4 * math.log2(4) - 3 * math.log2(3) - 3 * 2 * math.log2(2), 0.0, math.log2(10)),
        (0.0, 10 * math.log2(2), math.log2(2)),
    ][place]
    printed = golden.EXPECTED["nue_loss_bits"], golden.EXPECTED["nue_max_bits"]
    assert isinstance(printed[0], dict)
    assert isinstance(printed[1], dict)
    lost, most, suppressed = bits
    most = most or 3 * math.log2(10 / 3) + 3 * 2 * math.log2(10 / 2) + math.log2(10)
    assert lost == pytest.approx(printed[0][name], abs=5e-7)
    assert most == pytest.approx(printed[1][name], abs=5e-7)
    ncp, precision = golden.EXPECTED["ncp"], golden.EXPECTED["precision_loss"]
    assert isinstance(ncp, dict)
    assert isinstance(precision, dict)
    expected = {
        "LOSS": float(Fraction(ncp[name])),
        "PRECISION": float(Fraction(precision[name])),
        "NON_UNIFORM_ENTROPY": (lost + suppressed) / most,
    }
    for measure in MARGINAL:
        goal = Objective(measure, "ARITHMETIC_MEAN", weights)
        assert oracle.loss(node, goal).value * 3 == pytest.approx(expected[measure], abs=1e-12)
        answer = opened.release(golden.LEVELS, [kernels.KAnonymity(2)], objective=door.objective(goal))
        assert answer.losses[kernels.Measure(measure)] * 3 == pytest.approx(expected[measure], abs=1e-9)


def test_means_over_the_attributes() -> None:
    table = golden.table()
    oracle, opened = Oracle(table), door.opened(table)
    node = oracle.node(golden.LEVELS, [KAnonymity(2)])
    for measure, mean in (("LOSS", F(89, 440)), ("PRECISION", 1 - F(17, 25))):
        goal = Objective(measure, "ARITHMETIC_MEAN")
        assert oracle.loss(node, goal).key == mean
        answer = opened.release(golden.LEVELS, [kernels.KAnonymity(2)], objective=door.objective(goal))
        assert answer.losses[kernels.Measure(measure)] == pytest.approx(float(mean), abs=1e-15)
