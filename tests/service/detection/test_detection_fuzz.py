"""The calls of detection with generated tables, damaged ones among them: always an answer, never INTERNAL, never a data value;
and a policy that was made is a policy that Anonymize takes.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from counts import FULL
from grpc_stubs import Stubs
from test_fuzz import ANSWERS, CANARY, NAMES, answer, table

from shoal.api.anonymization.v1 import anonymization_service_pb2
from shoal.api.detection.v1 import detection_service_pb2, pattern_pb2

ODD = [0, 0.5, 1, 2, -1, 1e-18, float("nan"), float("inf")]
MEANINGFUL = ["sex", "date of birth", "name", "Diagnose", "plz", "income", "e-mail", "id", "updated_at", "notes"]


def options(chance: random.Random, names: list[str]) -> dict[str, Any]:
    if chance.random() < 0.6:
        known = {name: chance.choice([1, 2, 2, 3, 4]) for name in names if chance.random() < 0.4}
        return {"sampling": chance.choice([0, 1, 2, 3]), "known_roles": known}
    return {
        "mode": chance.choice([0, 0, 1, 2, 3, 9]),
        "sampling": chance.choice([0, 1, 2, 3, 9]) if chance.random() < 0.3 else chance.choice([1, 2, 3]),
        "cumulative_importance_threshold": chance.choice([None, None, *ODD]),
        "max_quasi_identifiers": chance.choice([None, None, 1, 2, 0, 64, 65, -1]),
        "uniqueness_threshold": chance.choice([None, None, None, *ODD]),
        "known_roles": {name: chance.choice([0, 1, 2, 2, 2, 3, 4, 9]) for name in names if chance.random() < 0.4},
        "ignored_columns": [name for name in [*names, "nope"] if chance.random() < 0.1],
    }


def pattern(chance: random.Random) -> dict[str, Any]:
    return {
        "display_name": f"fuzz {chance.randrange(10**9)}",
        "role": chance.choice([0, 1, 2, 3, 4, 9]),
        "priority": chance.choice([None, 1, 1000, 0, 1001]),
        "column_patterns": chance.choices(["*", "a*", "**", "*^.*$*", "", *NAMES], k=chance.randint(0, 3)),
        "value_patterns": chance.choices(
            [".*", "(", "[a-z]+", r"\d{1,3}", "(?s).*", r"\b", "a{999999}", "$", "(?i)[^0-9]*"], k=2
        ),
        "min_match_ratio": chance.choice([None, *ODD]),
    }


ENOUGH = 3
"""So many requests are answered at least, however long that takes: else nothing was tried."""


@pytest.mark.timeout(3600)
def test_generated_requests_get_an_answer(stubs: Stubs, caplog: pytest.LogCaptureFixture) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    answers: dict[str, int] = {}
    released = 0
    least = 3_000 if FULL else 20
    for round_ in range(20 * least):
        if round_ >= least and answers.get("OK", 0) > ENOUGH:
            break
        data, kind, names = table(chance)
        if kind == 1 and chance.random() < 0.5:  # a CSV may say what its columns are about
            head, _, rest = data.partition(b"\n")
            if head.count(b",") == len(names) - 1 and b'"' not in head:
                names = chance.sample(MEANINGFUL, len(names))
                data = ",".join(names).encode() + b"\n" + rest
        where = {"inline": {"data": data, "format": kind}}
        asked = options(chance, names)
        try:
            detect = detection_service_pb2.DetectQuasiIdentifiersRequest(table=where, options=asked)
            create = detection_service_pb2.CreatePatternRequest(pattern=pattern_pb2.Pattern(**pattern(chance)))
        except (ValueError, TypeError):
            continue  # not a message at all: protobuf itself refuses to make it
        for call, request in ((stubs.detection.DetectQuasiIdentifiers, detect), (stubs.detection.CreatePattern, create)):
            code, reason = answer(call, request, stubs)
            assert code in ANSWERS, f"seed {seed}, round {round_}: {code} {reason}"
            assert code == "OK" or reason, f"seed {seed}, round {round_}: {code} without a reason"
            answers[code] = answers.get(code, 0) + 1
        config = detection_service_pb2.GenerateConfigRequest(table=where, options=asked)
        code, reason = answer(stubs.detection.GenerateConfig, config, stubs)
        assert code in ANSWERS, f"seed {seed}, round {round_}, GenerateConfig: {code} {reason}"
        if code == "OK":
            policy = stubs.detection.GenerateConfig(config, metadata=stubs.metadata).policy
            request = anonymization_service_pb2.AnonymizeRequest(table=where, policy=policy)
            code, reason = answer(stubs.anonymization.Anonymize, request, stubs)
            # A table of a few rows may be too small for k = 5.
            assert (code, reason) in (("OK", ""), ("FAILED_PRECONDITION", "PRIVACY_INFEASIBLE")), (
                f"seed {seed}, round {round_}: {code}"
            )
            released += code == "OK"
    deleted = detection_service_pb2.DeleteAllPatternsRequest()
    stubs.detection.DeleteAllPatterns(deleted, metadata=stubs.metadata)
    assert answers["OK"] > ENOUGH
    assert released or not FULL
    assert CANARY not in caplog.text
