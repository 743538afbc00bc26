"""The errors of policies that no release satisfies, each with what would be possible. No message holds a value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from shoal import kernels
from shoal.anonymization.models import OfAttribute, PrivacyModel
from shoal.errors import InfeasibleError
from shoal.kernels import Infeasible


def check_possible(
    models: Sequence[tuple[PrivacyModel, kernels.Model]],
    *,
    rows: int,
    entities: int | None,
    population: int | None,
    distinct: Mapping[str, int],
) -> None:
    """Refuses models that contradict the table, before any search: more rows, persons or values asked for than there are.

    distinct: how many values each sensitive attribute has.
    """
    metadata = {"rows": str(rows)}
    for model, kernel in models:
        if isinstance(model, OfAttribute):
            wanted = _diversity(kernel)
            if wanted > distinct[model.attribute]:
                raise InfeasibleError(
                    f"l-diversity asks for {wanted} values of '{model.attribute}' in every class, but the whole table has only "
                    f"{distinct[model.attribute]}: no release exists; the largest possible l is {distinct[model.attribute]}",
                    metadata={**metadata, "attribute": model.attribute, "largest_l": str(distinct[model.attribute])},
                )
        elif isinstance(kernel, kernels.KAnonymity) and kernel.k > rows:
            raise InfeasibleError(
                f"the table has {rows} rows, fewer than k = {kernel.k}: no release exists; the largest possible k is {rows}",
                metadata={**metadata, "largest_k": str(rows)},
            )
        elif isinstance(kernel, kernels.DistinctDiversity) and entities is not None and kernel.l > entities:
            raise InfeasibleError(
                f"the table has {entities} persons, fewer than k = {kernel.l}: no release exists; the largest possible k is "
                f"{entities}",
                metadata={**metadata, "largest_k": str(entities)},
            )
        elif isinstance(kernel, kernels.KMap) and population is not None and kernel.k > population:
            raise InfeasibleError(
                f"the population has {population} rows, fewer than k = {kernel.k} of k-map: no release exists; the largest "
                f"possible k is {population}",
                metadata={**metadata, "largest_k": str(population)},
            )


def infeasible(asked: str, rows: int, limit: int, found: Infeasible) -> InfeasibleError:
    """The error of a search that found nothing, with the nearest setting that something is known of.

    asked: the policy's models in words.
    """
    metadata = {"rows": str(rows), "fewest_suppressed": str(found.fewest_suppressed)}
    nearest = []
    if found.fewest_suppressed < rows:
        share = (Decimal(found.fewest_suppressed) / rows).quantize(Decimal("0.0001"), rounding=ROUND_CEILING)
        metadata["nearest_suppression_limit"] = str(share)
        nearest.append(f"suppression_limit {share} ({found.fewest_suppressed} rows)")
    if found.largest_k:
        metadata["largest_k"] = str(found.largest_k)
        nearest.append(f"k = {found.largest_k}")
    hint = (
        f"; the nearest feasible setting is {' or '.join(nearest)}"
        if nearest
        else "; no limit would do: ask for less of the models, or give hierarchies a top level `*`"
    )
    return InfeasibleError(
        f"no release satisfies {asked} with at most {limit} of {rows} rows suppressed{hint}", metadata=metadata
    )


def in_words(models: Sequence[kernels.Model]) -> str:
    """The kernel's models as a phrase."""
    words = []
    for model in models:
        match model:
            case kernels.KAnonymity(k=k):
                words.append(f"k = {k}")
            case kernels.KMap(k=k):
                words.append(f"k-map with k = {k}")
            case kernels.DeltaPresence():
                words.append("δ-presence")
            case kernels.DistinctDiversity(l=wanted) | kernels.EntropyDiversity(l=wanted):
                words.append(f"l = {wanted:.15g}")
            case kernels.RecursiveDiversity(c=c, l=wanted):
                words.append(f"(c, l) = ({float(c):.15g}, {wanted})")
            case kernels.Closeness(t=t):
                words.append(f"t = {float(t):.15g}")
            case kernels.DeltaDisclosure(delta=delta):
                words.append(f"δ = {delta:.15g}")
            case kernels.BetaLikeness(beta=beta):
                words.append(f"β = {float(beta):.15g}")
            case kernels.AverageRisk(limit=bound):
                words.append(f"an average risk of {float(bound):.15g}")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _diversity(model: kernels.Model) -> int:
    match model:
        case kernels.DistinctDiversity(l=wanted) | kernels.RecursiveDiversity(l=wanted) | kernels.EntropyDiversity(l=wanted):
            return math.ceil(wanted)
        case _:
            return 0
