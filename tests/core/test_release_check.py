"""The check of releases: it says nothing about good ones, and finds every kind of bad one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest
from counts import FULL
from oracle import golden
from oracle.frames import Framed
from oracle.generate import KINDS, deciding
from oracle.losses import MEASURES
from oracle.models import AverageRisk
from oracle.search import Oracle
from oracle.table import Levels
from release_check import Violation, check_release, recode

QUASI = ("age", "zip", "sex")
ORIGINAL = pl.DataFrame(golden.ROWS, schema=golden.COLUMNS, orient="row")
HIERARCHIES: dict[str, dict[str | None, tuple[str, ...]]] = {
    "age": {str(age): (f"{age // 10}0s", "<50" if age < 50 else ">=50", "*") for age in range(100)},
    "zip": {code: tuple(code[: 5 - n] + "*" * n for n in range(1, 6)) for code in ORIGINAL["zip"]},
    "sex": {"F": ("*",), "M": ("*",)},
    "disease": {name: (group, "*") for name, group in golden.GROUPS.items()},
}
LEVELS = dict(zip(QUASI, golden.LEVELS, strict=True))
RELEASED = recode(ORIGINAL, QUASI, LEVELS, HIERARCHIES)[:9]


def policy(*models: dict[str, Any], limit: float = 0.1, **more: Any) -> dict[str, Any]:
    attributes = [{"name": name, "role": "QUASI_IDENTIFIER"} for name in QUASI]
    attributes += [{"name": name, "role": "ATTRIBUTE_ROLE_SENSITIVE"} for name in ("disease", "salary")]
    return {"attributes": attributes, "privacy_models": list(models), "suppression_limit": limit, **more}


def rules(found: list[Violation]) -> set[str]:
    return {violation.rule for violation in found}


def check(released: pl.DataFrame = RELEASED, promised: dict[str, Any] | None = None, **more: Any) -> set[str]:
    promised = promised or policy({"k_anonymity": {"k": 2}})
    return rules(check_release(ORIGINAL, released, promised, levels=LEVELS, hierarchies=HIERARCHIES, **more))


# What the three released classes just keep, and what one of them breaks.
EDGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"k_anonymity": {"k": 2}}, {"k": 3}),
    ({"l_diversity": {"attribute": "disease", "l": 1}}, {"l": 2}),
    ({"l_diversity": {"attribute": "salary", "kind": "L_DIVERSITY_KIND_ENTROPY", "l": 2.0}}, {"l": 2.001}),
    ({"l_diversity": {"attribute": "salary", "kind": "ENTROPY", "estimator": "GRASSBERGER", "l": 2}}, {"l": 2.001}),
    ({"l_diversity": {"attribute": "salary", "kind": "RECURSIVE", "c": 1.01, "l": 2}}, {"c": 1}),
    ({"t_closeness": {"attribute": "disease", "t": 0.8}}, {"t": 0.79}),
    ({"t_closeness": {"attribute": "salary", "distance": "ORDERED", "t": 0.375}}, {"t": 0.374}),
    ({"t_closeness": {"attribute": "salary", "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN", "t": 0.1963}}, {"t": 0.1962}),
    ({"t_closeness": {"attribute": "disease", "distance": "HIERARCHICAL", "t": 0.8}}, {"t": 0.79}),
    ({"delta_disclosure": {"attribute": "disease", "delta": 1.7}}, {"delta": 1.6}),
    ({"beta_likeness": {"attribute": "disease", "beta": 4}}, {"beta": 3.99}),
    ({"beta_likeness": {"attribute": "salary", "beta": 4}}, {"enhanced": True}),
    ({"k_map": {"k": 4}}, {"k": 5}),
    ({"delta_presence": {"min_delta": 0.2, "max_delta": 0.5}}, {"max_delta": 0.49}),
    ({"delta_presence": {"min_delta": 0.2, "max_delta": 0.5}}, {"min_delta": 0.21}),
    ({"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_highest": 0.5}}, {"max_highest": 0.49}),
    ({"risk_limit": {"attacker": "JOURNALIST", "max_highest": 0.25}}, {"max_highest": 0.24}),
    ({"risk_limit": {"attacker": "PROSECUTOR", "max_average": 0.3334}}, {"max_average": 0.3333}),
    ({"risk_limit": {"attacker": "MARKETER", "max_average": 0.1334}}, {"max_average": 0.1333}),
]


@pytest.mark.parametrize(("kept", "stricter"), EDGES, ids=[f"{next(iter(edge[0]))}-{edge[1]}" for edge in EDGES])
def test_every_model_has_its_edge(kept: dict[str, Any], stricter: dict[str, Any]) -> None:
    ((name, model),) = kept.items()
    sizes = zip(golden.CLASSES, golden.POPULATION, strict=True)
    people = [golden.ROWS[members[0]][:3] for members, count in sizes for _ in range(count)]
    census = pl.DataFrame(people, schema=QUASI, orient="row")
    k = {"k_anonymity": {"k": 2}}
    assert check(promised=policy(k, kept, population={"inline": {}}), population=census) == set()
    broken = check(promised=policy(k, {name: {**model, **stricter}}, population={"inline": {}}), population=census)
    assert len(broken) == 1
    assert broken.pop().startswith(name)


BAD: list[tuple[str, Callable[[pl.DataFrame], pl.DataFrame], set[str]]] = [
    ("a cell of another class", lambda table: table.with_columns(sex=pl.Series(["M", *table["sex"][1:]])), {"classes"}),
    ("a cell left as it was", lambda table: table.with_columns(zip=pl.Series(["13053", *table["zip"][1:]])), {"classes"}),
    ("a sensitive value of another row", lambda table: table.with_columns(disease=table["disease"].reverse()), {"rows"}),
    ("a row too few", lambda table: table[1:], {"suppression_limit", "classes"}),
    ("a class too few", lambda table: table[3:], {"suppression_limit", "suppression"}),
    ("a row twice", lambda table: pl.concat([table, table[:1]]), {"rows"}),
    ("nothing", lambda table: table[:0], {"suppression_limit"}),
    ("a missing column", lambda table: table.drop("age"), {"columns"}),
]


@pytest.mark.parametrize(("spoil", "broken"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_spoiled_release_is_found(spoil: Callable[[pl.DataFrame], pl.DataFrame], broken: set[str]) -> None:
    assert broken <= check(spoil(RELEASED))


def test_swapped_sensitive_values_of_two_classes() -> None:
    """As many of each as before, but in the wrong classes."""
    swapped = RELEASED.with_columns(salary=pl.Series([9000, *RELEASED["salary"][1:7], 3000, RELEASED["salary"][8]]))
    swapped = swapped.with_columns(disease=pl.Series(["cancer", *RELEASED["disease"][1:7], "flu", RELEASED["disease"][8]]))
    assert check(swapped) == {"classes"}


def test_columns_that_had_to_go() -> None:
    promised = policy({"k_anonymity": {"k": 2}})
    promised["attributes"][3] = {"name": "disease", "role": "IDENTIFIER"}
    assert check(promised=promised) == {"columns"}
    assert check(RELEASED.drop("disease"), promised) == set()


def test_persons_instead_of_rows() -> None:
    """The two rows of class C are one person."""
    promised = policy({"k_anonymity": {"k": 2}}, entity_column="person")
    two_of_one: list[int | None] = [*range(8), 7, 9]
    unknown: list[int | None] = [*range(7), None, None, 9]  # together one person
    for persons, broken in ((list(range(10)), set()), (two_of_one, {"k_anonymity"}), (unknown, {"k_anonymity"})):
        original = ORIGINAL.with_columns(person=pl.Series(persons, dtype=pl.Int64))
        found = check_release(original, RELEASED, promised, levels=LEVELS, hierarchies=HIERARCHIES)
        assert rules(found) == broken
    with pytest.raises(ValueError, match="levels"):
        check_release(ORIGINAL, RELEASED, promised)


def test_without_levels_classes_are_those_of_the_released_cells() -> None:
    promised = policy({"k_anonymity": {"k": 2}}, {"l_diversity": {"attribute": "salary", "l": 2}})
    assert check_release(ORIGINAL, RELEASED, promised) == []
    mixed = RELEASED.with_columns(age=pl.Series(["23", *RELEASED["age"][1:]]))
    assert rules(check_release(ORIGINAL, mixed, promised)) == {"k_anonymity", "l_diversity"}


def test_a_reference_of_its_own() -> None:
    """Against the nine released rows class C is 7/9 away, against all ten 4/5."""
    promised = policy({"t_closeness": {"attribute": "disease", "t": 0.7999}})
    assert check(promised=promised) == {"t_closeness"}
    # Row 10 satisfies no t below 0.8 either, so nothing is missing.
    assert check(promised=promised, reference=ORIGINAL[:9]) == set()


def test_random_releases() -> None:
    """Whatever the oracle releases passes; whatever it would have suppressed, and is released nevertheless, is found."""
    checked = caught = 0
    for turn in range(600 if FULL else 60):
        problem = deciding(np.random.default_rng([11, turn]), KINDS[turn % len(KINDS)], MEASURES[turn % len(MEASURES)])
        table, task = problem.table, problem.task
        oracle = Oracle(table)
        best = oracle.best(task)
        if best is None or any(column.reference for column in table.sensitive):
            continue
        framed = Framed.of(problem)

        def wrong(levels: Levels, records: set[int], framed: Framed = framed) -> set[str]:
            found = check_release(
                framed.original,
                framed.released(levels, records),
                framed.policy,
                levels=dict(zip(framed.quasi, levels, strict=True)),
                hierarchies=framed.hierarchies,
                population=framed.population,
            )
            return rules(found)

        assert wrong(best[0].levels, best[0].kept) == set()
        checked += 1
        for levels in list(table.nodes())[:4]:
            node = oracle.node(levels, task.models)
            if node.suppressed and not any(isinstance(model, AverageRisk) for model in task.models):
                assert wrong(levels, set(range(table.records)))
                caught += 1
            if node.released and node.suppressed > task.limit:
                assert wrong(levels, node.kept) == {"suppression_limit"}
    assert min(checked, caught) >= (300 if FULL else 25)
