"""MeasureQuality through the real server.

The golden table's values (golden-table.json of the reference, by hand and by ARX), the vendor's published figures, what an
analyst can still do, and bad input.
"""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from qualities import column, measure, refused, report_of
from test_validate_golden import DISEASES, LABELS, SALARIES
from validations import csv, hierarchy, inline

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.risk.quality.measure import combined_loss

QUASI = ["age", "zip", "sex"]
PEOPLE = [
    *[["23", "13053", "F"], ["27", "13068", "F"], ["29", "13053", "F"]],
    *[["31", "14850", "M"], ["36", "14850", "M"], ["38", "14853", "M"], ["39", "14853", "M"]],
    *[["47", "13053", "F"], ["49", "13068", "F"], ["71", "15213", "M"]],
]
ZIPS = sorted({row[1] for row in PEOPLE})
HIERARCHIES = {
    "age": [[str(age), f"{age // 10 * 10}-{age // 10 * 10 + 9}", "<50" if age < 50 else ">=50", "*"] for age in range(100)],
    "zip": [[code, *(code[: 5 - stars] + "*" * stars for stars in range(1, 5)), "*"] for code in ZIPS],
    "sex": [["F", "*"], ["M", "*"]],
}
NAMES = [*QUASI, "disease", "salary"]
SENSITIVE = [[disease, str(salary)] for disease, salary in zip(DISEASES, SALARIES, strict=True)]
ORIGINAL = csv(NAMES, [[*row, *more] for row, more in zip(PEOPLE, SENSITIVE, strict=True)])
RELEASED = csv(NAMES, [[*row, *more] for row, more in zip(LABELS, SENSITIVE, strict=True)])
WITHOUT_THE_LAST = csv(NAMES, [[*row, *more] for row, more in zip(LABELS[:9], SENSITIVE, strict=False)])
ELEVEN = {
    *("ambiguity", "r_squared", "combined_loss", "sse_sst_ratio", "discernibility", "precision_loss", "suppression_rate"),
    *("mean_squared_error", "non_uniform_entropy", "sum_of_squared_errors", "average_equivalence_class_size"),
}
"""The names of the quality metrics in the sample notebook of Protegrity Anonymization."""


@pytest.mark.parametrize("released", [RELEASED, WITHOUT_THE_LAST], ids=["starred", "missing"])
def test_the_golden_table(stubs: Stubs, released: bytes) -> None:
    answer = measure(stubs, ORIGINAL, released, QUASI, hierarchies=HIERARCHIES)
    assert (answer.row_count, answer.released_count, answer.suppressed_count, answer.class_count) == (10, 9, 1, 3)
    ncp = [2 / 11, 13 / 40, 1 / 10]
    assert [column(answer, name)["loss"] for name in QUASI] == pytest.approx(ncp, abs=1e-15)
    report = report_of(answer)
    assert report["loss_arithmetic_mean"] == pytest.approx(float(Fraction(89, 440)), abs=1e-15)
    assert report["loss_maximum"] == 13 / 40
    assert report["loss_geometric_mean"] == pytest.approx(math.prod(1 + each for each in ncp) ** (1 / 3) - 1, abs=1e-15)
    assert report["precision"] == pytest.approx(17 / 25, abs=1e-15)
    assert (report["discernibility"], report["average_class_size"], report["suppression_rate"]) == (39, 3, 0.1)
    assert report["kl_divergence"] == pytest.approx(2.358225, abs=5e-7)
    assert report["ambiguity"] == (9 * 20 + 1000) / 10
    # The golden table has the bits of the released rows; the suppressed one loses all that its values are worth.
    bits = [(14.754888 + math.log2(10)) / 33.219281, (8.854753 + math.log2(10)) / 22.464393, 1 / 10]
    assert [column(answer, name)["non_uniform_entropy"] for name in QUASI] == pytest.approx(bits, abs=1e-6)
    assert [(each.level, each.level_count) for each in answer.attributes[:3]] == [(1, 4), (2, 6), (0, 2)]
    assert not answer.warnings


def test_arx_s_normalised_measures_of_the_golden_table(stubs: Stubs) -> None:
    """ARX starts from all rows being different, which they are here; its figures are 1 for nothing lost."""
    answer = measure(stubs, ORIGINAL, RELEASED, QUASI, hierarchies=HIERARCHIES)
    assert 1 - answer.metrics["discernibility"] == pytest.approx(0.6777778, abs=5e-8)
    assert 1 - answer.metrics["average_equivalence_class_size"] == pytest.approx(0.7777778, abs=5e-8)
    assert [1 - column(answer, name)["loss"] for name in QUASI] == pytest.approx([0.8181818, 0.675, 0.9], abs=5e-8)


