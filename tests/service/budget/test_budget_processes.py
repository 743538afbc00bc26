"""Many processes on one budget, and processes that are killed while they spend: never more than the limit, never less than was
delivered.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
import spender
from budget_calls import Budgets, pure
from counts import FULL
from grpc_stubs import Stubs
from postgres_cluster import cluster, programs
from sqlmodel import select

from shoal import catalog
from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.budget import ledger, records
from shoal.budget.events import Composition
from shoal.errors import BudgetExhaustedError, InvalidArgumentError
from shoal.runtime.calls import Caller, Role
from shoal.runtime.database import Database
from shoal.runtime.embedded import start_embedded
from shoal.runtime.migrations import upgrade
from shoal.runtime.outbox import OutboxEntry
from shoal.runtime.pages import Pages
from shoal.runtime.settings import load_settings

PROCESSES = 8
TRIES = 500 if FULL else 60
LIMIT = 100
KILLS = 200 if FULL else 20
SERVER_KILLS = 20 if FULL else 1


@dataclass(frozen=True)
class Ledger:
    """The budget service's tables, and what the spender calls the place where they are."""

    where: str
    database: Database


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL database of these tests' own."""
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed, or its driver is missing (the extra `postgres`)")
    # Below /tmp itself: the path of a socket may have 107 bytes, and the server runs as another user.
    with tempfile.TemporaryDirectory(prefix="shoal-") as name:
        Path(name).chmod(0o755)
        with cluster(where, Path(name) / "pg") as url:
            yield url


