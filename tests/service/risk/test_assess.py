"""AssessRisk through the real server: the golden table, ARX's figures on adult, stars, nulls and bad input."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs
from test_validate_golden import DISEASES

from shoal.api.measures.v1 import risk_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2

# The golden table's release: classes A (3 rows), B (4), C (2), and row 10 suppressed.
GOLDEN = ("age,zip,sex\n" + "20-29,130**,F\n" * 3 + "30-39,148**,M\n" * 4 + "40-49,130**,F\n" * 2 + "*,*,*\n").encode()
QUASI = ["age", "zip", "sex"]


def assess(stubs: Stubs, data: bytes, quasi: list[str], **more: Any) -> risk_service_pb2.AssessRiskResponse:
    source = table_pb2.TableSource(inline=table_pb2.InlineTable(data=data, format=table_pb2.TABLE_FORMAT_CSV))
    request = risk_service_pb2.AssessRiskRequest(table=source, quasi_identifiers=quasi, **more)
    return stubs.risk.AssessRisk(request, metadata=stubs.metadata, timeout=30)


def refusal(stubs: Stubs, data: bytes, quasi: list[str], **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        assess(stubs, data, quasi, **more)
    return caught.value


@pytest.mark.parametrize(("threshold", "at_risk"), [(0.2, 1.0), (0.25, 5 / 9), (0.3, 5 / 9), (0.5, 0.0)])
def test_the_golden_table(stubs: Stubs, threshold: float, at_risk: float) -> None:
    report = assess(stubs, GOLDEN, QUASI, threshold=threshold).report
    assert (report.k, report.class_count, report.row_count, report.suppressed_count) == (2, 3, 9, 1)
    assert [(each.size, each.count) for each in report.histogram] == [(2, 1), (3, 1), (4, 1)]
    prosecutor = report.prosecutor
    assert (prosecutor.highest_risk, prosecutor.success_rate, prosecutor.lowest_risk) == (1 / 2, 1 / 3, 1 / 4)
    assert prosecutor.records_at_risk == at_risk
    assert prosecutor.overall_risk == 0.5
    assert report.marketer.success_rate == report.marketer.overall_risk == 1 / 3
    assert report.journalist.highest_risk == prosecutor.highest_risk
    assert report.journalist.estimated_without_population
    assert report.highest_risk_level == risk_pb2.RISK_LEVEL_HIGH


VENDOR = [
    # rows, classes, smallest class; prosecutor's overall risk and level, marketer's, the highest level of all
    (10_000, 4_862, 1, 1.0, "VERY_HIGH", 0.486, "HIGH", "VERY_HIGH"),
    (4_865, 767, 5, 0.2, "MEDIUM", 0.158, "MEDIUM", "MEDIUM"),
]
"""The figures that the sample notebook of Protegrity Anonymization prints, before and after k = 5 (parity.md 1.10)."""


@pytest.mark.parametrize(("rows", "classes", "smallest", "risk", "level", "marketer", "marketer_level", "highest"), VENDOR)
def test_the_vendor_s_published_figures(
    stubs: Stubs,
    rows: int,
    classes: int,
    smallest: int,
    risk: float,
    level: str,
    marketer: float,
    marketer_level: str,
    highest: str,
) -> None:
    """Any table with so many rows, classes and such a smallest class has these: the largest class takes the rest."""
    sizes = [smallest] * (classes - 1) + [rows - smallest * (classes - 1)]
    lines = [f"{place}" for place, size in enumerate(sizes) for _ in range(size)]
    report = assess(stubs, ("a\n" + "\n".join(lines) + "\n").encode(), ["a"]).report
    assert (report.row_count, report.class_count, report.k) == (rows, classes, smallest)
    assert report.prosecutor.overall_risk == report.journalist.overall_risk == risk
    assert round(report.marketer.overall_risk, 3) == marketer
    assert report.marketer.overall_risk == classes / rows
    assert report.prosecutor.risk_level == risk_pb2.RiskLevel.Value(f"RISK_LEVEL_{level}")
    assert report.marketer.risk_level == risk_pb2.RiskLevel.Value(f"RISK_LEVEL_{marketer_level}")
    assert report.highest_risk_level == risk_pb2.RiskLevel.Value(f"RISK_LEVEL_{highest}")


def test_a_star_may_be_a_value_like_others(stubs: Stubs) -> None:
    report = assess(stubs, GOLDEN, QUASI, suppressed_values=risk_service_pb2.SUPPRESSED_VALUES_OWN_VALUE).report
    assert (report.k, report.row_count, report.suppressed_count) == (1, 10, 0)


def test_a_wholly_starred_column_is_merely_generalised(stubs: Stubs) -> None:
    report = assess(stubs, b"a,b\n*,1\n*,1\n*,*\n", ["a", "b"]).report
    assert (report.k, report.row_count, report.suppressed_count) == (2, 2, 1)
    report = assess(stubs, b"a,b\n*,*\n*,*\n", ["a", "b"]).report
    assert (report.k, report.row_count, report.suppressed_count) == (2, 2, 0)
    report = assess(stubs, b"a,b\n*,1\n2,*\n3,3\n", ["a", "b"]).report
    assert (report.row_count, report.suppressed_count) == (3, 0)


def test_null_is_a_value_of_its_own_unless_asked_otherwise(stubs: Stubs) -> None:
    # The golden table's null variant: row 2's zip is null, 9 rows.
    data = b"age,zip\nA,1\nA,\nA,1\nB,2\nB,2\nB,2\nB,2\nC,1\nC,1\n"
    assert assess(stubs, data, ["age", "zip"]).report.k == 1
    answer = assess(stubs, data, ["age", "zip"], null_values=risk_service_pb2.NULL_VALUES_OMIT_ROWS)
    assert (answer.report.k, answer.report.row_count) == (2, 8)
    assert any("1 rows with a null" in warning for warning in answer.warnings)


def test_bad_input_gets_its_sentence(stubs: Stubs) -> None:
    error = refusal(stubs, b"a\n1\n", ["zip"])
    assert status_of(error) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": "zip"})
    error = refusal(stubs, b"a\n1\n", ["a", "a"], threshold=2, risk_level_cut_points=[0.5, 0.1, 0.9], attackers=[9])
    assert set(violations_of(error)) == {"quasi_identifiers[1]", "threshold", "risk_level_cut_points", "attackers[0]"}
    assert violations_of(refusal(stubs, b"a\n1\n", [])) == ["quasi_identifiers"]
    error = refusal(stubs, b"a\n1\n", ["a"], entity_column="a", sensitive_attributes=["a", "b", "b"])
    assert violations_of(error) == ["entity_column", "sensitive_attributes[0]", "sensitive_attributes[2]"]
    for more, column in (
        ({"entity_column": "who"}, "who"),
        ({"sensitive_attributes": ["ill"]}, "ill"),
        ({"population": csv_source(b"b\n1\n")}, "a"),
    ):
        assert status_of(refusal(stubs, b"a\n1\n", ["a"], **more)) == ("INVALID_ARGUMENT", "UNKNOWN_COLUMN", {"column": column})
    with pytest.raises(grpc.RpcError) as caught:
        stubs.risk.AssessRisk(risk_service_pb2.AssessRiskRequest(quasi_identifiers=["a"]), metadata=stubs.metadata)
    assert violations_of(caught.value) == ["table"]


def test_a_table_without_rows_has_no_risk(stubs: Stubs) -> None:
    for data in (b"a\n", b"a,b\n1,*\n*,*\n"):
        answer = assess(stubs, data, ["a"], suppressed_values=risk_service_pb2.SUPPRESSED_VALUES_OMIT_ROWS)
        if data == b"a\n":
            assert answer.report.row_count == answer.report.k == 0
            assert not answer.report.HasField("prosecutor")
            assert answer.warnings


def test_columns_are_taken_by_their_exact_names(stubs: Stubs) -> None:
    data = b"*,^.*$,b\n1,x,1\n1,x,2\n2,y,3\n2,y,4\n"
    assert assess(stubs, data, ["*"]).report.k == 2
    assert assess(stubs, data, ["^.*$", "*"]).report.quasi_identifiers == ["^.*$", "*"]


POPULATION = ("age,zip,sex\n" + "20-29,130**,F\n" * 6 + "30-39,148**,M\n" * 20 + "40-49,130**,F\n" * 4).encode()


def csv_source(data: bytes) -> table_pb2.TableSource:
    return table_pb2.TableSource(inline=table_pb2.InlineTable(data=data, format=table_pb2.TABLE_FORMAT_CSV))


def test_the_golden_population(stubs: Stubs) -> None:
    answer = assess(stubs, GOLDEN, QUASI, threshold=0.2, population=csv_source(POPULATION))
    journalist, marketer, prosecutor = answer.report.journalist, answer.report.marketer, answer.report.prosecutor
    assert journalist.highest_risk == journalist.overall_risk == 1 / 4
    assert journalist.lowest_risk == 1 / 20
    assert journalist.records_at_risk == pytest.approx(2 / 9, abs=1e-15)
    assert journalist.success_rate == pytest.approx(2 / 15, abs=1e-15)
    assert marketer.success_rate == marketer.overall_risk == pytest.approx(2 / 15, abs=1e-15)
    assert not journalist.estimated_without_population
    assert not marketer.estimated_without_population
    assert prosecutor.highest_risk == 1 / 2
    assert not answer.warnings
    # Where classes over their population are more than the marketer's share, that is the journalist's success.
    answer = assess(stubs, b"a\n1\n2\n3\n3\n3\n3\n", ["a"], population=csv_source(b"a\n1\n2\n" + b"3\n" * 9))
    assert answer.report.marketer.success_rate == pytest.approx((1 + 1 + 4 / 9) / 6)
    answer = assess(stubs, b"a\n1\n3\n3\n3\n3\n", ["a"], population=csv_source(b"a\n1\n" + b"3\n" * 39))
    assert answer.report.journalist.success_rate == pytest.approx(max(2 / 40, (1 + 4 / 39) / 5))


def test_a_population_as_it_came(stubs: Stubs) -> None:
    raw = b"age,zip,sex\n" + b"21,13001,F\n" * 6 + b"33,14899,M\n" * 20 + b"45,13077,F\n" * 4
    decades = "\n".join(f"{age};{age // 10 * 10}-{age // 10 * 10 + 9};*" for age in range(100)).encode()
    zips = b"13001;130**;*\n14899;148**;*\n13077;130**;*\n"
    hierarchies = {"age": {"table": csv_source(decades)}, "zip": {"table": csv_source(zips)}}
    answer = assess(stubs, GOLDEN, QUASI, population=csv_source(raw), hierarchies=hierarchies)
    assert answer.report.journalist.success_rate == pytest.approx(2 / 15, abs=1e-15)
    answer = assess(stubs, GOLDEN, QUASI, population=csv_source(raw))
    assert answer.report.journalist.highest_risk == 1
    assert any("3 classes stand for no row of the population" in each for each in answer.warnings)
    answer = assess(stubs, b"a\n1\n1\n", ["a"], population=csv_source(b"a\n1\n"))
    assert any("no sample of it" in each for each in answer.warnings)


WILD = GOLDEN.replace(b"*,*,*", b"*,*,M")


def test_wildcards(stubs: Stubs) -> None:
    """The golden table's wildcard variant: row 10 is `*`, `*`, M."""
    report = assess(stubs, WILD, QUASI, suppressed_values=risk_service_pb2.SUPPRESSED_VALUES_WILDCARD).report
    assert report.prosecutor.highest_risk == 1 / 2
    assert report.prosecutor.success_rate == pytest.approx(3 / 10, abs=1e-15)
    assert report.prosecutor.records_at_risk == 1 / 2
    assert report.marketer.success_rate == pytest.approx(3 / 10, abs=1e-15)
    assert (report.k, report.largest_class, report.class_count, report.row_count) == (2, 5, 4, 10)
    assert [(each.size, each.count) for each in report.histogram] == [(2, 1), (3, 1), (5, 2)]
    plain = assess(stubs, WILD, QUASI).report
    assert (plain.prosecutor.highest_risk, plain.prosecutor.success_rate) == (1, 2 / 5)
    # The null variant: rows with a null match every zip.
    data = b"age,zip\nA,1\nA,\nA,1\nB,2\nB,2\nB,2\nB,2\nC,1\nC,1\n"
    report = assess(stubs, data, ["age", "zip"], null_values=risk_service_pb2.NULL_VALUES_WILDCARD).report
    assert (report.k, report.row_count, report.unique_count) == (2, 9, 0)


