"""SimulateLinkage through the real server: a naive attacker counts the same; releases, truth and what is learned."""

from __future__ import annotations

import random
from typing import Any

import grpc
import pytest
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from validations import csv, hierarchy, inline

from shoal.api.risk.v1 import risk_service_pb2


def attack(
    stubs: Stubs, table: bytes, roll: bytes, columns: list[str], **more: Any
) -> risk_service_pb2.SimulateLinkageResponse:
    request = risk_service_pb2.SimulateLinkageRequest(table=inline(table), roll=inline(roll), columns=columns, **more)
    return stubs.risk.SimulateLinkage(request, metadata=stubs.metadata, timeout=60)


TABLE = csv(
    ["id", "age", "city", "ill"],
    [
        ["1", "30", "Bonn", "flu"],
        ["2", "30", "Bonn", "flu"],
        ["3", "40", "Bonn", "gout"],
        ["4", "50", "Lyon", ""],
        ["9", "60", "Lyon", "x"],
    ],
)
ROLL = csv(
    ["name", "id", "age", "city"],
    [
        ["Ann", "1", "30", "Bonn"],
        ["Bob", "3", "40", "Bonn"],
        ["Eve", "7", "40", "Bonn"],
        ["Max", "4", "50", "Lyon"],
        ["Joe", "8", "60", "Lyon"],
        ["Kim", "6", "70", "Lyon"],
    ],
)


def test_what_an_attacker_finds(stubs: Stubs) -> None:
    found = attack(stubs, TABLE, ROLL, ["age", "city"], truth_column="id", sensitive_columns=["ill"])
    # Ann matches two rows, Bob and Eve the same one, Max his own, Joe somebody else's, Kim none.
    assert (found.person_count, found.linked_count, found.uniquely_linked_count) == (6, 5, 4)
    assert (found.exclusively_linked_count, found.correctly_linked_count) == (2, 2)
    assert found.expected_correct == 2.5
    (learned,) = found.learned
    # Ann's flu although she has two matches; Bob, Eve and Joe have one match each, and Max's is empty.
    assert (learned.column, learned.person_count, learned.correct_count) == ("ill", 4, 2)
    assert [(each.column, each.uniquely_linked_without) for each in found.column_effects] == [("age", 0), ("city", 4)]
    assert (found.row_count, found.suppressed_count) == (5, 0)
    blind = attack(stubs, TABLE, ROLL, ["age"])
    assert not blind.HasField("correctly_linked_count")
    assert not blind.HasField("expected_correct")
    assert not blind.column_effects


def test_a_release_is_matched_by_its_hierarchies(stubs: Stubs) -> None:
    release = csv(
        ["age", "city", "ill"], [["30-39", "*", "flu"], ["30-39", "*", "flu"], ["40-49", "*", "gout"], ["*", "*", "x"]]
    )
    decades = [[str(age), f"{age // 10 * 10}-{age // 10 * 10 + 9}", "*"] for age in range(100)]
    found = attack(stubs, release, ROLL, ["age", "city"], hierarchies={"age": hierarchy(decades)}, sensitive_columns=["ill"])
    assert (found.linked_count, found.uniquely_linked_count, found.suppressed_count) == (3, 2, 1)
    assert found.exclusively_linked_count == 0
    assert found.learned[0].person_count == 3
    unknown = attack(stubs, release, ROLL, ["age", "city"])
    assert unknown.linked_count == 0
    assert "give the hierarchies" in unknown.warnings[0]


def naive(table: list[list[str]], roll: list[list[str]], columns: list[int], labels: dict[str, list[str]]) -> list[list[int]]:
    """For each person, the rows that they match, by hand."""

    def stands(own: str, value: str) -> bool:
        return own == value or own == "*" or own in labels.get(value, [])

    partly = [place for place in columns if any(row[place] != "*" for row in table)]
    kept = [place for place, row in enumerate(table) if not partly or any(row[each] != "*" for each in partly)]
    return [[place for place in kept if all(stands(table[place][each], person[each]) for each in columns)] for person in roll]


