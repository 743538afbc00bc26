"""What a frontier varies, checked against the policy."""

from __future__ import annotations

import pytest

from shoal.api.anonymization.v1 import policy_pb2
from shoal.cli import models
from shoal.cli.settings import Settings, Varied, read_settings
from shoal.client import parse_policy
from shoal.errors import InvalidArgumentError

POLICY = parse_policy("""
attributes: [{name: age, role: QUASI_IDENTIFIER}, {name: ill, role: SENSITIVE}]
privacy_models:
  - k_anonymity: {k: 5}
  - l_diversity: {attribute: ill, kind: RECURSIVE, l: 3, c: 2}
  - t_closeness: {attribute: ill, t: 0.2, distance: ORDERED}
  - t_closeness: {attribute: age, t: 0}
  - risk_limit: {attacker: PROSECUTOR, max_highest: 0.1}
  - delta_presence: {max_delta: 0.5}
suppression_limit: 0.02
""").message


def test_everything_at_once() -> None:
    read = read_settings(POLICY, "2..4", "0,1%", ["1.l=2..3", "l_diversity.c=1.5, 2", " 2.t = 0.1..0.3/0.1"])
    assert read == Settings(
        ks=(2, 3, 4),
        limits=(0.0, 0.01),
        varied=(Varied(1, "l", (2.0, 3.0)), Varied(1, "c", (1.5, 2.0)), Varied(2, "t", (0.1, 0.2, 0.3))),
    )
    assert read.panels == 2 * 2 * 3


def test_nothing_is_the_policy_s_own_setting() -> None:
    assert read_settings(POLICY, None, None, []) == Settings()
    assert Settings().panels == 1


def test_k_is_k_however_it_is_spelled() -> None:
    assert read_settings(POLICY, None, None, ["k_anonymity.k=2,3"]) == Settings(ks=(2, 3))


@pytest.mark.parametrize(
    ("vary", "sentence"),
    [
        (["l=2"], "MODEL.PARAMETER=VALUES"),
        (["1.l"], "MODEL.PARAMETER=VALUES"),
        (["1.l="], "MODEL.PARAMETER=VALUES"),
        (["9.l=2"], "the policy has no model 9; its models are 0 k_anonymity, 1 l_diversity"),
        (["k_map.k=2"], "the policy has no k_map"),
        (["l_density.l=2"], "there is no model 'l_density'"),
        (["t_closeness.t=0.1"], "several t_closeness; say which by its place"),
        (["1.t=0.1"], "l_diversity, has no number 't'; it has l, c"),
        (["1.attribute=1"], "has no number 'attribute'"),
        (["4.attacker=1"], "it has max_highest, max_average"),
        (["1.l=many"], "--vary 1.l: 'many' is neither"),
        (["0.k=2.5"], "whole numbers"),
        (["1.l=2", "1.l=3"], "given twice"),
        (["1.l=2", "1.c=2", "2.t=0.1", "3.t=0.1"], "at most 3 parameters"),
        (["1.l=1..101", "2.t=0..1/0.01"], "10,201 combinations of settings, and at most 10,000"),
    ],
)
def test_mistakes_get_a_sentence(vary: list[str], sentence: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_settings(POLICY, None, None, vary)
    assert sentence in caught.value.message


def test_k_that_cannot_be_varied() -> None:
    with pytest.raises(InvalidArgumentError, match="--k gives the values of k already"):
        read_settings(POLICY, "2..5", None, ["0.k=2"])
    policy = policy_pb2.AnonymizationPolicy()
    policy.privacy_models.add().l_diversity.l = 3
    with pytest.raises(InvalidArgumentError, match="no k-anonymity to vary"):
        read_settings(policy, "2..5", None, [])


def test_a_model_s_own_values() -> None:
    found = [(models.kind_of(each), models.parameters_of(each)) for each in POLICY.privacy_models]
    assert found[0] == ("k_anonymity", ["k"])
    assert found[4] == ("risk_limit", ["max_highest", "max_average"])
    assert found[5] == ("delta_presence", ["min_delta", "max_delta"])
    assert models.own_value(POLICY.privacy_models[1], "l") == 3
    assert models.own_value(POLICY.privacy_models[3], "t") == 0
    assert models.own_value(POLICY.privacy_models[4], "max_average") is None
    assert models.own_value(POLICY.privacy_models[5], "min_delta") == 0


def test_models_in_words() -> None:
    assert [models.sentence(each) for each in POLICY.privacy_models] == [
        "k-anonymity, k = 5",
        "l-diversity of ill (recursive), l = 3, c = 2",
        "t-closeness of ill (ordered), t = 0.2",
        "t-closeness of age, t = 0",
        "risk limit (prosecutor), max_highest = 0.1",
        "δ-presence, max_delta = 0.5",
    ]
    assert models.sentence(policy_pb2.PrivacyModel()) == ""


def test_every_model_of_the_contract_has_a_name() -> None:
    oneof = policy_pb2.PrivacyModel.DESCRIPTOR.oneofs_by_name["model"]
    assert set(models.NAMES) == {each.name for each in oneof.fields}


def test_the_minimised_measure_in_words() -> None:
    quality = policy_pb2.QualityMeasure()
    assert (models.minimised(quality), models.measure_name(quality)) == (("LOSS", "GEOMETRIC_MEAN"), "loss, geometric mean")
    quality.measure = policy_pb2.LOSS_MEASURE_DISCERNIBILITY
    assert (models.minimised(quality), models.measure_name(quality)) == (("DISCERNIBILITY", None), "discernibility")
    quality.measure = policy_pb2.LOSS_MEASURE_NON_UNIFORM_ENTROPY
    quality.aggregate = policy_pb2.LOSS_AGGREGATE_MAXIMUM
    assert models.measure_name(quality) == "non uniform entropy, maximum"
