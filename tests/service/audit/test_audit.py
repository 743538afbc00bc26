"""The record: what is on it, what is not, and that tampering shows."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import grpc
import pytest
from grpc_calls import status_of
from grpc_stubs import Stubs

from shoal.api.audit.v1 import audit_pb2, audit_reader_service_pb2
from shoal.api.datasets.v1 import datasets_service_pb2
from shoal.api.identity.v1 import identity_service_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.runtime.embedded import EmbeddedServer, start_embedded

CANARY = "Wilhelmina-Canary-4711"


def entries(stubs: Stubs, **filters: object) -> list[audit_pb2.AuditEntry]:
    request = audit_reader_service_pb2.ListEntriesRequest(**filters)
    return list(stubs.audit.ListEntries(request, metadata=stubs.metadata).entries)


def verify(stubs: Stubs) -> audit_reader_service_pb2.VerifyLogResponse:
    return stubs.audit.VerifyLog(audit_reader_service_pb2.VerifyLogRequest(), metadata=stubs.metadata)


def test_effects_reads_and_failures_are_on_record(stubs: Stubs) -> None:
    dataset = stubs.upload(b"name,age\nAda,36\n")
    stubs.datasets.PreviewDataset(datasets_service_pb2.PreviewDatasetRequest(name=dataset.name), metadata=stubs.metadata)
    missing = "datasets/" + "0" * 32
    with pytest.raises(grpc.RpcError):
        stubs.datasets.GetDataset(datasets_service_pb2.GetDatasetRequest(name=missing), metadata=stubs.metadata)
    found = entries(stubs, resource=dataset.name)
    assert [each.method.rpartition("/")[2] for each in found] == ["PreviewDataset", "UploadDataset"]
    assert all(each.outcome == audit_pb2.AUDIT_OUTCOME_DONE and each.actor.startswith("users/") for each in found)
    (failed,) = entries(stubs, resource=missing)
    assert (failed.code, failed.reason) == ("NOT_FOUND", "RESOURCE_NOT_FOUND")
    assert failed.outcome == audit_pb2.AUDIT_OUTCOME_FAILED


def test_entries_can_be_paged_filtered_and_read_one_by_one(stubs: Stubs) -> None:
    for _ in range(5):
        stubs.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=stubs.metadata)
    request = audit_reader_service_pb2.ListEntriesRequest(page_size=2, method="GetMe")
    seen: list[int] = []
    for _ in range(50):
        page = stubs.audit.ListEntries(request, metadata=stubs.metadata)
        seen += [each.sequence for each in page.entries]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert len(seen) >= 5
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen)
    one = stubs.audit.GetEntry(
        audit_reader_service_pb2.GetEntryRequest(name=f"auditEntries/{seen[0]}"), metadata=stubs.metadata
    )
    assert one.sequence == seen[0]
    request.method = "GetDataset"
    with pytest.raises(grpc.RpcError) as caught:
        stubs.audit.ListEntries(request, metadata=stubs.metadata)
    assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN")


def test_anybody_can_recompute_the_chain_from_the_answers(stubs: Stubs) -> None:
    stubs.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=stubs.metadata)
    chain = sorted(entries(stubs, page_size=500), key=lambda each: each.sequence)
    for before, after in pairwise(chain):
        assert after.previous_hash == before.hash
    for each in chain:
        assert hashlib.sha256(each.payload.encode()).hexdigest() == each.hash
        said = json.loads(each.payload)
        assert (said["sequence"], said["method"]) == (each.sequence, each.method)


def test_a_refused_stranger_is_on_the_systems_record_only(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        for _ in range(3):
            with pytest.raises(grpc.RpcError):
                stubs.identity.GetMe(identity_service_pb2.GetMeRequest())
        assert all(each.actor != "unknown" for each in entries(stubs))
        assert verify(stubs).intact
    own_server.stop()
    with sqlite3.connect(own_server.data_dir / "audit.db") as database:
        rows = database.execute("SELECT actor, outcome, method FROM entries WHERE organization = ''").fetchall()
    assert rows == [("unknown", "REFUSED", "/shoal.api.identity.v1.IdentityService/GetMe")] * 3


def tampered(server: EmbeddedServer, statement: str, *values: object) -> audit_reader_service_pb2.VerifyLogResponse:
    """What verifying says after a change behind the server's back."""
    with grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        for _ in range(4):
            stubs.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=stubs.metadata)
        assert verify(stubs).intact
        with sqlite3.connect(server.data_dir / "audit.db") as database:
            assert database.execute(statement, values).rowcount > 0
        database.close()
        return verify(stubs)


@pytest.mark.parametrize(
    "column",
    [
        "payload",
        "hash",
        "previous_hash",
        "entry_id",
        "event_time",
        "service",
        "method",
        "actor",
        "outcome",
        "resources",
    ],
)
def test_a_changed_byte_in_any_column_is_found(own_server: EmbeddedServer, column: str) -> None:
    found = tampered(
        own_server,
        f"UPDATE entries SET {column} = 'x' || substr({column}, 2) WHERE sequence = 2 AND organization <> ''",
    )
    assert not found.intact
    assert found.first_fault == 2
    assert found.verified_count == 1
    assert found.fault


