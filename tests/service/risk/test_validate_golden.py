"""ValidatePrivacy through the real server: the golden table's values (golden-table.json of the reference, checked with ARX)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from grpc_stubs import Stubs
from validations import csv, validate

QUASI = ["age", "zip", "sex"]
NAMES = [*QUASI, "disease", "salary"]
DISEASES = ["flu", "gastritis", "flu", "bronchitis", "ulcer", "bronchitis", "gastritis", "cancer", "cancer", "ulcer"]
SALARIES = [3000, 4000, 5000, 6000, 8000, 30000, 7000, 9000, 12000, 4000]
ORIGINAL = csv(["disease", "salary"], [[disease, str(salary)] for disease, salary in zip(DISEASES, SALARIES, strict=True)])
LABELS = [["20-29", "130**", "F"]] * 3 + [["30-39", "148**", "M"]] * 4 + [["40-49", "130**", "F"]] * 2 + [["*", "*", "*"]]
ROWS = [[*label, disease, str(salary)] for label, disease, salary in zip(LABELS, DISEASES, SALARIES, strict=True)]
RELEASED = csv(NAMES, ROWS)
ORGANS = [
    ["flu", "resp", "*"],
    ["bronchitis", "resp", "*"],
    ["gastritis", "dig", "*"],
    ["ulcer", "dig", "*"],
    ["cancer", "onc", "*"],
]
POPULATION = csv(QUASI, [["20-29", "130**", "F"]] * 6 + [["30-39", "148**", "M"]] * 20 + [["40-49", "130**", "F"]] * 4)
CLASSES = ["20-29", "30-39", "40-49"]

DISEASE: dict[str, Any] = {"attribute": "disease"}
ORDERED = "T_CLOSENESS_DISTANCE_ORDERED"
HIERARCHICAL = "T_CLOSENESS_DISTANCE_HIERARCHICAL"
WASSERSTEIN = "T_CLOSENESS_DISTANCE_WASSERSTEIN"


def by_class(stubs: Stubs, model: dict[str, Any], **more: Any) -> list[float]:
    """What each of the three classes measures, from a model that none of them satisfies."""
    answer = validate(stubs, RELEASED, QUASI, [model], **more)
    assert not answer.valid
    assert not answer.models[0].satisfied
    assert answer.violating_class_count == answer.models[0].violating_class_count == 3
    found = {each.quasi_identifier_values[0]: each.measured for each in answer.violations}
    assert [each.severity for each in answer.violations] == sorted((each.severity for each in answer.violations), reverse=True)
    return [found[name] for name in CLASSES]


DISTANCES = [
    ("EQUAL", "disease", ["5/9", "4/9", "7/9"], ["3/5", "2/5", "4/5"]),
    ("ORDERED", "salary", ["3/8", "7/48", "49/144"], ["27/80", "7/40", "3/8"]),
    ("HIERARCHICAL", "disease", ["7/18", "1/3", "7/9"], None),
    ("WASSERSTEIN", "salary", ["16/81", "43/324", "31/162"], None),
]


@pytest.mark.parametrize(("distance", "attribute", "nine", "ten"), DISTANCES, ids=[each[0] for each in DISTANCES])
def test_closeness(stubs: Stubs, distance: str, attribute: str, nine: list[str], ten: list[str] | None) -> None:
    model = {"t_closeness": {"attribute": attribute, "distance": f"T_CLOSENESS_DISTANCE_{distance}", "t": 0}}
    hierarchies = {"disease": ORGANS}
    expected = [float(Fraction(each)) for each in nine]
    assert by_class(stubs, model, hierarchies=hierarchies) == pytest.approx(expected, abs=1e-15)
    if ten is not None:
        expected = [float(Fraction(each)) for each in ten]
        found = by_class(stubs, model, hierarchies=hierarchies, reference=ORIGINAL)
        assert found == pytest.approx(expected, abs=1e-15)


def test_the_reference_is_named(stubs: Stubs) -> None:
    model = {"t_closeness": {"attribute": "disease", "t": 0.79}}
    answer = validate(stubs, RELEASED, QUASI, [model])
    assert answer.valid
    assert answer.models[0].measured == pytest.approx(7 / 9)
    assert answer.reference == "the 9 rows of the table itself that are not suppressed"
    answer = validate(stubs, RELEASED, QUASI, [model], reference=ORIGINAL)
    assert not answer.valid
    assert answer.models[0].measured == pytest.approx(4 / 5)
    assert answer.reference == "all 10 rows of the reference that was given"
    assert "no model compares" in validate(stubs, RELEASED, QUASI, [{"k_anonymity": {"k": 2}}]).reference


@pytest.mark.parametrize(("k", "valid"), [(2, True), (3, False)])
def test_k(stubs: Stubs, k: int, valid: bool) -> None:
    answer = validate(stubs, RELEASED, QUASI, [{"k_anonymity": {"k": k}}])
    assert (answer.valid, answer.models[0].measured) == (valid, 2)
    assert (answer.row_count, answer.suppressed_count, answer.class_count) == (9, 1, 3)
    assert list(answer.quasi_identifiers) == QUASI
    if not valid:
        (violation,) = answer.violations
        assert list(violation.quasi_identifier_values) == ["40-49", "130**", "F"]
        assert (violation.row_count, violation.measured, violation.severity) == (2, 2, 1.5)


def test_diversity(stubs: Stubs) -> None:
    assert by_class(stubs, {"l_diversity": {**DISEASE, "l": 4}}) == [2, 3, 1]
    entropy = {"l_diversity": {**DISEASE, "l": 3, "kind": "L_DIVERSITY_KIND_ENTROPY"}}
    assert by_class(stubs, entropy) == pytest.approx([2 ** (2 / 3) * 3 / 2 ** (4 / 3) * 2**0, 2 * math.sqrt(2), 1], abs=1e-5)
    assert by_class(stubs, entropy) == pytest.approx([1.889882, 2.828427, 1.0], abs=1e-6)
    recursive = {"l_diversity": {**DISEASE, "l": 2, "c": 1, "kind": "L_DIVERSITY_KIND_RECURSIVE"}}
    assert by_class(stubs, recursive) == [2, 1, math.inf]
    # A holds for c > 2, strictly; C for no c.
    for c, failing in ((2, 2), (2.001, 1), (1e9, 1)):
        recursive["l_diversity"]["c"] = c
        assert validate(stubs, RELEASED, QUASI, [recursive]).violating_class_count == failing


def test_frequency(stubs: Stubs) -> None:
    delta = {"delta_disclosure": {**DISEASE, "delta": 0.8}}
    assert by_class(stubs, delta) == pytest.approx([math.log(3), math.log(9 / 4), math.log(9 / 2)], abs=1e-12)
    assert by_class(stubs, delta) == pytest.approx([1.098612, 0.81093, 1.504077], abs=1e-6)
    beta = {"beta_likeness": {**DISEASE, "beta": 1}}
    assert by_class(stubs, beta) == pytest.approx([2, 5 / 4, 7 / 2], abs=1e-12)
    for value, failing in ((2, 1), (1.999, 2), (1.25, 2), (1.2499, 3), (3.5, 0)):
        answer = validate(stubs, RELEASED, QUASI, [{"beta_likeness": {**DISEASE, "beta": value}}])
        assert answer.violating_class_count == failing


def test_population(stubs: Stubs) -> None:
    models: list[dict[str, Any]] = [
        {"k_map": {"k": 4}},
        {"k_map": {"k": 5}},
        {"delta_presence": {"min_delta": 0.2, "max_delta": 0.5}},
        {"delta_presence": {"min_delta": 0.21, "max_delta": 0.49}},
        {"risk_limit": {"attacker": "ATTACKER_JOURNALIST", "max_highest": 0.25, "max_average": 0.134}},
        {"risk_limit": {"attacker": "ATTACKER_MARKETER", "max_average": 0.133}},
        {"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_highest": 0.5, "max_average": 0.3333}},
    ]
    answer = validate(stubs, RELEASED, QUASI, models, population=POPULATION)
    measured = [each.measured for each in answer.models]
    assert measured == pytest.approx([4, 4, 0.5, 0.5, 0.25, 2 / 15, 2 / 15, 0.5, 1 / 3], abs=1e-15)
    assert [each.satisfied for each in answer.models] == [True, False, True, False, True, True, False, True, False]
    assert [each.violating_class_count for each in answer.models] == [0, 1, 0, 3, 0, 0, 0, 0, 0]
    assert answer.models[2].measured_least == 0.2
    assert not answer.models[0].HasField("measured_least")
    assert answer.models[4].model.risk_limit.HasField("max_highest")
    assert not answer.models[4].model.risk_limit.HasField("max_average")


def test_a_population_as_it_came_is_found_by_hierarchies(stubs: Stubs) -> None:
    raw = [[str(age), zip_, sex] for age, zip_, sex in ((23, "13053", "F"), (29, "13001", "F"), (31, "14850", "M"))]
    population = csv(QUASI, raw * 3 + [["47", "13053", "F"], ["47", "13053", "M"], ["10", "99999", "F"]])
    decades = [[str(age), f"{age // 10 * 10}-{age // 10 * 10 + 9}", "*"] for age in range(100)]
    zips = [[zip_, f"{zip_[:3]}**", "*"] for zip_ in ("13053", "13001", "14850", "99999")]
    answer = validate(
        stubs,
        RELEASED,
        QUASI,
        [{"k_map": {"k": 7}}],
        population=population,
        hierarchies={"age": decades, "zip": zips},
    )
    assert [each.measured for each in answer.violations] == [1, 3, 6]
    answer = validate(stubs, RELEASED, QUASI, [{"k_map": {"k": 1}}], population=population)
    assert answer.models[0].measured == 0
    assert any("3 classes stand for no row" in each for each in answer.warnings)


def test_a_star_stands_for_every_row_of_the_population(stubs: Stubs) -> None:
    data = csv(["a", "b"], [["*", "1"], ["*", "1"], ["*", "2"]])
    population = csv(["a", "b"], [["x", "1"], ["y", "1"], ["z", "2"], ["z", "3"]])
    answer = validate(stubs, data, ["a", "b"], [{"k_map": {"k": 3}}], population=population)
    assert sorted(each.measured for each in answer.violations) == [1, 2]
    # A population with stars was generalised like the table: there they are values.
    population = csv(["a", "b"], [["*", "1"], ["y", "1"], ["*", "2"]])
    answer = validate(stubs, data, ["a", "b"], [{"k_map": {"k": 3}}], population=population)
    assert sorted(each.measured for each in answer.violations) == [1, 1]


def test_persons(stubs: Stubs) -> None:
    rows = [["Lyon", "a"], ["Lyon", "a"], ["Lyon", "b"], ["Bonn", "c"], ["Bonn", "d"], ["Bonn", ""], ["Bonn", ""]]
    data = csv(["city", "who"], rows)
    models: list[dict[str, Any]] = [
        {"k_anonymity": {"k": 3}},
        {"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_highest": 0.4}},
    ]
    assert validate(stubs, data, ["city"], models).valid
    answer = validate(stubs, data, ["city"], models, entity_column="who")
    assert [each.measured for each in answer.models] == [2, 0.5]
    assert [each.violating_class_count for each in answer.models] == [1, 1]
    assert any("2 rows name no person" in each for each in answer.warnings)


def test_null_and_stars_of_single_cells_are_values(stubs: Stubs) -> None:
    # The golden table's null variant: row 2's zip is null, 9 rows.
    rows = [row[:3] for row in ROWS[:9]]
    rows[1] = [rows[1][0], "", rows[1][2]]
    answer = validate(stubs, csv(QUASI, rows), QUASI, [{"k_anonymity": {"k": 2}}])
    assert answer.models[0].measured == 1
    assert list(answer.violations[0].quasi_identifier_values) == ["20-29", "", "F"]
    rows = [*(row[:3] for row in ROWS[:9]), ["*", "*", "M"]]
    answer = validate(stubs, csv(QUASI, rows), QUASI, [{"k_anonymity": {"k": 2}}])
    assert (answer.models[0].measured, answer.suppressed_count) == (1, 0)
