"""Writes `hospital_stays.csv`, 5,000 invented stays in an invented hospital near Lyon, and `voter_roll.csv`,
what anybody may know of the same people: the same bytes on every machine.

Nobody in it exists, but the shape is a hospital's: the old come often, half of the patients live in the city,
births are in one ward, a few cells are empty. Standard library only: `python
examples/make_hospital_stays.py`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from pathlib import Path
from random import Random

ROWS = 5000
SEED = 20240229
YEAR = 2024

FEMALE = [
    "Marie", "Jeanne", "Camille", "Nathalie", "Isabelle", "Sylvie", "Catherine", "Françoise", "Martine",
    "Monique", "Nicole", "Léa", "Manon", "Chloé", "Emma", "Inès", "Sarah", "Fatima", "Aïcha", "Yasmine",
    "Amina", "Mei", "Linh", "Sofia", "Giulia", "Ana", "Beatriz", "Olga", "Anna", "Zofia", "Ngozi",
    "Aminata", "Fatou", "Priya", "Leïla", "Hélène", "Lucie",
]  # fmt: skip
MALE = [
    "Jean", "Pierre", "Michel", "Philippe", "Alain", "Nicolas", "Thomas", "Julien", "Antoine", "Hugo",
    "Lucas", "Louis", "Gabriel", "Mohamed", "Karim", "Youssef", "Ahmed", "Mehdi", "Rachid", "Wei", "Minh",
    "Marco", "Luca", "João", "Pedro", "Dmitri", "Piotr", "Emeka", "Mamadou", "Ibrahim", "Arjun", "Omar",
    "Étienne", "Benoît", "Rémi", "Gérard", "Bernard",
]  # fmt: skip
FAMILY = [
    "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy", "Moreau",
    "Simon", "Laurent", "Lefèvre", "Michel", "Garcia", "David", "Bertrand", "Roux", "Vincent", "Fournier",
    "Morel", "Girard", "André", "Mercier", "Dupont", "Lambert", "Bonnet", "François", "Martinez",
    "Benali", "Haddad", "Cherif", "Nguyen", "Tran", "Chen", "Rossi", "Ferrari", "Silva", "Santos",
    "Kowalski", "Ivanov", "Diallo", "Traoré", "Okafor", "Sharma", "Perret", "Gauthier", "Chevalier",
    "Blanc", "Guérin", "Muller", "Faure",
]  # fmt: skip

# Postcode and how many of a hundred patients come from it.
POSTCODES = {
    "69001": 3, "69002": 4, "69003": 10, "69004": 3, "69005": 4, "69006": 4, "69007": 10, "69008":
    12, "69009": 3, "69100": 6, "69120": 4, "69200": 7, "69300": 1, "69360": 2, "69500": 2, "69700":
    1, "69800": 4, "38000": 0.8, "38070": 2.6, "38090": 1.6, "38200": 6.2, "38300": 4.4, "38460":
    1.2, "38780": 1.0, "01120": 0.12, "42000": 0.1, "42400": 0.05, "26000": 0.06, "71000": 0.04,
    "13008": 0.02, "75011": 0.05,
}  # fmt: skip

# Ward: its diagnoses (ICD-10, weight), the share of stays, ages from and to with their mode, and the median
# stay in days.
WARDS: dict[str, tuple[dict[str, float], float, tuple[int, int, int], float]] = {
    "Cardiology": ({"I21.9": 22, "I50.0": 38, "I48.9": 25, "I20.0": 15}, 0.17, (35, 97, 76), 5.5),
    "Pulmonology": ({"J18.9": 45, "J44.1": 38, "C34.9": 12, "A15.0": 5}, 0.12, (25, 96, 70), 7.0),
    "Orthopaedics": ({"S72.0": 34, "M16.1": 28, "M17.1": 25, "S82.6": 13}, 0.15, (16, 98, 74), 6.0),
    "General surgery": ({"K35.8": 32, "K80.2": 33, "K40.9": 25, "C18.9": 10}, 0.16, (12, 93, 52), 3.5),
    "Neurology": ({"I63.9": 48, "G40.9": 20, "G35": 12, "G20": 20}, 0.10, (20, 95, 72), 8.0),
    "Oncology": ({"C50.9": 45, "C61": 25, "C25.9": 14, "C90.0": 16}, 0.09, (30, 90, 66), 4.5),
    "Maternity": ({"O80": 72, "O82": 20, "O14.1": 8}, 0.11, (17, 46, 31), 3.5),
    "Infectious diseases": ({"A41.9": 58, "B20": 16, "B18.2": 12, "U07.1": 14}, 0.05, (18, 95, 60), 9.0),
    "Psychiatry": ({"F32.2": 48, "F20.0": 24, "F10.2": 28}, 0.05, (18, 80, 42), 14.0),
}  # fmt: skip

ROLL_COLUMNS = ["name", "birth_date", "sex", "postcode"]
COLUMNS = ["name", "birth_date", "sex", "postcode", "admission_date", "length_of_stay", "ward", "diagnosis"]


def stay(random: Random) -> tuple[list[str], dt.date]:
    """One row, and when the patient was born, which the row may lack."""
    ward = pick(random, {name: share for name, (_, share, _, _) in WARDS.items()})
    diagnoses, _, (youngest, oldest, usual), median_days = WARDS[ward]
    diagnosis = pick(random, diagnoses)
    sex = sex_of(random, ward, diagnosis)
    admission = dt.date(YEAR, 1, 1) + dt.timedelta(days=day_of_year(random, ward))
    age_days = int(random.triangular(youngest, oldest, usual) * 365.25)
    born = admission - dt.timedelta(days=age_days)
    days = max(0, min(120, round(median_days * random.lognormvariate(0, 0.6))))
    name = f"{random.choice(FEMALE if sex == 'F' else MALE)} {random.choice(FAMILY)}"
    row = [
        name,
        "" if random.random() < 0.003 else born.isoformat(),
        sex,
        "" if random.random() < 0.003 else pick(random, POSTCODES),
        admission.isoformat(),
        str(days),
        ward,
        "" if random.random() < 0.004 else diagnosis,
    ]
    return row, born


def pick(random: Random, weights: dict[str, float]) -> str:
    """One key, as often as its weight says."""
    return random.choices(list(weights), weights=list(weights.values()))[0]


def sex_of(random: Random, ward: str, diagnosis: str) -> str:
    """F or M; some diagnoses leave little choice."""
    if ward == "Maternity" or (diagnosis == "C50.9" and random.random() < 0.99):
        return "F"
    if diagnosis == "C61":
        return "M"
    return "F" if random.random() < 0.49 else "M"


def day_of_year(random: Random, ward: str) -> int:
    """0 to 365; lungs and infections come in winter."""
    while True:
        day = random.randrange(366)
        winter = day < 80 or day > 320
        if ward not in {"Pulmonology", "Infectious diseases"} or winter or random.random() < 0.55:
            return day


def tables() -> dict[str, bytes]:
    """Both files by name."""
    random = Random(SEED)
    stays = [stay(random) for _ in range(ROWS)]
    rows = [row for row, _ in stays]
    rows.sort(key=lambda row: row[COLUMNS.index("admission_date")])  # as the hospital's system would list them
    return {"hospital_stays.csv": as_csv(COLUMNS, rows), "voter_roll.csv": as_csv(ROLL_COLUMNS, roll(stays))}


def roll(stays: list[tuple[list[str], dt.date]]) -> list[list[str]]:
    """The same people as the town hall has them: nothing about the hospital, no cell empty, by name."""
    random = Random(SEED + 1)
    found = []
    for row, born in stays:
        name, _, sex, postcode = row[:4]
        found.append([name, born.isoformat(), sex, postcode or pick(random, POSTCODES)])
    return sorted(found)


def as_csv(columns: list[str], rows: list[list[str]]) -> bytes:
    """A CSV file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, content in tables().items():
        (folder / name).write_bytes(content)
        print(f"wrote {folder / name}")
