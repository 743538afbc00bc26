"""ValidatePrivacy through the real server: releases of Shoal by their solution, typed tables, what is refused."""

from __future__ import annotations

import io
import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import grpc
import polars as pl
import pytest
from google.protobuf import json_format
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from validations import csv, hierarchy, inline, refused, request_of, validate

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2

QUASI = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "salary-class"]


def anonymize(stubs: Stubs, data: bytes, policy: dict[str, Any]) -> anonymization_service_pb2.AnonymizeResponse:
    message = json_format.ParseDict(policy, policy_pb2.AnonymizationPolicy())
    dataset = stubs.upload(data)
    request = anonymization_service_pb2.AnonymizeRequest(table={"dataset": dataset.name}, policy=message)
    return stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=120)


def by_solution(stubs: Stubs, solution: str, table: str, **more: Any) -> risk_service_pb2.ValidatePrivacyResponse:
    request = risk_service_pb2.ValidatePrivacyRequest(table={"dataset": table}, solution=solution, **more)
    return stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata, timeout=60)


def test_a_release_of_adult_satisfies_what_its_solution_says(stubs: Stubs, adult: Path) -> None:
    data = (adult / "adult.csv").read_bytes()

    def rows(name: str) -> list[dict[str, Any]]:
        lines = (adult / f"adult_hierarchy_{name}.csv").read_text().splitlines()
        return [{"labels": line.split(";")} for line in lines]

    attributes: list[dict[str, Any]] = [
        {"name": name, "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "hierarchy": {"explicit": {"rows": rows(name)}}}
        for name in QUASI
    ]
    attributes.append(
        {
            "name": "occupation",
            "role": "ATTRIBUTE_ROLE_SENSITIVE",
            "hierarchy": {"explicit": {"rows": rows("occupation")}},
        }
    )
    occupation = {"attribute": "occupation"}
    models: list[dict[str, Any]] = [
        {"k_anonymity": {"k": 5}},
        {"l_diversity": {**occupation, "l": 3}},
        {"l_diversity": {**occupation, "l": 3, "kind": "L_DIVERSITY_KIND_ENTROPY"}},
        {"t_closeness": {**occupation, "t": 0.4}},
        {"t_closeness": {**occupation, "t": 0.4, "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL"}},
        {"beta_likeness": {**occupation, "beta": 6}},
    ]
    answer = anonymize(stubs, data, {"attributes": attributes, "privacy_models": models, "suppression_limit": 0.05})
    original = {"dataset": stubs.upload(data).name}
    found = by_solution(stubs, answer.solution.name, answer.output.name, reference=original)
    assert found.valid
    assert list(found.quasi_identifiers) == QUASI
    assert found.row_count == answer.solution.released_count
    assert not found.warnings
    measured = [each.measured for each in answer.solution.models]
    assert [each.measured for each in found.models] == pytest.approx(measured, abs=1e-12), "two implementations, one number"
    # Without the original, the release is its own reference, and the answer says so.
    found = by_solution(stubs, answer.solution.name, answer.output.name)
    assert "the table itself" in found.reference
    assert any("give the original as the reference" in each for each in found.warnings)
    # Other bytes than the input's are noticed.
    other = {"dataset": stubs.upload(data + data.splitlines(keepends=True)[1]).name}
    found = by_solution(stubs, answer.solution.name, answer.output.name, reference=other)
    assert any("byte for byte" in each for each in found.warnings)
    # And the input itself does not satisfy the models.
    found = by_solution(stubs, answer.solution.name, original["dataset"], reference=original)
    assert not found.valid
    assert len(found.violations) == 1000
    assert found.violating_class_count > 1000


def test_a_solution_with_persons_and_population(stubs: Stubs) -> None:
    data = csv(["who", "city", "ill"], [[f"p{each % 40}", f"{each % 4}", f"{each % 3}"] for each in range(80)])
    census = csv(["city"], [[f"{each % 4}"] for each in range(400)])
    policy: dict[str, Any] = {
        "attributes": [
            {"name": "who", "role": "ATTRIBUTE_ROLE_INSENSITIVE"},
            {"name": "city", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"},
            {"name": "ill", "role": "ATTRIBUTE_ROLE_SENSITIVE"},
        ],
        "privacy_models": [{"k_anonymity": {"k": 10}}, {"k_map": {"k": 50}}],
        "entity_column": "who",
        "population": {"dataset": stubs.upload(census).name},
    }
    answer = anonymize(stubs, data, policy)
    found = by_solution(stubs, answer.solution.name, answer.output.name)
    assert found.valid
    assert [each.measured for each in found.models] == [10, 100]
    # Released without the column, persons cannot be counted any more: no number is better than a wrong one.
    policy["attributes"][0]["role"] = "ATTRIBUTE_ROLE_IDENTIFIER"
    answer = anonymize(stubs, data, policy)
    with pytest.raises(grpc.RpcError) as caught:
        by_solution(stubs, answer.solution.name, answer.output.name)
    assert status_of(caught.value) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": "who"})
    named = by_solution(
        stubs, answer.solution.name, answer.output.name, privacy_models=[policy_pb2.PrivacyModel(k_map={"k": 50})]
    )
    assert named.valid
    # A population that came inside the policy is not kept.
    policy["population"] = json_format.MessageToDict(inline(census))
    answer = anonymize(stubs, data, policy)
    with pytest.raises(grpc.RpcError) as caught:
        by_solution(stubs, answer.solution.name, answer.output.name)
    assert "give it again" in caught.value.details()


def test_somebody_else_s_solution_does_not_exist(stubs: Stubs) -> None:
    for name, code in (("solutions/" + "0" * 32, "NOT_FOUND"), ("nonsense", "INVALID_ARGUMENT")):
        with pytest.raises(grpc.RpcError) as caught:
            by_solution(stubs, name, stubs.upload(b"a\n1\n").name)
        assert status_of(caught.value)[0] == code


def parquet(frame: pl.DataFrame) -> table_pb2.TableSource:
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return table_pb2.TableSource(inline=table_pb2.InlineTable(data=buffer.getvalue(), format=table_pb2.TABLE_FORMAT_PARQUET))


def typed(stubs: Stubs, frame: pl.DataFrame, models: list[dict[str, Any]], **more: Any) -> Any:
    request = request_of(b"a\n1\n", ["q"], models, **more)
    request.table.CopyFrom(parquet(frame))
    return stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata, timeout=30)


def test_typed_columns(stubs: Stubs) -> None:
    """Dates lie on a line, zero is zero, NaN is NaN, a dictionary is its texts."""
    days = [date(2024, 1, 1) + timedelta(days=each) for each in (0, 10, 0, 2)]
    frame = pl.DataFrame(
        {
            "q": pl.Series([0.0, -0.0, math.nan, math.nan]),
            "day": days,
            "word": pl.Series(["b", "a", "b", "b"], dtype=pl.Categorical),
        }
    )
    models = [
        {"k_anonymity": {"k": 2}},
        {"t_closeness": {"attribute": "day", "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN", "t": 1}},
        {"t_closeness": {"attribute": "day", "distance": "T_CLOSENESS_DISTANCE_ORDERED", "t": 1}},
        {"l_diversity": {"attribute": "word", "l": 1}},
    ]
    answer = typed(stubs, frame, models)
    assert answer.class_count == 2
    # Over 10 days: class {0, 10} against {0, 0, 2, 10}: |½ - ½| x 2 + |½ - ¾| x 8 = 2.
    assert [each.measured for each in answer.models] == [2, 0.2, 0.125, 1]
    reference = parquet(frame.select("day", pl.col("word").cast(pl.String)))
    request = request_of(b"a\n1\n", ["q"], models)
    request.table.CopyFrom(parquet(frame))
    request.reference.CopyFrom(reference)
    again = stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata, timeout=30)
    assert [each.measured for each in again.models] == [2, 0.2, 0.125, 1]
    request.reference.CopyFrom(inline(csv(["day", "word"], [["2024-01-01", "a"]])))
    with pytest.raises(grpc.RpcError) as caught:
        stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata, timeout=30)
    assert "'day' has another type" in caught.value.details()


