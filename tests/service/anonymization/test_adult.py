"""adult, all nine attributes as quasi-identifiers: ARX's published optima through the real server (ARX 3.9.2, k = 5)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from grpc_stubs import Stubs
from independent import loss, rows_of, smallest_class

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2
from shoal.api.datasets.v1.dataset_pb2 import Dataset
from shoal.api.tables.v1 import table_pb2

QUASI = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation", "salary-class"]
LEVELS = [2, 5, 2, 3, 4, 3, 3, 3, 2]
# limit, levels, loss, suppressed: table 2.1 of ARX's measured anchor.
OPTIMA = [
    (0.0, [0, 4, 1, 1, 3, 2, 2, 1, 0], 0.5731509656, 0),
    (0.02, [0, 3, 0, 2, 2, 1, 1, 2, 0], 0.3137130353, 506),
    (0.05, [0, 3, 0, 0, 2, 1, 1, 2, 0], 0.2419323651, 1346),
    (1.0, [0, 3, 0, 0, 2, 1, 1, 1, 0], 0.2204119285, 2553),
]


@pytest.fixture(scope="module")
def uploaded(stubs: Stubs, adult: Path) -> Dataset:
    return stubs.upload((adult / "adult.csv").read_bytes())


def policy(folder: Path, limit: float, k: int = 5) -> policy_pb2.AnonymizationPolicy:
    message = policy_pb2.AnonymizationPolicy(suppression_limit=limit)
    message.privacy_models.add().k_anonymity.k = k
    for name in QUASI:
        attribute = message.attributes.add(name=name, role=policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER)
        attribute.hierarchy.table.inline.format = table_pb2.TABLE_FORMAT_CSV
        attribute.hierarchy.table.inline.data = (folder / f"adult_hierarchy_{name}.csv").read_bytes()
    return message


@pytest.mark.parametrize(("limit", "levels", "expected", "suppressed"), OPTIMA)
def test_the_optimum_is_arx_s(
    stubs: Stubs, adult: Path, uploaded: Dataset, limit: float, levels: list[int], expected: float, suppressed: int
) -> None:
    request = anonymization_service_pb2.AnonymizeRequest(
        table=table_pb2.TableSource(dataset=uploaded.name), policy=policy(adult, limit)
    )
    answer = stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=60)
    solution = answer.solution
    assert [each.level for each in solution.attributes] == levels
    assert [each.level_count for each in solution.attributes] == LEVELS
    assert solution.loss == pytest.approx(expected, abs=1e-9)
    assert solution.suppressed_count == suppressed
    assert solution.search.optimal
    assert solution.search.gap == 0
    assert solution.search.lattice_size == 12960
    data = stubs.download(answer.output.name)
    rows = rows_of(data, ";")
    assert smallest_class(rows, QUASI) >= 5
    assert len(rows) == solution.released_count == 30162 - suppressed
    tables = {
        name: list(csv.reader(io.StringIO((adult / f"adult_hierarchy_{name}.csv").read_text()), delimiter=";"))
        for name in QUASI
    }
    assert loss(rows, tables, 30162) == pytest.approx(solution.loss, abs=1e-9)


def test_risk_before_and_after_is_arx_s(stubs: Stubs, adult: Path, uploaded: Dataset) -> None:
    request = anonymization_service_pb2.AnonymizeRequest(
        table=table_pb2.TableSource(dataset=uploaded.name), policy=policy(adult, 0.02)
    )
    solution = stubs.anonymization.Anonymize(request, metadata=stubs.metadata, timeout=60).solution
    before, after = solution.risk_before, solution.risk_after
    # Section 3 of the anchor, rows `input` and `output k=5 supp=0.02`.
    assert (before.class_count, before.unique_count, before.k) == (19502, 15512, 1)
    assert before.prosecutor.records_at_risk == pytest.approx(0.7781314236, abs=1e-10)
    assert before.marketer.success_rate == pytest.approx(0.6465751608, abs=1e-10)
    assert before.prosecutor.lowest_risk == pytest.approx(0.0222222222, abs=1e-10)
    assert (after.class_count, after.row_count, after.suppressed_count, after.k) == (222, 29656, 506, 5)
    assert after.prosecutor.records_at_risk == 0
    assert after.marketer.success_rate == pytest.approx(0.0074858376, abs=1e-10)
    assert [(each.size, each.count) for each in before.histogram[:5]] == [(1, 15512), (2, 2098), (3, 754), (4, 375), (5, 189)]
