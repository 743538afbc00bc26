"""The public benchmark of labelled tables, judged by its own scorer."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import polars as pl
import pytest
from detections import classes, detect
from grpc_stubs import Stubs


@pytest.fixture(scope="module")
def found(detection_benchmark: Path, stubs: Stubs) -> dict[str, dict[str, str]]:
    return {path.stem: classes(detect(stubs, path.read_bytes())) for path in sorted(detection_benchmark.glob("*.csv"))}


def test_the_bars(detection_benchmark: Path, found: dict[str, dict[str, str]]) -> None:
    spec = importlib.util.spec_from_file_location("score", detection_benchmark / "score.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    labels = json.loads((detection_benchmark / "labels.json").read_text())
    assert set(found) == set(labels["tables"])
    score = scorer.score(labels, found)
    assert score["macro_f1"] >= 0.85
    assert score["DI_recall"] >= 0.97
    assert score["QI_recall"] >= 0.90
    assert score["lenient"] >= 0.90
    assert score["control_errors"] == 0


def test_identifiers_of_a_recognisable_shape_need_no_name(
    detection_benchmark: Path, found: dict[str, dict[str, str]], stubs: Stubs
) -> None:
    """All columns renamed: most identifiers of the tables that have many show themselves by their values."""
    labels = json.loads((detection_benchmark / "labels.json").read_text())
    hits, wanted = 0, 0
    for table in ("hospital_admissions", "hr_employees", "bank_accounts", "schule_de"):
        frame = pl.read_csv(detection_benchmark / f"{table}.csv", infer_schema=False)
        identifiers = {each["name"] for each in labels["tables"][table]["columns"] if each["label"] == "DI"}
        renamed = frame.rename({name: f"c{place}" for place, name in enumerate(frame.columns, 1)})
        verdicts = list(classes(detect(stubs, renamed.write_csv().encode())).values())
        for name, verdict in zip(frame.columns, verdicts, strict=True):
            if name in identifiers:
                wanted += 1
                hits += verdict == "DI"
    assert wanted >= 20
    assert hits / wanted >= 0.8


def test_the_order_of_rows_and_columns_changes_nothing(
    detection_benchmark: Path, found: dict[str, dict[str, str]], stubs: Stubs
) -> None:
    for table in ("hospital_admissions", "adult", "schule_de"):
        frame = pl.read_csv(detection_benchmark / f"{table}.csv", infer_schema=False)
        turned = frame.sample(fraction=1, shuffle=True, seed=5).select(frame.columns[::-1])
        assert classes(detect(stubs, turned.write_csv().encode())) == found[table]
