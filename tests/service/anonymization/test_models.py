"""Every privacy model through the real server: ARX's optima, an independent check of each release, what is refused."""

from __future__ import annotations

import base64
import io
import random
from pathlib import Path
from typing import Any

import grpc
import polars as pl
import pytest
from google.protobuf import json_format
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from release_check import check_release

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.datasets.v1.dataset_pb2 import Dataset
from shoal.api.risk.v1 import risk_service_pb2

QUASI = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "salary-class"]
DISTINCT3 = {"l_diversity": {"attribute": "occupation", "l": 3}}
ENTROPY3 = {"l_diversity": {"attribute": "occupation", "kind": "L_DIVERSITY_KIND_ENTROPY", "l": 3}}
RECURSIVE43 = {"l_diversity": {"attribute": "occupation", "kind": "L_DIVERSITY_KIND_RECURSIVE", "l": 3, "c": 4}}
EQUAL02 = {"t_closeness": {"attribute": "occupation", "t": 0.2}}
HIERARCHICAL02 = {"t_closeness": {"attribute": "occupation", "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL", "t": 0.2}}
# Table 2.2 of ARX's measured anchor: k = 5 and one more model on occupation.
OPTIMA = [
    pytest.param(DISTINCT3, 0.02, 0.2469117398, 522, id="distinct3-s2"),
    pytest.param(ENTROPY3, 0.02, 0.2751571132, 518, id="entropy3-s2"),
    pytest.param(RECURSIVE43, 0.02, 0.2554529144, 573, id="recursive43-s2"),
    pytest.param(EQUAL02, 0.0, 0.9183953641, 0, id="tequal02-s0"),
    pytest.param(EQUAL02, 0.02, 0.8150031862, 235, id="tequal02-s2"),
    pytest.param(HIERARCHICAL02, 0.05, 0.6128064960, 1384, id="thier02-s5"),
]


@pytest.fixture(scope="module")
def uploaded(stubs: Stubs, adult: Path) -> Dataset:
    return stubs.upload((adult / "adult.csv").read_bytes())


@pytest.fixture(scope="module")
def original(adult: Path) -> pl.DataFrame:
    return pl.read_csv(adult / "adult.csv", separator=";", infer_schema=False)


def adult_policy(folder: Path, *models: dict[str, Any], limit: float = 0.02, k: int = 5, **more: Any) -> dict[str, Any]:
    def table(name: str) -> dict[str, Any]:
        data = (folder / f"adult_hierarchy_{name}.csv").read_bytes()
        rows = [{"labels": line.split(";")} for line in data.decode().splitlines()]
        return {"explicit": {"rows": rows}}

    attributes = [{"name": name, "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "hierarchy": table(name)} for name in QUASI]
    attributes.append({"name": "occupation", "role": "ATTRIBUTE_ROLE_SENSITIVE", "hierarchy": table("occupation")})
    return {
        "attributes": attributes,
        "privacy_models": [{"k_anonymity": {"k": k}}, *models],
        "suppression_limit": limit,
        **more,
    }


def anonymize(stubs: Stubs, dataset: Dataset, policy: dict[str, Any]) -> anonymization_service_pb2.AnonymizeResponse:
    message = json_format.ParseDict(policy, policy_pb2.AnonymizationPolicy())
    request = anonymization_service_pb2.AnonymizeRequest(table={"dataset": dataset.name}, policy=message)
    return stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=120)


def released(stubs: Stubs, answer: anonymization_service_pb2.AnonymizeResponse, separator: str = ";") -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(stubs.download(answer.output.name)), separator=separator, infer_schema=False)


@pytest.mark.parametrize(("model", "limit", "loss", "suppressed"), OPTIMA)
def test_the_optimum_is_arx_s(
    stubs: Stubs,
    adult: Path,
    uploaded: Dataset,
    original: pl.DataFrame,
    model: dict[str, Any],
    limit: float,
    loss: float,
    suppressed: int,
) -> None:
    policy = adult_policy(adult, model, limit=limit)
    answer = anonymize(stubs, uploaded, policy)
    solution = answer.solution
    assert solution.loss == pytest.approx(loss, abs=1e-9)
    assert solution.suppressed_count == suppressed
    assert solution.search.optimal
    assert [each.satisfied for each in solution.models] == [True, True]
    assert solution.models[0].measured >= 5
    frame = released(stubs, answer)
    assert check_release(original, frame, policy) == []


