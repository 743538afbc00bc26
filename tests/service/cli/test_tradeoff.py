"""`shoal frontier`, `explore`, `apply` and what `anonymize` says, against made-up numbers: words, files and exit codes."""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ET
from base64 import b64decode
from pathlib import Path

import pytest
from client.fake_server import CERTIFICATE, FakeServer
from google.protobuf import json_format

from shoal.api.anonymization.v1 import solution_pb2

from .conftest import Run

POLICY = """
attributes:
  - {name: age, role: QUASI_IDENTIFIER}
  - {name: zip, role: QUASI_IDENTIFIER}
  - {name: ill, role: SENSITIVE}
privacy_models:
  - k_anonymity: {k: 5}
  - l_diversity: {attribute: ill, l: 2}
suppression_limit: 0.02
"""


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("age,zip,ill\n41,69003,flu\n")
    (tmp_path / "p.yaml").write_text(POLICY)


def made(folder: Path) -> set[str]:
    """The files that a command has made."""
    return {each.name for each in folder.iterdir()} - {"t.csv", "p.yaml"}


def test_frontier_for_people(call_fake: Run, fake: FakeServer, tmp_path: Path) -> None:
    ended = call_fake("frontier", "t.csv", "-p", "p.yaml", "--k", "2..22/5", "--suppression", "0,2%", "--svg", "f.svg")
    assert ended.code == 0, ended.err
    request = fake.frontiers[0]
    assert (list(request.ks), list(request.suppression_limits)) == ([2, 7, 12, 17, 22], [0, 0.02])
    assert re.search(r"^ *22 +infeasible +0.9374", ended.out, re.MULTILINE)
    assert "Drawn in f.svg." in ended.out
    assert "\x1b[" not in ended.out + ended.err
    root = ET.fromstring((tmp_path / "f.svg").read_text())
    assert root.tag.endswith("svg")
    assert "t.csv" in "".join(root.itertext())
    assert made(tmp_path) == {"f.svg"}


def test_frontier_for_machines(call_fake: Run, fake: FakeServer) -> None:
    ended = call_fake("frontier", "t.csv", "-p", "-", "-k", "5,9", "--vary", "1.l=2,3", "--json", stdin=POLICY)
    assert ended.code == 0, ended.err
    assert [(each.model, each.parameter, list(each.values)) for each in fake.frontiers[0].parameters] == [(1, "l", [2.0, 3.0])]
    content = ended.json
    assert [(each["k"], each["parameters"], each["own"]) for each in content["points"]] == [
        (5, {"1.l": 2.0}, True),
        (5, {"1.l": 3.0}, False),
        (9, {"1.l": 2.0}, False),
        (9, {"1.l": 3.0}, False),
    ]
    assert content["svg"] is None


