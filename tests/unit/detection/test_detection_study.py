"""Tables of studies: what short names and few numbers mean beside each other."""

from __future__ import annotations

import random

import polars as pl
import pytest

from shoal.detection.evidence import evidence_of
from shoal.detection.judge import judge
from shoal.detection.lexicon_files import lexicon
from shoal.detection.roles import Role
from shoal.detection.verdict import Verdict

ROWS = 200
DI, QI, SI, NSI = Role.IDENTIFIER, Role.QUASI_IDENTIFIER, Role.SENSITIVE, Role.INSENSITIVE


def found(**columns: list[object]) -> dict[str, Verdict]:
    series = [pl.Series(name.replace("__", "."), [str(value) for value in values]) for name, values in columns.items()]
    verdicts = judge([evidence_of(each) for each in series], lexicon(), 0.95)
    return dict(zip(columns, verdicts, strict=True))


def drawn(low: int, high: int, seed: int = 0) -> list[object]:
    chance = random.Random(seed * 1000 + low + high)
    return [chance.randint(low, high) for _ in range(ROWS)]


def fractions(low: float, high: float, digits: int = 2, seed: int = 0) -> list[object]:
    chance = random.Random(seed)
    return [f"{chance.uniform(low, high):.{digits}f}" for _ in range(ROWS)]


def of(*values: object) -> list[object]:
    chance = random.Random(len(values))
    return [chance.choice(values) for _ in range(ROWS)]


def test_a_time_and_what_had_happened_by_then_are_those_of_patients() -> None:
    table = found(id=[*range(ROWS)], trt=of(1, 2), time=drawn(3, 900), status=of(0, 1), age=drawn(20, 80))
    assert [table[name].role for name in table] == [DI, NSI, SI, SI, QI]
    alone = found(machine_id=drawn(1, 9), time=drawn(3, 900), rpm=drawn(10, 9000), sensor=of("a", "b"))
    assert {verdict.role for verdict in alone.values()} == {NSI}
    orders = found(order_no=[*range(ROWS)], time=drawn(3, 900), status=of("paid", "shipped"), sku=of("a1", "b2"))
    assert orders["time"].concept != "disease"


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (of(1, 2), NSI),
        (of("a", "b"), NSI),
        (of(0, 1), SI),
        (of("placebo", "control"), NSI),
        (of("chemotherapy", "surgery"), SI),
    ],
)
def test_a_treatment_of_few_short_values_is_an_arm(values: list[object], role: Role) -> None:
    assert found(patient_id=[*range(ROWS)], sex=of("m", "f"), age=drawn(20, 80), treatment=values)["treatment"].role is role


def test_rows_of_which_nothing_is_known_are_not_said_to_be_things() -> None:
    unknown = found(zzq=drawn(1, 9), qqz=fractions(0, 5), kkw=of("u", "v"))
    assert {(verdict.role, verdict.confidence) for verdict in unknown.values()} == {(NSI, 0.3)}
    assert "if rows are people" in unknown["zzq"].reasons[0]
    sensors = found(sensor_id=drawn(1, 9), battery_mv=drawn(1, 900), kkw=of("u", "v"))
    assert sensors["kkw"].confidence == 0.7


CODES = [f"P{at:05}" for at in range(ROWS)]
NAMES = [f"{chr(65 + at % 26)}{'aeiou'[at % 5]}lka {chr(65 + at % 23)}orelli{'aeiou'[at % 7 % 5]}" for at in range(ROWS)]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        # Marks and amounts under the name of a language, a region, a department: the table is still one of people.
        ({"student_id": CODES, "language": fractions(1, 6, 1)}, {"student_id": DI}),
        ({"customer_id": CODES, "region": fractions(10, 99), "balance": fractions(0, 900)}, {"customer_id": DI, "balance": SI}),
        # Whether somebody is treated is no arm of a trial; nor is a weapon or a circumference.
        ({"age": drawn(20, 80), "gender": of("m", "f"), "on_medication": of("yes", "no")}, {"on_medication": SI}),
        ({"age": drawn(20, 80), "gender": of("m", "f"), "treatment": of("yes", "no")}, {"treatment": SI}),
        ({"age": drawn(20, 80), "gender": of("m", "f"), "arm": fractions(20, 40)}, {"arm": SI}),
        # A first and a second applicant are no alleles, and numbered shops no genome.
        (
            {"mail_a1": [f"u{at}@a.org" for at in range(ROWS)], "mail_a2": [f"v{at}@b.org" for at in range(ROWS)]},
            {"mail_a1": DI},
        ),
        ({"person_id": CODES, "age": drawn(20, 80), **{f"loc{at}": of("Bonn", "Kiel") for at in range(8)}}, {"loc3": QI}),
        # Laboratory values of patients.
        (
            {
                "patient": drawn(100_000, 999_999),
                "sodium": drawn(120, 160),
                "potassium": fractions(3, 6),
                "cholesterol": drawn(100, 300),
            },
            {"sodium": SI},
        ),
        # Dates, states and homes over the years are what they are.
        ({"employee_id": CODES, "start": of(20190401, 20200115, 20210501), "status": of(1, 2, 3)}, {"start": QI}),
        (
            {
                "case_id": CODES,
                "gender": of("m", "f"),
                "days_to_birth": drawn(9000, 30000),
                "days_to_death": drawn(1, 900),
                "status": of(0, 1),
            },
            {"days_to_birth": QI},
        ),
        (
            {"person_id": CODES, "age": drawn(20, 80), **{f"region_{year}": drawn(1, 9) for year in range(2010, 2018)}},
            {"region_2013": QI},
        ),
        # Coded names and addresses lead to a person as well.
        ({"first_name": drawn(10_000, 99_999), "department": of("a", "b"), "salary": drawn(900, 9000)}, {"first_name": DI}),
        ({"customer_id": CODES, "email": drawn(10_000, 99_999), "age": drawn(20, 80)}, {"email": DI}),
        ({"customer_id": CODES, "age": drawn(20, 80), "col7": of("M", "F", "U", "O", "X")}, {"col7": QI}),
    ],
    ids=lambda case: "-".join(case)[:40] if isinstance(case, dict) else "",
)
def test_tables_of_people_stay_what_they_are(columns: dict[str, list[object]], expected: dict[str, Role]) -> None:
    table = found(**columns)
    assert {name: table[name].role for name in expected} == expected