def test_the_eleven_names_and_their_identities(stubs: Stubs) -> None:
    answer = measure(stubs, ORIGINAL, RELEASED, QUASI, hierarchies=HIERARCHIES)
    metrics = answer.metrics
    assert set(metrics) >= ELEVEN
    assert all(0 <= metrics[name] <= 1 for name in ELEVEN)
    assert metrics["r_squared"] == 1 - metrics["sse_sst_ratio"]
    assert metrics["sum_of_squared_errors"] == metrics["sse_sst_ratio"]
    assert metrics["suppression_rate"] == answer.suppressed_count / answer.row_count
    parts = (0.4 * metrics["precision_loss"], 0.3 * metrics["discernibility"], 0.3 * metrics["suppression_rate"])
    assert metrics["combined_loss"] == sum(parts)
    assert metrics["precision_loss"] == pytest.approx((1 / 3 + 2 / 5 + 0) / 3, abs=1e-15)


def test_the_vendor_s_published_figures_fit_together() -> None:
    """The sample notebook of Protegrity Anonymization prints these of 10,000 rows, 5,135 of them suppressed."""
    rate, precision, discernibility = 5135 / 10000, 0.33782, 0.51350003
    assert combined_loss(precision, discernibility, rate) == pytest.approx(0.44322821346160524, abs=0.4 * 5e-6 + 0.3 * 5e-9)
    # Not in the notebook's words, but in its digits: what a released row loses, and a suppressed one loses all.
    assert 1 - (1 - rate) * (1 - precision) == pytest.approx(0.67785, abs=5e-6)


def test_the_original_lost_nothing(stubs: Stubs) -> None:
    rows = [[*row, *more] for row, more in zip(PEOPLE, SENSITIVE, strict=True)] * 2
    for given in ({}, {"hierarchies": HIERARCHIES}):
        answer = measure(stubs, csv(NAMES, rows), csv(NAMES, rows[::-1]), QUASI, **given)
        metrics = dict(answer.metrics)
        assert metrics.pop("r_squared") == pytest.approx(1, abs=1e-12)
        assert max(metrics.values()) == pytest.approx(0, abs=1e-12)
        for each in answer.attributes:
            assert max(each.metrics.values()) == pytest.approx(0, abs=1e-12), each.name
        assert report_of(answer)["loss_maximum"] == 0
        assert (answer.report.precision, answer.report.kl_divergence) == (1, pytest.approx(0, abs=1e-12)) or given


def test_everything_is_lost(stubs: Stubs) -> None:
    for released in (csv(NAMES, [["*", "*", "*", "x", "1"]] * 10), csv(NAMES, [])):
        metrics = measure(stubs, ORIGINAL, released, QUASI, hierarchies=HIERARCHIES).metrics
        for name in ("discernibility", "average_equivalence_class_size", "ambiguity", "non_uniform_entropy", "sse_sst_ratio"):
            assert metrics[name] == pytest.approx(1, abs=1e-12), name
        assert metrics["r_squared"] == pytest.approx(0, abs=1e-12)


def test_without_a_hierarchy_nothing_is_guessed(stubs: Stubs) -> None:
    answer = measure(stubs, ORIGINAL, RELEASED, QUASI)
    assert "combined_loss" not in answer.metrics
    assert not answer.report.HasField("loss_geometric_mean")
    assert not answer.report.HasField("kl_divergence")
    assert column(answer, "sex")["loss"] == 0.1  # its values are the original's, whatever the hierarchy
    assert "loss" not in column(answer, "age")
    assert "3 values of 'age' in the release are not the original's" in answer.warnings[0]
    assert answer.report.discernibility == 39


def test_foreign_labels_are_counted_not_shown(stubs: Stubs) -> None:
    rows = [["60 or so", "130**", "F"], *LABELS[1:9]]
    answer = measure(stubs, csv(QUASI, PEOPLE), csv(QUASI, rows), QUASI, hierarchies=HIERARCHIES)
    assert answer.warnings[0].startswith("1 values of 'age' in the release are no labels of its hierarchy")
    assert "60 or so" not in str(answer)
    assert column(answer, "zip")["loss"] == pytest.approx(13 / 40)


