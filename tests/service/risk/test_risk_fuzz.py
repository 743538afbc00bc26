"""The calls of risk with generated tables, damaged ones among them: always an answer, never INTERNAL, never a data value."""

from __future__ import annotations

import random
from typing import Any

import pytest
from counts import FULL
from grpc_stubs import Stubs
from test_fuzz import ANSWERS, CANARY, answer, hierarchy, table

from shoal.api.anonymization.v1 import hierarchy_pb2
from shoal.api.risk.v1 import risk_service_pb2

ODD = [0, 0.5, 1, 2, -1, 1e-18, 1e300, float("nan"), float("inf")]


def privacy_model(chance: random.Random, names: list[str]) -> dict[str, Any]:
    name = chance.choice(names)
    kinds: list[dict[str, Any]] = [
        {"k_anonymity": {"k": chance.choice([0, 1, 2, 2**32 - 1])}},
        {"k_map": {"k": chance.choice([1, 3])}},
        {"delta_presence": {"min_delta": chance.choice(ODD), "max_delta": chance.choice(ODD)}},
        {
            "l_diversity": {
                "attribute": name,
                "l": chance.choice([1, 2, 3.5, *ODD]),
                "kind": chance.choice([0, 1, 2, 3, 9]),
                "c": chance.choice([None, 1, 3]),
                "estimator": chance.choice([0, 0, 0, 1, 2]),
            }
        },
        {
            "t_closeness": {
                "attribute": name,
                "t": chance.choice([0.1, 0.5, *ODD]),
                "distance": chance.choice([0, 1, 2, 3, 4, 9]),
            }
        },
        {"t_closeness": {"attribute": name, "t": 0.2, "distance": chance.choice([1, 2, 3, 4])}},
        {"delta_disclosure": {"attribute": name, "delta": chance.choice(ODD)}},
        {"beta_likeness": {"attribute": name, "beta": chance.choice(ODD), "enhanced": chance.random() < 0.5}},
        {"risk_limit": {"attacker": chance.choice([0, 1, 2, 3]), "max_highest": chance.choice([None, 0.3, *ODD])}},
    ]
    return chance.choice(kinds)


def some(chance: random.Random, names: list[str]) -> list[str]:
    return chance.choices([*names, "nope"], weights=[10] * len(names) + [1], k=chance.randint(1, len(names)))


def requests(chance: random.Random) -> list[tuple[str, Any]]:
    data, kind, names = table(chance)
    source = {"inline": {"data": data, "format": kind}}
    quasi = list(dict.fromkeys(some(chance, names)))
    others = [name for name in names if name not in quasi] or names
    outside = chance.choice([None, source, {"inline": dict(zip(("data", "format"), table(chance)[:2], strict=True))}])
    given = {name: hierarchy_pb2.Hierarchy(**hierarchy(chance)) for name in names if chance.random() < 0.4}
    entity = chance.choice([None, None, chance.choice(others)])
    people = chance.choice([{}, {"population_size": chance.choice([0, 5, 10**9])}, {"sampling_fraction": chance.choice(ODD)}])
    return [
        (
            "ValidatePrivacy",
            risk_service_pb2.ValidatePrivacyRequest(
                table=source,
                quasi_identifiers=quasi,
                privacy_models=[privacy_model(chance, others) for _ in range(chance.randint(1, 3))],
                reference=outside if chance.random() < 0.5 else None,
                population=outside,
                hierarchies=given,
                entity_column=entity,
            ),
        ),
        (
            "AssessRisk",
            risk_service_pb2.AssessRiskRequest(
                table=source,
                quasi_identifiers=quasi,
                suppressed_values=chance.choice([0, 1, 2, 3]),
                null_values=chance.choice([0, 1, 2, 3]),
                population=outside,
                hierarchies=given,
                entity_column=entity,
                contributions=True,
                sensitive_attributes=[name for name in others if name not in quasi],
            ),
        ),
        (
            "SimulateLinkage",
            risk_service_pb2.SimulateLinkageRequest(
                table=source,
                roll=outside or source,
                columns=quasi,
                truth_column=entity,
                hierarchies=given,
                sensitive_columns=[name for name in others if name not in quasi],
            ),
        ),
        (
            "MeasureQuality",
            risk_service_pb2.MeasureQualityRequest(
                original=source,
                released=chance.choice([source, source, outside or source]),
                quasi_identifiers=quasi,
                hierarchies=given,
            ),
        ),
        (
            "EstimatePopulationUniqueness",
            risk_service_pb2.EstimatePopulationUniquenessRequest(table=source, quasi_identifiers=quasi, **people),
        ),
    ]


ENOUGH = 8
"""So many requests are answered at least, however long that takes: else nothing was tried."""


@pytest.mark.timeout(3600)
def test_generated_requests_get_an_answer(stubs: Stubs, caplog: pytest.LogCaptureFixture) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    answers: dict[str, int] = {}
    least = 3_000 if FULL else 8
    for round_ in range(20 * least):
        if round_ >= least and answers.get("OK", 0) > ENOUGH:
            break
        try:
            asked = requests(chance)
        except (ValueError, TypeError):
            continue  # not a message at all: protobuf itself refuses to make it
        for name, request in asked:
            code, reason = answer(getattr(stubs.risk, name), request, stubs)
            assert code in ANSWERS, f"seed {seed}, round {round_}, {name}: {code} {reason}"
            assert code == "OK" or reason, f"seed {seed}, round {round_}, {name}: {code} without a reason"
            answers[code] = answers.get(code, 0) + 1
    assert answers["OK"] > ENOUGH
    assert CANARY not in caplog.text
