"""What columns are, on tables made here: names in many styles, whom rows are about, and what columns say of each other."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable

import polars as pl
import pytest

from shoal.detection.evidence import BATCH, evidence_of, evidences_of
from shoal.detection.judge import judge
from shoal.detection.lexicon_files import lexicon
from shoal.detection.roles import Role

ROWS = 300
CLASSES = {Role.IDENTIFIER: "DI", Role.QUASI_IDENTIFIER: "QI", Role.SENSITIVE: "SI", Role.INSENSITIVE: "NSI"}
GIVEN = ("Anna", "Petr", "Lucia", "Johan", "Marta", "Emil", "Sofia", "Karl")
Column = tuple[str, Callable[[random.Random, int], str]]


def _word(chance: random.Random, length: int = 7) -> str:
    return "".join(chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(length // 2 + 1)).capitalize()


MAKERS: dict[str, Callable[[random.Random, int], str]] = {
    "number": lambda chance, row: str(1000 + 7 * row + chance.randint(0, 6)),
    "row": lambda chance, row: str(row + 1),
    "amount": lambda chance, row: f"{chance.uniform(1, 900):.2f}",
    "count": lambda chance, row: str(chance.randint(100, 90_000)),
    "few": lambda chance, row: str(chance.randint(0, 5)),
    "group": lambda chance, row: chance.choice(["alpha", "beta", "gamma"]),
    "flag": lambda chance, row: chance.choice("01"),
    "date": lambda chance, row: f"{chance.randint(2010, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
    "year": lambda chance, row: str(chance.randint(1940, 2005)),
    "word": lambda chance, row: _word(chance, 9).lower(),
    "title": lambda chance, row: f"{_word(chance)} {_word(chance)} {_word(chance).lower()}",
    "name": lambda chance, row: f"{chance.choice(GIVEN)} {_word(chance)}",
    "email": lambda chance, row: f"office{row}@{_word(chance).lower()}.example",
    "phone": lambda chance, row: f"+49 30 {chance.randint(100_000, 999_999)}",
    "point": lambda chance, row: f"{chance.uniform(48, 51):.5f}",
}


def verdicts(columns: str, rows: int = ROWS) -> dict[str, str]:
    """The classes of a table whose columns are given as `name:maker`."""
    chance = random.Random(columns)
    parts = [each.split(":") for each in columns.split()]
    found = [evidence_of(pl.Series(name, [MAKERS[maker](chance, row) for row in range(rows)])) for name, maker in parts]
    return {name: CLASSES[verdict.role] for (name, _), verdict in zip(parts, judge(found, lexicon(), 0.95), strict=True)}


@pytest.mark.parametrize(
    "columns",
    [
        "kod_obce:number nazev_obce:word okres:group pocet_obyvatel:count prumerny_vek:amount starosta:name telefon:phone",
        "ags:number gemeindename:word einwohner:count durchschnittsalter:amount buergermeister:name telefon:phone lat:point",
        "school_code:number school_name:word type:group headteacher:name pupils:count pct_girls:amount phone:phone",
        "sygnatura:number tytul:title autor:name wydawca:group jezyk:group cena:amount kategoria_wiekowa:group",
        "sku:number product_name:title gender:group age_group:group country_of_origin:group price:amount rating:few",
        "sensor_id:group lat:point lon:point battery_mv:count rssi:few air_temperature:amount age_days:count firmware:few",
    ],
)
def test_nobody_stands_in_tables_of_places_and_things(columns: str) -> None:
    """Ways to reach an office stay identifiers: everything else is nobody's."""
    found = verdicts(columns)
    reached = {name for name in found if name in {"e_mail", "telefon", "phone"}}
    assert {name: role for name, role in found.items() if name not in reached and role != "NSI"} == {}


@pytest.mark.parametrize(
    "columns",
    [
        "customer_id:number order_date:date product_id:number quantity:few price:amount",
        "name:name company:word phone:phone email:email source:group",
        "loan_id:number amount:count purpose:group income:count defaulted:flag zip3:few",
        "claim_no:number policy_no:number claimant:name loss_date:date paid:amount cause:group",
        "lopnr:number kon:flag alder:few region:group partisympati:group",
        "owner_last:word owner_first:group owner_email:email species:group breed:group pet_sex:flag visit_date:date fee:amount",
    ],
)
def test_people_are_found_in_tables_about_them(columns: str) -> None:
    found = verdicts(columns)
    assert {"QI", "SI"} & set(found.values())
    assert "DI" in found.values()