def test_bytes_that_are_no_text_any_more_are_found(own_server: EmbeddedServer) -> None:
    found = tampered(
        own_server,
        "UPDATE entries SET payload = CAST(? AS TEXT) WHERE sequence = 3 AND organization <> ''",
        b"\xff\xfe{",
    )
    assert not found.intact
    assert found.verified_count == 2


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM entries WHERE sequence = 2 AND organization <> ''", 2),
        ("DELETE FROM entries WHERE sequence = (SELECT max(sequence) FROM entries) AND organization <> ''", None),
        ("UPDATE chains SET length = length - 1 WHERE organization <> ''", None),
        ("UPDATE entries SET sequence = sequence + 1000 WHERE sequence = 1 AND organization <> ''", 1),
    ],
    ids=["removed", "tail removed", "head changed", "moved"],
)
def test_a_removed_or_moved_entry_is_found(own_server: EmbeddedServer, statement: str, fault: int | None) -> None:
    found = tampered(own_server, statement)
    assert not found.intact
    assert fault is None or found.first_fault == fault


def test_swapped_payloads_are_found(own_server: EmbeddedServer) -> None:
    found = tampered(
        own_server,
        "UPDATE entries SET payload = (SELECT payload FROM entries AS o WHERE o.sequence = 5 - entries.sequence AND "
        "o.organization = entries.organization) WHERE sequence IN (2, 3) AND organization <> ''",
    )
    assert not found.intact
    assert found.first_fault == 2


def test_entries_wait_in_the_outbox_of_a_killed_process_and_arrive_later(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    # The child makes an effect and is killed before its relay can have sent it: the relay is held up on purpose.
    script = f"""
import os, pathlib, signal, grpc
from shoal.runtime import outbox
async def never(self): return None
outbox.Relay.drain = never
from shoal.runtime.embedded import start_embedded
from shoal.api.identity.v1 import identity_service_pb2 as m, identity_service_pb2_grpc as g, api_key_pb2
server = start_embedded(pathlib.Path({str(folder)!r}), transient=False)
stub = g.IdentityServiceStub(grpc.insecure_channel(server.address))
request = m.CreateApiKeyRequest(api_key=api_key_pb2.ApiKey(display_name="kept"))
print(stub.CreateApiKey(request, metadata=(("authorization", "Bearer " + server.api_key),)).api_key.name, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    child = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True, timeout=60)
    name = child.stdout.strip()
    assert child.returncode == -9
    assert name.startswith("apiKeys/")
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        (entry,) = entries(stubs, resource=name)
        assert entry.method.endswith("/CreateApiKey")
        assert verify(stubs).intact


def test_no_data_value_is_on_record(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        dataset = stubs.upload(f"name,age\n{CANARY},36\n".encode())
        stubs.download(dataset.name)
        with pytest.raises(grpc.RpcError):
            stubs.upload(f"name,age\n{CANARY},36,{CANARY}\n".encode())
    own_server.stop()
    for path in own_server.data_dir.glob("*.db*"):
        assert CANARY.encode() not in path.read_bytes(), path.name


def test_no_call_can_hold_up_the_record(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        for name in ("é" * 1_500_000, CANARY, "datasets/x\ny"):
            with pytest.raises(grpc.RpcError) as caught:
                stubs.risk.AssessRisk(
                    risk_service_pb2.AssessRiskRequest(table={"dataset": name}, quasi_identifiers=["a"]),
                    metadata=stubs.metadata,
                )
            assert status_of(caught.value)[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
        found = entries(stubs, method="AssessRisk")
        assert [list(each.resources) for each in found] == [[], [], []]


def test_an_unknown_caller_cannot_fill_the_record(own_server: EmbeddedServer) -> None:
    with grpc.insecure_channel(own_server.address) as channel:
        stubs = Stubs(channel, own_server.api_key)
        started = time.monotonic()
        for _ in range(300):
            with pytest.raises(grpc.RpcError):
                stubs.identity.CheckCompatibility(identity_service_pb2.CheckCompatibilityRequest())
        allowed = 100 + 5 * (time.monotonic() - started) + 1  # a hundred at once, then five a second
    own_server.stop()
    with sqlite3.connect(own_server.data_dir / "audit.db") as database:
        ((count,),) = database.execute("SELECT count(*) FROM entries WHERE organization = ''").fetchall()
    assert 100 <= count <= allowed


def test_odd_requests_get_their_status(stubs: Stubs) -> None:
    calls = [
        (stubs.audit.GetEntry, audit_reader_service_pb2.GetEntryRequest(name="auditEntries/9999999999999999999"), "NOT_FOUND"),
        (stubs.audit.ListEntries, audit_reader_service_pb2.ListEntriesRequest(resource="x" * 60_000), "INVALID_ARGUMENT"),
        (stubs.audit.ListEntries, audit_reader_service_pb2.ListEntriesRequest(page_size=-1), "INVALID_ARGUMENT"),
        (stubs.audit.ListEntries, audit_reader_service_pb2.ListEntriesRequest(page_token="é" * 100), "INVALID_ARGUMENT"),
        (
            stubs.audit.ListEntries,
            audit_reader_service_pb2.ListEntriesRequest(start_time={"seconds": -(2**62)}),
            "INVALID_ARGUMENT",
        ),
    ]
    for method, request, code in calls:
        with pytest.raises(grpc.RpcError) as caught:
            method(request, metadata=stubs.metadata)
        assert status_of(caught.value)[0] == code
