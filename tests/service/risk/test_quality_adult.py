"""MeasureQuality of releases of adult at k = 5: ARX 3.9.2's losses (table 2.1 of its anchor), the search's own report."""

from __future__ import annotations

from pathlib import Path

import pytest
from grpc_stubs import Stubs
from qualities import column, report_of
from test_adult import QUASI, policy

from shoal.api.anonymization.v1 import anonymization_service_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2

# limit, suppressed, loss by the geometric and by the arithmetic mean: both have the same optimum.
ARX = [
    (0.0, 0, 0.5731509656, 0.6355438467),
    (0.02, 506, 0.3137130353, 0.3574824899),
    (0.05, 1346, 0.2419323651, 0.2696346628),
    (1.0, 2553, 0.2204119285, 0.2277003232),
]


@pytest.mark.parametrize(("limit", "suppressed", "geometric", "arithmetic"), ARX)
def test_the_losses_are_arx_s(
    stubs: Stubs, adult: Path, limit: float, suppressed: int, geometric: float, arithmetic: float
) -> None:
    table = table_pb2.TableSource(dataset=stubs.upload((adult / "adult.csv").read_bytes()).name)
    asked = policy(adult, limit)
    request = anonymization_service_pb2.AnonymizeRequest(table=table, policy=asked)
    answer = stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=60)
    found = stubs.risk.MeasureQuality(
        risk_service_pb2.MeasureQualityRequest(
            original=table, released=table_pb2.TableSource(dataset=answer.output.name), policy=asked
        ),
        metadata=stubs.metadata,
        timeout=60,
    )
    assert found.suppressed_count == suppressed
    assert found.report.loss_geometric_mean == pytest.approx(geometric, abs=1e-9)
    assert found.report.loss_arithmetic_mean == pytest.approx(arithmetic, abs=1e-9)
    solution = answer.solution
    assert report_of(found) == pytest.approx({field.name: value for field, value in solution.quality.ListFields()}, rel=1e-9)
    assert [each.level for each in found.attributes] == [each.level for each in solution.attributes]
    assert [column(found, name)["loss"] for name in QUASI] == pytest.approx(
        [each.loss for each in solution.attributes], abs=1e-12
    )
    assert 0 < found.metrics["r_squared"] < 1
    assert not found.warnings
