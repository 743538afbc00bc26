"""AssessRisk against a naive assessor: random tables with nulls and `*`, read in every way, with populations and persons."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import naive_assessor
import pytest
from counts import FULL
from grpc_stubs import Stubs
from validations import csv, inline

from shoal.api.risk.v1 import risk_service_pb2

TABLES = 500 if FULL else 100
READINGS = ("OWN_VALUE", "OMIT_ROWS", "WILDCARD")
THRESHOLDS = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 4), Fraction(1, 3), Fraction(1, 2))


def table(chance: random.Random) -> naive_assessor.Reading:
    width = chance.randint(1, 4)
    cells = chance.choice([["a", "b"], ["a", "b", "c", "*", ""], ["*", "a"], ["", "*", "c"], ["a", "b", "c", "d", "e", "*"]])
    rows = [tuple(chance.choice(cells) for _ in range(width)) for _ in range(chance.randint(1, 40))]
    population = None
    if chance.random() < 0.5:
        starred = chance.random() < 0.3
        own = [each if starred else tuple("a" if cell == "*" else cell for cell in each) for each in rows]
        population = own + [
            tuple(chance.choice(["a", "b", "c", "d"]) for _ in range(width)) for _ in range(chance.randint(1, 60))
        ]
    return naive_assessor.Reading(
        rows=rows,
        stars=chance.choice(("OMIT_ROWS", *READINGS)),  # more often as by default
        nulls=chance.choice(("OWN_VALUE", *READINGS)),
        who=[chance.choice(["ann", "bob", "eve", "kim", "lea", ""]) for _ in rows] if chance.random() < 0.4 else None,
        population=population,
        values=[chance.choice(["flu", "gout", ""]) for _ in rows] if chance.random() < 0.5 else None,
    )


def ask(stubs: Stubs, one: naive_assessor.Reading, threshold: Fraction) -> risk_service_pb2.AssessRiskResponse:
    width = len(one.rows[0])
    quasi = [f"q{place}" for place in range(width)]
    who = one.who or ["-"] * len(one.rows)
    values = one.values or ["-"] * len(one.rows)
    rows = [[*row, *more] for row, *more in zip(one.rows, who, values, strict=True)]
    more: dict[str, Any] = {}
    if one.who is not None:
        more["entity_column"] = "who"
    if one.values is not None:
        more["sensitive_attributes"] = ["ill"]
    if one.population is not None:
        more["population"] = inline(csv([*quasi, "x"], [[*row, "-"] for row in one.population]))
    request = risk_service_pb2.AssessRiskRequest(
        table=inline(csv([*quasi, "who", "ill"], rows)),
        quasi_identifiers=quasi,
        threshold=float(threshold),
        suppressed_values=risk_service_pb2.SuppressedValues.Value(f"SUPPRESSED_VALUES_{one.stars}"),
        null_values=risk_service_pb2.NullValues.Value(f"NULL_VALUES_{one.nulls}"),
        **more,
    )
    return stubs.risk.AssessRisk(request, metadata=stubs.metadata, timeout=60)


def test_a_naive_assessor_agrees_on_random_tables(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    counted = 0
    for _ in range(TABLES):
        one, threshold = table(chance), chance.choice(THRESHOLDS)
        answer = ask(stubs, one, threshold)
        if not one.kept:
            assert answer.report.row_count == 0
            assert not answer.report.HasField("prosecutor")
            continue
        counted += 1
        compare(one, threshold, answer)
    assert counted > TABLES / 2


def compare(one: naive_assessor.Reading, threshold: Fraction, answer: risk_service_pb2.AssessRiskResponse) -> None:
    report, expected = answer.report, naive_assessor.assess(one)
    crowds = expected.crowds
    assert (report.row_count, report.suppressed_count) == (expected.units, expected.suppressed), one
    assert report.class_count == expected.classes, one
    assert (report.k, report.largest_class) == (min(crowds), max(crowds)), one
    assert report.unique_count == crowds.count(1), one
    assert report.distinction == float(expected.distinction)
    assert report.HasField("separation") == (expected.separation is not None)
    assert report.separation == float(expected.separation or 0)
    assert report.HasField("entity_count") == (one.who is not None)
    if one.who is not None:
        assert report.entity_count == len({one.who[place] for place in one.kept})
    prosecutor = report.prosecutor
    assert (prosecutor.highest_risk, prosecutor.lowest_risk) == (1 / min(crowds), 1 / max(crowds))
    assert prosecutor.records_at_risk == float(expected.at_risk(crowds, threshold)), one
    assert prosecutor.success_rate == pytest.approx(float(expected.mean(crowds)), abs=1e-12), one
    journalist, marketer = report.journalist, report.marketer
    if expected.outside is None:
        assert journalist.estimated_without_population
        assert journalist.highest_risk == prosecutor.highest_risk
        assert marketer.success_rate == prosecutor.success_rate
    else:
        outside = [max(1, each) for each in expected.outside]
        assert (journalist.highest_risk, journalist.lowest_risk) == (1 / min(outside), 1 / max(outside)), one
        assert journalist.records_at_risk == float(expected.at_risk(outside, threshold)), one
        assert journalist.success_rate == pytest.approx(float(expected.journalist), abs=1e-12), one
        assert marketer.success_rate == pytest.approx(float(expected.mean(outside)), abs=1e-12), one
    if one.values is not None:
        (found,) = answer.sensitive
        assert (found.disclosed_row_count, found.distinct_l) == (expected.disclosed, expected.least), one
        assert found.t_equal == pytest.approx(float(expected.equal or 0), abs=1e-15), one
