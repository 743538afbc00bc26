"""DetectQuasiIdentifiers through the real server: hints, limits, samples, reasons and what bad requests get."""

from __future__ import annotations

import random
from typing import Any

import grpc
import pytest
from detections import DI, NSI, QI, SI, classes, csv_of, detect
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs

from shoal.api.detection.v1 import detection_pb2

CHANCE = random.Random(11)
TOWNS = ["Lyon", "Graz", "Porto", "Gent", "Kiel", "Bari"]
PEOPLE = [
    (
        f"P{10_000 + row}",
        f"user{row}@example.org",
        CHANCE.choice(["f", "m"]),
        f"{CHANCE.randint(1930, 2010)}-{CHANCE.randint(1, 12):02}-{CHANCE.randint(1, 28):02}",
        CHANCE.choice(TOWNS),
        CHANCE.choice(["asthma", "diabetes", "none"]),
        f"2024-05-{CHANCE.randint(1, 28):02}T10:00:00",
    )
    for row in range(400)
]
NAMES = ["patient_id", "email", "sex", "birth_date", "city", "diagnosis", "created_at"]
TABLE = csv_of(NAMES, PEOPLE)


def test_each_column_has_one_role_and_says_why(stubs: Stubs) -> None:
    found = detect(stubs, TABLE)
    assert classes(found) == dict(zip(NAMES, ["DI", "DI", "QI", "QI", "QI", "SI", "NSI"], strict=True))
    assert found.mode == detection_pb2.DETECTION_MODE_HEURISTIC
    assert (found.row_count, found.sampled_row_count) == (400, 400)
    assert sum(each.importance for each in found.columns) == pytest.approx(1)
    assert all(each.importance == 0 for each in found.columns if each.role != QI)
    assert all(1 <= len(each.reasons) <= 3 and all(len(text) <= 160 for text in each.reasons) for each in found.columns)
    assert all(0 <= each.confidence <= 1 for each in found.columns)
    importance = {each.name: each.importance for each in found.columns}
    assert importance["birth_date"] > importance["city"] > importance["sex"]
    ratios = {each.name: each.unique_ratio for each in found.columns}
    assert ratios["patient_id"] == 1
    assert ratios["sex"] == 2 / 400


def test_the_model_tells_how_good_it_is(stubs: Stubs) -> None:
    found = detect(stubs, TABLE, mode=detection_pb2.DETECTION_MODE_MODEL)
    assert found.mode == detection_pb2.DETECTION_MODE_MODEL
    assert classes(found) == classes(detect(stubs, TABLE))  # the heuristics are sure of all these
    metrics = found.model_metrics
    assert 0.5 < metrics.accuracy < 1
    assert metrics.hamming_loss == pytest.approx((1 - metrics.accuracy) / 2, abs=1e-3)
    assert metrics.training_sample_count > 10_000
    assert not detect(stubs, TABLE, mode=detection_pb2.DETECTION_MODE_AUTO).HasField("model_metrics")


def test_no_value_of_the_table_is_in_the_answer(stubs: Stubs) -> None:
    secret = "Xanadukanary"
    rows = [(f"{secret}{row}", f"{secret}{row}@example.org", secret, "1980-01-01", secret) for row in range(30)]
    found = detect(stubs, csv_of(["name", "email", "sex", "birth_date", "note"], rows))
    assert secret not in str(found)


def test_hints_are_taken_as_given(stubs: Stubs) -> None:
    found = detect(stubs, TABLE, known_roles={"sex": SI, "created_at": DI, "diagnosis": NSI}, ignored_columns=["city"])
    roles = classes(found)
    assert "city" not in roles
    assert (roles["sex"], roles["created_at"], roles["diagnosis"]) == ("SI", "DI", "NSI")
    assert {each.confidence for each in found.columns if each.name in ("sex", "created_at", "diagnosis")} == {1.0}


def test_what_a_limit_cuts_is_named_with_what_it_still_tells(stubs: Stubs) -> None:
    whole = detect(stubs, TABLE)
    assert not whole.HasField("left_out")
    cut = detect(stubs, TABLE, max_quasi_identifiers=1, known_roles={"sex": QI})
    assert [each.name for each in cut.columns if each.role == QI] == ["sex"]
    assert list(cut.left_out.columns) == ["birth_date", "city"]
    pairs = 400 * 399
    groups: dict[tuple[str, str], int] = {}
    for row in PEOPLE:
        groups[row[3], row[4]] = groups.get((row[3], row[4]), 0) + 1
    assert cut.left_out.separation == pytest.approx(1 - sum(size * (size - 1) for size in groups.values()) / pairs)
    assert cut.separation == pytest.approx(whole.separation)
    assert "leaves out" in next(each.reasons[0] for each in cut.columns if each.name == "city")
    first = detect(stubs, TABLE, cumulative_importance_threshold=0.3)
    assert [each.name for each in first.columns if each.role == QI] == ["birth_date"]
    assert not [each.name for each in detect(stubs, TABLE, cumulative_importance_threshold=0).columns if each.role == QI]


