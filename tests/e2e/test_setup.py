"""`ktx setup` as a person at a terminal meets it, and as a script runs it."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from golden import GOLDEN, expect_text
from harness import Ktx
from person import CTRL_C, CTRL_D, DOWN, ENTER, ESCAPE, UP, Person

SCREENS = GOLDEN / "setup" / "first_run.txt"

SHOP = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, joined DATE);
CREATE TABLE orders (
  id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id),
  amount NUMERIC NOT NULL, paid BOOLEAN NOT NULL, created_at TIMESTAMP NOT NULL);
INSERT INTO customers VALUES (1, 'Ada', '2026-01-01'), (2, 'Bob', '2026-02-01');
INSERT INTO orders VALUES (1, 1, 20, 1, '2026-03-01'), (2, 1, 30, 1, '2026-03-02'),
  (3, 2, 10, 0, '2026-03-03');
"""

# What a first run asks, in this order.
QUESTIONS = [
    "Folder of the project",
    "Name of the project",
    "Which database?",
    "Database file",
    "Name of the connection",
    "Tables of warehouse",
    "Search the sources by meaning",
    "Which agents",
]


def make_shop(folder: Path) -> Path:
    """A folder with a SQLite database, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(folder / "shop.db") as database:
        database.executescript(SHOP)
    database.close()
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Where a new user begins."""
    return make_shop(tmp_path / "shop")


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path has the same length everywhere."""
    with tempfile.TemporaryDirectory(prefix="ktx-", dir="/tmp") as folder:
        yield make_shop(Path(folder) / "shop")


def scripted(user: Ktx, folder: Path, *more: str) -> str:
    """Sets up without questions."""
    return user.ok("setup", "--project-dir", str(folder), "--no-input", *more)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of the project but git's and the locks, which name their last holder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git/" not in str(path) and path.suffix != ".lock"
    }


def test_a_first_run_from_nothing_to_an_answer(ready: Ktx, short: Path) -> None:
    """Each screen of it is kept; what it made can be asked at once."""
    screens = []
    with Person(ready, "setup", folder=short) as person:
        screens.append(person.answers("Folder of the project"))
        screens.append(person.answers("Name of the project", "acme" + ENTER))
        screens.append(person.answers("Which database?", DOWN + UP + ENTER))
        screens.append(person.answers("Database file"))
        screens.append(person.answers("Name of the connection"))
        screens.append(person.answers("Tables of warehouse"))
        screens.append(person.answers("Search the sources by meaning"))
        person.sees("? Which agents")
        person.types(" jj ")
        screens.append(person.sees("[x] Cursor"))
        person.types(ENTER)
        assert person.ends() == 0, person.text()
        screens.append(person.text())
    expect_text(
        SCREENS,
        ("-" * 90 + "\n").join(screens).replace(short.parent.name, "ktx-xxxxxxxx"),
    )
    answer = ready.json(
        *[
            "sl",
            "query",
            "--measure",
            "orders.total_amount",
            "--dimension",
            "customers.name",
        ],
        *["--execute", "--format", "json", "--project-dir", str(short)],
    )
    assert sorted(answer["rows"]) == [["Ada", 50], ["Bob", 10]]
    assert ready.run("sl", "validate", "--project-dir", str(short)).returncode == 0
    assert (short / ".claude/skills/ktx/SKILL.md").exists()
    assert (short / ".cursor/rules/ktx.mdc").exists()
    log = subprocess.run(
        ["git", "log", "--format=%an <%ae> %s"],
        cwd=short,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert log[-1] == "ktx <ktx@example.com> Set up the ktx project acme"
    state = subprocess.run(
        ["git", "status", "--porcelain"],
        cwd=short,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert state == "?? shop.db\n"


def test_the_second_run_asks_nothing_and_changes_nothing(
    ready: Ktx, shop: Path
) -> None:
    """When everything is done, it says so."""
    with Person(ready, "setup", folder=shop) as person:
        for question in QUESTIONS:
            person.answers(question)
        assert person.ends() == 0
    before = files_of(shop)
    with Person(ready, "setup", folder=shop) as person:
        assert person.ends() == 0
        assert "? " not in person.text()
        assert "Sources            2 sources" in person.text()
    assert files_of(shop) == before


@pytest.mark.parametrize("asked", range(len(QUESTIONS)))
def test_ctrl_c_at_any_question_keeps_what_is_done(
    ready: Ktx, shop: Path, asked: int
) -> None:
    """130, the terminal as it was, a valid project; the next run goes on with what was not answered."""
    with Person(ready, "setup", folder=shop) as person:
        for question in QUESTIONS[:asked]:
            person.answers(question)
        person.answers(QUESTIONS[asked], CTRL_C)
        assert person.ends() == 130, person.text()
    if asked < 2:
        assert not (shop / "ktx.yaml").exists()
        return
    assert (
        ready.json("setup", "status", "--json", "--project-dir", str(shop))["project"][
            "name"
        ]
        == "shop"
    )
    assert not list(shop.glob("ktx.yaml.*"))
    # The questions about a connection are one step, which begins anew.
    left = QUESTIONS[2:] if asked < 5 else QUESTIONS[asked:]
    with Person(ready, "setup", folder=shop) as person:
        for question in left:
            person.answers(question)
        assert person.ends() == 0, person.text()
    steps = ready.json("setup", "status", "--json", "--project-dir", str(shop))["steps"]
    assert {step["id"] for step in steps if not step["done"]} == {"llm"}


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_leaves_the_terminal_as_it_was(
    ready: Ktx, shop: Path, number: signal.Signals, code: int
) -> None:
    """As Ctrl-C does."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop
    ) as person:
        person.answers("Name of the project")
        person.sees("? Which database?")
        person.gets(number)
        assert person.ends() == code


