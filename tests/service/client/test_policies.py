"""Policies as people write them, and what they are told about their mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from google.protobuf import json_format

from shoal.api.anonymization.v1 import policy_pb2
from shoal.client import parse_policy, read_policy
from shoal.client.policies import override_k
from shoal.errors import InvalidArgumentError

CONTRACT_EXAMPLE = """
attributes:
  - {name: age, role: QUASI_IDENTIFIER, weight: 1.0, hierarchy: {table: {file: adult_hierarchy_age.csv}}}
  - {name: zip, role: QUASI_IDENTIFIER, hierarchy: {masking: {max_level: 5, mask_char: "*"}}}
  - {name: disease, role: SENSITIVE}            # roles: IDENTIFIER QUASI_IDENTIFIER SENSITIVE INSENSITIVE
privacy_models:
  - k_anonymity: {k: 5}
  - l_diversity: {attribute: disease, kind: DISTINCT, l: 3}
  - t_closeness: {attribute: disease, distance: EQUAL, t: 0.2}
suppression_limit: 0.02
quality: {measure: LOSS, aggregate: GEOMETRIC_MEAN}
search: {strategy: OPTIMAL, max_seconds: 60}
"""


def test_example_of_the_contract() -> None:
    read = parse_policy(CONTRACT_EXAMPLE, base=Path("/policies"))
    policy = read.message
    assert [each.role for each in policy.attributes] == [
        policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER,
        policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER,
        policy_pb2.ATTRIBUTE_ROLE_SENSITIVE,
    ]
    assert policy.attributes[0].weight == 1.0
    assert not policy.attributes[1].HasField("weight")
    assert (
        policy.attributes[1].hierarchy.masking.max_level,
        policy.attributes[1].hierarchy.masking.mask_char,
    ) == (5, "*")
    assert policy.privacy_models[1].l_diversity.kind == policy_pb2.L_DIVERSITY_KIND_DISTINCT
    assert policy.privacy_models[1].l_diversity.l == 3.0
    assert policy.privacy_models[2].t_closeness.distance == policy_pb2.T_CLOSENESS_DISTANCE_EQUAL
    assert policy.suppression_limit == 0.02
    assert policy.quality.aggregate == policy_pb2.LOSS_AGGREGATE_GEOMETRIC_MEAN
    assert policy.search.strategy == policy_pb2.SearchStrategy.STRATEGY_OPTIMAL
    assert policy.search.max_seconds == 60.0
    assert [(each.path, each.field) for each in read.files] == [
        (Path("/policies/adult_hierarchy_age.csv"), "attributes[0].hierarchy.table.file")
    ]
    assert read.files[0].source is not None
    assert policy.attributes[0].hierarchy.WhichOneof("kind") == "table"


def test_file_is_relative_to_the_policy(tmp_path: Path) -> None:
    path = tmp_path / "p.yml"
    path.write_text("attributes: [{name: a, role: SENSITIVE, hierarchy: {table: {file: sub/h.csv}}}]")
    assert read_policy(path).files[0].path == tmp_path / "sub" / "h.csv"


def test_everything_that_protobuf_json_writes_is_read() -> None:
    message = parse_policy(
        CONTRACT_EXAMPLE.replace("table: {file: adult_hierarchy_age.csv}", "rounding: {multiples: [5]}")
    ).message
    message.search.max_nodes = 2**60
    message.population.inline.data = b"\x00\xff"
    message.unlisted = policy_pb2.UNLISTED_COLUMNS_KEEP
    for snake in (True, False):
        text = json_format.MessageToJson(message, preserving_proto_field_name=snake)
        assert parse_policy(text).message == message
        assert read_policy(json.loads(text)).message == message


def test_text_stays_as_it_is_spelled() -> None:
    labels = "{labels: [01234, 1.10, no, 2024-01-01, null, '~']}"
    rows = f"attributes: [{{name: no, role: SENSITIVE, hierarchy: {{explicit: {{rows: [{labels}]}}}}}}]"
    with pytest.raises(InvalidArgumentError, match=r"labels\[4\]: text is expected"):
        parse_policy(rows)
    attribute = parse_policy(rows.replace("null", '""')).message.attributes[0]
    assert attribute.name == "no"
    assert list(attribute.hierarchy.explicit.rows[0].labels) == ["01234", "1.10", "no", "2024-01-01", "", "~"]


def test_aliases_reuse_a_hierarchy() -> None:
    text = (
        "attributes:\n"
        " - {name: a, role: SENSITIVE, hierarchy: &h {masking: {}}}\n"
        " - {name: b, role: SENSITIVE, hierarchy: *h}\n"
    )
    policy = parse_policy(text).message
    assert [each.hierarchy.WhichOneof("kind") for each in policy.attributes] == ["masking", "masking"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("attributs: []", "there is no key `attributs` here; did you mean `attributes`?"),
        ("supression_limit: 0.1", "did you mean `suppression_limit`"),
        ("privacy_models: [{kAnonimity: {k: 5}}]", "privacy_models[0].kAnonimity: there is no key"),
        (
            "attributes: [{name: a, role: QUASI}]",
            "attributes[0].role: one of IDENTIFIER, QUASI_IDENTIFIER, SENSITIVE, INSENSITIVE",
        ),
        ("privacy_models: [{k_anonymity: {k: five}}]", "privacy_models[0].k_anonymity.k: a whole number"),
        ("privacy_models: [{k_anonymity: {k: -1}}]", "a whole number of 0 or more"),
        ("privacy_models: [{k_anonymity: {k: 2.5}}]", "a whole number"),
        ("privacy_models: [{k_anonymity: 5}]", "a mapping is expected, with keys of: k"),
        ("privacy_models: {k_anonymity: {k: 5}}", "privacy_models: a list is expected"),
        ("suppression_limit: .nan", "suppression_limit: a number is expected"),
        ("suppression_limit: 1e999", "suppression_limit: a number is expected"),
        ("privacy_models: [{k_anonymity: {k: 5}, l_diversity: {}}]", "`k_anonymity` is given already"),
        ("population: {file: a.csv, dataset: datasets/x}", "`file` is given already"),
        ("population: {dataset: datasets/x, file: a.csv}", "`dataset` is given already"),
        ("population: {file: ''}", "the path of a file"),
        ("population: {inline: {data: '%%%'}}", "base64"),
        (
            "attributes: [{name: a, role: SENSITIVE, hierarchy: {masking: {mask_char: *}}}]",
            "a star in quotes",
        ),
        ("unlisted: DROP\nunlisted: KEEP", "the key `unlisted` is given twice"),
        ('{"unlisted": "DROP", "unlisted": "KEEP"}', "the key `unlisted` is given twice"),
        ("- a", "not a mapping"),
        ("", "not a mapping"),
        ("a: !!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("a: [" * 30, "nested deeper than"),
        ('{"a": ' + "[" * 30 + "]" * 30 + "}", "nested deeper than"),
        ("a: &a [x]\nb: &b [*a, *a]\nc: [*b]", "aliases"),
        ("a: &a x\nb: [" + "*a, " * 65 + "]", "aliases"),
        ("a: [", "line 1"),
        ("x" * 5_000_000, "larger than"),
    ],
)
def test_mistakes_get_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        parse_policy(text)
    sentences = caught.value.message + "".join(f"{each.field}: {each.description}\n" for each in caught.value.violations)
    assert sentence in sentences


def test_all_mistakes_are_reported_at_once() -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        read_policy(
            {
                "attributes": [{"name": 5, "role": "X"}],
                "privacy_models": [{"k_anonymity": {"k": True}}],
                "z": 1,
            }
        )
    assert [each.field for each in caught.value.violations] == [
        "attributes[0].name",
        "attributes[0].role",
        "privacy_models[0].k_anonymity.k",
        "z",
    ]


def test_missing_and_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_policy(tmp_path / "nothing.yaml")
    (tmp_path / "latin.yaml").write_bytes("# café".encode("latin-1"))
    with pytest.raises(InvalidArgumentError, match="UTF-8"):
        read_policy(tmp_path / "latin.yaml")


def test_override_of_k() -> None:
    policy = policy_pb2.AnonymizationPolicy()
    override_k(policy, 7)
    assert [each.k_anonymity.k for each in policy.privacy_models] == [7]
    policy.privacy_models.add().l_diversity.l = 3
    override_k(policy, 9)
    assert [each.WhichOneof("model") for each in policy.privacy_models] == ["k_anonymity", "l_diversity"]
    assert policy.privacy_models[0].k_anonymity.k == 9
    with pytest.raises(InvalidArgumentError):
        override_k(policy, 0)


def test_a_message_is_not_changed() -> None:
    message = policy_pb2.AnonymizationPolicy(suppression_limit=0.5)
    read = read_policy(message)
    override_k(read.message, 3)
    assert not message.privacy_models
