"""AssessRisk through the real server: the golden table, ARX's figures on adult, stars, nulls and bad input."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs

from shoal.api.measures.v1 import risk_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2

# The golden table's release: classes A (3 rows), B (4), C (2), and row 10 suppressed.
GOLDEN = ("age,zip,sex\n" + "20-29,130**,F\n" * 3 + "30-39,148**,M\n" * 4 + "40-49,130**,F\n" * 2 + "*,*,*\n").encode()
QUASI = ["age", "zip", "sex"]


def assess(stubs: Stubs, data: bytes, quasi: list[str], **more: Any) -> risk_service_pb2.AssessRiskResponse:
    source = table_pb2.TableSource(inline=table_pb2.InlineTable(data=data, format=table_pb2.TABLE_FORMAT_CSV))
    request = risk_service_pb2.AssessRiskRequest(table=source, quasi_identifiers=quasi, **more)
    return stubs.risk.AssessRisk(request, metadata=stubs.metadata, timeout=30)


def refusal(stubs: Stubs, data: bytes, quasi: list[str], **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        assess(stubs, data, quasi, **more)
    return caught.value


@pytest.mark.parametrize(("threshold", "at_risk"), [(0.2, 1.0), (0.25, 5 / 9), (0.3, 5 / 9), (0.5, 0.0)])
def test_the_golden_table(stubs: Stubs, threshold: float, at_risk: float) -> None:
    report = assess(stubs, GOLDEN, QUASI, threshold=threshold).report
    assert (report.k, report.class_count, report.row_count, report.suppressed_count) == (2, 3, 9, 1)
    assert [(each.size, each.count) for each in report.histogram] == [(2, 1), (3, 1), (4, 1)]
    prosecutor = report.prosecutor
    assert (prosecutor.highest_risk, prosecutor.success_rate, prosecutor.lowest_risk) == (1 / 2, 1 / 3, 1 / 4)
    assert prosecutor.records_at_risk == at_risk
    assert prosecutor.overall_risk == 0.5
    assert report.marketer.success_rate == report.marketer.overall_risk == 1 / 3
    assert report.journalist.highest_risk == prosecutor.highest_risk
    assert report.journalist.estimated_without_population
    assert report.highest_risk_level == risk_pb2.RISK_LEVEL_HIGH


def test_a_star_may_be_a_value_like_others(stubs: Stubs) -> None:
    report = assess(stubs, GOLDEN, QUASI, suppressed_values=risk_service_pb2.SUPPRESSED_VALUES_OWN_VALUE).report
    assert (report.k, report.row_count, report.suppressed_count) == (1, 10, 0)


def test_a_wholly_starred_column_is_merely_generalised(stubs: Stubs) -> None:
    report = assess(stubs, b"a,b\n*,1\n*,1\n*,*\n", ["a", "b"]).report
    assert (report.k, report.row_count, report.suppressed_count) == (2, 2, 1)
    report = assess(stubs, b"a,b\n*,*\n*,*\n", ["a", "b"]).report
    assert (report.k, report.row_count, report.suppressed_count) == (2, 2, 0)
    report = assess(stubs, b"a,b\n*,1\n2,*\n3,3\n", ["a", "b"]).report
    assert (report.row_count, report.suppressed_count) == (3, 0)


def test_null_is_a_value_of_its_own_unless_asked_otherwise(stubs: Stubs) -> None:
    # The golden table's null variant: row 2's zip is null, 9 rows.
    data = b"age,zip\nA,1\nA,\nA,1\nB,2\nB,2\nB,2\nB,2\nC,1\nC,1\n"
    assert assess(stubs, data, ["age", "zip"]).report.k == 1
    answer = assess(stubs, data, ["age", "zip"], null_values=risk_service_pb2.NULL_VALUES_OMIT_ROWS)
    assert (answer.report.k, answer.report.row_count) == (2, 8)
    assert any("1 rows with a null" in warning for warning in answer.warnings)


@pytest.mark.parametrize(
    ("quasi", "expected"),
    [
        (
            "sex age race marital-status education native-country workclass occupation salary-class",
            {"classes": 19502, "at_risk": 0.7781314236, "success": 0.6465751608, "lowest": 0.0222222222, "unique": 15512},
        ),
        (
            "sex age race",
            {"classes": 528, "at_risk": 0.0140905775, "success": 0.0175054705, "lowest": 0.0018050542, "unique": 62},
        ),
    ],
)
def test_adult_is_arx_s(stubs: Stubs, adult: Path, quasi: str, expected: dict[str, float]) -> None:
    dataset = stubs.upload((adult / "adult.csv").read_bytes())
    request = risk_service_pb2.AssessRiskRequest(table={"dataset": dataset.name}, quasi_identifiers=quasi.split())
    report = stubs.risk.AssessRisk(request, metadata=stubs.metadata, timeout=60).report
    assert (report.class_count, report.unique_count) == (expected["classes"], expected["unique"])
    assert report.prosecutor.records_at_risk == pytest.approx(expected["at_risk"], abs=1e-10)
    assert report.prosecutor.success_rate == pytest.approx(expected["success"], abs=1e-10)
    assert report.prosecutor.lowest_risk == pytest.approx(expected["lowest"], abs=1e-10)
    assert report.prosecutor.highest_risk == 1


def test_a_naive_oracle_agrees_on_random_tables(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    for _ in range(100):
        columns, rows = chance.randint(1, 4), chance.randint(1, 60)
        cells = [[chance.choice(["a", "b", "c", "*", ""]) for _ in range(columns)] for _ in range(rows)]
        names = [f"c{place}" for place in range(columns)]
        # A row of one empty cell is a blank line, which CSV cannot tell from nothing: it is quoted.
        text = "\n".join([",".join(names), *(",".join(cell or '""' for cell in row) for row in cells)]) + "\n"
        partly = [place for place in range(columns) if any(row[place] != "*" for row in cells)]
        kept = [tuple(row) for row in cells if not partly or any(row[place] != "*" for place in partly)]
        sizes = Counter(kept).values()
        report = assess(stubs, text.encode(), names).report
        assert report.row_count == len(kept)
        assert report.suppressed_count == rows - len(kept)
        assert report.class_count == len(sizes)
        if kept:
            assert report.k == min(sizes)
            assert report.prosecutor.records_at_risk == sum(size for size in sizes if 1 / size > 0.2) / len(kept)
            assert report.marketer.success_rate == len(sizes) / len(kept)


def test_bad_input_gets_its_sentence(stubs: Stubs) -> None:
    error = refusal(stubs, b"a\n1\n", ["zip"])
    assert status_of(error) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": "zip"})
    error = refusal(stubs, b"a\n1\n", ["a", "a"], threshold=2, risk_level_cut_points=[0.5, 0.1, 0.9], attackers=[9])
    assert set(violations_of(error)) == {"quasi_identifiers[1]", "threshold", "risk_level_cut_points", "attackers[0]"}
    assert violations_of(refusal(stubs, b"a\n1\n", [])) == ["quasi_identifiers"]
    error = refusal(stubs, b"a\n1\n", ["a"], entity_column="a")
    assert status_of(error)[0] == "UNIMPLEMENTED"
    with pytest.raises(grpc.RpcError) as caught:
        stubs.risk.AssessRisk(risk_service_pb2.AssessRiskRequest(quasi_identifiers=["a"]), metadata=stubs.metadata)
    assert violations_of(caught.value) == ["table"]


def test_a_table_without_rows_has_no_risk(stubs: Stubs) -> None:
    for data in (b"a\n", b"a,b\n1,*\n*,*\n"):
        answer = assess(stubs, data, ["a"], suppressed_values=risk_service_pb2.SUPPRESSED_VALUES_OMIT_ROWS)
        if data == b"a\n":
            assert answer.report.row_count == answer.report.k == 0
            assert not answer.report.HasField("prosecutor")
            assert answer.warnings


def test_columns_are_taken_by_their_exact_names(stubs: Stubs) -> None:
    data = b"*,^.*$,b\n1,x,1\n1,x,2\n2,y,3\n2,y,4\n"
    assert assess(stubs, data, ["*"]).report.k == 2
    assert assess(stubs, data, ["^.*$", "*"]).report.quasi_identifiers == ["^.*$", "*"]
