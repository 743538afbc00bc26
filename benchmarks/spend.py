"""How long a spend takes until it is durable: charged, on the ledger, with its audit entry, on disk.

The servicer's own work is timed (request to answer, without the network), and the whole call over gRPC beside it, which adds
the credential's check and the way there and back. The peer is the least that SQLite can do durably: one row updated and
committed.
"""

from __future__ import annotations

import sqlite3
import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

import grpc
from benchmarks.common import Row, medians

from shoal import catalog
from shoal.api.budget.v1 import budget_pb2, budget_service_pb2, spend_pb2
from shoal.api.budget.v1.budget_service_pb2_grpc import BudgetServiceStub
from shoal.budget import messages
from shoal.budget.servicer import BudgetServicer
from shoal.runtime.calls import Caller, Draft, Role, current_draft
from shoal.runtime.database import PRAGMAS, Database
from shoal.runtime.embedded import start_embedded
from shoal.runtime.migrations import upgrade
from shoal.runtime.pages import Pages
from shoal.runtime.settings import load_settings

TITLE = "a durable spend"
PEER = f"SQLite {sqlite3.sqlite_version}: BEGIN IMMEDIATE, UPDATE of one row, COMMIT, WAL, synchronous=FULL"

ROUNDS = 201
SPEND_SECONDS = 0.003
COMPOSITIONS = {"basic": budget_pb2.COMPOSITION_BASIC, "Rényi": budget_pb2.COMPOSITION_RDP}


def run() -> list[Row]:
    """The servicer's work under two compositions and the call over gRPC, against a bare commit."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (service,) = (each for each in catalog.SERVICES if each.name == "budget")
        database = Database(folder / "budget.db")
        upgrade(database, "budget", service.schema_head)
        servicer = BudgetServicer(database, Pages(b"x" * 32), load_settings(data_dir=folder))
        works = [_within(servicer, composition) for composition in COMPOSITIONS.values()]
        *ours, peer = medians(*works, _bare(folder / "bare.db"), rounds=ROUNDS)
        database.close()
        # Not in turn with the others: a server that commits to other files makes every commit beside it wait for its own.
        with start_embedded(folder / "data") as server, grpc.insecure_channel(server.address) as channel:
            over_grpc, beside = medians(
                _over_grpc(BudgetServiceStub(channel), server.api_key), _bare(folder / "beside.db"), rounds=ROUNDS
            )
    for composition, seconds in zip(COMPOSITIONS, ours, strict=True):
        bar = f"≤ {SPEND_SECONDS * 1000:g} ms"
        what = f"a spend, {composition} composition"
        rows.append(Row(what, _ms(seconds), _ms(peer), seconds / peer, bar, seconds <= SPEND_SECONDS))
    return [*rows, Row("  the whole call over gRPC, basic", _ms(over_grpc), _ms(beside), over_grpc / beside)]


def _within(servicer: BudgetServicer, composition: budget_pb2.Composition) -> Callable[[], object]:
    def call() -> None:
        draft = Draft(service="budget", method="Spend", request_id=uuid.uuid4().hex, audited=True)
        draft.caller = Caller(Role.ADMIN, "a" * 32, "b" * 32, "")
        current_draft.set(draft)

    call()
    name = servicer._create(messages.new_budget(_new(composition))).name

    def work() -> None:
        call()
        servicer._spend(_request(name))

    return work


def _over_grpc(stub: BudgetServiceStub, key: str) -> Callable[[], object]:
    metadata = (("authorization", f"Bearer {key}"),)
    name = stub.CreateBudget(_new(budget_pb2.COMPOSITION_BASIC), metadata=metadata).name
    return lambda: stub.Spend(_request(name), metadata=metadata)


def _bare(path: Path) -> Callable[[], object]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    connection.execute("CREATE TABLE budgets (spent INTEGER)")
    connection.execute("INSERT INTO budgets VALUES (0)")

    def work() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE budgets SET spent = spent + 1")
        connection.execute("COMMIT")

    return work


def _new(composition: budget_pb2.Composition) -> budget_service_pb2.CreateBudgetRequest:
    delta = 0.0 if composition == budget_pb2.COMPOSITION_BASIC else 1e-6
    budget = budget_pb2.Budget(epsilon_budget=1000.0, delta_budget=delta, composition=composition)
    return budget_service_pb2.CreateBudgetRequest(budget=budget)


def _request(name: str) -> budget_service_pb2.SpendRequest:
    event = spend_pb2.PrivacyEvent(epsilon=0.001, pure=spend_pb2.PureMechanism())
    return budget_service_pb2.SpendRequest(request_id=str(uuid.uuid4()), budgets=[name], events=[event])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
