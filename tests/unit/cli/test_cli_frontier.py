"""A frontier as people see it: the table and the drawing, from made-up points."""

from __future__ import annotations

import dataclasses
import io
import itertools
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence

import pytest
from client.fake_server import frontier_point
from rich.console import Console

from shoal.api.anonymization.v1 import anonymization_service_pb2
from shoal.cli.chart import COLOURS, SHAPES, frontier_svg
from shoal.cli.frontier import describe
from shoal.cli.settings import read_settings
from shoal.cli.tradeoff import Frontier, as_json, frontier_of
from shoal.client import parse_policy

POLICY = parse_policy("""
attributes: [{name: age, role: QUASI_IDENTIFIER}, {name: zip, role: QUASI_IDENTIFIER}, {name: ill, role: SENSITIVE}]
privacy_models:
  - k_anonymity: {k: 5}
  - l_diversity: {attribute: ill, l: 2}
suppression_limit: 0.02
""").message
SVG = "{http://www.w3.org/2000/svg}"


def made_up(k: str | None = None, suppression: str | None = None, vary: Sequence[str] = ()) -> Frontier:
    """The frontier that the fake server would find."""
    settings = read_settings(POLICY, k, suppression, vary)
    points = [
        frontier_point(each, limit, list(values))
        for each in settings.ks or (5,)
        for limit in settings.limits or (0.02,)
        for values in itertools.product(*(each.values for each in settings.varied))
    ]
    answer = anonymization_service_pb2.ComputeFrontierResponse(
        points=points, search_seconds=0.25, lattice_size=120, row_count=1000, attributes=["age", "zip"]
    )
    return frontier_of(answer, POLICY, settings)


def printed(found: Frontier, *, details: bool = False) -> str:
    buffer = io.StringIO()
    describe(Console(file=buffer, width=160, markup=False), found, None, details=details)
    return buffer.getvalue()


def labels(svg: str) -> Counter[str]:
    """What the points say to a screen reader."""
    root = ET.fromstring(svg)
    return Counter(
        str(each.get("aria-label")) for each in root.iter(f"{SVG}path") if each.get("aria-roledescription") == "point"
    )


def test_losses_by_k_and_limit() -> None:
    text = printed(made_up("2..22/5", "0,2%,5%"))
    assert "Least loss (geometric mean) by suppression limit" in text
    rows = {line.split()[0]: line for line in text.splitlines() if re.match(r" +\d+ ", line)}
    assert list(rows) == ["2", "7", "12", "17", "22"]
    assert rows["2"].split() == ["2", "0.6667", "0.6533", "0.6333"]
    assert rows["7"].split() == ["7", "~0.8750", "~0.8575", "~0.8312"]
    assert rows["22"].split() == ["22", "infeasible", "0.9374", "0.9087"]
    assert "The policy's own setting (k = 5, suppression limit = 2%) is not among these." in text
    assert "~ 3 of 14 are the best found within the search's limits; the optimum is at most 0.010000 below." in text


def test_equal_neighbours_of_a_long_table_are_one_line() -> None:
    text = printed(made_up("1..60", "0,2%"))
    assert ["21", "infeasible", "0.9355"] in [line.split() for line in text.splitlines()]
    flat = made_up("1..60", "0,2%")
    same = dataclasses.replace(flat, points=tuple(dataclasses.replace(each, loss=0.5, own=False) for each in flat.points))
    lines = [line.strip() for line in printed(same).splitlines() if "0.5000" in line]
    assert [re.sub(" +", " ", line) for line in lines] == [
        "1 – 6 0.5000 0.5000",
        "7 ~0.5000 ~0.5000",
        "8 – 20 0.5000 0.5000",
        "21 – 60 infeasible 0.5000",
    ]


def test_the_policy_s_own_setting_is_marked() -> None:
    text = printed(made_up("4..6", "0,2%"))
    assert [line.split() for line in text.splitlines() if "▸ 0." in line] == [["5", "0.8333", "▸", "0.8167"]]
    assert "▸ the policy's own setting (k = 5, suppression limit = 2%): loss 0.8167, 20 rows (2.00%) suppressed" in text
    assert "levels age 1, zip 2" in text
    assert "Every loss is proven" in text


