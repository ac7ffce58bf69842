"""`ktx setup` with servers: is the connection tried, and are only the picked schemas read?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg
import pymysql  # type: ignore[import-untyped]
import pytest
from databases import PASSWORD, Servers
from harness import Ktx
from person import CTRL_C, DOWN, ENTER, ESCAPE, Person
from small_shop import make_shop, scripted

KEEPER_PASSWORD = "k33per of the depot"


@dataclass
class Depot:
    """A database with the schemas `sales`, `hr` and `attic`, and how a connection leads to it."""

    driver: str
    settings: str
    """The connection's keys in ktx.yaml."""
    mark: str
    """How the question calls its schemas."""


SCHEMAS = ("sales", "hr", "attic")
TABLES = {"sales": "invoices", "hr": "staff", "attic": "boxes"}


def depot_of_postgres(servers: Servers) -> Depot:
    """A database of its own, with the schemas in it and nothing in `public`."""
    address = f"host={servers.postgres} user=postgres"
    with psycopg.connect(f"{address} dbname=postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS depot")
        connection.execute("CREATE DATABASE depot")
    with psycopg.connect(f"{address} dbname=depot", autocommit=True) as connection:
        for schema, table in TABLES.items():
            connection.execute(f"CREATE SCHEMA {schema}")
            connection.execute(f"CREATE TABLE {schema}.{table} (id int PRIMARY KEY, amount int)")
    keys = f"host: {servers.postgres}, user: postgres, database: depot"
    return Depot("postgres", keys, "Schemas")


def depot_of_mariadb(servers: Servers) -> Depot:
    """What others call schemas are its databases; the connection names none."""
    with (
        closing(pymysql.connect(unix_socket=str(servers.mariadb), user="root")) as connection,
        connection.cursor() as cursor,
    ):
        cursor.execute("DROP USER IF EXISTS keeper@localhost")
        cursor.execute(f"CREATE USER keeper@localhost IDENTIFIED BY '{KEEPER_PASSWORD}'")
        for schema, table in TABLES.items():
            cursor.execute(f"DROP DATABASE IF EXISTS {schema}")
            cursor.execute(f"CREATE DATABASE {schema}")
            cursor.execute(f"CREATE TABLE {schema}.{table} (id int PRIMARY KEY, amount int)")
            cursor.execute(f"GRANT SELECT ON {schema}.* TO keeper@localhost")
    keys = f"unix_socket: {servers.mariadb}, user: keeper, password: file:keeper-password"
    return Depot("mysql", keys, "Databases")


def depot_of_duckdb(folder: Path) -> Depot:
    """A file; `main` is empty."""
    with duckdb.connect(str(folder / "depot.duckdb")) as connection:
        for schema, table in TABLES.items():
            connection.execute(f"CREATE SCHEMA {schema}")
            connection.execute(f"CREATE TABLE {schema}.{table} (id int PRIMARY KEY, amount int)")
    return Depot("duckdb", "path: depot.duckdb", "Schemas")


@pytest.fixture(params=["postgres", "mariadb", "duckdb"])
def depot(request: pytest.FixtureRequest, servers: Servers, project: Path) -> Depot:
    """The depot in one kind of database, and the project's connection to it."""
    if request.param == "duckdb":
        made = depot_of_duckdb(project)
    else:
        made = {"postgres": depot_of_postgres, "mariadb": depot_of_mariadb}[request.param](servers)
    (project / "keeper-password").write_text(KEEPER_PASSWORD + "\n")
    (project / "ktx.yaml").write_text(
        "# ours\nproject: depot\nconnections:\n"
        f"  depot: {{driver: {made.driver}, {made.settings}, readonly: true}}\n"
    )
    return made


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def sources_of(project: Path, connection: str) -> set[str]:
    """The names of the files of its sources."""
    return {path.stem for path in (project / "semantic-layer" / connection).glob("*.yaml")}


def test_only_the_schemas_of_the_options_are_read(ready: Ktx, depot: Depot, project: Path) -> None:
    """They are in ktx.yaml then, and queries find the tables."""
    options = ["--database-connection-id", "depot"]
    for schema in ("sales", "hr"):
        options += ["--database-schema", schema]
    scripted(ready, project, "--existing", *options)
    assert sources_of(project, "depot") == {"invoices", "staff"}
    text = (project / "ktx.yaml").read_text()
    assert text.startswith("# ours\n")
    assert "schemas: [sales, hr]" in text
    query = [
        "sl",
        "query",
        "--measure",
        "invoices.total_amount",
        "--measure",
        "staff.record_count",
    ]
    answer = ready.json(*query[:4], "--execute", "--format", "json", "--project-dir", str(project))
    assert answer["rows"] == [[None]]