def test_a_column_of_register_numbers_is_an_identifier_only_above_the_uniqueness_threshold(stubs: Stubs) -> None:
    rows = [(*person[2:4], f"{chr(65 + row % 26)}{7000 + row % 380}") for row, person in enumerate(PEOPLE)]
    data = csv_of(["sex", "birth_date", "zzz"], rows)
    assert classes(detect(stubs, data))["zzz"] == "DI"
    assert classes(detect(stubs, data, uniqueness_threshold=1.0))["zzz"] != "DI"


def test_the_ratio_is_that_of_the_whole_table(stubs: Stubs) -> None:
    """Half of 24,000 codes are there twice: a sample of 10,000 shows it too seldom."""
    rows = [(CHANCE.choice("fm"), 1930 + row % 90, f"K{row % 16_000:06}") for row in range(24_000)]
    found = detect(stubs, csv_of(["sex", "birth year", "zzz"], rows))
    assert found.sampled_row_count == 10_000
    assert found.columns[2].unique_ratio == pytest.approx(16 / 24)


@pytest.mark.parametrize("sampling", [detection_pb2.SAMPLING_METHOD_FULL, detection_pb2.SAMPLING_METHOD_ADAPTIVE])
def test_samples_grow_as_asked(stubs: Stubs, sampling: Any) -> None:
    rows = [PEOPLE[row % 400] for row in range(25_000)]
    found = detect(stubs, csv_of(NAMES, rows), sampling=sampling)
    full = sampling == detection_pb2.SAMPLING_METHOD_FULL
    assert found.sampled_row_count == (25_000 if full else 20_000)  # adaptive: the second sample changes nothing
    assert found.row_count == 25_000


def test_the_sample_does_not_depend_on_the_order_of_rows_or_columns(stubs: Stubs) -> None:
    rows = [(row, CHANCE.choice("fm"), CHANCE.randint(0, 90), CHANCE.choice(TOWNS)) for row in range(12_000)]
    names = ["customer number", "Geschlecht", "âge", "ciudad"]
    one = detect(stubs, csv_of(names, rows))
    CHANCE.shuffle(rows)
    two = detect(stubs, csv_of(names[::-1], [row[::-1] for row in rows]))
    assert {each.name: each for each in one.columns} == {each.name: each for each in two.columns}
    assert one.separation == two.separation


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for kind, values in {
            "birth_date": [
                "date of birth",
                "DateNaissance",
                "GEBURTSDATUM",
                "fecha_nacimiento",
                "dataNascita",
                "dt-nasc",
                "geb. datum",
            ],
            "diagnosis": ["Diagnose", "diagnostic", "diagnóstico", "diagnosi", "diag", "Hauptdiagnose"],
            "city": ["Wohnort", "ville", "ciudad", "città", "CIDADE", "woonplaats", "home_town"],
            "patient_id": ["PatientNo", "Patientennummer", "numéro_patient", "código paciente", "patientnummer", "pat_id"],
            "created_at": ["updatedAt", "last_modified", "erstellt am", "date_creation", "fecha creación", "dataCriacao"],
        }.items()
        for value in values
        for name in [kind]
    ],
)
def test_names_are_understood_in_any_language_and_style(stubs: Stubs, name: str, value: str) -> None:
    names = [value if each == name else each for each in NAMES]
    expected = dict(zip(NAMES, ["DI", "DI", "QI", "QI", "QI", "SI", "NSI"], strict=True))[name]
    assert classes(detect(stubs, csv_of(names, PEOPLE)))[value] == expected


def test_values_that_contradict_a_name_lower_the_confidence(stubs: Stubs) -> None:
    def of(values: list[object]) -> detection_pb2.ColumnDetection:
        rows = [(*person[2:4], value) for person, value in zip(PEOPLE, values, strict=False)]
        return detect(stubs, csv_of(["sex", "birth_date", "email"], rows)).columns[2]

    good = of([f"a{row}@example.org" for row in range(400)])
    odd = of([CHANCE.randint(1, 9) / 8 for _ in range(400)])
    flags = of([CHANCE.choice(["yes", "no"]) for _ in range(400)])
    assert good.role == DI
    assert odd.confidence < good.confidence
    assert flags.role != DI


def test_the_person_of_several_rows_is_named(stubs: Stubs) -> None:
    rows = [(f"C{row // 4:05}", f"T{row:06}", CHANCE.choice("fm"), CHANCE.randint(18, 90)) for row in range(400)]
    found = detect(stubs, csv_of(["customer_id", "transaction_id", "sex", "age"], rows))
    assert found.entity_column == "customer_id"
    assert detect(stubs, TABLE).entity_column == ""