def test_wildcards_against_a_naive_judge(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    for _ in range(60):
        columns, rows = chance.randint(1, 4), chance.randint(1, 40)
        cells = [[chance.choice(["a", "b", "c", "*", ""]) for _ in range(columns)] for _ in range(rows)]
        names = [f"c{place}" for place in range(columns)]
        text = "\n".join([",".join(names), *(",".join(cell or '""' for cell in row) for row in cells)]) + "\n"
        nulls = chance.choice(["OWN_VALUE", "WILDCARD", "OMIT_ROWS"])
        stars = chance.choice(["OMIT_ROWS", "OWN_VALUE", "WILDCARD"])
        partly = [place for place in range(columns) if any(row[place] != "*" for row in cells)]
        kept = [row for row in cells if stars == "OWN_VALUE" or not partly or any(row[place] != "*" for place in partly)]
        if nulls == "OMIT_ROWS":
            kept = [row for row in kept if "" not in row]
        wild = {"*"} if stars == "WILDCARD" else set()
        wild |= {""} if nulls == "WILDCARD" else set()
        crowds = [sum(all(a == b or wild & {a, b} for a, b in zip(one, other, strict=True)) for other in kept) for one in kept]
        report = assess(
            stubs,
            text.encode(),
            names,
            suppressed_values=risk_service_pb2.SuppressedValues.Value(f"SUPPRESSED_VALUES_{stars}"),
            null_values=risk_service_pb2.NullValues.Value(f"NULL_VALUES_{nulls}"),
        ).report
        assert report.row_count == len(kept)
        if kept:
            assert (report.k, report.largest_class) == (min(crowds), max(crowds))
            assert report.unique_count == crowds.count(1)
            assert report.prosecutor.success_rate == pytest.approx(sum(1 / each for each in crowds) / len(kept), abs=1e-12)
            assert report.prosecutor.records_at_risk == pytest.approx(sum(each < 5 for each in crowds) / len(kept))


def test_persons_are_counted_once_in_a_class(stubs: Stubs) -> None:
    data = b"who,city\na,Lyon\na,Lyon\nb,Lyon\nc,Bonn\nc,Paris\nd,Paris\n,Paris\n,Paris\n"
    answer = assess(stubs, data, ["city"], entity_column="who")
    report = answer.report
    # Lyon 2 persons, Bonn 1, Paris c, d and nobody.
    assert (report.k, report.row_count, report.entity_count, report.class_count) == (1, 6, 5, 3)
    assert report.unique_count == 1
    assert report.prosecutor.success_rate == 1 / 2
    assert any("1 persons have rows in several classes" in each for each in answer.warnings)
    assert any("2 rows name no person" in each for each in answer.warnings)
    assert not assess(stubs, data, ["city"]).report.HasField("entity_count")


def test_a_person_hides_behind_nobody_but_others(stubs: Stubs) -> None:
    """Of two rows that match by a wildcard, both of one person: no crowd of two, whatever the classes say."""
    answer = assess(
        stubs,
        b"who,city,sex\na,Lyon,F\na,*,F\nb,Bonn,M\nc,*,M\n",
        ["city", "sex"],
        entity_column="who",
        suppressed_values=risk_service_pb2.SUPPRESSED_VALUES_WILDCARD,
    )
    assert (answer.report.k, answer.report.largest_class, answer.report.unique_count) == (1, 2, 2)
    assert answer.report.prosecutor.highest_risk == 1
    assert answer.report.prosecutor.success_rate == 3 / 4


GOLDEN_INPUT = (
    b"age,zip,sex,disease\n23,13053,F,flu\n27,13068,F,gastritis\n29,13053,F,flu\n31,14850,M,bronchitis\n36,14850,M,ulcer\n"
    b"38,14853,M,bronchitis\n39,14853,M,gastritis\n47,13053,F,cancer\n49,13068,F,cancer\n71,15213,M,ulcer\n"
)


@pytest.mark.parametrize(
    ("quasi", "distinction", "separation"),
    [("sex", 0.2, 25 / 45), ("zip", 0.5, 39 / 45), ("age", 1, 1), ("zip sex", 0.5, 39 / 45)],
)
def test_distinction_and_separation(stubs: Stubs, quasi: str, distinction: float, separation: float) -> None:
    report = assess(stubs, GOLDEN_INPUT, quasi.split()).report
    assert (report.distinction, report.separation) == (distinction, separation)


def naive_contributions(rows: list[tuple[str, ...]]) -> tuple[list[float], list[float], int]:
    """Shapley values by all orders, and minimal sample uniques by definition."""
    width, pairs = len(rows[0]), list(itertools.combinations(rows, 2))

    def separation(columns: tuple[int, ...]) -> Fraction:
        return Fraction(sum(any(a[each] != b[each] for each in columns) for a, b in pairs), len(pairs))

    orders = list(itertools.permutations(range(width)))
    shares = [Fraction(0)] * width
    for order in orders:
        for place, column in enumerate(order):
            shares[column] += separation(order[: place + 1]) - separation(order[:place])
    takes_part = [0] * width
    total = 0
    for row in rows:
        alone = {
            columns
            for size in range(width + 1)
            for columns in itertools.combinations(range(width), size)
            if sum(all(row[each] == other[each] for each in columns) for other in rows) == 1
        }
        for columns in alone:
            if not any(set(other) < set(columns) for other in alone):
                total += 1
                for each in columns:
                    takes_part[each] += 1
    return [float(each / len(orders)) for each in shares], [each / total if total else 0.0 for each in takes_part], total


def test_contributions_against_their_definitions(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    for _ in range(20):
        width = chance.randint(1, 4)
        rows = [
            tuple(chance.choice("abcde"[: chance.randint(1, 5)]) for _ in range(width)) for _ in range(chance.randint(2, 25))
        ]
        names = [f"c{place}" for place in range(width)]
        text = "\n".join(",".join(row) for row in [tuple(names), *rows]) + "\n"
        answer = assess(stubs, text.encode(), names, contributions=True)
        shares, unique, total = naive_contributions(rows)
        assert [each.attribute for each in answer.contributions] == names
        assert [each.separation_share for each in answer.contributions] == pytest.approx(shares, abs=1e-12)
        assert [each.minimal_unique_share for each in answer.contributions] == pytest.approx(unique, abs=1e-12)
        assert (answer.minimal_unique_count, answer.largest_minimal_unique) == (total, width)
        assert answer.contribution_error == 0
        assert sum(shares) == pytest.approx(answer.report.separation)


def test_contributions_of_many_columns_are_estimated(stubs: Stubs) -> None:
    """13 columns: a copy of the first adds as much as it, a constant adds nothing, and all sum to the separation."""
    chance = random.Random(5)
    rows = []
    for _ in range(300):
        row = [chance.choice("ab") for _ in range(11)]
        rows.append([*row, row[0], "x"])
    names = [f"c{place}" for place in range(13)]
    text = "\n".join(",".join(row) for row in [names, *rows]) + "\n"
    answer = assess(stubs, text.encode(), names, contributions=True)
    shares = [each.separation_share for each in answer.contributions]
    assert 0 < answer.contribution_error < 0.05
    assert shares[12] == 0
    assert abs(shares[0] - shares[11]) < 2 * answer.contribution_error
    assert sum(shares) == pytest.approx(answer.report.separation)
    assert any("95 % confidence" in each for each in answer.warnings)
    assert assess(stubs, text.encode(), names, contributions=True).contributions == answer.contributions


def test_sensitive_attributes_as_they_stand(stubs: Stubs) -> None:
    names = [each.encode() for each in ["disease", *DISEASES]]
    data = b"\n".join(line + b"," + name for line, name in zip(GOLDEN.splitlines(), names, strict=True)) + b"\n"
    (found,) = assess(stubs, data, QUASI, sensitive_attributes=["disease"]).sensitive
    assert (found.attribute, found.distinct_l, found.entropy_l) == ("disease", 1, pytest.approx(1.0))
    assert found.t_equal == pytest.approx(7 / 9)
    assert found.delta_disclosure == pytest.approx(1.504077, abs=1e-6)
    assert found.basic_beta == pytest.approx(7 / 2)
    assert (found.null_count, found.disclosed_row_count) == (0, 2)


def test_adult_s_separation_is_arx_s(stubs: Stubs, adult: Path) -> None:
    """ARX's ranking of quasi-identifiers (reference/arx.md, 3.2): single columns, and all nine."""
    dataset = stubs.upload((adult / "adult.csv").read_bytes())
    nine = ["sex", "age", "race", "marital-status", "education", "native-country", "workclass", "occupation", "salary-class"]
    published = {
        "salary-class": (0.0000663086, 0.3739325606),
        "sex": (0.0000663086, 0.4382843481),
        "race": (0.0001657715, 0.2510168706),
        "workclass": (0.0002320801, 0.4384710833),
        "marital-status": (0.0002320801, 0.6572008210),
        "occupation": (0.0004641602, 0.8946220036),
        "education": (0.0005304688, 0.8074379804),
        "native-country": (0.0013593263, 0.1678946113),
        "age": (0.0023871096, 0.9781172561),
        " ".join(nine): (0.6465751608, 0.9999063224),
    }
    for quasi, (distinction, separation) in published.items():
        request = risk_service_pb2.AssessRiskRequest(table={"dataset": dataset.name}, quasi_identifiers=quasi.split())
        report = stubs.risk.AssessRisk(request, metadata=stubs.metadata, timeout=60).report
        assert report.distinction == pytest.approx(distinction, abs=1e-10)
        assert report.separation == pytest.approx(separation, abs=1e-10)
    request = risk_service_pb2.AssessRiskRequest(table={"dataset": dataset.name}, quasi_identifiers=nine, contributions=True)
    answer = stubs.risk.AssessRisk(request, metadata=stubs.metadata, timeout=120)
    shares = {each.attribute: each.separation_share for each in answer.contributions}
    assert sum(shares.values()) == pytest.approx(answer.report.separation, abs=1e-12)
    assert max(shares, key=lambda name: shares[name]) == "age"
    assert answer.minimal_unique_count >= answer.report.unique_count
