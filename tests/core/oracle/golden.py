"""The golden table: ten patients, three classes, one suppressed row, every measure by hand (reference/peers.md 4.1).

Values are those of golden-table.json: fractions as text, decimals to the digits printed there.
"""

from __future__ import annotations

from fractions import Fraction

from oracle.table import Attribute, Sensitive, Table

ROWS = (
    (23, "13053", "F", "flu", 3000),
    (27, "13068", "F", "gastritis", 4000),
    (29, "13053", "F", "flu", 5000),
    (31, "14850", "M", "bronchitis", 6000),
    (36, "14850", "M", "ulcer", 8000),
    (38, "14853", "M", "bronchitis", 30000),
    (39, "14853", "M", "gastritis", 7000),
    (47, "13053", "F", "cancer", 9000),
    (49, "13068", "F", "cancer", 12000),
    (71, "15213", "M", "ulcer", 4000),
)
COLUMNS = ("age", "zip", "sex", "disease", "salary")
LEVELS = (1, 2, 0)
SUPPRESSED = (9,)
CLASSES = ((0, 1, 2), (3, 4, 5, 6), (7, 8))
POPULATION = (6, 20, 4)  # rows of the population in each class
DISEASES = ("flu", "bronchitis", "gastritis", "ulcer", "cancer")
GROUPS = {"flu": "resp", "bronchitis": "resp", "gastritis": "dig", "ulcer": "dig", "cancer": "onc"}
DISEASE, SALARY = 0, 1  # places of the sensitive columns in `table`

EXPECTED: dict[str, object] = {
    "k_suppressed_left_out": 2,
    "distinct_l": 1,
    "exp_entropy_per_class": [1.889882, 2.828427, 1.0],
    "recursive_ratio_l2": ["2", "1", None],
    "t_equal_9": ["5/9", "4/9", "7/9"],
    "t_equal_10": ["3/5", "2/5", "4/5"],
    "t_ordered_9": ["3/8", "7/48", "49/144"],
    "t_ordered_10": ["27/80", "7/40", "3/8"],
    "t_hier_9": ["7/18", "1/3", "7/9"],
    "t_wasserstein_scaled_9": ["16/81", "43/324", "31/162"],
    "delta_disclosure": [1.098612, 0.81093, 1.504077],
    "basic_beta": ["2", "5/4", "7/2"],
    "population": [6, 20, 4],
    "marketer": "2/15",
    "k_map": 4,
    "ncp": {"age": "2/11", "zip": "13/40", "sex": "1/10", "mean": "89/440"},
    "precision_loss": {"age": "2/5", "zip": "23/50", "sex": "1/10", "Prec": "17/25"},
    "dm": 39,
    "aecs": 3,
    "nue_loss_bits": {"age": 14.754888, "zip": 8.854753, "sex": 0},
    "nue_max_bits": {"age": 33.219281, "zip": 22.464393, "sex": 10},
    "kl_nats": 2.358225,
}


def fractions(name: str) -> list[Fraction | None]:
    """The expected fractions of classes A, B and C."""
    values = EXPECTED[name]
    assert isinstance(values, list)
    return [None if value is None else Fraction(value) for value in values]


def decimals(name: str) -> list[float]:
    """The expected decimals of classes A, B and C."""
    values = EXPECTED[name]
    assert isinstance(values, list)
    return [float(value) for value in values]


def _coded(values: list[str]) -> tuple[tuple[int, ...], list[str]]:
    order = sorted(set(values))
    return tuple(order.index(value) for value in values), order


def _map(labels: list[str]) -> tuple[int, ...]:
    return _coded(labels)[0]


def table(rows: tuple[int, ...] = tuple(range(10)), reference: int | None = None, *, population: bool = False) -> Table:
    """The golden table, or some of its rows. reference: the distribution of the first so many rows; None: of the records."""
    records = [ROWS[row] for row in rows]
    ages = list(range(100))
    decades = _map([f"{age // 10}" for age in ages])
    halves = _map(["<50" if age < 50 else ">=50" for age in ages])
    age = Attribute(tuple(row[0] for row in records), 100, (decades, halves, (0,) * 100))
    zips = sorted({row[1] for row in ROWS})
    masks = tuple(_map([code[: 5 - level] for code in zips]) for level in range(1, 6))
    postcode = Attribute(tuple(zips.index(row[1]) for row in records), 5, masks)
    sex = Attribute(tuple("FM".index(row[2]) for row in records), 2, ((0, 0),))
    salaries = sorted({row[4] for row in ROWS})
    disease = Sensitive(
        tuple(DISEASES.index(row[3]) for row in records),
        len(DISEASES),
        None if reference is None else tuple(sum(row[3] == name for row in ROWS[:reference]) for name in DISEASES),
        maps=(_map([GROUPS[name] for name in DISEASES]), (0,) * len(DISEASES)),
    )
    salary = Sensitive(
        tuple(salaries.index(row[4]) for row in records),
        len(salaries),
        None if reference is None else tuple(sum(row[4] == amount for row in ROWS[:reference]) for amount in salaries),
        positions=tuple(salaries),
    )
    attributes = (age, postcode, sex)
    if not population:
        return Table(attributes, (disease, salary))
    people = tuple(tuple(a.codes[members[0]] for a in attributes) for members in CLASSES)
    return Table(attributes, (disease, salary), (), people, POPULATION)
