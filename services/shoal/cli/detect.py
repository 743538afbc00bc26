"""`shoal detect`: which columns of a table identify people, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli.inputs import check_table, upload_then
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.risk import split_columns
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.detection.v1.detection_pb2 import ColumnDetection, Detection, DetectionMode, SamplingMethod

CLASSES = {
    "ATTRIBUTE_ROLE_IDENTIFIER": "DI",
    "ATTRIBUTE_ROLE_QUASI_IDENTIFIER": "QI",
    "ATTRIBUTE_ROLE_SENSITIVE": "SI",
    "ATTRIBUTE_ROLE_INSENSITIVE": "NSI",
}
MEANINGS = {"DI": "direct identifiers", "QI": "quasi-identifiers", "SI": "sensitive", "NSI": "neither"}


class Mode(StrEnum):
    """How columns are judged."""

    AUTO = "auto"
    HEURISTIC = "heuristic"
    ML = "ml"


class SamplingWord(StrEnum):
    """How many rows are looked at."""

    FAST = "fast"
    FULL = "full"
    ADAPTIVE = "adaptive"


_Columns = list[str] | None


def detect(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    mode: Annotated[Mode, typer.Option("--mode", help="How columns are judged; auto takes the best there is.")] = Mode.AUTO,
    sampling: Annotated[
        SamplingWord,
        typer.Option("--sampling", help="fast: 10,000 rows; full: all; adaptive: more until nothing changes."),
    ] = SamplingWord.FAST,
    identifier: Annotated[_Columns, typer.Option("--identifier", help="Columns known to identify, with commas.")] = None,
    quasi: Annotated[_Columns, typer.Option("--quasi", help="Columns known to be quasi-identifiers; never cut.")] = None,
    sensitive: Annotated[_Columns, typer.Option("--sensitive", help="Columns known to be sensitive.")] = None,
    ignore: Annotated[_Columns, typer.Option("--ignore", help="Columns not to look at.")] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", help="Stop the quasi-identifiers once their importances add up to this; 1, never."),
    ] = None,
    max_qi: Annotated[int | None, typer.Option("--max-qi", help="The most quasi-identifiers; 64.")] = None,
    uniqueness: Annotated[
        float | None, typer.Option("--uniqueness", help="The ratio above which unknown codes identify; 0.95.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Find the columns that identify people, and say why."""
    ignored = split_columns(ignore, "--ignore") if ignore else []
    roles = known_roles(identifier, quasi, sensitive)
    check_table(table)
    with activity() as shown, connected(options, shown) as client:
        found = client.detection.detect(
            table,
            mode=wire_mode(mode),
            sampling=wire_sampling(sampling),
            cumulative_importance_threshold=threshold,
            max_quasi_identifiers=max_qi,
            uniqueness_threshold=uniqueness,
            known_roles=roles,
            ignored_columns=ignored,
            separator=separator,
            progress=upload_then(shown, "Looking at the columns"),
        )
    if options.json:
        print_json(shape(found))
    else:
        describe(console(), found)


def known_roles(identifier: _Columns, quasi: _Columns, sensitive: _Columns) -> dict[str, Any]:
    """The roles that the options give, by column; refuses a column with two."""
    from shoal.api.anonymization.v1 import policy_pb2

    found: dict[str, Any] = {}
    for option, words, role in (
        ("--identifier", identifier, policy_pb2.ATTRIBUTE_ROLE_IDENTIFIER),
        ("--quasi", quasi, policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER),
        ("--sensitive", sensitive, policy_pb2.ATTRIBUTE_ROLE_SENSITIVE),
    ):
        for name in split_columns(words, option) if words else []:
            if found.get(name, role) != role:
                raise InvalidArgumentError(f"{option}: '{name}' has another role already; give each column one")
            found[name] = role
    return found