@pytest.mark.parametrize(
    "columns",
    [
        {"switch": [f"sw{at % 12}" for at in range(ROWS)], **{f"port{at}": of(0, 1) for at in range(1, 7)}},
        {"sensor_id": drawn(1, 9), "firmware": of("1.2", "1.3"), **{f"in{at}": of(0, 1) for at in range(20)}},
        {"asset": [f"A{at}" for at in range(ROWS)], "hours": drawn(0, 9000), "work": drawn(0, 9), "status": of("up", "down")},
        {
            "ticket": [f"T{at}" for at in range(ROWS)],
            "subject": [f"Printer {at} is out of paper" for at in range(ROWS)],
            "hours": drawn(0, 9),
        },
        {"pid": drawn(1, 900), "popwhite": drawn(100, 90_000), "popblack": drawn(10, 9000), "popasian": drawn(1, 3000)},
        {"unit": of("orc", "elf"), "health": drawn(1, 99), "intelligence": drawn(1, 20), "armor": drawn(1, 9)},
        {"test": [f"t_{at % 12}" for at in range(ROWS)], "duration": fractions(0, 9), "failed": of(0, 1), "hours": drawn(0, 9)},
    ],
    ids=lambda columns: "-".join(columns)[:40],
)
def test_tables_of_things_stay_what_they_are(columns: dict[str, list[object]]) -> None:
    assert {verdict.role for verdict in found(**columns).values()} == {NSI}


def test_sites_of_a_genome_are_sensitive() -> None:
    sites = {f"site{at}__a{allele}": of("A", "G") for at in (1, 2, 3) for allele in (1, 2)}
    table = found(id=[*range(ROWS)], **sites)
    assert {table[name].role for name in sites} == {SI}


def test_numbered_columns_with_the_same_few_answers_are_items() -> None:
    items = {f"reason{at}": drawn(1, 5, at) for at in range(1, 9)}
    table = found(sex=of("m", "f"), age=drawn(20, 80), **items)
    assert {table[name].concept for name in items} == {"answer"}
    assert {table[name].role for name in items} == {SI}


def test_a_number_of_its_own_that_repeats_is_the_person_s_who_has_several_rows() -> None:
    table = found(id=drawn(1, 50), sex=of("m", "f"), age=drawn(20, 80), visits=drawn(0, 4))
    assert table["id"].role is DI
    assert found(id=drawn(1, 9), sex=of("m", "f"), age=drawn(20, 80))["id"].role is not DI


def test_a_table_of_little_else_than_items_is_a_questionnaire() -> None:
    assert {verdict.role for verdict in found(**{f"j{at}": of(0, 1) for at in range(30)}).values()} == {SI}


def test_shares_of_many_are_nobody_s() -> None:
    towns = found(
        pid=drawn(1, 900), area=fractions(1, 90), white=fractions(0, 90), hispanic=fractions(0, 9), german=fractions(0, 9)
    )
    assert {verdict.role for verdict in towns.values()} == {NSI}
    table = found(city=[f"Town{at}" for at in range(ROWS)], minority=fractions(0, 80), language=fractions(0, 30))
    assert {verdict.role for verdict in table.values()} == {NSI}


def test_fractions_are_points_on_the_map_in_pairs_only() -> None:
    people = {"sex": of("m", "f"), "age": drawn(20, 80)}
    pair = found(**people, zzx=fractions(47, 55, 6), zzy=fractions(6, 15, 6, 1))
    assert (pair["zzx"].role, pair["zzx"].confidence) == (QI, 0.5)
    logarithms = {f"q{name}": fractions(2, 9, 6, at) for at, name in enumerate(("aa", "bb", "cc"))}
    table = found(**people, **logarithms)
    assert {table[name].role for name in logarithms} == {SI}


def test_numbers_are_no_names_and_no_text() -> None:
    table = found(sex=of("m", "f"), age=drawn(20, 80), first__name=fractions(1, 90), remarks=drawn(1, 90))
    assert table["first__name"].concept != "person_name"
    assert table["remarks"].concept != "free_notes"


def test_unknown_numbers_follow_what_the_table_tells() -> None:
    census = found(sex=of(1, 2), age=drawn(20, 80), region=drawn(1, 16), education=drawn(1, 7), zzq=drawn(1, 7))
    study = found(sex=of(1, 2), age=drawn(20, 80), income=drawn(1, 9000), depression=drawn(1, 7), zzq=drawn(1, 7))
    assert (census["zzq"].role, study["zzq"].role) == (QI, SI)


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("nkids", "children"),
        ("agew", "age"),
        ("hoursh", "occupation"),
        ("lwage", "income"),
        ("hhincome", "income"),
        ("yeduc", "education"),
    ],
)
def test_letters_before_and_behind_a_known_word(name: str, concept: str) -> None:
    assert lexicon().matches(name)[0].concept.key == concept
