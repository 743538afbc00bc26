"""Score column classification on the tables of labels.json, in two halves.

Ten tables may be looked into, errors and all, by whoever works on the detector (DEVELOPMENT); of the others only the scores
may be looked at, and seldom: a table whose errors shaped the detector says nothing about the next table any more. The split was
made before any table was looked into: each half has negative controls, several trades, and languages of which the lexicon knew
nothing then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CLASSES = ("DI", "QI", "SI", "NSI")

DEVELOPMENT = (
    *("nl_woningregister", "it_farmacia", "fr_sinistres", "uk_probation", "airline_ffp", "ie_smart_meters", "sap_kredit"),
    *("hu_union", "iot_sensors", "fx_rates"),
)


def halves(labels: Mapping[str, Any]) -> dict[str, list[str]]:
    """The tables of each half, in the order of the labels."""
    tables = list(labels["tables"])
    return {
        "development": [name for name in tables if name in DEVELOPMENT],
        "held out": [name for name in tables if name not in DEVELOPMENT],
    }


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