def test_schemas_are_picked_on_a_terminal(ready: Ktx, depot: Depot, project: Path) -> None:
    """At least one; Esc goes back to them; only theirs are offered and read."""
    with Person(ready, "setup", folder=project) as person:
        person.answers("Which connections shall be used?")
        person.sees(f"? {depot.mark} of depot to read")
        for schema in SCHEMAS:
            person.sees(schema)
        # All on, then all off.
        person.types("aa")
        person.types(ENTER)
        person.sees("choose at least 1")
        pick(person, "hr")
        person.types(ENTER)
        person.sees("? Tables of depot")
        assert "invoices" not in person.sees("hr.staff")
        person.types(ESCAPE)
        person.sees(f"? {depot.mark} of depot to read")
        pick(person, "sales")
        person.types(ENTER)
        person.sees("? Tables of depot")
        person.sees("hr.staff")
        assert "boxes" not in person.sees("sales.invoices")
        person.types(ENTER)
        person.answers("Search the sources by meaning")
        person.answers("Which agents")
        assert person.ends() == 0, person.text()
    assert "schemas: [hr, sales]" in (project / "ktx.yaml").read_text()
    assert sources_of(project, "depot") == {"invoices", "staff"}


def pick(person: Person, choice: str) -> None:
    """Puts the pointer on a choice, and turns it on."""
    for _ in range(20):
        screen = person.text()
        if f"> [ ] {choice}\n" in screen:
            person.types(" ")
            person.sees(f"> [x] {choice}")
            return
        here = next(line for line in screen.splitlines() if line.startswith("> ["))
        person.types(DOWN)
        person.sees_not(here)
    raise AssertionError(f"no {choice!r} to pick:\n{person.text()}")


def test_a_schema_that_is_not_there(ready: Ktx, depot: Depot, project: Path) -> None:
    """One error with those that are."""
    error = ready.fails(
        *["setup", "--no-input", "--project-dir", str(project), "--existing"],
        *["--database-connection-id", "depot", "--database-schema", "sale"],
    )
    assert "no schema 'sale'" in error
    assert "sales" in error
    assert KEEPER_PASSWORD not in error


def test_connections_by_keys_are_tried_and_read(ready: Ktx, shop: Path) -> None:
    """Those of a network are written without a url; each says its server."""
    for connection in ("pg", "my", "duck"):
        shutil.rmtree(shop / "semantic-layer" / connection)
        result = ready.run(
            *["setup", "--no-input", "--project-dir", str(shop), "--existing"],
            *["--database-connection-id", connection],
        )
        assert result.returncode == 0, result.stderr
        assert f"Connected to {connection}: " in result.stderr
        assert PASSWORD not in result.stdout + result.stderr
        assert "orders" in sources_of(shop, connection)
        words = [
            "sl",
            "query",
            "--connection-id",
            connection,
            "--measure",
            "orders.total_amount",
        ]
        answer = ready.json(*words, "--execute", "--format", "json", "--project-dir", str(shop))
        assert answer["rows"] == [[60]]


def test_a_server_that_is_down_fails_a_script(ready: Ktx, project: Path) -> None:
    """Exit code 1, the database's words and what to do; the connection is kept for the next run."""
    error = ready.fails(
        *["setup", "--new", "--no-input", "--project-dir", str(project)],
        *[
            "--database",
            "postgres",
            "--database-url",
            "postgresql://reader@127.0.0.1:9/shop",
        ],
    )
    assert "127.0.0.1" in error
    assert "Fix: " in error
    assert "warehouse:" in (project / "ktx.yaml").read_text()
    assert not (project / "semantic-layer" / "warehouse").exists()


def to_the_address(person: Person) -> None:
    """Up to the question for the address of PostgreSQL."""
    person.answers("Name of the project")
    person.answers("Which database?", "3" + ENTER)


@pytest.fixture
def lost(ready: Ktx, project: Path, servers: Servers) -> Iterator[Person]:
    """A person whose connection does not work, at the question what now; PGHOST is nowhere set."""
    ready.extra["SHOP_URL"] = f"postgresql:///postgres?host={servers.postgres}&user=postgres"
    ready.extra["WRONG_URL"] = f"postgresql://u:{PASSWORD}@127.0.0.1:9/shop"
    with Person(ready, "setup", "--new", "--project-dir", str(project), folder=project) as person:
        to_the_address(person)
        person.answers("Address of the database", "env:WRONG_URL" + ENTER)
        person.answers("Name of the connection")
        person.sees("? The connection warehouse does not work. What now?")
        assert "Fix: " in person.text()
        yield person
    assert PASSWORD.encode() not in person.raw