def test_what_is_said_of_animals_is_not_their_owners() -> None:
    found = verdicts(
        "client_name:name email:email species:group breed:group pet_age:few sex:flag weight:amount diagnosis:group fee:amount"
    )
    assert [found[name] for name in ("client_name", "email")] == ["DI", "DI"]
    assert {found[name] for name in ("species", "breed", "pet_age", "sex", "weight", "diagnosis")} == {"NSI"}
    assert found["fee"] == "SI"


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("DT_NAISS", "birth_date"),
        ("szul_ido", "birth_date"),
        ("fødselsår", "birth_date"),
        ("GEBDT", "birth_date"),
        ("gndr", "sex"),
        ("pohlavi", "sex"),
        ("CD_POST", "postcode"),
        ("kod_pocztowy", "postcode"),
        ("Iránsyitószám".replace("sy", "y"), "postcode"),
        ("woonpl", "place"),
        ("kommun", "place"),
        ("huurtoesl", "income"),
        ("NettoEink", "income"),
        ("zadluzenie_kwota", "income"),
        ("blodtryck", "measurement"),
        ("SickDaysTotal", "disease"),
        ("numSIN", "event_id"),
        ("sprak", "language"),
        ("e_post", "email"),
        ("Vertrags_Art", "occupation"),
        ("kundekategori", "insurance_kind"),
        ("Sachb", "staff"),
        ("volgnr", "bookkeeping"),
        ("Selbstbeteiligung", "product_terms"),
    ],
)
def test_names_of_many_languages_and_styles(name: str, concept: str) -> None:
    assert lexicon().matches(name)[0].concept.key == concept


def test_words_that_many_columns_share_are_the_tables() -> None:
    names = ["zq_dob", "zq_relig", "zq_town", "zq_pay", "zq_mail"]
    chance = random.Random(1)
    found = [evidence_of(pl.Series(name, [MAKERS["group"](chance, row) for row in range(ROWS)])) for name in names]
    assert [verdict.concept for verdict in judge(found, lexicon(), 0.95)][1:4] == ["belief", "place", "income"]


def test_text_that_repeats_names_of_another_column_is_an_identifier() -> None:
    chance = random.Random(2)
    names = [_word(chance, 9) for _ in range(ROWS)]
    notes = [f"Spoke with {name} about the matter" if row % 3 else "No answer at the door" for row, name in enumerate(names)]
    plain = [f"Spoke with number {row} about the matter" for row in range(ROWS)]
    table = {"surname": names, "sex": ["f", "m"] * (ROWS // 2), "notes": notes, "remarks": plain}
    found = judge([evidence_of(pl.Series(name, values)) for name, values in table.items()], lexicon(), 0.95)
    assert [CLASSES[verdict.role] for verdict in found] == ["DI", "QI", "DI", "SI"]


def test_a_hash_of_what_reaches_a_person_is_an_identifier() -> None:
    hashes = [hashlib.md5(str(row).encode(), usedforsecurity=False).hexdigest() for row in range(ROWS)]
    people = {"sex": ["f", "m"] * (ROWS // 2), "email_md5": hashes, "row_md5": hashes}
    found = judge([evidence_of(pl.Series(name, values)) for name, values in people.items()], lexicon(), 0.95)
    assert [CLASSES[verdict.role] for verdict in found] == ["QI", "DI", "NSI"]


def test_few_clerks_are_harmless_and_many_single_out() -> None:
    columns = "sex:flag date_of_birth:date case_worker:"
    assert verdicts(columns + "few")["case_worker"] == "NSI"
    assert verdicts(columns + "number")["case_worker"] == "QI"


def test_homes_are_points_of_which_every_person_has_one() -> None:
    assert verdicts("patient_id:number sex:flag lat:point lon:point")["lat"] == "DI"
    assert verdicts("patient_id:few sex:flag lat:point lon:point")["lat"] == "QI"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["811228-9874", "19811218-9876"], "national"),
        (["780123/3540", "685229/4449"], "national"),
        (["9400 Sopron, Rakoczi u. 4.", "9021 Gyor, Petofi u. 55."], "address"),
        (["ul. Polna 3", "al. Jerozolimskie 5"], "address"),
        (
            [
                f"{name}/{given.upper()} MR"
                for name, given in zip(("KOSTER", "ROY", "BAUM", "ODA", "VIK", "SZE", "UHL", "ZAK"), GIVEN, strict=True)
            ],
            "name",
        ),
        (["1 234,50 kr", "12,00 kr", "9 870,25 kr"], "number"),
    ],
)
def test_values_of_more_countries(values: list[str], kind: str) -> None:
    assert kind in evidence_of(pl.Series("c1", values)).kinds


def test_columns_looked_at_together_are_as_looked_at_alone() -> None:
    """More columns than go through the patterns at once, numbers and text and empty ones among them."""
    chance = random.Random(9)
    makers = list(MAKERS.items())
    columns = [
        pl.Series(f"{name} {place}", [None if place % 7 == 6 else maker(chance, row) for row in range(30)], dtype=pl.String)
        for place in range(BATCH + 40)
        for name, maker in [makers[place % len(makers)]]
    ]
    columns[3] = columns[3].cast(pl.Int64, strict=False)
    assert evidences_of(columns, lambda: None) == [evidence_of(column) for column in columns]