def wire_mode(mode: Mode) -> DetectionMode:
    """The mode in the contract's words."""
    from shoal.api.detection.v1 import detection_pb2

    return {
        Mode.AUTO: detection_pb2.DETECTION_MODE_AUTO,
        Mode.HEURISTIC: detection_pb2.DETECTION_MODE_HEURISTIC,
        Mode.ML: detection_pb2.DETECTION_MODE_MODEL,
    }[mode]


def wire_sampling(sampling: SamplingWord) -> SamplingMethod:
    """The sampling in the contract's words."""
    from shoal.api.detection.v1 import detection_pb2

    return {
        SamplingWord.FAST: detection_pb2.SAMPLING_METHOD_FAST,
        SamplingWord.FULL: detection_pb2.SAMPLING_METHOD_FULL,
        SamplingWord.ADAPTIVE: detection_pb2.SAMPLING_METHOD_ADAPTIVE,
    }[sampling]


def class_of(column: ColumnDetection) -> str:
    """The class of a column: DI, QI, SI or NSI."""
    from shoal.api.anonymization.v1 import policy_pb2

    return CLASSES[policy_pb2.AttributeRole.Name(column.role)]


def shape(found: Detection) -> dict[str, Any]:
    """A detection as the JSON of `--json`."""
    columns = [
        {
            "name": each.name,
            "classification": class_of(each),
            "confidence": each.confidence,
            "importance": each.importance,
            "unique_ratio": each.unique_ratio if each.HasField("unique_ratio") else None,
            "reasoning": list(each.reasons),
            "pattern": each.pattern or None,
        }
        for each in found.columns
    ]
    from shoal.api.detection.v1 import detection_pb2

    content: dict[str, Any] = {
        "columns": columns,
        "mode": detection_pb2.DetectionMode.Name(found.mode).removeprefix("DETECTION_MODE_").lower(),
        "rows": found.row_count,
        "sampled_rows": found.sampled_row_count,
        "seconds": found.duration.ToTimedelta().total_seconds(),
        "entity_column": found.entity_column or None,
        "separation": found.separation if found.HasField("separation") else None,
        "left_out": {"columns": list(found.left_out.columns), "separation": found.left_out.separation},
    }
    if found.HasField("model_metrics"):
        content["model_metrics"] = {
            "accuracy": found.model_metrics.accuracy,
            "hamming_loss": found.model_metrics.hamming_loss,
            "is_reliable": found.model_metrics.reliable,
            "training_samples": found.model_metrics.training_sample_count,
        }
    return content


def describe(out: Console, found: Detection) -> None:
    """Tells a person what was found."""
    counts = {name: sum(class_of(each) == name for each in found.columns) for name in MEANINGS}
    summary = ", ".join(f"{count} {MEANINGS[name]}" for name, count in counts.items())
    looked = "all of them" if found.sampled_row_count == found.row_count else f"{found.sampled_row_count:,} looked at"
    out.print(f"{len(found.columns)} columns: {summary} ({found.row_count:,} rows, {looked}).", style="bold", soft_wrap=True)
    table = new_table(
        "column", "class", "confidence", "importance", "different", "why", right=("confidence", "importance", "different")
    )
    for each in found.columns:
        table.add_row(
            printable(each.name),
            class_of(each),
            f"{each.confidence:.2f}",
            f"{each.importance:.1%}" if each.importance else "",
            f"{each.unique_ratio:.1%}" if each.HasField("unique_ratio") else "",
            printable(" ".join(each.reasons)),
        )
    out.print(table)
    if found.entity_column:
        out.print(f"Rows with the same '{printable(found.entity_column)}' belong to one person or household.", soft_wrap=True)
    if found.HasField("left_out"):
        names = ", ".join(printable(name) for name in found.left_out.columns)
        out.print(
            f"Note: {names} would be quasi-identifiers, but a limit leaves them out; alone they tell apart "
            f"{found.left_out.separation:.2%} of all pairs of rows.",
            style="yellow",
            soft_wrap=True,
        )
