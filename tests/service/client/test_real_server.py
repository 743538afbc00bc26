"""The client against the real server: both kinds, every service, and bytes that come back as they went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from shoal import errors
from shoal.api.tables.v1 import table_pb2
from shoal.client import Client, connect, connect_async
from shoal.runtime.embedded import EmbeddedServer

STAYS = Path(__file__).resolve().parents[3] / "examples" / "hospital_stays.csv"
POLICY = STAYS.with_name("hospital_policy.yaml")
QI = ["birth_date", "sex", "postcode", "admission_date"]


@pytest.fixture
def client(server: EmbeddedServer) -> Iterator[Client]:
    """A client of the shared server."""
    with connect(server.address, server.api_key) as made:
        yield made


def test_every_kind_of_table_gives_the_same_release(client: Client, tmp_path: Path) -> None:
    frame = pl.read_csv(STAYS, infer_schema_length=0)
    frame.write_parquet(tmp_path / "stays.parquet")
    tables = [
        STAYS,
        str(STAYS),
        tmp_path / "stays.parquet",
        frame,
        frame.lazy(),
        frame.to_arrow(),
        frame.to_pandas(),
    ]
    tables.append(client.datasets.upload(STAYS, ttl=timedelta(minutes=5)).name)
    releases = [client.anonymization.anonymize(table, POLICY) for table in tables]
    assert {tuple(each.levels.items()) for each in releases} == {tuple(releases[0].levels.items())}
    first = releases[0].to_polars()
    for release in releases:
        assert release.to_polars().equals(first)
        release.delete_output()
    with pytest.raises(errors.NotFoundError):
        releases[0].to_polars()


def test_nothing_that_was_uploaded_for_a_call_stays(client: Client) -> None:
    before = {each.name for each in client.datasets.list(limit=None)}
    release = client.anonymization.anonymize(STAYS, POLICY)
    client.risk.assess(STAYS, QI)
    release.delete_output()
    assert {each.name for each in client.datasets.list(limit=None)} == before


def test_frames_of_a_release(client: Client, tmp_path: Path) -> None:
    release = client.anonymization.anonymize(STAYS, POLICY)
    frame = release.to_polars()
    assert isinstance(release.to_pandas(), pd.DataFrame)
    assert release.to_arrow().num_rows == frame.height == release.solution.released_count
    path = release.download(tmp_path / "out.parquet", as_format=table_pb2.TABLE_FORMAT_PARQUET)
    assert pl.read_parquet(path).equals(frame)
    assert client.anonymization.get_solution(release.solution.name) == release.solution
    assert release.solution.name in [each.name for each in client.anonymization.list_solutions()]
    client.anonymization.delete_solution(release.solution.name)
    with pytest.raises(errors.NotFoundError):
        client.anonymization.get_solution(release.solution.name)


def test_infeasible(client: Client) -> None:
    with pytest.raises(errors.InfeasibleError) as caught:
        client.anonymization.anonymize(STAYS, POLICY, k=5001)
    assert caught.value.reason is errors.ErrorReason.PRIVACY_INFEASIBLE


def test_unknown_column_is_named(client: Client) -> None:
    with pytest.raises(errors.InvalidArgumentError, match="zipcode") as caught:
        client.risk.assess(STAYS, ["zipcode"])
    assert caught.value.reason is errors.ErrorReason.UNKNOWN_COLUMN


def test_separator_is_passed_on(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a|b;c\n1|2;3\n")
    report = client.risk.assess(path, ["b;c"], separator="|").report
    assert list(report.quasi_identifiers) == ["b;c"]


def test_audit_filters(client: Client) -> None:
    start = datetime.now(UTC)
    client.risk.assess(STAYS, QI)
    found = client.audit.list(service="risk", start=start - timedelta(seconds=5), limit=5)
    assert found
    assert {each.service for each in found} == {"risk"}
    assert client.audit.list(start=start + timedelta(hours=1)) == []
    assert client.audit.verify().intact
    assert client.audit.get(found[0].name) == found[0]


def test_identity(client: Client, server: EmbeddedServer) -> None:
    me = client.identity.get_me()
    made = client.identity.create_api_key("client test", expiration_days=2)
    assert made.api_key.user == me.user.name
    with connect(server.address, made.plaintext) as other:
        assert other.identity.get_me().api_key.name == made.api_key.name
        client.identity.revoke_api_key(made.api_key.name)
        with pytest.raises(errors.UnauthenticatedError):
            other.identity.get_me()
    assert client.identity.get_api_key(made.api_key.name).HasField("revoke_time")
    assert made.api_key.name not in [each.name for each in client.identity.list_api_keys(hide_invalid=True)]


def test_health(client: Client) -> None:
    assert client.health.check() == "SERVING"
    with pytest.raises(errors.NotFoundError):
        client.health.check("shoal.api.moon.v1.MoonService")


async def test_async_client_does_the_same(server: EmbeddedServer, tmp_path: Path) -> None:
    async with connect_async(server.address, server.api_key) as client:
        release = await client.anonymization.anonymize(STAYS, POLICY)
        path = await release.download(tmp_path / "out.csv")
        assert (await release.to_polars()).height == pl.read_csv(path, infer_schema_length=0).height
        assert (await client.risk.assess(path, QI)).report.k >= 5
        assert (await client.audit.verify()).intact
        assert await client.health.check() == "SERVING"
        assert (await client.datasets.preview(release.output.name, 2)).total_rows == release.output.row_count
        await release.delete_output()
        with pytest.raises(errors.NotFoundError):
            await client.datasets.get(release.output.name)