def test_a_naive_attacker_finds_the_same(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    labels = {"a": ["ab", "*"], "b": ["ab", "*"], "c": ["cd", "*"], "d": ["cd", "*"], "": ["none", "*"]}
    rows = [[value, *above] for value, above in labels.items()]
    for _ in range(60):
        width = chance.randint(1, 3)
        names = [f"c{place}" for place in range(width)]
        local = chance.random() < 0.5
        levels = [chance.choice([0, 1, 2]) for _ in range(width)]

        def cell(place: int) -> str:
            value = chance.choice("abcd")
            level = chance.choice([0, 1, 2]) if local else levels[place]  # noqa: B023 (called in this turn)
            return [value, *labels[value]][level]

        table = [
            [*(cell(place) for place in range(width)), chance.choice("xy"), str(who)] for who in range(chance.randint(1, 30))
        ]
        roll = [
            [*(chance.choice(["a", "b", "c", "d", ""]) for _ in range(width)), "?", str(who)]
            for who in range(chance.randint(1, 30))
        ]
        columns = list(range(width))
        found = attack(
            stubs,
            csv([*names, "ill", "who"], table),
            csv([*names, "ill", "who"], roll),
            names,
            truth_column="who",
            sensitive_columns=["ill"],
            hierarchies={name: hierarchy(rows) for name in names},
        )
        matches = naive(table, roll, columns, labels)
        single = [each[0] for each in matches if len(each) == 1]
        taken = [sum(place in each for each in matches) for place in range(len(table))]
        right = [
            [place for place in each if table[place][-1] == person[-1]] for each, person in zip(matches, roll, strict=True)
        ]
        assert found.person_count == len(roll)
        assert found.linked_count == sum(bool(each) for each in matches)
        assert found.uniquely_linked_count == len(single)
        assert found.exclusively_linked_count == sum(taken[place] == 1 for place in single)
        assert found.correctly_linked_count == sum(
            len(each) == 1 and bool(own) for each, own in zip(matches, right, strict=True)
        )
        expected = sum(len(own) / len(each) for each, own in zip(matches, right, strict=True) if each)
        assert found.expected_correct == pytest.approx(expected, abs=1e-9)
        learned = [len({table[place][width] for place in each}) == 1 for each in matches]
        assert found.learned[0].person_count == sum(learned)
        assert found.learned[0].correct_count == sum(one and bool(own) for one, own in zip(learned, right, strict=True))
        for place, effect in enumerate(found.column_effects):
            others = naive(table, roll, [each for each in columns if each != place], labels)
            assert effect.uniquely_linked_without == sum(len(each) == 1 for each in others)


def test_empty_tables_and_rolls(stubs: Stubs) -> None:
    for table, roll in ((b"age,city,id,ill\n", ROLL), (TABLE, b"age,city,id\n"), (b"age,city,id,ill\n", b"age,city,id\n")):
        found = attack(stubs, table, roll, ["age", "city"], truth_column="id", sensitive_columns=["ill"])
        assert (found.linked_count, found.correctly_linked_count, found.expected_correct) == (0, 0, 0)


def refused(stubs: Stubs, columns: list[str], **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        attack(stubs, TABLE, ROLL, columns, **more)
    return caught.value


def test_bad_input(stubs: Stubs) -> None:
    assert violations_of(refused(stubs, [])) == ["columns"]
    error = refused(stubs, ["age", "age"], truth_column="age", sensitive_columns=["age", "ill", "ill"])
    assert violations_of(error) == ["columns[1]", "truth_column", "sensitive_columns[0]", "sensitive_columns[2]"]
    for error, column in (
        (refused(stubs, ["zip"]), "zip"),
        (refused(stubs, ["ill"]), "ill"),  # not on the roll
        (refused(stubs, ["age"], truth_column="name"), "name"),  # not in the table
        (refused(stubs, ["age"], sensitive_columns=["wage"]), "wage"),
    ):
        assert status_of(error) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": column})
    error = refused(stubs, ["age"], truth_column="name")
    assert error.details() == "truth_column: the table has no column 'name'"
    with pytest.raises(grpc.RpcError) as caught:
        stubs.risk.SimulateLinkage(
            risk_service_pb2.SimulateLinkageRequest(table=inline(TABLE), columns=["age"]), metadata=stubs.metadata
        )
    assert violations_of(caught.value) == ["roll"]
