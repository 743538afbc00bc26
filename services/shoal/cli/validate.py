"""`shoal validate`: whether a finished table satisfies what it claims."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli.inputs import check_table, policy_from, solution_name
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.risk import split_columns
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.risk.v1.risk_service_pb2 import ClassViolation, ModelCheck, ValidatePrivacyResponse

NOT_VALID = 1
COMPARED = ("t_closeness", "delta_disclosure", "beta_likeness")
"""Models that compare a class with a reference distribution."""
SHOWN = 10
"""Violations that a person sees; --json has all that the server lists."""


def validate(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    policy: Annotated[
        str | None, typer.Option("--policy", "-p", help="The policy that says what to check, YAML or JSON; `-` reads it.")
    ] = None,
    solution: Annotated[
        str | None, typer.Option("--solution", help="The solution that the table should be the release of, `solutions/…`.")
    ] = None,
    qi: Annotated[list[str] | None, typer.Option("--qi", help="The columns an attacker may know, with commas between.")] = None,
    k: Annotated[int | None, typer.Option("-k", min=1, help="Rows that must look alike; overrides the policy's k.")] = None,
    sensitive: Annotated[
        list[str] | None, typer.Option("--sensitive", help="The columns that -l and -t are about, with commas between.")
    ] = None,
    l: Annotated[  # noqa: E741 (the field's own name)
        int | None, typer.Option("-l", min=1, help="Distinct sensitive values in every class.")
    ] = None,
    t: Annotated[
        float | None,
        typer.Option("-t", min=0, max=1, help="Largest distance of a class from the whole, every two values alike."),
    ] = None,
    reference: Annotated[
        str | None, typer.Option("--reference", help="The original, whose distributions count as known; else the table's own.")
    ] = None,
    population: Annotated[
        str | None, typer.Option("--population", help="A table of the population, for k-map and its kin.")
    ] = None,
    entity: Annotated[str | None, typer.Option("--entity", help="The column that says which rows are one person's.")] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Check whether a table satisfies privacy models; ends with 1 when it does not."""
    columns = split_columns(qi) if qi else []
    models = _models(policy, solution, columns, k, split_columns(sensitive, "--sensitive") if sensitive else [], l, t)
    for each in (table, reference, population):
        if each is not None:
            check_table(each)
    wanted = None if policy is None else policy_from(policy)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Checking the models")
        answer = client.risk.validate(
            table,
            columns,
            models,
            policy=wanted,
            solution=solution_name(solution),
            k=k if policy is not None else None,
            reference=reference,
            population=population,
            entity_column=entity,
            separator=separator,
            progress=shown.moved("Uploading the table"),
        )
    if options.json:
        print_json(shape(answer))
    else:
        _describe(console(), answer, with_reference=reference is not None)
    if not answer.valid:
        raise typer.Exit(NOT_VALID)


def _models(
    policy: str | None,
    solution: str | None,
    columns: list[str],
    k: int | None,
    sensitive: list[str],
    l: int | None,  # noqa: E741
    t: float | None,
) -> list[dict[str, Any]]:
    """The models that the options spell out; raises InvalidArgumentError when they do not fit together."""
    if (policy is not None) + (solution is not None) + bool(columns) != 1:
        raise InvalidArgumentError("say what to check: give one of --policy FILE, --solution NAME and --qi COLUMNS")
    if sensitive and l is None and t is None:
        raise InvalidArgumentError("--sensitive: say what to check of it, with -l or -t")
    if (l is not None or t is not None) and not sensitive:
        raise InvalidArgumentError("-l and -t need --sensitive COLUMNS: they are about the values of sensitive columns")
    if not columns:
        if sensitive or (solution is not None and k is not None):
            raise InvalidArgumentError(
                "-k, -l and -t go with --qi; a policy or solution has its own models (-k may override a policy's)"
            )
        return []
    found: list[dict[str, Any]] = [] if k is None else [{"k_anonymity": {"k": k}}]
    for name in sensitive:
        found += [] if l is None else [{"l_diversity": {"attribute": name, "l": l}}]
        found += [] if t is None else [{"t_closeness": {"attribute": name, "t": t}}]
    if not found:
        raise InvalidArgumentError("--qi: say what to check, with -k, or --sensitive and -l or -t")
    return found


