"""Tables that hardly are one: each ends in a release or in one clear sentence, with every strategy."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from grpc_calls import status_of
from grpc_stubs import Stubs

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2

STRATEGIES = ["OPTIMAL", "ANYTIME", "BASIC", "WITH_IMPORTANCE", "WITH_DEVIATION", "LOCAL_RECODING"]
MEASURES = [
    "LOSS",
    "PRECISION",
    "DISCERNIBILITY",
    "AVERAGE_CLASS_SIZE",
    "NON_UNIFORM_ENTROPY",
    "KL_DIVERGENCE",
    "AMBIGUITY",
]
TABLES = {
    "one row": b"age,city,ill\n30,Lyon,flu\n",
    "constant": b"age,city,ill\n" + b"30,Lyon,flu\n" * 7,
    "all null": b"age,city,ill\n" + b",,\n" * 7,
    "one column": b"age\n30\n40\n30\n40\n",
}


def policy(data: bytes, k: int = 1, **more: Any) -> dict[str, Any]:
    names = data.split(b"\n", 1)[0].decode().split(",")
    attributes = [
        {"name": name, "role": "ATTRIBUTE_ROLE_SENSITIVE" if name == "ill" else "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"}
        for name in names
    ]
    return {"attributes": attributes, "privacy_models": [{"k_anonymity": {"k": k}}], **more}


def anonymize(stubs: Stubs, data: bytes, asked: dict[str, Any]) -> anonymization_service_pb2.AnonymizeResponse:
    dataset = stubs.upload(data)
    message = json_format.ParseDict(asked, policy_pb2.AnonymizationPolicy())
    request = anonymization_service_pb2.AnonymizeRequest(table={"dataset": dataset.name}, policy=message)
    return stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=60)


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("name", TABLES)
def test_every_strategy_on_every_table(stubs: Stubs, name: str, strategy: str) -> None:
    data = TABLES[name]
    asked = policy(data, search={"strategy": f"STRATEGY_{strategy}"})
    answer = anonymize(stubs, data, asked)
    rows = data.count(b"\n") - 1
    assert (answer.solution.released_count, answer.solution.suppressed_count) == (rows, 0)
    if strategy in ("OPTIMAL", "ANYTIME", "WITH_IMPORTANCE", "WITH_DEVIATION"):
        assert answer.solution.loss == 0
        assert stubs.download(answer.output.name).count(b"\n") == rows + 1


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("name", TABLES)
def test_every_measure_on_every_table(stubs: Stubs, name: str, measure: str) -> None:
    data = TABLES[name]
    solution = anonymize(stubs, data, policy(data, quality={"measure": f"LOSS_MEASURE_{measure}"})).solution
    assert solution.search.optimal
    assert [each.level for each in solution.attributes] == [0] * len(solution.attributes)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_more_asked_than_there_is(stubs: Stubs, strategy: str) -> None:
    data = TABLES["one row"]
    with pytest.raises(grpc.RpcError) as caught:
        anonymize(stubs, data, policy(data, k=2, search={"strategy": f"STRATEGY_{strategy}"}))
    assert status_of(caught.value)[:2] == ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")
    assert "1 rows" in caught.value.details()


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_rows(stubs: Stubs, strategy: str) -> None:
    data = b"age,city,ill\n"
    with pytest.raises(grpc.RpcError) as caught:
        anonymize(stubs, data, policy(data, search={"strategy": f"STRATEGY_{strategy}"}))
    assert status_of(caught.value)[:2] == ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")
    assert "no rows" in caught.value.details()


def test_a_single_sensitive_value(stubs: Stubs) -> None:
    data = TABLES["constant"]
    closeness = [
        {"t_closeness": {"attribute": "ill", "t": 0, "distance": f"T_CLOSENESS_DISTANCE_{distance}"}}
        for distance in ("EQUAL", "ORDERED")
    ]
    others = [
        {"l_diversity": {"attribute": "ill", "l": 1}},
        {"delta_disclosure": {"attribute": "ill", "delta": 0.1}},
        {"beta_likeness": {"attribute": "ill", "beta": 0.1, "enhanced": True}},
    ]
    asked = {**policy(data), "privacy_models": [*closeness, *others]}
    solution = anonymize(stubs, data, asked).solution
    assert solution.suppressed_count == 0
    assert [each.measured for each in solution.models] == [0, 0, 1, 0, 0]