def test_wrong_answers_can_be_changed(lost: Person, project: Path) -> None:
    """The text is there to be changed; then it works."""
    lost.types(ENTER)
    lost.answers("Address of the database", "\x17env:SHOP_URL" + ENTER)
    lost.answers("Name of the connection")
    lost.sees("Connected to warehouse: PostgreSQL ")
    lost.answers("Tables of warehouse")
    lost.answers("Search the sources by meaning", CTRL_C)
    assert lost.ends() == 130
    assert "url: env:SHOP_URL" in (project / "ktx.yaml").read_text()
    assert sources_of(project, "warehouse") == {"orders"}


def test_a_person_can_mend_it_and_try_again(lost: Person, project: Path) -> None:
    """ktx.yaml is read anew."""
    config = project / "ktx.yaml"
    config.write_text(config.read_text().replace("env:WRONG_URL", "env:SHOP_URL"))
    lost.types("2" + ENTER)
    lost.sees("Connected to warehouse: PostgreSQL ")
    lost.answers("Tables of warehouse", CTRL_C)
    assert lost.ends() == 130


def test_it_can_be_kept(lost: Person, ready: Ktx, project: Path) -> None:
    """The rest goes on; the next run tries it again."""
    lost.types("3" + ENTER)
    lost.answers("Search the sources by meaning")
    lost.answers("Which agents")
    assert lost.ends() == 0, lost.text()
    assert "Sources            not set up" in lost.text()
    with Person(ready, "setup", "--project-dir", str(project), folder=project) as person:
        person.sees("? The connection warehouse does not work. What now?")
        person.types(CTRL_C)
        assert person.ends() == 130


def test_setup_can_be_left(lost: Person, project: Path) -> None:
    """The error is the command's; what is done is kept."""
    lost.types("4" + ENTER)
    assert lost.ends() == 1
    # On narrow terminals the command has a line of its own.
    assert "Go on with: ktx setup" in " ".join(lost.text().split())
    assert "warehouse:" in (project / "ktx.yaml").read_text()


def test_escape_leads_to_the_answers(lost: Person) -> None:
    """To the last question about the connection, and to those before."""
    lost.types(ESCAPE)
    lost.answers("Name of the connection", ESCAPE)
    lost.sees("? Address of the database")
    lost.sees("> env:WRONG_URL")
    lost.types(CTRL_C)
    assert lost.ends() == 130


def test_going_back_through_steps_that_are_done(ready: Ktx, project: Path) -> None:
    """Into the tables and the connection; what they led to is made anew, and nothing else stays."""
    make_shop(project)
    shutil.copy(project / "shop.db", project / "other.db")
    with Person(ready, "setup", "--new", "--project-dir", str(project), folder=project) as person:
        person.answers("Name of the project")
        person.answers("Which database?")
        person.answers("Database file", "shop.db" + ENTER)
        person.answers("Name of the connection")
        person.answers("Tables of warehouse")
        person.answers("Search the sources by meaning")
        person.answers("Which agents", ESCAPE)
        person.answers("Search the sources by meaning", "\x1b[Z")  # Shift-Tab
        person.answers("Tables of warehouse", " " + ENTER)
        # What is done is not asked on the way forward.
        screen = person.answers("Which agents", ESCAPE)
        assert "1 of 1 tables are new" in screen
        person.answers("Search the sources by meaning", ESCAPE)
        person.sees("? Tables of warehouse")
        person.sees("[ ] customers")
        person.sees("[x] orders")
        person.types(ESCAPE)
        person.answers("Name of the connection", "main" + ENTER)
        person.answers("Tables of main", ESCAPE)
        person.answers("Name of the connection", ESCAPE)
        person.answers("Database file", "\x15other.db" + ENTER)
        person.answers("Name of the connection")
        person.answers("Tables of main")
        person.answers("Which agents")
        assert person.ends() == 0, person.text()
    config = (project / "ktx.yaml").read_text()
    assert "warehouse" not in config
    assert "path: other.db" in config
    assert sources_of(project, "main") == {"customers", "orders"}
    assert not (project / "semantic-layer" / "warehouse").exists()


def test_a_wrong_password(ready: Ktx, project: Path, servers: Servers) -> None:
    """The server's words, without the password; the right one in the same file helps."""
    url = project / "address"
    address = f"mysql://reader:%s@localhost/shop?unix_socket={servers.mariadb}"
    url.write_text(address % f"wrong-{PASSWORD}")
    with Person(ready, "setup", "--new", "--project-dir", str(project), folder=project) as person:
        person.answers("Name of the project")
        person.answers("Which database?", "4" + ENTER)
        person.answers("Address of the database", f"file:{url}" + ENTER)
        person.answers("Name of the connection")
        person.sees("denied")
        url.write_text(address % PASSWORD)
        person.answers("The connection warehouse does not work", "2" + ENTER)
        person.sees("Connected to warehouse: MySQL or MariaDB ")
        person.answers("Tables of warehouse", CTRL_C)
        assert person.ends() == 130
    assert PASSWORD.encode() not in person.raw
