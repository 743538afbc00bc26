"""Score column classification on labelled tables, by what may be looked at.

Of tables that are held out only the scores may be looked at, and seldom: a table whose errors shaped the detector says nothing
about the next table any more. All others may be looked into, errors and all, by whoever works on the detector. That is so of
every table of this folder, as its half that had been held out was looked at four times and then used up; the labels of
detection-unseen-2 say of each table to which half it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CLASSES = ("DI", "QI", "SI", "NSI")


def halves(labels: Mapping[str, Any]) -> dict[str, list[str]]:
    """The tables of each half, in the order of the labels."""
    found: dict[str, list[str]] = {}
    for name, table in labels["tables"].items():
        found.setdefault(table["split"], []).append(name)
    return found


def score(labels: Mapping[str, Any], predictions: Mapping[str, Mapping[str, str]], tables: list[str]) -> dict[str, float]:
    """The scores of the public benchmark over some tables; predictions: class by column by table.

    control_errors: columns called anything but NSI in tables without people.
    """
    pairs = [
        (labels["tables"][name]["persons"], column, predictions[name][column["name"]])
        for name in tables
        for column in labels["tables"][name]["columns"]
    ]
    result = {
        "columns": float(len(pairs)),
        "strict": sum(guess == column["label"] for _, column, guess in pairs) / len(pairs),
        "lenient": sum(guess in (column["label"], *column["also_ok"]) for _, column, guess in pairs) / len(pairs),
    }
    f1 = []
    for each in CLASSES:
        hit = sum(guess == each == column["label"] for _, column, guess in pairs)
        true = sum(column["label"] == each for _, column, _ in pairs)
        guessed = sum(guess == each for _, _, guess in pairs)
        result[f"{each}_recall"] = hit / max(1, true)
        result[f"{each}_precision"] = hit / max(1, guessed)
        f1.append(2 * hit / max(1, true + guessed))
    result["macro_f1"] = sum(f1) / len(CLASSES)
    result["control_errors"] = float(sum(not persons and guess != "NSI" for persons, _, guess in pairs))
    return result
