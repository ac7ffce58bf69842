"""`ktx connection`, and `ktx sl query --execute` on every database that runs here."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from databases import ORDERS, PASSWORD
from harness import Ktx
from person import CTRL_C, ENTER, ESCAPE, Person

CONNECTIONS = ("lite", "duck", "pg", "my")


def at(project: Path, *words: str) -> list[str]:
    """The words of a command in a project."""
    return [*words, "--project-dir", str(project)]


def revenue_by_status() -> list[list[object]]:
    """The answer, worked out in Python."""
    found: dict[str, int] = {}
    for _, status, amount in ORDERS:
        found[status] = found.get(status, 0) + (amount or 0)
    return [[status, found[status]] for status in sorted(found)]


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_query_gives_the_same_rows_everywhere(ready: Ktx, shop: Path, connection: str) -> None:
    """Planned and executed in one process; the database is another each time."""
    question = [
        "--measure",
        "orders.revenue",
        "--dimension",
        "orders.status",
        "--execute",
    ]
    answer = ready.json(
        *at(
            shop,
            "sl",
            "query",
            "--connection-id",
            connection,
            *question,
            "--format",
            "json",
        )
    )
    assert answer["rows"] == revenue_by_status()
    assert answer["plan"]["execution"]["mode"] == "executed"


def test_a_plan_that_was_kept_is_executed(ready: Ktx, shop: Path, tmp_path: Path) -> None:
    """The second time nobody plans, and the rows come all the same."""
    ready.extra["KTX_CACHE_DIR"] = str(tmp_path / "cache")
    environment = ready.environment()
    del environment["KTX_NO_CACHE"]
    ready.environment = lambda: environment  # type: ignore[method-assign]
    words = at(shop, "sl", "query", "--connection-id", "pg", "--measure", "orders.revenue")
    first = ready.json(*words, "--execute", "--format", "json")
    second = ready.json(*words, "--execute", "--format", "json")
    assert first == second
    assert second["rows"] == [[60]]


@pytest.mark.parametrize("connection", CONNECTIONS)
def test_a_connection_that_works(ready: Ktx, shop: Path, connection: str) -> None:
    """The lines that clients read, and what is there."""
    text = ready.ok(*at(shop, "connection", "test", connection))
    assert text.startswith(f"Connection test passed: {connection}\nDriver: ")
    assert "\nTables: 1\n" in text
    report = ready.json(*at(shop, "connection", "test", connection, "--json"))
    assert report["tables"] == 1
    assert report["readOnlyEnforced"] is True


def test_sqlite_needs_no_python(fresh: Ktx, shop: Path) -> None:
    """There is no runtime here."""
    assert "Tables: 1" in fresh.ok(*at(shop, "connection", "test", "lite", "--no-input"))
    assert "ktx runtime install" in fresh.fails(*at(shop, "connection", "test", "pg", "--no-input"))


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        (
            "driver: postgres, host: 127.0.0.1, port: 9, user: a, database: b",
            "127.0.0.1",
        ),
        (
            f"driver: postgres, url: 'postgres://u:{PASSWORD}@127.0.0.1:9/x'",
            "127.0.0.1",
        ),
        (
            "driver: mysql, host: no-such-host.invalid, user: a, database: b",
            "connection 'bad'",
        ),
        (
            "driver: postgres, url: env:NO_SUCH_VARIABLE",
            "NO_SUCH_VARIABLE, which is not set",
        ),
        (
            "driver: mysql, password: file:/no/such/file",
            "/no/such/file, which does not exist",
        ),
        ("driver: duckdb, path: missing.duckdb", "missing.duckdb"),
        ("driver: postgre, url: x", "did you mean postgres?"),
    ],
)
def test_a_connection_that_does_not_work(ready: Ktx, shop: Path, settings: str, word: str) -> None:
    """One error that says what and where, and never a secret."""
    with (shop / "ktx.yaml").open("a") as config:
        config.write(f"  bad: {{{settings}, readonly: true}}\n")
    said = ready.fails(*at(shop, "connection", "test", "bad"))
    assert word in said
    assert "Fix: " in said
    assert PASSWORD not in said


def test_a_wrong_password_is_not_shown(ready: Ktx, shop: Path) -> None:
    """MariaDB refuses; its words come without the password."""
    (shop / "password").write_text("wrong-" + PASSWORD)
    said = ready.fails(*at(shop, "connection", "test", "my"))
    assert "denied" in said
    assert PASSWORD not in said


def test_a_list_without_secrets(fresh: Ktx, shop: Path) -> None:
    """Without Python, in the three ways that lists have."""
    with (shop / "ktx.yaml").open("a") as config:
        config.write(f"  url: {{driver: postgres, url: 'postgres://u:{PASSWORD}@h:5/db?a=1'}}\n")
    table = fresh.ok(*at(shop, "connection", "list", "--output", "pretty"))
    assert table.splitlines()[0].split() == ["ID", "DRIVER", "READ-ONLY", "LOCATION"]
    listed = fresh.json(*at(shop, "connection", "list", "--json"))
    assert listed["kind"] == "list"
    assert listed["meta"] == {"command": "connection list"}
    items = {item["connectionId"]: item for item in listed["data"]["items"]}
    assert items["url"] == {
        "connectionId": "url",
        "driver": "postgres",
        "readonly": False,
        "location": "postgres://h:5/db",
    }
    assert PASSWORD not in table + str(listed)
    plain = fresh.ok(*at(shop, "connection", "list", "--output", "plain"))
    assert plain.splitlines()[0] == "lite\tsqlite\treadonly=yes\tlocation=shop.db"


def test_add_writes_what_was_asked_and_nothing_else(fresh: Ktx, shop: Path) -> None:
    """Comments and mode stay; the new connection is read-only."""
    config = shop / "ktx.yaml"
    before = "# mine\n" + config.read_text() + "# the end\n"
    config.write_text(before)
    config.chmod(0o640)
    words = [
        "--host",
        "db.example.com",
        "--port",
        "5433",
        "--user",
        "u",
        "--schema",
        "sales",
    ]
    fresh.ok(*at(shop, "connection", "add", "Postgres", "wh", *words, "--password-env", "WH"))
    added = (
        "  wh:\n    driver: postgres\n    host: db.example.com\n    port: 5433\n    user: u\n"
        "    password: env:WH\n    schemas: [sales]\n    readonly: true\n"
    )
    assert config.read_text() == before.replace("# the end\n", added + "# the end\n")
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert "already" in fresh.fails(*at(shop, "connection", "add", "sqlite", "wh", "--path", "x"))
    fresh.ok(*at(shop, "connection", "remove", "wh", "--force"))
    assert config.read_text() == before


@pytest.mark.parametrize(
    "words",
    [
        ("--url", f"postgres://u:{PASSWORD}@h/db"),
        ("--url", f"postgres://h/db?password={PASSWORD}"),
        ("--host", "h", "--set", f"password={PASSWORD}"),
    ],
)
def test_a_literal_credential_must_be_allowed(
    fresh: Ktx, shop: Path, words: tuple[str, ...]
) -> None:
    """It is refused with the way to write it; allowed, it is warned of; never is it shown."""
    before = (shop / "ktx.yaml").read_text()
    command = at(shop, "connection", "add", "postgres", "wh", *words)
    said = fresh.fails(*command)
    assert "env:NAME" in said
    assert PASSWORD not in said
    assert (shop / "ktx.yaml").read_text() == before
    result = fresh.run(*command, "--allow-literal-credentials")
    assert result.returncode == 0
    assert "Warning: " in result.stderr
    assert PASSWORD not in result.stdout + result.stderr
    assert PASSWORD in (shop / "ktx.yaml").read_text()


def test_add_knows_drivers_and_ids(fresh: Ktx, shop: Path) -> None:
    """Usage errors, with the name that was meant."""
    command = ["connection", "add"]
    said = fresh.fails(*at(shop, *command, "postgers", "a", "--url", "env:A"), code=2)
    assert 'did you mean "postgres"?' in said
    said = fresh.fails(*at(shop, *command, "postgres", "../a", "--url", "env:A"), code=2)
    assert "Unsafe connection id: ../a" in said
    assert "--path" in fresh.fails(*at(shop, *command, "sqlite", "a"), code=2)


def test_remove_asks_or_refuses(fresh: Ktx, shop: Path) -> None:
    """Nobody can be asked here, and what stays is said."""
    before = (shop / "ktx.yaml").read_text()
    said = fresh.fails(*at(shop, "connection", "remove", "lite"), code=2)
    assert "ktx connection remove lite --yes" in said
    assert (shop / "ktx.yaml").read_text() == before
    assert 'did you mean "lite"?' in fresh.fails(
        *at(shop, "connection", "remove", "lyte", "--force")
    )
    text = fresh.ok(*at(shop, "connection", "remove", "lite", "--force"))
    assert "semantic-layer/lite stays" in text
    assert (shop / "semantic-layer" / "lite" / "orders.yaml").exists()
    assert "lite:" not in (shop / "ktx.yaml").read_text()


def with_notes(shop: Path) -> str:
    """ktx.yaml as setup leaves it."""
    config = shop / "ktx.yaml"
    text = config.read_text() + "setup:\n  database_connection_ids: [lite, pg] # both\n"
    config.write_text(text)
    return text


@pytest.mark.parametrize("keys", [ENTER, "n", "x" + ENTER, ESCAPE])
def test_remove_keeps_unless_it_is_told_to(fresh: Ktx, shop: Path, keys: str) -> None:
    """The usual answer is no; a key that means nothing is no yes."""
    before = with_notes(shop)
    with Person(fresh, "connection", "remove", "lite", folder=shop) as person:
        person.sees("Remove the connection lite from ktx.yaml? [y/N]")
        person.types(keys)
        assert person.ends() == 1
        assert "Nothing was removed" in person.text()
    assert (shop / "ktx.yaml").read_text() == before


def test_remove_stops_with_ctrl_c(fresh: Ktx, shop: Path) -> None:
    """130, and nothing has changed."""
    before = with_notes(shop)
    with Person(fresh, "connection", "remove", "lite", folder=shop) as person:
        person.sees("[y/N]")
        person.types(CTRL_C)
        assert person.ends() == 130
    assert (shop / "ktx.yaml").read_text() == before


def test_remove_takes_setups_note_too(fresh: Ktx, shop: Path) -> None:
    """On a terminal by `y`, in a script by --yes."""
    with_notes(shop)
    with Person(fresh, "connection", "remove", "lite", folder=shop) as person:
        person.answers("Remove the connection lite from ktx.yaml?", "y")
        assert person.ends() == 0
    assert "database_connection_ids: [pg] # both" in (shop / "ktx.yaml").read_text()
    fresh.ok(*at(shop, "connection", "remove", "pg", "--yes"))
    assert "database_connection_ids: [] # both" in (shop / "ktx.yaml").read_text()
    assert fresh.json(*at(shop, "setup", "status", "--json"))["steps"]