@pytest.fixture(params=["sqlite"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger: in SQLite, and where a test asks for it in PostgreSQL, too."""
    where = str(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgres")
    (head,) = (service.schema_head for service in catalog.SERVICES if service.name == "budget")
    database = spender.opened(where)
    with database.engine.begin() as connection:
        if request.param != "sqlite":
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
    upgrade(database, "budget", head)
    yield Ledger(where, database)
    database.close()


on_both = pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)
# Where the two do not differ in what is looked at, one of them is enough for every day.
on_both_at_times = on_both if FULL else pytest.mark.parametrize("place", ["sqlite"], indirect=True)
on_both_or_the_freer = on_both if FULL else pytest.mark.parametrize("place", ["postgresql"], indirect=True)


def make(database: Database, epsilon: float, composition: Composition = Composition.BASIC) -> str:
    me = Caller(Role.ADMIN, spender.ORGANIZATION, spender.USER, "")
    limits = ledger.Limits(composition, epsilon, 0.0 if composition is Composition.BASIC else 1e-6, 0.0)
    with database.begin() as session:
        row, _ = ledger.create(session, me, ledger.NewBudget(None, "", limits, None, "", reuse_deleted_id=False))
    return f"budgets/{row.budget_id}"


def run(*words: object) -> str:
    """What the spender prints."""
    command = [sys.executable, spender.__file__, *map(str, words)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=900).stdout


def kept(database: Database, budget: str) -> tuple[records.BudgetRow, list[records.SpendRow], list[OutboxEntry]]:
    with database.begin() as session:
        row = ledger.get(session, spender.ORGANIZATION, budget.removeprefix("budgets/"))
        spends = list(session.exec(select(records.SpendRow)).all())
        return row, spends, list(session.exec(select(OutboxEntry)).all())


@on_both
@pytest.mark.timeout(900)
def test_eight_processes_are_granted_what_the_budget_holds_and_no_more(place: Ledger) -> None:
    budget = make(place.database, float(LIMIT))
    granted = int(run("race", place.where, budget, PROCESSES, TRIES))
    row, spends, entries = kept(place.database, budget)
    assert granted == len(spends) == len(entries) == row.query_count == LIMIT
    assert row.spent_epsilon == row.epsilon_limit


@on_both_or_the_freer
@pytest.mark.timeout(900)
def test_eight_processes_make_one_budget_for_a_content_that_is_new_to_all(place: Ledger) -> None:
    contents = [f"budgets/sha256-{uuid.uuid4().hex}{uuid.uuid4().hex}" for _ in range(20)]
    assert int(run("race", place.where, ",".join(contents), PROCESSES, 1)) == PROCESSES * len(contents)
    with place.database.begin() as session:
        found = session.exec(select(records.BudgetRow)).all()
        assert sorted(f"budgets/{row.budget_id}" for row in found) == sorted(contents)
        assert {row.query_count for row in found} == {PROCESSES}
        assert len(session.exec(select(OutboxEntry)).all()) == PROCESSES * len(contents)


@pytest.mark.timeout(900)
def test_under_a_curve_many_processes_are_granted_what_one_would_be(place: Ledger) -> None:
    budget, alone = (make(place.database, float(LIMIT), Composition.RDP) for _ in range(2))
    granted = int(run("race", place.where, budget, 4, 40))
    assert LIMIT < granted == spender.race(place.where, alone, 160) < 160
    row, spends, _ = kept(place.database, budget)
    assert row.spent_epsilon <= row.epsilon_limit
    assert len(spends) == 2 * granted


def test_this_race_finds_a_ledger_that_looks_before_it_writes(place: Ledger) -> None:
    budget = make(place.database, float(LIMIT))
    assert int(run("careless", place.where, budget, PROCESSES, 30)) > LIMIT


@on_both_at_times
@pytest.mark.timeout(900)
def test_what_was_delivered_is_charged_however_a_process_dies(place: Ledger) -> None:
    budget = make(place.database, 1e6)  # of which nobody comes to the end: a process spends hundreds before it is killed
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    told = run("kill", place.where, budget, KILLS, seed)
    asked = [line.split()[1] for line in told.splitlines() if line.startswith("asked ")]
    got = dict(line.split()[1:] for line in told.splitlines() if line.startswith("got ") and len(line.split()) == 3)
    row, spends, entries = kept(place.database, budget)
    by_request = {each.request_id: f"spends/{each.id}" for each in spends}
    assert set(got.items()) <= set(by_request.items()), "an answered spend is not on the ledger"
    assert set(by_request) <= set(asked)
    assert len(spends) - len(got) <= KILLS, "more was charged than could have been under way"
    assert row.spent_epsilon == sum(int(each.epsilon) for each in spends) == len(spends) * 10**9
    assert row.query_count == len(spends) == len(entries), "a charge without its entry, or the other way round"
    # Whoever did not hear an answer asks again with the same id, and is charged once in all.
    service = spender.servicer(place.where)
    for request_id in [each for each in asked if each not in got]:
        known = request_id in by_request
        assert spender.spend(service, budget, request_id).repeated_request is known
    assert len(got) >= KILLS, "nothing was spent between the kills"
    service.close()
    assert kept(place.database, budget)[0].query_count == len(asked)


CHILD = """
import pathlib, sys, uuid, grpc
sys.path[:0] = {paths!r}
from budget_calls import Budgets, pure
from shoal.runtime.embedded import start_embedded
server = start_embedded(pathlib.Path({folder!r}), transient=False)
admin = Budgets(grpc.insecure_channel(server.address), server.api_key)
while True:
    print(admin.spend({budget!r}, pure(0.001)).spend.name, flush=True)
"""


@pytest.mark.timeout(900)
def test_a_killed_server_has_charged_and_recorded_every_spend_it_answered(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        budget = Budgets(channel, server.api_key).create(1000.0, "killed").name
    here = Path(__file__).resolve().parent
    script = CHILD.format(paths=[str(here), str(here.parent)], folder=str(folder), budget=budget)
    chance = random.Random()
    answered: list[str] = []
    for _ in range(SERVER_KILLS):
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            answered.append(child.stdout.readline().strip())
            time.sleep(chance.uniform(0, 0.3))
            os.kill(child.pid, signal.SIGKILL)
            answered += [line.strip() for line in child.stdout if line.endswith("\n")]
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        admin, stubs = Budgets(channel, server.api_key), Stubs(channel, server.api_key)
        shown = admin.get(budget)
        listed: list[str] = []
        token = ""
        while True:
            page = admin.spends(budget=budget, page_size=500, page_token=token)
            listed += [each.name for each in page.spends]
            token = page.next_page_token
            if not token:
                break
        assert set(answered) <= set(listed)
        assert len(listed) == shown.query_count
        assert shown.spent_epsilon == pytest.approx(0.001 * len(listed))
        assert shown.spent_epsilon >= 0.001 * len(answered) - 1e-9
        for name in answered[-3:]:
            request = audit_reader_service_pb2.ListEntriesRequest(resource=name, method="Spend")
            assert len(stubs.audit.ListEntries(request, metadata=stubs.metadata).entries) == 1
        assert stubs.audit.VerifyLog(audit_reader_service_pb2.VerifyLogRequest(), metadata=stubs.metadata).intact
        admin.spend(budget, pure(0.001), request_id=str(uuid.uuid4()))


def test_the_administrator_sets_what_contents_made_from_then_on_may_spend(place: Ledger) -> None:
    before, after = (f"budgets/sha256-{uuid.uuid4().hex}{uuid.uuid4().hex}" for _ in range(2))
    usual = spender.servicer(place.where)
    assert spender.spend(usual, before, uuid.uuid4().hex).budgets[0].epsilon_budget == 10.0
    settings = load_settings(content_epsilon_budget=1.5, content_delta_budget=2e-7)
    narrow = spender.Service(place.database, Pages(b"x" * 32), settings)
    budget = spender.spend(narrow, after, uuid.uuid4().hex).budgets[0]
    assert (budget.epsilon_budget, budget.delta_budget, budget.approximate_delta) == (1.5, 2e-7, 1e-7)
    with pytest.raises(BudgetExhaustedError):
        spender.spend(narrow, after, uuid.uuid4().hex)
    assert spender.spend(narrow, before, uuid.uuid4().hex).budgets[0].epsilon_budget == 10.0
    with pytest.raises(InvalidArgumentError, match="SHOAL_CONTENT_EPSILON_BUDGET"):
        load_settings(content_epsilon_budget=0.0)
    usual.close()
