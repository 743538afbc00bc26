"""What a frontier varies: the values of k, of the suppression limit and of the models' other parameters."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shoal.cli.models import NAMES, kind_of, parameters_of
from shoal.cli.values import MOST, parse_shares, parse_values, parse_whole
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from shoal.api.anonymization.v1.policy_pb2 import AnonymizationPolicy

MOST_VARIED = 3
"""How many parameters beside k and the limit may vary."""

LARGEST_K = 2**32 - 1


@dataclass(frozen=True)
class Varied:
    """A parameter of one model of the policy and the values to try; `model` is the model's place."""

    model: int
    parameter: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Settings:
    """All that varies; what is empty stays as the policy has it."""

    ks: tuple[int, ...] = ()
    limits: tuple[float, ...] = ()
    varied: tuple[Varied, ...] = ()

    @property
    def panels(self) -> int:
        """How many panels a drawing has side by side: one axis goes over the width, limits are its lines."""
        counts = [each for each in (len(self.ks), *(len(each.values) for each in self.varied)) if each > 1]
        return math.prod(counts[1:])


def read_settings(policy: AnonymizationPolicy, k: str | None, suppression: str | None, vary: Sequence[str]) -> Settings:
    """The settings that the options spell, checked against the policy before anything is sent."""
    kinds = [kind_of(each) for each in policy.privacy_models]
    if k is not None and "k_anonymity" not in kinds:
        raise InvalidArgumentError("--k: the policy has no k-anonymity to vary; vary another parameter with --vary")
    ks = tuple(parse_whole(k, "--k", 1, LARGEST_K)) if k is not None else ()
    limits = tuple(parse_shares(suppression, "--suppression")) if suppression is not None else ()
    varied = [_varied(each, policy) for each in vary]
    _check_places(varied, kinds, with_k=bool(ks))
    if kinds.count("k_anonymity") == 1:  # its k is the frontier's own, however it is spelled
        ks = next((tuple(map(int, each.values)) for each in varied if kinds[each.model] == "k_anonymity"), ks)
        varied = [each for each in varied if kinds[each.model] != "k_anonymity"]
    settings = Settings(ks, limits, tuple(varied))
    _check_count(settings)
    return settings


def _check_places(varied: Sequence[Varied], kinds: Sequence[str], *, with_k: bool) -> None:
    names = [(each.model, each.parameter) for each in varied]
    for place, (model, parameter) in enumerate(names):
        if (model, parameter) in names[:place]:
            raise InvalidArgumentError(f"--vary: {model}.{parameter} is given twice; write its values into one list")
        if with_k and kinds[model] == "k_anonymity":
            raise InvalidArgumentError("--vary: --k gives the values of k already; give one of the two")


def _check_count(settings: Settings) -> None:
    if len(settings.varied) > MOST_VARIED:
        raise InvalidArgumentError(f"--vary: at most {MOST_VARIED} parameters beside k and the suppression limit")
    count = math.prod(len(each) or 1 for each in (settings.ks, settings.limits, *(each.values for each in settings.varied)))
    if count > MOST:
        raise InvalidArgumentError(
            f"{count:,} combinations of settings, and at most {MOST:,} are possible; give larger steps, as in 2..50/4"
        )


def _varied(text: str, policy: AnonymizationPolicy) -> Varied:
    """One `--vary`: the model by its place or by its name, the parameter, the values."""
    found = re.fullmatch(r"\s*([0-9]{1,4}|[a-z_]+)\.([a-z_]+)\s*=(.+)", text)
    if found is None:
        raise InvalidArgumentError("--vary: write MODEL.PARAMETER=VALUES, as in 1.l=2..5 or l_diversity.l=2..5")
    name, parameter, values = found.groups()
    place = _place(name, policy)
    model = policy.privacy_models[place]
    known = parameters_of(model)
    if parameter not in known:
        raise InvalidArgumentError(
            f"--vary: model {place} of the policy, {kind_of(model)}, has no number {parameter!r}; it has {', '.join(known)}"
        )
    option = f"--vary {name}.{parameter}"
    if parameter == "k":
        return Varied(place, parameter, tuple(map(float, parse_whole(values, option, 1, LARGEST_K))))
    return Varied(place, parameter, tuple(map(float, parse_values(values, option))))


def _place(name: str, policy: AnonymizationPolicy) -> int:
    kinds = [kind_of(each) for each in policy.privacy_models]
    listed = ", ".join(f"{place} {kind}" for place, kind in enumerate(kinds))
    if name.isdigit():
        if int(name) >= len(kinds):
            raise InvalidArgumentError(f"--vary: the policy has no model {name}; its models are {listed}")
        return int(name)
    places = [place for place, kind in enumerate(kinds) if kind == name]
    if len(places) == 1:
        return places[0]
    if places:
        raise InvalidArgumentError(f"--vary: the policy has several {name}; say which by its place: {listed}")
    if name not in NAMES:
        raise InvalidArgumentError(f"--vary: there is no model {name!r}; the policy's models are {listed}")
    raise InvalidArgumentError(f"--vary: the policy has no {name}; its models are {listed}")
