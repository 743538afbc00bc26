"""YAML and JSON documents of limited size and depth, with every plain YAML scalar kept as the text that was
written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from shoal.errors import InvalidArgumentError

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 24
MAX_ALIASES = 64


class Plain(str):
    """Text that stood without quotes: the contract says whether it is a number, a truth value or text."""

    __slots__ = ()


class _Loader(yaml.SafeLoader):
    """SafeLoader without guesses: plain scalars stay text, only `null`, `~` and nothing are null, and no key
    is given twice."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}  # noqa: RUF012 (named by yaml)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"the key `{key.value}` is given twice", problem_mark=key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _construct_text(loader: _Loader, node: yaml.ScalarNode) -> object:
    text = str(loader.construct_scalar(node))
    if node.style is not None:
        return text
    return None if text in {"", "~", "null", "Null", "NULL"} else Plain(text)


_Loader.add_constructor("tag:yaml.org,2002:str", _construct_text)


def read_document(path: Path) -> object:
    """Reads a YAML or JSON file, by its name."""
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise InvalidArgumentError(f"{path}: larger than {MAX_BYTES} bytes; give large hierarchies as `file`")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidArgumentError(f"{path}: not UTF-8 text") from None
    return parse_document(text, str(path))


def parse_document(text: str, name: str) -> object:
    """Reads YAML or JSON text; `name` is what the sentences call it."""
    if len(text) > MAX_BYTES:
        raise InvalidArgumentError(f"{name}: larger than {MAX_BYTES} characters")
    if text.lstrip().startswith("{"):
        try:
            content = json.loads(text, object_pairs_hook=_no_duplicates)
        except (json.JSONDecodeError, RecursionError):
            pass  # YAML's flow style starts with a brace, too; its reader has the better sentences
        else:
            _check_depth(content, name)
            return content
    return _parse_yaml(text, name)


def _parse_yaml(text: str, name: str) -> object:
    try:
        _check_events(text, name)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader: text, lists and dicts only)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = error.problem or "it cannot be read"
        hint = '; write a star in quotes, `"*"`' if "alias" in problem or "alias" in (error.context or "") else ""
        raise InvalidArgumentError(f"{name}{where}: {problem}{hint}") from None
    except yaml.YAMLError:
        raise InvalidArgumentError(f"{name}: not YAML, and not JSON either") from None


def _check_events(text: str, name: str) -> None:
    """Refuses what would grow: deep nesting, many aliases, aliases inside what an alias stands for."""
    depth = aliases = 0
    anchored: list[int] = []  # depths at which an anchored collection is open
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if event.anchor:
                anchored.append(depth)
            if depth > MAX_DEPTH:
                raise InvalidArgumentError(f"{name}: nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            if anchored and anchored[-1] == depth:
                anchored.pop()
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
            if anchored or aliases > MAX_ALIASES:
                raise InvalidArgumentError(
                    f"{name}: at most {MAX_ALIASES} aliases, and none inside an anchored value; write a star in quotes"
                )


def _check_depth(content: object, name: str) -> None:
    level: list[object] = [content]
    for _ in range(MAX_DEPTH + 1):
        level = [
            child
            for each in level
            if isinstance(each, dict | list)
            for child in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise InvalidArgumentError(f"{name}: nested deeper than {MAX_DEPTH} levels")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise InvalidArgumentError(f"the key `{key}` is given twice")
        content[key] = value
    return content