def test_every_model_at_once_on_two_sensitive_attributes(stubs: Stubs) -> None:
    rows = 600
    frame = pl.DataFrame(
        {
            "age": [str(20 + (7 * i) % 60) for i in range(rows)],
            "zip": [f"{10000 + (13 * i) % 40 * 25}" for i in range(rows)],
            "illness": [["flu", "gout", "cancer", "ulcer"][(i * i + i // 7) % 4] for i in range(rows)],
            "wage": [str(1000 + (i * 37) % 900) for i in range(rows)],
            "person": [f"p{i // 2}" for i in range(rows)],
        }
    )
    policy: dict[str, Any] = {
        "attributes": [
            {"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "hierarchy": {"intervals": {"widths": [5, 10, 20]}}},
            {"name": "zip", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "hierarchy": {"masking": {}}},
            {
                "name": "illness",
                "role": "ATTRIBUTE_ROLE_SENSITIVE",
                "hierarchy": {
                    "explicit": {
                        "rows": [
                            {"labels": labels}
                            for labels in (
                                ["flu", "lung", "*"],
                                ["gout", "joint", "*"],
                                ["cancer", "lung", "*"],
                                ["ulcer", "joint", "*"],
                            )
                        ]
                    }
                },
            },
            {"name": "wage", "role": "ATTRIBUTE_ROLE_SENSITIVE"},
            {"name": "person", "role": "ATTRIBUTE_ROLE_IDENTIFIER"},
        ],
        "privacy_models": [
            {"k_anonymity": {"k": 4}},
            {"l_diversity": {"attribute": "illness", "l": 3}},
            {"l_diversity": {"attribute": "illness", "kind": "L_DIVERSITY_KIND_ENTROPY", "l": 2.5}},
            {
                "l_diversity": {
                    "attribute": "illness",
                    "kind": "L_DIVERSITY_KIND_ENTROPY",
                    "l": 2,
                    "estimator": "ENTROPY_ESTIMATOR_GRASSBERGER",
                }
            },
            {"l_diversity": {"attribute": "wage", "kind": "L_DIVERSITY_KIND_RECURSIVE", "l": 2, "c": 3}},
            {"t_closeness": {"attribute": "illness", "t": 0.35}},
            {"t_closeness": {"attribute": "wage", "distance": "T_CLOSENESS_DISTANCE_ORDERED", "t": 0.3}},
            {"t_closeness": {"attribute": "wage", "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN", "t": 0.3}},
            {"t_closeness": {"attribute": "illness", "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL", "t": 0.3}},
            {"delta_disclosure": {"attribute": "illness", "delta": 1.5}},
            {"beta_likeness": {"attribute": "illness", "beta": 2}},
            {"beta_likeness": {"attribute": "illness", "beta": 3, "enhanced": True}},
            {"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_highest": 0.25}},
        ],
        "entity_column": "person",
        "suppression_limit": 0.3,
    }
    dataset = stubs.upload(frame.write_csv().encode())
    answer = anonymize(stubs, dataset, policy)
    solution = answer.solution
    assert solution.search.optimal
    assert len(solution.models) == len(policy["privacy_models"])
    assert all(each.satisfied for each in solution.models)
    out = released(stubs, answer, ",")
    assert "person" not in out.columns
    rest = {**policy, "entity_column": None, "privacy_models": policy["privacy_models"][1:]}
    assert check_release(frame, out, rest) == []


def test_k_counts_persons_with_an_entity_column(stubs: Stubs) -> None:
    # Four rows of one person in Lyon, four of four persons in Paris.
    lines = ["who,city,ill"] + [f"a,Lyon,{i % 2}" for i in range(4)] + [f"p{i},Paris,{i % 2}" for i in range(4)]
    data = ("\n".join(lines) + "\n").encode()
    policy: dict[str, Any] = {
        "attributes": [
            {"name": "city", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"},
            {"name": "ill", "role": "ATTRIBUTE_ROLE_INSENSITIVE"},
        ],
        "privacy_models": [{"k_anonymity": {"k": 4}}],
        "suppression_limit": 0.5,
    }
    dataset = stubs.upload(data)
    rows = anonymize(stubs, dataset, policy).solution
    assert (rows.suppressed_count, [each.level for each in rows.attributes]) == (0, [0])
    persons = anonymize(stubs, dataset, {**policy, "entity_column": "who"}).solution
    # Lyon alone is one person: either Lyon is suppressed, or the cities become one.
    assert (persons.suppressed_count, [each.level for each in persons.attributes]) in [(4, [0]), (0, [1])]
    assert persons.models[0].measured >= 4
    assert "who" in persons.dropped_columns
    # The risk is that of persons, too: five of them, one alone in Lyon.
    assert not rows.risk_before.HasField("entity_count")
    assert (rows.risk_before.k, rows.risk_before.row_count) == (4, 8)
    before, after = persons.risk_before, persons.risk_after
    assert (before.entity_count, before.k, before.row_count, before.unique_count) == (5, 1, 5, 1)
    assert after.entity_count == after.row_count == after.k == persons.models[0].measured
    assert after.prosecutor.highest_risk == 1 / after.k


@pytest.mark.parametrize("strategy", ["STRATEGY_OPTIMAL", "STRATEGY_LOCAL_RECODING"])
def test_the_risk_of_persons_is_what_assess_risk_counts(stubs: Stubs, strategy: str) -> None:
    """The release with its persons, which it does not show, put back: AssessRisk counts the same, by other code."""
    chance = random.Random(strategy)
    people = [(f"p{chance.randrange(60)}", chance.choice("abcd"), str(chance.randrange(20, 40))) for _ in range(300)]
    data = "\n".join(",".join(row) for row in [("who", "city", "age"), *people]) + "\n"
    policy: dict[str, Any] = {
        "attributes": [
            {"name": "who", "role": "ATTRIBUTE_ROLE_INSENSITIVE"},
            {"name": "city", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"},
            {"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "hierarchy": {"intervals": {"widths": [5, 10]}}},
        ],
        "privacy_models": [{"k_anonymity": {"k": 4}}],
        "entity_column": "who",
        "suppression_limit": 0.1,
        "search": {"strategy": strategy},
    }
    dataset = stubs.upload(data.encode())
    answer = anonymize(stubs, dataset, policy)
    for table, report in ((dataset.name, answer.solution.risk_before), (answer.output.name, answer.solution.risk_after)):
        request = risk_service_pb2.AssessRiskRequest(
            table={"dataset": table}, quasi_identifiers=["city", "age"], entity_column="who"
        )
        expected = stubs.risk.AssessRisk(request, metadata=stubs.metadata, timeout=30).report
        report.suppressed_count = 0  # of the release, rows that are not there
        assert report == expected
    assert answer.solution.risk_after.k == answer.solution.models[0].measured


def population_policy(*models: dict[str, Any], **more: Any) -> dict[str, Any]:
    census = "city\n" + "Lyon\n" * 6 + "Paris\n" * 20 + "Bonn\n" * 4

    return {
        "attributes": [{"name": "city", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"}],
        "privacy_models": list(models),
        "population": {"inline": {"format": "TABLE_FORMAT_CSV", "data": base64.b64encode(census.encode()).decode()}},
        **more,
    }


def test_models_of_a_population(stubs: Stubs) -> None:
    """The golden population: classes of 3, 4 and 2 rows, of which the population has 6, 20 and 4."""
    data = ("city\n" + "Lyon\n" * 3 + "Paris\n" * 4 + "Bonn\n" * 2).encode()
    dataset = stubs.upload(data)
    solution = anonymize(stubs, dataset, population_policy({"k_map": {"k": 4}})).solution
    assert [each.level for each in solution.attributes] == [0]
    assert solution.models[0].measured == 4
    assert solution.risk_after.marketer.success_rate == pytest.approx(2 / 15, abs=1e-12)
    assert solution.risk_after.journalist.highest_risk == pytest.approx(1 / 4, abs=1e-12)
    assert solution.risk_after.journalist.records_at_risk == pytest.approx(2 / 9, abs=1e-12)
    solution = anonymize(stubs, dataset, population_policy({"k_map": {"k": 5}}, suppression_limit=0.25)).solution
    assert solution.suppressed_count in (0, 2)
    solution = anonymize(stubs, dataset, population_policy({"delta_presence": {"max_delta": 0.5}})).solution
    assert (solution.models[0].measured_least, solution.models[0].measured) == (0.2, 0.5)
    journalist = {"risk_limit": {"attacker": "ATTACKER_JOURNALIST", "max_highest": 0.25}}
    solution = anonymize(stubs, dataset, population_policy(journalist)).solution
    assert solution.models[0].measured == 0.25


def refused(stubs: Stubs, data: bytes, policy: dict[str, Any]) -> grpc.RpcError:
    dataset = stubs.upload(data)
    with pytest.raises(grpc.RpcError) as caught:
        anonymize(stubs, dataset, policy)
    return caught.value


SMALL = b"age,ill,wage\n30,flu,10\n31,flu,20\n30,gout,30\n31,gout,\n"


def small_policy(*models: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "attributes": [
            {"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"},
            {"name": "ill", "role": "ATTRIBUTE_ROLE_SENSITIVE"},
            {"name": "wage", "role": "ATTRIBUTE_ROLE_SENSITIVE"},
        ],
        "privacy_models": list(models),
        **more,
    }


def test_a_contradiction_is_told_before_the_search(stubs: Stubs) -> None:
    for model in (
        {"l_diversity": {"attribute": "ill", "l": 3}},
        {"l_diversity": {"attribute": "ill", "l": 2.5, "kind": "L_DIVERSITY_KIND_ENTROPY"}},
        {"l_diversity": {"attribute": "ill", "l": 3, "c": 2, "kind": "L_DIVERSITY_KIND_RECURSIVE"}},
    ):
        error = refused(stubs, SMALL, small_policy(model))
        code, reason, metadata = status_of(error)
        assert (code, reason) == ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")
        assert (metadata["attribute"], metadata["largest_l"]) == ("ill", "2")
        assert "'ill'" in error.details()
        assert "gout" not in error.details()


def test_a_wasserstein_distance_needs_numbers(stubs: Stubs) -> None:
    for name in ("ill", "wage"):
        model = {"t_closeness": {"attribute": name, "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN", "t": 0.2}}
        error = refused(stubs, SMALL, small_policy(model))
        assert status_of(error)[0] == "INVALID_ARGUMENT"
        assert f"'{name}'" in error.details()


def test_a_hierarchical_distance_needs_a_hierarchy(stubs: Stubs) -> None:
    model = {"t_closeness": {"attribute": "ill", "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL", "t": 0.2}}
    error = refused(stubs, SMALL, small_policy(model))
    assert status_of(error)[0] == "INVALID_ARGUMENT"
    assert "hierarchy of 'ill'" in error.details()


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ({"k_map": {"k": 2}}, ""),
        ({"delta_presence": {"max_delta": 0.5}}, ""),
        ({"l_diversity": {"attribute": "age", "l": 2}}, ".attribute"),
        ({"l_diversity": {"attribute": "ill", "l": 1.5}}, ".l_diversity.l"),
        ({"l_diversity": {"attribute": "ill", "l": 2, "c": 2}}, ".l_diversity.c"),
        ({"l_diversity": {"attribute": "ill", "l": 2, "kind": "L_DIVERSITY_KIND_RECURSIVE"}}, ".l_diversity.c"),
        ({"l_diversity": {"attribute": "ill", "l": "NaN"}}, ".l_diversity.l"),
        ({"t_closeness": {"attribute": "ill", "t": 1.1}}, ".t_closeness.t"),
        ({"t_closeness": {"attribute": "ill", "t": 1e-19}}, ".t_closeness.t"),
        ({"t_closeness": {"t": 0.1}}, ".t_closeness.attribute"),
        ({"beta_likeness": {"attribute": "ill", "beta": 0}}, ".beta_likeness.beta"),
        ({"delta_disclosure": {"attribute": "ill", "delta": "Infinity"}}, ".delta_disclosure.delta"),
        ({"risk_limit": {"attacker": "ATTACKER_PROSECUTOR"}}, ".risk_limit"),
        ({"risk_limit": {"max_highest": 0.1}}, ".risk_limit.attacker"),
        ({"risk_limit": {"attacker": "ATTACKER_MARKETER", "max_average": 0}}, ".risk_limit.max_average"),
        ({}, ""),
    ],
)
def test_a_model_that_makes_no_sense_is_a_violation_of_its_field(stubs: Stubs, model: dict[str, Any], field: str) -> None:
    error = refused(stubs, SMALL, small_policy(model))
    assert status_of(error)[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
    assert f"policy.privacy_models[0]{field}" in violations_of(error)
