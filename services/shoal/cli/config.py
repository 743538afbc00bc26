"""`shoal config`: a policy for a table, with comments, to be edited or used as it stands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli.detect import SamplingWord, class_of, known_roles, wire_sampling
from shoal.cli.inputs import check_table, upload_then
from shoal.cli.options import Options
from shoal.cli.output import activity, console, print_json, printable
from shoal.cli.risk import split_columns
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from shoal.api.anonymization.v1.anonymization_service_pb2 import FrontierPoint
    from shoal.api.anonymization.v1.policy_pb2 import AnonymizationPolicy
    from shoal.api.detection.v1.detection_pb2 import ColumnDetection, Detection

SUPPRESSION = 0.02
TRADES = (0.0, 0.02, 0.05)
"""The suppression limits whose least loss is shown."""

_Columns = list[str] | None


def config(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    k: Annotated[int, typer.Option("-k", min=2, help="Rows that must look alike.")] = 5,
    suppression: Annotated[
        float, typer.Option("--suppression", min=0, max=1, help="The largest share of rows to leave out.")
    ] = SUPPRESSION,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write the policy; standard output.")] = None,
    sampling: Annotated[
        SamplingWord,
        typer.Option("--sampling", help="fast: 10,000 rows; full: all; adaptive: more until nothing changes."),
    ] = SamplingWord.FAST,
    identifier: Annotated[_Columns, typer.Option("--identifier", help="Columns known to identify, with commas.")] = None,
    quasi: Annotated[_Columns, typer.Option("--quasi", help="Columns known to be quasi-identifiers.")] = None,
    sensitive: Annotated[_Columns, typer.Option("--sensitive", help="Columns known to be sensitive.")] = None,
    trade: Annotated[
        bool, typer.Option("--trade/--no-trade", help="Say as a comment what 0, 2 and 5 % suppression would lose.")
    ] = True,
    ignore: Annotated[_Columns, typer.Option("--ignore", help="Columns to leave out of the release.")] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Write a policy for a table, with the reasons as comments."""
    ignored = split_columns(ignore, "--ignore") if ignore else []
    roles = known_roles(identifier, quasi, sensitive)
    check_table(table)
    if output is not None and not output.parent.is_dir():
        raise InvalidArgumentError(f"--output {output}: there is no folder {output.parent}")
    with activity() as shown, connected(options, shown) as client:
        from shoal.api.detection.v1 import detection_pb2

        answer = client.detection.generate_config(
            table,
            template={"privacy_models": [], "suppression_limit": suppression},
            options=detection_pb2.DetectionOptions(
                sampling=wire_sampling(sampling), known_roles=roles, ignored_columns=ignored
            ),
            separator=separator,
            progress=upload_then(shown, "Looking at the columns"),
        )
        from shoal.client.policies import ReadPolicy, override_k

        override_k(answer.policy, k)
        points: Sequence[FrontierPoint] = ()
        if trade and not options.json:
            shown.step("Computing what suppression buys")
            limits = sorted({*TRADES, suppression})
            points = client.anonymization.compute_frontier(
                table, ReadPolicy(answer.policy), suppression_limits=limits, separator=separator
            ).points
    if options.json:
        content = plain(answer.policy)
        if output is None:
            print_json(content)
            return
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    else:
        text = "\n".join(commented(answer.policy, answer.detection, points)) + "\n"
    if output is None:
        sys.stdout.write(text)
        return
    from shoal.client.files import whole_file

    with whole_file(output) as file:
        file.write(text.encode())
    console(stderr=True).print(f"Wrote the policy to {output}; read the comments before you release anything.", soft_wrap=True)


def plain(policy: AnonymizationPolicy) -> dict[str, Any]:
    """A policy as a document, with the names that people write."""
    from google.protobuf.json_format import MessageToDict

    content: dict[str, Any] = MessageToDict(policy, preserving_proto_field_name=True)
    return {key: _short(value) for key, value in content.items()}


_PREFIXES = ("ATTRIBUTE_ROLE_", "DATE_UNIT_", "L_DIVERSITY_KIND_", "T_CLOSENESS_DISTANCE_", "MASKING_DIRECTION_", "LOSS_")


