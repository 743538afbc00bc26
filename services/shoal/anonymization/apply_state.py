"""What applying a solution needs to know of all that was released by it, and its form in bytes.

The levels of a solution are fixed, so a released row is its labels at these levels, its sensitive values and its person: equal
ones are kept once, with their count. With the distributions of the input that the models compare with, and the hierarchies as
they were, that is enough to check the models on everything that was released so far together with new rows.

In bytes: a JSON header and Arrow tables, each behind its length. Only the vault's ciphertext of them is ever written.
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.ordering import packed
from shoal.errors import FailedPreconditionError
from shoal.privacy.hierarchies import HierarchySpec, TableSpec
from shoal.privacy.hierarchies.pinning import Pinned, spec_from_json, spec_to_json
from shoal.tables.coding import Codes

__all__ = ["ApplyState", "Distinct", "SensitiveState", "distinct", "state_from_bytes", "state_to_bytes"]

FORMAT_VERSION = 1
MAGIC = b"shoal apply state\n"

Counts = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Distinct:
    """Rows without order, equal ones once; parallel arrays.

    quasi: by quasi-identifier, the code of its label. sensitive: by sensitive attribute, the code of its value. entities: the
    fingerprint of the row's person, None where every row is one. counts: how many rows are so.
    """

    quasi: tuple[Codes, ...]
    sensitive: tuple[Codes, ...]
    entities: NDArray[np.uint64] | None
    counts: Counts

    @property
    def rows(self) -> int:
        """How many rows there are, equal ones counted."""
        return int(self.counts.sum())


@dataclass(frozen=True, eq=False)
class SensitiveState:
    """A sensitive attribute that models look at.

    values: distinct values. reference: rows of the solution's input that have each, 0 for a value that came later. hierarchy:
    as the policy gave it, for distances along it; None without one.
    """

    name: str
    values: pl.Series
    reference: Counts
    hierarchy: HierarchySpec | None


@dataclass(frozen=True, eq=False)
class ApplyState:
    """Everything that was released by a solution, as far as applying it needs to know.

    columns: the names and types of the columns that a release keeps, and of the entity column, as a table without rows.
    released_columns: those that a release keeps, in order. hierarchies: each with the labels of its level only. labels: by
    quasi-identifier, the label of each code. population: which rows of the population have which labels, None without one.
    """

    columns: pl.DataFrame
    released_columns: tuple[str, ...]
    hierarchies: tuple[Pinned, ...]
    labels: tuple[pl.Series, ...]
    sensitive: tuple[SensitiveState, ...]
    released: Distinct
    population: Distinct | None


def distinct(
    quasi: Sequence[Codes],
    sensitive: Sequence[Codes],
    entities: NDArray[np.uint64] | None,
    counts: Counts | None = None,
) -> Distinct:
    """The rows of these parallel columns, equal ones once. counts: how many rows each stands for, None for one."""
    words = {f"w{place}": word for place, word in enumerate(packed([*quasi, *sensitive]))}
    if entities is not None:
        words["e"] = entities
    rows = len(quasi[0])
    numbered = {"row": np.arange(rows, dtype=np.uint32), "n": np.ones(rows, np.uint64) if counts is None else counts}
    found = pl.DataFrame({**words, **numbered}).group_by(*words).agg(pl.col("row").first(), pl.col("n").sum())
    if entities is None:
        found = found.sort(*words)  # in order they take a quarter of the bytes; with persons among them it does not help
    first = found["row"].to_numpy()
    return Distinct(
        quasi=tuple(each[first] for each in quasi),
        sensitive=tuple(each[first] for each in sensitive),
        entities=None if entities is None else entities[first],
        counts=np.ascontiguousarray(found["n"].to_numpy()),
    )


def state_to_bytes(state: ApplyState) -> bytes:
    """The state as bytes."""
    header = {
        "format_version": FORMAT_VERSION,
        "released_columns": state.released_columns,
        "hierarchies": [
            {"attribute": each.attribute, "spec": spec_to_json(each.spec), "levels": each.levels, "kept": list(each.labels)}
            for each in state.hierarchies
        ],
        "sensitive": [{"name": each.name, "hierarchy": _hierarchy_to_json(each.hierarchy)} for each in state.sensitive],
        "population": state.population is not None,
    }
    frames = [state.columns]
    for hierarchy, labels in zip(state.hierarchies, state.labels, strict=True):
        frames.append(pl.DataFrame([hierarchy.leaves.alias("leaf"), *_named(hierarchy.labels)]))
        frames.append(labels.alias("label").to_frame())
    for each in state.sensitive:
        frames.append(pl.DataFrame([each.values.alias("value"), pl.Series("rows", each.reference, dtype=pl.UInt64)]))
        if isinstance(each.hierarchy, TableSpec):
            frames.append(each.hierarchy.rows)
    frames.append(_to_frame(state.released))
    if state.population is not None:
        frames.append(_to_frame(state.population))
    parts = [json.dumps(header, sort_keys=True).encode(), *map(_frame_to_bytes, frames)]
    return MAGIC + b"".join(struct.pack("<Q", len(part)) + part for part in parts)


def state_from_bytes(content: bytes) -> ApplyState:
    """What `state_to_bytes` wrote; raises FailedPreconditionError for a version that is not known."""
    parts = _parts(content)
    header: dict[str, Any] = json.loads(parts[0])
    if header["format_version"] != FORMAT_VERSION:
        raise FailedPreconditionError("what was kept for applying this solution is of a version that this server does not know")
    frames = iter([pl.read_ipc(part) for part in parts[1:]])
    columns = next(frames)
    hierarchies, labels = [], []
    for each in header["hierarchies"]:
        leaves = next(frames)
        hierarchies.append(
            Pinned(
                attribute=each["attribute"],
                spec=spec_from_json(each["spec"]),
                levels=each["levels"],
                leaves=leaves["leaf"],
                labels={level: leaves[f"level {level}"] for level in each["kept"]},
            )
        )
        labels.append(next(frames)["label"])
    sensitive = []
    for each in header["sensitive"]:
        known = next(frames)
        spec = TableSpec(rows=next(frames)) if each["hierarchy"] == "table" else spec_from_json(each["hierarchy"])
        sensitive.append(SensitiveState(each["name"], known["value"], known["rows"].to_numpy(), spec))
    counts = (len(hierarchies), len(sensitive))
    return ApplyState(
        columns=columns,
        released_columns=tuple(header["released_columns"]),
        hierarchies=tuple(hierarchies),
        labels=tuple(labels),
        sensitive=tuple(sensitive),
        released=_from_frame(next(frames), *counts),
        population=_from_frame(next(frames), len(hierarchies), 0) if header["population"] else None,
    )


def _hierarchy_to_json(spec: HierarchySpec | None) -> str:
    return "table" if isinstance(spec, TableSpec) else spec_to_json(spec)


def _named(labels: Any) -> list[pl.Series]:
    return [series.alias(f"level {level}") for level, series in labels.items()]


def _to_frame(rows: Distinct) -> pl.DataFrame:
    columns: dict[str, NDArray[Any]] = {f"q{place}": codes for place, codes in enumerate(rows.quasi)}
    columns |= {f"s{place}": codes for place, codes in enumerate(rows.sensitive)}
    if rows.entities is not None:
        columns["e"] = rows.entities
    return pl.DataFrame({**columns, "n": rows.counts})


def _from_frame(frame: pl.DataFrame, quasi: int, sensitive: int) -> Distinct:
    def column(name: str) -> NDArray[Any]:
        return np.ascontiguousarray(frame[name].to_numpy())

    return Distinct(
        quasi=tuple(column(f"q{place}") for place in range(quasi)),
        sensitive=tuple(column(f"s{place}") for place in range(sensitive)),
        entities=column("e") if "e" in frame.columns else None,
        counts=column("n"),
    )


def _frame_to_bytes(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="zstd", compat_level=pl.CompatLevel.oldest())
    return buffer.getvalue()


def _parts(content: bytes) -> list[bytes]:
    parts, place = [], len(MAGIC)
    while place < len(content):
        (size,) = struct.unpack_from("<Q", content, place)
        parts.append(content[place + 8 : place + 8 + size])
        place += 8 + size
    return parts