def test_a_row_that_cannot_be(stubs: Stubs) -> None:
    """Another tool's release that has no class for a row of the original: it is infinitely surprising."""
    answer = measure(
        stubs, csv(["q"], [["a"], ["b"]]), csv(["q"], [["a"], ["a"]]), ["q"], hierarchies={"q": [["a", "*"], ["b", "*"]]}
    )
    assert answer.report.kl_divergence == math.inf
    assert "r_squared" not in answer.metrics
    assert "classes that have more rows than they cover" in " ".join(answer.warnings)


def test_the_policy_and_the_solution_say_the_same(stubs: Stubs) -> None:
    """What the release's own report says, from rows alone: levels by a tree of dates, a mask, and what the values suggest."""
    chance = random.Random(7)
    names = ["born", "zip", "sex", "ill"]
    towns = [f"{chance.randrange(100):02}{chance.randrange(10)}00" for _ in range(12)]
    rows = [
        [
            f"{chance.randrange(1950, 1990)}-{chance.randrange(1, 13):02}-11",
            chance.choice(towns),
            chance.choice("FM"),
            chance.choice("abc"),
        ]
        for _ in range(400)
    ]
    policy = policy_pb2.AnonymizationPolicy(suppression_limit=0.05)
    policy.privacy_models.add().k_anonymity.k = 4
    policy.quality.aggregate = policy_pb2.LOSS_AGGREGATE_ARITHMETIC_MEAN
    for name, weight in (("born", 1.0), ("zip", 0.5), ("sex", 2.0)):
        policy.attributes.add(name=name, role=policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER, weight=weight)
    policy.attributes[1].hierarchy.masking.max_level = 5
    policy.attributes.add(name="ill", role=policy_pb2.ATTRIBUTE_ROLE_SENSITIVE)
    request = anonymization_service_pb2.AnonymizeRequest(table=inline(csv(names, rows)), policy=policy)
    answer = stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=60)
    solution = answer.solution
    released = stubs.download(answer.output.name)
    for given in ({"policy": policy}, {"solution": solution.name}):
        found = measure(stubs, csv(names, rows), released, **given)
        assert not found.warnings
        assert found.suppressed_count == solution.suppressed_count
        assert [each.level for each in found.attributes[:3]] == [each.level for each in solution.attributes]
        assert [column(found, each.name)["loss"] for each in solution.attributes] == pytest.approx(
            [each.loss for each in solution.attributes], abs=1e-12
        )
        assert report_of(found) == pytest.approx(
            {field.name: value for field, value in solution.quality.ListFields()}, rel=1e-9
        )
        assert found.loss == pytest.approx(solution.loss, abs=1e-12)
        assert found.measure == solution.policy.quality
        assert "r_squared" in found.metrics
    changed = csv(names, [[*rows[0][:3], "z"], *rows[1:]])
    assert "not, byte for byte" in measure(stubs, changed, released, solution=solution.name).warnings[0]


def test_what_an_analyst_can_still_do(stubs: Stubs) -> None:
    """`pay` follows `age` in the original; a release that shuffles it has the same columns and no relation."""
    chance = random.Random(3)
    ages = [chance.randrange(20, 60) for _ in range(600)]
    rows = [
        [str(age), chance.choice("FM"), str(100 * age + chance.randrange(300)), "old" if age > 40 else "young"] for age in ages
    ]
    names = ["age", "sex", "pay", "group"]
    pay, groups = [row[2] for row in rows], [row[3] for row in rows]
    chance.shuffle(pay)
    chance.shuffle(groups)
    torn = [[*row[:2], *other] for row, *other in zip(rows, pay, groups, strict=True)]
    whole = measure(stubs, csv(names, rows), csv(names, rows), ["age", "sex"], target_column="group")
    apart = measure(stubs, csv(names, rows), csv(names, torn), ["age", "sex"], target_column="group")
    assert column(apart, "pay")["total_variation"] == column(apart, "pay")["wasserstein"] == 0
    assert whole.metrics["correlation_change_maximum"] == 0
    assert apart.metrics["correlation_change_maximum"] > 0.9
    assert column(apart, "age")["correlation_change"] > 0.4
    good, bad = whole.prediction, apart.prediction
    assert (good.column, good.score, good.tested_count) == ("group", "accuracy", 600)
    assert good.released == good.original > 0.9
    assert bad.original == good.original
    assert bad.released < 0.7
    assert 0.4 < good.baseline < 0.65
    numbers = measure(stubs, csv(names, rows), csv(names, rows), ["age", "sex"], target_column="pay").prediction
    assert numbers.score == "r_squared"
    assert numbers.released > 0.9 > 0.1 > abs(numbers.baseline)


