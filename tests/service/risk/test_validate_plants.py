"""200 planted violations are found, and 200 clean twins pass; what is planted is random, and the validator knows no list."""

from __future__ import annotations

import random
from typing import Any

from grpc_stubs import Stubs
from plants import PLANTS, Labels, Twin
from validations import csv, validate

from shoal.api.risk.v1 import risk_service_pb2

COUNT = 200


def ask(stubs: Stubs, twin: Twin, width: int, chance: random.Random) -> risk_service_pb2.ValidatePrivacyResponse:
    quasi = [f"q{place}" for place in range(width)]
    rows = [(*key, value) for key, values in twin.classes.items() for value in values] + twin.extra
    chance.shuffle(rows)
    more: dict[str, Any] = dict(twin.more)
    if "reference" in more:
        more["reference"] = csv(["sensitive"], [[value] for value in more["reference"]])
    if "population" in more:
        more["population"] = csv(quasi, more["population"])
    return validate(stubs, csv([*quasi, "sensitive"], rows), quasi, twin.models, **more)


def test_every_planted_violation_is_found_and_every_clean_twin_passes(stubs: Stubs) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    for place in range(COUNT):
        labels = Labels(chance)
        planted = PLANTS[place % len(PLANTS)](chance, labels)
        clean = ask(stubs, planted.clean, labels.width, chance)
        assert clean.valid, planted
        assert not clean.violations
        dirty = ask(stubs, planted.dirty, labels.width, chance)
        assert not dirty.valid, planted
        found = {tuple(each.quasi_identifier_values) for each in dirty.violations}
        assert found == set(planted.failing), planted
        assert dirty.violating_class_count == len(planted.failing)
