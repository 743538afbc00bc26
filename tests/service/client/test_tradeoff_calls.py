"""What the calls about trade-offs and solutions put into their requests, and what comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shoal.api.tables.v1 import table_pb2
from shoal.client import AsyncClient, Client

from .fake_server import CERTIFICATE, FakeServer

POLICY = {
    "attributes": [{"name": "age", "role": "QUASI_IDENTIFIER"}, {"name": "ill", "role": "SENSITIVE"}],
    "privacy_models": [{"k_anonymity": {"k": 5}}, {"l_diversity": {"attribute": "ill", "l": 2}}],
    "suppression_limit": 0.02,
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A small table."""
    path = tmp_path / "t.csv"
    path.write_text("age,ill\n41,flu\n")
    return path


def test_frontier(fake: FakeServer, fake_client: Client, table: Path) -> None:
    answer = fake_client.anonymization.compute_frontier(
        table, POLICY, ks=range(2, 5), suppression_limits=[0, 0.05], parameters=[(1, "l", [2, 3])]
    )
    request = fake.frontiers[0]
    assert request.table.inline.data == table.read_bytes()
    assert list(request.ks) == [2, 3, 4]
    assert list(request.suppression_limits) == [0, 0.05]
    assert [(each.model, each.parameter, list(each.values)) for each in request.parameters] == [(1, "l", [2.0, 3.0])]
    assert request.policy.privacy_models[0].k_anonymity.k == 5
    assert len(answer.points) == 12


def test_frontier_of_the_policy_s_own_setting(fake: FakeServer, fake_client: Client, table: Path) -> None:
    points = fake_client.anonymization.compute_frontier(table, POLICY).points
    assert not fake.frontiers[0].ks
    assert not fake.frontiers[0].suppression_limits
    assert [(each.k, each.suppression_limit) for each in points] == [(5, 0.02)]


def test_lattice(fake: FakeServer, fake_client: Client, table: Path) -> None:
    fake_client.anonymization.explore_lattice(table, POLICY, separator=",")
    fake_client.anonymization.explore_lattice("datasets/x", POLICY, levels=[0, 3], radius=2, k=9)
    first, second = fake.explorations
    assert (list(first.levels), first.radius, first.table.inline.separator) == ([], 1, ",")
    assert (list(second.levels), second.radius, second.table.dataset) == ([0, 3], 2, "datasets/x")
    assert second.policy.privacy_models[0].k_anonymity.k == 9


def test_apply(fake: FakeServer, fake_client: Client, table: Path, tmp_path: Path) -> None:
    release = fake_client.anonymization.apply_solution(
        "solutions/s1", table, output_format=table_pb2.TABLE_FORMAT_PARQUET, output_ttl=timedelta(minutes=5)
    )
    request = fake.applications[0]
    assert request.solution == "solutions/s1"
    assert request.table.inline.data == table.read_bytes()
    assert request.output_format == table_pb2.TABLE_FORMAT_PARQUET
    assert request.output_ttl.seconds == 300
    assert request.request_id
    assert release.certificate == CERTIFICATE
    assert (release.report.released_count, release.report.row_count) == (7, 10)
    assert release.download(tmp_path / "out.csv").read_bytes() == b"a,b\n3,4\n"
    release.delete_output()
    assert fake.deleted == ["datasets/applied"]


def test_certificate_and_the_time_for_applying(fake: FakeServer, fake_client: Client, table: Path) -> None:
    assert fake_client.anonymization.anonymize(table, POLICY).certificate == CERTIFICATE
    fake.certified = False
    assert fake_client.anonymization.anonymize(table, POLICY, apply_ttl=timedelta(0)).certificate is None
    assert fake_client.anonymization.apply_solution("solutions/s1", table).certificate is None
    first, second = fake.requests
    assert not first.HasField("apply_ttl")
    assert second.HasField("apply_ttl")
    assert second.apply_ttl.seconds == 0


async def test_async_client_does_the_same(fake: FakeServer, fake_async_client: AsyncClient, table: Path) -> None:
    answer = await fake_async_client.anonymization.compute_frontier(table, POLICY, ks=[2, 3])
    assert [each.k for each in answer.points] == [2, 3]
    nodes = await fake_async_client.anonymization.explore_lattice(table, POLICY)
    assert nodes.complete
    release = await fake_async_client.anonymization.apply_solution("solutions/s1", table)
    assert release.report.guarantee
