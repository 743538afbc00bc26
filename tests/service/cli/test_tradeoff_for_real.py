"""`shoal frontier` and `shoal explore` against the real server: what they promise is what `shoal anonymize` then does."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from .conftest import POLICY, QI, STAYS, Run

NAMES = QI.split(",")
DIVERSE = POLICY.read_text().replace(
    "  - k_anonymity: {k: 5}\n", "  - k_anonymity: {k: 5}\n  - l_diversity: {attribute: diagnosis, l: 2}\n"
)


def test_every_point_is_what_anonymize_finds(call_here: Run, tmp_path: Path) -> None:
    ended = call_here("frontier", STAYS, "-p", POLICY, "--k", "5..25/10", "--suppression", "0,2%", "--json")
    assert ended.code == 0, ended.err
    content = ended.json
    assert content["rows"] == 5000
    assert content["attributes"] == NAMES
    points = {(each["k"], each["suppression_limit"]): each for each in content["points"]}
    assert list(points) == [(k, limit) for k in (5, 15, 25) for limit in (0.0, 0.02)]
    assert [setting for setting, each in points.items() if each["own"]] == [(5, 0.02)]
    for (k, limit), point in points.items():
        policy = POLICY.read_text().replace("suppression_limit: 0.02", f"suppression_limit: {limit}")
        made = call_here("anonymize", STAYS, "-p", "-", "-k", str(k), "-o", tmp_path / "o.csv", "--json", stdin=policy).json
        assert point["loss"] == pytest.approx(made["loss"], abs=1e-12)
        assert point["levels"] == made["levels"]
        assert point["suppressed"] == made["suppressed"] <= int(5000 * limit)
        assert point["highest_risk"] == pytest.approx(made["risk"]["after"]["prosecutor"]["highest_risk"])
        assert point["average_risk"] == pytest.approx(made["risk"]["after"]["marketer"]["success_rate"])
        assert point["optimal"] is True
        assert point["gap"] == 0


def test_loss_grows_with_privacy_and_shrinks_with_suppression(call_here: Run, tmp_path: Path) -> None:
    words = ("--k", "2..50/4", "--suppression", "0,0.01,0.02,0.05", "--svg", "f.svg")
    ended = call_here("frontier", STAYS, "-p", POLICY, *words, "--json")
    assert ended.code == 0, ended.err
    losses = {(each["k"], each["suppression_limit"]): each["loss"] for each in ended.json["points"]}
    ks, limits = range(2, 51, 4), (0.0, 0.01, 0.02, 0.05)
    assert all(losses[k, limit] <= losses[k + 4, limit] + 1e-12 for k in ks[:-1] for limit in limits)
    assert all(losses[k, more] <= losses[k, less] + 1e-12 for k in ks for less, more in itertools.pairwise(limits))
    svg = (tmp_path / "f.svg").read_text()
    ET.fromstring(svg)
    for (k, limit), loss in losses.items():
        assert f"k = {k}, suppression limit = {limit * 100:g}%: loss {loss:.4f}," in svg
    plain = call_here("frontier", STAYS, "-p", POLICY, "--k", "2..50/4", "--suppression", "0,0.01,0.02,0.05")
    assert plain.code == 0
    for loss in losses.values():
        assert f"{loss:.4f}" in plain.out


def test_other_parameters(call_here: Run) -> None:
    ended = call_here("frontier", STAYS, "-p", "-", "--vary", "1.l=1..4", "--suppression", "0.02", "--json", stdin=DIVERSE)
    assert ended.code == 0, ended.err
    points = ended.json["points"]
    assert [each["parameters"] for each in points] == [{"1.l": float(value)} for value in (1, 2, 3, 4)]
    assert [each["own"] for each in points] == [False, True, False, False]
    losses = [each["loss"] for each in points]
    assert losses == sorted(losses)
    refused = call_here("frontier", STAYS, "-p", "-", "--vary", "l_diversity.l=2.5", "--json", stdin=DIVERSE)
    assert refused.code == 2  # half a value is for entropy only
    assert refused.error["code"] == "INVALID_ARGUMENT"


def test_infeasible_settings_are_said_to_be(call_here: Run) -> None:
    ended = call_here("frontier", STAYS, "-p", POLICY, "--k", "5,5001", "--suppression", "0", "--json")
    assert ended.code == 0, ended.err
    assert [each["feasible"] for each in ended.json["points"]] == [True, False]
    nothing = call_here("frontier", STAYS, "-p", POLICY, "--k", "5001")
    assert nothing.code == 1
    assert "infeasible" in nothing.out


def test_the_lattice_around_the_optimum(call_here: Run, tmp_path: Path) -> None:
    ended = call_here("explore", STAYS, "-p", POLICY, "--json")
    assert ended.code == 0, ended.err
    content = ended.json
    made = call_here("anonymize", STAYS, "-p", POLICY, "-o", tmp_path / "o.csv", "--json").json
    middle, *others = content["nodes"]
    assert middle["levels"] == made["levels"]
    assert middle["satisfied"] is True
    assert middle["loss"] == pytest.approx(made["loss"], abs=1e-12)
    assert middle["suppressed"] == made["suppressed"]
    assert (middle["classes"], middle["smallest_class"]) == (made["risk"]["after"]["classes"], made["risk"]["after"]["k"])
    assert content["complete"] is True

    def distance(node: dict[str, Any]) -> int:
        return sum(abs(node["levels"][name] - middle["levels"][name]) for name in NAMES)

    assert {distance(each) for each in others} == {1}
    assert len({tuple(each["levels"].values()) for each in others}) == len(others)
    assert all(each["loss"] is None or each["loss"] >= middle["loss"] for each in others if each["satisfied"])
    assert "birth_date" in call_here("explore", STAYS, "-p", POLICY).out


def test_the_lattice_around_any_levels(call_here: Run) -> None:
    content = call_here("explore", STAYS, "-p", POLICY, "--levels", "0,0,0,0", "--radius", "2", "-k", "3", "--json").json
    middle = content["nodes"][0]
    assert list(middle["levels"].values()) == [0, 0, 0, 0]
    assert middle["satisfied"] is False
    assert middle["suppressed"] == 5000  # every stay is alone
    assert middle["loss"] is None
    assert len(content["nodes"]) > 5
    beyond = call_here("explore", STAYS, "-p", POLICY, "--levels", "0,9,0,0", "--json")
    assert beyond.code == 2
    infeasible = call_here("explore", STAYS, "-p", POLICY, "-k", "5001", "--json")
    assert infeasible.code == 1
    assert infeasible.error["reason"] == "PRIVACY_INFEASIBLE"


def test_models_are_measured(call_here: Run, tmp_path: Path) -> None:
    ended = call_here("anonymize", STAYS, "-p", "-", "-o", tmp_path / "o.csv", "--json", stdin=DIVERSE)
    assert ended.code == 0, ended.err
    found = ended.json["models"]
    assert [each["model"] for each in found] == ["k_anonymity", "l_diversity"]
    assert all(each["satisfied"] for each in found)
    assert found[0]["measured"] == ended.json["risk"]["after"]["k"]
    assert found[1]["measured"] >= 2
    plain = call_here("anonymize", STAYS, "-p", "-", "-o", tmp_path / "o.csv", stdin=DIVERSE)
    assert "l-diversity of diagnosis, l = 2" in plain.out


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("{strategy: OPTIMAL}", "proven optimal"),
        ("{strategy: WITH_IMPORTANCE}", "not proven to be the least"),
        ("{strategy: LOCAL_RECODING}", "not proven to be the least"),
    ],
)
def test_proof_or_none(search: str, words: str, call_here: Run, tmp_path: Path) -> None:
    policy = POLICY.read_text().replace("{strategy: OPTIMAL}", search)
    ended = call_here("anonymize", STAYS, "-p", "-", "-o", tmp_path / "o.csv", stdin=policy)
    assert ended.code == 0, ended.err
    assert f"(loss, geometric mean), {words}" in ended.out
    assert ("combinations of levels" in ended.out) == ("LOCAL" not in search)
    refused = call_here("frontier", STAYS, "-p", "-", "--k", "2,3", "--json", stdin=policy)
    assert refused.code == (0 if "OPTIMAL" in search else 2)
