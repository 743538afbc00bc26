"""Detection of a CSV of a million rows and 50 columns; the peer is polars reading the same file once, as it must be read.

And how good it is: on the public benchmark, and on the tables of tests/data/detection-unseen, -2, -3 and detection-real. Of the
halves that are held out only these scores are ever looked at, never a column.
"""

from __future__ import annotations

import copy
import importlib.util
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
from benchmarks.common import Row, medians

from shoal.detection.detect import Detected, Options, detect
from shoal.detection.evidence import evidences_of
from shoal.detection.judge import judge
from shoal.detection.lexicon_files import lexicon
from shoal.detection.relations import Relations
from shoal.detection.roles import Role
from shoal.tables.formats import TableFormat, scan_table

TITLE = "detection, 1 M rows × 50 columns of CSV; and 10,000 columns"
PEER = f"polars {pl.__version__} reading every cell of the file once"

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
UNSEEN = ("detection-unseen", "detection-unseen-2", "detection-unseen-3", "detection-real")
CLASSES = {Role.IDENTIFIER: "DI", Role.QUASI_IDENTIFIER: "QI", Role.SENSITIVE: "SI", Role.INSENSITIVE: "NSI"}
NO_PERSONS = {"flowers", "places", "car models"}
"""Subjects of the public benchmark's negative controls."""

ROWS = 1_000_000
SEED = 1
LIMIT = 10.0
"""Seconds for the tall table, of the process: on two idle cores the wall shows about half of its CPU time."""


def run() -> list[Row]:
    """A fast sample of the tall table, and a wide one in memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tall.csv"
        _tall().write_csv(path)
        scanned = scan_table(path, TableFormat.CSV)
        started = time.process_time()
        _detected(scanned)
        cpu = time.process_time() - started
        ours, peer = medians(
            lambda: _detected(scanned), lambda: scanned.select(pl.all().null_count()).collect(engine="streaming")
        )
    wide = _wide().lazy()
    started = time.perf_counter()
    _detected(wide)
    seconds = time.perf_counter() - started
    shown = f"{ours:.1f} s ({cpu:.1f} s CPU)"
    return [
        *_scores(),
        Row("1 M rows × 50", shown, f"{peer:.2f} s", ours / peer, f"≤ {LIMIT:g} s", ours <= LIMIT),
        Row("3,000 rows × 10,000", f"{seconds:.1f} s"),
    ]


def _scores() -> list[Row]:
    """macro-F1, and strict and lenient accuracy, on each set of labelled tables that is there."""
    scorer = _module(UNSEEN[0], "score")
    sets: list[tuple[str, Path, dict[str, Any], list[str]]] = []
    shared = os.environ.get("SHOAL_TEST_DATA")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if shared:
            public = Path(shared) / "detection-benchmark"
            labels = json.loads((public / "labels.json").read_text("utf-8"))
            for table in labels["tables"].values():
                table.setdefault("persons", table["subject"] not in NO_PERSONS)
            sets.append(("public", public, labels, list(labels["tables"])))
            left_out = scorer.score(labels, _one_left_out(public, labels), list(labels["tables"]))
        for each in UNSEEN:
            _module(each, "generate").write_tables(folder / each)
            labels = json.loads((DATA / each / "labels.json").read_text("utf-8"))
            sets += [(f"{each}, {half}", folder / each, labels, tables) for half, tables in scorer.halves(labels).items()]
        rows = []
        if shared:
            shown = f"{left_out['macro_f1']:.3f} (strict {left_out['strict']:.3f}, lenient {left_out['lenient']:.3f})"
            rows.append(Row("macro-F1, public, each table without the phrases that it alone needs", shown))
        for what, place, known, tables in sets:
            result = scorer.score(known, {table: _classes(place / f"{table}.csv") for table in tables}, tables)
            shown = f"{result['macro_f1']:.3f} (strict {result['strict']:.3f}, lenient {result['lenient']:.3f})"
            rows.append(Row(f"macro-F1, {what}, {int(result['columns'])} columns", shown))
    return rows


def _classes(path: Path) -> dict[str, str]:
    table = pl.read_csv(path, infer_schema=False)
    return {column.name: CLASSES[column.verdict.role] for column in _detected(table.lazy()).columns}


def _one_left_out(public: Path, labels: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Classes by table and column, each table judged by the lexicon as it would be had nobody seen that table.

    Nothing is fitted to tables, but phrases may have been added because of one: all go that some column of the table may mean
    and none of any other table does, whoever would have thought of them anyway.
    """
    full = lexicon()
    names = {name: [column["name"] for column in table["columns"]] for name, table in labels["tables"].items()}
    atoms = {name: [full.atoms(column) for column in columns] for name, columns in names.items()}
    found = {}
    for name in names:
        others = [each for other, several in atoms.items() if other != name for each in several]
        thin = copy.copy(full)
        thin.ways, thin.matched = {}, {}
        thin.phrases = {
            word: [
                phrase
                for phrase in phrases
                if not any(each.issuperset(phrase.slots) for each in atoms[name])
                or any(each.issuperset(phrase.slots) for each in others)
            ]
            for word, phrases in full.phrases.items()
        }
        rows = pl.read_csv(public / f"{name}.csv", infer_schema=False)
        verdicts = judge(evidences_of(rows, lambda: None), thin, Options().uniqueness_threshold, Relations(rows))
        found[name] = {column: CLASSES[verdict.role] for column, verdict in zip(rows.columns, verdicts, strict=True)}
    return found


def _module(folder: str, name: str) -> ModuleType:
    path = DATA / folder / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{folder}_{name}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _detected(table: pl.LazyFrame) -> Detected:
    return detect(table, Options(), lambda: None)


def _tall() -> pl.DataFrame:
    random = np.random.default_rng(SEED)
    people = pl.DataFrame(
        {
            "customer_id": np.arange(ROWS),
            "sex": random.choice(["f", "m"], ROWS),
            "birth_date": pl.Series(random.integers(0, 30_000, ROWS)).cast(pl.Int32).cast(pl.Date),
            "postcode": random.integers(10_000, 99_999, ROWS),
            "salary": random.integers(20_000, 200_000, ROWS),
        }
    ).with_columns(email=pl.format("user{}@example.org", "customer_id"))
    others = {
        f"x{place}": random.normal(size=ROWS).round(4) if place % 3 == 0 else random.integers(0, 10 ** (place % 5 + 1), ROWS)
        for place in range(44)
    }
    return people.hstack(pl.DataFrame(others))


def _wide() -> pl.DataFrame:
    random = np.random.default_rng(SEED)
    words = ("age", "size", "code", "name")
    return pl.DataFrame({f"column {place} {words[place % 4]}": random.integers(0, 50, 3_000) for place in range(10_000)})