def test_ctrl_d_cancels(ready: Ktx, shop: Path) -> None:
    """With the way to go on."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", CTRL_D)
        assert person.ends() == 130
        assert "Go on with: ktx setup" in person.text()


def test_escape_goes_back(ready: Ktx, shop: Path) -> None:
    """To the question before, with the answer that was given there; from the first there is no way back."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", ESCAPE)
        person.answers("Which database?", "4" + ENTER)
        person.answers("Address of the database", ESCAPE)
        screen = person.answers("Which database?", UP)
        assert "> MySQL" in screen
        person.sees("> PostgreSQL")
        person.types("1" + ENTER)
        person.answers("Database file", "nothing.db" + ENTER)
        person.sees("There is no such file")
        person.types("\x15shop.db" + ENTER)
        person.answers("Name of the connection", "no spaces" + ENTER)
        person.sees("Use letters, digits, _ and -")
        person.types("\x15main" + ENTER)
        person.answers("Tables of main", ESCAPE)
        person.sees("Which database")
        person.types(CTRL_C)
        assert person.ends() == 130


def test_a_narrow_terminal(ready: Ktx, shop: Path) -> None:
    """40 columns: no line wraps, and each key draws in the same place."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop, columns=40
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", DOWN * 25)
        screen = person.sees("> MySQL")
        assert screen.count("Which database?") == 1
        person.types(ENTER)
        person.answers("Address of the database", "mysql://db.example.com/" + "x" * 60)
        screen = person.sees("x" * 30)
        assert screen.count("Address of the database") == 1
        person.types(CTRL_C)
        assert person.ends() == 130


def test_a_low_terminal_shows_a_part_of_a_long_list(ready: Ktx, shop: Path) -> None:
    """Eight lines for eleven choices: the list moves under the pointer."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop, rows=8
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", UP)
        screen = person.sees("> None for now")
        assert "more)" in screen
        person.types(CTRL_C)
        assert person.ends() == 130


def test_no_color(ready: Ktx, shop: Path) -> None:
    """Neither bold nor colour; the keys work the same."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop, NO_COLOR="1"
    ) as person:
        person.answers("Name of the project")
        person.answers("Which database?", CTRL_C)
        assert person.ends() == 130
        assert not re.search(rb"\x1b\[[0-9;]*m", person.raw)


def test_a_dumb_terminal_is_asked_line_by_line(ready: Ktx, shop: Path) -> None:
    """No sequence at all; numbers choose, and `<` goes back."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop, TERM="dumb"
    ) as person:
        person.sees("Name of the project [shop]")
        person.types("\n")
        person.sees("Number, or < to go back [1]")
        person.types("12\n")
        person.sees("Type a number from 1 to 11")
        person.types("1\n")
        person.sees("Database file [shop.db]")
        person.types("\n")
        person.sees("Name of the connection [warehouse]")
        person.types("\n")
        person.sees("Numbers such as 1,3, none, or < to go back [1,2]")
        person.types("2\n")
        person.sees("Number, or < to go back [2]")
        person.types("\n")
        person.sees("Which agents")
        person.types("none\n")
        assert person.ends() == 0, person.text()
        assert b"\x1b" not in person.raw
    assert [path.name for path in (shop / "semantic-layer/warehouse").iterdir()] == [
        "orders.yaml"
    ]