@pytest.mark.parametrize("details", [False, True])
def test_a_line_for_each_setting(details: bool) -> None:
    text = printed(made_up("20..21", "0,2%" if details else "0"), details=details)
    lines = [line.split() for line in text.splitlines() if re.match(r" +2[01] ", line)]
    assert lines[0][-7:] == ["0.9524", "0", "0.00%", "5.0%", "2.5%", "1", "2"]
    assert len(lines) == (4 if details else 2)
    assert sum("infeasible" in each for each in lines) == 1
    assert details == ("The same for all" not in text)


def test_other_parameters_are_columns() -> None:
    found = made_up("5,6", "0,2%", ["1.l=2,3"])
    text = printed(found)
    assert re.search(r"k +l of l-diversity +up to 0% +up to 2%", text)
    assert [line.split() for line in text.splitlines() if "▸ 0." in line] == [["5", "2", "0.8533", "▸", "0.8367"]]
    assert found.settled is not None
    assert found.settled.setting == (5, 0.02, 2)


def test_nothing_feasible() -> None:
    found = made_up("30..31", "0")
    text = printed(found)
    assert text.count("infeasible") == 2
    assert "proven" not in text
    assert not labels(frontier_svg(found, "t.csv")).keys() - {f"k = {k}, suppression limit = 0%: infeasible" for k in (30, 31)}


def test_json() -> None:
    settings = read_settings(POLICY, "5,30", "0,0.02", ["1.l=2"])
    content = as_json(made_up("5,30", "0,0.02", ["1.l=2"]), settings, None)
    assert content["parameters"] == [{"model": 1, "parameter": "l"}]
    assert content["policy"] == {"k": 5, "suppression_limit": 0.02, "1.l": 2.0}
    assert (content["measure"], content["aggregate"], content["rows"]) == ("LOSS", "GEOMETRIC_MEAN", 1000)
    own = [each for each in content["points"] if each["own"]]
    assert len(own) == 1
    assert own[0]["levels"] == {"age": 1, "zip": 2}
    assert own[0]["parameters"] == {"1.l": 2.0}
    infeasible = [each for each in content["points"] if not each["feasible"]]
    assert [set(each) for each in infeasible] == [{"k", "suppression_limit", "parameters", "own", "feasible"}]
    assert type(own[0]["k"]) is int


def test_drawing_has_every_point() -> None:
    found = made_up("2..22", "0,1%,2%")
    svg = frontier_svg(found, "a<b>&c.csv")
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text is not None
    assert title.text.startswith("What privacy costs: a<b>&c.csv. 1,000 rows, 63 settings")
    said = labels(svg)
    for point in found.points:
        start = f"k = {point.setting[0]:g}, suppression limit = {point.setting[1]:.0%}: "
        found_labels = {label: count for label, count in said.items() if label.startswith(start)}
        assert len(found_labels) == 1, start
        label, count = found_labels.popitem()
        if point.feasible:
            assert count == 2  # among the losses and among the suppressed
            assert f"loss {point.loss:.4f}, {point.suppressed} suppressed" in label
        else:
            assert (count, label) == (1, f"{start}infeasible")
    words = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
    words += " ".join(each.text or "" for each in root.iter(f"{SVG}tspan"))
    for word in (
        "the policy",
        "loss (geometric mean)",
        "0: as it was, 1: all lost",
        "k: rows that must look alike",
        "suppression limit",
        "share of all rows",
        "prosecutor risk",
        "infeasible",
        "3 hollow points are not proven",
    ):
        assert word in words, word


@pytest.mark.parametrize(
    ("k", "suppression", "vary", "axis"),
    [
        (None, "0,2%,10%", [], "suppression limit"),
        ("2..9", None, [], "k: rows that must look alike"),
        (None, None, ["1.l=2..4"], "l of l-diversity"),
        (None, None, [], "k: rows that must look alike"),
        ("2..4", ",".join(f"{each}%" for each in range(12)), ["1.l=2..4"], "k: rows that must look alike"),
    ],
)
def test_any_frontier_can_be_drawn(k: str | None, suppression: str | None, vary: list[str], axis: str) -> None:
    found = made_up(k, suppression, vary)
    svg = frontier_svg(found, "t.csv")
    assert axis in svg
    assert sum(labels(svg).values()) >= 2 * len(found.feasible)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_stand_out_from_white() -> None:
    """WCAG 2.1 asks for a contrast of 3 for graphics."""
    assert len(set(COLOURS)) == len(set(SHAPES)) == len(COLOURS)
    for colour in COLOURS:
        assert 1.05 / (luminance(colour) + 0.05) >= 3, colour
