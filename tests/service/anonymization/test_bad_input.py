"""What bad input gets: one clear sentence with the right status, naming the attribute and no value; and nothing is left."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.datasets.v1 import datasets_service_pb2
from shoal.api.tables.v1 import table_pb2

CANARY = "Quetzalcoatl"
PEOPLE = f"name,age,city,sick\n{CANARY},34,Lyon,yes\nBob,36,Lyon,no\nCleo,51,Paris,no\nDan,58,Paris,yes\n".encode()
AGE = {"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"}


def refusal(stubs: Stubs, policy: dict[str, Any], data: bytes = PEOPLE, **request: Any) -> grpc.RpcError:
    dataset = stubs.upload(data)
    message = json_format.ParseDict(policy, policy_pb2.AnonymizationPolicy())
    before = len(names(stubs))
    with pytest.raises(grpc.RpcError) as caught:
        stubs.anonymization.Anonymize(
            anonymization_service_pb2.AnonymizeRequest(
                table=table_pb2.TableSource(dataset=dataset.name), policy=message, **request
            ),
            metadata=stubs.metadata,
            timeout=30,
        )
    sentence = caught.value.details()
    assert "\n" not in sentence
    assert CANARY not in sentence
    assert len(names(stubs)) == before, "a refused call left a dataset"
    return caught.value


def names(stubs: Stubs) -> list[str]:
    request = datasets_service_pb2.ListDatasetsRequest(page_size=500)
    return [each.name for each in stubs.datasets.ListDatasets(request, metadata=stubs.metadata).datasets]


def policy(*attributes: dict[str, Any], k: int = 2, **more: Any) -> dict[str, Any]:
    return {"attributes": list(attributes) or [AGE], "privacy_models": [{"k_anonymity": {"k": k}}], **more}


def hierarchy(**kind: Any) -> dict[str, Any]:
    return {**AGE, "hierarchy": kind}


def rows(*paths: str) -> dict[str, Any]:
    return hierarchy(explicit={"rows": [{"labels": path.split(";")} for path in paths]})


def test_an_unknown_column(stubs: Stubs) -> None:
    error = refusal(stubs, policy(AGE, {"name": "zip", "role": "ATTRIBUTE_ROLE_SENSITIVE"}))
    assert status_of(error) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": "zip"})


def test_k_larger_than_the_table(stubs: Stubs) -> None:
    error = refusal(stubs, policy(k=5))
    code, reason, metadata = status_of(error)
    assert (code, reason) == ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")
    assert (metadata["rows"], metadata["largest_k"]) == ("4", "4")
    assert "4 rows" in error.details()


def test_an_infeasible_suppression_limit_names_the_nearest_feasible_one(stubs: Stubs) -> None:
    # No top level: 34 and 36 meet in the thirties, 51 and 58 stay alone.
    table = rows("34;thirties", "36;thirties", "51;51", "58;58")
    error = refusal(stubs, policy(table, suppression_limit=0.25))
    code, reason, metadata = status_of(error)
    assert (code, reason) == ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")
    assert metadata["nearest_suppression_limit"] == "0.5000"
    dataset = stubs.upload(PEOPLE)
    feasible = json_format.ParseDict(policy(table, suppression_limit=0.5), policy_pb2.AnonymizationPolicy())
    answer = stubs.anonymization.Anonymize(
        anonymization_service_pb2.AnonymizeRequest(table={"dataset": dataset.name}, policy=feasible), metadata=stubs.metadata
    )
    assert answer.solution.suppressed_count == 2


def test_everything_suppressed_is_infeasible(stubs: Stubs) -> None:
    table = rows("34;34", "36;36", "51;51", "58;58")
    error = refusal(stubs, policy(table, suppression_limit=1.0))
    assert status_of(error)[1] == "PRIVACY_INFEASIBLE"


def test_a_hierarchy_with_a_hole(stubs: Stubs) -> None:
    error = refusal(stubs, policy(rows("34;*", "36;*", "51;*")))
    code, reason, metadata = status_of(error)
    assert (code, reason, metadata["attribute"]) == ("INVALID_ARGUMENT", "HIERARCHY_INCOMPLETE", "age")
    assert "58" not in error.details()


def test_levels_that_are_not_nested(stubs: Stubs) -> None:
    error = refusal(stubs, policy(rows("34;a;x", "36;a;y", "51;b;x", "58;b;x")))
    code, reason, metadata = status_of(error)
    assert (code, reason, metadata["attribute"]) == ("INVALID_ARGUMENT", "HIERARCHY_NOT_NESTED", "age")


@pytest.mark.parametrize(
    "kind",
    [
        {"intervals": {"widths": [10]}},
        {"rounding": {"multiples": [10]}},
        {"dates": {}},
    ],
    ids=["intervals", "rounding", "dates"],
)
def test_values_that_do_not_fit_the_kind(stubs: Stubs, kind: dict[str, Any]) -> None:
    column = {"name": "name", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "hierarchy": kind}
    error = refusal(stubs, policy(column))
    assert status_of(error)[0] == "INVALID_ARGUMENT"
    assert "'name'" in error.details()


@pytest.mark.parametrize(
    "kind",
    [
        {"intervals": {"widths": []}},
        {"intervals": {"widths": [5, 12]}},
        {"intervals": {"widths": [-5]}},
        {"intervals": {"widths": ["NaN"]}},
        {"intervals": {"widths": [5], "lower_bound": 9, "upper_bound": 3}},
        {"masking": {"mask_char": "**"}},
        {"masking": {"max_level": 0}},
        {"masking": {"max_level": 2, "positions": [1]}},
        {"dates": {"levels": ["DATE_UNIT_YEAR", "DATE_UNIT_MONTH"]}},
        {"dates": {"levels": ["DATE_UNIT_UNSPECIFIED"]}},
        {"path": {"separator": ""}},
    ],
)
def test_a_hierarchy_that_makes_no_sense_is_a_violation_of_its_field(stubs: Stubs, kind: dict[str, Any]) -> None:
    error = refusal(stubs, policy(hierarchy(**kind)))
    assert status_of(error)[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
    fields = violations_of(error)
    assert fields
    assert all(field.startswith(f"policy.attributes[0].hierarchy.{next(iter(kind))}") for field in fields)


def test_all_violations_are_reported_at_once(stubs: Stubs) -> None:
    bad = {
        "attributes": [
            {"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER", "weight": -1},
            {"name": "age", "role": "ATTRIBUTE_ROLE_UNSPECIFIED"},
        ],
        "privacy_models": [{"k_anonymity": {"k": 0}}],
        "suppression_limit": 2,
        "search": {"max_seconds": -1},
        "format_version": 9,
    }
    error = refusal(stubs, bad, request_id="no", output_display_name="x" * 300)
    assert set(violations_of(error)) >= {
        "policy.attributes[0].weight",
        "policy.attributes[1].name",
        "policy.attributes[1].role",
        "policy.privacy_models[0].k_anonymity.k",
        "policy.suppression_limit",
        "policy.search.max_seconds",
        "policy.format_version",
        "request_id",
        "output_display_name",
    }


@pytest.mark.parametrize("limit", ["NaN", "Infinity", -0.1, 1.1])
def test_limits_outside_zero_and_one(stubs: Stubs, limit: object) -> None:
    error = refusal(stubs, policy(suppression_limit=limit))
    assert violations_of(error) == ["policy.suppression_limit"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"search": {"strategy": "STRATEGY_OPTIMAL", "max_nodes": 5}}, "policy.search.max_nodes"),
        ({"search": {"strategy": "STRATEGY_ANYTIME", "max_nodes": 0}}, "policy.search.max_nodes"),
        ({"search": {"max_memory_bytes": 5}}, "policy.search.max_memory_bytes"),
        ({"search": {"local_recoding": "LOCAL_RECODING_ITERATIVE"}}, "policy.search.local_recoding"),
        ({"search": {"microaggregation": "MICROAGGREGATION_MEAN"}}, "policy.search.microaggregation"),
        (
            {"quality": {"measure": "LOSS_MEASURE_AMBIGUITY", "aggregate": "LOSS_AGGREGATE_MAXIMUM"}},
            "policy.quality.aggregate",
        ),
        ({"entity_column": ""}, "policy.entity_column"),
        ({"entity_column": "age"}, "policy.entity_column"),
    ],
)
def test_parts_of_a_policy_that_do_not_go_together(stubs: Stubs, more: dict[str, Any], field: str) -> None:
    error = refusal(stubs, {**policy(), **more})
    assert violations_of(error) == [field]


def test_an_entity_column_that_is_not_there(stubs: Stubs) -> None:
    error = refusal(stubs, policy(entity_column="patient"))
    assert status_of(error) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": "patient"})


def test_a_uri_outside_the_allow_list(stubs: Stubs) -> None:
    for uri in ("file:///etc/passwd", "http://localhost/x.csv", "/etc/passwd"):
        with pytest.raises(grpc.RpcError) as caught:
            stubs.anonymization.Anonymize(
                anonymization_service_pb2.AnonymizeRequest(
                    table=table_pb2.TableSource(uri=uri),
                    policy=json_format.ParseDict(policy(), policy_pb2.AnonymizationPolicy()),
                ),
                metadata=stubs.metadata,
            )
        assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "URI_NOT_ALLOWED")


def test_a_table_without_rows(stubs: Stubs) -> None:
    error = refusal(stubs, policy(), data=b"name,age,city,sick\n")
    assert status_of(error)[:2] == ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")


def test_unlisted_columns_can_be_refused(stubs: Stubs) -> None:
    error = refusal(stubs, policy(unlisted="UNLISTED_COLUMNS_REFUSE"))
    assert status_of(error)[:2] == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN")
