"""Repeated releases: how alike two are, estimated within the errors of a sample, and what is said of it."""

from __future__ import annotations

import polars as pl
import pytest

from shoal.anonymization.repeats import (
    SKETCH_SIZE,
    Earlier,
    EntitySketch,
    Likeness,
    overlap,
    person_prints,
    sketch_people,
    trace_release,
    warn_of_repeats,
)
from shoal.tables.coding import code_distinct

KEY = bytes(range(32))


def sketch(start: int, stop: int) -> EntitySketch:
    return sketch_people(
        person_prints(pl.Series([f"person {number}" for number in range(start, stop)], dtype=pl.String), KEY), KEY
    )


def test_a_sketch_is_small_and_survives_being_kept() -> None:
    made = sketch(0, 50_000)
    assert made.entities == 50_000
    assert len(made.smallest) == SKETCH_SIZE
    kept = made.to_bytes()
    assert len(kept) == 9 + 8 * SKETCH_SIZE
    again = EntitySketch.from_bytes(kept)
    assert again is not None
    assert again.entities == made.entities
    assert (again.smallest == made.smallest).all()
    assert EntitySketch.from_bytes(b"\x02" + kept[1:]) is None


def test_small_sets_are_compared_exactly() -> None:
    assert overlap(sketch(0, 100), sketch(50, 1000)) == 0.5
    assert overlap(sketch(50, 1000), sketch(0, 100)) == pytest.approx(50 / 950)
    assert overlap(sketch(0, 100), sketch(100, 200)) == 0.0
    assert overlap(sketch(0, 100), sketch(0, 100)) == 1.0
    assert overlap(sketch(0, 0), sketch(0, 100)) == 0.0
    assert overlap(sketch(0, 100), sketch(0, 0)) == 0.0


@pytest.mark.parametrize("shared", [0, 1_000, 5_000, 20_000, 40_000])
def test_large_sets_are_estimated(shared: int) -> None:
    size = 40_000
    found = overlap(sketch(0, size), sketch(size - shared, 2 * size - shared))
    share = shared / size
    assert found == pytest.approx(share, abs=4 * (share * (1 - share) / 1000) ** 0.5)


def test_a_small_release_inside_a_large_one_is_found() -> None:
    assert overlap(sketch(0, 20_000), sketch(0, 40_000)) == 1.0
    assert overlap(sketch(0, 40_000), sketch(0, 20_000)) == pytest.approx(0.5, abs=0.07)


def test_null_and_the_empty_text_are_nobody() -> None:
    assert sketch_people(person_prints(pl.Series([None, "a", ""]), KEY), KEY).entities == 1


def test_the_trace_tells_formats_and_orders_apart_from_contents() -> None:
    def trace(ages: list[str], ills: list[str], digest: str) -> tuple[str, str]:
        quasi = [("age", *code_distinct(pl.Series(ages)))]
        sensitive = [("ill", *code_distinct(pl.Series(ills)))]
        found = trace_release(digest, quasi, sensitive, None, KEY)
        assert found.input_sha256 == digest
        assert found.sketch is None
        return found.rows, found.quasi_identifiers

    first = trace(["1", "2", "2"], ["x", "y", "z"], "aa")
    assert trace(["2", "1", "2"], ["z", "x", "y"], "bb") == first
    other = trace(["1", "2", "2"], ["y", "x", "z"], "cc")
    assert other[0] != first[0]
    assert other[1] == first[1]
    assert first[0] != first[1]


def test_each_earlier_solution_is_named_once_in_the_strongest_way() -> None:
    sentences = warn_of_repeats(
        [
            Earlier("solutions/a", Likeness.ENTITIES, 1.0),
            Earlier("solutions/a", Likeness.INPUT),
            Earlier("solutions/a", Likeness.ROWS),
            Earlier("solutions/b", Likeness.ENTITIES, 0.371),
            Earlier("solutions/b", Likeness.ENTITIES, 0.2),
            Earlier("solutions/c", Likeness.ENTITIES, 0.049),
            *[Earlier(f"solutions/q{number}", Likeness.QUASI_IDENTIFIERS) for number in range(5)],
        ]
    )
    assert len(sentences) == 3
    assert sentences[0].startswith("the same input was released before, as solutions/a;")
    assert "solutions/q0, solutions/q1, solutions/q2 and 2 more;" in sentences[1]
    assert "solutions/b (an estimated 37 %);" in sentences[2]
    for sentence in sentences:
        assert "intersect" in sentence
        assert "subtract" in sentence
    assert "solutions/c" not in " ".join(sentences)
    assert warn_of_repeats([]) == []
