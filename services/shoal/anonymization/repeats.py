"""Releases of the same people: recognising them, and saying what they give away.

Each release by itself satisfies its policy; two of the same people need not together. Whoever has both can intersect the
classes of a person (Ganta, Kasiviswanathan and Smith 2008), and subtract one release from the other. So every release leaves a
trace, which says nothing without the folder's secret, and a later one is compared with it:

* the digest of the input's bytes: the very same file;
* the keyed fingerprint of the rows' quasi-identifiers and sensitive attributes: the same rows, in another format or order;
* the same of the quasi-identifiers alone: the same people, it seems, with other sensitive attributes;
* where the policy names an entity column, a sketch of the entities: the 1,024 smallest keyed fingerprints (bottom-k, Cohen and
  Kaplan 2007). Of the fingerprints of the new release that are below both sketches' bounds, the share that the earlier one has,
  too, estimates the share of its people who were in it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.fingerprints import CodedColumn, fingerprints, rows_fingerprints

__all__ = [
    "Earlier",
    "EntitySketch",
    "Likeness",
    "Trace",
    "overlap",
    "person_prints",
    "sketch_people",
    "trace_release",
    "warn_of_repeats",
]

SKETCH_SIZE = 1024
SKETCH_VERSION = 1
WARNED_SHARE = 0.05
MOST_NAMED = 3


class Likeness(IntEnum):
    """How an earlier release is like the new one, the strongest last."""

    ENTITIES = 1
    QUASI_IDENTIFIERS = 2
    ROWS = 3
    INPUT = 4


@dataclass(frozen=True, eq=False)
class EntitySketch:
    """The smallest fingerprints of a release's entities, ascending, at most 1,024. entities: how many there are in all."""

    smallest: NDArray[np.uint64]
    entities: int

    @property
    def bound(self) -> int:
        """Every entity whose fingerprint is at most this is in the sketch."""
        return int(self.smallest[-1]) if self.entities > len(self.smallest) else 2**64 - 1

    def to_bytes(self) -> bytes:
        """The sketch as it is kept."""
        return struct.pack("<BQ", SKETCH_VERSION, self.entities) + self.smallest.astype("<u8").tobytes()

    @staticmethod
    def from_bytes(content: bytes) -> EntitySketch | None:
        """The sketch that was kept; None for one of a version that is not known any more."""
        version, entities = struct.unpack_from("<BQ", content)
        return EntitySketch(np.frombuffer(content[9:], "<u8"), entities) if version == SKETCH_VERSION else None


@dataclass(frozen=True)
class Trace:
    """What a release is recognised by later; see the module's docstring. sketch: None without an entity column."""

    input_sha256: str
    rows: str
    quasi_identifiers: str
    sketch: EntitySketch | None


@dataclass(frozen=True)
class Earlier:
    """An earlier release that is like the new one. share: of the new one's entities, for ENTITIES only."""

    solution: str
    likeness: Likeness
    share: float = 0.0


def trace_release(
    input_sha256: str,
    quasi_identifiers: Sequence[CodedColumn],
    sensitive: Sequence[CodedColumn],
    people: NDArray[np.uint64] | None,
    key: bytes,
) -> Trace:
    """The trace of a release.

    people: what `person_prints` gives, None without an entity column. key: 32 bytes, the organisation's own.
    """
    quasi, rows = rows_fingerprints([quasi_identifiers, sensitive], key)
    return Trace(
        input_sha256=input_sha256,
        rows=rows,
        quasi_identifiers=quasi,
        sketch=None if people is None else sketch_people(people, key),
    )


def person_prints(entities: pl.Series, key: bytes) -> NDArray[np.uint64]:
    """The fingerprint of each of these distinct entities, one word; null has that of the empty text."""
    return np.ascontiguousarray(fingerprints(entities, key)[:, 0])


def sketch_people(prints: NDArray[np.uint64], key: bytes) -> EntitySketch:
    """The sketch of people with these fingerprints; null and the empty text are nobody."""
    found = np.sort(prints[prints != person_prints(pl.Series([""]), key)[0]])
    found = found[np.diff(found, prepend=np.uint64(0)) != 0]  # a fingerprint of 0 is nobody's, but for one in 2^64
    return EntitySketch(found[:SKETCH_SIZE].copy(), len(found))


def overlap(new: EntitySketch, earlier: EntitySketch) -> float:
    """The estimated share of the new release's entities that the earlier one has; exact when both have at most 1,024."""
    compared = new.smallest[new.smallest <= np.uint64(min(new.bound, earlier.bound))]
    if not len(compared):
        return 0.0
    return float(np.isin(compared, earlier.smallest, assume_unique=True).mean())


def warn_of_repeats(found: Sequence[Earlier]) -> list[str]:
    """The sentences about earlier releases: each earlier solution in the strongest way it is alike, one sentence a way."""
    strongest: dict[str, Earlier] = {}
    for each in found:
        if each.likeness is Likeness.ENTITIES and each.share < WARNED_SHARE:
            continue
        before = strongest.get(each.solution)
        if before is None or (each.likeness, each.share) > (before.likeness, before.share):
            strongest[each.solution] = each
    sentences = []
    for likeness in sorted(Likeness, reverse=True):
        alike = [each for each in strongest.values() if each.likeness is likeness]
        if alike:
            sentences.append(_sentence(likeness, alike))
    return sentences


def _sentence(likeness: Likeness, alike: Sequence[Earlier]) -> str:
    if likeness is Likeness.ENTITIES:
        alike = sorted(alike, key=lambda each: -each.share)
        named = [f"{each.solution} (an estimated {round(100 * each.share)} %)" for each in alike[:MOST_NAMED]]
    else:
        named = [each.solution for each in alike[:MOST_NAMED]]
    more = f" and {len(alike) - MOST_NAMED} more" if len(alike) > MOST_NAMED else ""
    return (
        f"{_BEGINNINGS[likeness]} {', '.join(named)}{more}; whoever has both releases can intersect their classes and subtract "
        "one from the other, which can single people out although each release by itself satisfies its policy"
    )


_BEGINNINGS = {
    Likeness.INPUT: "the same input was released before, as",
    Likeness.ROWS: "the same rows, in another format or order, were released before, as",
    Likeness.QUASI_IDENTIFIERS: "rows with the same quasi-identifiers, most likely the same people, were released before, as",
    Likeness.ENTITIES: "some of these people were released before, as",
}
