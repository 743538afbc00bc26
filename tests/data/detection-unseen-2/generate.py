"""A second set of tables on which column classification is scored without having been written for them.

    python generate.py FOLDER

writes every table of labels.json as CSV into FOLDER, together with a copy of labels.json, so that FOLDER has the layout of the
public benchmark. The same bytes on every run: each table draws from its own generator, seeded by the table's name. All persons,
numbers and events are invented.

labels.json says of each table to which half it belongs: the tables of "development" may be looked into, errors and all; of
those of "held_out" only the scores. Whoever changes a detector because of a held-out column must replace the table.

Two annotators labelled all 437 columns independently; Cohen's kappa is .954. labels.json has the labels of the first; those of
the second that deviate are not in here.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

sys.path.append(str(Path(__file__).resolve().parent))  # also when this file is loaded by its path

from unseen2_english import applicants, attitudes_w3, lnmast, passenger_bookings, trial_visits, ward_stays, webshop_card_tx
from unseen2_northern import (
    autoschade_claims,
    dierenkliniek,
    forsamling_medlemmar,
    lista_plac,
    steuerfall,
    telco_endgeraete,
    zahnarzt_patienten,
)
from unseen2_people import Cell, Columns
from unseen2_romance import (
    allocataires_logement,
    calificaciones_instituto,
    candidatures_licence,
    censimento_cod,
    farmacia_ricette,
    tb_cliente_energia,
    tbl_socios,
)
from unseen2_things import catalogo_prodotti, estacoes_meteo, machine_telemetry

SEED = 20270318
HERE = Path(__file__).resolve().parent

TABLES: tuple[Callable[[Random], Columns], ...] = (
    ward_stays,
    zahnarzt_patienten,
    farmacia_ricette,
    calificaciones_instituto,
    candidatures_licence,
    lnmast,
    webshop_card_tx,
    autoschade_claims,
    tb_cliente_energia,
    lista_plac,
    applicants,
    steuerfall,
    allocataires_logement,
    forsamling_medlemmar,
    tbl_socios,
    passenger_bookings,
    attitudes_w3,
    censimento_cod,
    trial_visits,
    dierenkliniek,
    telco_endgeraete,
    machine_telemetry,
    estacoes_meteo,
    catalogo_prodotti,
)


def columns_of(build: Callable[[Random], Columns]) -> Columns:
    """The columns of one table."""
    return build(Random(f"{SEED}:{build.__name__}"))


def text(value: Cell) -> str:
    """A value as it stands in the file."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def write_tables(folder: Path) -> None:
    """Write every table and the labels into folder; refuse labels that do not name exactly the columns written."""
    labels = json.loads((HERE / "labels.json").read_text(encoding="utf-8"))["tables"]
    names = [build.__name__ for build in TABLES]
    if list(labels) != names:
        raise ValueError(f"labels.json has the tables {list(labels)}, not {names}")
    folder.mkdir(parents=True, exist_ok=True)
    for build, (name, meta) in zip(TABLES, labels.items(), strict=True):
        columns = columns_of(build)
        rows = list(zip(*columns.values(), strict=True))
        if list(columns) != [column["name"] for column in meta["columns"]] or (len(rows), len(columns)) != (
            meta["rows"],
            meta["n_columns"],
        ):
            raise ValueError(f"labels.json does not describe the table {name} as it is written")
        with (folder / meta["file"]).open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([text(value) for value in row] for row in rows)
    shutil.copyfile(HERE / "labels.json", folder / "labels.json")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py FOLDER")
    write_tables(Path(sys.argv[1]))
