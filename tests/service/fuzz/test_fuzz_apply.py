"""Solutions applied to generated tables, of the same columns and kinds or not: whatever comes is answered, never INTERNAL."""

from __future__ import annotations

import io
import random
from typing import Any

import grpc
import polars as pl
import pytest
from counts import FULL
from grpc_calls import status_of
from grpc_stubs import Stubs
from test_fuzz import ANSWERS, CANARY, NAMES, VALUES

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2

HIERARCHIES: list[dict[str, Any]] = [
    {},
    {"intervals": {"widths": [5, 10]}},
    {"rounding": {"multiples": [10]}},
    {"masking": {}},
    {"masking": {"max_level": 2}},
    {"masking": {"positions": [0, 3]}},
    {"dates": {}},
    {"path": {"separator": "a"}},
]
SENSITIVE: list[dict[str, Any]] = [
    {"l_diversity": {"l": 1}},
    {"l_diversity": {"l": 1, "kind": policy_pb2.L_DIVERSITY_KIND_ENTROPY}},
    {"t_closeness": {"t": 1}},
    {"t_closeness": {"t": 1, "distance": policy_pb2.T_CLOSENESS_DISTANCE_ORDERED}},
    {"t_closeness": {"t": 1, "distance": policy_pb2.T_CLOSENESS_DISTANCE_HIERARCHICAL}},
    {"t_closeness": {"t": 1, "distance": policy_pb2.T_CLOSENESS_DISTANCE_WASSERSTEIN}},
    {"beta_likeness": {"beta": 100}},
    {"delta_disclosure": {"delta": 100}},
]


def table(chance: random.Random, names: list[str], kinds: dict[str, list[Any]]) -> dict[str, Any]:
    rows = chance.choice([1, 2, 30])
    columns = {name: pl.Series(chance.choices(kinds[name], k=rows), strict=False) for name in names}
    buffer = io.BytesIO()
    kind = chance.choice([1, 2, 3])
    frame = pl.DataFrame(columns)
    if kind == 1:
        frame.write_csv(buffer)
    elif kind == 2:
        frame.write_parquet(buffer)
    else:
        frame.write_ipc_stream(buffer)
    return {"inline": {"data": buffer.getvalue(), "format": kind}}


def policy(chance: random.Random, names: list[str]) -> policy_pb2.AnonymizationPolicy:
    quasi, sensitive = policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER, policy_pb2.ATTRIBUTE_ROLE_SENSITIVE
    message = policy_pb2.AnonymizationPolicy(suppression_limit=1.0, unlisted=chance.choice([1, 2]))
    for place, name in enumerate(names):
        role = sensitive if place and chance.random() < 0.5 else quasi
        message.attributes.add(name=name, role=role, hierarchy=chance.choice(HIERARCHIES))
        if role == sensitive:
            ((kind, fields),) = chance.choice(SENSITIVE).items()
            message.privacy_models.add(**{kind: {**fields, "attribute": name}})
    message.privacy_models.add(k_anonymity={"k": chance.choice([1, 2])})
    if chance.random() < 0.3:
        message.entity_column = "who"
    return message


def answer(method: Any, request: Any, stubs: Stubs, where: str) -> Any:
    """The answer, None for a refusal that has a reason and holds no value."""
    try:
        return method(request, metadata=stubs.metadata, timeout=60)
    except grpc.RpcError as error:
        failure = error
    code, reason, metadata = status_of(failure)
    assert code in ANSWERS - {"NOT_FOUND", "UNIMPLEMENTED"}, f"{where}: {code} {reason}"
    assert reason, where
    assert CANARY not in failure.details() + str(metadata), where
    return None


ROUNDS = 3_000 if FULL else 8
LEAST_APPLIED = 6


@pytest.mark.timeout(3600)
def test_a_solution_meets_any_table(stubs: Stubs, caplog: pytest.LogCaptureFixture) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    applied = round_ = 0
    while round_ < ROUNDS or (applied < LEAST_APPLIED and round_ < 20 * ROUNDS):  # a few rounds may have nothing to apply
        round_ += 1
        names = chance.sample(NAMES, chance.randint(1, 3))
        kinds = {name: chance.choice(VALUES) for name in [*names, "who"]}
        columns = [*names, "who"]
        where = f"seed {seed}, round {round_}"
        request = anonymization_service_pb2.AnonymizeRequest(table=table(chance, columns, kinds), policy=policy(chance, names))
        release = answer(stubs.anonymization.Anonymize, request, stubs, where)
        for _ in range(3 if release is not None else 0):
            if chance.random() < 0.4:
                kinds[chance.choice(columns)] = chance.choice(VALUES)
            some = columns if chance.random() < 0.9 else chance.sample(columns, len(columns) - 1)
            again = anonymization_service_pb2.ApplySolutionRequest(
                solution=release.solution.name, table=table(chance, some, kinds)
            )
            found = answer(stubs.anonymization.ApplySolution, again, stubs, where)
            if found is not None:
                applied += 1
                assert found.released_count + found.unseen_count + found.violating_count == found.row_count, where
                assert all(each.satisfied for each in (*found.batch_models, *found.union_models)), where
    assert applied >= LEAST_APPLIED, f"seed {seed}: hardly anything was applied"
    assert CANARY not in caplog.text
