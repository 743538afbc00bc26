"""What categories mean by themselves, and what they must not be taken for."""

from __future__ import annotations

import polars as pl
import pytest

from shoal.detection.evidence import evidence_of
from shoal.detection.judge import judge
from shoal.detection.lexicon_files import lexicon
from shoal.detection.meanings import meaning_of
from shoal.detection.roles import Role
from shoal.detection.verdict import Verdict


@pytest.mark.parametrize(
    ("values", "concept"),
    [
        (["M", "F"], "sex"),
        (["h", "f", "na"], "sex"),
        (["weiblich", "männlich", "divers"], "sex"),
        (["kobieta", "mężczyzna"], "sex"),
        (["never married", "Divorced", "WIDOWED"], "marital_status"),
        (["Anglican", "Roman Catholic", "None of these", "Muslim"], "belief"),
        (["strongly agree", "disagree", "neither"], "belief"),
        (["UKD3", "UKG3", "UKI4"], "place"),
        (["DE", "FR", "IT", "PL"], "origin"),
        (["ISCED 3", "ISCED 6"], "education"),
        (["under £10k", "£10k-19k", "£20k-29k"], "income"),
        (["A+", "0-", "AB+"], "measurement"),
        (["asthma", "Hypertension", "migraine"], "disease"),
        (["Android", "iOS", "S30+"], "thing"),
        # What only looks like it.
        (["M", "L", "XL"], ""),
        (["red", "black", "blue", "green"], ""),
        (["m"], ""),
        (["CA", "XX", "QQ", "ZZ"], ""),
        (["North", "South"], ""),
    ],
)
def test_categories_mean_what_their_words_are(values: list[str], concept: str) -> None:
    assert meaning_of(values, [10] * len(values))[0] == concept


def test_rare_cells_do_not_decide() -> None:
    assert meaning_of(["single", "married", "x17", "y2"], [1, 1, 40, 40]) == ("", 0.0)
    found, share = meaning_of(["single", "married", "x17"], [40, 40, 20])
    assert (found, share) == ("marital_status", 0.8)


def verdicts(table: dict[str, list[str]]) -> dict[str, Verdict]:
    columns = [pl.Series(name, values * 20) for name, values in table.items()]
    found = judge([evidence_of(column) for column in columns], lexicon(), 0.95)
    return dict(zip(table, found, strict=True))


def test_items_of_a_survey_are_answers_unless_their_values_say_more() -> None:
    years = [str(1930 + 7 * at % 70) for at in range(40)]
    found = verdicts(
        {
            "q01": ["M", "F"] * 20,
            "q02": years,
            "q03": ["UKD3", "UKG3", "UKI4", "UKC1"] * 10,
            "q04": ["agree", "disagree", "neither", "agree"] * 10,
            "q05": ["1", "2", "3", "4", "5", "4", "3", "2"] * 5,
        }
    )
    roles = [each.role for each in found.values()]
    assert roles == [Role.QUASI_IDENTIFIER, Role.QUASI_IDENTIFIER, Role.QUASI_IDENTIFIER, Role.SENSITIVE, Role.SENSITIVE]
    assert found["q02"].concept == "birth_date"
    assert not any(value in " ".join(each.reasons) for each in found.values() for value in ("UKD3", "agree", "1930"))


def test_machines_have_ages_shifts_and_diagnoses_too() -> None:
    table = {
        "Machine Name": ["Press 1", "Press 2"] * 20,
        "Age (years)": ["3", "11"] * 20,
        "Shift": ["early", "late"] * 20,
        "Vibration (mm/s)": [f"{at / 7:.2f}" for at in range(40)],
        "Spindle Speed (rpm)": [str(2000 + at) for at in range(40)],
        "Diagnosis": ["bearing worn", "ok"] * 20,
    }
    assert {each.role for each in verdicts(table).values()} == {Role.INSENSITIVE}
    people = verdicts({**table, "Operator Birth Date": [f"19{at:02}-03-0{at % 9 + 1}" for at in range(50, 90)]})
    assert people["Age (years)"].role is Role.QUASI_IDENTIFIER


def test_the_names_of_staff_are_not_the_subjects() -> None:
    names = [f"Dr. {given} {family}" for given in ("Anna", "Peter", "Maria") for family in ("Schmidt", "Weber", "Becker")] * 4
    found = verdicts(
        {"prescribing doctor": names, "sex": ["m", "f"] * 18, "birth date": [f"19{at + 40}-02-11" for at in range(36)]}
    )
    assert found["prescribing doctor"].role is not Role.IDENTIFIER
