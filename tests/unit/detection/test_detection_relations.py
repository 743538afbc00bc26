"""What columns say of each other row by row, against the definition read off one pair of rows at a time."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shoal.detection.evidence import evidence_of
from shoal.detection.judge import judge
from shoal.detection.lexicon_files import lexicon
from shoal.detection.relations import Relations
from shoal.detection.roles import Role
from shoal.detection.verdict import Verdict

ROWS = 400
DI, QI, SI, NSI = Role.IDENTIFIER, Role.QUASI_IDENTIFIER, Role.SENSITIVE, Role.INSENSITIVE
CHANCE = random.Random(20261122)
AGES = [CHANCE.randint(18, 70) for _ in range(ROWS)]
SEXES = [CHANCE.choice("mf") for _ in range(ROWS)]
WAGES = [round(CHANCE.lognormvariate(7, 0.5), 2) for _ in range(ROWS)]
KINDS = [CHANCE.randrange(5) for _ in range(ROWS)]


def found(columns: Mapping[str, Sequence[object]]) -> dict[str, Verdict]:
    rows = pl.DataFrame({name: [None if value is None else str(value) for value in values] for name, values in columns.items()})
    verdicts = judge([evidence_of(each) for each in rows.iter_columns()], lexicon(), 0.95, Relations(rows))
    return dict(zip(columns, verdicts, strict=True))


cells = st.one_of(st.none(), st.integers(0, 6))


@given(st.lists(st.tuples(cells, cells), min_size=20, max_size=120), st.booleans())
def test_a_column_follows_from_another_as_the_definition_says(
    pairs: list[tuple[int | None, int | None]], as_text: bool
) -> None:
    mine, others = [a for a, _ in pairs], [b for _, b in pairs]
    frame = pl.DataFrame({"mine": mine, "others": others}, schema={"mine": pl.Int64, "others": pl.Int64})
    filled = [(a, b) for a, b in pairs if a is not None and b is not None]
    one_each = all(a == c for (a, b), (c, d) in combinations(filled, 2) if b == d)
    usual = max((sum(a == c for c, _ in filled) for a, _ in filled), default=0)
    enough = len(filled) >= 20 and len(filled) - usual >= 20 and len({b for _, b in filled}) * 5 <= len(filled)
    relations = Relations(frame.cast(pl.String) if as_text else frame)
    # Seven steps are too few to rise together, so that only what comes with what is left.
    assert relations.follows("mine", "others") == (one_each and enough)


@given(st.permutations(range(60)))
def test_the_order_of_rows_plays_no_part(order: list[int]) -> None:
    frame = pl.DataFrame({"group": [at // 12 for at in range(60)], "kind": [at // 12 % 3 for at in range(60)]})
    assert Relations(frame[order]).follows("kind", "group")
    assert not Relations(frame[order]).follows("group", "kind")


def test_numbers_written_as_text_are_in_the_order_of_numbers() -> None:
    frame = pl.DataFrame({"number": [str(at) for at in range(200)], "square": [str(at * at) for at in range(200)]})
    assert Relations(frame).rises("square", "number")
    assert Relations(frame).follows("square", "number")


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=30, max_size=80))
def test_kinds_are_apart_in_every_row(rows: list[list[bool]]) -> None:
    frame = pl.DataFrame([[int(cell) for cell in row] for row in rows], schema=list("abcd"), orient="row")
    for group in Relations(frame).kinds(list("abcd")):
        assert len(group) >= 3
        assert all(sum(frame.row(at, named=True)[name] for name in group) <= 1 for at in range(len(rows)))


def test_a_panel_has_one_row_of_each_place_and_year() -> None:
    pairs = [(place, year) for place in range(12) for year in range(2000, 2010)]
    frame = pl.DataFrame(pairs, schema=["place", "year"], orient="row")
    assert Relations(frame).panel("place", "year")
    assert not Relations(pl.concat([frame, frame[:1]])).panel("place", "year")
    assert not Relations(frame.sample(40, seed=1)).panel("place", "year")


def test_what_is_computed_from_a_known_column_is_what_that_is() -> None:
    table = found(
        {
            "sex": SEXES,
            "age": AGES,
            "wage": WAGES,
            "zq1": [age * age for age in AGES],
            "zq2": [math.log(wage) for wage in WAGES],
            "zq3": ["young" if age < 30 else "grown" for age in AGES],
        }
    )
    assert [table[name].role for name in ("zq1", "zq2", "zq3")] == [QI, SI, QI]
    assert "'age'" in table["zq1"].reasons[0]


def test_what_follows_from_an_identifier_is_not_one() -> None:
    """Whatever is one a person follows from who it is: that says nothing."""
    persons = [at // 4 for at in range(ROWS)]
    plates = [f"{CHANCE.choice('ABC')}{at // 4 % 9}" for at in range(ROWS)]
    table = found({"patient_id": [f"P{at:05}" for at in persons], "age": AGES, "sex": SEXES, "zqx": plates})
    assert "follows" not in " ".join(table["zqx"].reasons)


def test_kinds_of_one_thing_are_what_the_known_ones_are() -> None:
    table = found(
        {
            "sex": SEXES,
            "age": AGES,
            "education": [CHANCE.randint(8, 18) for _ in range(ROWS)],
            **{name: [int(kind == at) for kind in KINDS] for at, name in enumerate(("south", "zqa", "zqb"))},
            **{f"y{90 + at}": [int(kind == at) for kind in KINDS[::-1]] for at in range(3)},
        }
    )
    assert {table[name].role for name in ("zqa", "zqb")} == {QI}
    assert {table[f"y{at}"].role for at in (90, 91, 92)} == {NSI}


def test_rows_of_places_over_years_are_nobody_s() -> None:
    pairs = [(f"State {place}", year) for place in range(20) for year in range(1990, 2010)]
    table = found(
        {
            "state": [place for place, _ in pairs],
            "year": [year for _, year in pairs],
            "income": WAGES,
            "unemployed": [CHANCE.uniform(2, 12) for _ in pairs],
            "black": [CHANCE.uniform(1, 30) for _ in pairs],
        }
    )
    assert {verdict.role for verdict in table.values()} == {NSI}
    people = found(
        {
            "state": [place for place, _ in pairs],
            "year": [year for _, year in pairs],
            "patient_id": [f"P{at:05}" for at in range(ROWS)],
            "age": AGES,
        }
    )
    assert people["age"].role is QI


def test_columns_of_one_scale_are_opinions() -> None:
    names = ("qparkz", "qwildz", "qfutz", "qgovz", "qrisz", "qminz")
    table = found(
        {"sex": SEXES, "age": AGES, **{name: [CHANCE.randint(1, 5) for _ in range(ROWS)] for name in names}},
    )
    assert {table[name].role for name in names} == {SI}


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("agesq", "age"),
        ("huseduc", "education"),
        ("mothcoll", "education"),
        ("fage", "age"),
        ("lwage", "income"),
        ("nkids", "children"),
        ("mblck", "origin"),
        ("kidslt6", "children"),
        ("expersq", "occupation"),
        ("CD4", "laboratory"),
        ("cd420", "laboratory"),
        ("e401k", "income"),
    ],
)
def test_names_of_research_are_read_with_what_stands_before_and_behind(name: str, concept: str) -> None:
    match = lexicon().matches(name)[0]
    assert (match.concept.key, match.score >= 0.55) == (concept, True)


@pytest.mark.parametrize(
    "name", ["fold", "mill", "stage_name", "wall", "image", "hill", "garage", "carton", "format", "message"]
)
def test_ordinary_words_are_not_taken_apart(name: str) -> None:
    assert all(match.concept.key not in ("age", "education", "origin") for match in lexicon().matches(name)[:1])


def test_a_grade_among_laboratory_values_is_no_rank() -> None:
    columns = {"age": AGES, "grade": [CHANCE.randint(1, 3) for _ in range(ROWS)]}
    clinical = {"creatinine": WAGES, "albumin": WAGES[::-1], "tumor_size": AGES[::-1]}
    assert found(columns | {"salary_band": KINDS, "job_title": KINDS})["grade"].role is QI
    assert found(columns | clinical)["grade"].role is SI


NUMBERS = sorted(CHANCE.sample(range(10**5, 10**6), ROWS))
PEOPLE = {"birth_date": [f"{CHANCE.randint(1950, 2000)}-0{CHANCE.randint(1, 9)}-1{CHANCE.randint(0, 9)}" for _ in range(ROWS)]}
NAMES = [
    f"{CHANCE.choice(('Anna', 'Peter', 'Maria', 'Thomas', 'Julia', 'Paul'))} {CHANCE.choice(('Meyer', 'Schmidt', 'Weber'))}"
    for _ in range(ROWS)
]
FLAGS = [CHANCE.randint(0, 1) for _ in range(ROWS)]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        # Tables that a review found: numbers in the order of rows follow from any key, but are a register's.
        (
            {"created_at": [f"2020-01-{1 + at // 20:02} 10:{at % 60:02}:00" for at in range(ROWS)], "konto": NUMBERS},
            {"konto": DI},
        ),
        ({"row_number": [*range(ROWS)], "vorgang": [f"K{number}" for number in NUMBERS]}, {"vorgang": DI}),
        ({"zip": [f"{10_000 + at // 8}" for at in range(ROWS)], "abonne": NUMBERS}, {"abonne": DI}),
        # `num` is a number before the name of what has one; the words of research are somebody where values are.
        ({"numsecu": [f"S{at % 97:07}" for at in range(ROWS)], "montant": WAGES}, {"numsecu": DI}),
        ({"case": [f"C{number}" for number in NUMBERS]}, {"case": DI}),
        ({"student": [f"A{number}" for number in NUMBERS], "city": KINDS}, {"student": DI}),
        ({"citizen": NAMES, "city": KINDS}, {"citizen": DI}),
        ({"deceased": NAMES, "city": KINDS}, {"deceased": DI}),
        # What follows from a currency, and kinds beside two of record keeping, are not record keeping.
        (
            {
                "currency": [("EUR", "CHF", "USD")[at % 3] for at in range(ROWS)],
                "lk": [("D", "CH", "US")[at % 3] for at in range(ROWS)],
            },
            {"lk": QI},
        ),
        # Yes or no under a treatment is whether somebody is ill, and names of operations are no arms of an experiment.
        ({"patient_id": NUMBERS, "treated": [("yes", "no")[flag] for flag in FLAGS]}, {"treated": SI}),
        ({"patient_id": NUMBERS, "diagnosis": KINDS, "donor_age": AGES}, {"donor_age": QI}),
        (
            {
                "patient_id": NUMBERS,
                "diagnosis": KINDS,
                "bmi": WAGES,
                "hosp": [("St. Anna", "St. Josef")[flag] for flag in FLAGS],
            },
            {"hosp": QI},
        ),
        # Points in numbers and in days of months make no measurements of them.
        ({"phone": [f"{CHANCE.randint(200, 999)}.{CHANCE.randint(1000, 9999)}" for _ in range(ROWS)]}, {"phone": DI}),
        ({"geburtstag": [f"{CHANCE.randint(10, 31)}.{CHANCE.randint(10, 12)}" for _ in range(ROWS)]}, {"geburtstag": QI}),
        ({"geburtsjahr": [CHANCE.randint(1950, 2000) + 0.5 for _ in range(ROWS)]}, {"geburtsjahr": QI}),
    ],
    ids=lambda case: "-".join(case)[:50],
)
def test_ordinary_tables_of_people_stay_what_they_are(columns: dict[str, list[object]], expected: dict[str, Role]) -> None:
    table = found({**PEOPLE, "sex": SEXES, **columns})
    assert {name: table[name].role for name in expected} == expected


@pytest.mark.parametrize("stem", ["d5", "t", "q"])
def test_numbered_kinds_are_no_dates(stem: str) -> None:
    kinds = {f"{stem}{at}": [int(kind == at) for kind in KINDS] for at in range(1, 5)}
    table = found({"patient_id": NUMBERS, "age": AGES, "sex": SEXES, **kinds})
    assert {table[name].role for name in kinds} == {SI}


@pytest.mark.parametrize(
    "columns",
    [
        {
            "birth_date": PEOPLE["birth_date"],
            "sex": SEXES,
            "salary": WAGES,
            "report_date": ["2024-03-01"] * ROWS,
            "previous_employer": [f"Firm {at}" if at < 29 else None for at in range(ROWS)],
        },
        {
            "wohnort": [f"Ort {at}" for at in range(ROWS)],
            "eintrittsjahr": [2022 + flag for flag in FLAGS],
            "geschlecht": SEXES,
            "gehalt": WAGES,
        },
        {
            "filiale": [f"Filiale {at // 20}" for at in range(ROWS)],
            "stichtag": [f"{2001 + at % 20}-01-01" for at in range(ROWS)],
            "alter": AGES,
            "geschlecht": SEXES,
        },
    ],
    ids=lambda columns: "-".join(columns)[:50],
)
def test_people_of_several_places_are_no_panel(columns: dict[str, list[object]]) -> None:
    assert QI in {verdict.role for verdict in found(columns).values()}


@pytest.mark.parametrize(
    "columns",
    [
        {"zeitstempel": [f"2024-01-{1 + at // 20:02}" for at in range(ROWS)], "so2": WAGES, "no2": WAGES[::-1], "o3": WAGES},
        {"food": [f"food {at}" for at in range(ROWS)], "kcal": AGES, "fat": WAGES, "cholesterol": WAGES, "b12": WAGES},
        {"batch": NUMBERS, "specific_gravity": WAGES, "temperature": WAGES, "ph": WAGES},
        {"sample_no": NUMBERS, "fat": WAGES, "total_protein": WAGES, "lactose": WAGES},
        {"catalog": NUMBERS, "antibody": KINDS, "titer": WAGES, "price": WAGES},
        {
            "duration": AGES,
            "status": [(200, 404, 500)[kind % 3] for kind in KINDS],
            "bytes": NUMBERS,
            "path": [f"/p{at}" for at in KINDS],
        },
        {"item": NUMBERS, "qty": AGES, "loc": KINDS, "wt": WAGES, "extent": WAGES},
        {"lot": NUMBERS, "thickness": WAGES, "hardness": WAGES, "grade": KINDS},
        {"name": [f"Car {at}" for at in range(ROWS)], "wt": WAGES, "disp": WAGES, "qsec": WAGES, "drive": KINDS},
    ],
    ids=lambda columns: "-".join(columns)[:50],
)
def test_ordinary_tables_of_things_stay_what_they_are(columns: dict[str, list[object]]) -> None:
    assert {verdict.role for verdict in found(columns).values()} == {NSI}


def test_a_table_of_many_places_and_dates_is_not_compared_for_ever() -> None:
    class Counted(Relations):
        asked = 0

        def panel(self, unit: str, time: str) -> bool:
            self.asked += 1
            return super().panel(unit, time)

    cities = {f"city{at}x": [str(CHANCE.randrange(9)) for _ in range(40)] for at in range(60)}
    dates = {f"zq{at}x": [f"20{CHANCE.randrange(10, 24)}-01-01" for _ in range(40)] for at in range(60)}
    people = {name: [CHANCE.choice(("cook", "nurse", "smith")) for _ in range(40)] for name in ("occupation", "job_title")}
    rows = pl.DataFrame({**cities, **dates, **people})
    relations = Counted(rows)
    judge([evidence_of(each) for each in rows.iter_columns()], lexicon(), 0.95, relations)
    assert 0 < relations.asked <= 400


def test_more_flags_than_can_be_compared_are_left_alone() -> None:
    frame = pl.DataFrame({f"zq{at}x": [0, 1] * 20 for at in range(1_001)})
    assert Relations(frame).kinds(frame.columns) == []
