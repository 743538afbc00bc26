"""Generated and damaged requests: whatever comes, the answer is a status with a reason, never INTERNAL, never a hang, and
no data value.
"""

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

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2

CANARY = "Rumpelstilzchen"
ANSWERS = {"OK", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "RESOURCE_EXHAUSTED", "UNIMPLEMENTED", "NOT_FOUND"}
NAMES = ["a", "b", "*", "^.*$", "a b", "é", "select", "x" * 300, "0", CANARY[:3]]
VALUES: list[list[Any]] = [
    [CANARY, "a", "", None, "*", "\n", '"', "ab;c,d|e\t"],
    [0, 1, -1, 2**62, None, 10**18, 5],
    [0.0, -0.0, float("nan"), float("inf"), 1e300, None, 0.1],
    [True, False, None],
    ["2020-01-01", "2020-13-45", "0001-01-01", "9999-12-31", None, "yesterday"],
    ["1", "2.5", "1e3", "abc", "01234", None, " 7 "],
    [None],
]


def table(chance: random.Random) -> tuple[bytes, int, list[str]]:
    names = chance.sample(NAMES, chance.randint(1, 4))
    rows = chance.choice([0, 1, 2, 30])
    kinds = {name: chance.choice(VALUES) for name in names}
    frame = pl.DataFrame({name: pl.Series(chance.choices(values, k=rows), strict=False) for name, values in kinds.items()})
    buffer = io.BytesIO()
    kind = chance.choice([1, 2, 3, 4])
    match kind:
        case 1:
            frame.write_csv(buffer, separator=chance.choice([",", ";", "\t", "|"]))
        case 2:
            frame.write_parquet(buffer)
        case 3:
            frame.write_ipc_stream(buffer, compression=chance.choice(["uncompressed", "lz4", "zstd"]))
        case _:
            frame.write_ndjson(buffer)
    data = bytearray(buffer.getvalue())
    if data and chance.random() < 0.3:
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    if chance.random() < 0.1:
        data = data[: chance.randrange(len(data) + 1)]
    return bytes(data), kind, names


def hierarchy(chance: random.Random) -> dict[str, Any]:
    number = chance.choice([0.1, 1, 5, 10, 1e-300, 1e300, -1, 0, float("nan"), 7])
    return chance.choice(
        [
            {},
            {"intervals": {"widths": [number, number * chance.choice([1, 2, 1.5])], "lower_bound": chance.choice([0, 1e9])}},
            {"rounding": {"multiples": [number]}},
            {"masking": {"max_level": chance.choice([1, 3, 300]), "mask_char": chance.choice(["*", "", "é", "xx"])}},
            {"masking": {"positions": [0, chance.choice([1, 2**20, 2**31])]}},
            {
                "dates": {
                    "levels": chance.choices([1, 2, 3, 4, 5, 99], k=2),
                    "format": chance.choice(["%Y", "%", "%Q%Q", "%d/%m"]),
                }
            },
            {"path": {"separator": chance.choice(["/", "", "a", "-" * 9])}},
            {"explicit": {"rows": [{"labels": chance.choices(["a", "", "*", "1", CANARY], k=chance.randint(0, 3))}] * 2}},
            {
                "table": {
                    "inline": {
                        "data": chance.choice([b"a;*\nb;*\n", b"", b"\xff;", b"a;b\n"]),
                        "format": chance.choice([0, 1, 2]),
                    }
                }
            },
        ]
    )


def policy(chance: random.Random, names: list[str]) -> dict[str, Any]:
    return {
        "attributes": [
            {
                "name": chance.choice([name, name, name, "nope"]),
                "role": chance.choice([0, 1, 2, 2, 2, 3, 4, 77]),
                "hierarchy": hierarchy(chance),
                "weight": chance.choice([1, 0, 0.5, -1, float("inf")]),
            }
            for name in names
        ],
        "privacy_models": [{"k_anonymity": {"k": chance.choice([0, 1, 2, 5, 2**32 - 1])}}],
        "suppression_limit": chance.choice([0, 0.5, 1, 2, float("nan")]),
        "unlisted": chance.choice([0, 1, 2, 3, 9]),
    }


def answer(method: Any, request: Any, stubs: Stubs) -> tuple[str, str]:
    try:
        method(request, metadata=stubs.metadata, timeout=20)
    except grpc.RpcError as error:
        failure = error
    else:
        return "OK", ""
    code, reason, metadata = status_of(failure)
    assert CANARY not in failure.details()
    assert CANARY not in str(metadata)
    return code, reason


@pytest.mark.timeout(3600)
def test_generated_tables_and_policies_get_an_answer(stubs: Stubs, caplog: pytest.LogCaptureFixture) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for round_ in range(10_000 if FULL else 40):
        data, kind, names = table(chance)
        source = {"inline": {"data": data, "format": kind}}
        try:
            message = policy_pb2.AnonymizationPolicy(**policy(chance, names))
        except (ValueError, TypeError):
            continue  # not a message at all: protobuf itself refuses to make it
        calls = [
            (stubs.anonymization.Anonymize, anonymization_service_pb2.AnonymizeRequest(table=source, policy=message)),
            (stubs.risk.AssessRisk, risk_service_pb2.AssessRiskRequest(table=source, quasi_identifiers=names)),
        ]
        for method, request in calls:
            code, reason = answer(method, request, stubs)
            assert code in ANSWERS, f"seed {seed}, round {round_}: {code} {reason}"
            assert code == "OK" or reason, f"seed {seed}, round {round_}: {code} without a reason"
    assert CANARY not in caplog.text


def test_any_bytes_are_an_upload_that_is_answered(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for round_ in range(2_000 if FULL else 20):
        data, kind, _ = table(chance)
        code, reason = answer(lambda request, **_: stubs.upload(request[0], format=request[1]), (data, kind), stubs)
        assert code in ANSWERS, f"seed {seed}, round {round_}: {code}"
        assert code == "OK" or reason


def test_a_table_with_one_column_of_every_kind_of_value(stubs: Stubs) -> None:
    for values in VALUES:
        frame = pl.DataFrame({"v": pl.Series(values * 5, strict=False)})
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        request = risk_service_pb2.AssessRiskRequest(
            table={"inline": {"data": buffer.getvalue(), "format": table_pb2.TABLE_FORMAT_PARQUET}}, quasi_identifiers=["v"]
        )
        assert stubs.risk.AssessRisk(request, metadata=stubs.metadata).report.k >= 5