def test_bare_ktx_starts_setup_outside_a_project_only(ready: Ktx, shop: Path) -> None:
    """Inside one it prints help."""
    with Person(ready, folder=shop) as person:
        person.answers("Folder of the project", CTRL_C)
        assert person.ends() == 130
    scripted(ready, shop, "--new")
    with Person(ready, folder=shop, rows=60) as person:
        assert person.ends() == 0
        assert "Exit codes:" in person.text()


ADDRESSES = {
    "postgres": "env:DATABASE_URL",
    "mysql": "mysql://reader@db.example.com/shop",
    "snowflake": "env:SNOWFLAKE_URL",
    "bigquery": "env:BIGQUERY_URL",
    "clickhouse": "file:/run/secrets/clickhouse",
    "sqlserver": "env:SQLSERVER_URL",
    "databricks": "env:DATABRICKS_URL",
    "trino": "trino://reader@trino.example.com/hive/sales",
}


@pytest.mark.parametrize("driver", ADDRESSES)
def test_a_script_writes_the_connection_of_each_driver(
    fresh: Ktx, tmp_path: Path, driver: str
) -> None:
    """Exactly what is in ktx.yaml then; no runtime is needed, and none is installed."""
    folder = tmp_path / "project"
    arguments = [
        "--database",
        driver,
        "--database-url",
        ADDRESSES[driver],
        "--database-schema",
        "sales",
    ]
    scripted(fresh, folder, "--new", *arguments, "--new-database-connection-id", "wh")
    text = (folder / "ktx.yaml").read_text()
    address = ADDRESSES[driver]
    assert f"  wh:\n    driver: {driver}\n" in text
    assert address in text
    assert "readonly: true" in text
    assert "schemas: [sales]" in text
    listed = fresh.json("setup", "status", "--json", "--project-dir", str(folder))
    assert {step["id"]: step["done"] for step in listed["steps"]}["databases"]
    assert not fresh.runtime_root.exists()


