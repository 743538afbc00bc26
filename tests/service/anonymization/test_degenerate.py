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


@pytest.mark.parametrize("method", ["MONDRIAN_STRICT", "MONDRIAN_RELAXED", "ITERATIVE"])
def test_empty_cells_among_texts_are_recoded_locally(stubs: Stubs, method: str) -> None:
    data = b"city,ill\n,flu\n,gout\nLyon,flu\nLyon,gout\n"
    search = {"strategy": "STRATEGY_LOCAL_RECODING", "local_recoding": f"LOCAL_RECODING_{method}"}
    answer = anonymize(stubs, data, policy(data, k=2, search=search))
    assert (answer.solution.released_count, answer.solution.loss) == (4, 0)
    assert sorted(stubs.download(answer.output.name).split()) == sorted(data.split())


def test_a_mean_risk_is_reached_by_cutting_less(stubs: Stubs) -> None:
    data = b"age,city,ill\n" + b"".join(b"%d,%s,flu\n" % (20 + n % 37, b"ABCD"[n % 4 : n % 4 + 1]) for n in range(200))
    search = {"strategy": "STRATEGY_LOCAL_RECODING"}
    models = [{"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_average": 0.2}}]
    solution = anonymize(stubs, data, {**policy(data, search=search), "privacy_models": models}).solution
    assert solution.suppressed_count == 0
    assert 0 < solution.models[0].measured <= 0.2


def test_persons_have_no_mean_over_rows(stubs: Stubs) -> None:
    data = b"age,ill,who\n" + b"30,flu,p1\n" * 4
    attributes = [{"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"}]
    models = [{"risk_limit": {"attacker": "ATTACKER_PROSECUTOR", "max_average": 0.25}}]
    with pytest.raises(grpc.RpcError) as caught:
        anonymize(stubs, data, {"attributes": attributes, "privacy_models": models, "entity_column": "who"})
    assert status_of(caught.value)[0] == "INVALID_ARGUMENT"
    assert "cannot count persons" in caught.value.details()


def test_microaggregation_cannot_count_persons(stubs: Stubs) -> None:
    data = b"age,ill,who\n30,flu,p1\n31,flu,p2\n"
    search = {"strategy": "STRATEGY_MICROAGGREGATION"}
    attributes = [{"name": "age", "role": "ATTRIBUTE_ROLE_QUASI_IDENTIFIER"}]
    asked = {"attributes": attributes, "privacy_models": [{"k_anonymity": {"k": 2}}], "entity_column": "who", "search": search}
    with pytest.raises(grpc.RpcError) as caught:
        anonymize(stubs, data, asked)
    assert status_of(caught.value)[0] == "INVALID_ARGUMENT"
    assert "cannot count persons" in caught.value.details()


def test_one_number_in_two_spellings_has_one_place(stubs: Stubs) -> None:
    data = b"age,ill\n30,1\n30,1.0\n40,1\n40,3\n"
    closeness = {"attribute": "ill", "t": 0.25, "distance": "T_CLOSENESS_DISTANCE_WASSERSTEIN"}
    solution = anonymize(stubs, data, {**policy(data), "privacy_models": [{"t_closeness": closeness}]}).solution
    assert solution.models[0].measured == 0.25  # 1, 1, 1, 3: a quarter lies two away, the classes hold none or half of it


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
