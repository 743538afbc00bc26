"""AssessRisk of adult and of its releases: every figure of ARX 3.9.2's table of risks (reference/arx.md, section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from grpc_stubs import Stubs
from test_adult import QUASI, policy

from shoal.api.anonymization.v1 import anonymization_service_pb2
from shoal.api.measures.v1 import risk_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2


@dataclass(frozen=True)
class Arx:
    """A row of the table. head: classes of the five smallest sizes. released: k and suppression limit of a release."""

    records: int
    classes: int
    average: float
    at_risk: float
    highest: float
    success: float
    lowest: float
    at_highest: float
    at_lowest: float
    uniques: float
    head: dict[int, int]
    quasi: tuple[str, ...] = tuple(QUASI)
    released: tuple[int, float] | None = None


TABLE = {
    "input": Arx(
        *(30162, 19502, 1.546611, 0.7781314236, 1.0, 0.6465751608, 0.0222222222, 0.5142895033, 0.0014919435, 0.5142895033),
        {1: 15512, 2: 2098, 3: 754, 4: 375, 5: 189},
    ),
    "input, three": Arx(
        *(30162, 528, 57.125, 0.0140905775, 1.0, 0.0175054705, 0.0018050542, 0.0020555666, 0.0183674823, 0.0020555666),
        {1: 62, 2: 59, 3: 35, 4: 35, 5: 22},
        quasi=("sex", "age", "race"),
    ),
    "k=5, 2 %": Arx(
        *(29656, 222, 133.585586, 0.0, 0.2, 0.0074858376, 0.0003107520, 0.0033719989, 0.1085109253, 0.0),
        {5: 20, 6: 21, 7: 12, 8: 6, 9: 6},
        released=(5, 0.02),
    ),
    "k=2, 5 %": Arx(
        *(28812, 1468, 19.626703, 0.0695543524, 0.5, 0.0509509926, 0.0012360939, 0.0273497154, 0.0280785784, 0.0),
        {2: 394, 3: 216, 4: 142, 5: 88, 6: 69},
        released=(2, 0.05),
    ),
}


@pytest.fixture(scope="module")
def table(stubs: Stubs, adult: Path) -> table_pb2.TableSource:
    return table_pb2.TableSource(dataset=stubs.upload((adult / "adult.csv").read_bytes()).name)


@pytest.mark.parametrize("arx", TABLE.values(), ids=TABLE)
def test_every_figure_is_arx_s(stubs: Stubs, adult: Path, table: table_pb2.TableSource, arx: Arx) -> None:
    given = table
    if arx.released is not None:
        k, limit = arx.released
        request = anonymization_service_pb2.AnonymizeRequest(table=table, policy=policy(adult, limit, k))
        answer = stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=60)
        given = table_pb2.TableSource(dataset=answer.output.name)
    request_of_risk = risk_service_pb2.AssessRiskRequest(table=given, quasi_identifiers=arx.quasi)
    compare(stubs.risk.AssessRisk(request_of_risk, metadata=stubs.metadata, timeout=60).report, arx)


def compare(report: risk_pb2.RiskReport, arx: Arx) -> None:
    assert (report.row_count, report.class_count) == (arx.records, arx.classes)
    assert report.row_count / report.class_count == pytest.approx(arx.average, abs=5e-7)
    sizes = {each.size: each.count for each in report.histogram}
    assert report.histogram_complete
    assert dict(list(sizes.items())[:5]) == arx.head
    assert report.k * sizes[report.k] / arx.records == pytest.approx(arx.at_highest, abs=5e-11)
    assert report.largest_class * sizes[report.largest_class] / arx.records == pytest.approx(arx.at_lowest, abs=5e-11)
    assert report.unique_count / arx.records == pytest.approx(arx.uniques, abs=5e-11)
    for attacker in (report.prosecutor, report.journalist):  # without a population the journalist's risk is the prosecutor's
        assert attacker.records_at_risk == pytest.approx(arx.at_risk, abs=5e-11)
        assert attacker.highest_risk == arx.highest
        assert attacker.lowest_risk == pytest.approx(arx.lowest, abs=5e-11)
        assert attacker.success_rate == pytest.approx(arx.success, abs=5e-11)
    assert report.marketer.success_rate == pytest.approx(arx.success, abs=5e-11)