def test_a_script_with_sqlite_can_ask_at_once(ready: Ktx, shop: Path) -> None:
    """The same result as with questions."""
    out = scripted(
        ready,
        shop,
        "--new",
        "--database",
        "sqlite",
        "--database-url",
        str(shop / "shop.db"),
    )
    assert "path: shop.db" in (shop / "ktx.yaml").read_text()
    command = next(line for line in out.splitlines() if " sl query " in line)
    binary = f"PATH={ready.binary.parent}:$PATH"
    asked = subprocess.run(
        ["/bin/sh", "-c", f"{binary}; {command}"],
        env=ready.environment(),
        cwd=shop,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    before = files_of(shop)
    scripted(ready, shop)
    assert files_of(shop) == before


def test_models_are_written_as_references(fresh: Ktx, tmp_path: Path) -> None:
    """Never the key; and a key in the place of a variable's name is refused before anything is written."""
    folder = tmp_path / "project"
    key = "sk-ant-1234-secret"
    error = fresh.fails(
        *[
            "setup",
            "--new",
            "--no-input",
            "--project-dir",
            str(folder),
            "--anthropic-api-key-env",
            key,
        ],
        code=2,
    )
    assert "takes the name of a variable" in error
    assert not folder.exists()
    scripted(
        *[
            fresh,
            folder,
            "--new",
            "--anthropic-api-key-env",
            "ANTHROPIC_API_KEY",
            "--anthropic-model",
            "m",
        ],
        *["--embedding-backend", "none"],
    )
    assert (folder / "ktx.yaml").read_text() == (
        "project: project\nsetup:\n  completed_steps: [project, llm, embeddings]\n"
        "llm:\n  provider:\n    backend: anthropic\n    anthropic:\n"
        "      api_key: env:ANTHROPIC_API_KEY\n  models:\n    default: m\n"
        "embeddings:\n  backend: none\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--source", "dbt"], 1, "--source is not supported in this version"),
        (["--enable-historic-sql"], 1, "--enable-historic-sql is not supported"),
        (["--notion-root-page-id", "x"], 1, "--notion-root-page-id is not supported"),
        (["--metabase-database-id", "1"], 1, "--metabase-database-id is not supported"),
        (
            ["--agent-install-mode", "mcp"],
            1,
            "--agent-install-mode mcp is not supported",
        ),
        (["--no-such-option"], 2, "--no-such-option"),
        (["--new", "--existing"], 2, "--new and --existing"),
        (["--database", "oracle"], 2, "oracle"),
        (
            ["--database", "postgres", "--database-url", "postgres://u:p4ss@h/d"],
            2,
            "has a password",
        ),
        (["--database-url", "x"], 2, "--database-url needs --database"),
        (["--existing"], 1, "No ktx.yaml in"),
        ([], 1, "No ktx.yaml in"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    fresh: Ktx, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    """One error, and no folder."""
    folder = tmp_path / "project"
    error = fresh.fails(
        "setup", "--no-input", "--project-dir", str(folder), *arguments, code=code
    )
    assert words in error
    assert "p4ss" not in error
    assert not folder.exists()


def test_an_existing_project_keeps_every_byte(ready: Ktx, shop: Path) -> None:
    """Comments, order and quotes stay; a source that somebody wrote is not replaced."""
    text = (
        "# our warehouse\nproject: 'acme'   # do not rename\nconnections:\n"
        '  main: {driver: sqlite, path: "shop.db", readonly: true}\n'
        "scan:\n  enrichment: {mode: none}\n"
    )
    (shop / "ktx.yaml").write_text(text)
    sources = shop / "semantic-layer" / "main"
    sources.mkdir(parents=True)
    written = "name: orders\ntable: orders\ngrain: [id]\ncolumns: [{name: id, type: number}]\n"
    (sources / "mine.yaml").write_text(written)
    scripted(ready, shop, "--existing", "--database-connection-id", "main")
    assert (shop / "ktx.yaml").read_text().startswith(text)
    assert (sources / "mine.yaml").read_text() == written
    assert list(sources.iterdir()) == [sources / "mine.yaml"]


def test_two_setups_at_once(ready: Ktx, shop: Path) -> None:
    """The second says who is at work, and changes nothing."""
    with Person(
        ready, "setup", "--new", "--project-dir", str(shop), folder=shop
    ) as person:
        person.answers("Name of the project")
        person.sees("? Which database?")
        before = files_of(shop)
        error = ready.fails(
            "setup",
            "--no-input",
            "--project-dir",
            str(shop),
            "--embedding-backend",
            "none",
        )
        assert (
            f"Another ktx setup is at work in {shop} (process {person.process.pid})"
            in error
        )
        assert files_of(shop) == before
        person.types(CTRL_C)
        assert person.ends() == 130


@pytest.mark.parametrize(
    ("options", "reason"), [("ro", "Read-only"), ("nr_inodes=2", "No space")]
)
def test_a_disk_that_takes_nothing(
    fresh: Ktx, tmp_path: Path, options: str, reason: str
) -> None:
    """An error that says which path and why; `ktx.yaml` is the last to be made."""
    place = tmp_path / "disk"
    place.mkdir()
    script = f'mount -t tmpfs -o {options} tmpfs "$1" && "$2" setup --new --no-input --project-dir "$1/p"; '
    script += 'code=$?; test -e "$1/p/ktx.yaml" && echo left; exit $code'
    result = subprocess.run(
        [
            "unshare",
            "--mount",
            "/bin/sh",
            "-c",
            script,
            "sh",
            str(place),
            str(fresh.binary),
        ],
        env=fresh.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    assert reason in result.stderr
    assert str(place) in result.stderr
    assert "left" not in result.stdout


def test_agents_keep_what_others_wrote(fresh: Ktx, shop: Path) -> None:
    """Ours stands between its marks, is written anew there, and nothing else is touched."""
    scripted(fresh, shop, "--new")
    ours = shop / "AGENTS.md"
    ours.write_text("# House rules\n\nBe kind.\n")
    scripted(fresh, shop, "--agents", "--target", "codex", "--target", "universal")
    text = ours.read_text()
    assert text.startswith("# House rules\n\nBe kind.\n\n<!-- ktx:agent -->\n")
    assert text.count("<!-- ktx:agent -->") == 1
    ours.write_text(text.replace("use ktx", "use something older") + "\n## After\n")
    scripted(fresh, shop, "--agents", "--target", "codex")
    assert ours.read_text() == text + "\n## After\n"
    before = ours.stat().st_mtime_ns
    scripted(fresh, shop, "--agents", "--target", "codex")
    assert ours.stat().st_mtime_ns == before
    scripted(fresh, shop, "--agents", "--target", "opencode", "--global")
    skill = fresh.home / ".config/opencode/skills/ktx/SKILL.md"
    assert skill.read_text().startswith("---\nname: ktx\n")
    assert "reads no file" in fresh.fails(
        *["setup", "--project-dir", str(shop), "--no-input", "--agents"],
        *["--target", "cursor", "--global"],
    )
