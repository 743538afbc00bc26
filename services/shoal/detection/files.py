"""The readable files of the package: lexicon and built-in patterns."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml

__all__ = ["packaged", "plain_yaml"]


def plain_yaml(text: str) -> Any:
    """A YAML text with every scalar as it is written: `no`, `on` and `12` are words like others; raises yaml.YAMLError."""
    return yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 (the base loader makes nothing but texts, lists and mappings)


def packaged(*path: str) -> Any:
    """The content of a YAML file of this package."""
    return plain_yaml(resources.files("shoal.detection").joinpath(*path).read_text("utf-8"))