def test_numbers_beyond_64_bits_are_exact(stubs: Stubs) -> None:
    """Two values 10^30 apart and one a millionth from the first: the distance is exact, not rounded."""
    rows = [["a", "0"], ["a", "1" + "0" * 30], ["b", "0.000001"], ["b", "1" + "0" * 30]]
    model = {"t_closeness": {"attribute": "x", "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN", "t": 0}}
    answer = validate(stubs, csv(["q", "x"], rows), ["q"], [model])
    assert [each.measured for each in answer.violations] == pytest.approx([2.5e-37, 2.5e-37], rel=1e-12)


def test_a_table_without_rows_satisfies_everything_and_says_so(stubs: Stubs) -> None:
    models: list[dict[str, Any]] = [
        {"k_anonymity": {"k": 5}},
        {"l_diversity": {"attribute": "b", "l": 2}},
        {"l_diversity": {"attribute": "b", "l": 2, "kind": "L_DIVERSITY_KIND_ENTROPY"}},
        {"l_diversity": {"attribute": "b", "l": 2, "c": 2, "kind": "L_DIVERSITY_KIND_RECURSIVE"}},
        *(
            {"t_closeness": {"attribute": "b", "t": 0.1, "distance": f"T_CLOSENESS_DISTANCE_{each}"}}
            for each in ("EQUAL", "ORDERED", "WASSERSTEIN", "HIERARCHICAL")
        ),
        {"delta_disclosure": {"attribute": "b", "delta": 1}},
        {"beta_likeness": {"attribute": "b", "beta": 1, "enhanced": True}},
        {"k_map": {"k": 3}},
        {"delta_presence": {"max_delta": 0.5}},
        {"risk_limit": {"attacker": "ATTACKER_JOURNALIST", "max_highest": 0.1}},
    ]
    more: dict[str, Any] = {"population": b"a\n1\n", "hierarchies": {"b": [["1", "*"], ["2", "*"]]}, "entity_column": "b"}
    for reference in (None, b"b\n1\n2\n"):
        answer = validate(stubs, b"a,b\n", ["a"], models, reference=reference, **more)
        assert answer.valid
        assert [each.measured for each in answer.models] == [0] * 13
        assert any("no rows" in each for each in answer.warnings)
    mean = {"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_highest": 0.1, "max_average": 0.1}}
    answer = validate(stubs, b"a,b\n", ["a"], [mean])
    assert answer.valid
    assert [each.measured for each in answer.models] == [0, 0]


