"""The other commands, the global options, and how long things take."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from shoal.runtime.embedded import EmbeddedServer

from .conftest import POLICY, QI, SHOAL, STAYS, Run, environment


def test_datasets(call: Run, tmp_path: Path) -> None:
    made = call("datasets", "upload", STAYS, "--name", "stays", "--json")
    assert made.code == 0, made.err
    name = made.json["name"]
    assert made.json["rows"] == 5000
    assert made.json["sha256"] == hashlib.sha256(STAYS.read_bytes()).hexdigest()
    listed = call("datasets", "list", "--json").json["datasets"]
    assert name in [each["name"] for each in listed]
    assert call("datasets", "show", name, "--json").json["columns"][0] == {"name": "name", "type": "TEXT"}
    preview = call("datasets", "preview", name, "--rows", "3", "--json").json
    assert preview["total_rows"] == 5000
    assert len(preview["rows"]) == 3
    assert call("risk", name, "--qi", QI, "--json").json["rows"] == 5000
    target = tmp_path / "back.csv"
    assert call("datasets", "download", name, "--output", target).code == 0
    assert target.read_bytes() == STAYS.read_bytes()
    for words in (("list",), ("show", name), ("preview", name)):
        plain = call("datasets", *words)
        assert plain.code == 0
        assert name in plain.out or "5,000" in plain.out
    assert call("datasets", "delete", name).code == 0
    gone = call("datasets", "show", name, "--json")
    assert gone.code == 2
    assert gone.error["reason"] == "RESOURCE_NOT_FOUND"


def test_solutions(call: Run, tmp_path: Path) -> None:
    made = call("anonymize", STAYS, "-p", POLICY, "-o", tmp_path / "o.csv", "--json").json
    name = made["solution"]
    listed = call("solutions", "list", "--limit", "500", "--json").json["solutions"]
    assert name in [each["solution"] for each in listed]
    shown = call("solutions", "show", name, "--json").json
    assert {key: shown[key] for key in ("levels", "loss", "released", "risk", "models")} == {
        key: made[key] for key in ("levels", "loss", "released", "risk", "models")
    }
    assert shown["output_sha256"] == hashlib.sha256((tmp_path / "o.csv").read_bytes()).hexdigest()
    assert name in call("solutions", "list").out
    assert "k-anonymity, k = 5" in call("solutions", "show", name).out
    assert call("solutions", "delete", name).code == 0
    gone = call("solutions", "show", name, "--json")
    assert gone.code == 2
    assert gone.error["reason"] == "RESOURCE_NOT_FOUND"


def test_names_of_solutions_stay_whole_beside_many_models(call: Run, tmp_path: Path) -> None:
    attribute = "a rather long name of a sensitive attribute"
    table, policy = tmp_path / "wide.csv", tmp_path / "wide.yaml"
    table.write_text(f"city,{attribute}\n" + "Lyon,x\nLyon,y\n" * 3)
    models = [
        {"l_diversity": {"kind": "DISTINCT", "l": 2, "attribute": attribute}},
        {"t_closeness": {"t": 0.9, "attribute": attribute}},
    ]
    attributes = [{"name": "city", "role": "QUASI_IDENTIFIER"}, {"name": attribute, "role": "SENSITIVE"}]
    policy.write_text(json.dumps({"attributes": attributes, "privacy_models": [{"k_anonymity": {"k": 2}}, *models]}))
    made = call("anonymize", table, "-p", policy, "-o", tmp_path / "o.csv", "--json")
    assert made.code == 0, made.err
    assert made.json["solution"] in call("solutions", "list").out


def test_risk_with_a_population_persons_and_contributions(call: Run, tmp_path: Path) -> None:
    sample, census = tmp_path / "sample.csv", tmp_path / "census.csv"
    sample.write_text("who,city\na,Lyon\na,Lyon\nb,Lyon\nc,Bonn\n")
    census.write_text("city\n" + "Lyon\n" * 8 + "Bonn\n" * 4)
    words = ("risk", sample, "--qi", "city", "--population", census, "--entity", "who", "--contributions")
    content = call(*words, "--json").json
    assert (content["k"], content["rows"], content["entities"]) == (1, 3, 3)
    assert content["journalist"]["highest_risk"] == 0.25
    assert content["marketer"]["estimated_without_population"] is False
    assert content["contributions"] == [
        {"attribute": "city", "separation_share": content["separation"], "minimal_unique_share": 1.0}
    ]
    assert "share of what separates rows" in call(*words).out


def test_audit(call: Run) -> None:
    call("risk", STAYS, "--qi", QI)
    verified = call("audit", "verify", "--json")
    assert verified.code == 0, verified.err
    assert verified.json["intact"] is True
    assert verified.json["verified"] >= 1
    assert "entries verified" in call("audit", "verify").out
    entries = call("audit", "list", "--method", "AssessRisk", "--json").json["entries"]
    assert entries
    assert all(each["method"].endswith("/AssessRisk") for each in entries)
    assert entries[0]["hash"] == hashlib.sha256(entries[0]["payload"].encode()).hexdigest()
    shown = call("audit", "show", str(entries[0]["sequence"]), "--json").json
    assert shown == entries[0]
    assert "AssessRisk" in call("audit", "list", "--limit", "500").out


def test_keys(call: Run, run: Run, server: EmbeddedServer) -> None:
    made = call("keys", "create", "for tests", "--days", "1", "--json")
    assert made.code == 0, made.err
    key, name = made.json["key"], made.json["name"]
    with_it = ("--server", server.address, "--api-key", key, "--json")
    assert run("keys", "show", name, *with_it).json["display_name"] == "for tests"
    listed = call("keys", "list", "--valid", "--json")
    assert key not in listed.out
    assert name in [each["name"] for each in listed.json["api_keys"]]
    assert call("keys", "revoke", name).code == 0
    refused = run("keys", "show", name, *with_it)
    assert refused.code == 2
    assert refused.error["code"] == "UNAUTHENTICATED"
    assert call("keys", "revoke-all").code == 2  # never without --yes where nobody can be asked
    assert call("keys", "create", "x", "--days", "1", "--never-expires").code == 2


def test_health(call: Run, run: Run, server: EmbeddedServer) -> None:
    content = call("health", "--json").json
    assert content["status"] == "SERVING"
    assert content["services"]["shoal.api.risk.v1.RiskService"] == "SERVING"
    down = run("health", "--server", "127.0.0.1:1", "--api-key", "x", "--json")
    assert down.code == 3
    assert down.error["code"] == "UNAVAILABLE"
    assert "shoal serve" in down.error["message"]


def test_options_before_and_after_the_command(run: Run, server: EmbeddedServer, tmp_path: Path) -> None:
    options = ("--server", server.address, "--api-key", server.api_key, "--json")
    for words in (
        (*options, "datasets", "list"),
        ("datasets", *options, "list"),
        ("datasets", "list", *options),
        ("--json", "datasets", "--api-key", server.api_key, "list", "--server", server.address),
    ):
        ended = run(*words, env={"SHOAL_SERVER": "127.0.0.1:1", "SHOAL_API_KEY": "wrong"})
        assert ended.code == 0, (words, ended.err)
        assert "datasets" in ended.json


def test_key_of_a_local_server_is_found(run: Run, own_server: EmbeddedServer, tmp_path: Path) -> None:
    found = run("datasets", "list", "--server", own_server.address, "--data-dir", tmp_path / "data", "--json")
    assert found.code == 0, found.err
    missing = run("datasets", "list", "--server", own_server.address, "--data-dir", tmp_path / "other", "--json")
    assert missing.code == 2
    assert missing.error["reason"] == "CREDENTIAL_MISSING"
    elsewhere = run("datasets", "list", "--server", "10.255.255.1:1", "--data-dir", tmp_path / "data")
    assert elsewhere.code == 2  # the local key is for local servers only


def test_own_server_keeps_what_should_stay(run: Run, tmp_path: Path) -> None:
    folder = ("--data-dir", tmp_path / "mine")
    assert run("risk", STAYS, "--qi", QI, *folder).code == 0
    assert run("datasets", "list", "--json", *folder).json == {"datasets": []}
    name = run("datasets", "upload", STAYS, "--json", *folder).json["name"]
    assert [each["name"] for each in run("datasets", "list", "--json", *folder).json["datasets"]] == [name]
    verified = run("audit", "verify", "--json", *folder)
    assert verified.code == 0
    assert verified.json["verified"] >= 3
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700
    steps = run("migrate", "--json", *folder)
    assert steps.code == 0, steps.err
    assert all(each["from"] == each["to"] for each in steps.json["services"])


def test_version_and_help(run: Run) -> None:
    assert run("--version").out == "shoal 0.1.0\n"
    shown = run("--help")
    assert shown.code == 0
    commands = (
        "serve",
        "anonymize",
        "apply",
        "frontier",
        "explore",
        "risk",
        "datasets",
        "solutions",
        "audit",
        "keys",
        "health",
    )
    for command in (*commands, "migrate"):
        assert f"  {command} " in shown.out
        assert run(command, "--help").code == 0
    assert run().code == 2
    assert run("audit").code == 2


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['shoal', '--help']\n"
        "from shoal.cli import main\n"
        "try:\n main()\n"
        "except SystemExit:\n pass\n"
        "heavy = {'polars', 'grpc', 'sqlmodel', 'sqlalchemy', 'pydantic', 'numpy', 'rich', 'asyncio'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment(), check=True)
    assert done.stderr.strip() == "[]"


def test_serve_stops_when_told(tmp_path: Path) -> None:
    words: list[str | Path] = [
        SHOAL,
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        tmp_path / "data",
        "--json",
    ]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or lines[-1] != "}\n":
        lines.append(process.stdout.readline())
        assert lines[-1], process.communicate()[1]
    address = json.loads("".join(lines))["address"]
    health = [SHOAL, "health", "--server", address, "--data-dir", tmp_path / "data", "--json"]
    asked = subprocess.run(health, capture_output=True, text=True, env=environment(), check=True)
    assert json.loads(asked.stdout)["status"] == "SERVING"
    process.terminate()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def test_serve_refuses_what_it_cannot_do(run: Run, tmp_path: Path) -> None:
    folder = ("--data-dir", tmp_path / "data")
    assert run("serve", "--http", "on", *folder).code == 2
    assert run("serve", "singing", *folder).code == 2
    beyond = run("serve", "--listen", "0.0.0.0:0", *folder)
    assert beyond.code == 2
    assert "TLS" in beyond.err


def test_a_given_key_counts_for_a_command_s_own_server_too(run: Run, tmp_path: Path) -> None:
    """Falling back to the administrator's key would give more rights than were asked for."""
    folder = ("--data-dir", tmp_path / "mine", "--json")
    made = run("keys", "create", "short-lived", *folder)
    key, name = made.json["key"], made.json["name"]
    assert run("datasets", "list", "--api-key", key, *folder).code == 0
    assert run("keys", "revoke", name, *folder).code == 0
    for bad in (key, "shoal_bad"):
        refused = run("datasets", "list", "--api-key", bad, *folder)
        assert refused.code == 2
        assert refused.error["code"] == "UNAUTHENTICATED"