def test_frontier_without_the_drawing_packages(call_fake: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says how to get them; the table is there."""
    monkeypatch.setitem(sys.modules, "altair", None)
    words = ("frontier", "t.csv", "-p", "p.yaml", "--k", "5,9", "--svg", "f.svg")
    ended = call_fake(*words)
    assert ended.code == 2
    assert "▸ 0.8167" in ended.out
    assert ended.err.count("\n") == 1
    assert "install shoal[plots]" in ended.err
    assert made(tmp_path) == set()
    as_json = call_fake(*words, "--json")
    assert as_json.code == 2
    assert as_json.json["svg"] is None
    assert "shoal[plots]" in as_json.error["message"]
    assert call_fake(*words[:-2]).code == 0


def test_frontier_that_nothing_satisfies_is_one(call_fake: Run) -> None:
    ended = call_fake("frontier", "t.csv", "-p", "p.yaml", "--k", "30..31", "--suppression", "0", "--json")
    assert ended.code == 1
    assert [each["feasible"] for each in ended.json["points"]] == [False, False]
    assert ended.error["reason"] == "PRIVACY_INFEASIBLE"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("frontier", "t.csv", "--k", "2..5"), "--policy"),
        (("frontier", "t.csv", "-p", "p.yaml", "--k", "0..5"), "1 or more"),
        (("frontier", "t.csv", "-p", "p.yaml", "--suppression", "2"), "a share of the rows"),
        (("frontier", "t.csv", "-p", "p.yaml", "--vary", "t=1"), "MODEL.PARAMETER=VALUES"),
        (("frontier", "t.csv", "-p", "p.yaml", "--svg", "t.csv"), "the input itself"),
        (("frontier", "t.csv", "-p", "p.yaml", "--svg", "f.png"), "ends in .svg"),
        (("frontier", "t.csv", "-p", "p.yaml", "--svg", "missing/f.svg"), "does not exist"),
        (("frontier", "t.csv", "-p", "p.yaml", "--k", "2..5", "--vary", "1.l=1..20", "--svg", "f.svg"), "side by side"),
        (("frontier", "none.csv", "-p", "p.yaml"), "none.csv"),
        (("frontier", "t.csv", "-p", "none.yaml"), "none.yaml"),
        (("explore", "t.csv", "-p", "p.yaml", "--levels", "0,1,2"), "3 levels for 2 quasi-identifiers (age, zip)"),
        (("explore", "t.csv", "-p", "p.yaml", "--levels", "0,-1"), "whole numbers"),
        (("explore", "t.csv", "-p", "p.yaml", "--levels", "0,1234567890"), "whole numbers"),
        (("explore", "t.csv", "-p", "p.yaml", "--radius", "4"), "--radius"),
        (("apply", "t.csv", "solutions/s1", "-o", "o.csv"), "SOLUTION"),
        (("apply", "solutions/s1", "t.csv"), "--output"),
        (("apply", "solutions/s1", "t.csv", "-o", "t.csv"), "the input itself"),
        (("apply", "solutions/s1", "t.csv", "-o", "o.csv", "--certificate", "o.csv"), "release's own file"),
        (("anonymize", "t.csv", "-p", "p.yaml", "-o", "o.csv", "--certificate", "t.csv"), "the input itself"),
        (("anonymize", "t.csv", "-p", "p.yaml", "-o", "o.csv", "--certificate", "missing/c.json"), "does not exist"),
    ],
)
def test_bad_usage_is_two_and_nothing_is_sent(
    words: tuple[str, ...], sentence: str, call_fake: Run, fake: FakeServer, tmp_path: Path
) -> None:
    ended = call_fake(*words)
    assert ended.code == 2, ended
    assert sentence in ended.err
    assert ended.err.startswith("error: ")
    assert ended.out == ""
    assert fake.attempts == 0
    assert made(tmp_path) == set()


def test_a_policy_s_files_are_looked_for_before_a_server_is_started(here: Run, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(POLICY + "population: {file: people.csv}\n")
    for words in (("anonymize", "-o", "o.csv"), ("frontier",), ("explore",)):
        ended = here(*words, "t.csv", "-p", "p.yaml", "--data-dir", "data", "--json")
        assert ended.code == 2
        assert [each["field"] for each in ended.error["violations"]] == ["population.file"]
        assert "people.csv" in ended.error["message"]
    assert made(tmp_path) == set()


def test_explore_for_people(call_fake: Run, fake: FakeServer) -> None:
    ended = call_fake("explore", "t.csv", "-p", "p.yaml", "--levels", "1, 2", "--radius", "2", "-k", "9")
    assert ended.code == 0, ended.err
    request = fake.explorations[0]
    assert (list(request.levels), request.radius, request.policy.privacy_models[0].k_anonymity.k) == ([1, 2], 2, 9)
    assert "The middle: age 1, zip 2; the policy holds." in ended.out
    lines = [line.split() for line in ended.out.splitlines()]
    assert ["0,2", "age", "1→0", "no", "0.500000", "400", "9", "5"] in lines
    assert ["1,1", "zip", "2→1", "no", "all", "suppressed", "1,000", "0", "0"] in lines


def test_explore_for_machines(call_fake: Run, fake: FakeServer) -> None:
    content = call_fake("explore", "t.csv", "-p", "p.yaml", "--json").json
    assert not fake.explorations[0].levels
    assert content["attributes"] == ["age", "zip"]
    assert content["complete"] is True
    assert content["nodes"][0] == {
        "levels": {"age": 1, "zip": 2},
        "satisfied": True,
        "suppressed": 3,
        "loss": 0.25,
        "classes": 40,
        "smallest_class": 5,
    }
    assert content["nodes"][2]["loss"] is None


def test_apply_for_people(call_fake: Run, fake: FakeServer, tmp_path: Path) -> None:
    ended = call_fake("apply", "solutions/s1", "t.csv", "-o", "o.csv", "--certificate", "c.json")
    assert ended.code == 0, ended.err
    assert fake.applications[0].solution == "solutions/s1"
    assert fake.deleted == ["datasets/applied"]
    assert (tmp_path / "o.csv").read_bytes() == b"a,b\n3,4\n"
    for words in (
        "Released 7 of 10 rows to o.csv.",
        "1 row was suppressed, because a hierarchy does not know one of its values.",
        "2 rows were suppressed, because their classes violate the policy.",
        "Guarantee: The union is 5-anonymous.",
        "smallest class 3: DOES NOT HOLD",
        "smallest class 6: holds",
        "Note: Two releases can be compared.",
        "The certificate is in c.json, signed by the key abab",
    ):
        assert words in ended.out, words


def test_apply_for_machines(call_fake: Run) -> None:
    ended = call_fake("apply", "solutions/s1", "t.csv", "-o", "o.csv", "--json")
    assert ended.code == 0, ended.err
    content = ended.json
    assert {name: content[name] for name in ("rows", "released", "suppressed", "unseen", "violating")} == {
        "rows": 10,
        "released": 7,
        "suppressed": 3,
        "unseen": 1,
        "violating": 2,
    }
    assert content["models"]["union"] == [{"model": "k_anonymity", "k": 5, "satisfied": True, "measured": 6.0}]
    assert content["certificate"] is None


@pytest.mark.parametrize("words", [("anonymize", "-p", "p.yaml"), ("apply", "solutions/s1")])
def test_certificate(words: tuple[str, ...], call_fake: Run, fake: FakeServer, tmp_path: Path) -> None:
    command = (*words, "t.csv", "-o", "o.csv", "--certificate", "c.json", "--json")
    ended = call_fake(*command)
    assert ended.code == 0, ended.err
    assert ended.json["certificate"] == "c.json"
    text = (tmp_path / "c.json").read_text()
    assert json_format.Parse(text, solution_pb2.Certificate()) == CERTIFICATE
    assert b64decode(json.loads(text)["payload"]) == CERTIFICATE.payload
    assert made(tmp_path) == {"o.csv", "c.json"}
    for each in ("o.csv", "c.json"):
        (tmp_path / each).unlink()
    fake.certified = False
    without = call_fake(*command)
    assert without.code == 2
    assert "signed none" in without.error["message"]
    assert made(tmp_path) == set()
    assert len(fake.deleted) == 2


def test_anonymize_tells_people_what_holds(call_fake: Run) -> None:
    ended = call_fake("anonymize", "t.csv", "-p", "p.yaml", "-o", "o.csv")
    assert ended.code == 0, ended.err
    for words in (
        "Loss 0.250000 (loss, geometric mean), at most 0.062500 from the optimum; the search stopped at max_seconds.",
        "Who was suppressed, by ill; the two distributions are 0.12 apart (0 to 1):",
        "2 more values with --json; 3 values not shown because of small counts.",
        "Note: The same content was released before.",
    ):
        assert words in ended.out, words
    assert re.search(r"k-anonymity, k = 5 +smallest class 6 +yes", ended.out)
    assert re.search(r"t-closeness of ill \(ordered\), t = 0.2 +largest distance 0.375 +NO +all rows of the input", ended.out)
    assert re.search(r"v0 +10% +50% +25%", ended.out)


def test_anonymize_tells_machines_what_holds(call_fake: Run) -> None:
    content = call_fake("anonymize", "t.csv", "-p", "p.yaml", "-o", "o.csv", "--json").json
    assert content["models"][1] == {
        "model": "t_closeness",
        "attribute": "ill",
        "distance": "ORDERED",
        "t": 0.2,
        "satisfied": False,
        "measured": 0.375,
        "reference": "all rows of the input",
    }
    assert content["recoding"] == "GLOBAL"
    assert content["search"]["lower_bound"] == 0.1875
    assert content["search"]["stopped_by"] == "max_seconds"
    assert len(content["suppressed_profiles"][0]["values"]) == 10
    assert content["suppressed_profiles"][0]["distance"] == 0.125
