"""ValidatePrivacy against a naive judge, on random tables with nulls and stars and random models near their bounds."""

from __future__ import annotations

import math
import random
from typing import Any

import naive_judge
import pytest
from counts import FULL
from grpc_stubs import Stubs
from validations import csv, validate

TABLES = 500 if FULL else 60
GROUPS = {"flu": "air", "gout": "joint", "ulcer": "gut", "cancer": "any", "": "none"}
LEVELS = [[value, group, "*"] for value, group in GROUPS.items()]
CHOICES = {
    "words": ["flu", "gout", "ulcer", "cancer", ""],
    "numbers": ["1", "2.5", "-3", "40", "4e1", "007", "1000"],
    "mixed": ["1", "2", "x", "10", "", "é"],
}


def table(chance: random.Random) -> naive_judge.Table:
    width = chance.randint(1, 3)
    quasi = [f"q{place}" for place in range(width)]
    names = [*quasi, *CHOICES, "who"]
    cells = chance.choice([["a", "b"], ["a", "b", "", "*"], ["*"], ["", "*", "c"]])
    skew = {name: chance.sample(values, chance.randint(1, len(values))) for name, values in CHOICES.items()}

    def row() -> naive_judge.Row:
        return (
            *(chance.choice(cells) for _ in quasi),
            *(chance.choice(values) for values in skew.values()),
            chance.choice(["ann", "bob", "eve", ""]),
        )

    rows = [row() for _ in range(chance.randint(1, 60))]
    reference = [row() for _ in range(chance.randint(0, 30))] + rows if chance.random() < 0.4 else None
    population = [row()[:width] for _ in range(chance.randint(1, 80))] + [each[:width] for each in rows]
    if chance.random() < 0.3:
        population = [tuple("z" if cell == "*" else cell for cell in each) for each in population]
    return naive_judge.Table(
        names,
        rows,
        quasi,
        reference,
        population if chance.random() < 0.5 else None,
        {"words": [GROUPS, dict.fromkeys(GROUPS, "*")]},
        "who" if chance.random() < 0.3 else None,
    )


def models(chance: random.Random, population: bool, persons: bool) -> list[dict[str, Any]]:
    """Every model once; bounds are often fractions that classes measure exactly."""

    def share() -> float:
        return chance.choice([0.0, 0.1, 0.2, 0.25, 0.5, 0.75, 1.0, round(chance.random(), 3)])

    def attribute() -> str:
        return chance.choice(["words", "numbers", "mixed"])

    low, high = sorted((share(), share()))
    attackers = ["ATTACKER_PROSECUTOR", "ATTACKER_JOURNALIST", "ATTACKER_MARKETER"]
    limits = {"max_highest": max(0.01, share())}
    if not persons:
        limits["max_average"] = max(0.01, share())
    found: list[dict[str, Any]] = [
        {"k_anonymity": {"k": chance.randint(1, 6)}},
        {"l_diversity": {"attribute": attribute(), "l": chance.randint(1, 4)}},
        {
            "l_diversity": {
                "attribute": attribute(),
                "kind": "L_DIVERSITY_KIND_ENTROPY",
                "l": chance.choice([1, 1.5, 2, 3, 4]),
                "estimator": chance.choice(["ENTROPY_ESTIMATOR_SHANNON", "ENTROPY_ESTIMATOR_GRASSBERGER"]),
            }
        },
        {
            "l_diversity": {
                "attribute": attribute(),
                "kind": "L_DIVERSITY_KIND_RECURSIVE",
                "l": chance.randint(1, 3),
                "c": chance.choice([0.5, 1, 1.5, 2, 3]),
            }
        },
        {"t_closeness": {"attribute": attribute(), "t": share()}},
        {"t_closeness": {"attribute": attribute(), "distance": "T_CLOSENESS_DISTANCE_ORDERED", "t": share()}},
        {"t_closeness": {"attribute": "words", "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL", "t": share()}},
        {"t_closeness": {"attribute": "numbers", "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN", "t": share()}},
        {"delta_disclosure": {"attribute": attribute(), "delta": chance.choice([0.3, 0.7, 1.1, 2])}},
        {"beta_likeness": {"attribute": attribute(), "beta": chance.choice([0.5, 1, 1.5, 2])}},
        {"beta_likeness": {"attribute": attribute(), "beta": chance.choice([0.5, 1, 2, 5]), "enhanced": True}},
        {
            "risk_limit": {
                "attacker": chance.choice(attackers),
                **{name: limits[name] for name in chance.sample(sorted(limits), chance.randint(1, len(limits)))},
            }
        },
    ]
    if population:
        found += [{"k_map": {"k": chance.randint(1, 8)}}, {"delta_presence": {"min_delta": low, "max_delta": high}}]
    return found


def test_a_naive_judge_agrees_on_random_tables(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    for _ in range(TABLES):
        one = table(chance)
        asked = models(chance, one.population is not None, bool(one.entity))
        answer = validate(
            stubs,
            csv(one.names, one.rows),
            one.quasi,
            asked,
            reference=None if one.reference is None else csv(one.names, one.reference),
            population=None if one.population is None else csv(one.quasi, one.population),
            hierarchies={"words": LEVELS},
            **({"entity_column": one.entity} if one.entity else {}),
        )
        compare(one, asked, answer)


def compare(one: naive_judge.Table, asked: list[dict[str, Any]], answer: Any) -> None:
    assert (answer.row_count, answer.suppressed_count) == (len(one.kept), len(one.rows) - len(one.kept))
    assert answer.class_count == len(one.classes)
    checks = iter(answer.models)
    failing: set[naive_judge.Row] = set()
    expected: dict[tuple[int, naive_judge.Row], list[float]] = {}
    near = False
    for place, content in enumerate(asked):
        for judged in naive_judge.judge(one, content):
            check = next(checks)
            near |= judged.near
            if judged.near:
                continue
            assert check.satisfied == judged.satisfied, content
            assert check.measured == pytest.approx(judged.worst, abs=1e-9), content
            holds = judged.holds or {}
            assert check.violating_class_count == sum(not each for each in holds.values()), content
            for key, held in holds.items():
                if not held:
                    assert judged.measured is not None
                    failing.add(key)
                    expected.setdefault((place, key), []).append(judged.measured[key])
    assert next(checks, None) is None
    if near:
        return
    assert answer.valid == all(each.satisfied for each in answer.models)
    assert answer.violating_class_count == len(failing)
    found: dict[tuple[int, naive_judge.Row], list[float]] = {}
    for each in answer.violations:
        found.setdefault((each.model, tuple(each.quasi_identifier_values)), []).append(each.measured)
        assert each.row_count == len(one.classes[tuple(each.quasi_identifier_values)])
        assert each.severity >= 1 - 1e-9 or math.isclose(each.severity, 1)
    assert set(found) == set(expected)
    for key, measured in expected.items():
        assert sorted(found[key]) == pytest.approx(sorted(measured), abs=1e-9)
