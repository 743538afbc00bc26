"""`shoal explore`: the combinations of levels around the optimum, to choose another trade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shoal.cli.inputs import check_table, policy_from, upload_then
from shoal.cli.models import measure_name, minimised
from shoal.cli.options import Options
from shoal.cli.output import activity, console, new_table, print_json, printable
from shoal.cli.session import connected
from shoal.errors import InvalidArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from shoal.api.anonymization.v1.anonymization_service_pb2 import ExploreLatticeResponse, LatticeNode
    from shoal.api.anonymization.v1.policy_pb2 import AnonymizationPolicy

MOST_SHOWN = 200
"""How many combinations people are shown; `--json` has them all."""


def explore(
    options: Options,
    table: Annotated[str, typer.Argument(metavar="FILE", help="The table: a file or a `datasets/…` name.")],
    policy: Annotated[str, typer.Option("--policy", "-p", help="The policy, YAML or JSON; `-` reads standard input.")],
    levels: Annotated[
        str | None,
        typer.Option("--levels", metavar="N,N,…", help="The levels in the middle, in the policy's order; the optimum."),
    ] = None,
    radius: Annotated[int, typer.Option("--radius", min=1, max=3, help="How many levels away to look.")] = 1,
    k: Annotated[int | None, typer.Option("-k", min=1, help="Rows that must look alike; overrides the policy's k.")] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="The character between CSV cells; found by itself.")
    ] = None,
) -> None:
    """Show what the combinations of levels around the optimum cost and hold."""
    check_table(table)
    wanted = policy_from(policy)
    middle = [] if levels is None else parse_levels(levels, wanted.message)
    with activity() as shown, connected(options, shown) as client:
        shown.step("Exploring the lattice")
        answer = client.anonymization.explore_lattice(
            table,
            wanted,
            levels=middle,
            radius=radius,
            k=k,
            separator=separator,
            progress=upload_then(shown, "Exploring the lattice"),
        )
    if options.json:
        print_json(as_json(answer, wanted.message))
    else:
        _describe(console(), answer, wanted.message, optimum=levels is None)


def parse_levels(text: str, policy: AnonymizationPolicy) -> list[int]:
    """A level for each quasi-identifier of the policy."""
    from shoal.api.anonymization.v1 import policy_pb2

    names = [each.name for each in policy.attributes if each.role == policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER]
    words = [each.strip() for each in text.split(",")]
    if not all(re.fullmatch("[0-9]{1,3}", each) for each in words):
        raise InvalidArgumentError("--levels: whole numbers with commas between are expected, as in 0,3,1")
    if len(words) != len(names):
        listed = printable(", ".join(names))
        raise InvalidArgumentError(
            f"--levels: {len(words)} levels for {len(names)} quasi-identifiers ({listed}); give one for each"
        )
    return [int(each) for each in words]


def as_json(answer: ExploreLatticeResponse, policy: AnonymizationPolicy) -> dict[str, Any]:
    """What `explore` prints for machines."""
    measure, aggregate = minimised(policy.quality)
    return {
        "attributes": list(answer.attributes),
        "measure": measure,
        "aggregate": aggregate,
        "complete": answer.complete,
        "nodes": [
            {
                "levels": dict(zip(answer.attributes, each.levels, strict=True)),
                "satisfied": each.satisfied,
                "suppressed": each.suppressed_count,
                "loss": each.loss if each.HasField("loss") else None,
                "classes": each.class_count,
                "smallest_class": each.smallest_class,
            }
            for each in answer.nodes
        ],
    }


def _describe(out: Console, answer: ExploreLatticeResponse, policy: AnonymizationPolicy, *, optimum: bool) -> None:
    if not answer.nodes:
        out.print("There is no combination of levels within that radius.")
        return
    middle = answer.nodes[0]
    spelled = ", ".join(f"{name} {level}" for name, level in zip(answer.attributes, middle.levels, strict=True))
    holds = "the policy holds" if middle.satisfied else "the policy does not hold"
    title = "The optimum" if optimum else "The middle"
    out.print(f"{title}: {printable(spelled)}; {holds}.", style="bold", soft_wrap=True)
    numbers = (f"loss ({measure_name(policy.quality).removeprefix('loss, ')})", "suppressed", "classes", "smallest class")
    table = new_table("levels", "change", "holds", *numbers, right=numbers)
    for node in answer.nodes[:MOST_SHOWN]:
        table.add_row(
            ",".join(map(str, node.levels)),
            _change(answer.attributes, middle, node),
            "yes" if node.satisfied else "no",
            f"{node.loss:.6f}" if node.HasField("loss") else "all suppressed",
            f"{node.suppressed_count:,}",
            f"{node.class_count:,}",
            f"{node.smallest_class:,}",
            style="dim" if not node.satisfied else None,
        )
    out.print(table)
    if len(answer.nodes) > MOST_SHOWN:
        out.print(f"{len(answer.nodes) - MOST_SHOWN:,} more with --json.", style="dim")
    if not answer.complete:
        out.print("There are more combinations within this radius than one answer holds; look at a smaller one.")


def _change(names: Sequence[str], middle: LatticeNode, node: LatticeNode) -> str:
    """Which levels differ from the middle's, `age 1→0`."""
    triples = zip(names, middle.levels, node.levels, strict=True)
    return ", ".join(f"{printable(name)} {before}→{after}" for name, before, after in triples if before != after) or "–"