def test_persons_have_no_mean_over_rows(stubs: Stubs) -> None:
    mean = {"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_average": 0.1}}
    with pytest.raises(grpc.RpcError) as caught:
        validate(stubs, b"a,b\n1,2\n", ["a"], [mean], entity_column="b")
    assert status_of(caught.value)[0] == "INVALID_ARGUMENT"
    assert "cannot count persons" in caught.value.details()


DATA = csv(["a", "b", "c"], [["1", "x", "5"], ["1", "y", ""]])


@pytest.mark.parametrize(
    ("model", "more", "fields"),
    [
        ({"l_diversity": {"l": 2}}, {}, ["privacy_models[0].l_diversity.attribute"]),
        ({"t_closeness": {"t": 0.2}}, {}, ["privacy_models[0].t_closeness.attribute"]),
        ({"l_diversity": {"attribute": "a", "l": 2}}, {}, ["privacy_models[0].attribute"]),
        ({"k_map": {"k": 2}}, {}, ["privacy_models[0]"]),
        ({"delta_presence": {"max_delta": 0.5}}, {}, ["privacy_models[0]"]),
        ({"k_anonymity": {"k": 0}}, {"entity_column": "a"}, ["privacy_models[0].k_anonymity.k", "entity_column"]),
        ({"k_anonymity": {"k": 2}}, {"entity_column": ""}, ["entity_column"]),
        ({}, {}, ["privacy_models[0]"]),
    ],
)
def test_a_question_that_makes_no_sense(stubs: Stubs, model: dict[str, Any], more: dict[str, Any], fields: list[str]) -> None:
    assert violations_of(refused(stubs, DATA, ["a"], [model], **more)) == fields