def test_a_table_about_things_has_nobody_to_recognise(stubs: Stubs) -> None:
    rows = [
        (f"{1000 + row}", CHANCE.random() * 9, CHANCE.choice(["oak", "elm", "ash"]), CHANCE.randint(1, 99)) for row in range(99)
    ]
    assert set(classes(detect(stubs, csv_of(["tree", "girth", "kind", "plot"], rows))).values()) == {"NSI"}


def test_animals_and_films_are_no_people(stubs: Stubs) -> None:
    """What has a species is no person though it has a sex and an age; a film has a director and ratings."""
    birds = [(CHANCE.choice(["Adelie", "Gentoo"]), CHANCE.choice(["male", "female"]), CHANCE.randint(1, 20)) for _ in range(99)]
    assert set(classes(detect(stubs, csv_of(["species", "sex", "age"], birds))).values()) == {"NSI"}
    directors = [
        "Robert Altman",
        "David Lynch",
        "James Cameron",
        "Anna Magnani",
        "Peter Weir",
        "Tim Burton",
        "John Ford",
        "Maria Ray",
    ]
    films = [(f"Film {row}", directors[row % 8], CHANCE.random() * 9, CHANCE.choice(["Drama", "Comedy"])) for row in range(99)]
    assert set(classes(detect(stubs, csv_of(["Title", "Director", "Rating", "Genre"], films))).values()) == {"NSI"}


def test_the_date_of_something_sensitive_is_known_to_others(stubs: Stubs) -> None:
    rows = [(*person[2:4], person[3]) for person in PEOPLE]
    assert classes(detect(stubs, csv_of(["sex", "birth_date", "diagnosis"], rows)))["diagnosis"] == "QI"


def test_odd_tables(stubs: Stubs) -> None:
    one_value = detect(stubs, csv_of(["sex", "birth_date", "site"], [(p[2], p[3], "north") for p in PEOPLE]))
    assert classes(one_value)["site"] == "NSI"
    one_row = detect(stubs, csv_of(NAMES, PEOPLE[:1]))
    assert not one_row.HasField("separation")
    assert classes(one_row)["email"] == "DI"
    empty_column = detect(stubs, csv_of(["sex", "age", "note"], [("f", 31, ""), ("m", 30, "")]))
    assert not empty_column.columns[2].HasField("unique_ratio")
    mixed = detect(stubs, csv_of(["sex", "age", "thing"], [("f", 30, value) for value in ("1", "x", "2020-01-01", "", "-3.5")]))
    assert len(mixed.columns) == 3
    strange = detect(stubs, csv_of(["*", "^.*$", "sex", " ", "age"], [(1, 2, "f", 3, 30), (2, 2, "m", 4, 31)]))
    assert [each.name for each in strange.columns] == ["*", "^.*$", "sex", " ", "age"]


def refusal(stubs: Stubs, data: bytes, **options: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        detect(stubs, data, **options)
    return caught.value


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({"cumulative_importance_threshold": 1.1}, ["options.cumulative_importance_threshold"]),
        ({"cumulative_importance_threshold": float("nan")}, ["options.cumulative_importance_threshold"]),
        (
            {"uniqueness_threshold": -0.1, "max_quasi_identifiers": 0},
            ["options.uniqueness_threshold", "options.max_quasi_identifiers"],
        ),
        ({"max_quasi_identifiers": 1001}, ["options.max_quasi_identifiers"]),
        ({"mode": 99}, ["options.mode"]),
        ({"sampling": 99}, ["options.sampling"]),
        ({"known_roles": {"sex": 0}}, ["options.known_roles['sex']"]),
        ({"known_roles": {"sex": QI}, "ignored_columns": ["sex"]}, ["options.ignored_columns[0]"]),
    ],
)
def test_options_out_of_range_are_refused(stubs: Stubs, options: dict[str, Any], fields: list[str]) -> None:
    error = refusal(stubs, TABLE, **options)
    assert status_of(error)[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
    assert violations_of(error) == fields


def test_what_cannot_be_judged_is_refused_with_a_sentence(stubs: Stubs) -> None:
    for options in ({"known_roles": {"nope": QI}}, {"ignored_columns": ["nope"]}):
        code, reason, metadata = status_of(refusal(stubs, TABLE, **options))
        assert (code, reason, metadata["column"]) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", "nope")
    assert status_of(refusal(stubs, b"a,b\n"))[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
    assert status_of(refusal(stubs, TABLE, ignored_columns=NAMES))[:2] == ("INVALID_ARGUMENT", "INVALID_FIELD")
