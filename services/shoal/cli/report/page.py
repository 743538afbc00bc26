"""A report's page: a template, its style and what is said, in one file that asks the network for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from shoal import __version__
from shoal.errors import FailedPreconditionError


def check_extra() -> None:
    """Refuses a report where the packages that draw and write it are missing."""
    if any(find_spec(each) is None for each in ("altair", "vl_convert", "jinja2")):
        raise FailedPreconditionError(
            "--report: the packages for reports are missing: install shoal[plots] (in a clone of the project: "
            "`uv sync --extra plots`)"
        )


def render(template: str, content: Mapping[str, Any]) -> bytes:
    """The page as UTF-8. Every text of `content` is escaped; a name that the template lacks is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("shoal.cli.report", "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"count": lambda number: f"{number:,}", "percent": percent}
    style = files("shoal.cli.report").joinpath("templates", "style.css").read_text()
    return environment.get_template(template).render({**content, "style": style, "version": __version__}).encode()


def percent(share: float) -> str:
    """A share as people read it: `12.3%`; what is not quite nothing or all is never rounded to it."""
    shown = f"{share * 100:.1f}".removesuffix(".0")
    if share > 0 and shown == "0":
        return "under 0.1%"
    if share < 1 and shown == "100":
        return "over 99.9%"
    return f"{shown}%"
