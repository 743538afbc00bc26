"""Spends in processes of their own, as the servicer does it, without a server around: run by the tests as a program.

    spender.py race DATABASE BUDGET PROCESSES TRIES      each process tries so often; prints how many spends were granted
    spender.py careless DATABASE BUDGET PROCESSES TRIES  the same with a ledger that looks, then writes: the test must catch it
    spender.py kill DATABASE BUDGET KILLS SEED           kills processes that spend; prints what they asked for and were told

DATABASE is the folder of a SQLite file, or the URL of a PostgreSQL database. The processes are forked from this one, which has
imported everything and opened nothing.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine

from shoal.api.budget.v1 import budget_service_pb2, spend_pb2
from shoal.budget import composition, ledger, records
from shoal.budget.events import Event, Mechanism
from shoal.budget.servicer import BudgetServicer
from shoal.errors import BudgetExhaustedError
from shoal.runtime.calls import Caller, Draft, Role, current_draft
from shoal.runtime.database import Database, now
from shoal.runtime.pages import Pages
from shoal.runtime.settings import load_settings

ORGANIZATION, USER = "a" * 32, "b" * 32
EPSILON = 1.0


class PostgresDatabase(Database):
    """The tables of the service in PostgreSQL, at its default isolation, READ COMMITTED."""

    def __init__(self, url: str) -> None:  # not the one of a file
        self.engine = create_engine(url, hide_parameters=True)


def opened(where: str | Path) -> Database:
    """The database of a folder, or behind a URL."""
    return PostgresDatabase(str(where)) if str(where).startswith("postgresql") else Database(Path(where) / "budget.db")


class Service(BudgetServicer):
    """The service's own code on a database."""

    def connect(self) -> None:
        with self._database.begin() as session:
            session.connection()

    def close(self) -> None:
        self._database.close()


def servicer(where: str | Path) -> Service:
    """The service on a database."""
    return Service(opened(where), Pages(b"x" * 32), load_settings())


def spend(service: BudgetServicer, budget: str, request_id: str) -> budget_service_pb2.SpendResponse:
    """One spend of EPSILON, in a call of somebody's: the ledger writes the audit entry with the effect."""
    draft = Draft(service="budget", method="Spend", request_id=uuid.uuid4().hex, audited=True)
    # Contents' budgets are charged by services, for somebody.
    draft.caller = Caller(Role.SERVICE if "sha256-" in budget else Role.USER, ORGANIZATION, USER, "")
    current_draft.set(draft)
    event = spend_pb2.PrivacyEvent(epsilon=EPSILON, pure=spend_pb2.PureMechanism())
    return service._spend(budget_service_pb2.SpendRequest(request_id=request_id, budgets=[budget], events=[event]))


def race(folder: str | Path, budget: str, tries: int, wait: Callable[[], object] = lambda: None) -> int:
    """Tries so often on each budget (several: with commas), from when `wait` returns; returns how often it was granted."""
    service = servicer(folder)
    service.connect()
    wait()
    granted = 0
    for name in [each for each in budget.split(",") for _ in range(tries)]:
        try:
            spend(service, name, uuid.uuid4().hex)
        except BudgetExhaustedError:
            continue
        granted += 1
    service.close()
    return granted


def careless(folder: str | Path, budget: str, tries: int, wait: Callable[[], object]) -> int:
    """What a ledger grants that reads and checks in one transaction and writes in the next."""
    database = opened(folder)
    wait()
    bill = ledger.bill_of([Event(EPSILON, 0.0, 1, Mechanism.PURE)])
    granted = 0
    for _ in range(tries):
        with database.begin() as session:
            row = ledger.get(session, ORGANIZATION, budget.removeprefix("budgets/"))
        standing = composition.charge(row.terms, row.where_it_stands(), bill)
        if standing is None:
            continue
        time.sleep(0.0005)
        with database.begin() as session:
            kept = session.get(records.BudgetRow, row.id)
            assert kept is not None
            kept.move(standing, composition.position(row.terms, standing), now())
            session.add(kept)
        granted += 1
    return granted


def together(what: Callable[..., int], folder: str | Path, budget: str, processes: int, tries: int) -> int:
    """The sum of what that many processes were granted that began at the same moment."""
    reading, writing = os.pipe()
    ready, tell = os.pipe()
    gate, opening = os.pipe()

    def wait() -> None:
        os.write(tell, b"x")
        os.read(gate, 1)  # the end of the file, once the gate is opened

    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            os.close(opening)
            os.write(writing, f"{what(folder, budget, tries, wait)}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(writing)
    for _ in range(processes):
        os.read(ready, 1)
    os.close(opening)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * processes
    with os.fdopen(reading) as lines:
        return sum(int(line) for line in lines)


def kill(folder: str | Path, budget: str, kills: int, seed: int) -> None:
    """Prints `asked ID` before each spend and `got ID SPEND` once its answer is there; the processes die in between."""
    chance = random.Random(seed)
    for _ in range(kills):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            service = servicer(folder)
            while True:
                request_id = uuid.uuid4().hex
                os.write(writing, f"asked {request_id}\n".encode())
                answer = spend(service, budget, request_id)
                os.write(writing, f"got {request_id} {answer.spend.name}\n".encode())
        os.close(writing)
        told, wanted = b"", chance.randrange(1, 5)
        while told.count(b"got ") < wanted:
            more = os.read(reading, 65536)
            if not more:
                raise ChildProcessError("a process that spends ended before it was killed")
            told += more
        time.sleep(chance.uniform(0.0, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reading, "rb") as rest:
            sys.stdout.write((told + rest.read()).decode())
    sys.stdout.flush()


if __name__ == "__main__":
    what, where, name, first, second = sys.argv[1:]
    if what == "kill":
        kill(where, name, int(first), int(second))
    else:
        granted = together({"race": race, "careless": careless}[what], where, name, int(first), int(second))
        sys.stdout.write(f"{granted}\n")
