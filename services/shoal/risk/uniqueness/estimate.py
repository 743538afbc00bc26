"""All estimates of population uniqueness, and the rule that chooses among them.

Dankar, El Emam, Neisa, Roffey, "Estimating the re-identification risk of clinical data sets", BMC Medical Informatics and
Decision Making 12 (2012): in simulations Pitman's model erred least for sampling fractions up to 0.1, and above it the lesser
of Zayatz's and the slide negative binomial's estimates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shoal.risk.uniqueness.pitman import pitman
from shoal.risk.uniqueness.snb import snb
from shoal.risk.uniqueness.zayatz import zayatz

Sizes = NDArray[np.int64]

SMALL_FRACTION = 0.1

# Those of ARX (USA as in 3.9.2): figures of 2011 to 2014.
REGIONS = {
    "AFRICA": 1_100_000_000,
    "AUSTRALIA": 23_130_900,
    "BRAZIL": 202_656_788,
    "CANADA": 34_834_841,
    "CHINA": 1_366_040_000,
    "EUROPE": 740_000_000,
    "EUROPEAN_UNION": 507_420_000,
    "FRANCE": 65_820_916,
    "GERMANY": 80_767_000,
    "INDIA": 1_210_569_573,
    "NORTH_AMERICA": 565_265_000,
    "SOUTH_AMERICA": 385_742_554,
    "UK": 63_705_000,
    "USA": 317_238_626,
}


@dataclass(frozen=True)
class Population:
    """The size of a population: as such, or by the share of it that the sample is. One is given."""

    size: int | None = None
    fraction: float | None = None

    def people(self, rows: int) -> int:
        """How many people, of whom the sample has `rows`."""
        return self.size if self.size is not None else max(rows, round(rows / (self.fraction or 1.0)))


@dataclass(frozen=True)
class Uniqueness:
    """Shares of the population that are unique, None where a model does not apply. by_arx: where ARX's rule gives another."""

    population: int
    rows: int
    uniques: int
    zayatz: float | None
    pitman: float | None
    snb: float | None
    dankar: float
    model: str
    by_arx: float | None
    warnings: tuple[str, ...]


def estimate(sizes: Sizes, counts: Sizes, population: int) -> Uniqueness:
    """The estimates from a sample's class sizes, ascending, and how many classes have each. population: at least the rows."""
    rows = int((sizes * counts).sum())
    uniques = int(counts[0]) if len(sizes) and sizes[0] == 1 else 0
    if not uniques:
        warnings: tuple[str, ...] = () if rows else ("there are no rows to count: the table is empty or wholly suppressed",)
        return Uniqueness(population, rows, 0, 0.0, 0.0, 0.0, 0.0, "zayatz", None, warnings)
    if rows == population:
        share = uniques / rows
        warnings = ("the table is the whole population: its own share of uniques is exact",)
        return Uniqueness(population, rows, uniques, share, share, share, share, "zayatz", None, warnings)
    found = {"zayatz": zayatz(sizes, counts, population)}
    for name, model in (("pitman", pitman), ("snb", snb)):
        value = model(sizes, counts, population)
        if value is not None:
            found[name] = value
    chosen, by_arx, warnings = _choose(found, rows / population)
    return Uniqueness(
        population,
        rows,
        uniques,
        found["zayatz"],
        found.get("pitman"),
        found.get("snb"),
        found[chosen],
        chosen,
        by_arx,
        warnings,
    )


def _choose(found: dict[str, float], fraction: float) -> tuple[str, float | None, tuple[str, ...]]:
    """(the model of the rule, ARX's figure where it may differ, warnings)."""
    if fraction <= SMALL_FRACTION:
        if "pitman" in found:
            return "pitman", None, ()
        return "zayatz", None, ("the likelihood of Pitman's model has no maximum: Zayatz's estimate stands in",)
    reason = (
        f"above a sampling fraction of {SMALL_FRACTION} ARX 3.9.2 answers Zayatz's estimate, {found['zayatz']:.9g}: its slide "
        "negative binomial is always 0 (two operators differ from the model's equations) and is passed over"
    )
    if "snb" not in found:
        return "zayatz", found["zayatz"], (reason, "the slide negative binomial has no solution: Zayatz's estimate stands")
    return ("snb" if found["snb"] < found["zayatz"] else "zayatz"), found["zayatz"], (reason,)