def shape(answer: ValidatePrivacyResponse) -> dict[str, Any]:
    """What --json prints; null stands for an infinite number."""
    names = list(answer.quasi_identifiers)
    return {
        "valid": answer.valid,
        "models": [_check(each) for each in answer.models],
        "violations": [_violation(each, names) for each in answer.violations],
        "violating_classes": answer.violating_class_count,
        "reference": answer.reference,
        "quasi_identifiers": names,
        "rows": answer.row_count,
        "suppressed": answer.suppressed_count,
        "classes": answer.class_count,
        "warnings": list(answer.warnings),
    }


def _check(check: ModelCheck) -> dict[str, Any]:
    from google.protobuf.json_format import MessageToDict

    kind = check.model.WhichOneof("model")
    content = MessageToDict(check.model, preserving_proto_field_name=True)
    parameters = {name: _short(value) for name, value in content.get(kind, {}).items()} if kind else {}
    found = {
        "model": kind,
        "parameters": parameters,
        "satisfied": check.satisfied,
        "measured": _finite(check.measured),
        "violating_classes": check.violating_class_count,
    }
    return found | ({"measured_least": _finite(check.measured_least)} if check.HasField("measured_least") else {})


def _short(value: Any) -> Any:
    """Enum values as a policy may write them."""
    prefixes = ("L_DIVERSITY_KIND_", "T_CLOSENESS_DISTANCE_", "ENTROPY_ESTIMATOR_", "ATTACKER_")
    if isinstance(value, str):
        return next((value.removeprefix(each) for each in prefixes if value.startswith(each)), value)
    return value


def _violation(violation: ClassViolation, names: list[str]) -> dict[str, Any]:
    return {
        "model": violation.model,
        "class": dict(zip(names, violation.quasi_identifier_values, strict=True)),
        "rows": violation.row_count,
        "measured": _finite(violation.measured),
        "severity": _finite(violation.severity),
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _describe(out: Console, answer: ValidatePrivacyResponse, *, with_reference: bool) -> None:
    content = shape(answer)
    classes = f"{content['rows']:,} rows form {content['classes']:,} classes"
    if content["valid"]:
        out.print(f"Valid: {classes}, and every model holds.", style="bold green", soft_wrap=True)
    else:
        count = content["violating_classes"]
        failing = f"{count:,} of them {'fails' if count == 1 else 'fail'}" if count else "the whole fails"
        out.print(f"Not valid: {classes}; {failing}.", style="bold red", soft_wrap=True)
    if content["suppressed"]:
        out.print(f"{content['suppressed']:,} suppressed rows do not count.")
    table = new_table("model", "asked for", "holds", "measured", "classes that fail", right=("measured", "classes that fail"))
    for each in content["models"]:
        asked = ", ".join(f"{name} {_plain(value)}" for name, value in each["parameters"].items())
        holds = "yes" if each["satisfied"] else "no"
        table.add_row(
            each["model"].replace("_", "-"),
            printable(asked),
            holds,
            _number(each["measured"]),
            f"{each['violating_classes']:,}",
        )
    out.print(table)
    if content["violations"]:
        _list(out, content)
    if any(each["model"] in COMPARED for each in content["models"]):
        out.print(f"Compared with the distribution of {content['reference']}.", soft_wrap=True)
        if not with_reference and any(each["model"] in COMPARED and not each["satisfied"] for each in content["models"]):
            out.print(
                "A release is made against the distribution of all rows of its input, suppressed ones too: --reference INPUT "
                "compares with that.",
                soft_wrap=True,
            )
    elif with_reference:
        out.print("The reference was not needed: no model compares with a distribution.")
    for warning in content["warnings"]:
        out.print(f"Note: {printable(warning)}", style="yellow", soft_wrap=True)


def _plain(value: Any) -> str:
    """A parameter as people write it: 3, not 3.0."""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _list(out: Console, content: dict[str, Any]) -> None:
    table = new_table("model", "class", "rows", "measured", title="The most severe:", right=("rows", "measured"))
    for each in content["violations"][:SHOWN]:
        values = ", ".join(f"{name} {value or '(empty)'}" for name, value in each["class"].items())
        table.add_row(str(each["model"] + 1), printable(values), f"{each['rows']:,}", _number(each["measured"]))
    out.print(table)


def _number(value: float | None) -> str:
    return "∞" if value is None else f"{value:.6g}"
