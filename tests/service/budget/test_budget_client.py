"""Budgets through the SDK and the command line, against a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from budget_calls import Callers, pure

import shoal
from shoal.errors import AlreadyExistsError, BudgetExhaustedError, InvalidArgumentError, NotFoundError

SHOAL = Path(sys.executable).with_name("shoal")


@pytest.fixture
def command(callers: Callers, tmp_path: Path) -> Any:
    """Runs `shoal` against the server of these tests; returns exit code, stdout and stderr."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SHOAL_")}
    given = {"SHOAL_SERVER": callers.server.address, "SHOAL_API_KEY": callers.server.api_key}

    def run(*words: str | Path) -> tuple[int, str, str]:
        done = subprocess.run(
            [SHOAL, *words],
            capture_output=True,
            text=True,
            env=clean | given,
            cwd=tmp_path,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_the_sdk_has_every_call(callers: Callers) -> None:
    with shoal.connect(callers.server.address, api_key=callers.server.api_key) as client:
        name = f"sdk-{uuid.uuid4().hex}"
        made = client.budgets.create(name, epsilon=1.0, delta=1e-6, composition="rdp", description="x")
        assert client.budgets.get(name) == client.budgets.get(made.name) == made
        request_id = str(uuid.uuid4())
        first = client.budgets.spend([name], [pure(0.25)], request_id=request_id, purpose="mean")
        assert client.budgets.spend([name], [pure(0.25)], request_id=request_id, purpose="mean").repeated_request
        assert client.budgets.list_spends(name) == [first.spend]
        assert name in [each.name.removeprefix("budgets/") for each in client.budgets.list_budgets(limit=None)]
        with pytest.raises(BudgetExhaustedError) as caught:
            client.budgets.spend([name], [pure(2.0)])
        assert caught.value.budgets == (made.name,)
        assert caught.value.metadata == {"budget": made.name}
        with pytest.raises(AlreadyExistsError):
            client.budgets.create(name, epsilon=1.0)
        with pytest.raises(InvalidArgumentError, match="basic, rdp"):
            client.budgets.create(None, epsilon=1.0, composition="best")
        assert client.budgets.advise(epsilon=1.0, queries=10).basic.epsilon_per_query == 0.1
        client.budgets.delete(name)
        with pytest.raises(NotFoundError):
            client.budgets.spend([name], [pure(0.1)])
        assert client.budgets.list_budgets(limit=1, show_deleted=True)


def test_the_commands(command: Any, callers: Callers, tmp_path: Path) -> None:
    name = f"cli-{uuid.uuid4().hex}"
    code, out, _ = command("budget", "create", name, "--epsilon", "1", "--delta", "1e-6", "--composition", "rdp", "--json")
    made = json.loads(out)
    assert (code, made["name"], made["composition"]) == (0, f"budgets/{name}", "rdp")
    for epsilon in (0.25, 0.5):
        callers.admin.spend(made["name"], pure(epsilon), purpose="hours")
    shown = json.loads(command("budget", "show", name, "--json")[1])
    assert shown["epsilon_budget"] == 1.0
    assert shown["spent_epsilon"] == pytest.approx(0.75, abs=1e-3)
    assert shown["remaining_epsilon"] == pytest.approx(0.25, abs=1e-3)
    assert (shown["delta_budget"], shown["spent_delta"], shown["query_count"]) == (1e-6, 1e-6, 2)
    drawing = tmp_path / "spent.svg"
    spends = json.loads(command("budget", "spends", name, "--json", "--svg", drawing)[1])["spends"]
    assert [each["epsilon"] for each in spends] == [0.5, 0.25]
    assert spends[0]["purpose"] == "hours"
    assert "budgets/" + name in ET.parse(drawing).getroot()[0].text  # type: ignore[operator]
    for words in (("show", name), ("list",), ("spends", name)):
        code, out, err = command("budget", *words)
        assert code == 0, err
        assert name in out
    code, out, _ = command("budget", "advise", "--epsilon", "1", "--delta", "1e-6", "--queries", "100", "--json")
    advice = json.loads(out)
    assert advice["recommendation"] == "rdp"
    assert advice["rdp"]["noise_standard_deviation"] < advice["basic"]["noise_standard_deviation"]
    assert "rdp" in command("budget", "advise", "--epsilon", "1", "--delta", "1e-6", "--queries", "100")[1]
    assert command("budget", "delete", name)[0] == 2  # not without --yes where nobody can be asked
    assert command("budget", "delete", name, "--yes")[0] == 0
    assert json.loads(command("budget", "show", name, "--json")[1])["delete_time"]
    code, _, err = command("budget", "create", name, "--epsilon", "1")
    assert code == 2
    assert "reuse_deleted" in err
    assert command("budget", "create", f"{name}2", "--epsilon", "0")[0] == 2
