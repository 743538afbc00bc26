"""Tables of studies: what short names and few numbers mean beside each other."""

from __future__ import annotations

import random

import polars as pl
import pytest

from shoal.detection.evidence import evidence_of
from shoal.detection.judge import judge
from shoal.detection.lexicon import lexicon
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
    ("values", "role"), [(of(0, 1), NSI), (of("placebo", "control"), NSI), (of("chemotherapy", "surgery"), SI)]
)
def test_a_treatment_of_few_short_values_is_an_arm(values: list[object], role: Role) -> None:
    assert found(patient_id=[*range(ROWS)], sex=of("m", "f"), age=drawn(20, 80), treatment=values)["treatment"].role is role


def test_rows_of_which_nothing_is_known_are_not_said_to_be_things() -> None:
    unknown = found(zzq=drawn(1, 9), qqz=fractions(0, 5), kkw=of("u", "v"))
    assert {(verdict.role, verdict.confidence) for verdict in unknown.values()} == {(NSI, 0.3)}
    assert "if rows are people" in unknown["zzq"].reasons[0]
    sensors = found(sensor_id=drawn(1, 9), battery_mv=drawn(1, 900), kkw=of("u", "v"))
    assert sensors["kkw"].confidence == 0.7


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


def test_shares_of_many_are_nobody_s() -> None:
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
    table = found(sex=of("m", "f"), age=drawn(20, 80), first__name=drawn(1, 90), remarks=drawn(1, 90))
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