def _short(value: Any, key: str = "") -> Any:
    """The value with enum values as people write them; labels of a hierarchy are data and stay as they are."""
    if isinstance(value, dict):
        return {name: each if name in ("name", "labels", "attribute") else _short(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_short(each, key) for each in value]
    if isinstance(value, str) and key in ("role", "levels", "kind", "distance", "direction"):
        prefix = next((each for each in _PREFIXES if value.startswith(each)), "")
        return value.removeprefix(prefix)
    return value


def commented(policy: AnonymizationPolicy, detection: Detection, points: Sequence[FrontierPoint] = ()) -> Iterator[str]:
    """The lines of a policy as YAML, each attribute with why it has its role. points: what the suppression limit buys."""
    content = plain(policy)
    found = {each.name: each for each in detection.columns}
    yield "# A policy for `shoal anonymize FILE --policy THIS --output OUT`. Everything in it may be edited; read it before you"
    yield f"# release anything: it was made by looking at {detection.sampled_row_count:,} of {detection.row_count:,} rows."
    if detection.entity_column:
        name = _flow(detection.entity_column)
        yield f"# Persons or households have several rows each. To count them instead of rows, add: entity_column: {name}"
    yield ""
    yield "# Roles: IDENTIFIER is removed, QUASI_IDENTIFIER made coarser, SENSITIVE stays and is protected, INSENSITIVE stays."
    yield "attributes:"
    for attribute in content["attributes"]:
        yield from _attribute(attribute, found.get(attribute["name"]))
    missing = [each for each in detection.columns if each.name not in {other["name"] for other in content["attributes"]}]
    for each in missing:
        yield f"  # {_flow(each.name)} is left out of the release: {printable(' '.join(each.reasons))}"
    yield ""
    yield "# All of these must hold for every group of rows that look alike. Diversity and closeness keep a group from giving a"
    yield "# sensitive value away; fewer of them lose less."
    yield "privacy_models:"
    for model in content["privacy_models"]:
        yield f"  - {_flow(model)}"
    yield ""
    yield "# The largest share of rows to leave out because they make everybody else's values coarser. 0.02 to 0.05 is usual;"
    yield "# `shoal frontier FILE --policy THIS --suppression 0,2%,5%` shows what it buys."
    for point in points:
        found_loss = f"the least loss is {point.loss:.4f}" if point.feasible else "nothing can be released"
        yield f"#   {point.suppression_limit:.4g}: {found_loss}, with {point.suppressed_count:,} rows left out"
    yield f"suppression_limit: {content.get('suppression_limit', 0)}"
    rest = {key: value for key, value in content.items() if key not in ("attributes", "privacy_models", "suppression_limit")}
    for key, value in rest.items():
        yield f"{key}: {_flow(value)}"


def _attribute(attribute: dict[str, Any], found: ColumnDetection | None) -> Iterator[str]:
    if found is not None:
        sure = "" if found.confidence >= 0.6 else " Look at this one: it is a guess."
        yield f"  # {class_of(found)}: {printable(' '.join(found.reasons))}{sure}"
        if class_of(found) == "SI" and attribute["role"] == "IDENTIFIER":
            yield "  # Free text may name anybody, so it is removed."
    hierarchy = attribute.get("hierarchy", {})
    if "explicit" not in hierarchy:
        yield f"  - {_flow(attribute)}"
        return
    rest = {key: value for key, value in attribute.items() if key not in ("name", "role", "hierarchy")}
    yield f"  - name: {_flow(attribute['name'])}"
    yield f"    role: {attribute['role']}"
    for key, value in rest.items():
        yield f"    {key}: {_flow(value)}"
    yield "    # One line a value: the value, then what it becomes at level 1, 2 and so on."
    yield "    hierarchy:"
    yield "      explicit:"
    yield "        rows:"
    for row in hierarchy["explicit"]["rows"]:
        yield f"          - {_flow(row)}"


_ENUMS = frozenset({"role", "levels", "kind", "distance", "direction", "measure", "aggregate", "strategy", "unlisted"})
"""Fields whose texts are names of the contract; all other text is data, and stands in quotes."""


def _flow(value: Any, key: str = "") -> str:
    """A value on one line: JSON is YAML, and `{a: b}` reads better than `{"a": "b"}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow(each, name)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each, key) for each in value) + "]"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if not isinstance(value, str) or key in _ENUMS:
        return str(value) if isinstance(value, str) else json.dumps(value)
    # As JSON, but what a terminal or a YAML reader would take amiss as a code point; YAML knows no pairs of surrogates.
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in json.dumps(value, ensure_ascii=False))
