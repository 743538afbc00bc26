"""What is remembered of releases: found again by its organisation only, unreadable in the file, gone in time."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import polars as pl
import pytest

from shoal.anonymization import memory as module
from shoal.anonymization.memory import Memory
from shoal.anonymization.records import SolutionRow, SolutionState, delete_solution
from shoal.anonymization.repeats import Likeness, Trace, person_prints, sketch_people
from shoal.catalog import SERVICES
from shoal.errors import FailedPreconditionError, UnavailableError
from shoal.runtime.database import Database, now
from shoal.runtime.migrations import upgrade

SECRET = bytes(range(32))
CANARY = b"canary-5d1"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(tmp_path / "anonymization.db")
    upgrade(made, "anonymization", next(each.schema_head for each in SERVICES if each.name == "anonymization"))
    return made


@pytest.fixture
def memory(database: Database) -> Memory:
    return Memory(database, SECRET)


def trace(memory: Memory, *, digest: str = "a", rows: str = "b", quasi: str = "c", people: range | None = None) -> Trace:
    names = None if people is None else pl.Series([f"{CANARY.decode()} {number}" for number in people], dtype=pl.String)
    return Trace(
        digest, rows, quasi, None if names is None else sketch_people(person_prints(names, memory.key("o1")), memory.key("o1"))
    )


def remember(database: Database, memory: Memory, solution: str, release: str, made: Trace, organization: str = "o1") -> None:
    with database.begin() as session:
        memory.remember(session, organization, solution, release, made)


def test_releases_are_recognised_by_what_is_alike(database: Database, memory: Memory) -> None:
    remember(database, memory, "s1", "s1", trace(memory, digest="a", rows="b", quasi="c"))
    remember(database, memory, "s2", "s2", trace(memory, digest="x", rows="b", quasi="c"))
    remember(database, memory, "s3", "s3", trace(memory, digest="x2", rows="y", quasi="c"))
    remember(database, memory, "s4", "s4", trace(memory, digest="x3", rows="y3", quasi="z"))
    found = memory.earlier("o1", trace(memory, digest="a", rows="b", quasi="c"))
    assert {each.solution: each.likeness for each in found} == {
        "solutions/s1": Likeness.INPUT,
        "solutions/s2": Likeness.ROWS,
        "solutions/s3": Likeness.QUASI_IDENTIFIERS,
    }
    assert [each.solution for each in found] == ["solutions/s3", "solutions/s2", "solutions/s1"]


def test_another_organisation_remembers_nothing_of_it(database: Database, memory: Memory) -> None:
    made = trace(memory, people=range(10))
    remember(database, memory, "s1", "s1", made)
    assert memory.earlier("o2", made) == []
    assert memory.key("o1") != memory.key("o2")


def test_people_are_recognised_by_their_sketch(database: Database, memory: Memory) -> None:
    remember(database, memory, "s1", "s1", trace(memory, digest="1", rows="1", quasi="1", people=range(100)))
    remember(database, memory, "s1", "batch", trace(memory, digest="2", rows="2", quasi="2", people=range(500, 600)))
    found = memory.earlier("o1", trace(memory, people=range(50, 150)))
    assert [(each.solution, each.likeness, each.share) for each in found] == [
        ("solutions/s1", Likeness.ENTITIES, 0.0),
        ("solutions/s1", Likeness.ENTITIES, 0.5),
    ]
    assert memory.earlier("o1", trace(memory)) == []  # without an entity column


def test_states_are_kept_and_replaced_in_order(database: Database, memory: Memory) -> None:
    until = now() + dt.timedelta(hours=1)
    with database.begin() as session:
        memory.keep_state(session, "o1", "s1", b"first", until)
    first = memory.state("o1", "s1")
    assert first is not None
    assert (first.content, first.version, first.expire_time) == (b"first", 1, until)
    with database.begin() as session:
        memory.replace_state(session, "o1", "s1", first, b"second")
    second = memory.state("o1", "s1")
    assert second is not None
    assert (second.content, second.version, second.expire_time) == (b"second", 2, until)
    with pytest.raises(UnavailableError, match="try again"), database.begin() as session:
        memory.replace_state(session, "o1", "s1", first, b"lost")
    again = memory.state("o1", "s1")
    assert again == second


def test_a_state_that_was_deleted_meanwhile_is_not_replaced(database: Database, memory: Memory) -> None:
    with database.begin() as session:
        memory.keep_state(session, "o1", "s1", b"first", now() + dt.timedelta(hours=1))
        session.add(solution("s1"))
    first = memory.state("o1", "s1")
    assert first is not None
    with database.begin() as session:
        delete_solution(session, session.get_one(SolutionRow, "s1"))
    with pytest.raises(FailedPreconditionError), database.begin() as session:
        memory.replace_state(session, "o1", "s1", first, b"second")


def test_a_state_is_its_organisations_own(database: Database, memory: Memory) -> None:
    with database.begin() as session:
        memory.keep_state(session, "o1", "s1", b"first", now() + dt.timedelta(hours=1))
    assert memory.state("o2", "s1") is None
    assert memory.state("o1", "s2") is None


def test_an_expired_state_is_gone_and_swept(database: Database, memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.begin() as session:
        memory.keep_state(session, "o1", "s1", b"first", now() + dt.timedelta(minutes=1))
        memory.keep_state(session, "o1", "s2", b"other", now() + dt.timedelta(days=1))
    later = now() + dt.timedelta(minutes=2)
    monkeypatch.setattr(module, "now", lambda: later)
    assert memory.state("o1", "s1") is None
    assert memory.state("o1", "s2") is not None
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT solution FROM apply_states").all() == [("s2",)]
    monkeypatch.setattr(module, "now", lambda: later + dt.timedelta(days=2))
    memory.sweep()
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM apply_states").scalar() == 0


def solution(name: str) -> SolutionRow:
    return SolutionRow(
        id=name, organization="o1", creator="u1", state=SolutionState.DONE, owner="p", output="d", create_time=now()
    )


def test_everything_goes_with_its_solution(database: Database, memory: Memory) -> None:
    with database.begin() as session:
        for name in ("s1", "s2"):
            session.add(solution(name))
            memory.remember(session, "o1", name, name, trace(memory, people=range(5)))
            memory.remember(session, "o1", name, f"batch of {name}", trace(memory))
            memory.keep_state(session, "o1", name, b"state", now() + dt.timedelta(hours=1))
    with database.begin() as session:
        delete_solution(session, session.get_one(SolutionRow, "s1"))
    assert memory.state("o1", "s1") is None
    assert memory.state("o1", "s2") is not None
    assert {each.solution for each in memory.earlier("o1", trace(memory, people=range(5)))} == {"solutions/s2"}


def test_nothing_can_be_read_in_the_file(database: Database, memory: Memory, tmp_path: Path) -> None:
    made = trace(memory, people=range(2000))
    assert made.sketch is not None
    with database.begin() as session:
        memory.remember(session, "o1", "s1", "s1", made)
        memory.keep_state(session, "o1", "s1", CANARY * 1000, now() + dt.timedelta(hours=1))
    database.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert CANARY not in content
    assert made.sketch.smallest[:2].tobytes() not in content


def test_another_secret_opens_nothing(database: Database, memory: Memory) -> None:
    with database.begin() as session:
        memory.keep_state(session, "o1", "s1", b"first", now() + dt.timedelta(hours=1))
    with pytest.raises(FailedPreconditionError, match=r"server\.secret"):
        Memory(database, os.urandom(32)).state("o1", "s1")


def test_a_state_that_was_put_in_anothers_place_does_not_open(database: Database, memory: Memory) -> None:
    with database.begin() as session:
        for name in ("s1", "s2"):
            memory.keep_state(session, "o1", name, name.encode(), now() + dt.timedelta(hours=1))
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE apply_states SET content = (SELECT content FROM apply_states WHERE solution = 's2') WHERE solution = 's1'"
        )
    with pytest.raises(FailedPreconditionError):
        memory.state("o1", "s1")