def test_predicting_from_a_generalised_release(stubs: Stubs) -> None:
    chance = random.Random(4)
    ages = [chance.randrange(20, 60) for _ in range(600)]
    rows = [[str(age), "old" if age >= 40 else "young"] for age in ages]
    levels = [[str(age), f"{age // 10}0s", "*"] for age in range(20, 60)]
    released = [[f"{age // 10}0s", "old" if age >= 40 else "young"] for age in ages]
    asked = {"hierarchies": {"age": levels}, "target_column": "group"}
    good = measure(stubs, csv(["age", "group"], rows), csv(["age", "group"], released), ["age"], **asked).prediction
    # Whole decades are held out: what is learned of the others says which side an unseen one is on, by its number.
    assert good.original == good.released == 1 or good.released > good.baseline
    top = [["*", row[1]] for row in released]
    answer = measure(stubs, csv(["age", "group"], rows), csv(["age", "group"], top), ["age"], **asked)
    assert not answer.HasField("prediction")
    assert "'group' is not predicted" in " ".join(answer.warnings)


@pytest.mark.parametrize(
    ("original", "released", "given", "sentence"),
    [
        (csv(["a"], [["1"]]), csv(["b"], [["1"]]), {"quasi": ["a"]}, "the release has no column 'a'"),
        (csv(["b"], [["1"]]), csv(["a"], [["1"]]), {"quasi": ["a"]}, "the original has no column 'a'"),
        (csv(["a"], [["1"]]), csv(["a"], [["1"]] * 2), {"quasi": ["a"]}, "more than the original's 1"),
        (csv(["a"], []), csv(["a"], []), {"quasi": ["a"]}, "the original has no rows"),
        (
            csv(["a", "t"], [["1", "x"]]),
            csv(["a"], [["1"]]),
            {"quasi": ["a"], "target_column": "t"},
            "the release has no column 't'",
        ),
        (
            csv(["a", "t"], [["1", "x"]] * 3),
            csv(["a", "t"], [["1", "x*"]] * 3),
            {"quasi": ["a"], "target_column": "t"},
            "values of 't' that the original lacks",
        ),
        (
            csv(["a"], [["secret"]]),
            csv(["a"], [["*"]]),
            {"quasi": ["a"], "hierarchies": {"a": [["b", "*"]]}},
            "hierarchy of 'a' lacks 1 distinct values",
        ),
    ],
)
def test_tables_that_do_not_fit(stubs: Stubs, original: bytes, released: bytes, given: dict, sentence: str) -> None:
    error = refused(stubs, original, released, **given)
    assert status_of(error)[0] in {"INVALID_ARGUMENT", "FAILED_PRECONDITION"}
    assert sentence in error.details()
    assert "secret" not in error.details()


def test_requests_that_say_too_little_or_too_much(stubs: Stubs) -> None:
    table = csv(["a"], [["1"]])
    for given in ({}, {"quasi": ["a"], "policy": policy_pb2.AnonymizationPolicy()}):
        error = refused(stubs, table, table, **given)
        assert status_of(error)[0] == "INVALID_ARGUMENT"
        assert violations_of(error) == ["quasi_identifiers"]
    error = refused(stubs, table, table, ["a", "a"], target_column="")
    assert violations_of(error) == ["quasi_identifiers[1]", "target_column"]
    assert status_of(refused(stubs, table, table, solution="solutions/none"))[0] in {"INVALID_ARGUMENT", "NOT_FOUND"}
    with pytest.raises(Exception, match="original"):
        stubs.risk.MeasureQuality(
            risk_service_pb2.MeasureQualityRequest(released=inline(table), quasi_identifiers=["a"]), metadata=stubs.metadata
        )
    empty = {"a": hierarchy([])}
    request = risk_service_pb2.MeasureQualityRequest(
        original=inline(table), released=inline(table), quasi_identifiers=["a"], hierarchies=empty
    )
    with pytest.raises(Exception, match="has no rows"):
        stubs.risk.MeasureQuality(request, metadata=stubs.metadata)