def test_bad_input_gets_its_sentence(stubs: Stubs) -> None:
    k2 = {"k_anonymity": {"k": 2}}
    close = {"t_closeness": {"attribute": "b", "t": 0.1}}
    assert violations_of(refused(stubs, DATA, [], [])) == ["quasi_identifiers", "privacy_models"]
    assert violations_of(refused(stubs, DATA, ["a", "a"], [k2] * 101)) == ["quasi_identifiers[1]", "privacy_models"]
    for error, column in (
        (refused(stubs, DATA, ["a", "zip"], [k2]), "zip"),
        (refused(stubs, DATA, ["a"], [{"l_diversity": {"attribute": "ill", "l": 2}}]), "ill"),
        (refused(stubs, DATA, ["a"], [close], reference=b"a\n1\n"), "b"),
        (refused(stubs, DATA, ["a"], [{"k_map": {"k": 1}}], population=b"b\n1\n"), "a"),
        (refused(stubs, DATA, ["a"], [k2], entity_column="who"), "who"),
    ):
        assert status_of(error) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": column})
        assert f"'{column}'" in error.details()
    assert "the reference has no rows" in refused(stubs, DATA, ["a"], [close], reference=b"b\n").details()
    assert "the population has no rows" in refused(stubs, DATA, ["a"], [{"k_map": {"k": 1}}], population=b"a\n").details()
    line = {"t_closeness": {"attribute": "b", "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN", "t": 0.1}}
    assert "needs numbers or dates" in refused(stubs, DATA, ["a"], [line]).details()
    line["t_closeness"]["attribute"] = "c"
    assert "empty cells of 'c'" in refused(stubs, DATA, ["a"], [line]).details()
    tree = {"t_closeness": {"attribute": "b", "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL", "t": 0.1}}
    assert "needs a hierarchy of 'b'" in refused(stubs, DATA, ["a"], [tree]).details()
    error = refused(stubs, DATA, ["a"], [tree], hierarchies={"b": [["x", "*"]]})
    assert status_of(error)[1] == "HIERARCHY_INCOMPLETE"
    request = request_of(DATA, ["a"], [tree])
    request.hierarchies["b"].CopyFrom(hierarchy([]))
    with pytest.raises(grpc.RpcError) as caught:
        stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata)
    assert violations_of(caught.value) == ["hierarchies['b']"]
    request = request_of(DATA, ["a"], [tree])
    request.ClearField("table")
    request.hierarchies["b"].table.CopyFrom(inline(b"x;*\ny;*\n"))
    with pytest.raises(grpc.RpcError) as caught:
        stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata)
    assert violations_of(caught.value) == ["table"]
    request.table.CopyFrom(inline(DATA))
    assert stubs.risk.ValidatePrivacy(request, metadata=stubs.metadata).models[0].measured == 0


def test_no_data_in_errors_and_audit(stubs: Stubs) -> None:
    canary = "canary7431"
    data = csv(["a", "b"], [["1", canary], ["2", "y"]])
    tree = {"t_closeness": {"attribute": "b", "distance": "T_CLOSENESS_DISTANCE_HIERARCHICAL", "t": 0.1}}
    error = refused(stubs, data, ["a"], [tree], hierarchies={"b": [["y", "*"]]})
    assert canary not in str(error)
    answer = validate(stubs, data, ["a"], [{"l_diversity": {"attribute": "b", "l": 2}}])
    assert not answer.valid
    assert canary not in str(answer), "sensitive values are nobody's business here"
